"""A repository in memory and a log, as the playbook gets them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from git_executor.domain import (
    DIRECTORY,
    EXECUTABLE,
    REGULAR,
    Attempt,
    Blob,
    Briefing,
    Classification,
    Excerpt,
    Failure,
    Message,
    Proposal,
    Stage,
    Subject,
    UserRule,
)
from git_executor.errors import Declined
from git_executor.fixers.playbook import Playbook
from git_executor.verify import check_file, compare

Files = Mapping[str, str | bytes]


@dataclass(frozen=True)
class MemoryTree:
    """A ``domain.Tree`` of files in a mapping. A path that ends with ``*`` is executable."""

    files: Mapping[str, Blob]

    def read(self, path: str) -> Blob | None:
        return self.files.get(path)

    def names(self, directory: str) -> Mapping[str, int]:
        start = directory + "/" if directory else ""
        found: dict[str, int] = {}
        for path, blob in self.files.items():
            if path.startswith(start):
                name, slash, _ = path[len(start) :].partition("/")
                found[name] = DIRECTORY if slash else blob.mode
        return found

    def paths(self) -> Iterator[str]:
        return iter(self.files)


def tree_of(files: Files) -> MemoryTree:
    return MemoryTree(
        {
            path.removesuffix("*"): Blob(
                EXECUTABLE if path.endswith("*") else REGULAR, data.encode() if isinstance(data, str) else data
            )
            for path, data in files.items()
        }
    )


def failure_of(
    log: str, message: int | None = None, classification: Classification = Classification.UNKNOWN
) -> Failure:
    """A failure whose message is the line of that number (from 0), by default the last that is not blank."""
    lines = tuple(log.strip("\n").split("\n"))
    index = len(lines) - 1 if message is None else message
    return Failure(
        "stage", Excerpt(lines), Message(lines[index], index, Subject()), classification, (), None, "v1:0", "0000"
    )


def briefing_of(
    log: str, tree: MemoryTree, *, listed: tuple[str, ...] | None = None, off_limits: tuple[str, ...] = (), command: str = "",
    history: tuple[Attempt, ...] = (), message: int | None = None, missing: tuple[str, ...] = (),
) -> Briefing:  # fmt: skip
    files = listed if listed is not None else tuple(path for path in tree.paths() if path not in off_limits)
    return Briefing(
        Stage("stage", command=command, files=files), failure_of(log, message),
        candidates=files, off_limits=off_limits, history=history, missing=missing,
    )  # fmt: skip


@dataclass(frozen=True)
class Answer:
    proposal: Proposal | None
    declined: str

    @property
    def new(self) -> str:
        assert self.proposal, self.declined
        data = self.proposal.changes[0].new
        assert data is not None
        return data.decode("utf-8", "surrogateescape")

    @property
    def path(self) -> str:
        assert self.proposal, self.declined
        return self.proposal.changes[0].path

    @property
    def rule(self) -> str:
        return self.proposal.fixer.removeprefix("playbook/") if self.proposal else ""


def ask(log: str, files: Files, rules: tuple[UserRule, ...] = (), **more: object) -> Answer:
    """What the playbook says, its proposal verified as a landing would."""
    tree = tree_of(files)
    briefing = briefing_of(log, tree, **more)  # type: ignore[arg-type]
    try:
        proposal = Playbook(check_file, rules).propose(briefing, tree)
    except Declined as reason:
        return Answer(None, str(reason))
    assert len(proposal.changes) == 1 and proposal.note.fix and proposal.note.reason
    assert compare(proposal.changes, briefing.failure).faults == ()
    return Answer(proposal, "")
