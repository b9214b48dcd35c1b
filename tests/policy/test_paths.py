"""Paths, places and shapes: what a change may touch at all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest

from git_executor.domain import (
    ABSENT,
    DIRECTORY,
    EXECUTABLE,
    REGULAR,
    SUBMODULE,
    SYMLINK,
    Blob,
    Change,
    Limits,
    Rules,
    Source,
    Verdict,
)
from git_executor.policy import in_scope, is_protected, judge

OLD, NEW = b"a: 1\n", b"a: 2\n"


class Tree:
    """A tree given as path -> mode; files hold OLD."""

    def __init__(self, **modes: int) -> None:
        self.modes = {path.replace("__", "/"): mode for path, mode in modes.items()}

    def read(self, path: str) -> Blob | None:
        return Blob(self.modes[path], OLD) if path in self.modes else None

    def names(self, directory: str) -> Mapping[str, int]:
        start = f"{directory}/" if directory else ""
        found: dict[str, int] = {}
        for path, mode in self.modes.items():
            if path.startswith(start):
                name, slash, _ = path[len(start) :].partition("/")
                found[name] = DIRECTORY if slash else mode
        return found

    def paths(self) -> Iterator[str]:
        yield from self.modes


def rules_of(verdict: Verdict) -> set[str]:
    return {v.rule for v in verdict.violations}


def edit(path: str, **more: object) -> Change:
    return Change(path, OLD, NEW, **more)  # type: ignore[arg-type]


EVERYTHING = Rules("s", ("**",), ("vault/", "secret.yaml", "*.pem"))


@pytest.mark.parametrize(
    "path",
    [
        "ai/master_memo.md",
        "AI/Master_Memo.md",
        "ai/state/x/y.json",
        "ai/state",
        "ai",
        "infrastructure/proxmox/wipe_proxmox.sh",
        "infrastructure/proxmox",
        ".gitignore",
        "deep/.gitattributes",
        ".git/config",
        "x/.GIT/hooks/pre-commit",
        ".git\u200c/config",
        "git~1/config",
        ".git./config",
        ".git /config",
        ".git::$INDEX_ALLOCATION/config",
        "x\\.git\\config",
        "gitmod~1",
        "gi7eba~1",
        "hooks/pre-push",
        ".githooks/x",
        ".pre-commit-config.yaml",
        ".pre-commit-hooks.yaml",
        "ai/context_map.yaml.",
        "ai/CONTEX~1.YAM",
        "ａｉ/context_map.yaml",
        "ai\\context_map.yaml",
        "vault/x",
        "Vault/x",
        "secret.yaml",
        "SECRET.YAML",
        "secret.yaml/x",
        "a/b/key.pem",
        "a/b/KEY.PEM",
        "infraſtructure/proxmox/wipe_proxmox.sh",
    ],
)
def test_protected(path: str) -> None:
    assert is_protected(path, EVERYTHING.protected)
    for one in (edit(path), Change(path, OLD, None, REGULAR, ABSENT), Change(path, OLD, OLD, REGULAR, EXECUTABLE)):
        assert "protected-file" in rules_of(judge([one], EVERYTHING))
        assert "protected-file" in rules_of(judge([one], Rules("", None, EVERYTHING.protected, everything=False)))


@pytest.mark.parametrize(
    "path",
    ["ai/notes.md", "aim/state/x", "cluster/ai/state/x", "docs/hooks/x.md", "wipe_proxmox.sh", "secret.yml", "x/secret.yaml", "digit/x", "vaults/x", "legit.txt"],
)
def test_not_protected(path: str) -> None:
    assert not is_protected(path, EVERYTHING.protected)


@pytest.mark.parametrize(
    ("path", "patterns", "expected"),
    [
        ("a/b.sh", ("a/b.sh",), True),
        ("a/b.sh", ("/a/b.sh",), True),
        ("a/b.sh", ("a/",), True),
        ("a", ("a/",), False),
        ("ab/c", ("a/",), False),
        ("a/b.sh", ("a",), False),
        ("A/b.sh", ("a/",), False),
        ("x/y/z.yaml", ("*.yaml",), True),
        ("x/y/z.yaml", ("x/*.yaml",), False),
        ("x/y/z.yaml", ("x/**/*.yaml",), True),
        ("x/y.yaml", ("x/**/*.yaml",), True),
        ("x/z1.sh", ("x/z[0-9].sh",), True),
        ("x/y", (), False),
        ("x/y", ("",), False),
    ],
)
def test_scope(path: str, patterns: tuple[str, ...], expected: bool) -> None:
    assert in_scope(path, patterns) is expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("../x", "path-outside"),
        ("/etc/passwd", "path-outside"),
        ("a/../../x", "path-outside"),
        ("C:/x", "path-outside"),
        ("a\\..\\..\\x", "path-outside"),
        ("a\\b", "odd-name"),
        ("a\0b", "odd-name"),
        ("a\nb", "odd-name"),
        ("a\x1b[0m", "odd-name"),
        ("a\u202eb", "odd-name"),
        ("a/e\u0301", "odd-name"),
        ("a /b", "odd-name"),
        ("a/b.", "odd-name"),
        ("a/LONGNA~1.YAM", "odd-name"),
        ("a/b:stream", "odd-name"),
        ("a/nul.txt", "odd-name"),
        ("-rf", "odd-name"),
        ('"a\\tb"', "odd-name"),
        ("a/\udcff", "odd-name"),
        ("a" * 300, "odd-name"),
        ("", "path-outside"),
        ("a//b", "path-outside"),
    ],
)
def test_odd_paths(path: str, expected: str) -> None:
    assert expected in rules_of(judge([edit(path)], EVERYTHING))


TREE = Tree(x__a_yaml=REGULAR, x__link=SYMLINK, x__sub=SUBMODULE, x__dir__b=REGULAR, x__README=REGULAR, x__ü=REGULAR)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (Change("x/link", OLD, NEW), "symlink"),
        (Change("x/link/y", None, NEW, ABSENT), "symlink"),
        (Change("x/sub/y", None, NEW, ABSENT), "submodule"),
        (Change("x/dir", None, NEW, ABSENT), "replaces-directory"),
        (Change("x/a_yaml/y", None, NEW, ABSENT), "replaces-file"),
        (Change("x/new/y", None, NEW, ABSENT), "new-directory"),
        (Change("x/A_YAML", None, NEW, ABSENT), "same-name"),
        (Change("X/b", None, NEW, ABSENT), "same-name"),
        (Change("x/readme", None, NEW, ABSENT), "same-name"),
        (Change("x/RЕADME", None, NEW, ABSENT), "same-name"),
        (Change("x/u\u0308", None, NEW, ABSENT), "same-name"),
        (Change("x/l", None, b"/etc/passwd", ABSENT, SYMLINK), "symlink"),
        (Change("x/a_yaml", OLD, b"/etc/passwd", REGULAR, SYMLINK), "symlink"),
        (Change("x/s", None, b"0" * 40, ABSENT, SUBMODULE), "submodule"),
        (Change("x/a_yaml", OLD, None, REGULAR, ABSENT), "deletes-file"),
        (Change("x/a.yaml", OLD, OLD, REGULAR, EXECUTABLE), "mode"),
        (Change("x/a_yaml", OLD, NEW, REGULAR, 0o100664), "mode"),
        (Change("x/a_yaml", OLD, b"a\0b\n"), "binary"),
        (Change("x/a_yaml", OLD, b"a\n" * 3_000_000), "too-large"),
        (Change("x/a_yaml", OLD, b"b: 1\n" * 40), "too-many-lines"),
        (Change("x/a_yaml", OLD, OLD), "no-change"),
    ],
)
def test_places_and_shapes(change: Change, expected: str) -> None:
    assert expected in rules_of(judge([change], EVERYTHING, tree=TREE))


def test_an_ordinary_change_passes() -> None:
    verdict = judge([edit("x/a_yaml")], EVERYTHING, tree=TREE)
    assert verdict.accepted and verdict.changed_lines == 2 and not verdict.remarks
    assert judge([Change("x/run.sh", b"#!/bin/sh\nx\n", b"#!/bin/sh\nx\n", REGULAR, EXECUTABLE)], EVERYTHING).accepted
    assert judge([Change("x/new.yaml", None, NEW, ABSENT)], EVERYTHING, tree=TREE).accepted


def test_one_file_but_for_the_api_tier() -> None:
    both = [edit("x/a"), edit("x/b")]
    assert rules_of(judge(both, EVERYTHING)) == {"one-file"}
    assert judge(both, Rules("s", ("x/",), (), source=Source.API)).accepted


def test_a_long_change_is_said_and_a_longer_one_refused() -> None:
    change = Change("x/a", b"", b"".join(b"k%d: 1\n" % i for i in range(12)))
    verdict = judge([change], EVERYTHING)
    assert verdict.accepted and "12 changed lines" in verdict.remarks[0]
    tight = Rules("s", ("x/",), (), Limits(max_changed_lines=11))
    assert rules_of(judge([change], tight)) == {"too-many-lines"}


@pytest.mark.parametrize("files", [(), None])
def test_no_files_no_scope(files: tuple[str, ...] | None) -> None:
    assert "out-of-scope" in rules_of(judge([edit("x/a")], Rules("s", files, ())))


def test_nothing_is_no_fix() -> None:
    assert rules_of(judge([], EVERYTHING)) == {"no-change"}


def test_a_huge_file_is_judged_by_its_change() -> None:
    old = b"".join(b"line %d\n" % i for i in range(100_000))
    verdict = judge([Change("x/big.txt", old, old.replace(b"line 5\n", b"row 5\n").replace(b"line 99990\n", b""))], EVERYTHING)
    assert verdict.changed_lines == 3
