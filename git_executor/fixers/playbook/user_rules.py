"""``playbook:`` entries of the context map as rules, judged like all others."""

from __future__ import annotations

from collections.abc import Iterable

from git_executor.domain import UserRule
from git_executor.fixers.playbook.rule import Case, Fix, Rule, Said


def rule_of(entry: UserRule) -> Rule:
    """The rule that a user's entry means: ``find`` stands exactly once in ``file`` and is replaced."""

    def repair(case: Case, said: Said) -> Iterable[Fix]:
        if entry.file not in case.candidates:
            return
        text = case.text(entry.file)
        if entry.find and text.count(entry.find) == 1:
            yield Fix(
                entry.file,
                text.replace(entry.find, entry.replace),
                f"Applied the playbook entry {entry.name!r}",
                f"The log says {said.match[0].strip()[:200]!r}, which the entry answers to.",
                verify=(entry.verify,) if entry.verify else (),
            )

    return Rule(f"user/{entry.name}", ("",), (entry.match,), repair)
