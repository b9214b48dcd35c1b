"""Worktrees that have the AI branch checked out: they follow when clean in the paths concerned, else we do not start.

``git read-tree -m -u OLD NEW`` is exactly this: it updates index and files where OLD and NEW differ, refuses when
one of those paths has local changes, and leaves every other path alone.
"""

from __future__ import annotations

from pathlib import Path

from git_executor.errors import RepositoryNotReady
from git_executor.ledger.gitcli import Git, GitFailed
from git_executor.ledger.store import Store


def holding(store: Store, branch: str) -> list[Path]:
    """The worktrees whose HEAD is ``branch``. Raises when one of them is in the middle of rebasing it."""
    for folder in (store.common_dir, *store.common_dir.glob("worktrees/*")):
        for state in ("rebase-merge", "rebase-apply"):
            head = folder / state / "head-name"
            if head.is_file() and head.read_text(errors="replace").strip() == f"refs/heads/{branch}":
                raise RepositoryNotReady(f"a rebase of {branch} is under way", hint="finish it, or: git rebase --abort")
    found = store.repo.branches.local.get(branch)
    if found is None or not found.is_checked_out():
        return []
    worktrees, current = [], Path()
    for row in store.git.text("worktree", "list", "--porcelain").split("\n"):
        key, _, value = row.partition(" ")
        if key == "worktree":
            current = Path(value)
        elif key == "branch" and value == f"refs/heads/{branch}" and current.is_dir():
            worktrees.append(current)
    return worktrees


def check(worktrees: list[Path], old: str, new: str) -> None:
    """Raises ``RepositoryNotReady`` when a worktree could not follow from commit ``old`` to ``new``."""
    for worktree in worktrees:
        git = Git(worktree)
        git.call("update-index", "-q", "--refresh", ok=(0, 1, 128))
        try:
            # read-tree would quietly bring back a file that was removed by hand.
            paths = git.text("diff-tree", "-r", "-z", "--name-only", old, new).split("\0")[:-1]
            gone = git.text("ls-files", "-z", "--deleted", "--", *paths[:500]).split("\0")[:-1] if paths else []
            git.run("read-tree", "-n", "-m", "-u", old, new)
        except GitFailed as e:
            cause = e.stderr.splitlines()[0].removeprefix("error: ") if e.stderr else str(e)
            if "index.lock" in cause:
                raise RepositoryNotReady(f"another git is at work in {worktree}", hint=cause) from None
            gone = [cause]
        if gone:
            raise RepositoryNotReady(
                f"the AI branch is checked out in {worktree} and has local changes there: {gone[0]}",
                hint="commit them, or put them aside with git stash",
            )


def follow(worktrees: list[Path], old: str, new: str) -> list[str]:
    """Bring the worktrees to ``new``; a line for each one that could not follow after all."""
    left = []
    for worktree in worktrees:
        try:
            Git(worktree).run("read-tree", "-m", "-u", old, new)
        except GitFailed as e:
            left.append(f"{worktree} was changed meanwhile and stays behind: {e}")
    return left
