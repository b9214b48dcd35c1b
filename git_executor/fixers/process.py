"""Runs a program that takes a prompt on standard input: closed when written, bounded, and ended with all it started."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import IO

from git_executor.errors import FixerUnavailable

_MOST = 4_000_000  # bytes of output that are looked at
_GRACE = 2.0  # seconds between asking a process group to stop and ending it


@dataclass(frozen=True, slots=True)
class Finished:
    """How a program ended. Texts are cut at 4 MB."""

    code: int
    stdout: str
    stderr: str


def run(
    command: Sequence[str],
    prompt: str,
    *,
    what: str,
    timeout: float,
    directory: str,
    environ: Mapping[str, str] | None = None,
) -> Finished:
    """Run ``command`` in ``directory``, feed it ``prompt``, wait ``timeout`` seconds at most.

    Raises ``FixerUnavailable`` when it cannot be started or does not end in time. Output goes to files, so that a
    talkative program can neither block nor fill the memory. Its whole process group is ended, also on Ctrl-C.
    """
    with tempfile.TemporaryFile() as stdin, tempfile.TemporaryFile() as stdout, tempfile.TemporaryFile() as stderr:
        stdin.write(prompt.encode("utf-8", "replace"))
        stdin.seek(0)
        try:
            process = subprocess.Popen(
                list(command),
                stdin=stdin,
                stdout=stdout,
                stderr=stderr,
                cwd=directory,
                env=dict(environ) if environ is not None else None,
                start_new_session=True,
            )
        except FileNotFoundError:
            raise FixerUnavailable(
                f"{what}: {command[0]!r} is not on PATH", hint="install it, or choose another fixer"
            ) from None
        except (OSError, ValueError) as e:
            raise FixerUnavailable(f"{what}: {command[0]!r} cannot be started: {e}") from None
        try:
            code = process.wait(timeout)
        except subprocess.TimeoutExpired:
            raise FixerUnavailable(
                f"{what} did not answer within {timeout:g} s",
                hint="raise executor.totalTimeout, or use a smaller model",
            ) from None
        finally:
            _end(process)
        return Finished(code, _text(stdout), _text(stderr))


def _end(process: subprocess.Popen[bytes]) -> None:
    """End whatever is left of the process group; its leader may be gone while children live on."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, number)
        except (ProcessLookupError, PermissionError):
            break
        try:
            process.wait(_GRACE)
        except subprocess.TimeoutExpired:
            continue
    process.poll()


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read(_MOST).decode("utf-8", "replace")


def last_words(text: str) -> str:
    """The last line that says something, for an error message; at most 300 characters."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    return lines[-1][:300] if lines else ""
