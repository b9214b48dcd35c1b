"""Texts with secrets and texts that only look so, from templates: the values are made anew from a seed.

In a template ``⟦kind⟧`` becomes a secret, ``⟦=kind⟧`` a part of a longer secret (what is around it belongs to it),
``⟦~kind⟧`` something that must stay. ``⟦1:kind⟧`` names a value that ``⟦1⟧`` and ``⟦1[:12]⟧`` repeat. Templates are
separated by ``%%``. ``⟦1|pct⟧`` is the value as a URL shows it, and so on: see ``_FORMS``.
"""

from __future__ import annotations

import base64
import html
import json
import random
import re
import shlex
import string
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

_MARK = re.compile(
    r"⟦(?P<how>[~=]?)(?:(?P<id>[0-9])(?::|(?=[\[|⟧])))?(?P<kind>\w*)(?:\[:(?P<cut>[0-9]+)\])?(?:\|(?P<form>\w+))?⟧"
)
_B64 = string.ascii_letters + string.digits + "+/"
_WORDS = ("sunshine", "rocket", "purple", "hammer", "window", "tiger", "bottle", "garden", "copper", "silver", "marble")
_PASSWORDS = (
    "{W}{d}{d}", "{w}-{w}-{d}", "{W}{s}{w}{d}", "{x8}", "{x12}", "{w}{s}{d}{d}{d}", "{W}{w}{d}!", "{x5}{s}{x5}",
    "{d}{d}{d}{d}{w}", "{x10}{s}", "{w}_{W}{d}", "Adm1n{s}{w}",
)  # fmt: skip
_SYMBOLS = "@!#%^*+:/=?~&"
_FORMS: Mapping[str, Callable[[str], str]] = {
    "pct": lambda value: quote(value, safe=""),
    "json": lambda value: json.dumps(value)[1:-1],
    "html": html.escape,
    "sh": lambda value: shlex.quote(value)[1:-1] if "'" in value else value,
    "b64": lambda value: base64.b64encode(value.encode()).decode(),
    "b64user": lambda value: base64.b64encode(b"ops:" + value.encode()).decode(),
}


@dataclass(frozen=True)
class Case:
    """``secrets`` must be gone from the redacted ``text``, ``kept`` must still be in it."""

    text: str
    secrets: tuple[str, ...]
    kept: tuple[str, ...]


def cases(name: str, seed: int) -> Iterator[Case]:
    """The cases of ``secrets`` or ``lookalikes``, with values of that seed."""
    rng = random.Random(f"{name} {seed}")
    templates = (Path(__file__).parent / f"{name}.txt").read_text("utf-8").split("\n%%\n")
    for template in templates:
        yield _filled(template.rstrip("\n") + "\n", rng)


def _filled(template: str, rng: random.Random) -> Case:
    secrets: list[str] = []
    kept: list[str] = []
    named: dict[str, str] = {}

    def fill(match: re.Match[str]) -> str:
        if match["kind"]:
            value = _value(match["kind"], rng)
            if match["id"]:
                named[match["id"]] = value
        else:
            value = named[match["id"]][: int(match["cut"]) if match["cut"] else None]
        if match["form"]:
            value = _FORMS[match["form"]](value)
        (kept if match["how"] == "~" else secrets).append(value)
        return value

    return Case(_MARK.sub(fill, template), tuple(secrets), tuple(kept))


def _value(kind: str, rng: random.Random) -> str:
    def some(alphabet: str, count: int) -> str:
        return "".join(rng.choices(alphabet, k=count))

    base, count = kind.rstrip(string.digits), int(re.sub(r".*?([0-9]*)$", r"\1", kind) or 0)
    if kind in ("pw", "pw12"):
        value = ""
        while len(value) < (10 if kind == "pw12" else 7):
            value = re.sub(r"\{(\w)(\d*)\}", lambda m: _piece(m[1], int(m[2] or 1), rng), rng.choice(_PASSWORDS))
        return value
    if kind in ("wpw", "at", "pct", "xmlpw"):
        value = _memorable(rng)
        if kind == "at":
            return f"{value}&\"'{rng.randrange(10)}"
        if kind == "xmlpw":
            return html.escape(f"{value}&{rng.randrange(10)}")
        return quote(f"{value}@{rng.choice(_SYMBOLS)}{rng.randrange(10)}", safe="") if kind == "pct" else value
    if base == "spec":
        symbols = {"": _SYMBOLS, "2": "@!#%^*+:/?~", "3": "@!%^+:/=~"}[kind[4:]]
        return (
            some(_B64[:62], 1)
            + "".join(some(_B64[:62], 3) + rng.choice(symbols) for _ in range(4))
            + some(_B64[:62], 2)
        )
    if base in ("bech", "BECH"):
        value = some("qpzry9x8gf2tvdw0s3jn54khce6mua7l", count)
        return value.upper() if base == "BECH" else value
    if kind == "jwtb":
        body = json.dumps(
            {"a": some("0123456789abcdef", 32), "t": str(uuid.UUID(int=rng.getrandbits(128))), "s": some(_B64, 44)}
        )
        return base64.b64encode(body.encode()).decode()
    if kind == "phrase":
        return " ".join(rng.sample(_WORDS, 4))
    if kind == "uuid":
        return str(uuid.UUID(int=rng.getrandbits(128), version=4))
    if kind == "jwt":
        head = (
            base64.urlsafe_b64encode(b'{"alg":"RS256","kid":"' + some(_B64[:62], 8).encode() + b'"}')
            .decode()
            .rstrip("=")
        )
        body = (
            base64.urlsafe_b64encode(b'{"iss":"kubernetes","sub":"' + some(_B64[:62], 20).encode() + b'"}')
            .decode()
            .rstrip("=")
        )
        return f"{head}.{body}.{some(_B64[:62] + '-_', 86)}"
    if kind == "kubeadm":
        return some(string.ascii_lowercase + string.digits, 6) + "." + some(string.ascii_lowercase + string.digits, 16)
    if kind.startswith("b64text"):
        text = _value("pw", rng) if kind == "b64text" else '{"a":"' + some(_B64[:62], 50) + '"}'
        return base64.b64encode(text.encode()).decode()
    if base == "b64url":
        return some(_B64[:62] + "-_", count)
    if kind == "b64nopad":
        return base64.b64encode(rng.randbytes(32)).decode().rstrip("=")
    if base == "b64_":
        return base64.b64encode(rng.randbytes(count)).decode()
    alphabet = {
        "alnum": _B64[:62], "hex": "0123456789abcdef", "digits": string.digits,
        "upper": string.ascii_uppercase + "234567",
        "lower": string.ascii_lowercase + string.digits,
    }[base]  # fmt: skip
    return some(alphabet, count)


def _memorable(rng: random.Random) -> str:
    """A password that a person made of words."""
    one, two = rng.sample(_WORDS, 2)
    number = rng.randrange(10, 1000)
    return rng.choice(
        (
            f"{one.title()}_{two.title()}{number}", f"{one}{two.title()}{number}", f"{one}-{two}-{number}",
            f"{one.title()}{rng.choice('!@#%')}{two.title()}{number}", f"{one.title()}.{two}.{number}", f"{number}{one}{two}",
        )
    )  # fmt: skip


def _piece(kind: str, count: int, rng: random.Random) -> str:
    if kind in "wW":
        word = rng.choice(_WORDS)
        return word.capitalize() if kind == "W" else word
    alphabet = {"d": string.digits, "s": "!@#%^*-_+.,:?", "x": _B64[:62]}[kind]
    return "".join(rng.choices(alphabet, k=count))
