"""A stage's ``verify:`` commands, run in a checkout that the caller made and throws away."""

from __future__ import annotations

import contextlib
import os
import secrets
import selectors
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence

from git_executor.domain import Finding

TAIL_BYTES = 8192
"""How much of a command's output is kept: its end, where the reason stands."""

_SHOWN_LINE = 300
_MARK = "GIT_EXECUTOR_VERIFICATION"
"""In the environment of all that a command starts, with a value of its own: what left its process group is found by it."""

# No core dumps, and no file beyond a gigabyte: a command gone wild must not fill the disk.
_LIMITED = 'ulimit -c 0; ulimit -f 1048576; exec bash --norc --noprofile -c "$1"'
_PASSED_ON = ("PATH", "LANG", "LC_ALL", "TZ")


def run_commands(commands: Sequence[str], directory: str, *, seconds: int) -> tuple[Finding, ...]:
    """Run each command with bash in ``directory``; one finding for each that fails. ``seconds`` is for all of them.

    The environment is clean, HOME and TMPDIR are temporary, there is no stdin, git finds no repository above the
    checkout, and whatever a command leaves running is ended with it, also outside of its process group.
    """
    findings = []
    deadline = time.monotonic() + seconds
    with tempfile.TemporaryDirectory(prefix="git-executor-verify-", ignore_cleanup_errors=True) as home:
        environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
        environment |= {"HOME": home, "TMPDIR": home, "GIT_CONFIG_NOSYSTEM": "1", "GIT_TERMINAL_PROMPT": "0",
                        "GIT_CEILING_DIRECTORIES": os.path.dirname(os.path.abspath(directory)), _MARK: secrets.token_hex(8)}  # fmt: skip
        for command in commands:
            message = _run(command, directory, environment, deadline, seconds)
            if message:
                findings.append(Finding(f"verify: {command}", message))
    return tuple(findings)


def _run(command: str, directory: str, environment: dict[str, str], deadline: float, seconds: int) -> str:
    """What went wrong, ``""`` for a command that passed."""
    try:
        process = subprocess.Popen(
            ["bash", "--norc", "--noprofile", "-c", _LIMITED, "verify", command],
            cwd=directory, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            start_new_session=True,
        )  # fmt: skip
    except OSError as error:
        return f"cannot start: {error.strerror or error}"
    except ValueError as error:  # a NUL byte
        return f"cannot start: {error}"
    assert process.stdout is not None
    with process.stdout as pipe:
        try:
            output, in_time = _read(process, pipe.fileno(), deadline)
        finally:  # also when we are interrupted: the group is not ours, so no signal of a terminal reaches it
            _end_group(process)
            _end_runaways(environment[_MARK], process.pid)
    if not in_time:
        return f"still running after {seconds} seconds, ended"
    if process.returncode == 0:
        return ""
    said = [line[-_SHOWN_LINE:] for line in output.decode("utf-8", "replace").strip().splitlines()[-5:]]
    ended = f"exit status {process.returncode}" if process.returncode > 0 else f"ended by signal {-process.returncode}"
    return ended + (": " + " | ".join(said) if said else "")


def _read(process: subprocess.Popen[bytes], pipe: int, deadline: float) -> tuple[bytes, bool]:
    """The end of the output, and whether the command finished in time. A child in the background that keeps the pipe
    open is not waited for."""
    tail = b""
    with selectors.DefaultSelector() as selector:
        selector.register(pipe, selectors.EVENT_READ)
        while True:
            left = deadline - time.monotonic()
            if left <= 0:
                return tail, False
            finished = process.poll() is not None
            if selector.select(0 if finished else min(left, 0.05)):
                chunk = os.read(pipe, 65536)
                tail = (tail + chunk)[-TAIL_BYTES:]
                if chunk:
                    continue
                try:
                    process.wait(timeout=max(0.0, deadline - time.monotonic()))
                except subprocess.TimeoutExpired:
                    return tail, False
                return tail, True
            if finished:
                return tail, True


def _end_group(process: subprocess.Popen[bytes]) -> None:
    """End the whole group, gently and then not; the leader is reaped, so that its id cannot be another's by then."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, number)
        except (ProcessLookupError, PermissionError):
            break
        try:
            process.wait(timeout=2)
        except subprocess.TimeoutExpired:
            continue
        time.sleep(0.02)
    process.wait()


def _end_runaways(mark: str, leader: int) -> None:
    """End what a command started in a session of its own. Linux only: elsewhere there is no ``/proc`` to find it by.

    Only ids above the leader's are looked at: a child of it has a lower one when the ids just wrapped around, and that
    rarity is not worth reading about every process of the machine.
    """
    for pid in _marked(f"{_MARK}={mark}".encode(), leader):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, signal.SIGKILL)


def _marked(mark: bytes, above: int) -> Iterator[int]:
    try:
        pids = [int(name) for name in os.listdir("/proc") if name.isdigit() and int(name) > above]
    except OSError:
        return
    for pid in pids:
        try:
            with open(f"/proc/{pid}/environ", "rb") as file:
                if mark in file.read(1 << 20).split(b"\0"):
                    yield pid
        except OSError:
            continue  # gone, or another user's
