"""What a small model's answers are worth, by answer form: ``python -m tests.bench.models MODEL.gguf ... [--cases N]``.

Each case is a broken repository of ``tests.bench.repair`` whose stage really fails. The real ``git-executor attempt`` asks
the model, behind a real model server, and whatever lands is held against the repair and by running the stage again.
*right*: the repair. *other*: the stage passes, the text is another one. *wrong*: something landed, and the stage still
fails. *refused*: nothing landed. Tokens are those of all prompts of a case, by our estimate.

Needs ``xllamacpp`` in this Python. ``--show`` prints what landed without being the repair, and why the rest was refused.
"""

from __future__ import annotations

import argparse
import importlib.util
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from git_executor.context.tokens import estimate
from git_executor.fixers import FORMS
from tests.bench.repair.__main__ import build, judge, make_tools, sealed, stage
from tests.bench.repair.cases import FIXABLE, Break
from tests.fixers.model_server import serving
from tests.fixers.ollama_server import OllamaServer

KINDS = ("right", "other", "wrong", "refused", "failed")


def chosen(count: int) -> list[Break]:
    """``count`` cases, spread over all families; no answer form can set an executable bit or strip line ends."""
    every = [case for case in FIXABLE if not case.mode and not case.crlf]
    step = max(1.0, len(every) / count)
    return [every[int(i * step)] for i in range(min(count, len(every)))]


def outcome(case: Break, form: str, room: Path, tools: Path, host: str) -> tuple[str, str]:
    """How one attempt ended, and what is worth knowing about it."""
    repo, environment = room / "repo", sealed(room, tools, "")
    subprocess.run(["rm", "-rf", str(repo), str(room / "fixed")], check=True)
    build(case, repo, environment)
    log, _ = stage(case.stage, repo, environment)
    (room / "stage.log").write_bytes(log)
    settings = {"MODEL": "m", "HOST": host, "ANSWER_FORM": form, "NUM_PREDICT": "400", "FIXERS": "ollama"}
    command = [sys.executable, "-m", "git_executor", "attempt", "--stage", case.stage, "--log", str(room / "stage.log"), "--json"]
    done = subprocess.run(command, cwd=repo, env=environment | {f"GIT_EXECUTOR_{k}": v for k, v in settings.items()},
                          capture_output=True, stdin=subprocess.DEVNULL)  # fmt: skip
    if done.returncode != 0:
        said = (done.stdout + done.stderr).decode("utf-8", "replace").strip()
        return ("refused" if done.returncode in (10, 11, 12, 13) else "failed"), f"exit {done.returncode}: {said}"
    verdict, why = judge(case, done, repo, environment)
    if verdict == "fixed":
        return "right", ""
    return ("other" if why.startswith("passes") else "wrong"), why + "\n" + landed(repo, environment)


def landed(repo: Path, environment: dict[str, str]) -> str:
    command = ["git", "diff", "main", "ai/orchestrator-stage1"]
    return subprocess.run(command, cwd=repo, env=environment, capture_output=True, check=True).stdout.decode("utf-8", "replace")


def measure(model: Path, forms: Sequence[str], cases: Sequence[Break], show: bool) -> None:
    with (
        tempfile.TemporaryDirectory(prefix="models-") as name,
        serving(model) as upstream,
        OllamaServer(models=("m",), upstream=upstream, context_length=8192) as server,
    ):
        room = Path(name)
        tools = make_tools(room)
        for form in forms:
            counts: Counter[str] = Counter()
            server.requests.clear()
            began = time.monotonic()
            for case in cases:
                kind, why = outcome(case, form, room, tools, server.url)
                counts[kind] += 1
                if show and why:
                    print(f"--- {form} {kind}: {case.name}\n{why}", flush=True)
            tokens = sum(estimate(chat["messages"][0]["content"]) for chat in server.chats) // len(cases)
            row = "".join(f"{counts[kind]:>9}" for kind in KINDS)
            seconds = (time.monotonic() - began) / len(cases)
            print(f"{model.stem[:28]:30}{form:8}{len(cases):>6}{row}{tokens:>8}{seconds:>10.0f}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.models")
    parser.add_argument("models", nargs="*", type=Path, metavar="MODEL.gguf")
    parser.add_argument("--cases", type=int, default=24)
    parser.add_argument("--forms", default=",".join(FORMS))
    parser.add_argument("--show", action="store_true")
    options = parser.parse_args()
    if not options.models or importlib.util.find_spec("xllamacpp") is None:
        raise SystemExit("give model files (.gguf); `make test-model` installs a small one and xllamacpp, which runs them")
    header = "".join(f"{kind:>9}" for kind in KINDS)
    print(f"{'model':30}{'form':8}{'cases':>6}{header}{'tokens':>8}{'s a case':>10}", flush=True)
    for model in options.models:
        measure(model, options.forms.split(","), chosen(options.cases), options.show)


if __name__ == "__main__":
    main()
