"""Which file of the tree a written path means: the one file, or a refusal that names near ones."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from itertools import islice

from ..domain import RepoPath, Tree
from ..errors import PatchError

_PREFIXES = ("a/", "b/", "i/", "w/", "c/", "o/", "old/", "new/")
_BACKUPS = (".orig", ".old", ".new", ".bak", ".fixed", ".patched", "~")
# What no new file is called by one who means this repository: git's own directory in every spelling that some
# file system takes for it, a home directory, a drive, another system's separator, control characters.
_UNSAFE = re.compile(
    r"(?:^|/)(?:\.git|git~\d)[. ]*(?:/|:|$)|^(?:[ab]/)?(?:~|\$|[A-Za-z]:)|[\\\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]",
    re.IGNORECASE,
)
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
        if any(_fits(form, name, absolute) for form in _forms(path)) and tree.read(name) is not None
    }
    if len(found) == 1:
        return found.pop()
    if absolute and not found and "/" in path and tree.read(path) is not None:
        return path
    return None


def resolve(written: Sequence[str | None], tree: Tree, preferred: Sequence[str]) -> str:
    """The file that all the given spellings mean. Raises ``PatchError`` ``no-file`` or ``malformed``."""
    spellings = _without_own_prefixes(list(dict.fromkeys(name for name in written if name is not None)), tree)
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
    if (
        len(spellings) == 1
        and _plain(spellings[0]) != path
        and tree.read(_plain(spellings[0]) or "") is not None
    ):
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


def refuse_disagreement(
    names: Sequence[str | None], also: Sequence[str], makes: bool, tree: Tree, preferred: Sequence[str]
) -> None:
    """Refuses a header whose other names, ``also``, are not those of the files in ``names``.

    A name of no file is let pass where only its directories are wrong, unless a path is made from the header:
    then there is no file to prove which of the names is right.
    """
    own = [name for name in names if name]
    bare = {_bare(name) for name in own}
    for name in also:
        if not own or _bare(name) in bare:
            continue
        meant = existing(name, tree, preferred)
        known = meant is not None and meant in {existing(one, tree, preferred) for one in own}
        astray = meant is None and any(_bare(name).rsplit("/", 1)[-1] == one.rsplit("/", 1)[-1] for one in bare)
        if makes or not (known or astray):
            raise PatchError(
                "malformed",
                f"the header names two different files: {own[0]} and {name}",
                hint="name one file in all lines of the header",
            )


def _without_own_prefixes(spellings: list[str], tree: Tree) -> list[str]:
    """One path in place of two that differ in their first component alone, as in ``original/x`` and ``fixed/x``,
    where neither is a file and what is left is one."""
    rests = {name.removeprefix("./").partition("/")[2] for name in spellings}
    if len(spellings) != 2 or len(rests) != 1 or any(name.startswith("/") for name in spellings):
        return spellings
    rest = rests.pop()
    taken = any(tree.read(name) is not None for name in spellings)
    return [rest] if rest and not taken and _plain(rest) == rest and tree.read(rest) is not None else spellings


def _bare(name: str) -> str:
    plain = name.removeprefix("./")
    return plain[2:] if plain.startswith(("a/", "b/")) else plain


def fresh(written: str, tree: Tree) -> str:
    """The path of a file that is to be made. Raises ``PatchError`` when there can be no such file."""
    plain = None if written.startswith("/") else _plain(written.strip())
    if plain is None or _UNSAFE.search(plain):
        raise PatchError(
            "malformed", f"not a path inside the repository: {written!r}", hint="use a relative path"
        )
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
    while "/./" in (path := path.removeprefix("./")) or path.startswith("./"):
        path = path.replace("/./", "/")
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


def _fits(written: str, name: str, absolute: bool) -> bool:
    """Whether ``written`` ends with the path ``name``, or ``name`` with it; an absolute path is never a part of
    one."""
    longer = written.endswith("/" + name) and "/" in name
    return name == written or longer or (not absolute and name.endswith("/" + written))


def _same_but_backup(written: str, path: str) -> bool:
    plain = _plain(written) or written
    return any(
        plain.endswith(end)
        and any(form[: -len(end)] == path or path.endswith("/" + form[: -len(end)]) for form in _forms(plain))
        for end in _BACKUPS
    )
