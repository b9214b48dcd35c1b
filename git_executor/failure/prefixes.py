"""What a runner puts before every line of a log: learned from the lines themselves.

The known marks (ISO times, syslog, klog, BuildKit ...) are taken off by ``lines``, one line at a time. What
nobody foresaw is known by its shape: words up to a delimiter that most lines share once their digits are
blanked, and that carry a clock, a process, a bar, or a number that only ever rises.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from .patterns import Pattern

_HEAD, _WORDS = 120, 8  # how far into a line a prefix may reach: characters, words
_SAMPLE, _SHARE = 150, 0.6
_ENOUGH = 2  # lines that show a clock, a process or a bar
_RISING = 3  # lines that show a number that rises
_SAME, _NEARLY_ALL = 6, 0.95  # lines that begin with one and the same word, and their share
_SAME_AFTER_CLOCK = 4
_DIGITS = Pattern(r"\d+")
_REPAINTED = Pattern(r"\d ?%\W*$")  # of a bar that painted over itself the last state stands, without a prefix
_NUMBER = Pattern(r"\d+(?:\.\d+)?")
_CLOCK = Pattern(r"0:0(?::0|$|\D)|0-0-0T0")
_STAMP = Pattern(r"^\W*(?:T\+)?0(?:\.0)?(?:m?s)?\W*\Z")
_PROCESS = Pattern(r"\[0\]:?$")
_ANY_LEVEL = "\0"
_LEVEL = Pattern(
    r"\W*(?:trace|debug|info|notice|warn(?:ing)?|err(?:or)?|fatal|critical|panic|fail(?:ed|ure)?|[EW])\W*\Z", re.I
)


def learn_prefix(lines: Sequence[str]) -> re.Pattern[str] | None:
    """The pattern of the prefix that most of ``lines`` share, or ``None``. It matches from the line's
    beginning and takes one blank after the prefix along; its groups are the levels in it."""
    told = [line[:_HEAD] for line in lines if line and not line.isspace() and not _REPAINTED.search(line[-12:])]
    told = told[:: max(1, len(told) // _SAMPLE)]
    if len(told) < _ENOUGH:
        return None
    needed, nearly_all = max(_ENOUGH, len(told) * _SHARE), len(told) * _NEARLY_ALL
    shapes: Counter[str] = Counter()
    for line in told:
        shapes.update(_beginnings(_DIGITS.sub("0", line)))
    common = [
        shape
        for shape, count in shapes.items()
        if (count >= needed if _ends(shape) else count >= max(nearly_all, _constant(shape)))
    ]
    for shape in sorted(common, key=lambda shape: -shape.count(" ")):
        pattern = _pattern(shape)
        matched = [found for line in told if (found := pattern.match(line))]
        speaking = sum(found.end() < len(found.string) for found in matched)
        if speaking * 2 >= len(matched) and _is_prefix(shape, [found[0].rstrip() for found in matched]):
            return pattern
    return None


def _beginnings(line: str) -> list[str]:
    """Every beginning of a line (digits blanked, levels made one) that does not end with a level."""
    found, shape = [], ""
    for word in line.split(maxsplit=_WORDS)[:_WORDS]:
        level = _LEVEL.match(word)
        shape = f"{shape} {_ANY_LEVEL if level else word}".lstrip(" ")
        if not level:
            found.append(shape)
    return found


def _constant(shape: str) -> int:
    """How many lines have to show a beginning that does not end like a prefix."""
    if not _CLOCK.search(shape):
        return _SAME
    return _ENOUGH if shape[-1] in "->" else _SAME_AFTER_CLOCK


def _ends(shape: str) -> bool:
    """Whether a beginning ends with what no message holds there: a bar, a clock, a count, a process."""
    last = shape.rpartition(" ")[2]
    return last == "|" or any(mark.search(last) for mark in (_CLOCK, _STAMP, _PROCESS))


def _is_prefix(shape: str, heads: Sequence[str]) -> bool:
    last = shape.rpartition(" ")[2]
    if last == "|" or _CLOCK.search(shape) or _PROCESS.search(last):
        return True
    numbers = [float(found[0]) for head in heads if (found := _NUMBER.search(head))]
    rises = sum(earlier <= later for earlier, later in pairwise(numbers))
    if len(numbers) >= _RISING and len(set(numbers)) > len(heads) / 2 and rises >= 0.9 * (len(numbers) - 1):
        return True
    return len(heads) >= _SAME and len(set(heads)) == 1 and last[-1] in "]>:"


def _pattern(shape: str) -> re.Pattern[str]:
    words = (r"(\S+)" if word == _ANY_LEVEL else re.escape(word).replace("0", r"\d+") for word in shape.split(" "))
    return re.compile(r"\s*" + r"\s+".join(words) + r"(?:\s|$)")
