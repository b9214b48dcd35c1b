"""Every test runs in a sealed world: its own HOME, no system configuration, fixed people, the real git."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from collections.abc import Mapping
from pathlib import Path

import pytest

PEOPLE = {
    "GIT_AUTHOR_NAME": "A Person",
    "GIT_AUTHOR_EMAIL": "person@example.org",
    "GIT_COMMITTER_NAME": "A Person",
    "GIT_COMMITTER_EMAIL": "person@example.org",
}
AI = "ai/orchestrator-stage1"


@pytest.fixture(autouse=True)
def sealed(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An environment in which neither the developer's configuration nor the outer repository can be felt."""
    home = tmp_path_factory.mktemp("home")
    for name in list(os.environ):
        if name.startswith(("GIT_", "EXECUTOR_", "OLLAMA_")):
            monkeypatch.delenv(name)
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(home))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    for name, value in PEOPLE.items():
        monkeypatch.setenv(name, value)
    return home


class Repo:
    """A real repository in a temporary folder, and the real command to use on it."""

    def __init__(self, root: Path, branch: str = "main") -> None:
        self.root = root
        root.mkdir(parents=True, exist_ok=True)
        self.git("init", "--quiet", f"--initial-branch={branch}")

    def git(self, *args: str, ok: tuple[int, ...] = (0,), stdin: str | None = None) -> str:
        done = subprocess.run(
            ["git", *args], cwd=self.root, capture_output=True, text=True, input=stdin, errors="surrogateescape"
        )
        assert done.returncode in ok, f"git {args}: {done.stdout}{done.stderr}"
        return done.stdout

    def write(self, path: str, content: str | bytes, mode: int = 0o644) -> Path:
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        data = content if isinstance(content, bytes) else textwrap.dedent(content).encode()
        target.write_bytes(data)
        target.chmod(mode)
        return target

    def commit(self, message: str = "as it stands", **files: str) -> str:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", message)
        return self.head()

    def head(self, ref: str = "HEAD") -> str:
        return self.git("rev-parse", "--verify", "--quiet", ref, ok=(0, 1)).strip()

    def show(self, path: str, ref: str = AI) -> str:
        return self.git("show", f"{ref}:{path}")

    def trailers(self, ref: str = AI) -> dict[str, str]:
        rows = self.git("log", "-1", "--format=%(trailers:only,unfold)", ref).strip().split("\n")
        return dict(row.split(": ", 1) for row in rows if row)

    def run(
        self, *args: str, stdin: str | bytes | None = None, environ: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """``git-executor args`` as its user would run it, in the repository."""
        done = subprocess.run(
            [sys.executable, "-m", "git_executor", *args],
            cwd=self.root,
            capture_output=True,
            input=stdin.encode() if isinstance(stdin, str) else stdin if stdin is not None else b"",
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent), **(environ or {})},
        )
        out, err = done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")
        assert "Traceback" not in err and "bug in git-executor" not in err, err
        return subprocess.CompletedProcess(done.args, done.returncode, out, err)

    def state(self) -> str:
        """Everything that an attempt must leave alone: refs but the AI branch, HEAD, index, checkout, stash."""
        refs = "\n".join(r for r in self.git("for-each-ref").split("\n") if f"refs/heads/{AI}" not in r)
        index = self.git("ls-files", "--stage", "--debug")
        files = sorted(
            (str(p.relative_to(self.root)), p.lstat().st_mode, p.read_bytes() if p.is_file() else b"")
            for p in self.root.rglob("*")
            if ".git" not in p.relative_to(self.root).parts
            and "ai/logs" not in str(p)
            and "ai/escalations" not in str(p)
        )
        head = (self.root / ".git" / "HEAD").read_text()
        return repr((refs, index, [f for f in files if f[0] not in ("ai/logs", "ai/escalations")], head))


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    """An empty repository."""
    return Repo(tmp_path / "repo")


MAP = """\
    stages:
      proxmox:
        description: Make the machines
        command: infrastructure/proxmox/cluster_bootstrap.sh
        files:
          - infrastructure/proxmox/cluster_bootstrap.sh
      talos:
        command: talosctl validate --config cluster/talos/controlplane.yaml
        files: [cluster/talos/]
      apps:
        files: ["apps/**/*.yaml"]
    """

BOOTSTRAP = """\
    #!/usr/bin/env bash
    # Bring up the cluster.
    set -eu

    SSH_PORT="${SSH_PORT:-22}"
    SSH_PASS="${SSH_PASS:-}"

    SSH_OPTS=(-T -p "$SSH_PORT" -o StrictHostKeyChecking=no)

    ssh "${SSH_OPTS[@]}" "$SSH_USER@pve1" uptime
    """

CONTROLPLANE = """\
    version: v1alpha1
    debug: false
    persist: true
    # the machine
    machine:
      type: controlplane
      install:
        disk: /dev/sda  missing colon
      network:
        hostname: cp1
    """


@pytest.fixture
def homelab(repo: Repo) -> Repo:
    """A small homelab with a context map of three stages, committed on main; only the playbook is asked."""
    repo.write("ai/context_map.yaml", MAP)
    repo.write("infrastructure/proxmox/cluster_bootstrap.sh", BOOTSTRAP, 0o755)
    repo.write("cluster/talos/controlplane.yaml", CONTROLPLANE)
    repo.write("apps/whoami/deployment.yaml", "kind: Deployment\n")
    repo.write("README.md", "# homelab\n")
    repo.commit()
    repo.git("config", "executor.fixers", "playbook")
    return repo
