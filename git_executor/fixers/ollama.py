"""A model behind Ollama, through the official client: streamed, with deadlines, and every failure explained.

A conversation is one user message, since a server that must cut keeps the last message. ``num_ctx`` is always sent, in
fixed steps, because Ollama loads a model anew for each different value; what the server says it evaluated is then
compared with what was sent, so that no answer to half a prompt is taken for an answer.
"""

from __future__ import annotations

import ipaddress
import os
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx
import ollama

from git_executor.domain import Briefing, Proposal, Tree
from git_executor.errors import Declined, FixerUnavailable, UsageError
from git_executor.fixers.answers import checked
from git_executor.fixers.deadline import Deadline
from git_executor.fixers.ollama_errors import Overflow, explain, missing_model
from git_executor.settings import Machine

BUCKETS = (4096, 8192, 16384, 32768, 65536, 131072)
_SPARE = 128  # tokens for the chat template around the prompt
_CUT = 0.7  # a server that evaluated fewer than this share of our estimate has cut the prompt
_TEMPERATURES = (0.1, 0.5, 0.8)

# Context sizes in use in this process: a model keeps its own, for another one would load it anew.
_pinned: dict[tuple[str, str], int] = {}


@dataclass(frozen=True, slots=True)
class Model:
    """What ``/api/show`` says: the longest context it was trained for (0: unknown), and whether it thinks."""

    context: int = 0
    thinks: bool = False
    family: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """One finished answer of the server."""

    text: str
    thought: str
    reason: str
    prompt_tokens: int


class Ollama:
    """Asks ``machine.model`` at ``machine.host`` (or ``OLLAMA_HOST``)."""

    def __init__(
        self,
        machine: Machine,
        *,
        progress: Callable[[str], None] | None = None,
        shrink: Callable[[Briefing], Briefing] | None = None,
    ) -> None:
        self.name = f"ollama/{machine.model}"
        self._machine = machine
        self._progress = progress or (lambda line: None)
        self._shrink = shrink
        self._host = machine.host or os.environ.get("OLLAMA_HOST", "")
        self._shown: Model | None = None
        self._schema = _schema(machine.answer_format)

    def propose(self, briefing: Briefing, tree: Tree) -> Proposal:
        """Raises ``FixerUnavailable`` when no answer can be had, ``Declined`` when the model offers nothing."""
        try:
            answer = self._ask(briefing, self._machine.num_predict)
        except Overflow as e:
            smaller = self._shrink(briefing) if self._shrink else briefing
            if smaller.tokens >= briefing.tokens:
                raise
            self._progress(f"{e.message}; asking again with {smaller.tokens} instead of {briefing.tokens} tokens")
            answer = self._ask(smaller, self._machine.num_predict)
        if answer.reason == "length" and not _complete(answer.text):
            self._progress("the answer was cut at its limit; asking once more with twice the room")
            answer = self._ask(briefing, self._machine.num_predict * 2)
        text = answer.text if answer.text.strip() else answer.thought
        if not text.strip() and answer.reason == "length":
            raise Declined(f"{self.name} used up its {self._machine.num_predict} tokens without an answer")
        return Proposal(self.name, checked(self.name, text))

    # --- one request ----------------------------------------------------------------------------

    def _ask(self, briefing: Briefing, num_predict: int) -> Answer:
        deadline = Deadline(self._machine.first_token_timeout, self._machine.gap_timeout, self._machine.total_timeout)
        client = _client(self._host, deadline)
        try:
            model = self._model(client)
            budget = num_predict * (4 if model.thinks else 1)
            num_ctx = self._num_ctx(briefing.tokens * 11 // 10 + budget + _SPARE, model)
            think = _think(model, self._machine.think)
            options = self._options(briefing, num_ctx, budget)
            with deadline:
                try:
                    answer = self._collect(client, briefing, deadline, think, options)
                except ollama.ResponseError as e:
                    if self._schema is None or e.status_code not in (400, 500, 501):
                        raise
                    self._progress(f"{self.name} takes no format ({e.error[:120]}); asking for plain text")
                    self._schema = None
                    answer = self._collect(client, briefing, deadline, think, options)
        except (
            httpx.HTTPError,
            httpx.InvalidURL,
            ollama.ResponseError,
            OSError,
            ValueError,
            TypeError,
            AttributeError,
        ) as e:
            raise self._explained(client, e, deadline) from None
        finally:
            client.close()  # type: ignore[no-untyped-call]
        if 0 < answer.prompt_tokens < briefing.tokens * _CUT:
            raise Overflow(
                f"{self.name} saw {answer.prompt_tokens} of about {briefing.tokens} tokens: the server cut the prompt",
                hint="set executor.numCtx to what the server allows, or lower limits.context_tokens",
            )
        return answer

    def _collect(
        self, client: ollama.Client, briefing: Briefing, deadline: Deadline, think: Any, options: dict[str, Any]
    ) -> Answer:
        text: list[str] = []
        thought: list[str] = []
        began, told, count = time.monotonic(), 0.0, 0
        stream: Iterator[ollama.ChatResponse] = client.chat(
            model=self._machine.model,
            messages=[{"role": "user", "content": briefing.prompt}],
            stream=True,
            think=think,
            format=self._schema,
            options=options,
            keep_alive=_keep_alive(self._machine.keep_alive),
        )
        self._progress(f"{self._machine.model} reads {briefing.tokens} tokens")
        for part in stream:
            deadline.beat()
            text.append(part.message.content or "")
            thought.append(part.message.thinking or "")
            if sum(map(len, text[-1:])) or thought[-1]:
                count += 1
            now = time.monotonic()
            if now - told >= 1 and count:
                told = now
                elapsed = now - began
                self._progress(
                    f"{self._machine.model}: {count} tokens, {count / max(elapsed, 0.001):.1f}/s, {elapsed:.0f} s"
                )
            if part.done:
                return Answer("".join(text), "".join(thought), part.done_reason or "", part.prompt_eval_count or 0)
        raise httpx.RemoteProtocolError("the stream ended without its last message")

    def _options(self, briefing: Briefing, num_ctx: int, num_predict: int) -> dict[str, Any]:
        step = briefing.attempt - 1
        temperature = _TEMPERATURES[min(step, len(_TEMPERATURES) - 1)] + 0.1 * len(briefing.feedback)
        return {
            "num_ctx": num_ctx,
            "num_predict": num_predict,
            "seed": 1000 * briefing.attempt + len(briefing.feedback),
            "temperature": round(min(temperature, 1.0), 2),
        }

    def _num_ctx(self, need: int, model: Model) -> int:
        """The pinned size while it suffices, else the next step; never more than the model can."""
        key = (self._host, self._machine.model)
        fixed = self._machine.num_ctx
        size = fixed or max(_pinned.get(key, 8192), next((b for b in BUCKETS if b >= need), BUCKETS[-1]))
        if model.context and size > model.context:
            size = model.context
        if need > size:
            raise Overflow(
                f"the prompt and its answer need {need} tokens of context, {self.name} is given {size}",
                hint="lower limits.context_tokens in the context map" + (" or raise executor.numCtx" if fixed else ""),
            )
        _pinned[key] = size
        return size

    def _model(self, client: ollama.Client) -> Model:
        if self._shown is None:
            try:
                shown = client.show(self._machine.model)
            except ollama.ResponseError as e:
                if e.status_code == 404 and "model" in e.error.lower():
                    raise
                self._shown = Model()  # a server that cannot show may still chat
            else:
                info = shown.modelinfo or {}
                lengths = [v for k, v in info.items() if k.endswith(".context_length") and isinstance(v, int)]
                self._shown = Model(
                    context=lengths[0] if lengths else 0,
                    thinks="thinking" in (shown.capabilities or []),
                    family=str((shown.details.family if shown.details else "") or ""),
                )
        return self._shown

    def _explained(self, client: ollama.Client, error: Exception, deadline: Deadline) -> FixerUnavailable:
        if isinstance(error, ollama.ResponseError) and error.status_code == 404 and "not found" in error.error.lower():
            return missing_model(client, self._machine.model)
        return explain(error, self._machine.model, str(client._client.base_url), deadline.passed)


def _complete(text: str) -> bool:
    """The answer seems to have its change whole, whatever was cut after it."""
    return ">>>>>>> REPLACE" in text or len(re.findall(r"^\s*```", text, re.MULTILINE)) >= 2


def _think(model: Model, wanted: str) -> Any:
    """What to send as ``think``. Thinking costs minutes on small hardware and eats the answer's room: off by default.

    Models that cannot switch it off get as little as they allow. Raises ``UsageError`` for a word that is no level.
    """
    if wanted not in ("off", "on", "low", "medium", "high"):
        raise UsageError(f"no level of thinking {wanted!r}", hint="executor.think is off, on, low, medium or high")
    if not model.thinks:
        return None
    if "gpt-oss" in model.family or "gptoss" in model.family:
        return {"off": "low", "on": "medium"}.get(wanted, wanted)
    return wanted != "off" if wanted in ("off", "on") else wanted


def _schema(answer_format: str) -> dict[str, Any] | None:
    """The JSON schema that an answer is held to, or None for plain text."""
    if answer_format == "text":
        return None
    if answer_format != "json":
        raise UsageError(f"no answer format {answer_format!r}", hint="executor.answerFormat is text or json")
    return {"type": "object", "properties": {"diff": {"type": "string"}}, "required": ["diff"]}


def _keep_alive(text: str) -> float | str:
    return float(text) if re.fullmatch(r"-?[0-9]+", text) else text


def _client(host: str, deadline: Deadline) -> ollama.Client:
    """A client that goes around the environment's proxy for this machine and tells ``deadline`` its connection."""
    try:
        return ollama.Client(
            host=host or None,
            timeout=httpx.Timeout(deadline.first, connect=10),
            trust_env=not _is_loopback(host),
            event_hooks={"response": [deadline.watch]},
        )
    except (ValueError, httpx.InvalidURL) as e:
        raise FixerUnavailable(
            f"executor.host {host!r} is no address: {e}", hint="write it like http://127.0.0.1:11434"
        ) from None


def _is_loopback(host: str) -> bool:
    name = urlsplit(host if "://" in host else f"//{host}").hostname or "127.0.0.1"
    try:
        return ipaddress.ip_address(name).is_loopback or ipaddress.ip_address(name).is_unspecified
    except ValueError:
        return name == "localhost" or name.endswith(".localhost")
