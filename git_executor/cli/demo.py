"""``git-executor demo``: the main job on a sample homelab, with real git and the real loop, without a model."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from importlib import resources
from pathlib import Path

import click

from git_executor.errors import ExecutorError, ExitCode

_PEOPLE = {
    "GIT_AUTHOR_NAME": "You",
    "GIT_AUTHOR_EMAIL": "you@homelab.example",
    "GIT_COMMITTER_NAME": "You",
    "GIT_COMMITTER_EMAIL": "you@homelab.example",
}

# The loop calls the command by its name, wherever this interpreter has it.
_COMMAND = """\
#!/usr/bin/env python3
import sys
from git_executor.__main__ import main
sys.exit(main())
"""


@click.command()
@click.option("--keep", metavar="DIR", help="Build it in this new folder instead of a temporary one.")
def demo(keep: str | None) -> int:
    """Show the main job end to end on a sample homelab: no model, no network."""
    if not shutil.which("bash"):
        raise ExecutorError("the demo runs shell scripts and needs bash on PATH")
    home = Path(keep) if keep else Path(tempfile.mkdtemp(prefix="git-executor-demo-"))
    if keep and home.exists():
        raise ExecutorError(f"{keep} exists already", hint="name a new folder")
    repo, environ = build(home)
    _title(f"A sample homelab in {repo}")
    click.echo("Four stages, four different faults. The loop runs them and has the failed ones repaired.\n")
    code = _run(["ai/bootstrap_loop.sh"], repo, environ)
    _title("What the ledger says now")
    _run(["git-executor", "status"], repo, environ)
    _title("The commits that wait for your review")
    _run(["git", "log", "--stat", "--format=%C(auto)%h %s%n%n%w(0,4,4)%(trailers)", "main..ai/orchestrator-stage1"],
         repo, environ)  # fmt: skip
    page = next((repo / "ai" / "escalations").glob("*.md"), None)
    if page:
        _title("The beginning of the Case File of the stage that cannot be fixed here")
        click.echo("\n".join(page.read_text(encoding="utf-8").splitlines()[:24]))
    _title("Look around")
    click.echo(f"repository  {repo}")
    click.echo(f"Case File   {page}")
    click.echo("main was not moved, and its checkout was not touched:")
    _run(["git", "status", "--short", "--branch"], repo, environ)
    # The last stage's storage box is off, which no change to a file can mend: escalating it is the right ending.
    return int(ExitCode.OK) if code == ExitCode.ESCALATED and page else int(ExitCode.FAILED)


def build(home: Path) -> tuple[Path, Mapping[str, str]]:
    """Make the sample repository and the stub tools under ``home``: the repository, and its environment."""
    repo, tools = home / "homelab", home / "bin"
    package = resources.files("git_executor")
    with resources.as_file(package / "sample") as sample, resources.as_file(package / "ai") as ours:
        shutil.copytree(sample, repo, ignore=shutil.ignore_patterns("bin", "__pycache__"))
        for name in ("bootstrap_loop.sh", "executor_instructions.md"):
            shutil.copy(ours / name, repo / "ai" / name)
        tools.mkdir(parents=True)
        for stub in (sample / "bin").iterdir():
            if stub.is_file():
                _install(stub.read_text(encoding="utf-8"), tools / stub.name)
    # A wheel may lose the executable bit, and the demo needs exactly one script to be without it.
    for script, mode in (("ai/bootstrap_loop.sh", 0o755), ("backup/mirror.sh", 0o755),
                         ("infrastructure/proxmox/create_vms.sh", 0o644)):  # fmt: skip
        (repo / script).chmod(mode)
    _install(
        f"#!{sys.executable}\nimport sys\nfrom git_executor.__main__ import main\nsys.exit(main())\n",
        tools / "git-executor",
    )
    environ = _environment(home, tools)
    for command in (
        ["init", "--quiet", "--initial-branch=main"],
        ["config", "executor.fixers", "playbook"],
        ["add", "--all"],
        ["commit", "--quiet", "--message", "The homelab as it stands"],
    ):
        subprocess.run(["git", *command], cwd=repo, env=environ, check=True, stdin=subprocess.DEVNULL)
    return repo, environ


def _install(text: str, path: Path) -> None:
    path.write_text(text.replace("#!/usr/bin/env python3", f"#!{sys.executable}", 1), encoding="utf-8")
    path.chmod(0o755)


def _environment(home: Path, tools: Path) -> dict[str, str]:
    """A world of its own: neither the user's git configuration nor an executor setting reaches the demo."""
    empty = home / "home"
    empty.mkdir()
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("GIT_", "EXECUTOR_"))}
    own = {"HOME": str(empty), "XDG_CONFIG_HOME": str(empty), "GIT_CONFIG_NOSYSTEM": "1", "GIT_PAGER": "cat"}
    return {**kept, **own, **_PEOPLE, "PATH": f"{tools}{os.pathsep}{os.environ.get('PATH', '')}"}


def _title(text: str) -> None:
    click.echo(f"\n{click.style(text, bold=True)}\n{click.style('-' * len(text), dim=True)}")


def _run(command: list[str], repo: Path, environ: Mapping[str, str]) -> int:
    """Run a command as a user would, its messages in one stream with ours; its exit code."""
    click.echo(click.style("$ " + " ".join(command[:4]), fg="blue"))
    sys.stdout.flush()
    if command[0] == "git" and sys.stdout.isatty() and not os.environ.get("NO_COLOR"):
        command = ["git", "-c", "color.ui=always", *command[1:]]
    done = subprocess.run(command, cwd=repo, env=dict(environ), stdin=subprocess.DEVNULL, stderr=subprocess.STDOUT)
    return done.returncode
