"""Lines -> candidates: the messages that a log holds, each with what the lines around it add."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from .lines import Line


class Context(NamedTuple):
    """What neighbouring lines say about a message."""

    file: str | None = None
    line: int | None = None
    column: int | None = None
    host: str | None = None
    resource: str | None = None
    task: str | None = None
    function: str | None = None  # where a program died


NOWHERE = Context()


class Candidate(NamedTuple):
    """A message that may be the cause. ``index`` is its line in the excerpt, ``end`` the line after its
    last."""

    index: int  # type: ignore[assignment]  # hides tuple.index, which nobody needs here
    end: int
    text: str
    context: Context = NOWHERE
    ansible: bool = False  # Ansible says itself whether a failure was ignored or rescued
    handled: bool = False


class Block(NamedTuple):
    """What one reader understood: the lines before ``end``, and the messages in them."""

    candidates: tuple[Candidate, ...]
    end: int


def find_candidates(lines: Sequence[Line]) -> list[Candidate]:
    """Every message of the log, in order; a line belongs to one at most."""
    from .blocks import READERS  # they build candidates: imported here, not above

    found: list[Candidate] = []
    index = 0
    while index < len(lines):
        block = next((block for reader in READERS if (block := reader(lines, index)) is not None), None)
        if block is not None:
            found += block.candidates
            index = max(index + 1, block.end)
            continue
        line = lines[index]
        if line.text:
            found.append(Candidate(index, index + 1, line.text))
        index += 1
    return found
