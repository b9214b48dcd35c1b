"""File patches -> changes of a tree: paths resolved, places found, whole files old and new."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from ..domain import ABSENT, EXECUTABLE, REGULAR, SYMLINK, Blob, Change, Tree
from ..errors import PatchError
from .edits import Placement, apply
from .elided import is_elision
from .form import ADDED, FilePatch, Hunk
from .paths import fresh, resolve
from .place import place_all
from .text import BOM, TextFile
from .tiers import Target
from .whole import edits_of

MAX_PATCHES, MAX_HUNKS = 200, 1000
MAX_FILE_BYTES = 64 * 1024 * 1024
MAX_FILE_LINES = 1_000_000


def land(
    patches: Sequence[FilePatch], tree: Tree, preferred: Sequence[str]
) -> tuple[tuple[Change, ...], tuple[str, ...]]:
    """The changes that ``patches`` mean to ``tree``, and remarks on what had to be put right.

    All of them land or none does. Raises ``PatchError``.
    """
    if len(patches) > MAX_PATCHES or sum(len(patch.hunks) for patch in patches) > MAX_HUNKS:
        raise PatchError("malformed", "the answer has too many hunks to be a small fix", hint="send one small diff")
    warnings: list[str] = []
    changes: list[Change] = []
    for patch in _merged(patches, tree, preferred):
        changes += _changes(patch, tree, preferred, warnings)
    if not changes:
        raise PatchError("no-change", "the answer changes nothing", hint="send a diff that changes something")
    paths = [change.path for change in changes]
    if len(set(paths)) != len(paths):
        raise PatchError("overlap", "the answer does two different things to one file", path=paths[0])
    return tuple(changes), tuple(warnings)


def _merged(patches: Sequence[FilePatch], tree: Tree, preferred: Sequence[str]) -> Iterator[FilePatch]:
    """Patches with their real paths; the hunks of several patches to one file become those of one."""
    merged: dict[str, FilePatch] = {}
    others: list[FilePatch] = []
    for patch in patches:
        if patch.creates or patch.deletes or patch.moves or patch.copies or patch.whole is not None:
            others.append(patch)
            continue
        path = resolve((patch.old_path, patch.new_path), tree, preferred)
        known = merged.get(path)
        if known is None:
            merged[path] = replace(patch, old_path=path, new_path=path)
        else:
            merged[path] = replace(
                known,
                hunks=known.hunks + patch.hunks,
                old_mode=known.old_mode or patch.old_mode,
                new_mode=known.new_mode or patch.new_mode,
            )
    yield from merged.values()
    yield from others


def _changes(patch: FilePatch, tree: Tree, preferred: Sequence[str], warnings: list[str]) -> Iterator[Change]:
    if patch.creates:
        yield _created(patch, tree)
        return
    path = resolve((patch.old_path,), tree, preferred) if patch.old_path else _unnamed()
    blob = _text(tree, path)
    if patch.deletes:
        yield _deleted(patch, path, blob)
        return
    mode = _mode(patch, path, blob)
    new = _edited(patch, path, blob, warnings)
    if patch.moves or patch.copies:
        target = fresh(patch.new_path or "", tree)
        if tree.read(target) is not None:
            raise PatchError("malformed", f"{target} exists already", path=target)
        if patch.moves:
            yield Change(path, blob.data, None, blob.mode, ABSENT)
        yield Change(target, None, new, ABSENT, mode)
        return
    if new == blob.data and mode == blob.mode:
        raise PatchError("no-change", f"the answer changes nothing in {path}", path=path)
    yield Change(path, blob.data, new, blob.mode, mode)


def _unnamed() -> str:
    raise PatchError(
        "no-file",
        "the answer does not say which file it changes",
        hint="begin with --- a/path and +++ b/path",
    )


def _text(tree: Tree, path: str) -> Blob:
    blob = tree.read(path)
    if blob is None:
        raise PatchError("no-file", f"no such file: {path}", path=path)
    if b"\0" in blob.data or blob.data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise PatchError("malformed", f"{path} is not a text file of one byte a character", path=path)
    if len(blob.data) > MAX_FILE_BYTES or blob.data.count(b"\n") > MAX_FILE_LINES:
        raise PatchError("malformed", f"{path} is too large to be changed here", path=path)
    return blob


def _edited(patch: FilePatch, path: str, blob: Blob, warnings: list[str]) -> bytes:
    if patch.whole is None and not patch.hunks:
        return blob.data
    file = _as_lines(patch.hunks, blob.data)
    if patch.whole is not None:
        edits = edits_of(path, file, patch.whole)
        if not edits:
            raise PatchError("no-change", f"the text given for {path} is what it is already", path=path)
        return apply(file, [Placement(0, edits)])
    hunks = [_in_encoding(hunk, blob.data) for hunk in patch.hunks]
    _refuse_elided(hunks, file, path)
    try:
        placements = place_all(hunks, Target(path, file))
        new = apply(file, placements)
    except PatchError as error:
        error.path = error.path or path
        raise
    for number, (hunk, placed) in enumerate(zip(hunks, placements, strict=True), 1):
        if placed.tier != "exact":
            warnings.append(f"{path}, hunk {number}: matched with tolerance ({placed.tier})")
        elif hunk.old_count is not None and not hunk.counted:
            warnings.append(f"{path}, hunk {number}: the counts in its header were wrong")
    return new


def _as_lines(hunks: Sequence[Hunk], data: bytes) -> TextFile:
    """A byte order mark belongs to the first line where the answer shows it, and to no line otherwise."""
    file = TextFile.of(data)
    shown = file.bom and any(line.text.startswith(BOM) for hunk in hunks for line in hunk.lines if line.role != ADDED)
    if shown:
        first, *rest = file.lines or (b"",)
        return TextFile(b"", (file.bom + first, *rest), file.ends or (b"",))
    return file


def _in_encoding(hunk: Hunk, data: bytes) -> Hunk:
    """Answers are UTF-8; where the file is not, their text is put into the one encoding that it may be in."""
    if all(line.text.isascii() for line in hunk.lines) or _decodes(data, "utf-8"):
        return hunk
    try:
        lines = tuple(
            replace(line, text=line.text.decode().encode("latin-1"), bare=line.bare.decode().encode("latin-1"))
            for line in hunk.lines
        )
    except UnicodeError:
        return hunk
    return replace(hunk, lines=lines)


def _decodes(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _refuse_elided(hunks: Sequence[Hunk], file: TextFile, path: str) -> None:
    for number, hunk in enumerate(hunks, 1):
        for line in hunk.lines:
            if line.role == ADDED and is_elision(line.text) and line.text.rstrip() not in file.lines:
                quoted = line.text.strip()[:80].decode("utf-8", "replace")
                raise PatchError(
                    "elided",
                    f"hunk {number} adds a line that stands for others: {quoted}",
                    path=path,
                    hunk=number,
                    hint="write every added line in full",
                )
            if line.role == ADDED and b"\xef\xbf\xbd" in line.text:
                raise PatchError("malformed", f"hunk {number} adds a damaged character", path=path, hunk=number)


def _created(patch: FilePatch, tree: Tree) -> Change:
    path = fresh(patch.new_path or patch.old_path or "", tree)
    data = patch.whole if patch.whole is not None else _only(patch, ADDED)
    existing = tree.read(path)
    if existing is not None:
        kind = "applied" if existing.data == data else "malformed"
        raise PatchError(kind, f"{path} exists already", path=path, hint="send a diff against the file as it is")
    for line in data.split(b"\n"):
        if is_elision(line) and not path.endswith((".py", ".pyi", ".yaml", ".yml")):
            raise PatchError("elided", f"the new file {path} leaves out lines", path=path)
    if b"\0" in data:
        raise PatchError("malformed", f"the new file {path} is not text", path=path)
    return Change(path, None, data, ABSENT, _known_mode(patch.new_mode or REGULAR, path))


def _deleted(patch: FilePatch, path: str, blob: Blob) -> Change:
    if patch.hunks:
        shown = [line.rstrip(b"\r") for line in _only(patch, "-").split(b"\n")]
        if shown != [line.rstrip(b"\r") for line in blob.data.split(b"\n")][: len(shown)] or len(
            shown
        ) < blob.data.count(b"\n"):
            raise PatchError("mismatch", f"the lines to delete are not those of {path}", path=path)
    elif patch.old_mode is not None and blob.data:
        raise PatchError("truncated", f"the deletion of {path} does not show its lines", path=path)
    return Change(path, blob.data, None, blob.mode, ABSENT)


def _only(patch: FilePatch, role: str) -> bytes:
    """The content of a file that is made or deleted: every line has the same role."""
    lines = [line for hunk in patch.hunks for line in hunk.lines]
    if any(line.role != role for line in lines):
        raise PatchError("malformed", "a file that is made or deleted has no context lines", hint="send whole lines")
    data = b"".join(line.text + b"\n" for line in lines)
    complete = patch.hunks[-1].new_newline if patch.hunks and role == ADDED else True
    if patch.hunks and role != ADDED:
        complete = patch.hunks[-1].old_newline
    return data if complete else data[:-1]


def _mode(patch: FilePatch, path: str, blob: Blob) -> int:
    if patch.new_mode is None:
        return blob.mode
    new = _known_mode(patch.new_mode, path)
    if not patch.hunks and not patch.moves and new == blob.mode:
        raise PatchError("applied", f"{path} has mode {new:06o} already", path=path)
    if patch.old_mode is not None and _known_mode(patch.old_mode, path) != blob.mode != new:
        raise PatchError("mismatch", f"{path} has mode {blob.mode:06o}", path=path)
    return new


def _known_mode(mode: int, path: str) -> int:
    if mode == SYMLINK:
        return mode
    if mode & 0o170000 != 0o100000:
        raise PatchError("malformed", f"no file can have mode {mode:06o}", path=path)
    return EXECUTABLE if mode & 0o100 else REGULAR
