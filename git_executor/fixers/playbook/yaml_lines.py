"""YAML by lines: which keys stand above a line, and edits of one key or one value that leave the layout alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_ENTRY = (
    r"(?P<lead> *(?:- +)*)(?P<key>\"[^\"]+\"|'[^']+'|[^\s#\"'\[\]{}:,&*!|>%@`-][^\s:#]*|[^\s#:]+): *(?P<value>.*?)\s*$"
)


@dataclass(frozen=True, slots=True)
class Entry:
    """``key: value`` on a line. ``number`` counts from 0, ``column`` is the key's, ``path`` has the keys above it, outermost first.
    ``document`` counts the ``---`` before it. ``value`` is as written, without a comment. ``item`` is the line on which the
    innermost list entry around it begins, -1 outside of lists: entries of one mapping share ``document``, ``path`` and ``item``."""

    number: int
    column: int
    key: str
    value: str
    start: int
    path: tuple[str, ...]
    document: int
    item: int = -1

    @property
    def plain(self) -> str:
        """The value without its quotes."""
        return (
            self.value[1:-1]
            if self.value[:1] in "\"'" and self.value[-1:] == self.value[:1] and len(self.value) > 1
            else self.value
        )


def entries(text: str) -> Iterator[Entry]:
    """The ``key: value`` lines of block YAML, with their paths; lines of block scalars are skipped."""
    above: list[tuple[int, str]] = []
    items: list[tuple[int, int]] = []
    scalar: int | None = None
    document = 0
    for number, line in enumerate(text.split("\n")):
        depth = len(line) - len(line.lstrip(" "))
        if scalar is not None:
            if not line.strip() or depth > scalar:
                continue
            scalar = None
        if re.match(r"---(?:\s|$)", line):
            above, items, document = [], [], document + 1
        match = re.match(_ENTRY, line.rstrip("\r"))
        if not match or line.lstrip().startswith("#"):
            continue
        column = len(match["lead"])
        while above and above[-1][0] >= column:
            above.pop()
        while items and (items[-1][0] > column or (items[-1][0] == column and "-" in match["lead"])):
            items.pop()
        if "-" in match["lead"]:
            items.append((column, number))
        value = re.sub(r"(?:^|\s+)#.*$", "", match["value"]) if match["value"][:1] not in "\"'" else re.sub(
            r"^((['\"]).*?\2)\s+#.*$", r"\1", match["value"])  # fmt: skip
        key = match["key"].strip("\"'")
        yield Entry(number, column, key, value, match.start("value"), tuple(name for _, name in above), document,
                    items[-1][1] if items else -1)  # fmt: skip
        above.append((column, key))
        if re.match(r"[|>][-+0-9]*$", value):
            scalar = depth


def beside(entry: Entry, found: Iterable[Entry]) -> list[Entry]:
    """The other entries of the same mapping."""
    where = (entry.document, entry.path, entry.item, entry.column)
    return [other for other in found if other is not entry and (other.document, other.path, other.item, other.column) == where]


def with_key(text: str, entry: Entry, key: str) -> str:
    """The text with one entry's key renamed."""
    lines = text.split("\n")
    line = lines[entry.number]
    lines[entry.number] = line[: entry.column] + key + line[entry.column + len(entry.key) :]
    return "\n".join(lines)


def with_value(text: str, entry: Entry, value: str) -> str:
    """The text with one entry's value written anew; the comment after it stays."""
    lines = text.split("\n")
    line = lines[entry.number]
    lines[entry.number] = line[: entry.start] + value + line[entry.start + len(entry.value) :]
    return "\n".join(lines)


def requoted(entry: Entry, value: str) -> str:
    """A new value in the quotes of the old one."""
    quote = entry.value[0] if entry.value[:1] in "\"'" else ""
    return f"{quote}{value}{quote}"


def without_repeated(text: str, value: str) -> str | None:
    """The text without the second of two identical entries of one plain list; ``None`` where there is no such pair."""
    lines = text.split("\n")
    entry = re.compile(rf"\s*- +[\"']?{re.escape(value)}(?:/\d+)?[\"']?\s*(?:#.*)?$")
    found = [number for number, line in enumerate(lines) if entry.match(line)]
    if len(found) != 2:
        return None
    first, second = found
    item = re.compile(rf"{lines[first].partition('-')[0]}- +[^\s:]+(?:\s+#.*)?$")
    same = lines[first].split("#")[0].rstrip() == lines[second].split("#")[0].rstrip()
    one_list = all(not line.strip() or line.lstrip().startswith("#") or item.match(line) for line in lines[first : second + 1])
    return "\n".join(lines[:second] + lines[second + 1 :]) if same and one_list else None
