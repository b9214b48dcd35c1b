"""The pre-commit framework with this project's own manifest, from a real ``repo:`` reference."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Repo
from tests.guard.conftest import Guarded

ROOT = Path(__file__).parents[2]
# The framework would build an environment with every dependency for `language: python`; the environment of these
# tests has them, so the hooks run there. Everything else (stages, arguments, stdin, stash) is the framework's.
CONFIG = """\
default_install_hook_types: [pre-commit, commit-msg, pre-merge-commit, pre-push]
repos:
  - repo: {source}
    rev: {rev}
    hooks:
      - {{id: git-executor-guard, language: system, entry: {python} -P -m git_executor.guard pre-commit}}
      - {{id: git-executor-merge, language: system, entry: {python} -P -m git_executor.guard pre-merge-commit}}
      - {{id: git-executor-commit-msg, language: system, entry: {python} -P -m git_executor.guard commit-msg}}
      - {{id: git-executor-pre-push, language: system, entry: {python} -P -m git_executor.guard pre-push}}
"""


@pytest.fixture
def framed(homelab: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Guarded:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("PRE_COMMIT_HOME", str(tmp_path / "cache"))
    source = Repo(tmp_path / "source")
    shutil.copy(ROOT / ".pre-commit-hooks.yaml", source.root)
    rev = source.commit("the hooks")
    homelab.write(".pre-commit-config.yaml", CONFIG.format(source=source.root, rev=rev, python=sys.executable))
    homelab.commit("use the guard")
    subprocess.run([sys.executable, "-m", "pre_commit", "install"], cwd=homelab.root, check=True, capture_output=True)
    return Guarded(homelab.root)


def test_commits_through_the_framework(framed: Guarded) -> None:
    framed.write("ai/context_map.yaml", "stages: {}\n")
    refused = framed.tries("commit", "-qam", "x")
    assert refused.returncode == 1 and "Protected-Change" in refused.stderr + refused.stdout
    done = framed.tries("commit", "-qam", "x\n\nProtected-Change: fewer stages")
    assert done.returncode == 0, done.stderr + done.stdout
    framed.git("rm", "-q", "ai/context_map.yaml")
    assert framed.tries("commit", "-qm", "a deletion alone").returncode == 1


def test_ai_branches_merges_and_pushes_through_the_framework(framed: Guarded, tmp_path: Path) -> None:
    framed.git("init", "-q", "--bare", str(tmp_path / "other.git"))
    framed.git("remote", "add", "origin", str(tmp_path / "other.git"))
    framed.git("push", "-q", "--no-verify", "origin", "main")
    framed.on_ai()
    framed.edit("22", "2222")
    framed.git("add", "-A")
    framed.edit("uptime", "uptime; reboot")  # not staged: the framework stashes it away
    done = framed.tries("commit", "-qm", "a fix")
    assert done.returncode == 0, done.stderr + done.stdout
    framed.git("checkout", "-q", ".")
    framed.write("README.md", "x\n")
    refused = framed.tries("commit", "-qam", "x")
    assert refused.returncode == 1 and "out-of-scope" in refused.stderr + refused.stdout
    framed.git("commit", "-qam", "x", "--no-verify")
    refused = framed.tries("push", "-q", "origin", "HEAD")
    assert refused.returncode != 0 and "out-of-scope" in refused.stderr + refused.stdout
