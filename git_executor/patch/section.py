"""Which part of a file the text behind ``@@`` names, and whether a line stands in it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .text import indent_of

MAX_HEADS = 200
MAX_DISTANCE = 5000
# From this length on a section may be one that git has cut off within a word.
CUT = 40

_WORDS = re.compile(rb"[A-Za-z0-9_\x80-\xff.-][A-Za-z0-9_\x80-\xff.\x20\t-]*")
_CLOSER = re.compile(rb"(?:[})\]]|(?:end|endif|endfor|fi|done|esac)\b)")


def section_lines(stripped: Sequence[bytes], section: bytes) -> list[int]:
    """The lines (from 0) that ``section`` quotes: as a whole, else their beginning, else words within them.

    ``stripped`` are the file's lines without the blanks around them.
    """
    wanted = section.strip()
    if not wanted:
        return []
    edge = rb"(?![A-Za-z0-9_])" if len(wanted) < CUT else b""
    begins = re.compile(re.escape(wanted) + edge)
    for fits in (
        lambda line: line == wanted,
        lambda line: begins.match(line) is not None,
        lambda line: len(wanted) > 3 and wanted in line and re.search(rb"(?<![A-Za-z0-9_])" + begins.pattern, line),
    ):
        found = [at for at, line in enumerate(stripped) if wanted in line and fits(line)]
        if found:
            return found if len(found) <= MAX_HEADS else []
    return []


def within(lines: Sequence[bytes], heads: Sequence[int], at: int) -> bool:
    """Whether line ``at`` belongs to what one of the ``heads`` begins.

    All between them is indented deeper; or the file is flat there, and no line ends the part: no closing bracket
    or word, and no other head of the same form.
    """
    above = [head for head in heads if head <= at]
    if not above or at - above[-1] > MAX_DISTANCE:
        return False
    head = lines[above[-1]]
    depth, form = len(indent_of(head)), _form(head)
    for line in lines[above[-1] + 1 : at + 1]:
        if not line.strip():
            continue
        indent = len(indent_of(line))
        if indent < depth:
            return False
        if indent == depth and (_CLOSER.match(line.strip()) or _form(line) == form):
            return False
    return True


def _form(line: bytes) -> bytes:
    """A line with all its words made one: ``[web]`` and ``[api]`` have the same form."""
    return _WORDS.sub(b"w", line.rstrip())
