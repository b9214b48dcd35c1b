"""The attempts that the AI branch records."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from git_executor.domain import BURNING, Attempt, Outcome, Source
from git_executor.errors import RepositoryNotReady
from git_executor.ledger import trailers
from git_executor.ledger.gitcli import Git, GitFailed

# Configuration that would change what git prints of a commit.
_PLAIN = ("-c", "log.showSignature=false", "-c", "i18n.logOutputEncoding=UTF-8")
_FORMAT = "--format=tformat:%H%x00%ae%x00%ce%x00%ct%x00%B"
_FIELDS = 5

EVERY_KEY = "all"


@dataclass(frozen=True, slots=True)
class History:
    """All records of the window: on the AI branch and not on the base branch, newest first."""

    records: tuple[Attempt, ...]

    @property
    def waiting(self) -> tuple[Attempt, ...]:
        """The records since everything was taken over: what people still have to look at."""
        for i, record in enumerate(self.records):
            if record.outcome is Outcome.RESET and _covers(record, EVERY_KEY, EVERY_KEY):
                return self.records[:i]
        return self.records

    def of(self, stage: str, error_hash: str) -> tuple[Attempt, ...]:
        """Records of one key since its last reset, oldest first."""
        since: list[Attempt] = []
        for record in self.records:
            if record.outcome is Outcome.RESET and _covers(record, stage, error_hash):
                break
            if (record.stage, record.error_hash) == (stage, error_hash):
                since.append(record)
        return tuple(reversed(since))

    def attempts(self, stage: str, error_hash: str) -> tuple[Attempt, ...]:
        """What counts against the limit: attempts of the key since its reset or the API tier's last patch."""
        return tuple(counted(self.of(stage, error_hash)))


def counted(past: Iterable[Attempt]) -> list[Attempt]:
    """Of a key's records, oldest first, the local attempts since the API tier's last patch."""
    found: list[Attempt] = []
    for record in past:
        if record.outcome is Outcome.FIXED and record.source == Source.API:
            found.clear()
        elif record.outcome in BURNING and record.source == Source.LOCAL:
            found.append(record)
    return found


def _covers(reset: Attempt, stage: str, error_hash: str) -> bool:
    return reset.stage in (stage, EVERY_KEY) and reset.error_hash in (error_hash, EVERY_KEY)


def read(git: Git, base: str, tip: str | None, email: str, extra: Sequence[str] = ()) -> History:
    """The window ``base..tip``. Only what the Executor (``email``) itself committed is a record: not a person's commit
    that took over a record's message, author and all."""
    if tip is None:
        return History(())
    return History(tuple(records(git, [f"{base}..{tip}", *extra], email)))


def records(git: Git, revisions: Sequence[str], email: str, *, stdin: bytes = b"") -> list[Attempt]:
    """Every record among ``revisions`` (arguments of ``git log``), newest first."""
    command = (*_PLAIN, "log", "-z", "--no-mailmap", "--no-notes", "--topo-order", _FORMAT, *revisions, "--")
    try:
        out = git.run(*command, stdin=stdin)
    except GitFailed as e:
        raise RepositoryNotReady(f"cannot read the history: {e}", hint="see git fsck") from None
    parts = out.decode("utf-8", "replace").split("\0")
    found = []
    for i in range(0, len(parts) - _FIELDS + 1, _FIELDS):
        commit, author, committer, when, message = parts[i : i + _FIELDS]
        own = author == committer == email
        record = trailers.attempt_from(commit, int(when), trailers.parse(trailers.block_of(message)), message) if own else None
        if record:
            found.append(record)
    return found


def with_diffs(git: Git, attempts: Sequence[Attempt]) -> list[Attempt]:
    """The same attempts, those that landed with the diff of their commit."""
    return [a._replace(diff=diff_of(git, a.commit)) if a.outcome is Outcome.FIXED else a for a in attempts]


def diff_of(git: Git, commit: str) -> str:
    """What a commit changed against its first parent, as a plain unified diff."""
    shown = git.run(
        "diff-tree", "--root", "--no-commit-id", "-p", "--no-ext-diff", "--no-textconv", "--no-renames", commit
    )
    return shown.decode("utf-8", "replace")
