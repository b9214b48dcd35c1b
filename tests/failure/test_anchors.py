"""Leaving out the branches of a pattern that cannot match changes no answer."""

from __future__ import annotations

import re

import pytest

from git_executor.failure.anchors import within_reach
from git_executor.failure.signatures import TABLE, Known


@pytest.mark.parametrize(
    ("pattern", "text", "left"),
    [
        ("connection refused|no route to host", "dial: no route to host", ["no route to host"]),
        (r"(?:cannot|can't) open \S+|host", "we can't open x", [r"(?:cannot|can't) open \S+"]),
        (r"(?:cannot )?open", "open", ["(?:cannot )?open"]),
        (r"files?\b", "file", [r"files?\b"]),
        (r"(?<!which )found", "found", ["(?<!which )found"]),
        (r"[|]pipes|a\|b", "pipes", ["[|]pipes", r"a\|b"]),
        ("refused", "reset", []),
    ],
)
def test_only_what_can_match_is_left(pattern: str, text: str, left: list[str]) -> None:
    assert within_reach(pattern, text) == left


@pytest.mark.parametrize("known", TABLE, ids=lambda known: known.name)
def test_no_signature_loses_a_match(known: Known) -> None:
    for text in (text for other in TABLE for text in (*other.fires, *other.spares)):
        kept = "|".join(within_reach(known.pattern, text.lower()))
        whole = re.search(known.pattern, text, re.IGNORECASE)
        assert bool(whole) == bool(kept and re.search(kept, text, re.IGNORECASE)), text
