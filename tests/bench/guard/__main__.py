"""The time of one ``git commit``: without hooks, with the native guard, and with the pre-commit framework whose only
hook does nothing. Then a commit of 10,000 staged files beside what ``git diff-index --cached --raw`` takes for them.

    python -m tests.bench.guard [repetitions]
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from git_executor.guard.install import install, uninstall

PEOPLE = {f"GIT_{who}_{what}": "bench@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
NOTHING = """\
repos:
  - repo: local
    hooks: [{id: nothing, name: nothing, language: system, entry: "true", always_run: true, pass_filenames: false}]
"""
MAP = "stages: {a: {files: [scripts/]}}\nprotected_files: [secrets/]\n"


def git(root: Path, *args: str) -> None:
    subprocess.run(["git", *args], cwd=root, check=True, capture_output=True)


def timed(work: Callable[[], None], prepare: Callable[[], None], times: int) -> float:
    """The best of ``times`` runs, in milliseconds: what others do on the machine only ever adds."""
    taken = []
    for _ in range(times):
        prepare()
        start = time.perf_counter()
        work()
        taken.append((time.perf_counter() - start) * 1000)
    return min(taken)


def commit_times(root: Path, times: int) -> dict[str, float]:
    count = iter(range(1_000_000))

    def change() -> None:
        (root / "scripts/a.sh").write_text(f'#!/bin/sh\nPORT="${{PORT:-{next(count)}}}"\nrun "$PORT"\n')
        git(root, "add", "-A")

    def commit() -> None:
        git(root, "commit", "-qm", "x")

    found = {"git commit, no hooks": timed(commit, change, times)}
    install(str(root))
    found["the guard, on main"] = timed(commit, change, times)
    git(root, "switch", "-qc", "ai/x")
    found["the guard, on an AI branch"] = timed(commit, change, times)
    git(root, "switch", "-q", "main")
    uninstall(str(root))
    (root / ".pre-commit-config.yaml").write_text(NOTHING)
    git(root, "add", "-A")
    git(root, "commit", "-qm", "framework")
    subprocess.run([sys.executable, "-m", "pre_commit", "install"], cwd=root, check=True, capture_output=True)
    found["pre-commit, a hook that does nothing"] = timed(commit, change, times)
    (root / ".git/hooks/pre-commit").unlink()
    return found


def wide_times(root: Path, times: int) -> dict[str, float]:
    for i in range(10_000):
        file = root / f"many/{i % 100}/{i}.txt"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(str(i))
    git(root, "add", "-A")
    raw = ("diff-index", "--cached", "--raw", "-z", "--no-renames", "HEAD")
    hook = [sys.executable, "-IS", "-c", _program(root), "pre-commit"]
    return {
        "10,000 staged files: git diff-index": timed(lambda: git(root, *raw), lambda: None, times),
        "10,000 staged files: the guard": timed(
            lambda: subprocess.run(hook, cwd=root, check=True) and None, lambda: None, times
        ),
        "python -IS -c pass": timed(
            lambda: subprocess.run([sys.executable, "-IS", "-c", "pass"], check=True) and None, lambda: None, times
        ),
    }


def _program(root: Path) -> str:
    install(str(root))
    text = (root / ".git/hooks/pre-commit").read_text()
    uninstall(str(root))
    return text.partition("-IS -c '")[2].rpartition("' pre-commit")[0].replace("'\"'\"'", "'")


def main() -> None:
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    with tempfile.TemporaryDirectory() as home:
        os.environ.update(PEOPLE, HOME=home, GIT_CONFIG_NOSYSTEM="1", PRE_COMMIT_HOME=f"{home}/cache")
        root = Path(home, "repo")
        (root / "scripts").mkdir(parents=True)
        (root / "ai").mkdir()
        (root / "ai/context_map.yaml").write_text(MAP)
        (root / "scripts/a.sh").write_text("#!/bin/sh\n")
        git(root, "init", "-q", "--initial-branch=main")
        git(root, "add", "-A")
        git(root, "commit", "-qm", "start")
        found = commit_times(root, times)
        bare = found["git commit, no hooks"]
        hooks = found["pre-commit, a hook that does nothing"] - bare
        for name, value in found.items():
            share = f"{value - bare:8.0f} ms more, {(value - bare) / hooks:5.0%} of the framework's" if value != bare else ""
            print(f"{name:40}{value:8.0f} ms{share}")

        for name, value in wide_times(root, times).items():
            print(f"{name:40}{value:8.0f} ms")


if __name__ == "__main__":
    main()
