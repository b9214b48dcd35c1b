"""What a text must hold for a branch of a regular expression to match: so that a branch that cannot match is
never compiled. Compiling is most of what classifying a log costs.

Only plain facts are drawn: runs of letters and blanks that stand in a branch unconditionally, and groups of
alternatives of which each has such a run. What is not understood demands nothing.
"""

from __future__ import annotations

from functools import lru_cache

from .patterns import Pattern

Demand = tuple[str, ...]  # one of these literals, in lower case, has to stand in the text

_SHORTEST = 3  # characters of a literal that is worth looking for
_TOKEN = Pattern(
    r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?<?[=!]|\(\?(?:-?[a-z]*:)|\(|\)|\||[?*+]\??|\{[\d,]+\}|[A-Za-z /':,=-]+|.", 16
)


def within_reach(pattern: str, text: str) -> list[str]:
    """The alternatives of ``pattern`` that can match in ``text`` (lower case)."""
    return [branch for branch, demands in _parsed(pattern) if all(_met(demand, text) for demand in demands)]


def _met(demand: Demand, text: str) -> bool:
    return any(map(text.__contains__, demand))


@lru_cache(maxsize=1024)
def _parsed(pattern: str) -> tuple[tuple[str, tuple[Demand, ...]], ...]:
    tokens = _TOKEN.findall(pattern)
    found, _ = _alternatives(tokens, 0)
    return tuple(("".join(tokens[start:end]), tuple(demands)) for start, end, demands in found)


def _alternatives(tokens: list[str], at: int) -> tuple[list[tuple[int, int, list[Demand]]], int]:
    """The alternatives from ``at`` to the group's end: beginning, end and demands of each; and the place of the
    closing bracket."""
    found: list[tuple[int, int, list[Demand]]] = []
    start, last = at, False  # whether the last token brought the last demand
    demands: list[Demand] = []
    while at < len(tokens):
        token = tokens[at]
        if token == ")":
            break
        if token == "|":
            found.append((start, at, demands))
            start, demands, last = at + 1, [], False
        elif token[0] == "(":
            inner, at = _alternatives(tokens, at + 1)
            word = _any_of(inner) if token in ("(", "(?:") else None
            if word:
                demands.append(word)
            last = word is not None
        elif token[0] in "?*{":
            if last:
                demands.pop()
            last = False
        elif token[0].isalpha() or token[0] in " /':,=-":
            if at + 1 < len(tokens) and tokens[at + 1][0] in "?*{+":
                token = token[:-1]  # the repetition is about the last character alone
            if len(token) >= _SHORTEST:
                demands.append((token.lower(),))
            last = False
        else:
            last = False
        at += 1
    found.append((start, at, demands))
    return found, at


def _any_of(inner: list[tuple[int, int, list[Demand]]]) -> Demand | None:
    """The literals of which a group of alternatives needs one; ``None`` where an alternative needs none."""
    words: list[str] = []
    for _, _, demands in inner:
        if not demands:
            return None
        words += max(demands, key=lambda demand: min(map(len, demand)))
    return tuple(words)
