"""The caller's hash is opaque, but it must be one."""

from __future__ import annotations

import hashlib

import pytest

from git_executor.errors import UsageError
from git_executor.failure import check_error_hash


@pytest.mark.parametrize(
    "text", ["9f2c4be01d33", "v1:3c9a0b1c2d3e4f50", "abcd", "a.b_c-d:9", "f" * 128, "deadbeef", "none-of-7"]
)
def test_tokens_pass_unchanged(text: str) -> None:
    assert check_error_hash(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "abc",
        "g" * 129,
        "a b c d",
        "n/a",
        "täst",
        "abcd\n",
        "no_log_file",
        "NO-LOG-FILE",
        "none",
        "null",
        "unknown",
        "undefined",
        "empty",
        "0000",
        "00000000",
        hashlib.md5(b"").hexdigest(),
        hashlib.md5(b"").hexdigest()[:12],
        "sha256:" + hashlib.sha256(b"").hexdigest(),
    ],
)
def test_stand_ins_and_junk_are_refused(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        check_error_hash(text)
    assert "git-executor hash" in caught.value.hint
