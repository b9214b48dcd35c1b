"""How many tokens a text costs, without a tokenizer."""

from __future__ import annotations

import re

# Byte-pair vocabularies split text roughly so: words with their blank, single digits, runs of punctuation, indents.
_PIECES = re.compile(r" ?[A-Za-z]+|[0-9]| ?[^\sA-Za-z0-9]{1,3}|\n[ \t]*|[ \t]+|\s|[^\x00-\x7f]")
_WORD = 7  # letters that fit in one token, on the average of code and logs


def estimate(text: str) -> int:
    """Tokens of ``text`` for today's vocabularies; made to err on the high side by about a tenth."""
    count = 0
    for piece in _PIECES.findall(text):
        count += 1 if len(piece) <= _WORD else -(-len(piece) // _WORD)
    return count + 4


def cut(text: str, tokens: int) -> str:
    """The first lines of ``text`` that fit, or the beginning of the first one; a mark says when something is left out."""
    kept: list[str] = []
    left = tokens
    lines = text.split("\n")
    for i, line in enumerate(lines):
        left -= estimate(line) - 3
        if left < 0 and not kept:
            return _beginning(line, tokens) + " [... cut]"
        if left < 0:
            return "\n".join([*kept, f"[... {len(lines) - i} more lines left out]"])
        kept.append(line)
    return text


def _beginning(line: str, tokens: int) -> str:
    head = line[: max(0, tokens) * _WORD]
    while head and estimate(head) - 3 > tokens:
        head = head[: len(head) * 3 // 4]
    return head
