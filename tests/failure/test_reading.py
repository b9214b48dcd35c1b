"""Whatever a log's size and bytes, its end is found."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
from pathlib import Path

import pytest

from git_executor.errors import LogError
from git_executor.failure import read_log
from git_executor.failure.reading import COUNTED_BYTES


@pytest.mark.parametrize(
    ("raw", "lines"),
    [
        (b"one\ntwo\n", ["one", "two"]),
        (b"one\ntwo", ["one", "two"]),
        (b"one\r\ntwo\r\n", ["one", "two"]),
        (b"\xef\xbb\xbfone\n", ["one"]),
        ("one\nzwei ü\n".encode("utf-16"), ["one", "zwei ü"]),
        ("one and more\ntwo\n".encode("utf-16-le"), ["one and more", "two"]),
        ("one and more\ntwo\n".encode("utf-16-be"), ["one and more", "two"]),
        (b"\x1b[31merror\x1b[0m: \x1b]8;;http://x\x07link\x1b]8;;\x07\n", ["error: link"]),
        (b" 10%\r 50%\r100%\ndone\n", ["100%", "done"]),
        (b"bar\r\r\nx\n", ["bar", "x"]),
        (b"abc\b\b\bxyz\n", ["xyz"]),
        (b"a\0\0b\n" + b"\0" * 5000 + b"error: x\n", ["ab", "error: x"]),
        (b"bad \xff byte \xc3\xbc \xc3\xa4\n", ["bad \ufffd byte ü ä"]),
        ("Datei für x fehlt\n".encode("cp1252"), ["Datei für x fehlt"]),
        (b"first\fsecond\x85\n", ["firstsecond\u2026"]),
    ],
)
def test_bytes_become_the_lines_that_one_saw(tmp_path: Path, raw: bytes, lines: list[str]) -> None:
    log = tmp_path / "log"
    log.write_bytes(raw)
    assert list(read_log(str(log)).lines) == lines


def test_line_numbers_are_those_of_the_original(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text("".join(f"line {number}\n" for number in range(1, 100_001)))
    excerpt = read_log(str(log), lines=50)
    assert excerpt.truncated and len(excerpt.lines) == 50
    assert excerpt.number(0) == 99_951 and excerpt.lines[0] == "line 99951"


def test_gzip_is_known_by_its_magic(tmp_path: Path) -> None:
    log = tmp_path / "anything"
    log.write_bytes(gzip.compress(b"one\n") + gzip.compress("".join(f"{n}\n" for n in range(9000)).encode()))
    excerpt = read_log(str(log), lines=3)
    assert excerpt.lines == ("8997", "8998", "8999") and excerpt.first_line == 8999


def test_a_gzip_that_was_cut_off_still_tells(tmp_path: Path) -> None:
    log = tmp_path / "cut.gz"
    packed = gzip.compress(os.urandom(3000).hex().encode() + b"\nlast\n" * 3)
    log.write_bytes(packed[:-12])
    assert read_log(str(log)).lines


def test_a_file_called_gz_may_be_plain(tmp_path: Path) -> None:
    log = tmp_path / "plain.gz"
    log.write_text("error: x\n")
    assert read_log(str(log)).lines == ("error: x",)


def test_a_huge_sparse_file_costs_its_tail(tmp_path: Path) -> None:
    log = tmp_path / "huge"
    with log.open("wb") as stream:
        stream.truncate(3 << 30)
        stream.seek(0, os.SEEK_END)
        stream.write(b"\nerror: the end\n")
    excerpt = read_log(str(log))
    assert excerpt.lines[-1] == "error: the end" and excerpt.first_line is None and excerpt.truncated


def test_one_giant_line_keeps_its_end(tmp_path: Path) -> None:
    log = tmp_path / "giant"
    log.write_bytes(b"x" * (COUNTED_BYTES + 5) + b" error: boom")
    excerpt = read_log(str(log))
    assert len(excerpt.lines) == 1 and excerpt.lines[0].endswith("error: boom") and len(excerpt.lines[0]) < 10_000


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"\n \r\n\t\n", "empty"),
        (b"\0" * 99, "empty"),
        (b"\x7fELF\x02\x01", "ELF"),
        (os.urandom(1 << 16), "not a text log"),
        (b"\x1f\x8b\x08damaged", "gzip"),
    ],
)
def test_what_is_no_log_is_refused_in_one_line(tmp_path: Path, content: bytes, words: str) -> None:
    log = tmp_path / "log"
    log.write_bytes(content)
    with pytest.raises(LogError, match=words) as caught:
        read_log(str(log))
    assert "\n" not in str(caught.value) and caught.value.hint


def test_missing_directory_and_fifo(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    for path, words in (
        (tmp_path / "none", "no such log"),
        (tmp_path, "directory"),
        (tmp_path / "fifo", "empty"),
        (Path("a\0b"), "cannot"),
    ):
        with pytest.raises(LogError, match=words):
            read_log(str(path))


def test_standard_input_is_a_stream() -> None:
    code = "from git_executor.failure import read_log; e = read_log('-', lines=2); print(e.first_line, *e.lines)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        input=b"a\n" * 900_000 + b"b\n",
        capture_output=True,
        check=True,
        timeout=60,
    )
    assert done.stdout.split() == [b"900000", b"a", b"b"]
