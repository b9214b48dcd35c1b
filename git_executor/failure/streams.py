"""Several processes that write into one log at the same time, each line with the name of its own: told apart."""

from __future__ import annotations

from collections.abc import Sequence

from .lines import Line
from .roles import is_named_afterwards

_NAMED = 0.8  # share of the lines that say whose they are
_RETURNS = 2  # how often the log has to come back to a process: steps that follow each other never do


def streams_of(lines: Sequence[Line]) -> list[list[Line]]:
    """The lines of each process, in the order of the log; of everything as one, where nothing is interleaved. A line
    without a name, and clean-ups, belong to whoever spoke before."""
    told = [line for line in lines if line.text]
    named = sum(bool(line.stream) for line in told)
    if len({line.stream for line in told if line.stream}) < 2 or named < _NAMED * len(told):
        return [list(lines)]
    streams: dict[str, list[Line]] = {}
    returns, current = 0, ""
    for line in lines:
        name = current if not line.stream or is_named_afterwards(line) else line.stream
        returns += name != current and name in streams
        current = name
        streams.setdefault(name, []).append(line)
    return list(streams.values()) if returns >= _RETURNS else [list(lines)]
