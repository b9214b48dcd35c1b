"""The ``*** Begin Patch`` form that some coding agents are taught: unified hunks without numbers."""

from __future__ import annotations

from collections.abc import Sequence

from ..errors import PatchError
from . import unified
from .form import Block, FilePatch
from .header import decode

_BEGIN, _END = b"*** Begin Patch", b"*** End Patch"
_UPDATE, _ADD, _DELETE, _MOVE = b"*** Update File:", b"*** Add File:", b"*** Delete File:", b"*** Move to:"
_HEADS = (_UPDATE, _ADD, _DELETE)


def is_begin_patch(block: Block) -> bool:
    return any(line.startswith((_BEGIN, *_HEADS)) for line in block.lines)


def parse(block: Block) -> list[FilePatch]:
    """One file patch a section. Raises ``PatchError`` ``truncated`` when ``*** End Patch`` is missing."""
    lines = [line.rstrip(b"\r") if line.startswith(b"***") else line for line in block.lines]
    begun = any(line.startswith(_BEGIN) for line in lines)
    ended = [at for at, line in enumerate(lines) if line.startswith(_END)]
    if not ended and (begun or not block.closed or not block.fenced):
        raise PatchError("truncated", "the patch has no *** End Patch", hint="send the complete patch")
    lines = lines[: ended[-1]] if ended else lines
    heads = [at for at, line in enumerate(lines) if line.startswith(_HEADS)]
    if not heads:
        # Begin and End around an ordinary unified diff.
        return unified.parse(Block(tuple(line for line in lines if not line.startswith(b"***"))))
    return [_section(lines[at], lines[at + 1 : stop]) for at, stop in zip(heads, [*heads[1:], len(lines)], strict=True)]


def _section(head: bytes, body: Sequence[bytes]) -> FilePatch:
    kind = next(kind for kind in _HEADS if head.startswith(kind))
    path = decode(head[len(kind) :].strip())
    body = [line for line in body if not line.startswith((_BEGIN, b"*** End of File"))]
    if kind == _DELETE:
        return FilePatch(old_path=path, deletes=True)
    if kind == _ADD:
        while body and not body[-1].strip():
            body.pop()
        if not all(line.startswith(b"+") for line in body):
            raise PatchError("malformed", "a line of an added file does not begin with +", path=path)
        return FilePatch(new_path=path, creates=True, whole=b"".join(line[1:] + b"\n" for line in body))
    moved = [decode(line[len(_MOVE) :].strip()) for line in body if line.startswith(_MOVE)]
    body = [line for line in body if not line.startswith(_MOVE)]
    first = next((line for line in body if line.strip()), b"")
    if first and not first.startswith((b"@@", b"---")):
        body.insert(0, b"@@")
    patches = unified.parse(Block((*_joined_sections(body),), info="diff")) if first else []
    if len(patches) > 1:
        raise PatchError("malformed", f"the section for {path} holds headers of other files", path=path)
    hunks = patches[0].hunks if patches else ()
    if not hunks and not moved:
        raise PatchError("truncated", f"the section for {path} is empty", path=path)
    return FilePatch(old_path=path, new_path=moved[0] if moved else path, hunks=hunks, moves=bool(moved))


def _joined_sections(body: Sequence[bytes]) -> list[bytes]:
    """Of several ``@@`` lines in a row the last, the innermost, names the place best."""
    return [
        line
        for at, line in enumerate(body)
        if not (line.startswith(b"@@") and at + 1 < len(body) and body[at + 1].startswith(b"@@"))
    ]
