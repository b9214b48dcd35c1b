"""Characters that make a line mean something else than it shows."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from git_executor.lazy import lazy

_BIDI = lazy("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
# Zero-width, soft hyphen, fillers, variation selectors, tags, byte-order marks, line separators.
_INVISIBLE = lazy(
    "[\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200d\u2028\u2029\u2060-\u2064\u206a-\u206f\u3164\ufe00-\ufe0f\ufeff"
    "\uffa0\ufff9-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_BLANKS = lazy("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_CONTROL = lazy("[\x00-\x08\x0b-\x1f\x7f\x80-\x9f]")
_TOKEN = lazy(r"[^\W_](?:[\w./-]*[^\W_])?")
# Signs that pass for the quotes, dashes and slashes that a shell or a parser knows.
_SIGNS = lazy(
    "[\u2010-\u2015\u2212\u2044\u2215\u29f8\uff01-\uff5e\u2018\u2019\u201c\u201d\u02bc\u037e\ua789\u2236\u01c3]"
)
_QUOTED = lazy(r"\"[^\"]*\"|'[^']*'")


def judge_characters(line: str, crlf: bool, code: bool, comment: bool) -> Iterator[tuple[str, str]]:
    """(rule, message) for one added line. ``crlf``: the file's lines end so; ``code``: the text is run or parsed."""
    body = line[:-1] if crlf and line.endswith("\r") else line
    if body.isascii():
        if not body.isprintable() and (found := _CONTROL.search(body)):
            yield "hidden-character", f"a control character (U+{ord(found[0]):04X})"
        return
    for pattern, what in (
        (_BIDI, "a text direction mark"),
        (_CONTROL, "a control character"),
        (_INVISIBLE, "an invisible character"),
    ):
        found = pattern.search(body)
        if found and not (what.startswith("an inv") and _is_emoji(body, found.start())):
            yield "hidden-character", f"{what} (U+{ord(found[0]):04X})"
            return
    if any("\udc80" <= c <= "\udcff" for c in body):
        yield "hidden-character", "bytes that are no UTF-8"
        return
    if comment or not code:
        return
    body = re.sub(r"\s(?:#|//)\s.*$", "", body)  # what a comment says is nobody's command
    bare = _QUOTED.sub(lambda m: " " if " " in m[0] else m[0], body)
    blank = _BLANKS.search(bare)
    if blank:
        yield "lookalike-character", f"a blank that is none to a parser (U+{ord(blank[0]):04X})"
    sign = _SIGNS.search(bare)
    if sign:
        yield "lookalike-character", f"{sign[0]!r} (U+{ord(sign[0]):04X}) only looks like an ASCII sign"
    for token in _TOKEN.findall(body):
        if not token.isascii() and _mixed(token):
            yield "lookalike-character", f"{token!r} mixes letters of different scripts that look the same"
            return


def _is_emoji(text: str, at: int) -> bool:
    """A variation selector or joiner after a symbol is how emoji are written."""
    return (
        text[at] in "\ufe0e\ufe0f\u200d" and at > 0 and unicodedata.category(text[at - 1]) in ("So", "Sk", "Mn", "Po")
    )


def _mixed(token: str) -> bool:
    """Latin letters together with Greek or Cyrillic ones, or a word made of look-alikes alone."""
    scripts = {_script(c) for c in token if c.isalpha()}
    odd = scripts & {"CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "MATHEMATICAL", "FULLWIDTH"}
    return bool(odd) and (
        len(scripts) > 1 or bool(odd - {"CYRILLIC", "GREEK", "ARMENIAN"}) or bool(re.search(r"[/.\-]", token))
    )


def _script(c: str) -> str:
    return "LATIN" if c.isascii() else unicodedata.name(c, "?").partition(" ")[0]
