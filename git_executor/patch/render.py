"""The canonical diff: rendered from old and new bytes alone, in the form that ``git diff`` writes."""

from __future__ import annotations

import difflib
import io
from collections.abc import Iterator, Sequence

from ..domain import ABSENT, Change
from ..errors import PatchError

CONTEXT_LINES = 3
# Above this many pairs of lines a middle is shown as replaced as a whole: correct still, only less pretty.
MAX_PAIRS = 4_000_000

_ESCAPES = {7: "\\a", 8: "\\b", 9: "\\t", 10: "\\n", 11: "\\v", 12: "\\f", 13: "\\r", 34: '\\"', 92: "\\\\"}
_TYPE = 0o170000

Opcode = tuple[int, int, int, int]
"""Lines ``a0:a1`` of the old side become lines ``b0:b1`` of the new one."""


def render(changes: Sequence[Change]) -> bytes:
    """One diff for all ``changes``, in their order; ``git apply`` turns the old files into the new ones
    with it.

    Content with NUL bytes is only noted (``Binary files ... differ``): such a diff is for people's eyes.
    """
    return b"".join(part for change in changes for single in _by_type(change) for part in _stanza(single))


def count_changed_lines(changes: Sequence[Change]) -> int:
    """Added and removed lines together, as the canonical diff shows them."""
    return sum(
        (a1 - a0) + (b1 - b0)
        for change in changes
        for a0, a1, b0, b1 in opcodes(_split(change.old or b""), _split(change.new or b""))
    )


def second_reader(diff: bytes) -> int:
    """The changed lines that ``unidiff``, which shares no code with us, counts in ``diff``.

    Raises ``PatchError`` of kind ``malformed`` when it cannot read the diff.
    """
    from unidiff.errors import UnidiffParseError
    from unidiff.patch import PatchSet  # only needed here, and not free to import

    try:
        # A text stream splits at line feeds alone; latin-1 keeps every byte a character of its own.
        patch = PatchSet(io.StringIO(diff.decode("latin-1"), newline="\n"))
        return sum(file.added + file.removed for file in patch)
    except (UnidiffParseError, ValueError) as error:
        raise PatchError("malformed", f"the canonical diff is not readable for unidiff: {error}") from error


def opcodes(old: Sequence[bytes], new: Sequence[bytes]) -> list[Opcode]:
    """The differing stretches of two lists of lines, in order."""
    head, shorter = 0, min(len(old), len(new))
    while head < shorter and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < shorter - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    a, b = old[head : len(old) - tail], new[head : len(new) - tail]
    if not a and not b:
        return []
    if not a or not b or len(a) * len(b) > MAX_PAIRS:
        return [(head, head + len(a), head, head + len(b))]
    matcher = difflib.SequenceMatcher(None, a, b, autojunk=False)
    return [
        (a0 + head, a1 + head, b0 + head, b1 + head) for tag, a0, a1, b0, b1 in matcher.get_opcodes() if tag != "equal"
    ]


def quote(path: str) -> bytes:
    """``path`` as git writes it in a header: in C-style quotes where it holds anything unusual."""
    raw = path.encode("utf-8", "surrogateescape")
    if all(32 <= byte < 127 and byte not in (34, 92) for byte in raw):
        return raw
    quoted = "".join(_ESCAPES.get(byte) or (chr(byte) if 32 <= byte < 127 else f"\\{byte:03o}") for byte in raw)
    return f'"{quoted}"'.encode()


def _by_type(change: Change) -> Iterator[Change]:
    """A file that turns into a symlink is a deletion and an addition, for git as well."""
    if change.old is not None and change.new is not None and (change.old_mode ^ change.new_mode) & _TYPE:
        yield Change(change.path, change.old, None, change.old_mode, ABSENT)
        yield Change(change.path, None, change.new, ABSENT, change.new_mode)
    else:
        yield change


def _stanza(change: Change) -> Iterator[bytes]:
    old_name, new_name = quote("a/" + change.path), quote("b/" + change.path)
    yield b"diff --git %b %b\n" % (old_name, new_name)
    if change.old is None:
        yield b"new file mode %06o\n" % change.new_mode
        old_name = b"/dev/null"
    elif change.new is None:
        yield b"deleted file mode %06o\n" % change.old_mode
        new_name = b"/dev/null"
    elif change.old_mode != change.new_mode:
        yield b"old mode %06o\nnew mode %06o\n" % (change.old_mode, change.new_mode)
    old, new = change.old or b"", change.new or b""
    if old == new:
        return
    if b"\0" in old or b"\0" in new:
        yield b"Binary files %b and %b differ\n" % (old_name, new_name)
        return
    yield b"--- %b\n+++ %b\n" % (_tabbed(old_name), _tabbed(new_name))
    yield from _hunks(_split(old), _split(new))


def _tabbed(name: bytes) -> bytes:
    """A tab ends a name that holds a blank, so that no reader takes what follows the blank for a date."""
    return name + b"\t" if b" " in name else name


def _split(data: bytes) -> list[bytes]:
    lines = [line + b"\n" for line in data.split(b"\n")]
    last = lines.pop()[:-1]
    return [*lines, last] if last else lines


def _hunks(old: list[bytes], new: list[bytes]) -> Iterator[bytes]:
    for group in _groups(opcodes(old, new)):
        a0, b0 = max(0, group[0][0] - CONTEXT_LINES), max(0, group[0][2] - CONTEXT_LINES)
        a1, b1 = min(len(old), group[-1][1] + CONTEXT_LINES), min(len(new), group[-1][3] + CONTEXT_LINES)
        yield b"@@ -%b +%b @@\n" % (_range(a0, a1), _range(b0, b1))
        at = a0
        for i0, i1, j0, j1 in group:
            yield from _marked(b" ", old[at:i0])
            yield from _marked(b"-", old[i0:i1])
            yield from _marked(b"+", new[j0:j1])
            at = i1
        yield from _marked(b" ", old[at:a1])


def _groups(codes: list[Opcode]) -> Iterator[list[Opcode]]:
    """Opcodes whose contexts would touch share a hunk."""
    group: list[Opcode] = []
    for code in codes:
        if group and code[0] - group[-1][1] > 2 * CONTEXT_LINES:
            yield group
            group = []
        group.append(code)
    if group:
        yield group


def _range(start: int, stop: int) -> bytes:
    count = stop - start
    first = start + 1 if count else start
    return b"%d" % first if count == 1 else b"%d,%d" % (first, count)


def _marked(marker: bytes, lines: Sequence[bytes]) -> Iterator[bytes]:
    for line in lines:
        yield marker + line
        if not line.endswith(b"\n"):
            yield b"\n\\ No newline at end of file\n"
