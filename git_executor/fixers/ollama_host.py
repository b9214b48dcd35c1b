"""An Ollama server before it is asked for an answer: how to reach it, what it says of a model, how much context to take.

Ollama loads a model anew whenever ``num_ctx`` changes, which takes seconds to minutes. So the size does not follow the
prompt: it is one of a few steps, reckoned from limits that stay the same from call to call, and where the server says
that the model is loaded with enough, what is loaded is asked for. Nothing needs to be remembered for that.
"""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx

from git_executor.domain import Limits
from git_executor.errors import FixerUnavailable
from git_executor.fixers.official import ollama
from git_executor.fixers.ollama_errors import Overflow, explain, missing_model
from git_executor.settings import Machine

BUCKETS = (8192, 16384, 32768, 65536, 131072)
SPARE = 128  # tokens for the chat template around the prompt
_USUAL = Limits().context_tokens  # a shorter prompt gets the context of a full one
_QUICK = 3.0  # seconds that the doctor waits for the server
MISFITS = (
    httpx.HTTPError,
    httpx.InvalidURL,
    ollama.ResponseError,
    OSError,
    ValueError,
    TypeError,
    AttributeError,
)
"""What the client raises for servers that are down, fail, or are something else."""


@dataclass(frozen=True, slots=True)
class Model:
    """What ``/api/show`` and ``/api/ps`` say: the longest context it was trained for and the one it is loaded with
    (0: unknown, not loaded), and whether it thinks."""

    context: int = 0
    loaded: int = 0
    thinks: bool = False
    family: str = ""


def address(machine: Machine) -> str:
    return machine.host or os.environ.get("OLLAMA_HOST", "")


def connect(
    host: str, *, read: float, connect: float = 10, seen: Callable[[httpx.Response], None] | None = None
) -> ollama.Client:
    """A client that goes around the environment's proxy for this machine; ``seen`` is told each response.

    Times are seconds. Raises ``FixerUnavailable`` for an address that is none.
    """
    try:
        return ollama.Client(
            host=host or None,
            timeout=httpx.Timeout(read, connect=connect),
            trust_env=not is_loopback(host),
            event_hooks={"response": [seen] if seen else []},
        )
    except (ValueError, httpx.InvalidURL) as e:
        raise FixerUnavailable(
            f"executor.host {host!r} is no address: {e}", hint="write it like http://127.0.0.1:11434"
        ) from None
    except ImportError as e:  # a kind of proxy that needs another package
        raise FixerUnavailable(
            f"the proxy of the environment cannot be used: {e}", hint="set NO_PROXY to the model's host"
        ) from None


def is_loopback(host: str) -> bool:
    name = urlsplit(host if "://" in host else f"//{host}").hostname or "127.0.0.1"
    try:
        return ipaddress.ip_address(name).is_loopback or ipaddress.ip_address(name).is_unspecified
    except ValueError:
        return name == "localhost" or name.endswith(".localhost")


def look(client: ollama.Client, name: str) -> Model:
    """What the server says of the model. Raises what the client raises, also where there is no such model."""
    try:
        shown = client.show(name)
    except ollama.ResponseError as e:
        if e.status_code == 404 and "model" in e.error.lower():
            raise
        return Model(loaded=_loaded(client, name))  # a server that cannot show may still chat
    info: dict[str, Any] = dict(shown.modelinfo or {})
    lengths = [v for k, v in info.items() if k.endswith(".context_length") and isinstance(v, int)]
    return Model(
        context=lengths[0] if lengths else 0,
        loaded=_loaded(client, name),
        thinks="thinking" in (shown.capabilities or []),
        family=str((shown.details.family if shown.details else "") or ""),
    )


def _loaded(client: ollama.Client, name: str) -> int:
    """The context with which the model is loaded now; servers before 0.11 do not tell."""
    try:
        running = client.ps().models
    except (httpx.HTTPStatusError, ollama.ResponseError, ValueError, TypeError, AttributeError):
        return 0
    names = (name, f"{name}:latest")
    return next((m.context_length or 0 for m in running if m.model in names or m.name in names), 0)


def context_size(prompt: int, answer: int, model: Model, fixed: int) -> int:
    """The ``num_ctx`` for a prompt and an answer of so many tokens; ``fixed`` is what the user wants (0: nothing).

    There is room for a second, longer answer. Raises ``Overflow`` where not even this one fits in what the model can.
    """
    usual = max(prompt, _USUAL) * 11 // 10 + 2 * answer + SPARE
    size = fixed or (model.loaded if model.loaded >= usual else next((b for b in BUCKETS if b >= usual), BUCKETS[-1]))
    if model.context:
        size = min(size, model.context)
    need = prompt * 11 // 10 + answer + SPARE
    if need > size:
        raise Overflow(
            f"the prompt and its answer need {need} tokens of context, the model is given {size}",
            hint="lower limits.context_tokens in the context map" + (" or raise executor.numCtx" if fixed else ""),
        )
    return size


def ready(machine: Machine) -> str:
    """Ask the server whether it is there and has the model, within seconds; where it is. Raises ``FixerUnavailable``."""
    client = connect(address(machine), read=_QUICK, connect=_QUICK)
    try:
        names = [entry.model for entry in client.list().models if entry.model]
        if machine.model not in names and f"{machine.model}:latest" not in names:
            raise missing_model(client, machine.model)
        return f"at {str(client._client.base_url).rstrip('/')}"
    except httpx.ReadTimeout:
        raise FixerUnavailable(
            f"{str(client._client.base_url).rstrip('/')} does not answer within {_QUICK:g} s",
            hint="check executor.host and the server's log",
        ) from None
    except MISFITS as e:
        raise explain(e, machine.model, str(client._client.base_url), "") from None
    finally:
        client.close()  # type: ignore[no-untyped-call]
