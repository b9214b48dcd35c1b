"""Jinja expressions that are constants: what ``{{ 'wi' ~ 'pefs' }}`` and ``{{ ['a', 'b'] | join }}`` come to.

Only texts, lists of texts, a few filters and the variables that the file itself sets are known; anything else leaves
an expression as it stands. Nothing is imported from Jinja and nothing is run.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator, Mapping

from git_executor.lazy import lazy

_EXPRESSION = lazy(r"\{\{-?\s*(.{1,400}?)\s*-?\}\}")
_SET = lazy(r"\{%-?\s*set\s+(\w+)\s*=\s*(.{1,200}?)\s*-?%\}")
_TOKEN = lazy(r"\s*(?:'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\"|(-?\d+)|([A-Za-z_]\w*)|(.))")
_VARIABLE = lazy(
    r"(?:^|[{,]|-[ \t])[ \t]*([A-Za-z_]\w{0,60})[ \t]*:[ \t]+(?:\"([^\"\n]{1,200})\"|'([^'\n]{1,200})'|([^\s#{}\[\]&*!|>'\",][^\n#,}]{0,200}))",
    re.M,
)
_LOOKUP = lazy(
    r"\b(?:lookup|query|q)\(\s*['\"](?:[\w.]+\.)?(pipe|url|lines)['\"]\s*,\s*(?:'([^'\n]{1,1000})'|\"([^\"\n]{1,1000})\"|([^)\n]{1,300}))"
)
_INSIDES = lazy(r"\{[{%].{0,300}__(?:class|mro|subclasses|globals|builtins|import|init|base)__")
_SAFE = re.compile(r"[^\"'\\\n#{}]{1,400}")
_MAX_STEPS = 200


class _UnknownError(Exception):
    """An expression that is no constant."""


def folded(text: str) -> str:
    """The text with every constant expression worked out. Lines stay lines."""
    known = variables(text)

    def replaced(found: re.Match[str]) -> str:
        value = constant(found[1], known)
        return value if value is not None and _SAFE.fullmatch(value) and ": " not in value else found[0]

    return _EXPRESSION.sub(replaced, text)


def commands(text: str) -> Iterator[tuple[str, int]]:
    """(shell text, line) of what templates run themselves while they are filled in."""
    known: Mapping[str, str] = {}
    for found in _LOOKUP.finditer(text):
        known = known or variables(text)
        line = text.count("\n", 0, found.start()) + 1
        told = found[2] or found[3] or constant(found[4], known) or "$_expr"
        if found[1] != "url":
            yield told, line
        elif re.search(
            r"(?:shell|command|cmd|raw|argv|script)\s*:[^\n]*$", text[max(0, found.start() - 200) : found.start()]
        ):
            yield f"curl {told} | sh", line
    for found in _INSIDES.finditer(text):
        yield 'eval "$(base64 -d)"', text.count("\n", 0, found.start()) + 1


def variables(text: str) -> dict[str, str]:
    """The constants that the file itself gives names: ``key: value`` anywhere, and ``{% set %}``."""
    known: dict[str, str] = {}
    for found in _VARIABLE.finditer(text):
        value = (found[2] or found[3] or found[4] or "").strip()
        if "{{" in value:
            inner = _EXPRESSION.fullmatch(value)
            value = (constant(inner[1], known) if inner else None) or ""
        if value and not value.startswith(("{", "[", "|", ">")):
            known.setdefault(found[1], value)
    for found in _SET.finditer(text):
        value = constant(found[2], known) or ""
        if value:
            known[found[1]] = value
    return known


def constant(expression: str, known: Mapping[str, str]) -> str | None:
    """What an expression comes to, or ``None`` where that is not certain."""
    try:
        reader = _Reader(expression, known)
        value = reader.joined()
        reader.done()
    except (_UnknownError, ValueError, TypeError, IndexError, binascii.Error, RecursionError):
        return None
    return value if isinstance(value, str) else None


_Value = str | list[str]


class _Reader:
    """Reads one expression from left to right: ``atom | filter(args) ~ atom ...``."""

    def __init__(self, text: str, known: Mapping[str, str]) -> None:
        self.tokens = [m for m in _TOKEN.finditer(text) if m[0].strip()][:_MAX_STEPS]
        self.at, self.known, self.depth = 0, known, 0

    def peek(self) -> str:
        token = self.tokens[self.at] if self.at < len(self.tokens) else None
        return (token[4] or token[5] or "") if token else ""

    def take(self, wanted: str) -> bool:
        if self.peek() != wanted:
            return False
        self.at += 1
        return True

    def done(self) -> None:
        if self.at < len(self.tokens):
            raise _UnknownError

    def joined(self) -> _Value:
        value = self.piped()
        while self.peek() in ("~", "+", "%"):
            operator = self.peek()
            self.at += 1
            other = self.piped()
            if operator == "%":
                value = _text(value) % (tuple(other) if isinstance(other, list) else other)
            elif isinstance(value, list) and isinstance(other, list):
                value = value + other
            else:
                value = _text(value) + _text(other)
        return value

    def piped(self) -> _Value:
        value = self.atom()
        while True:
            if self.take("|") or self.take("."):
                name = self.peek()
                self.at += 1
                value = _applied(name, value, self.arguments() if self.take("(") else [])
            elif self.take("["):
                if not (self.take(":") and self.take(":") and self._number() == -1 and self.take("]")):
                    raise _UnknownError
                value = value[::-1]
            else:
                return value

    def _number(self) -> int:
        token = self.tokens[self.at]
        self.at += 1
        return int(token[3] or 0)

    def arguments(self, closing: str = ")") -> list[_Value]:
        found: list[_Value] = []
        while not self.take(closing):
            found.append(self.joined())
            if not self.take(",") and self.peek() != closing:
                raise _UnknownError
        return found

    def atom(self) -> _Value:
        if self.at >= len(self.tokens):
            raise _UnknownError
        self.depth += 1
        if self.depth > 60:
            raise _UnknownError
        token = self.tokens[self.at]
        self.at += 1
        if token[1] is not None or token[2] is not None:
            return re.sub(r"\\(.)", r"\1", token[1] if token[1] is not None else token[2])
        if token[3]:
            return token[3]
        if token[4]:
            if token[4] not in self.known:
                raise _UnknownError
            return self.known[token[4]]
        if token[5] == "[":
            return [_text(value) for value in self.arguments("]")]
        if token[5] == "(":
            inner = self.arguments(")")
            return inner[0] if len(inner) == 1 else [_text(value) for value in inner]
        raise _UnknownError


def _text(value: _Value) -> str:
    if isinstance(value, str):
        return value
    raise _UnknownError


def _applied(name: str, value: _Value, arguments: list[_Value]) -> _Value:
    """A filter, or a method of a text, at work."""
    texts = [argument for argument in arguments if isinstance(argument, str)]
    if name == "join":
        if isinstance(value, str) and arguments and isinstance(arguments[0], list):  # ''.join([...])
            return value.join(arguments[0])  # the separator comes first
        return (texts[0] if texts else "").join(value)
    if name in ("replace", "regex_replace") and len(texts) >= 2:
        return _text(value).replace(texts[0], texts[1])
    if name == "format":
        told = _text(value)
        return told % tuple(texts) if "%s" in told else told.format(*texts)
    if name == "reverse":
        return value[::-1]
    if name in ("b64decode", "b64_decode"):
        return base64.b64decode(_text(value), validate=True).decode("utf-8", "replace")
    if name in ("lower", "upper", "trim", "strip", "swapcase"):
        return str(getattr(_text(value), "strip" if name == "trim" else name)())
    if name in ("string", "list", "quote", "default", "d", "safe"):
        return list(value) if name == "list" else value
    if name in ("first", "last"):
        return value[0 if name == "first" else -1]
    raise _UnknownError
