"""Which of hundreds of literals a text may hold, found out once.

Logs repeat their words. To look for a literal among the different words of a text, digits made equal, costs a fraction
of looking for it in the text.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

_SHORT = 2000  # characters up to which a text is searched as fast as its words
_DIGITS = bytes(ord("0") if chr(byte).isdigit() and byte < 128 else byte for byte in range(256))


class Vocabulary:
    """The words of a text that is in small letters already."""

    def __init__(self, lowered: str) -> None:
        self._words = b""
        if len(lowered) > _SHORT:
            data = lowered.encode("utf-8", "surrogatepass").translate(_DIGITS)
            self._words = b"\n".join(set(data.split()))

    def of(self, literals: Iterable[str]) -> tuple[str, ...]:
        """Those of ``literals``, in any case, that the text may hold: none that it does hold is missing."""
        words = self._words
        if not words:
            return tuple(literals)
        return tuple(literal for literal in literals if all(part in words for part in _parts(literal)))


@lru_cache(maxsize=4096)
def _parts(literal: str) -> tuple[bytes, ...]:
    return tuple(literal.lower().encode().translate(_DIGITS).split())
