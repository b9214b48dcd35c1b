"""Handing a failure on: the Case File, and the record that says so."""

from __future__ import annotations

import time
from collections.abc import Sequence

from git_executor import ground as grounds, landing, record
from git_executor.case import Case
from git_executor.context.excerpts import excerpt_files
from git_executor.context.memo import memo_sections
from git_executor.domain import Attempt, Outcome, Source
from git_executor.errors import ExitCode
from git_executor.escalation import casefile
from git_executor.escalation.results import CommandResult
from git_executor.ground import Ground
from git_executor.ledger import history
from git_executor.record import Report
from git_executor.runlog import private_folder
from git_executor.settings import MEMO

FOLDER = "ai/escalations"
SMALL_FILE = 150  # lines; a file like that is a section in itself


def rounds(past: Sequence[Attempt]) -> int:
    """How many answers of the API tier the ledger knows for a key: patches, landed or not, and diagnostics."""
    return sum(1 for entry in past if entry.source == Source.API)


def escalate(
    ground: Ground,
    case: Case,
    *,
    diagnostics: Sequence[CommandResult] = (),
    dry_run: bool = False,
) -> Report:
    """Write the Case File and record it. Exit code 20; the report names the file.

    A key that stands escalated already gets its file again, not another record, unless there are new diagnostics.
    When all rounds with the API tier are used up, nothing new is written: a person must look.
    """
    key = (case.stage.name, case.failure.error_hash)
    for _ in range(grounds.RACES):
        past = ground.history.of(*key)
        written_before = sum(1 for entry in past if entry.outcome is Outcome.ESCALATED)
        new = bool(diagnostics) or not past or past[-1].outcome is not Outcome.ESCALATED
        most = ground.map.limits.max_api_rounds
        if rounds(past) >= most:
            return give_up(ground, case)
        version = written_before + 1 if new else written_before
        written = build(ground, case, past, diagnostics, version)
        if dry_run:
            return _report(ground, case, "", "the retry limit is reached; a Case File would be written")
        page, _ = casefile.write(written, private_folder(ground.store.root, FOLDER))
        if rounds(past) + bool(diagnostics) >= most:
            report = give_up(ground, case, f"; the last Case File is {page}")
        else:
            report = _report(ground, case, str(page), "the retry limit is reached; the Case File is written")
        if not new:
            return report
        shown = page.relative_to(ground.store.root).as_posix()
        attempts = len(ground.history.attempts(*key))
        source = Source.API if diagnostics else Source.LOCAL
        message = record.escalated_message(case.failure, attempts, shown, case.redactor.redact, source)
        landed = landing.commit(ground, landing.empty(ground), message, f"escalate {case.stage.name}")
        if landed:
            return report._replace(warnings=landed.warnings)
        ground = grounds.stand(ground.store, ground.machine)
    raise grounds.lost_race(ground.branch)


def give_up(ground: Ground, case: Case, more: str = "") -> Report:
    """All rounds with the API tier are used up. No Case File is offered, so that nobody sends one off again."""
    most = ground.map.limits.max_api_rounds
    return _report(ground, case, "", f"given up: {most} rounds with the API tier did not help{more}")


def build(
    ground: Ground, case: Case, past: Sequence[Attempt], diagnostics: Sequence[CommandResult], version: int
) -> casefile.CaseFile:
    """The Case File of a failure, from what the ledger, the tree and the memo say."""
    files = grounds.stage_files(case.stage, ground.tree, ground.map.protected_files)
    memo = ground.store.tree(ground.base).read(MEMO)
    budget = 2 * ground.map.limits.context_tokens
    return casefile.build(
        failure=case.failure,
        stage=case.stage,
        files=excerpt_files(
            case.failure,
            case.stage,
            ground.tree,
            files.candidates,
            tokens=budget,
            redactor=case.redactor,
            whole=SMALL_FILE,
        ),
        memo=memo_sections(
            memo.data.decode("utf-8", "replace") if memo else "",
            case.stage.architecture_sections,
            ground.map.section_keywords,
            case.failure.message.text,
        ),
        history=[a for a in history.with_diffs(ground.store.git, past) if a.outcome is not Outcome.ESCALATED],
        notes=_notes(files, past),
        diagnostics=diagnostics,
        round=version,
        limits=ground.map.limits,
        redact=case.redactor.redact,
        listed=files.candidates,
        created=time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
    )


def _notes(files: grounds.StageFiles, past: Sequence[Attempt]) -> list[str]:
    notes = [f"Attempt {a.number} ({a.fixer}) found no fix: {a.reason}" for a in past if a.outcome is Outcome.DECLINED]
    notes += [f"{path} is listed for this stage but does not exist." for path in files.missing]
    notes += [f"{path} is protected: only a person may change it." for path in files.off_limits]
    return notes


def _report(ground: Ground, case: Case, case_file: str, reason: str) -> Report:
    failure, limit = case.failure, ground.map.limits.max_attempts
    number = len(ground.history.attempts(failure.stage, failure.error_hash))
    report = record.report(failure, Outcome.ESCALATED, ExitCode.ESCALATED, number, limit, ground.branch)
    return report._replace(reason=reason, case_file=case_file or None)
