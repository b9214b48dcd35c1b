"""Words alone decide only where they are clear."""

from __future__ import annotations

import pytest

from git_executor.domain import Classification
from git_executor.failure.leaning import lean


@pytest.mark.parametrize(
    ("text", "leaning"),
    [
        ("frobd: peer 10.0.0.9:4000 went offline during the connection", Classification.NETWORK_ERROR),
        ("frob: the account's credentials do not grant access", Classification.PERMISSION_DENIED),
        ("frob: the folder inventory/ is absent", Classification.MISSING_FILE),
        ("frob: program yelp must be an installed executable", Classification.COMMAND_NOT_FOUND),
        ("frob: nodes.yaml is odd: a list where a mapping belongs, line 3, column 4", Classification.YAML_PARSE_ERROR),
    ],
)
def test_it_leans(text: str, leaning: Classification) -> None:
    assert lean(text) is leaning


@pytest.mark.parametrize(
    "text", ["", "deploy failed", "expected 3 nodes, got 2", "port 8080 is taken", "2 tests failed", "the key is odd"]
)
def test_it_does_not_lean(text: str) -> None:
    assert lean(text) is None
