"""The commands that a stage lists for verification."""

from __future__ import annotations

import os
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
