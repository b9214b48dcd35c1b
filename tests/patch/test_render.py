"""The canonical diff: git and unidiff read it, and applying it gives the new tree bit for bit."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from git_executor.domain import ABSENT, EXECUTABLE, REGULAR, SYMLINK, Change
from git_executor.errors import PatchError
from git_executor.patch import count_changed_lines, render, second_reader

TEXT = b"one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine\nten\neleven\n"

CHANGES = {
    "one line": Change("a.txt", TEXT, TEXT.replace(b"five", b"5")),
    "two places far apart": Change("a.txt", TEXT, TEXT.replace(b"one\n", b"").replace(b"ten", b"10")),
    "two places near each other": Change("a.txt", TEXT, TEXT.replace(b"two", b"2").replace(b"seven", b"7")),
    "newline lost": Change("a.txt", TEXT, TEXT[:-1]),
    "newline gained": Change("a.txt", TEXT[:-1], TEXT),
    "never a newline": Change("a.txt", TEXT[:-1], TEXT[:-1].replace(b"eleven", b"11")),
    "to CRLF": Change("a.txt", TEXT, TEXT.replace(b"\n", b"\r\n")),
    "odd separators": Change("a.txt", b"a\x0cb\x85c\xe2\x80\xa8d\re\n", b"a\x0cb\x85c\xe2\x80\xa8d\rf\n"),
    "latin-1": Change("a.txt", b"caf\xe9\n", b"th\xe9\n"),
    "emptied": Change("a.txt", TEXT, b""),
    "filled": Change("a.txt", b"", TEXT),
    "new": Change("dir/new.sh", None, TEXT, ABSENT, EXECUTABLE),
    "new and empty": Change("dir/new", None, b"", ABSENT, REGULAR),
    "deleted": Change("a.txt", TEXT, None, REGULAR, ABSENT),
    "deleted, was empty": Change("a.txt", b"", None, REGULAR, ABSENT),
    "mode": Change("a.txt", TEXT, TEXT, REGULAR, EXECUTABLE),
    "mode and content": Change("a.txt", TEXT, TEXT + b"twelve\n", REGULAR, EXECUTABLE),
    "blank in the name": Change("my file.txt", TEXT, TEXT + b"x\n"),
    "quotes in the name": Change('say "hi"\\\t.txt', TEXT, TEXT + b"x\n"),
    "letters beyond ascii": Change("café.txt", TEXT, TEXT + b"x\n"),
    "bytes that are no utf-8": Change(os.fsdecode(b"caf\xe9.txt"), TEXT, TEXT + b"x\n"),
    "lines like headers": Change("q.sql", b"-- a\n++ b\n@@ c\n", b"-- x\n++ b\n@@ y\n"),
    "to a symlink": Change("a.txt", b"one\n", b"b.txt", REGULAR, SYMLINK),
}


def _write(root: Path, path: str, data: bytes | None, mode: int) -> None:
    if data is None:
        return
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)
    file.chmod(0o755 if mode == EXECUTABLE else 0o644)


@pytest.mark.parametrize("name", CHANGES)
def test_git_applies_it_bit_for_bit(name: str, tmp_path: Path) -> None:
    change = CHANGES[name]
    env = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "GIT_CONFIG_NOSYSTEM": "1"}
    subprocess.run(["git", "init", "-q", tmp_path], check=True, env=env)
    _write(tmp_path, change.path, change.old, change.old_mode)
    diff = render([change])
    for command in (["git", "apply", "--check"], ["git", "apply"]):
        subprocess.run(command, cwd=tmp_path, input=diff, check=True, env=env, capture_output=True)
    file = tmp_path / change.path
    if change.new is None:
        assert not file.exists()
    elif change.new_mode == SYMLINK:
        assert os.fsencode(os.readlink(file)) == change.new
    else:
        assert file.read_bytes() == change.new
        assert bool(file.stat().st_mode & 0o100) == (change.new_mode == EXECUTABLE)


@pytest.mark.parametrize("name", CHANGES)
def test_unidiff_counts_the_same_lines(name: str) -> None:
    change = CHANGES[name]
    if name != "to a symlink":
        assert second_reader(render([change])) == count_changed_lines([change])


def test_it_is_what_git_diff_writes(tmp_path: Path) -> None:
    old, new = TEXT, TEXT.replace(b"two", b"2").replace(b"ten", b"10")
    _write(tmp_path, "old", old, REGULAR)
    _write(tmp_path, "new", new, REGULAR)
    command = ["git", "diff", "--no-index", "--no-color", "old", "new"]
    shown = subprocess.run(command, cwd=tmp_path, capture_output=True).stdout
    ours = render([Change("x", old, new)])
    assert [line.split(b"@@")[1] for line in shown.split(b"\n") if line.startswith(b"@@")] == [
        line.split(b"@@")[1] for line in ours.split(b"\n") if line.startswith(b"@@")
    ]


def test_binary_content_is_only_noted() -> None:
    assert b"Binary files a/x and b/x differ" in render([Change("x", b"\0", b"\1\0")])


def test_several_changes_stand_in_their_order() -> None:
    diff = render([CHANGES["new"], CHANGES["one line"]])
    assert diff.index(b"dir/new.sh") < diff.index(b"a.txt")


def test_a_huge_middle_is_shown_as_replaced() -> None:
    old = b"".join(b"a%d\n" % number for number in range(5000))
    new = b"".join(b"b%d\n" % number for number in range(5000))
    assert count_changed_lines([Change("x", old, new)]) == 10000


def test_the_second_reader_refuses_what_it_cannot_read() -> None:
    with pytest.raises(PatchError) as caught:
        second_reader(b"--- a/x\n+++ b/x\n@@ -1,3 +1,3 @@\n-one\n")
    assert caught.value.kind == "malformed"
