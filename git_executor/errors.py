"""Every error that git-executor raises on purpose: one tree, each with an exit code and a hint."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """What the process exits with. Stable: callers branch on these numbers."""

    OK = 0
    FAILED = 1
    USAGE = 2
    BUG = 3
    NO_FIX = 10
    REFUSED = 11
    NOT_APPLIED = 12
    REPEATED = 13
    ESCALATED = 20
    UNAVAILABLE = 30
    NOT_READY = 40
    LOST_RACE = 41
    INTERRUPTED = 130


class ExecutorError(Exception):
    """An expected failure, explained in one line.

    ``message`` says what is wrong and where; ``hint`` says what to do about it.
    """

    exit_code = ExitCode.FAILED

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} ({self.hint})" if self.hint else self.message


class LogError(ExecutorError):
    """The log is missing, unreadable, or holds no evidence of a failure."""


class UsageError(ExecutorError):
    """The command line asks for something that cannot be."""

    exit_code = ExitCode.USAGE


class ConfigError(ExecutorError):
    """The context map or a setting is wrong. ``line`` and ``column`` count from 1."""

    exit_code = ExitCode.USAGE

    def __init__(
        self, message: str, *, where: str = "", line: int | None = None, column: int | None = None, hint: str = ""
    ) -> None:
        place = ":".join(str(part) for part in (where, line, column) if part not in (None, ""))
        super().__init__(f"{place}: {message}" if place else message, hint=hint)
        self.where, self.line, self.column = where, line, column


class PatchError(ExecutorError):
    """An answer could not be turned into one certain change.

    ``kind`` is a stable word for machines: ``empty``, ``no-diff``, ``truncated``, ``several``, ``ambiguous``,
    ``not-found``, ``applied``, ``mismatch``, ``overlap``, ``elided``, ``no-file``, ``no-change``, ``malformed``.
    ``hunk`` counts from 1 within its file. ``nearest`` quotes real lines of the file, for the next answer.
    """

    exit_code = ExitCode.NOT_APPLIED

    def __init__(
        self, kind: str, message: str, *, path: str = "", hunk: int | None = None, nearest: str = "", hint: str = ""
    ) -> None:
        super().__init__(message, hint=hint)
        self.kind, self.path, self.hunk, self.nearest = kind, path, hunk, nearest


class Declined(ExecutorError):
    """A fixer has no fix to offer. The message is one sentence that a person can act on."""

    exit_code = ExitCode.NO_FIX


class FixerUnavailable(ExecutorError):
    """A fixer that was asked for cannot be reached; no attempt is burned."""

    exit_code = ExitCode.UNAVAILABLE


class RepositoryNotReady(ExecutorError):
    """The repository is not in a state to work on; nothing was changed."""

    exit_code = ExitCode.NOT_READY


class LostRace(ExecutorError):
    """Somebody else moved the AI branch, again and again; nothing was changed."""

    exit_code = ExitCode.LOST_RACE
