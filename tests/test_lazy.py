"""Patterns that are compiled late must find what the same patterns find when they are compiled at once."""

from __future__ import annotations

import gc
import importlib
import pkgutil
import random
import re
from pathlib import Path

import pytest

import git_executor
from git_executor.lazy import _Lazy, lazy, required

HERE = Path(__file__).parent


@pytest.mark.parametrize(
    ("pattern", "literals"),
    [
        (r"\bNOPASSWD\s*:", ["NOPASSWD"]),
        (r"a\.b", ["a.b"]),
        (r"colou?r", ["colo"]),
        (r"ab*cd", ["cd"]),
        (r"ab{2}c", ["ab"]),
        (r"ab{0,2}c", ["a"]),
        (r"x{0}y", ["y"]),
        (r"(?:rmx|shred)\s+-r", ["rmx", "shred"]),
        (r"(?:rm|)\s", []),
        (r"(?:rm|shred)?x", ["x"]),
        (r"(?:rm|shred)+", ["rm", "shred"]),
        (r"(?P<name>key)=[0-9]+", ["key"]),
        (r"(?<!no)(?=yes)a", ["a"]),
        (r"foo|b", ["b", "foo"]),
        (r"foo|\d", []),
        (r"[abc]x[^]]y", ["x"]),
        (r"(a|(b|cc)d)e", ["e"]),
        (r"(?x) a b", []),
        (r"\x41bc", []),
        (r"a{x", []),
        (r"", []),
    ],
)
def test_the_literals_of_a_pattern(pattern: str, literals: list[str]) -> None:
    assert list(required(pattern)) == literals


def test_case_is_ignored_where_the_pattern_ignores_it() -> None:
    assert required("AbC", re.IGNORECASE) == ("abc",)
    assert lazy("(?i)select").search("SELECT 1") and lazy("SELECT", re.I).search("select 1")
    assert lazy("select", re.I).search("\u017felect"), "the long s is an s, but for case"
    assert not lazy("select").search("SELECT 1")


def test_every_way_of_asking() -> None:
    quick = lazy("b+")
    assert quick.sub("x", "aa") == "aa" and quick.split("aa") == ["aa"] and quick.findall("aa") == []
    assert list(quick.finditer("aa")) == [] and quick.match("aa") is None and quick.fullmatch("aa") is None
    assert quick.sub("x", "abba") == "axa" and quick.split("abba") == ["a", "a"] and quick.findall("abba") == ["bb"]
    assert quick.pattern == "b+" and lazy("b").pattern == "b"


def test_the_patterns_of_the_package_find_the_same_late() -> None:
    for module in pkgutil.walk_packages(git_executor.__path__, "git_executor."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    patterns = {(p._pattern, int(p._flags)) for p in gc.get_objects() if type(p) is _Lazy}
    assert len(patterns) > 100
    texts = [path.read_text("utf-8", "replace") for path in sorted(HERE.glob("**/*.py"))]
    lines = random.Random(4).sample([line for text in texts for line in text.split("\n")], 1500)
    for pattern, flags in patterns:
        made, late, literals = re.compile(pattern, flags), lazy(pattern, flags), required(pattern, flags)
        for line in lines:
            if found := made.search(line):
                looked = line.lower() if flags & re.IGNORECASE else line
                assert not literals or not line.isascii() or any(x in looked for x in literals), (pattern, line)
                again = late.search(line)
                assert again and again.span() == found.span()
