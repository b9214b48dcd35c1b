"""What single tools say over several lines: SOPS' quotations, Vault's answers, npm's columns, chains of causes,
OpenSSH's farewells, kubectl's waiting.

Readers as in ``blocks``.
"""

from __future__ import annotations

from collections.abc import Sequence

from .candidates import Block, Candidate, Context
from .lines import NPM, Level, Line
from .patterns import Pattern

_ANSWER = Pattern(r"(?:URL|Code|Namespace|Errors): |\* ")
_CAUSED = Pattern(r"Caused by:(?: |$)")
_NUMBERED = Pattern(r"^\d{1,2}: ")
_CHAINED = 4  # columns that the head of a chain of causes may stand in
_NPM_REST = Pattern(r"A complete log|errno |Log files|[{}]|If you believe|This is probably not|Note that|https?://")
_FAREWELL = Pattern(r"kex_exchange_identification: |ssh_exchange_identification: |banner exchange: ")
_BY_WHOM = Pattern(r"Connection (?:closed|reset|refused|timed out) by \S+ port \d+")
_WAITING = Pattern(r'Waiting for (\w+) "([^"]{1,200})" ')
_GO_FRAME = Pattern(r"^(panic|[\w./*()\[\]-]{1,200}?)\((?:0x|\.\.\.|\{|\)).{0,400}$|^(panic)\(")
_GO_PLACE = Pattern(r"^(/\S{1,300}\.(?:go|s)):(\d{1,7})\b")
_GAVE_UP = Pattern(r"error: (?:timed out waiting|.{0,80}exceeded its progress deadline)")


def quoted(lines: Sequence[Line], index: int) -> Block | None:
    """SOPS quotes and wraps what went wrong: ``- | text``, then ``| text``."""
    if not lines[index].text.startswith("- | "):
        return None
    end = index + 1
    while end < min(len(lines), index + 8) and lines[end].text.startswith("| "):
        end += 1
    text = " ".join(line.text.removeprefix("- ").removeprefix("| ") for line in lines[index:end])
    return Block((Candidate(index, end, text),), end)


def answered(lines: Sequence[Line], index: int) -> Block | None:
    """Vault's client: what was asked, a blank line, the address and the status, the errors as bullets."""
    if not lines[index].text.endswith("Error making API request."):
        return None
    end, said = index + 1, [lines[index].text]
    while end < min(len(lines), index + 12) and (not lines[end].text or _ANSWER.match(lines[end].text)):
        said.append(lines[end].text)
        end += 1
    return Block((Candidate(index, end, " ".join(filter(None, said))),), end)


def addressed(lines: Sequence[Line], index: int) -> Block | None:
    """OpenSSH's farewell: how the connection went, then between whom."""
    if not _FAREWELL.match(lines[index].text):
        return None
    at = _next_told(lines, index + 1)
    if at != index + 1 or not _BY_WHOM.match(lines[at].text):
        return None
    return Block((Candidate(index, at + 1, f"{lines[index].text}: {lines[at].text}"),), at + 1)


def awaited(lines: Sequence[Line], index: int) -> Block | None:
    """``kubectl rollout status``: whom it waits for, as often as that changes, then that it gave up."""
    found = _WAITING.match(lines[index].text)
    if not found:
        return None
    end = index + 1
    while (
        end < min(len(lines), index + 200) and (waiting := _WAITING.match(lines[end].text)) and waiting[2] == found[2]
    ):
        end += 1
    if end >= len(lines) or not _GAVE_UP.match(lines[end].text):
        return None
    context = Context(resource=f"{found[1].lower()} {found[2]}")
    return Block((Candidate(end, end + 1, lines[end].text, context),), end + 1)


def npm(lines: Sequence[Line], index: int) -> Block | None:
    """What npm says of one failure: a code, the system call and its path, a sentence, each on a line."""
    first = lines[index]
    if first.tag != NPM or first.level is not Level.ERROR:
        return None
    end = index + 1
    while end < min(len(lines), index + 30) and lines[end].tag == NPM and lines[end].level is Level.ERROR:
        end += 1
    told = [line.text for line in lines[index:end] if line.text and not _NPM_REST.match(line.text)]
    return Block((Candidate(index, end, " ".join(["npm:", *told[:8]])),), end) if told else None


def panicked(lines: Sequence[Line], index: int) -> Block | None:
    """Go's last words, and the function of the program that spoke them: the first frame that is none of Go's."""
    if not lines[index].text.startswith("panic: "):
        return None
    for at in range(index + 1, min(len(lines) - 1, index + 40)):
        frame, place = _GO_FRAME.match(lines[at].text), _GO_PLACE.match(lines[at + 1].text)
        if frame and place and not frame[1].startswith(("runtime.", "panic", "reflect.", "testing.")):
            context = Context(file=place[1], line=int(place[2]), function=frame[1])
            return Block((Candidate(index, index + 1, lines[index].text, context),), index + 1)
    return None


def _next_told(lines: Sequence[Line], at: int) -> int:
    """``at``, or the line after it where that one is blank; never beyond the last."""
    last = len(lines) - 1
    return min(at + 1, last) if at <= last and not lines[at].text else min(at, last)


def chain(lines: Sequence[Line], index: int) -> Block | None:
    """An error and the errors that caused it, as Rust's error crates print them: ``Caused by:`` on a line of its
    own with indented causes below, or before each cause."""
    first = lines[index]
    if not first.text or first.indent > _CHAINED or _CAUSED.match(first.text):
        return None
    at = _next_told(lines, index + 1)
    if at > index + 2 or not _CAUSED.match(lines[at].text):
        return None
    end, said, depth = index + 1, [first.text], 0
    while at < min(len(lines), index + 24):
        line = lines[at]
        found = _CAUSED.match(line.text)
        if not line.text and not _CAUSED.match(lines[_next_told(lines, at)].text):
            break
        if found:
            depth = line.indent
        elif line.text and line.indent <= depth:
            break
        cause = _NUMBERED.sub("", line.text[found.end() :] if found else line.text)
        if cause:
            said.append(cause)
            end = at + 1
        at += 1
    if len(said) == 1 or any(cause.startswith("java.") for cause in said):
        return None
    return Block((Candidate(index, end, ": ".join(part.rstrip(":") for part in said)),), end)
