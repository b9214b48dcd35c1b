"""Regular expressions that are compiled when they are first used, and the places where that is worth trying.

Compiling all tables of this room takes longer than everything else that an attempt does before it asks a fixer. Most
texts hold no literal of most entries, so most patterns are never compiled.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property


class Lazy:
    """A pattern with the methods of ``re.Pattern`` that this room uses."""

    def __init__(self, source: str, flags: int = 0) -> None:
        self.source, self.flags = source, flags

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        """The pattern itself."""
        return re.compile(self.source, self.flags)

    @cached_property
    def group(self) -> str | int:
        """The group that holds the secret: ``v`` where the pattern has one, else the whole match."""
        return "v" if "(?P<v>" in self.source else 0

    def search(self, text: str, at: int = 0, stop: int | None = None) -> re.Match[str] | None:
        """As ``re.Pattern.search``."""
        return self.compiled.search(text, at, len(text) if stop is None else stop)

    def match(self, text: str, at: int = 0, stop: int | None = None) -> re.Match[str] | None:
        """As ``re.Pattern.match``."""
        return self.compiled.match(text, at, len(text) if stop is None else stop)

    def fullmatch(self, text: str, at: int = 0, stop: int | None = None) -> re.Match[str] | None:
        """As ``re.Pattern.fullmatch``."""
        return self.compiled.fullmatch(text, at, len(text) if stop is None else stop)

    def finditer(self, text: str, at: int = 0, stop: int | None = None) -> Iterator[re.Match[str]]:
        """As ``re.Pattern.finditer``."""
        return self.compiled.finditer(text, at, len(text) if stop is None else stop)

    def findall(self, text: str) -> list[str]:
        """As ``re.Pattern.findall``, for patterns without groups."""
        return self.compiled.findall(text)

    def split(self, text: str) -> list[str]:
        """As ``re.Pattern.split``, for patterns without groups."""
        return self.compiled.split(text)

    def sub(self, by: str, text: str) -> str:
        """As ``re.Pattern.sub``."""
        return self.compiled.sub(by, text)


def around(
    text: str, literals: Sequence[str], *, before: int = 0, after: int = 0, endings: Iterable[str] = ()
) -> Iterator[tuple[int, int]]:
    """The lines of ``text`` that hold one of ``literals``, each with so many lines before and after it.

    ``endings`` count only where no small letter follows. Ordered, without overlaps; lines that touch are one piece,
    which ends before its last line end.
    """
    if "" in literals:
        yield 0, len(text)
        return
    end = start = -1
    for at in sorted(_lines_with(text, literals, False) | _lines_with(text, endings, True)):
        first = at
        for _ in range(before):
            first = text.rfind("\n", 0, max(0, first - 1)) + 1
        if first > end:
            if start >= 0:
                yield start, end
            start = first
        stop = at
        for count in range(after + 1):
            found = text.find("\n", stop)
            if found < 0:
                stop = len(text)
                break
            stop = found if count == after else found + 1
        end = max(end, stop)
    if start >= 0:
        yield start, end


def _lines_with(text: str, literals: Iterable[str], ending: bool) -> set[int]:
    """Where the lines with one of ``literals`` begin."""
    starts: set[int] = set()
    for literal in literals:
        at = text.find(literal)
        while at >= 0:
            behind = at + len(literal)
            if ending and "a" <= text[behind : behind + 1] <= "z":
                at = text.find(literal, behind)
                continue
            starts.add(text.rfind("\n", 0, at) + 1)
            stop = text.find("\n", at)
            at = text.find(literal, stop) if stop >= 0 else -1
    return starts
