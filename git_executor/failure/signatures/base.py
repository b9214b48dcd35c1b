"""What a signature is, and how a text is held against a table of them.

A table's regular expressions are compiled only when one of their ``needles`` (lower-case literals) stands in
the text, so that a hundred signatures cost a run about as much as the three that matter.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ...domain import Classification
from ..anchors import within_reach
from ..patterns import compiled


class Known(NamedTuple):
    """One built-in signature.

    ``weight`` says how much the message explains: 9 a cause that leaves no doubt, 7 a plain cause, 5 a likely
    one, 3 a symptom that yields to any cause. ``fires`` are messages that must match, ``spares`` look-alikes
    that must not; a test holds every entry to both.
    """

    name: str
    classification: Classification
    weight: float
    needles: tuple[str, ...]
    pattern: str
    fires: tuple[str, ...]
    spares: tuple[str, ...] = ()

    def matches(self, text: str, lowered: str) -> bool:
        """Whether ``text`` (``lowered`` is the same in lower case) shows this signature."""
        if not any(map(lowered.__contains__, self.needles)):
            return False
        return compiled(self.pattern).search(text) is not None


def relevant(table: Iterable[Known], text: str) -> list[Known]:
    """The entries of ``table`` that any line of ``text`` (in lower case) can show, with what of their patterns can
    match there: done once for a whole log."""
    kept = []
    for known in table:
        needles = tuple(needle for needle in known.needles if needle in text)
        pattern = "|".join(within_reach(known.pattern, text)) if needles else ""
        if pattern:
            kept.append(known._replace(needles=needles, pattern=pattern))
    return kept


def matching(table: Iterable[Known], text: str) -> Iterator[Known]:
    """The entries of ``table`` that ``text`` shows, in the table's order."""
    lowered = text.lower()
    return (known for known in table if known.matches(text, lowered))
