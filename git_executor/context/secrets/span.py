"""A stretch of a text that must not be shown."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Span(NamedTuple):
    """``text[start:end]`` is secret; ``kind`` is the word that its placeholder will carry."""

    start: int
    end: int
    kind: str


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
