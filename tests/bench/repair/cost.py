"""``python -m tests.bench.repair.cost``: a whole playbook attempt against the git commands that do the same by hand.

Both read the script, check it, write a blob, a tree and a commit, and move the AI branch. Run side by side, the
median of several rounds; then the attempt again in a large repository, with a long log and with a long history.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.bench.repair.__main__ import sealed

SCRIPT = "infrastructure/boot.sh"
BEFORE = '#!/usr/bin/env bash\nset -euo pipefail\n\nSSH_HOST="${SSH_HOST:-a}"\n\nssh "$SSH_USER@$SSH_HOST" true\n'
AFTER = BEFORE.replace(":-a}\"\n", ':-a}"\n\n# Variables that the caller must provide\n: "${SSH_USER:?SSH_USER environment variable must be set}"\n')
MAP = f"stages:\n  boot:\n    description: boot\n    files: [{SCRIPT}]\n"
LOG = f"{SCRIPT}: line 6: SSH_USER: unbound variable\n"
BY_HAND = r"""
set -e
export GIT_INDEX_FILE="$PWD/.git/hand-index"
tip=$(git rev-parse --verify -q refs/heads/ai/hand || git rev-parse main)
git log --format='%(trailers)' main.."$tip" > /dev/null
git read-tree "$tip"
git cat-file blob "$tip:$SCRIPT" > /dev/null
bash -n < "$NEW"
blob=$(git hash-object -w "$NEW")
git update-index --cacheinfo "100755,$blob,$SCRIPT"
tree=$(git write-tree)
commit=$(git commit-tree "$tree" -p "$tip" -m "by hand")
git diff-tree -p "$tip" "$commit" | git patch-id --stable > /dev/null
git update-ref refs/heads/ai/hand "$commit"
"""


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="cost-") as room:
        environment = sealed(Path(room), Path(room), "")
        rows = []
        for name, files, commits, lines in (
            ("20 files", 20, 1, 1), ("50,000 files", 50_000, 1, 1), ("100,000 commits", 20, 100_000, 1), ("a log of 500,000 lines", 20, 1, 500_000),
        ):  # fmt: skip
            repo = make(Path(room) / name.replace(" ", "-"), files, commits, environment)
            log = Path(room) / "stage.log"
            log.write_text("[INFO] step\n" * (lines - 1) + LOG)
            rows.append((name, side_by_side(repo, log, environment)))
    print(f"{'repository':24}{'by hand':>12}{'attempt':>12}{'times':>8}")
    for name, (hand, attempt) in rows:
        print(f"{name:24}{hand * 1000:9.0f} ms{attempt * 1000:9.0f} ms{attempt / hand:8.1f}")


def make(repo: Path, files: int, commits: int, environment: dict[str, str]) -> Path:
    (repo / "infrastructure").mkdir(parents=True)
    (repo / "ai").mkdir()
    (repo / SCRIPT).write_text(BEFORE)
    (repo / SCRIPT).chmod(0o755)
    (repo / "ai/context_map.yaml").write_text(MAP)
    (repo / ".new").write_text(AFTER)
    for number in range(files - 2):
        path = repo / f"apps/{number % 100}/{number}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"a: {number}\n")
    git(repo, environment, "init", "-q", "-b", "main")
    git(repo, environment, "add", "-A")
    git(repo, environment, "commit", "-q", "-m", "The lab")
    if commits > 1:
        stream = "".join(f"commit refs/heads/main\ncommitter a <a@b> {1700000000 + n} +0000\ndata 2\nc\n" + ("from refs/heads/main^0\n" if n == 0 else "") + "\n"
                         for n in range(commits))  # fmt: skip
        subprocess.run(["git", "fast-import", "--quiet"], cwd=repo, env=environment, input=stream.encode(), check=True)
    return repo


def git(repo: Path, environment: dict[str, str], *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=repo, env=environment, check=True, capture_output=True)


def side_by_side(repo: Path, log: Path, environment: dict[str, str], rounds: int = 9) -> tuple[float, float]:
    def by_hand() -> None:
        git(repo, environment, "branch", "-q", "-f", "ai/hand", "main")
        subprocess.run(["bash", "-c", BY_HAND], cwd=repo, env=environment | {"SCRIPT": SCRIPT, "NEW": ".new"}, check=True, capture_output=True)

    def attempt() -> None:
        done = subprocess.run(
            [Path(sys.executable).with_name("git-executor"), "attempt", "--stage", "boot", "--log", str(log), "--fixer", "playbook"],
            cwd=repo, env={key: value for key, value in environment.items() if key != "PYTHONDONTWRITEBYTECODE"},
            capture_output=True, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr.decode()

    def fresh() -> None:
        subprocess.run(["git", "update-ref", "-d", "refs/heads/ai/orchestrator-stage1"], cwd=repo, env=environment, check=True)

    attempt()
    hand, ours = [], []
    for _ in range(rounds):
        hand.append(seconds(by_hand))
        fresh()
        ours.append(seconds(attempt))
    return statistics.median(hand), statistics.median(ours)


def seconds(do: Callable[[], None]) -> float:
    began = time.perf_counter()
    do()
    return time.perf_counter() - began


if __name__ == "__main__":
    os.environ.pop("GIT_DIR", None)
    main()
