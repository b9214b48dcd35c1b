"""What came of one diagnostics command: the noun that the runner makes and the Case File shows."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Status(StrEnum):
    """How a requested command ended."""

    RAN = "ran"  # it ended by itself; see ``exit_code``
    REFUSED = "refused"  # the grammar does not allow it; nothing was started
    MISSING = "missing"  # the tool is not installed here
    TIMEOUT = "timeout"  # it was ended at the time limit; ``output`` holds what it had said


@dataclass(frozen=True, slots=True)
class CommandResult:
    """One command as it was asked for, and what it said.

    ``output`` is redacted text, standard output and standard error as they came, with the middle left out when it
    was long. ``exit_code`` is that of the last program of a pipe, negative for a signal, ``None`` when nothing ran.
    ``file`` names the saved output, relative to the folder that the run wrote to.
    """

    command: str
    status: Status
    reason: str = ""
    exit_code: int | None = None
    seconds: float = 0.0
    output: str = ""
    truncated: bool = False
    file: str = ""

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)
