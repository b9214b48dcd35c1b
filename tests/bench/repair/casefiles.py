"""``python -m tests.bench.repair.casefiles``: the Case File of every broken repository of the repair bench.

For each one the real ``git-executor escalate`` writes it. Counted are those that are valid against the schema, within the
budget (evidence: three times ``context_tokens``), and that show every line which the right repair changes. The
baseline is the whole memo and the stage's whole files: its size in the same estimate of tokens.
"""

from __future__ import annotations

import difflib
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import jsonschema

from git_executor.context.tokens import estimate
from git_executor.domain import Limits
from tests.bench.repair.__main__ import HERE, build, make_tools, sealed, stage
from tests.bench.repair.cases import FIXABLE, Break

SCHEMA = json.loads((HERE.parents[2] / "ai/state/case_file.schema.json").read_text())
BUDGET = 3 * Limits().context_tokens


def main() -> int:
    rows = []
    with tempfile.TemporaryDirectory(prefix="casefiles-") as room:
        tools = make_tools(Path(room))
        for case in FIXABLE:
            rows.append((case.name, *examine(case, Path(room) / case.name, tools)))
    valid, fits, held = (sum(row[i] for row in rows) for i in (1, 2, 3))
    tokens, whole = (sum(row[i] for row in rows) / len(rows) for i in (4, 5))
    print(f"{'repositories':36}{len(rows):6}")
    print(f"{'valid against the schema':36}{valid:6}  {valid / len(rows):6.1%}")
    print(f"{f'within {BUDGET} tokens':36}{fits:6}  {fits / len(rows):6.1%}")
    print(f"{'hold every line the repair needs':36}{held:6}  {held / len(rows):6.1%}")
    print(f"{'mean tokens, Case File':36}{tokens:6.0f}")
    print(f"{'mean tokens, whole memo and files':36}{whole:6.0f}")
    for row in rows:
        if not all(row[1:4]):
            print(f"  {row[0]}: valid={row[1]} fits={row[2]} holds={row[3]}")
    return 0


def examine(case: Break, room: Path, tools: Path) -> tuple[bool, bool, bool, int, int]:
    """(valid, within budget, holds the lines, its tokens, tokens of everything) of one repository's Case File."""
    room.mkdir()
    repo, environment = room / "repo", sealed(room, tools, "")
    build(case, repo, environment)
    log, _ = stage(case.stage, repo, environment)
    (room / "stage.log").write_bytes(log)
    command = ["escalate", "--stage", case.stage, "--log", str(room / "stage.log"), "--json"]
    done = subprocess.run(
        [sys.executable, "-m", "git_executor", *command], cwd=repo, env=environment, capture_output=True, check=False
    )
    page = Path(json.loads(done.stdout)["case_file"])
    twin = json.loads(page.with_suffix(".json").read_text())
    memo = repo / "ai/master_memo.md"
    listed = [repo / path for path in twin["constraints"]["files_allowed"]]
    whole = sum(estimate(path.read_text(errors="replace")) for path in [memo, *listed] if path.is_file())
    valid = jsonschema.Draft202012Validator(SCHEMA).is_valid(twin)
    return valid, twin["tokens"] <= BUDGET, holds(case, repo, twin), twin["tokens"], whole


def holds(case: Break, repo: Path, twin: dict[str, Any]) -> bool:
    """Whether the lines that the right repair replaces, or stands beside, are shown. A mode or CRLF needs no line."""
    if case.mode or case.crlf:
        return True
    good = (HERE / "homelab" / case.path).read_text().split("\n")
    bad = (repo / case.path).read_text().split("\n")
    needed: set[int] = set()
    for tag, a, b, _, _ in difflib.SequenceMatcher(None, bad, good, autojunk=False).get_opcodes():
        if tag != "equal":
            needed.update(range(a + 1, b + 1) if b > a else {max(a, 1)})
    shown: set[int] = set()
    for part in twin["files"]:
        if part["path"] == case.path:
            for window in part["windows"]:
                shown.update(range(window["first"], window["first"] + len(window["lines"])))
    return needed <= shown


if __name__ == "__main__":
    sys.exit(main())
