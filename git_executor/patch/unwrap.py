"""What is wrapped around an answer: reasoning, JSON, a second layer of escapes, HTML entities."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
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
    *("diffs", "patches", "files", "edits"),
    *("content", "answer", "response", "output", "changes", "result", "proposal"),
)
_PATH_KEYS = ("path", "file", "filename", "file_path", "filepath", "target", "target_file")
_JSON_START = re.compile(r"^[ \t]*(?=[{\[])|(?<=```json)\s+(?=[{\[])", re.MULTILINE)
_FENCE_ABOVE = re.compile(r"^[ \t>]*(?:`{3,}|~{3,})[^`\n]{0,40}\n?\s{0,20}\Z", re.MULTILINE)
_FENCE_BELOW = re.compile(r"\s{0,20}(?:`{3,}|~{3,})[ \t]*$", re.MULTILINE)
_JSON_ANSWER = re.compile(r"\s*(?:```(?:json)?\s*)?\{\s*\"")
_STRAY_ESCAPE = re.compile(r'(\\\\)|\\(?!["\\/bfnrtu])')
_ENTITY = re.compile(rb"&(?:lt|gt|amp|quot|apos|nbsp|#\d{1,5}|#[xX][0-9a-fA-F]{1,5});")
_RAW = re.compile(rb"[<>]|&(?!(?:[a-z]{2,6}|#\d{1,5}|#[xX][0-9a-fA-F]{1,5});)")
MAX_JSON_TRIES, MAX_DEPTH, MAX_DIFFS = 20, 3, 100


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


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of an answer that is to be searched for diffs; ``said`` names the file that it is about."""

    text: bytes
    said: tuple[str, ...] = ()


def pieces(text: bytes) -> tuple[list[Piece], Note]:
    """The answer in parts: each diff that a JSON object holds is one, and so is the text between the objects.

    The note is that of the first such object. Raises ``PatchError`` ``truncated`` for half a JSON object.
    """
    plain = text.decode("utf-8", "surrogateescape")
    whole = _JSON_ANSWER.match(plain) is not None
    if whole:
        # A backslash that JSON does not know, as in "\\$x", is one that the model did not double.
        plain = _STRAY_ESCAPE.sub(lambda match: match[1] or r"\\", plain)
    found = list(_objects(plain))
    if whole and not found and _looks_like_patch(plain):
        raise PatchError(
            "truncated", "the JSON answer is not complete", hint="send valid JSON, or a fenced diff"
        )
    parts: list[Piece] = []
    note: Note | None = None
    at = 0
    for value, start, stop in found:
        diffs = list(dict.fromkeys(islice(_diffs_in(value), MAX_DIFFS)))
        if not diffs:
            continue
        start, stop = _with_fence(plain, start, stop)
        parts += [Piece(_encoded(plain[at:start]) or b""), *diffs]
        note, at = note or note_from_mapping(value), stop
    if note is None:
        return [Piece(unescaped_newlines(text) or text)], Note()
    parts.append(Piece(_encoded(plain[at:]) or b""))
    return [part for part in parts if part.text.strip()], note


def _with_fence(text: str, start: int, stop: int) -> tuple[int, int]:
    """The span of an object together with the fence that it alone is in."""
    opened = _FENCE_ABOVE.search(text, max(0, start - 200), start)
    closed = _FENCE_BELOW.match(text, stop)
    return (opened.start(), closed.end()) if opened and closed else (start, stop)


def _named_in(value: Mapping[str, Any]) -> tuple[str, ...]:
    """The words of an object that say which file its diff is for."""
    return tuple(f"`{held}`" for name, held in value.items() if name.lower() in _PATH_KEYS and isinstance(held, str))


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


def has_entities(text: bytes) -> bool:
    return _ENTITY.search(text) is not None


def without_entities(text: bytes) -> bytes:
    """``text`` with its HTML entities resolved."""
    known: dict[bytes, bytes] = {}

    def resolved(match: re.Match[bytes]) -> bytes:
        entity = match[0]
        if entity not in known:
            known[entity] = _encoded(html.unescape(entity.decode())) or entity
        return known[entity]

    return _ENTITY.sub(resolved, text)


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


def _objects(text: str) -> Iterator[tuple[Mapping[str, Any], int, int]]:
    """The JSON objects in ``text`` that are not inside others, each with its span; those of a list share one. Raw
    line feeds in strings are let pass."""
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
                yield item, start.end(), at


def _diffs_in(value: Mapping[str, Any], depth: int = 0) -> Iterator[Piece]:
    """Each string under a key that is used for diffs and that looks like one: two different ones are two offers."""
    said = _named_in(value)
    for key in _DIFF_KEYS:
        for name, held in value.items():
            if name.lower() != key:
                continue
            if isinstance(held, list) and held and all(isinstance(item, str) for item in held):
                whole = any("\n" in item.strip() for item in held)
                held = held if whole else ["\n".join(held)]
            for item in held if isinstance(held, list) else [held]:
                if isinstance(item, str) and _looks_like_patch(item):
                    text = _encoded(item) or b""
                    yield Piece(unescaped_newlines(text) or text, said)
                elif isinstance(item, dict) and depth < MAX_DEPTH:
                    yield from _diffs_in(item, depth + 1)


def _looks_like_patch(text: str) -> bool:
    return any(mark in text for mark in ("@@", "--- ", "+++ ", "*** ", "<<<<<<<", "diff --git"))
