"""What every command shares: its options, and how it prints."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

import click

from git_executor.errors import UsageError

F = TypeVar("F", bound=Callable[..., Any])

COLOURS = {
    "fixed": "green",
    "declined": "yellow",
    "rejected": "yellow",
    "repeated": "yellow",
    "escalated": "red",
    "unavailable": "magenta",
    "reset": "cyan",
    "reverted": "cyan",
}


def repo_option(f: F) -> F:
    """``--repo DIR``"""
    option = click.option(
        "--repo", default=".", metavar="DIR", help="The repository (default: around the current directory)."
    )
    return option(f)


def json_option(f: F) -> F:
    """``--json``"""
    return click.option("--json", "as_json", is_flag=True, help="Print one JSON object on standard output.")(f)


def stage_option(required: bool = True) -> Callable[[F], F]:
    """``--stage S``"""
    return click.option("--stage", required=required, metavar="S", help="A stage of the context map.")


def log_option(f: F) -> F:
    """``--log F``"""
    return click.option("--log", required=True, metavar="F", help="The stage's log; - reads standard input.")(f)


def hash_option(required: bool = False) -> Callable[[F], F]:
    """``--error-hash H``"""
    text = "What the caller calls this failure; computed when not given."
    return click.option("--error-hash", required=required, metavar="H", help=text)


def print_json(value: object) -> None:
    """One object, one line on a pipe, indented on a terminal."""
    import json

    click.echo(json.dumps(value, ensure_ascii=False, default=str, indent=2 if sys.stdout.isatty() else None))


def progress(message: str) -> None:
    """A line about what is going on: for people, so on standard error.

    One that begins with a carriage return is only for now: a terminal shows it in place, a file does not get it.
    """
    shown = sys.stderr is not None and sys.stderr.isatty()
    if message.startswith("\r"):
        if shown:
            click.echo(f"\r\x1b[Kgit-executor: {message[1:]}", err=True, nl=False)
        return
    click.echo(("\r\x1b[K" if shown else "") + f"git-executor: {message}", err=True)


def lost(what: str, cause: OSError) -> None:
    """Say on standard error, if that is still there, that the report could not be printed."""
    with contextlib.suppress(OSError):
        progress(f"{what}, but the report could not be printed: {cause.strerror}")
    with contextlib.suppress(OSError, ValueError):
        # Python would try once more, and complain, when it closes the stream.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def coloured(outcome: str) -> str:
    return click.style(outcome, fg=COLOURS.get(outcome), bold=True)


def rows(pairs: Iterable[tuple[str, str]], *, err: bool = False) -> None:
    """``label  value`` lines, labels aligned; empty values are left out."""
    shown = [(label, value) for label, value in pairs if value]
    width = max((len(label) for label, _ in shown), default=0)
    for label, value in shown:
        click.echo(f"  {click.style(label.ljust(width), dim=True)}  {value}", err=err)


def table(header: Sequence[str], body: Sequence[Sequence[str]]) -> None:
    """Aligned columns under a header; the last column is not padded."""
    widths = [max(len(click.unstyle(row[i])) for row in [header, *body]) for i in range(len(header))]
    for number, row in enumerate([header, *body]):
        cells = [cell + " " * (widths[i] - len(click.unstyle(cell))) for i, cell in enumerate(row)]
        line = "  ".join(cells).rstrip()
        click.echo(click.style(line, dim=True) if number == 0 else line)


def read_text(path: str, what: str, limit: int = 20_000_000) -> str:
    """The text of a file argument; ``-`` is standard input. Bytes that are no UTF-8 become surrogate escapes."""
    try:
        data = _stdin(limit + 1) if path == "-" else _read(path, limit + 1)
    except OSError as e:
        raise UsageError(f"cannot read the {what} {path}: {e.strerror}") from None
    if len(data) > limit:
        raise UsageError(f"the {what} {path} is larger than {limit // 1_000_000} MB")
    return data.decode("utf-8", "surrogateescape")


def _stdin(limit: int) -> bytes:
    return sys.stdin.buffer.read(limit) if sys.stdin else b""


def _read(path: str, limit: int) -> bytes:
    with open(path, "rb") as f:
        return f.read(limit)
