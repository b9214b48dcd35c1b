"""A hook runs on every commit, so what it loads is counted."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.guard.conftest import Guarded

ROOT = Path(__file__).parents[2]
HEAVY = {"pygit2", "click", "pydantic", "ollama", "httpx", "yaml", "pathspec", "dataclasses", "git_executor.domain"}


def test_the_usual_commit_loads_little(guarded: Guarded) -> None:
    guarded.write("README.md", "changed\n")
    guarded.git("add", "-A")
    code = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r})\n"
        "from git_executor.guard.hooks import main\n"
        "assert main(['pre-commit']) == 0\n"
        "print(' '.join(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-IS", "-c", code], cwd=guarded.root, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert not HEAVY & set(done.stdout.split())
