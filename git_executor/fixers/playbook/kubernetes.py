from __future__ import annotations

from git_executor.fixers.playbook.rule import Rule

RULES: tuple[Rule, ...] = ()
