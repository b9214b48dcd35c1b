"""Which paths an entry of the context map means, and which names a file system takes for the same.

An entry is a path, a directory that ends in ``/``, or a gitignore-style glob, always relative to the top folder.
Scope is exact: a name that merely resembles an allowed one is not allowed. Protection folds: a name that any
common file system would open a protected file under is protected too.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from git_executor.lazy import lazy

TYPE_CHECKING = False  # as in typing, whose import costs a hook several milliseconds
if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

# What nobody may loosen: the canon, the plumbing, the one script that wipes machines, and whatever steers git,
# its hooks or this guard. ``protected_files:`` of the context map adds to it.
BUILT_IN = (
    "ai/master_memo.md",
    "ai/context_map.yaml",
    "ai/bootstrap_loop.sh",
    "ai/executor_instructions.md",
    "ai/state/",
    "infrastructure/proxmox/wipe_proxmox.sh",
    ".git*",
    "hooks/",
    ".githooks/",
    ".husky/",
    ".pre-commit-*.yaml",
    ".pre-commit-*.yml",
    "lefthook.y*ml",
    ".lefthook.y*ml",
    "prek.toml",
)

_GLOB = lazy(r"[*?\[]")
# Code points that HFS+ drops when it compares names (the list that git's own utf8.c guards against).
_IGNORABLE = dict.fromkeys((*range(0x200C, 0x2010), *range(0x202A, 0x202F), *range(0x206A, 0x2070), 0xFEFF, 0x200B))
_CONTROL = dict.fromkeys((*range(32), 127, *range(0x80, 0xA0)), "\ufffd")
# NTFS: an 8.3 short name is up to six characters, a tilde and a number, then up to three of the extension.
_SHORT = lazy(r"([^.~]{1,6})~[0-9]{1,4}(?:\.(.{0,3}))?")
# Where six characters are taken already, NTFS makes two of the name and four hex digits of a hash (git's path.c).
_HASHED = {"gi7eba": ".gitmodules", "gi7d29": ".gitattributes", "gi250a": ".gitignore"}


def fold(path: str) -> str:
    """The name that case-folding, width-folding, normalising and trimming file systems see for ``path``."""
    if not path.isascii():
        path = unicodedata.normalize("NFKC", path.translate(_IGNORABLE)).translate(_IGNORABLE)
    path = unicodedata.normalize("NFKC", path.casefold()) if not path.isascii() else path.lower()
    if not path.isprintable():
        path = path.translate(_CONTROL)
    if "\\" in path:
        path = path.replace("\\", "/")
    if ":" in path or ". " in path or path.endswith((".", " ")) or "./" in path or " /" in path:
        # NTFS drops trailing dots and blanks, and a colon starts a stream's name.
        path = "/".join(part.partition(":")[0].rstrip(". ") for part in path.split("/"))
    return path


def short_name(component: str) -> tuple[str, str] | None:
    """The stem and extension that an NTFS short name such as ``MASTER~1.MD`` abbreviates, folded."""
    found = _SHORT.fullmatch(component) if "~" in component else None
    if not found:
        return None
    stem, extension = found[1], found[2] or ""
    if stem in _HASHED:
        return _HASHED[stem].lstrip(".")[:6], extension
    return stem, extension


def _abbreviates(component: str, name: str) -> bool:
    short = short_name(component)
    if not short:
        return False
    stem, dot, extension = name.lstrip(".").rpartition(".")
    if not dot:
        stem, extension = extension, ""
    return stem.replace(" ", "").replace(".", "")[:6].startswith(short[0]) and extension[:3] == short[1]


class Matcher:
    """A list of entries, ready to match paths. ``folded`` matchers expect paths that went through ``fold``."""

    def __init__(self, patterns: Sequence[str], folded: bool) -> None:
        entries = [(fold(p) if folded else p).removeprefix("/") for p in patterns]
        plain = [entry for entry in entries if not _GLOB.search(entry)]
        self.exact = frozenset(entry.rstrip("/") if folded else entry for entry in plain)
        self.folders = tuple(entry.rstrip("/") + "/" for entry in plain if folded or entry.endswith("/"))
        self.globs = tuple(entry for entry in entries if _GLOB.search(entry))
        self._spec: GitIgnoreSpec | None = None
        roots = {*plain, *(entry.rpartition("/")[0] for entry in (_GLOB.split(glob)[0] for glob in self.globs))}
        self.ancestors = frozenset(above for root in roots for above in _parents(root.rstrip("/")))

    def matches(self, path: str) -> bool:
        if path in self.exact or path.startswith(self.folders):
            return True
        return bool(self.globs) and self._glob(path)

    def _glob(self, path: str) -> bool:
        if self._spec is None:
            from pathspec import GitIgnoreSpec

            self._spec = GitIgnoreSpec.from_lines(self.globs)
        return self._spec.match_file(path)


def _parents(path: str) -> list[str]:
    parts = path.split("/")
    return ["/".join(parts[:i]) for i in range(1, len(parts))]


@lru_cache(maxsize=64)
def _scope(patterns: tuple[str, ...]) -> Matcher:
    return Matcher([p for p in patterns if p], folded=False)


@lru_cache(maxsize=64)
def _protection(patterns: tuple[str, ...]) -> Matcher:
    # The built-in globs are matched by hand (see _steers_git), so that a hook need not load pathspec.
    fixed = tuple(entry for entry in BUILT_IN if not _GLOB.search(entry))
    return Matcher([*fixed, *(p for p in patterns if p)], folded=True)


def in_scope(path: str, patterns: Sequence[str]) -> bool:
    """Whether one of a stage's ``files:`` entries means ``path``. Exact: nothing is folded; no entries, no scope."""
    return _scope(tuple(patterns)).matches(path)


def is_protected(path: str, patterns: Sequence[str]) -> bool:
    """Whether ``path`` is off limits: built in, by an entry of ``protected_files:``, or as another name of such a path.

    A path that *contains* protected ones counts as well (``ai`` as a file would replace all that is below it).
    """
    matcher = _protection(tuple(patterns))
    name = fold(path)
    if _steers_git(name) or name in matcher.ancestors or matcher.matches(name):
        return True
    return "~" in name and _is_short_of_protected(name, matcher)


_GUARDS = lazy(r"\.pre-commit-[^/]*\.ya?ml|\.?lefthook(?:-local)?\.(?:ya?ml|toml|json)|prek\.toml")


def _steers_git(folded: str) -> bool:
    """The globs of BUILT_IN: ``.git*`` at any depth with its short names, and the hook managers' configuration."""
    if folded.startswith(".git") or "/.git" in folded or _GUARDS.fullmatch(folded.rpartition("/")[2]):
        return True
    return "~" in folded and any((short_name(part) or ("",))[0].startswith("git") for part in folded.split("/"))


def _is_short_of_protected(folded: str, matcher: Matcher) -> bool:
    parts = folded.split("/")
    for target in matcher.exact:
        names = target.split("/")
        if len(names) <= len(parts) and all(
            part == name or _abbreviates(part, name) for part, name in zip(parts, names, strict=False)
        ):
            return True
    return False
