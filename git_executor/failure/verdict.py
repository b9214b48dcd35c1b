"""The weighed candidates -> the one that ended the stage: the heaviest, or what that one points at."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..domain import Classification
from .choose import HANDLED, Weighed, shrugged_off
from .lines import Line, gist
from .patterns import Pattern
from .roles import gave_up, is_retry

_VAGUE = 5.5  # signatures up to this weight say what was not reached, not why
_COUNTED = Pattern(r"\b(?:attempt|try|retry|retrying|tries|probe)\b[^\d]{0,12}(\d{1,4}) ?(?:/|of) ?(\d{1,4})\b", re.I)
_LATER = 4.0
_FILE_NAME = Pattern(r"([\w-][\w.-]{2,80}\.\w{1,8})\b")
_REACH = 30  # lines between a download that failed and the file that is missed
# What an installer says when its index is empty, for whatever reason.
_PICKED_FROM = Pattern(
    r"no matching (?:distribution|package)|could not find a version|unable to (?:select packages|locate package|find a match)"
    r"|no package .{1,80} available|target not found|has no installation candidate|no providers? found",
    re.I,
)


def choose(lines: Sequence[Line], weighed: Sequence[Weighed]) -> Weighed | None:
    """The candidate that ended the stage: the heaviest, among equals the first; where it is a file that an
    earlier trouble kept from being made, that trouble."""
    heaviest = max(weighed, key=lambda one: one.score, default=None)
    if heaviest is not None and _PICKED_FROM.search(heaviest.candidate.text):
        return _outage_before(lines, weighed, heaviest) or heaviest
    if heaviest is None or not _shows(heaviest, Classification.MISSING_FILE):
        return _what_was_tried(weighed, heaviest) or _after_the_tries(weighed, heaviest) or heaviest
    shown = {one.candidate.index: one.signatures for one in weighed}
    names = [name.lower() for name in _FILE_NAME.findall(gist(heaviest.candidate.text))]
    for one in weighed:
        index = one.candidate.index
        if not heaviest.candidate.index - _REACH <= index < heaviest.candidate.index or one.score <= -HANDLED:
            continue
        if _shows(one, Classification.NETWORK_ERROR) and not shrugged_off(lines, one.candidate, shown):
            said = " ".join(line.text for line in lines[max(0, index - 2) : index + 1]).lower()
            if any(name in said for name in names):
                return one
    return heaviest


def _what_was_tried(weighed: Sequence[Weighed], verdict: Weighed | None) -> Weighed | None:
    """What went wrong at each try, where the heaviest message only says that tries were given up."""
    if verdict is None or not gave_up(gist(verdict.candidate.text)):
        return None
    if verdict.signatures and verdict.signatures[0].weight > _VAGUE:
        return None
    for one in reversed(weighed):
        if not verdict.candidate.index - _REACH <= one.candidate.index < verdict.candidate.index:
            continue
        telling = one.score > -HANDLED and one.signatures and one.signatures[0].weight > _VAGUE
        if telling and (is_retry(gist(one.candidate.text)) or one.candidate.index == verdict.candidate.index - 1):
            return one
    return None


def _after_the_tries(weighed: Sequence[Weighed], heaviest: Weighed | None) -> Weighed | None:
    """What went wrong later, where the heaviest message is a try that was not the last: "attempt 2/30"."""
    found = _COUNTED.search(gist(heaviest.candidate.text)) if heaviest is not None else None
    if heaviest is None or found is None or int(found[1]) >= int(found[2]):
        return None
    later = [
        one
        for one in weighed
        if one.candidate.index > heaviest.candidate.index and one.signatures and one.score >= _LATER
        if one.signatures[0] is not heaviest.signatures[0] and not is_retry(gist(one.candidate.text))
    ]
    return max(later, key=lambda one: one.score, default=None)


def _outage_before(lines: Sequence[Line], weighed: Sequence[Weighed], symptom: Weighed) -> Weighed | None:
    """The trouble with the network for which an index was empty, where nothing says that it was overcome."""
    shown = {one.candidate.index: one.signatures for one in weighed}
    for one in weighed:
        near = symptom.candidate.index - _REACH <= one.candidate.index < symptom.candidate.index
        lasting = near and one.score > 0 and not shrugged_off(lines, one.candidate, shown)
        if lasting and _shows(one, Classification.NETWORK_ERROR):
            return one
    return None


def _shows(weighed: Weighed, classification: Classification) -> bool:
    return bool(weighed.signatures) and weighed.signatures[0].classification is classification
