"""From a log to the failure: the corpus, the groups of variants, and what the callers rely on."""

from __future__ import annotations

import subprocess
import sys
from collections import defaultdict

import pytest
from hypothesis import given, settings, strategies as st

from git_executor.domain import Classification, Excerpt, Failure, Signature
from git_executor.errors import ConfigError
from git_executor.failure import understand
from git_executor.failure.decoding import clean_lines
from tests.bench.failures.corpus import cases
from tests.bench.failures.variants import variants


def _understand(text: str, **options: object) -> Failure:
    return understand(Excerpt(tuple(clean_lines(text))), stage="talos", **options)  # type: ignore[arg-type]


def test_nearly_every_labelled_log_gets_its_class() -> None:
    corpus = [case for case in cases() if not case.aside]
    wrong = [case.name for case in corpus if _understand(case.text).classification != case.label]
    assert len(corpus) >= 250 and len(wrong) <= len(corpus) * 0.02, wrong


def test_what_was_kept_aside_does_not_get_worse() -> None:
    corpus = [case for case in cases() if case.aside]
    wrong = sum(_understand(case.text).classification != case.label for case in corpus)
    assert len(corpus) >= 250 and wrong <= len(corpus) * 0.12


def test_the_hash_joins_the_same_and_parts_the_different() -> None:
    groups, hashes = defaultdict(set), defaultdict(set)
    for variant in variants():
        fingerprint = _understand(variant.text).fingerprint
        groups[variant.group].add(fingerprint)
        hashes[fingerprint].add(variant.group)
    assert len(groups) >= 60
    assert [group for group, found in groups.items() if len(found) > 1] == []
    assert [found for found in hashes.values() if len(found) > 1] == []


def test_a_failure_carries_what_explains_it() -> None:
    failure = _understand(
        "TASK [x] ***\n+ helm upgrade\n./deploy.sh: line 7: helm: command not found\nmake: *** "
        "[Makefile:3: x] Error 127\n"
    )
    assert failure.classification is Classification.COMMAND_NOT_FOUND
    assert failure.message.index == 2 and failure.message.text == "./deploy.sh: line 7: helm: command not found"
    subject = failure.message.subject
    assert (subject.file, subject.line, subject.command) == ("./deploy.sh", 7, "helm")
    assert failure.evidence[0].signature == "shell-command-not-found" and failure.evidence[0].index == 2
    assert failure.fingerprint.startswith("v1:") and failure.error_hash == failure.fingerprint[3:15]


def test_the_runner_up_is_the_class_that_came_second() -> None:
    failure = _understand("rsync: connection unexpectedly closed (0 bytes received so far) [sender]\n")
    assert failure.runner_up is None
    failure = _understand("make: talosctl: No such file or directory\n")
    assert (failure.classification, failure.runner_up) == ("command_not_found", "missing_file")


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("ssh: connect to host pve1 port 2222: Connection refused", "port", 2222),
        ("dial tcp: lookup ghcr.io on 10.0.0.53:53: no such host", "host", "ghcr.io"),
        ("bash: line 1: X_Y: unbound variable", "variable", "X_Y"),
        ("cat: a/b: No such file or directory", "path", "a/b"),
        (
            "error: error parsing bad.yaml: error converting YAML to JSON: yaml: line 4: did not find expected key",
            "file",
            "bad.yaml",
        ),
        (
            'Error from server (NotFound): deployments.apps "web" not found',
            "resource",
            "deployments.apps web",
        ),
        ("curl: (6) Could not resolve host: nope.invalid", "tool", "curl"),
        ("VM 104 not running", "resource", "VM 104"),
    ],
)
def test_subjects(text: str, field: str, value: object) -> None:
    assert getattr(_understand(text).message.subject, field) == value


def test_the_callers_hash_is_kept() -> None:
    assert _understand("boom", error_hash="9f2c4be01d33").error_hash == "9f2c4be01d33"


def test_the_users_signatures_win() -> None:
    own = Signature("license", r"licence \d+ expired", Classification.PROXMOX_ERROR)
    text = "licence 7 expired\nbash: x: command not found\n"
    failure = _understand(text, signatures=[own])
    assert failure.classification is Classification.PROXMOX_ERROR and failure.evidence[0].signature == "license"
    with pytest.raises(ConfigError, match="broken"):
        _understand(text, signatures=[Signature("broken", "(", Classification.UNKNOWN)])


CAUSE = "storage 'tank' does not exist"
BEFORE = [
    "",
    "cat: local.env: No such file or directory\nnote: no local file, using defaults\n",
    "curl: (7) Failed to connect to 10.0.0.9 port 6443\nnot up yet, retrying in 5s\nAPI answered after 9s\n",
    "W: Failed to fetch http://x/InRelease  403  Forbidden\nW: Some files failed. They have been ignored.\n",
    'TASK [probe] ***\nfatal: [pve1]: FAILED! => {"msg": "permission denied"}\n...ignoring\n\n',
    "./values/a.yaml\n  12:81     warning  line too long (93 > 80 characters)  (line-length)\n\n",
    "PLAY [all] ***\n\nTASK [base : set time zone] ***\nchanged: [pve1]\n\n",
]
AFTER = [
    "",
    "\nmake: *** [Makefile:3: vms] Error 1",
    "\n[cleanup] running trap on EXIT\nrm: cannot remove '/tmp/x': No such file or directory\n[cleanup] done",
    "\n--- post-mortem ---\ncat: /var/log/x: Permission denied\n--- end post-mortem ---\nexit status 1",
    "\n[notify] posting failed: curl: (6) Could not resolve host: ntfy.lab\n[notify] this does not change the result",
    "\n==> stage failed, collecting diagnostics (best effort)\n$ kubectl get nodes\nThe connection to the server "
    "localhost:8080 was refused",
]


@pytest.mark.parametrize("after", AFTER)
@pytest.mark.parametrize("before", BEFORE)
def test_neither_what_was_survived_nor_what_came_after_changes_the_hash(before: str, after: str) -> None:
    assert _understand(before + CAUSE + after).fingerprint == _understand(CAUSE).fingerprint


def test_a_clean_up_that_no_failure_called_for_excuses_nothing_after_it() -> None:
    text = "[cleanup] running trap on EXIT\n[cleanup] done\n$ ./next.sh\nbash: jq: command not found\nexit status 127\n"
    assert _understand(text).classification is Classification.COMMAND_NOT_FOUND


def test_an_opaque_failure_is_known_by_what_ran_and_how_it_ended() -> None:
    told = [
        'TASK [{}] ***\nfatal: [pve1]: FAILED! => {{"cmd": ["{}"], "delta": "0:00:0{}.5", "msg": "non-zero return '
        'code", "rc": {}}}\n'.format(*facts)
        for facts in (("hook", "/x", 1, 9), ("hook", "/x", 7, 9), ("hook", "/x", 1, 8), ("seed", "/x", 1, 9))
    ]
    same, again, *others = [_understand(text).fingerprint for text in told]
    assert same == again and len({same, *others}) == 3


def test_a_file_missed_after_its_download_failed_is_not_the_cause() -> None:
    text = (
        "==> fetching noble.img\ncurl: (6) Could not resolve host: images.lab\n==> importing\n"
        "qemu-img: Could not open '/srv/noble.img': No such file or directory\nexit status 1\n"
    )
    assert _understand(text).classification is Classification.NETWORK_ERROR


def test_weak_evidence_is_unknown() -> None:
    for text in (
        "",
        "all is well\n",
        "[INFO] permission check passed\n",
        "WARN: connection refused, ignored\nexit status 1\n",
    ):
        assert _understand(text).classification is Classification.UNKNOWN


_WORDS = st.sampled_from(
    [
        "error:",
        "fatal: [a]: FAILED! => {",
        "│",
        "Error: x",
        "TASK [x]",
        "Traceback (most recent call last):",
        '  File "x", line 1',
        "permission denied",
        "'",
        '"',
        "{",
        "}",
        "400 Parameter verification failed.",
        "* ",
        "- | ",
        "\t",
        "../x.yaml",
        "10.0.0.1:6443",
        "level=",
        'msg="',
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(st.text(max_size=60), st.lists(_WORDS, max_size=5).map(" ".join)), max_size=30))
def test_nothing_in_a_log_can_break_it(lines: list[str]) -> None:
    failure = understand(Excerpt(tuple(lines)), stage="s")
    assert 0 <= failure.message.index <= len(lines)
    assert failure == understand(Excerpt(tuple(lines)), stage="s")


def test_importing_the_room_loads_no_tables() -> None:
    code = "import sys, git_executor.failure; print(*(m for m in sys.modules if 'git_executor' in m))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60).stdout
    assert "signatures" not in loaded and "understanding" not in loaded


_CARRIED = (
    '{"log": "==> step\\n", "stream": "stdout", "time": "2026-01-02T03:04:05.1Z"}\n'
    '{"log": "psql: error: connection to server at \\"10.0.0.9\\", port 5432 failed: Connection refused\\n", "stream": "stderr"}\n'
)


def test_the_json_that_carried_a_line_does_not_matter() -> None:
    plain = _understand(
        '==> step\npsql: error: connection to server at "10.0.0.9", port 5432 failed: Connection refused\n'
    )
    assert _understand(_CARRIED).fingerprint == plain.fingerprint


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            'Waiting for deployment "web" rollout to finish: 1 of 3\nerror: timed out waiting for the condition\n',
            'Waiting for deployment "db" rollout to finish: 1 of 3\nerror: timed out waiting for the condition\n',
        ),
        (
            "kex_exchange_identification: read: Connection reset by peer\nConnection reset by 10.0.0.2 port 22\n",
            "kex_exchange_identification: read: Connection reset by peer\nConnection reset by 10.0.0.4 port 22\n",
        ),
        (
            "npm error code ENOENT\nnpm error syscall spawn git\nnpm error path git\n",
            "npm error code ENOENT\nnpm error syscall spawn node-gyp\nnpm error path node-gyp\n",
        ),
        (
            "error: Failed to spawn: `ruff`\n  Caused by: No such file or directory (os error 2)\n",
            "error: Failed to spawn: `mypy`\n  Caused by: No such file or directory (os error 2)\n",
        ),
    ],
)
def test_whom_a_message_is_about_stands_on_a_line_beside_it(one: str, other: str) -> None:
    assert _understand(one).fingerprint != _understand(other).fingerprint
    assert _understand(one).classification is _understand(other).classification


@pytest.mark.parametrize(
    ("text", "classification"),
    [
        (
            "curl: (7) Failed to connect to x port 80\nERROR Stage apps ended with status 1. Attempt 2 of 3.\n",
            "network_error",
        ),
        (
            "Error while reading config:\n\nError reading file a.yaml: [Errno 2] No such file or directory\n",
            "missing_file",
        ),
        ("==> preflight\n  no missing files in the list\nqemu-img: Parameter 'size' is odd\n", "unknown"),
        (
            "/bin/sh: 1: pigz: not found\nnote: no pigz, using gzip instead\nError: context deadline exceeded\n",
            "unknown",
        ),
        (
            "Retrying after connection broken by 'NewConnectionError(x)': /simple/ruff/\n"
            "ERROR: No matching distribution found for ruff\n",
            "network_error",
        ),
        (
            'Traceback (most recent call last):\n  File "/srv/a.py", line 2, in <module>\n    os.execvp(tool, [])\n'
            '  File "<frozen os>", line 574, in execvp\nFileNotFoundError: [Errno 2] No such file or directory\n',
            "command_not_found",
        ),
        ("net::ERR_CONNECTION_REFUSED at http://10.0.0.9:3000\n", "network_error"),
    ],
)
def test_what_ended_the_stage_is_told_from_what_stands_around_it(text: str, classification: str) -> None:
    assert _understand(text).classification == classification
