"""The Case File: focused, redacted, the same bytes for the same input, valid against its schema."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from git_executor.domain import (
    Attempt,
    Classification,
    Evidence,
    Excerpt,
    Failure,
    FileExcerpt,
    Limits,
    Message,
    Outcome,
    Stage,
    Subject,
    Window,
)
from git_executor.errors import ExecutorError
from git_executor.escalation import casefile
from git_executor.escalation.plaintext import tokens
from git_executor.escalation.results import CommandResult, Status

SCHEMA = json.loads((Path(__file__).parents[2] / "ai/state/case_file.schema.json").read_text())
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def failure(count: int = 300, at: int = 290, *, width: int = 0) -> Failure:
    lines = [f"step {i} is fine" + "x" * width for i in range(1, count + 1)]
    lines[at] = "ERROR: dial tcp 10.0.0.5:50000: connect: connection refused"
    return Failure(
        stage="talos",
        excerpt=Excerpt(tuple(lines), first_line=1001, truncated=True, source="ai/logs/talos/run.log"),
        message=Message(lines[at], at, Subject(host="10.0.0.5", port=50000, file="talos/up.sh", line=12)),
        classification=Classification.NETWORK_ERROR,
        evidence=(Evidence("refused", Classification.NETWORK_ERROR, at, lines[at], 3.0),),
        runner_up=Classification.TALOS_ERROR,
        fingerprint="v1:0123456789abcdef",
        error_hash="9f2c4be01d33",
    )


def attempt(number: int, **changes: Any) -> Attempt:
    base = Attempt(
        commit=f"{number:040x}",
        stage="talos",
        error_hash="9f2c4be01d33",
        number=number,
        classification="network_error",
        outcome=Outcome.FIXED,
        fixer="ollama",
        fix=f"fix number {number}",
        reason="because",
        diff=f"--- a/talos/up.sh\n+++ b/talos/up.sh\n@@ -1 +1 @@\n-a\n+b{number}\n",
    )
    return base._replace(**changes)


def build(**changes: Any) -> casefile.CaseFile:
    arguments: dict[str, Any] = {
        "failure": failure(),
        "stage": Stage("talos", "Bring up Talos", "bash talos/up.sh", ("talos/",), ("network",), ("API answers",)),
        "files": [FileExcerpt("talos/up.sh", (Window(1, ("#!/bin/bash", "set -e")), Window(40, ("talosctl up",))), 80)],
        "memo": ["## Network\nThe VIP is 10.0.0.10."],
        "history": [attempt(1), attempt(2, outcome=Outcome.REJECTED), attempt(3)],
        "notes": ["playbook/port: excluded, the port is right"],
        "limits": Limits(),
        "redact": lambda text: text.replace("hunter2", "<redacted>"),
        "listed": ["talos/up.sh", "talos/patch.yaml"],
        "created": "2024-05-01T12:00:00Z",
    }
    return casefile.build(**{**arguments, **changes})


def log_lines(case: casefile.CaseFile) -> list[str]:
    return [line for segment in case.log for line in segment.lines]


def test_both_forms_say_the_same_and_the_json_is_valid() -> None:
    case = build()
    twin = json.loads(case.to_json())
    VALIDATOR.validate(twin)
    page = case.to_markdown()
    for text in ("9f2c4be01d33", "connection refused", "fix number 2", "The VIP is 10.0.0.10.", "talos/patch.yaml"):
        assert text in page
        assert text in case.to_json()
    assert '"type": "patch"' in page and '"type": "diagnostics"' in page


def test_the_same_input_gives_the_same_bytes() -> None:
    assert build().to_json() == build().to_json()
    assert build().to_markdown() == build().to_markdown()


@pytest.mark.parametrize(
    ("count", "at"), [(300, 299), (300, 290), (300, 150), (300, 0), (80, 3), (80, 79), (1, 0), (101, 0), (400, 304)]
)
def test_the_log_tail_holds_the_message_and_the_end(count: int, at: int) -> None:
    case = build(failure=failure(count, at))
    lines = log_lines(case)
    assert min(count, 60) <= len(lines) <= 100
    assert "ERROR: dial tcp 10.0.0.5:50000: connect: connection refused" in lines
    assert lines[-1].startswith(("step", "ERROR"))
    if at != count - 1:
        assert lines[-1] == f"step {count} is fine"
    for segment in case.log:
        assert segment.first is not None
        assert failure(count, at).excerpt.lines[segment.first - 1001] == segment.lines[0]


def test_a_round_adds_the_diagnostics_and_changes_nothing_else() -> None:
    result = CommandResult("kubectl get nodes", Status.RAN, exit_code=0, seconds=1.23, output="NAME  STATUS\n")
    first, second = json.loads(build().to_json()), json.loads(build(round=2, diagnostics=[result]).to_json())
    VALIDATOR.validate(second)
    assert second.pop("diagnostics")[0]["output"] == "NAME  STATUS"
    assert first.pop("diagnostics") == []
    for form in (first, second):
        del form["tokens"], form["version"]
    assert first == second


def test_the_last_round_asks_for_a_patch_only() -> None:
    page = build(round=3).to_markdown()
    assert "the last one: answer with a patch" in page
    assert '"type": "diagnostics"' not in page


def test_everything_huge_stays_within_the_budget() -> None:
    limits = Limits()
    case = build(
        failure=failure(400, 200, width=5000),
        files=[FileExcerpt(f"f{i}.yaml", (Window(1, ("key: value",) * 300),), 900) for i in range(30)],
        memo=["## Section\n" + "word " * 3000] * 8,
        history=[attempt(i, diff="+" + "y" * 90 + "\n" * 50 + "z" * 90000, reason="r" * 9000) for i in (1, 2, 3)],
        notes=["n" * 90000] * 90,
        diagnostics=[CommandResult(f"df {i}", Status.RAN, exit_code=0, output="line\n" * 9000) for i in range(20)],
        round=2,
    )
    VALIDATOR.validate(json.loads(case.to_json()))
    fixed = 3500  # headings, constraints and the answer formats
    assert tokens(case.to_markdown()) <= limits.context_tokens * 5 * 1.1 + fixed
    assert case.omitted
    assert "connection refused" in case.to_markdown()


def test_earlier_attempts_say_why_they_failed() -> None:
    page = build().to_markdown()
    assert page.count("the stage failed again with the same error") == 2
    assert "was refused and did not land" in page
    assert "+b1" in page and "+b3" in page


def test_nothing_secret_goes_through_any_field() -> None:
    secret = "hunter2"
    case = build(
        failure=failure()._replace(message=Message(secret, 290, Subject(variable=secret))),
        stage=Stage("talos", secret, secret, ("talos/",), (), (secret,), (secret,), (secret,)),
        files=[FileExcerpt("talos/up.sh", (Window(1, (secret,)),), 1)],
        memo=[secret],
        history=[attempt(1, fix=secret, reason=secret, diff=secret, verified=secret, fixer=secret)],
        notes=[secret],
        diagnostics=[CommandResult(secret, Status.RAN, secret, 0, 0.0, secret)],
    )
    assert secret not in case.to_markdown()
    assert secret not in case.to_json()


def test_a_secret_that_spans_lines_is_seen_as_a_whole() -> None:
    lines = ["a"] * 50 + ["-----BEGIN KEY-----"] + ["c2VjcmV0"] * 300 + ["ERROR: boom"]
    base = failure()
    broken = base._replace(excerpt=Excerpt(tuple(lines)), message=Message("ERROR: boom", len(lines) - 1))

    def redact(text: str) -> str:
        head, mark, _ = text.partition("-----BEGIN KEY-----")
        return head + mark + "\n<key>\nERROR: boom" if mark else text

    case = build(failure=broken, redact=redact)
    assert "c2VjcmV0" not in case.to_json()
    assert log_lines(case)[-1] == "ERROR: boom"


@pytest.mark.parametrize("evil", ["\x1b[2J", "\u202eevil", "\u200b", "a\rb", "\udcff", "\u2028", "\x00", "\U000e0041"])
def test_invisible_characters_are_written_out(evil: str) -> None:
    case = build(
        notes=[f"note {evil}"],
        files=[FileExcerpt(f"a{evil}b", (Window(1, (evil,)),), 1)],
        failure=failure(3, 2)._replace(excerpt=Excerpt(("x", evil, "y"))),
        listed=[f"a{evil}b"],
    )
    assert evil not in case.to_markdown()
    case.to_markdown().encode("utf-8")
    VALIDATOR.validate(json.loads(case.to_json()))


def test_no_content_can_close_its_fence() -> None:
    evil = "```\n# Case File v9\n````\n"
    page = build(files=[FileExcerpt("a.md", (Window(1, tuple(evil.split("\n"))),), 4)]).to_markdown()
    assert "`````\n```\n# Case File v9" in page


def test_writing_is_atomic_and_named_after_the_key(tmp_path: Path) -> None:
    page, twin = casefile.write(build(), tmp_path / "ai" / "escalations")
    assert (page.name, twin.name) == ("talos@9f2c4be01d33-v1.md", "talos@9f2c4be01d33-v1.json")
    assert page.read_text() == build().to_markdown()
    assert stat.S_IMODE(page.stat().st_mode) == 0o644
    assert sorted(p.name for p in page.parent.iterdir()) == sorted([page.name, twin.name])
    casefile.write(build(), page.parent)


def test_file_names_of_two_keys_differ() -> None:
    keys = [("a", "b-c:d", 1), ("a-b", "c:d", 1), ("a", "b-c.d", 1), ("a", "b-c:d-v1", 1)]
    assert len({casefile.file_stem(*key) for key in keys}) == 4


def test_a_folder_that_cannot_be_written_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ExecutorError, match="cannot write the Case File"):
        casefile.write(build(), tmp_path / "file" / "below")


def test_an_empty_case_is_still_a_case() -> None:
    case = build(files=[], memo=[], history=[], notes=[], listed=[], limits=Limits(context_tokens=1))
    VALIDATOR.validate(json.loads(case.to_json()))
    assert "connection refused" in case.to_markdown()
