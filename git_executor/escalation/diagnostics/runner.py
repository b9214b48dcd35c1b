"""A diagnostics request carried out: each command judged, run, redacted, saved, whatever becomes of the others."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from git_executor.errors import ExecutorError
from git_executor.escalation.diagnostics import process, summary
from git_executor.escalation.diagnostics.paths import Place
from git_executor.escalation.diagnostics.pipeline import Pipeline, parse
from git_executor.escalation.plaintext import visible
from git_executor.escalation.results import CommandResult, Status

MAX_COMMANDS = 25
_SAVED = 64 * 1024  # characters of an output that are saved: half from its head, half from its end
_COLOUR = re.compile(r"\x1b(?:\[[0-?]{0,40}[ -/]{0,10}[@-~]|\][^\x07\x1b]{0,400}(?:\x07|\x1b\\)|[@-Z\\-_])")


def run(
    commands: Sequence[str],
    *,
    repo: str,
    out: str,
    redact: Callable[[str], str],
    extra: Sequence[str] = (),
    seconds: float = 30,
    environ: Mapping[str, str] | None = None,
    hidden: Callable[[str], bool] = lambda path: False,
) -> list[CommandResult]:
    """Run what the grammar allows of ``commands``, in order, in the folder ``repo``, each for at most ``seconds``.

    Outputs and a summary (``summary.md``, ``summary.json``) are written to the folder ``out``. ``extra`` are commands
    that a person allowed as written. ``hidden`` tells of a repository path that its content must not be shown.
    Raises ``ExecutorError`` when ``out`` cannot be written.
    """
    place = Place(repo, hidden)
    results: list[CommandResult] = []
    folder = Path(out)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="git-executor-") as scratch:
            for number, command in enumerate(commands, start=1):
                result = _one(number, command, place, extra, seconds, os.environ if environ is None else environ,
                              scratch, redact)  # fmt: skip
                if result.status in (Status.RAN, Status.TIMEOUT):
                    (folder / result.file).write_text(summary.page(result), encoding="utf-8")
                results.append(result)
        (folder / "summary.md").write_text(summary.markdown(results), encoding="utf-8")
        (folder / "summary.json").write_text(summary.to_json(results), encoding="utf-8")
    except OSError as e:
        raise ExecutorError(f"{e.filename or out}: cannot save the diagnostics: {e.strerror}") from None
    return results


def _one(
    number: int,
    command: str,
    place: Place,
    extra: Sequence[str],
    seconds: float,
    environ: Mapping[str, str],
    scratch: str,
    redact: Callable[[str], str],
) -> CommandResult:
    shown = visible(redact(command[:4000]))
    if number > MAX_COMMANDS:
        return CommandResult(shown, Status.REFUSED, f"more than {MAX_COMMANDS} commands in one request")
    parsed = parse(command, extra=extra, place=place)
    if not isinstance(parsed, Pipeline):
        return CommandResult(shown, Status.REFUSED, visible(redact(parsed.reason)))
    ended = process.run(parsed.programs, directory=place.root, environ=environ, scratch=scratch, seconds=seconds)
    if ended.missing:
        return CommandResult(shown, Status.MISSING, ended.missing)
    output, cut = _shortened(visible(redact(_COLOUR.sub("", ended.output.text()).replace("\r\n", "\n"))))
    reason = f"ended after {seconds:g} s" if ended.timed_out else "ended: it said too much" if ended.flooded else ""
    return CommandResult(
        command=shown,
        status=Status.TIMEOUT if ended.timed_out else Status.RAN,
        reason=reason,
        exit_code=ended.exit_code,
        seconds=round(ended.seconds, 2),
        output=output,
        truncated=cut or ended.output.size > len(ended.output.head) + len(ended.output.tail),
        file=_file_name(number, shown),
    )


def _shortened(text: str) -> tuple[str, bool]:
    """The head and the tail of a long output, cut at line ends, and whether anything was cut."""
    if len(text) <= _SAVED:
        return text, False
    half = _SAVED // 2
    head, tail = text[:half], text[-half:]
    head = head[: head.rfind("\n") + 1] or head + "\n"
    tail = tail[tail.find("\n") + 1 :] or tail
    return f"{head}[... {len(text) - len(head) - len(tail)} characters ...]\n{tail}", True


def _file_name(number: int, command: str) -> str:
    """``03-kubectl-get-pods.txt``: in the order of the request, and recognisable."""
    words = re.sub(r"[^A-Za-z0-9]+", "-", command).strip("-").lower()
    return f"{number:02d}-{words[:40].rstrip('-') or 'command'}.txt"
