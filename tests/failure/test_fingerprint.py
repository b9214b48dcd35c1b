"""What is masked, and what never is: with this table a person can predict when two hashes are equal."""

from __future__ import annotations

import pytest

from git_executor.failure.candidates import Context
from git_executor.failure.fingerprint import fingerprint, mask

SAME = [
    ("./x.sh: line 3: A: unbound variable", "./x.sh: line 44: A: unbound variable"),
    ("x.sh: 3: jq: not found", "x.sh: 12: jq: not found"),
    ("main.py:3:9: boom", "main.py:14: boom"),
    ("at 2025-01-02T03:04:05Z it broke", "at 2026-11-12 13:14:15.123 it broke"),
    ("read tcp 10.0.0.7:41234->10.0.0.1:6443: reset", "read tcp 192.168.1.9:59999->10.0.0.1:6443: reset"),
    ("pod web-7d4f8b9c6d-x2x9z failed", "pod web-6b8c7d5f4-kq2wt failed"),
    ("open /tmp/tmp.aB3dE5gH/x.yaml", "open /tmp/tmp.Zz9YyXxWw1/x.yaml"),
    ("open /root/lab/x", "open /home/ops/lab/x"),
    ("commit 1f2d3c4b5a69788796a5b4c3d2e1f00112233445", "commit 9a8b7c6d5e4f30213243546576879809a1b2c3d4"),
    ("after 31.5s", "after 2m4s"),
    ("attempt 3/30 failed", "attempt 17/30 failed"),
    ("99.3% full, 12 MiB left", "98 % full, 7.5 GiB left"),
    ("fault at 0x7f3a", "fault at 0x55d0c0"),
    (
        "task UPID:pve1:0003A1B2:0123ABCD:65A1B2C3:qmcreate:100:root@pam: failed",
        "task UPID:pve1:00000001:0AAAABCD:75A1B2C3:qmcreate:100:root@pam: failed",
    ),
    ("id 1b4e28ba-2fa1-11d2-883f-0016d3cca427", "id 9b4e28ba-2fa1-41d2-883f-0016d3cca42f"),
    ("‘x’   missing", "'x' missing"),
]
DIFFERENT = [
    ("dial tcp 10.0.0.1:6443: refused", "dial tcp 10.0.0.1:8006: refused"),
    ("dial tcp 10.0.0.1:6443: refused", "dial tcp 10.0.0.1:50000: refused"),
    ("dial tcp 10.0.0.1:6443: refused", "dial tcp 10.0.0.2:6443: refused"),
    ("error: 401", "error: 403"),
    ("exited with code 3", "exited with code 4"),
    ("VM 100 not running", "VM 101 not running"),
    ("chart 1.2.0", "chart 1.3.0"),
    ("image app:v1.9.1", "image app:v1.9.2"),
    ("open cluster/a.yaml", "open cluster/b.yaml"),
    ("web-0 failed", "web-1 failed"),
    ("storage 'tank'", "storage 'nvme'"),
    ("open /tmp/a.yaml", "open /tmp/b.yaml"),
    ("certificate for coredns-proxy", "certificate for coredns-quota"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_volatile_tokens_are_masked(one: str, other: str) -> None:
    assert mask(one) == mask(other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_what_identifies_a_failure_stays(one: str, other: str) -> None:
    assert mask(one) != mask(other)


def test_the_digest_is_predictable_and_depends_on_every_field() -> None:
    base = fingerprint("talos", "unknown", "boom", Context())
    assert base == "v1:" + __import__("hashlib").sha256(b"v1\ntalos\nunknown\nboom\n\n").hexdigest()[:16]
    others = {
        fingerprint("k3s", "unknown", "boom", Context()),
        fingerprint("talos", "network_error", "boom", Context()),
        fingerprint("talos", "unknown", "bang", Context()),
        fingerprint("talos", "unknown", "boom", Context(file="a.yaml")),
        fingerprint("talos", "unknown", "boom", Context(resource="vm.a")),
        fingerprint("talos", "unknown", "boom", Context(host="pve1")),
        fingerprint("talos", "unknown", "boom", Context(task="install")),
    }
    assert len(others) == 7 and base not in others
