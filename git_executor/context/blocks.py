"""What belongs together in a file: the block around a line, and where a name is defined."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

_USED = re.compile(
    r"\$\{?([A-Za-z_]\w*)|\$\(([A-Za-z_]\w*)\)|\{\{-?\s*([A-Za-z_][\w.]*)|\*([A-Za-z_][\w-]*)"
    r"|\b(?:var|local|data|module|vars)\.([A-Za-z_]\w*)|(?:^|[;&|(]\s*|\bthen\s+|\bdo\s+|^\s*)([a-z_]\w{2,})(?=\s|$|\()"
)
_DEFINED = (
    r"^\s*(?:export\s+|local\s+|readonly\s+|declare\s+(?:-\w+\s+)?|typeset\s+)?{name}\s*(?:[:+?]?=|\(\)\s*\{{?)"
    r"|^\s*(?:function|def|class)\s+{name}\b|^\s*(?:-\s+)?[\"']?{name}[\"']?\s*:(?:\s|$)|&{name}\b"
    r"|^\s*(?:variable|locals|resource\s+\"[\w-]+\"|data\s+\"[\w-]+\")\s+\"{name}\"|^\s*:\s*\"?\$\{{{name}:?="
)
_NAMED = re.compile(
    r"\s*(?:(?:export|local|readonly|function|def|class|declare(?:\s+-\w+)?)\s+)?([A-Za-z_][\w-]*)\s*(?:\(\)|\(|[:+?]?=)"
    r"|\s*(?:variable|resource\s+\"[\w-]+\"|data\s+\"[\w-]+\"|module|output)\s+\"([\w-]+)\"|\s*(?:-\s+)?name:\s*[\"']?([\w.-]+)"
)
_DOCUMENT = re.compile(r"---(?:\s|$)")
_TOP = re.compile(r"[^\s#})\]]")
_CLOSING = re.compile(r"\s*(?:[\])}]+[;,)]*|fi|done|esac|end|EOF|else\b.*|elif\b.*)\s*$")


def indent(line: str) -> int:
    """Leading blanks, a tab counting as four."""
    expanded = line.expandtabs(4)
    return len(expanded) - len(expanded.lstrip())


def enclosing(lines: Sequence[str], index: int, *, most: int) -> tuple[int, int]:
    """First and one-past-last index of the block around ``lines[index]``, at most ``most`` lines.

    The block is the nearest less indented line above with all that hangs below it; at the top level, the paragraph.
    Larger blocks of it are taken as long as they fit.
    """
    best = _paragraph(lines, index, most)
    at = index
    while True:
        header = _header(lines, at)
        if header is None:
            break
        end = _end(lines, header)
        end = max(end, index + 1)
        if end - header > most:
            break
        best = (min(header, best[0]) if best[0] >= header else header, end)
        at = header
    first, last = best
    return first, min(max(last, index + 1), len(lines))


def sections(lines: Sequence[str]) -> list[tuple[int, int]]:
    """First and one-past-last index of each document of a stream, else of each block that stands at the left edge."""
    starts = [i for i, line in enumerate(lines) if _DOCUMENT.match(line)]
    if not starts:
        starts = [i for i, line in enumerate(lines) if _TOP.match(line) and (i == 0 or not lines[i - 1].strip() or line[0] == "-")]
    edges = sorted({0, *starts, len(lines)})
    return list(pairwise(edges))


def headers(lines: Sequence[str], index: int) -> list[int]:
    """The lines that ``lines[index]`` hangs below, outermost first: function, section, parent keys."""
    found: list[int] = []
    at: int | None = index
    while at is not None and len(found) < 8:
        at = _header(lines, at)
        if at is not None:
            found.append(at)
    return found[::-1]


def _header(lines: Sequence[str], index: int) -> int | None:
    own = indent(lines[index])
    stripped = lines[index].lstrip()
    for i in range(index - 1, max(-1, index - 2000), -1):
        line = lines[i]
        if not line.strip() or _CLOSING.match(line):
            continue
        depth = indent(line)
        if depth < own or (
            depth == own
            and line.rstrip().endswith(":")
            and stripped.startswith("- ")
            and not line.lstrip().startswith("- ")
        ):
            return i
    return None


def _end(lines: Sequence[str], header: int) -> int:
    own = indent(lines[header])
    for i in range(header + 1, len(lines)):
        line = lines[i]
        if not line.strip():
            continue
        if indent(line) < own or (
            indent(line) == own and not (line.lstrip().startswith("- ") and lines[header].rstrip().endswith(":"))
        ):
            return i + 1 if _CLOSING.match(line) and indent(line) == own else i
    return len(lines)


def _paragraph(lines: Sequence[str], index: int, most: int) -> tuple[int, int]:
    first = last = index
    while first > 0 and lines[first - 1].strip() and index - first < most // 3:
        first -= 1
    while last + 1 < len(lines) and lines[last + 1].strip() and last - index < most // 3:
        last += 1
    return first, last + 1


def used_names(line: str) -> list[str]:
    """Names that a line uses and that something else may define."""
    names = (
        next(group for group in match.groups() if group) for match in _USED.finditer(line[:2000]) if any(match.groups())
    )
    return list(dict.fromkeys(name.rpartition(".")[2] or name for name in names))[:12]


def near_definitions(lines: Sequence[str], words: Iterable[str]) -> list[tuple[int, bool]]:
    """(index, misspelt) of the lines that define one of ``words``, or a name that is nearly one of them."""
    wanted = {word.lower() for word in words}
    found: list[tuple[int, bool]] = []
    for i, line in enumerate(lines):
        match = _NAMED.match(line[:200])
        name = next((group for group in match.groups() if group), "").lower() if match else ""
        if len(name) < 3:
            continue
        if name in wanted:
            found.append((i, False))
        elif any(_nearly(name, word) for word in wanted):
            found.append((i, True))
    return sorted(found, key=lambda entry: not entry[1])


def _nearly(name: str, word: str) -> bool:
    """One slip of the keyboard apart: letters swapped, one more, one less, one other."""
    if abs(len(name) - len(word)) > 1 or name == word or len(word) < 3:
        return False
    if len(name) == len(word):
        differing = [i for i, (a, b) in enumerate(zip(name, word, strict=True)) if a != b]
        swapped = len(differing) == 2 and sorted(name) == sorted(word)
        return swapped or (len(differing) == 1 and len(word) > 4)
    longer, shorter = (name, word) if len(name) > len(word) else (word, name)
    return len(shorter) > 3 and any(longer[:i] + longer[i + 1 :] == shorter for i in range(len(longer)))


def definitions(lines: Sequence[str], names: Iterable[str]) -> list[tuple[int, str]]:
    """(index, name) of the lines that define one of ``names``."""
    wanted = "|".join(re.escape(name) for name in names)
    if not wanted:
        return []
    pattern = re.compile(_DEFINED.format(name=f"(?:{wanted})"))
    finder = re.compile(wanted)
    found = []
    for i, line in enumerate(lines):
        if pattern.match(line[:400]):
            match = finder.search(line)
            found.append((i, match.group() if match else ""))
    return found
