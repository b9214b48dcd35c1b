"""Lines -> candidates: the messages that a log holds, each with what the lines around it add."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from .lines import Line
from .patterns import Pattern


class Context(NamedTuple):
    """What neighbouring lines say about a message."""

    file: str | None = None
    line: int | None = None
    column: int | None = None
    host: str | None = None
    resource: str | None = None
    task: str | None = None
    command: str | None = None  # what ran, where the message does not say what it is about
    function: str | None = None  # where a program died


NOWHERE = Context()
# A message that holds none of these says nothing of what it is about.
_NAMES = Pattern(r"://|[\w-]\.[a-z]{2,}\b|\d+\.\d+\.\d+|['\"`\u2018\u201c]|\w/\w|[\w.]+@[\w.]+", re.I)
_REACHING = Pattern(
    r"(?:Connecting to|Host key for|Resolving|Trying|Contacting|--<?[\d: -]+>?-- ?) \(?(?:\w+://)?"
    r"([\w-]+(?:\.[\w-]+)+(?::\d+)?)(?=[\s/:,()]|\.\.\.|$)"
)
_RUN = Pattern(  # a command whose failure may go without a name
    r"^(?:\++|\$|#) (?:sudo |time |timeout \S+ )*(?:\S*/)?(?:curl|wget|ssh|scp|rsync|git|helm|flux|kubectl|talosctl|qm|pct"
    r"|pvesh|pveum|pvesm|apt-get|dig|nc|ping|psql|mc|aws|skopeo|docker|tofu|terraform)\s"
)


class Candidate(NamedTuple):
    """A message that may be the cause. ``index`` is its line in the excerpt, ``end`` the line after its
    last."""

    index: int  # type: ignore[assignment]  # hides tuple.index, which nobody needs here
    end: int
    text: str
    context: Context = NOWHERE
    ansible: bool = False  # Ansible says itself whether a failure was ignored or rescued
    handled: bool = False


class Block(NamedTuple):
    """What one reader understood: the lines before ``end``, and the messages in them."""

    candidates: tuple[Candidate, ...]
    end: int


def _around(lines: Sequence[Line], index: int) -> Context:
    """What a logger's other fields name; else the address that the line before is about, or the command that ran,
    where the message names neither."""
    line = lines[index]
    if line.about:
        return Context(resource=line.about)
    before = next((at for at in range(index - 1, max(-1, index - 4), -1) if lines[at].text), None)
    if before is None or _NAMES.search(line.text):
        return NOWHERE
    found = _REACHING.match(lines[before].text)
    if found:
        return Context(host=found[1])
    ran = lines[before].text if lines[before].command else ""
    if _RUN.match(ran):
        return Context(command=ran[:300])
    return NOWHERE


def find_candidates(lines: Sequence[Line]) -> list[Candidate]:
    """Every message of the log, in order; a line belongs to one at most."""
    from .blocks import READERS  # they build candidates: imported here, not above

    found: list[Candidate] = []
    index = 0
    while index < len(lines):
        block = next((block for reader in READERS if (block := reader(lines, index)) is not None), None)
        if block is not None:
            found += block.candidates
            index = max(index + 1, block.end)
            continue
        line = lines[index]
        if line.text:
            found.append(Candidate(index, index + 1, line.text, _around(lines, index)))
        index += 1
    return found
