"""The arrows of the house: who may import whom. Read off the source, so that a late import counts too."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "git_executor"
SIBLINGS = {"failure", "context", "fixers", "patch", "policy", "verify", "ledger", "escalation", "review"}
SHARED = {"domain", "errors", "settings", "nesting", "lazy"}
JOINERS = {"attempt", "landing", "ground", "record", "escalate", "respond", "branch", "runlog", "case"}


def modules() -> Iterator[tuple[str, Path]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        relative = path.relative_to(PACKAGE)
        if relative.parts[0] not in ("sample", "ai"):
            yield relative.parts[0].removesuffix(".py"), path


def imported_rooms(path: Path) -> set[str]:
    """The first name below ``git_executor`` of everything that a module imports, wherever in the file."""
    found = set()
    here = ("git_executor", *path.relative_to(PACKAGE).parts[:-1])
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom):
            base = list(here[: len(here) - node.level + 1]) if node.level else []
            names = [".".join([*base, *([node.module] if node.module else [])])]
            if names[0] == "git_executor":
                names = [f"git_executor.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            continue
        found |= {name.split(".")[1] for name in names if name.startswith("git_executor.")}
    return found


@pytest.mark.parametrize(("room", "path"), [pytest.param(r, p, id=str(p.relative_to(PACKAGE))) for r, p in modules()])
def test_arrows(room: str, path: Path) -> None:
    others = imported_rooms(path) - {room}
    if room in SIBLINGS:
        assert others <= SHARED, f"{room} may only import {SHARED}"
    elif room in SHARED:
        assert others <= SHARED
    elif room == "guard":
        assert others <= SHARED | {"policy", "ledger"}
    elif room in JOINERS:
        assert "cli" not in others and "guard" not in others
    assert room in ("cli", "__main__") or "cli" not in others


@pytest.mark.parametrize("path", [p for _, p in modules()], ids=lambda p: str(p.relative_to(PACKAGE)))
def test_only_the_ledger_knows_git(path: Path) -> None:
    text = path.read_text()
    if path.name != "store.py":
        assert "import pygit2" not in text
    if path.name != "gitcli.py" and "cli" not in path.parts:
        assert '["git"' not in text


@pytest.mark.parametrize(
    ("statement", "banned"),
    [
        ("import git_executor.guard.hooks, git_executor.policy", {"pygit2", "click", "pydantic", "ollama", "httpx"}),
        ("import git_executor.cli.read", {"pygit2", "pydantic", "ollama", "httpx"}),
        ("import git_executor.attempt", {"pydantic", "ollama", "httpx"}),
    ],
)
def test_what_must_start_fast_loads_little(statement: str, banned: set[str]) -> None:
    code = f"{statement}\nimport sys\nprint(*sys.modules)"
    loaded = set(
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    )
    assert not loaded & banned
