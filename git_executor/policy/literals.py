"""String literals of any language, as what a shell may be given."""

from __future__ import annotations

import re
from collections.abc import Iterator

from git_executor.lazy import lazy

_STRING = lazy(r"\"((?:[^\"\\\n]|\\.)*)\"|'((?:[^'\\\n]|\\.)*)'|`([^`\n]*)`")
_MAX_LINE = 4000


def quoted(word: str) -> str:
    """A word as a shell would have to be given it."""
    return "'" + word.replace("'", "'\\''") + "'" if re.search(r"[^\w./:=@%+,-]", word) or not word else word


def literals(line: str) -> Iterator[str]:
    """The strings of a line of code, and a list of strings as one command."""
    if len(line) > _MAX_LINE:
        return
    strings = [match[1] or match[2] or match[3] or "" for match in _STRING.finditer(line)]
    if len(strings) > 1 and re.search(r"[\[(].*,", line):
        yield " ".join(map(quoted, strings))
    for string in strings:
        if len(string) > 3:
            yield string.replace('\\"', '"').replace("\\n", "\n").replace("\\\\", "\\")
