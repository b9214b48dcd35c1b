"""How deep a text nests. Parsers written in C recurse, and a text of brackets alone can bring the interpreter down."""

from __future__ import annotations

import re

_DEEPEST = 80
_RUNS = re.compile(r"(?:[-?]\s){40}|[-+~!]{60}|(?:not ){40}|^ {300}", re.M)


def too_deep(text: str) -> bool:
    """Whether brackets, dashes or indentation nest deeper than a parser written in C survives."""
    if _RUNS.search(text):
        return True
    depth = 0
    for bracket in re.findall(r"[\[\](){}]", text):
        depth = depth + 1 if bracket in "[({" else max(0, depth - 1)
        if depth > _DEEPEST:
            return True
    return False
