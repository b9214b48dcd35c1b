"""Secrets among the arguments of a call in program text and tracebacks: ``login("ops", "...")``, ``put("password", "...")``."""

from __future__ import annotations

from collections.abc import Iterator

from git_executor.context.secrets.around import around
from git_executor.context.secrets.names import Telling, judge
from git_executor.context.secrets.pairs import is_secret_value
from git_executor.context.secrets.span import Span
from git_executor.lazy import lazy

_TEXT = r"(?:\"(?:[^\"\\\n]|\\.){0,200}\"|'(?:[^'\\\n]|\\.){0,200}')"
_LAST = r"(?P<q>[\"'])(?P<v>(?:(?!(?P=q))[^\\\n]|\\.){3,400})(?P=q)"
# Functions whose arguments are: something, a user, a password.
_AT_HOST = lazy(
    r"\b(?:mysqli?_connect|mysqli|real_connect|PDO(?:->__construct)?|MySQLdb\.connect|pymysql\.connect|getConnection|oci_connect)\("
    rf"[ \t]*(?:{_TEXT}|[\w.$:]{{1,80}}),[ \t]*(?:{_TEXT}|[\w.$:]{{1,80}}),[ \t]*" + _LAST
)
# ... and those that begin with the user.
_OF_USER = lazy(
    r"\b(?:HTTP(?:Basic|Digest)Auth|[sS]etBasicAuth|[bB]asic_?[aA]uth|BasicAuth|basic|login|authenticate|auth|\w{0,20}Credentials?"
    rf"|UserPassword|PlainAuth|PLAIN)(?:[ \t]{{0,2}}=[ \t]{{0,2}})?\([ \t]*(?:\"\",[ \t]*)?(?:{_TEXT}|[\w.$]{{1,80}}),[ \t]*"
    + _LAST
)
_NAMED = lazy(
    r"\b(?:define|putenv|\w{0,20}setdefault|\w{0,12}[sS]et\w{0,20}|\w{0,12}[pP]ut\w{0,12}|\w{0,12}[aA]dd\w{0,16}|[aA]ppend|[hH]eaders?|\w{0,12}[eE]nv\w{0,12}|property|attr|option|param)"
    r"\([ \t]*[\"'](?P<name>[\w.-]{2,80})[\"'],[ \t]*" + _LAST
)
_OPENS = ("mysql", "pdo", "getconnection", "oci_connect")
_USERS = ("auth", "login", "credential", "basic", "plain", "userpassword")


def in_calls(text: str, lowered: str) -> Iterator[Span]:
    """Quoted arguments that are a password by their place or by the argument before them."""
    if "(" not in text:
        return
    for pattern, literals in ((_AT_HOST, _OPENS), (_OF_USER, _USERS)):
        for start, stop in around(lowered, literals, also=("(",)):
            for match in pattern.finditer(text, start, stop):
                if _may_be(match.group("v")):
                    yield Span(*match.span("v"), "PASSWORD")
    for start, stop in around(
        lowered, ('("', "('", '( "', "( '"), also=("pass", "secret", "token", "key", "pwd", "salt")
    ):
        for match in _NAMED.finditer(text, start, stop):
            telling, kind = judge(match.group("name"))
            value = match.group("v")
            salted = match.group("name").upper().endswith(("_KEY", "_SALT")) and len(value) >= 24 and " " not in value
            if salted or (telling is not Telling.NO and is_secret_value(value, telling, kind, quoted=True)):
                yield Span(*match.span("v"), kind or "KEY")


def _may_be(value: str) -> bool:
    return " " not in value and "/" not in value[:1] and is_secret_value(value, Telling.STRONG, quoted=True)
