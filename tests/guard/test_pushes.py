"""Pushes: the client's hook, and a server that trusts nobody."""

from __future__ import annotations

import pytest

from git_executor.guard.audit import audit_range
from tests.conftest import AI
from tests.guard.conftest import SCRIPT, Guarded


def bad_commit(guarded: Guarded, how: str) -> None:
    """A commit of README.md on the AI branch that no commit hook has stopped."""
    if how == "no-verify":
        guarded.write("README.md", "x\n")
        guarded.git("commit", "-qam", "x", "--no-verify")
        return
    guarded.git("switch", "-q", "main")
    guarded.git("switch", "-qc", "feature")
    guarded.write("README.md", f"{how}\n")
    guarded.git("commit", "-qam", "on a feature branch")
    other = guarded.head()
    guarded.git("switch", "-q", AI)
    if how == "cherry-pick":
        guarded.git("cherry-pick", other)
    elif how == "rebase":
        guarded.git("rebase", "-q", "feature")
    elif how == "fast-forward":
        guarded.git("reset", "-q", "--hard", "main")
        guarded.git("merge", "-q", "--ff-only", "feature")
    elif how == "add-then-revert":
        guarded.git("cherry-pick", other)
        guarded.git("revert", "--no-edit", "HEAD")
    elif how == "plumbing":
        tree = guarded.git("rev-parse", "feature^{tree}").strip()
        new = guarded.git("commit-tree", tree, "-p", AI, "-m", "made by hand").strip()
        guarded.git("update-ref", f"refs/heads/{AI}", new)
    elif how == "orphan":
        new = guarded.git("commit-tree", guarded.git("rev-parse", "feature^{tree}").strip(), "-m", "orphan").strip()
        guarded.git("update-ref", f"refs/heads/{AI}", new)


HOWS = ["no-verify", "cherry-pick", "rebase", "fast-forward", "add-then-revert", "plumbing", "orphan"]


@pytest.mark.parametrize("how", HOWS)
@pytest.mark.parametrize("door", ["pre-push", "pre-receive"])
def test_what_skipped_the_commit_hooks_is_caught(guarded: Guarded, server: Guarded, how: str, door: str) -> None:
    guarded.on_ai()
    bad_commit(guarded, how)
    skip = ["--no-verify"] if door == "pre-receive" else []
    refused = guarded.tries("push", *skip, "origin", AI)
    assert refused.returncode != 0 and "README.md" in refused.stderr and "out-of-scope" in refused.stderr, (
        refused.stderr
    )
    assert not server.head(f"refs/heads/{AI}")
    assert not all(one.verdict.accepted for one in audit_range(str(guarded.root), f"main..{AI}"))


def test_a_good_push_passes_both_doors(guarded: Guarded, server: Guarded) -> None:
    guarded.on_ai()
    guarded.fix()
    done = guarded.tries("push", "origin", AI)
    assert done.returncode == 0, done.stderr
    guarded.git("switch", "-q", "main")
    guarded.git("merge", "-q", "--no-ff", "--no-edit", AI)
    done = guarded.tries("push", "origin", "main")
    assert done.returncode == 0, done.stderr


def test_the_server_refuses_the_whole_push(guarded: Guarded, server: Guarded) -> None:
    guarded.on_ai()
    bad_commit(guarded, "no-verify")
    guarded.git("branch", "fine", "main")
    assert guarded.tries("push", "--no-verify", "origin", "fine", AI).returncode != 0
    assert not server.head("refs/heads/fine")


def test_protected_files_on_main_at_the_server(guarded: Guarded, server: Guarded) -> None:
    guarded.write("ai/context_map.yaml", "stages: {}\n")
    guarded.git("commit", "-qam", "quietly", "--no-verify")
    refused = guarded.tries("push", "--no-verify", "origin", "main")
    assert refused.returncode != 0 and "Protected-Change" in refused.stderr
    guarded.git("commit", "-q", "--amend", "-m", "openly\n\nProtected-Change: fewer stages")
    done = guarded.tries("push", "origin", "main")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("ref", [AI, "main"])
def test_rewinding_is_refused_unless_the_server_allows_it(guarded: Guarded, server: Guarded, ref: str) -> None:
    guarded.on_ai()
    guarded.fix()
    guarded.git("push", "-q", "origin", AI)
    guarded.git("switch", "-q", ref)
    guarded.git("reset", "-q", "--hard", "main")
    guarded.git("commit", "-q", "--amend", "--allow-empty", "-m", "rewritten", "--no-verify")
    refused = guarded.tries("push", "--no-verify", "-f", "origin", f"HEAD:refs/heads/{ref}")
    assert refused.returncode != 0 and "rewinds-branch" in refused.stderr
    assert guarded.tries("push", "--no-verify", "origin", f":refs/heads/{AI}").returncode != 0
    server.git("config", "executor.allowRewind", "true")
    assert guarded.tries("push", "--no-verify", "origin", f":refs/heads/{AI}").returncode == 0


def test_replacement_objects_are_refused(guarded: Guarded, server: Guarded) -> None:
    guarded.write("README.md", "x\n")
    guarded.git("commit", "-qam", "x")
    guarded.git("replace", "HEAD", "HEAD^")
    refused = guarded.tries("push", "--no-verify", "origin", "refs/replace/*:refs/replace/*")
    assert refused.returncode != 0 and "replaces-objects" in refused.stderr


def test_main_and_the_ai_branch_pushed_together(guarded: Guarded, server: Guarded) -> None:
    guarded.write("README.md", "# main goes on\n")
    guarded.git("commit", "-qam", "main")
    guarded.on_ai()
    guarded.fix()
    done = guarded.tries("push", "origin", "main", AI)
    assert done.returncode == 0, done.stderr


def test_another_spelling_of_the_ai_branch(guarded: Guarded, server: Guarded) -> None:
    guarded.git("switch", "-qc", "AI/other")
    guarded.write("README.md", "x\n")
    assert guarded.tries("commit", "-qam", "x").returncode == 1


def test_the_update_hook(guarded: Guarded, server: Guarded) -> None:
    hooks = server.root / "hooks"
    text = (hooks / "pre-receive").read_text().replace(" pre-receive ", " update ")
    (hooks / "pre-receive").unlink()
    (hooks / "update").write_text(text)
    (hooks / "update").chmod(0o755)
    guarded.on_ai()
    bad_commit(guarded, "no-verify")
    assert "out-of-scope" in guarded.tries("push", "--no-verify", "origin", AI).stderr


def record(
    number: int, patch_id: str, outcome: str = "fixed", stage: str = "proxmox", error_hash: str = "abcdef01"
) -> str:
    return (
        f"executor({stage}): x\n\nFix: x\n\nStage: {stage}\nError-Hash: {error_hash}\nAttempt: {number}\n"
        f"Classification: unknown\nOutcome: {outcome}\nFixer: playbook\nPatch-Id: {patch_id}\nFingerprint: v1:00\n"
    )


def rules_broken(guarded: Guarded) -> list[list[str]]:
    return [[v.rule for v in one.verdict.violations] for one in audit_range(str(guarded.root), f"main..{AI}")]


def true_record(guarded: Guarded, number: int, old: str, new: str) -> None:
    guarded.edit(old, new)
    diff = guarded.git("diff")
    patch_id = guarded.git("patch-id", "--stable", stdin=diff).split()[0]
    guarded.git("commit", "-qam", record(number, patch_id), "--no-verify")


def test_true_records_pass_and_false_ones_do_not(guarded: Guarded) -> None:
    guarded.on_ai()
    true_record(guarded, 1, ":-22}", ":-2222}")
    true_record(guarded, 2, "uptime", "hostname")
    guarded.git(
        "commit", "-q", "--allow-empty", "--no-verify", "-m", record(3, "", "declined").replace("Patch-Id: \n", "")
    )
    assert rules_broken(guarded) == [[], [], []]
    guarded.git("commit", "-q", "--allow-empty", "--no-verify", "-m", record(1, "aa", "fixed"))
    assert set(rules_broken(guarded)[-1]) == {"forged-record"}


@pytest.mark.parametrize("change", ["number", "patch", "hash", "stage", "replay", "double"])
def test_forged_and_replayed_records(guarded: Guarded, change: str) -> None:
    guarded.on_ai()
    true_record(guarded, 1, ":-22}", ":-2222}")
    message = guarded.git("log", "-1", "--format=%B")
    changed = {
        "number": message.replace("Attempt: 1", "Attempt: 3"),
        "patch": message.replace("Patch-Id: ", "Patch-Id: 00"),
        "hash": message.replace("abcdef01", "a b"),
        "stage": message.replace("Stage: proxmox", "Stage: nowhere"),
        "double": message.rstrip("\n") + "\nAttempt: 2\n",
    }
    if change == "replay":
        guarded.git("revert", "--no-edit", "HEAD")
        guarded.edit(":-22}", ":-2222}")
        guarded.git("commit", "-qa", "--no-verify", "-m", message)
    else:
        guarded.git("commit", "-q", "--amend", "--no-verify", "-m", changed[change])
    assert "forged-record" in rules_broken(guarded)[-1]


def test_an_undo_is_not_judged_as_a_change(guarded: Guarded) -> None:
    guarded.write(SCRIPT, "#!/bin/sh\nset -e\nfoo || true\n", 0o755)
    guarded.git("commit", "-qam", "as people like it")
    guarded.on_ai()
    guarded.edit("foo || true", "foo")
    assert guarded.tries("commit", "-qam", "strict").returncode == 0
    guarded.git("revert", "--no-edit", "HEAD")
    guarded.git("switch", "-q", "main")
    guarded.write(SCRIPT, "#!/bin/sh\nset -e\nbar\n", 0o755)
    guarded.git("commit", "-qam", "main goes on")
    assert rules_broken(guarded) == [[], []]


def test_the_count_goes_on_where_a_person_merged_only_the_first_attempts(guarded: Guarded) -> None:
    guarded.on_ai()
    true_record(guarded, 1, ":-22}", ":-2222}")
    first = guarded.head()
    true_record(guarded, 2, "uptime", "hostname")
    guarded.git("branch", "-f", "main", first)  # a fast-forward of main to the first attempt: the window shrinks
    assert rules_broken(guarded) == [[]]  # the second attempt still is the second
    guarded.git("branch", "-f", "main", AI)
    guarded.edit("hostname", "true_name")
    diff = guarded.git("diff")
    patch_id = guarded.git("patch-id", "--stable", stdin=diff).split()[0]
    guarded.git("commit", "-qam", record(7, patch_id), "--no-verify")
    assert "forged-record" in rules_broken(guarded)[-1]  # but no number may be left out
