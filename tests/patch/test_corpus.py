"""Every kind of malformed answer of the benchmark: nothing wrong, and nearly nothing missed."""

from __future__ import annotations

from collections import defaultdict

import pytest

from git_executor.errors import PatchError
from git_executor.patch import read_answer, render, second_reader
from tests.bench.patch.corpus import cases
from tests.bench.patch.kinds import LANDS, REFUSES, Case

from .trees import MemoryTree

CASES: dict[str, list[Case]] = defaultdict(list)
for _case in cases(seed=3, each=4):
    CASES[_case.kind].append(_case)


@pytest.mark.parametrize("kind", [*LANDS, *REFUSES])
def test_kind(kind: str) -> None:
    assert CASES[kind]
    for case in CASES[kind]:
        try:
            reading = read_answer(case.answer, MemoryTree(case.files), preferred=case.preferred)
        except PatchError as error:
            assert case.expected is None, f"{error} in\n{case.answer.decode(errors='replace')}"
            continue
        assert case.expected is not None, case.answer.decode(errors="replace")
        assert {change.path: change.new for change in reading.changes} == case.expected
        second_reader(render(reading.changes))


def test_an_answer_that_is_cut_anywhere_gives_no_other_change() -> None:
    for case in [*CASES["wrong_numbers"], *CASES["git_header"], *CASES["no_fence"], *CASES["json_string"]]:
        if case.answer.count(b"@@ -") > 1:
            continue  # cut right between two hunks nothing is missing that could be seen
        for stop in range(0, len(case.answer), 3):
            try:
                reading = read_answer(case.answer[:stop], MemoryTree(case.files), preferred=case.preferred)
            except PatchError:
                continue
            assert {change.path: change.new for change in reading.changes} == case.expected, case.answer[
                :stop
            ]
