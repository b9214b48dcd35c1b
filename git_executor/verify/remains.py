"""Faults that no syntax check sees but the log names, and that a change plainly leaves: each unit says when it is sure.

A unit takes the changes and what the log complains of, and answers with the fault that is still there, or nothing. It
answers only where the changed files themselves hold what is complained of; everything else is for people to see.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from git_executor.domain import Change, Failure
from git_executor.lazy import lazy

_UNSET = lazy(r"unbound variable|parameter (?:null or )?not set", re.IGNORECASE)
_NO_COMMAND = lazy(r"command not found|: not found\b|unknown command|is not recognized", re.IGNORECASE)
_NAME = lazy(r"[A-Za-z_]\w*")
_COMMAND = lazy(r"[\w.+-]+")
_REMARK = lazy(r"(?:^|\s)#(?!!).*$")
# Ways to bring a command about: a search path, another file, an installer, a definition.
_BRINGS = lazy(r"\bPATH\b|(?:^|[;&|]\s*)(?:source|\.)\s|\binstall\b|\balias\b")


def remains(changes: Sequence[Change], failure: Failure) -> list[str]:
    """What the log complains of and the changes leave as it was, one sentence each."""
    return [said for unit in _UNITS for said in [unit(changes, failure)] if said]


def _unset_variable(changes: Sequence[Change], failure: Failure) -> str:
    name = failure.message.subject.variable or ""
    if not _UNSET.search(failure.message.text) or not _NAME.fullmatch(name):
        return ""
    bare = re.compile(rf"\$(?:{name}\b|\{{{name}\}})")
    sets = re.compile(
        rf"\b{name}\+?=|\$\{{{name}:?[-=?+]|\b(?:read|for|select|getopts|mapfile|readarray|printf)\b.*\b{name}\b|(?:^|[;&|]\s*)(?:source|\.)\s"
    )
    if not any(bare.search(line) for change in changes for line in _lines(change.old)):
        return ""
    for change in changes:
        gone, added = _difference(change)
        if any(sets.search(line) for line in added) or _count(bare, gone) > _count(bare, added):
            return ""
    return f"{name} is still unset where the log says so"


def _missing_command(changes: Sequence[Change], failure: Failure) -> str:
    name = failure.message.subject.command or ""
    if not _NO_COMMAND.search(failure.message.text) or not _COMMAND.fullmatch(name):
        return ""
    word = re.compile(rf"(?<![\w.+-]){re.escape(name)}(?![\w+-])")
    if not any(word.search(line) for change in changes for line in _lines(change.old)):
        return ""
    for change in changes:
        gone, added = _difference(change)
        if any(_BRINGS.search(line) or re.search(rf"\b{re.escape(name)}\s*\(\)", line) for line in added):
            return ""
        if _count(word, gone) != _count(word, added):
            return ""
    return f"{name} is still called as the log says"


_UNITS: tuple[Callable[[Sequence[Change], Failure], str], ...] = (_unset_variable, _missing_command)


def _lines(data: bytes | None) -> Iterator[str]:
    """Lines without remarks."""
    for line in (data or b"").decode("utf-8", "replace").split("\n"):
        yield _REMARK.sub("", line[:4000])


def _difference(change: Change) -> tuple[list[str], list[str]]:
    """The lines that are only in the old, and only in the new file."""
    old, new = list(_lines(change.old)), list(_lines(change.new))
    had, has = set(old), set(new)
    return [line for line in old if line not in has], [line for line in new if line not in had]


def _count(pattern: re.Pattern[str], lines: Sequence[str]) -> int:
    return sum(len(pattern.findall(line)) for line in lines)
