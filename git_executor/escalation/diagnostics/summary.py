"""What the diagnostics said, in short: a table for people, an object for programs."""

from __future__ import annotations

import json
from collections.abc import Sequence

from git_executor.escalation.plaintext import clipped, code, fenced
from git_executor.escalation.results import CommandResult, Status

_PREVIEW_LINES = 12


def markdown(results: Sequence[CommandResult]) -> str:
    """A table of all commands, then the beginning of each output."""
    counts = {status: sum(1 for result in results if result.status is status) for status in Status}
    said = ", ".join(f"{count} {status}" for status, count in counts.items() if count) or "no commands"
    rows = ["| # | command | outcome | seconds |", "| --- | --- | --- | --- |"]
    for number, result in enumerate(results, start=1):
        command = code(clipped(result.command, 120)).replace("|", "\\|").replace("\n", " ")
        rows.append(f"| {number} | {command} | {outcome(result).replace('|', chr(92) + '|')} | {result.seconds:g} |")
    blocks = [f"# Diagnostics: {said}", "\n".join(rows)]
    for number, result in enumerate(results, start=1):
        if result.output:
            lines = [clipped(line, 300) for line in result.output.split("\n")]
            more = (
                [f"[... {len(lines) - _PREVIEW_LINES} more lines in {result.file} ...]"]
                if len(lines) > _PREVIEW_LINES
                else []
            )
            blocks.append(
                f"## {number}. {code(clipped(result.command, 200))}\n\n"
                + fenced("\n".join(lines[:_PREVIEW_LINES] + more))
            )
    return "\n\n".join(blocks) + "\n"


def outcome(result: CommandResult) -> str:
    """``exit code 0``, ``refused: ...``: one phrase."""
    if result.status is Status.RAN:
        return f"exit code {result.exit_code}" + (f" ({result.reason})" if result.reason else "")
    return f"{result.status}: {result.reason}"


def to_json(results: Sequence[CommandResult]) -> str:
    """``{"commands": [...]}`` without the outputs, which stand in files of their own."""
    entries = [{key: value for key, value in result.to_dict().items() if key != "output"} for result in results]
    return json.dumps({"commands": entries}, indent=2) + "\n"


def page(result: CommandResult) -> str:
    """The saved file of one command: what was asked, how it ended, what it said."""
    head = f"$ {result.command}\n# {outcome(result)}, {result.seconds:g} s\n"
    return head + result.output + ("" if result.output.endswith("\n") or not result.output else "\n")
