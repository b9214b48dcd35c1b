"""What the added lines may say."""

from __future__ import annotations

from collections.abc import Iterator

from git_executor.domain import Change, Failure, Note, Violation


def judge_content(change: Change, note: Note, failure: Failure | None) -> Iterator[Violation]:
    """Violations in the lines that ``change`` adds, and in what it takes away."""
    yield from ()
