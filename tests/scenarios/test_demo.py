"""``make demo`` as a newcomer sees it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.conftest import AI, Repo


def test_demo(tmp_path: Path, repo: Repo) -> None:
    home = tmp_path / "demo"
    done = repo.run("demo", "--keep", str(home))
    assert done.returncode == 0, done.stdout + done.stderr
    for stage in ("proxmox", "talos", "apps"):
        assert f"loop: {stage}: green" in done.stdout
    assert "loop: backup: escalated" in done.stdout
    assert "\x1b[" not in done.stdout, "plain text in a pipe"
    made = home / "homelab"
    assert str(made) in done.stdout

    def git(*args: str) -> str:
        return subprocess.run(["git", *args], cwd=made, capture_output=True, text=True, check=True).stdout

    assert git("rev-list", "--count", "main").strip() == "1" and git("status", "--porcelain") == ""
    outcomes = git("log", "--format=%(trailers:key=Outcome,valueonly,separator=)", f"main..{AI}").split()
    assert outcomes.count("fixed") == 4 and outcomes.count("declined") == 3 and outcomes[0] == "escalated"
    assert sys.version_info >= (3, 11)
