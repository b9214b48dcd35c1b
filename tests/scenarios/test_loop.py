"""Whole stories with the real loop script, real git and stub tools outside of the repository."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import AI, Repo

ROOT = Path(__file__).parent.parent.parent
LOOP = (ROOT / "ai/bootstrap_loop.sh").read_text()


@pytest.fixture
def lab(repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repo:
    tools = tmp_path / "tools"
    tools.mkdir()
    command = f"#!{sys.executable}\nimport sys\nsys.path.insert(0, {str(ROOT)!r})\n"
    (tools / "git-executor").write_text(command + "from git_executor.__main__ import main\nsys.exit(main())\n")
    (tools / "git-executor").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tools}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("EXECUTOR_BACKOFF", "0")
    repo.write("ai/bootstrap_loop.sh", LOOP, 0o755)
    repo.git("config", "executor.fixers", "playbook")
    return repo


def loop(repo: Repo, *args: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["ai/bootstrap_loop.sh", *args], cwd=repo.root, capture_output=True, text=True, timeout=120)


def test_a_fault_is_repaired_and_the_stage_turns_green(lab: Repo) -> None:
    lab.write("ai/context_map.yaml", "stages:\n  one:\n    command: ./one.sh\n    files: [one.sh]\n")
    lab.write("one.sh", '#!/usr/bin/env bash\nset -u\nTARGET=world\necho "hello $TARGTE"\n', 0o644)
    lab.commit()
    main, state = lab.head("main"), lab.state()
    done = loop(lab)
    assert done.returncode == 0, done.stderr
    assert "loop: one: green" in done.stderr and "all stages are green" in done.stderr
    assert lab.git("ls-tree", AI, "one.sh").startswith("100755") and "$TARGET" in lab.show("one.sh")
    assert lab.head("main") == main and lab.state() == state
    logs = sorted((lab.root / "ai/logs/one").glob("*.log"))
    assert len(logs) == 3 and logs[-1].read_text() == "hello world\n"
    assert all("loop:" not in log.read_text() and "git-executor" not in log.read_text() for log in logs)
    assert loop(lab).returncode == 0, "a second run finds everything green"


def test_what_cannot_be_repaired_is_escalated(lab: Repo) -> None:
    command = "\"echo 'curl: (6) Could not resolve host: ghcr.io' >&2; exit 6\""
    text = f"stages:\n  net:\n    command: {command}\n    files: [a.sh]\n"
    lab.write("ai/context_map.yaml", text)
    lab.write("a.sh", "true\n")
    lab.commit()
    done = loop(lab)
    assert done.returncode == 20
    page = next((lab.root / "ai/escalations").glob("*.md"))
    assert str(page) in done.stderr.split("\n")[-2]
    assert loop(lab, "status").returncode == 0 and "escalated" in loop(lab, "status").stdout
    assert loop(lab, "--reset", "net").returncode == 0 and "clean" in loop(lab, "status").stdout
    assert loop(lab).returncode == 20


def test_a_silent_failure_stops_the_loop(lab: Repo) -> None:
    lab.write(
        "ai/context_map.yaml",
        "stages:\n  quiet:\n    command: exit 3\n    files: [a.sh]\n  next:\n    command: 'true'\n",
    )
    lab.write("a.sh", "true\n")
    lab.commit()
    done = loop(lab)
    assert done.returncode != 0 and "next" not in done.stderr


def test_a_fixer_that_is_down_stops_the_loop(lab: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    lab.write("ai/context_map.yaml", "stages:\n  one:\n    command: echo broken; exit 1\n    files: [a.sh]\n")
    lab.write("a.sh", "true\n")
    lab.commit()
    monkeypatch.setenv("GIT_EXECUTOR_FIXERS", "ollama")
    monkeypatch.setenv("GIT_EXECUTOR_HOST", "http://127.0.0.1:9")
    done = loop(lab)
    assert done.returncode == 30 and "nothing is lost" in done.stderr


def test_only_the_named_stages_run(lab: Repo) -> None:
    lab.write("ai/context_map.yaml", "stages:\n  a:\n    command: 'true'\n  b:\n    command: 'true'\n")
    lab.commit()
    done = loop(lab, "b")
    assert done.returncode == 0 and "b: green" in done.stderr and "a: " not in done.stderr
    assert loop(lab, "zzz").returncode == 2
