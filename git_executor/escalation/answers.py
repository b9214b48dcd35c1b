"""The API tier's answer, understood: a patch, or a request for diagnostics.

Models wrap their answer in prose, in fences, in the envelope of some API, and repeat the format that they were
shown. So every JSON object of the text is looked at, what is no answer is passed over, and what remains has to be
clear. Nothing here judges a patch or a command: both are untrusted until ``patch``, ``policy`` and the diagnostics
grammar have had their say.
"""

from __future__ import annotations

import ast
import contextlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from git_executor.errors import ExecutorError

MAX_BYTES = 1_000_000
_MAX_OBJECTS = 400  # places where an object might begin; a text with more is no answer
_MAX_DEPTH = 6  # envelopes of envelopes


class AnswerError(ExecutorError):
    """The API tier's answer is neither a patch nor a diagnostics request."""

    def __init__(self, message: str) -> None:
        super().__init__(
            message, hint='answer with {"type": "patch", ...} and a diff, or with {"type": "diagnostics", ...}'
        )


@dataclass(frozen=True, slots=True)
class PatchAnswer:
    """A patch. ``text`` is what the patch reader shall read: the diff with as little around it as possible.

    ``files_modified`` is what the answer claims to change (from the diff's headers where it claims nothing).
    """

    description: str
    files_modified: tuple[str, ...]
    text: str
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DiagnosticsRequest:
    """Commands to run, in order, as the API tier wrote them."""

    reason: str
    commands: tuple[str, ...]
    warnings: tuple[str, ...] = ()


Answer = PatchAnswer | DiagnosticsRequest


def parse(text: str | bytes) -> Answer:
    """Read an answer. Raises ``AnswerError`` that says in one line what is not understood."""
    plain = _decoded(text)
    if not plain.strip():
        raise AnswerError("the answer is empty")
    found = list(_objects(plain))
    answers = [answer for block in found for answer in _answers(block)]
    patches = [answer for answer in answers if isinstance(answer, PatchAnswer)]
    requests = [answer for answer in answers if isinstance(answer, DiagnosticsRequest)]
    # A patch that can be tried says more than a wish to know more.
    with_diff = _distinct(patch for patch in patches if patch.text)
    if with_diff:
        return _joined_patches(with_diff, also_asked=bool(requests))
    if requests:
        return _joined_requests(requests)
    return _without_json(plain, found, patches)


def _decoded(text: str | bytes) -> str:
    size = len(text)
    if size > MAX_BYTES:
        raise AnswerError(f"the answer has {size:,} bytes, more than {MAX_BYTES:,}")
    if isinstance(text, str):
        return text.removeprefix("\ufeff")
    if text.startswith((b"\xff\xfe", b"\xfe\xff")):
        return text.decode("utf-16", "replace")
    return text.decode("utf-8-sig", "replace")


# --- the JSON objects of a text ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Block:
    """A JSON value of the answer, and the text that stands between it and its neighbours."""

    value: Any
    before: str
    after: str


_OBJECT = re.compile(r"[\[{]\s{0,200}(?=[\"'{])")
_DIFF_LINE = re.compile(r"[+\- ](?![+-]{2} )")
_FENCE = re.compile(r"^[ \t]{0,8}(?:```+|~~~+)[^\n`]{0,80}$", re.MULTILINE)


def _objects(text: str) -> Iterator[_Block]:
    """Every JSON object or list that stands in ``text`` and not inside a diff, with the text around it."""
    spans: list[tuple[int, int, Any]] = []
    end, room = 0, _RELAXED_CHARACTERS
    hidden = _diff_spans(text)
    for tried, match in enumerate(_OBJECT.finditer(text)):
        if tried >= _MAX_OBJECTS:
            break
        start = match.start()
        if start < end or any(low <= start < high for low, high in hidden):
            continue
        value, stop, room = _decode(text, start, room)
        if stop:
            spans.append((start, stop, value))
            end = stop
    answers = [span for span in spans if _is_answer(span[2])] or spans
    for index, (start, stop, value) in enumerate(answers):
        previous = answers[index - 1][1] if index else 0
        following = answers[index + 1][0] if index + 1 < len(answers) else len(text)
        yield _Block(value, text[previous:start], text[stop:following])


def _decode(text: str, start: int, room: int) -> tuple[Any, int, int]:
    """The value that begins at ``start`` and where it ends; 0 when none does. Raw newlines in strings are fine.
    ``room`` is how many characters may still be looked at in the slow, forgiving way; what is left comes back."""
    try:
        return *_DECODER.raw_decode(text, start), room
    except (ValueError, RecursionError):
        pass
    stop, seen = _matching(text, start, room)
    room -= seen
    if not stop:
        return None, 0, room
    piece = text[start:stop]
    for attempt in (_loads_relaxed, ast.literal_eval):
        try:
            value = attempt(piece)
        except (ValueError, SyntaxError, RecursionError, MemoryError, TypeError):
            continue
        if isinstance(value, (dict, list)):
            return value, stop, room
    return None, 0, room


_DECODER = json.JSONDecoder(strict=False)
_STRING_OR_COMMENT = re.compile(r'"(?:[^"\\]|\\.)*"|//[^\n]*', re.DOTALL)
_STRING_OR_COMMA = re.compile(r'"(?:[^"\\]|\\.)*"|,(?=\s{0,200}[\]}])', re.DOTALL)
_RELAXED_CHARACTERS = 200_000


def _loads_relaxed(piece: str) -> Any:
    """JSON with the slips that models make: ``//`` comments and a comma after the last item."""
    for slip in (_STRING_OR_COMMENT, _STRING_OR_COMMA):
        piece = slip.sub(lambda found: found.group() if found.group().startswith('"') else "", piece)
    return json.loads(piece, strict=False)


def _matching(text: str, start: int, room: int) -> tuple[int, int]:
    """The end of the bracketed piece that begins at ``start``, quotes respected (0 when it does not end within
    ``room`` characters), and how many characters were looked at."""
    depth, quote, escaped = 0, "", False
    last = min(len(text), start + room)
    for position in range(start, last):
        char = text[position]
        if quote:
            if escaped:
                escaped = False
            elif char == "\\":
                escaped = True
            elif char == quote:
                quote = ""
        elif char in "\"'":
            quote = char
        elif char in "{[":
            depth += 1
        elif char in "}]":
            depth -= 1
            if depth == 0:
                return position + 1, position + 1 - start
    return 0, last - start


def _diff_spans(text: str) -> list[tuple[int, int]]:
    """Where diffs stand: braces in their lines are content, not answers."""
    spans: list[tuple[int, int]] = []
    position, start = 0, -1
    for line in text.splitlines(keepends=True):
        if start < 0 and line.startswith(("--- a/", "--- /dev/null", "diff --git ", "@@ -", "*** Begin Patch")):
            start = position
        elif start >= 0 and (line.startswith(("{", "*** End")) or _FENCE.match(line.rstrip("\r\n"))):
            spans.append((start, position))
            start = -1
        position += len(line)
    if start >= 0:
        spans.append((start, len(text)))
    return spans


# --- what an object means ---------------------------------------------------------------------------

_PATCH_TYPES = ("patch", "diff", "fix")
_REQUEST_TYPES = ("diagnostics", "diagnostic", "diagnose")
_DIFF_KEYS = ("diff", "patch", "unified_diff", "diffs", "patches")
_TEXT_KEYS = ("content", "text", "output_text", "response", "result", "answer", "message", "completion", "output")


def _kind(value: Mapping[str, Any]) -> str:
    said = value.get("type")
    word = said.strip().lower() if isinstance(said, str) else ""
    if word in _REQUEST_TYPES or (not word and "commands" in value):
        return "diagnostics"
    if word in _PATCH_TYPES or (not word and any(key in value for key in ("diff", "files_modified", "unified_diff"))):
        return "patch"
    return ""


def _is_answer(value: Any) -> bool:
    return next(_leaves(value), None) is not None


def _leaves(value: Any, depth: int = 0) -> Iterator[Mapping[str, Any] | str]:
    """The answer objects inside ``value``, and the texts of an API's envelope that may hold some."""
    if depth > _MAX_DEPTH:
        return
    if isinstance(value, dict):
        if _kind(value):
            yield value
            return
        for key, inner in value.items():
            if isinstance(inner, (dict, list)):
                yield from _leaves(inner, depth + 1)
            elif isinstance(inner, str) and key in _TEXT_KEYS and ('"type"' in inner or _looks_like_diff(inner)):
                yield inner
    elif isinstance(value, list):
        for inner in value[:_MAX_OBJECTS]:
            yield from _leaves(inner, depth + 1)


def _answers(block: _Block) -> Iterator[Answer]:
    leaves = list(_leaves(block.value))
    for leaf in leaves:
        if isinstance(leaf, str):
            with contextlib.suppress(AnswerError):
                yield parse(leaf)
        elif _kind(leaf) == "patch":
            around = (block.after, block.before) if len(leaves) == 1 else ()
            yield _patch(leaf, *around)
        else:
            request = _request(leaf)
            if request.commands:
                yield request


def _patch(value: Mapping[str, Any], *around: str) -> PatchAnswer:
    """The diff comes from the object itself, else from the text after it, else from the text before it."""
    inside = "\n".join(text for key in _DIFF_KEYS for text in _diff_texts(value.get(key)))
    text = next((piece for piece in (inside, *around) if _looks_like_diff(piece)), "")
    if text is not inside:
        text = text.strip("\n")
    claimed = _texts(value.get("files_modified", value.get("files")))
    files = tuple(dict.fromkeys(path.strip().removeprefix("./") for path in claimed))
    return PatchAnswer(
        description=_string(value, "description", "explanation", "reason", "summary"),
        files_modified=files or _headers(text),
        text=text,
    )


def _request(value: Mapping[str, Any]) -> DiagnosticsRequest:
    raw = value.get("commands", value.get("command"))
    commands = [line.strip() for text in _texts(raw) for line in text.split("\n")]
    kept = tuple(line.removeprefix("$ ") for line in commands if line.strip(". …") and not line.startswith("#"))
    return DiagnosticsRequest(_string(value, "reason", "description", "explanation"), tuple(dict.fromkeys(kept)))


def _texts(value: Any) -> list[str]:
    """Texts from a text, a list of texts, or a list of objects that name a command or a path."""
    if isinstance(value, str):
        return [value] if value.strip() else []
    if isinstance(value, dict):
        return [value[key] for key in ("command", "cmd", "path", "file") if isinstance(value.get(key), str)][:1]
    if isinstance(value, list):
        return [text for item in value[:1000] if isinstance(item, (str, dict)) for text in _texts(item)]
    return []


def _diff_texts(value: Any) -> list[str]:
    if isinstance(value, str):
        if "\n" not in value and "\\n" in value:  # escaped once too often
            value = value.replace("\\n", "\n").replace("\\t", "\t").replace('\\"', '"')
        return [value]
    if isinstance(value, list):
        if all(isinstance(item, str) and "\n" not in item for item in value):
            return ["\n".join(value)]  # one line an item
        return [text for item in value for text in _diff_texts(item)]
    if isinstance(value, dict):
        return [text for item in value.values() for text in _diff_texts(item)]
    return []


def _string(value: Mapping[str, Any], *keys: str) -> str:
    return next((str(value[key]).strip() for key in keys if isinstance(value.get(key), str)), "")


# --- diffs in text ----------------------------------------------------------------------------------

_DIFF = re.compile(
    r"^[ \t]{0,8}(?:diff --git |--- \S[^\n]*\n[ \t]{0,8}\+\+\+ \S|@@ |\*\*\* Begin Patch|<{5,9} ?SEARCH)", re.MULTILINE
)
_HEADER = re.compile(r"^[ \t]{0,8}(?:\+\+\+|---|\*\*\* (?:Update|Add|Delete) File:) ([^\t\n]{1,1000})", re.MULTILINE)


def _looks_like_diff(text: str) -> bool:
    return bool(_DIFF.search(text.replace("\r\n", "\n")))


def _headers(text: str) -> tuple[str, ...]:
    """The paths that a diff's headers name."""
    names = (found.group(1).strip().strip('"') for found in _HEADER.finditer(text))
    paths = (re.sub(r"\A[ab]/", "", name) for name in names if name != "/dev/null")
    return tuple(dict.fromkeys(path for path in paths if path and not path.startswith("-")))


# --- several answers, and none ----------------------------------------------------------------------


def _distinct(patches: Iterator[PatchAnswer]) -> list[PatchAnswer]:
    """Patches with different diffs, in order."""
    return list({"\n".join(patch.text.split()): patch for patch in patches}.values())


def _joined_patches(patches: list[PatchAnswer], *, also_asked: bool) -> PatchAnswer:
    """One patch of several: together when each changes other files, else the last, which is the corrected one."""
    warnings = ["the answer also asks for diagnostics; the patch is tried first"] if also_asked else []
    if len(patches) == 1:
        chosen = patches[0]
        return PatchAnswer(chosen.description, chosen.files_modified, chosen.text, (*chosen.warnings, *warnings))
    claimed = [path for patch in patches for path in _headers(patch.text)]
    if claimed and len(claimed) == len(set(claimed)):
        files = tuple(dict.fromkeys(path for patch in patches for path in patch.files_modified))
        description = " ".join(patch.description for patch in patches if patch.description)
        return PatchAnswer(description, files, "\n".join(patch.text for patch in patches), tuple(warnings))
    last = patches[-1]
    warnings.append(f"the answer holds {len(patches)} patches for the same file; the last one is taken")
    return PatchAnswer(last.description, last.files_modified, last.text, (*last.warnings, *warnings))


def _joined_requests(requests: list[DiagnosticsRequest]) -> DiagnosticsRequest:
    commands = tuple(dict.fromkeys(command for request in requests for command in request.commands))
    reason = " ".join(dict.fromkeys(request.reason for request in requests if request.reason))
    return DiagnosticsRequest(reason, commands)


_BROKEN = re.compile(r"[\"']type[\"']\s{0,20}:\s{0,20}[\"'](\w{1,40})[\"']")


def _without_json(plain: str, found: list[_Block], patches: list[PatchAnswer]) -> Answer:
    """No object gave an answer: a lone diff is understood all the same, everything else is refused with the reason."""
    broken = _BROKEN.search(plain)
    if patches:
        raise AnswerError("the answer says that it is a patch but holds no diff")
    requested = broken is not None and broken.group(1).lower() in _REQUEST_TYPES
    if _looks_like_diff(plain) and not requested:
        warning = "the JSON object is broken" if broken else "there is no JSON object"
        return PatchAnswer("", _headers(plain), plain, (f"{warning}; the diff is taken as it stands",))
    if requested and any(_kind(leaf) for block in found for leaf in _leaves(block.value) if isinstance(leaf, dict)):
        raise AnswerError("the diagnostics request lists no commands")
    if broken:
        line = plain.count("\n", 0, broken.start()) + 1
        known = broken.group(1).lower() in (*_PATCH_TYPES, *_REQUEST_TYPES)
        problem = "is cut off or no valid JSON" if known else f"has the unknown type {broken.group(1)!r}"
        raise AnswerError(f"the object at line {line} of the answer {problem}")
    if found:
        raise AnswerError("the answer's JSON has no 'type' of 'patch' or 'diagnostics'")
    raise AnswerError("the answer holds neither a JSON object nor a diff")
