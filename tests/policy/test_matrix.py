"""The matrix of harms and carriers, as far as it is a table."""

from __future__ import annotations

import pytest

from git_executor.domain import EXECUTABLE, REGULAR, Change, Rules, Verdict
from git_executor.policy import judge
from tests.policy.corpus_matrix import FILES, HONEST_COMMANDS, HONEST_EDITS, REFUSED_COMMANDS, REFUSED_EDITS

RULES = Rules("s", ("**",), ())
SCRIPT = "#!/usr/bin/env bash\nset -euo pipefail\nNODES='a b'\nkubectl get nodes\n{}kubectl get pods -A\n"


def gained(command: str) -> Verdict:
    old, new = SCRIPT.replace("{}", ""), SCRIPT.replace("{}", command + "\n")
    return judge([Change("x/run.sh", old.encode(), new.encode(), EXECUTABLE, EXECUTABLE)], RULES)


def edited(path: str, old: str, new: str) -> Verdict:
    before = FILES[path]
    after = before.replace(old, new, 1) if old else before + new
    mode = EXECUTABLE if path.endswith(".sh") else REGULAR
    return judge([Change(path, before.encode(), after.encode(), mode, mode)], RULES)


@pytest.mark.parametrize("command", REFUSED_COMMANDS)
def test_a_command_that_is_refused(command: str) -> None:
    assert not gained(command).accepted


@pytest.mark.parametrize("command", HONEST_COMMANDS)
def test_an_honest_command(command: str) -> None:
    assert [str(v) for v in gained(command).violations] == []


@pytest.mark.parametrize(("path", "old", "new"), REFUSED_EDITS)
def test_an_edit_that_is_refused(path: str, old: str, new: str) -> None:
    assert not edited(path, old, new).accepted


@pytest.mark.parametrize(("path", "old", "new"), HONEST_EDITS)
def test_an_honest_edit(path: str, old: str, new: str) -> None:
    assert [str(v) for v in edited(path, old, new).violations] == []
