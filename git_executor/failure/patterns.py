"""Regular expressions that are compiled when they are first used: a run needs a fraction of them, and
compiling is most of what reading a log costs."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any


@lru_cache(maxsize=1024)
def compiled(pattern: str, flags: int = re.IGNORECASE) -> re.Pattern[str]:
    """The pattern, ignoring case unless told otherwise, compiled once."""
    return re.compile(pattern, flags)


class Pattern:
    """A regular expression over one line, as ``re.compile`` makes it, but made when it is needed."""

    __slots__ = ("findall", "match", "search", "sub", "text")

    match: Callable[[str], re.Match[str] | None]
    search: Callable[[str], re.Match[str] | None]
    findall: Callable[[str], list[Any]]
    sub: Callable[[str | Callable[[re.Match[str]], str], str], str]

    def __init__(self, text: str, flags: int = 0) -> None:
        self.text = (text, flags)

    def __getattr__(self, name: str) -> object:
        made = compiled(*self.text)  # only asked for what is not there yet
        for method in ("match", "search", "findall", "sub"):
            setattr(self, method, getattr(made, method))
        return getattr(made, name)


_REASSURED = Pattern(
    r"\b(?:no|zero|0|without(?: any)?|not any) (?:\w+ )?(?:missing|errors?|failed|failures?|denied|problems?|issues?|conflicts?|timeouts?"
    r"|unreachable|invalid|unknown|unresolved|broken)\b(?! to\b)(?: \w+){0,2}",
    re.I,
)
_REASSURING = ("no ", "zero ", "0 ", "without ", "not any ")


def troubles_only(text: str) -> str:
    """``text`` without what it says is not wrong: "no missing files", "0 errors"."""
    return _REASSURED.sub("", text) if any(map(text.lower().__contains__, _REASSURING)) else text


_COINED = Pattern(r"\b(?:[A-Z][A-Z\d]*[_-])+[A-Z][A-Z\d]*\b|\b[A-Z]?[a-z]+(?:[A-Z][a-z]+)+\b")
_SEAM = Pattern(r"(?<=[a-z])(?=[A-Z])|[_-]")


def spelt_out(text: str) -> str:
    """``text`` with its coined words (``ERR_CONNECTION_REFUSED``, ``HostUnreachable``) as the words they are made of."""
    return _COINED.sub(lambda found: _SEAM.sub(" ", found[0]), text)


_ZEROS = str.maketrans("123456789", "000000000")


def silhouette(text: str) -> str:
    """``text`` in lower case with every digit a ``0``: what cheap literal guards are looked up in."""
    return text.lower().translate(_ZEROS)


def hinted(hints: str, outline: str) -> bool:
    """Whether one of ``hints`` (literals joined by ``~``) stands in a silhouette; no hints always do."""
    return not hints or any(hint in outline for hint in hints.split("~"))
