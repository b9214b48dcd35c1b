"""A model behind Ollama, through the official client: streamed, with deadlines, and every failure explained.

A conversation is one user message, since a server that must cut keeps the last message. What the server says it
evaluated is compared with what was sent, so that no answer to half a prompt is taken for an answer.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import httpx

from git_executor.domain import Briefing, Proposal, Tree
from git_executor.errors import Declined, FixerUnavailable, UsageError
from git_executor.fixers.answers import checked, finished
from git_executor.fixers.deadline import Deadline
from git_executor.fixers.official import ollama
from git_executor.fixers.ollama_errors import Overflow, explain, missing_model, refuses_format, refuses_thinking
from git_executor.fixers.ollama_host import MISFITS, Model, address, connect, context_size, look
from git_executor.settings import Machine

_CUT = 0.7  # a server that evaluated fewer than this share of our estimate has cut the prompt
_TEMPERATURES = (0.1, 0.5, 0.8)
_LEVELS = ("low", "medium", "high")
_SCHEMA = {
    "type": "object",
    "properties": {"diff": {"type": "string"}, "fix": {"type": "string"}, "reason": {"type": "string"}},
    "required": ["diff", "fix", "reason"],
}
# A schema alone does not tell a model what to put where.
_AS_JSON = """
Write all of it as one JSON object: {"diff": "what is described above, or NO FIX: <the reason>", "fix": "...", "reason": "..."}
"""


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
        self._host = address(machine)
        self._model: Model | None = None
        self._json = _wants_json(machine.answer_format)
        self._thought = _level(machine.think)

    def propose(self, briefing: Briefing, tree: Tree) -> Proposal:
        """Raises ``FixerUnavailable`` when no answer can be had, ``Declined`` when the model offers nothing."""
        room = self._machine.num_predict
        try:
            answer = self._ask(briefing, room)
        except Overflow as e:
            smaller = self._shrink(briefing) if self._shrink else briefing
            if smaller.tokens >= briefing.tokens:
                raise
            self._progress(f"{e.message}; asking again with {smaller.tokens} instead of {briefing.tokens} tokens")
            briefing = smaller
            answer = self._ask(briefing, room)
        if answer.reason == "length" and not _complete(answer.text):
            self._progress("the answer was cut at its limit; asking once more with twice the room")
            answer = self._ask(briefing, room * 2)
        plain = _from_json(answer.text) if self._json else answer.text
        if plain is None:
            self._progress(f"{self.name} did not keep to the format; asking for plain text")
            self._json = False
            answer = self._ask(briefing, room)
            plain = answer.text
        text = plain if plain.strip() else answer.thought
        if answer.reason == "stop":
            text = finished(text)
        if not text.strip() and answer.reason == "length":
            raise Declined(f"{self.name} used up its {room} tokens without an answer")
        return Proposal(self.name, checked(self.name, text))

    # --- one request ----------------------------------------------------------------------------

    def _ask(self, briefing: Briefing, num_predict: int) -> Answer:
        deadline = Deadline(self._machine.first_token_timeout, self._machine.gap_timeout, self._machine.total_timeout)
        client = connect(self._host, read=deadline.first, seen=deadline.watch)
        try:
            if self._model is None:
                self._model = look(client, self._machine.model)
            budget = num_predict * (4 if self._model.thinks else 1)
            num_ctx = context_size(briefing.tokens, budget, self._model, self._machine.num_ctx)
            self._model = replace(self._model, loaded=num_ctx)
            options = self._options(briefing, num_ctx, budget)
            with deadline:
                answer = self._collected(client, briefing, deadline, options)
        except MISFITS as e:
            raise self._explained(client, e, deadline) from None
        finally:
            client.close()  # type: ignore[no-untyped-call]
        if 0 < answer.prompt_tokens < briefing.tokens * _CUT:
            raise Overflow(
                f"{self.name} saw {answer.prompt_tokens} of about {briefing.tokens} tokens: the server cut the prompt",
                hint="set executor.numCtx to what the server allows, or lower limits.context_tokens",
            )
        return answer

    def _collected(
        self, client: ollama.Client, briefing: Briefing, deadline: Deadline, options: dict[str, Any]
    ) -> Answer:
        """An answer, if need be without what this server or model does not know: a format, a level of thinking."""
        while True:
            try:
                return self._collect(client, briefing, deadline, options)
            except ollama.ResponseError as e:
                if self._json and refuses_format(e):
                    self._json, what = False, "takes no format"
                elif self._thought and refuses_thinking(e):
                    self._thought = "on" if self._thought in _LEVELS else ""
                    what = "cannot be told how to think"
                else:
                    raise
                self._progress(f"{self.name} {what}; asking without")

    def _collect(
        self, client: ollama.Client, briefing: Briefing, deadline: Deadline, options: dict[str, Any]
    ) -> Answer:
        text: list[str] = []
        thought: list[str] = []
        began, told, count = time.monotonic(), 0.0, 0
        stream: Iterator[ollama.ChatResponse] = client.chat(
            model=self._machine.model,
            messages=[{"role": "user", "content": briefing.prompt + (_AS_JSON if self._json else "")}],
            stream=True,
            think=_think(self._model or Model(), self._thought),
            format=_SCHEMA if self._json else None,
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
                    f"\r{self._machine.model}: {count} tokens, {count / max(elapsed, 0.001):.1f}/s, {elapsed:.0f} s"
                )
            if part.done:
                spent = f"{now - began:.0f} s for {part.prompt_eval_count or 0} + {part.eval_count or 0} tokens"
                self._progress(f"{self._machine.model} answered in {spent}")
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

    def _explained(self, client: ollama.Client, error: Exception, deadline: Deadline) -> FixerUnavailable:
        if isinstance(error, ollama.ResponseError) and error.status_code == 404 and "not found" in error.error.lower():
            return missing_model(client, self._machine.model)
        return explain(error, self._machine.model, str(client._client.base_url), deadline.passed)


def _complete(text: str) -> bool:
    """The answer seems to have its change whole, whatever was cut after it."""
    return ">>>>>>> REPLACE" in text or len(re.findall(r"^\s*```", text, re.MULTILINE)) >= 2


def _level(wanted: str) -> str:
    if wanted not in ("off", "on", *_LEVELS):
        raise UsageError(f"no level of thinking {wanted!r}", hint="executor.think is off, on, low, medium or high")
    return wanted


def _think(model: Model, wanted: str) -> Any:
    """What to send as ``think``. Thinking costs minutes on small hardware and eats the answer's room: off by default.

    Models that cannot switch it off get as little as they allow; ``wanted`` is empty for one that knows no such thing.
    """
    if not model.thinks or not wanted:
        return None
    if "gpt-oss" in model.family or "gptoss" in model.family:
        return {"off": "low", "on": "medium"}.get(wanted, wanted)
    return wanted != "off" if wanted in ("off", "on") else wanted


def _wants_json(answer_format: str) -> bool:
    """Whether the server is to hold the answer to a schema."""
    if answer_format not in ("text", "json"):
        raise UsageError(f"no answer format {answer_format!r}", hint="executor.answerFormat is text or json")
    return answer_format == "json"


def _from_json(text: str) -> str | None:
    """A structured answer as plain text; ``None`` for one that is empty, cut, or something else."""
    try:
        said = json.loads(text, strict=False)
    except ValueError:
        return None
    if not isinstance(said, dict) or not isinstance(said.get("diff"), str) or not said["diff"].strip():
        return None
    notes = [f"{key.title()}: {said[key]}" for key in ("fix", "reason") if isinstance(said.get(key), str)]
    return "\n".join([said["diff"].rstrip("\n"), *notes]) + "\n"


def _keep_alive(text: str) -> float | str:
    return float(text) if re.fullmatch(r"-?[0-9]+", text) else text
