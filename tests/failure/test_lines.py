"""Prefixes come off, words stay."""

from __future__ import annotations

import pytest

from git_executor.failure.lines import Level, read_lines


@pytest.mark.parametrize(
    ("raw", "text", "level"),
    [
        ("2024-01-02T03:04:05.678Z ##[error]Process completed", "Process completed", Level.ERROR),
        ("Jan  2 03:04:05 pve1 systemd[1]: k3s.service: Failed", "k3s.service: Failed", Level.NONE),
        ("2024-05-01T10:00:00+0200 node1 k3s[123]: boom", "boom", Level.NONE),
        ("2024-05-01T10:00:00Z cat: cluster/x: No such file", "cat: cluster/x: No such file", Level.NONE),
        (
            'time="2024-05-01T10:00:00Z" level=fatal msg="cannot start" error="port"',
            "cannot start: port",
            Level.ERROR,
        ),
        (
            '{"level":"error","ts":1,"msg":"Reconciler error","error":"dial tcp"}',
            "Reconciler error: dial tcp",
            Level.ERROR,
        ),
        ("E1122 21:18:38.125303   10788 memcache.go:265] boom", "boom", Level.ERROR),
        ("#12 0.345 /bin/sh: 1: foo: not found", "/bin/sh: 1: foo: not found", Level.NONE),
        ("[12:01:02] [ERROR] [talos] SSH_USER not set", "SSH_USER not set", Level.ERROR),
        ("│ Error: Unsupported argument", "Error: Unsupported argument", Level.NONE),
        ("npm ERR! enoent x", "enoent x", Level.ERROR),
        ("web-1  | boom", "boom", Level.NONE),
        ("01E boom", "boom", Level.NONE),
        ("10.0.0.1:6443 x", "10.0.0.1:6443 x", Level.NONE),
        ("fatal: [pve1]: FAILED! => {}", "fatal: [pve1]: FAILED! => {}", Level.NONE),
        ("Warning: deprecated", "Warning: deprecated", Level.WARN),
        (
            "x.sh: Zeile 12: helm: Kommando nicht gefunden.",
            "x.sh: line 12: helm: command not found",
            Level.NONE,
        ),
        ("bash: ligne 3 : helm : commande introuvable", "bash: line 3: helm: command not found", Level.NONE),
        ("cat: x: Нет такого файла или каталога", "cat: x: No such file or directory", Level.NONE),
    ],
)
def test_prefixes_levels_and_languages(raw: str, text: str, level: Level) -> None:
    (line,) = read_lines([raw])
    assert (line.text, line.level) == (text, level)


def test_ansible_tasks_are_remembered() -> None:
    lines = read_lines(["TASK [copy config] ****", "fatal: x", "PLAY RECAP ***", "later"])
    assert [line.task for line in lines] == ["copy config", "copy config", None, None]
