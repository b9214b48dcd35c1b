"""The one internal form that every dialect is read into: what is meant, before a place is found for it."""

from __future__ import annotations

from dataclasses import dataclass, field

CONTEXT, REMOVED, ADDED = " ", "-", "+"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a hunk: its role and its text, without marker and line feed (a carriage return is kept).

    ``bare`` is the text as it stood, marker and all: models drop the blank in front of context lines, and
    then it is the bare text that stands in the file.
    """

    role: str
    text: bytes
    bare: bytes = b""


@dataclass(frozen=True, slots=True)
class Hunk:
    """Lines to find and what to make of them.

    ``start`` (counted from 1), the counts and ``section`` are what a header claims: hints, and often wrong.
    ``old_newline`` and ``new_newline`` are False where the answer says that this side has no final newline.
    """

    lines: tuple[Line, ...]
    start: int | None = None
    old_count: int | None = None
    new_count: int | None = None
    section: bytes = b""
    old_newline: bool = True
    new_newline: bool = True

    @property
    def old(self) -> list[bytes]:
        return [line.text for line in self.lines if line.role != ADDED]

    @property
    def new(self) -> list[bytes]:
        return [line.text for line in self.lines if line.role != REMOVED]

    @property
    def counted(self) -> bool:
        """The header's counts are those of the lines."""
        return self.old_count == len(self.old) and self.new_count == len(self.new)

    @property
    def changes(self) -> bool:
        return self.old != self.new or self.old_newline != self.new_newline


@dataclass(frozen=True, slots=True)
class FilePatch:
    """What an answer means to do to one file. Paths are as written (unquoted); ``None`` where none is given.

    ``creates`` and ``deletes`` are only set where the answer says so outright. ``moves`` holds for a rename,
    ``copies`` for a copy. ``whole`` is the complete new content, where the answer gives that instead of
    hunks. ``also`` are other names that the same header uses, which must mean the same files."""

    old_path: str | None = None
    new_path: str | None = None
    hunks: tuple[Hunk, ...] = ()
    old_mode: int | None = None
    new_mode: int | None = None
    creates: bool = False
    deletes: bool = False
    moves: bool = False
    copies: bool = False
    whole: bytes | None = None
    also: tuple[str, ...] = ()

    @property
    def named(self) -> bool:
        return self.old_path is not None or self.new_path is not None


@dataclass(frozen=True, slots=True)
class Block:
    """A part of an answer that may hold a patch: a fence's content, or lines outside every fence.

    ``info`` is the fence's info string, ``before`` the prose since the last block. ``closed`` is False where
    the answer ended without closing the fence; ``final`` says that nothing follows the block, and ``ended``
    that the answer stops at the end of a line.
    """

    lines: tuple[bytes, ...]
    info: str = ""
    before: tuple[str, ...] = field(default=())
    fenced: bool = True
    closed: bool = True
    final: bool = False
    ended: bool = True
