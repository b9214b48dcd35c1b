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


_MARK = re.compile(
    r"^(?:(?P<search><{5,9} ?SEARCH\b)|(?P<middle>={5,9}[ \t]*$)|>{5,9}|<{5,9}|[ \t]*```|[*_]{0,3}(?:Fix|Reason|Justification)[*_]{0,3}:)",
    re.MULTILINE,
)


def finished(answer: str) -> str:
    """An answer of which is known that nothing is missing at its end, with the mark that its last SEARCH/REPLACE block
    may lack: small models stop after the last line of it."""
    marks = list(_MARK.finditer(answer))
    if len(marks) > 1 and marks[-2]["search"] and marks[-1]["middle"] and answer[marks[-1].end() :].strip():
        return answer.rstrip("\n") + "\n>>>>>>> REPLACE\n"
    return answer


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
