"""``language: python`` of the manifest as it stands: the framework builds the environment and installs this package.

That takes a package index and a minute, so it runs by ``make test-framework`` and not with the others.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Repo
from tests.guard.conftest import Guarded

ROOT = Path(__file__).parents[2]
CONFIG = """\
default_install_hook_types: [pre-commit, commit-msg]
repos:
  - repo: {source}
    rev: {rev}
    hooks: [{{id: git-executor-guard}}, {{id: git-executor-commit-msg}}]
"""


@pytest.mark.skipif("GIT_EXECUTOR_TEST_FRAMEWORK" not in os.environ, reason="run it with: make test-framework")
def test_the_manifest_as_it_stands(homelab: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRE_COMMIT_HOME", str(tmp_path / "cache"))
    source = Repo(tmp_path / "source")
    for name in (".pre-commit-hooks.yaml", "pyproject.toml", "README.md", "LICENSE"):
        if (ROOT / name).exists():
            shutil.copy(ROOT / name, source.root)
    for folder in ("git_executor", "ai", "hooks"):
        shutil.copytree(ROOT / folder, source.root / folder, ignore=shutil.ignore_patterns("__pycache__"))
    rev = source.commit("the guard")
    homelab.write(".pre-commit-config.yaml", CONFIG.format(source=source.root, rev=rev))
    homelab.commit("use the guard")
    subprocess.run([sys.executable, "-m", "pre_commit", "install", "--install-hooks"], cwd=homelab.root, check=True)
    framed = Guarded(homelab.root)
    framed.write("ai/context_map.yaml", "stages: {}\n")
    refused = framed.tries("commit", "-qam", "x")
    assert refused.returncode == 1 and "Protected-Change" in refused.stderr + refused.stdout
    done = framed.tries("commit", "-qam", "x\n\nProtected-Change: fewer stages")
    assert done.returncode == 0, done.stderr + done.stdout
