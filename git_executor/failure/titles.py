"""Titles: a line that announces trouble, whose reason stands below it.

``YAMLException:``, ``CMake Error at CMakeLists.txt:5 (find_package):``, a bare ``Illuminate\\Database\\QueryException``, dpkg's
``error processing package x (--configure):``. A reader as in ``blocks``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from .candidates import Block, Candidate
from .lines import Level, Line
from .patterns import Pattern
from .places import pointed_place
from .roles import Role, role_of

_TROUBLE = Pattern(
    r"error|exception|fail|invalid|wrong|panic|unmet|cannot|can't|could ?n[o']t|unable|conflict|overwritten|denied|missing|refused",
    re.I,
)
_NAMED = Pattern(r"^(?:[A-Za-z_]\w*(?:\.|\\|::))*[A-Z]\w*(?:Error|Exception)$")
_ASIDE = Pattern(r"…|\.\.\. |at [\w/$<(]|use e\.g\.|please |hint|note:|see |try ", re.I)
_MOST = 2  # sentences below a title
_FAR = 6  # lines


def headed(lines: Sequence[Line], index: int) -> Block | None:
    """A title and the sentences below it: up to a blank line, a frame, or another speaker."""
    first = lines[index]
    if not _is_title(first):
        return None
    said: list[str] = []
    last = at = index
    for at in range(index + 1, min(len(lines), index + _FAR)):
        line = lines[at]
        role = role_of(line)
        if not line.text or role is Role.NOISE or _ASIDE.match(line.text):
            if said:
                break
            continue
        if (
            role is not Role.PLAIN
            or line.command
            or line.level not in (Level.NONE, first.level)
            or line.tag != first.tag
        ):
            break
        if said and line.indent < lines[last].indent:
            break
        said.append(line.text)
        last = at
        if len(said) == _MOST:
            break
    if not said:
        return None
    text = " ".join([first.text, *said])
    return Block((Candidate(index, last + 1, text, pointed_place(lines, last)),), last + 1)


def _is_title(line: Line) -> bool:
    if line.command or line.level not in (Level.NONE, Level.ERROR) or len(line.text) > 300:
        return False
    if line.text.endswith(":"):
        if not (line.level is Level.ERROR or _TROUBLE.search(line.text)):
            return False
    elif not _NAMED.match(line.text):
        return False
    return role_of(line) is Role.PLAIN
