"""Care of the AI branch: bringing it up to date, undoing a fix, giving an error fresh attempts.

Like attempts, all of it is commits and a compare-and-swap; nothing is ever rewound.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from git_executor import ground as grounds, landing
from git_executor.domain import Attempt, Classification, Outcome
from git_executor.errors import ExecutorError, LostRace, RepositoryNotReady, UsageError
from git_executor.ground import Ground
from git_executor.ledger import remote, trailers as t
from git_executor.ledger.history import EVERY_KEY
from git_executor.ledger.store import Store
from git_executor.settings import Machine


@dataclass(frozen=True, slots=True)
class Done:
    """What was done, in words, and the AI branch's commit after it."""

    what: str
    commit: str
    warnings: tuple[str, ...] = ()


def sync(store: Store, machine: Machine) -> Done:
    """Bring the AI branch up to date with the remote, where one is shared, and with the base branch.

    It is made, fast-forwarded or merged; a conflict raises and changes nothing. When everything on the AI branch has
    reached the base branch in another shape (a squash merge), the merge also starts the count of attempts afresh.
    """
    alone = replace(machine, remote="")
    done = Done("", "")
    if machine.remote:
        theirs = remote.fetch(store, machine.remote, machine.branch)
        if theirs:
            done = _take_in(store, alone, theirs, f"{machine.branch} of {machine.remote}")
    base = grounds.stand(store, alone)
    done = _take_in(store, alone, base.base, base.base_name)
    if machine.remote and not remote.send(store, machine.remote, machine.branch, done.commit):
        raise LostRace(f"{machine.branch} was moved on {machine.remote} meanwhile", hint="try again")
    return done


def _take_in(store: Store, machine: Machine, other: str, name: str) -> Done:
    """Bring the AI branch to where it has commit ``other``, which people call ``name``."""
    for _ in range(grounds.RACES):
        ground = grounds.stand(store, machine)
        if ground.tip is None:
            if store.advance(ground.branch, other, None, "git-executor: sync"):
                return Done(f"{ground.branch} starts at {name}", other)
            continue
        if store.is_ancestor(other, ground.tip):
            return Done(f"{ground.branch} is up to date with {name}", ground.tip)
        if store.is_ancestor(ground.tip, other):
            new, what = other, f"{ground.branch} follows {name}"
        else:
            new, what = _merge(ground, ground.tip, other, name), f"{name} is merged into {ground.branch}"
        landed = landing.move(ground, new, "sync")
        if landed:
            return Done(what, landed.commit, landed.warnings)
    raise grounds.lost_race(machine.branch)


def _merge(ground: Ground, tip: str, other: str, name: str) -> str:
    tree, conflicts = ground.store.merge(tip, other)
    if conflicts:
        raise RepositoryNotReady(
            f"{name} and {ground.branch} changed the same lines of {', '.join(conflicts[:5])}",
            hint=f"merge {name} into {ground.branch} by hand",
        )
    subject = f"executor: merge {name} into {ground.branch}"
    message = subject + "\n"
    if other == ground.base and tree == ground.store.tree_id(ground.base):
        # Nothing is left to review: people took it all over, so every error gets fresh attempts.
        message = t.compose(subject, [t.labelled(("Reason", "all of it has been taken over"))], _reset_trailers())
    return ground.store.commit(tree, [tip, other], message, ground.machine.author)


def _reset_trailers(stage: str = EVERY_KEY, error_hash: str = EVERY_KEY) -> dict[str, str]:
    return {
        t.STAGE: stage,
        t.ERROR_HASH: error_hash,
        t.ATTEMPT: "1",
        t.CLASSIFICATION: str(Classification.UNKNOWN),
        t.OUTCOME: str(Outcome.RESET),
    }


def reset(store: Store, machine: Machine, stage: str, error_hash: str | None) -> Done:
    """Give a stage's errors, or one of them, fresh attempts: an empty commit that says so."""
    for _ in range(grounds.RACES):
        ground = grounds.stand(store, machine)
        ground.map.stage(stage)
        known = {r.error_hash for r in ground.history.records if r.stage == stage}
        if error_hash is not None and error_hash not in known:
            raise UsageError(f"the ledger has no error {error_hash!r} of stage {stage!r}", hint="see git-executor log")
        what = f"fresh attempts for {error_hash or 'every error'}"
        message = t.compose(
            t.subject(stage, what),
            [t.labelled(("Reason", "asked for by a person"))],
            _reset_trailers(stage, error_hash or EVERY_KEY),
        )
        landed = landing.commit(ground, landing.empty(ground), message, f"reset {stage}")
        if landed:
            return Done(f"{stage}: {what}", landed.commit, landed.warnings)
    raise grounds.lost_race(machine.branch)


def rollback(store: Store, machine: Machine, attempt: str) -> Done:
    """Undo a fix by a commit that reverts it. ``attempt`` is its commit, or at least 4 digits of it."""
    for _ in range(grounds.RACES):
        ground = grounds.stand(store, machine)
        fixes = [r for r in ground.history.records if r.outcome is Outcome.FIXED]
        found = [r for r in fixes if len(attempt) >= 4 and r.commit.startswith(attempt.lower())]
        if len(found) != 1:
            problem = "several fixes" if found else "no fix"
            raise UsageError(f"{problem} on {ground.branch} with commit {attempt!r}", hint="see git-executor log")
        target = found[0]
        if any(r.outcome is Outcome.REVERTED and r.patch_id == target.patch_id for r in _after(ground, target.commit)):
            raise ExecutorError(f"{target.commit[:12]} was rolled back already")
        tree = _reverted(ground, target.commit)
        trailers = {
            t.STAGE: target.stage,
            t.ERROR_HASH: target.error_hash,
            t.ATTEMPT: str(target.number),
            t.CLASSIFICATION: target.classification,
            t.OUTCOME: str(Outcome.REVERTED),
            t.PATCH_ID: target.patch_id,
            t.FINGERPRINT: target.fingerprint,
        }
        body = t.labelled(("Reason", f"rolls back {target.commit}"), ("Fix", target.fix))
        message = t.compose(t.subject(target.stage, f"roll back attempt {target.number}"), [body], trailers)
        landed = landing.commit(ground, tree, message, f"roll back {target.commit[:12]}")
        if landed:
            return Done(f"{target.commit[:12]} is rolled back", landed.commit, landed.warnings)
    raise grounds.lost_race(machine.branch)


def _after(ground: Ground, commit: str) -> list[Attempt]:
    newer = []
    for entry in ground.history.records:
        if entry.commit == commit:
            break
        newer.append(entry)
    return newer


def _reverted(ground: Ground, commit: str) -> str:
    """The tree of the tip without what ``commit`` changed: a three-way merge whose base is the fix itself."""
    tree, conflicts = ground.store.merge(ground.start, ground.store.parents(commit)[0], base=commit)
    if conflicts:
        raise RepositoryNotReady(
            f"later changes touch the same lines of {', '.join(conflicts[:5])} as {commit[:12]}",
            hint=f"git revert {commit[:12]} by hand",
        )
    return tree
