"""Sharing the ledger: the AI branch of a remote, fetched before a decision and pushed as its compare-and-swap."""

from __future__ import annotations

from git_executor.errors import RepositoryNotReady, UsageError
from git_executor.ledger.gitcli import GitFailed
from git_executor.ledger.store import Store


def fetch(store: Store, remote: str, branch: str) -> str:
    """The remote's AI branch, fetched: its commit id, or "" where the remote has none.

    Raises ``RepositoryNotReady`` when the remote cannot be reached.
    """
    known = [found.name for found in store.repo.remotes]
    if remote not in known:
        raise UsageError(f"no remote {remote!r}", hint=f"known remotes: {', '.join(filter(None, known)) or 'none'}")
    tracking = f"refs/remotes/{remote}/{branch}"
    if not _ask(store, remote, "ls-remote", "--heads", remote, f"refs/heads/{branch}").strip():
        return ""
    refspec = f"+refs/heads/{branch}:{tracking}"
    _ask(store, remote, "fetch", "--quiet", "--no-tags", "--no-write-fetch-head", remote, refspec)
    return store.git.text("rev-parse", tracking)


def receive(store: Store, remote: str, branch: str) -> None:
    """Fetch the remote's AI branch and fast-forward the local one to it.

    Raises ``RepositoryNotReady`` when that is more than a fast-forward, or when a worktree holds the branch: what
    is checked out moves only together with its files, which is ``sync``'s work.
    """
    theirs, ours = fetch(store, remote, branch), store.tip(branch)
    if not theirs or ours == theirs:
        return
    if ours is None:
        store.advance(branch, theirs, None, f"git-executor: from {remote}")
    elif store.is_ancestor(ours, theirs):
        if store.repo.branches.local[branch].is_checked_out():
            raise RepositoryNotReady(f"{branch} is behind {remote} and checked out", hint="git-executor sync --remote")
        store.advance(branch, theirs, ours, f"git-executor: from {remote}")
    elif not store.is_ancestor(theirs, ours):
        raise RepositoryNotReady(f"{branch} here and on {remote} have diverged", hint="git-executor sync --remote")


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
