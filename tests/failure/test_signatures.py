"""Every signature fires on its own examples and on none of its look-alikes."""

from __future__ import annotations

import re

import pytest

from git_executor.failure.signatures import TABLE, Known


@pytest.mark.parametrize(("known", "text"), [(known, text) for known in TABLE for text in known.fires])
def test_it_fires(known: Known, text: str) -> None:
    assert known.matches(text, text.lower()), known.name


@pytest.mark.parametrize(("known", "text"), [(known, text) for known in TABLE for text in known.spares])
def test_it_spares_look_alikes(known: Known, text: str) -> None:
    assert not known.matches(text, text.lower()), known.name


def test_every_entry_is_shown_both_ways() -> None:
    assert not [known.name for known in TABLE if not known.fires or not known.spares]
    assert len({known.name for known in TABLE}) == len(TABLE)


@pytest.mark.parametrize("known", TABLE, ids=lambda known: known.name)
def test_needles_are_lower_case_and_patterns_compile(known: Known) -> None:
    assert all(needle == needle.lower() for needle in known.needles)
    re.compile(known.pattern, re.IGNORECASE)
