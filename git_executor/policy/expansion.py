"""What a shell makes of a command's words before it runs them, as far as the text itself tells."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from fnmatch import fnmatchcase

from git_executor.lazy import lazy
from git_executor.policy.shell import Word

HIDDEN = "(hidden)"
"""Name of a command that is put together so that a reader cannot see it."""

_IFS = lazy(r"\$\{IFS[^}]*\}|\$IFS(?:\$\d)?(?![A-Za-z0-9_])")
_BRACES = lazy(r"([^{}$]{0,40})\{([^{}\s]{0,400},[^{}\s]{0,400})\}([^{}$]{0,40})")
_SAID = lazy(r"\$\((?:echo|printf)\s+(?:-[neE]+\s+)?((?:[\"']?%[sb](?:\\n)?[\"']?\s+)?[^|;&()<>`]{1,300})\)")
# Parts of a variable, a variable by its name, text from another program: nobody writes a command's name so.
_VEILED = lazy(
    r"\$\{!\w+\}|\$\{\w+:\s*-?\d+(?::\s*-?\d+)?\}|\$\{\w+(?:/{1,2}|\^|,|@)[^}]*\}.|.\$\{\w+(?:/{1,2}|\^|,|@)[^}]*\}|"
    r"\$\((?:[^)]*\|\s*)?(?:tr|rev|base64|base32|xxd|sed|awk|cut|head|tail|cat|od|hexdump|dd|curl|wget|openssl|perl|"
    r"python3?|printf|echo)\b"
)


def expand(words: Sequence[Word]) -> list[Word]:
    """The words after ``$IFS``, braces in the command's name and ``$(echo name)`` are taken out."""
    if not words:
        return []
    out: list[Word] = []
    for word in words:
        if "IFS" in word.text and not word.quoted:
            out += [_word(part, word) for part in _IFS.sub(" ", word.text).split()]
        else:
            out.append(word)
    first = out[0] if out else words[0]
    said = _SAID.match(first.text)
    if said and not re.search(r"\\[0-7xuU]", said[1]):
        parts = re.sub(r"^[\"']?%[sb](?:\\n)?[\"']?\s+", "", said[1]).replace('"', "").replace("'", "").split()
        rest = first.text[said.end() :]
        if parts and (not rest or re.fullmatch(r"\w+", rest)):
            parts[-1] += rest
            out[:1] = [_word(part, first) for part in parts]
    elif "{" in first.text and "," in first.text:
        found = _BRACES.fullmatch(first.text)
        if found:
            out[:1] = [_word(found[1] + part + found[3], first) for part in found[2].split(",") if part or found[1]]
    return out


def _word(text: str, like: Word) -> Word:
    return replace(like, text=text, plain="$" not in text)


def is_hidden(word: Word) -> bool:
    """Whether a command's name is veiled by an expansion or by a pattern of file names."""
    text = word.text[:400]
    if "$" in text and _VEILED.search(text):
        return True
    if re.search(r"[?*\[]", text) and re.fullmatch(r"(?:/[\w?*\[\]]+){2,4}", text):
        folders = text.split("/")[1:-1]
        return any(fnmatchcase(name, folder) for folder in folders for name in ("bin", "sbin"))
    return False


def printed(words: Sequence[str]) -> str:
    """What ``printf`` makes of its words, as far as ``%s`` and ``%b`` go."""
    words = [word for word in words if word != "--"]
    if not words:
        return ""
    form, rest = words[0], list(words[1:])
    if not re.search(r"%[sbq]", form):
        return " ".join(words)
    out = []
    while True:
        out.append(re.sub(r"%[-\d.]*[sbq]", lambda _: rest.pop(0) if rest else "", form))
        if not rest or len(out) > 50:
            return "".join(out)
