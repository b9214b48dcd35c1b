"""Whole attempts with a model: the real command, the real client, a server that speaks Ollama's protocol."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import AI, Repo
from tests.fixers.ollama_server import OllamaServer, Reply

PATH = "infrastructure/proxmox/cluster_bootstrap.sh"
LOG = f"{PATH}: line 10: SSH_USER: unbound variable\n"
LINE = 'ssh "${SSH_OPTS[@]}" "$SSH_USER@pve1" uptime'
GOOD = f"""\
{PATH}
<<<<<<< SEARCH
{LINE}
=======
ssh "${{SSH_OPTS[@]}}" "${{SSH_USER:-root}}@pve1" uptime
>>>>>>> REPLACE
Fix: default for SSH_USER
Reason: nobody sets it
"""


def ask(repo: Repo, server: OllamaServer, *more: str, log: str = LOG, **settings: str) -> dict[str, object]:
    done = repo.run("attempt", "--stage", "proxmox", "--log", "-", "--json", *more, stdin=log, environ=environ(server, settings))
    report: dict[str, object] = json.loads(done.stdout)
    assert report["exit_code"] == done.returncode, done.stderr
    return report


def environ(server: OllamaServer, settings: dict[str, str]) -> dict[str, str]:
    wanted = {"host": server.url, "model": "coder:7b", "fixers": "ollama", **settings}
    return {f"GIT_EXECUTOR_{name.upper()}": value for name, value in wanted.items()}


def prompt(server: OllamaServer, at: int = 0) -> str:
    return str(server.chats[at]["messages"][0]["content"])


def test_the_model_is_told_the_failure_and_its_fix_lands(homelab: Repo) -> None:
    state = homelab.state()
    with OllamaServer([Reply(GOOD)]) as server:
        report = ask(homelab, server)
    assert (report["exit_code"], report["fixer"], report["fix"]) == (0, "ollama/coder:7b", "default for SSH_USER")
    assert LINE in prompt(server) and LOG.strip() in prompt(server) and "Make the machines" in prompt(server)
    assert homelab.trailers()["Fixer"] == "ollama/coder:7b"
    assert "${SSH_USER:-root}" in homelab.show(PATH)
    assert homelab.state() == state


def test_what_the_model_is_told_is_what_context_prints(homelab: Repo) -> None:
    with OllamaServer([Reply("NO FIX: x")]) as server:
        shown = homelab.run("context", "--stage", "proxmox", "--log", "-", stdin=LOG, environ=environ(server, {})).stdout
        ask(homelab, server)
    assert prompt(server).strip() in shown


def test_a_refused_answer_goes_back_once_with_its_reason(homelab: Repo) -> None:
    bad = GOOD.replace("SSH_OPTS[@]", "SSH_OPTZ[@]")
    with OllamaServer([Reply(bad), Reply(GOOD)]) as server:
        assert ask(homelab, server)["exit_code"] == 0
    assert "turned down" not in prompt(server) and "turned down" in prompt(server, 1)
    assert homelab.git("rev-list", "--count", f"main..{AI}").strip() == "1"
    (run,) = (homelab.root / "ai/logs/executor").glob("*.jsonl")
    assert '"refused"' in run.read_text()


def test_only_what_bears_on_the_failure_survives_a_rewritten_file(homelab: Repo) -> None:
    text = (homelab.root / PATH).read_text()
    drifted = text.replace("# Bring up the cluster.", "# This script brings up the cluster").replace(":-22}", ":-2222}")
    drifted = drifted.replace("$SSH_USER@", "${SSH_USER:-root}@")
    with OllamaServer([Reply(f"{PATH}\n```\n{drifted}```\nFix: a\nReason: b\n")]) as server:
        report = ask(homelab, server, answer_form="file")
    assert report["exit_code"] == 0, report
    assert homelab.show(PATH) == text.replace("$SSH_USER@", "${SSH_USER:-root}@")
    assert "2 other changes" in homelab.git("log", "-1", "--format=%B", AI)


def test_a_diff_says_what_it_means_and_is_kept_whole(homelab: Repo) -> None:
    diff = f"""\
--- a/{PATH}
+++ b/{PATH}
@@ -4,7 +4,7 @@

-SSH_PORT="${{SSH_PORT:-22}}"
+SSH_PORT="${{SSH_PORT:-2222}}"
 SSH_PASS="${{SSH_PASS:-}}"

 SSH_OPTS=(-T -p "$SSH_PORT" -o StrictHostKeyChecking=no)

-{LINE}
+ssh "${{SSH_OPTS[@]}}" "${{SSH_USER:-root}}@pve1" uptime
"""
    with OllamaServer([Reply(f"```diff\n{diff}```\nFix: a\nReason: b\n")]) as server:
        assert ask(homelab, server, answer_form="diff")["changed_lines"] == 4


def test_a_change_that_leaves_the_fault_does_not_land(homelab: Repo) -> None:
    aside = GOOD.replace(LINE, 'SSH_PASS="${SSH_PASS:-}"').replace('ssh "${SSH_OPTS[@]}" "${SSH_USER:-root}@pve1" uptime', 'SSH_PASS="${SSH_PASS-}"')
    with OllamaServer([Reply(aside)] * 2) as server:
        report = ask(homelab, server)
    assert report["exit_code"] == 12 and "SSH_USER is still unset" in str(report["reason"])
    assert "SSH_USER is still unset" in prompt(server, 1)


def test_the_next_attempt_is_told_what_was_tried_and_may_not_repeat_it(homelab: Repo) -> None:
    with OllamaServer([Reply(GOOD)] * 4) as server:
        assert ask(homelab, server)["exit_code"] == 0
        assert homelab.run("rollback", homelab.head(AI)[:12]).returncode == 0
        assert ask(homelab, server)["exit_code"] == 13
    assert "Already tried" in prompt(server, 1) and "SSH_USER:-root" in prompt(server, 1)


def test_a_change_that_only_takes_back_an_earlier_attempt_is_refused(homelab: Repo) -> None:
    good = LINE.replace("$SSH_USER", "${SSH_USER:-root}")
    back = GOOD.replace(LINE, "X").replace(good, LINE).replace("X", good)
    with OllamaServer([Reply(GOOD), Reply(back), Reply(back)]) as server:
        assert ask(homelab, server)["exit_code"] == 0
        report = ask(homelab, server)
    assert report["exit_code"] == 13 and "takes back attempt 1" in str(report["reason"])
    assert "takes back attempt 1" in prompt(server, 2)


@pytest.mark.parametrize("path", ["infrastructure/proxmox/tokens.yaml", "ai/context_map.yaml", "elsewhere/kubeconfig"])
def test_a_repair_round_quotes_no_file_that_is_not_shown(homelab: Repo, path: str) -> None:
    if not path.startswith("ai/"):
        homelab.write(path, "users:\n  - name: admin\n    word: correct horse battery\n    colour: blue\n")
    homelab.commit("a file of secrets")
    wrong = f"{path}\n<<<<<<< SEARCH\n    word: correct horse\n    stages: 1\n=======\n    word: a\n>>>>>>> REPLACE\n"
    with OllamaServer([Reply(wrong), Reply(GOOD)]) as server:
        assert ask(homelab, server)["exit_code"] == 0
    again = prompt(server, 1)
    assert "turned down" in again and "battery" not in again and "The file really has" not in again


def test_lines_that_a_repair_round_quotes_are_shown_from_then_on(homelab: Repo) -> None:
    text = "#!/usr/bin/env bash\nset -euo pipefail\n" + "".join(f"step_{i}() {{\n  echo working on {i} $HOME\n}}\n\n" for i in range(900))
    homelab.write(PATH, text + "settle() {\n  sleep 1\n}\n\n" + LINE + "\n", 0o755)
    homelab.commit("long")
    far = "{0}\n<<<<<<< SEARCH\nstep_300() {{\n  echo working {1} 300 $HOME\n=======\nstep_300() {{\n  SSH_USER=root\n  echo working on 300 $HOME\n>>>>>>> REPLACE\n"
    log = f"{PATH}: line {text.count(chr(10)) + 5}: SSH_USER: unbound variable\n"
    with OllamaServer([Reply(far.format(PATH, "of")), Reply(far.format(PATH, "on"))]) as server:
        report = ask(homelab, server, log=log)
    assert "The file really has" in prompt(server, 1) and "echo working on 300" in prompt(server, 1)
    assert "was not shown" not in str(report["reason"])


@pytest.mark.parametrize("error_hash", [(), ("--error-hash", "another-hash")])
def test_a_fix_that_people_merged_is_proposed_again_and_told_to_models(homelab: Repo, error_hash: tuple[str, ...]) -> None:
    broken = homelab.show(PATH, "main")
    with OllamaServer([Reply(GOOD), Reply("NO FIX: x")]) as server:
        assert ask(homelab, server)["exit_code"] == 0
        homelab.git("merge", "--quiet", AI)
        homelab.write(PATH, broken, 0o755)
        homelab.commit("back to the template")
        ask(homelab, server, "--dry-run", *error_hash, fixers="recorded,ollama")
        report = ask(homelab, server, *error_hash, fixers="recorded,ollama")
        shown = homelab.run("context", "--stage", "proxmox", "--log", "-", stdin=LOG, environ=environ(server, {"fixers": "recorded,ollama"})).stdout
    assert str(report["fixer"]).startswith("recorded/") and report["exit_code"] == 0
    assert homelab.trailers()["Fixer"] == report["fixer"]
    assert "A fix that people accepted" in shown


def test_a_merged_fix_that_people_took_back_is_not_proposed_again(homelab: Repo) -> None:
    with OllamaServer([Reply(GOOD), Reply(GOOD)]) as server:
        assert ask(homelab, server)["exit_code"] == 0
        homelab.git("merge", "--quiet", AI)
        homelab.git("revert", "--no-edit", "HEAD")
        report = ask(homelab, server, fixers="recorded,ollama")
    assert report["fixer"] == "ollama/coder:7b"
    assert "people accepted" not in prompt(server, 1)


def test_what_cannot_be_asked_burns_nothing(homelab: Repo) -> None:
    cases = [
        (Reply(status=500, error="model requires more system memory (9 GiB)"), {}, "does not fit"),
        (Reply(GOOD, cut_after=2), {}, "connection broke"),
        (Reply(GOOD, first_delay=5), {"first_token_timeout": "1"}, "first token"),
        (Reply(GOOD), {"model": "coder:9b"}, "no model 'coder:9b'"),
    ]
    for reply, settings, says in cases:
        with OllamaServer([reply]) as server:
            report = ask(homelab, server, **settings)
        assert report["exit_code"] == 30 and says in str(report["reason"])
    assert homelab.head(AI) == ""


def test_a_secret_goes_out_as_a_placeholder_and_its_line_stays(homelab: Repo) -> None:
    text = (homelab.root / PATH).read_text().replace('SSH_PASS="${SSH_PASS:-}"', 'SSH_PASS="hunter2-Zq81x"')
    homelab.write(PATH, text, 0o755)
    homelab.commit("a password")
    with OllamaServer([Reply(GOOD)]) as server:
        assert ask(homelab, server, log=f"using hunter2-Zq81x\n{LOG}")["exit_code"] == 0
    assert "hunter2" not in prompt(server) and "<REDACTED-PASSWORD-1>" in prompt(server)
    assert 'SSH_PASS="hunter2-Zq81x"' in homelab.show(PATH)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interruption_stops_the_server_and_changes_nothing(homelab: Repo, number: signal.Signals, tmp_path: Path) -> None:
    state = homelab.state()
    (tmp_path / "log").write_text(LOG)
    with OllamaServer([Reply("thinking about it " * 400, gap=0.05)]) as server:
        import os

        process = subprocess.Popen(
            [sys.executable, "-m", "git_executor", "attempt", "--stage", "proxmox", "--log", str(tmp_path / "log")],
            cwd=homelab.root, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), **environ(server, {})},
        )  # fmt: skip
        while not server.chats and process.poll() is None:
            time.sleep(0.05)
        time.sleep(0.3)
        process.send_signal(number)
        _, said = process.communicate(timeout=20)
        assert server.hung_up.wait(10)
    assert process.returncode == 130 and b"nothing was changed" in said and b"Traceback" not in said
    assert homelab.head(AI) == "" and homelab.state() == state
