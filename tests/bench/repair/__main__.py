"""``python -m tests.bench.repair [--aside] [--only NAME]``: break, fail, attempt, judge; a plain table at the end.

Every case is a repository of its own in which the stage's command really runs and really fails. Then the real
``git-executor attempt`` is called with the log and only the playbook, and the stage runs again in a worktree of the AI
branch. ``--aside`` takes the third of the cases that is kept aside, otherwise they are left out.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import stat
import subprocess
import sys
import tempfile
import time
import zlib
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.bench.repair.cases import DECLINED, FIXABLE, Break, Hopeless
from tests.bench.repair.stub import TOOLS

HERE = Path(__file__).parent
BRANCH = "ai/orchestrator-stage1"


@dataclass(frozen=True)
class Result:
    family: str
    name: str
    verdict: str  # fixed, wrong, declined rightly, declined wrongly
    seconds: float
    why: str = ""


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.repair")
    parser.add_argument("--aside", action="store_true", help="the third that is kept aside, instead of the rest")
    parser.add_argument("--only", help="one case by its name")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="repair-") as room:
        tools = make_tools(Path(room))
        results = [run(case, Path(room), tools) for case in chosen(options.aside, options.only)]
    show(results)
    return any(result.verdict == "wrong" for result in results)


def chosen(aside: bool, only: str | None) -> list[Break | Hopeless]:
    everything = [*FIXABLE, *DECLINED]
    if only:
        return [case for case in everything if case.name == only]
    return [case for case in everything if (zlib.crc32(case.name.encode()) % 3 == 0) == aside]


def make_tools(room: Path) -> Path:
    tools = room / "bin"
    tools.mkdir()
    for name in TOOLS:
        tool = tools / name
        tool.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{HERE / "stub.py"}" {name} "$@"\n')
        tool.chmod(0o755)
    return tools


# --- one case -----------------------------------------------------------------------------------------


def run(case: Break | Hopeless, room: Path, tools: Path) -> Result:
    repo = room / "repo"
    shutil.rmtree(repo, ignore_errors=True)
    environment = sealed(room, tools, case.breakdown if isinstance(case, Hopeless) else "")
    build(case, repo, environment)
    log, status = stage(case.stage, repo, environment)
    if status == 0:
        raise SystemExit(f"{case.name}: the broken repository's stage passes")
    (room / "stage.log").write_bytes(log)
    began = time.perf_counter()
    attempt = subprocess.run(
        [sys.executable, "-m", "git_executor", "attempt", "--stage", case.stage, "--log", str(room / "stage.log"), "--fixer", "playbook", "--json"],
        cwd=repo, env=environment, capture_output=True, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    seconds = time.perf_counter() - began
    family = case.family if isinstance(case, Break) else "must decline"
    verdict, why = judge(case, attempt, repo, environment)
    return Result(family, case.name, verdict, seconds, why if verdict not in ("fixed", "declined rightly") else "")


def sealed(room: Path, tools: Path, breakdown: str) -> dict[str, str]:
    home = room / "home"
    home.mkdir(exist_ok=True)
    identity = {f"GIT_{who}_{what}": value for who in ("AUTHOR", "COMMITTER") for what, value in (("NAME", "Op"), ("EMAIL", "op@lab"))}
    return identity | {
        "PATH": f"{tools}:{os.environ['PATH']}", "HOME": str(home), "LC_ALL": "C.UTF-8", "GIT_CONFIG_NOSYSTEM": "1",
        "STUB_BREAKDOWN": breakdown, "STUB_STATE": str(room / "state"), "PYTHONPATH": str(HERE.parents[2]), "PYTHONDONTWRITEBYTECODE": "1",
    }  # fmt: skip


def build(case: Break | Hopeless, repo: Path, environment: dict[str, str]) -> None:
    shutil.copytree(HERE / "homelab", repo)
    if case.path:
        spoil(case, repo / case.path)
    if isinstance(case, Hopeless) and case.scope:
        map_ = repo / "ai/context_map.yaml"
        text = map_.read_text()
        start = text.index(f"  {case.stage}:\n")
        at = text.index("    files: ", start)
        map_.write_text(text[:at] + f"    files: [{', '.join(case.scope)}]" + text[text.index("\n", at) :])
    for command in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-q", "-m", "The lab"]):
        subprocess.run(["git", *command], cwd=repo, env=environment, check=True, capture_output=True)


def spoil(case: Break | Hopeless, path: Path) -> None:
    if isinstance(case, Break) and case.mode:
        path.chmod(0o644)
    elif isinstance(case, Break) and case.crlf:
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    else:
        text = path.read_text()
        assert case.good in text, f"{case.name}: {case.good!r} is not in {case.path}"
        path.write_text(text.replace(case.good, case.bad, 1))


def stage(name: str, directory: Path, environment: dict[str, str]) -> tuple[bytes, int]:
    """Run the stage's command as the bootstrap loop does."""
    import yaml

    command = yaml.safe_load((directory / "ai/context_map.yaml").read_text())["stages"][name]["command"]
    for state in directory.parent.glob("state*"):
        state.unlink()
    done = subprocess.run(["bash", "-c", command], cwd=directory, env=environment, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60)  # fmt: skip
    return done.stdout, done.returncode


# --- the judge ----------------------------------------------------------------------------------------


def judge(case: Break | Hopeless, attempt: subprocess.CompletedProcess[bytes], repo: Path, environment: dict[str, str]) -> tuple[str, str]:
    said = explained(attempt)
    if attempt.returncode != 0:
        expected = isinstance(case, Hopeless) and attempt.returncode in (1, 10)
        return ("declined rightly" if expected else "declined wrongly"), f"exit {attempt.returncode}: {said}"
    fixed = repo.parent / "fixed"
    shutil.rmtree(fixed, ignore_errors=True)
    subprocess.run(["git", "worktree", "prune"], cwd=repo, env=environment, check=True)
    subprocess.run(["git", "worktree", "add", "-q", str(fixed), BRANCH], cwd=repo, env=environment, check=True, capture_output=True)
    changed = subprocess.run(["git", "diff", "--name-only", "main", BRANCH], cwd=repo, env=environment, capture_output=True, check=True)
    if isinstance(case, Hopeless):
        return "wrong", f"changed {changed.stdout.decode().strip()}: {said}"
    if changed.stdout.decode().split() != [case.path]:
        return "wrong", f"changed {changed.stdout.decode().split()}"
    log, status = stage(case.stage, fixed, environment)
    if case.heals and status != 0:
        return "wrong", "the stage still fails: " + log.decode("utf-8", "replace").strip().split("\n")[-1]
    if not case.heals:
        text = log.decode("utf-8", "replace")
        return ("fixed", "") if case.says in text and "must be set" in text else ("wrong", text)
    return ("fixed", "") if is_right(case, fixed / case.path) else ("wrong", "passes, but is not the repair: " + (fixed / case.path).read_text())


def explained(attempt: subprocess.CompletedProcess[bytes]) -> str:
    try:
        told = json.loads(attempt.stdout)
        return f"{told['fixer']}: {told['fix']} {told['reason']} {told['violations']}"
    except ValueError:
        return attempt.stderr.decode("utf-8", "replace").strip()


def is_right(case: Break, path: Path) -> bool:
    """Whether the file is what it was before it was broken, blanks and the choice of quotes aside."""
    if case.mode:
        return bool(path.stat().st_mode & stat.S_IXUSR)
    good = (HERE / "homelab" / case.path).read_text()
    wanted = [good, *(good.replace(case.good, other, 1) for other in case.also)]
    return plain(path.read_text()) in [plain(text) for text in wanted]


def plain(text: str) -> list[str]:
    return [" ".join(line.replace("'", '"').split()) for line in text.split("\n") if line.strip()]


def show(results: Sequence[Result]) -> None:
    table: dict[str, Counter[str]] = defaultdict(Counter)
    for result in results:
        table[result.family][result.verdict] += 1
    columns = ("fixed", "wrong", "declined rightly", "declined wrongly")
    print(f"{'family':14}" + "".join(f"{column:>18}" for column in columns) + f"{'seconds each':>14}")
    for family, counts in [*table.items(), ("all", sum(table.values(), Counter()))]:
        times = [result.seconds for result in results if family in (result.family, "all")]
        print(f"{family:14}" + "".join(f"{counts[column]:18}" for column in columns) + f"{sum(times) / max(len(times), 1):14.2f}")
    for result in results:
        if result.why:
            print(f"\n{result.verdict}: {result.family}/{result.name}\n  {result.why}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
