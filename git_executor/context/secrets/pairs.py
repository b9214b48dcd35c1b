"""A telling name, a separator, a value: env, JSON, YAML, INI, HCL, query strings, headers, flags, prose.

The scan goes from one name to the next; the name is judged by ``names`` (remembered, since names repeat), the value
is cut out by the grammar around it and then must not be a reference, a word of a message, or something public.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from git_executor.context.secrets.around import pieces
from git_executor.context.secrets.names import Telling, is_ordinary_before, judge, next_stem
from git_executor.context.secrets.span import Span, line_start
from git_executor.context.secrets.values import (
    decoded,
    is_digest,
    is_prose,
    is_public,
    is_reference,
    looks_made,
    looks_odd,
    looks_random,
)
from git_executor.lazy import lazy

_PAIR = lazy(
    r"""
    (?<![\w-])(?P<flag>--?)?(?P<name>[A-Za-z_][\w.\-]{0,95})   # the name
    (?P<close>\\?["'\]]{1,2}|%22)?                              # of a quoted name
    (?:\[[\w"' -]{0,40}\])?                                    # name[0], name["x"]
    (?P<sep>(?:[ \t]{1,2}(?:\#?[0-9]{1,3}|\([^()\n]{0,40}\)))?[ \t]{0,40}
      (?:===?|!==?|:=|=>|->|=~?|::?(?=[-\s"'\\\[{(]|[^\s:])|%3[DdAa])-?[ \t]{0,40}
      |[ \t]{1,4}(?:is|was|are|to|as|of)[ \t]{0,2}:?[ \t]{1,4}(?=\S)
      |[ \t]{1,40}[|│][ \t]{1,40}(?=\S)
      |,[ \t](?=\S)
      |[ \t]{1,40}(?=\S)
    )
    """,
    re.VERBOSE,
)
_QUOTED = lazy(r"""(?P<mark>\\?["'`]|%22)(?P<v>(?:(?!(?P=mark))(?:\\.|[^\\\n])){0,4096})""", re.DOTALL)
_BARE = lazy(r"[^\s\"'<>`]{1,4096}")
_REST = lazy(r"[^\n]{0,4096}")
_CUT = lazy(
    r"#(?=\w{1,64}=)|[,;&|](?=$|[\"'\[{(&|]|[\w.\-]{1,64}\s{0,3}[=:])|\\n|\\r|\\t|%26|%22|\)(?=[,;:]?$)|\}\}?(?=[,;]?$)|\](?=[,;]?$)"
)
_LINE_START = lazy(
    r"(?:\s*|\s*[-+>#*|]+\s+|\s*(?:export|set|setenv|declare(?: -\w+)?|local|readonly|ENV|ARG|env)\s+)[\"']?\Z"
)
_ARROW = lazy(r"[\"'][ \t]*(?:->|=>|→)[ \t]*[\"'](?P<v>[^\"'\n]{3,400})")
_RUNS_ON = lazy(r"[a-z]{2,}[ \t]+[a-z]")
_WORDY = lazy(r"[\w-]+(?: [\w-]+){2,23}[ \t]*\Z")
_ONLY = lazy(r"(?P<v>\S{1,4096})[ \t]*[|│]?[ \t]*(?=\n|\Z)")
_COMMENT = lazy(r"\s+#.*\Z")
_WORD_BEFORE = lazy(r"(?<![\w-])([A-Za-z]{2,20}) \Z")
_PLAIN = lazy(r"[\w.+/=~@!#$%^&*-]+\Z")
_WORDS_AND_NUMBER = lazy(r"(?:[A-Za-z]{3,20}[-_.]){2,5}[0-9]{2,6}\Z")
_QUOTE_WITHIN = lazy(r"'(?:\\''|')[^'\n]{1,400}(?=')")  # a quote in a text of a shell, or of SQL
_HEX_KEY = lazy(r"(?:[0-9a-f]{32}|[0-9a-f]{48}|[0-9a-f]{64})[.,;]?\Z")
_CONSTANT = lazy(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\Z|<?(?i:your|my|some|insert|enter|the)[-_][\w-]{1,40}>?\Z")
_LOCATION = lazy(r"[a-z0-9-]+(?:/[\w.:-]+)+\Z")  # of a secret in a store
_TAG = lazy(r"(?:(?:!![a-z]+|!unsafe|&[\w-]+)[ \t]{1,2}(?=\S)|(?:[rbfu]|Some\(|String\()(?=[\"']))")


_SECOND_WORDS = ("phrase", "codes", "key", "keys", "token")


def judge_with_word_before(text: str, at: int, name: str) -> tuple[Telling, str]:
    """The judgement of ``name``, where the word before it may say more: ``Unseal Key``, ``public key``."""
    before = _WORD_BEFORE.search(text, max(0, at - 24), at)
    if before is None or name.lower() not in _SECOND_WORDS:
        return judge(name)
    if is_ordinary_before(before.group(1)):
        return Telling.NO, ""
    return max(judge(name), judge(f"{before.group(1)}_{name}"))


def in_pairs(text: str, lowered: str, telling: Sequence[int]) -> Iterator[Span]:
    """Values that stand beside a telling name on the same line."""
    for start, stop in pieces(lowered, telling):
        yield from _pairs(text, lowered, start, stop)


def _pairs(text: str, lowered: str, at: int, stop: int) -> Iterator[Span]:
    while (stem := next_stem(lowered, at, stop)) >= 0:
        begin = stem  # of the word that the stem is part of: nothing before it can be telling
        while begin > at and (text[begin - 1].isalnum() or text[begin - 1] in "_.-"):
            begin -= 1
        match = _PAIR.search(text, begin, stop)
        if match is None:
            return
        name, separator = match.group("name"), match.group("sep")
        telling, kind = judge(name)
        at = match.end("name")
        if telling is Telling.WEAK or name.lower() in _SECOND_WORDS:
            telling, kind = judge_with_word_before(text, match.start(), name)
        if telling is Telling.NO:
            continue
        span = _value(text, match, telling, kind, separator)
        if span is not None:
            yield span
            at = max(at, span.end)
            if text[at : at + 1] in ('"', "'") and (arrow := _ARROW.match(text, at, at + 480)):
                yield Span(*arrow.span("v"), kind)


def _value(text: str, match: re.Match[str], telling: Telling, kind: str, separator: str) -> Span | None:
    start = match.end()
    if separator.startswith(",") and not match.group("flag"):
        return None
    before = text[match.start() - 1 : match.start()] if match.start() else ""
    if before in ('"', "'") and text[start : start + 1] == before and not match.group("close"):
        return None  # the end of a text that ends with the name: "Password: "
    spaced = not separator.strip(" \t|│,") or separator.strip(": ") in ("is", "was", "are", "to", "as", "of")
    tag = _TAG.match(text, start, start + 40)
    if tag is not None and not spaced:
        start = tag.end()
    if text[start : start + 1] in ("?", "+") and text[match.start() - 2 : match.start()] == "${":
        return None  # ${NAME:?message}
    spaced = spaced and not _aligned(text, match, telling, kind)
    quoted = _QUOTED.match(text, start, start + 4200)
    if quoted is not None and quoted.group("mark") == "`" and separator.strip() == "=":
        return None  # a command
    if quoted is not None:
        begin, end = quoted.span("v")
        while quoted.group("mark") == "'" and (more := _QUOTE_WITHIN.match(text, end)):
            end = more.end()
        return _judged(text, begin, end, telling, kind, spaced=spaced and not match.group("flag"), quoted=True)
    line_at = line_start(text, match.start())
    starts_line = _LINE_START.match(text, line_at, match.start()) is not None
    if starts_line and not spaced and not match.group("flag") and separator.strip() != "=>":
        rest = _REST.match(text, start)
        if rest is not None:
            body = _COMMENT.sub("", rest.group()).rstrip()
            whole = " " not in body or (telling is Telling.STRONG and separator.strip() == ":")
            if whole and body[:1] not in ("(", "[", "{"):
                body = body.rstrip(",") if text[match.end("name") : match.end("name") + 1] in "\"'" else body
                return _judged(text, start, start + len(body), telling, kind, spaced=False, quoted=False)
    bare = _BARE.match(text, start)
    if bare is None or (separator.startswith(",") and "=" in bare.group()):
        return None
    if match.group("flag") and not separator.strip() and bare.group().startswith("-"):  # the next flag
        return None
    value = bare.group()
    if value.endswith("=") and text[bare.end() : bare.end() + 1] in ('"', "'") and spaced:
        return None  # realm="..."
    if separator.strip(": ") in ("is", "was") and telling is Telling.STRONG and _HEX_KEY.match(value):
        spaced = False  # "Your API key is ..."
    if separator.rstrip().endswith("-"):  # ${NAME:-default}
        value = value.partition("}")[0]
    cut = _CUT.search(value)
    end = start + (cut.start() if cut else len(value))
    while end > start + 1 and text[end - 1] in ",;.)":
        end -= 1
    if match.group("name").lower().endswith("phrase") and separator.strip() in (":", "="):
        line = _REST.match(text, start)
        if line is not None and _WORDY.match(line.group()):
            return _judged(text, start, line.end(), telling, kind, spaced=False, quoted=False)
    if _RUNS_ON.match(text, start) and not match.group("flag") and separator.strip() in (":", ""):
        return None  # a message that goes on
    flagged = bool(match.group("flag")) and len(match.group("flag")) == 2
    return _judged(text, start, end, telling, kind, spaced=spaced and not flagged, quoted=False)


def _aligned(text: str, match: re.Match[str], telling: Telling, kind: str) -> bool:
    """The blanks are a separator: ``password    x`` in a column, ``bindpw x`` as a directive."""
    line_at = line_start(text, match.start())
    if telling is not Telling.STRONG or text[line_at : match.start()].strip(" \t|│"):
        return False
    value = _ONLY.match(text, match.end())
    if value is None or (value.group().isupper() and value.group().isalpha()):
        return False
    return len(match.group("sep").expandtabs()) >= 2 or (
        (kind == "PASSWORD" or "_" in match.group("name")) and not value.group("v").isalpha()
    )


def _judged(text: str, start: int, end: int, telling: Telling, kind: str, *, spaced: bool, quoted: bool) -> Span | None:
    value = text[start:end].strip()
    if not is_secret_value(value, telling, kind, spaced=spaced, quoted=quoted):
        return None
    for scheme in ("Bearer ", "Basic ", "Token ", "bearer ", "basic ", "token "):
        if value.startswith(scheme):
            start += text[start:end].index(scheme) + len(scheme)
    return Span(start, end, kind)


def is_secret_value(
    value: str, telling: Telling, kind: str = "PASSWORD", *, spaced: bool = False, quoted: bool = False
) -> bool:
    """Whether ``value`` beside a name of that ``telling`` is a secret itself.

    ``spaced``: nothing but a blank or a verb stands between the two, as in prose, so the value must look made up.
    """
    if not any(c.isalnum() for c in value):
        return False
    if is_reference(value) or is_public(value) or value.lower() in ("true", "false", "null", "none", "nil", "~"):
        return False
    if _CONSTANT.match(value) and judge(value)[0] is not Telling.NO:  # YOUR_API_KEY, DB_PASSWORD: a name, no value
        return False
    if is_prose(value) and not (
        quoted and " " not in value and telling is Telling.STRONG and not spaced and len(value) > 9
    ):
        return False
    if spaced and telling is not Telling.STRONG:
        return False
    if (
        spaced
        and kind == "PASSWORD"
        and len(value) >= 8
        and re.search(r"[0-9]", value)
        and re.search(r"[A-Za-z]", value)
    ):
        return not is_digest(value)
    if spaced:
        return looks_random(value) or (
            (looks_made(value) or looks_odd(value)) and "-" not in value and not is_digest(value)
        )
    if kind == "SECRET" and _LOCATION.match(value) and not looks_random(value):
        return False
    if telling is Telling.WEAK and kind == "PASSWORD" and _WORDS_AND_NUMBER.match(value):
        return True
    if telling is Telling.WEAK and kind == "PASSWORD" and len(value) >= 6 and (looks_made(value) or looks_odd(value)):
        return " " not in value
    if telling is Telling.WEAK and value.isdigit():
        return kind == "PASSWORD" and 4 <= len(value) <= 12
    if telling is Telling.STRONG:
        return not value.isdigit() or len(value) > (3 if kind == "PASSWORD" else 7)
    return (
        looks_random(value)
        or bool(decoded(value) and len(value) >= 20)
        or (looks_made(value) and not is_digest(value) and len(value) >= 12 and _PLAIN.match(value) is not None)
    )
