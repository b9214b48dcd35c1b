"""The commands that a stage lists for verification."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

import pytest

from git_executor.verify import run_commands


def test_passing_commands_say_nothing(tmp_path: Path) -> None:
    assert run_commands(["true", "test -d ."], str(tmp_path), seconds=10) == ()


def test_a_failing_command_is_quoted_with_its_last_words(tmp_path: Path) -> None:
    (finding,) = run_commands(["true", "echo one; echo two >&2; exit 3"], str(tmp_path), seconds=10)
    assert finding.checker == "verify: echo one; echo two >&2; exit 3"
    assert finding.message == "exit status 3: one | two"


def test_the_environment_is_clean(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAB_SECRET", "x")
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    command = '[ -z "${LAB_SECRET:-}${GIT_DIR:-}" ] && [ "$HOME" != "$OLD" ] && [ -w "$HOME" ] && ! read -r line'
    assert run_commands([command], str(tmp_path), seconds=10) == ()


def test_a_slow_command_is_ended_with_its_children(tmp_path: Path) -> None:
    command = "trap '' TERM; sleep 300 & echo $! > child; wait"
    (finding,) = run_commands([command], str(tmp_path), seconds=1)
    assert finding.message == "still running after 1 seconds, ended"
    child = int((tmp_path / "child").read_text())
    state = Path(f"/proc/{child}/stat")
    assert not state.exists() or state.read_text().split()[2] == "Z"


def test_a_child_in_the_background_is_not_waited_for(tmp_path: Path) -> None:
    assert run_commands(["sleep 300 & true"], str(tmp_path), seconds=60) == ()


def test_output_is_bounded(tmp_path: Path) -> None:
    (finding,) = run_commands(["head -c 20000000 /dev/zero | tr '\\0' x; exit 1"], str(tmp_path), seconds=60)
    assert len(finding.message) < 10_000


def test_nothing_of_ours_is_left_behind(tmp_path: Path) -> None:
    run_commands(["echo $HOME > home"], str(tmp_path), seconds=10)
    assert not os.path.exists((tmp_path / "home").read_text().strip())


def gone(pid: int) -> bool:
    state = Path(f"/proc/{pid}/stat")
    return not state.exists() or state.read_text().split()[2] == "Z"


def test_a_child_in_a_session_of_its_own_is_ended_too(tmp_path: Path) -> None:
    command = "setsid bash -c 'echo $$ > child; exec sleep 300' & while [ ! -s child ]; do sleep 0.01; done"
    assert run_commands([command], str(tmp_path), seconds=20) == ()
    for _ in range(200):
        if gone(int((tmp_path / "child").read_text())):
            break
        time.sleep(0.01)
    assert gone(int((tmp_path / "child").read_text()))


def test_no_repository_above_the_checkout_is_found(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    checkout = tmp_path / "checkout"
    checkout.mkdir()
    (finding,) = run_commands(["git rev-parse --git-dir"], str(checkout), seconds=20)
    assert "not a git repository" in finding.message


def test_a_file_has_a_limit(tmp_path: Path) -> None:
    (finding,) = run_commands(["truncate -s 3G big"], str(tmp_path), seconds=20)
    assert "File too large" in finding.message or "signal" in finding.message or "exit status" in finding.message


def test_what_cannot_be_started_is_said(tmp_path: Path) -> None:
    (nul,) = run_commands(["echo \0"], str(tmp_path), seconds=5)
    assert "cannot start" in nul.message
    (killed,) = run_commands(["kill -9 $$"], str(tmp_path), seconds=5)
    assert killed.message == "ended by signal 9"
