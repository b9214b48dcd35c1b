"""One attempt, from log to record. Read it top to bottom: these are the five steps of the Executor's work."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from git_executor import fixers, ground as grounds, landing, record, verify
from git_executor.case import Case, open_case
from git_executor.context.redact import Redactor
from git_executor.domain import Briefing, Failure, Fixer, Outcome, Proposal, Source, Stage
from git_executor.errors import ConfigError, Declined, ExitCode, FixerUnavailable
from git_executor.fixers.playbook import Playbook
from git_executor.ground import Ground
from git_executor.landing import Candidate, Landed, Refused, Task
from git_executor.ledger import history
from git_executor.ledger.store import Store
from git_executor.record import Report
from git_executor.runlog import RunLog
from git_executor.settings import MEMO, Machine


class Request(NamedTuple):
    """What the caller asks for. ``response`` is the text of a saved answer, used instead of any fixer; ``answers``
    is where the scripted fixer finds the ones that it replays."""

    stage: str
    log: str
    error_hash: str | None = None
    response: str | None = None
    answers: Path | None = None
    dry_run: bool = False
    say: Callable[[str], None] = lambda _: None


class _Run(NamedTuple):
    """What stays the same through one attempt, whatever happens to the branch meanwhile."""

    request: Request
    stage: Stage
    failure: Failure
    redactor: Redactor
    journal: RunLog


def attempt(store: Store, machine: Machine, request: Request) -> Report:
    """Make one attempt and record it. What goes wrong before a fixer is asked is raised; see ``errors``."""
    ground = grounds.stand(store, machine)
    run = _begin(ground, request)
    run.journal.write("start", stage=run.stage.name, error_hash=run.failure.error_hash, branch=ground.branch)
    decision: Candidate | Refused | None = None
    for _ in range(grounds.RACES):
        past = ground.history.attempts(run.stage.name, run.failure.error_hash)
        limit = ground.map.limits.max_attempts
        if len(past) >= limit:
            return _finish(run, _escalate(ground, run))
        try:
            decision = _again(decision, ground, run) if decision else _decide(ground, run)
        except FixerUnavailable as e:
            report = record.report(
                run.failure, record.UNAVAILABLE, ExitCode.UNAVAILABLE, len(past), limit, ground.branch
            )
            return _finish(run, report._replace(reason=str(e)))
        number = max((a.number for a in past), default=0) + 1
        report = _report(ground, run, decision, number)
        if not request.dry_run:
            landed = _record(ground, run, decision, number)
            if landed is None:  # somebody else was faster: look again, the limit may be reached by now
                ground = grounds.stand(store, machine)
                continue
            report = report._replace(commit=landed.commit, warnings=landed.warnings)
        return _finish(run, report)
    raise grounds.lost_race(ground.branch)


def _escalate(ground: Ground, run: _Run) -> Report:
    from git_executor.escalate import escalate  # most attempts never get here, and it is slow to load

    return escalate(ground, Case(run.stage, run.failure, run.redactor), dry_run=run.request.dry_run)


def _begin(ground: Ground, request: Request) -> _Run:
    """Steps 1 and 2: read the log's tail, and name the failure."""
    case = open_case(ground, request.stage, request.log, request.error_hash)
    journal = RunLog(ground.store.root, case.stage.name, case.redactor.redact)
    return _Run(request, case.stage, case.failure, case.redactor, journal)


def brief(ground: Ground, request: Request, fixer: str = "ollama") -> Briefing:
    """What a model would be told about this failure now."""
    run = _begin(ground, request)
    return _brief(ground, run, fixer)


def _brief(ground: Ground, run: _Run, fixer: str, tokens: int = 0) -> Briefing:
    """Step 3: the files that matter. A model is also told everything else that helps, within a budget of tokens."""
    key = (run.stage.name, run.failure.error_hash)
    files = grounds.stage_files(run.stage, ground.tree, ground.map.protected_files)
    past = tuple(history.with_diffs(ground.store.git, ground.history.of(*key)))
    recorded = "recorded" in ground.machine.fixers
    accepted = ground.accepted(*key, run.failure.fingerprint) if recorded and fixer != "playbook" else ()
    number = len(ground.history.attempts(*key)) + 1
    if fixer not in MODELS:
        return Briefing(
            stage=run.stage,
            failure=run.failure,
            candidates=files.candidates,
            off_limits=files.off_limits,
            missing=files.missing,
            history=past,
            accepted=accepted,
            attempt=number,
        )
    memo = ground.store.tree(ground.base).read(MEMO)
    limits = ground.map.limits
    from git_executor.context.briefing import brief

    return brief(
        run.failure,
        run.stage,
        ground.tree,
        candidates=files.candidates,
        off_limits=files.off_limits,
        missing=files.missing,
        memo=memo.data.decode("utf-8", "replace") if memo else "",
        section_keywords=ground.map.section_keywords,
        history=past,
        accepted=accepted,
        limits=limits._replace(context_tokens=tokens) if tokens else limits,
        attempt=number,
        redactor=run.redactor,
        answer_form=fixers.answer_form(fixer, ground.machine),
    )


def _weigh(proposal: Proposal, ground: Ground, run: _Run, briefing: Briefing) -> Candidate:
    """Judge a proposal. A model's answer is also held against what the model was shown."""
    task = Task(
        stage=run.stage,
        rules=ground.map.rules(run.stage.name, Source.LOCAL),
        failure=run.failure,
        briefing=briefing if briefing.prompt else None,
        past=briefing.history,
        preferred=briefing.candidates,
    )
    return landing.weigh(proposal, ground, task)


def _decide(ground: Ground, run: _Run) -> Candidate | Refused:
    """Step 4: ask the fixers in order until one proposal passes; else the weightiest reason why none did."""
    if not ground.machine.fixers:
        raise ConfigError("no fixer is named", where="executor.fixers", hint="for example: playbook,ollama")
    refusals: list[Refused] = []
    absent: list[FixerUnavailable] = []
    for fixer in _fixers(ground, run):
        if _kind(fixer) in MODELS:
            run.request.say(f"asking {fixer.name} ...")
        try:
            found = _consult(fixer, ground, run)
        except FixerUnavailable as e:
            run.journal.write("unavailable", fixer=fixer.name, reason=str(e))
            absent.append(e)
        except Declined as e:
            run.journal.write("declined", fixer=fixer.name, reason=str(e))
            refusals.append(Refused(str(e), outcome=Outcome.DECLINED, code=ExitCode.NO_FIX, fixer=fixer.name))
        except Refused as e:
            refusals.append(e)
        else:
            run.journal.write("accepted", fixer=found.proposal.fixer, diff=found.diff)
            return found
    if absent:
        raise FixerUnavailable(absent[0].message, hint=absent[0].hint)
    return min(refusals, key=lambda r: _WEIGHT.index(r.exit_code))


# Fixers that read the prompt; the others answer before a person could read that they were asked.
MODELS = ("ollama", "codex", "command", "scripted")

# Which of several reasons the record tells: the one that taught most about the failure.
_WEIGHT = (ExitCode.REFUSED, ExitCode.NOT_APPLIED, ExitCode.REPEATED, ExitCode.NO_FIX)


def _fixers(ground: Ground, run: _Run) -> Sequence[Fixer]:
    if run.request.response is not None:
        return [_Saved(run.request.response)]
    return [_fixer(name, ground, run) for name in ground.machine.fixers]


def _fixer(name: str, ground: Ground, run: _Run) -> Fixer:
    if name == "playbook":
        return Playbook(verify.check_file, ground.map.playbook)

    def shrink(briefing: Briefing) -> Briefing:
        """A smaller briefing, for a server whose context is smaller than it said."""
        return _brief(ground, run, name, tokens=briefing.tokens * 2 // 3)

    return fixers.build(name, ground.machine, progress=run.request.say, shrink=shrink, answers=run.request.answers)


def _kind(fixer: Fixer) -> str:
    """A fixer's name without its model: ``ollama`` for ``ollama/coder:7b``."""
    return fixer.name.partition("/")[0]


class _Saved:
    """The answer of ``--response``, in a fixer's clothes."""

    name = "response"

    def __init__(self, answer: str) -> None:
        self.answer = answer

    def propose(self, briefing: Briefing, tree: object) -> Proposal:
        return Proposal(fixer=self.name, answer=self.answer)


def _consult(fixer: Fixer, ground: Ground, run: _Run) -> Candidate:
    """Ask one fixer. A model's refused answer goes back with the reason, a fixed number of times."""
    briefing = _brief(ground, run, _kind(fixer))
    rounds = ground.machine.repair_rounds if briefing.prompt else 0
    redact = run.redactor.redact
    while True:
        proposal = fixer.propose(briefing, ground.tree)
        run.journal.write("proposal", fixer=proposal.fixer, answer=proposal.answer, note=proposal.note.fix)
        try:
            return _weigh(proposal, ground, run, briefing)
        except Refused as e:
            run.journal.write("refused", fixer=proposal.fixer, reason=e.message, diff=e.diff)
            if rounds == 0:
                raise
            run.request.say(redact(f"{proposal.fixer}: {e.message}; asking once more"))
            rounds -= 1
            from git_executor.context.briefing import with_feedback  # only models are asked again

            briefing = with_feedback(briefing, redact(e.message), redact(e.nearest), e.path)


def _again(decision: Candidate | Refused, ground: Ground, run: _Run) -> Candidate | Refused:
    """The same proposal on a branch that has moved: it may no longer fit, or be somebody else's fix by now."""
    if isinstance(decision, Refused):
        return decision
    try:
        fixer = decision.proposal.fixer.partition("/")[0]
        return _weigh(decision.proposal, ground, run, _brief(ground, run, fixer))
    except Refused as e:
        return e


def _record(ground: Ground, run: _Run, decision: Candidate | Refused, number: int) -> Landed | None:
    """Step 5: document it, as one commit on the AI branch."""
    redact = run.redactor.redact
    if isinstance(decision, Candidate):
        message = record.fixed_message(run.failure, number, decision, Source.LOCAL, redact)
        return landing.commit(ground, decision.tree, message, f"attempt {number} fixed {run.stage.name}")
    message = record.refused_message(run.failure, number, decision, redact)
    return landing.commit(ground, landing.empty(ground), message, f"attempt {number} {decision.outcome}")


def _report(ground: Ground, run: _Run, decision: Candidate | Refused, number: int) -> Report:
    limit = ground.map.limits.max_attempts
    if isinstance(decision, Candidate):
        return record.fixed_report(run.failure, number, limit, ground.branch, decision)
    return record.refused_report(run.failure, number, limit, ground.branch, decision)


def _finish(run: _Run, report: Report) -> Report:
    log = str(run.journal.path) if run.journal.path else None
    run.journal.write("end", outcome=report.outcome, exit_code=int(report.exit_code), commit=report.commit)
    return report._replace(log=log)
