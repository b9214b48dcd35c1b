"""What a small model's answers are worth, by answer form: ``python -m tests.bench.models MODEL.gguf ...``.

Each broken file goes through the whole road: briefing, the official client, a real model server, the reading of the
answer. *right*: the file is whole again. *refused*: no fix, or an answer that no certain change can be read from, or
one that changes more than allowed. *passed on*: any other change, which policy and verification then have to judge.
Needs ``xllamacpp`` in this Python.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from git_executor.context.briefing import brief, shown
from git_executor.context.redact import Redactor
from git_executor.domain import Briefing, Classification, Excerpt, Failure, Limits, Message, Stage, Subject
from git_executor.errors import Declined, FixerUnavailable, PatchError
from git_executor.fixers import FORMS
from git_executor.fixers.ollama import Ollama
from git_executor.patch import count_changed_lines, read_answer
from git_executor.settings import Machine
from tests.fixers.model_server import serving
from tests.fixers.ollama_server import OllamaServer
from tests.fixers.trees import Files


@dataclass(frozen=True)
class Broken:
    path: str
    text: str
    line: int
    log: str
    good: tuple[str, ...]  # the line as it may be after the fix


_PING = '#!/usr/bin/env bash\nset -euo pipefail\n\nNODE="${NODE:-pve1}"\n\ncheck() {\n  pign -c 1 "$NODE"\n}\n\ncheck\n'
_COPY = '#!/bin/sh\nset -eu\n\nSRC=/srv/config\n\ncp "$SRC/app.conf" /etc/app.conf\nchmod 0644 /etc/ap.conf\n'
_TALOS = "machine:\n  type: controlplane\n  install:\n    disk: /dev/sda extra: text\n    wipe: false\n"
_DEPLOY = "apiVersion: apps/v1\nkind: Deploymnt\nmetadata:\n  name: web\nspec:\n  replicas: 2\n"
_LOOP = '#!/usr/bin/env bash\nset -e\nfor host in pve1 pve2; do\n  echo "$host"\ndon\necho finished\n'
_VARS = '#!/usr/bin/env bash\nset -euo pipefail\n\nSTATE_DIR=/var/lib/lab\n\nmkdir -p "$STATEDIR/done"\n'
CASES = (
    Broken("check.sh", _PING, 7, "check.sh: line 7: pign: command not found", ('  ping -c 1 "$NODE"',)),
    Broken("copy.sh", _COPY, 7, "chmod: cannot access '/etc/ap.conf'", ("chmod 0644 /etc/app.conf",)),
    Broken("cp.yaml", _TALOS, 4, "yaml: line 4: mapping values are not allowed here", ("    disk: /dev/sda",)),
    Broken("web.yaml", _DEPLOY, 2, 'no matches for kind "Deploymnt" in version "apps/v1"', ("kind: Deployment",)),
    Broken("loop.sh", _LOOP, 5, "loop.sh: line 7: syntax error: unexpected end of file", ("done",)),
    Broken("vars.sh", _VARS, 6, "vars.sh: line 6: STATEDIR: unbound variable", ('mkdir -p "$STATE_DIR/done"',)),
)  # fmt: skip


def briefing(case: Broken, form: str) -> Briefing:
    message = Message(case.log, 0, Subject(file=case.path, line=case.line))
    failure = Failure("lab", Excerpt((case.log,)), message, Classification.UNKNOWN, (), None, "v1:0", "abcd")
    return brief(
        failure,
        Stage("lab", files=(case.path,)),
        Files({case.path: case.text}),
        candidates=[case.path],
        limits=Limits(),
        attempt=1,
        redactor=Redactor(),
        answer_form=form,
    )


def outcome(case: Broken, told: Briefing, fixer: Ollama) -> str:
    tree = Files({case.path: case.text})
    try:
        changes = read_answer(fixer.propose(told, tree).answer, tree, preferred=[case.path]).changes
    except (Declined, PatchError):
        return "refused"
    except FixerUnavailable as e:
        return f"unavailable ({e})"
    lines = case.text.split("\n")
    right = {"\n".join([*lines[: case.line - 1], good, *lines[case.line :]]).encode() for good in case.good}
    if len(changes) == 1 and changes[0].path == case.path and changes[0].new in right:
        return "right"
    big = count_changed_lines(changes) > 10
    return "refused" if big or not shown(told, changes[0].path, 1) else "passed on"


def measure(model: Path, forms: Sequence[str]) -> None:
    with serving(model) as upstream, OllamaServer(models=("m",), upstream=upstream, context_length=8192) as server:
        for form in forms:
            results: list[str] = []
            tokens = 0
            for case in CASES:
                told = briefing(case, form)
                tokens += told.tokens
                results.append(outcome(case, told, Ollama(Machine(model="m", host=server.url, num_predict=300))))
            counts = [results.count(word) for word in ("right", "refused", "passed on")]
            row = "".join(f"{count:>11}" for count in counts)
            print(f"{model.stem[:30]:32}{form:8}{len(CASES):>6}{row}{tokens // len(CASES):>8}", flush=True)


def main() -> None:
    if not sys.argv[1:] or importlib.util.find_spec("xllamacpp") is None:
        raise SystemExit("give model files (.gguf); `make test-model` installs a small one and xllamacpp, which runs them")
    print(f"{'model':32}{'form':8}{'cases':>6}{'right':>11}{'refused':>11}{'passed on':>11}{'tokens':>8}")
    for name in sys.argv[1:]:
        measure(Path(name), FORMS)


if __name__ == "__main__":
    main()
