"""Elements whose attribute or neighbour names what they hold: XML settings, property lists."""

from __future__ import annotations

from collections.abc import Iterator

from git_executor.context.secrets.names import Telling, judge
from git_executor.context.secrets.pairs import is_secret_value
from git_executor.context.secrets.span import Span
from git_executor.lazy import lazy

_NAMED = lazy(
    r"<\w[\w.:-]{0,63}(?:\s[^<>\n]{0,200})?\s(?:name|key|id|property)=[\"'](?P<name>[\w.-]{2,80})[\"'][^<>\n]{0,200}>(?P<v>[^<>\n]{1,4096})</"
)
_AFTER = lazy(
    r"<(?:key|name|param-name)>(?P<name>[\w. -]{2,80})</(?:key|name|param-name)>\s{0,80}<(?:string|value|data|param-value)>\s{0,80}(?P<v>[^<>]{1,4096}?)\s{0,80}</"
)


def in_markup(text: str) -> Iterator[Span]:
    """Text of elements that are named apart from their tag."""
    if "</" not in text:
        return
    for pattern in (_NAMED, _AFTER):
        for match in pattern.finditer(text):
            telling, kind = judge(match.group("name").replace(" ", "_"))
            if telling is not Telling.NO and is_secret_value(match.group("v"), telling, kind, quoted=True):
                yield Span(*match.span("v"), kind)
