"""Commits judged by the policy: ordinary ones, merges, and what an index is about to become."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from git_executor.domain import Change, Limits, Note, Rules, Source, Verdict, Violation
from git_executor.errors import ConfigError
from git_executor.guard.snapshot import Commit, Difference, Entry, Repository
from git_executor.policy import is_protected, judge

OVERRIDE = "Protected-Change"
_OVERRIDE = re.compile(rf"^{OVERRIDE}:[ \t]*(\S.*\S)[ \t]*$", re.I | re.M)
_JUSTIFICATION = re.compile(r"^Justification:[ \t]*(.+)$", re.M)
CONTEXT_MAP = "ai/context_map.yaml"


@dataclass(frozen=True, slots=True)
class Base:
    """The base branch and what its context map says. ``problem`` is why the map cannot be used, where it cannot.

    ``tips`` are commits whose content is trusted as the base branch's: its tip, and what a push makes its tip.
    """

    ref: str
    commit: str
    protected: tuple[str, ...] = ()
    stages: tuple[tuple[str, tuple[str, ...]], ...] = ()
    limits: Limits = Limits()  # noqa: RUF009 - frozen
    problem: str = ""
    tips: tuple[str, ...] = ()

    def files_of(self, stage: str) -> tuple[str, ...] | None:
        """A stage's files, those of all stages for ""; ``None`` for a stage that does not exist."""
        if not stage:
            return tuple(dict.fromkeys(entry for _, files in self.stages for entry in files))
        return dict(self.stages).get(stage)


def read_base(repository: Repository) -> Base:
    """The base branch, and its context map as committed there."""
    ref, commit = repository.base()
    return base_at(repository, ref, commit) if commit else Base(ref, "")


def base_at(repository: Repository, ref: str, commit: str) -> Base:
    """The base branch as it is at ``commit``."""
    entry = repository.entries(commit, [CONTEXT_MAP]).get(CONTEXT_MAP)
    return _base_of(ref, commit, repository.blobs([entry.oid])[entry.oid] if entry else b"")


def _base_of(ref: str, commit: str, data: bytes) -> Base:
    if not data:
        return Base(ref, commit, problem=f"{CONTEXT_MAP} is not committed on the base branch", tips=(commit,))
    from git_executor.settings import parse_context_map

    try:
        parsed = parse_context_map(data)
    except ConfigError as e:
        return Base(ref, commit, problem=str(e), tips=(commit,))
    stages = tuple((name, stage.files) for name, stage in parsed.stages.items())
    return Base(ref, commit, parsed.protected_files, stages, parsed.limits, tips=(commit,))


# --- people -----------------------------------------------------------------------------------------


def judge_free(base: Base, differences: Sequence[Difference], message: str | None) -> Verdict:
    """A commit on a branch of people: only protected files, and those with the override in ``message``.

    Contents are not read: protection is a matter of paths. ``message`` is what git takes for the commit's trailers.
    """
    if not base.commit:
        return Verdict()
    rules = Rules("", None, base.protected, source=Source.PERSON, everything=False)
    verdict = judge([Change(d.path, None, None, d.old.mode, d.new.mode) for d in differences], rules)
    reason = _OVERRIDE.search(message or "")
    if verdict.violations and reason and all(v.rule == "protected-file" for v in verdict.violations):
        paths = ", ".join(sorted({v.path for v in verdict.violations})[:5])
        return Verdict(remarks=(f"{OVERRIDE}: {reason[1]} ({paths})",))
    hint = f"if you mean it, say so in the commit's message: {OVERRIDE}: <reason>"
    return Verdict(tuple(v._replace(hint=hint) if v.rule == "protected-file" else v for v in verdict.violations))


# --- the AI branch ----------------------------------------------------------------------------------


def judge_strict(
    repository: Repository, base: Base, differences: Sequence[Difference], before: str, message: str, trailers: str
) -> Verdict:
    """A commit on an AI branch: everything holds. ``before`` is the tree (or commit) that it changes."""
    if base.problem or not base.commit:
        why = base.problem or "there is no base branch, so no stage allows anything"
        return Verdict((Violation("no-rules", CONTEXT_MAP, why, hint="commit a valid context map on the base branch"),))
    own = _unlike_base(repository, base, differences)
    if not own:
        return Verdict()
    from git_executor.ledger import trailers as t

    record = t.parse(trailers)
    stage = record.get(t.STAGE, "")
    files = base.files_of(stage)
    if files is None:
        hint = "known stages: " + ", ".join(name for name, _ in base.stages)
        return Verdict((Violation("unknown-stage", CONTEXT_MAP, f"there is no stage {stage!r}", hint=hint),))
    source = Source.API if record.get(t.SOURCE) == Source.API and t.OUTCOME in record else Source.PERSON
    rules = Rules(stage, files, base.protected, base.limits, source)
    given = _JUSTIFICATION.search(message)
    note = Note(justification=given[1] if given else "")
    return judge(repository.changes(own), rules, tree=repository.tree_of(before), note=note)


def _unlike_base(repository: Repository, base: Base, differences: Sequence[Difference]) -> list[Difference]:
    """The differences whose outcome is not what the base branch has as well."""
    left = list(differences)
    for tip in base.tips:
        paths = [d.path for d in left]
        there = repository.entries(tip, paths) if len(paths) <= 2000 else _all_entries(repository, tip)
        left = [d for d in left if there.get(d.path, Entry()) != d.new]
    return left


def _all_entries(repository: Repository, tip: str) -> dict[str, Entry]:
    return {d.path: d.new for d in repository.between(repository.empty_tree(), tip)}


def judge_commit(repository: Repository, base: Base, commit: Commit, strict: bool, restored: Restored) -> Verdict:
    """One commit, by the rules of the branch it is on. ``restored`` knows what its branch had before."""
    if len(commit.parents) > 1:
        return judge_merge(repository, base, commit, strict)
    before = commit.parents[0] if commit.parents else repository.empty_tree()
    differences = repository.between(before, commit.tree)
    if not strict:
        return judge_free(base, differences, commit.trailers)
    if commit.odd:
        return Verdict((Violation("odd-commit", commit.oid[:12], commit.odd, hint="write the commit anew"),))
    back = [d for d in differences if restored.knows(d)]
    rest = [d for d in differences if d not in back] if back else differences
    verdict = judge_strict(repository, base, rest, before, commit.message, commit.trailers) if rest else Verdict()
    shielded = [d for d in _unlike_base(repository, base, back) if is_protected(d.path, base.protected)]
    more = tuple(Violation("protected-file", d.path, "this file is protected") for d in shielded)
    return verdict._replace(violations=(*verdict.violations, *more)) if more else verdict


def judge_merge(repository: Repository, base: Base, merge: Commit, strict: bool) -> Verdict:
    """A merge, by what it does itself. Where both sides changed a file, being fine against one of them is enough:
    the other side's lines were judged in their own commits."""
    own = own_of_merge(repository, base, merge.tree, merge.parents)
    if not strict:
        return judge_free(base, [ways[0] for ways in own], merge.trailers)
    if merge.odd or len(merge.parents) > 2:
        why = merge.odd or "a merge of more than two branches cannot be judged"
        return Verdict((Violation("odd-commit", merge.oid[:12], why, hint="merge one branch at a time"),))
    violations: list[Violation] = []
    for ways in own:
        verdicts = [
            judge_strict(repository, base, [way], merge.parents[0], merge.message, merge.trailers) for way in ways
        ]
        if not any(verdict.accepted for verdict in verdicts):
            violations += verdicts[0].violations
    return Verdict(tuple(violations))


class Restored:
    """What the commits of a window replaced: to put that back is an undo, not a change to judge again."""

    def __init__(self) -> None:
        self._before: set[tuple[str, Entry]] = set()

    def learn(self, differences: Sequence[Difference]) -> None:
        self._before.update((d.path, d.old) for d in differences)

    def knows(self, difference: Difference) -> bool:
        return (difference.path, difference.new) in self._before


def own_of_merge(repository: Repository, base: Base, tree: str, parents: Sequence[str]) -> list[tuple[Difference, ...]]:
    """What a merge does by itself: paths whose outcome is not what a clean three-way merge gives, each as one or two
    differences (against what is expected, or against either side where both changed the file).

    Comparing with the parents alone would miss a merge that silently drops one side's change (``-s ours``).
    """
    own: dict[str, tuple[Difference, ...]] = {}
    first = parents[0]
    for other in parents[1:]:
        start = (repository.merge_bases(first, other) or [repository.empty_tree()])[0]
        mine = {d.path: d for d in repository.between(start, first)}
        theirs = {d.path: d for d in repository.between(start, other)}
        results = {d.path: d for d in repository.between(start, tree)}
        for path in mine.keys() | theirs.keys() | results.keys():
            origin = next(d[path].old for d in (mine, theirs, results) if path in d)
            here, there, result = (d[path].new if path in d else origin for d in (mine, theirs, results))
            if here == there or there == origin:
                expected = {here}
            else:
                expected = {there} if here == origin else set()
            if result not in expected:
                sides = expected or {here, there} - {result} or {here}
                own[path] = tuple(Difference(path, side, result) for side in sorted(sides, key=lambda e: e.oid))
    left = {d.path for d in _unlike_base(repository, base, [ways[0] for ways in own.values()])}
    return [ways for path, ways in own.items() if path in left]
