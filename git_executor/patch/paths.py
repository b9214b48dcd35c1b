"""Which file of the tree a written path means: the one file, or a refusal that names near ones."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from itertools import islice

from ..domain import RepoPath, Tree
from ..errors import PatchError

_PREFIXES = ("a/", "b/", "i/", "w/", "c/", "o/", "old/", "new/")
_BACKUPS = (".orig", ".old", ".new", ".bak", ".fixed", ".patched", "~")
# How many paths of a tree are looked at for the sake of a better message.
MAX_NAMED = 50_000


def existing(written: str, tree: Tree, preferred: Sequence[str] = ()) -> str | None:
    """The one file of the tree that ``written`` means, or ``None``.

    The path itself, or without its ``a/`` or ``b/``, wins. Else it is a file of ``preferred`` that ends with
    what was written, or that ends it: only when exactly one does.
    """
    spelled = written.strip() if "/" in written else written.strip().replace("\\", "/")
    absolute, path = spelled.startswith("/"), _plain(spelled)
    if path is None:
        return None
    if not absolute:
        for form in _forms(path):
            if tree.read(form) is not None:
                return form
    found = {
        name
        for name in _literal(preferred, path)
        if any(_fits(form, name) for form in _forms(path)) and tree.read(name) is not None
    }
    if len(found) == 1:
        return found.pop()
    if absolute and not found and "/" in path and tree.read(path) is not None:
        return path
    return None


def resolve(written: Sequence[str | None], tree: Tree, preferred: Sequence[str]) -> str:
    """The file that all the given spellings mean. Raises ``PatchError`` ``no-file`` or ``malformed``."""
    spellings = list(dict.fromkeys(name for name in written if name is not None))
    found = {path for path in (existing(name, tree, preferred) for name in spellings) if path is not None}
    if len(found) > 1:
        raise PatchError(
            "malformed",
            f"the header names two different files: {' and '.join(sorted(found))}",
            hint="name one file in --- and +++",
        )
    if not found:
        raise no_file(spellings[0], tree, preferred)
    path = found.pop()
    if len(spellings) == 1 and _plain(spellings[0]) != path and tree.read(_plain(spellings[0]) or "") is not None:
        raise PatchError(
            "malformed",
            f"{spellings[0]} may be that file, or {path}",
            path=path,
            hint=f"write --- a/{path} and +++ b/{path}",
        )
    for name in spellings:
        if existing(name, tree, preferred) is None and not _same_but_backup(name, path):
            raise no_file(name, tree, preferred)
    return path


def fresh(written: str, tree: Tree) -> str:
    """The path of a file that is to be made. Raises ``PatchError`` when there can be no such file."""
    plain = None if written.startswith("/") else _plain(written.strip())
    if plain is None:
        raise PatchError("malformed", f"not a path inside the repository: {written!r}", hint="use a relative path")
    path = plain[2:] if plain[:2] in ("a/", "b/") else plain
    parts = path.split("/")
    for depth in range(1, len(parts)):
        if tree.read("/".join(parts[:depth])) is not None:
            raise PatchError("malformed", f"{'/'.join(parts[:depth])} is a file, not a directory", path=path)
    if tree.names(path):
        raise PatchError("malformed", f"{path} is a directory", path=path)
    return path


def no_file(written: str, tree: Tree, preferred: Sequence[str]) -> PatchError:
    """The refusal for a path that is not in the tree, naming files that may have been meant."""
    wanted = _plain(written) or written
    known = list(dict.fromkeys([*preferred, *islice(tree.paths(), MAX_NAMED)]))
    base = wanted.rsplit("/", 1)[-1]
    near = [name for name in known if name.rsplit("/", 1)[-1] == base][:3]
    near = near or difflib.get_close_matches(wanted[:300], known[:2000], n=3, cutoff=0.7)
    hint = f"did you mean {' or '.join(near)}?" if near else "name a file of the repository"
    return PatchError("no-file", f"no such file: {wanted}", path=wanted, hint=hint, nearest="\n".join(near))


def _plain(path: str) -> str | None:
    """``path`` without leading ``./`` and ``/``; ``None`` when no tree can hold it."""
    path = path.lstrip("/")
    while path.startswith("./"):
        path = path[2:]
    try:
        return RepoPath(path)
    except ValueError:
        return None


def _forms(path: str) -> list[str]:
    """The readings of a written path, the likeliest first: ``a/`` and ``b/`` are hardly ever directories, the
    prefixes of other tools may well be."""
    bare = [path[len(prefix) :] for prefix in _PREFIXES if path.startswith(prefix)]
    return [*bare, path] if path.startswith(("a/", "b/")) else [path, *bare]


def _literal(preferred: Sequence[str], path: str) -> list[str]:
    """The stage's entries as paths: a directory stands for what was written, inside it."""
    base = path.rsplit("/", 1)[-1]
    return [name + base if name.endswith("/") else name for name in preferred]


def _fits(written: str, name: str) -> bool:
    longer = written.endswith("/" + name) and "/" in name
    return name == written or name.endswith("/" + written) or longer


def _same_but_backup(written: str, path: str) -> bool:
    plain = _plain(written) or written
    return any(
        plain.endswith(end)
        and any(form[: -len(end)] == path or path.endswith("/" + form[: -len(end)]) for form in _forms(plain))
        for end in _BACKUPS
    )
