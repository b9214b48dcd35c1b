"""Secrets in a column: a heading names them, the rows below hold them. Comma-separated or aligned by blanks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from git_executor.context.secrets.around import around
from git_executor.context.secrets.names import Telling, judge
from git_executor.context.secrets.pairs import is_secret_value
from git_executor.context.secrets.span import Span
from git_executor.context.secrets.vocabulary import Vocabulary
from git_executor.lazy import lazy

_CSV_HEAD = lazy(
    r"^[ \t]*[|│]?[\w \"'-]{1,40}(?:(?P<mark>[,;\t|│])[\w \"'-]{1,40})(?:(?P=mark)[\w \"'-]{0,40}){0,30}$", re.MULTILINE
)
_HEAD = lazy(r"^[ \t]*[A-Z][A-Z_-]{1,30}(?:(?: {2,}|\t+| (?=[A-Z]))[A-Z][A-Z_() -]{1,30}){0,15}[ \t]*$", re.MULTILINE)
_SMALL_HEAD = lazy(r"^[ \t]*[a-z][a-z_-]{1,30}(?:(?: {2,}|\t+)[a-z][a-z_-]{1,30}){1,15}[ \t]*$", re.MULTILINE)
_HEADING = lazy(r"[A-Z][A-Z_-]+(?: [A-Z][A-Z_-]+)*|[a-z][a-z_-]+")
_NAMES = frozenset(
    [
        "name",
        "key",
        "variable",
        "var",
        "setting",
        "parameter",
        "param",
        "option",
        "env",
        "property",
        "field",
        "attribute",
        "item",
        "secret",
    ]
)
_VALUES = frozenset(["value", "val", "content", "data", "current", "default", "setting", "string", "text", "plaintext"])
_RULE = frozenset("-+=|│─┼:\t ")  # what the line below a heading is made of
_MARKS = ("pass", "pwd", "secret", "token", "key", "cred", "psk", "value", "content", "pin", "setting", "val")
_ROWS = 200


def in_tables(text: str, lowered: str, known: Vocabulary) -> Iterator[Span]:
    """Cells below a telling heading."""
    pieces = list(around(lowered, known.of(_MARKS)))
    for head in _apart(text, _CSV_HEAD, pieces):
        mark = head.group("mark")
        names = [name.strip(" \"'\t") for name in head.group().split(mark)]
        for column, name in enumerate(names):
            telling, kind = judge(name)
            if telling is Telling.STRONG:
                yield from _cells(text, head.end() + 1, mark, column, kind)
        lower = [name.lower() for name in names]
        named = next((i for i, name in enumerate(lower) if name in _NAMES), -1)
        valued = next((i for i, name in enumerate(lower) if name in _VALUES and i != named), -1)
        if named >= 0 and valued >= 0:
            yield from _rows(text, head.end() + 1, mark, named, valued)
    for pattern in (_HEAD, _SMALL_HEAD):
        for head in _apart(text, pattern, pieces):
            for heading in _HEADING.finditer(head.group()):
                telling, kind = judge(heading.group().replace(" ", "_"))
                if telling is Telling.STRONG and (pattern is _HEAD or heading.start()):
                    yield from _below(text, head.end() + 1, heading.start(), kind)


def _apart(text: str, pattern: re.Pattern[str], pieces: Iterable[tuple[int, int]]) -> Iterator[re.Match[str]]:
    """The headings that do not stand in the rows of an earlier one."""
    done = 0
    for start, stop in pieces:
        for head in pattern.finditer(text, start, stop):
            if head.start() >= done:
                yield head
                done = max((at + len(line) for at, line in _lines(text, head.end() + 1)), default=head.end())


def _lines(text: str, at: int) -> Iterator[tuple[int, str]]:
    for _ in range(_ROWS):
        stop = text.find("\n", at, at + 4096)
        line = text[at : stop if stop >= 0 else min(len(text), at + 4096)]
        if not line.strip():
            return
        yield at, line
        if stop < 0:
            return
        at = stop + 1


def _cells(text: str, at: int, mark: str, column: int, kind: str) -> Iterator[Span]:
    """The secrets in a column."""
    for start, line in _lines(text, at):
        cells = line.split(mark)
        if len(cells) <= column:
            if _RULE.issuperset(line):
                continue
            return
        yield from _cell(start, cells, column, Telling.STRONG, kind)


def _rows(text: str, at: int, mark: str, named: int, valued: int) -> Iterator[Span]:
    """The secrets in a table of names and values."""
    for start, line in _lines(text, at):
        cells = line.split(mark)
        if len(cells) > max(named, valued):
            telling, kind = judge(cells[named].strip(" \"'\t"))
            if telling is not Telling.NO:
                yield from _cell(start, cells, valued, telling, kind)


def _cell(start: int, cells: list[str], column: int, telling: Telling, kind: str) -> Iterator[Span]:
    value = cells[column].strip().strip("\"'")
    if value and is_secret_value(value, telling, kind):
        begin = start + sum(len(cell) + 1 for cell in cells[:column]) + cells[column].index(value)
        yield Span(begin, begin + len(value), kind)


def _below(text: str, at: int, column: int, kind: str) -> Iterator[Span]:
    for start, line in _lines(text, at):
        if len(line) <= column or (column and line[column - 1] not in " \t"):
            return
        match = re.match(r"\S+", line[column:])
        if match and is_secret_value(match.group(), Telling.STRONG, kind):
            yield Span(start + column, start + column + match.end(), kind)
