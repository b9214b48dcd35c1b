"""``python -m tests.bench.repair.fuzz [SEED [COUNT]]``: small random damage to the sample homelab.

Every damage that makes a stage fail is put to the playbook in this process, with the real reading of the log. Printed:
how many were given back as they were, how many edits pass the stage without being that, and how many leave it failing.
The last two are read by a person: they are either another right way, or a wrong fix.
"""

from __future__ import annotations

import difflib
import random
import shutil
import sys
import tempfile
from pathlib import Path

import yaml

from git_executor import failure as failures
from git_executor.domain import EXECUTABLE, REGULAR, Blob, Briefing, Stage
from git_executor.errors import ExecutorError
from git_executor.fixers.playbook import Playbook
from git_executor.verify import check_file, compare
from tests.bench.repair.__main__ import HERE, make_tools, plain, sealed, stage
from tests.playbook.world import MemoryTree


def main(seed: int, count: int) -> None:
    chance = random.Random(seed)
    stages = yaml.safe_load((HERE / "homelab/ai/context_map.yaml").read_text())["stages"]
    tally: dict[str, int] = {}
    with tempfile.TemporaryDirectory(prefix="fuzz-") as name:
        room = Path(name)
        environment = sealed(room, make_tools(room), "")
        for number in range(count):
            repo = room / "repo"
            shutil.rmtree(repo, ignore_errors=True)
            shutil.copytree(HERE / "homelab", repo)
            name_ = chance.choice(sorted(stages))
            path = chance.choice(sorted(files(repo, stages[name_]["files"])))
            good = (repo / path).read_text()
            bad = damaged(good, chance)
            (repo / path).write_text(bad)
            log, status = stage(name_, repo, environment)
            if status == 0:
                continue
            verdict, shown = outcome(repo, name_, stages[name_], path, good, log, environment, room)
            tally[verdict] = tally.get(verdict, 0) + 1
            if verdict in ("other, passes", "wrong"):
                print(f"--- {number} {verdict}: {path}\n{diff(good, bad)}{log.decode()[-400:]}\n{shown}\n", flush=True)
    print(tally)


def files(repo: Path, listed: list[str]) -> list[str]:
    found = []
    for entry in listed:
        found += [str(path.relative_to(repo)) for path in (repo / entry).rglob("*") if path.is_file()] if entry.endswith("/") else [entry]
    return found


def damaged(text: str, chance: random.Random) -> str:
    lines = text.split("\n")
    at = chance.choice([number for number, line in enumerate(lines) if line.strip()])
    line = lines[at]
    where = chance.randrange(len(line))
    kind = chance.choice(("drop", "swap", "double", "remove line", "indent", "dedent", "quote", "colon", "tab", "word"))
    if kind == "drop":
        lines[at] = line[:where] + line[where + 1 :]
    elif kind == "swap" and where + 1 < len(line):
        lines[at] = line[:where] + line[where + 1] + line[where] + line[where + 2 :]
    elif kind == "double":
        lines[at] = line[:where] + line[where] + line[where:]
    elif kind == "remove line":
        del lines[at]
    elif kind == "indent":
        lines[at] = " " + line
    elif kind == "dedent" and line.startswith(" "):
        lines[at] = line[1:]
    elif kind == "quote" and '"' in line:
        lines[at] = line.replace('"', "", 1) if chance.random() < 0.5 else '"'.join(line.rsplit('"', 1)[:1]) + line.rsplit('"', 1)[1]
    elif kind == "colon" and ":" in line:
        lines[at] = line.replace(chance.choice((":", ": ")), chance.choice(("", ":", " :")), 1)
    elif kind == "tab" and line.startswith("  "):
        lines[at] = "\t" + line.lstrip()
    elif kind == "word":
        words = line.split(" ")
        del words[chance.randrange(len(words))]
        lines[at] = " ".join(words)
    return "\n".join(lines)


def outcome(repo: Path, name: str, entry: dict[str, object], path: str, good: str, log: bytes, environment: dict[str, str], room: Path) -> tuple[str, str]:
    (room / "stage.log").write_bytes(log)
    tree = MemoryTree({
        str(file.relative_to(repo)): Blob(EXECUTABLE if file.stat().st_mode & 0o100 else REGULAR, file.read_bytes())
        for file in repo.rglob("*") if file.is_file()
    })  # fmt: skip
    try:
        failed = failures.understand(failures.read_log(str(room / "stage.log")), stage=name)
        briefing = Briefing(Stage(name, command=str(entry["command"])), failed, candidates=tuple(files(repo, entry["files"])))  # type: ignore[arg-type]
        proposal = Playbook(check_file).propose(briefing, tree)
    except ExecutorError as reason:
        return "declined", str(reason)
    change = proposal.changes[0]
    assert change.new is not None
    if compare(proposal.changes, failed).faults:
        return "declined", "did not pass verification"
    if change.path == path and plain(change.new.decode()) == plain(good):
        return "right", ""
    (repo / change.path).write_bytes(change.new)
    shown = f"{proposal.fixer}\n" + diff((change.old or b"").decode(), change.new.decode())
    return ("other, passes" if stage(name, repo, environment)[1] == 0 else "wrong"), shown


def diff(old: str, new: str) -> str:
    return "\n".join(difflib.unified_diff(old.split("\n"), new.split("\n"), lineterm="", n=0)) + "\n"


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1, int(sys.argv[2]) if len(sys.argv) > 2 else 300)
