"""sync, rollback, reset, and what the ledger's readers say: on real repositories."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import AI, Repo

UNSET = "infrastructure/proxmox/cluster_bootstrap.sh: line 10: SSH_USER: unbound variable\n"
DOWN = "dial tcp 10.0.0.1:6443: connect: connection refused\n"
SCRIPT = "infrastructure/proxmox/cluster_bootstrap.sh"


def attempt(repo: Repo, log: str = UNSET, stage: str = "proxmox", error_hash: str = "feed0001") -> dict[str, object]:
    done = repo.run("attempt", "--stage", stage, "--log", "-", "--error-hash", error_hash, "--json", stdin=log)
    report: dict[str, object] = json.loads(done.stdout)
    return report


def test_sync_makes_follows_and_merges(homelab: Repo) -> None:
    assert homelab.run("sync").returncode == 0
    assert homelab.head(AI) == homelab.head("main")
    homelab.write("more.md", "more\n")
    main = homelab.commit()
    assert homelab.run("sync").returncode == 0 and homelab.head(AI) == main
    fix = str(attempt(homelab)["commit"])
    homelab.write("more.md", "even more\n")
    homelab.commit()
    assert homelab.run("sync").returncode == 0
    assert homelab.git("rev-list", "--parents", "-1", AI).split()[1:] == [fix, homelab.head("main")]
    assert homelab.show("more.md") == "even more\n" and "SSH_USER:?" in homelab.show(SCRIPT)
    assert "up to date" in homelab.run("sync").stdout


def test_sync_joins_what_two_machines_did_apart(homelab: Repo, tmp_path: Path) -> None:
    server = str(tmp_path / "server.git")
    homelab.git("init", "--quiet", "--bare", server)
    homelab.git("remote", "add", "origin", server)
    homelab.git("push", "--quiet", "origin", "main")
    other = Repo(tmp_path / "other")
    other.git("remote", "add", "origin", server)
    other.git("pull", "--quiet", "origin", "main")
    other.git("config", "executor.fixers", "playbook")
    attempt(homelab)
    attempt(other, DOWN, error_hash="feed0002")
    assert homelab.run("sync", "--remote", "origin").returncode == 0
    done = other.run("attempt", "--stage", "proxmox", "--log", "-", "--remote", "origin", stdin=DOWN)
    assert done.returncode == 40 and "diverged" in done.stderr
    assert other.run("sync", "--remote", "origin").returncode == 0
    assert "SSH_USER:?" in other.show(SCRIPT)
    assert homelab.run("sync", "--remote", "origin").returncode == 0
    assert homelab.head(AI) == other.head(AI)
    assert len(json.loads(homelab.run("log", "--json").stdout)["records"]) == 2


def test_sync_stops_at_a_conflict(homelab: Repo) -> None:
    attempt(homelab)
    text = homelab.show(SCRIPT, "main")
    homelab.write(SCRIPT, text.replace("SSH_OPTS=(", "OPTIONS=("), 0o755)
    homelab.commit()
    tip = homelab.head(AI)
    done = homelab.run("sync")
    assert done.returncode == 40 and SCRIPT in done.stderr and homelab.head(AI) == tip


def test_a_squash_merge_and_sync_start_the_count_afresh(homelab: Repo) -> None:
    attempt(homelab)
    for _ in range(3):
        attempt(homelab, DOWN, error_hash="feed0002")
    assert attempt(homelab, DOWN, error_hash="feed0002")["exit_code"] == 20
    homelab.git("merge", "--quiet", "--squash", AI)
    homelab.git("commit", "--quiet", "--message", "take it all over")
    assert homelab.run("sync").returncode == 0
    report = attempt(homelab, DOWN, error_hash="feed0002")
    assert (report["exit_code"], report["attempt"]) == (10, 1)


def test_rollback_reverts_by_a_commit(homelab: Repo) -> None:
    before = homelab.show(SCRIPT, "main")
    fix = str(attempt(homelab)["commit"])
    attempt(homelab, "yaml: line 8: mapping values are not allowed in this context\n", stage="talos")
    state = homelab.state()
    done = homelab.run("rollback", fix[:8])
    assert done.returncode == 0, done.stderr
    assert homelab.show(SCRIPT) == before and homelab.state() == state
    assert homelab.trailers()["Outcome"] == "reverted"
    assert homelab.run("rollback", fix[:8]).returncode == 1, "once is enough"
    assert homelab.run("rollback", "deadbeef").returncode == 2


def test_reset_gives_fresh_attempts(homelab: Repo) -> None:
    for _ in range(4):
        last = attempt(homelab, DOWN)
    assert last["exit_code"] == 20
    assert homelab.run("reset", "--stage", "proxmox", "--error-hash", "feed9999").returncode == 2
    assert homelab.run("reset", "--stage", "proxmox", "--error-hash", "feed0001").returncode == 0
    assert attempt(homelab, DOWN)["attempt"] == 1


def test_the_readers(homelab: Repo) -> None:
    attempt(homelab)
    attempt(homelab, DOWN, error_hash="feed0002")
    records = json.loads(homelab.run("log", "--json").stdout)["records"]
    assert [(r["outcome"], r["number"]) for r in records] == [("declined", 1), ("fixed", 1)]
    stages = json.loads(homelab.run("status", "--json").stdout)["stages"]
    assert [(s["stage"], s["state"]) for s in stages] == [("proxmox", "failing"), ("talos", "clean"), ("apps", "clean")]
    stats = json.loads(homelab.run("stats", "--json").stdout)
    assert stats["attempts"] == 2 and stats["by_outcome"] == {"declined": 1, "fixed": 1}
    fixes = json.loads(homelab.run("review", "--json").stdout)["fixes"]
    assert len(fixes) == 1 and '+: "${SSH_USER:?' in fixes[0]["diff"]
    assert homelab.run("review", "--html", "../page.html").returncode == 0
    page = (homelab.root.parent / "page.html").read_text()
    assert "SSH_USER:?" in page and "<script" not in page and "http:" not in page and "https:" not in page
    for command in ("log", "status", "stats", "review"):
        done = homelab.run(command)
        assert done.returncode == 0 and done.stdout and "\x1b" not in done.stdout


@pytest.mark.parametrize("command", ["hash", "classify"])
def test_hash_and_classify_need_no_repository(
    homelab: Repo, tmp_path_factory: pytest.TempPathFactory, command: str
) -> None:
    done = homelab.run(command, "--log", "-", "--repo", str(tmp_path_factory.mktemp("plain")), stdin=DOWN)
    assert done.returncode == 0 and done.stdout.strip()
    assert homelab.run(command, "--log", "-", "--json", stdin=DOWN).stdout.startswith("{")


def test_init_offers_what_is_missing(repo: Repo) -> None:
    repo.write("ai/master_memo.md", "# mine\n")
    repo.commit()
    done = repo.run("init")
    assert done.returncode == 0 and "kept     ai/master_memo.md" in done.stdout
    assert (repo.root / "ai/master_memo.md").read_text() == "# mine\n"
    for name in ("context_map.yaml", "bootstrap_loop.sh", "executor_instructions.md"):
        assert f"written  ai/{name}" in done.stdout
    repo.commit()
    assert repo.run("status").returncode == 0
