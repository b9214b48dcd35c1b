"""Lines of bytes, and a fast search for runs of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

BOM = b"\xef\xbb\xbf"

# Words that stand on lines of their own in any file of their kind, and so tell nothing about the place.
_COMMON = frozenset(
    b"then else done esac endif endfor begin pass break continue return exit true false null none "
    b"default spec metadata tasks data name items steps".split()
)
_WORD = re.compile(rb"[A-Za-z0-9_\x80-\xff]+")


def split_lines(data: bytes) -> list[bytes]:
    """The lines of ``data``, split at line feeds alone, without them."""
    lines = data.split(b"\n")
    if not lines[-1]:
        lines.pop()
    return lines


def chomp(text: bytes) -> bytes:
    """``text`` without one carriage return at its end."""
    return text[:-1] if text.endswith(b"\r") else text


def indent_of(text: bytes) -> bytes:
    return text[: len(text) - len(text.lstrip(b" \t"))]


def distinctive(text: bytes) -> bool:
    """Whether a line says enough to tell a place by it; brackets, ``fi`` and the like do not."""
    words = _WORD.findall(text)
    return sum(map(len, words)) >= 4 and not (len(words) == 1 and words[0].lower() in _COMMON)


@dataclass(frozen=True, slots=True)
class TextFile:
    """A file as lines and line ends; joined again they are the file, bit for bit.

    A byte order mark is kept apart. The last of ``ends`` has no line feed where the final newline is missing.
    """

    bom: bytes
    lines: tuple[bytes, ...]
    ends: tuple[bytes, ...]

    @classmethod
    def of(cls, data: bytes) -> TextFile:
        bom = BOM if data.startswith(BOM) else b""
        raw = data[len(bom) :].split(b"\n")
        last = raw.pop()
        lines = [chomp(line) for line in raw]
        ends = [b"\r\n" if line.endswith(b"\r") else b"\n" for line in raw]
        if last:
            lines.append(chomp(last))
            ends.append(b"\r" if last.endswith(b"\r") else b"")
        return cls(bom, tuple(lines), tuple(ends))

    @property
    def final_newline(self) -> bool:
        return not self.ends or self.ends[-1].endswith(b"\n")

    def end_near(self, at: int) -> bytes:
        """The line end for a line that is put in before line ``at``: its neighbours', else the file's
        first."""
        for index in (at - 1, at, 0):
            if 0 <= index < len(self.ends) and self.ends[index].endswith(b"\n"):
                return self.ends[index]
        return b"\n"


class Index:
    """Finds runs of lines in time linear in the file: each different line becomes one character of a
    string."""

    def __init__(self, lines: Sequence[bytes]) -> None:
        self._codes: dict[bytes, str] = {}
        self._text = "".join([self._codes.setdefault(line, chr(len(self._codes))) for line in lines])
        self.size = len(self._text)

    def __contains__(self, line: bytes) -> bool:
        return line in self._codes

    def count(self, line: bytes) -> int:
        code = self._codes.get(line)
        return 0 if code is None else self._text.count(code)

    def matches_at(self, at: int, run: Sequence[bytes]) -> bool:
        """Whether ``run`` stands at line ``at`` (counted from 0)."""
        needle = self._encode(run)
        return needle is not None and at >= 0 and self._text.startswith(needle, at)

    def find(self, run: Sequence[bytes], limit: int = 64) -> list[int]:
        """Where ``run`` stands, first places first; at most ``limit`` of them."""
        needle = self._encode(run)
        found: list[int] = []
        if not needle:
            return found
        at = self._text.find(needle)
        while at >= 0 and len(found) < limit:
            found.append(at)
            at = self._text.find(needle, at + 1)
        return found

    def _encode(self, run: Sequence[bytes]) -> str | None:
        codes = [self._codes.get(line) for line in run]
        return "".join(code for code in codes if code is not None) if None not in codes else None
