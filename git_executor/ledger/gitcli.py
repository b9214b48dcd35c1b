"""The one place that starts ``git``.

Git is driven as plumbing: bytes in, bytes out, no pager, no prompt, no colour, the C locale. A hook runs in an
environment that git prepared for it (``GIT_INDEX_FILE`` above all), so the hooks keep that; everything else
drops git's variables, because one that leaks in would point us at another repository or index.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence

from git_executor.errors import ExecutorError, RepositoryNotReady

# Variables that configure git's transport or its traces, not the repository it looks at: these may stay.
_KEEP = ("GIT_EXEC_PATH", "GIT_SSH", "GIT_SSH_COMMAND", "GIT_SSL_CAINFO", "GIT_SSL_NO_VERIFY", "GIT_ASKPASS")
_KEEP_PREFIXES = ("GIT_CONFIG_", "GIT_TRACE", "GIT_EXECUTOR_", "GIT_HTTP_PROXY", "GIT_PROXY")
_STEADY = {"LC_ALL": "C", "LANGUAGE": "", "GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "GIT_PAGER": "cat"}


class GitFailed(ExecutorError):
    """Git exited with an error. ``stderr`` is what it said, ``returncode`` its exit status."""

    def __init__(self, args: Sequence[str], returncode: int, stderr: bytes) -> None:
        said = stderr.decode("utf-8", "replace").strip()
        first = next((line for line in said.splitlines() if line.strip()), f"exit status {returncode}")
        words = list(args)
        while words[:1] == ["-c"]:
            del words[:2]
        command = words[0] if words else ""
        super().__init__(f"git {command}: {first}")
        self.returncode, self.stderr = returncode, said


class Git:
    """``git`` in one directory."""

    def __init__(self, directory: str | os.PathLike[str], *, inherit: bool = False, timeout: float = 120) -> None:
        self.directory = os.fspath(directory)
        self.timeout = timeout
        self._environ = {**(os.environ if inherit else without_git(os.environ)), **_STEADY}

    def run(
        self,
        *args: str,
        stdin: bytes = b"",
        ok: Sequence[int] = (0,),
        environ: Mapping[str, str] | None = None,
    ) -> bytes:
        """Standard output of ``git args``. Raises ``GitFailed`` when the exit status is not one of ``ok``."""
        return self.call(*args, stdin=stdin, ok=ok, environ=environ).stdout

    def call(
        self,
        *args: str,
        stdin: bytes = b"",
        ok: Sequence[int] = (0,),
        environ: Mapping[str, str] | None = None,
    ) -> subprocess.CompletedProcess[bytes]:
        """Like ``run``, for callers that need the exit status too."""
        command = ["git", "-c", "core.quotePath=false", "-c", "color.ui=false", *args]
        try:
            done = subprocess.run(
                command,
                cwd=self.directory,
                input=stdin,
                capture_output=True,
                env={**self._environ, **(environ or {})},
                timeout=self.timeout,
            )
        except FileNotFoundError:
            if not os.path.isdir(self.directory):
                raise RepositoryNotReady(f"{self.directory}: no such directory") from None
            raise RepositoryNotReady("git is not on PATH", hint="install git 2.30 or newer") from None
        except NotADirectoryError:
            raise RepositoryNotReady(f"{self.directory}: not a directory") from None
        except PermissionError as e:
            raise RepositoryNotReady(f"{self.directory}: {e.strerror}") from None
        except subprocess.TimeoutExpired:
            raise RepositoryNotReady(f"git {args[0]} did not finish within {self.timeout:g} s") from None
        if done.returncode not in ok:
            raise GitFailed(args, done.returncode, done.stderr)
        return done

    def text(self, *args: str, ok: Sequence[int] = (0,)) -> str:
        """Standard output as text without its last line end; bytes that are no UTF-8 become surrogate escapes."""
        return self.run(*args, ok=ok).decode("utf-8", "surrogateescape").rstrip("\n")

    def config(self, pattern: str) -> list[tuple[str, str]]:
        """All (key, value) pairs whose key matches the regular expression, in git's order of precedence."""
        found = self.run("config", "--null", "--get-regexp", pattern, ok=(0, 1)).decode("utf-8", "replace")
        pairs = (entry.partition("\n") for entry in found.split("\0") if entry)
        return [(key, value) for key, _, value in pairs]


def without_git(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment without what would tie git to another repository, index or identity."""
    return {
        key: value
        for key, value in environ.items()
        if not key.startswith("GIT_") or key in _KEEP or key.startswith(_KEEP_PREFIXES)
    }


def base_branch(git: Git) -> str:
    """The branch that people merge into: ``executor.base``, else main, master, or what origin's HEAD names.

    Raises ``RepositoryNotReady`` when there is none. For callers that do without libgit2 (the hooks, ``hash``).
    """
    try:
        configured = [value for _, value in git.config(r"^executor\.base$")][-1:]
        wanted = configured or ["main", "master", git.text("rev-parse", "--abbrev-ref", "origin/HEAD", ok=(0, 128))[7:]]
        found = git.text(
            "for-each-ref", "--format=%(refname:lstrip=2)", *(f"refs/heads/{name}" for name in wanted if name)
        )
    except GitFailed as e:
        raise RepositoryNotReady(str(e)) from None
    names = found.split("\n")
    for name in wanted:
        if name and name in names:
            return name
    raise RepositoryNotReady("cannot tell which branch is the base branch", hint="git config executor.base NAME")


def committed_map(git: Git) -> bytes:
    """The bytes of the context map on the base branch. Raises ``RepositoryNotReady`` when there is none."""
    name = base_branch(git)
    try:
        return git.run("cat-file", "blob", f"refs/heads/{name}:ai/context_map.yaml")
    except GitFailed:
        raise RepositoryNotReady(f"ai/context_map.yaml is not committed on {name}") from None
