"""Proposes again what people accepted before for the same failure: git's ``rerere``, for failures."""

from __future__ import annotations

import re

from git_executor.domain import Attempt, Briefing, Note, Proposal, Tree
from git_executor.errors import Declined

_FILE = re.compile(r"^--- (?:a/)?(?P<path>[^\t\n]+)", re.MULTILINE)
_HUNK = re.compile(r"^@@ [^\n]*@@[^\n]*\n((?:[ +\-\\][^\n]*\n?|\n)+)", re.MULTILINE)


class Recorded:
    """Takes from ``briefing.accepted``, whose diffs are git's own, the first that still fits and was not tried."""

    name = "recorded"

    def propose(self, briefing: Briefing, tree: Tree) -> Proposal:
        """Raises ``Declined`` when no accepted fix fits the files as they are."""
        if not briefing.accepted:
            raise Declined("no fix of this failure was accepted before")
        tried = {attempt.patch_id for attempt in briefing.history if attempt.patch_id}
        for attempt in briefing.accepted:
            if attempt.diff and attempt.patch_id not in tried and _fits(attempt.diff, briefing, tree):
                return Proposal(
                    f"{self.name}/{attempt.commit[:12]}",
                    f"```diff\n{attempt.diff.rstrip()}\n```\n",
                    note=_note(attempt),
                )
        raise Declined("the fixes that were accepted for this failure before do not fit the files any more")


def _note(attempt: Attempt) -> Note:
    return Note(fix=attempt.fix, reason=attempt.reason or f"this fix was accepted before, in {attempt.commit[:12]}")


def _fits(diff: str, briefing: Briefing, tree: Tree) -> bool:
    """Every hunk's old lines stand exactly once in the file; for one whose file may be changed."""
    file, hunks = _FILE.search(diff), _HUNK.findall(diff)
    if file is None or not hunks or file.group("path") not in briefing.candidates:
        return False
    blob = tree.read(file.group("path"))
    if blob is None:
        return False
    text = b"\n" + blob.data + b"\n"
    for hunk in hunks:
        body = hunk.rstrip("\n").split("\n")
        old = "\n".join(line[1:] for line in body if not line.startswith(("+", "\\"))).encode(
            "utf-8", "surrogateescape"
        )
        if len(re.findall(b"(?=" + re.escape(b"\n" + old + b"\n") + b")", text)) != 1:
            return False
    return True
