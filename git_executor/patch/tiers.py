"""The ways in which a hunk may match a file, from exact to tolerant.

Each tier is a function from a target and a hunk's lines to every place where they fit. A tier is only asked
when all stricter ones found nothing; whether a place is certain enough is not decided here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import pairwise

from ..errors import PatchError
from .edits import Placement, edits_at
from .form import ADDED, CONTEXT, REMOVED, Line
from .indent import remap
from .text import Index, TextFile, distinctive

BLANKS = b" \t\r\f\v"
MAX_DROPPED = 2
NEARBY = 10
MAX_VOTERS = 60


class Target:
    """A file to place hunks in, with the indexes that the tiers need, each made at first use."""

    def __init__(self, path: str, file: TextFile) -> None:
        self.path, self.file = path, file

    @cached_property
    def exact(self) -> Index:
        return Index(self.file.lines)

    @cached_property
    def trimmed(self) -> Index:
        """Lines without the blanks at their end."""
        return Index([line.rstrip(BLANKS) for line in self.file.lines])

    @cached_property
    def stripped(self) -> Index:
        """Lines without the blanks on either side."""
        return Index([line.strip(BLANKS) for line in self.file.lines])

    @cached_property
    def filled(self) -> list[int]:
        """The numbers of the lines that are not blank."""
        return [number for number, line in enumerate(self.file.lines) if line.strip(BLANKS)]

    @cached_property
    def condensed(self) -> Index:
        """The lines that are not blank, without the blanks at their end."""
        return Index([self.file.lines[number].rstrip(BLANKS) for number in self.filled])


Tier = Callable[[Target, Sequence[Line]], list[Placement]]


def old_texts(lines: Sequence[Line]) -> list[bytes]:
    return [line.text for line in lines if line.role != ADDED]


def exact(target: Target, lines: Sequence[Line]) -> list[Placement]:
    """Every old line stands there as it is, line ends aside."""
    old = old_texts(lines)
    return [contiguous(lines, at, len(old), "exact") for at in target.exact.find(old)]


def trailing(target: Target, lines: Sequence[Line]) -> list[Placement]:
    """Blanks at the ends of lines differ."""
    old = [text.rstrip(BLANKS) for text in old_texts(lines)]
    return [contiguous(lines, at, len(old), "trailing blanks") for at in target.trimmed.find(old)]


def bare(target: Target, lines: Sequence[Line]) -> list[Placement]:
    """Context lines lost the blank in front, so that what was taken for the marker belongs to the text."""
    index = target.trimmed
    changed = [
        replace(line, text=line.bare.rstrip(BLANKS))
        if line.role == CONTEXT and line.text.rstrip(BLANKS) not in index and line.bare.rstrip(BLANKS) in index
        else line
        for line in lines
    ]
    if changed == list(lines):
        return []
    return [replace(placed, tier="lost markers") for placed in trailing(target, changed)]


def blank_lines(target: Target, lines: Sequence[Line]) -> list[Placement]:
    """Blank context lines are missing, or there are more of them than the file has."""
    anchors = [line for line in lines if line.role != ADDED and (line.role == REMOVED or line.text.strip(BLANKS))]
    if not anchors or any(line.role == REMOVED and not line.text.strip(BLANKS) for line in lines):
        return []
    found = []
    runs = target.condensed.find([line.text.rstrip(BLANKS) for line in anchors])
    for at in runs:
        positions = target.filled[at : at + len(anchors)]
        placed = _around_blanks(target, lines, positions)
        if placed is not None:
            found.append(placed)
    if len(found) < len(runs):
        raise PatchError(
            "ambiguous",
            f"blank lines of {target.path} leave open where the added lines belong",
            path=target.path,
            hint="repeat the blank lines of the file, too",
        )
    return found


def edges(target: Target, lines: Sequence[Line]) -> list[Placement]:
    """Up to two outer context lines on each side are not the file's; the fewest that will do are dropped.

    What is left must be telling. No place is taken when a dropped line stands elsewhere, or when another part
    of the file has as much of the hunk: then it may belong there, and the file has changed.
    """
    for total in range(1, 2 * MAX_DROPPED + 1):
        found: list[Placement] = []
        for head in range(max(0, total - MAX_DROPPED), min(total, MAX_DROPPED) + 1):
            inner = _without_edges(lines, head, total - head)
            if inner is None or not _telling(inner):
                continue
            dropped = [*lines[:head], *lines[len(lines) - total + head :]]
            if any(line.text.strip(BLANKS) and line.text == line.bare for line in dropped):
                continue  # without a marker it may be the rest of an added line
            for placed in trailing(target, inner):
                if any(_stands_elsewhere(line.text, placed.first, target) for line in dropped):
                    return []
                if _has_rival(target, lines, placed.first - head):
                    return []
                found.append(replace(placed, tier="outer context dropped"))
        if found:
            return found
    return []


def _telling(lines: Sequence[Line]) -> bool:
    old = [line for line in lines if line.role != ADDED and distinctive(line.text)]
    if any(line.role == REMOVED for line in old):
        return len(old) > 1 or any(line.role == CONTEXT and line.text.strip(BLANKS) for line in lines)
    return len(old) > 1 and _touches_text(lines)


def _touches_text(lines: Sequence[Line]) -> bool:
    """Whether each run of changed lines has a filled context line right above or below it."""
    padded = [None, *lines, None]
    for one, two in pairwise(padded):
        if one is not None and two is not None and (one.role == CONTEXT) != (two.role == CONTEXT):
            context = one if one.role == CONTEXT else two
            if context.text.strip(BLANKS):
                return True
    return False


def _stands_elsewhere(text: bytes, near: int, target: Target) -> bool:
    places = target.stripped.find([text.strip(BLANKS)]) if distinctive(text) else []
    return bool(places) and all(abs(place - near) > NEARBY for place in places)


def _has_rival(target: Target, lines: Sequence[Line], first: int) -> bool:
    """Whether as many of the hunk's old lines stand, in their order, in another part of the file."""
    votes: Counter[int] = Counter()
    for at, text in enumerate(old_texts(lines)[:MAX_VOTERS]):
        if text.strip(BLANKS):
            votes.update(place - at for place in target.trimmed.find([text.rstrip(BLANKS)]))
    return any(count >= votes[first] for start, count in votes.items() if abs(start - first) > MAX_DROPPED)


def shifted(target: Target, lines: Sequence[Line]) -> list[Placement]:
    """The whole hunk is indented otherwise than the file; the added lines are indented as the file is."""
    old = old_texts(lines)
    found = []
    for at in target.stripped.find([text.strip(BLANKS) for text in old]):
        added = [line.text for line in lines if line.role == ADDED]
        texts = remap(target.path, old, target.file.lines[at : at + len(old)], added)
        if texts is None:
            continue
        fresh = iter(texts)
        moved = [replace(line, text=next(fresh)) if line.role == ADDED else line for line in lines]
        found.append(contiguous(moved, at, len(old), "indentation shifted"))
    return found


TOLERANT: tuple[Tier, ...] = (trailing, bare, blank_lines, edges, shifted)


def contiguous(lines: Sequence[Line], at: int, length: int, tier: str) -> Placement:
    return Placement(at, edits_at(lines, range(at, at + length), at), tier)


def _without_edges(lines: Sequence[Line], head: int, tail: int) -> Sequence[Line] | None:
    """``lines`` less so many context lines on each side. Where lines are only added, the context on either
    side of them is all that says where: one line of it stays."""
    before = _context_run(lines)
    after = _context_run(lines[::-1])
    keep = 0 if any(line.role == REMOVED and distinctive(line.text) for line in lines) else 1
    if before - head < min(keep, before) or after - tail < min(keep, after):
        return None
    inner = lines[head : len(lines) - tail]
    return inner if any(line.role != ADDED for line in inner) else None


def _context_run(lines: Sequence[Line]) -> int:
    for number, line in enumerate(lines):
        if line.role != CONTEXT:
            return number
    return len(lines)


def _around_blanks(target: Target, lines: Sequence[Line], positions: Sequence[int]) -> Placement | None:
    """Places lines whose filled old lines stand at ``positions``; ``None`` where blank lines of the file
    leave open on which side of them an added line belongs."""
    kept: list[Line] = []
    places: list[int] = []
    anchored = iter(positions)
    last: int | None = None
    replaces = False  # the line above is removed, so that lines added right below it take its place
    gap: list[Line] = []
    for line in lines:
        if line.role == ADDED or (line.role == CONTEXT and not line.text.strip(BLANKS)):
            gap.append(line)
            continue
        place = next(anchored)
        for item, where in _settle(target, gap, last, place, replaces):
            if item is None:
                return None
            kept.append(item)
            places += [] if where is None else [where]
        gap = []
        kept.append(line)
        places.append(place)
        last, replaces = place, line.role == REMOVED
    for item, where in _settle(target, gap, last, None, replaces):
        if item is None:
            return None
        kept.append(item)
        places += [] if where is None else [where]
    start = places[0] if places else 0
    return Placement(start, edits_at(kept, places, start), "blank lines")


def _blank_beyond(target: Target, above: int | None, below: int | None) -> bool:
    """Whether the file has a blank line, or its end, below line ``above`` or above line ``below``."""
    beyond = above + 1 if above is not None else (below or 0) - 1
    lines = target.file.lines
    return not 0 <= beyond < len(lines) or not lines[beyond].strip(BLANKS)


def _settle(
    target: Target, gap: Sequence[Line], above: int | None, below: int | None, replaces: bool
) -> Iterator[tuple[Line | None, int | None]]:
    """The lines between two filled old lines, with the place of each blank one that counts; ``None``:
    cannot tell."""
    blanks = sum(line.role == CONTEXT for line in gap)
    groups = _groups(gap)
    if not groups:
        return
    real = below - above - 1 if above is not None and below is not None else None
    if real == blanks and above is not None:
        place = above + 1
        for line in gap:
            yield line, place if line.role == CONTEXT else None
            place += line.role == CONTEXT
    elif len(groups) > 1 or (real is None and blanks and not _blank_beyond(target, above, below)):
        yield None, None
    elif gap[0].role == ADDED and above is not None and (gap[-1].role != ADDED or real is None or replaces):
        yield from ((line, None) for line in groups[0])  # right below the line above
    elif gap[-1].role == ADDED and below is not None and (gap[0].role != ADDED or real is None):
        for place in range(0 if above is None else above + 1, below):
            if above is not None:
                yield Line(CONTEXT, b""), place
        yield from ((line, None) for line in groups[0])  # right above the line below
    else:
        yield None, None


def _groups(gap: Sequence[Line]) -> list[list[Line]]:
    groups: list[list[Line]] = []
    for number, line in enumerate(gap):
        if line.role == ADDED:
            if number == 0 or gap[number - 1].role != ADDED:
                groups.append([])
            groups[-1].append(line)
    return groups
