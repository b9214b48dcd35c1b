"""Single lines added to files of every kind."""

from __future__ import annotations

import pytest

from git_executor.domain import EXECUTABLE, REGULAR, Change, Rules
from git_executor.policy import judge
from tests.policy.corpus_lines import ACCEPTED, ALL_FILES, REFUSED


def rules_broken(path: str, line: str) -> set[str]:
    old = ALL_FILES[path]
    mode = EXECUTABLE if path.endswith(".sh") else REGULAR
    change = Change(path, old.encode(), (old + line + "\n").encode(), mode, mode)
    return {v.rule for v in judge([change], Rules("s", ("**",), ())).violations}


@pytest.mark.parametrize(
    ("path", "line"), [pytest.param(p, x, id=f"{p}-{x[:40]!r}") for p in REFUSED for x in REFUSED[p]]
)
def test_refused(path: str, line: str) -> None:
    assert rules_broken(path, line) - {"no-effect", "new-dependency"}


@pytest.mark.parametrize(
    ("path", "line"), [pytest.param(p, x, id=f"{p}-{x[:40]!r}") for p in ACCEPTED for x in ACCEPTED[p]]
)
def test_accepted(path: str, line: str) -> None:
    assert not rules_broken(path, line) - {"new-dependency"}
