r"""A text without what a terminal and a log put around it: colours, carriage returns, prefixes of lines.

Secrets whose name and value stand on different lines are only seen where the lines are the program's own. The view
keeps the lines of the text, and tells for each of its characters where it stands in the text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator

from git_executor.context.secrets.span import Span
from git_executor.lazy import lazy

_COLOUR = lazy(
    r"(?:\x1b|\\x1[bB]|\\u001[bB]|\\0?33|\\e|\^\[|\#033)\[[0-9;?]{0,20}[A-Za-z]|\x1b\][^\x07\x1b\n]{0,200}(?:\x07|\x1b\\)|\r(?=\n)"
)
# Time stamps, levels, a stage or a container in front of each line. Exactly one blank is taken after them, for the
# blanks that follow may be an indentation.
_MARKS = r"""(?:
      \[?[0-9]{4}[-/][0-9]{2}[-/][0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}(?:[.,][0-9]{1,9})?(?:Z|[ ]?[+-][0-9]{2}:?[0-9]{2})?\]?
        (?:[ ]std(?:out|err)[ ][FP])?[ \t]
    | \[?[0-9]{2}:[0-9]{2}:[0-9]{2}(?:[.,][0-9]{1,9})?\]?[ \t]
    | [A-Z][a-z]{2}[ ][ 0-3][0-9][ ][0-9:]{8}[ ][\w.-]{1,64}[ ][\w./@-]{1,64}(?:\[[0-9]{1,8}\])?:[ ]
    | \[[ ]{0,8}[0-9]{1,8}\.[0-9]{3,9}\][ ]
    | \[[A-Za-z][\w./:@-]{0,47}\][ ]
    | \[?(?:TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|FATAL)\]?:?[ ]
    | (?=[A-Za-z][\w.-]{0,47}[ ]{0,24}\|)(?![^|\n]*(?i:pass|secret|token|key|credential))[A-Za-z][\w.-]{0,47}[ ]{0,24}\|(?:[ ]|$)
    ){1,4}"""
_FIRST = lazy(_MARKS, re.VERBOSE | re.MULTILINE)
_PREFIX = lazy(r"\n" + _MARKS, re.VERBOSE | re.MULTILINE)  # a literal at its head is what makes a pattern fast


_CODES = ("\x1b", "\r\n", "\\x1", "\\u001", "\\033", "\\33", "\\e[", "^[[", "#033[")


class View:
    """``text`` is what is to be searched; ``back`` brings what was found to the places in the original."""

    def __init__(self, original: str) -> None:
        self.text = original
        self._cuts: list[_Cut] = []
        if any(code in original for code in _CODES):
            self._cut(match.span() for match in _COLOUR.finditer(original))
        first = _FIRST.match(self.text)
        self._cut([*([first.span()] if first else []), *((m.start() + 1, m.end()) for m in _PREFIX.finditer(self.text))])

    def back(self, spans: Iterable[Span]) -> Iterator[Span]:
        """``spans`` of the view as spans of the original."""
        for start, end, kind in spans:
            last = end - 1
            for cut in reversed(self._cuts):
                start, last = cut.place(start), cut.place(last)
            yield Span(start, last + 1, kind)

    def _cut(self, stretches: Iterable[tuple[int, int]]) -> None:
        dropped = list(stretches)
        if dropped:
            cut = _Cut(self.text, dropped)
            self._cuts.append(cut)
            self.text = cut.text


class _Cut:
    """A text without some stretches of it."""

    def __init__(self, original: str, dropped: Iterable[tuple[int, int]]) -> None:
        kept: list[str] = []
        self._ats: list[int] = []  # where each piece begins here ...
        self._origins: list[int] = []  # ... and in the original
        size = last = 0
        for start, stop in (*dropped, (len(original), len(original))):
            if start > last:
                self._ats.append(size)
                self._origins.append(last)
                kept.append(original[last:start])
                size += start - last
            last = stop
        self.text = "".join(kept)

    def place(self, at: int) -> int:
        piece = bisect_right(self._ats, at) - 1
        return self._origins[piece] + at - self._ats[piece]
