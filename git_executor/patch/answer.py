"""One answer, read: from its text to the changes that it means, or one reason why it means none for
certain."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..domain import Note, Reading, Tree
from ..errors import PatchError
from .choose import candidates, choose, named, paths_in
from .extract import blocks
from .form import Block, FilePatch
from .header import decode
from .land import land
from .note import note_of
from .text import BOM
from .unwrap import from_json, has_raw_marks, unescaped_newlines, without_entities, without_reasoning

MAX_ANSWER_BYTES = 32 * 1024 * 1024
_MARKUP = (".html", ".htm", ".xml", ".xhtml", ".svg", ".md", ".markdown", ".rst", ".plist")


def read_answer(answer: str | bytes, tree: Tree, *, preferred: Sequence[str] = ()) -> Reading:
    """Extracts, understands and places an answer against ``tree``.

    ``preferred`` are the stage's files: they settle which file a bare name or a path with another prefix
    means. The changes hold whole files, old and new; several files are possible. Raises ``PatchError`` and
    nothing else, whatever the bytes are.
    """
    text = _clean(answer)
    inner, note = _unwrapped(text)
    reasons: list[PatchError] = []
    reading = _read(inner, note, tree, preferred, reasons)
    if reading is not None:
        return reading
    if reasons:
        raise reasons[0]
    if not text.strip():
        raise PatchError("empty", "the answer is empty", hint="send a unified diff")
    raise PatchError("no-diff", "the answer holds no diff", hint="send a unified diff in a ```diff fence")


def _clean(answer: str | bytes) -> bytes:
    if isinstance(answer, str):
        try:
            answer = answer.encode("utf-8", "surrogateescape")
        except UnicodeEncodeError:
            raise PatchError("malformed", "the answer holds characters that no file can hold") from None
    if len(answer) > MAX_ANSWER_BYTES:
        raise PatchError("malformed", f"the answer has {len(answer)} bytes, too many to be a small fix")
    if answer.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in answer:
        raise PatchError("malformed", "the answer is not UTF-8 text", hint="send UTF-8")
    text = answer.removeprefix(BOM)
    feeds = text.count(b"\n")
    if feeds and text.count(b"\r\n") == feeds:
        text = text.replace(b"\r\n", b"\n")
    return text


def _unwrapped(text: bytes) -> tuple[bytes, Note]:
    """The answer with its wrappings taken off, and the note that stood in them."""
    text = without_reasoning(text)
    inner, note = from_json(text) or (text, Note())
    return unescaped_newlines(inner) or inner, note


def _read(text: bytes, note: Note, tree: Tree, preferred: Sequence[str], reasons: list[PatchError]) -> Reading | None:
    """The reading of an answer; ``None`` when there is no patch in it, or none for the given ``reasons``."""
    raw = _attempt(text, tree, preferred, reasons)
    unescaped = without_entities(text)
    other = None
    if unescaped is not None:
        spare: list[PatchError] = []
        other = _attempt(unescaped, tree, preferred, spare)
    best = _raw_or_unescaped(text, raw, other)
    if best is None:
        return None
    return Reading(best.changes, note if note != Note() else note_of(_prose(text)), best.warnings)


def _raw_or_unescaped(text: bytes, raw: Reading | None, other: Reading | None) -> Reading | None:
    """Entities are an escape where only the text without them fits the file, or where it is clear that all of
    the answer is escaped. Where either could be meant, neither is taken."""
    if raw is None or other is None or raw.changes == other.changes:
        return raw if raw is not None else other
    markup = all(change.path.lower().endswith(_MARKUP) for change in raw.changes)
    known = any(without_entities(change.old or b"") is not None for change in raw.changes)
    if markup or known or has_raw_marks(text):
        return raw
    raise PatchError(
        "ambiguous",
        "added lines hold HTML entities that may be meant as characters",
        hint="write the characters themselves",
    )


def _attempt(text: bytes, tree: Tree, preferred: Sequence[str], reasons: list[PatchError]) -> Reading | None:
    try:
        parts = blocks(text)
        found = candidates(parts)
        if found:
            patches = named(choose(found, tree, preferred), parts, tree, preferred)
        else:
            patches = _whole_files(parts, tree, preferred)
            if not patches:
                return None
        changes, warnings = land(patches, tree, preferred)
    except PatchError as error:
        reasons.append(error)
        return None
    return Reading(changes, Note(), warnings)


def _whole_files(parts: Sequence[Block], tree: Tree, preferred: Sequence[str]) -> list[FilePatch]:
    """Fences that hold a complete file which the words around them name."""
    patches: dict[str, FilePatch] = {}
    for block in parts:
        if not block.fenced or not block.lines:
            continue
        lines = list(block.lines)
        paths = paths_in(" ".join(f"`{word}`" for word in block.info.split()[:20]), tree, preferred)
        if not paths:
            first = decode(lines[0])
            if first.lstrip().startswith(("#", "//", "<!--", ";")) and not first.startswith("#!"):
                paths = paths_in(first, tree, preferred)
                if len(paths) == 1 and _is_foreign(lines[0], paths, tree):
                    lines = lines[1:]
        if not paths:
            said = [line for line in block.before if line.strip()][-2:]
            paths = next((named for line in reversed(said) if (named := paths_in(line, tree, preferred))), set())
        if len(paths) != 1:
            continue
        if not block.closed:
            raise PatchError("truncated", "the answer ends within a fence", hint="send a diff")
        path = paths.pop()
        content = b"".join(line + b"\n" for line in lines)
        blob = tree.read(path)
        if blob is not None and content.rstrip(b"\n") == blob.data.rstrip(b"\n"):
            continue  # the file as it is, quoted
        if path in patches:
            raise PatchError("several", f"the answer gives {path} more than once", path=path)
        patches[path] = FilePatch(old_path=path, new_path=path, whole=content)
    return list(patches.values())


def _is_foreign(line: bytes, paths: set[str], tree: Tree) -> bool:
    blob = tree.read(next(iter(paths)))
    return blob is not None and line.strip() not in blob.data[:4096]


def _prose(text: bytes) -> Iterator[str]:
    """The lines that can be part of a note: none that a diff has marked."""
    for line in text.split(b"\n"):
        if line[:1] != b"+" and not line.startswith((b"---", b"@@", b"diff ")):
            yield decode(line)
