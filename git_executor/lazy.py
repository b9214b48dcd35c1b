"""Regular expressions that are compiled when a text could match them.

The tables of the policy hold hundreds, and compiling those takes longer than everything else in an attempt. Most
need some literal text, ``NOPASSWD`` say, that few lines contain: a look for it costs a thousandth of compiling.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from functools import cache
from typing import Any, cast

_TOKEN = re.compile(
    r"(?P<text>[^\\.^$*+?{}()\[\]|]+|\\[^\w])"  # stands for itself
    r"|(?P<many>(?:[*?]|\{0*(?:,\d*)?\})[?+]?)"  # the one before need not be there
    r"|(?P<some>(?:\+|\{\d+,?\d*\})[?+]?)"
    r"|(?P<skip>\(\?<?[=!])"
    r"|(?P<open>\((?:\?(?:P?<\w+>|:))?)(?!\?)"
    r"|(?P<close>\))|(?P<bar>\|)"
    r"|(?P<other>[.^$]|\[\^?\]?(?:\\.|[^\]\\])*\]|\\[AbBdDsSwWZ1-9nrtfv])",
    re.S,
)
_IGNORECASE = int(re.IGNORECASE)  # arithmetic with the enumeration is slow
_MOST = 40  # alternatives; more are not worth the look
_Literals = frozenset[str]
_NONE: _Literals = frozenset()


def required(pattern: str, flags: int = 0) -> tuple[str, ...]:
    """Literals of which every match of ``pattern`` contains at least one; none when that cannot be told.

    Lower case with ``re.IGNORECASE``.
    """
    if flags & ~(re.IGNORECASE | re.MULTILINE | re.DOTALL):
        return ()
    found = _of_group(_tokens(pattern), "end")
    return tuple(sorted({text.lower() for text in found or _NONE} if flags & re.IGNORECASE else found or _NONE))


def _tokens(pattern: str) -> Iterator[tuple[str, str]]:
    """(kind, text) of every part; the kind is ``end`` at the end, and ``odd`` where we do not understand it."""
    at = 0
    while at < len(pattern):
        token = _TOKEN.match(pattern, at)
        if not token:
            yield "odd", ""
            return
        yield token.lastgroup or "", token[0]
        at = token.end()
    yield "end", ""


def _of_group(tokens: Iterator[tuple[str, str]], closing: str) -> _Literals | None:
    """What one of the alternatives up to ``closing`` needs; ``None`` when the pattern is odd.

    Of a sequence, the literals that are most worth a look are kept: ``run`` is the text that stands for itself just
    now, ``last`` what the part before needs, until it is known whether that part may be left out.
    """
    every: list[_Literals] = []
    best, run, last = _NONE, "", _NONE
    for kind, text in tokens:
        if kind == "text":
            best, last = _better(best, last), _NONE
            run += text[-1] if text[0] == "\\" else text
            continue
        if kind in ("many", "some") and run:
            best = _better(best, _one(run if kind == "some" else run[:-1]))
        else:
            best = _better(_better(best, _one(run)), last if kind != "many" else _NONE)
        run, last = "", _NONE
        if kind in ("skip", "open"):
            inner = _of_group(tokens, "close")
            if inner is None:
                return None
            last = inner if kind == "open" else _NONE
        elif kind in ("bar", closing):
            every.append(best)
            best = _NONE
            if kind == closing:
                return _NONE if not all(every) or sum(map(len, every)) > _MOST else _NONE.union(*every)
        elif kind in ("odd", "end", "close"):
            return None
    return None


def _one(text: str) -> _Literals:
    return frozenset({text}) if text else _NONE


def _better(one: _Literals, other: _Literals) -> _Literals:
    if not one or not other:
        return one or other
    return other if _worth(other) > _worth(one) else one


def _worth(literals: _Literals) -> tuple[int, int]:
    return (min(map(len, literals)), -len(literals)) if literals else (0, 0)


class _Lazy:
    def __init__(self, pattern: str, flags: int) -> None:
        self._pattern, self._flags = pattern, int(flags)
        self._needs: tuple[str, ...] | None = None

    def _hopeless(self, text: str, first: int = 0, stop: int = sys.maxsize) -> bool:
        """Whether ``text[first:stop]`` lacks what every match contains."""
        if self._needs is None:
            self._needs = required(self._pattern, self._flags)
        if not self._needs:
            return False
        if self._flags & _IGNORECASE:
            text, first, stop = text[first:stop], 0, sys.maxsize
            if not text.isascii():  # some letters that are no ASCII are the same as one that is, but for case
                return False
            text = text.lower()
        return all(text.find(literal, max(0, first), stop) < 0 for literal in self._needs)

    def search(self, text: str, *where: int) -> re.Match[str] | None:
        return None if self._hopeless(text, *where) else self._made().search(text, *where)

    def match(self, text: str, *where: int) -> re.Match[str] | None:
        return None if self._hopeless(text, *where) else self._made().match(text, *where)

    def fullmatch(self, text: str, *where: int) -> re.Match[str] | None:
        return None if self._hopeless(text, *where) else self._made().fullmatch(text, *where)

    def finditer(self, text: str, *where: int) -> Iterator[re.Match[str]]:
        return iter(()) if self._hopeless(text, *where) else self._made().finditer(text, *where)

    def findall(self, text: str, *where: int) -> list[Any]:
        return [] if self._hopeless(text, *where) else self._made().findall(text, *where)

    def sub(self, new: Any, text: str, count: int = 0) -> str:
        return text if self._hopeless(text) else self._made().sub(new, text, count)

    def split(self, text: str, maxsplit: int = 0) -> list[str | Any]:
        return [text] if self._hopeless(text) else self._made().split(text, maxsplit)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._made(), name)

    def _made(self) -> re.Pattern[str]:
        made = re.compile(self._pattern, self._flags)
        for method in ("search", "match", "fullmatch", "finditer", "findall", "sub", "split", "pattern"):
            setattr(self, method, getattr(made, method))  # from now on found without coming here
        return made


def may_match(pattern: re.Pattern[str], text: str) -> bool:
    """Whether some part of ``text`` could match: asked once for a whole file, it spares asking for each line."""
    hopeless = getattr(pattern, "_hopeless", None)
    return hopeless is None or not hopeless(text)


@cache  # one that stands inside of a function is made once, too
def lazy(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """As ``re.compile``, later. A wrong pattern shows only then: for tables that tests go through."""
    if pattern.startswith("(?i)"):
        pattern, flags = pattern[4:], flags | re.IGNORECASE
    return cast("re.Pattern[str]", _Lazy(pattern, flags))
