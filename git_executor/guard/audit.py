"""``git-executor check``: verdicts derived from git alone, as values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from git_executor.domain import Verdict, Violation
from git_executor.errors import UsageError
from git_executor.guard import commits as judges
from git_executor.guard.commits import Base, Restored
from git_executor.guard.snapshot import AI_REFS, Commit, Repository


@dataclass(frozen=True, slots=True)
class Judged:
    """One commit (or, with an empty ``commit``, the index) and its verdict. ``strict``: AI branch rules were used."""

    commit: str
    subject: str
    strict: bool
    verdict: Verdict


def is_ai_ref(ref: str) -> bool:
    """Whether a ref is an AI branch, here or of a remote, also under a name that a file system folds to it."""
    folded = ref.casefold()
    if folded.startswith("refs/remotes/"):
        folded = "refs/heads/" + folded.split("/", 3)[-1]
    return folded.startswith(AI_REFS)


def audit_range(directory: str, revisions: str) -> list[Judged]:
    """Every commit of ``A..B`` (or of the window of one branch, or one commit), oldest first.

    Commits of an AI branch are judged by all rules and their records are checked against the whole window; others by
    the rules for people. Raises ``UsageError`` when the range names nothing.
    """
    repository = Repository(directory)
    base = judges.read_base(repository)
    left, dots, right = revisions.partition("..")
    if "..." in revisions or revisions.startswith("-"):
        raise UsageError(f"{revisions!r} is no range that can be checked", hint="write main..ai/orchestrator-stage1")
    right = right or "HEAD" if dots else left
    tip = repository.resolve(right)
    start = repository.resolve(left or "HEAD") if dots else ""
    if not tip or (dots and not start):
        raise UsageError(f"{left if tip else right!r} is no commit", hint="see git branch --all")
    strict = _is_strict(repository, base, right, tip)
    if not dots and not strict and tip != repository.resolve(f"refs/heads/{right}"):
        wanted = [tip]
    else:
        wanted = repository.walk([tip], [start or base.commit])
    return audit_commits(repository, base, tip, wanted, strict)


def _is_strict(repository: Repository, base: Base, name: str, tip: str) -> bool:
    full = repository.text("rev-parse", "--symbolic-full-name", name, ok=(0, 128))
    if full == "HEAD" or not full:
        refs = repository.text("for-each-ref", "--format=%(refname)", f"--contains={tip}", "refs/heads", "refs/remotes")
        held = [ref for ref in refs.split("\n") if is_ai_ref(ref)]
        return bool(held) and not (base.commit and repository.is_ancestor(tip, base.commit))
    return is_ai_ref(full)


def audit_commits(repository: Repository, base: Base, tip: str, wanted: Sequence[str], strict: bool) -> list[Judged]:
    """Verdicts on ``wanted``, oldest first. What the base branch has already is left out."""
    if not wanted:
        return []
    known = set(repository.walk([tip], list(base.tips))) if base.tips else set(wanted)
    window = repository.walk([tip], list(base.tips)) if strict else [o for o in wanted if o in known]
    commits = repository.commits(window)
    from git_executor.guard.records import Ledger

    restored, ledger = Restored(), Ledger(repository, base)
    out: list[Judged] = []
    asked = set(wanted)
    for oid in window:
        commit = commits[oid]
        claims = tuple(ledger.judge(commit)) if strict else ()
        if oid in asked:
            verdict = judges.judge_commit(repository, base, commit, strict, restored)
            verdict = verdict._replace(violations=(*verdict.violations, *claims))
            out.append(Judged(oid, commit.subject, strict, verdict))
        if strict and len(commit.parents) == 1:
            restored.learn(repository.between(commit.parents[0], commit.tree))
    return out


def audit_index(directory: str, *, inherit: bool = False, message: str = "", heads: Sequence[str] = ()) -> Judged:
    """What a commit of the index would be judged as, on the branch that HEAD is on.

    ``message`` is the commit's message as git takes it; ``heads`` are the other parents of a merge in progress.
    """
    repository = Repository(directory, inherit=inherit)
    base = judges.read_base(repository)
    return judge_index(repository, base, message, heads)


def judge_index(repository: Repository, base: Base, message: str, heads: Sequence[str]) -> Judged:
    strict = is_ai_ref(repository.head())
    before = repository.resolve("HEAD")
    heads = heads or merge_heads(repository)
    if heads and before:
        tree = repository.write_index()
        commit = Commit("", tree, (before, *heads), message, trailers_of(repository, message))
        verdict = judges.judge_merge(repository, base, commit, strict)
        if strict and verdict.accepted:
            new = repository.walk(list(heads), [before, *base.tips])
            incoming = audit_commits(repository, base, new[-1], new, strict) if new else []
            verdict = verdict._replace(violations=tuple(v for one in incoming for v in _placed(one)))
        return Judged("", "the index", strict, verdict)
    differences = repository.staged(before or repository.empty_tree())
    trailers = trailers_of(repository, message) if message else ""
    if not strict:
        return Judged("", "the index", strict, judges.judge_free(base, differences, trailers))
    if not differences:
        return Judged("", "the index", strict, Verdict())
    commit = Commit("", "", (before,) if before else (), message, trailers)
    verdict = judges.judge_strict(
        repository, base, differences, before or repository.empty_tree(), message, commit.trailers
    )
    return Judged("", "the index", strict, verdict)


def _placed(one: Judged) -> list[Violation]:
    return [v._replace(message=f"{one.commit[:12]} brings in: {v.message}") for v in one.verdict.violations]


def merge_heads(repository: Repository) -> list[str]:
    """The commits that a merge in progress brings in."""
    out = repository.resolve("MERGE_HEAD")
    if not out:
        return []
    path = repository.text("rev-parse", "--git-path", "MERGE_HEAD")
    import os

    try:
        with open(os.path.join(repository.directory, path), encoding="ascii", errors="replace") as file:
            return file.read().split()
    except OSError:
        return [out]


def trailers_of(repository: Repository, message: str) -> str:
    """The trailers of a message that is about to be committed, as git itself finds them."""
    if not message:
        return ""
    data = message.encode("utf-8", "surrogateescape")
    options = ("-c", "trailer.separators=:", "interpret-trailers", "--parse", "--no-divider")
    return repository.run(*options, stdin=data).decode("utf-8", "replace")
