"""What of an answer bears on the failure: models that write a whole file or block anew change more than they mean to.

A rewrite is taken apart into hunks, and only those survive that touch what was shown and concern the failure: near a
line that the log names, or about a name that it complains of. What is dropped stays as it was; whether what is left
makes sense is for the judges of every change to say.
"""

from __future__ import annotations

import difflib
import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from git_executor.context import terms
from git_executor.domain import Failure, FileExcerpt

_NEAR = 2  # lines between a hunk and a line that the log names
_SHARE = 0.4  # of the most telling hunk's score that another one needs
_SAID = 4.0  # the weight of words of the message itself, see ``terms``
_MOST = 4_000_000  # pairs of lines that are compared; beyond that all that differs is one hunk
# A parser complains where it gives up, which may be long after the fault.
_LATE = re.compile(
    r"syntax error|unexpected|end of (?:file|input|stream)|\bEOF\b|unterminated|unclosed|unmatched|matching|could not find expected"
    r"|did not find expected|while (?:parsing|scanning)|mapping values|missing|parse error|expected",
    re.IGNORECASE,
)
_WORD = re.compile(rb"[A-Za-z_][A-Za-z0-9_]{1,60}|[0-9]{2,6}")
_REMARK = re.compile(rb"\s*(?:#(?!!)|//|--\s|;)")


class Hunk(NamedTuple):
    """Lines ``first`` to ``last`` (from 0, one past) of the old file, and what stands in their place."""

    first: int
    last: int
    new: tuple[bytes, ...]


def hunks(old: bytes, new: bytes) -> list[Hunk]:
    """The stretches in which two files differ, in order."""
    a, b = old.split(b"\n"), new.split(b"\n")
    shared = min(len(a), len(b))
    head = next((i for i in range(shared) if a[i] != b[i]), shared)
    tail = next((i for i in range(shared - head) if a[-1 - i] != b[-1 - i]), shared - head)
    left, right = a[head : len(a) - tail], b[head : len(b) - tail]
    if len(left) * len(right) > _MOST:
        return [Hunk(head, head + len(left), tuple(right))]
    codes = difflib.SequenceMatcher(None, left, right, autojunk=False).get_opcodes()
    return [Hunk(head + i, head + j, tuple(right[k:m])) for tag, i, j, k, m in codes if tag != "equal"]


def unseen(path: str, old: bytes, new: bytes, files: Iterable[FileExcerpt]) -> int | None:
    """The first line (from 1) that a change of ``path`` touches without its being shown; ``None`` where there is none."""
    seen = _seen(path, files)
    end = old.count(b"\n") + (not old.endswith(b"\n"))
    return next((line for hunk in hunks(old, new) for line in [_hidden(hunk, seen, end)] if line is not None), None)


def keep_near(path: str, old: bytes, new: bytes, failure: Failure, files: Iterable[FileExcerpt]) -> tuple[bytes, int]:
    """``new`` without the hunks that have nothing to do with ``failure``, and how many those were.

    Where nothing tells the hunks apart, all that touch what was shown stay. ``old`` comes back when none does.
    """
    every = hunks(old, new)
    seen, end = _seen(path, files), old.count(b"\n") + (not old.endswith(b"\n"))
    within = [hunk for hunk in every if _hidden(hunk, seen, end) is None]
    lines = old.split(b"\n")
    solid = [hunk for hunk in within if _solid(lines, hunk)] or within
    kept = _bearing(path, lines, solid, failure) if len(every) > 1 else within
    return _applied(lines, kept), len(every) - len(kept)


def _seen(path: str, files: Iterable[FileExcerpt]) -> list[tuple[int, int]]:
    """The shown stretches of ``path``, from 0, ends one past."""
    return [
        (window.first - 1, window.first - 1 + len(window.lines))
        for file in files
        if file.path == path
        for window in file.windows
    ]


def _hidden(hunk: Hunk, seen: Sequence[tuple[int, int]], end: int) -> int | None:
    """The first line (from 1) of the hunk that was not shown. New lines may stand at either edge of what was."""
    if hunk.first == hunk.last:
        place = min(hunk.first, end)
        return None if any(first <= place <= last for first, last in seen) else min(place + 1, max(end, 1))
    for line in range(hunk.first, max(hunk.first + 1, min(hunk.last, end))):
        at = min(line, end - 1)  # the end of the file, where a line feed may come or go
        if not any(first <= at < last for first, last in seen):
            return at + 1
    return None


def _solid(lines: Sequence[bytes], hunk: Hunk) -> bool:
    """More changes than blanks at line ends, empty lines and remarks."""

    def said(part: Iterable[bytes]) -> list[bytes]:
        return [line.rstrip() for line in part if line.strip() and not _REMARK.match(line)]

    return said(lines[hunk.first : hunk.last]) != said(hunk.new)


def _bearing(path: str, lines: Sequence[bytes], found: Sequence[Hunk], failure: Failure) -> list[Hunk]:
    scores = _scores(path, lines, found, failure)
    top = max(scores, default=0.0)
    kept = [hunk for hunk, score in zip(found, scores, strict=True) if score >= top * _SHARE]
    known = {word for line in lines for word in _WORD.findall(line)}
    while True:  # what a kept hunk introduces, another one may define or use
        brought = {word for hunk in kept for line in hunk.new for word in _WORD.findall(line)} - known
        more = [h for h in found if h not in kept and brought.intersection(w for line in h.new for w in _WORD.findall(line))]
        if not more:
            return [hunk for hunk in found if hunk in kept]
        kept += more


def _scores(path: str, lines: Sequence[bytes], found: Sequence[Hunk], failure: Failure) -> list[float]:
    own = {word.lower() for word in terms.WORD.findall(path)}
    weights = {w: s for w, s in terms.terms(failure).items() if s >= _SAID and len(w) > 2 and w not in own}
    words = [{word.decode().lower() for word in _WORD.findall(line)} for line in lines]
    frequency = Counter(word for of_line in words for word in of_line & weights.keys())
    worth = {word: weight * math.log(1 + len(lines) / (1 + 3 * frequency[word])) for word, weight in weights.items()}
    named = list(terms.named_lines(failure, path))
    late = _LATE.search(failure.message.text) is not None
    scores = []
    for hunk in found:
        held = {word.decode().lower() for line in hunk.new for word in _WORD.findall(line)}
        held = held.union(*words[hunk.first : hunk.last])
        score = max((worth[word] for word in held & worth.keys()), default=0.0)
        for number, weight in named:
            near = hunk.first - _NEAR < number <= max(hunk.last, hunk.first + 1) + _NEAR
            if near or (late and hunk.first < number):
                score = max(score, weight)
        scores.append(score)
    return scores


def _applied(lines: Sequence[bytes], kept: Iterable[Hunk]) -> bytes:
    out: list[bytes] = []
    at = 0
    for hunk in kept:
        out += [*lines[at : hunk.first], *hunk.new]
        at = hunk.last
    return b"\n".join([*out, *lines[at:]])
