"""Every command of the two lists through the real runner, in a sandbox that is compared before and after."""

from __future__ import annotations

import hashlib
import os
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from git_executor.escalation.diagnostics import Place, Refusal, parse, run
from git_executor.escalation.diagnostics.tools import TOOLS
from git_executor.escalation.results import Status

HERE = Path(__file__).parent
CANARY = "canary-7f3e"

# What every machine has and what may look at the sandbox itself; all others are stubs that record their words.
REAL = (
    "cat",
    "head",
    "tail",
    "grep",
    "wc",
    "sort",
    "uniq",
    "cut",
    "ls",
    "stat",
    "du",
    "df",
    "date",
    "id",
    "uname",
    "git",
)

STUB = """#!/bin/bash
printf '%s\\n' "${0##*/} $*" >> "$(dirname "$0")/../calls"
printf '{"items": [], "data": {"activeTargets": []}}\\n'
"""


def commands(name: str) -> list[str]:
    lines = (HERE / name).read_text().splitlines()
    return [line for line in lines if line.strip() and not line.startswith("# ")]


class Sandbox:
    """A homelab repository, a home folder with keys, a folder outside, and stubs that record how they are called."""

    def __init__(self, root: Path) -> None:
        self.root, self.repo, self.home = root, root / "repo", root / "home"
        self.calls = root / "calls"
        self._files()
        self._stubs()
        self.before = self.state()

    def _files(self) -> None:
        for name, text in {
            "repo/talos/up.sh": "#!/bin/bash\nset -e\nfoo=1\n: ${SSH_USER}\n",
            "repo/talos/controlplane.yaml": "machine:\n  type: controlplane\n",
            "repo/talos/secrets.yaml": CANARY,
            "repo/talos/kubeconfig": f"users:\n- name: admin\n  user:\n    token: {CANARY}\n",
            "repo/talos/kubeconfig-exec": f"users:\n- name: a\n  user:\n    exec: {{command: ./evil, x: {CANARY}}}\n",
            "repo/talos/talosconfig": CANARY,
            "repo/talos/curlrc": f"# {CANARY}\n",
            "repo/.env": f"TOKEN={CANARY}\n",
            "repo/.env.example": "TOKEN=\n",
            "repo/age.key": CANARY,
            "repo/secrets/token.txt": CANARY,
            "repo/terraform/terraform.tfstate": CANARY,
            "repo/terraform/prod.tfvars": CANARY,
            "repo/terraform/main.tf": "",
            "repo/clusters/home/external-secrets/release.yaml": "kind: HelmRelease\n",
            "repo/charts/web/Chart.yaml": "name: web\n",
            "repo/ansible/hosts.ini": "[all]\nn1\n",
            "repo/ansible/run.sh": "#!/bin/bash\n",
            "repo/ai/logs/talos/run.log": "a\nERROR: b\nc\n",
            "repo/package.json": '{"name": "x"}\n',
            "home/.ssh/id_rsa": CANARY,
            "home/.kube/config": CANARY,
            "outside/kubeconfig": CANARY,
            "outside/a": CANARY,
            "outside/b": "b",
        }.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        for name in ("talos/up.sh", "ansible/run.sh"):
            (self.repo / name).chmod(0o755)
        (self.repo / "talos/link-env").symlink_to("../.env")
        (self.repo / "talos/link-out").symlink_to("../../outside/kubeconfig")
        (self.repo / "talos/linkdir").symlink_to("../../outside")
        os.mkfifo(self.repo / "fifo")
        self._git("init", "-q", "-b", "main")
        for message in ("one", "two"):
            with (self.repo / "talos/up.sh").open("a") as stream:
                stream.write(f"# {message}\n")
            self._git("add", "-A")
            self._git("commit", "-q", "-m", message)

    def _git(self, *args: str) -> None:
        who = {f"GIT_{role}_{what}": "x@y" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
        subprocess.run(["git", *args], cwd=self.repo, check=True, env={**self.environ(), **who}, capture_output=True)

    def _stubs(self) -> None:
        (self.root / "bin").mkdir()
        for name in {*TOOLS, "rm", "sh", "bash", "tee", "xargs", "sudo", "find", "evil", "ssh"} - set(REAL):
            path = self.root / "bin" / name
            if name not in ("bash", "sh"):
                path.write_text(STUB)
                path.chmod(0o755)

    def environ(self) -> Mapping[str, str]:
        return {
            "PATH": f"{self.root}/bin:/usr/bin:/bin",
            "HOME": str(self.home),
            "API_TOKEN": CANARY,
            "GIT_CONFIG_NOSYSTEM": "1",
        }

    def state(self) -> str:
        """A digest of every name, mode, target and content outside of what the test itself writes."""
        digest = hashlib.sha256()
        for folder in (self.repo, self.home, self.root / "outside", self.root / "bin"):
            for path in sorted(folder.rglob("*")):
                status = path.lstat()
                content = path.read_bytes() if path.is_file() and not path.is_symlink() else b""
                digest.update(f"{path} {status.st_mode} {status.st_size} {status.st_mtime_ns}\n".encode() + content)
        return digest.hexdigest()

    def unchanged(self) -> bool:
        """Whether nothing differs from what it was when this was asked last."""
        before, self.before = self.before, self.state()
        return before == self.before

    def one(self, command: str, **options: object) -> tuple[Status, str, int | None, list[str]]:
        """Status, output with reason, exit code, and the calls of stubs."""
        self.calls.unlink(missing_ok=True)
        results = run(
            [command],
            repo=str(self.repo),
            out=str(self.root / "out"),
            redact=str,
            environ=self.environ(),
            seconds=10,
        )
        calls = self.calls.read_text().splitlines() if self.calls.exists() else []
        return results[0].status, results[0].output + results[0].reason, results[0].exit_code, calls


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    yield Sandbox(tmp_path_factory.mktemp("sandbox"))


@pytest.mark.parametrize("command", commands("honest.txt"))
def test_an_honest_command_runs_and_changes_nothing(sandbox: Sandbox, command: str) -> None:
    status, output, _, _ = sandbox.one(command)
    assert status is Status.RAN, output
    assert sandbox.unchanged()
    assert CANARY not in output


@pytest.mark.parametrize("command", commands("hostile.txt"))
def test_a_hostile_command_is_refused_and_starts_nothing(sandbox: Sandbox, command: str) -> None:
    status, output, _, calls = sandbox.one(command)
    assert status is Status.REFUSED
    assert not calls
    assert sandbox.unchanged()
    assert CANARY not in output
    assert output and "\n" not in output


def test_both_lists_are_long_enough() -> None:
    assert len(commands("honest.txt")) >= 150 and len(commands("hostile.txt")) >= 150
    assert {tool for tool in TOOLS if not any(line.split()[0] == tool or f"| {tool}" in line or f" {tool} " in line
                                              for line in commands("honest.txt"))} == set()  # fmt: skip


def test_more_honest_commands_are_allowed(sandbox: Sandbox) -> None:
    place = Place(str(sandbox.repo))
    refused = [p for c in commands("honest_more.txt") if isinstance(p := parse(c, place=place), Refusal)]
    assert refused == []


def test_more_hostile_commands_are_refused(sandbox: Sandbox) -> None:
    place = Place(str(sandbox.repo))
    allowed = [p for c in commands("hostile_more.txt") if not isinstance(p := parse(c, place=place), Refusal)]
    assert allowed == []


@pytest.mark.parametrize(
    "command", ["cat .e*", "cat *env*", "cat .env* talos/up.sh", "cat talos/*", "grep -r . .", "head .[e]nv*"]
)
def test_a_glob_never_reaches_a_secret(sandbox: Sandbox, command: str) -> None:
    _, output, _, _ = sandbox.one(command)
    assert CANARY not in output


@pytest.mark.parametrize(
    "command",
    [
        "git grep .",
        "git grep -h . -- .",
        "git grep -v nothing HEAD~1",
        "git grep -e TOKEN",
        "git show",
        "git show HEAD~1",
        "git log -p",
        "git log --all -U5 -- talos",
        "git diff-tree -p HEAD~1 HEAD",
        "git diff 4b825dc642cb6eb9a060e54bf8d69288fbee4904 HEAD",
    ],
)
def test_git_leaves_committed_secrets_out(sandbox: Sandbox, command: str) -> None:
    status, output, code, _ = sandbox.one(command)
    assert status is Status.RAN
    assert code == 0 or "TOKEN" in command
    assert CANARY not in output
    assert "talos/up.sh" in output or "set -e" in output or "TOKEN" in command
