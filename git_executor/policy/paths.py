"""Where a change may write: rules over names, and over what stands at and around that name in the tree."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping

from git_executor.domain import ABSENT, DIRECTORY, SUBMODULE, SYMLINK, Change, Rules, Tree, Violation
from git_executor.lazy import lazy
from git_executor.policy.patterns import fold, in_scope, is_protected, short_name

# Letters of other scripts that look like Latin ones; enough to see that two names look the same.
_LOOKALIKES = str.maketrans(
    "аеорсухѕіјԁԛԝһκνοαρτυιɑɡⅼ‐‑‒–—−⁄∕∶․",  # noqa: RUF001 - these are what the table is about
    "aeopcyxsijdqwhkvoaptuiagl------//:.",
)
_DRIVE = lazy(r"[A-Za-z]:")
_DEVICE = lazy(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?")
_SMALL = "write the path as it stands in the repository"


def judge_protection(change: Change, rules: Rules) -> Iterator[Violation]:
    """What holds for everybody: no protected file, and no name that leads out of the tree or into ``.git``."""
    path = change.path
    parts = fold(path).split("/")
    if _DRIVE.match(path) or any(part in ("", ".", "..") for part in path.split("/")):
        yield Violation("path-outside", path, "the path does not stay inside the repository", hint=_SMALL)
    elif any(part in ("", ".", "..") for part in parts) and "\\" in path:
        yield Violation("path-outside", path, "on Windows the path leads out of the repository", hint=_SMALL)
    if is_protected(path, rules.protected):
        yield Violation(
            "protected-file",
            path,
            "this file is protected",
            hint="leave it as it is; a person changes it on a branch of their own with a Protected-Change: trailer",
        )


def judge_name(change: Change, rules: Rules) -> Iterator[Violation]:
    """Scope, and names that are not what they seem."""
    path = change.path
    if not rules.files:
        yield Violation("out-of-scope", path, f"stage {rules.stage!r} has no files that may be changed")
    elif not in_scope(path, rules.files):
        yield Violation(
            "out-of-scope",
            path,
            f"not one of the files of stage {rules.stage!r}",
            hint="change a file that the context map lists for this stage",
        )
    problem = _odd_name(path)
    if problem:
        yield Violation("odd-name", path, problem, hint=_SMALL)


def _odd_name(path: str) -> str:
    if "\\" in path:
        return "the path holds a backslash"
    if not path.isprintable():
        hidden = next(c for c in path if not c.isprintable())
        if 0xDC80 <= ord(hidden) <= 0xDCFF:
            return "the path is not UTF-8"
        return f"the path holds an invisible or control character (U+{ord(hidden):04X})"
    if not path.isascii() and unicodedata.normalize("NFC", path) != path:
        return "the path is not in Unicode's composed form (NFC)"
    for part in path.split("/"):
        if part != part.strip() or part.endswith("."):
            return "a component of the path begins or ends with a blank, or ends with a dot"
        if short_name(part.lower()):
            return f"{part!r} has the form of an NTFS short name"
        if ":" in part:
            return "a colon in a path names a stream on Windows"
        if _DEVICE.fullmatch(part.lower()):
            return f"{part!r} is a device on Windows"
        if part.startswith(("-", "~", '"')):
            return f"{part!r} reads as an option, a home directory or a quoted name"
        if len(part.encode("utf-8", "surrogateescape")) > 255:
            return "a component of the path is longer than file systems allow"
    return "the path is too long" if len(path) > 1024 else ""


def judge_place(change: Change, tree: Tree) -> Iterator[Violation]:
    """What stands at the path, above it, and beside it in the tree before the change."""
    directory, names = "", tree.names("")
    parts = change.path.split("/")
    for i, part in enumerate(parts):
        here = "/".join(parts[: i + 1])
        last = i == len(parts) - 1
        mode = names.get(part, ABSENT)
        yield from _same_to_others(change.path, here, part, names)
        if mode == SYMLINK:
            what = "it is a symlink" if last else f"{here} on the way is a symlink"
            yield Violation("symlink", change.path, what, hint="change the file that the link leads to")
            return
        if mode == SUBMODULE:
            yield Violation("submodule", change.path, f"{here} is a submodule", hint="change it in its own repository")
            return
        if last:
            if mode == DIRECTORY and change.new is not None:
                yield Violation("replaces-directory", change.path, "a directory stands here and would be lost")
        elif mode == ABSENT:
            if change.new is not None:
                yield Violation(
                    "new-directory", change.path, f"directory {here} does not exist", hint="use a directory that exists"
                )
            return
        elif mode != DIRECTORY:
            yield Violation("replaces-file", change.path, f"{here} is a file, not a directory")
            return
        directory = here
        names = tree.names(directory) if not last else names


def _same_to_others(path: str, here: str, part: str, names: Mapping[str, int]) -> Iterator[Violation]:
    if part in names:
        return
    seen = _seen(part)
    twin = next((name for name in names if _seen(name) == seen), None)
    if twin is not None:
        yield Violation(
            "same-name",
            path,
            f"{here!r} reads or folds to the same name as {twin!r}, which exists",
            hint=f"did you mean {twin!r}?",
        )


def _seen(part: str) -> str:
    folded = fold(part)
    return folded if folded.isascii() else folded.translate(_LOOKALIKES)
