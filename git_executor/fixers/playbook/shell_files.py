# ruff: noqa: RUF001 - tools quote with typographic marks
"""Shell: a script that cannot be started as it is: its mode, its line ends."""

from __future__ import annotations

import re
from collections.abc import Iterator

from git_executor.domain import EXECUTABLE, REGULAR
from git_executor.fixers.playbook.rule import Case, Fix, Rule, Said

_READERS = r"(?:cat|cp|mv|rm|ls|ln|mkdir|rmdir|touch|tee|chmod|chown|scp|rsync|tar|sed|grep|awk|head|tail|install|stat|find|diff|open|gzip|dd)"


def executable_bit(case: Case, said: Said) -> Iterator[Fix]:
    """+x on a script with a shebang that was refused when it was started, not when it was read or written."""
    if re.search(rf"\b{_READERS}: ", said.match.string[: said.match.start("path")]):
        return
    if said.match.string.lower().startswith("permissionerror") and not any(
        re.search(r"subprocess|_execute_child|execv|Popen", line) for _, line in case.near(said.index, 20, 2)
    ):
        return
    path = case.locate(said["path"])
    blob = case.blob(path) if path else None
    if path is None or blob is None or blob.mode != REGULAR or not blob.data.startswith(b"#!"):
        return
    yield Fix(
        path, case.text(path), f"Made {path} executable",
        f"The stage starts {path} directly, but it was committed without its executable bit.", mode=EXECUTABLE,
    )  # fmt: skip


def line_ends(case: Case, said: Said) -> Iterator[Fix]:
    """CRLF to LF in a script, or in the one file that it sources, when the shell stumbled over carriage returns."""
    named = said.get("script") or case.briefing.failure.message.subject.file or ""
    path = case.locate(named) if named and named not in ("bash", "sh", "env", "/usr/bin/env") else None
    if path is not None and "\r\n" in case.text(path):
        yield with_line_feeds(case, path)
        return
    if path is None and (said.get("line") or case.out_of_reach):
        return
    for other in case.candidates[:200]:
        if (other in case.scripts() or "env" in other.rpartition("/")[2]) and "\r\n" in case.text(other):
            yield with_line_feeds(case, other)


def with_line_feeds(case: Case, path: str) -> Fix:
    return Fix(
        path, case.text(path).replace("\r\n", "\n"), f"Converted the line ends of {path} from CRLF to LF",
        "A shell takes the carriage return at the end of a line for a part of the command.",
    )  # fmt: skip


_DENIED = r"(?i:permission denied|keine berechtigung|permission non accordée|permiso denegado)"
_SCRIPT = r"(?P<script>[^\s:]+)"

RULES: tuple[Rule, ...] = (
    Rule(
        "executable-bit",
        ("permission denied", "keine berechtigung", "permission non accordée", "permiso denegado", "command not found"),
        (
            r"(?i:permission denied): (?P<path>[^\s:]+)\s*$",  # zsh, and Python's PermissionError
            r"sudo: (?P<path>\S*/\S+): command not found",
            rf"[\"'‘“]?(?P<path>[^\s:\"'‘’“”]+)[\"'’”]?: {_DENIED}",
        ),
        executable_bit,
    ),
    Rule(
        "line-ends",
        ("\\r", "^m", "bad interpreter", "invalid option", "unexpected token", "command not found", "no such file"),
        (
            rf"{_SCRIPT}: (?:line )?(?P<line>\d+): .*(?:\\r|\^M)",
            rf"{_SCRIPT}: (?:[^\s:]+)?(?:\^M|\\r)?: bad interpreter",
            rf"{_SCRIPT}: (?:line )?(?P<line>\d+): (?:set: )?(?:pipefail|-|-?[eux]+)?\s*: invalid option",
            rf"{_SCRIPT}: (?:line )?(?P<line>\d+): \s*: (?:command not found|No such file)",
            r"env: [‘'\"]?(?:ba|da|z)?sh(?:\\r|\^M)",
            r"(?:\\r|\^M)['’]?: (?:command not found|No such file|not found)",
            r"\$'[^']*\\r'",
        ),
        line_ends,
    ),
)
