"""What the ledger says of each stage: values for ``status``, ``log`` and ``stats``, no printing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from git_executor.domain import BURNING, Attempt, Outcome, Source


@dataclass(frozen=True, slots=True)
class StageState:
    """One stage. ``state`` is ``clean`` (no record waits for review), ``fixed`` (its last record is a fix),
    ``reverted`` (that fix was rolled back), ``failing``, ``escalated`` or ``give_up`` (the rounds with the API tier are used up)."""

    stage: str
    command: str
    state: str
    error_hash: str = ""
    attempts: int = 0
    classification: str = ""
    last: str = ""


def standing(records: Sequence[Attempt]) -> list[Attempt]:
    """The fixes that still stand, oldest first: not the ones that were rolled back later. ``records`` newest first."""
    rolled_back: set[str] = set()
    fixes = []
    for record in records:
        if record.outcome is Outcome.REVERTED:
            rolled_back.add(record.patch_id)
        elif record.outcome is Outcome.FIXED:
            if record.patch_id in rolled_back:
                rolled_back.discard(record.patch_id)
            else:
                fixes.append(record)
    return fixes[::-1]


def stage_states(
    stages: Iterable[tuple[str, str]], records: Sequence[Attempt], *, max_api_rounds: int
) -> list[StageState]:
    """The state of each (stage, command), from the records of the window, newest first."""
    return [
        _state(stage, command, [r for r in records if r.stage == stage], max_api_rounds) for stage, command in stages
    ]


def _state(stage: str, command: str, records: Sequence[Attempt], max_api_rounds: int) -> StageState:
    if not records or records[0].outcome is Outcome.RESET:
        return StageState(stage, command, "clean")
    last = records[0]
    same = [r for r in records if r.error_hash == last.error_hash]
    rounds = sum(1 for r in same if r.source == Source.API)
    if last.outcome is Outcome.FIXED:
        state = "fixed"
    elif last.outcome is Outcome.REVERTED:
        state = "reverted"
    elif rounds >= max_api_rounds:
        state = "give_up"
    else:
        state = "escalated" if last.outcome is Outcome.ESCALATED else "failing"
    burned = sum(1 for r in same if r.outcome in BURNING and r.source == Source.LOCAL)
    return StageState(stage, command, state, last.error_hash, burned, last.classification, last.fix or last.reason)


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts over a set of records."""

    attempts: int
    by_outcome: dict[str, int]
    by_fixer: dict[str, int]
    by_classification: dict[str, int]


def figures(records: Sequence[Attempt]) -> Figures:
    """How often what happened; ``by_fixer`` counts fixes that landed."""
    burned = [r for r in records if r.outcome in BURNING]
    return Figures(
        attempts=len(burned),
        by_outcome=dict(Counter(str(r.outcome) for r in records)),
        by_fixer=dict(Counter(r.fixer for r in records if r.outcome is Outcome.FIXED)),
        by_classification=dict(Counter(r.classification for r in burned)),
    )
