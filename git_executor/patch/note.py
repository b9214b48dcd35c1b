"""The note that explains a fix, in whatever form it is given."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from ..domain import Note

MAX_LENGTH = 600

_LABEL = re.compile(
    r"[\s>*_#•-]*(?P<label>fix|change|solution|summary|description|note|notes|reason|reasoning|rationale|why|"
    r"explanation|cause|root cause|justification)[*_]{0,3}\s*(?::|[-–—](?=\s))[*_]{0,3}\s*(?P<text>.*)$",  # noqa: RUF001
    re.IGNORECASE,
)
_HEADING = re.compile(
    r"\s*(?:#{1,6}\s*|\*\*)(?P<label>fix|reason|justification|explanation|note|summary)\s*(?:\*\*)?\s*$",
    re.IGNORECASE,
)
_FIELDS = {
    "fix": "fix",
    "change": "fix",
    "solution": "fix",
    "summary": "fix",
    "description": "fix",
    "note": "fix",
    "notes": "fix",
    "reason": "reason",
    "reasoning": "reason",
    "rationale": "reason",
    "why": "reason",
    "explanation": "reason",
    "cause": "reason",
    "root cause": "reason",
    "justification": "justification",
}
_NO_PROSE = ("```", "~~~", "--- ", "+++ ", "@@", "***", "<<<<<", "diff --git", "diff:", "patch:")
_PLAIN = frozenset(("fix", "reason", "justification"))


def note_of(lines: Iterable[str]) -> Note:
    """The fields found in lines of prose. ``Fix``, ``Reason`` and ``Justification`` win over their
    synonyms."""
    found: dict[str, str] = {}
    label = ""
    parts: list[str] = []

    def keep() -> None:
        text = " ".join(" ".join(parts).split())[:MAX_LENGTH].strip(" *_")
        if label and text and label not in found:
            found[label] = text
        parts.clear()

    for line in lines:
        match = _LABEL.match(line[:2000]) or _HEADING.match(line[:200])
        if match:
            keep()
            label = match["label"].lower()
            parts.append(match.groupdict().get("text") or "")
        elif not line.strip() or line.lstrip().startswith(_NO_PROSE):
            if any(part.strip() for part in parts):
                keep()
                label = ""
        elif label:
            parts.append(line.strip())
    keep()
    return _joined(found)


def note_from_mapping(values: Mapping[str, object]) -> Note:
    """The fields of a JSON answer."""
    found = {
        key.lower().strip(): " ".join(value.split())[:MAX_LENGTH]
        for key, value in values.items()
        if isinstance(value, str) and value.strip()
    }
    inner = values.get("note")
    if isinstance(inner, Mapping):
        found.update({str(key).lower(): " ".join(str(value).split())[:MAX_LENGTH] for key, value in inner.items()})
    return _joined(found)


def _joined(found: Mapping[str, str]) -> Note:
    fields: dict[str, str] = {}
    for label in sorted(found, key=lambda name: name not in _PLAIN):
        target = _FIELDS.get(label)
        if target and target not in fields:
            fields[target] = found[label]
    return Note(**fields)
