"""No text may hang the policy or bring it down."""

from __future__ import annotations

import pytest

from git_executor.domain import Change, Rules
from git_executor.policy import judge

TEXTS = {
    "a.sh": [
        "$(" * 9000,
        '"$(' * 9000,
        "${" * 9000,
        "`" * 9001,
        "a=(" * 9000,
        "X=$X$X\nrm -rf $X\n" * 50,
        "<<E\n" * 900,
    ],
    "a.yaml": [
        "a: " + "[" * 5000,
        "- " * 20_000,
        "{{" * 20_000,
        "a: &a [*a]\n",
        "a: !!binary x\n",
        "? ? ? a\n",
        "&a [x]: *a\n",
    ],
    "a.py": ["(" * 9000, "-" * 50_000 + "1", "not " * 9000, "x=" + "[" * 85 + "]" * 85],
    "Dockerfile": ["RUN a \\\n" * 3000, "RUN <<EOF\n" * 900],
    "Makefile": ["\ta\\\n" * 3000, "$(shell " * 9000],
    "a.tf": ["<<EOF\n" * 900, '"' * 9999],
    "a.conf": ["\"'" * 9000, "password=" * 9000, "token: " * 9000, "a" * 300_000],
}


@pytest.mark.parametrize(("path", "text"), [pytest.param(p, t, id=f"{p}-{t[:10]!r}") for p in TEXTS for t in TEXTS[p]])
def test_it_ends(path: str, text: str) -> None:
    judge([Change(path, b"a\n", text.encode())], Rules("s", ("**",), ()))


def test_a_command_in_a_very_large_file_is_seen() -> None:
    old = b"#!/bin/sh\n" + b"echo a line of a long script\n" * 20_000
    verdict = judge([Change("a.sh", old, old + b"rm -rf /srv\n")], Rules("s", ("**",), ()))
    assert {v.rule for v in verdict.violations} == {"destructive-command"}
    assert verdict.violations[0].line == 20_002
