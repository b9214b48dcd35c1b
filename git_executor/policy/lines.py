"""What changed between two versions of a file, line by line.

Lines end at ``\\n`` and nowhere else: ``str.splitlines`` would also split at form feeds and U+2028, and so hide
what follows them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

# A change that needs more edits than this is far over every sensible limit: its exact size no longer matters.
_MAX_EDITS = 600


@dataclass(frozen=True, slots=True)
class Hunk:
    """Lines ``old`` replaced by lines ``new``; the starts count from 1. Either side may be empty."""

    old_start: int
    old: tuple[bytes, ...]
    new_start: int
    new: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Edit:
    """The hunks between two files, in order."""

    hunks: tuple[Hunk, ...]

    @property
    def changed(self) -> int:
        """Added plus removed lines."""
        return sum(len(hunk.old) + len(hunk.new) for hunk in self.hunks)

    def added(self) -> dict[int, bytes]:
        """Line number in the new file -> line, without its end."""
        return {h.new_start + i: line.rstrip(b"\n") for h in self.hunks for i, line in enumerate(h.new)}

    def removed(self) -> dict[int, bytes]:
        """Line number in the old file -> line, without its end."""
        return {h.old_start + i: line.rstrip(b"\n") for h in self.hunks for i, line in enumerate(h.old)}


def split(data: bytes) -> list[bytes]:
    """Lines with their ends."""
    lines = data.split(b"\n")
    last = lines.pop()
    return [line + b"\n" for line in lines] + ([last] if last else [])


@lru_cache(maxsize=8)
def edit(old: bytes, new: bytes) -> Edit:
    """The smallest edit from ``old`` to ``new``; one big hunk where that would be very large."""
    a, b = split(old), split(new)
    head = 0
    while head < len(a) and head < len(b) and a[head] == b[head]:
        head += 1
    tail = 0
    while tail < len(a) - head and tail < len(b) - head and a[-1 - tail] == b[-1 - tail]:
        tail += 1
    a, b = a[head : len(a) - tail], b[head : len(b) - tail]
    if not a and not b:
        return Edit(())
    pairs = _matches(a, b) if a and b else []
    return Edit(tuple(_hunks(a, b, pairs, head)))


def _hunks(a: Sequence[bytes], b: Sequence[bytes], pairs: Sequence[tuple[int, int]], head: int) -> list[Hunk]:
    hunks = []
    i = j = 0
    for x, y in [*pairs, (len(a), len(b))]:
        if x > i or y > j:
            hunks.append(Hunk(head + i + 1, tuple(a[i:x]), head + j + 1, tuple(b[j:y])))
        i, j = x + 1, y + 1
    return hunks


def _matches(a: Sequence[bytes], b: Sequence[bytes]) -> list[tuple[int, int]]:
    """Pairs of equal lines, by Myers' greedy algorithm (1986), given up after ``_MAX_EDITS`` edits."""
    furthest = {1: 0}
    trace: list[dict[int, int]] = []
    work = 0
    for d in range(min(_MAX_EDITS, len(a) + len(b)) + 1):
        trace.append(dict(furthest))
        for k in range(-d, d + 1, 2):
            down = k == -d or (k != d and furthest[k - 1] < furthest[k + 1])
            x = furthest[k + 1] if down else furthest[k - 1] + 1
            y = x - k
            start = x
            while x < len(a) and y < len(b) and a[x] == b[y]:
                x, y = x + 1, y + 1
            work += x - start
            furthest[k] = x
            if x >= len(a) and y >= len(b):
                return _walk_back(trace, d, len(a), len(b))
        if work > 3_000_000:
            break
    return []


def _walk_back(trace: Sequence[dict[int, int]], edits: int, x: int, y: int) -> list[tuple[int, int]]:
    pairs: list[tuple[int, int]] = []
    for d in range(edits, -1, -1):
        furthest, k = trace[d], x - y
        if d == 0:
            before_x, before_y = 0, 0
        else:
            down = k == -d or (k != d and furthest[k - 1] < furthest[k + 1])
            above = k + 1 if down else k - 1
            before_x, before_y = furthest[above], furthest[above] - above
        while x > before_x and y > before_y:
            x, y = x - 1, y - 1
            pairs.append((x, y))
        x, y = before_x, before_y
    pairs.reverse()
    return pairs
