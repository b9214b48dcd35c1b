"""Secrets in a column: a heading names them, the rows below hold them. Comma-separated or aligned by blanks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from git_executor.context.secrets.names import Telling, judge
from git_executor.context.secrets.pairs import is_secret_value
from git_executor.context.secrets.span import Span

_CSV_HEAD = re.compile(
    r"^[ \t]*[\w \"'-]{1,40}(?:(?P<mark>[,;\t|])[\w \"'-]{1,40})(?:(?P=mark)[\w \"'-]{0,40}){0,30}$", re.MULTILINE
)
_HEAD = re.compile(
    r"^[ \t]*[A-Z][A-Z_-]{1,30}(?:(?: {2,}|\t+| (?=[A-Z]))[A-Z][A-Z_() -]{1,30}){0,15}[ \t]*$", re.MULTILINE
)
_HEADING = re.compile(r"[A-Z][A-Z_-]+(?: [A-Z][A-Z_-]+)*")
_ROWS = 200


def in_tables(text: str) -> Iterator[Span]:
    """Cells below a telling heading."""
    for head in _apart(text, _CSV_HEAD):
        mark = head.group("mark")
        for column, name in enumerate(head.group().split(mark)):
            telling, kind = judge(name.strip(" \"'\t"))
            if telling is Telling.STRONG:
                yield from _cells(text, head.end() + 1, mark, column, kind)
    for head in _apart(text, _HEAD):
        for heading in _HEADING.finditer(head.group()):
            telling, kind = judge(heading.group().replace(" ", "_"))
            if telling is Telling.STRONG:
                yield from _below(text, head.end() + 1, heading.start(), kind)


def _apart(text: str, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
    """The headings that do not stand in the rows of an earlier one."""
    done = 0
    for head in pattern.finditer(text):
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
    for start, line in _lines(text, at):
        cells = line.split(mark)
        if len(cells) <= column:
            return
        begin = start + sum(len(cell) + 1 for cell in cells[:column])
        value = cells[column].strip().strip("\"'")
        if value and is_secret_value(value, Telling.STRONG, kind):
            begin += cells[column].index(value)
            yield Span(begin, begin + len(value), kind)


def _below(text: str, at: int, column: int, kind: str) -> Iterator[Span]:
    for start, line in _lines(text, at):
        if len(line) <= column or (column and line[column - 1] not in " \t"):
            return
        match = re.match(r"\S+", line[column:])
        if match and is_secret_value(match.group(), Telling.STRONG, kind):
            yield Span(start + column, start + column + match.end(), kind)
