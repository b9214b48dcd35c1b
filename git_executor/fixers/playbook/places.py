"""Where a word stands in the stage's files, and the edit of that one place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from git_executor.fixers.playbook.rule import Case, Fix


@dataclass(frozen=True, slots=True)
class Place:
    """Characters ``start`` to ``end`` of a file's text, and the line that they stand on."""

    path: str
    start: int
    end: int
    line: str

    @classmethod
    def of(cls, path: str, text: str, start: int, end: int) -> Place:
        line_start, line_end = text.rfind("\n", 0, start) + 1, text.find("\n", end)
        return cls(path, start, end, text[line_start : line_end if line_end >= 0 else len(text)])

    def word(self, case: Case) -> str:
        return case.text(self.path)[self.start : self.end]


def with_line(lines: Sequence[str], number: int, *new: str) -> list[str]:
    """The lines with ``new`` in place of line ``number`` (from 0), or without it."""
    return [*lines[:number], *new, *lines[number + 1 :]]


def places(case: Case, paths: Iterable[str], word: str, before: str = "", after: str = "") -> Iterator[Place]:
    """Where ``word`` stands outside of comments, between two patterns on its line; the rest of a word never counts."""
    boundary = "" if before.endswith((r"\.", "--")) else r"(?<![\w.-])"
    pattern = rf"(?:{before})(?P<word>{boundary}{re.escape(word)}(?![\w-])){after}"
    for path in paths:
        text = case.text(path)
        if word not in text:
            continue
        for match in re.finditer(pattern, text, re.MULTILINE):
            place = Place.of(path, text, *match.span("word"))
            if not place.line.lstrip().startswith(("#", "//")):
                yield place


def replaced(case: Case, found: list[Place], word: str, what: str, reason: str) -> Iterator[Fix]:
    """The word in place of all that was found, where that is in one file; else nothing."""
    if len({place.path for place in found}) != 1 or len(found) > 6:
        return
    text = case.text(found[0].path)
    for place in sorted(found, key=lambda place: -place.start):
        text = text[: place.start] + word + text[place.end :]
    yield Fix(found[0].path, text, what, reason)
