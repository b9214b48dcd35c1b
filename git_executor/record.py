"""What an attempt leaves behind: its commit message, and the report that ``--json`` prints."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from git_executor.domain import Failure, Outcome, Source, Violation
from git_executor.errors import ExitCode
from git_executor.landing import Candidate, Refused
from git_executor.ledger import trailers as t


class Report(NamedTuple):
    """What ``attempt --json`` prints. ``outcome`` is one of ``Outcome``, or ``unavailable``."""

    outcome: str
    exit_code: int
    stage: str
    error_hash: str
    fingerprint: str = ""
    classification: str = "unknown"
    attempt: int = 0
    max_attempts: int = 3
    branch: str = ""
    commit: str | None = None
    path: str | None = None
    changed_lines: int = 0
    fixer: str = ""
    fix: str = ""
    reason: str = ""
    violations: tuple[Violation, ...] = ()
    case_file: str | None = None
    log: str | None = None
    warnings: tuple[str, ...] = ()

    def as_json(self) -> dict[str, object]:
        return self._asdict() | {"violations": [v._asdict() for v in self.violations]}


def key_trailers(failure: Failure, number: int, outcome: Outcome, source: Source = Source.LOCAL) -> dict[str, str]:
    """The trailers that every record has. ``Source`` is said only where it is not this machine's fixers."""
    return {
        t.STAGE: failure.stage,
        t.ERROR_HASH: failure.error_hash,
        t.ATTEMPT: str(number),
        t.CLASSIFICATION: str(failure.classification),
        t.OUTCOME: str(outcome),
        t.FINGERPRINT: failure.fingerprint,
        t.SOURCE: "" if source is Source.LOCAL else str(source),
    }


Redact = Callable[[str], str]


def fixed_message(failure: Failure, number: int, found: Candidate, source: Source, redact: Redact) -> str:
    """The message of a commit that changes files. What is free text is redacted; trailers are ours alone."""
    note, path = found.note, found.changes[0].path
    trailers = key_trailers(failure, number, Outcome.FIXED, source) | {
        t.FIXER: found.proposal.fixer,
        t.VERIFIED: ", ".join(found.verified),
        t.PATCH_ID: found.patch_id,
    }
    fix = redact(note.fix) or f"change {path}"
    body = t.labelled(
        ("Fix", fix),
        ("Reason", redact(note.reason or failure.message.text)),
        ("Justification", redact(note.justification)),
        *(("Remark", redact(remark)) for remark in found.remarks),
    )
    return t.compose(t.subject(failure.stage, _headline(fix)), [body], trailers)


def refused_message(
    failure: Failure, number: int, refusal: Refused, redact: Redact, source: Source = Source.LOCAL
) -> str:
    """The message of an empty commit: why nothing landed, and what was proposed."""
    outcome = refusal.outcome
    trailers = key_trailers(failure, number, outcome, source) | {t.FIXER: refusal.fixer, t.PATCH_ID: refusal.patch_id}
    body = t.labelled(("Fix", redact(refusal.note.fix)), ("Reason", redact(refusal.message)))
    quoted = [t.PROPOSED, t.quote(redact(refusal.diff))] if refusal.diff.strip() else []
    return t.compose(t.subject(failure.stage, f"attempt {number} {_VERBS[outcome]}"), [body, *quoted], trailers)


_VERBS: Mapping[Outcome, str] = {
    Outcome.DECLINED: "found no fix",
    Outcome.REJECTED: "was refused",
    Outcome.REPEATED: "only repeated an earlier one",
}


def escalated_message(failure: Failure, attempts: int, case_file: str, redact: Redact, source: Source) -> str:
    """The message of the empty commit that says where the Case File is."""
    reason = redact(f"{attempts} attempts did not help: {failure.message.text}")
    body = t.labelled(("Reason", reason), ("Case-File", case_file))
    subject = t.subject(failure.stage, f"escalate after {attempts} attempts")
    return t.compose(subject, [body], key_trailers(failure, max(1, attempts), Outcome.ESCALATED, source))


UNAVAILABLE = "unavailable"


def report(failure: Failure, outcome: str, code: ExitCode, number: int, limit: int, branch: str) -> Report:
    """The part of a report that every outcome has."""
    return Report(
        outcome=str(outcome),
        exit_code=code,
        stage=failure.stage,
        error_hash=failure.error_hash,
        fingerprint=failure.fingerprint,
        classification=str(failure.classification),
        attempt=number,
        max_attempts=limit,
        branch=branch,
    )


def fixed_report(failure: Failure, number: int, limit: int, branch: str, found: Candidate) -> Report:
    return report(failure, Outcome.FIXED, ExitCode.OK, number, limit, branch)._replace(
        path=found.changes[0].path,
        changed_lines=found.changed_lines,
        fixer=found.proposal.fixer,
        fix=found.note.fix,
        reason=found.note.reason,
    )


def refused_report(failure: Failure, number: int, limit: int, branch: str, refusal: Refused) -> Report:
    return report(failure, refusal.outcome, refusal.exit_code, number, limit, branch)._replace(
        fixer=refusal.fixer,
        fix=refusal.note.fix,
        reason=refusal.message,
        violations=refusal.violations,
    )


def _headline(fix: str) -> str:
    """A fix sentence as a subject: no final stop, lower-case start unless it is a name."""
    text = fix.strip().rstrip(".")
    return text[:1].lower() + text[1:] if text[1:2].islower() else text
