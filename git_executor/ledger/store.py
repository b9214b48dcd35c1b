"""The repository as an object store and a set of refs: the only user of pygit2.

Trees and commits are made in memory and written as loose objects; nothing exists for anybody until ``advance``
moves the AI branch from the value that was read. No function here looks at a checkout, an index or a stash.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pygit2

from git_executor.domain import DIRECTORY, EXECUTABLE, REGULAR, SUBMODULE, Blob, Change, RepoPath
from git_executor.errors import ConfigError, ExecutorError, RepositoryNotReady
from git_executor.ledger.gitcli import Git, GitFailed

# What libgit2 says when it cannot open a repository that git itself can, and what that means to a person.
_UNOPENABLE = (
    ("not owned by", "the repository belongs to another user", "git config --global --add safe.directory {dir}"),
    ("refstorage", "libgit2 cannot read refs stored as reftable", "git refs migrate --ref-format=files"),
    ("partialclone", "libgit2 cannot read a partial clone", "use a full clone"),
    ("sha256", "libgit2 cannot read SHA-256 objects", "use a repository with SHA-1 objects"),
    ("unsupported extension", "libgit2 does not know one of its extensions", "git config --get-regexp ^extensions"),
)

_IDENT = re.compile(r"(?P<name>[^<>\n]*[^<>\s])\s*<(?P<email>[^<>\s]+)>")


class CommitTree:
    """A committed tree (``domain.Tree``), read lazily, one directory at a time."""

    def __init__(self, repo: pygit2.Repository, tree: pygit2.Tree) -> None:
        self._repo, self.object = repo, tree

    def _entry(self, path: str) -> pygit2.Object | None:
        node: pygit2.Object = self.object
        for part in os.fsencode(path).split(b"/"):
            if not isinstance(node, pygit2.Tree):
                return None
            try:
                node = node[os.fsdecode(part)]
            except (KeyError, ValueError):
                return None
        return node

    def read(self, path: str) -> Blob | None:
        entry = self._entry(path)
        if not isinstance(entry, pygit2.Blob):
            return None
        return Blob(int(entry.filemode), bytes(entry.data))

    def names(self, directory: str) -> Mapping[str, int]:
        entry = self._entry(directory) if directory else self.object
        if not isinstance(entry, pygit2.Tree):
            return {}
        return {os.fsdecode(child.raw_name or b""): int(child.filemode) for child in entry}

    def paths(self) -> Iterator[str]:
        yield from self._walk(self.object, "")

    def _walk(self, tree: pygit2.Tree, prefix: str) -> Iterator[str]:
        for child in tree:
            path = prefix + os.fsdecode(child.raw_name or b"")
            if isinstance(child, pygit2.Tree):
                yield from self._walk(child, path + "/")
            elif child.filemode != SUBMODULE:
                yield path


class Store:
    """One repository, opened from some directory inside it."""

    def __init__(self, repo: pygit2.Repository, directory: str) -> None:
        self.repo = repo
        self.git = Git(repo.workdir or directory)

    @classmethod
    def open(cls, directory: str) -> Store:
        """Raises ``RepositoryNotReady`` with a named cause: no repository, bare, without commits, unreadable."""
        if not os.path.isdir(directory):
            raise RepositoryNotReady(f"{directory}: no such directory")
        try:
            repo = pygit2.Repository(directory)
        except (pygit2.GitError, OSError, ValueError) as e:
            raise _why_not(directory, str(e)) from None
        if repo.is_bare:
            raise RepositoryNotReady(
                f"{directory} is a bare repository: there is no place for logs and Case Files",
                hint="run in a clone or in a worktree of it",
            )
        return cls(repo, directory)

    @property
    def root(self) -> Path:
        """The top folder of the worktree that we were started in."""
        return Path(self.repo.workdir)

    @property
    def common_dir(self) -> Path:
        """The ``.git`` folder that all worktrees share. (libgit2 has no name for it.)"""
        pointer = Path(self.repo.path) / "commondir"
        try:
            return Path(os.path.normpath(Path(self.repo.path) / pointer.read_text().strip()))
        except FileNotFoundError:
            return Path(self.repo.path)

    # --- refs ---------------------------------------------------------------------------------------

    def tip(self, branch: str) -> str | None:
        """The commit id that a local branch points at."""
        return self._resolve(f"refs/heads/{branch}")

    def _resolve(self, ref: str) -> str | None:
        try:
            found = self.repo.references[ref].resolve()
            return str(found.peel(pygit2.Commit).id)
        except KeyError:
            return None
        except (pygit2.GitError, ValueError, OSError):
            raise RepositoryNotReady(f"{ref} is broken", hint="see git fsck") from None

    def base_branch(self, configured: str) -> str:
        """The name of the branch that people merge into. Raises when it cannot be told."""
        if configured:
            if self.tip(configured) is None:
                raise ConfigError(f"there is no branch {configured!r}", where="executor.base")
            return configured
        local = [b for b in self.repo.branches.local if not b.startswith("ai/")]
        if not local:
            raise RepositoryNotReady("the repository has no commits yet", hint="make a first commit")
        for name in ("main", "master", self._remote_head()):
            if name in local:
                return name
        if len(local) == 1:
            return local[0]
        raise RepositoryNotReady(
            f"cannot tell which of {', '.join(sorted(local)[:5])} is the base branch",
            hint="git config executor.base NAME",
        )

    def _remote_head(self) -> str:
        try:
            target = self.repo.references["refs/remotes/origin/HEAD"].target
        except KeyError:
            return ""
        return str(target).removeprefix("refs/remotes/origin/")

    def check_branch_name(self, branch: str) -> None:
        """Raises when ``branch`` cannot exist: a bad name, or a branch that is in the way of its folder."""
        try:
            valid = pygit2.reference_is_valid_name(f"refs/heads/{branch}")
        except ValueError:
            valid = False
        if not valid or branch.startswith("-"):
            raise ConfigError(f"{branch!r} is no branch name", where="executor.branch")
        name = f"refs/heads/{branch}"
        if name in self.repo.references and str(self.repo.references[name].target) != self.tip(branch):
            raise RepositoryNotReady(f"{branch} does not point at a commit of its own", hint=f"git symbolic-ref {name}")
        parts = branch.split("/")
        for i in range(1, len(parts)):
            ahead = "/".join(parts[:i])
            if self.tip(ahead) is not None:
                raise RepositoryNotReady(
                    f"the branch {ahead!r} is in the way of {branch!r}: git cannot hold both",
                    hint=f"git branch -m {ahead} {ahead}-old",
                )
        inside = next((b for b in self.repo.branches.local if b.startswith(branch + "/")), None)
        if inside:
            raise RepositoryNotReady(f"the branch {inside!r} is in the way of {branch!r}: git cannot hold both")

    def is_ancestor(self, older: str, newer: str) -> bool:
        return older == newer or self.repo.descendant_of(newer, older)

    def advance(self, branch: str, new: str, old: str | None, why: str) -> bool:
        """Move ``branch`` from ``old`` (``None``: it must not exist) to ``new``; ``False`` when somebody was faster.

        A ref that is locked is tried again for about two seconds; then ``RepositoryNotReady`` names the lock.
        """
        name = f"refs/heads/{branch}"
        pauses = [0.01, 0.02, 0.05, 0.1, 0.2, 0.4, 0.6, 0.6]
        while True:
            try:
                return self._compare_and_swap(name, new, old, why)
            except (OSError, pygit2.GitError) as e:
                if "lock" not in str(e).lower() or not pauses:
                    raise RepositoryNotReady(f"cannot move {branch}: {e}", hint="is another git running?") from None
                time.sleep(pauses.pop(0))

    def _compare_and_swap(self, name: str, new: str, old: str | None, why: str) -> bool:
        if old is None:
            try:
                self.repo.create_reference_direct(name, new, False, message=why)
            except pygit2.AlreadyExistsError:
                return False
            return True
        try:
            ref = self.repo.references[name]
        except KeyError:
            return False
        if str(ref.target) != old:
            return False
        try:
            # libgit2 compares with the value that this object was loaded with, under the ref's lock.
            ref.set_target(new, why)
        except pygit2.GitError as e:
            if "old reference value" in str(e):
                return False
            raise
        return True

    # --- objects ------------------------------------------------------------------------------------

    def tree(self, commit: str) -> CommitTree:
        return CommitTree(self.repo, self._commit(commit).tree)

    def _commit(self, commit: str) -> pygit2.Commit:
        found: object = self.repo.get(commit)
        if not isinstance(found, pygit2.Commit):
            raise RepositoryNotReady(f"the commit {commit[:12]} is missing", hint="see git fsck")
        return found

    def parents(self, commit: str) -> tuple[str, ...]:
        return tuple(str(p) for p in self._commit(commit).parent_ids)

    def write_tree(self, commit: str, changes: Sequence[Change]) -> str:
        """The id of the tree of ``commit`` with ``changes`` made. Raises when a path cannot be in a tree."""
        try:
            paths = [RepoPath(change.path) for change in changes]
        except ValueError as e:
            raise ExecutorError(str(e)) from None
        edits = {tuple(path.split("/")): change for path, change in zip(paths, changes, strict=True)}
        tree = self._commit(commit).tree
        return str(self._edited(tree, edits) or self.repo.TreeBuilder().write())

    def _edited(self, tree: pygit2.Tree | None, edits: Mapping[tuple[str, ...], Change]) -> pygit2.Oid | None:
        builder = self.repo.TreeBuilder(tree) if tree is not None else self.repo.TreeBuilder()
        by_name: dict[str, dict[tuple[str, ...], Change]] = {}
        for parts, change in edits.items():
            by_name.setdefault(parts[0], {})[parts[1:]] = change
        for name, inner in by_name.items():
            present = tree is not None and name in tree
            if () in inner:
                change = inner[()]
                if change.new is not None:
                    builder.insert(name, self.repo.create_blob(change.new), change.new_mode)
                elif present:
                    builder.remove(name)
                continue
            child = tree[name] if tree is not None and present else None
            oid = self._edited(child if isinstance(child, pygit2.Tree) else None, inner)
            if oid is not None:
                builder.insert(name, oid, DIRECTORY)
            elif present:
                builder.remove(name)
        return builder.write() if len(builder) else None

    def tree_id(self, commit: str) -> str:
        return str(self._commit(commit).tree_id)

    def _tree(self, oid: str) -> pygit2.Tree:
        found = self.repo[oid]
        assert isinstance(found, pygit2.Tree)
        return found

    def merge(self, ours: str, theirs: str, *, base: str = "") -> tuple[str, list[str]]:
        """Merge two commits in memory: the resulting tree's id, or the paths that conflict.

        ``base`` is the commit to compare both with; by default their merge base.
        """
        if base:
            before, mine, other = (self._commit(commit).tree for commit in (base, ours, theirs))
            index = self.repo.merge_trees(before, mine, other)
        else:
            index = self.repo.merge_commits(ours, theirs)
        if index.conflicts is not None:
            sides = [next(side for side in conflict if side is not None) for conflict in index.conflicts]
            return "", sorted({side.path for side in sides})
        return str(index.write_tree(self.repo)), []

    def patch_id(self, old_tree: str, new_tree: str) -> str:
        """``git patch-id --stable`` of the difference; empty when there is none.

        libgit2 knows it too, but reads the user's index for that, which it cannot where it is split or sparse.
        """
        diff = self.git.run("diff-tree", "-p", "--no-ext-diff", "--no-textconv", "--no-renames", old_tree, new_tree)
        found = self.git.run("patch-id", "--stable", stdin=diff).split()
        return found[0].decode() if found else ""

    def commit(self, tree: str, parents: Sequence[str], message: str, author: str, when: int | None = None) -> str:
        """Write a commit that no ref points at yet; its id."""
        who = self._signature(author, when)
        return str(self.repo.create_commit(None, who, who, message, tree, list(parents)))

    def _signature(self, author: str, when: int | None) -> pygit2.Signature:
        match = _IDENT.fullmatch(author.strip())
        if not match:
            raise ConfigError(f"{author!r} is no identity", where="executor.author", hint="write: Name <mail@host>")
        self.repo.set_ident(match["name"], match["email"])  # for the reflog
        if when is None and os.environ.get("SOURCE_DATE_EPOCH", "").isdigit():
            when = int(os.environ["SOURCE_DATE_EPOCH"])
        if when is not None:
            return pygit2.Signature(match["name"], match["email"], when, 0)
        now = time.localtime()
        return pygit2.Signature(match["name"], match["email"], int(time.time()), now.tm_gmtoff // 60)

    def export(self, tree: str, directory: Path) -> None:
        """Write the files of a tree into an empty directory: a throw-away checkout, without filters or hooks."""
        self._export(self._tree(tree), directory)

    def _export(self, tree: pygit2.Tree, directory: Path) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        for child in tree:
            target = directory / os.fsdecode(child.raw_name or b"")
            if isinstance(child, pygit2.Tree):
                self._export(child, target)
            elif isinstance(child, pygit2.Blob) and child.filemode in (REGULAR, EXECUTABLE):
                target.write_bytes(child.data)
                target.chmod(0o755 if child.filemode == EXECUTABLE else 0o644)
            elif isinstance(child, pygit2.Blob):
                target.symlink_to(os.fsdecode(child.data))


def author_email(author: str) -> str:
    """The address of an identity such as ``Name <mail@host>``."""
    match = _IDENT.fullmatch(author.strip())
    return match["email"] if match else ""


def _why_not(directory: str, said: str) -> RepositoryNotReady:
    low = said.lower()
    for sign, message, hint in _UNOPENABLE:
        if sign in low:
            return RepositoryNotReady(f"{directory}: {message}", hint=hint.format(dir=directory))
    if "not found" in low:
        return RepositoryNotReady(f"{directory} is not in a git repository", hint="give --repo DIR, or run git init")
    try:
        Git(directory).run("rev-parse", "--git-dir")
    except GitFailed as e:
        return RepositoryNotReady(f"{directory}: {e.stderr.splitlines()[0] if e.stderr else said}")
    return RepositoryNotReady(f"{directory}: libgit2 cannot open the repository: {said}")
