"""The playbook: deterministic fixes that are right or silent.

Every rule is a small unit in its family's module. The playbook asks them about the log's lines, the line that ended
the stage first, and offers a fix only when exactly one is left after the proofs that hold for all rules: the file is
one of the stage's, the checkers see no new fault, and the same diff was not tried before.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module

from git_executor.domain import Briefing, Change, Check, Note, Proposal, Tree, UserRule
from git_executor.errors import Declined
from git_executor.fixers.playbook import decline, user_rules
from git_executor.fixers.playbook.families import FAMILIES
from git_executor.fixers.playbook.history import was_tried
from git_executor.fixers.playbook.rule import Case, Fix, Rule, Said, encode
from git_executor.fixers.playbook.search import asked_lines, search

__all__ = ["Playbook"]


def rules_for(text: str) -> tuple[Rule, ...]:
    """The rules of the families that a log's text calls for, in the order in which they are asked about one line: the more
    specific family first."""
    lowered = text.lower()
    called = [name for name, words in FAMILIES if any(word in lowered for word in words)]
    modules = [import_module(f"{__name__}.{name}") for name in called]
    return tuple(rule for module in modules for rule in module.RULES)


@dataclass(frozen=True, slots=True)
class _Offer:
    rule: str
    fix: Fix


class Playbook:
    """A fixer that needs no model. ``check`` proves its fixes; ``user_rules`` come from the context map."""

    name = "playbook"

    def __init__(self, check: Check, user_rules: Sequence[UserRule] = ()) -> None:
        self._check = check
        self._own = tuple(user_rules_of(user_rules))

    def propose(self, briefing: Briefing, tree: Tree) -> Proposal:
        """One change, proved. Raises ``Declined`` with one sentence that says what a person can do."""
        case = Case(briefing, tree, self._check)
        tried = False
        asked = list(asked_lines(case))
        rules = (*self._own, *rules_for("\n".join([briefing.failure.message.text, *(case.lines[index] for index in asked)])))
        for index in asked:
            for rule in rules:
                offers = list(_offers(rule, case, index))
                fresh = [offer for offer in offers if not was_tried(offer.fix, case)]
                tried = tried or len(fresh) < len(offers)
                if len(fresh) == 1 and len(offers) == 1:
                    return _proposal(fresh[0], case)
                if len(fresh) > 1:
                    raise _two_plausible(fresh)
            if index == briefing.failure.message.index:
                decline.by_message(case)
        raise decline.at_last(case, tried)


def user_rules_of(entries: Sequence[UserRule]) -> Iterator[Rule]:
    return (user_rules.rule_of(entry) for entry in entries)


def _offers(rule: Rule, case: Case, index: int) -> Iterator[_Offer]:
    """The fixes of one rule for one line that hold the common proofs, each once."""
    seen: set[tuple[str, str, int | None]] = set()
    for match in search(rule, case, index):
        for fix in rule.repair(case, Said(index, match)):
            key = (fix.path, fix.new, fix.mode)
            if key not in seen and _proved(fix, case):
                seen.add(key)
                yield _Offer(rule.name, fix)


def _proved(fix: Fix, case: Case) -> bool:
    """The file is the stage's, something changes, and no checker sees a fault that was not there before."""
    blob = case.blob(fix.path)
    if fix.path not in case.candidates or blob is None:
        return False
    if encode(fix.new) == blob.data:
        return fix.mode is not None and fix.mode != blob.mode
    before = {(fault.checker, fault.message) for fault in case.faults(fix.path)}
    return all((fault.checker, fault.message) in before for fault in case.faults(fix.path, fix.new))


def _proposal(offer: _Offer, case: Case) -> Proposal:
    fix = offer.fix
    blob = case.blob(fix.path)
    assert blob is not None
    change = Change(fix.path, blob.data, encode(fix.new), blob.mode, fix.mode or blob.mode)
    return Proposal(f"playbook/{offer.rule}", changes=(change,), note=Note(fix.fix, fix.reason, fix.justification), verify=fix.verify)


def _two_plausible(offers: Sequence[_Offer]) -> Declined:
    ways = " or ".join(dict.fromkeys(f"{offer.fix.path}: {offer.fix.fix.rstrip('.')}" for offer in offers[:3]))
    return Declined(f"more than one fix is plausible, a person must choose: {ways}")
