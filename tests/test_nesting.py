"""A context map that nests beyond all sense is one clear error and no crash."""

from __future__ import annotations

import pytest

from git_executor.errors import ConfigError
from git_executor.settings import parse_context_map


@pytest.mark.parametrize("text", ["[" * 100_000, "a: " + "{a: " * 100_000, "- " * 100_000, "? " * 100_000])
def test_a_very_deep_context_map(text: str) -> None:
    with pytest.raises(ConfigError, match="nested too deeply"):
        parse_context_map(text.encode())
