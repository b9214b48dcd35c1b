"""A value that is more than its secret: an address with a login, the name and the secret of a Proxmox token."""

from __future__ import annotations

from git_executor.context.secrets.span import Span
from git_executor.context.secrets.values import looks_random
from git_executor.lazy import lazy

_LOGIN = lazy(
    r"[A-Za-z][A-Za-z0-9+.-]{1,24}://(?P<user>[^\s/@:\"'<>`]{0,128}):(?P<v>[^\s/\"'<>`?]{1,256})@[^\s@]{1,400}"
)
_TOKEN = lazy(r"(?:[A-Za-z]{3,20}[ =:]{1,2})?[\w.+-]{1,64}@[\w-]{1,32}![\w.-]{1,64}[=:](?P<v>[0-9A-Za-z-]{8,64})", 0)


def narrow(text: str, span: Span) -> Span:
    """``span`` without the parts of its value that are no secret."""
    value = text[span.start : span.end]
    if "://" in value and (login := _LOGIN.fullmatch(value)) and not looks_random(login.group("user")):
        return Span(span.start + login.start("v"), span.start + login.end("v"), "PASSWORD")
    if "!" in value and (token := _TOKEN.fullmatch(value)):
        return Span(span.start + token.start("v"), span.start + token.end("v"), "TOKEN")
    return span
