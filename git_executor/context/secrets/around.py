"""Where in a text a pattern is worth trying: the lines that hold one of the literals without which it cannot match.

Most texts hold no literal of most table entries, so most patterns are never compiled, and the others see few lines.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence


def around(
    text: str, literals: Sequence[str], *, also: Sequence[str] = (), before: int = 0, after: int = 0
) -> Iterator[tuple[int, int]]:
    """The lines of ``text`` that hold one of ``literals``, and one of ``also``, each with so many lines before and after.

    Ordered, without overlaps; lines that touch are one piece, which ends before its last line end.
    """
    if "" in literals:
        return iter([(0, len(text))])
    starts = lines_with(text, literals)
    if also and starts:
        starts = {at for at in starts if any(text.find(word, at, _end(text, at)) >= 0 for word in also)}
    return pieces(text, sorted(starts), before=before, after=after)


def pieces(text: str, starts: Iterable[int], *, before: int = 0, after: int = 0) -> Iterator[tuple[int, int]]:
    """As ``around``, for lines that begin at ``starts``, in order."""
    end = start = -1
    for at in starts:
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


def lines_with(text: str, literals: Iterable[str], *, ending: bool = False) -> set[int]:
    """Where the lines with one of ``literals`` begin; with ``ending`` only where no small letter follows it."""
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


def _end(text: str, at: int) -> int:
    stop = text.find("\n", at)
    return len(text) if stop < 0 else stop
