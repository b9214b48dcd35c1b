"""What ``git-executor hash`` costs: a log of 1 MB against one of 2 GB, beside Python's bare start."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

_END = b"bash: line 3: talosctl: command not found\nmake: *** [Makefile:3: talos] Error 127\n"
_LINE = b"2025-01-02T03:04:05Z namespace/apps unchanged\n"
_RUNS = 7
_COMMAND = "from git_executor.__main__ import main; main()"


def _best(command: Sequence[str]) -> float:
    """The shortest of a few runs, in milliseconds."""
    return min(_timed(command) for _ in range(_RUNS)) * 1000


def _timed(command: Sequence[str]) -> float:
    # As it is once installed: with compiled modules, which some shells forbid to write.
    cache = str(Path(tempfile.gettempdir()) / "git-executor-bench-pycache")
    surroundings = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    begun = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env={**surroundings, "PYTHONPYCACHEPREFIX": cache})
    return time.perf_counter() - begun


def _logs(folder: Path) -> Iterator[tuple[str, Path]]:
    body = _LINE * (1_000_000 // len(_LINE))
    for name, size in (("1 MB", len(body)), ("2 GB", 2 << 30)):
        log = folder / name.replace(" ", "-")
        with log.open("wb") as out:
            out.truncate(size - len(body))  # a hole: takes no room on the disk
            out.seek(0, os.SEEK_END)
            out.write(body + _END)
        yield name, log


def main() -> None:
    """Prints the table."""
    print(f"\n{'bare Python':30}{_best((sys.executable, '-c', 'pass')):8.0f} ms")
    print(f"{'the nouns of the package':30}{_best((sys.executable, '-c', 'import git_executor.domain')):8.0f} ms")
    asked = (sys.executable, "-c", _COMMAND)
    print(f"{'git-executor --version':30}{_best((*asked, '--version')):8.0f} ms")
    with tempfile.TemporaryDirectory() as folder:
        for name, log in _logs(Path(folder)):
            print(f"{'git-executor hash, ' + name:30}{_best((*asked, 'hash', '--log', str(log))):8.0f} ms")
