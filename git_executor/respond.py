"""Answers from outside: a patch of the API tier or of a person, or the API tier's wish for diagnostics."""

from __future__ import annotations

from collections.abc import Sequence

from git_executor import failure as failures, ground as grounds, landing, record
from git_executor.case import Case, open_case
from git_executor.context.hidden import is_hidden
from git_executor.context.redact import Redactor
from git_executor.domain import Classification, Excerpt, Failure, Message, Proposal, Source, Stage
from git_executor.errors import ExitCode, UsageError
from git_executor.escalate import FOLDER, escalate, give_up, rounds
from git_executor.escalation import answers, casefile
from git_executor.escalation.answers import DiagnosticsRequest, PatchAnswer
from git_executor.escalation.results import CommandResult
from git_executor.ground import Ground
from git_executor.landing import Refused, Task
from git_executor.ledger.store import Store
from git_executor.record import Report
from git_executor.runlog import RunLog, private_folder
from git_executor.settings import Machine


def land(store: Store, machine: Machine, text: str, stage: str, error_hash: str, source: Source) -> Report:
    """Land a saved answer by the common road. There is no log here: the ledger tells the failure."""
    ground = grounds.stand(store, machine)
    entry = ground.map.stage(stage)
    failure = _known_failure(ground, entry, failures.check_error_hash(error_hash))
    return _land(ground, Case(entry, failure, Redactor()), text, source)


def respond(store: Store, machine: Machine, text: str, stage: str, error_hash: str, log: str) -> Report:
    """Take the API tier's answer. A patch that lands restarts the count; diagnostics make the next Case File."""
    ground = grounds.stand(store, machine)
    case = open_case(ground, stage, log, error_hash)
    if rounds(ground.history.of(stage, case.failure.error_hash)) >= ground.map.limits.max_api_rounds:
        return give_up(ground, case)
    answer = answers.parse(text)
    if isinstance(answer, PatchAnswer):
        return _land(ground, case, answer.text, Source.API, answer.description)
    folder = private_folder(store.root, FOLDER)
    stem = casefile.file_stem(stage, case.failure.error_hash, len(ground.history.of(stage, error_hash)))
    results = _run(ground, answer, str(folder / f"{stem}-diagnostics"), case.stage, case.redactor)
    return escalate(ground, case, diagnostics=results)


def diagnose(store: Store, machine: Machine, text: str, out: str, stage: str | None) -> Sequence[CommandResult]:
    """Run a diagnostics request by itself."""
    answer = answers.parse(text)
    if not isinstance(answer, DiagnosticsRequest):
        raise UsageError("this is a patch, not a diagnostics request", hint="use git-executor apply or respond")
    ground = grounds.stand(store, machine)
    entry = ground.map.stage(stage) if stage else Stage("")
    return _run(ground, answer, out, entry, Redactor())


def _run(
    ground: Ground, request: DiagnosticsRequest, out: str, stage: Stage, redactor: Redactor
) -> Sequence[CommandResult]:
    from git_executor.escalation import diagnostics

    def hidden(path: str) -> bool:
        """Ignored and secret-shaped files are kept from the API tier, the stages' own logs are what it needs."""
        if path.startswith("ai/logs/"):
            return False
        ignored = ground.store.git.call("check-ignore", "--quiet", "--", path, ok=(0, 1, 128)).returncode == 0
        blob = ground.tree.read(path)
        return ignored or is_hidden(path, blob.data if blob else b"")

    return diagnostics.run(
        request.commands,
        repo=str(ground.store.root),
        out=out,
        redact=redactor.redact,
        extra=stage.diagnostics,
        hidden=hidden,
    )


def _known_failure(ground: Ground, stage: Stage, error_hash: str) -> Failure:
    """The failure of a key as far as the ledger remembers it."""
    past = ground.history.of(stage.name, error_hash)
    last = past[-1] if past else None
    known = last is not None and last.classification in set(Classification)
    return Failure(
        stage=stage.name,
        excerpt=Excerpt(()),
        message=Message("", 0),
        classification=Classification(last.classification) if last and known else Classification.UNKNOWN,
        evidence=(),
        runner_up=None,
        fingerprint=last.fingerprint if last else "",
        error_hash=error_hash,
    )


def _land(ground: Ground, case: Case, text: str, source: Source, description: str = "") -> Report:
    store, machine, key = ground.store, ground.machine, (case.stage.name, case.failure.error_hash)
    journal = RunLog(store.root, case.stage.name, case.redactor.redact)
    journal.write("answer", source=str(source), answer=text)
    for _ in range(grounds.RACES):
        files = grounds.stage_files(case.stage, ground.tree, ground.map.protected_files)
        past = ground.history.of(*key)
        number = max((a.number for a in past), default=0) + 1
        task = Task(
            stage=case.stage,
            rules=ground.map.rules(case.stage.name, source),
            failure=case.failure,
            past=past,
            preferred=files.candidates,
        )
        limit, branch = ground.map.limits.max_attempts, ground.branch
        try:
            found = landing.weigh(Proposal(fixer=str(source), answer=text), ground, task)
        except Refused as e:
            journal.write("refused", reason=e.message, diff=e.diff)
            message = record.refused_message(case.failure, number, e, case.redactor.redact, source)
            report = record.refused_report(case.failure, number, limit, branch, e)
            tree = landing.empty(ground)
        else:
            journal.write("accepted", diff=found.diff, description=description)
            message = record.fixed_message(case.failure, number, found, source, case.redactor.redact)
            report = record.fixed_report(case.failure, number, limit, branch, found)
            tree = found.tree
        # A person sees the refusal at once and tries again; a round with the API tier must be counted.
        if source is Source.PERSON and report.exit_code != ExitCode.OK:
            return report
        landed = landing.commit(ground, tree, message, f"{source} patch for {case.stage.name}: {report.outcome}")
        if landed:
            return report._replace(commit=landed.commit, warnings=landed.warnings)
        ground = grounds.stand(store, machine)
    raise grounds.lost_race(machine.branch)
