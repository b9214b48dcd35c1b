"""Where we stand: one consistent reading of a repository, taken before anything is decided.

The rules come from the base branch, the files from the AI branch, the attempts from between the two.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from git_executor import settings
from git_executor.domain import DIRECTORY, Attempt, Outcome, Stage, Tree
from git_executor.errors import ConfigError, LostRace, RepositoryNotReady, UsageError
from git_executor.ledger import history, remote, worktrees
from git_executor.ledger.store import CommitTree, Store, author_email
from git_executor.policy import in_scope, is_protected
from git_executor.settings import ContextMap, Machine

# A stage may list a whole directory; a model could not be shown more files than this, nor could a person review them.
MOST_FILES = 2000
# How far back on the base branch accepted fixes are looked for, so that a long history costs nothing.
ACCEPTED_DEPTH = 2000
# How often a decision is made again because somebody else moved the AI branch first.
RACES = 8


class Ground(NamedTuple):
    """The state that a decision is based on. ``tip`` is the AI branch (``None``: there is none yet); ``start`` is
    the commit to build on; ``tree`` its files."""

    store: Store
    machine: Machine
    map: ContextMap
    base_name: str
    base: str
    tip: str | None
    start: str
    tree: CommitTree
    history: history.History

    @property
    def branch(self) -> str:
        return self.machine.branch

    def accepted(self, stage: str, error_hash: str, fingerprint: str) -> tuple[Attempt, ...]:
        """Fixes of the same failure that people took over into the base branch, newest first, with their diffs. Not
        those that they took back again with ``git revert``."""
        git = self.store.git
        recent = git.run("rev-list", f"--max-count={ACCEPTED_DEPTH}", self.base)
        greps = [f"--grep=Error-Hash: {error_hash}", f"--grep=Fingerprint: {fingerprint}"]
        found = history.records(
            git, ["--no-walk=unsorted", "-F", *greps, "--stdin"], author_email(self.machine.author), stdin=recent
        )
        fixes = [
            f
            for f in found
            if f.outcome is Outcome.FIXED
            and f.stage == stage
            and (f.error_hash == error_hash or f.fingerprint == fingerprint)
        ]
        if fixes:
            said = [f"--grep=This reverts commit {f.commit}" for f in fixes]
            reverts = git.run("log", "--no-walk=unsorted", "--format=%B", "-F", *said, "--stdin", stdin=recent).decode("utf-8", "replace")
            fixes = [f for f in fixes if f"This reverts commit {f.commit}" not in reverts]
        return tuple(history.with_diffs(git, fixes[:3]))


def open_store(directory: str, environ: Mapping[str, str] = os.environ) -> tuple[Store, Machine]:
    """The repository around ``directory`` and this machine's settings for it."""
    store = Store.open(directory)
    return store, settings.parse_machine(store.git.config(r"^executor\."), environ)


def stand(store: Store, machine: Machine) -> Ground:
    """Read the repository. Raises when it is not in a state to work on; changes nothing but remote-tracking refs."""
    base_name = store.base_branch(machine.base)
    if machine.branch == base_name or not machine.branch.startswith("ai/"):
        raise ConfigError(
            f"{machine.branch!r} cannot be the AI branch", where="executor.branch", hint="use a name under ai/"
        )
    store.check_branch_name(machine.branch)
    if machine.remote:
        remote.receive(store, machine.remote, machine.branch)
    base, tip = store.tip(base_name), store.tip(machine.branch)
    if base is None:
        raise RepositoryNotReady(f"the branch {base_name!r} has no commits yet")
    # Once people have merged everything, the AI branch is history: the next attempt starts from what they have.
    start = base if tip is None or store.is_ancestor(tip, base) else tip
    return Ground(
        store=store,
        machine=machine,
        map=read_map(store.tree(base), base_name, store.root),
        base_name=base_name,
        base=base,
        tip=tip,
        start=start,
        tree=store.tree(start),
        history=history.read(store.git, base, tip, author_email(machine.author)),
    )


def read_map(tree: Tree, base_name: str, root: Path) -> ContextMap:
    """The context map as committed on the base branch: nothing on the AI branch can loosen it."""
    blob = tree.read(settings.CONTEXT_MAP)
    if blob is None:
        here = (root / settings.CONTEXT_MAP).exists()
        raise ConfigError(
            f"{settings.CONTEXT_MAP} is not committed on {base_name}",
            hint=f"commit it on {base_name}" if here else "git-executor init writes one to start from",
        )
    return settings.parse_context_map(blob.data)


def lost_race(branch: str) -> LostRace:
    """What to raise when all ``RACES`` are lost."""
    return LostRace(f"{branch} was moved by others {RACES} times in a row", hint="try again")


def worktrees_of(ground: Ground) -> list[Path]:
    """The worktrees that must follow the AI branch."""
    return worktrees.holding(ground.store, ground.branch)


class StageFiles(NamedTuple):
    """A stage's listed files, sorted by what may be done with them."""

    candidates: tuple[str, ...]
    off_limits: tuple[str, ...]
    missing: tuple[str, ...]


def stage_files(stage: Stage, tree: Tree, protected: Sequence[str]) -> StageFiles:
    """Expand the stage's patterns over the tree, looking only into the folders that they name.

    Raises ``UsageError`` when the stage lists no files: what is not allowed is forbidden.
    """
    if not stage.files:
        raise UsageError(
            f"stage {stage.name!r} lists no files, so nothing may be changed for it",
            hint=f"list them under 'files:' in {settings.CONTEXT_MAP}",
        )
    found: dict[str, None] = {}
    missing: list[str] = []
    for pattern in stage.files:
        path = pattern.strip("/")
        if tree.read(path) is not None and not pattern.endswith("/"):
            found[path] = None
            continue
        literal = not any(c in path for c in "*?[")
        folder = path if literal else _fixed_folder(path, anchored="/" in path)
        inside = [p for p in _files_below(tree, folder) if in_scope(p, (pattern,))]
        if literal and not inside:
            missing.append(path)
        found.update(dict.fromkeys(inside))
    files = list(found)[:MOST_FILES]
    kept_off = tuple(p for p in files if is_protected(p, protected))
    return StageFiles(tuple(p for p in files if p not in kept_off), kept_off, tuple(missing))


def _fixed_folder(glob: str, *, anchored: bool) -> str:
    """The part of a glob before its first wildcard component. Without a slash it matches at any depth."""
    if not anchored:
        return ""
    parts = glob.split("/")
    fixed = []
    for part in parts[:-1]:
        if any(c in part for c in "*?["):
            break
        fixed.append(part)
    return "/".join(fixed)


def _files_below(tree: Tree, folder: str) -> Iterator[str]:
    for name, mode in tree.names(folder).items():
        path = f"{folder}/{name}" if folder else name
        if mode == DIRECTORY:
            yield from _files_below(tree, path)
        elif mode & 0o170000 != 0o160000:
            yield path
