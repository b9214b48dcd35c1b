"""Commands that take care of the AI branch: rollback, reset, sync."""

from __future__ import annotations

from dataclasses import replace

import click

from git_executor import branch
from git_executor.branch import Done
from git_executor.cli import output
from git_executor.ground import open_store


def _show(done: Done, as_json: bool) -> None:
    if as_json:
        output.print_json({"what": done.what, "commit": done.commit, "warnings": done.warnings})
    else:
        click.echo(f"{done.what} ({done.commit[:12]})")
    for warning in done.warnings:
        output.progress(f"warning: {warning}")


@click.command()
@click.argument("attempt")
@output.repo_option
@output.json_option
def rollback(attempt: str, repo: str, as_json: bool) -> None:
    """Undo a fix by a commit that reverts it. ATTEMPT is the fix's commit, see git-executor log."""
    _show(branch.rollback(*open_store(repo), attempt), as_json)


@click.command()
@output.stage_option()
@output.hash_option()
@output.repo_option
@output.json_option
def reset(stage: str, error_hash: str | None, repo: str, as_json: bool) -> None:
    """Give an error of a stage, or all of them, fresh attempts."""
    _show(branch.reset(*open_store(repo), stage, error_hash), as_json)


@click.command()
@click.option("--remote", metavar="NAME", help="Also exchange the AI branch with this remote.")
@output.repo_option
@output.json_option
def sync(remote: str | None, repo: str, as_json: bool) -> None:
    """Bring the AI branch up to date with the base branch, and with the remote where one is shared."""
    store, machine = open_store(repo)
    _show(branch.sync(store, replace(machine, remote=remote or machine.remote)), as_json)
