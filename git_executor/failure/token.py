"""The caller's error hash: an opaque token that is only checked, never understood."""

from __future__ import annotations

import re

from ..errors import UsageError

_TOKEN = re.compile(r"[A-Za-z0-9._:-]{4,128}", re.ASCII)
# What scripts send when they have no hash. Accepted, every such failure would count as one and the same.
_SENTINELS = frozenset(
    (
        "nologfile",
        "nolog",
        "nohash",
        "noerror",
        "noerrorhash",
        "nofile",
        "none",
        "null",
        "nil",
        "nan",
        "unknown",
        "undefined",
        "undef",
        "empty",
        "unset",
        "missing",
        "error",
        "errorhash",
        "hash",
        "false",
        "true",
        "test",
        "todo",
        "tbd",
        "dummy",
        "default",
        "placeholder",
        "example",
        "xxxx",
        "na",
        "notavailable",
        "notfound",
        "notapplicable",
        "void",
        "blank",
        "invalid",
    )
)
_EMPTY_DIGESTS = frozenset(
    (
        "d41d8cd98f00b204e9800998ecf8427e",  # md5 of nothing
        "da39a3ee5e6b4b0d3255bfef95601890afd80709",  # sha1 of nothing
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",  # sha256 of nothing
        "68b329da9893e34099c7d8ad5cb9c940",  # md5 of one line feed
        "adc83b19e793491b1c6ea0fd8b46cd9f32e592fc",  # sha1 of one line feed
        "01ba4719c80b6fe911b091a7c05124b64eeece964e09c058ef8f9805daca546b",  # sha256 of one line feed
    )
)
_HINT = "pass what `git-executor hash --log FILE` prints, or leave the option out"


def check_error_hash(text: str) -> str:
    """``text`` itself when it can serve as an error hash: 4 to 128 of ``[A-Za-z0-9._:-]``, and no stand-in
    for "there is none". Raises ``UsageError`` otherwise."""
    if not _TOKEN.fullmatch(text):
        shown = text if len(text) <= 40 else text[:40] + "..."
        raise UsageError(f"not an error hash: {shown!r} (4 to 128 of A-Z a-z 0-9 . _ : -)", hint=_HINT)
    bare = re.sub(r"[._:-]", "", text).lower()
    if bare in _SENTINELS or not bare.strip("0") or _is_empty_digest(text.lower()):
        raise UsageError(f"{text!r} stands for no error hash at all", hint=_HINT)
    return text


def _is_empty_digest(text: str) -> bool:
    digest = text.rpartition(":")[2]
    return len(digest) >= 8 and any(known.startswith(digest) for known in _EMPTY_DIGESTS)
