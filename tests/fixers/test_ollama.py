"""The official client against a real server on loopback: the wire, the limits, and every way to fail."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace

import pytest

from git_executor.domain import Briefing, Classification, Excerpt, Failure, Message, Proposal, Stage
from git_executor.errors import Declined, ExitCode, FixerUnavailable, UsageError
from git_executor.fixers.ollama import Ollama
from git_executor.fixers.ollama_host import connect
from git_executor.settings import Machine
from tests.fixers.ollama_server import OllamaServer, Reply
from tests.fixers.trees import Files

ANSWER = "```diff\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n```\nFix: b\nReason: a\n"
PROMPT = "Repair the stage, please. " * 40


def briefing(prompt: str = PROMPT, **changes: object) -> Briefing:
    failure = Failure("s", Excerpt(("x",)), Message("x", 0), Classification.UNKNOWN, (), None, "v1:0", "abc")
    made = Briefing(stage=Stage("s"), failure=failure, prompt=prompt, tokens=len(prompt) // 4)
    return made._replace(**changes)  # type: ignore[arg-type]


def machine(server: OllamaServer, **changes: object) -> Machine:
    return replace(Machine(model="coder:7b", host=server.url), **changes)  # type: ignore[arg-type]


def ask(server: OllamaServer, **changes: object) -> Proposal:
    return Ollama(machine(server, **changes)).propose(briefing(), Files())


@pytest.fixture(autouse=True)
def no_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OLLAMA_HOST", "OLLAMA_API_KEY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def test_an_answer_comes_back_as_a_proposal_that_names_the_model() -> None:
    with OllamaServer([Reply(ANSWER)]) as server:
        proposal = ask(server)
    assert proposal.answer == ANSWER
    assert proposal.fixer == "ollama/coder:7b"


def test_what_is_sent_has_context_size_seed_and_the_prompt_as_one_user_message() -> None:
    with OllamaServer([Reply(ANSWER)]) as server:
        ask(server, keep_alive="10m")
    (sent,) = server.chats
    assert sent["messages"] == [{"role": "user", "content": PROMPT}]
    assert sent["stream"] is True
    assert sent["keep_alive"] == "10m"
    assert sent["options"] == {"num_ctx": 8192, "num_predict": 1024, "seed": 1000, "temperature": 0.1}
    assert "think" not in sent or sent["think"] is None


def test_each_attempt_and_each_repair_round_has_its_own_seed_and_more_temperature() -> None:
    with OllamaServer([Reply(ANSWER)] * 4) as server:
        fixer = Ollama(machine(server))
        for attempt, feedback in ((1, ()), (1, ("no",)), (2, ()), (3, ())):
            fixer.propose(briefing(attempt=attempt, feedback=feedback), Files())
    options = [sent["options"] for sent in server.chats]
    assert len({o["seed"] for o in options}) == 4
    assert [o["temperature"] for o in options] == [0.1, 0.2, 0.5, 0.8]


def test_calls_of_any_size_load_the_model_once() -> None:
    with OllamaServer([Reply(ANSWER)] * 3) as server:
        for prompt in (PROMPT, "word " * 3_000, PROMPT):
            Ollama(machine(server)).propose(briefing(prompt), Files())
    assert (server.loads, server.loaded) == (1, {"coder:7b": 8192})


def test_a_longer_context_that_is_loaded_is_kept() -> None:
    with OllamaServer([Reply(ANSWER)] * 3) as server:
        Ollama(machine(server)).propose(briefing("word " * 12_000), Files())
        Ollama(machine(server)).propose(briefing(), Files())
        Ollama(machine(server, num_ctx=16384)).propose(briefing(), Files())
    assert [sent["options"]["num_ctx"] for sent in server.chats] == [32768, 32768, 16384]


def test_a_context_that_somebody_else_loaded_is_used_when_it_suffices() -> None:
    with OllamaServer([Reply(ANSWER)] * 2, loaded={"coder:7b": 24000}) as server:
        ask(server)
        server.loaded["coder:7b"] = 4096
        ask(server)
    assert [sent["options"]["num_ctx"] for sent in server.chats] == [24000, 8192]


def test_the_context_never_exceeds_what_the_model_can() -> None:
    with OllamaServer([Reply(ANSWER)], context_length=4096) as server:
        ask(server)
    assert server.chats[0]["options"]["num_ctx"] == 4096


@pytest.mark.parametrize(("family", "think"), [("qwen3", False), ("gptoss", "low")])
def test_a_thinking_model_is_told_to_think_little_and_gets_room(family: str, think: object) -> None:
    with OllamaServer([Reply(ANSWER, thinking="hm")], capabilities=("completion", "thinking"), family=family) as server:
        assert ask(server).answer == ANSWER
    assert server.chats[0]["think"] == think
    assert server.chats[0]["options"]["num_predict"] == 4096


@pytest.mark.parametrize(
    ("wanted", "levels", "sent"),
    [("on", False, [True]), ("high", True, ["high"]), ("high", False, ["high", True]), ("off", False, [False])],
)
def test_a_level_of_thinking_is_kept_where_the_model_knows_it(wanted: str, levels: bool, sent: list[object]) -> None:
    with OllamaServer([Reply(ANSWER)], capabilities=("completion", "thinking"), levels=levels) as server:
        assert ask(server, think=wanted).answer == ANSWER
    assert [chat.get("think") for chat in server.chats] == sent


def test_a_model_that_cannot_think_is_not_told_to() -> None:
    with OllamaServer([Reply(ANSWER)]) as server:
        ask(server, think="high")
    assert [chat.get("think") for chat in server.chats] == [None]


def test_a_server_that_is_wrong_about_its_model_is_asked_without_thinking() -> None:
    refusal = Reply(status=400, error='"coder:7b" does not support thinking')
    with OllamaServer([refusal, Reply(ANSWER)], capabilities=("completion", "thinking")) as server:
        assert ask(server, think="off").answer == ANSWER
    assert [chat.get("think") for chat in server.chats] == [False, None]


def test_a_word_that_is_no_level_or_format_is_bad_usage() -> None:
    for setting in ({"think": "hard"}, {"answer_format": "xml"}):
        with pytest.raises(UsageError):
            Ollama(replace(Machine(), **setting))  # type: ignore[arg-type]


STRUCTURED = json.dumps({"diff": "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b", "fix": "b", "reason": "a"})


def test_a_structured_answer_becomes_a_diff_and_its_note() -> None:
    with OllamaServer([Reply(STRUCTURED)]) as server:
        answer = ask(server, answer_format="json").answer
    assert answer == "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\nFix: b\nReason: a\n"
    (sent,) = server.chats
    assert set(sent["format"]["required"]) == {"diff", "fix", "reason"}
    assert sent["messages"][0]["content"].startswith(PROMPT) and '"diff"' in sent["messages"][0]["content"]


def test_a_structured_no_fix_declines() -> None:
    with (
        OllamaServer([Reply(json.dumps({"diff": "NO FIX: the host is down", "fix": "", "reason": ""}))]) as server,
        pytest.raises(Declined, match="host is down"),
    ):
        ask(server, answer_format="json")


def test_plain_text_is_not_held_to_a_format() -> None:
    with OllamaServer([Reply(ANSWER)]) as server:
        ask(server)
    assert server.chats[0].get("format") is None


@pytest.mark.parametrize("said", ["", "{}", '{"diff": "--- a', '{"diff": ""}', "[1]", ANSWER])
def test_a_model_that_does_not_keep_to_the_format_is_asked_for_plain_text(said: str) -> None:
    with OllamaServer([Reply(said), Reply(ANSWER)]) as server:
        assert ask(server, answer_format="json").answer == ANSWER
    assert [bool(chat.get("format")) for chat in server.chats] == [True, False]


@pytest.mark.parametrize(
    "error",
    ["invalid format: expected \"json\" or a JSON schema", "failed to load model vocabulary required for format",
     "failed to parse grammar", "format is not supported by this model"],
)  # fmt: skip
@pytest.mark.parametrize("status", [400, 500])
def test_a_server_without_structured_output_is_asked_for_plain_text(status: int, error: str) -> None:
    with OllamaServer([Reply(status=status, error=error), Reply(ANSWER)]) as server:
        assert ask(server, answer_format="json").answer == ANSWER
    assert [bool(chat.get("format")) for chat in server.chats] == [True, False]
    assert server.chats[1]["messages"][0]["content"] == PROMPT


@pytest.mark.parametrize(
    "reply",
    [Reply(status=500, error="llama runner process has terminated"), Reply(status=503, error="server busy"),
     Reply(status=500, error="model requires more system memory (9 GiB) than is available")],
)  # fmt: skip
def test_an_error_that_is_not_about_the_format_is_not_tried_again(reply: Reply) -> None:
    with OllamaServer([reply, Reply(ANSWER)]) as server, pytest.raises(FixerUnavailable):
        ask(server, answer_format="json")
    assert len(server.chats) == 1


def test_an_answer_that_hides_in_the_thoughts_is_found() -> None:
    with OllamaServer([Reply("", thinking=ANSWER)], capabilities=("completion", "thinking")) as server:
        assert ask(server).answer == ANSWER


def test_an_answer_cut_at_its_limit_is_asked_for_once_more_with_more_room() -> None:
    with OllamaServer([Reply("```diff\n--- a", done_reason="length"), Reply(ANSWER)]) as server:
        assert ask(server).answer == ANSWER
    assert [sent["options"]["num_predict"] for sent in server.chats] == [1024, 2048]


@pytest.mark.parametrize(("reason", "closed"), [("stop", True), ("length", False)])
def test_a_block_that_lacks_its_end_is_whole_where_the_model_stopped_by_itself(reason: str, closed: bool) -> None:
    said = "boot.sh\n<<<<<<< SEARCH\na\n=======\nb\n"
    with OllamaServer([Reply(said, done_reason=reason)] * 2) as server:
        answer = ask(server).answer
    assert answer.endswith(">>>>>>> REPLACE\n") == closed


@pytest.mark.parametrize(
    "environ",
    [
        {"ALL_PROXY": "socks5://127.0.0.1:9"},
        {"https_proxy": "nonsense://x"},
        {"OLLAMA_HOST": "http://[bad"},
        {"HTTP_PROXY": "http://[bad"},
    ],
)
def test_an_odd_environment_does_not_break_the_client(environ: dict[str, str]) -> None:
    code = "import os; from git_executor.fixers.official import ollama; print(ollama.Client.__name__, len(os.environ))"
    env = {**os.environ, **environ}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True)
    assert done.stdout.split()[0] == "Client", done.stderr


def test_a_proxy_that_cannot_be_used_is_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "socks5://127.0.0.1:9")
    with pytest.raises(FixerUnavailable, match="proxy"):
        connect("http://nas.lan:11434", read=1)


def test_progress_is_told() -> None:
    told: list[str] = []
    with OllamaServer([Reply(ANSWER)]) as server:
        Ollama(machine(server), progress=told.append).propose(briefing(), Files())
    assert any("tokens" in line for line in told)


@pytest.mark.parametrize("said", ["NO FIX: the host is down", "**No fix:** the host is down.", "  \n", ""])
def test_no_fix_and_no_answer_decline(said: str) -> None:
    with OllamaServer([Reply(said)]) as server, pytest.raises(Declined):
        ask(server)


def test_a_prompt_that_the_server_cut_is_never_taken_for_read() -> None:
    with (
        OllamaServer([Reply(ANSWER, prompt_eval_count=20)]) as server,
        pytest.raises(FixerUnavailable, match="cut the prompt"),
    ):
        ask(server)


def test_a_smaller_briefing_is_sent_when_the_context_is_too_small() -> None:
    too_long = Reply(status=400, error="the prompt is longer than the context length currently available")
    with OllamaServer([too_long, Reply(ANSWER)]) as server:
        fixer = Ollama(machine(server), shrink=lambda b: briefing("short " * 30))
        assert fixer.propose(briefing(), Files()).answer == ANSWER
    assert len(server.chats[1]["messages"][0]["content"]) < len(PROMPT)


FAILURES: list[tuple[str, Reply, str]] = [
    (
        "memory",
        Reply(status=500, error="model requires more system memory (9.1 GiB) than is available"),
        "does not fit",
    ),
    ("queue", Reply(status=503, error="server busy, please try again. maximum pending requests exceeded"), "is busy"),
    ("server error", Reply(status=500, error="llama runner process has terminated"), "error 500"),
    ("gateway", Reply(status=502, body=b"<html><h1>502 Bad Gateway</h1></html>"), "502"),
    ("login", Reply(status=401, error="unauthorized"), "refuses access"),
    ("mid-stream", Reply("some text, ", error="an error was encountered while running the model"), "in the middle"),
    ("cut", Reply(ANSWER, cut_after=2), "connection broke"),
    ("reset", Reply(reset=True), "connection broke"),
    ("no end", Reply(ANSWER, done=False), "last message"),
    ("garbage", Reply(body=b"<html>hello</html>"), "protocol"),
    ("a list", Reply(body=b"[]\n"), "protocol"),
    ("wrong types", Reply(body=b'{"message": 7, "done": "x"}\n'), "protocol"),
]


@pytest.mark.parametrize(("reply", "says"), [case[1:] for case in FAILURES], ids=[case[0] for case in FAILURES])
def test_a_failure_is_one_line_with_advice(reply: Reply, says: str) -> None:
    with OllamaServer([reply]) as server, pytest.raises(FixerUnavailable) as caught:
        ask(server)
    assert says in str(caught.value)
    assert caught.value.hint
    assert "\n" not in str(caught.value) and "<" not in caught.value.message
    assert caught.value.exit_code is ExitCode.UNAVAILABLE


def test_a_missing_model_names_near_ones_and_how_to_get_it() -> None:
    with (
        OllamaServer(models=("qwen2.5-coder:7b", "llama3.2:latest")) as server,
        pytest.raises(FixerUnavailable) as caught,
    ):
        ask(server, model="qwen-2.5:7b-coder")
    assert "qwen2.5-coder:7b" in caught.value.hint
    assert "ollama pull qwen-2.5:7b-coder" in caught.value.hint


def test_no_server() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
        with pytest.raises(FixerUnavailable, match="no Ollama server") as caught:
            Ollama(Machine(host=address)).propose(briefing(), Files())
    assert "ollama serve" in caught.value.hint


@pytest.mark.parametrize("host", ["http://[", "http://127.0.0.1:999999", "ftp://127.0.0.1", "http://\x00"])
def test_an_address_that_is_none(host: str) -> None:
    with pytest.raises(FixerUnavailable):
        Ollama(Machine(host=host)).propose(briefing(), Files())


SLOW: list[tuple[Reply, dict[str, object], str]] = [
    (Reply(ANSWER, first_delay=5), {"first_token_timeout": 1}, "first token"),
    (Reply(ANSWER, gap=5), {"gap_timeout": 1}, "in the middle"),
    (Reply(ANSWER * 20, gap=0.1), {"total_timeout": 1}, "no end"),
]


@pytest.mark.parametrize(("reply", "limits", "says"), SLOW)
def test_a_slow_server_meets_its_deadline(reply: Reply, limits: dict[str, object], says: str) -> None:
    with OllamaServer([reply]) as server, pytest.raises(FixerUnavailable, match=says):
        ask(server, **limits)


def test_giving_up_stops_the_work_of_the_server() -> None:
    with OllamaServer([Reply(ANSWER * 50, gap=0.05)]) as server:
        with pytest.raises(FixerUnavailable):
            ask(server, total_timeout=1)
        assert server.hung_up.wait(5)


def test_ctrl_c_stops_the_work_of_the_server() -> None:
    def interrupt(line: str) -> None:
        if "/s" in line:
            raise KeyboardInterrupt

    with OllamaServer([Reply(ANSWER * 50, gap=0.05)]) as server:
        with pytest.raises(KeyboardInterrupt):
            Ollama(machine(server), progress=interrupt).propose(briefing(), Files())
        assert server.hung_up.wait(5)


def test_a_proxy_of_the_environment_is_not_asked_for_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    with OllamaServer([Reply(ANSWER)]) as server:
        assert ask(server).answer == ANSWER


def test_no_thread_is_left_behind() -> None:
    before = threading.active_count()
    with OllamaServer([Reply(ANSWER)] * 3) as server:
        for _ in range(3):
            ask(server)
    wait_until(lambda: threading.active_count() <= before)


def wait_until(done: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not done() and time.monotonic() < end:
        time.sleep(0.02)
    assert done()
