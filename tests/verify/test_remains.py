"""What the log names must not be left as it was; what only looks so must pass."""

from __future__ import annotations

import pytest

from git_executor.domain import Change, Classification, Excerpt, Failure, Message, Subject
from git_executor.verify.remains import remains

UNSET = ("x.sh: line 5: SSH_USER: unbound variable", Subject(file="x.sh", line=5, variable="SSH_USER"))
DASH = ("x.sh: 5: SSH_USER: parameter not set", Subject(file="x.sh", line=5, variable="SSH_USER"))
MISSING = ("x.sh: line 3: kubeclt: command not found", Subject(file="x.sh", line=3, command="kubeclt"))
SCRIPT = 'set -eu\nSSH_PORT=22\nkubeclt get nodes\n# SSH_USER is root\nssh "$SSH_USER@pve1"\n'

LEFT = [
    (UNSET, "SSH_PORT=22\n", "SSH_PORT=2222\n"),
    (DASH, "SSH_PORT=22\n", "SSH_PORT=2222\n"),
    (UNSET, "SSH_PORT=22\n", 'if [ -z "$SSH_USER" ]; then\n  exit 1\nfi\nSSH_PORT=22\n'),
    (UNSET, "# SSH_USER is root\n", "# SSH_USER=root\n"),
    (UNSET, '"$SSH_USER@pve1"', '"${SSH_USER}@pve1"'),
    (MISSING, "SSH_PORT=22\n", "SSH_PORT=2222\n"),
    (MISSING, "kubeclt get nodes", "kubeclt get node"),
    (MISSING, "kubeclt get nodes", "echo; kubeclt get nodes  # kubectl"),
]
GONE = [
    (UNSET, "SSH_PORT=22\n", "SSH_PORT=22\nSSH_USER=root\n"),
    (UNSET, "SSH_PORT=22\n", 'SSH_PORT=22\n: "${SSH_USER:?set it}"\n'),
    (UNSET, "SSH_PORT=22\n", "SSH_PORT=22\n. ./lab.env\n"),
    (UNSET, "SSH_PORT=22\n", "SSH_PORT=22\nread -r SSH_USER\n"),
    (UNSET, '"$SSH_USER@pve1"', '"${SSH_USER:-root}@pve1"'),
    (UNSET, '"$SSH_USER@pve1"', "root@pve1"),
    (UNSET, '"$SSH_USER@pve1"', '"$SSH_LOGIN@pve1"'),
    (MISSING, "kubeclt get", "kubectl get"),
    (MISSING, "SSH_PORT=22\n", "PATH=$PATH:/opt/bin\nSSH_PORT=22\n"),
    (MISSING, "SSH_PORT=22\n", 'kubeclt() {\n  kubectl "$@"\n}\n'),
    (MISSING, "SSH_PORT=22\n", "source lib/kube.sh\n"),
]


def change(old: str, new: str, text: str = SCRIPT) -> Change:
    assert old in text
    return Change("x.sh", text.encode(), text.replace(old, new, 1).encode())


def failure(said: str, subject: Subject) -> Failure:
    return Failure("s", Excerpt((said,)), Message(said, 0, subject), Classification.UNKNOWN, (), None, "v1:0", "abcd")


@pytest.mark.parametrize(("log", "old", "new"), LEFT)
def test_a_fault_that_is_left_is_said(log: tuple[str, Subject], old: str, new: str) -> None:
    (said,) = remains([change(old, new)], failure(*log))
    assert "still" in said


@pytest.mark.parametrize(("log", "old", "new"), GONE)
def test_a_fault_that_is_mended_is_not(log: tuple[str, Subject], old: str, new: str) -> None:
    assert remains([change(old, new)], failure(*log)) == []


@pytest.mark.parametrize(("log", "text"), [(UNSET, "a: 1\n"), (MISSING, "a: 1\n"), (UNSET, "SSH_USERS=1\n: $SSH_USERS\n")])
def test_a_file_that_does_not_hold_it_is_not_judged(log: tuple[str, Subject], text: str) -> None:
    assert remains([Change("y", text.encode(), b"b: 2\n")], failure(*log)) == []


@pytest.mark.parametrize("subject", [Subject(), Subject(variable="a b"), Subject(command="$(x)"), Subject(variable="(")])
def test_what_the_log_does_not_say_is_not_judged(subject: Subject) -> None:
    for text, _ in (UNSET, MISSING):
        assert remains([change("22", "23")], failure(text, subject)) == []
