"""SEARCH/REPLACE blocks: lines to find, a row of equal signs, lines to put there."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..errors import PatchError
from .form import ADDED, CONTEXT, REMOVED, Block, FilePatch, Hunk, Line
from .header import path_of
from .render import opcodes

_SEARCH = re.compile(rb"<{5,9} ?(?:SEARCH|ORIGINAL|OLD|BEFORE)\b[ \t:>]*(.*)$")
_MIDDLE = re.compile(rb"={5,9}\s*$")
_REPLACE = re.compile(rb">{5,9}(?:[ \t]*$| ?(?:REPLACE|UPDATED|NEW|AFTER)\b)")
_NOTE = re.compile(rb"[*_]{0,3}(?:Fix|Reason|Justification)[*_]{0,3}:")
_PATH = re.compile(
    rb"[#*`>\s/-]*(?:(?:file(?:name)?|path)\s*:\s*)?[*`]*([^\s*`:]+(?: [^\s*`:]+)*)[*`]*\s*:?\s*$",
    re.IGNORECASE,
)


def is_search_replace(block: Block) -> bool:
    return any(_SEARCH.match(line) for line in block.lines)


def parse(block: Block) -> list[FilePatch]:
    """One file patch a SEARCH/REPLACE pair. Raises ``PatchError`` ``truncated`` when a part is missing."""
    patches: list[FilePatch] = []
    path: str | None = None
    lines, at = block.lines, 0
    while at < len(lines):
        head = _SEARCH.match(lines[at])
        if head is None:
            named = _PATH.match(lines[at]) if lines[at].strip() else None
            path = (path_of(named[1]) or path) if named else path
            at += 1
            continue
        middle = _seek(lines, at + 1, _MIDDLE)
        end = _end(block, middle + 1)
        here = path_of(head[1]) or path
        patches.append(_patch(here, lines[at + 1 : middle], _replacement(lines, middle + 1, end)))
        at = end + 1
    return patches


def _seek(lines: Sequence[bytes], at: int, mark: re.Pattern[bytes]) -> int:
    for number in range(at, len(lines)):
        if mark.match(lines[number]):
            return number
        if _SEARCH.match(lines[number]):
            break
    raise PatchError(
        "truncated", "a SEARCH/REPLACE block is not complete", hint="end every block with >>>>>>> REPLACE"
    )


def _end(block: Block, at: int) -> int:
    """Where the replacement that begins at ``at`` ends. Small models forget to say so: then at the note that follows, or
    with the fence. Where the answer merely ends, it may have been cut."""
    try:
        return _seek(block.lines, at, _REPLACE)
    except PatchError:
        if any(_SEARCH.match(line) or _MIDDLE.match(line) for line in block.lines[at:]):
            raise
        note = next((i for i in range(at, len(block.lines)) if _NOTE.match(block.lines[i])), None)
        if note is None and not (block.fenced and block.closed):
            raise
        return len(block.lines) if note is None else note


def _replacement(lines: Sequence[bytes], first: int, end: int) -> Sequence[bytes]:
    """``lines[first:end]``, without the blank lines before a note that ends it."""
    if end < len(lines) and _NOTE.match(lines[end]):
        while end > first and not lines[end - 1].strip():
            end -= 1
    return lines[first:end]


def _patch(path: str | None, old: Sequence[bytes], new: Sequence[bytes]) -> FilePatch:
    if not any(line.strip() for line in old):
        whole = b"".join(line + b"\n" for line in new)
        return FilePatch(new_path=path, creates=True, whole=whole)
    return FilePatch(old_path=path, new_path=path, hunks=(Hunk(as_lines(old, new)),))


def as_lines(old: Sequence[bytes], new: Sequence[bytes]) -> tuple[Line, ...]:
    """Old and new text as the lines of a hunk: what both have is context, and keeps the file's own bytes."""
    lines: list[Line] = []
    at = 0
    for a0, a1, b0, b1 in opcodes(old, new):
        lines += [Line(CONTEXT, text, text) for text in old[at:a0]]
        lines += [Line(REMOVED, text, text) for text in old[a0:a1]]
        lines += [Line(ADDED, text, text) for text in new[b0:b1]]
        at = a1
    return (*lines, *(Line(CONTEXT, text, text) for text in old[at:]))
