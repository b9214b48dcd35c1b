"""Candidates -> what each weighs as the one that ended the stage (``verdict`` picks it).

Every candidate is weighed: how plainly it names a cause, less what speaks against it (it was shrugged off,
the stage went on, it came after the failure). Among equals that follow each other closely the first wins, for
what comes after it is the cascade.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from ..domain import Classification
from .candidates import Candidate
from .leaning import lean
from .lines import Level, Line, gist
from .patterns import Pattern, spelt_out, troubles_only
from .roles import (
    Role,
    announces,
    gave_up,
    heads_diagnostics,
    is_handled,
    is_named_afterwards,
    is_over,
    is_retry,
    only_afterwards,
    resumes,
    role_of,
    speaks_of_cleanup,
    tidies_up,
)
from .signatures import TABLE, Known, matching, relevant

HANDLED, AFTERMATH, AFTER_VERDICT, SURVIVED = 8.0, 9.0, 3.0, 7.0
TIDYING, TAGGED = 6.0, 5.0
RETRIED, OVERCOME = 1.5, 6.5  # tried again in vain, or with success
# What a line that calls itself a warning, or information, is still worth as a cause.
WORTH = {Level.WARN: 0.45, Level.INFO: 0.55, Level.DEBUG: 0.55}
# Between messages plain causes weigh the same: there the order decides, not how well a signature knows its
# tool.
CERTAIN, OVERRIDING = 8.0, 9.5
UNREMARKABLE, EXIT, LAST_WORDS = 0.1, 0.5, 0.8
TITLE, TELLING = 1.0, 7.0
_SPOKEN = Pattern(r"^[\w./()\[\]@-]{1,60}: \S(?!.*(?:\d%|\bdone\b))| (?:is|are|was|has|have|must|not|no|already) ")
_CUES = (
    (4.0, Pattern(r"^(?:error|fatal|fehler|erreur|panic|exception|✗|✘|❌|E:)(?=\W|$)", re.I)),
    (
        3.5,
        Pattern(
            r"\b(?:[A-Z]\w*)?(?:Error|Exception)\b(?:: |$)|\bfatal\b|\bpanicked at\b|^(?:failed|could not|cannot|can't"
            r"|unable|no rule)\b",
            re.I,
        ),
    ),
    (
        3.0,
        Pattern(
            r"\b(?:error|fail(?:s|ed|ure|ing)?|cannot|can't|could not|couldn't|unable|invalid|refus\w+"
            r"|denied|missing|no valid|not (?:found|supported|allowed|permitted|valid|possible|enough|accepted|recognized)|abort\w*|illegal|unexpected|unsupported|mismatch|conflict\w*"
            r"|unhealthy|rejected|expired)\b",
            re.I,
        ),
    ),
)
_CUE_WORDS = (
    "error",
    "fatal",
    "fail",
    "exception",
    "panic",
    "cannot",
    "can't",
    "could not",
    "couldn't",
    "unable",
    "invalid",
    "refus",
    "denied",
    "missing",
    "no valid",
    "not ",
    "abort",
    "illegal",
    "unexpected",
    "unsupported",
    "mismatch",
    "conflict",
    "unhealthy",
    "rejected",
    "expired",
    "fehler",
    "erreur",
    "✗",
    "✘",
    "❌",
    "e:",
    "no rule",
)
_EXIT_CODE = Pattern(r"(?:Error|exit(?:ed)?(?: with)?(?: status| code| value)?|code|status|rc)\W{1,3}(\d{1,3})\b", re.I)
_EXIT_MEANS = {
    127: Classification.COMMAND_NOT_FOUND,
    126: Classification.PERMISSION_DENIED,
    6: Classification.NETWORK_ERROR,
    7: Classification.NETWORK_ERROR,
}
_BY_THE_WAY = Pattern(r" ?\([^()]{3,80}\)\W*$")  # "(ignored)" at the end of a line is about that line
# What the C library says to a program, whoever reports the program's output as information.
_PERROR = Pattern(
    r"^[\w.+-]{2,20}: (?!.*\bignor).{1,300}: (?:permission denied|no such file or directory|operation not permitted|no space left on device"
    r"|read-only file system|input/output error|connection refused|no route to host|connection timed out)$",
    re.I,
)
_AUTHORITY = Pattern(r"rescued=[1-9]")


class Weighed(NamedTuple):
    """A candidate with its score, the signatures it shows (heaviest first) and its role."""

    candidate: Candidate
    score: float
    signatures: tuple[Known, ...]
    role: Role | None


_Shown = Mapping[int, tuple[Known, ...]]  # the signatures that a line shows


class _Surroundings(NamedTuple):
    """What happens around each line: per line the role, and whether it lies in the aftermath of a failure."""

    roles: list[Role]
    aftermath: list[float]  # what is to be taken off for lying in the aftermath of a failure


def weigh(lines: Sequence[Line], candidates: Sequence[Candidate], extra: Sequence[Known] = ()) -> list[Weighed]:
    """Every candidate with its score, in the log's order. ``extra`` are the user's signatures."""
    gists = [troubles_only(gist(candidate.text)) for candidate in candidates]
    told = list(dict.fromkeys(gists))
    table = [*extra, *relevant(TABLE, "\n".join([*told, *map(spelt_out, told)]).lower())]
    by_text = {text: _signatures(text, table) for text in told}
    shown = [by_text[text] for text in gists]
    by_line = {candidate.index: signatures for candidate, signatures in zip(candidates, shown, strict=True)}
    cues = [_cue(text) for text in gists]
    around = _surroundings(lines, candidates, shown, cues)
    rescued = any(_AUTHORITY.search(line.text) for line in lines[-40:])
    code = _exit_code(lines, around.roles)
    troubles = {
        c.index
        for c, s, cue in zip(candidates, shown, cues, strict=True)
        if _plainness(lines[c.index], cue, s, Role.PLAIN) >= 3
    }
    progress = _progress_after(lines, around, troubles)
    weighed = []
    for candidate, signatures, cue in zip(candidates, shown, cues, strict=True):
        role = around.roles[candidate.index]
        score = _plainness(lines[candidate.index], cue, signatures, role)
        aftermath = around.aftermath[candidate.index]
        if score == UNREMARKABLE and not aftermath and _last_words(candidate, lines, around.roles):
            score = LAST_WORDS
        elif score == UNREMARKABLE and aftermath:
            score = 0.0
        if score > LAST_WORDS:  # what says nothing needs no objections
            score *= _worth(lines[candidate.index], candidate.text)
            score -= _objections(lines, candidate, aftermath, by_line)
        if not candidate.ansible or rescued:
            score -= min(SURVIVED, progress[candidate.end - 1])
        if signatures and code is not None and _EXIT_MEANS.get(code) is signatures[0].classification:
            score += 1.0
        weighed.append(Weighed(candidate, score, signatures, role))
    return [_yielding(one, after) for one, after in pairwise([*weighed, None]) if one is not None]


def _yielding(one: Weighed, after: Weighed | None) -> Weighed:
    """A title yields to the sentence below it where that shows a cause of another class."""
    if after is None or not one.candidate.text.endswith(":") or after.candidate.index > one.candidate.end + 1:
        return one
    if not one.signatures or not after.signatures or after.signatures[0].weight < TELLING:
        return one
    alike = after.signatures[0].classification is one.signatures[0].classification
    return one if alike or after.score <= 0 else one._replace(score=one.score - TITLE)


def _signatures(text: str, table: Iterable[Known]) -> tuple[Known, ...]:
    """What a text shows, the heaviest first; where it shows nothing, what its coined words say."""
    shown = sorted(matching(table, text), key=lambda known: -known.weight)
    if not shown and (spelt := spelt_out(text)) != text:
        shown = sorted(matching(table, spelt), key=lambda known: -known.weight)
    return tuple(shown)


def _cue(text: str) -> float:
    """How loudly a text without a known cause says that something is wrong."""
    lowered = text.lower()
    if not any(map(lowered.__contains__, _CUE_WORDS)):
        return 0.0
    return next((weight for weight, pattern in _CUES if pattern.search(text)), 0.0)


def _surroundings(
    lines: Sequence[Line],
    candidates: Sequence[Candidate],
    shown: Sequence[Sequence[Known]],
    cues: Sequence[float],
) -> _Surroundings:
    roles = [Role.NOISE] * len(lines)
    for candidate, signatures in zip(candidates, shown, strict=True):
        line = lines[candidate.index]
        role = role_of(line)
        strong = bool(signatures) and signatures[0].weight >= 5
        if strong and ((role is Role.CLEANUP and speaks_of_cleanup(line)) or role not in (Role.NOISE, Role.CLEANUP)):
            role = Role.PLAIN
        roles[candidate.index] = role
    loud = {
        candidate.index
        for candidate, signatures, cue in zip(candidates, shown, cues, strict=True)
        if cue >= 3.5 or (signatures and signatures[0].weight >= 5)
    }
    murmurs = {candidate.index for candidate, cue in zip(candidates, cues, strict=True) if cue >= 3.0}
    aftermath: list[float] = []
    after, open_failure, murmured, bounded = 0.0, False, False, False
    for index, line in enumerate(lines):
        role = roles[index]
        aftermath.append(after)
        if role in (Role.CLEANUP, Role.WRAPPER):
            open_failure = open_failure or murmured  # nothing came between the murmur and the end
        elif role not in (Role.BLANK, Role.NOISE):
            murmured = index in murmurs and line.level in (Level.NONE, Level.ERROR)
        if role is Role.HEADING and resumes(line.text):
            after, open_failure = 0.0, False
        elif role is Role.HEADING and (open_failure or murmured) and heads_diagnostics(lines, index):
            after = aftermath[-1] = AFTERMATH
        elif bounded and is_over(line):  # tidying that no failure was seen to cause: what follows is the stage
            after, bounded = 0.0, False
        elif after < AFTERMATH and index not in loud and not line.command and only_afterwards(line):
            bounded = not open_failure
            after = aftermath[-1] = AFTERMATH
        elif role is Role.CLEANUP and open_failure:
            after = AFTERMATH
            aftermath[-1] = AFTERMATH
        elif role is Role.WRAPPER:
            after = max(after, AFTER_VERDICT) if open_failure else after
            open_failure = True
        elif role in (Role.SUCCESS, Role.HEADING) and after < AFTERMATH:
            after, open_failure = 0.0, False
        elif (index in loud or line.level is Level.ERROR) and not line.command:
            open_failure = open_failure or (line.level is not Level.WARN and not is_handled(gist(line.text)))
    return _Surroundings(roles, aftermath)


def _progress_after(lines: Sequence[Line], around: _Surroundings, troubles: set[int]) -> list[float]:
    """For each line, how much speaks for the stage having gone on after it."""
    after, total = [0.0] * len(lines), 0.0
    weak = 0.0
    for index in range(len(lines) - 1, -1, -1):
        after[index] = total + min(weak, 2.5)
        line, role = lines[index], around.roles[index]
        if around.aftermath[index] >= AFTERMATH:
            continue
        if role is Role.HEADING or role is Role.SUCCESS:
            total += 4.0
        elif role is Role.PLAIN and line.level <= Level.INFO and announces(line.text):
            total += 3.0
        elif line.command and not re.match(r"^\+* ?(?:exit|return|cleanup|rm|trap|echo|\w*die\b)", line.text):
            total += 2.0
        elif (
            role is Role.PLAIN
            and line.level <= Level.INFO
            and not line.indent
            and not line.box
            and index not in troubles
        ):
            weak += 0.3
    return after


def _plainness(line: Line, cue: float, signatures: Sequence[Known], role: Role) -> float:
    if line.command or role is Role.NOISE:
        return 0.0
    if line.level is Level.ERROR:
        cue = max(cue, 4.0)
    if role is Role.WRAPPER:
        cue = EXIT
    if role in (Role.HEADING, Role.SUCCESS, Role.CLEANUP) and not signatures:
        return 0.0
    weight = signatures[0].weight if signatures else 0.0
    return max(cue, weight if weight >= OVERRIDING else min(weight, CERTAIN), UNREMARKABLE)


def _last_words(candidate: Candidate, lines: Sequence[Line], roles: Sequence[Role]) -> bool:
    """Whether a line that shows nothing known is what a tool said last before the exit was noticed."""
    if roles[candidate.index] is not Role.PLAIN or lines[candidate.index].level not in (
        Level.NONE,
        Level.ERROR,
    ):
        return False
    if announces(candidate.text) or is_handled(gist(candidate.text)):
        return False
    after = next((role for role in roles[candidate.end :] if role not in (Role.BLANK, Role.NOISE)), Role.WRAPPER)
    return after in (Role.WRAPPER, Role.CLEANUP) and (
        _SPOKEN.search(gist(candidate.text)) is not None or lean(gist(candidate.text)) is not None
    )


def _objections(lines: Sequence[Line], candidate: Candidate, aftermath: float, shown: _Shown) -> float:
    against = aftermath
    if shrugged_off(lines, candidate, shown):
        against += HANDLED
    elif is_retry(gist(candidate.text)) and not gave_up(gist(candidate.text)):
        against += RETRIED
    elif _tried_again(lines, candidate.end):
        against += OVERCOME
    if not aftermath and is_named_afterwards(lines[candidate.index]):
        against += TAGGED
    elif not aftermath and tidies_up(candidate.text):
        against += TIDYING if _cleans_up(lines, candidate.index) else 1.0
    return against


def _worth(line: Line, text: str) -> float:
    """What a line's level leaves of its weight."""
    if line.level is Level.INFO and _PERROR.search(gist(text)):
        return 1.0
    return WORTH.get(line.level, 1.0)


def _cleans_up(lines: Sequence[Line], index: int) -> bool:
    """Whether the line before says that something is cleaned up."""
    before = next((line for line in reversed(lines[max(0, index - 3) : index]) if line.text), None)
    return before is not None and role_of(before) is Role.CLEANUP


def shrugged_off(lines: Sequence[Line], candidate: Candidate, shown: _Shown) -> bool:
    """Whether the message, or the line after it, says that the trouble was lived with."""
    if candidate.handled or is_handled(gist(candidate.text)):
        return True
    following = next((after for after in lines[candidate.end : candidate.end + 3] if after.text), None)
    if (
        following is None
        or following.command
        or only_afterwards(following)
        or _tidying_begins(following, candidate, lines)
    ):
        return False
    if _BY_THE_WAY.search(following.text) and _speaks_of_trouble(_BY_THE_WAY.sub("", following.text), following, shown):
        return False
    alike = following.level is lines[candidate.index].level
    own = next((known.classification for known in shown.get(candidate.index, ())), None)
    return is_handled(gist(following.text)) and not _own_trouble(following, alike, own, shown)


def _tidying_begins(line: Line, candidate: Candidate, lines: Sequence[Line]) -> bool:
    """Whether ``line``, below a message that is none of it, begins a clean-up or diagnostics."""
    if heads_diagnostics(lines, line.index):
        return True
    return role_of(line) is Role.CLEANUP and role_of(lines[candidate.index]) is not Role.CLEANUP


def _speaks_of_trouble(text: str, line: Line, shown: _Shown) -> bool:
    """Whether ``text``, what a line says before its bracketed remark, is itself the trouble remarked upon."""
    return bool(text.strip()) and not is_handled(text) and (bool(shown.get(line.index)) or _cue(text) >= 3)


def _tried_again(lines: Sequence[Line], end: int) -> bool:
    """Whether the line at ``end`` announces another try, and nobody gives up soon after. Where nothing follows
    the announcement, nothing was tried."""
    said = [line for line in lines[end : end + 4] if line.text]
    if len(said) < 2 or not is_retry(gist(said[0].text)) or role_of(said[0]) is Role.WRAPPER:
        return False
    return not any(gave_up(gist(line.text)) for line in said[:3])


def _own_trouble(line: Line, alike: bool, before: Classification | None, shown: _Shown) -> bool:
    """Whether a line that speaks of lived-with trouble reports trouble of its own; two warnings in a row
    (``alike``), and two lines of the class ``before``, speak of the same."""
    classes = {known.classification for known in shown.get(line.index, ()) if known.weight >= 5}
    if before in classes:
        return False
    return bool(classes) or (line.level is Level.WARN and not alike)


def _exit_code(lines: Sequence[Line], roles: Sequence[Role]) -> int | None:
    for line, role in zip(reversed(lines), reversed(roles), strict=True):
        found = _EXIT_CODE.search(gist(line.text)) if role is Role.WRAPPER else None
        if found:
            return int(found[1])
    return None
