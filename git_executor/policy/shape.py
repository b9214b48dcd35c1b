"""How large a change may be and of what kind: one file, few lines, text, no new kinds of tree entry."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from git_executor.domain import ABSENT, EXECUTABLE, REGULAR, SUBMODULE, SYMLINK, Change, Rules, Source, Violation
from git_executor.lazy import lazy
from git_executor.policy import MAX_BYTES
from git_executor.policy.lines import edit

_SCRIPT_NAME = lazy(r"\.(?:sh|bash|zsh|ksh|py|pl|rb|awk|run|fish)$|(?:^|/)[^./]+$")


def judge_shape(change: Change) -> Iterator[Violation]:
    """The kind of entry, before and after."""
    path, old_mode, new_mode = change.path, change.old_mode, change.new_mode
    if change.new is None and new_mode in (ABSENT, REGULAR, EXECUTABLE):
        yield Violation("deletes-file", path, "a fix does not delete a file", hint="mend it instead")
        return
    for mode, kind in ((SYMLINK, "symlink"), (SUBMODULE, "submodule")):
        if mode in (old_mode, new_mode):
            yield Violation(kind, path, f"a fix neither makes nor changes a {kind}")
            return
    if new_mode not in (REGULAR, EXECUTABLE):
        yield Violation("mode", path, f"no file has the mode {new_mode:o}", hint="use 100644 or 100755")
    new = change.new or b""
    if new_mode == EXECUTABLE and (change.old is None or old_mode != EXECUTABLE) and not _is_script(path, new):
        yield Violation("mode", path, "only a script may become executable", hint="keep the mode as it is")
    if b"\0" in new:
        yield Violation("binary", path, "the new content is binary")
    if len(new) > MAX_BYTES:
        yield Violation("too-large", path, f"the file is larger than {MAX_BYTES // 1_000_000} MB")


def _is_script(path: str, data: bytes) -> bool:
    return data.startswith(b"#!") or bool(_SCRIPT_NAME.search(path) and b"\0" not in data[:8000] and "." in path)


def changed_lines(changes: Sequence[Change]) -> int:
    """Added plus removed lines over all changes. Contents past ``MAX_BYTES`` or binary are not looked at."""
    return sum(_lines(change) for change in changes)


def _lines(change: Change) -> int:
    old, new = change.old or b"", change.new or b""
    if old == new or max(len(old), len(new)) > MAX_BYTES or b"\0" in new:
        return 0
    if old.replace(b"\r\n", b"\n") == new.replace(b"\r\n", b"\n"):
        return 1  # other line ends are one decision, however long the file is
    return edit(old, new).changed


def judge_size(changes: Sequence[Change], lines: int, rules: Rules) -> Iterator[Violation]:
    """How many files and how many lines."""
    if len(changes) > 1 and rules.source is not Source.API:
        others = ", ".join(sorted(change.path for change in changes)[:5])
        hint = "keep the one file that the failure is about"
        yield Violation("one-file", changes[0].path, f"{len(changes)} files are changed: {others}", hint=hint)
    limit = rules.limits.max_changed_lines
    if lines > limit:
        hint = "make the smallest change that removes the cause"
        yield Violation("too-many-lines", changes[0].path, f"{lines} changed lines, {limit} are allowed", hint=hint)
