"""Paths as diff headers write them: quoted, dated, with prefixes."""

from __future__ import annotations

import re

DEV_NULL = "/dev/null"

_QUOTED = re.compile(rb'"((?:[^"\\]|\\.)*)"')
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
_LETTERS = {b"a": b"\a", b"b": b"\b", b"t": b"\t", b"n": b"\n", b"v": b"\v", b"f": b"\f", b"r": b"\r"}
_DATE = re.compile(rb"[ \t]+(?:\d{4}-\d\d-\d\d|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) [A-Z][a-z]{2} )[^\n]*$")
_REMARK = re.compile(
    rb"[ \t]+\((?:old|new|original|modified|before|after|current|updated|fixed|revision \d+|working copy)\)$",
    re.IGNORECASE,
)


def path_of(raw: bytes) -> str | None:
    """The path in what follows ``---`` or ``+++``: without quotes, date or remark; ``None`` when it is
    empty."""
    raw = raw.strip(b" \r")
    quoted = _QUOTED.match(raw)
    if quoted:
        return decode(_ESCAPE.sub(_unescape, quoted[1])) or None
    raw = raw.split(b"\t", 1)[0]
    raw = _REMARK.sub(b"", _DATE.sub(b"", raw)).strip(b" `*'")
    return decode(raw) or None


def git_names(raw: bytes) -> tuple[str | None, str | None]:
    """The two paths of a ``diff --git`` line, given what follows these words."""
    raw = raw.strip(b" \r")
    quoted = _QUOTED.match(raw)
    if quoted:
        return path_of(quoted[0]), path_of(raw[quoted.end() :])
    if raw.endswith(b'"'):
        first, _, second = raw.partition(b' "')
        return path_of(first), path_of(b'"' + second)
    # Names with blanks can only be told apart where both are the same, as git itself has it.
    middle = len(raw) // 2
    if len(raw) % 2 and raw[middle : middle + 1] == b" ":
        first, second = raw[:middle], raw[middle + 1 :]
        if first.split(b"/", 1)[1:] == second.split(b"/", 1)[1:] or first == second:
            return path_of(first), path_of(second)
    parts = raw.split(b" ")
    return (path_of(parts[0]), path_of(parts[1])) if len(parts) == 2 else (None, None)


def decode(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")


def _unescape(match: re.Match[bytes]) -> bytes:
    code = match[1]
    if code.isdigit():
        return bytes([int(code, 8) & 255])
    return _LETTERS.get(code, code)
