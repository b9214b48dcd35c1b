"""Which of an answer's blocks are meant. Two different answers without a clear choice are none."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from ..domain import Tree
from ..errors import PatchError
from . import beginpatch, searchreplace, unified
from .form import Block, FilePatch
from .header import decode
from .paths import existing

_CORRECTION = re.compile(
    r"\b(?:correct(?:ed|ion)|wait(?=\s*[,.!:\u2014-])|actually|sorry|oops|mistake|apologi[sz]e|revised|revision|"
    r"scratch that|"
    r"on second thought|(?:ignore|disregard|instead of|not) the (?:above|first|previous|earlier)|"
    r"final (?:answer|diff|patch|version|fix)|here is the (?:final|right|proper)|fixed version|"
    r"better version|"
    r"updated (?:diff|patch|version)|let me (?:fix|correct|redo|revise|try again)|(?:was|is) wrong|"
    r"use this (?:one )?instead)\b",
    re.IGNORECASE,
)
_ALTERNATIVE = re.compile(
    r"\b(?:alternativ\w*|option(?:al(?:ly)?)?s?|or you (?:can|could)|(?:you )?(?:can|could) also|either|"
    r"variant|another (?:way|approach|possib\w+|solution|fix)|approach [ab12]|"
    r"if you (?:prefer|want|would|like)|"
    r"solution [ab12]|or:)\b|^\s*or\s*:?\s*$",
    re.IGNORECASE | re.MULTILINE,
)
_EXAMPLE = re.compile(
    r"\b(?:examples?|e\.g\.|for instance|such as|format|template|syntax|looks? like|shape|sample|"
    r"illustrat\w+|previous(?:ly)?|earlier|last attempt|rejected|tried)\b",
    re.IGNORECASE,
)
_PLACEHOLDER = re.compile(r"path/to|(?:^|/)(?:file|filename|foo|example|your[-_]?file|some[-_]?file)(?:\.\w+)?$|^<.*>$")
_PATHLIKE = re.compile(r"[A-Za-z0-9_@~+.\\/-]{2,300}")
_CODE = re.compile(r"[`*\"']([^`*\"'\n]{1,300})[`*\"']")
_TITLE = re.compile(r"(?:file|filename|path|title|name|src)\s*[:=]\s*[\"']?([^\"'\s}]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A block that holds a patch, or the reason why its patch cannot be read."""

    block: Block
    dialect: str
    patches: tuple[FilePatch, ...] = ()
    error: PatchError | None = None

    @property
    def paths(self) -> set[str]:
        return {path for patch in self.patches for path in (patch.old_path, patch.new_path) if path}


def candidates(blocks: Sequence[Block]) -> list[Candidate]:
    """Every block that any dialect knows as its own."""
    found = []
    for block in blocks:
        if beginpatch.is_begin_patch(block):
            dialect, parse = "begin-patch", beginpatch.parse
        elif searchreplace.is_search_replace(block):
            dialect, parse = "search-replace", searchreplace.parse
        elif unified.is_unified(block):
            dialect, parse = "unified", unified.parse
        else:
            continue
        try:
            patches = tuple(parse(block))
        except PatchError as error:
            found.append(Candidate(block, dialect, error=error))
            continue
        if patches:
            found.append(Candidate(block, dialect, patches))
    return found


def choose(found: Sequence[Candidate], tree: Tree, preferred: Sequence[str]) -> list[Candidate]:
    """The candidates that together are the answer. Raises ``PatchError`` ``several``, or a candidate's
    own."""
    left = _after_correction(_without_examples(found, tree, preferred))
    left = _distinct(left)
    for candidate in left:
        if candidate.error is not None:
            raise candidate.error
    if len(left) > 1 and not _parts(left, tree, preferred):
        raise PatchError("several", f"the answer offers {len(left)} different diffs", hint="send exactly one diff")
    return left


def named(found: Sequence[Candidate], blocks: Sequence[Block], tree: Tree, preferred: Sequence[str]) -> list[FilePatch]:
    """The patches, each with a path: a diff without one changes the file that the words around it name."""
    patches: list[FilePatch] = []
    last: str | None = None
    for candidate in found:
        for patch in candidate.patches:
            if not patch.named:
                path = last or path_around(candidate.block, blocks, tree, preferred)
                patch = replace(patch, old_path=path, new_path=path)
            last = patch.new_path or patch.old_path
            patches.append(patch)
    return patches


def path_around(block: Block, blocks: Sequence[Block], tree: Tree, preferred: Sequence[str]) -> str:
    """The one existing file that the info string, the prose before, or else the prose after names."""
    at = next((number for number, other in enumerate(blocks) if other is block), len(blocks))
    after = [line for other in blocks[at + 1 :] for line in other.before]
    info = " ".join(f"`{word}`" for word in block.info.split()[:20])
    inside = [decode(line) for line in takewhile(lambda line: not line.startswith(b"@@"), block.lines[:6])]
    for lines in ([info], inside, block.before[::-1], after):
        for line in lines[:60]:
            paths = paths_in(line, tree, preferred)
            if len(paths) == 1:
                return paths.pop()
            if paths:
                raise PatchError(
                    "no-file",
                    "the answer names several files and does not say which it changes",
                    hint="begin with --- a/path and +++ b/path",
                )
    literal = [name for name in dict.fromkeys(preferred) if tree.read(name) is not None]
    if len(literal) == 1 and len(preferred) == 1:
        return literal[0]
    raise PatchError(
        "no-file",
        "the answer does not say which file it changes",
        hint="begin with --- a/path and +++ b/path",
    )


def paths_in(line: str, tree: Tree, preferred: Sequence[str]) -> set[str]:
    """The existing files that a line of prose names: words that look like a path, or that are marked as
    code."""
    words = [match[1] for match in _TITLE.finditer(line[:2000])]
    words.append(line[:400].strip(" *`#:\t\r"))
    words += [match[1].strip() for match in _CODE.finditer(line[:2000])]
    plain = [word.strip(".:,") for word in _PATHLIKE.findall(line[:2000])]
    words += [word for word in plain if "/" in word or "." in word or word[:1].isupper()]
    found = (existing(word, tree, preferred) for word in dict.fromkeys(words[:60]) if word)
    return {path for path in found if path is not None}


def _without_examples(found: Sequence[Candidate], tree: Tree, preferred: Sequence[str]) -> list[Candidate]:
    """Without diffs of files that do not exist, where the words say that they only show a form."""
    if len(found) < 2:
        return list(found)
    kept = []
    for candidate in found:
        words = "\n".join(candidate.block.before)
        foreign = candidate.paths and not any(existing(path, tree, preferred) for path in candidate.paths)
        creates = any(patch.creates for patch in candidate.patches)
        placeholder = any(_PLACEHOLDER.search(path) for path in candidate.paths)
        if not (foreign and (placeholder or (_EXAMPLE.search(words) and not creates))):
            kept.append(candidate)
    return kept or list(found)


def _after_correction(found: Sequence[Candidate]) -> list[Candidate]:
    """From the last diff on that the words before it call a correction.

    It takes back what it replaces: where it leaves out a file that was changed before, what is meant is open.
    """
    for number in range(len(found) - 1, 0, -1):
        words = "\n".join(found[number].block.before)
        if not _CORRECTION.search(words) or _ALTERNATIVE.search(words):
            continue
        before = set[str]().union(*(candidate.paths for candidate in found[:number]))
        after = set[str]().union(*(candidate.paths for candidate in found[number:]))
        if after and before - after:
            raise PatchError(
                "several",
                "a later diff corrects an earlier one of another file",
                hint="send exactly one diff",
            )
        return list(found[number:])
    return list(found)


def _distinct(found: Sequence[Candidate]) -> list[Candidate]:
    kept: list[Candidate] = []
    for candidate in found:
        if candidate.error is not None or candidate.patches not in [other.patches for other in kept]:
            kept.append(candidate)
    return kept


def _parts(found: Sequence[Candidate], tree: Tree, preferred: Sequence[str]) -> bool:
    """Whether several diffs are parts of one answer: they change different files, or one goes on with the
    other."""
    if any(_ALTERNATIVE.search("\n".join(candidate.block.before)) for candidate in found):
        return False
    if all(candidate.dialect == "search-replace" for candidate in found):
        return True
    seen: set[str] = set()
    for number, candidate in enumerate(found):
        if number and not candidate.paths:
            continue
        paths = {existing(path, tree, preferred) or path for path in candidate.paths}
        if paths & seen:
            return False
        seen |= paths
    return True
