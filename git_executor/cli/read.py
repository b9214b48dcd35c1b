"""Commands that only look: hash, classify, context. The first two need no repository and load no pygit2."""

from __future__ import annotations

import click

from git_executor import failure as failures
from git_executor.cli import output
from git_executor.domain import Failure, Signature
from git_executor.errors import RepositoryNotReady
from git_executor.ledger.gitcli import Git, committed_map


def _signatures(repo: str) -> tuple[Signature, ...]:
    """The user's own classifier entries, where there is a repository with a context map."""
    try:
        written = committed_map(Git(repo))
    except RepositoryNotReady:
        return ()
    if b"signatures" not in written:
        return ()
    from git_executor import settings  # and with it a YAML parser, which few runs need

    return settings.parse_context_map(written).signatures


def _understand(log: str, stage: str | None, repo: str) -> Failure:
    return failures.understand(failures.read_log(log), stage=stage or "", signatures=_signatures(repo))


@click.command("hash")
@output.log_option
@output.stage_option(required=False)
@output.repo_option
@output.json_option
def hash_(log: str, stage: str | None, repo: str, as_json: bool) -> None:
    """Print the error hash of a log: the same for the same failure on another day."""
    failure = _understand(log, stage, repo)
    if as_json:
        output.print_json({"error_hash": failure.error_hash, "fingerprint": failure.fingerprint})
    else:
        click.echo(failure.error_hash)


@click.command()
@output.log_option
@output.stage_option(required=False)
@click.option("--explain", is_flag=True, help="Show the evidence.")
@output.repo_option
@output.json_option
def classify(log: str, stage: str | None, explain: bool, repo: str, as_json: bool) -> None:
    """Print what kind of failure a log shows."""
    failure = _understand(log, stage, repo)
    message = failure.message
    number = failure.excerpt.number(message.index)
    subject = {name: value for name, value in message.subject._asdict().items() if value is not None}
    if as_json:
        output.print_json(
            {
                "classification": str(failure.classification),
                "runner_up": str(failure.runner_up) if failure.runner_up else None,
                "message": message.text,
                "line": number,
                "subject": subject,
                "error_hash": failure.error_hash,
                "fingerprint": failure.fingerprint,
                "evidence": [
                    {
                        "signature": e.signature,
                        "classification": str(e.classification),
                        "score": e.score,
                        "line": e.line,
                    }
                    for e in failure.evidence
                ],
            }
        )
        return
    click.echo(str(failure.classification))
    if not explain:
        return
    output.rows(
        [
            ("message", message.text),
            ("line", str(number) if number is not None else "not counted"),
            *((name, str(value)) for name, value in subject.items()),
            *(
                ("evidence", f"{e.signature} ({e.classification}, {e.score:g}): {e.line.strip()}")
                for e in failure.evidence
            ),
            ("runner-up", str(failure.runner_up or "none")),
            ("fingerprint", failure.fingerprint),
        ]
    )


@click.command()
@output.stage_option()
@output.log_option
@output.hash_option()
@output.repo_option
@output.json_option
def context(stage: str, log: str, error_hash: str | None, repo: str, as_json: bool) -> None:
    """Print exactly what a fixer would be shown, with an estimate of its size."""
    from git_executor.attempt import Request, brief
    from git_executor.ground import open_store, stand

    store, machine = open_store(repo)
    briefing = brief(stand(store, machine), Request(stage=stage, log=log, error_hash=error_hash))
    if as_json:
        output.print_json(
            {"tokens": briefing.tokens, "files": [f.path for f in briefing.files], "prompt": briefing.prompt}
        )
        return
    click.echo(briefing.prompt)
    output.progress(f"about {briefing.tokens} tokens")
