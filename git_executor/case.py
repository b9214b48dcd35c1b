"""A failed stage, understood: what an attempt, a Case File and the API tier's answer all start from."""

from __future__ import annotations

from typing import NamedTuple

from git_executor import failure as failures
from git_executor.context.redact import Redactor
from git_executor.domain import Failure, Stage
from git_executor.ground import Ground


class Case(NamedTuple):
    """A stage, its failure, and the redactor that knows the secrets of its log."""

    stage: Stage
    failure: Failure
    redactor: Redactor


def open_case(ground: Ground, stage: str, log: str, error_hash: str | None) -> Case:
    """Read a stage's log into the case that it makes. Raises ``UsageError`` and ``LogError``."""
    entry = ground.map.stage(stage)
    token = failures.check_error_hash(error_hash) if error_hash is not None else None
    excerpt = failures.read_log(log, lines=ground.map.limits.log_lines)
    failure = failures.understand(excerpt, stage=stage, error_hash=token, signatures=ground.map.signatures)
    redactor = Redactor()
    redactor.redact("\n".join(excerpt.lines))  # learn the secrets of the log before anything is written anywhere
    return Case(entry, failure, redactor)
