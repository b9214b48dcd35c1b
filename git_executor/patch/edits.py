"""Placed hunks -> new bytes. Unchanged lines are the file's own bytes; only added lines come from an
answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ..errors import PatchError
from .form import ADDED, CONTEXT, Line
from .text import BOM, TextFile, chomp


@dataclass(frozen=True, slots=True)
class Edit:
    """Lines ``start:stop`` of the file (counted from 0) become ``texts``."""

    start: int
    stop: int
    texts: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Placement:
    """A hunk at a place. ``first`` is the file's line (from 0) where the hunk begins.

    ``verbatim`` holds when the hunk is right in every detail, so that its line ends are meant as they stand.
    ``reach`` are the first and last line that the hunk could touch where several places give the same result.
    """

    first: int
    edits: tuple[Edit, ...]
    tier: str = "exact"
    verbatim: bool = False
    old_newline: bool = True
    new_newline: bool = True
    reach: tuple[int, int] = (0, 0)


def edits_at(lines: Sequence[Line], positions: Sequence[int], start: int) -> tuple[Edit, ...]:
    """The edits of a hunk whose old lines stand at ``positions``; a line that is added first goes in at
    ``start``."""
    edits: list[Edit] = []
    places = iter(positions)
    cursor = opened = start
    texts: list[bytes] = []

    def close() -> None:
        if texts or cursor > opened:
            edits.append(Edit(opened, cursor, tuple(texts)))
        texts.clear()

    for line in lines:
        if line.role == ADDED:
            texts.append(line.text)
            continue
        place = next(places)
        if line.role == CONTEXT or place != cursor:
            close()
            opened = place + 1 if line.role == CONTEXT else place
        cursor = place + 1
    close()
    return tuple(edits)


def apply(file: TextFile, placements: Sequence[Placement]) -> bytes:
    """The new bytes of ``file``. Raises ``PatchError`` ``overlap`` when two hunks change the same lines."""
    ordered = sorted(
        ((edit, placed, number) for number, placed in enumerate(placements, 1) for edit in placed.edits),
        key=lambda item: (item[0].start, item[0].stop),
    )
    _check_overlap(ordered)
    texts: list[bytes] = []
    ends: list[bytes] = []
    at = 0
    for edit, placed, _ in ordered:
        texts += file.lines[at : edit.start]
        ends += file.ends[at : edit.start]
        for text in edit.texts:
            texts.append(text if placed.verbatim else chomp(text))
            ends.append(b"\n" if placed.verbatim else file.end_near(edit.start))
        at = edit.stop
    texts += file.lines[at:]
    ends += file.ends[at:]
    for index in range(len(ends) - 1):
        if not ends[index].endswith(b"\n"):
            ends[index] = file.end_near(len(file.ends))
    if ends and ordered and at == len(file.lines) and ordered[-1][0].texts and not _final_newline(file, ordered[-1][1]):
        ends[-1] = b""
    body = b"".join(text + end for text, end in zip(texts, ends, strict=True))
    shown = bool(ordered) and ordered[0][0].start == 0 and body.startswith(BOM)
    return body if shown else file.bom + body


def _final_newline(file: TextFile, placed: Placement) -> bool:
    """Whether an added last line ends the file with a newline: as the file had it, unless the answer says
    else."""
    if placed.old_newline != placed.new_newline and placed.old_newline == file.final_newline:
        return placed.new_newline
    if not file.lines:
        return placed.new_newline
    return file.final_newline


def _check_overlap(ordered: Sequence[tuple[Edit, Placement, int]]) -> None:
    for (one, _, first), (two, _, second) in pairwise(ordered):
        both_insert = one.start == one.stop == two.start == two.stop
        if two.start < one.stop or both_insert:
            raise PatchError(
                "overlap",
                f"hunks {first} and {second} change the same lines",
                hunk=max(first, second),
                hint="send one hunk for lines that stand together",
            )
    for number, placed in enumerate((item[1] for item in ordered), 1):
        low, high = placed.reach
        for edit, other, _ in ordered:
            if other is not placed and low < high and edit.start < high and edit.stop > low:
                raise PatchError("ambiguous", f"hunk {number} fits several places near another hunk", hunk=number)
