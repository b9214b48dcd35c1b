"""Whether a commit that claims to be the Executor's record is true to itself and to its branch."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from git_executor.domain import BURNING, Attempt, Outcome, Violation
from git_executor.guard.commits import Base
from git_executor.guard.snapshot import Commit, Repository
from git_executor.ledger import trailers as t
from git_executor.ledger.history import counted

# A record's own trailers. Stage alone is no claim: a person may say which stage a commit is for.
_CLAIMS = (t.ERROR_HASH, t.ATTEMPT, t.OUTCOME, t.PATCH_ID, t.FINGERPRINT, t.FIXER, t.CLASSIFICATION)
_HASH = re.compile(r"[A-Za-z0-9._:-]{4,128}")
_EVERYTHING = "all"
_HINT = "only git-executor writes such trailers; drop them from the message"


@dataclass(slots=True)
class Ledger:
    """The records of a window, replayed oldest first; it knows which number comes next."""

    repository: Repository
    base: Base
    seen: list[Attempt] = field(default_factory=list)
    fresh: bool = False  # a merge of the base branch may have given fresh attempts

    def judge(self, commit: Commit) -> Iterator[Violation]:
        """What is false about the record that ``commit`` claims to be; nothing when it claims nothing."""
        said = t.parse(commit.trailers)
        rows = [row.partition(":")[0].strip().lower() for row in commit.trailers.split("\n")]
        claims = [key for key in _CLAIMS if key.lower() in rows]
        if len(commit.parents) > 1:
            self.fresh = True
        if not claims:
            return
        record = t.attempt_from(commit.oid, 0, said, commit.message)
        doubled = next((key for key in t.ORDER if rows.count(key.lower()) > 1), "")
        if record is None or doubled:
            missing = ", ".join(key for key in t.REQUIRED if key not in said)
            why = f"{doubled} stands twice" if doubled else f"missing or wrong: {missing or 'a value'}"
            yield Violation("forged-record", commit.oid[:12], f"an incomplete record ({why})", hint=_HINT)
            return
        for why in (*self._identity(record), *self._tree(record, commit), *self._number(record)):
            yield Violation("forged-record", commit.oid[:12], why, hint=_HINT)
        self.seen.append(record)

    def _identity(self, record: Attempt) -> Iterator[str]:
        resets = record.outcome is Outcome.RESET
        if self.base.files_of(record.stage) is None and not (resets and record.stage == _EVERYTHING):
            yield f"there is no stage {record.stage!r}"
        if not _HASH.fullmatch(record.error_hash) and not (resets and record.error_hash == _EVERYTHING):
            yield f"{record.error_hash!r} is no error hash"

    def _tree(self, record: Attempt, commit: Commit) -> Iterator[str]:
        """The outcome and the Patch-Id against what the commit changes."""
        if len(commit.parents) != 1:
            second = self.repository.commits(commit.parents[1:2])
            same = record.outcome is Outcome.RESET and any(c.tree == commit.tree for c in second.values())
            if not same:
                yield "a merge is no attempt"
            return
        differences = self.repository.between(commit.parents[0], commit.tree)
        if record.outcome is Outcome.FIXED:
            if not differences:
                yield "Outcome: fixed, but nothing is changed"
            elif record.patch_id != patch_id(self.repository, commit.parents[0], commit.tree):
                yield "Patch-Id is not that of the change"
            if any(
                e.outcome is Outcome.FIXED and e.patch_id == record.patch_id and _key(e) == _key(record)
                for e in self._live()
            ):
                yield "the same change was recorded before"
        elif record.outcome is Outcome.REVERTED:
            undone = [e for e in self.seen if e.outcome is Outcome.FIXED and e.patch_id == record.patch_id]
            if not undone:
                yield "it reverts no change of this branch"
            elif differences and not self._undoes(undone[-1], commit):
                yield "it is not the reverse of the change that it names"
        elif differences:
            yield f"Outcome: {record.outcome}, but files are changed"

    def _live(self) -> list[Attempt]:
        """Records whose change was not rolled back since."""
        undone = {e.patch_id for e in self.seen if e.outcome is Outcome.REVERTED}
        return [e for e in self.seen if e.patch_id not in undone]

    def _undoes(self, fix: Attempt, commit: Commit) -> bool:
        parents = self.repository.commits([fix.commit])[fix.commit].parents
        paths = {d.path for d in self.repository.between(parents[0], fix.commit)}
        return all(d.path in paths for d in self.repository.between(commit.parents[0], commit.tree))

    def _number(self, record: Attempt) -> Iterator[str]:
        past = self._since_reset(record)
        if record.outcome is Outcome.REVERTED:
            if not any(e.number == record.number and e.patch_id == record.patch_id for e in self.seen):
                yield f"Attempt: {record.number} is not that of the change it reverts"
            return
        if record.outcome not in BURNING:
            return
        local = counted(past)
        earlier = past if record.source != "local" else local
        expected = max((e.number for e in earlier), default=0) + 1
        if record.number == expected or (record.number == 1 and self.fresh):
            return
        if not earlier and self._before_window(record):
            return
        yield f"Attempt: {record.number}, but {expected} comes next for this error"
        if record.number > self.base.limits.max_attempts and record.source == "local":
            yield f"{self.base.limits.max_attempts} attempts are allowed"

    def _since_reset(self, record: Attempt) -> list[Attempt]:
        since: list[Attempt] = []
        for earlier in reversed(self.seen):
            covers = earlier.stage in (record.stage, _EVERYTHING) and earlier.error_hash in (
                record.error_hash,
                _EVERYTHING,
            )
            if earlier.outcome is Outcome.RESET and covers:
                break
            if _key(earlier) == _key(record):
                since.append(earlier)
        return since[::-1]

    def _before_window(self, record: Attempt) -> bool:
        """Whether the attempt before this one has been merged into the base branch meanwhile."""
        wanted = f"--grep={t.ERROR_HASH}: {record.error_hash}"
        found = self.repository.text("log", "-20", "--format=%H", "-F", wanted, f"{record.commit}^", "--").split()
        for commit in self.repository.commits(found).values():
            said = t.parse(commit.trailers)
            if said.get(t.ATTEMPT) == str(record.number - 1) and said.get(t.STAGE) == record.stage:
                return True
        return False


def _key(record: Attempt) -> tuple[str, str]:
    return record.stage, record.error_hash


def patch_id(repository: Repository, old: str, new: str) -> str:
    """``git patch-id --stable`` of the difference between two trees; empty when there is none."""
    options = ("-p", "--no-ext-diff", "--no-textconv", "--no-renames", "--full-index")
    diff = repository.run("diff-tree", *options, old, new, "--")
    return repository.run("patch-id", "--stable", stdin=diff).decode().partition(" ")[0]
