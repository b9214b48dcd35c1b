"""Where a message points: the file and place that the lines below it name."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .candidates import NOWHERE, Context
from .lines import Line
from .patterns import Pattern

YAML_MARK = Pattern(r'^in "([^"]{1,400})", line (\d+), column (\d+)')
_POINTERS = (
    YAML_MARK,
    Pattern(r"^(?:-->|Origin:|at|in|on|File|from) ([^\s:]*[./][^\s:]*?)(?::| line )(\d+)(?::(\d+))?\b"),
    Pattern(r"^The error appears to (?:be|have been) in '([^']+)': line (\d+), column (\d+)"),
    Pattern(r"^on ([^\s:]+) line (\d+)()"),
)
_CONTINUES = Pattern(r"\||\d+ *\||caused by|while |could not|did not|found |expected |mapping |  ", re.I)
_LINTED = Pattern(r"\d+:\d+ +(?:error|warning) ")
_BARE_FILE = Pattern(r"^(?:\./)?[\w./-]+\.ya?ml$")


def pointed_place(lines: Sequence[Line], index: int) -> Context:
    """The file and place that the lines right below a message point at; for yamllint's findings the file that
    heads them."""
    for line in lines[index + 1 : index + 4]:
        for pointer in _POINTERS:
            found = pointer.match(line.text)
            if found:
                return Context(file=found[1], line=int(found[2]), column=int(found[3]) if found[3] else None)
        if line.text.startswith("The error ") or (not line.text and _says_where(lines, line.index + 1)):
            continue
        if not line.text or not (line.indent or _CONTINUES.match(line.text)):
            break
    if _LINTED.match(lines[index].text):
        for back in range(index - 1, max(-1, index - 40), -1):
            if _BARE_FILE.match(lines[back].text):
                return Context(file=lines[back].text)
            if not _LINTED.match(lines[back].text):
                break
    return NOWHERE


def _says_where(lines: Sequence[Line], at: int) -> bool:
    return at < len(lines) and lines[at].text.startswith("The error appears ")
