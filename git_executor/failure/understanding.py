"""An excerpt -> what went wrong: choose the message, name its class, say what it is about, take its
fingerprint."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..domain import Classification, Evidence, Excerpt, Failure, Message, Signature
from ..errors import ConfigError
from .blocks import OPENED, SPAWNED
from .candidates import NOWHERE, Candidate, find_candidates
from .choose import Weighed, weigh
from .fingerprint import fingerprint
from .leaning import lean
from .lines import Level, Line, gist, read_lines
from .patterns import Pattern
from .places import pointed_place
from .roles import Role
from .signatures import Known
from .streams import streams_of
from .subject import subject_of
from .verdict import choose

USER_WEIGHT = 30.0  # above whatever a built-in signature weighs, also after every objection
ENOUGH = 2.5  # below this a message is too doubtful to be classified
_SPEAKER = 4.0
_VAGUE = 5.5  # a deadline, a title: whose resource it is says more
_PRODUCTS = (
    (Pattern(r"(?:^|[\s/])talosctl\s"), Classification.TALOS_ERROR),
    (
        Pattern(r"(?:^|[\s/])(?:qm|pct|pvesh|pveum|pvesm|pvecm|vzdump|qmrestore|ha-manager)\s"),
        Classification.PROXMOX_ERROR,
    ),
)
_ANSWERED = Pattern(r"(?:Error: )?(?:400|500|501|595|596) [A-Z][\w ]{2,40}\.?$")  # how an API said no, not why
_RESOURCES = (("talos_", Classification.TALOS_ERROR), ("proxmox_", Classification.PROXMOX_ERROR))


def understand(
    excerpt: Excerpt, *, stage: str, error_hash: str | None = None, signatures: Sequence[Signature] = ()
) -> Failure:
    """See the package's ``understand``."""
    lines = read_lines(excerpt.lines)
    known = _users(signatures)
    weighed = [one for stream in streams_of(lines) for one in _weighed(stream, known)]
    weighed.sort(key=lambda one: one.candidate.index)
    chosen = choose(lines, weighed)
    if chosen is None:
        chosen = Weighed(Candidate(max(0, len(lines) - 1), len(lines), ""), 0.0, (), None)
    evidence = _evidence(excerpt, lines, chosen)
    doubtful = bool(chosen.signatures) and chosen.score < ENOUGH
    classification = evidence[0].classification if evidence and not doubtful else Classification.UNKNOWN
    rival = _rival(weighed, chosen, classification)
    if rival is not None:
        evidence += _evidence(excerpt, lines, rival)[:1]
    candidate = chosen.candidate
    context = candidate.context
    if context == NOWHERE and lines:
        context = pointed_place(lines, candidate.index)
    text = candidate.text.removesuffix(SPAWNED).removesuffix(OPENED)
    print_ = fingerprint(stage, classification, text, context)
    return Failure(
        stage=stage,
        excerpt=excerpt,
        message=Message(text, candidate.index, subject_of(candidate.text, context)),
        classification=classification,
        evidence=tuple(evidence),
        runner_up=_runner_up(chosen, rival, classification),
        fingerprint=print_,
        error_hash=error_hash if error_hash is not None else print_.partition(":")[2][:12],
    )


def _weighed(stream: Sequence[Line], known: Sequence[Known]) -> list[Weighed]:
    """The candidates of what one process said, weighed, in the places that they have in the whole log."""
    places = [line.index for line in stream]
    stream = [line._replace(index=at) for at, line in enumerate(stream)]
    told = weigh(stream, find_candidates(stream), known)
    return [
        one._replace(
            candidate=one.candidate._replace(
                index=places[one.candidate.index], end=places[max(one.candidate.index, one.candidate.end - 1)] + 1
            )
        )
        for one in told
    ]


def _users(signatures: Sequence[Signature]) -> list[Known]:
    known = []
    for signature in signatures:
        try:
            re.compile(signature.pattern, re.IGNORECASE)
        except (re.error, OverflowError, RecursionError) as error:
            raise ConfigError(
                f"signature {signature.name!r}: not a regular expression: {error}", hint="correct its pattern"
            ) from None
        known.append(Known(signature.name, signature.classification, USER_WEIGHT, ("",), signature.pattern, (), ()))
    return known


def _evidence(excerpt: Excerpt, lines: Sequence[Line], weighed: Weighed) -> list[Evidence]:
    index = weighed.candidate.index
    line = excerpt.lines[index] if index < len(excerpt.lines) else ""
    found = [Evidence(known.name, known.classification, index, line, known.weight) for known in weighed.signatures]
    answered = _ANSWERED.match(weighed.candidate.text) is not None
    vague = (
        not found
        or answered
        or (found[0].classification is Classification.UNKNOWN and weighed.signatures[0].weight <= _VAGUE)
    )
    owner = _owner(weighed.candidate) if vague else None
    if owner is not None:
        return [Evidence("reported-by-resource", owner[1], index, line, _SPEAKER), *found]
    if not found and weighed.role is not Role.WRAPPER and lines:
        speaker = _speaker(lines, index)
        if speaker is not None:
            return [Evidence("reported-by-command", speaker[1], speaker[0], excerpt.lines[speaker[0]], _SPEAKER)]
        leaning = lean(gist(weighed.candidate.text)) if lines[index].level is not Level.WARN else None
        if leaning is not None:
            return [Evidence("words-lean-to-it", leaning, index, line, ENOUGH)]
    return found


def _owner(candidate: Candidate) -> tuple[int, Classification] | None:
    """The product whose Terraform resource a message that no signature knows is about."""
    kind = (candidate.context.resource or "").split(".")
    for prefix, product in _RESOURCES:
        if any(part.startswith(prefix) for part in kind):
            return candidate.index, product
    return None


def _speaker(lines: Sequence[Line], index: int) -> tuple[int, Classification] | None:
    """The product whose command was echoed last before a message that no signature knows."""
    for at in range(index - 1, max(-1, index - 20), -1):
        if lines[at].command:
            return next(((at, product) for tool, product in _PRODUCTS if tool.search(lines[at].text)), None)
    return None


def _rival(weighed: Sequence[Weighed], chosen: Weighed, classification: Classification) -> Weighed | None:
    """The heaviest message of another class that something still speaks for."""
    others = [
        one
        for one in weighed
        if one is not chosen and one.score > 0 and one.signatures
        if one.signatures[0].classification is not classification
    ]
    return max(others, key=lambda one: one.score, default=None)


def _runner_up(chosen: Weighed, rival: Weighed | None, classification: Classification) -> Classification | None:
    own = next((known for known in chosen.signatures if known.classification is not classification), None)
    if rival is not None and (own is None or rival.score >= own.weight):
        return rival.signatures[0].classification
    return own.classification if own else None
