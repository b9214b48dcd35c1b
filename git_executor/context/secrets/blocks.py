"""Secrets over several lines: here-documents, continued and wrapped values, the end of a key whose beginning is cut off."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from git_executor.context.secrets.around import around
from git_executor.context.secrets.names import Telling, judge
from git_executor.context.secrets.pairs import is_secret_value
from git_executor.context.secrets.span import Span
from git_executor.context.secrets.values import is_digest, is_public, is_reference, looks_made, looks_odd, looks_random
from git_executor.lazy import lazy

_HERE = lazy(
    r"(?<![\w.-])[\"']?(?P<name>[A-Za-z_][\w.-]{1,80})[\"']?[ \t]*[:=]+[ \t]*<<[-~]?[ \t]*[\"']?(?P<end>[A-Za-z_]\w{0,30})[\"']?[^\n]{0,80}\n"
    r"(?P<body>(?:[^\n]{0,4096}\n){1,60}?)[ \t]*(?P=end)\b"
)
_HERE_FED = lazy(  # a program that reads a secret from its input
    r"(?:--password-stdin|--token-stdin|\bpasswd\b|cryptsetup|chpasswd)[^\n]{0,80}?<<[-~]?[ \t]*[\"']?(?P<end>[A-Za-z_]\w{0,30})[\"']?[^\n]{0,80}\n"
    r"(?P<body>(?:[^\n]{0,4096}\n){1,60}?)[ \t]*(?P=end)\b"
)
_TRIPLE = lazy(
    r"(?<![\w.-])(?P<name>[A-Za-z_][\w.-]{1,80})[ \t]*[:=][ \t]*(?P<q>\"{3}|'{3})\s{0,20}(?P<v>[^\"'\n]{3,4096}?)\s{0,20}(?P=q)"
)
_SPREAD = lazy(  # a quoted text that does not end on its line
    r"(?<![\w.-])(?P<name>[A-Za-z_][\w.-]{1,80})[\"']?[ \t]*[:=][ \t]*(?:\"(?P<double>[^\"\n]{1,400}\n(?:[^\"\n]{0,400}\n){0,8}?[^\"\n]{0,400})\"|'(?P<single>[^'\n]{1,400}\n(?:[^'\n]{0,400}\n){0,8}?[^'\n]{0,400})')[ \t]*(?=\n|\Z|[,;}])"
)
_SECRETS = lazy(  # a list of secrets, each with a name of its own
    r"(?m)^(?P<indent>[ \t]*)(?:secrets|credentials|passwords|tokens):[ \t]*\n(?:(?P=indent)[ \t-][^\n]{0,4096}\n?){1,80}"
)
_BRACED = lazy(
    r"(?<![\w-])[\"']?(?:tokens|secrets|credentials|passwords)[\"']?[ \t]*[:=]?[ \t]*\{(?P<body>[^{}]{1,4000})\}"
)
_FILE = lazy(
    r"(?im)^[^\n]{0,100}?\bsecrets?\.(?:ya?ml|env|json|toml|ini|conf)\b[^\n]{0,60}\n(?P<body>(?:[^\n]{1,4096}\n?){1,200})"
)
_SETTING = lazy(
    r"(?<![\w.-])[\"']?(?P<name>[A-Za-z_][\w.-]{0,80})[\"']?[ \t]*[:=][ \t]*[\"']?(?P<v>[^\s\"',}]{8,4096})"
)
_FLOW = lazy(
    r"(?<![\w.-])[\"']?(?P<name>[A-Za-z_][\w.-]{0,80}?)s(?:_b64|_hex)?[\"']?[ \t]*[:=][ \t]*\[(?P<all>[^\[\]]{3,4000})\]"
)
_LISTED = lazy(r"[\"']?(?P<v>[^\s,\"'][^,\"'\n]{0,4096})[\"']?")
_ONE_COLUMN = lazy(r"(?m)^[ \t]*(?P<name>[a-z_]{2,64})[ \t]*\n[ \t]*-{3,200}[ \t]*\n[ \t]*(?P<v>\S{3,4096})[ \t]*$")
_ITS_VALUE = lazy(
    r"(?<![\w-])(?:value|plaintext|content)[\"']?[ \t]*[:=][ \t]*(?:[|>][-+]?[ \t]*\n[ \t]+)?[\"']?(?P<v>[^\s\"'][^\n\"']{0,4096})"
)
_PEM_END = lazy(r"-----END (?:[A-Z0-9]+ ){0,4}PRIVATE KEY(?: BLOCK)?-----")
_PEM_TAIL = lazy(r"[A-Za-z0-9+/]{4,}={0,2}(?=[\s\"'\\]*\Z)")
_CONTINUED = lazy(r"[A-Za-z0-9+/_.~-]{4,4096}(?:={1,2}(?=[\s\"']|\Z))?")
_WIDTH = 56  # no terminal or log wraps before this column


def in_blocks(text: str, lowered: str) -> Iterator[Span]:
    """Values that fill the lines below their name."""
    if "<<" in text:
        for start, stop in around(text, ("<<",), after=30):
            yield from _here(text, start, stop)
    if "private key" in lowered:
        yield from _cut_off(text)
    if "---" in text:
        for start, stop in around(lowered, ("pass", "secret", "token", "key"), after=2):
            yield from _one_column(text, start, stop)
    yield from _sections(text, lowered)
    for start, stop in around(lowered, ("passwords", "tokens", "keys", "codes", "phrases"), after=8):
        yield from _flow(text, start, stop)
    for start, stop in around(lowered, ("pass", "secret", "token", "key", "psk", "cred", "pwd"), after=8):
        yield from _spread(text, start, stop)


def _sections(text: str, lowered: str) -> Iterator[Span]:
    """Lists and files of secrets, each with a harmless name of its own."""
    for start, stop in around(lowered, ("secrets:", "credentials:", "passwords:", "tokens:"), after=80):
        for section in _SECRETS.finditer(text, start, stop):
            for match in _ITS_VALUE.finditer(text, *section.span()):
                if is_secret_value(match.group("v").strip(), Telling.STRONG, "SECRET"):
                    yield Span(*match.span("v"), "SECRET")
    for pattern, literals in ((_BRACED, ("tokens", "secrets", "credentials", "passwords")), (_FILE, ("secret",))):
        for start, stop in around(lowered, literals, after=40):
            for section in pattern.finditer(text, start, stop):
                yield from _generated(text, *section.span("body"))


def _flow(text: str, start: int, stop: int) -> Iterator[Span]:
    """``passwords: [one, two]``"""
    for match in _FLOW.finditer(text, start, stop):
        telling, kind = judge(match.group("name"))
        if telling is Telling.STRONG:
            for item in _LISTED.finditer(text, *match.span("all")):
                if is_secret_value(item.group("v"), Telling.WEAK if kind == "TOKEN" else telling, kind):
                    yield Span(*item.span("v"), kind)


def _one_column(text: str, start: int, stop: int) -> Iterator[Span]:
    """What a database client prints of a query for one column."""
    for match in _ONE_COLUMN.finditer(text, start, stop):
        telling, kind = judge(match.group("name"))
        if telling is not Telling.NO and is_secret_value(match.group("v"), telling, kind):
            yield Span(*match.span("v"), kind)


def _spread(text: str, start: int, stop: int) -> Iterator[Span]:
    """Quoted texts over several lines."""
    for match in _TRIPLE.finditer(text, start, stop):
        telling, kind = judge(match.group("name"))
        if telling is Telling.STRONG and is_secret_value(match.group("v"), telling, kind, quoted=True):
            yield Span(*match.span("v"), kind)
    for match in _SPREAD.finditer(text, start, stop):
        group = "double" if match.group("double") is not None else "single"
        telling, kind = judge(match.group("name"))
        plain = "".join(line.strip().rstrip("\\") for line in match.group(group).split("\n"))
        if telling is Telling.STRONG and not plain.endswith(":") and is_secret_value(plain, telling, kind, quoted=True):
            yield Span(*match.span(group), kind)


def _generated(text: str, start: int, stop: int) -> Iterator[Span]:
    """Settings of a place for secrets: whatever was generated is one, unless its name says that it is an identifier."""
    for match in _SETTING.finditer(text, start, stop):
        value, name = match.group("v"), match.group("name").lower()
        if (
            is_reference(value)
            or is_public(value)
            or name.endswith(("id", "name", "hash", "accessor", "public_key", "digest"))
        ):
            continue
        if looks_random(value) or (is_digest(value) and len(value) >= 24):
            yield Span(*match.span("v"), "SECRET")


def _here(text: str, start: int, stop: int) -> Iterator[Span]:
    for match in _HERE.finditer(text, start, stop):
        telling, kind = judge(match.group("name"))
        if telling is Telling.STRONG and is_secret_value(match.group("body").strip(), telling, kind):
            yield Span(*match.span("body"), kind)
    for match in _HERE_FED.finditer(text, start, stop):
        at = match.start("body")
        for line in match.group("body").splitlines(keepends=True):
            value = line.strip()
            begin = at + line.index(value)
            user, colon, password = value.partition(":")
            if colon and user.replace("-", "").replace("_", "").isalnum() and password:
                begin, value = begin + len(user) + 1, password
            if value and is_secret_value(value, Telling.STRONG):
                yield Span(begin, begin + len(value), "PASSWORD")
            at += len(line)


def _cut_off(text: str) -> Iterator[Span]:
    """The lines before the end of a private key, where its beginning is missing."""
    for end in _PEM_END.finditer(text):
        if "-----BEGIN" in text[max(0, end.start() - 16384) : end.start()].rpartition("-----END")[2]:
            continue
        stop = text.rfind("\n", 0, end.start())
        for _ in range(120):
            if stop < 0:
                break
            start = text.rfind("\n", 0, stop) + 1
            line = _PEM_TAIL.search(text[start:stop])
            if line is None or line.start() > 80:
                break
            yield Span(start + line.start(), start + line.end(), "KEY")
            stop = start - 1


def continued(text: str, spans: Iterable[Span]) -> Iterator[Span]:
    """What the next lines hold of secrets that a backslash or the width of a terminal broke at the end of a line."""
    for span in spans:
        stop = span.end
        for _ in range(40):
            follows = text[stop : stop + 2]
            escaped = follows == "\\\n" or (follows[:1] == "\n" and text[stop - 1 : stop] == "\\")
            start = text.rfind("\n", 0, stop) + 1
            if not escaped and follows[:1] != "\n":
                break
            wide = stop - start >= _WIDTH
            at = text.index("\n", stop) + 1
            if escaped:
                while text[at : at + 1] in (" ", "\t"):
                    at += 1
            match = _CONTINUED.match(text, at)
            if match is None or text[match.end() : match.end() + 1] in (":", "="):
                break
            if escaped and not (looks_made(match.group()) or looks_odd(match.group())):
                break
            if not escaped and not (_belongs(text, span, stop) and looks_odd(match.group().strip("=.-"))):
                break
            if not escaped and not wide and not _mixed(match.group()):
                break
            yield Span(at, match.end(), span.kind)
            stop = match.end()


def _mixed(word: str) -> bool:
    """Long and of all three kinds of characters: no name, no number, no word."""
    kinds = (any(c.islower() for c in word), any(c.isupper() for c in word), any(c.isdigit() for c in word))
    return len(word) >= 12 and all(kinds) and not any(c in "./" for c in word)


def _belongs(text: str, span: Span, stop: int) -> bool:
    """The line ends within something random, not behind a secret that happens to be its last word."""
    tail = text[max(span.start, stop - 40) : stop]
    return looks_random(tail) or _mixed(tail) or (len(tail) < 16 and looks_odd(tail)) or (stop != span.end)
