"""Commands that read the ledger: log, status, stats, review. All from git alone."""

from __future__ import annotations

import sys
import time
from dataclasses import asdict
from pathlib import Path

import click

from git_executor.cli import output
from git_executor.domain import Attempt
from git_executor.errors import UsageError
from git_executor.ground import Ground, open_store, stand
from git_executor.ledger import history
from git_executor.ledger.trailers import one_line
from git_executor.review import page, states

_STATE_COLOURS = {"clean": "green", "fixed": "cyan", "reverted": "yellow", "failing": "yellow", "escalated": "red", "give_up": "red"}


def _ground(repo: str, stage: str | None = None) -> Ground:
    store, machine = open_store(repo)
    ground = stand(store, machine)
    if stage is not None:
        ground.map.stage(stage)
    return ground


def _row(record: Attempt) -> dict[str, object]:
    return {key: value for key, value in record._asdict().items() if key != "diff"}


@click.command()
@output.stage_option(required=False)
@output.hash_option()
@output.repo_option
@output.json_option
def log(stage: str | None, error_hash: str | None, repo: str, as_json: bool) -> None:
    """Show the attempts that wait on the AI branch, newest first."""
    records = [
        r for r in _ground(repo, stage).history.records if stage in (None, r.stage) and error_hash in (None, r.error_hash)
    ]
    if as_json:
        output.print_json({"records": [_row(r) for r in records]})
    elif not records:
        output.progress("no records on the AI branch")
    else:
        output.table(
            ["commit", "when", "stage", "error", "n", "outcome", "what"],
            [
                [
                    r.commit[:10],
                    time.strftime("%Y-%m-%d %H:%M", time.localtime(r.when)),
                    r.stage,
                    r.error_hash,
                    str(r.number),
                    output.coloured(r.outcome),
                    one_line(r.fix or r.reason, 70),
                ]
                for r in records
            ],
        )


@click.command()
@click.option("-z", "nul", is_flag=True, help="For scripts: stage, state and command of each stage, each ended by NUL.")
@output.repo_option
@output.json_option
def status(nul: bool, repo: str, as_json: bool) -> None:
    """Show the state of each stage."""
    if nul and as_json:
        raise click.UsageError("give -z or --json, not both")
    ground = _ground(repo)
    found = states.stage_states(
        [(s.name, s.command) for s in ground.map.stages.values()],
        ground.history.waiting,
        max_api_rounds=ground.map.limits.max_api_rounds,
    )
    if nul:
        for s in found:
            sys.stdout.buffer.write(b"".join(f.encode() + b"\0" for f in (s.stage, s.state, s.command)))
    elif as_json:
        output.print_json({"branch": ground.branch, "base": ground.base_name, "stages": [asdict(s) for s in found]})
    else:
        click.echo(f"{ground.branch} over {ground.base_name}: {len(ground.history.waiting)} records wait for review")
        output.table(
            ["stage", "state", "attempts", "error", "last"],
            [
                [
                    s.stage,
                    click.style(s.state, fg=_STATE_COLOURS[s.state]),
                    str(s.attempts),
                    s.error_hash or "-",
                    one_line(s.last, 80),
                ]
                for s in found
            ],
        )


@click.command()
@output.repo_option
@output.json_option
def stats(repo: str, as_json: bool) -> None:
    """Show figures over the attempts that wait on the AI branch."""
    found = states.figures(_ground(repo).history.records)
    if as_json:
        output.print_json(asdict(found))
        return
    click.echo(f"{found.attempts} attempts")
    for title, counts in (
        ("outcome", found.by_outcome),
        ("fixes by", found.by_fixer),
        ("failures", found.by_classification),
    ):
        output.rows((title, f"{count}  {name}") for name, count in sorted(counts.items(), key=lambda c: -c[1]))


@click.command()
@click.option("--html", metavar="FILE", help="Write it as one self-contained page.")
@output.repo_option
@output.json_option
def review(html: str | None, repo: str, as_json: bool) -> None:
    """Show what a person must look at before merging: every fix with its reason and diff."""
    ground = _ground(repo)
    records = history.with_diffs(ground.store.git, ground.history.waiting)
    fixes = states.standing(records)
    if html:
        try:
            Path(html).write_text(page.render(ground.branch, ground.base_name, records), encoding="utf-8")
        except OSError as e:
            raise UsageError(f"cannot write {html}: {e.strerror}") from None
    if as_json:
        output.print_json({"branch": ground.branch, "base": ground.base_name, "fixes": [r._asdict() for r in fixes]})
    elif html:
        click.echo(f"{len(fixes)} fixes in {html}")
    elif not fixes:
        output.progress("nothing waits for review")
    else:
        for fix in fixes:
            _show_fix(fix)


def _show_fix(fix: Attempt) -> None:
    click.echo(f"{click.style(fix.commit[:12], fg='yellow')}  {click.style(fix.stage, bold=True)}  {fix.fix}")
    output.rows([("reason", fix.reason), ("fixer", fix.fixer), ("verified", fix.verified), ("error", fix.error_hash)])
    for line in page.visible(fix.diff.rstrip("\n")).split("\n"):
        colour = {"+": "green", "-": "red", "@": "cyan"}.get(line[:1])
        click.echo("    " + click.style(line, fg=colour))
    click.echo()
