"""A small, faithful server of the Ollama API for tests, over scripted replies or over a real model server.

It speaks what the official client asks: ``/api/tags``, ``/api/ps``, ``/api/show`` and ``/api/chat``, streamed as
newline-delimited JSON in the shapes that Ollama 0.1x sends, and it can fail in every way a real one fails. Requests are
kept in ``requests``. With ``upstream`` the chat goes to an OpenAI-style server, as llama.cpp has one.
"""

from __future__ import annotations

import contextlib
import json
import socket
import struct
import threading
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

WHEN = "2026-01-01T00:00:00.000000000Z"


@dataclass
class Reply:
    """One answer to ``/api/chat``. Delays are seconds; ``cut_after`` closes the connection after so many parts."""

    text: str = ""
    thinking: str = ""
    status: int = 200
    error: str = ""  # with status 200 it comes in the middle of the stream
    body: bytes | None = None  # sent instead of a well-formed reply
    done: bool = True
    done_reason: str = "stop"
    prompt_eval_count: int | None = None  # None: as many as the prompt needs, roughly
    first_delay: float = 0.0
    gap: float = 0.0
    cut_after: int | None = None
    reset: bool = False


@dataclass
class OllamaServer:
    """Use as a context manager; ``url`` is what to put into ``executor.host``."""

    replies: list[Reply] = field(default_factory=list)
    models: tuple[str, ...] = ("coder:7b",)
    capabilities: tuple[str, ...] = ("completion",)
    context_length: int = 32768
    family: str = "qwen2"
    show_status: int = 200
    upstream: str = ""
    formats: bool = True  # whether it knows structured output
    levels: bool = False  # whether the model knows levels of thinking
    loaded: dict[str, int] = field(default_factory=dict)  # model -> the context that it is loaded with
    loads: int = 0  # how often a model was loaded, or loaded anew
    requests: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    hung_up: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> OllamaServer:
        outer = self

        class Handler(_Handler):
            server_state = outer

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self._http.handle_error = lambda request, address: None  # type: ignore[method-assign]  # clients hang up
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}"
        threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.shutdown()
        self._http.server_close()

    def load(self, body: dict[str, Any]) -> None:
        """As the real one: another context is another load."""
        size = (body.get("options") or {}).get("num_ctx", 4096)
        if self.loaded.get(body["model"]) != size:
            self.loaded[body["model"]], self.loads = size, self.loads + 1

    def refuses(self, body: dict[str, Any]) -> str:
        """What the real one says to requests that the model or the server is no match for."""
        think = body.get("think")
        if think and "thinking" not in self.capabilities:
            return f'"{body["model"]}" does not support thinking'
        if isinstance(think, str) and not self.levels:
            return f'think value "{think}" is not supported for this model'
        if body.get("format") and not self.formats:
            return "invalid format: structured output is not supported by this server"
        return ""

    @property
    def chats(self) -> list[dict[str, Any]]:
        return [body for path, body in self.requests if path == "/api/chat"]


class _Handler(BaseHTTPRequestHandler):
    server_state: OllamaServer
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        self._route({})

    def do_POST(self) -> None:
        self._route(json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or b"{}"))

    def _route(self, body: dict[str, Any]) -> None:
        state = self.server_state
        state.requests.append((self.path, body))
        known = body.get("model") in state.models
        if self.path == "/api/tags":
            self._json(200, {"models": [self._entry(name) for name in state.models]})
        elif self.path == "/api/ps":
            running = [{**self._entry(name), "context_length": size} for name, size in state.loaded.items()]
            self._json(200, {"models": running})
        elif self.path in ("/api/show", "/api/chat") and not known:
            self._json(404, {"error": f"model '{body.get('model')}' not found"})
        elif self.path == "/api/show":
            self._json(state.show_status, self._show() if state.show_status == 200 else {"error": "cannot show"})
        elif self.path == "/api/chat" and state.refuses(body):
            self._json(400, {"error": state.refuses(body)})
        elif self.path == "/api/chat":
            state.load(body)
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                self._chat(body, state.replies.pop(0) if state.replies else Reply("nothing is left to say"))
        else:
            self._json(404, {"error": "not found"})

    def _entry(self, name: str) -> dict[str, Any]:
        details = {"parent_model": "", "format": "gguf", "family": self.server_state.family, "families": None,
                   "parameter_size": "7.6B", "quantization_level": "Q4_K_M"}  # fmt: skip
        return {"name": name, "model": name, "modified_at": WHEN, "size": 1, "digest": "0" * 64, "details": details}

    def _show(self) -> dict[str, Any]:
        state = self.server_state
        info = {"general.architecture": state.family, f"{state.family}.context_length": state.context_length}
        return {"details": self._entry("")["details"], "model_info": info, "capabilities": list(state.capabilities),
                "modified_at": WHEN, "template": "{{ .Prompt }}", "modelfile": "", "parameters": ""}  # fmt: skip

    def _json(self, status: int, value: object) -> None:
        self._raw(status, json.dumps(value).encode(), "application/json; charset=utf-8")

    def _raw(self, status: int, data: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _chat(self, body: dict[str, Any], reply: Reply) -> None:
        time.sleep(reply.first_delay)
        if reply.reset:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
            self.close_connection = True
        elif reply.body is not None:
            self._raw(reply.status, reply.body, "text/html")
        elif reply.status != 200:
            self._json(reply.status, {"error": reply.error})
        else:
            self._stream(body, reply)

    def _stream(self, body: dict[str, Any], reply: Reply) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/x-ndjson")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        parts = _upstream(self.server_state.upstream, body) if self.server_state.upstream else _scripted(body, reply)
        for sent, part in enumerate(parts):
            if sent == reply.cut_after:
                self.close_connection = True
                return
            data = json.dumps({"model": body["model"], "created_at": WHEN, **part}).encode() + b"\n"
            try:
                self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
            except (BrokenPipeError, ConnectionResetError):
                self.server_state.hung_up.set()
                raise
            time.sleep(reply.gap)
        self.wfile.write(b"0\r\n\r\n")


def _message(content: str, thinking: str = "") -> dict[str, Any]:
    message = {"role": "assistant", "content": content}
    return {"message": {**message, "thinking": thinking} if thinking else message, "done": False}


def _last(reason: str, prompt: int, answer: int) -> dict[str, Any]:
    times = dict.fromkeys(("total_duration", "load_duration", "prompt_eval_duration", "eval_duration"), 1_000)
    end = {"done": True, "done_reason": reason, "prompt_eval_count": prompt, "eval_count": answer}
    return {"message": {"role": "assistant", "content": ""}, **end, **times}


def _scripted(body: dict[str, Any], reply: Reply) -> Iterator[dict[str, Any]]:
    for i in range(0, len(reply.thinking), 16):
        yield _message("", reply.thinking[i : i + 16])
    for i in range(0, len(reply.text), 16):
        yield _message(reply.text[i : i + 16])
    if reply.error:
        yield {"error": reply.error}
    elif reply.done:
        prompt = sum(len(m["content"]) for m in body["messages"]) // 4 + 10
        count = reply.prompt_eval_count
        yield _last(reply.done_reason, prompt if count is None else count, len(reply.text) // 4)


def _upstream(url: str, body: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The same chat at an OpenAI-style server, its events as Ollama would send them."""
    options = body.get("options") or {}
    asked = {"messages": body["messages"], "stream": True, "stream_options": {"include_usage": True},
             "max_tokens": options.get("num_predict", 256), "seed": options.get("seed", 0),
             "temperature": options.get("temperature", 0.0), "cache_prompt": True}  # fmt: skip
    data, headers = json.dumps(asked).encode(), {"Content-Type": "application/json"}
    request = urllib.request.Request(f"{url}/v1/chat/completions", data, headers)
    reason, usage = "stop", {}
    with urllib.request.urlopen(request, timeout=600) as response:
        for line in response:
            if not line.startswith(b"data: ") or line.strip() == b"data: [DONE]":
                continue
            event = json.loads(line[6:])
            usage = event.get("usage") or usage
            for choice in event.get("choices", ()):
                reason = choice.get("finish_reason") or reason
                if text := (choice.get("delta") or {}).get("content"):
                    yield _message(text)
    yield _last(reason, usage.get("prompt_tokens", 0), usage.get("completion_tokens", 0))
