"""A homelab whose hooks are installed, and a bare server that guards itself."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from git_executor.guard.install import install
from tests.conftest import AI, Repo

GOOD = 'SSH_PORT="${SSH_PORT:-2222}"'
SCRIPT = "infrastructure/proxmox/cluster_bootstrap.sh"


class Guarded(Repo):
    """A repository with shorthands for commits that may be refused."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def tries(self, *args: str, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
        """``git args`` that may fail; its exit status and what it said."""
        return subprocess.run(
            ["git", *args], cwd=self.root, capture_output=True, text=True, input=stdin, errors="surrogateescape"
        )

    def edit(self, old: str, new: str, path: str = SCRIPT) -> None:
        file = self.root / path
        text = file.read_text()
        assert old in text
        file.write_text(text.replace(old, new, 1))

    def fix(self, message: str = "a fix", new: str = GOOD) -> subprocess.CompletedProcess[str]:
        """One small commit to the stage's script."""
        self.edit('SSH_PORT="${SSH_PORT:-22}"', new)
        return self.tries("commit", "-qam", message)

    def on_ai(self) -> None:
        self.git("switch", "--quiet", "-c", AI)


@pytest.fixture
def guarded(homelab: Repo) -> Guarded:
    install(str(homelab.root))
    return Guarded(homelab.root)


@pytest.fixture
def server(guarded: Guarded, tmp_path: Path) -> Guarded:
    """A bare repository that knows main and guards itself; the client's remote ``origin``."""
    bare = tmp_path / "server.git"
    subprocess.run(["git", "init", "-q", "--bare", "--initial-branch=main", str(bare)], check=True)
    guarded.git("remote", "add", "origin", str(bare))
    guarded.git("push", "-q", "origin", "main")
    install(str(bare))
    return Guarded(bare)
