"""Running one pipe without a shell: no terminal, no input, a clean environment, a time limit, nothing left behind."""

from __future__ import annotations

import contextlib
import os
import selectors
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from git_executor.escalation.diagnostics.pipeline import Program
from git_executor.escalation.diagnostics.words import Errors

# What is kept in memory of an output before it is redacted; the saved text is smaller.
_HEAD = _TAIL = 256 * 1024
_FLOOD = 64 * 1024 * 1024  # whoever says more than this is ended
_STUCK = 5.0
_GRACE = 0.3  # for what is still in a pipe when every program has ended


@dataclass(slots=True)
class Output:
    """The beginning and the end of a stream of bytes, and how long it was."""

    head: bytearray = field(default_factory=bytearray)
    tail: bytearray = field(default_factory=bytearray)
    size: int = 0

    def add(self, data: bytes) -> None:
        self.size += len(data)
        room = _HEAD - len(self.head)
        self.head += data[:room]
        self.tail += data[room:]
        if len(self.tail) > 2 * _TAIL:
            del self.tail[:-_TAIL]

    def text(self) -> str:
        """What was kept, with a line that says what was not."""
        tail = self.tail[-_TAIL:]
        lost = self.size - len(self.head) - len(tail)
        gap = f"\n[... {lost} bytes ...]\n".encode() if lost else b""
        return (bytes(self.head) + gap + bytes(tail)).decode("utf-8", "replace")


@dataclass(frozen=True, slots=True)
class Ended:
    """How a pipe ended. ``exit_code`` is the last program's; ``missing`` says which program could not be
    started, and why."""

    output: Output
    exit_code: int | None
    seconds: float
    timed_out: bool = False
    flooded: bool = False
    missing: str = ""


def search_path(environ: Mapping[str, str]) -> str:
    """The operator's PATH without the entries that depend on the current folder."""
    entries = environ.get("PATH", os.defpath).split(os.pathsep)
    return os.pathsep.join(entry for entry in entries if os.path.isabs(entry))


def clean_environment(program: Program, environ: Mapping[str, str], scratch: str) -> dict[str, str]:
    """What a program sees: a search path, plain text, a home folder (an empty one unless it keeps its configuration
    there), caches in ``scratch``. No token, key or password of the operator's environment comes along."""
    clean = {
        "PATH": search_path(environ),
        "HOME": environ.get("HOME", scratch) if program.home else scratch,
        "TMPDIR": scratch,
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
        "TERM": "dumb",
        "NO_COLOR": "1",
        "PAGER": "cat",
        "GIT_PAGER": "cat",
        "SYSTEMD_PAGER": "cat",
        "SYSTEMD_COLORS": "0",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_ALLOW_PROTOCOL": "file:git:http:https:ssh",
        "KUBECACHEDIR": os.path.join(scratch, "kube"),
        "HELM_CACHE_HOME": os.path.join(scratch, "helm"),
        "TF_IN_AUTOMATION": "1",
        "CHECKPOINT_DISABLE": "1",
        "ANSIBLE_NOCOLOR": "1",
        "ANSIBLE_LOCAL_TEMP": os.path.join(scratch, "ansible"),
    }
    clean |= {name: environ[name] for name in program.inherit if name in environ}
    return clean | dict(program.environ)


def run(
    programs: Sequence[Program], *, directory: str, environ: Mapping[str, str], scratch: str, seconds: float
) -> Ended:
    """Start the programs, each reading from the one before, and wait for them at most ``seconds``. Never raises for
    what a program does."""
    started = time.monotonic()
    environments = [clean_environment(program, environ, scratch) for program in programs]
    for program, clean in zip(programs, environments, strict=True):
        if not _installed(program.argv[0], clean["PATH"], directory):
            return Ended(Output(), None, 0.0, missing=f"{program.argv[0]} is not installed on this machine")
    reader, writer = os.pipe()
    processes: list[subprocess.Popen[bytes]] = []
    output = Output()
    try:
        try:
            _start(programs, environments, directory, writer, processes)
        except OSError as e:
            name = programs[len(processes)].argv[0]
            return Ended(output, None, time.monotonic() - started, missing=f"{name} cannot be started: {e.strerror}")
        finally:
            os.close(writer)
        timed_out = _read(reader, output, processes, started + seconds)
    finally:
        os.close(reader)
        _end(processes)
    elapsed = time.monotonic() - started
    code = None if timed_out else processes[-1].returncode
    return Ended(output, code, elapsed, timed_out=timed_out, flooded=output.size > _FLOOD)


def _installed(name: str, path: str, directory: str) -> bool:
    if "/" in name:  # only in commands that a person allowed as written
        return os.access(os.path.join(directory, name), os.X_OK)
    return shutil.which(name, path=path) is not None


def _start(
    programs: Sequence[Program],
    environments: Sequence[dict[str, str]],
    directory: str,
    writer: int,
    processes: list[subprocess.Popen[bytes]],
) -> None:
    source: int = subprocess.DEVNULL
    for index, (program, clean) in enumerate(zip(programs, environments, strict=True)):
        last = index == len(programs) - 1
        following, sink = (-1, writer) if last else os.pipe()
        errors = {Errors.SHOWN: writer, Errors.MERGED: subprocess.STDOUT, Errors.DROPPED: subprocess.DEVNULL}
        try:
            processes.append(
                subprocess.Popen(
                    [shutil.which(program.argv[0], path=clean["PATH"]) or program.argv[0], *program.argv[1:]],
                    stdin=source,
                    stdout=sink,
                    stderr=errors[program.errors],
                    cwd=directory,
                    env=clean,
                    start_new_session=True,  # no terminal to ask on, and a group that can be ended as a whole
                )
            )
        except OSError:
            if following >= 0:
                os.close(following)
            raise
        finally:
            if source >= 0:
                os.close(source)
            if not last:
                os.close(sink)
        source = following


def _read(reader: int, output: Output, processes: Sequence[subprocess.Popen[bytes]], deadline: float) -> bool:
    """Collect what the programs say until all have ended; returns whether time ran out first."""
    os.set_blocking(reader, False)
    ended_at: float | None = None
    open_ = True
    with selectors.DefaultSelector() as selector:
        selector.register(reader, selectors.EVENT_READ)
        while True:
            now = time.monotonic()
            if ended_at is None and all(_has_ended(process) for process in processes):
                ended_at = now
            if ended_at is not None and (not open_ or now > ended_at + _GRACE):
                return False
            if now >= deadline:
                return ended_at is None
            if output.size > _FLOOD:
                return False
            if not open_:
                time.sleep(0.01)
            elif selector.select(min(0.05, deadline - now)):
                data = os.read(reader, 65536)
                output.add(data)
                if not data:
                    open_ = False
                    selector.unregister(reader)


def _has_ended(process: subprocess.Popen[bytes]) -> bool:
    """Whether a program has ended, without taking its exit status: until ``_end`` its process group stays its own,
    so that ending the group cannot hit a stranger."""
    try:
        return os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
    except ChildProcessError:
        return True


def _end(processes: Sequence[subprocess.Popen[bytes]]) -> None:
    """End every process group, with whatever the programs left running in it."""
    for process in processes:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    for process in processes:
        with contextlib.suppress(subprocess.TimeoutExpired):  # stuck in the kernel, on a dead NFS server for instance
            process.wait(_STUCK)
