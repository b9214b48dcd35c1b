"""The re-audit: judge commits, the index or a diff file with the policy."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass

import click

from git_executor.cli import output
from git_executor.domain import Verdict
from git_executor.errors import ExitCode
from git_executor.settings import Machine


@dataclass(frozen=True, slots=True)
class _Judged:
    """One thing that was judged: a commit's short id, ``index`` or a file's name, and the verdict."""

    what: str
    subject: str
    verdict: Verdict


@click.command()
@click.argument("what", required=False, metavar="[RANGE|DIFF]")
@click.option("--staged", is_flag=True, help="Judge the index, as the pre-commit hook does.")
@output.stage_option(required=False)
@output.repo_option
@output.json_option
def check(what: str | None, staged: bool, stage: str | None, repo: str, as_json: bool) -> int:
    """Judge commits, the index or a diff file with the policy. Exit code 11 when something is refused.

    Without an argument: every commit of the AI branch that waits for review. A diff needs --stage. A range that
    is also a file's name is taken for the file.
    """
    if staged and what:
        raise click.UsageError("give --staged or a range, not both")
    if staged:
        judged = _staged(repo)
    elif what is not None and (what == "-" or os.path.isfile(what)):
        if not stage:
            raise click.UsageError("judging a diff needs --stage")
        judged = _diff(repo, what, stage)
    else:
        judged = _range(repo, what)
    refused = sum(not j.verdict.accepted for j in judged)
    if as_json:
        rows = [
            {"what": j.what, "subject": j.subject, "accepted": j.verdict.accepted}
            | j.verdict._asdict()
            | {"violations": [v._asdict() for v in j.verdict.violations]}
            for j in judged
        ]
        output.print_json({"accepted": not refused, "judged": rows})
    else:
        _show(judged, refused)
    return int(ExitCode.REFUSED if refused else ExitCode.OK)


def _staged(repo: str) -> list[_Judged]:
    from git_executor.guard.audit import audit_index

    found = audit_index(repo, inherit=True)
    return [_Judged("index", found.subject, found.verdict)]


def _range(repo: str, revisions: str | None) -> list[_Judged]:
    from git_executor.guard.audit import audit_range
    from git_executor.ledger.gitcli import Git, base_branch

    if revisions is None:
        git = Git(repo)
        branch = (git.config(r"^executor\.branch$")[-1:] or [("", Machine().branch)])[0][1]
        if git.call("rev-parse", "--verify", "--quiet", f"refs/heads/{branch}", ok=(0, 1)).returncode:
            return []
        revisions = f"{base_branch(git)}..{branch}"
    return [_Judged(j.commit[:12], j.subject, j.verdict) for j in audit_range(repo, revisions)]


def _diff(repo: str, path: str, stage: str) -> list[_Judged]:
    """A diff file, judged as the change that it would make to the AI branch for a stage."""
    from git_executor import patch, policy
    from git_executor.ground import open_store, stage_files, stand

    store, machine = open_store(repo)
    ground = stand(store, machine)
    files = stage_files(ground.map.stage(stage), ground.tree, ground.map.protected_files)
    reading = patch.read_answer(output.read_text(path, "diff"), ground.tree, preferred=files.candidates)
    verdict = policy.judge(reading.changes, ground.map.rules(stage), tree=ground.tree, note=reading.note)
    return [_Judged(path, "", verdict)]


def _show(judged: Sequence[_Judged], refused: int) -> None:
    for j in judged:
        accepted = j.verdict.accepted
        mark = click.style("accepted" if accepted else "refused ", fg="green" if accepted else "red")
        click.echo(f"{mark}  {j.what}  {j.subject}".rstrip())
        for violation in j.verdict.violations:
            click.echo(f"    {violation}")
    if not judged:
        output.progress("nothing to judge")
    elif len(judged) > 1:
        click.echo(f"{len(judged)} judged, {refused} refused")
