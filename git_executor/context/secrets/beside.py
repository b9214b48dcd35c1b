"""A quoted word that no name looks like, on a line that speaks of passwords: ``assert 'Xy..7' == config.password``."""

from __future__ import annotations

from collections.abc import Iterator

from git_executor.context.secrets.around import around
from git_executor.context.secrets.span import Span
from git_executor.context.secrets.values import is_digest, is_prose, is_reference
from git_executor.lazy import lazy

_WORD = lazy(
    r"(?<![\w=])(?P<q>[\"'`])(?P<v>(?=[^\s\"'`]{0,60}[0-9])(?=[^\s\"'`]{0,60}[a-z])[A-Za-z0-9_!@#%^*+~?-]{9,64})(?P=q)(?![\w(])"
)
_NAMES_IT = lazy(
    r"(?i)\b(?:user(?:name)?|for|role|host|account|group|secret|secrets|container|name|named|file|key|database|db|client|item|object|pod|realm|version|id|in|on|from|at|to|of)"
    r"[ \t]{0,2}[:=]?[ \t]{0,2}\Z"
)


def in_words(text: str, lowered: str) -> Iterator[Span]:
    """Made-up words in quotes beside a mention of a password."""
    for start, stop in around(lowered, ("password", "passwd", "passphrase")):
        for match in _WORD.finditer(text, start, stop):
            value = match.group("v")
            if not _made_up(value) or is_digest(value) or is_reference(value) or is_prose(value):
                continue
            if not _NAMES_IT.search(text, max(start, match.start() - 24), match.start()):
                yield Span(*match.span("v"), "PASSWORD")


def _made_up(value: str) -> bool:
    """Cases mixed within, or digits at the beginning: no name of a program, a host or a person."""
    upper = sum(c.isupper() for c in value)
    mixed = 0 < upper < len(value) - 2 and any(c.isdigit() for c in value) and not value.isupper()
    return mixed or (value[0].isdigit() and value[-1].isalpha() and value.isalnum() and len(value) >= 10)
