"""What a text holds is never said to be missing."""

from __future__ import annotations

import pytest
from hypothesis import given, settings, strategies as st

from git_executor.context.secrets.view import View
from git_executor.context.secrets.vocabulary import Vocabulary


@pytest.mark.parametrize("literal", ["AKIA", "pass ", " as ", "7z", "://", "GET secret", "x-", "-u", "contraseña", "]:"])
def test_a_literal_that_stands_in_a_text_is_known(literal: str) -> None:
    text = f"a line 10\nand AKIA9 x{literal}y 2\n" * 100
    assert Vocabulary(text.lower()).of([literal, "nowhere"]) == (literal,)


@given(st.text(max_size=80), st.integers(0, 80), st.integers(1, 12))
@settings(max_examples=200, deadline=None)
def test_any_part_of_a_text_is_known(text: str, at: int, size: int) -> None:
    lowered = text.replace("\u0130", "I").lower()
    part = lowered[at : at + size]
    assert Vocabulary(lowered).of([part]) == (part,)
    assert Vocabulary(lowered + " z" * 1000).of([part]) == (part,)


LOG = "2026-03-04T05:06:07Z password:\n2026-03-04T05:06:08Z   x\n[boot] y\nz\n\n05:06:07 z"


def test_prefixes_of_lines_are_cut_and_places_come_back() -> None:
    view = View(LOG)
    assert view.text == "password:\n  x\ny\nz\n\nz"
    assert View("z\n" + LOG).text == "z\n" + view.text
