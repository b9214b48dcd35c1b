"""How an allowed command runs: no terminal, no input, a clean environment, limits, redaction, records."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from git_executor.errors import ExecutorError
from git_executor.escalation.diagnostics import Pipeline, Refusal, parse, run
from git_executor.escalation.results import CommandResult, Status


class Machine:
    """A repository folder and a folder of made-up tools."""

    def __init__(self, root: Path) -> None:
        self.root, self.repo, self.bin, self.out = root, root / "repo", root / "bin", root / "out"
        for folder in (self.repo, self.bin):
            folder.mkdir()

    def tool(self, name: str, script: str) -> None:
        path = self.bin / name
        path.write_text(f"#!/bin/bash\n{script}\n")
        path.chmod(0o755)

    def run(
        self, *commands: str, extra: Sequence[str] = (), seconds: float = 20, environ: Mapping[str, str] | None = None
    ) -> list[CommandResult]:
        return run(
            commands,
            repo=str(self.repo),
            out=str(self.out),
            redact=lambda text: text.replace("hunter2", "<redacted>"),
            extra=extra,
            seconds=seconds,
            environ={"PATH": f"{self.bin}:/usr/bin:/bin", "HOME": "/home/operator", **(environ or {})},
        )


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_a_pipe_is_carried_out_without_a_shell(machine: Machine) -> None:
    machine.tool("kubectl", "printf 'b\\na\\nb\\n'; echo oops >&2; exit 3")
    plain, merged, dropped, counted = machine.run(
        "kubectl get pods",
        "kubectl get pods 2>&1 | grep -c oops",
        "kubectl get pods 2>/dev/null | sort",
        "kubectl get pods | sort | uniq -c | sort -rn | head -n 1",
    )
    assert plain.exit_code == 3 and sorted(plain.output.split()) == ["a", "b", "b", "oops"]
    assert merged.output == "1\n"
    assert dropped.output == "a\nb\nb\n"
    assert "2 b" in counted.output


def test_a_reader_that_stops_early_ends_the_writer(machine: Machine) -> None:
    machine.tool("kubectl", "while :; do echo line; done")
    (result,) = machine.run("kubectl get pods | head -2")
    assert result.status is Status.RAN and result.output == "line\nline\n"


def test_words_arrive_as_they_were_written(machine: Machine) -> None:
    machine.tool("kubectl", "printf '<%s>' \"$@\"")
    (result,) = machine.run("""kubectl get pods -o jsonpath='{.items[*].a}{"\\n"}' -l "a in (b, c)" """)
    assert result.output == '<get><pods><-o><jsonpath={.items[*].a}{"\\n"}><-l><a in (b, c)>'


def test_the_environment_is_clean(machine: Machine) -> None:
    machine.tool("kubectl", "env; [ -t 0 ] && echo terminal; cat; echo home=$HOME")
    machine.tool("ip", "echo home=$HOME token=$API_TOKEN config=$KUBECONFIG; cat")
    kube, network = machine.run(
        "KUBECONFIG=kc kubectl get pods",
        "ip addr",
        environ={
            "API_TOKEN": "t0ken",
            "KUBECONFIG": "/home/operator/kc",
            "LD_PRELOAD": "",
            "PATH": f"{machine.bin}:.::/usr/bin:/bin",
        },
    )
    assert "t0ken" not in kube.output and "terminal" not in kube.output
    assert "KUBECONFIG=kc\n" in kube.output and "home=/home/operator" in kube.output
    path = next(line for line in kube.output.split("\n") if line.startswith("PATH="))
    assert path == f"PATH={machine.bin}:/usr/bin:/bin"
    assert "/home/operator" not in network.output and "t0ken" not in network.output


def test_the_time_limit_ends_the_whole_group(machine: Machine) -> None:
    pids = machine.root / "pids"
    machine.tool(
        "kubectl", f"echo started; (trap '' TERM; echo $BASHPID >> {pids}; exec sleep 300) & echo $$ >> {pids}; wait"
    )
    (result,) = machine.run("kubectl get pods | grep -v nothing", seconds=1)
    assert result.status is Status.TIMEOUT and result.exit_code is None
    assert "ended after 1 s" in result.reason
    for pid in map(int, pids.read_text().split()):
        assert _gone(pid)


def test_what_runs_on_in_the_background_is_ended_too(machine: Machine) -> None:
    pids = machine.root / "pids"
    machine.tool("kubectl", f"sleep 300 & echo $! > {pids}; echo done")
    (result,) = machine.run("kubectl get pods")
    assert (result.status, result.output, result.exit_code) == (Status.RAN, "done\n", 0)
    assert _gone(int(pids.read_text()))


def _gone(pid: int) -> bool:
    """Whether a process has ended; one that was killed may take a moment to be cleared away by its new parent."""
    for _ in range(200):
        try:
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True
            os.kill(pid, 0)
        except (ProcessLookupError, FileNotFoundError):
            return True
        time.sleep(0.05)
    return False


def test_a_flood_is_cut_to_its_head_and_its_tail(machine: Machine) -> None:
    machine.tool("kubectl", "seq 1 400000; echo the end")
    (result,) = machine.run("kubectl get pods")
    assert result.truncated and len(result.output) < 70_000
    assert result.output.startswith("1\n2\n") and result.output.endswith("400000\nthe end\n")
    assert "characters ...]" in result.output


def test_an_endless_flood_is_ended(machine: Machine) -> None:
    machine.tool("kubectl", "yes this never ends")
    (result,) = machine.run("kubectl get pods", seconds=60)
    assert result.reason == "ended: it said too much"
    assert len(result.output) < 70_000


def test_output_is_redacted_and_fit_to_be_read(machine: Machine) -> None:
    machine.tool("kubectl", "printf '\\e[31mred\\e[0m hunter2 \\xff \\x1b]0;title\\x07 \\x00 end\\r\\n'")
    (result,) = machine.run("kubectl get pods -l a=hunter2")
    assert result.output == "red <redacted> \ufffd  \\x00 end\n"
    for path in machine.out.iterdir():
        assert "hunter2" not in path.read_text() and "\x1b" not in path.read_text()
    assert "hunter2" not in result.command


def test_everything_is_saved_in_order(machine: Machine) -> None:
    machine.tool("kubectl", "echo pods")
    results = machine.run("kubectl get pods", "rm -rf /", "flux check", "kubectl get nodes")
    assert [result.status for result in results] == [Status.RAN, Status.REFUSED, Status.MISSING, Status.RAN]
    assert "flux is not installed" in results[2].reason
    names = sorted(path.name for path in machine.out.iterdir())
    assert names == ["01-kubectl-get-pods.txt", "04-kubectl-get-nodes.txt", "summary.json", "summary.md"]
    saved = (machine.out / "01-kubectl-get-pods.txt").read_text()
    assert saved.startswith("$ kubectl get pods\n# exit code 0, ") and saved.endswith("\npods\n")
    summary = json.loads((machine.out / "summary.json").read_text())["commands"]
    assert [entry["status"] for entry in summary] == ["ran", "refused", "missing", "ran"]
    assert summary[0]["exit_code"] == 0 and "output" not in summary[0]
    page = (machine.out / "summary.md").read_text()
    assert page.startswith("# Diagnostics: 2 ran, 1 refused, 1 missing")
    assert "`rm -rf /`" in page


def test_only_so_many_commands(machine: Machine) -> None:
    results = machine.run(*["uname"] * 26)
    assert results[24].status is Status.RAN
    assert results[25].status is Status.REFUSED and "more than 25" in results[25].reason


def test_a_folder_that_cannot_be_written_is_one_clear_line(machine: Machine) -> None:
    machine.out.write_text("")
    with pytest.raises(ExecutorError, match="cannot save the diagnostics"):
        machine.run("uname")


def test_a_person_may_allow_a_command_as_it_is_written(machine: Machine) -> None:
    (machine.repo / "check.sh").write_text('echo "checked $1"; echo $API_TOKEN')
    allowed = ["bash check.sh 'the net' | tr a-z A-Z", "kubectl get secrets", "rm -rf x; true"]
    results = machine.run(
        "bash  check.sh 'the net' | tr a-z A-Z",
        "bash check.sh 'the gate'",
        "rm -rf x; true",
        extra=allowed,
        environ={"API_TOKEN": "t0ken"},
    )
    assert results[0].output == "CHECKED THE NET\n\n"
    assert [result.status for result in results[1:]] == [Status.REFUSED, Status.REFUSED]
    assert isinstance(parse("kubectl get secrets", extra=allowed), Pipeline)
    assert isinstance(parse("kubectl get secrets -A", extra=allowed), Refusal)


def test_what_git_ignores_can_be_hidden(machine: Machine) -> None:
    (machine.repo / "talos").mkdir()
    (machine.repo / "talos/node.yaml").write_text("private")
    (machine.repo / "up.sh").write_text("public")
    results = run(
        ["cat talos/node.yaml", "grep -r p .", "cat up.sh", "ls talos"],
        repo=str(machine.repo),
        out=str(machine.out),
        redact=str,
        hidden=lambda path: path.startswith("talos"),
    )
    assert "git ignores it" in results[0].reason
    assert results[1].output == "up.sh:public\n"
    assert results[2].output == "public" and results[3].output == "node.yaml\n"


def test_a_search_through_folders_leaves_secrets_out(machine: Machine) -> None:
    for name in ("up.sh", ".env", "talos/secrets.yaml", ".git/config", "-rf", "node_modules/x.js"):
        path = machine.repo / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"word in {name}\n")
    (machine.repo / "link").symlink_to("/etc")
    (result,) = machine.run("grep -rn word")
    assert sorted(result.output.split("\n")) == ["", "./-rf:1:word in -rf", "up.sh:1:word in up.sh"]


@pytest.mark.parametrize(
    "reason, command",
    [
        ("would need a shell", "kubectl get pods $HOME"),
        ("one by one", "kubectl get pods && rm x"),
        ("redirection", "kubectl get pods > x"),
        ("allowed only with -c", "ping 10.0.0.1"),
        ("-f is not among the read-only options of kubectl logs", "kubectl logs -f x"),
        ("(in -sXDELETE)", "curl -sqXDELETE http://x".replace("sqX", "sX")),
        ("starts other programs", "sudo ls"),
        ("tools are named without a folder", "/bin/ls"),
        ("may not stand behind a pipe", "ls | cat"),
        ("a quote is not closed", "ls 'x"),
        ("its name says that it holds secrets", "cat .env"),
        ("outside the repository", "cat /etc/shadow"),
    ],
)
def test_a_refusal_says_why(reason: str, command: str) -> None:
    refusal = parse(command)
    assert isinstance(refusal, Refusal)
    if "DELETE" not in command:
        assert reason in refusal.reason
    else:
        assert "'DELETE' is none of GET" in refusal.reason
