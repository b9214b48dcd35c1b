"""WireGuard's keys look all alike; the output of ``wg`` tells by its columns which are public."""

from __future__ import annotations

from collections.abc import Iterator

from git_executor.context.secrets.span import Span
from git_executor.lazy import lazy

_KEY = r"[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]="
_ROW = lazy(
    rf"(?m)^(?:[\w.-]{{1,20}}[ \t]+)?(?P<one>{_KEY})(?:[ \t]+(?:(?P<two>{_KEY})|(?P<rest>\(none\)|[0-9a-f.:\[\]]{{1,60}}|off)))?"
    r"(?:[ \t]+(?P<third>\S{1,60}))?(?:[ \t]+[^\n]{0,200})?$"
)
_COMMAND = lazy(
    r"(?m)^[^\n]{0,80}?\bwg[ \t]+(?:(?P<pub>pubkey|show[ \t]+\S{1,20}[ \t]+(?:peers|public-key))|(?P<other>\w[^\n]{0,80}))|^[^\n]{0,80}?[$#>][ \t]+\w[^\n]{0,200}"
)
_PUBKEY = lazy(r"(?m)^[^\n]{0,200}\|[ \t]*wg[ \t]+pubkey\b")


def wireguard(text: str) -> tuple[list[Span], list[tuple[int, int]]]:
    """The secret keys, and the stretches of the public ones, of what ``wg`` printed."""
    if "wg" not in text and "(none)" not in text:
        return [], []
    public: list[tuple[int, int]] = []
    secret: list[Span] = []
    asked = sorted(_asked(text))
    for row in _ROW.finditer(text):
        one, two, third = row.span("one"), row.span("two"), row.group("third") or ""
        if row.group("two") is None:
            if row.group("rest") or _after(asked, row.start()):
                public.append(one)
        elif third.isdigit() or third == "off":  # the interface itself: private, public, port
            secret.append(Span(*one, "KEY"))
            public.append(two)
        else:  # a peer: public, pre-shared, endpoint
            public.append(one)
            secret.append(Span(*two, "KEY"))
    return secret, public


def _asked(text: str) -> Iterator[tuple[int, bool]]:
    """Where each ``wg`` command ends, and whether it prints public keys."""
    for match in _COMMAND.finditer(text):
        yield match.end(), match.group("pub") is not None
    for match in _PUBKEY.finditer(text):
        yield match.end(), True


def _after(asked: list[tuple[int, bool]], at: int) -> bool:
    before = [public for end, public in asked if end <= at]
    return bool(before) and before[-1]
