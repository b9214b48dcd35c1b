"""The blocks of an answer that may hold a patch: the contents of fences, and diffs that stand between
prose."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

from ..errors import PatchError
from .form import Block
from .header import decode

_FENCE = re.compile(rb"((?:[ \t]*(?:[-*]|\d{1,3}[.)])[ \t]+|[ \t]*))(`{3,}|~{3,})[ \t]*([^`\r]*)\r?$")
_START = re.compile(
    rb"((?:[ \t]*>)*[ \t]*)(?:diff --git \S|--- \S|\+\+\+ \S|@@(?!@)|"
    rb"\*\*\* (?:Begin Patch|Update File:|Add File:|Delete File:)|"
    rb"<{5,9} ?(?:SEARCH|ORIGINAL|OLD|BEFORE)\b)"
)
_REPLACE = re.compile(rb">{5,9}(?:[ \t]*$| ?(?:REPLACE|UPDATED|NEW|AFTER)\b)")
_ITEM = re.compile(rb"\s*(?:[-+] |[*\d])")
_TAG = re.compile(
    rb"[ \t]*</?(?:diff|patch|answer|response|output|code|pre|fix|solution|result|final)\b[^>\n]{0,80}>\s*$",
    re.IGNORECASE,
)
_GIT_HEADER = (
    b"diff --git ",
    b"index ",
    b"old mode",
    b"new mode",
    b"new file",
    b"deleted file",
    b"rename ",
    b"similarity ",
    b"dissimilarity ",
    b"copy ",
    b"Index: ",
    b"====",
    b"\\",
)
# Fences that may hold other fences: an answer wrapped as a whole.
_WRAPPERS = ("", "markdown", "md", "text", "txt", "plaintext", "answer", "response", "output", "mdx")

MAX_BLOCKS = 1000
MAX_LINES = 250_000
MAX_DEPTH = 3
MAX_PAIR_LINES = 2000


def blocks(text: bytes) -> list[Block]:
    """Every block of ``text``, in order; together with the prose before each of them."""
    refuse_long(text)
    lines = text.split(b"\n")
    if lines and not lines[-1]:
        lines.pop()
    found = list(islice(_scan(lines), MAX_BLOCKS + 1))
    if len(found) > MAX_BLOCKS:
        raise PatchError(
            "malformed", f"the answer has more than {MAX_BLOCKS} parts", hint="send one small diff"
        )
    return _mark_final(found, text.endswith(b"\n"))


def refuse_long(text: bytes) -> None:
    """Raises ``PatchError`` ``malformed`` for more lines than a large file has, quoted as a whole."""
    if text.count(b"\n") > MAX_LINES:
        raise PatchError("malformed", f"the answer has more than {MAX_LINES} lines", hint="send one small diff")


def _scan(lines: Sequence[bytes], depth: int = 0) -> Iterator[Block]:
    loose: list[bytes] = []
    at = 0
    hunk: bytes | None = None  # what stands in front of every line of the loose hunk that we are in
    while at < len(lines):
        line = lines[at]
        start = _START.match(line)
        if start and line[len(start[1]) :].startswith(b"@@"):
            hunk = start[1]
        elif hunk is not None and line.strip() and not _is_marked(line, hunk):
            hunk = None
        fence = _FENCE.match(line) if hunk is None else None
        if fence is None:
            after = _pair_end(lines, at) + 1
            loose += lines[at:after]
            at = after
            continue
        stop, closed = _closing(lines, at, fence)
        inner = _outdent(lines[at + 1 : stop], len(fence[1]))
        before, rest = _loose_blocks(loose)
        yield from before
        loose = []
        info = decode(fence[3]).strip()
        if depth < MAX_DEPTH and _nests(info, inner):
            nested = list(_scan(inner, depth + 1))
            for number, block in enumerate(nested):
                yield replace(block, before=(*rest, *block.before)) if number == 0 else block
        else:
            closed_here = closed and not _goes_on(lines, stop + 1)
            yield Block(tuple(_dedent(inner)), info, tuple(rest), closed=closed_here)
        at = stop + closed
    before, rest = _loose_blocks(loose)
    yield from before
    if rest:
        yield Block((), "", tuple(rest), fenced=False)


def _closing(lines: Sequence[bytes], at: int, fence: re.Match[bytes]) -> tuple[int, bool]:
    """The line that closes the fence opened at ``at``, and whether there is one.

    A fence is closed at its own indentation or further left, so that a fence in a file that the diff shows
    does not close it. A wrapper is closed after the fences that it holds.
    """
    mark, width = fence[2], len(fence[1])
    wrapper = decode(fence[3]).strip().lower() in _WRAPPERS
    depth = skip = 0
    for number in range(at + 1, len(lines)):
        skip = max(skip, _pair_end(lines, number))
        other = _FENCE.match(lines[number])
        if other is None or number < skip or other[2][:1] != mark[:1] or len(other[1]) > width:
            continue
        if other[3].strip():
            if wrapper:
                depth += 1
            elif other[3].strip().lower().startswith((b"diff", b"patch")):
                return number, False  # the next answer begins: this one was never closed
        elif len(other[2]) >= len(mark) or depth:
            if not depth:
                return number, True
            depth -= 1
    return len(lines), False


def _is_marked(line: bytes, prefix: bytes) -> bool:
    """Whether a line can belong to a hunk that stands behind ``prefix``."""
    return line.startswith(prefix) and line[len(prefix) : len(prefix) + 1] in (b" ", b"+", b"-", b"\\")


def _pair_end(lines: Sequence[bytes], at: int) -> int:
    """Where a SEARCH/REPLACE pair that begins at ``at`` ends; else ``at``. A fence within it is file
    content."""
    if not lines[at].startswith(b"<<<<<") or not _START.match(lines[at]):
        return at
    for number in range(at + 1, min(len(lines), at + MAX_PAIR_LINES)):
        if _REPLACE.match(lines[number]):
            return number
        if lines[number].startswith(b"<<<<<"):
            break
    return at


def _goes_on(lines: Sequence[bytes], at: int) -> bool:
    """Whether hunk lines follow right after a closing fence: then it was one of the file's, and closed
    nothing."""
    return at < len(lines) and lines[at][:1] in (b"+", b"-", b" ") and not _ITEM.match(lines[at])


def _nests(info: str, inner: Sequence[bytes]) -> bool:
    return info.lower() in _WRAPPERS and any(
        (fence := _FENCE.match(line)) is not None and fence[3].strip() and line[:1] not in (b"+", b"-", b" ")
        for line in inner
    )


def _outdent(lines: Sequence[bytes], width: int) -> list[bytes]:
    """``lines`` less the indentation of the fence that they are in, as far as they have it."""
    if not width or not all(not line[:width].strip() for line in lines):
        return list(lines)
    return [line[width:] for line in lines]


def _dedent(lines: Sequence[bytes]) -> list[bytes]:
    """``lines`` without what stands in front of a diff as a whole: an indentation, or the marks of a
    quotation."""
    for line in lines:
        start = _START.match(line)
        if start and start[1]:
            return [text for text, _ in _unprefixed(lines, start[1])]
        if start:
            break
    return list(lines)


def _unprefixed(lines: Sequence[bytes], prefix: bytes) -> Iterator[tuple[bytes, bool]]:
    """Each line without ``prefix``, and whether it had it; a blank line counts as having it."""
    for line in lines:
        if line.startswith(prefix):
            yield line[len(prefix) :], True
        elif line.rstrip() == prefix.rstrip() or not line.strip():
            yield b"", True
        else:
            yield line, False


def _loose_blocks(lines: Sequence[bytes]) -> tuple[list[Block], list[str]]:
    """Diffs that stand in no fence, and the prose that is left after them."""
    found: list[Block] = []
    prose: list[str] = []
    at = 0
    while at < len(lines):
        start = _START.match(lines[at])
        if start is None or not _opens(lines, at, start[1]):
            prose.append(decode(lines[at]))
            at += 1
            continue
        body: list[bytes] = []
        for text, had_it in _unprefixed(lines[at:], start[1]):
            if not had_it or _TAG.match(text):
                break
            body.append(text)
        pieces = _split_at_prose(body)
        for before, piece in pieces:
            found.append(Block(tuple(piece), "", (*prose, *before), fenced=False))
            prose = []
        at += len(body) + (at + len(body) < len(lines) and _TAG.match(lines[at + len(body)]) is not None)
    return found, prose


def _opens(lines: Sequence[bytes], at: int, prefix: bytes) -> bool:
    """A ``---`` or ``+++`` alone may be anything in prose: what follows tells."""
    here = lines[at][len(prefix) :]
    if not here.startswith((b"--- ", b"+++ ")):
        return True
    below = lines[at + 1][len(prefix) :] if at + 1 < len(lines) else b""
    return below.startswith((b"+++ ", b"@@"))


def _split_at_prose(body: Sequence[bytes]) -> Iterator[tuple[list[str], list[bytes]]]:
    """Two diffs with prose between them are two blocks."""
    start = 0
    before: list[str] = []
    for at in range(1, len(body)):
        start_here = _START.match(body[at])
        if start_here is None or start_here[1] or not _opens(body, at, b""):
            continue
        above = at
        while above > start and _is_prose(body[above - 1]):
            above -= 1
        said = [line for line in body[above:at] if line.strip()]
        if said:
            yield before, list(body[start:above])
            before, start = [decode(line) for line in said], at
    yield before, list(body[start:])


def _is_prose(line: bytes) -> bool:
    return not line.strip() or (
        line[:1] not in (b" ", b"+", b"-", b"@", b"\t", b"<", b"=", b">")
        and not line.startswith((*_GIT_HEADER, b"***"))
    )


def _mark_final(found: list[Block], ended: bool) -> list[Block]:
    """Only the last block can lack its end; a block that was never closed always may."""
    if found and not found[-1].lines and not any(line.strip() for line in found[-1].before):
        found.pop()
    return [
        replace(block, final=not block.closed or number == len(found), ended=ended)
        for number, block in enumerate(found, 1)
    ]
