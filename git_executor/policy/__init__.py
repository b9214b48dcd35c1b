"""The policy: may this change to the tree be made? Pure: values in, a verdict out.

Every door asks ``judge``: attempts, answers of the API tier, ``check`` and all hooks. It looks at the resulting
change to the tree and never at a diff's headers, because those can contradict each other. The rules live in

* ``paths``: where a change may write; ``patterns`` knows which names mean the same file,
* ``shape``: how many files and lines, which kinds of entry,
* ``content``: what the change makes the file say, and what it takes away, in three steps:
  ``shell`` -> ``calls`` -> the rules about calls (``destructive``, ``machines``, ``reach``, ``exposure``, ``leaks``,
  ``system``, ``databases``, all registered in ``registry``); ``entries`` -> ``weakening`` for settings, compared
  before and after by the words of their keys; ``silencing``, ``vigilance`` and ``targets`` for checks and work that go.

The protected list in ``patterns.BUILT_IN`` always holds; ``Rules.protected`` adds to it.
"""

from __future__ import annotations

from collections.abc import Sequence

from git_executor.policy.patterns import BUILT_IN, in_scope, is_protected

TYPE_CHECKING = False  # as in typing, whose import costs a hook several milliseconds
if TYPE_CHECKING:
    from git_executor.domain import Change, Failure, Note, Rules, Tree, Verdict

__all__ = ["BUILT_IN", "MAX_BYTES", "in_scope", "is_protected", "judge"]

MAX_BYTES = 4_000_000  # of one file: beyond it nothing of a stage is a text that anybody reviews


def judge(
    changes: Sequence[Change],
    rules: Rules,
    *,
    tree: Tree | None = None,
    note: Note | None = None,
    failure: Failure | None = None,
) -> Verdict:
    """The verdict on ``changes``, which together are one proposal or one commit.

    ``tree`` is the tree before the change: with it, symlinks on the way, new directories and names that fold to
    existing ones are seen. ``failure`` sharpens what counts as deleting the failing step. With
    ``rules.everything`` False only the protection of paths is judged, and contents need not be given.
    """
    # Imported here, because a hook that only asks ``is_protected`` must start fast.
    from git_executor.domain import Note, Verdict, Violation
    from git_executor.policy.paths import judge_name, judge_place, judge_protection
    from git_executor.policy.shape import changed_lines, judge_shape, judge_size

    if not rules.everything:
        return Verdict(tuple(v for change in changes for v in judge_protection(change, rules)))
    changes = [c for c in changes if (c.old, c.old_mode) != (c.new, c.new_mode)]
    violations = [v for change in changes for v in judge_protection(change, rules)]
    if not changes:
        return Verdict((Violation("no-change", "", "nothing is changed", hint="a fix changes something"),))
    lines = changed_lines(changes)
    for change in changes:
        violations += judge_name(change, rules)
        if tree is not None:
            violations += judge_place(change, tree)
        shape = list(judge_shape(change))
        violations += shape
        if not shape:
            from git_executor.policy.content import judge_content

            violations += judge_content(change, note or Note(), failure)
    violations += judge_size(changes, lines, rules)
    remarks: tuple[str, ...] = ()
    if lines > rules.limits.preferred_changed_lines:
        remarks = (f"{lines} changed lines; {rules.limits.preferred_changed_lines} or fewer are preferred",)
    return Verdict(tuple(violations), remarks, lines)
