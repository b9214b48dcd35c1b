"""Regular expressions that are compiled when they are first asked.

The tables of the policy hold hundreds of them, and compiling those takes longer than everything else in an attempt.
"""

from __future__ import annotations

import re
from typing import Any, cast


class _Lazy:
    def __init__(self, pattern: str, flags: int) -> None:
        self._pattern, self._flags = pattern, flags

    def __getattr__(self, name: str) -> Any:
        made = re.compile(self._pattern, self._flags)
        for method in ("search", "match", "fullmatch", "finditer", "findall", "sub", "split", "pattern"):
            setattr(self, method, getattr(made, method))  # from now on found without coming here
        return getattr(made, name)


def lazy(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """As ``re.compile``, later. A wrong pattern shows only then: for tables that tests go through."""
    return cast("re.Pattern[str]", _Lazy(pattern, flags))
