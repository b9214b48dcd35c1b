"""What is wrapped around an answer: reasoning, JSON, a second layer of escapes, HTML entities."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from ..domain import Note
from ..errors import PatchError
from .note import note_from_mapping

_NAMES = rb"think|thinking|thoughts?|reasoning|reflection|scratchpad|analysis|seed:think"
_OPEN = re.compile(rb"^(?:<(?:%b)>|\[THINK\]|\xe2\x97\x81think\xe2\x96\xb7)" % _NAMES, re.M | re.I)
_END = rb"(?:</(?:%b)>|\[/THINK\]|\xe2\x97\x81/think\xe2\x96\xb7)" % _NAMES
_CLOSE = re.compile(rb"^[ \t]*%b|%b[ \t\r]*$" % (_END, _END), re.M | re.I)
_CHANNEL = re.compile(rb"<\|channel\|>final<\|message\|>")
_CONTROL = re.compile(rb"<\|[a-z_]{1,20}\|>")
_DIFF_KEYS = (
    *("diff", "patch", "unified_diff", "unifieddiff", "patch_text", "fix_diff"),
    *("content", "answer", "response", "output", "changes", "result", "proposal"),
)
_JSON_START = re.compile(r"^[ \t]*(?=[{\[])|(?<=```json)\s+(?=[{\[])", re.MULTILINE)
_JSON_ANSWER = re.compile(r"\s*(?:```(?:json)?\s*)?\{\s*\"")
_STRAY_ESCAPE = re.compile(r'(\\\\)|\\(?!["\\/bfnrtu])')
_ENTITY = re.compile(rb"&(?:lt|gt|amp|quot|apos|nbsp|#\d{1,5}|#[xX][0-9a-fA-F]{1,5});")
_RAW = re.compile(rb"[<>]|&(?!(?:[a-z]{2,6}|#\d{1,5}|#[xX][0-9a-fA-F]{1,5});)")
MAX_JSON_TRIES = 20


def without_reasoning(text: bytes) -> bytes:
    """``text`` after the model's thinking; nothing is left of an answer that never stopped thinking."""
    final = list(_CHANNEL.finditer(text))
    if final:
        text = _CONTROL.sub(b"", text[final[-1].end() :])
    closings = [match for match in _CLOSE.finditer(text) if not _marked(text, match)]
    if closings:
        text = text[closings[-1].end() :]
    opening = _OPEN.search(text)
    return text if opening is None else text[: opening.start()]


def _marked(text: bytes, tag: re.Match[bytes]) -> bool:
    """Whether a tag is content of a diff: behind the marker of its line, or indented as context is."""
    start = text.rfind(b"\n", 0, tag.end()) + 1
    line = text[start : tag.end()]
    return line[:1] == b"+" or (line[:1] in (b"-", b" ") and line[1:].lstrip().startswith(b"</"))


def from_json(text: bytes) -> tuple[bytes, Note] | None:
    """The diff and the note of an answer that is a JSON object, or that holds one; else ``None``."""
    plain = text.decode("utf-8", "surrogateescape")
    whole = _JSON_ANSWER.match(plain) is not None
    if whole:
        # A backslash that JSON does not know, as in "\\$x", is one that the model did not double.
        plain = _STRAY_ESCAPE.sub(lambda match: match[1] or r"\\", plain)
    values = list(_objects(plain))
    if whole and not values and _looks_like_patch(plain):
        raise PatchError("truncated", "the JSON answer is not complete", hint="send valid JSON, or a fenced diff")
    for value in values:
        diff = _diff_in(value)
        if diff is not None:
            encoded = _encoded(diff)
            return None if encoded is None else (encoded, note_from_mapping(value))
    return None


def unescaped_newlines(text: bytes) -> bytes | None:
    """``text`` with one layer of string escapes taken off, when its lines are joined by the two characters
    \\n."""
    if text.count(b"\\n") < 3 or text.strip().count(b"\n") > 2:
        return None
    plain = text.decode("utf-8", "surrogateescape").strip().strip('"')
    try:
        value = json.loads(f'"{_quotes_escaped(plain)}"', strict=False)
    except ValueError:
        return None
    return _encoded(value) if isinstance(value, str) else None


def without_entities(text: bytes) -> bytes | None:
    """``text`` with its HTML entities resolved; ``None`` when it has none."""
    if not _ENTITY.search(text):
        return None
    return _ENTITY.sub(lambda match: _encoded(html.unescape(match[0].decode())) or match[0], text)


def has_raw_marks(text: bytes) -> bool:
    """Whether a line of a diff in ``text`` holds a character that an escaped answer would not hold."""
    return any(_RAW.search(line[1:]) for line in text.split(b"\n") if line[:1] in (b" ", b"+", b"-"))


def _encoded(value: str) -> bytes | None:
    try:
        return value.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return None


def _quotes_escaped(text: str) -> str:
    return re.sub(r'(?<!\\)((?:\\\\)*)"', r'\1\\"', text)


def _objects(text: str) -> Iterator[Mapping[str, Any]]:
    """The JSON objects in ``text`` that are not inside others. Raw line feeds in strings are let pass."""
    decoder = json.JSONDecoder(strict=False)
    at = 0
    for _ in range(MAX_JSON_TRIES):
        start = _JSON_START.search(text, at)
        if start is None:
            return
        try:
            value, at = decoder.raw_decode(text, start.end())
        except (ValueError, RecursionError):
            at = start.end() + 1
            continue
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, dict):
                yield item


def _diff_in(value: Mapping[str, Any], depth: int = 0) -> str | None:
    """The first string under a key that is used for diffs and that looks like one."""
    for key in _DIFF_KEYS:
        for name, held in value.items():
            if name.lower() != key:
                continue
            if isinstance(held, list) and held and all(isinstance(item, str) for item in held):
                held = "\n".join(held)
            if isinstance(held, str) and _looks_like_patch(held):
                return held
            if isinstance(held, dict) and depth < 3:
                inner = _diff_in(held, depth + 1)
                if inner is not None:
                    return inner
    return None


def _looks_like_patch(text: str) -> bool:
    return any(mark in text for mark in ("@@", "--- ", "+++ ", "*** ", "<<<<<<<", "diff --git"))
