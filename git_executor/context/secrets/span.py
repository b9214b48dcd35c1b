"""A stretch of a text that must not be shown."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Span(NamedTuple):
    """``text[start:end]`` is secret; ``kind`` is the word that its placeholder will carry."""

    start: int
    end: int
    kind: str


def line_start(text: str, at: int) -> int:
    """Where the line of ``text[at]`` begins; ``at`` itself where that is more than 400 characters away."""
    low = max(0, at - 400)
    found = text.rfind("\n", low, at)
    return found + 1 if found >= 0 or low == 0 else at


def merge(text: str, spans: Iterable[Span]) -> list[Span]:
    """Ordered spans without overlaps and without line ends; where some overlap, their union, of the widest's kind."""
    merged: list[Span] = []
    for span in sorted(_within_lines(text, spans), key=lambda s: (s.start, -s.end)):
        if merged and span.start < merged[-1].end:
            last = merged[-1]
            wider = last if last.end - last.start >= span.end - span.start else span
            merged[-1] = Span(last.start, max(last.end, span.end), wider.kind)
        else:
            merged.append(span)
    return merged


def _within_lines(text: str, spans: Iterable[Span]) -> Iterable[Span]:
    for start, end, kind in spans:
        while start < end:
            stop = text.find("\n", start, end)
            stop = end if stop < 0 else stop
            body = text[start:stop]
            left = len(body) - len(body.lstrip())
            if body.strip():
                yield Span(start + left, start + len(body.rstrip()), kind)
            start = stop + 1
