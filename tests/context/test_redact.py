"""Secrets go, look-alikes stay, and what comes back is what went in."""

from __future__ import annotations

import string
import subprocess
import sys

import pytest
from hypothesis import given, settings, strategies as st

from git_executor.context.redact import Redactor
from tests.bench.redact.corpus import Case, cases

PIECES = [
    *("password", "token: ", "=", "'", '"', "\n", "  ", "<REDACTED-TOKEN-1>", "${X}", "-----BEGIN PRIVATE KEY-----"),
    *("value: ", "name: API_KEY", "hunter2x9", "kind: Secret\n", "data:\n", "://u:p@h", "Bearer ", "eyJ", "\\", "|"),
    *("\u00e9", "\u2028", "\x00", "\r"),
]
FRAGMENTS = st.sampled_from(PIECES)
TEXTS = st.lists(st.one_of(FRAGMENTS, st.text(max_size=12)), max_size=30).map("".join)


@pytest.mark.parametrize("name", ["secrets", "secrets2"])
def test_nearly_every_secret_of_the_corpus_goes(name: str) -> None:
    leaks = [(secret, case.text) for case in cases(name, 7) for secret in case.secrets if secret in redacted(case)]
    total = sum(len(case.secrets) for case in cases(name, 7))
    assert len(leaks) <= 0.02 * total, leaks


@pytest.mark.parametrize("name", ["lookalikes", "lookalikes2"])
def test_what_only_looks_like_a_secret_stays(name: str) -> None:
    damaged = [case.text for case in cases(name, 7) if redacted(case) != case.text]
    assert not damaged


@pytest.mark.parametrize("name", ["secrets", "secrets2"])
def test_public_parts_beside_secrets_stay(name: str) -> None:
    for case in cases(name, 8):
        for value in case.kept:
            assert value in redacted(case)


def redacted(case: Case) -> str:
    return Redactor().redact(case.text)


@given(TEXTS)
@settings(max_examples=300, deadline=None)
def test_redacting_keeps_lines_is_undone_by_restore_and_changes_nothing_the_second_time(text: str) -> None:
    redactor = Redactor()
    once = redactor.redact(text)
    assert once.count("\n") == text.count("\n")
    assert redactor.restore(once) == text
    assert redactor.restore(redactor.redact(once)) == text


def test_the_same_secret_has_the_same_placeholder_everywhere() -> None:
    redactor = Redactor()
    first = redactor.redact("DB_PASSWORD=hunter2x9\nOTHER_PASSWORD=zebra77y\n")
    again = redactor.redact("url: postgres://app:hunter2x9@db/app")
    assert first == "DB_PASSWORD=<REDACTED-PASSWORD-1>\nOTHER_PASSWORD=<REDACTED-PASSWORD-2>\n"
    assert again == "url: postgres://app:<REDACTED-PASSWORD-1>@db/app"
    assert dict(redactor.placeholders) == {"<REDACTED-PASSWORD-1>": "hunter2x9", "<REDACTED-PASSWORD-2>": "zebra77y"}


def test_a_placeholder_in_the_text_is_never_given_to_a_secret() -> None:
    redactor = Redactor()
    text = "see <REDACTED-PASSWORD-1>\npassword: hunter2x9\n"
    assert redactor.redact(text) == "see <REDACTED-PASSWORD-1>\npassword: <REDACTED-PASSWORD-2>\n"


@pytest.mark.parametrize(
    "echo",
    [
        "got Xy7kQ2mPv9LsW4tZ",
        "got Xy7kQ2mPv9Ls...",
        "got ...mPv9LsW4tZ",
        "got WHk3a1EybVB2OUxzVzR0Wg==",
        "?k=Xy7kQ2mPv9LsW4tZ&x",
    ],
)
def test_a_learnt_secret_is_known_alone_cut_and_encoded(echo: str) -> None:
    redactor = Redactor()
    redactor.learn("Xy7kQ2mPv9LsW4tZ9a8b")
    redactor.learn("Xy7kQ2mPv9LsW4tZ")
    out = redactor.redact(echo)
    assert "REDACTED" in out and "mPv9Ls" not in out and "a1Eyb" not in out


def test_secrets_that_begin_alike_do_not_nest_too_deep() -> None:
    redactor = Redactor()
    for count in range(9, 400):
        redactor.learn("ab1" * (count // 3) + "x" * (count % 3))
    assert redactor.redact("got " + "ab1" * 90 + " there") == "got <REDACTED-SECRET-1> there"


def test_common_words_are_not_replaced_elsewhere() -> None:
    redactor = Redactor()
    redactor.redact("password: production\npassword: admin\n")
    assert redactor.redact("deploying to production as admin") == "deploying to production as admin"


def test_a_line_of_a_megabyte_does_not_stall() -> None:
    for piece in (
        "a",
        "password=",
        '{"k":',
        "token ",
        "-----BEGIN PRIVATE KEY-----",
        "eyJ",
        string.ascii_letters + string.digits,
    ):
        text = piece * (1_000_000 // len(piece) // 4)
        assert Redactor().redact(text).count("\n") == 0


def test_importing_it_is_cheap() -> None:
    code = (
        "import sys, git_executor.context.redact;"
        "sys.exit(' '.join({'ollama', 'httpx', 'pygit2', 'pydantic', 'click'} & set(sys.modules)) or 0)"
    )
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
