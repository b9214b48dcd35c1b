"""Sharing the ledger: the AI branch of a remote, fetched before a decision and pushed as its compare-and-swap."""

from __future__ import annotations

from git_executor.errors import RepositoryNotReady
from git_executor.ledger.gitcli import GitFailed
from git_executor.ledger.store import Store


def receive(store: Store, remote: str, branch: str) -> None:
    """Fetch the remote's AI branch and fast-forward the local one to it.

    Raises ``RepositoryNotReady`` when the remote cannot be reached or the two have diverged. The local branch is
    not moved while a worktree holds it: what is checked out moves only together with its files.
    """
    tracking = f"refs/remotes/{remote}/{branch}"
    heads = _ask(store, remote, "ls-remote", "--heads", remote, f"refs/heads/{branch}")
    if not heads.strip():
        return
    _ask(store, remote, "fetch", "--quiet", "--no-tags", "--no-write-fetch-head", remote,
         f"+refs/heads/{branch}:{tracking}")  # fmt: skip
    theirs, ours = store.git.text("rev-parse", tracking), store.tip(branch)
    if ours is None:
        store.advance(branch, theirs, None, f"git-executor: from {remote}")
    elif ours != theirs and store.is_ancestor(ours, theirs):
        # update-ref would leave a checkout behind; read-tree in `sync` brings both, so ask for that.
        if store.repo.branches.local[branch].is_checked_out():
            raise RepositoryNotReady(f"{branch} is behind {remote} and checked out", hint="git-executor sync")
        store.advance(branch, theirs, ours, f"git-executor: from {remote}")
    elif not store.is_ancestor(theirs, ours):
        raise RepositoryNotReady(f"{branch} here and on {remote} have diverged", hint="git-executor sync")


def send(store: Store, remote: str, branch: str, commit: str) -> bool:
    """Push ``commit`` as the remote's AI branch, never by force; ``False`` when somebody else was faster."""
    try:
        store.git.run("push", "--quiet", "--no-verify", remote, f"{commit}:refs/heads/{branch}")
    except GitFailed as e:
        said = e.stderr.lower()
        if "non-fast-forward" in said or "fetch first" in said or "stale info" in said or "cannot lock ref" in said:
            return False
        raise RepositoryNotReady(f"{remote} did not take the commit: {e}") from None
    return True


def _ask(store: Store, remote: str, *args: str) -> str:
    try:
        return store.git.text(*args)
    except GitFailed as e:
        raise RepositoryNotReady(
            f"cannot reach the remote {remote!r}: {e}", hint="leave out --remote to go on alone"
        ) from None
