"""The real lines that a hunk seems to mean, quoted for the next answer."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import islice

from .form import ADDED, Line

MAX_QUOTED = 6
MAX_WIDTH = 160
MAX_READ = 500
_WORD = re.compile(rb"[A-Za-z0-9_]{3,}")


def nearest_lines(file: Sequence[bytes], lines: Sequence[Line], start: int | None) -> str:
    """Up to six lines of the file, each with its number, where most of the hunk's old lines seem to be."""
    old = [line.text for line in islice((line for line in lines if line.role != ADDED), MAX_READ)]
    first = _by_vote(file, [text.strip() for text in old])
    if first is None:
        first = _by_words(file, old)
    if first is None:
        first = start - 1 if start is not None and start <= len(file) else 0
    first = max(0, min(first, len(file) - 1))
    shown = file[first : first + min(MAX_QUOTED, max(3, len(old)))]
    return "\n".join(
        f"{number}: {text[:MAX_WIDTH].decode('utf-8', 'replace')}" for number, text in enumerate(shown, first + 1)
    )


def _by_vote(file: Sequence[bytes], old: Sequence[bytes]) -> int | None:
    """Each line of the hunk that the file has, too, votes for where the hunk would begin."""
    wanted: dict[bytes, list[int]] = {}
    for at, text in enumerate(old):
        if text:
            wanted.setdefault(text, []).append(at)
    seen: Counter[bytes] = Counter()
    votes: Counter[int] = Counter()
    for number, line in enumerate(file):
        text = line.strip()
        if text in wanted and seen[text] < 50:
            seen[text] += 1
            for at in wanted[text][:8]:
                votes[number - at] += 1
    return max(votes, key=lambda first: (votes[first], -first)) if votes else None


def _by_words(file: Sequence[bytes], old: Sequence[bytes]) -> int | None:
    """The line that shares most words with the hunk."""
    wanted = {word for text in old[:40] for word in _WORD.findall(text[:1000])}
    best, place = 0, None
    if wanted:
        for number, line in enumerate(file[:100_000]):
            score = len(wanted.intersection(_WORD.findall(line[:1000])))
            if score > best:
                best, place = score, number
    return place
