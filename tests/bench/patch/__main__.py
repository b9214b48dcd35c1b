"""Malformed answers against our engine and today's tools: exact, refused and wrong results of each.

    python -m tests.bench.patch [--seed N] [--each N] [--kinds] [--corpus DIR] [--aider PYTHON] [--time]

``wrong`` is any result but the one that is meant, and any result at all where there should be a refusal.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from git_executor.domain import Change
from git_executor.patch import read_answer, render
from tests.patch.trees import MemoryTree

from .corpus import cases
from .engines import Engine, engines
from .files import FILES
from .kinds import Case
from .outside import outside

Table = dict[str, dict[str, Counter[str]]]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.patch")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--each", type=int, default=6, help="cases of each kind")
    parser.add_argument("--aider", default="", metavar="PYTHON", help="an interpreter that has aider")
    parser.add_argument("--kinds", action="store_true", help="one row for each kind")
    parser.add_argument("--time", action="store_true", help="the time for correct diffs, too")
    parser.add_argument("--corpus", type=Path, metavar="DIR", help="answers of others: cases.jsonl and files.json")
    options = parser.parse_args()
    corpus = list(outside(options.corpus) if options.corpus else cases(options.seed, options.each))
    kinds, files = {case.kind for case in corpus}, {data for case in corpus for data in case.files.values()}
    made = options.corpus or f"seed {options.seed}"
    print(f"{len(corpus)} answers of {len(kinds)} kinds over {len(files)} files, {made}\n")
    with engines(options.aider) as found:
        tables = {name: one if isinstance(one, str) else _measure(one, corpus) for name, one in found.items()}
    _totals(tables, corpus)
    if options.kinds:
        _by_kind(tables, corpus)
    if options.time:
        _time()
    ours = tables["git-executor"]
    return 1 if isinstance(ours, str) or any(counts["wrong"] for counts in ours.values()) else 0


def _measure(engine: Engine, corpus: list[Case]) -> dict[str, Counter[str]]:
    counts: dict[str, Counter[str]] = {}
    for case in corpus:
        after = engine(case)
        result = (
            "refused" if after is None or after == case.before else "exact" if after == case.wanted else "wrong"
        )
        counts.setdefault(case.kind, Counter())[result] += 1
    return counts


def _totals(tables: dict[str, dict[str, Counter[str]] | str], corpus: list[Case]) -> None:
    lands = {case.kind for case in corpus if case.wanted is not None}
    print(f"{'':22}{'must land':^30}{'must be refused':^24}")
    print(f"{'':22}{'exact':>8}{'refused':>10}{'wrong':>8}    {'refused':>10}{'wrong':>8}")
    for name, counts in tables.items():
        if isinstance(counts, str):
            print(f"{name:22}not measured: {counts}")
            continue
        good = sum((counts[kind] for kind in lands), Counter())
        bad = sum((count for kind, count in counts.items() if kind not in lands), Counter())
        all_good, all_bad = good.total(), bad.total()
        print(
            f"{name:22}{good['exact'] / all_good:8.1%}{good['refused'] / all_good:10.1%}{good['wrong']:8}    "
            f"{bad['refused'] / all_bad:10.1%}{bad['wrong']:8}"
        )


def _by_kind(tables: dict[str, dict[str, Counter[str]] | str], corpus: list[Case]) -> None:
    measured = {name: counts for name, counts in tables.items() if not isinstance(counts, str)}
    print("\nexact/refused/wrong\n" + f"{'':30}" + "".join(f"{name:>21}" for name in measured))
    for kind in dict.fromkeys(case.kind for case in corpus):
        cells = (
            "/".join(str(counts[kind][key]) for key in ("exact", "refused", "wrong"))
            for counts in measured.values()
        )
        print(f"{kind:30}" + "".join(f"{cell:>21}" for cell in cells))


def _time() -> None:
    """Correct diffs: our engine in process and as a process of its own, beside ``git apply``."""
    diffs = []
    for path, (text, edits) in FILES.items():
        for old, new in edits:
            change = Change(path, text.encode(), text.replace(old, new).encode())
            diffs.append((path, change.old or b"", render([change])))
    inside = []
    for path, old, diff in diffs * 5:
        start = time.perf_counter()
        read_answer(diff, MemoryTree({path: old}))
        inside.append(time.perf_counter() - start)
    git, own = [], []
    with tempfile.TemporaryDirectory() as place:
        subprocess.run(["git", "init", "-q", place], check=True)
        for path, old, diff in diffs[:40]:
            file = Path(place, path)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(old)
            start = time.perf_counter()
            subprocess.run(["git", "apply", "-"], cwd=place, input=diff, check=True)
            git.append(time.perf_counter() - start)
            file.write_bytes(old)
            script = (
                "import sys; from pathlib import Path; from git_executor.patch import read_answer\n"
                "from tests.patch.trees import MemoryTree\n"
                "path = sys.argv[1]; tree = MemoryTree({path: Path(sys.argv[2], path).read_bytes()})\n"
                "for change in read_answer(sys.stdin.buffer.read(), tree).changes:\n"
                "    Path(sys.argv[2], change.path).write_bytes(change.new)\n"
            )
            start = time.perf_counter()
            subprocess.run([sys.executable, "-c", script, path, place], input=diff, check=True)
            own.append(time.perf_counter() - start)
    print(f"\ncorrect diffs, median of {len(inside)} in process and {len(git)} as a process (ms)")
    for name, values in (
        ("git-executor, in process", inside),
        ("git apply", git),
        ("git-executor, a process", own),
    ):
        print(f"{name:28}{statistics.median(values) * 1000:8.2f}")


if __name__ == "__main__":
    sys.exit(main())
