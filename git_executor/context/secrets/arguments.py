"""Command lines that are written as lists: JSON and Python argument vectors, items of a YAML list.

Such a list is read as the command line that it stands for, and what is found there is brought back.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from git_executor.context.secrets.around import around
from git_executor.context.secrets.commands import in_commands
from git_executor.context.secrets.names import telling_lines
from git_executor.context.secrets.pairs import in_pairs
from git_executor.context.secrets.span import Span
from git_executor.context.secrets.vocabulary import Vocabulary
from git_executor.lazy import lazy

_QUOTED = r"\"(?:[^\"\\\n]|\\.){0,1000}\"|'(?:[^'\\\n]|\\.){0,1000}'"
_VECTOR = lazy(rf"(?:{_QUOTED})(?:,\s{{0,40}}(?:{_QUOTED})){{1,200}}")
_BARE_VECTOR = lazy(r"(?<=\[)[\w./-]{1,80}(?:, [^\s\[\],\"'][^\[\],\"'\n]{0,400}){1,100}(?=\])")
_ITEMS = lazy(r"(?m)^(?P<indent>[ \t]*)-[ \t]+\S[^\n]*(?:\n(?P=indent)-[ \t]+\S[^\n]*){1,100}$")
_ITEM = lazy(rf"{_QUOTED}|[^\s,\"'][^,\"'\n]*")
_LINE_ITEM = lazy(r"(?m)^[ \t]*-[ \t]+(?P<v>\S[^\n]*?)[ \t]*$")
_DASHES = ('"-', "'-", ", -", "- -", '"auth"', '"passwd')


def in_arguments(text: str, lowered: str) -> Iterator[Span]:
    """Secrets in lists of arguments."""
    for start, stop in around(lowered, _DASHES, before=12, after=12):
        for pattern in (_VECTOR, _BARE_VECTOR):
            for vector in pattern.finditer(text, start, stop):
                yield from _read(text, [match.span() for match in _ITEM.finditer(text, *vector.span())])
        if "- " in text[start:stop]:
            for items in _ITEMS.finditer(text, start, stop):
                yield from _read(text, [match.span("v") for match in _LINE_ITEM.finditer(text, *items.span())])


def _read(text: str, items: Sequence[tuple[int, int]]) -> Iterator[Span]:
    origins: list[int] = []
    starts: list[int] = []
    pieces: list[str] = []
    size = 0
    bounds: list[tuple[int, int]] = []
    for start, end in items:
        if end - start >= 2 and text[start] in "\"'" and text[end - 1] == text[start]:
            start, end = start + 1, end - 1
        origins.append(start)
        starts.append(size)
        bounds.append((start, end))
        pieces.append(re.sub(r"[\n\"']", "_", text[start:end]))
        size += end - start + 1
    line = " ".join(pieces)
    lowered = line.lower()
    if len(lowered) != len(line):
        return
    known = Vocabulary(lowered)
    for span in (*in_commands(line, lowered, known), *in_pairs(line, lowered, telling_lines(lowered, known))):
        which = bisect_right(starts, span.start) - 1
        start, stop = bounds[which]
        begin = origins[which] + span.start - starts[which]
        whole = begin == start or not any(c.isspace() for c in text[start:stop])
        yield Span(begin, stop if whole else min(stop, begin + span.end - span.start), span.kind)
