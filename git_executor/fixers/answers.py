"""What every fixer does with the text of an answer before it hands it on."""

from __future__ import annotations

import re

from git_executor.errors import Declined

_NO_FIX = re.compile(
    r"^[\s>*_#`\"']*NO[ _-]?FIX\b[\s*_`\"']*[:.\-\u2013\u2014]*[\s*_`]*(?P<why>[^\n]{0,400})",
    re.IGNORECASE | re.MULTILINE,
)
_THOUGHT = re.compile(r"<think(?:ing)?>.*?</think(?:ing)?>", re.DOTALL)
_CHANGE = re.compile(r"^(?:@@|--- |\*\*\* Begin Patch|<{5,9} ?SEARCH|diff --git)", re.MULTILINE)


def checked(fixer: str, answer: str) -> str:
    """``answer`` itself. Raises ``Declined`` when it is empty or says that there is no fix."""
    said = _THOUGHT.sub("", answer)
    if not said.strip():
        raise Declined(f"{fixer} gave an empty answer")
    refusal = _NO_FIX.search(said)
    if refusal and not _CHANGE.search(said):
        why = refusal.group("why").strip(" `*_\"'<>").rstrip(".")
        raise Declined(f"{fixer} sees no fix in these files" + (f": {why}" if why else ""))
    return answer
