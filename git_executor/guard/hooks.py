"""The hooks. Each prints why it refuses on standard error, where git shows it, and exits with 1.

``pre-commit`` runs before the message exists, ``commit-msg`` after. So on branches of people ``pre-commit`` leaves
protected files to ``commit-msg``, which sees the same index and the message with its override, provided that it is
installed; otherwise ``pre-commit`` refuses. On AI branches ``pre-commit`` judges everything at once.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Sequence

from git_executor.errors import ExecutorError
from git_executor.guard.quick import nothing_to_judge

TYPE_CHECKING = False  # as in typing, whose import costs a hook several milliseconds
if TYPE_CHECKING:
    from git_executor.domain import Verdict, Violation
    from git_executor.guard.snapshot import Repository

_SCISSORS = re.compile(r"^. -+ >8 -+\n", re.M)
MARK = "git_executor.guard"


class Refusal(ExecutorError):
    """A hook says no; the message is all of what is printed."""


def main(arguments: Sequence[str]) -> int:
    """Run one hook; the exit status."""
    name, *rest = arguments or [""]
    hook = _HOOKS.get(name)
    if hook is None:
        _say(f"git-executor guard: no hook {name!r}; there are {', '.join(_HOOKS)}")
        return 2
    try:
        if name in ("pre-commit", "commit-msg") and nothing_to_judge(os.getcwd()):
            return 0
        from git_executor.guard.snapshot import Repository

        hook(Repository(os.getcwd(), inherit=True), rest)
    except Refusal as e:
        _say(e.message)
        return 1
    except ExecutorError as e:
        _say(f"git-executor guard ({name}): {e}")
        return 1
    return 0


def _say(text: str) -> None:
    shown = "".join(c if c.isprintable() or c == "\n" else ascii(c)[1:-1] for c in text)
    sys.stderr.write(shown + "\n")
    sys.stderr.flush()


def _refuse(door: str, found: Sequence[tuple[str, Verdict]]) -> None:
    """Raises ``Refusal`` when there is a violation."""
    lines = [f"  {where}{' ' if where else ''}{v}" for where, verdict in found for v in verdict.violations]
    if lines:
        more = [f"  ... and {len(lines) - 30} more"] if len(lines) > 30 else []
        raise Refusal("\n".join([f"git-executor guard: {door} refused", *lines[:30], *more]))


# --- a commit ---------------------------------------------------------------------------------------


def _pre_commit(repository: Repository, _arguments: Sequence[str]) -> None:

    from git_executor.guard import audit
    from git_executor.guard.commits import read_base

    judged = audit.judge_index(repository, read_base(repository), "", ())
    verdict = judged.verdict
    if not judged.strict and not verdict.accepted and _message_is_judged(repository):
        rest = tuple(v for v in verdict.violations if v.rule != "protected-file")
        verdict = verdict._replace(violations=rest)
    _refuse("this commit is", [("", verdict)])


def _message_is_judged(repository: Repository) -> bool:
    """Whether ``commit-msg`` will run the guard, natively or through the pre-commit framework."""
    path = os.path.join(repository.directory, repository.text("rev-parse", "--git-path", "hooks/commit-msg"))
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            text = file.read(20_000)
    except OSError:
        return False
    if not os.access(path, os.X_OK):
        return False
    if MARK in text:
        return True
    top = repository.text("rev-parse", "--show-toplevel", ok=(0, 128))
    config = os.path.join(top, ".pre-commit-config.yaml")
    try:
        with open(config, encoding="utf-8", errors="replace") as file:
            return "pre-commit" in text and "git-executor-commit-msg" in file.read(200_000)
    except OSError:
        return False


def _commit_msg(repository: Repository, arguments: Sequence[str]) -> None:

    from git_executor.guard import audit
    from git_executor.guard.commits import read_base

    if not arguments:
        raise ExecutorError("commit-msg needs the file with the message")
    try:
        with open(arguments[0], encoding="utf-8", errors="surrogateescape", newline="\n") as file:
            message = file.read(1_000_000)
    except OSError as e:
        raise ExecutorError(f"{arguments[0]}: {e.strerror}") from None
    scissors = _SCISSORS.search(message)
    message = message[: scissors.start()] if scissors else message
    base = read_base(repository)
    judged = audit.judge_index(repository, base, message, _merged_heads())
    verdict = judged.verdict
    if judged.strict:
        verdict = verdict._replace(violations=(*verdict.violations, *_claims(repository, base, message)))
    for remark in verdict.remarks if not judged.strict else ():
        _say(f"git-executor guard: {remark}")
    _refuse("this commit is", [("", verdict)])


def _claims(repository: Repository, base: object, message: str) -> list[Violation]:
    """A person's commit must not claim to be a record of the Executor's."""
    from git_executor.guard.audit import trailers_of
    from git_executor.guard.commits import Base
    from git_executor.guard.records import Ledger
    from git_executor.guard.snapshot import Commit

    assert isinstance(base, Base)
    head = repository.resolve("HEAD")
    if not head:
        return []
    tree = repository.write_index()
    claimed = Commit("this commit", tree, (head,), message, trailers_of(repository, message))
    ledger = Ledger(repository, base)
    window = repository.walk([head], list(base.tips))
    for commit in repository.commits(window).values():
        list(ledger.judge(commit))
    return list(ledger.judge(claimed))


def _merged_heads() -> list[str]:
    """``git merge`` names the commits it merges in ``GITHEAD_<id>`` while its own hooks run."""
    return [key.removeprefix("GITHEAD_") for key in os.environ if re.fullmatch(r"GITHEAD_[0-9a-f]{40,64}", key)]


def _pre_merge_commit(repository: Repository, _arguments: Sequence[str]) -> None:

    from git_executor.guard import audit
    from git_executor.guard.commits import read_base

    judged = audit.judge_index(repository, read_base(repository), "", _merged_heads())
    verdict = judged.verdict
    if not judged.strict and not verdict.accepted and _message_is_judged(repository):
        verdict = verdict._replace(violations=tuple(v for v in verdict.violations if v.rule != "protected-file"))
    _refuse("this merge is", [("", verdict)])


# --- a push -----------------------------------------------------------------------------------------


def _pre_push(repository: Repository, arguments: Sequence[str]) -> None:
    """Judges every commit of every ref, so that what skipped the other hooks is seen here."""
    from git_executor.guard.pushes import Update, judge_push

    remote = arguments[0] if arguments else os.environ.get("PRE_COMMIT_REMOTE_NAME", "")
    updates = []
    for row in sys.stdin.buffer.read().decode("utf-8", "surrogateescape").split("\n"):
        fields = row.split(" ")
        if len(fields) == 4:
            updates.append(Update(fields[2], fields[3], fields[1]))
    if not updates and os.environ.get("PRE_COMMIT_TO_REF"):  # the framework has read the lines, and names one ref
        environ = os.environ
        ref = environ.get("PRE_COMMIT_REMOTE_BRANCH", "")
        updates.append(Update(ref, environ.get("PRE_COMMIT_FROM_REF", ""), environ["PRE_COMMIT_TO_REF"]))
        ref, tip = repository.head(), repository.resolve("HEAD")
        if ref and ref != updates[0].ref:
            updates.append(Update(ref, "", tip))
    _refuse("this push is", judge_push(repository, updates, remote=remote, server=False))


def _pre_receive(repository: Repository, _arguments: Sequence[str]) -> None:
    from git_executor.guard.pushes import Update, judge_push

    rows = sys.stdin.buffer.read().decode("utf-8", "surrogateescape").split("\n")
    updates = [Update(*(fields[2], fields[0], fields[1])) for row in rows if len(fields := row.split(" ", 2)) == 3]
    _refuse("this push is", judge_push(repository, updates, remote="", server=True))


def _update(repository: Repository, arguments: Sequence[str]) -> None:
    from git_executor.guard.pushes import Update, judge_push

    if len(arguments) != 3:
        raise ExecutorError("update needs a ref and two commits")
    ref, old, new = arguments
    _refuse("this push is", judge_push(repository, [Update(ref, old, new)], remote="", server=True))


_HOOKS: dict[str, Callable[[Repository, Sequence[str]], None]] = {
    "pre-commit": _pre_commit,
    "commit-msg": _commit_msg,
    "pre-merge-commit": _pre_merge_commit,
    "pre-push": _pre_push,
    "pre-receive": _pre_receive,
    "update": _update,
}
