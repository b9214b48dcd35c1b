"""Puts the guard's hooks in place, beside whatever is there.

The directory is git's own answer (``core.hooksPath``, worktrees). An existing hook, of the pre-commit framework or
anybody's, is kept under another name and runs first, because it may still change the index; then the guard judges
what is really going to be committed. Installing twice changes nothing; ``uninstall`` restores what was there.
"""

from __future__ import annotations

import importlib.util
import os
import shlex
import stat
import sys
from pathlib import Path

from git_executor.errors import ConfigError, RepositoryNotReady
from git_executor.guard.snapshot import Repository

CLIENT = ("pre-commit", "commit-msg", "pre-merge-commit", "pre-push")
SERVER = ("pre-receive",)
MARK = "# This hook runs git_executor.guard; git-executor hooks uninstall takes it away."
_KEPT = ".before-git-executor"
_LEGACY = ".legacy"  # where the pre-commit framework puts the hook that it finds, to run it first

_SHIM = """\
#!/bin/sh
{mark}
if [ -x "$0{kept}" ]; then
  case ${{0##*/}} in
    pre-push | pre-receive)
      given=$(mktemp) || exit 1
      trap 'rm -f "$given"' EXIT
      cat >"$given"
      "$0{kept}" "$@" <"$given" || exit
      exec <"$given"
      ;;
    *) "$0{kept}" "$@" || exit ;;
  esac
fi
{early}python={python}
if ! [ -x "$python" ]; then
  echo "git-executor guard: $python is gone; run 'git-executor hooks install' again" >&2
  exit 1
fi
"$python" -IS -c {program} {name} "$@"
"""
# Off the AI branches commit-msg judges the same index and knows the message with its override too: one start of
# Python a commit instead of two. Where commit-msg is not ours, pre-commit goes on and judges.
_EARLY = """\
case $(git symbolic-ref -q HEAD) in
  refs/heads/[aA][iI]/* | '') ;;
  *) ! [ -x "${{0%/*}}/commit-msg" ] || ! grep -qF '{mark}' "${{0%/*}}/commit-msg" || exit 0 ;;
esac
"""
_PROGRAM = (
    "import sys; sys.path[:0] = {places!r}; from git_executor.guard.hooks import main; sys.exit(main(sys.argv[1:]))"
)


def install(directory: str) -> list[str]:
    """Install the hooks of a repository (those of a server for a bare one); what was done, a line each."""
    repository = Repository(directory)
    folder, names = _place(repository)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return [_install(folder, name) for name in names]
    except OSError as e:
        raise RepositoryNotReady(f"{e.filename or folder}: {e.strerror}", hint="check core.hooksPath") from None


def uninstall(directory: str) -> list[str]:
    """Take the hooks away again and put back what was there before; what was done, a line each."""
    folder, names = _place(Repository(directory))
    try:
        done = [line for name in names if (line := _uninstall(folder, name))]
    except OSError as e:
        raise RepositoryNotReady(f"{e.filename or folder}: {e.strerror}", hint="check core.hooksPath") from None
    return done or ["nothing to do: the guard's hooks are not installed"]


def _place(repository: Repository) -> tuple[Path, tuple[str, ...]]:
    where = repository.text("rev-parse", "--git-path", "hooks", ok=(0, 128))
    if not where:
        raise RepositoryNotReady(f"{repository.directory} is no git repository", hint="run git init first")
    folder = Path(repository.directory, where)
    if folder.exists() and not folder.is_dir():
        raise ConfigError(f"core.hooksPath is {where}, which is no directory", where="git config")
    bare = repository.text("rev-parse", "--is-bare-repository") == "true"
    return folder, SERVER if bare else CLIENT


def _shim(name: str) -> str:
    roots = [Path(__file__).resolve().parents[2]]
    for module in ("yaml", "pathspec"):
        spec = importlib.util.find_spec(module)
        if spec is not None and spec.origin:
            roots.append(Path(spec.origin).resolve().parents[1])
    places = list(dict.fromkeys(map(str, roots)))
    return _SHIM.format(
        mark=MARK,
        kept=_KEPT,
        early=_EARLY.format(mark=MARK) if name == "pre-commit" else "",
        python=shlex.quote(sys.executable),
        program=shlex.quote(_PROGRAM.format(places=places)),
        name=name,
    )


def _is_ours(path: Path) -> bool:
    try:
        return MARK.encode() in path.read_bytes()[:4000]
    except FileNotFoundError:
        return False


def _install(folder: Path, name: str) -> str:
    hook, kept, legacy = folder / name, folder / (name + _KEPT), folder / (name + _LEGACY)
    text = _shim(name)
    if _is_ours(legacy) and not _is_ours(hook):
        _write(legacy, text)
        return f"{name}: runs already, before the pre-commit framework's own"
    if _is_ours(hook):
        if hook.read_text(encoding="utf-8") == text:
            return f"{name}: is in place already"
        _write(hook, text)
        return f"{name}: renewed"
    if hook.exists() or hook.is_symlink():
        if kept.exists() or kept.is_symlink():
            raise RepositoryNotReady(f"both {hook} and {kept} exist", hint="remove the one that is not needed")
        os.rename(hook, kept)
        _write(hook, text)
        return f"{name}: installed; the hook that was there still runs, first ({kept.name})"
    _write(hook, text)
    return f"{name}: installed"


def _write(path: Path, text: str) -> None:
    """Whole or not at all: a hook that is half written would be run."""
    new = path.with_name(path.name + ".new")
    new.write_text(text, encoding="utf-8")
    new.chmod(new.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)
    os.replace(new, path)


def _uninstall(folder: Path, name: str) -> str:
    hook, kept, legacy = folder / name, folder / (name + _KEPT), folder / (name + _LEGACY)
    if _is_ours(legacy):
        legacy.unlink()
        if kept.exists() or kept.is_symlink():
            os.rename(kept, legacy)
        return f"{name}: removed; the pre-commit framework's hook stays"
    if not _is_ours(hook):
        return ""
    hook.unlink()
    if kept.exists() or kept.is_symlink():
        os.rename(kept, hook)
        return f"{name}: removed; the hook that was there before is back"
    return f"{name}: removed"
