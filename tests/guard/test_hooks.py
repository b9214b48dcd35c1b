"""What a person sees who commits: every way in, through real git."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from git_executor.guard.install import install, uninstall
from tests.conftest import AI
from tests.guard.conftest import SCRIPT, Guarded

# --- branches of people -------------------------------------------------------------------------------


def test_people_edit_what_they_like_on_their_branches(guarded: Guarded) -> None:
    guarded.write("docs/new/deep/file.md", "text\n" * 100)
    guarded.write("deploy.sh", "rm -rf /srv/old\n")
    guarded.git("add", "-A")
    assert guarded.tries("commit", "-qm", "mine").returncode == 0


@pytest.mark.parametrize("path", ["ai/context_map.yaml", "ai/state/x.json", ".gitignore", "hooks/pre-commit"])
def test_protected_files_need_the_override(guarded: Guarded, path: str) -> None:
    guarded.write(path, "stages: {}\n")
    guarded.git("add", "-A")
    refused = guarded.tries("commit", "-qm", "change it")
    assert refused.returncode == 1
    assert path in refused.stderr and "Protected-Change: <reason>" in refused.stderr
    allowed = guarded.tries("commit", "-qm", "change it\n\nProtected-Change: the stages were renamed")
    assert allowed.returncode == 0, allowed.stderr
    assert "the stages were renamed" in allowed.stderr
    assert "Protected-Change" in guarded.git("log", "-1", "--format=%(trailers)")


@pytest.mark.parametrize(
    "message",
    [
        "x\n\nProtected-Change:",
        "x\n\nProtected-Change:   \n",
        "x\n\nProtected-Change: why\n\nmore text, so that it is no trailer",
        "Protected-Change: in the subject only",
        "x\n\n# Protected-Change: a comment",
    ],
)
def test_what_is_no_override(guarded: Guarded, message: str) -> None:
    guarded.write("ai/context_map.yaml", "stages: {}\n")
    (guarded.root / "m").write_text(message)
    assert guarded.tries("commit", "-q", "--cleanup=strip", "-aF", "m").returncode == 1


def test_the_map_on_the_base_branch_counts_not_the_one_that_is_staged(guarded: Guarded) -> None:
    guarded.write("ai/context_map.yaml", "protected_files: [README.md]\nstages: {a: {files: [x]}}\n")
    guarded.git("commit", "-qam", "protect\n\nProtected-Change: the readme is canon")
    guarded.git("switch", "-qc", "feature")
    guarded.write("README.md", "changed\n")
    assert "README.md" in guarded.tries("commit", "-qam", "x").stderr
    guarded.write("ai/context_map.yaml", "stages: {}\n")
    refused = guarded.tries("commit", "-qam", "x")
    assert "README.md" in refused.stderr and "context_map" in refused.stderr


def test_without_the_message_hook_the_commit_hook_refuses(guarded: Guarded) -> None:
    (guarded.root / ".git/hooks/commit-msg").unlink()
    guarded.write("ai/context_map.yaml", "stages: {}\n")
    assert guarded.tries("commit", "-qam", "x\n\nProtected-Change: good reason").returncode == 1


def test_the_first_commits_of_a_repository_are_free(repo: Guarded) -> None:
    install(str(repo.root))
    repo.write("ai/context_map.yaml", "stages: {}\n")
    repo.commit("first")


@pytest.mark.parametrize("how", ["delete", "rename", "mode", "symlink", "copy"])
def test_every_way_to_touch_a_protected_file(guarded: Guarded, how: str) -> None:
    old, new = "ai/context_map.yaml", "docs.yaml"
    if how == "delete":
        guarded.git("rm", "-q", old)
    elif how == "rename":
        guarded.git("mv", old, new)
    elif how == "mode":
        guarded.git("update-index", "--chmod=+x", old)
    elif how == "symlink":
        (guarded.root / old).unlink()
        os.symlink("../README.md", guarded.root / old)
    else:
        guarded.write("AI/Context_Map.yaml", "x\n")
    guarded.git("add", "-A") if how != "mode" else None
    assert guarded.tries("commit", "-qm", "x").returncode == 1


# --- AI branches --------------------------------------------------------------------------------------


def test_a_small_fix_of_a_person_passes(guarded: Guarded) -> None:
    guarded.on_ai()
    done = guarded.fix()
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("what", "expected"),
    [
        ("scope", "out-of-scope"),
        ("content", "destructive-command"),
        ("protected", "protected-file"),
        ("several", "one-file"),
        ("directory", "new-directory"),
    ],
)
def test_everything_holds_on_an_ai_branch(guarded: Guarded, what: str, expected: str) -> None:
    guarded.on_ai()
    if what == "scope":
        guarded.write("README.md", "# changed\n")
    elif what == "content":
        guarded.edit("uptime", "uptime; qm destroy 100")
    elif what == "protected":
        guarded.write("ai/context_map.yaml", "stages: {}\n")
    elif what == "several":
        guarded.edit("22", "2222")
        guarded.write("apps/whoami/deployment.yaml", "kind: DaemonSet\n")
    else:
        guarded.write("cluster/talos/new/x.yaml", "a: 1\n")
    guarded.git("add", "-A")
    refused = guarded.tries("commit", "-qm", "x\n\nProtected-Change: it does not help here")
    assert refused.returncode == 1 and expected in refused.stderr, refused.stderr


def test_the_index_that_git_names_counts(guarded: Guarded) -> None:
    guarded.on_ai()
    guarded.edit("22", "2222")
    guarded.git("add", SCRIPT)
    guarded.edit("uptime", "uptime; reboot")  # not staged
    guarded.write("README.md", "not staged either\n")
    assert guarded.tries("commit", "-qm", "the staged part only").returncode == 0
    assert guarded.tries("commit", "-qam", "all").returncode == 1
    assert guarded.tries("commit", "-qm", "one path", SCRIPT).returncode == 1
    guarded.git("checkout", "-q", SCRIPT)
    guarded.edit("uptime", "date")
    guarded.git("add", "README.md")
    assert guarded.tries("commit", "-qm", "one good path", SCRIPT).returncode == 0


def test_intent_to_add_is_no_change(guarded: Guarded) -> None:
    guarded.on_ai()
    guarded.write("stray.txt", "x\n")
    guarded.git("add", "-N", "stray.txt")
    guarded.edit("22", "2222")
    done = guarded.tries("commit", "-qm", "x", SCRIPT)
    assert done.returncode == 0, done.stderr


def test_odd_names(guarded: Guarded) -> None:
    guarded.on_ai()
    for name in (
        b"cluster/talos/\xff\xfe.yaml",
        b"cluster/talos/a\nb.yaml",
        b'cluster/talos/"q".yaml',
        b"cluster/talos/-x",
    ):
        path = os.fsencode(guarded.root) + b"/" + name
        Path(os.fsdecode(path)).write_text("a: 1\n")
        guarded.git("add", "-A")
        refused = guarded.tries("commit", "-qm", "x")
        assert refused.returncode == 1 and "odd-name" in refused.stderr
        guarded.git("reset", "-q", "--hard")


def test_worktrees(guarded: Guarded, tmp_path: Path) -> None:
    guarded.git("worktree", "add", "-q", "-b", AI, str(tmp_path / "wt"))
    there = Guarded(tmp_path / "wt")
    there.write("README.md", "x\n")
    assert "out-of-scope" in there.tries("commit", "-qam", "x").stderr
    there.git("checkout", "-q", ".")
    assert there.fix().returncode == 0


def test_a_merge_of_main_passes_and_an_evil_one_does_not(guarded: Guarded) -> None:
    guarded.on_ai()
    guarded.fix()
    guarded.git("switch", "-q", "main")
    guarded.write("README.md", "# new on main\n" * 50)
    guarded.write("ai/context_map.yaml", (guarded.root / "ai/context_map.yaml").read_text() + "limits: {}\n")
    guarded.git("commit", "-qam", "main goes on\n\nProtected-Change: limits")
    guarded.git("switch", "-q", AI)
    done = guarded.tries("merge", "-q", "--no-edit", "main")
    assert done.returncode == 0, done.stderr
    guarded.git("reset", "-q", "--hard", "HEAD^")
    guarded.git("merge", "-q", "--no-commit", "main")
    guarded.write("apps/whoami/other.txt", "smuggled\n")
    guarded.git("add", "-A")
    assert "out-of-scope" in guarded.tries("commit", "-qm", "merge").stderr
    guarded.git("merge", "--abort")
    refused = guarded.tries("merge", "-q", "-s", "ours", "-m", "x", "main")
    assert refused.returncode != 0 and "protected-file" in refused.stderr


def test_a_merge_brings_no_unjudged_commits(guarded: Guarded) -> None:
    guarded.git("switch", "-qc", "feature")
    guarded.write("README.md", "# feature\n")
    guarded.git("commit", "-qam", "a feature")
    guarded.git("switch", "-q", "main")
    guarded.on_ai()
    guarded.fix()
    refused = guarded.tries("merge", "-q", "--no-edit", "feature")
    assert refused.returncode != 0 and "out-of-scope" in refused.stderr


def test_a_person_merges_the_ai_branch_into_main(guarded: Guarded) -> None:
    guarded.on_ai()
    guarded.fix()
    guarded.git("switch", "-q", "main")
    done = guarded.tries("merge", "-q", "--no-ff", "--no-edit", AI)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "trailers",
    [
        "Stage: proxmox\nError-Hash: abcdef01\nAttempt: 1\nClassification: unknown\nOutcome: fixed\nPatch-Id: 00",
        "Outcome: fixed",
        "Stage: proxmox\nAttempt: 3",
        "stage: proxmox\nerror-hash: abcdef01",
    ],
)
def test_a_person_cannot_write_a_record(guarded: Guarded, trailers: str) -> None:
    guarded.on_ai()
    refused = guarded.fix(f"executor(proxmox): x\n\n{trailers}")
    assert refused.returncode == 1 and "forged-record" in refused.stderr


def test_a_stage_trailer_narrows_the_scope(guarded: Guarded) -> None:
    guarded.on_ai()
    assert "out-of-scope" in guarded.fix("x\n\nStage: talos").stderr
    assert guarded.tries("commit", "-qam", "x\n\nStage: proxmox").returncode == 0


# --- installing ---------------------------------------------------------------------------------------


def test_install_is_idempotent_and_uninstall_restores(homelab: Guarded) -> None:
    hooks = homelab.root / ".git/hooks"
    before = sorted(p.name for p in hooks.iterdir())
    assert all("installed" in line for line in install(str(homelab.root)))
    texts = {p.name: p.read_bytes() for p in hooks.iterdir()}
    assert all("already" in line for line in install(str(homelab.root)))
    assert {p.name: p.read_bytes() for p in hooks.iterdir()} == texts
    uninstall(str(homelab.root))
    assert sorted(p.name for p in hooks.iterdir()) == before
    assert uninstall(str(homelab.root)) == ["nothing to do: the guard's hooks are not installed"]


def test_an_existing_hook_is_chained_and_restored(homelab: Guarded) -> None:
    hook = homelab.write(".git/hooks/pre-commit", "#!/bin/sh\necho theirs >> ran\nexit ${THEIRS:-0}\n", 0o755)
    text = hook.read_bytes()
    install(str(homelab.root))
    install(str(homelab.root))
    guarded = Guarded(homelab.root)
    guarded.on_ai()
    assert guarded.fix().returncode == 0
    assert (homelab.root / "ran").read_text() == "theirs\n"
    guarded.write("README.md", "x\n")
    assert guarded.tries("commit", "-qam", "x").returncode == 1
    uninstall(str(homelab.root))
    assert hook.read_bytes() == text


def test_an_existing_hook_that_refuses_still_refuses(homelab: Guarded) -> None:
    homelab.write(".git/hooks/pre-push", "#!/bin/sh\ncat > seen\nexit 1\n", 0o755)
    install(str(homelab.root))
    guarded = Guarded(homelab.root)
    guarded.git("init", "-q", "--bare", "../other.git")
    assert guarded.tries("push", "-q", "../other.git", "main").returncode != 0
    assert "refs/heads/main" in (homelab.root / "seen").read_text()


def test_core_hooks_path(homelab: Guarded, tmp_path: Path) -> None:
    homelab.git("config", "core.hooksPath", str(tmp_path / "my hooks"))
    install(str(homelab.root))
    assert (tmp_path / "my hooks/pre-commit").exists()
    guarded = Guarded(homelab.root)
    guarded.on_ai()
    guarded.write("README.md", "x\n")
    assert guarded.tries("commit", "-qam", "x").returncode == 1


def test_a_vanished_python_refuses_and_says_so(guarded: Guarded) -> None:
    hook = guarded.root / ".git/hooks/commit-msg"
    hook.write_text("\n".join("python=/gone" if x.startswith("python=") else x for x in hook.read_text().split("\n")))
    guarded.write("README.md", "x\n")
    refused = guarded.tries("commit", "-qam", "x")
    assert refused.returncode == 1 and "hooks install" in refused.stderr


def test_a_commit_in_the_middle_of_a_rebase_counts_for_the_branch_that_is_rebased(guarded: Guarded) -> None:
    guarded.on_ai()
    assert guarded.fix().returncode == 0
    guarded.git("-c", "sequence.editor=sed -i 's/^pick/edit/'", "rebase", "-q", "-i", "main")
    assert guarded.tries("symbolic-ref", "-q", "HEAD").returncode != 0  # detached: only git's notes tell the branch
    guarded.write("README.md", "x\n")
    guarded.git("add", "README.md")
    refused = guarded.tries("commit", "-qm", "slipped in")
    assert refused.returncode != 0 and "out-of-scope" in refused.stderr
    guarded.git("checkout", "-q", "HEAD", "--", "README.md")
    assert guarded.tries("-c", "core.editor=true", "rebase", "--continue").returncode == 0
