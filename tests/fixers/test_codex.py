"""The real Codex CLI against a scripted server on loopback: ``make test-codex``.

Needs the CLI (``npm install @openai/codex``) on PATH, or its path in ``GIT_EXECUTOR_TEST_CODEX``; no account.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from git_executor.domain import Briefing, Classification, Excerpt, Failure, Message, Stage
from git_executor.errors import Declined, FixerUnavailable
from git_executor.fixers import build
from git_executor.settings import Machine
from tests.fixers.trees import Files

CODEX = os.environ.get("GIT_EXECUTOR_TEST_CODEX") or shutil.which("codex")
needs_codex = pytest.mark.skipif(not CODEX, reason="the Codex CLI is not installed: npm install -g @openai/codex")

FAILURE = Failure("s", Excerpt(("x",)), Message("x", 0), Classification.UNKNOWN, (), None, "v1:0", "abc")
BRIEFING = Briefing(stage=Stage("s"), failure=FAILURE, prompt="Repair the stage; error: none.", candidates=("boot.sh",))
ANSWER = "```diff\n--- a/boot.sh\n+++ b/boot.sh\n@@ -1 +1 @@\n-a\n+b\n```\nFix: b\nReason: a"


@dataclass
class Responses:
    """What the server answers to ``POST /v1/responses``; ``url`` is its address."""

    text: str = ANSWER
    status: int = 200
    cut: bool = False
    delay: float = 0.0
    requests: list[dict[str, Any]] = field(default_factory=list)
    url: str = ""

    def events(self) -> Iterator[tuple[str, dict[str, Any]]]:
        item = {
            "type": "message",
            "role": "assistant",
            "id": "m1",
            "content": [{"type": "output_text", "text": self.text}],
        }
        usage = {
            "input_tokens": 1,
            "input_tokens_details": None,
            "output_tokens": 1,
            "output_tokens_details": None,
            "total_tokens": 2,
        }
        yield "response.created", {"response": {"id": "r1"}}
        yield "response.output_item.done", {"item": item}
        if not self.cut:
            yield "response.completed", {"response": {"id": "r1", "usage": usage}}


@contextlib.contextmanager
def serving(script: Responses) -> Iterator[Responses]:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            pass

        def do_POST(self) -> None:
            script.requests.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            time.sleep(script.delay)
            self.send_response(script.status)
            self.send_header("Content-Type", "text/event-stream" if script.status == 200 else "application/json")
            self.end_headers()
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                if script.status != 200:
                    self.wfile.write(b'{"error": {"message": "scripted failure"}}')
                    return
                for name, data in script.events():
                    self.wfile.write(f"event: {name}\ndata: {json.dumps({'type': name, **data})}\n\n".encode())

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    script.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield script
    finally:
        server.shutdown()
        server.server_close()


def machine(home: Path, url: str) -> Machine:
    """A wrapper that points the CLI at the scripted server; all else is as the fixer calls it."""
    provider = f'{{name="local",base_url="{url}",wire_api="responses",request_max_retries=0,stream_max_retries=0}}'
    wrapper = home / "codex"
    wrapper.write_text(
        f'#!/bin/sh\nexport CODEX_HOME="{home}"\ncase "$1" in exec) shift;; *) exec "{CODEX}" "$@";; esac\n'
        f'exec "{CODEX}" exec -c model_provider=local -c \'model_providers.local={provider}\' "$@"\n'
    )
    wrapper.chmod(0o755)
    return Machine(codex=str(wrapper), codex_model="test-model", total_timeout=60)


@needs_codex
def test_the_last_message_is_the_answer(tmp_path: Path) -> None:
    with serving(Responses()) as server:
        proposal = build("codex", machine(tmp_path, server.url)).propose(BRIEFING, Files())
    assert proposal.answer.strip() == ANSWER
    assert proposal.fixer == "codex/test-model"
    (request,) = server.requests
    assert BRIEFING.prompt in json.dumps(request["input"])


@needs_codex
def test_no_fix_declines(tmp_path: Path) -> None:
    with serving(Responses("NO FIX: the host is down")) as server, pytest.raises(Declined, match="host is down"):
        build("codex", machine(tmp_path, server.url)).propose(BRIEFING, Files())


@needs_codex
@pytest.mark.parametrize(
    ("script", "says"),
    [
        (Responses(status=401), "not signed in"),
        (Responses(status=429), "limit"),
        (Responses(status=500), "server"),
        (Responses(cut=True), "server"),
    ],
    ids=["401", "429", "500", "cut"],
)
def test_a_failing_server_is_explained(tmp_path: Path, script: Responses, says: str) -> None:
    with serving(script) as server, pytest.raises(FixerUnavailable, match=says):
        build("codex", machine(tmp_path, server.url)).propose(BRIEFING, Files())


@needs_codex
def test_no_server_is_explained(tmp_path: Path) -> None:
    with pytest.raises(FixerUnavailable, match="cannot reach"):
        build("codex", machine(tmp_path, "http://127.0.0.1:9/v1")).propose(BRIEFING, Files())


@needs_codex
def test_a_silent_server_meets_the_deadline(tmp_path: Path) -> None:
    with serving(Responses(delay=30)) as server, pytest.raises(FixerUnavailable, match="did not answer"):
        build("codex", replace(machine(tmp_path, server.url), total_timeout=4)).propose(BRIEFING, Files())


def test_a_missing_cli_is_unavailable() -> None:
    with pytest.raises(FixerUnavailable, match="not on PATH"):
        build("codex", Machine(codex="/no/such/codex")).propose(BRIEFING, Files())


def test_a_cli_without_the_flags_that_make_it_safe_is_not_called(tmp_path: Path) -> None:
    old = tmp_path / "codex"
    old.write_text("#!/bin/sh\necho 'usage: codex exec --model X'\n")
    old.chmod(0o755)
    with pytest.raises(FixerUnavailable, match="--sandbox"):
        build("codex", Machine(codex=str(old))).propose(BRIEFING, Files())
