"""The fixers that run no Ollama: saved answers, accepted fixes, any command; and how all are built."""

from __future__ import annotations

import os
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from git_executor.domain import Attempt, Briefing, Classification, Excerpt, Failure, Message, Outcome, Stage
from git_executor.errors import Declined, FixerUnavailable, UsageError
from git_executor.fixers import answer_form, build
from git_executor.fixers.answers import finished
from git_executor.settings import Machine
from tests.fixers.trees import Files

DIFF = "--- a/boot.sh\n+++ b/boot.sh\n@@ -1,3 +1,3 @@\n one\n-two\n+TWO\n three\n"
FAILURE = Failure("s", Excerpt(("x",)), Message("x", 0), Classification.UNKNOWN, (), None, "v1:0", "abc")
BRIEFING = Briefing(stage=Stage("s"), failure=FAILURE, prompt="the prompt", candidates=("boot.sh",))
ACCEPTED = Attempt("d" * 40, "s", "abc", 1, "unknown", Outcome.FIXED, fix="say TWO", diff=DIFF, patch_id="p1")


def test_unknown_names_are_refused_with_near_ones() -> None:
    with pytest.raises(UsageError, match="ollama"):
        build("olama", Machine())
    with pytest.raises(UsageError, match="known fixers"):
        build("zzzzzzzz", Machine())


@pytest.mark.parametrize(
    ("model", "form"),
    [("qwen2.5-coder:7b", "blocks"), ("qwen2.5-coder:32b", "diff"), ("llama3", "blocks"), ("smollm2:135m", "blocks")],
)
def test_the_form_of_an_answer_follows_the_model(model: str, form: str) -> None:
    assert answer_form("ollama", Machine(model=model)) == form
    assert answer_form("codex", Machine(model=model)) == "diff"
    assert answer_form("ollama", Machine(model=model, answer_form="file")) == "file"
    with pytest.raises(UsageError):
        answer_form("ollama", Machine(answer_form="poem"))


def test_scripted_gives_one_file_or_a_directory_in_order(tmp_path: Path) -> None:
    (tmp_path / "2.txt").write_text("second")
    (tmp_path / "1.txt").write_text("first")
    fixer = build("scripted", Machine(), answers=tmp_path)
    assert [fixer.propose(BRIEFING, Files()).answer for _ in range(2)] == ["first", "second"]
    with pytest.raises(Declined, match="no further"):
        fixer.propose(BRIEFING, Files())
    assert build("scripted", Machine(), answers=tmp_path / "1.txt").propose(BRIEFING, Files()).answer == "first"
    with pytest.raises(UsageError):
        build("scripted", Machine(), answers=tmp_path / "none")


def test_recorded_proposes_an_accepted_fix_that_still_fits() -> None:
    briefing = BRIEFING._replace(accepted=(ACCEPTED,))
    proposal = build("recorded", Machine()).propose(briefing, Files({"boot.sh": "zero\none\ntwo\nthree\nfour\n"}))
    assert DIFF.rstrip() in proposal.answer
    assert proposal.fixer == "recorded/dddddddddddd"
    assert proposal.note.fix == "say TWO"


@pytest.mark.parametrize(
    ("text", "changes"),
    [
        ("one\nTWO\nthree\n", {}),
        ("one\ntwo\nthree\none\ntwo\nthree\n", {}),
        ("one\ntwo\nthree\n", {"history": (ACCEPTED,)}),
        ("one\ntwo\nthree\n", {"candidates": ()}),
        ("one\ntwo\nthree\n", {"accepted": ()}),
    ],
    ids=["applied", "twice", "tried", "out of scope", "none"],
)
def test_recorded_declines(text: str, changes: dict[str, object]) -> None:
    briefing = BRIEFING._replace(**{"accepted": (ACCEPTED,), **changes})  # type: ignore[arg-type]
    with pytest.raises(Declined):
        build("recorded", Machine()).propose(briefing, Files({"boot.sh": text}))


def command(code: str, **changes: object) -> Machine:
    return replace(Machine(command=f"{sys.executable} -c '{code}'"), **changes)  # type: ignore[arg-type]


def test_a_command_gets_the_prompt_and_answers() -> None:
    machine = command("import sys; print(sys.stdin.read().upper())")
    proposal = build("command", machine).propose(BRIEFING, Files())
    assert proposal.answer == "THE PROMPT\n"
    assert proposal.fixer.startswith("command/python")


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ('import sys; sys.exit("no key")', "no key"),
        ("import time; time.sleep(60)", "did not answer"),
        ("raise SystemExit(3)", "status 3"),
    ],
)
def test_a_command_that_fails_is_unavailable(code: str, says: str) -> None:
    with pytest.raises(FixerUnavailable, match=says):
        build("command", command(code, total_timeout=1)).propose(BRIEFING, Files())


@pytest.mark.parametrize("text", ["", "'unclosed", "/no/such/program --x"])
def test_a_command_that_cannot_run(text: str) -> None:
    with pytest.raises((UsageError, FixerUnavailable)):
        build("command", Machine(command=text)).propose(BRIEFING, Files())


def test_a_command_starts_in_an_empty_directory_and_its_children_end_with_it(tmp_path: Path) -> None:
    child = tmp_path / "child"
    code = (
        "import os, subprocess, sys; print(os.listdir(), flush=True); "
        'p = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]); '
        f'open("{child}", "w").write(str(p.pid))'
    )
    assert build("command", command(code)).propose(BRIEFING, Files()).answer.strip() == "[]"
    pid = int(child.read_text())
    end = time.monotonic() + 5
    while time.monotonic() < end and _alive(pid):
        time.sleep(0.02)
    assert not _alive(pid)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().split(")")[1][:3]
    except (ProcessLookupError, FileNotFoundError):
        return False


BLOCK = "boot.sh\n<<<<<<< SEARCH\na\n=======\n"


@pytest.mark.parametrize(
    ("answer", "end"),
    [
        (BLOCK + "b\n", "b\n>>>>>>> REPLACE\n"),
        (BLOCK + "b", "b\n>>>>>>> REPLACE\n"),
        (BLOCK + "b\n>>>>>>> REPLACE\n" + BLOCK + "c", "c\n>>>>>>> REPLACE\n"),
    ],
)
def test_a_finished_answer_gets_the_mark_that_its_last_block_lacks(answer: str, end: str) -> None:
    assert finished(answer).endswith(end) and finished(finished(answer)) == finished(answer)


@pytest.mark.parametrize(
    "answer",
    [
        BLOCK + "b\n>>>>>>> REPLACE\nFix: x\n",
        BLOCK + "b\nFix: x\n",
        BLOCK + "b\n```\n",
        "boot.sh\n<<<<<<< SEARCH\na\n",
        BLOCK + "b\n=======\nc\n",
        "a <<<<<<< SEARCH b\n",
        "<<<<<<< HEAD\na\n=======\nb\n",
        "<" * 50_000,
        ("<<<<<<< SEARCH\n=======\n" * 5000),
        "",
    ],
)
def test_what_is_whole_or_not_clear_stays(answer: str) -> None:
    assert finished(answer) == answer
