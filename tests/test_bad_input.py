"""Whatever is wrong: one clear line, the right exit code, nothing changed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import AI, Repo

LOG = "bash: FOO: unbound variable\n"
UNSET = "infrastructure/proxmox/cluster_bootstrap.sh: line 10: SSH_USER: unbound variable\n"


def refuse(
    repo: Repo, code: int, *said: str, args: tuple[str, ...] = (), log: str = "-", stage: str = "proxmox"
) -> None:
    tip = repo.head(AI)
    done = repo.run("attempt", "--stage", stage, "--log", log, *args, stdin=LOG)
    assert done.returncode == code, done.stderr
    lines = done.stderr.strip().split("\n")
    assert len(lines) == 1 and lines[0].startswith("git-executor: "), done.stderr
    for word in said:
        assert word in lines[0]
    assert repo.head(AI) == tip


def elf(path: Path) -> None:
    path.write_bytes(b"\x7fELF\x02\x01\x01" + bytes(range(256)) * 64)


def huge(path: Path) -> None:
    with path.open("wb") as f:
        f.truncate(2 << 30)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda p: None, "no such"),
        (lambda p: p.write_bytes(b""), "empty"),
        (lambda p: p.write_bytes(b" \n\n\t\n"), "empty"),
        (elf, "not a text log"),
        (lambda p: p.mkdir(), "directory"),
        (huge, "empty"),
    ],
)
def test_logs(homelab: Repo, tmp_path: Path, make: Callable[[Path], object], said: str) -> None:
    state = homelab.state()
    make(tmp_path / "stage.log")
    refuse(homelab, 1, "stage.log", said, log=str(tmp_path / "stage.log"))
    assert homelab.state() == state


@pytest.mark.skipif(os.geteuid() == 0, reason="root can read everything")
def test_unreadable_log(homelab: Repo, tmp_path: Path) -> None:
    (tmp_path / "stage.log").write_text(LOG)
    (tmp_path / "stage.log").chmod(0)
    refuse(homelab, 1, "stage.log", log=str(tmp_path / "stage.log"))


def test_two_gigabytes_are_read_from_the_end(homelab: Repo, tmp_path: Path) -> None:
    path = tmp_path / "stage.log"
    with path.open("wb") as f:
        f.truncate(2 << 30)
        f.seek(0, 2)
        f.write(b"\ncluster_bootstrap.sh: line 10: SSH_USER: unbound variable\n")
    done = homelab.run("attempt", "--stage", "proxmox", "--log", str(path))
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("token", ["no_log_file", "none", "NULL", "unknown", "abc", "a b c d", "x" * 129, "", "abcd\n"])
def test_error_hashes(homelab: Repo, token: str) -> None:
    refuse(homelab, 2, args=("--error-hash", token))


def test_stages(homelab: Repo) -> None:
    refuse(homelab, 2, "did you mean", "proxmox", stage="proxmocks")
    refuse(homelab, 2, "known stages", "proxmox", stage="zzz")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("stages:\n  proxmox:\n    files: [a\n  b: c\n", ("ai/context_map.yaml:4",)),
        ("stages:\n  proxmox:\n\tfiles: []\n", ("ai/context_map.yaml:3",)),
        ("stages: [proxmox]\n", ("ai/context_map.yaml:1:9", "mapping", "list")),
        ("stages:\n  proxmox:\n    files: 7\n", ("ai/context_map.yaml:3:12", "text", "number")),
        ("stages:\n  proxmox:\n    file: a.sh\n", ("ai/context_map.yaml:3", "did you mean 'files'")),
        ("stages:\n  proxmox:\n    files: [../a.sh]\n", ("ai/context_map.yaml:3", "inside the repository")),
        ("stages:\n  proxmox: {}\n  proxmox: {}\n", ("ai/context_map.yaml:3", "duplicate")),
        ("stages:\n  proxmox: {}\nlimits: {max_attempts: many}\n", ("ai/context_map.yaml:3", "whole number")),
        ("stages:\n  proxmox: {}\n", ("lists no files",)),
        ("", ("empty",)),
        ("protected_files: []\n", ("no 'stages:'",)),
    ],
)
def test_context_maps(homelab: Repo, text: str, said: tuple[str, ...]) -> None:
    homelab.write("ai/context_map.yaml", text)
    homelab.commit()
    refuse(homelab, 2, *said)


def test_no_context_map(repo: Repo) -> None:
    repo.commit()
    refuse(repo, 2, "ai/context_map.yaml is not committed on main", "init")
    repo.write("ai/context_map.yaml", "stages: {}\n")
    refuse(repo, 2, "ai/context_map.yaml is not committed on main", "commit it")


def test_no_repository(tmp_path: Path, homelab: Repo) -> None:
    refuse(homelab, 40, "not in a git repository", args=("--repo", str(tmp_path)))
    refuse(homelab, 40, "no such directory", args=("--repo", str(tmp_path / "nowhere")))


def test_bare_repository(tmp_path: Path, homelab: Repo) -> None:
    homelab.git("clone", "--quiet", "--bare", ".", str(tmp_path / "bare.git"))
    refuse(homelab, 40, "bare", args=("--repo", str(tmp_path / "bare.git")))


def test_no_commits(repo: Repo) -> None:
    refuse(repo, 40, "no commits yet")


def test_a_branch_named_ai_is_in_the_way(homelab: Repo) -> None:
    homelab.git("branch", "ai")
    refuse(homelab, 40, "'ai'", "git branch -m")


def test_a_branch_inside_the_name_is_in_the_way(homelab: Repo) -> None:
    homelab.git("branch", f"{AI}/more")
    refuse(homelab, 40, f"{AI}/more")


def test_base_branches(homelab: Repo) -> None:
    homelab.git("branch", "--move", "main", "trunk")
    assert homelab.run("attempt", "--stage", "proxmox", "--log", "-", "--dry-run", stdin=LOG).returncode in (0, 10)
    homelab.git("branch", "other")
    refuse(homelab, 40, "other, trunk", "executor.base")
    homelab.git("config", "executor.base", "nowhere")
    refuse(homelab, 2, "nowhere")
    homelab.git("config", "executor.base", "trunk")
    assert homelab.run("attempt", "--stage", "proxmox", "--log", "-", "--dry-run", stdin=LOG).returncode in (0, 10)


def test_the_ai_branch_is_never_the_base_branch(homelab: Repo) -> None:
    homelab.git("config", "executor.branch", "main")
    refuse(homelab, 2, "executor.branch")


def test_detached_head(homelab: Repo) -> None:
    homelab.git("checkout", "--quiet", "--detach")
    head = homelab.head()
    done = homelab.run("attempt", "--stage", "proxmox", "--log", "-", stdin=UNSET)
    assert done.returncode == 0, done.stderr
    assert homelab.head() == head and homelab.git("branch", "--show-current") == ""


def test_a_locked_branch(homelab: Repo) -> None:
    lock = homelab.root / ".git/refs/heads/ai/orchestrator-stage1.lock"
    lock.parent.mkdir(parents=True)
    lock.touch()
    refuse(homelab, 40, "lock")


def test_a_rebase_under_way(homelab: Repo) -> None:
    homelab.git("branch", AI)
    folder = homelab.root / ".git/rebase-merge"
    folder.mkdir()
    (folder / "head-name").write_text(f"refs/heads/{AI}\n")
    refuse(homelab, 40, "rebase")


def test_missing_objects(homelab: Repo) -> None:
    shutil.rmtree(homelab.root / ".git/objects")
    (homelab.root / ".git/objects").mkdir()
    refuse(homelab, 40)


def test_unknown_fixer(homelab: Repo) -> None:
    refuse(homelab, 2, "playbok", "playbook", args=("--fixer", "playbok"))


def test_usage(homelab: Repo) -> None:
    for args in (("attempt",), ("attempt", "--lgo", "x"), ("atempt",), ("classify",)):
        done = homelab.run(*args)
        assert done.returncode == 2 and done.stderr.count("\n") == 1, done.stderr


def test_closed_pipe(homelab: Repo) -> None:
    done = homelab.run("status", "--repo", str(homelab.root))
    assert done.returncode == 0
