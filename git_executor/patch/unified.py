"""Unified diffs, in every shape that models and tools give them.

Header counts are not trusted for structure: the lines themselves say where a hunk ends. They are evidence,
though, that the end of an answer is missing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from ..errors import PatchError
from .form import ADDED, CONTEXT, REMOVED, Block, FilePatch, Hunk, Line
from .header import DEV_NULL, git_names, path_of

_RANGES = re.compile(rb"-(\d{1,9})(?:,(\d{1,9}))?[ \t,]+\+(\d{1,9})(?:,(\d{1,9}))?")
_HUNK = re.compile(rb"@@(?!@)(.*?)(?:@@(.*))?$")
_MODE = re.compile(rb"(old|new|deleted file|new file) mode ([0-7]{6})\s*$")
_MOVE = re.compile(rb"(rename|copy) (from|to) (.+)$")
_NOTE = re.compile(
    rb"[ \t>*_#-]*(?:fix|reason|justification|note|notes|explanation|summary|description|rationale|why)\b"
    rb"[ *_]{0,4}[:\-]",
    re.IGNORECASE,
)
_BULLET = re.compile(rb"[-*] [A-Za-z`*\"'(]")
_SIGNATURE = re.compile(rb"\d+\.\d+[\d.a-z-]*\s*$")

MAX_HUNK_LINES, MAX_FILES = 50_000, 1000
_CONTEXT_DIFF = b"***************"


def is_unified(block: Block) -> bool:
    """Whether the block holds anything that only a unified diff has."""
    lines = block.lines
    return any(
        line.startswith((b"diff --git ", _CONTEXT_DIFF))
        or (line.startswith(b"@@") and _HUNK.match(line) is not None)
        or is_file_header(lines, at)
        for at, line in enumerate(lines)
    ) or (_marked_as_diff(block) and any(line[:1] in (b"+", b"-") for line in lines))


def is_file_header(lines: Sequence[bytes], at: int) -> bool:
    """A ``---`` line with its ``+++`` line."""
    return lines[at].startswith(b"--- ") and at + 1 < len(lines) and lines[at + 1].startswith(b"+++ ")


def is_hunk_header(line: bytes) -> bool:
    return line.startswith(b"@@") and _HUNK.match(line) is not None


def is_note(line: bytes) -> bool:
    """A line such as ``Fix: ...`` that explains a diff and is no part of it."""
    return _NOTE.match(line) is not None


def parse(block: Block) -> list[FilePatch]:
    """The file patches of a block, in order. Raises ``PatchError``: ``truncated`` or ``malformed``."""
    if any(line.startswith(_CONTEXT_DIFF) for line in block.lines):
        raise PatchError("malformed", "the answer is a context diff", hint="send a unified diff")
    reader = _Reader(block)
    reader.run()
    patches = [draft.finish() for draft in reader.drafts if draft.says_something]
    if reader.drafts and not reader.drafts[-1].says_something:
        raise PatchError("truncated", "the diff ends after a file header", hint="send the complete diff")
    if block.final and patches and patches[-1].hunks:
        _check_end(block, patches[-1])
    return patches


@dataclass
class _Draft:
    """A file patch while it is being read."""

    old_path: str | None = None
    new_path: str | None = None
    git: tuple[str | None, str | None] = (None, None)
    names: list[str | None] = field(default_factory=list)  # all that the header calls the file
    hunks: list[Hunk] = field(default_factory=list)
    modes: dict[bytes, int] = field(default_factory=dict)
    moves: bool = False
    copies: bool = False

    @property
    def says_something(self) -> bool:
        return bool(self.hunks or self.modes or self.moves or self.copies)

    def finish(self) -> FilePatch:
        old, new = self.old_path or self.git[0], self.new_path or self.git[1]
        creates = old == DEV_NULL or b"new file" in self.modes
        deletes = new == DEV_NULL or b"deleted file" in self.modes
        if creates and deletes:
            raise PatchError("malformed", "a diff header says both that a file is new and that it is deleted")
        return FilePatch(
            old_path=None if creates else old,
            new_path=None if deletes else new,
            hunks=tuple(self.hunks),
            old_mode=self.modes.get(b"old", self.modes.get(b"deleted file")),
            new_mode=self.modes.get(b"new", self.modes.get(b"new file")),
            creates=creates,
            deletes=deletes,
            moves=self.moves,
            copies=self.copies,
            also=tuple(dict.fromkeys(name for name in self.names if name and name not in (old, new, DEV_NULL))),
        )


class _Reader:
    def __init__(self, block: Block) -> None:
        self.block, self.lines, self.at = block, block.lines, 0
        self.drafts: list[_Draft] = []
        self.indexed: list[str | None] = []  # the name of an "Index:" line, for the header that follows

    def run(self) -> None:
        while self.at < len(self.lines):
            line = self.lines[self.at]
            if len(self.drafts) > MAX_FILES:
                raise PatchError("malformed", f"the diff has more than {MAX_FILES} file headers", hint="send one small diff")
            if line.startswith(b"diff --git "):
                names = git_names(line[11:])
                self.drafts.append(_Draft(git=names, names=[*names]))
                self.at += 1
            elif is_file_header(self.lines, self.at):
                draft = self._draft_for_names()
                draft.old_path = path_of(line[4:])
                draft.new_path = path_of(self.lines[self.at + 1][4:])
                self.at += 2
            elif is_hunk_header(line):
                self._hunk(line)
            elif not self._lone_name(line) and not self._extended(line):
                if self._starts_body(line):
                    self._body(Hunk(()))
                    continue
                if line.startswith(b"Index: "):
                    self.indexed = [path_of(line[7:])]
                self.at += 1

    def _draft_for_names(self) -> _Draft:
        last = self.drafts[-1] if self.drafts else None
        if last is None or last.hunks or last.old_path or last.new_path:
            self.drafts.append(_Draft(names=self.indexed))
            self.indexed = []
        return self.drafts[-1]

    def _lone_name(self, line: bytes) -> bool:
        """Only one of the two name lines, directly before a hunk."""
        follows = self.at + 1 < len(self.lines) and is_hunk_header(self.lines[self.at + 1])
        if not follows or line[:4] not in (b"--- ", b"+++ "):
            return False
        draft = self._draft_for_names()
        draft.old_path = draft.new_path = path_of(line[4:])
        self.at += 1
        return True

    def _extended(self, line: bytes) -> bool:
        """Git's extended header lines: modes and moves."""
        if line.startswith((b"GIT binary patch", b"Binary files ")):
            raise PatchError("malformed", "the answer holds a binary patch", hint="only text can be changed")
        mode, move = _MODE.match(line), _MOVE.match(line)
        if (mode is None and move is None) or (self.drafts and self.drafts[-1].hunks):
            return False
        if not self.drafts:
            self.drafts.append(_Draft())
        draft = self.drafts[-1]
        if mode:
            draft.modes[mode[1]] = int(mode[2], 8)
        elif move:
            draft.moves, draft.copies = (
                draft.moves or move[1] == b"rename",
                draft.copies or move[1] == b"copy",
            )
            # Git writes these two without the a/ and b/ that the other names have.
            name = path_of(move[3]) or ""
            draft.git = ("a/" + name, draft.git[1]) if move[2] == b"from" else (draft.git[0], "b/" + name)
            draft.names.append(draft.git[move[2] == b"to"])
        self.at += 1
        return True

    def _starts_body(self, line: bytes) -> bool:
        """Changed lines without any ``@@`` before them."""
        if line[:1] not in (b"+", b"-", b" ") or line.startswith((b"+++ ", b"--- ")):
            return False
        if self.drafts:
            return not self.drafts[-1].hunks and self.drafts[-1].old_path is not None
        return _marked_as_diff(self.block) and not any(map(is_hunk_header, self.lines))

    def _hunk(self, line: bytes) -> None:
        header = _HUNK.match(line)
        inside, after = (header[1], header[2]) if header else (b"", None)
        ranges = _RANGES.search(inside)
        section = after if after and after.strip() else (b"" if ranges else inside)
        hunk = Hunk((), section=_without_dots(section))
        if ranges:
            first, old, _, new = ranges.groups()
            hunk = replace(
                hunk,
                start=int(first),
                old_count=1 if old is None else int(old),
                new_count=1 if new is None else int(new),
            )
        self.at += 1
        self._body(hunk)

    def _body(self, hunk: Hunk) -> None:
        start, stop = self.at, self.at
        while stop < len(self.lines) and not self._ends_hunk(stop, start, hunk):
            stop += 1
        self.at = stop
        if stop - start > MAX_HUNK_LINES:
            raise PatchError("malformed", f"a hunk has {stop - start} lines, too many to be a small fix")
        kept = _without_tail(self.lines[start:stop], hunk, self.block.fenced)
        hunk = _with_lines(hunk, kept)
        if not hunk.lines:
            kind = "truncated" if stop >= len(self.lines) else "malformed"
            raise PatchError(kind, "a hunk has no lines", hint="send every hunk with its lines")
        if not self.drafts:
            self.drafts.append(_Draft())
        self.drafts[-1].hunks.append(hunk)

    def _ends_hunk(self, at: int, start: int, hunk: Hunk) -> bool:
        line = self.lines[at]
        if line.startswith((b"diff --git ", b"Index: ", b"*** End Patch")) or is_hunk_header(line):
            return True
        if _heads_a_file(self.lines, at):
            return True
        if not is_file_header(self.lines, at):
            return False
        # A removed "-- x" above an added "++ y" looks the same: the counts tell, and what comes next.
        so_far = _with_lines(hunk, list(self.lines[start : at + 2]))
        next_is_hunk = at + 2 < len(self.lines) and is_hunk_header(self.lines[at + 2])
        return not so_far.counted and (next_is_hunk or hunk.start is None)


def _heads_a_file(lines: Sequence[bytes], at: int) -> bool:
    """Whether the line can be nothing but the header of a next file, whatever the counts say: both names with
    the prefixes of a tool or the same path, or one such name alone above ``@@``."""
    if not lines[at].startswith((b"--- ", b"+++ ")):
        return False
    name, prefixed = path_of(lines[at][4:]) or "", (b"--- a/", b"+++ b/")
    if is_file_header(lines, at):
        other = path_of(lines[at + 1][4:]) or ""
        return (
            DEV_NULL in (name, other)
            or (name == other and "/" in name)
            or (lines[at].startswith(prefixed) and lines[at + 1].startswith(prefixed))
        )
    return lines[at].startswith(prefixed) and at + 1 < len(lines) and is_hunk_header(lines[at + 1])


def _without_dots(section: bytes) -> bytes:
    """A section's text less the blanks and the ``...`` around it; a single dot may be part of a name."""
    text = section.strip(b" \t\r")
    while text.startswith(b"..."):
        text = text.lstrip(b".").lstrip(b" \t")
    while text.endswith(b"..."):
        text = text.rstrip(b".").rstrip(b" \t")
    return text


def _with_lines(hunk: Hunk, raw: Sequence[bytes]) -> Hunk:
    lines: list[Line] = []
    old_newline = new_newline = True
    for line in raw:
        marker = line[:1]
        if marker == b"\\" and lines and b"newline" in line.lower():
            old_newline = old_newline and lines[-1].role == ADDED
            new_newline = new_newline and lines[-1].role == REMOVED
        elif marker == b"+":
            lines.append(Line(ADDED, line[1:], line))
        elif marker == b"-":
            lines.append(Line(REMOVED, line[1:], line))
        elif marker == b" ":
            lines.append(Line(CONTEXT, line[1:], line))
        else:
            lines.append(Line(CONTEXT, line, line))
    return replace(hunk, lines=tuple(lines), old_newline=old_newline, new_newline=new_newline)


def _without_tail(raw: Sequence[bytes], hunk: Hunk, fenced: bool) -> Sequence[bytes]:
    """The hunk's own lines: prose, notes and blank lines that follow it are cut, never a line that could
    be its."""
    end = _prose_start(raw, hunk, fenced)
    while end and not raw[end - 1].strip(b"\r"):
        end -= 1
    if end >= 2 and raw[end - 2].rstrip() == b"--" and _SIGNATURE.match(raw[end - 1]):
        end -= 2
    elif end and end < len(raw) and raw[end - 1].rstrip() == b"--" and _SIGNATURE.match(raw[end]):
        end -= 1
    return raw[:end]


def _prose_start(raw: Sequence[bytes], hunk: Hunk, fenced: bool) -> int:
    """Where notes or prose begin after the last changed line; ``len(raw)`` when all lines may be the hunk's.

    A bullet looks like a removed line: it is prose only where the counts say that the hunk is complete.
    """
    bullets = [at for at, line in enumerate(raw) if _BULLET.match(line)]
    changed = [at for at, line in enumerate(raw) if line[:1] in (b"+", b"-") and not _BULLET.match(line)]
    first, last_bullet = (changed[-1] + 1 if changed else 0), (bullets[-1] if bullets else -1)
    old = new = blank = 0
    for at, line in enumerate(raw):
        if not line.strip(b"\r"):
            blank += 1
            continue
        unmarked = line[:1] not in (b" ", b"+", b"-", b"\\", b"\t")
        if at >= first:
            complete = (old, new) == (hunk.old_count, hunk.new_count)
            apart = blank > 0 and (complete or (unmarked and hunk.start is None))
            joined = unmarked and at > last_bullet and (blank or complete or raw[at - 1][:1] == b" ")
            if unmarked and is_note(line):
                return at
            if not fenced and (joined or (apart and (unmarked or _BULLET.match(line)))):
                return at
        old += blank + (line[:1] not in (b"+", b"\\"))
        new += blank + (line[:1] not in (b"-", b"\\"))
        blank = 0
    return len(raw)


def _check_end(block: Block, patch: FilePatch) -> None:
    """Refuses a diff at the very end of an answer when lines of it may be missing."""
    if block.fenced and block.closed:
        return
    hunk = patch.hunks[-1]
    complete = _complete_in_open_fence(hunk) if block.fenced else _complete_at_end(hunk, block.ended)
    if not complete:
        raise PatchError(
            "truncated",
            "the answer ends in the middle of a hunk",
            path=patch.new_path or patch.old_path or "",
            hunk=len(patch.hunks),
            hint="send the complete diff in a closed fence",
        )


def _complete_in_open_fence(hunk: Hunk) -> bool:
    """A fence that is never closed is a sign that the answer was cut: only right counts speak against it."""
    return hunk.counted and hunk.lines[-1].role == CONTEXT


def _complete_at_end(hunk: Hunk, ended: bool) -> bool:
    """Outside fences wrong counts alone prove nothing; what must not be missing is a changed line.

    A header that claims nothing but more context, up to the usual three lines on each side, is fine.
    """
    marked = not (hunk.old_newline and hunk.new_newline)
    in_context = hunk.lines[-1].role == CONTEXT
    if hunk.old_count is None or hunk.new_count is None:
        return in_context
    old_missing, new_missing = hunk.old_count - len(hunk.old), hunk.new_count - len(hunk.new)
    if old_missing <= 0 and new_missing <= 0:
        return in_context or ended or marked
    removed = sum(line.role == REMOVED for line in hunk.lines)
    return ended and in_context and old_missing == new_missing and hunk.old_count - removed <= 6


def _marked_as_diff(block: Block) -> bool:
    return block.info.lower().split(" ")[0].strip("{}.:") in ("diff", "patch", "udiff")
