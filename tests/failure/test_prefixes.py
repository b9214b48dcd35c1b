"""What is taken for a runner's prefix, and what is left to the message."""

from __future__ import annotations

import pytest

from git_executor.failure.lines import Level, read_lines
from git_executor.failure.prefixes import learn_prefix

MESSAGES = ["namespace/apps unchanged", "", "  indented", "bash: line 3: jq: command not found", "exit status 127"]

LEARNED = [
    "{up:8.2f}s | ",
    "{up:.3f} ",
    "(+{up:.2f}) ",
    "[T+{up:.2f}s] ",
    "runner bootstrap[4711]: ",
    "bootstrap-1  | ",
    "0|stage  | ",
    "12:00:0{n} ops-box ",
    "worker-3 >> 12:00:0{n} >> ",
    "2025-01-02T03:04:0{n}Z stdout F ",
    "2025-01-02T03:04:0{n}Z 4711 INFO [main] stage - ",
    "<30>Jan  2 03:04:0{n} gw stage[4711]: ",
    "step {n}> ",
]


@pytest.mark.parametrize("shape", LEARNED)
def test_every_line_loses_its_prefix_and_keeps_its_indentation(shape: str) -> None:
    lines = [
        (shape.format(up=0.5 + number * 1.7, n=number) + message).rstrip() for number, message in enumerate(MESSAGES)
    ]
    read = read_lines(lines)
    assert [line.text for line in read] == [message.strip() for message in MESSAGES]
    assert read[2].indent > read[0].indent


def test_levels_within_a_prefix_are_kept() -> None:
    levels = ["INFO", "INFO", "ERROR", "INFO"]
    read = read_lines([f"2025-01-02T03:04:05Z 7 {level} [main] stage - went on" for level in levels])
    assert [line.level for line in read] == [Level.INFO, Level.INFO, Level.ERROR, Level.INFO]


@pytest.mark.parametrize(
    "lines",
    [
        ["curl: (7) refused", "curl: (6) no such host", "curl: (7) refused"],
        ["ok: [pve1]", "ok: [pve2]", "changed: [pve1]", "ok: [pve2]"],
        ["Error: one", "Error: two", "Error: three"],
        ["make: *** [Makefile:3: a] Error 1", "make: *** [Makefile:9: a] Error 1"],
        ["VM 100 started", "VM 101 started"],
        ["boom"],
        [],
    ],
)
def test_what_messages_share_is_no_prefix(lines: list[str]) -> None:
    assert learn_prefix(lines) is None
