# ruff: noqa: RUF001 - tools quote with typographic marks
"""What a rule is, and what it sees.

A rule answers to log lines: ``words`` are plain lower-case texts, one of which a line must hold before ``patterns``
(regular expressions, searched) are even compiled; a process that starts for one attempt pays for few of them.
``repair`` yields every fix that it holds for possible. Two different ones are as good as none: the playbook stays
silent then, so a rule never has to choose.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from git_executor.domain import EXECUTABLE, REGULAR, Blob, Briefing, Check, Finding, Tree

MAX_BYTES = 512 * 1024
MAX_LINE = 8000
"""Longer files, and files with longer lines, are not repaired by rule: they are generated or data."""

MAX_SCRIPTS = 400
CHECK_BYTES = 16 << 20
"""How much text one case may have checked in all: proofs are cheap for what people write, and nothing may hang."""

_UNCHECKED = Finding("playbook", "not checked: the search for a fix took too long")

# A file that the log names by an absolute path below these belongs to the machine, not to the repository.
_SYSTEM = ("/usr/", "/etc/", "/bin/", "/sbin/", "/lib", "/dev/", "/proc/", "/sys/", "/run/", "/boot/")


@dataclass(frozen=True, slots=True)
class Fix:
    """One edit of one file that exists. ``mode`` is given where the edit is one of mode."""

    path: str
    new: str
    fix: str
    reason: str
    mode: int | None = None
    verify: tuple[str, ...] = ()
    justification: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """A log line that a rule answers to: its number in the excerpt and what the pattern found in it."""

    index: int
    match: re.Match[str]

    def __getitem__(self, group: str) -> str:
        return self.match[group] or ""

    def get(self, group: str) -> str:
        """The group's text, ``""`` where the pattern has no such group."""
        return (self.match.groupdict().get(group)) or ""


Repair = Callable[["Case", Said], Iterable[Fix]]


@dataclass(frozen=True, slots=True)
class Rule:
    """``proof``: whether the file must be free of faults afterwards (it is then checked, whatever the rule says)."""

    name: str
    words: tuple[str, ...]
    patterns: tuple[str, ...]
    repair: Repair


class Case:
    """One failure with its tree, as the rules see it. Files are text here: UTF-8 with surrogate escapes."""

    def __init__(self, briefing: Briefing, tree: Tree, check: Check) -> None:
        self.briefing, self.tree = briefing, tree
        self.lines = briefing.failure.excerpt.lines
        self.candidates = briefing.candidates
        self.out_of_reach: list[str] = []
        self.advice: list[str] = []
        self._check = check
        self._blobs: dict[str, Blob | None] = {}
        self._texts: dict[str, str] = {}
        self._scripts: list[str] | None = None
        self._budget = CHECK_BYTES

    def advise(self, sentence: str) -> None:
        """What a person can do, where a rule knows the fault but must not mend it."""
        if sentence not in self.advice:
            self.advice.append(sentence)

    # --- files ---

    def blob(self, path: str) -> Blob | None:
        if path not in self._blobs:
            self._blobs[path] = self.tree.read(path)
        return self._blobs[path]

    def text(self, path: str) -> str:
        """The file's text; ``""`` for a file that is absent, binary, a symlink or not written by hand."""
        if path not in self._texts:
            blob = self.blob(path)
            usable = blob is not None and blob.mode in (REGULAR, EXECUTABLE) and is_handwritten(blob.data)
            self._texts[path] = decode(blob.data) if blob is not None and usable else ""
        return self._texts[path]

    def faults(self, path: str, text: str | None = None) -> tuple[Finding, ...]:
        """What the checkers say about the file, as it is or with another text.

        All of a case's checks share one budget; when it is used up, nothing passes for sound any more.
        """
        blob = self.blob(path)
        if blob is None:
            return ()
        data = blob.data if text is None else encode(text)
        self._budget -= len(data) + 1000
        if self._budget < 0:
            return (_UNCHECKED,)
        return tuple(self._check(path, Blob(blob.mode, data)))

    def exists(self, path: str) -> bool:
        """Whether the tree has a file or directory there."""
        directory, _, name = path.rpartition("/")
        return name in self.tree.names(directory)

    # --- what a log calls a file ---

    def locate(self, mention: str) -> str | None:
        """The stage's file that a log means by ``mention``: any path that ends like it. A file that exists but must not
        be changed is remembered in ``out_of_reach``, since then that is what a person has to know."""
        mention = _clean(mention)
        if not mention:
            return None
        found = {path for path in self.candidates if _same_file(path, mention)}
        if len(found) == 1:
            return found.pop()
        if not found:
            self._remember_out_of_reach(mention)
            return None
        exact = [path for path in found if path == mention.removeprefix("/")]
        longest = sorted(found, key=lambda path: _common(path, mention))
        if exact:
            return exact[0]
        return longest[-1] if _common(longest[-1], mention) > _common(longest[-2], mention) else None

    def _remember_out_of_reach(self, mention: str) -> None:
        for path in self.briefing.off_limits:
            if _same_file(path, mention) and path not in self.out_of_reach:
                self.out_of_reach.append(path)
                return
        parts = mention.strip("/").split("/")
        if mention.startswith(_SYSTEM):
            return
        for start in range(min(len(parts), 24)):
            path = "/".join(parts[start:])
            if (start < len(parts) - 1 or len(parts) == 1) and path not in self.candidates and self._is_file(path):
                if path not in self.out_of_reach:
                    self.out_of_reach.append(path)
                return

    def _is_file(self, path: str) -> bool:
        if any(part in ("", ".", "..") for part in path.split("/")):
            return False
        return self.blob(path) is not None

    def with_suffix(self, *suffixes: str) -> list[str]:
        """The candidates whose names end so."""
        return [path for path in self.candidates if path.endswith(suffixes)]

    def scripts(self) -> list[str]:
        """The candidates that a shell runs, the first few hundred of those whose names allow it."""
        if self._scripts is None:
            named = [path for path in self.candidates if "." not in path.rpartition("/")[2] or path.endswith((".sh", ".bash"))]
            self._scripts = [path for path in named[:MAX_SCRIPTS] if is_shell(path, self.text(path))]
        return self._scripts

    def near(self, index: int, before: int = 6, after: int = 6) -> Iterator[tuple[int, str]]:
        """The log lines around one, nearest first, the line itself included."""
        yield index, self.lines[index]
        for distance in range(1, max(before, after) + 1):
            if distance <= before and index - distance >= 0:
                yield index - distance, self.lines[index - distance]
            if distance <= after and index + distance < len(self.lines):
                yield index + distance, self.lines[index + distance]


def is_handwritten(data: bytes) -> bool:
    return len(data) <= MAX_BYTES and b"\0" not in data and max(map(len, data.split(b"\n"))) <= MAX_LINE


def decode(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def encode(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def is_shell(path: str, text: str) -> bool:
    """Whether a shell (bash, sh, dash, ksh) runs the file, by its shebang, else by its name."""
    if text.startswith("#!"):
        return re.match(r"#![^\n]*\b(?:ba|da|k)?sh\b", text) is not None
    return path.endswith((".sh", ".bash"))


def _clean(mention: str) -> str:
    mention = mention.strip().strip("'\"`‘’“”()[]<>,;").rstrip(":.")
    mention = re.sub(r"^file://", "", mention)
    parts: list[str] = []
    for part in mention.split("/"):
        if part == ".." and parts and parts[-1] not in ("", ".."):
            parts.pop()
        elif part not in (".",) and (part or not parts):
            parts.append(part)
    while parts and parts[0] == "..":
        parts.pop(0)
    return "/".join(parts)


def _same_file(path: str, mention: str) -> bool:
    """Whether one path is the end of the other, whole components only."""
    if mention.startswith("/"):
        return mention.endswith("/" + path) and not mention.startswith(_SYSTEM)
    return path == mention or path.endswith("/" + mention) or mention.endswith("/" + path)


def _common(path: str, mention: str) -> int:
    count = 0
    for one, other in zip(reversed(path.split("/")), reversed(mention.split("/")), strict=False):
        if one != other:
            break
        count += 1
    return count * 1000 - len(path)
