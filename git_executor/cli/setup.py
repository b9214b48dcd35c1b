"""Commands that set a repository up: init, hooks, doctor."""

from __future__ import annotations

import importlib.metadata
import os
import shutil
import sys
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import click

from git_executor.cli import output
from git_executor.errors import ExecutorError, ExitCode

_MAP = """\
# What the bootstrap consists of, and which files may be changed for the sake of which stage.
# A stage's files are the only ones that the Executor may touch when it fails.
stages:
  example:
    description: Say in a few words what this stage brings about
    command: scripts/example.sh
    files:
      - scripts/example.sh

# Nobody's machine may change these, whatever a stage lists; ai/ and everything that steers git are protected anyway.
protected_files: []
"""

_MEMO = """\
# Architecture

Write down, one section a topic, what a newcomer must know before changing anything. A stage names the sections that
concern it under `architecture_sections:`; those are what the model gets to read.
"""


@click.command()
@output.repo_option
def init(repo: str) -> None:
    """Write the files that the Executor needs into ai/, where they are missing. Nothing is overwritten or committed."""
    from git_executor.ledger.store import Store

    root = Store.open(repo).root
    package = resources.files("git_executor") / "ai"
    wanted = {
        "ai/context_map.yaml": _MAP.encode(),
        "ai/master_memo.md": _MEMO.encode(),
        "ai/executor_instructions.md": (package / "executor_instructions.md").read_bytes(),
        "ai/bootstrap_loop.sh": (package / "bootstrap_loop.sh").read_bytes(),
    }
    state = package / "state"
    wanted |= {f"ai/state/{s.name}": s.read_bytes() for s in state.iterdir() if s.name.endswith(".schema.json")}
    for name, data in sorted(wanted.items()):
        target = root / name
        if target.exists() or target.is_symlink():
            click.echo(f"kept     {name}")
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
        target.chmod(0o755 if name.endswith(".sh") else 0o644)
        click.echo(f"written  {name}")
    click.echo("Next: describe your stages in ai/context_map.yaml and commit ai/ on the base branch.")


@click.group()
def hooks() -> None:
    """Guard the commits of people and machines in this repository."""


@hooks.command()
@output.repo_option
def install(repo: str) -> None:
    """Install the hooks; an existing hook is kept and runs as well."""
    from git_executor.guard.install import install as install_hooks

    for line in install_hooks(repo):
        click.echo(line)


@hooks.command()
@output.repo_option
def uninstall(repo: str) -> None:
    """Remove the hooks and put back what was there before."""
    from git_executor.guard.install import uninstall as uninstall_hooks

    for line in uninstall_hooks(repo):
        click.echo(line)


@click.command()
@output.repo_option
def doctor(repo: str) -> int:
    """Check the machine, the repository and the fixers; say what to do about whatever is wrong."""
    healthy = True
    for what, problem in _checks(repo):
        mark = click.style("ok  ", fg="green") if not problem else click.style("look", fg="yellow")
        click.echo(f"{mark}  {what}" + (f": {problem}" if problem else ""))
        healthy = healthy and not problem
    return int(ExitCode.OK if healthy else ExitCode.FAILED)


def _checks(repo: str) -> Iterator[tuple[str, str]]:
    """(what was checked, the problem or nothing), as far as each check allows the next."""
    from git_executor import fixers, ground as grounds

    yield f"Python {sys.version.split()[0]}, git-executor {importlib.metadata.version('git-executor')}", ""
    for tool, why in (("git", "everything"), ("bash", "checking shell scripts and running stages")):
        yield tool, "" if shutil.which(tool) else f"not on PATH; needed for {why}"
    try:
        store, machine = grounds.open_store(repo)
        ground = grounds.stand(store, machine)
    except ExecutorError as e:
        yield "repository", str(e)
        return
    yield f"repository {store.root}, base branch {ground.base_name}, AI branch {ground.branch}", ""
    for stage in ground.map.stages.values():
        try:
            missing = grounds.stage_files(stage, ground.tree, ground.map.protected_files).missing
        except ExecutorError as e:
            yield f"stage {stage.name}", str(e)
            continue
        absent = f"listed but not in the tree: {', '.join(missing)}" if missing else ""
        yield f"stage {stage.name}", absent or ("" if stage.command else "it has no command, so the loop skips it")
    for name in machine.fixers:
        detail = problem = ""
        if name not in ("playbook", "recorded"):
            try:
                detail = fixers.check(name, machine)
            except ExecutorError as e:
                problem = str(e)
        yield f"fixer {name}" + (f": {detail}" if detail else ""), problem
    if not os.access(Path(store.root), os.W_OK):
        yield "logs", f"{store.root} is not writable, so there will be no run logs and no Case Files"
