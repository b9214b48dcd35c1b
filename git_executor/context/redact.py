"""Takes secrets out of a text before it leaves the process, and puts them back into what comes in.

A ``Redactor`` lives as long as a run. What it learns from one text (a password in a config file, a token in a
header) it replaces in every later one, also where the value stands alone, is cut off, or is encoded. The
placeholder of a secret is the same for the whole run, keeps its line, and names its kind: ``<REDACTED-PASSWORD-1>``.
"""

from __future__ import annotations

import html
import json
import re
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from urllib.parse import quote, quote_plus

from git_executor.context.secrets import Span, find, merge
from git_executor.context.secrets.values import (
    PLACEHOLDER,
    decoded,
    is_prose,
    looks_made,
    looks_odd,
    looks_random,
)

_SMALL_ESCAPES = re.compile(r"%[0-9A-F]{2}")
_SHELL = re.compile(r"[^\w@%+=:,./-]")
_DEEP = 40  # of the groups in one pattern
_SURE = 12  # or so many, where they could be part of a word
_PART = 8  # so many first characters of a long secret give away that the rest of it follows, or was cut off
# The beginnings and ends that public texts share with secrets: PEM blocks, plain and in base64, certificates, JWTs.
_COMMON = ("-----", "LS0tL", "MII", "eyJ", "AAAA", "0tLQo=", "LS0tLS0K", "tLS0tLQ", "S0tLS0t", "=====")


class Redactor:
    """Replaces secrets by stable placeholders: the same secret, the same placeholder, for the life of the object."""

    def __init__(self) -> None:
        self._by_secret: dict[str, str] = {}
        self._by_placeholder: dict[str, str] = {}
        self._taken: set[str] = set()
        self._counts: dict[str, int] = {}
        self._known: dict[str, str] = {}  # what is replaced wherever it stands -> its kind
        self._parts: Mapping[str, list[str]] = {}  # the beginning or end of a long secret -> what it may belong to
        self._matcher: re.Pattern[str] | None = None

    @property
    def placeholders(self) -> Mapping[str, str]:
        """Placeholder -> what it stands for."""
        return MappingProxyType(self._by_placeholder)

    def redact(self, text: str) -> str:
        """``text`` without its secrets; the number of lines stays. Redacting twice changes nothing more."""
        if not text:
            return text
        if "<REDACTED-" in text:
            self._taken.update(set(PLACEHOLDER.findall(text)) - set(self._by_placeholder))
        spans = [span for span in find(text) if not PLACEHOLDER.search(text[span.start : span.end])]
        for span in spans:
            self.learn(text[span.start : span.end], span.kind)
        spans = merge(text, [*spans, *self._echoes(text)])
        pieces: list[str] = []
        at = 0
        for span in spans:
            pieces += [text[at : span.start], self._placeholder(text[span.start : span.end], span.kind)]
            at = span.end
        return "".join([*pieces, text[at:]])

    def restore(self, text: str) -> str:
        """``text`` with every placeholder of this redactor turned back into what it stands for."""
        return PLACEHOLDER.sub(lambda m: self._by_placeholder.get(m.group(), m.group()), text)

    def learn(self, value: str, kind: str = "SECRET") -> None:
        """From now on replace ``value`` wherever it stands, unless it is too common a word for that."""
        value = value.strip()
        if value in self._known or not _distinctive(value):
            return
        for form in _forms(value):
            self._known.setdefault(form, kind)
        self._matcher = None

    def learn_from(self, text: str) -> None:
        """Learn the secrets of a text that itself is not to be shown."""
        for span in find(text):
            self.learn(text[span.start : span.end], span.kind)

    def _placeholder(self, secret: str, kind: str) -> str:
        placeholder = self._by_secret.get(secret)
        if placeholder is None:
            while placeholder is None or placeholder in self._taken:
                self._counts[kind] = self._counts.get(kind, 0) + 1
                placeholder = f"<REDACTED-{kind}-{self._counts[kind]}>"
            self._by_secret[secret] = placeholder
            self._by_placeholder[placeholder] = secret
        return placeholder

    def _echoes(self, text: str) -> Iterator[Span]:
        if not self._known:
            return
        if self._matcher is None:
            self._parts = _parts(self._known)
            self._matcher = _matcher([*self._known, *self._parts])
        for match in self._matcher.finditer(text):
            start, end = match.span()
            if end - start <= _PART and match.group() not in self._known:
                start, end = self._part(text, start, end)
            if start < end and _apart(text, start, end):
                yield Span(start, end, self._known.get(text[start:end], "PART"))

    def _part(self, text: str, start: int, end: int) -> tuple[int, int]:
        """As much of a long secret as stands here, of which ``text[start:end]`` is the beginning or the end."""
        first, last = start, end
        for secret in self._parts.get(text[start:end], ()):
            if secret.startswith(text[start:end]):
                last = max(last, start + _same(secret, text[start : start + len(secret)]))
            if secret.endswith(text[start:end]):
                behind = text[max(0, end - len(secret)) : end]
                first = min(first, end - _same(secret[::-1], behind[::-1]))
        if last - first < _SURE and not looks_odd(text[start:end]):
            return start, start
        return first, last


def _same(one: str, other: str) -> int:
    """The length of the common beginning."""
    return next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _distinctive(value: str) -> bool:
    if len(value) < 5 or len(value) > 100_000 or PLACEHOLDER.search(value) or is_prose(value):
        return False
    return looks_made(value) or len(value) >= 12 or (len(value) >= 6 and not value.isalpha() and not value.isdigit())


def _forms(value: str) -> Iterator[str]:
    """The ways in which a log may show a secret: as it is, escaped, percent-encoded, in base64, decoded."""
    yield value
    if len(value) > 4096:
        return
    escaped = json.dumps(value)[1:-1]
    yield escaped
    yield json.dumps(escaped)[1:-1]
    yield json.dumps(value, ensure_ascii=False)[1:-1]
    percent = quote(value, safe="")
    yield from (percent, quote(value), quote_plus(value), _SMALL_ESCAPES.sub(lambda m: m.group().lower(), percent))
    yield from (
        html.escape(value),
        html.escape(value, quote=False),
        value.replace("'", "'\\''"),
        value.replace("'", "''"),
    )
    yield from (value.replace("$", "$$"), value.replace("$", "\\$"), _SHELL.sub(r"\\\g<0>", value))
    if len(value) >= 8:
        for end in ("", "\n"):
            encoded = b64encode((value + end).encode("utf-8", "surrogateescape")).decode("ascii")
            yield from (encoded, encoded.rstrip("="), encoded.replace("+", "-").replace("/", "_").rstrip("="))
        plain = decoded(value).strip()
        if plain and "\n" not in plain and _distinctive(plain):
            yield plain


def _apart(text: str, start: int, end: int) -> bool:
    """Short secrets count only where no word continues on either side of them."""
    if end - start >= 12:
        return True
    return not (text[start - 1 : start].isalnum() and text[start].isalnum()) and not (
        text[end : end + 1].isalnum() and text[end - 1].isalnum()
    )


def _parts(known: Iterable[str]) -> Mapping[str, list[str]]:
    parts: dict[str, list[str]] = {}
    for value in known:
        if len(value) >= 2 * _PART:
            for part in (value[:_PART], value[-_PART:]):
                if not any(common in part for common in _COMMON) and (looks_odd(part) or looks_random(value)):
                    parts.setdefault(part, []).append(value)
    return parts


def _matcher(known: Iterable[str]) -> re.Pattern[str]:
    """One pattern for all values: a trie, so that its cost a character does not grow with their number."""
    trie: dict[str, object] = {}
    for value in known:
        _insert(trie, value)
    return re.compile(_render(trie))


def _insert(trie: dict[str, object], value: str) -> None:
    node = trie
    for char in value:
        nxt = node.setdefault(char, {})
        assert isinstance(nxt, dict)
        node = nxt
    node[""] = True


def _render(trie: dict[str, object], depth: int = 0) -> str:
    """A regular expression that prefers the longest value; groups nest no deeper than ``_DEEP``."""
    prefix = ""
    while len(trie) == 1 and "" not in trie:
        char, below = next(iter(trie.items()))
        assert isinstance(below, dict)
        prefix, trie = prefix + re.escape(char), below
    if depth == _DEEP:
        return prefix + "(?:" + "|".join(map(re.escape, sorted(_strings(trie), key=len, reverse=True))) + ")"
    branches = [re.escape(char) + _render(below, depth + 1) for char, below in trie.items() if isinstance(below, dict)]
    if not branches:
        return prefix
    return prefix + "(?:" + "|".join(branches) + ")" + ("?" if "" in trie else "")


def _strings(trie: dict[str, object]) -> list[str]:
    """Every value below a node."""
    found: list[str] = []
    waiting: list[tuple[str, dict[str, object]]] = [("", trie)]
    while waiting:
        text, node = waiting.pop()
        for char, below in node.items():
            if isinstance(below, dict):
                waiting.append((text + char, below))
            else:
                found.append(text)
    return found
