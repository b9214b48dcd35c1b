"""The nouns of git-executor. Values only: frozen, no I/O, importing nothing of this package.

Named tuples where that does: Python makes one ten times faster than a dataclass, and every command makes them all.

Data moves one way::

    log -> Failure -> Briefing -> Proposal -> Change -> Verdict -> Attempt -> commit id
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple, Protocol

# Git's file modes, as a tree entry stores them. ABSENT stands for "no entry".
ABSENT = 0
REGULAR = 0o100644
EXECUTABLE = 0o100755
SYMLINK = 0o120000
SUBMODULE = 0o160000
DIRECTORY = 0o040000


class Classification(StrEnum):
    """What kind of failure a log shows."""

    PERMISSION_DENIED = "permission_denied"
    MISSING_FILE = "missing_file"
    COMMAND_NOT_FOUND = "command_not_found"
    NETWORK_ERROR = "network_error"
    YAML_PARSE_ERROR = "yaml_parse_error"
    TALOS_ERROR = "talos_error"
    PROXMOX_ERROR = "proxmox_error"
    UNKNOWN = "unknown"


class Outcome(StrEnum):
    """How an attempt ended, as its ``Outcome`` trailer says."""

    FIXED = "fixed"
    DECLINED = "declined"
    REJECTED = "rejected"
    REPEATED = "repeated"
    ESCALATED = "escalated"
    RESET = "reset"
    REVERTED = "reverted"


BURNING = frozenset({Outcome.FIXED, Outcome.DECLINED, Outcome.REJECTED, Outcome.REPEATED})
"""Outcomes that burned an attempt. An escalation, a reset and a revert are records of their own."""


class Source(StrEnum):
    """Who offers a change. The rules differ a little: see ``policy``."""

    LOCAL = "local"  # a fixer on this machine
    API = "api"  # the API tier, which may change several files that its Case File lists
    PERSON = "person"  # a commit or a diff of a human being


# --- the tree ---------------------------------------------------------------------------------------


class RepoPath(str):
    """A path inside a repository, as git writes it: relative, ``/`` between non-empty components.

    Bytes that are no UTF-8 are kept as surrogate escapes. Raises ``ValueError`` for whatever a tree
    cannot hold: absolute paths, ``.`` and ``..``, empty components, NUL. Whether the path is *wise* is
    the policy's business, not this type's.
    """

    __slots__ = ()

    def __new__(cls, raw: str) -> RepoPath:
        if not raw or "\0" in raw or any(part in ("", ".", "..") for part in raw.split("/")):
            raise ValueError(f"not a repository path: {raw!r}")
        return super().__new__(cls, raw)


class Blob(NamedTuple):
    """A file of a tree: its mode and its bytes (a symlink's are its target)."""

    mode: int
    data: bytes


class Tree(Protocol):
    """A committed tree, read only. Paths are ``str`` with surrogate escapes."""

    def read(self, path: str) -> Blob | None:
        """The file at ``path``; ``None`` when there is none, or when a directory or submodule is there."""

    def names(self, directory: str) -> Mapping[str, int]:
        """Entry name -> mode for one directory (``""`` is the root); empty when it is no directory."""

    def paths(self) -> Iterator[str]:
        """Every file path, in tree order. Costs a walk of the whole tree: ask ``names`` where that will do."""


# --- the failure ------------------------------------------------------------------------------------


class Excerpt(NamedTuple):
    """The end of a log: decoded, without colours, carriage returns resolved, one entry a line.

    ``first_line`` is the number in the original log of ``lines[0]``, counted from 1, or ``None`` where
    that was not cheap to know. ``truncated`` says that the log has more before it.
    """

    lines: tuple[str, ...]
    first_line: int | None = 1
    truncated: bool = False
    source: str = ""

    def number(self, index: int) -> int | None:
        """The original line number of ``lines[index]``, where it is known."""
        return None if self.first_line is None else self.first_line + index


class Subject(NamedTuple):
    """What the message is about, as far as the log says so."""

    tool: str | None = None
    file: str | None = None
    line: int | None = None
    column: int | None = None
    variable: str | None = None
    command: str | None = None
    path: str | None = None
    host: str | None = None
    port: int | None = None
    resource: str | None = None


NOTHING_NAMED = Subject()


@dataclass(frozen=True, slots=True)
class Message:
    """The line that ended the stage. ``index`` points into the excerpt's ``lines``."""

    text: str
    index: int
    subject: Subject = NOTHING_NAMED


@dataclass(frozen=True, slots=True)
class Evidence:
    """One reason for a classification: which signature matched which line, and how much it weighs."""

    signature: str
    classification: Classification
    index: int
    line: str
    score: float


class Failure(NamedTuple):
    """What went wrong. ``fingerprint`` is always computed (``v1:`` and 16 hex digits); ``error_hash`` is the
    caller's where one was given, else derived from the fingerprint."""

    stage: str
    excerpt: Excerpt
    message: Message
    classification: Classification
    evidence: tuple[Evidence, ...]
    runner_up: Classification | None
    fingerprint: str
    error_hash: str


# --- the stage and the limits, as the context map says them ------------------------------------------


class Limits(NamedTuple):
    """Numbers that a context map may set under ``limits:``."""

    max_attempts: int = 3
    preferred_changed_lines: int = 10
    max_changed_lines: int = 30
    max_api_rounds: int = 3
    log_lines: int = 400
    context_tokens: int = 4000
    verify_seconds: int = 60


class Stage(NamedTuple):
    """A step of the bootstrap: one key under ``stages:`` of the context map."""

    name: str
    description: str = ""
    command: str = ""
    files: tuple[str, ...] = ()
    architecture_sections: tuple[str, ...] = ()
    success_criteria: tuple[str, ...] = ()
    diagnostics: tuple[str, ...] = ()
    verify: tuple[str, ...] = ()


class Signature(NamedTuple):
    """A user's own classifier entry: a regular expression over one line, and what it means."""

    name: str
    pattern: str
    classification: Classification


class UserRule(NamedTuple):
    """A user's own playbook entry: when ``match`` is found in the log, replace ``find`` (literal text that stands
    exactly once in ``file``) by ``replace``; ``verify`` is a command that must then pass."""

    name: str
    match: str
    file: str
    find: str
    replace: str
    verify: str = ""


# --- the proposal -----------------------------------------------------------------------------------


class Note(NamedTuple):
    """Why a change is made, in the fixer's words: untrusted text, each field one line once recorded."""

    fix: str = ""
    reason: str = ""
    justification: str = ""


class Change(NamedTuple):
    """What a proposal does to one path of the tree.

    ``old`` and ``new`` are whole files (``None``: absent on that side); modes are git's, ``ABSENT`` with
    ``None``. A rename is a deletion and an addition. ``path`` is as git stores it, which for commits of
    strangers need not be a path that a sane tree could hold; the policy judges that.
    """

    path: str
    old: bytes | None
    new: bytes | None
    old_mode: int = REGULAR
    new_mode: int = REGULAR


class Proposal(NamedTuple):
    """What a fixer offers: the text of an answer, still to be read, or changes that are ready. ``verify`` are
    commands that must pass besides the stage's own."""

    fixer: str
    answer: str = ""
    changes: tuple[Change, ...] = ()
    note: Note = Note()
    verify: tuple[str, ...] = ()


class Reading(NamedTuple):
    """An answer, understood: the changes it means to this tree, and its note."""

    changes: tuple[Change, ...]
    note: Note
    warnings: tuple[str, ...] = ()


# --- the verdict ------------------------------------------------------------------------------------


class Rules(NamedTuple):
    """All that the policy needs to know besides the change itself; built from the base branch's context map.

    ``files`` are the stage's patterns; ``None`` means that scope does not apply (a person on a branch of
    their own). With ``everything=False`` only the protection of paths is judged.
    """

    stage: str
    files: tuple[str, ...] | None
    protected: tuple[str, ...]
    limits: Limits = Limits()
    source: Source = Source.LOCAL
    everything: bool = True


class Violation(NamedTuple):
    """One rule that a change breaks. ``line`` counts from 1 in the new file. ``hint`` says what to do instead."""

    rule: str
    path: str
    message: str
    line: int | None = None
    hint: str = ""

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line is not None else self.path
        return f"{place}: {self.message} [{self.rule}]" + (f"; {self.hint}" if self.hint else "")


class Verdict(NamedTuple):
    """The policy's answer: accepted when there is no violation. ``remarks`` are said in the record."""

    violations: tuple[Violation, ...] = ()
    remarks: tuple[str, ...] = ()
    changed_lines: int = 0

    @property
    def accepted(self) -> bool:
        return not self.violations


# --- verification -----------------------------------------------------------------------------------


class Finding(NamedTuple):
    """A fault that a checker sees in one file. ``line`` counts from 1."""

    checker: str
    message: str
    line: int | None = None


Check = Callable[[str, Blob], Sequence[Finding]]
"""Runs every checker that knows the file type of a path over its bytes; no finding means no fault."""


# --- the record -------------------------------------------------------------------------------------


class Attempt(NamedTuple):
    """One record of the ledger: a commit on the AI branch with executor trailers.

    ``diff`` is the change a fix made, or the diff that a rejected attempt proposed ("" where there is none).
    """

    commit: str
    stage: str
    error_hash: str
    number: int
    classification: str
    outcome: Outcome
    fixer: str = ""
    verified: str = ""
    patch_id: str = ""
    fingerprint: str = ""
    source: str = Source.LOCAL
    fix: str = ""
    reason: str = ""
    diff: str = ""
    when: int = 0


# --- the briefing -----------------------------------------------------------------------------------


class Window(NamedTuple):
    """A run of consecutive lines of a file that the model is shown; ``first`` counts from 1."""

    first: int
    lines: tuple[str, ...]


class FileExcerpt(NamedTuple):
    """The parts of a file that the model is shown. ``total`` is the number of lines of the whole file."""

    path: str
    windows: tuple[Window, ...]
    total: int

    @property
    def whole(self) -> bool:
        return len(self.windows) == 1 and len(self.windows[0].lines) == self.total


class Briefing(NamedTuple):
    """Everything that a fixer is told. ``prompt`` is the rendered, redacted text; ``tokens`` an estimate of its size,
    which repair rounds must keep within ``budget``.

    ``candidates`` are the stage's files that exist in the tree and may be changed, ``off_limits`` the stage's
    files that are protected, ``missing`` the listed ones that do not exist. ``placeholders`` maps each redaction
    placeholder in ``prompt`` to what it stands for. ``feedback`` is why earlier answers of this very attempt were
    turned down, the last one last.
    """

    stage: Stage
    failure: Failure
    candidates: tuple[str, ...] = ()
    off_limits: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    files: tuple[FileExcerpt, ...] = ()
    history: tuple[Attempt, ...] = ()
    accepted: tuple[Attempt, ...] = ()
    prompt: str = ""
    tokens: int = 0
    budget: int = 0
    attempt: int = 1
    placeholders: Mapping[str, str] = MappingProxyType({})
    feedback: tuple[str, ...] = ()


class Fixer(Protocol):
    """Whatever answers a briefing with a proposal."""

    name: str

    def propose(self, briefing: Briefing, tree: Tree) -> Proposal:
        """Raises ``Declined`` when there is nothing to offer and ``FixerUnavailable`` when it cannot be asked."""
