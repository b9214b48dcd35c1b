"""Before against after: a change may bring no fault, and must not leave the one that the log names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from posixpath import basename

from git_executor.domain import Blob, Change, Classification, Failure, Finding
from git_executor.verify.checkers import check_file, checkers_for
from git_executor.verify.yamlcheck import moved_leaves, yaml_leaves


@dataclass(frozen=True, slots=True)
class Verification:
    """``verified``: the checkers that ran, for the ``Verified`` trailer. ``faults``: one sentence each; none means that
    the change may land."""

    verified: tuple[str, ...]
    faults: tuple[str, ...]


def compare(changes: Sequence[Change], failure: Failure) -> Verification:
    """Check every changed file before and after, in memory."""
    verified: list[str] = []
    faults: list[str] = []
    for change in changes:
        if change.new is None:
            continue
        after = Blob(change.new_mode, change.new)
        before = None if change.old is None else Blob(change.old_mode, change.old)
        names = checkers_for(change.path, after)
        verified += [name for name in names if name not in verified]
        if before is not None and not names and checkers_for(change.path, before):
            faults.append(f"{change.path}: no checker knows the file any more after this change")
        faults += _faults(change, before, after, failure)
        if before is not None and "yaml" in names:
            faults += _meaning(change.path, before.data, after.data)
    return Verification(tuple(verified), tuple(faults))


def _faults(change: Change, before: Blob | None, after: Blob, failure: Failure) -> list[str]:
    old = Counter((fault.checker, fault.message) for fault in (check_file(change.path, before) if before else ()))
    faults = []
    for fault in check_file(change.path, after):
        key = (fault.checker, fault.message)
        old[key] -= 1
        if old[key] < 0:
            faults.append(_say(change.path, fault, "after this change"))
        elif _blamed(change.path, failure):
            faults.append(_say(change.path, fault, "the fault that the log names is still there"))
    return faults


def _blamed(path: str, failure: Failure) -> bool:
    """Whether the log blames this file, or blames YAML without saying which file."""
    subject = failure.message.subject
    named = subject.file or subject.path
    if named:
        return basename(named) == basename(path)
    if failure.classification is Classification.YAML_PARSE_ERROR:
        return path.endswith((".yaml", ".yml"))
    return basename(path) in failure.message.text


def _say(path: str, fault: Finding, what: str) -> str:
    place = f"{path}:{fault.line}" if fault.line is not None else path
    return f"{place}: {what}: {fault.message} [{fault.checker}]"


def _meaning(path: str, old: bytes, new: bytes) -> list[str]:
    """YAML: what lines outside of the edit mean must not change with it."""
    before, after = yaml_leaves(old), yaml_leaves(new)
    if before is None or after is None:
        return []
    old_lines, new_lines = edited_lines(old, new)
    moved = moved_leaves(before, after, old_lines, new_lines)
    what = "this change alters the meaning of a line that it does not touch"
    return [f"{path}:{leaf.line}: {what}" for leaf in moved[:3]]


def edited_lines(old: bytes, new: bytes) -> tuple[frozenset[int], frozenset[int]]:
    """The numbers, from 1, of the lines that differ, in the old and in the new file."""
    before, after = old.split(b"\n"), new.split(b"\n")
    # Trim what is alike at both ends first: the matcher is quadratic, and an edit is small.
    start = 0
    while start < min(len(before), len(after)) and before[start] == after[start]:
        start += 1
    end = 0
    while end < min(len(before), len(after)) - start and before[-1 - end] == after[-1 - end]:
        end += 1
    left, right = before[start : len(before) - end], after[start : len(after) - end]
    if len(left) * len(right) > 1_000_000:
        blocks = [("replace", 0, len(left), 0, len(right))]
    else:
        codes = SequenceMatcher(None, left, right, autojunk=False).get_opcodes()
        blocks = [code for code in codes if code[0] != "equal"]
    lines_old = {start + 1 + line for _, first, last, _, _ in blocks for line in range(first, last)}
    lines_new = {start + 1 + line for _, _, _, first, last in blocks for line in range(first, last)}
    return frozenset(lines_old), frozenset(lines_new)
