"""Other places that a faulty hunk may mean: where a file repeats itself, a line more or less in a hunk makes it fit
beside the place that was meant."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from .edits import Placement
from .form import ADDED, CONTEXT, REMOVED, Line

# How far a change may stand from where the hunk, or its header, has it; and how many lines on each side count.
REACH, SIDE = 3, 8


def has_rival(file: Sequence[bytes], lines: Sequence[Line], start: int | None, placed: Placement) -> bool:
    """Whether the change may as well belong to another line near ``placed``, or near the header's number, ``start``
    (counted from 1; ``None`` where it proves nothing).

    ``file`` are the file's lines without blanks around them. At the number a place with one old line missing is a
    rival; near a place that was found with tolerance, any that has as many old lines.
    """
    shape = _Shape(lines)
    here = placed.edits[0].start
    rivals: dict[int, int] = {}
    if start is not None and start - 1 != placed.first:
        least = shape.total - (shape.total > 3)
        at = start - 1 + shape.offset
        rivals = dict.fromkeys(range(at - REACH, at + REACH + 1), max(2, least))
    if placed.tier not in ("exact", "trailing blanks"):
        own = max(2, shape.score(file, here))
        for at in range(here - REACH, here + REACH + 1):
            rivals[at] = min(own, rivals.get(at, own))
    return any(
        at != here
        and 0 <= at <= len(file)
        and shape.touches(file, at)
        and shape.score(file, at) >= least
        and not _same_result(file, placed, at - here)
        for at, least in rivals.items()
    )


class _Shape:
    """A hunk around its first change: the old lines above it, those that it removes, those below."""

    def __init__(self, lines: Sequence[Line]) -> None:
        first = next(at for at, line in enumerate(lines) if line.role != CONTEXT)
        changed = list(lines[first:])
        run = next((at for at, line in enumerate(changed) if line.role == CONTEXT), len(changed))
        self.offset = first
        self.removed = [line.text.strip() for line in changed[:run] if line.role == REMOVED]
        self.above = [text for line in lines[first - 1 :: -1] if (text := line.text.strip())][:SIDE] if first else []
        self.below = [
            text for line in changed[run:] if line.role != ADDED and (text := line.text.strip())
        ][:SIDE]
        self.total = len(self.above) + len(self.removed) + len(self.below)

    def touches(self, file: Sequence[bytes], at: int) -> bool:
        """Whether the lines to remove stand at ``at``; or where none are removed, the one above or below."""
        if self.removed:
            return list(file[at : at + len(self.removed)]) == self.removed
        above, below = next(_upwards(file, at), None), next(_downwards(file, at), None)
        return above in self.above[:1] or below in self.below[:1]

    def score(self, file: Sequence[bytes], at: int) -> int:
        """How many of the hunk's old lines stand around ``at``, in their order."""
        stop = at + len(self.removed)
        above = list(islice(_upwards(file, at), len(self.above) + 2))
        below = list(islice(_downwards(file, stop), len(self.below) + 2))
        return _common(self.above, above) + _common(self.below, below) + len(self.removed)


def _upwards(file: Sequence[bytes], at: int) -> Iterator[bytes]:
    return iter([text for text in file[max(0, at - 2 * SIDE) : at][::-1] if text])


def _downwards(file: Sequence[bytes], at: int) -> Iterator[bytes]:
    return iter([text for text in file[at : at + 2 * SIDE] if text])


def _common(one: Sequence[bytes], two: Sequence[bytes]) -> int:
    """The length of the longest common subsequence of two short lists."""
    row = [0] * (len(two) + 1)
    for text in one:
        last = 0
        for at, other in enumerate(two):
            last, row[at + 1] = row[at + 1], last + 1 if text == other else max(row[at], row[at + 1])
    return row[-1]


def _same_result(file: Sequence[bytes], placed: Placement, by: int) -> bool:
    """Whether the change gives the same file ``by`` lines further on: within a run of equal lines it does."""
    if len(placed.edits) > 1:
        return False
    edit = placed.edits[0]
    texts = [text.strip() for text in edit.texts]
    low, high = min(edit.start, edit.start + by), max(edit.stop, edit.stop + by)
    one = [*file[low : edit.start], *texts, *file[edit.stop : high]]
    two = [*file[low : edit.start + by], *texts, *file[edit.stop + by : high]]
    return one == two
