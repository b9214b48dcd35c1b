# ruff: noqa: SIM905 - a table of words
"""What a failure talks about: weighted words to look for in files, and places that it names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from git_executor.domain import Failure

WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]{1,60}|[0-9]{2,6}")
_COMPOUND = re.compile(r"[A-Za-z_][\w]*(?:[.\-/:][\w]+){1,8}")
_STOP = frozenset(
    """
    error errors err fatal failed failure fail failing warning warn info debug trace the and for with not was are has have
    this that from line file such can cannot could unable while during when exit code status command stage run running
    script bash usr bin sbin local etc var tmp home root opt lib set get use using null none true false yes you your all
    any but did does done had its may more most no of on or out own per run than then there these they too under until up
    very via were what which who will would about after again against at be because been before being below between both
    by do each few if in into is it message msg level time caused cause reason expected got found missing invalid
    unknown unexpected denied refused timeout timed connection permission directory exist exists exception traceback
    recent call last main most module stdin stdout stderr make echo log logs http https com org io www example
    """.split()
)
_WEIGHTS = {
    "variable": 10.0,
    "command": 7.0,
    "resource": 6.0,
    "path": 6.0,
    "host": 5.0,
    "port": 4.0,
    "tool": 1.5,
    "file": 2.0,
}


def terms(failure: Failure) -> Mapping[str, float]:
    """Word (in lower case) -> how much it says about the failure."""
    found: dict[str, float] = {}

    def add(text: str, weight: float) -> None:
        for word in WORD.findall(text):
            low = word.lower()
            if low not in _STOP and found.get(low, 0.0) < weight:
                found[low] = weight

    lines, at = failure.excerpt.lines, failure.message.index
    for i in range(max(0, at - 40), min(len(lines), at + 20)):
        distance = abs(i - at)
        add(lines[i][:2000], 4.0 if distance == 0 else 2.0 / (1 + distance / 3))
    for evidence in failure.evidence[:6]:
        add(evidence.line[:2000], 2.0)
    add(failure.message.text[:2000], 4.0)
    subject = failure.message.subject
    for name, value in subject._asdict().items():
        if value is not None and name in _WEIGHTS:
            add(str(value), _WEIGHTS[name])
    return found


def named_lines(failure: Failure, path: str) -> Iterator[tuple[int, float]]:
    """(line number, weight) for every line of ``path`` that the log names; the subject's own counts most."""
    subject = failure.message.subject
    base = path.rpartition("/")[2]
    if subject.line is not None and subject.file and _same_file(subject.file, path):
        yield subject.line, 150.0
    lines, at = failure.excerpt.lines, failure.message.index
    pattern = re.compile(
        re.escape(base)
        + r"[\"'`)]{0,2}(?:\s?[:(,]\s?|\s)(?:at |on |near |in )?(?:(?:line|row)\s?[:#]?\s?)?(?:\w{1,4}:)?([0-9]{1,6})\b"
    )
    for i in range(max(0, at - 60), min(len(lines), at + 30)):
        if not _holds(lines[i], base, path):
            continue
        weight = 100.0 / (1 + abs(i - at) / 4)
        numbered = False
        for match in pattern.finditer(lines[i][:4000]):
            numbered = True
            yield int(match.group(1)), weight
        if not numbered:
            for near in lines[max(0, i - 2) : i + 4]:
                for number in re.findall(r"\b(?:line|row)\s?[:#]?\s?([0-9]{1,6})\b", near[:1000])[:3]:
                    yield int(number), weight / 2


def mentions(failure: Failure, path: str) -> float:
    """How clearly the log names the file itself, or the directories that it is in."""
    subject = failure.message.subject
    folder, _, base = path.rpartition("/")
    score = 0.0
    if subject.file and _same_file(subject.file, path):
        score = 12.0
    lines, at = failure.excerpt.lines, failure.message.index
    for i in range(max(0, at - 60), min(len(lines), at + 30)):
        near = 1 + abs(i - at) / 10
        if _holds(lines[i], base, path):
            score = max(score, (8.0 if path in lines[i] else 5.0) / near)
        elif folder and f"{folder}/" in lines[i]:
            score = max(score, 6.0 / near)
    return score


def _holds(line: str, base: str, path: str) -> bool:
    """Whether the line names the file: by its name alone, or with directories that are its own."""
    at = line.find(base)
    while at >= 0:
        start = at
        while start and (line[start - 1].isalnum() or line[start - 1] in "/._@+-~"):
            start -= 1
        named = line[start : at + len(base)]
        if named.removeprefix("./") == base or ("/" in named and _same_file(named, path)):
            return True
        at = line.find(base, at + 1)
    return False


def _same_file(named: str, path: str) -> bool:
    named = named.replace("\\", "/").rstrip("/")
    return named == path or named.endswith("/" + path) or path.endswith("/" + named.removeprefix("./").lstrip("/"))


def compounds(text: str) -> list[str]:
    """Dotted, dashed and slashed names in ``text``, as they stand."""
    return _COMPOUND.findall(text[:4000])
