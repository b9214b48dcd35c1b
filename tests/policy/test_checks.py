"""Nothing that failed before may fail less, in any form; and repairs that look like it pass."""

from __future__ import annotations

import pytest

from git_executor.domain import EXECUTABLE, REGULAR, Change, Rules, Verdict
from git_executor.policy import judge
from tests.policy.corpus_checks import FILES, HONEST, WEAKER

RULES = Rules("s", ("**",), ())
OURS = {"failure-silenced", "step-removed"}


def edited(path: str, old: str, new: str) -> Verdict:
    before = FILES[path]
    assert before.count(old) >= 1, f"{old!r} is not in {path}"
    after = before.replace(old, new, 1)
    mode = EXECUTABLE if path.endswith(".sh") else REGULAR
    return judge([Change(path, before.encode(), after.encode(), mode, mode)], RULES)


@pytest.mark.parametrize(("path", "old", "new"), WEAKER)
def test_what_fails_less_is_refused(path: str, old: str, new: str) -> None:
    found = {v.rule for v in edited(path, old, new).violations}
    assert found & (OURS | {"opened-access", "destructive-command"}), found


@pytest.mark.parametrize(("path", "old", "new"), HONEST)
def test_what_fails_as_before_passes(path: str, old: str, new: str) -> None:
    assert [str(v) for v in edited(path, old, new).violations if v.rule in OURS | {"opened-access"}] == []
