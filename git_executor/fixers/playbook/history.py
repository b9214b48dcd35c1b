"""Was this very edit tried before? Compared by the lines that it removes and adds, wherever they stood."""

from __future__ import annotations

from collections import Counter

from git_executor.fixers.playbook.rule import Case, Fix


def was_tried(fix: Fix, case: Case) -> bool:
    attempts = [attempt for attempt in case.briefing.history if attempt.diff and fix.path in attempt.diff]
    if not attempts:
        return False
    ours = _edit(_diff(case.text(fix.path), fix.new))
    if fix.mode is not None:
        ours[f"new mode {fix.mode:o}"] += 1
    return any(_edit(attempt.diff.split("\n")) == ours for attempt in attempts)


def _diff(old: str, new: str) -> list[str]:
    from difflib import unified_diff  # slow to load, and needed only where something was tried before

    return list(unified_diff(old.split("\n"), new.split("\n"), lineterm="", n=0))


def _edit(lines: list[str]) -> Counter[str]:
    """The changed lines of a diff, its sign first; and a change of mode."""
    counted: Counter[str] = Counter()
    for line in lines:
        if line.startswith("new mode "):
            counted[line.strip()] += 1
        elif line.startswith(("+", "-")) and not line.startswith(("+++ ", "--- ")) and line[1:].strip():
            counted[line.rstrip()] += 1
    return counted
