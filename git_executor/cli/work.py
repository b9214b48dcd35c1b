"""Commands that work on a failure: attempt, apply, escalate, respond, diagnose."""

from __future__ import annotations

import sys
from dataclasses import replace

import click

from git_executor.cli import output
from git_executor.errors import ExitCode
from git_executor.record import Report


@click.command()
@output.stage_option()
@output.log_option
@output.hash_option()
@click.option("--fixer", "fixers", multiple=True, metavar="NAME", help="Ask this fixer; repeat for several, in order.")
@click.option("--response", metavar="FILE", help="Use a saved answer instead of a fixer; - reads standard input.")
@click.option("--dry-run", is_flag=True, help="Do everything but the record.")
@click.option("--remote", metavar="NAME", help="Share the ledger with other machines through this remote.")
@output.repo_option
@output.json_option
def attempt(
    stage: str,
    log: str,
    error_hash: str | None,
    fixers: tuple[str, ...],
    response: str | None,
    dry_run: bool,
    remote: str | None,
    repo: str,
    as_json: bool,
) -> int:
    """Make one attempt at a failed stage, and record it on the AI branch."""
    from pathlib import Path

    from git_executor.attempt import Request, attempt as make_attempt
    from git_executor.ground import open_store

    if response == "-" and log == "-":
        raise click.UsageError("--log - and --response - cannot both read standard input")
    scripted = response if "scripted" in fixers else None
    answer = output.read_text(response, "answer") if response is not None and not scripted else None
    store, machine = open_store(repo)
    if fixers:
        machine = replace(machine, fixers=fixers)
    if remote:
        machine = replace(machine, remote=remote)
    request = Request(
        stage=stage,
        log=log,
        error_hash=error_hash,
        response=answer,
        answers=Path(scripted) if scripted else None,
        dry_run=dry_run,
        say=output.progress,
    )
    return show(make_attempt(store, machine, request), as_json, dry_run=dry_run)


def show(report: Report, as_json: bool, *, dry_run: bool = False) -> int:
    """Print a report; its exit code, also when it cannot be printed: what is recorded is recorded.

    With ``--json`` what is for people goes to standard error.
    """
    try:
        _show(report, as_json, dry_run)
    except OSError as e:
        output.lost(f"{report.outcome} {report.commit or ''}".strip(), e)
    return int(report.exit_code)


def _show(report: Report, as_json: bool, dry_run: bool) -> None:
    if as_json:
        output.print_json(report.as_json())
    dry = " (dry run: nothing was recorded)" if dry_run else ""
    click.echo(f"{output.coloured(report.outcome)}  {click.style(report.stage, bold=True)}{dry}", err=as_json)
    where = f"{report.commit[:12]} on {report.branch}" if report.commit else ""
    changed = f"{report.path}, {report.changed_lines} changed lines" if report.path else ""
    output.rows(
        [
            ("attempt", f"{report.attempt} of {report.max_attempts} for {report.error_hash}"),
            ("failure", report.classification),
            ("fixer", report.fixer),
            ("commit", where),
            ("file", changed),
            ("fix", report.fix),
            ("reason", report.reason),
            *(("refused", str(v)) for v in report.violations),
            ("Case File", report.case_file or ""),
            ("log", report.log or ""),
        ],
        err=as_json,
    )
    for warning in report.warnings:
        output.progress(f"warning: {warning}")
    sys.stdout.flush()


@click.command()
@click.argument("response")
@output.stage_option()
@output.hash_option(required=True)
@click.option("--source", type=click.Choice(["api", "person"]), default="api", help="Who wrote the answer.")
@output.repo_option
@output.json_option
def apply(response: str, stage: str, error_hash: str, source: str, repo: str, as_json: bool) -> int:
    """Land a saved answer, from the API tier or from a person. RESPONSE is a file; - reads standard input."""
    from git_executor.domain import Source
    from git_executor.ground import open_store
    from git_executor.respond import land

    text = output.read_text(response, "answer")
    store, machine = open_store(repo)
    return show(land(store, machine, text, stage, error_hash, Source(source)), as_json)


@click.command()
@output.stage_option()
@output.log_option
@output.hash_option()
@output.repo_option
@output.json_option
def escalate(stage: str, log: str, error_hash: str | None, repo: str, as_json: bool) -> int:
    """Write the Case File now, whatever the number of attempts."""
    from git_executor.case import open_case
    from git_executor.escalate import escalate as write_case
    from git_executor.ground import open_store, stand

    store, machine = open_store(repo)
    ground = stand(store, machine)
    return show(write_case(ground, open_case(ground, stage, log, error_hash)), as_json)


@click.command()
@click.argument("response")
@output.stage_option()
@output.hash_option(required=True)
@output.log_option
@output.repo_option
@output.json_option
def respond(response: str, stage: str, error_hash: str, log: str, repo: str, as_json: bool) -> int:
    """Take the API tier's answer: land its patch, or run its diagnostics and write the next Case File."""
    from git_executor.ground import open_store
    from git_executor.respond import respond as take

    text = output.read_text(response, "answer")
    store, machine = open_store(repo)
    return show(take(store, machine, text, stage, error_hash, log), as_json)


@click.command()
@click.argument("request")
@click.option("--out", required=True, metavar="DIR", help="Where the outputs and the summary go.")
@output.stage_option(required=False)
@output.repo_option
@output.json_option
def diagnose(request: str, out: str, stage: str | None, repo: str, as_json: bool) -> int:
    """Run the read-only commands of a diagnostics request. REQUEST is a file; - reads standard input."""
    from git_executor.ground import open_store
    from git_executor.respond import diagnose as run_commands

    text = output.read_text(request, "request")
    store, machine = open_store(repo)
    results = run_commands(store, machine, text, out, stage)
    if as_json:
        output.print_json({"out": out, "commands": [result.to_dict() for result in results]})
        return int(ExitCode.OK)
    output.table(
        ["status", "exit", "seconds", "command"],
        [[r.status, "" if r.exit_code is None else str(r.exit_code), f"{r.seconds:.1f}", r.command] for r in results],
    )
    for r in results:
        if r.reason:
            click.echo(f"  {r.command}: {r.reason}")
    return int(ExitCode.OK)
