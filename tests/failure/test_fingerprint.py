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
    (
        "vzdump-qemu-100-2025_01_02-03_04_05.vma.zst is corrupt",
        "vzdump-qemu-100-2025_11_22-13_14_15.vma.zst is corrupt",
    ),
    ("member 8e9e05c52164694d is unhealthy", "member 91bc3c398fb3c146 is unhealthy"),
    ("Job apps/migrate-28912345 failed", "Job apps/migrate-29012399 failed"),
    ("goroutine 12 [running, 5 minutes]:", "goroutine 7 [running, 11 minutes]:"),
    ("run-r8f3a1c2d9e.scope failed", "run-r1b2c3d4e5f.scope failed"),
    ("session-c12.scope: killed", "session-c7.scope: killed"),
    (
        "open /var/lib/docker/overlay2/0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f9/merged/x: no",
        "open /var/lib/docker/overlay2/ffab2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f9/merged/x: no",
    ),
    (
        "failed to mount /var/lib/docker/tmp/buildkit-mount123456789/x",
        "failed to mount /var/lib/docker/tmp/buildkit-mount987654321/x",
    ),
    ("error at offset 1234: bad", "error at offset 99: bad"),
    ("attempt #3 failed", "attempt #12 failed"),
    ("gave up after 3 tries", "gave up after 12 tries"),
    ("pod has been pending for 5m12s", "pod has been pending for 7m1s"),
    ("read 1,234 bytes of 2,345", "read 12,234 bytes of 22,345"),
    ("PID=1234 died", "PID=99 died"),
    ("worker (pid: 1234) exited", "worker (pid: 7) exited"),
    ("took 1.2 s", "took 12 s"),
    ("lease 7587876543210 not found: id 694d8e9e05c52164", "lease 7587876543999 not found: id 114d8e9e05c52164"),
    ("Error: timeout after 120000ms", "Error: timeout after 119873ms"),
    ("at 3:04PM it failed", "at 11:14AM it failed"),
    ("[2025-01-02 03:04:05,123] boom", "[2025-11-22 13:14:15,999] boom"),
    ("2025/01/02 03:04:05 boom", "2025/11/22 13:14:15 boom"),
    ("Thu Jan  2 03:04:05 CET 2025: boom", "Sat Nov 22 13:14:15 CET 2025: boom"),
    ("02/Jan/2025:03:04:05 +0000 GET /x 500", "22/Nov/2025:13:14:15 +0000 GET /x 500"),
    ("ssh: connection from 10.0.0.5 port 54321 refused", "ssh: connection from 10.0.0.5 port 40022 refused"),
    ("listen tcp 127.0.0.1:39991: bind: in use", "listen tcp 127.0.0.1:52113: bind: in use"),
    (
        "image sha256:0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f9 not found",
        "image sha256:ffab2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f9 not found",
    ),
    ("req-id: Ab12Cd34 failed", "req-id: Zz98Yy76 failed"),
    ("request id=3f2a-77 denied", "request id=9c1b-02 denied"),
    ("Pipeline #1234 failed", "Pipeline #1301 failed"),
    ("could not copy to ./tmp.aB3dE5gH/x", "could not copy to ./tmp.Zz9YyXxW/x"),
    (
        "stat /root/.ansible/tmp/ansible-tmp-1721350533.3487968-383090-51785437836405/x.py",
        "stat /home/o/.ansible/tmp/ansible-tmp-1747851953.3633547-949606-66648766451941/x.py",
    ),
    ("/tmp/ssh-XXabCdEf12/agent.1234: refused", "/tmp/ssh-XXzzYyXx99/agent.777: refused"),
    ("mktemp dir /var/tmp/portage.k3Jd92 gone", "mktemp dir /var/tmp/portage.Zz81Qw gone"),
    ("cp: /tmp/f2k3jd92/x: gone", "cp: /tmp/a9s8d7f6/x: gone"),
    ("/tmp/go-build1234567/b001/exe", "/tmp/go-build7654321/b001/exe"),
    ("helm: release revision 12 failed", "helm: release revision 13 failed"),
    ('resourceVersion "123456" is stale', 'resourceVersion "923451" is stale'),
    ("nonce 0xdeadbeef", "nonce 0x01"),
    ("elapsed 00:03:12, failed", "elapsed 00:12:59, failed"),
    ("downloaded 45.2M of 61M", "downloaded 1.2M of 61M"),
    ("3 of 5 nodes ready", "2 of 5 nodes ready"),
    ("waiting for 3 more pods", "waiting for 1 more pods"),
    ("memory at 83%", "memory at 97.2 %"),
    ("Error on line 54 of /srv/x.tf", "Error on line 7 of /srv/x.tf"),
    ("x.sh: line 3: syntax error", "x.sh: line 33: syntax error"),
    ("templates/a.yaml:12:13: executing", "templates/a.yaml:99:1: executing"),
    ("(line 3, column 5) bad", "(line 9, column 1) bad"),
    ("lockfile held by PID 4242", "lockfile held by PID 17"),
    ("E1122 13:14:15.123456    1234 main.go:55] boom", "E0102 03:04:05.999999       1 main.go:57] boom"),
    ("Unit run-u123.service failed", "Unit run-u98.service failed"),
    ("MAC bc:24:11:0a:1b:2c in use", "MAC bc:24:11:ff:ee:dd in use"),
    ("trace: span=4bf92f3577b34da6 parent", "trace: span=00f067aa0ba902b7 parent"),
    ('etag "5d8c72a5edda8d6a3cba8af5b2e3d4c1"', 'etag "0d8c72a5edda8d6a3cba8af5b2e3d4ff"'),
    ("commit 1a2b3c4 not found", "commit 9f8e7d6 not found"),
    ("waited 300 seconds", "waited 299 seconds"),
    ("in 1 hour 3 minutes", "in 2 hours 14 minutes"),
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
    ("VM 100 missing", "VM 101 missing"),
    ("CT 200 is locked", "CT 2000 is locked"),
    ("port 6443 refused", "port 8006 refused"),
    ("10.20.0.10:50000 refused", "10.20.0.10:6443 refused"),
    ("status 502", "status 503"),
    ("HTTP 500 response", "HTTP 400 response"),
    ("exit code 3", "exit code 4"),
    ("rc=2", "rc=4"),
    ("version 1.29 to 1.31", "version 1.28 to 1.30"),
    ("pods in namespace media", "pods in namespace apps"),
    ("k3s v1.30.1+k3s1", "k3s v1.30.2+k3s1"),
    ("vlan 20", "vlan 30"),
    ("vmbr20 missing", "vmbr2 missing"),
    ("node w1", "node w2"),
    ("node worker-10", "node worker-20"),
    ("node-abc12 lost", "node-abd12 lost"),
    ("disk scsi0", "disk scsi1"),
    ("open /etc/app/a1.conf", "open /etc/app/a2.conf"),
    ("/dev/sda1", "/dev/sdb1"),
    ("nvme0n1 gone", "nvme1n1 gone"),
    ("curl: (6) x", "curl: (7) x"),
    ("[Errno 2] x", "[Errno 13] x"),
    ('module.vm["cp1"] x', 'module.vm["cp2"] x'),
    ("vm.cp[0] x", "vm.cp[1] x"),
    ("talos-1.9.2.iso", "talos-1.9.3.iso"),
    ('expected "2", got "1"', 'expected "3", got "1"'),
    ("user 1000", "user 1001"),
    ("uid=0", "uid=999"),
    ("job backup-1 failed", "job backup-2 failed"),
    ("/opt/helm-charts2024/x", "/opt/helm-charts2025/x"),
    ("deploy-prod1 failed", "deploy-prod2 failed"),
    ("db-0 x", "db-1 x"),
    ("signal 9", "signal 15"),
    ("10.20.0.10/24", "10.20.0.10/16"),
    ("mode 0644", "mode 0755"),
    ("replicas 3", "replicas 5"),
    ("section web-cache1 x", "section web-cache2 x"),
    ("error code 9109", "error code 9110"),
    ("hostname pve-01", "hostname pve-02"),
    ("replica default-web2", "replica default-web3"),
    ("job etl failed", "job sync failed"),
    ("chart cilium-1.16.3", "chart cilium-1.15.0"),
    ("configmap app-conf5", "configmap app-conf6"),
    ("RAM 2048 too small", "RAM 4096 too small"),
    ("mtu 1500", "mtu 9000"),
    ("service nginx-ingress-proxy", "service nginx-ingress-https"),
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
