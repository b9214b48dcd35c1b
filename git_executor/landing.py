"""The one road from a proposal to a commit: change -> policy -> verification -> tree -> compare-and-swap.

``attempt``, ``apply`` and ``respond`` all walk it; what they pass in differs only in who offers and what was shown.
Nothing is written but loose objects until ``commit`` moves the AI branch.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from git_executor import ground as grounds, patch, policy, verify
from git_executor.domain import (
    Attempt,
    Briefing,
    Change,
    Failure,
    Note,
    Outcome,
    Proposal,
    Rules,
    Stage,
    Violation,
)
from git_executor.errors import ExecutorError, ExitCode, PatchError
from git_executor.ground import Ground
from git_executor.ledger import remote, worktrees
from git_executor.uninterrupted import uninterrupted


class Refused(ExecutorError):
    """A proposal that must not land, and why. ``nearest`` quotes real lines of ``path`` that help the next answer."""

    def __init__(
        self,
        message: str,
        *,
        outcome: Outcome,
        code: ExitCode,
        fixer: str,
        violations: Sequence[Violation] = (),
        diff: str = "",
        nearest: str = "",
        note: Note | None = None,
        patch_id: str = "",
        path: str = "",
    ) -> None:
        super().__init__(message)
        self.outcome, self.exit_code, self.fixer = outcome, code, fixer
        self.violations, self.diff, self.nearest = tuple(violations), diff, nearest
        self.note, self.patch_id, self.path = note or Note(), patch_id, path


class Task(NamedTuple):
    """What a proposal is judged against besides the repository itself.

    ``briefing`` is given when a model answered it: then the answer's placeholders are put back, and an edit outside
    of what was shown is refused. ``preferred`` are files that a path which is written carelessly may mean.
    """

    stage: Stage
    rules: Rules
    failure: Failure
    briefing: Briefing | None = None
    past: tuple[Attempt, ...] = ()
    preferred: tuple[str, ...] = ()


class Candidate(NamedTuple):
    """A change that every judge has passed, ready to be committed. ``tree`` is the id of the resulting tree."""

    proposal: Proposal
    changes: tuple[Change, ...]
    note: Note
    diff: str
    changed_lines: int
    verified: tuple[str, ...]
    remarks: tuple[str, ...]
    patch_id: str
    tree: str


def weigh(proposal: Proposal, ground: Ground, task: Task) -> Candidate:
    """Judge one proposal. Raises ``Refused`` with the first judge's reason; changes no ref."""
    changes, note, warnings = _read(proposal, ground, task)
    diff = patch.render(changes)
    text = diff.decode("utf-8", "replace")

    def refuse(message: str, outcome: Outcome, code: ExitCode, **more: object) -> Refused:
        patch_id = _patch_id(ground, diff)
        return Refused(message, outcome=outcome, code=code, fixer=proposal.fixer, diff=text, note=note,
                       patch_id=patch_id, **more)  # type: ignore[arg-type]  # fmt: skip

    before = _earlier(text, task.past)
    if before:
        raise refuse(f"the same change as attempt {before.number}", Outcome.REPEATED, ExitCode.REPEATED)
    verdict = policy.judge(changes, task.rules, tree=ground.tree, note=note, failure=task.failure)
    if not verdict.accepted:
        summary = "; ".join(map(str, verdict.violations[:3]))
        raise refuse(summary, Outcome.REJECTED, ExitCode.REFUSED, violations=verdict.violations)
    unseen = _outside_of_shown(changes, task.briefing) if proposal.answer else ""
    if unseen:
        raise refuse(unseen, Outcome.REJECTED, ExitCode.NOT_APPLIED)
    tree = ground.store.write_tree(ground.start, changes)
    before = _taken_back(ground, tree, task.past)
    if before:
        raise refuse(f"it only takes back attempt {before.number}; the failure was there before it", Outcome.REPEATED, ExitCode.REPEATED)
    verified, faults = _verify(ground, task, changes, tree, (*task.stage.verify, *proposal.verify))
    if faults:
        raise refuse("; ".join(faults[:3]), Outcome.REJECTED, ExitCode.NOT_APPLIED)
    return Candidate(
        proposal=proposal,
        changes=tuple(changes),
        note=note,
        diff=text,
        changed_lines=verdict.changed_lines,
        verified=verified,
        remarks=(*verdict.remarks, *warnings),
        patch_id=ground.store.patch_id(ground.store.tree_id(ground.start), tree),
        tree=tree,
    )


def _read(proposal: Proposal, ground: Ground, task: Task) -> tuple[tuple[Change, ...], Note, tuple[str, ...]]:
    """The changes that a proposal means; an answer's text is put back to what its placeholders stand for first."""
    if proposal.changes:
        return proposal.changes, proposal.note, ()
    secrets = task.briefing.placeholders if task.briefing else {}
    answer = proposal.answer
    for placeholder, secret in secrets.items():
        answer = answer.replace(placeholder, secret)
    try:
        reading = patch.read_answer(answer, ground.tree, preferred=task.preferred)
    except PatchError as e:
        raise Refused(
            str(e),
            outcome=Outcome.REJECTED,
            code=ExitCode.NOT_APPLIED,
            fixer=proposal.fixer,
            nearest=e.nearest if _may_quote(e, task.briefing) else "",
            path=e.path,
            diff=answer if e.kind != "empty" else "",
        ) from None
    changes, dropped = reading.changes, 0
    if task.briefing and not _DIFF.search(answer):
        changes, dropped = _without_drift(changes, task)
    for change in changes if secrets else ():
        from git_executor.context.briefing import touches_secret

        if touches_secret(change.old or b"", change.new or b"", secrets):
            raise Refused(
                f"{change.path}: the change edits a line that holds a redacted value",
                outcome=Outcome.REJECTED,
                code=ExitCode.REFUSED,
                fixer=proposal.fixer,
            )
    note = Note(
        fix=reading.note.fix or proposal.note.fix,
        reason=reading.note.reason or proposal.note.reason,
        justification=reading.note.justification or proposal.note.justification,
    )
    left = (f"{dropped} other changes of the answer were left out: not about this failure",) if dropped else ()
    return changes, note, (*reading.warnings, *left)


def _may_quote(error: PatchError, briefing: Briefing | None) -> bool:
    """Whether a model may see what an error quotes: parts of files that it is shown, and names of files."""
    return briefing is None or error.kind == "no-file" or any(file.path == error.path for file in briefing.files)


# An answer that says line by line what it changes; any other is a rewrite, and what changed is for us to find out.
_DIFF = re.compile(r"@@|^\s*(?:diff --git |--- |\*\*\* (?:Begin Patch|Update File))", re.MULTILINE)


def _without_drift(changes: Sequence[Change], task: Task) -> tuple[tuple[Change, ...], int]:
    """What of a rewrite bears on the failure, and how many of its changes do not. Never less than one change."""
    from git_executor.context.drift import keep_near

    found, dropped = [], 0
    for change in changes:
        if task.briefing and change.old is not None and change.new is not None:
            new, count = keep_near(change.path, change.old, change.new, task.failure, task.briefing.files)
            if new != change.old:
                change, dropped = change._replace(new=new), dropped + count
        found.append(change)
    return tuple(found), dropped


# --- the same change again ----------------------------------------------------------------------------

_NAME = re.compile(r"^\+\+\+ (?:b/)?(.+)$|^diff --git a/.* b/(.+)$")
_EDIT = re.compile(r"^([-+])(?!\+\+ |-- )(.*)$|^new (?:file )?mode (\d+)$")


def substance(diff: str) -> frozenset[str]:
    """What a diff changes where, without blanks, comments and quote style: equal for nearly the same change."""
    found, path = set(), ""
    for line in diff.split("\n"):
        name = _NAME.match(line)
        if name:
            path = name[1] or name[2]
            continue
        edit = _EDIT.match(line)
        if edit is None:
            continue
        text = re.sub(r"(^|\s)(#|//).*$", "", edit[2] or "")
        text = re.sub(r"[\s\"';,]+", "", text) or edit[3] or ""
        if text:
            found.add(f"{path}:{edit[1] or 'mode'}{text}")
    return frozenset(found)


def _earlier(diff: str, past: Sequence[Attempt]) -> Attempt | None:
    """The earlier attempt that made, or proposed, the same change."""
    if not past:
        return None
    this = substance(diff)
    return next((attempt for attempt in past if this and attempt.diff and substance(attempt.diff) == this), None)


def _taken_back(ground: Ground, tree: str, past: Sequence[Attempt]) -> Attempt | None:
    """The earlier attempt before which all files were as they would be now, and the stage failed in this way."""
    for attempt in past:
        if attempt.outcome is Outcome.FIXED and attempt.number:
            parents = ground.store.parents(attempt.commit)
            if parents and ground.store.tree_id(parents[0]) == tree:
                return attempt
    return None


def _patch_id(ground: Ground, diff: bytes) -> str:
    out = ground.store.git.run("patch-id", "--stable", stdin=diff).split()
    return out[0].decode() if out else ""


# --- what was shown, what was checked -------------------------------------------------------------------


def _outside_of_shown(changes: Sequence[Change], briefing: Briefing | None) -> str:
    """A model may only edit what it has seen: why this change goes further, or nothing."""
    if briefing is None:
        return ""
    from git_executor.context.drift import unseen

    for change in changes:
        line = None if change.old is None else unseen(change.path, change.old, change.new or b"", briefing.files)
        if line is not None:
            return f"{change.path}:{line}: the change touches a line that was not shown"
    return ""


def _verify(
    ground: Ground, task: Task, changes: Sequence[Change], tree: str, commands: Sequence[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Checkers before and after, then the stage's and the proposal's own commands in a throw-away checkout."""
    result = verify.compare(changes, task.failure)
    # People and the API tier may know better than a log; a model that leaves what it was told of has not understood.
    left = tuple(verify.remains(changes, task.failure)) if task.briefing else ()
    if result.faults or left or not commands:
        return result.verified, (*result.faults, *left)
    with tempfile.TemporaryDirectory(prefix="git-executor-") as scratch:
        checkout = Path(scratch) / "checkout"
        ground.store.export(tree, checkout)
        findings = verify.run_commands(commands, str(checkout), seconds=ground.map.limits.verify_seconds)
    return (*result.verified, *commands), tuple(f"{f.checker}: {f.message}" for f in findings)


# --- the record -------------------------------------------------------------------------------------------


class Landed(NamedTuple):
    """A commit that the AI branch now points at, and what a person should know about worktrees left behind."""

    commit: str
    warnings: tuple[str, ...] = ()


def commit(ground: Ground, tree: str, message: str, why: str) -> Landed | None:
    """Write the record and move the AI branch to it; ``None`` when somebody else moved the branch first.

    Worktrees that hold the branch follow. One that could not follow stops us before anything happens. From the
    push or the move of the branch on, nothing interrupts us.
    """
    return move(ground, ground.store.commit(tree, [ground.start], message, ground.machine.author), why)


def move(ground: Ground, new: str, why: str) -> Landed | None:
    """Move the AI branch forward to commit ``new``, the remote's first where one is shared, as ``commit`` says."""
    store, old = ground.store, ground.tip
    holders = grounds.worktrees_of(ground)
    if old is not None:
        worktrees.check(holders, old, new)
    with uninterrupted():
        if ground.machine.remote and not remote.send(store, ground.machine.remote, ground.branch, new):
            return None
        if not store.advance(ground.branch, new, old, f"git-executor: {why}"):
            return None
        left = worktrees.follow(holders, old, new) if old is not None else []
    return Landed(new, tuple(left))


def empty(ground: Ground) -> str:
    """The tree of a record that changes nothing."""
    return ground.store.tree_id(ground.start)
