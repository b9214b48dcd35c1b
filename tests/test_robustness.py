"""Trouble around an attempt: signals, strange configuration, strange repositories, lost output, people's copies."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import AI, Repo

UNSET = "infrastructure/proxmox/cluster_bootstrap.sh: line 10: SSH_USER: unbound variable\n"
DOWN = "dial tcp 10.0.0.1:6443: connect: connection refused\n"
SCRIPT = "infrastructure/proxmox/cluster_bootstrap.sh"
ATTEMPT = ("attempt", "--stage", "proxmox", "--log", "-", "--error-hash", "feed0001")


def start(repo: Repo, *args: str) -> subprocess.Popen[bytes]:
    environ = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)}
    return subprocess.Popen(
        [sys.executable, "-m", "git_executor", *args],
        cwd=repo.root, env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        start_new_session=True,
    )  # fmt: skip


def test_an_interrupt_while_the_branch_moves_comes_too_late(homelab: Repo) -> None:
    """A slow smudge filter in a worktree of the AI branch holds the moment open; Ctrl-C goes to the whole group."""
    homelab.git("config", "filter.slow.smudge", "touch ../smudging; sleep 2; cat")
    homelab.git("config", "filter.slow.clean", "cat")
    homelab.write(".gitattributes", "*.sh filter=slow\n")
    homelab.commit()
    tree = homelab.root.parent / "wt"
    homelab.git("worktree", "add", "--quiet", "-b", AI, str(tree))
    mark = homelab.root.parent / "smudging"
    mark.unlink(missing_ok=True)
    call = start(homelab, *ATTEMPT)
    assert call.stdin is not None
    call.stdin.write(UNSET.encode())
    call.stdin.close()
    call.stdin = None
    deadline = time.monotonic() + 60
    while not mark.exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    os.killpg(call.pid, signal.SIGINT)
    out, err = call.communicate(timeout=60)
    assert call.returncode == 0 and b"fixed" in out, err
    assert "SSH_USER:?" in (tree / SCRIPT).read_text()
    status = subprocess.run(["git", "status", "--porcelain"], cwd=tree, capture_output=True, text=True).stdout
    assert status == ""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_before_that_changes_nothing_and_leaves_nothing_running(homelab: Repo, number: int) -> None:
    mark = homelab.root.parent / "verifying"
    text = (homelab.root / "ai/context_map.yaml").read_text()
    command = f'    verify: ["echo $$ > {mark}; exec sleep 600"]\n'
    homelab.write("ai/context_map.yaml", text.replace("  talos:\n", command + "  talos:\n"))
    homelab.commit()
    call = start(homelab, *ATTEMPT)
    assert call.stdin is not None
    call.stdin.write(UNSET.encode())
    call.stdin.close()
    call.stdin = None
    deadline = time.monotonic() + 60
    while not (mark.exists() and mark.read_text().strip()) and time.monotonic() < deadline:
        time.sleep(0.02)
    os.kill(call.pid, number)
    _, err = call.communicate(timeout=60)
    assert call.returncode == 130 and err.decode().strip() == "git-executor: interrupted; nothing was changed"
    assert homelab.head(AI) == ""
    with pytest.raises(ProcessLookupError):
        os.kill(int(mark.read_text()), 0)


def test_trailer_settings_do_not_hide_attempts(homelab: Repo) -> None:
    for key, value in (
        ("trailer.attempt.key", "Xattempt"),
        ("trailer.separators", "=%"),
        ("log.showSignature", "true"),
    ):
        homelab.git("config", key, value)
    codes = [homelab.run(*ATTEMPT, stdin=DOWN).returncode for _ in range(4)]
    assert codes == [10, 10, 10, 20]
    assert homelab.run("check").returncode == 0, "check knows the Executor's own records, too"


def test_a_copy_of_a_record_by_a_person_is_no_attempt(homelab: Repo) -> None:
    homelab.run(*ATTEMPT, stdin=UNSET)
    homelab.git("checkout", "--quiet", AI)
    for _ in range(2):
        homelab.git("commit", "--quiet", "--allow-empty", "--no-verify", "-C", AI)
    homelab.git("checkout", "--quiet", "main")
    assert json.loads(homelab.run(*ATTEMPT, "--json", stdin=DOWN).stdout)["attempt"] == 2


def test_a_remote_is_a_configured_one(homelab: Repo) -> None:
    mark = homelab.root.parent / "run"
    for command in (ATTEMPT, ("sync",)):
        done = homelab.run(*command, "--remote", f"--upload-pack=touch {mark};", stdin=DOWN)
        assert done.returncode == 2 and not mark.exists()


@pytest.mark.parametrize(
    "setup", [("update-index", "--split-index"), ("sparse-checkout", "set", "--cone", "--sparse-index", "ai")]
)
def test_the_users_index_does_not_matter(homelab: Repo, setup: tuple[str, ...]) -> None:
    homelab.git(*setup)
    assert homelab.run(*ATTEMPT, stdin=UNSET).returncode == 0


@pytest.mark.parametrize("where", ["/dev/full", "closed"])
def test_a_lost_output_does_not_change_what_is_recorded(homelab: Repo, where: str) -> None:
    redirect = ">&-" if where == "closed" else f"> {where}"
    command = f'"{sys.executable}" -m git_executor {" ".join(ATTEMPT)} --json {redirect}'
    environ = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)}
    done = subprocess.run(command, shell=True, cwd=homelab.root, env=environ, input=UNSET.encode(), capture_output=True)
    assert done.returncode == 0 and homelab.trailers()["Outcome"] == "fixed"
    assert b"bug" not in done.stderr and b"Traceback" not in done.stderr


def test_a_rolled_back_fix_waits_for_nobody(homelab: Repo) -> None:
    fix = json.loads(homelab.run(*ATTEMPT, "--json", stdin=UNSET).stdout)["commit"]
    homelab.run("rollback", fix)
    assert json.loads(homelab.run("review", "--json").stdout)["fixes"] == []
    states = {s["stage"]: s["state"] for s in json.loads(homelab.run("status", "--json").stdout)["stages"]}
    assert states["proxmox"] == "reverted"


def test_a_removed_file_in_the_branchs_worktree_is_a_local_change(homelab: Repo) -> None:
    tree = homelab.root.parent / "wt"
    homelab.git("worktree", "add", "--quiet", "-b", AI, str(tree))
    (tree / SCRIPT).unlink()
    assert homelab.run(*ATTEMPT, stdin=UNSET).returncode == 40 and not (tree / SCRIPT).exists()


def test_a_branch_that_is_only_a_name_for_another_is_left_alone(homelab: Repo) -> None:
    homelab.git("symbolic-ref", f"refs/heads/{AI}", "refs/heads/main")
    main = homelab.head("main")
    done = homelab.run(*ATTEMPT, stdin=UNSET)
    assert done.returncode == 40 and homelab.head("main") == main


def test_ordinary_trouble_is_no_bug(homelab: Repo) -> None:
    assert homelab.run(*ATTEMPT, stdin=DOWN, environ={"GIT_EXECUTOR_FIXERS": ","}).returncode == 2
    for _ in range(3):
        homelab.run(*ATTEMPT, stdin=DOWN)
    (homelab.root / "ai/escalations").write_text("a file is in the way\n")
    done = homelab.run(*ATTEMPT, stdin=DOWN)
    assert done.returncode == 1 and "ai/escalations" in done.stderr
