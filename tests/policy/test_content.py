"""What added lines may say: a table of what must be refused, and of look-alikes that must pass."""

from __future__ import annotations

import pytest

from git_executor.domain import EXECUTABLE, REGULAR, Change, Note, Rules, Verdict
from git_executor.policy import judge
from tests.policy.corpus import FILES, HONEST, HOSTILE, Case

RULES = Rules("s", ("scripts/",), ())


def judged(case: Case, note: Note = Note()) -> Verdict:  # noqa: B008
    path, old, new = case
    before = FILES[path]
    assert old in before, f"{old!r} is not in {path}"
    after = before.replace(old, new, 1) if old else before + new
    mode = EXECUTABLE if path.endswith(".sh") else REGULAR
    return judge([Change(path, before.encode(), after.encode(), mode, mode)], RULES, note=note)


@pytest.mark.parametrize(
    ("rule", "case"), [pytest.param(r, c, id=f"{r}-{c[2][:40]!r}") for r in HOSTILE for c in HOSTILE[r]]
)
def test_hostile(rule: str, case: Case) -> None:
    verdict = judged(case)
    assert rule in {v.rule for v in verdict.violations}, [str(v) for v in verdict.violations]
    assert all(v.hint for v in verdict.violations if v.rule == rule)


@pytest.mark.parametrize("case", [pytest.param(c, id=f"{c[0].rpartition('/')[2]}-{c[2][:40]!r}") for c in HONEST])
def test_honest(case: Case) -> None:
    assert not [str(v) for v in judged(case).violations]


@pytest.mark.parametrize("case", HOSTILE["new-dependency"])
def test_a_dependency_with_a_justification(case: Case) -> None:
    note = Note(justification="the script parses JSON from now on")
    assert "new-dependency" not in {v.rule for v in judged(case, note).violations}
