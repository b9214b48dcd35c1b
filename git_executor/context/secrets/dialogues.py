"""Secrets that a client sends to a server: the dialogues of mail, files, chat, caches and the web, as traces show them.

One line a form, as for commands.
"""

from __future__ import annotations

from collections.abc import Iterator

from git_executor.context.secrets.around import around
from git_executor.context.secrets.forms import Form, form as _form, in_forms
from git_executor.context.secrets.names import Telling, judge
from git_executor.context.secrets.span import Span
from git_executor.context.secrets.values import is_digest, is_reference, looks_odd, looks_random
from git_executor.context.secrets.vocabulary import Vocabulary
from git_executor.lazy import lazy

# How traces mark what the client says, and what may follow it on the line.
_SENT = r"(?:[^\w\n]{0,12}|[^\n]{0,60}?(?:\b(?:C|CLIENT|Client|client|send|sent|Sent):?|[~-]?>{1,3})[ \t]{0,8})b?[\"']?(?<![A-Za-z0-9+/=])(?!UGFzc3|VXNlcm)"
_BASE64 = r"(?P<v>(?:[A-Za-z0-9+/]{4}){1,500}(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?)(?:\\r\\n)?[\"']?[ \t]*(?=\n|\Z)"
_NO_MECHANISM = r"(?!(?:PLAIN|LOGIN|CRAM|XOAUTH|SCRAM|DIGEST|NTLM|GSSAPI|EXTERNAL|OAUTHBEARER|TLS|SSL)\b)"

FORMS: tuple[Form, ...] = (
    # "UGFzc3dvcmQ6" is "Password:" in base64, as the server of an AUTH LOGIN asks
    _form("Smtp-login", "334", r"334[ \t]+UGFzc3dvcmQ6[^\n]{0,8}\n" + _SENT + _BASE64, after=2),
    _form("Smtp-plain", "334", r"AUTH[ \t]+(?:PLAIN|XOAUTH2|OAUTHBEARER)[^\n]{0,8}\n[^\n]{0,24}334[^\n]{0,8}\n" + _SENT + _BASE64, after=2),
    _form("Redis-auth", "auth", r"(?:^|\n|> ?|\] ?|\bredis\S{0,20}[ \t])[\"']?(?:AUTH|auth)[\"']?[ \t]+[\"']?" + _NO_MECHANISM + r"(?:[\w.-]{1,64}[\"']?[ \t]+[\"']?)?(?=[^\s\"']{0,200}?[0-9!@#$%^*]|[^\s\"']{12})(?P<v>[^\s\"']{4,512})[\"']?[ \t]*(?=\n|$)"),
    _form("Redis-wire", "auth", r"\bAUTH(?:\\r\\n|\r?\n)\$[0-9]{1,4}(?:\\r\\n|\r?\n)(?:[^\n\\]{1,64}(?:\\r\\n|\r?\n)\$[0-9]{1,4}(?:\\r\\n|\r?\n))?(?P<v>[^\s\\\"']{4,512})", after=5),
    _form("Redis-hello", "hello", r"\bHELLO[\"']?[ \t]+[\"']?[23][\"']?[ \t]+[\"']?AUTH[\"']?[ \t]+\S{1,64}[ \t]+[\"']?(?P<v>[^\s\"']{4,512})"),
    _form("Pass", "pass", r"(?:\bUSER[ \t]+\S[^\n]{0,80}\n(?:[^\n]{0,120}\n){0,2}?[^\n]{0,24}?|331[^\n]{0,120}\n[^\n]{0,24}?|(?:-->|--->|>>>|C:|client:|>)[ \t]{0,4})\bPASS[ \t]+:?(?P<v>[^\s\"'\\]{3,200})", after=3),
    _form("Pass-after", "user", r"\bUSER[ \t]+\S[^\n]{0,80}\n(?:[^\n]{0,120}\n){0,2}?[^\n]{0,24}?\bPASS[ \t]+:?(?P<v>[^\s\"'\\]{3,200})", after=3),
    _form("nickserv", "identify", r"\bIDENTIFY[ \t]+(?:\S{1,64}[ \t]+)?(?P<v>[^\s\"']{4,200})", also="nickserv"),
    _form("Code", "code=", r"[?&]code=(?=[^&\s]{0,400}?[0-9])(?P<v>[A-Za-z0-9._~/%+-]{16,2000})"),
    _form("oauth-code", "code_verifier= device_code=", r"\b(?:code_verifier|device_code)=(?P<v>[A-Za-z0-9._~/%+-]{16,2000})"),
)  # fmt: skip

_COOKIES = lazy(r"(?i)\b(?:set-)?cookies?[\"']?[ \t]{0,4}[:=][ \t]{0,4}[\"'{]?(?P<all>[^\n]{1,8000})")
_COOKIE = lazy(
    r"(?:^|[;,{][ \t]{0,4}|[ \t])[\"']?(?P<name>[\w.!-]{1,100})[\"']?(?:=|:[ \t]{0,2})[\"']?(?P<v>[^\s;,\"'}]{8,4000})"
)


def in_dialogues(text: str, lowered: str, known: Vocabulary) -> Iterator[Span]:
    """Secrets that are sent: logins, authorization codes, cookies."""
    yield from in_forms(text, lowered, known, FORMS)
    for start, stop in around(lowered, ("cookie",)):
        for header in _COOKIES.finditer(text, start, stop):
            for cookie in _COOKIE.finditer(text, *header.span("all")):
                if _is_session(cookie.group("name"), cookie.group("v")):
                    yield Span(*cookie.span("v"), "TOKEN")


def _is_session(name: str, value: str) -> bool:
    """A cookie that lets somebody in, rather than one that remembers a choice."""
    if is_reference(value):
        return False
    telling = judge(name)[0] is not Telling.NO or name.lower().endswith(("sess", "sessid", "sid", "auth"))
    return looks_random(value) or (telling and (looks_odd(value) or is_digest(value)))
