"""Replays saved answers, in order: for tests, for the demo, and for ``--response FILE``."""

from __future__ import annotations

from pathlib import Path

from git_executor.domain import Briefing, Proposal, Tree
from git_executor.errors import Declined, UsageError
from git_executor.fixers.answers import checked

_MOST = 4_000_000  # bytes of one answer


class Scripted:
    """``source`` is one answer, or a directory of answers that are given in the order of their names."""

    name = "scripted"

    def __init__(self, source: Path) -> None:
        self._next = 0
        try:
            self._files = sorted(p for p in source.iterdir() if p.is_file()) if source.is_dir() else [source]
            self._answers = [self._read(path) for path in self._files]
        except OSError as e:
            raise UsageError(f"{source}: {e.strerror}") from None

    @staticmethod
    def _read(path: Path) -> str:
        with path.open("rb") as file:
            data = file.read(_MOST + 1)
        if len(data) > _MOST:
            raise UsageError(f"{path}: larger than {_MOST} bytes, that is no answer")
        return data.decode("utf-8", "replace")

    def propose(self, briefing: Briefing, tree: Tree) -> Proposal:
        """The next answer. Raises ``Declined`` when all of them were given, or when it is one that declines."""
        if self._next >= len(self._answers):
            raise Declined("there is no further saved answer")
        answer = self._answers[self._next]
        self._next += 1
        return Proposal(self.name, checked(self.name, answer))
