"""The re-audit: judge commits, the index or a diff file with the policy."""

from __future__ import annotations

import click

from git_executor.cli import output


@click.command()
@click.argument("what", required=False, metavar="[RANGE|DIFF]")
@click.option("--staged", is_flag=True, help="Judge the index.")
@output.stage_option(required=False)
@output.repo_option
@output.json_option
def check(what: str | None, staged: bool, stage: str | None, repo: str, as_json: bool) -> int:
    """Judge commits, the index or a diff file with the policy. Exit code 11 when something is refused."""
    raise NotImplementedError
