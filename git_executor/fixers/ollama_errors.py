"""What went wrong at an Ollama server, in one line each, with what to do about it."""

from __future__ import annotations

import difflib
import json
import re

import httpx

from git_executor.errors import FixerUnavailable
from git_executor.fixers.official import ollama


class Overflow(FixerUnavailable):
    """The prompt is too long for the context that the model has or is given."""


_MEMORY = re.compile(
    r"out of memory|more system memory|insufficient memory|cuda error|cannot allocate|oom|requires more", re.I
)
_CONTEXT = re.compile(
    r"context (?:length|size|window)|exceeds? .{0,40}context|prompt is (?:longer|too long)|input length", re.I
)
_BUSY = re.compile(r"busy|maximum pending|queue|overloaded", re.I)
_FORMAT = re.compile(r"\bformat\b|grammar|schema|structured output", re.I)
_THINK = re.compile(r"\bthink(?:ing)?\b", re.I)
_UNKNOWN = re.compile(r"not support|unsupported|invalid|unknown|failed to (?:parse|load|create|initiali[sz]e)|must be|cannot|can't|not allowed", re.I)
_TELL = "git config executor.model NAME"


def missing_model(client: ollama.Client, model: str) -> FixerUnavailable:
    """The model is not there: name near ones that are, or the command that fetches it."""
    try:
        names = [m.model for m in client.list().models if m.model]
    except (httpx.HTTPError, ollama.ResponseError, OSError, ValueError, TypeError, AttributeError):
        names = []
    return FixerUnavailable(f"the server has no model {model!r}", hint=_instead(model, names))


def _instead(model: str, names: list[str]) -> str:
    bare = {name.removesuffix(":latest"): name for name in names}
    family = re.split(r"[:\d.\-]", model.lower())[0]
    near = difflib.get_close_matches(model, list(bare), n=3, cutoff=0.5)
    near += [n for n in bare if family and n.lower().startswith(family) and n not in near]
    pull = f"ollama pull {model}"
    if near:
        return (
            f"{_TELL.replace('NAME', near[0])}"
            + (f" (it also has {', '.join(near[1:3])})" if near[1:] else "")
            + f", or {pull}"
        )
    have = f"it has {', '.join(list(bare)[:5])}; " if bare else ""
    return have + pull


def refuses_format(error: ollama.ResponseError) -> bool:
    """The server says that it does not know structured output, or not this schema; not that it merely fails."""
    return _FORMAT.search(error.error) is not None and _UNKNOWN.search(error.error) is not None


def refuses_thinking(error: ollama.ResponseError) -> bool:
    """The model cannot think, or does not know the level that it was told."""
    return _THINK.search(error.error) is not None and _UNKNOWN.search(error.error) is not None


def explain(error: Exception, model: str, host: str, passed: str) -> FixerUnavailable:
    """``passed`` names the deadline that ended the request, if one did."""
    host = host.rstrip("/")
    if passed:
        return FixerUnavailable(
            f"{model} at {host}: {passed}", hint="raise executor.totalTimeout and its like, or use a smaller model"
        )
    if isinstance(error, ollama.ResponseError):
        return _refused(error, model, host)
    if isinstance(error, httpx.ConnectTimeout):
        return FixerUnavailable(f"{host} does not answer", hint="check executor.host and the network")
    if isinstance(error, httpx.ReadTimeout | httpx.WriteTimeout | httpx.PoolTimeout):
        return FixerUnavailable(
            f"{model} at {host}: no first token in time",
            hint="raise executor.firstTokenTimeout, or use a smaller model",
        )
    if isinstance(error, httpx.ConnectError | ConnectionError):
        return FixerUnavailable(
            f"no Ollama server at {host}", hint="start it with 'ollama serve', or set executor.host"
        )
    if isinstance(error, httpx.InvalidURL | httpx.UnsupportedProtocol):
        return FixerUnavailable(
            f"executor.host {host!r} is no address: {error}", hint="write it like http://127.0.0.1:11434"
        )
    if isinstance(error, httpx.HTTPError | OSError):
        return FixerUnavailable(
            f"{model} at {host}: the connection broke: {_line(error)}", hint="look at the server's log"
        )
    if isinstance(error, json.JSONDecodeError | ValueError | TypeError | AttributeError):
        return FixerUnavailable(f"{host} does not speak Ollama's protocol: {_line(error)}", hint="check executor.host")
    raise error


def _refused(error: ollama.ResponseError, model: str, host: str) -> FixerUnavailable:
    said, status = _line(error.error), error.status_code
    if _CONTEXT.search(said):
        return Overflow(f"{model} at {host}: {said}", hint="lower limits.context_tokens, or raise executor.numCtx")
    if _MEMORY.search(said):
        return FixerUnavailable(
            f"{model} does not fit in the server's memory: {said}", hint="use a smaller model or executor.numCtx"
        )
    if status == 503 or _BUSY.search(said):
        return FixerUnavailable(f"{host} is busy: {said}", hint="try again when its queue is shorter")
    if status in (401, 403):
        return FixerUnavailable(f"{host} refuses access: {said}", hint="check OLLAMA_API_KEY")
    if status == 404:
        return FixerUnavailable(f"{host} is no Ollama server: {said}", hint="check executor.host")
    place = f"error {status}" if status > 0 else "an error in the middle of the answer"
    return FixerUnavailable(f"{model} at {host}: {place}: {said}", hint="look at the server's log")


def _line(error: object) -> str:
    text = re.sub(r"<[^<>]{1,200}>", " ", str(error))
    return " ".join(text.split())[:200] or type(error).__name__
