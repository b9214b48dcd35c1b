"""The log of one run: JSON Lines under ``ai/logs/executor/``, redacted, ignored by git.

A run that cannot be logged goes on: the ledger is the record, this file is for the curious.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

FOLDER = "ai/logs/executor"


class RunLog:
    """One file, made with the first event; ``path`` is ``None`` before it and where it could not be written."""

    def __init__(self, root: Path, stage: str, redact: Callable[[str], str]) -> None:
        self._root, self._stage, self._redact = root, stage, redact
        self._broken = False
        self.path: Path | None = None

    def write(self, event: str, **data: Any) -> None:
        """Append one event; strings are redacted, however deep they are."""
        if self._broken:
            return
        row = {"time": _now(), "event": event, **_clean(data, self._redact)}
        try:
            self.path = self.path or _create(private_folder(self._root, FOLDER), self._stage)
            with self.path.open("a", encoding="utf-8", errors="replace") as f:
                f.write(json.dumps(row, ensure_ascii=False, default=str) + "\n")
        except OSError:
            self.path, self._broken = None, True


def private_folder(root: Path, folder: str) -> Path:
    """A folder for our own output, made so that git ignores it whatever the repository's ``.gitignore`` says.

    Raises ``OSError``, which names the file.
    """
    target = root / folder
    target.mkdir(parents=True, exist_ok=True)
    marker = target / ".gitignore"
    if not marker.exists() or marker.stat().st_size == 0:  # empty: the disk was full when it was written
        marker.write_text("# written by git-executor: nothing in here is for git\n*\n")
    return target


def _create(folder: Path, stage: str) -> Path:
    stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
    for suffix in ("", *(f"-{i}" for i in range(1, 100))):
        path = folder / f"{stamp}-{stage}-{os.getpid()}{suffix}.jsonl"
        try:
            path.touch(mode=0o600, exist_ok=False)
        except FileExistsError:
            continue
        return path
    raise FileExistsError(str(folder))


def _now() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


def _clean(value: Any, redact: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, dict):
        return {key: _clean(inner, redact) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(inner, redact) for inner in value]
    return value
