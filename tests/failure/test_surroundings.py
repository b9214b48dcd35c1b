"""What a message is taken for does not depend on its company; what it is about does."""

from __future__ import annotations

import random
import re

import pytest

from git_executor.domain import Excerpt, Failure
from git_executor.failure import understand
from git_executor.failure.decoding import clean_lines
from tests.bench.failures.corpus import HERE
from tests.bench.failures.surroundings import surround
from tests.bench.failures.variants import fill

_MESSAGES = [
    message.replace("\\n", "\n")
    for name in ("lines.tsv", "lines-2.tsv")
    for _, _, message in (line.partition("\t") for line in (HERE / "logs" / name).read_text().splitlines())
]


def _understand(text: str) -> Failure:
    return understand(Excerpt(tuple(clean_lines(text))), stage="apps")


def test_in_other_company_a_message_keeps_its_hash() -> None:
    told = astray = 0
    for number, message in enumerate(_MESSAGES[::3]):
        alone = _understand(f"applying\n{message}\n")
        if alone.message.text == "applying":
            continue
        for telling in range(2):
            found = _understand(surround(message, random.Random(number * 10 + telling)))
            told += 1
            astray += found.fingerprint != alone.fingerprint
    assert told > 500
    assert astray <= 0.02 * told


@pytest.mark.parametrize("template", (HERE / "noise.txt").read_text(encoding="utf-8").splitlines())
def test_what_chance_puts_into_a_message_does_not_matter(template: str) -> None:
    texts = [f"==> x\n{fill(template, random.Random(seed))}\nmake: *** [all] Error 1\n" for seed in range(4)]
    assert len({_understand(text).fingerprint for text in texts}) == 1


@pytest.mark.parametrize(
    ("pattern", "other"),
    [
        (r"\b[a-z][\w-]*(?=\.(?:ya?ml|json|toml|conf|env|iso)\b)", "other-file"),
        (r"\b10\.\d+\.\d+\.\d+\b", "10.77.66.55"),
        (r"(?<=VM )\d{3}\b", "977"),
        (r"(?<=[\w]:)(?:80|443|6443|8006|50000)\b", "4321"),
    ],
)
def test_a_message_about_something_else_has_another_hash(pattern: str, other: str) -> None:
    seen = 0
    for message in _MESSAGES:
        failure = _understand(message)
        found = re.search(pattern, failure.message.text)
        if found is None or found[0] not in message or "->" in message or " on 10." in message:
            continue
        seen += 1
        changed = _understand(message.replace(found[0], other))
        assert changed.fingerprint != failure.fingerprint, message
    assert seen >= 5


def _same(one: str, another: str) -> bool:
    return _understand(one).fingerprint == _understand(another).fingerprint


@pytest.mark.parametrize(
    ("template", "first", "second"),
    [
        ("YAMLException:\n\n\t=====\n\tYour YAML file '{}' is invalid\n\t=====\n", "/opt/a.yaml", "/opt/b.yaml"),
        ("ERROR Error while reading config: Invalid YAML syntax:\n\nDuplicate key \"x\"\n  in \"{}\", line 9, column 1\n", "/c/a.yaml", "/c/b.yaml"),
        ("error: Your local changes to the following files would be overwritten by merge:\n\t{}\nPlease commit", "a.yaml", "b.yaml"),
        ("Illuminate\\Database\\QueryException \n\n  SQLSTATE[08006] could not translate host name \"{}\" to address\n", "pg1", "pg2"),
        ("ERROR! Syntax Error while loading YAML.\n  mapping values\n\nThe error appears to have been in '{}': line 2, column 7, but\n", "/srv/a.yml", "/srv/b.yml"),
        ("panic: nil map\n\ngoroutine 4 [running]:\nmain.{}(0xc0001)\n\t/srv/gen/main.go:21 +0x8e\n", "renderNode", "renderCluster"),
        ('{{"level":"error","msg":"Reconciler error","HelmRelease":{{"name":"{}","namespace":"apps"}},"error":"timed out"}}\n', "web", "db"),
        ("+ curl -fsSL https://lab.example/{}\ncurl: (22) The requested URL returned error: 404\n", "a.iso", "b.iso"),
        ("+ talosctl bootstrap -n {}\nerror executing bootstrap: rpc error: code = AlreadyExists desc = etcd data directory is not empty\n", "10.0.0.31", "10.0.0.32"),
        ("Connecting to {} (104.21.1.1:443)\nwget: download timed out\n", "factory.talos.dev", "ghcr.io"),
    ],
)  # fmt: skip
def test_what_a_message_is_about_is_found_around_it(template: str, first: str, second: str) -> None:
    assert not _same(template.format(first), template.format(second))
    assert _same(template.format(first), "==> step\n" + template.format(first) + "make: *** [Makefile:3: x] Error 1\n")


@pytest.mark.parametrize(
    ("text", "classification"),
    [
        # tries that were given up point back; those that were not the last yield to what came later
        (
            "failed to request info, will try again: dial tcp 10.0.0.9:6443: connect: no route to host\n"
            "abort: gave up waiting for the control plane after 30 attempts\n",
            "network_error",
        ),
        (
            "dial tcp 10.0.0.9:50000: connect: connection refused (attempt 1/30)\n[x] api up\n"
            "error executing bootstrap: rpc error: code = FailedPrecondition desc = only on a control plane node\n",
            "talos_error",
        ),
        # what is ignored in brackets is the line's own trouble
        ("mount: /srv: permission denied\nupload: 403 Forbidden (ignored, the job has failed)\n", "permission_denied"),
        # sections about the machine's state
        (
            "make: ./x.sh: Permission denied\nmake: *** [perm] Error 127\n--- talosctl support (best effort) ---\n"
            "nodes are not set for the command\n--- end ---\n",
            "permission_denied",
        ),
        # a program's own words within a reporter's information
        (
            "INFO: starting\nINFO: tar: /mnt/nas/x.tmp: Cannot open: Permission denied\n"
            "ERROR: Backup of VM 153 failed - command 'tar x' failed: exit code 2\njob errors\n",
            "permission_denied",
        ),
        # an option's name is no excuse
        ("unable to create CT 109 - command 'tar --warning=no-file-ignored -x' failed: exit code 2\n", "proxmox_error"),
        ("- Installed hashicorp/oci v6.13.0 (unauthenticated)\nError: dial tcp: i/o timeout\n", "network_error"),
        ('fatal: [x]: FAILED! => {"cmd": "helmfile sync", "msg": "[Errno 2] No such file or directory: \'helmfile\'"}\n',
         "command_not_found"),
    ],
)  # fmt: skip
def test_what_stands_around_a_message_is_weighed(text: str, classification: str) -> None:
    assert _understand("==> step\n" + text).classification == classification


def test_processes_that_write_at_the_same_time_are_told_apart() -> None:
    said = (
        "╷\n│ Error: clone failed: can't lock file '/var/lock/x' - got timeout\n│\n"
        "│   with proxmox_vm_qemu.web,\n│   on main.tf line 9:\n╵\n"
    )
    other = ("image imported", "node ready", "GET /healthz 200", "probe 200", "pulled 3 layers", "node ready")
    mixed = "".join(
        f"[main] {line}\n[worker-2] {noise}\n" for line, noise in zip(said.splitlines(), other, strict=True)
    )
    assert _same(said, mixed)
