"""A whole file given instead of a diff: taken only when it differs little from the one that it names."""

from __future__ import annotations

from collections.abc import Sequence

from ..errors import PatchError
from .edits import Edit
from .elided import is_elision
from .render import opcodes
from .text import BOM, TextFile, chomp, split_lines
from .tiers import BLANKS

MAX_CHANGED = 40
# How many lines in a row may vanish without anything in their place: more look like a part that was left out.
MAX_VANISHED = 3


def edits_of(path: str, file: TextFile, content: bytes) -> tuple[Edit, ...]:
    """The edits that turn ``file`` into ``content``. Blanks at line ends are no difference: the file's stay.

    Raises ``PatchError``: ``elided`` when parts seem to be left out, ``mismatch`` when too much differs.
    """
    new = [chomp(line) for line in split_lines(content.removeprefix(BOM))]
    own = set(file.lines)
    for line in new:
        if is_elision(line) and line not in own:
            raise PatchError("elided", f"the text for {path} leaves out lines", path=path, hint="send a diff")
    old_keys, new_keys = [line.rstrip(BLANKS) for line in file.lines], [line.rstrip(BLANKS) for line in new]
    codes = opcodes(old_keys, new_keys)
    _check_size(path, file.lines, codes)
    return tuple(Edit(a0, a1, tuple(new[b0:b1])) for a0, a1, b0, b1 in codes)


def _check_size(path: str, old: Sequence[bytes], codes: Sequence[tuple[int, int, int, int]]) -> None:
    removed = sum(a1 - a0 for a0, a1, _, _ in codes)
    changed = removed + sum(b1 - b0 for _, _, b0, b1 in codes)
    if changed > MAX_CHANGED or 2 * removed > len(old):
        raise PatchError(
            "mismatch",
            f"the text for {path} differs from the file in {changed} lines",
            path=path,
            hint="send a diff",
        )
    for a0, a1, b0, b1 in codes:
        gone = (a1 - a0) - (b1 - b0)
        at_an_end = (a0 == 0 or a1 == len(old)) and gone > 0
        if gone > MAX_VANISHED or (at_an_end and any(line.strip() for line in old[a0:a1])):
            raise PatchError(
                "elided",
                f"the text for {path} lacks its lines {a0 + 1} to {a1}",
                path=path,
                hint="send a diff",
            )
