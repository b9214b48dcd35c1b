"""Hostile and huge input: never another error than ``Declined``, and never a hang."""

from __future__ import annotations

import random
from importlib import import_module

import pytest

from git_executor.fixers.playbook.families import FAMILIES
from tests.playbook.world import ask

LOGS = [
    "boot.sh: line 3: SSH_USER: unbound variable",
    "error: error parsing a.yaml: error converting YAML to JSON: yaml: line 3: mapping values are not allowed in this context",
    "boot.sh: line 9: syntax error: unexpected end of file",
    "boot.sh: line 2: lib/comon.sh: No such file or directory",
    "boot.sh: line 2: kubeclt: command not found",
    "parse error: Expected separator between values at line 3, column 5: c.json",
    "Makefile:3: *** missing separator.  Stop.",
    'error when creating "a.yaml": strict decoding error: unknown field "spec.replica"',
    "unknown keys found during decoding:",
    '  File "x.py", line 3\nSyntaxError: invalid syntax',
    "storage 'x' does not exist",
    "x.service:3: Missing '=', ignoring line.",
]
NAMES = ("boot.sh", "a.yaml", "c.json", "Makefile", "x.py", "x.service", "t.toml", ".env", "requirements.txt")


@pytest.mark.parametrize("log", LOGS)
@pytest.mark.parametrize("text", [
    "", "\n", "\0", "a" * 500_000, "$SSH_USER " * 700, "<<EOF " * 1000, '"' * 7001, "(" * 7001, "{" * 7001, "- " * 3500, "a: " * 2500,
    "kubeclt " * 900, "if " * 2000, "lib/comon.sh " * 500, "\t" * 7000, "\n".join("if true" for _ in range(3000)),
    "\n".join(f"k{n}:v" for n in range(5000)), "\n".join(f" {'x' * (n % 7)}: [" for n in range(3000)), "key: " + " " * 7000 + "x",
    "\udcff\udc80: x", "#!/bin/bash\n" + "x=$(\n" * 500,
])  # fmt: skip
def test_any_text(log: str, text: str) -> None:
    data = text.encode("utf-8", "surrogateescape")
    ask(log, dict.fromkeys(NAMES, data))


def test_random_bytes() -> None:
    chance = random.Random(7)
    alphabet = b" \t\n:-'\"[]{}#&*!|>%@`$()<>=/\\ab1\r\xff"
    for _ in range(300):
        data = bytes(chance.choice(alphabet) for _ in range(chance.randrange(400)))
        ask(chance.choice(LOGS), dict.fromkeys(NAMES, data))


def test_any_log() -> None:
    chance = random.Random(8)
    for _ in range(300):
        log = "".join(chance.choice("abc /.:'\"$()[]{}\\\n: line 3: not found") for _ in range(200)) or "x"
        ask(log.strip("\n") or "x", {"boot.sh": "#!/bin/bash\n", "a.yaml": "a: b: c\n"})


def test_ten_thousand_files() -> None:
    files = {f"k/{n}.yaml": "a: 1\n" for n in range(10_000)} | {f"s/{n}.sh": "#!/bin/sh\n" for n in range(2_000)}
    for log in LOGS:
        assert ask(log, files).proposal is None


def test_each_family_is_called_for_by_the_words_of_its_rules() -> None:
    for name, words in FAMILIES:
        rules = import_module(f"git_executor.fixers.playbook.{name}").RULES
        assert all(any(word in of_rule for word in words) for rule in rules for of_rule in rule.words), name
        assert all(any(word in of_rule for rule in rules for of_rule in rule.words) for word in words), name
