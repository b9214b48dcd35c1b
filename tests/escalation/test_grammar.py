"""Words, paths and tables: the parts that the lists of commands do not spell out."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from git_executor.escalation.diagnostics import Pipeline, Place, Refusal, parse
from git_executor.escalation.diagnostics.paths import secret_globs, secret_shaped
from git_executor.escalation.diagnostics.tools import FILTERS, TOOLS
from git_executor.escalation.diagnostics.words import Errors, Refused, split

HERE = Path(__file__).parent


@pytest.mark.parametrize(
    "command, words",
    [
        ("a b  c", ["a", "b", "c"]),
        (" a 'b  c' ", ["a", "b  c"]),
        ("a \"b 'c'\" d", ["a", "b 'c'", "d"]),
        ('a "b\\"c\\$d\\e"', ["a", 'b"c$d\\e']),
        ("a b\\ c\\;d", ["a", "b c;d"]),
        ("a 'x'\"y\"z", ["a", "xyz"]),
        ("a '' b", ["a", "", "b"]),
        ("a b # c", ["a", "b"]),
        ("a b#c", ["a", "b#c"]),
        ("a\tb\n", ["a", "b"]),
        ("a '$x `y` ;|&><()'", ["a", "$x `y` ;|&><()"]),
    ],
)
def test_words_are_what_a_shell_would_make_of_them(command: str, words: list[str]) -> None:
    (simple,) = split(command)
    assert [word.text for word in simple.words] == words


def test_assignments_pipes_and_errors() -> None:
    first, second, third = split("A=b C='d e' x y=z 2>&1 | v 2>/dev/null|w || true")
    assert first.environ == (("A", "b"), ("C", "d e")) and [w.text for w in first.words] == ["x", "y=z"]
    assert [simple.errors for simple in (first, second, third)] == [Errors.MERGED, Errors.DROPPED, Errors.SHOWN]
    assert [word.text for word in third.words] == ["w"]


NEEDS_A_SHELL = [
    "", " ", "|", "a |", "| a", "a | | b", "A=b", "a 'b", 'a "b', "a\nb", "a\x00", "a\u202eb", "x" * 4001, "a " * 300,
    "a $(b)", 'a "$b"', "a `b`", "a <b", "a 3>b", "a &",
]  # fmt: skip


@pytest.mark.parametrize("command", NEEDS_A_SHELL)
def test_what_needs_a_shell_is_refused(command: str) -> None:
    with pytest.raises(Refused) as refused:
        for simple in split(command):
            assert simple.words
    assert str(refused.value)


SECRET = """
    .env .env.local prod.env .ENV a/.env id_rsa keys/id_ed25519 tls.key ca.pem talos/secrets.yaml
    my-secret.yml db_password.txt credentials.json kubeconfig home.kubeconfig talosconfig terraform.tfstate
    x.tfstate.backup a.tfvars .netrc secrets/x.yaml .git/config .ssh/config age.key keys.txt api-creds.yaml
    .vault_pass .npmrc wg0.conf token admin.conf
"""
PLAIN = """
    up.sh .env.example env.sh environment.yaml talos/controlplane.yaml external-secrets.yaml
    sealed-secret.yaml secret-store.yaml external-secrets/release.yaml id_rsa.pub ca.crt keyboard.yaml
    tokenizer.py monkey.yaml passwordless.md secretary.md terraform/main.tf secrets.example.yaml .gitignore
    kustomization.yaml credentials-sample.json
"""


@pytest.mark.parametrize("path", SECRET.split())
def test_a_name_that_says_secret(path: str) -> None:
    assert secret_shaped(path)


@pytest.mark.parametrize("path", PLAIN.split())
def test_a_name_that_does_not(path: str) -> None:
    assert not secret_shaped(path)


def test_globs_for_secrets_are_whole_paths() -> None:
    assert all(pattern.startswith("**/") and "//" not in pattern for pattern in secret_globs())


def test_every_filter_is_a_tool_and_every_verb_is_reachable() -> None:
    assert set(TOOLS) >= FILTERS
    for tool in TOOLS.values():
        for verb in tool.forms:
            assert verb == " ".join(verb.split()) and verb in tool.groups


def test_nothing_else_than_an_answer_comes_of_any_text(tmp_path: Path) -> None:
    rng = random.Random(8)
    lists = [line for name in ("honest.txt", "hostile.txt") for line in (HERE / name).read_text().splitlines()]
    place = Place(str(tmp_path))
    for _ in range(6000):
        words = " ".join(rng.sample(lists, 2)).split(" ")
        rng.shuffle(words)
        text = " ".join(words[: rng.randint(1, 9)])
        at = rng.randrange(len(text) + 1)
        text = text[:at] + rng.choice(["", "\x00", "\udcff", "'", "\\", "|", "[", "=", "--", "é", "\u2028"]) + text[at:]
        assert isinstance(parse(text, place=place), (Pipeline, Refusal))
    assert os.listdir(tmp_path) == []
