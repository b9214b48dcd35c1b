"""A push, judged whole: every commit of every ref, seen from the client or from the server."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from git_executor.domain import Verdict, Violation
from git_executor.guard.audit import audit_commits, is_ai_ref
from git_executor.guard.commits import Base, base_at, read_base
from git_executor.guard.snapshot import Repository

_ALLOW_REWIND = "executor.allowRewind"


@dataclass(frozen=True, slots=True)
class Update:
    """A ref of the receiving side that is to move from ``old`` to ``new``; all zeroes stand for nothing."""

    ref: str
    old: str
    new: str

    @property
    def creates(self) -> bool:
        return not self.old.strip("0")

    @property
    def deletes(self) -> bool:
        return not self.new.strip("0")


def judge_push(
    repository: Repository, updates: Sequence[Update], *, remote: str, server: bool
) -> list[tuple[str, Verdict]]:
    """Verdicts on every commit that the push brings and on every move of a guarded ref."""
    base = _base(repository, updates, remote, server)
    out: list[tuple[str, Verdict]] = []
    for update in updates:
        moved = _judge_move(repository, base, update)
        if moved:
            out.append((update.ref, Verdict(tuple(moved))))
        if update.deletes or not repository.resolve(update.new):
            continue  # an object that is no commit (a tag of a blob, say) brings no history
        out += _judge_commits(repository, base, update)
    return out


def _base(repository: Repository, updates: Sequence[Update], remote: str, server: bool) -> Base:
    """The base branch with the rules as they were, trusting also what this push makes its tip (judged beside)."""
    base = read_base(repository)
    pushed = next((u for u in updates if u.ref == base.ref and not u.deletes), None)
    if not base.commit:
        names = [base.ref] if base.ref else ["refs/heads/main", "refs/heads/master"]
        first = next((u for name in names for u in updates if u.ref == name and not u.deletes), None)
        return base_at(repository, first.ref, first.new) if first and repository.resolve(first.new) else base
    tips = [base.commit]
    if server and pushed and repository.resolve(pushed.new):
        tips.append(pushed.new)
    if not server and remote:
        there = repository.resolve(f"refs/remotes/{remote}/{base.ref.removeprefix('refs/heads/')}")
        tips += [there] if there else []
    return replace(base, tips=tuple(dict.fromkeys(tips)))


def _judge_move(repository: Repository, base: Base, update: Update) -> list[Violation]:
    """Refs that must only move forward, and refs that change what git shows."""
    if update.ref.startswith("refs/replace/") and not update.deletes:
        return [Violation("replaces-objects", update.ref, "replacement objects change what everybody sees")]
    guarded = is_ai_ref(update.ref) or (base.ref and update.ref == base.ref)
    if not guarded or update.creates or repository.setting(_ALLOW_REWIND).lower() in ("true", "yes", "on", "1"):
        return []
    what = "an AI branch" if is_ai_ref(update.ref) else "the base branch"
    hint = f"git config {_ALLOW_REWIND} true on the receiving side allows it"
    if update.deletes:
        return [Violation("deletes-branch", update.ref, f"{what} is the record; it is not deleted", hint=hint)]
    known = repository.resolve(update.old)
    if known and not repository.is_ancestor(update.old, update.new):
        return [Violation("rewinds-branch", update.ref, f"{what} only ever moves forward", hint=hint)]
    return []


def _judge_commits(repository: Repository, base: Base, update: Update) -> list[tuple[str, Verdict]]:
    strict = is_ai_ref(update.ref)
    is_base = update.ref == base.ref
    old = repository.resolve(update.old) if not update.creates else ""
    if is_base:
        first = update.creates or not old
        if first:
            return []  # the first commits of a repository are free
        unwanted, base = [old], base_at(repository, base.ref, old)
    else:
        unwanted = [*base.tips, *([old] if old else [])]
    tip = repository.resolve(update.new)
    wanted = repository.walk([tip], unwanted)
    judged = audit_commits(repository, base, tip, wanted, strict)
    return [(f"{one.commit[:12]} ({one.subject[:50]})", one.verdict) for one in judged if not one.verdict.accepted]
