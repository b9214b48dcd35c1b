"""Trees, indexes, commits and refs, read through git's plumbing.

Nothing that a repository or a user configures may bend what is read: raw output, no renames, no external diffs, no
replacement objects, no grafts, literal paths.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from git_executor.domain import ABSENT, DIRECTORY, SUBMODULE, Blob, Change
from git_executor.errors import RepositoryNotReady
from git_executor.ledger.gitcli import Git, GitFailed
from git_executor.ledger.trailers import block_of
from git_executor.policy import MAX_BYTES

_STRAIGHT = {
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_GRAFT_FILE": os.devnull,
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_EXTERNAL_DIFF": "",
}
_RAW = (
    "-r",
    "-z",
    "--raw",
    "--no-abbrev",
    "--no-renames",
    "--no-ext-diff",
    "--no-textconv",
    "--ignore-submodules=none",
)
_PLAIN = ("-c", "trailer.separators=:", "-c", "log.showSignature=false", "-c", "i18n.logOutputEncoding=UTF-8")
AI_REFS = "refs/heads/ai/"


@dataclass(frozen=True, slots=True)
class Entry:
    """What stands at a path of a tree: mode and object id; ``ABSENT`` and "" for nothing."""

    mode: int = ABSENT
    oid: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """One path that differs between two trees."""

    path: str
    old: Entry
    new: Entry


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit: its parents, its message as text, and its trailers as git reads them, one a line."""

    oid: str
    tree: str
    parents: tuple[str, ...]
    message: str
    trailers: str = ""
    odd: str = ""

    @property
    def subject(self) -> str:
        return self.message.partition("\n")[0]


class Repository:
    """A repository as the guard sees it. With ``inherit`` in the environment that git gave to a hook."""

    def __init__(self, directory: str, *, inherit: bool = False) -> None:
        self.directory = directory
        self._git = Git(directory, inherit=inherit)
        self._head: str | None = None

    def run(self, *args: str, stdin: bytes = b"", ok: Sequence[int] = (0,)) -> bytes:
        return self._git.run(*args, stdin=stdin, ok=ok, environ=_STRAIGHT)

    def text(self, *args: str, ok: Sequence[int] = (0,)) -> str:
        return self.run(*args, ok=ok).decode("utf-8", "surrogateescape").rstrip("\n")

    def says(self, *args: str) -> bool:
        """Whether git answers a question with yes."""
        return self._git.call(*args, ok=(0, 1, 128), environ=_STRAIGHT).returncode == 0

    # --- refs -----------------------------------------------------------------------------------------

    def resolve(self, name: str) -> str:
        """The commit that a name stands for, or "" """
        return self.text("rev-parse", "--quiet", "--verify", "--end-of-options", f"{name}^{{commit}}", ok=(0, 1, 128))

    def setting(self, key: str) -> str:
        return self.text("config", "--get", key, ok=(0, 1))

    def head(self) -> str:
        """The full name of the branch that a commit made now goes to; "" when HEAD is detached."""
        if self._head is None:
            self._head = self.text("symbolic-ref", "--quiet", "HEAD", ok=(0, 1))
        if self._head:
            return self._head
        for place in ("rebase-merge/head-name", "rebase-apply/head-name"):
            path = self.text("rev-parse", "--git-path", place)
            try:
                with open(os.path.join(self.directory, path), encoding="utf-8", errors="surrogateescape") as file:
                    return file.read().strip()
            except OSError:
                continue
        return ""

    def base(self) -> tuple[str, str]:
        """(full name, commit) of the base branch; ("", "") when there is none yet."""
        wanted = self.setting("executor.base")
        names = [wanted] if wanted else ["main", "master"]
        for name in names:
            for ref in (f"refs/heads/{name}", f"refs/remotes/origin/{name}") if wanted else (f"refs/heads/{name}",):
                commit = self.resolve(ref)
                if commit:
                    return ref, commit
        if wanted:
            return f"refs/heads/{wanted}", ""
        for ref in ("refs/remotes/origin/HEAD", "refs/remotes/origin/main", "refs/remotes/origin/master"):
            commit = self.resolve(ref)
            if commit:
                return self.text("rev-parse", "--symbolic-full-name", ref, ok=(0, 128)) or ref, commit
        return "", ""

    def is_ancestor(self, old: str, new: str) -> bool:
        return self.says("merge-base", "--is-ancestor", old, new)

    def merge_bases(self, a: str, b: str) -> list[str]:
        return self.text("merge-base", "--all", a, b, ok=(0, 1)).split()

    def walk(self, wanted: Sequence[str], unwanted: Sequence[str]) -> list[str]:
        """Commits reachable from ``wanted`` and not from ``unwanted``, parents before children."""
        lines = [*wanted, *(f"^{oid}" for oid in unwanted if oid)]
        out = self.run("rev-list", "--topo-order", "--reverse", "--stdin", stdin="\n".join(lines).encode() + b"\n")
        return out.decode().split()

    # --- differences ------------------------------------------------------------------------------------

    def empty_tree(self) -> str:
        return self.text("hash-object", "-t", "tree", "--stdin")

    def staged(self, against: str) -> list[Difference]:
        """What a commit of the index would change against a tree."""
        return _raw(self.run("diff-index", "--cached", "--ita-invisible-in-index", *_RAW[1:], against, "--"))

    def between(self, old: str, new: str) -> list[Difference]:
        return _raw(self.run("diff-tree", *_RAW, old, new, "--"))

    def write_index(self) -> str:
        """The index as a tree."""
        try:
            return self.text("write-tree")
        except GitFailed:
            raise RepositoryNotReady("the index still holds conflicts", hint="resolve them first") from None

    def entries(self, tree: str, paths: Sequence[str]) -> dict[str, Entry]:
        """What stands at each of ``paths``; those that do not exist are left out."""
        if not paths or not tree:
            return {}
        found: dict[str, Entry] = {}
        for start in range(0, len(paths), 500):
            some = [
                path.encode("utf-8", "surrogateescape").decode("utf-8", "surrogateescape")
                for path in paths[start : start + 500]
            ]
            out = self.run("ls-tree", "-z", "--full-tree", tree, "--", *some)
            for name, mode, oid in _listing(out):
                found[name] = Entry(mode, oid)
        return {path: found[path] for path in paths if path in found}

    def tree_of(self, commit: str) -> Snapshot:
        return Snapshot(self, commit)

    # --- objects ----------------------------------------------------------------------------------------

    def blobs(self, oids: Iterable[str]) -> dict[str, bytes]:
        """Contents by object id. What is larger than the policy looks at comes back as that many zero bytes."""
        wanted = sorted(set(oids) - {""})
        if not wanted:
            return {}
        sizes = self.run("cat-file", "--batch-check=%(objectname) %(objecttype) %(objectsize)", stdin=_ask(wanted))
        out: dict[str, bytes] = {}
        small: list[str] = []
        for oid, row in zip(wanted, sizes.decode().split("\n"), strict=False):
            fields = row.split()
            if len(fields) == 3 and fields[1] == "blob" and int(fields[2]) <= MAX_BYTES:
                small.append(oid)
            else:
                out[oid] = bytes(MAX_BYTES + 1)
        for oid, _, data in self._objects(small):
            out[oid] = data
        return out

    def _objects(self, oids: Sequence[str]) -> Iterator[tuple[str, str, bytes]]:
        if not oids:
            return
        out = self.run("cat-file", "--batch", stdin=_ask(oids))
        at = 0
        for oid in oids:
            end = out.index(b"\n", at)
            fields = out[at:end].decode().split()
            if len(fields) != 3:
                raise RepositoryNotReady(f"object {oid} is missing", hint="see git fsck")
            size = int(fields[2])
            yield oid, fields[1], out[end + 1 : end + 1 + size]
            at = end + 2 + size

    def commits(self, oids: Sequence[str]) -> dict[str, Commit]:
        """Commits with their trailers: a plain trailer paragraph as it stands, anything odder as git reads it.

        A user's ``trailer.*`` settings can make git rename the keys of a record.
        """
        found = {oid: _commit(oid, data) for oid, kind, data in self._objects(oids) if kind == "commit"}
        if not found:
            return {}
        command = (*_PLAIN, "log", "-z", "--no-walk=unsorted", "--stdin", "--no-notes", "--no-mailmap")
        out = self.run(*command, "--format=tformat:%H%x00%(trailers:only,unfold)%x00", stdin=_ask(list(found)))
        parts = out.decode("utf-8", "replace").split("\0")
        for i in range(0, len(parts) - 1, 3):
            oid = parts[i].strip()
            if oid in found and i + 1 < len(parts):
                c = found[oid]
                found[oid] = Commit(c.oid, c.tree, c.parents, c.message, block_of(c.message) or parts[i + 1], c.odd)
        return found

    def changes(self, differences: Sequence[Difference]) -> list[Change]:
        """Differences with their contents."""
        few = differences[:50]  # a commit of more files is refused for that alone
        data = self.blobs(e.oid for d in few for e in (d.old, d.new) if e.mode not in (ABSENT, SUBMODULE))

        def content(entry: Entry) -> bytes | None:
            if entry.mode == ABSENT:
                return None
            return data.get(entry.oid, entry.oid.encode())

        return [Change(d.path, content(d.old), content(d.new), d.old.mode, d.new.mode) for d in differences]


class Snapshot:
    """A committed tree, read lazily: the ``Tree`` of the policy."""

    def __init__(self, repository: Repository, tree: str) -> None:
        self._repository, self._tree = repository, tree
        self._names: dict[str, dict[str, int]] = {}

    def read(self, path: str) -> Blob | None:
        entry = self._repository.entries(self._tree, [path]).get(path)
        if entry is None or entry.mode in (DIRECTORY, SUBMODULE):
            return None
        return Blob(entry.mode, self._repository.blobs([entry.oid])[entry.oid])

    def names(self, directory: str) -> Mapping[str, int]:
        if directory not in self._names:
            where = [directory + "/"] if directory else []
            out = self._repository.run("ls-tree", "-z", "--full-tree", self._tree, "--", *where)
            self._names[directory] = {name.rpartition("/")[2]: mode for name, mode, _ in _listing(out)}
        return self._names[directory]

    def paths(self) -> Iterator[str]:
        out = self._repository.run("ls-tree", "-r", "-z", "--name-only", "--full-tree", self._tree)
        yield from filter(None, out.decode("utf-8", "surrogateescape").split("\0"))


def _ask(oids: Sequence[str]) -> bytes:
    return "\n".join(oids).encode() + b"\n"


def _raw(out: bytes) -> list[Difference]:
    """``:<mode> <mode> <oid> <oid> <status>`` and the path, each ended by NUL."""
    parts = out.decode("utf-8", "surrogateescape").split("\0")
    found = []
    for i in range(0, len(parts) - 1, 2):
        old_mode, new_mode, old, new, _ = parts[i].lstrip(":").split(" ")
        found.append(Difference(parts[i + 1], _entry(old_mode, old), _entry(new_mode, new)))
    return found


def _entry(mode: str, oid: str) -> Entry:
    return Entry(int(mode, 8), oid) if int(mode, 8) else Entry()


def _listing(out: bytes) -> Iterator[tuple[str, int, str]]:
    for row in out.decode("utf-8", "surrogateescape").split("\0"):
        if row:
            meta, _, name = row.partition("\t")
            mode, _, oid = meta.split()
            yield name, int(mode, 8), oid


def _commit(oid: str, data: bytes) -> Commit:
    head, _, message = data.partition(b"\n\n")
    fields = [
        line.split(" ", 1) for line in head.decode("utf-8", "surrogateescape").split("\n") if not line.startswith(" ")
    ]
    tree = next((value for key, *rest in fields for value in rest if key == "tree"), "")
    parents = tuple(value for key, *rest in fields for value in rest if key == "parent")
    odd = "a NUL byte hides a part of the message" if b"\0" in data else ""
    return Commit(oid, tree, parents, message.decode("utf-8", "replace"), "", odd)
