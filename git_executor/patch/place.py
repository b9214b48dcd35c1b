"""The one place of a hunk, or a refusal that quotes the lines that are really there.

Content decides. What a header claims (line number, section) only chooses between places where the content
fits equally well.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from ..errors import PatchError
from .edits import Placement
from .elided import is_elision
from .form import ADDED, CONTEXT, REMOVED, Hunk, Line
from .nearest import nearest_lines
from .text import chomp, distinctive, indent_of
from .tiers import BLANKS, TOLERANT, Target, contiguous, exact, old_texts

# A line number that is nearly right beats another place only when that one is far away.
NEAR, FAR = 3, 25


def place_all(hunks: Sequence[Hunk], target: Target) -> list[Placement]:
    """Every hunk's place, in the order of the hunks. Raises ``PatchError``; ``hunk`` in it counts from 1."""
    chosen: dict[int, Placement] = {}
    open_: dict[int, list[Placement]] = {}
    for number, hunk in enumerate(hunks, 1):
        found = _candidates(hunk, target, number)
        best = found[0] if len(found) == 1 else _tie_break(hunk, target, found)
        if best is None:
            open_[number] = found
        else:
            chosen[number] = best
    offsets = {
        placed.first - hunks[number - 1].start + 1  # type: ignore[operator]
        for number, placed in chosen.items()
        if hunks[number - 1].start is not None
    }
    for number, found in open_.items():
        chosen[number] = _same_offset(hunks[number - 1], target, found, offsets, number)
    return [chosen[number] for number in sorted(chosen)]


def _candidates(hunk: Hunk, target: Target, number: int) -> list[Placement]:
    """The places of the strictest tier that has any, each giving another result."""
    lines = [replace(line, text=chomp(line.text)) for line in hunk.lines]
    if not hunk.changes:
        raise PatchError("no-change", "the hunk changes nothing", path=target.path, hunk=number)
    if not old_texts(lines):
        return [_into_empty(hunk, target, lines, number)]
    if sum(line.role != ADDED and line.text.strip(BLANKS) != b"" for line in lines) > len(target.file.lines):
        raise _nowhere(target, lines, number)
    right = _right_in_every_detail(hunk, target)
    if right is not None:
        return [right]
    if [line.text for line in lines if line.role != ADDED] == [line.text for line in lines if line.role != REMOVED]:
        raise PatchError(
            "no-change", "the hunk changes line ends alone, and does not match", path=target.path, hunk=number
        )
    found = exact(target, lines)
    try:
        if not found:
            _refuse_applied(target, lines, number)
            found = next(filter(None, (tier(target, lines) for tier in TOLERANT)), [])
    except PatchError as error:
        error.hunk = number
        raise
    if not found:
        raise _nowhere(target, lines, number)
    found = _finish(_different(found, target), hunk)
    return [_certain(placed, target, lines, hunk, number) for placed in found]


def _right_in_every_detail(hunk: Hunk, target: Target) -> Placement | None:
    """Number, counts, line ends and context are all as a tool writes them: nothing is left to judge."""
    if hunk.start is None or not hunk.counted:
        return None
    file, at = target.file, hunk.start - 1
    old = [line for line in hunk.lines if line.role != ADDED]
    stop = at + len(old)
    if at < 0 or stop > len(file.lines) or not target.exact.matches_at(at, [chomp(line.text) for line in old]):
        return None
    at_end = stop == len(file.lines)
    if any(
        line.text.endswith(b"\r") != end.startswith(b"\r") for line, end in zip(old, file.ends[at:stop], strict=True)
    ):
        return None
    if hunk.old_newline != file.ends[stop - 1].endswith(b"\n") or (hunk.lines[-1].role != CONTEXT and not at_end):
        return None
    if hunk.lines[0].role != CONTEXT and at > 0:
        return None
    if at_end and hunk.lines[-1].role == CONTEXT and hunk.old_newline != hunk.new_newline:
        return None
    placed = contiguous(hunk.lines, at, len(old), "exact")
    return _finish([replace(placed, verbatim=True)], hunk)[0]


def _into_empty(hunk: Hunk, target: Target, lines: Sequence[Line], number: int) -> Placement:
    if target.file.lines:
        raise PatchError(
            "ambiguous",
            "the hunk only adds lines and has no context to say where",
            path=target.path,
            hunk=number,
            nearest=nearest_lines(target.file.lines, lines, hunk.start),
            hint="repeat the lines around the new ones",
        )
    placed = replace(contiguous(hunk.lines, 0, 0, "exact"), verbatim=hunk.counted)
    return _finish([placed], hunk)[0]


def _finish(found: Sequence[Placement], hunk: Hunk) -> list[Placement]:
    return [replace(placed, old_newline=hunk.old_newline, new_newline=hunk.new_newline) for placed in found]


def _refuse_applied(target: Target, lines: Sequence[Line], number: int) -> None:
    new = [line.text.rstrip(BLANKS) for line in lines if line.role != REMOVED]
    if any(map(distinctive, new)) and target.trimmed.find(new, 1):
        raise _applied(target, number)


def _applied(target: Target, number: int) -> PatchError:
    return PatchError(
        "applied",
        f"{target.path} already is as hunk {number} would make it",
        path=target.path,
        hunk=number,
        hint="the failure has another cause",
    )


def _different(found: list[Placement], target: Target) -> list[Placement]:
    """One placement for each different result: in a run of equal lines many places are one."""
    groups: list[list[Placement]] = []
    for placed in sorted(found, key=lambda one: one.first):
        for group in groups[-4:]:
            if _same_result(group[0], placed, target):
                group.append(placed)
                break
        else:
            groups.append([placed])
    return [
        replace(group[0], reach=(_span(group[0])[0], _span(group[-1])[1])) if len(group) > 1 else group[0]
        for group in groups
    ]


def _same_result(one: Placement, two: Placement, target: Target) -> bool:
    low = min(_span(one)[0], _span(two)[0])
    high = max(_span(one)[1], _span(two)[1])
    if high - low > 2000:
        return False
    return _region(one, low, high, target) == _region(two, low, high, target)


def _region(placed: Placement, low: int, high: int, target: Target) -> list[bytes]:
    texts: list[bytes] = []
    at = low
    for edit in placed.edits:
        texts += target.file.lines[at : edit.start]
        texts += edit.texts
        at = edit.stop
    return texts + list(target.file.lines[at:high])


def _span(placed: Placement) -> tuple[int, int]:
    return placed.edits[0].start, placed.edits[-1].stop


def _certain(placed: Placement, target: Target, lines: Sequence[Line], hunk: Hunk, number: int) -> Placement:
    """Refuses a place that rests on too little text, and lines that already stand where they would go in."""
    old = [line for line in lines if line.role != ADDED and line.text.strip(BLANKS)]
    removes = any(line.role == REMOVED for line in lines)
    on_the_line = hunk.start is not None and placed.first == hunk.start - 1
    if _nearly_fits_at_number(placed, target, old, hunk):
        raise PatchError(
            "ambiguous",
            f"hunk {number} fits line {placed.first + 1}, and nearly line {hunk.start} of its header",
            path=target.path,
            hunk=number,
            nearest=nearest_lines(target.file.lines, lines, hunk.start),
            hint="copy the unchanged lines exactly",
        )
    enough = any(distinctive(line.text) for line in old)
    if placed.tier == "exact":
        enough = enough or (removes and len(old) > 1) or (on_the_line and bool(old))
    if not enough:
        raise PatchError(
            "ambiguous",
            f"hunk {number} has too little text around the change to be sure of the place",
            path=target.path,
            hunk=number,
            nearest=nearest_lines(target.file.lines, lines, hunk.start),
            hint="repeat three unchanged lines on each side",
        )
    if lines[0].role == ADDED and hunk.start in (0, 1) and placed.first and hunk.old_count:
        raise PatchError(
            "mismatch",
            f"hunk {number} is to stand at the top of the file, but its lines do not",
            path=target.path,
            hunk=number,
            nearest=nearest_lines(target.file.lines, lines, hunk.start),
            hint="repeat the lines above the change",
        )
    if not removes:
        for edit in placed.edits:
            size = len(edit.texts)
            here = target.file.lines
            if any(text.strip() for text in edit.texts) and edit.texts in (
                here[edit.start : edit.start + size],
                here[max(0, edit.start - size) : edit.start],
            ):
                raise _applied(target, number)
    return placed


def _nearly_fits_at_number(placed: Placement, target: Target, old: Sequence[Line], hunk: Hunk) -> bool:
    """Whether all old lines but one stand where the header points, far from ``placed``: a line that is
    miscopied in the right place makes the hunk fit a wrong one. ``old`` are the old lines that are not
    blank."""
    start = (hunk.start or 0) - 1
    size = len(hunk.old) + 3
    if start < 0 or len(old) < 3 or abs(placed.first - start) <= size:
        return False
    there = Counter(line.strip(BLANKS) for line in target.file.lines[start : start + size])
    wanted = Counter(line.text.strip(BLANKS) for line in old)
    return (wanted & there).total() >= len(old) - 1


def _tie_break(hunk: Hunk, target: Target, found: Sequence[Placement]) -> Placement | None:
    in_section = [placed for placed in found if _in_section(placed.first, hunk.section, target)]
    if hunk.start is not None:
        at = [placed for placed in found if placed.first == hunk.start - 1]
        if at:
            return None if in_section and at[0] not in in_section else at[0]
    if len(in_section) == 1:
        return in_section[0]
    if hunk.start is not None and not in_section:
        start = hunk.start - 1
        best, rival = sorted(found, key=lambda placed: abs(placed.first - start))[:2]
        if abs(best.first - start) <= NEAR and abs(rival.first - start) >= FAR:
            return best
    return None


def _in_section(at: int, section: bytes, target: Target) -> bool:
    """Whether the nearest line above that heads line ``at`` is the one that the hunk's header quotes."""
    wanted = section.strip(BLANKS)
    if not wanted:
        return False
    lines = target.file.lines
    depth: int | None = None
    for number in range(at, max(-1, at - 5000), -1):
        if number >= len(lines):
            continue
        line = lines[number]
        text = line.strip(BLANKS)
        if not text:
            continue
        indent = len(indent_of(line))
        if number < at and text.startswith(wanted):
            return depth is None or indent < depth or indent == 0
        if depth is None or indent < depth:
            depth = indent
    return False


def _same_offset(hunk: Hunk, target: Target, found: Sequence[Placement], offsets: set[int], number: int) -> Placement:
    """All other hunks of the file are off by the same number of lines: then this one is, too."""
    if len(offsets) == 1 and hunk.start is not None:
        first = hunk.start - 1 + next(iter(offsets))
        for placed in found:
            if placed.first == first:
                return placed
    places = ", ".join(str(placed.first + 1) for placed in found[:4])
    raise PatchError(
        "ambiguous",
        f"hunk {number} fits {target.path} in several places (lines {places})",
        path=target.path,
        hunk=number,
        hint="repeat more unchanged lines around the change",
    )


def _nowhere(target: Target, lines: Sequence[Line], number: int) -> PatchError:
    """The refusal for lines that are not in the file: what differs, and what is really there."""
    nearest = nearest_lines(target.file.lines, lines, None)
    elided = [line for line in lines if line.role == CONTEXT and is_elision(line.text)]
    if elided:
        return PatchError(
            "elided",
            f"hunk {number} leaves out lines of {target.path}",
            path=target.path,
            hunk=number,
            nearest=nearest,
            hint="write one hunk for each part, every line in full",
        )
    missing = [line for line in lines if line.role == REMOVED and line.text.rstrip(BLANKS) not in target.trimmed]
    known = sum(line.role != ADDED and line.text.rstrip(BLANKS) in target.trimmed for line in lines)
    if missing and known:
        quoted = missing[0].text.strip(BLANKS)[:80].decode("utf-8", "replace")
        return PatchError(
            "mismatch",
            f"hunk {number} removes a line that {target.path} does not have: {quoted}",
            path=target.path,
            hunk=number,
            nearest=nearest,
            hint="copy removed lines exactly from the file",
        )
    return PatchError(
        "not-found",
        f"hunk {number} is nowhere in {target.path}",
        path=target.path,
        hunk=number,
        nearest=nearest,
        hint="copy unchanged and removed lines exactly from the file",
    )
