"""A log -> the end of it, in bounded memory and time whatever its size.

A regular file is read from its end: 2 GB cost as much as 1 MB. A stream (a pipe, gzip) has to be read
through; memory stays bounded, and beyond ``STREAM_LIMIT`` bytes it is refused with advice.
"""

from __future__ import annotations

import os
import stat
import sys
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from ..domain import Excerpt
from ..errors import LogError
from .decoding import binary_kind, clean_lines, decode, encoding_of, newline_of

TAIL_BYTES = 1 << 20  # how much of the end is kept at most; several times what 400 ordinary lines need
COUNTED_BYTES = 8 << 20  # files up to this size have their line numbers counted: a few milliseconds
STREAM_LIMIT = 4 << 30  # a stream longer than this is refused: its end may never come
GZIP_LIMIT = 1 << 30  # of unpacked bytes; a few seconds
_HEAD_BYTES = 4096
_CHUNK = 1 << 18
_GZIP_MAGIC = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class _Tail:
    """The first and the last bytes of a log. ``skipped`` is what lies before ``body``; ``newlines`` how many
    line feeds are in there, where that is known."""

    head: bytes
    body: bytes
    skipped: int
    newlines: int | None


def read_log(path: str, *, lines: int = 400) -> Excerpt:
    """The last ``lines`` lines of the log at ``path`` (``-`` is standard input; gzip is unpacked).

    Raises ``LogError`` when there is no such file, it cannot be read, or it holds no text.
    """
    name = "standard input" if path == "-" else path
    tail = _read_stdin() if path == "-" else _read_path(path)
    encoding = encoding_of(tail.head)
    kind = binary_kind(tail.head, tail.body, encoding)
    if kind is not None:
        raise LogError(f"{name}: not a text log but {kind}", hint="pass the plain text log")
    body, newlines = _whole_lines(tail, encoding)
    kept = clean_lines(decode(body, encoding))
    dropped = max(0, len(kept) - lines)
    kept = kept[dropped:]
    if not any(line and not line.isspace() for line in kept):
        raise LogError(f"{name}: the log is empty", hint="pass a file that holds the stage's output")
    first = None if newlines is None else newlines + dropped + 1
    return Excerpt(tuple(kept), first, bool(dropped) or len(body) < tail.skipped + len(tail.body), name)


def _whole_lines(tail: _Tail, encoding: str) -> tuple[bytes, int | None]:
    """The body from the first line feed on (unless it is one giant line), and the line feeds before it."""
    body, newlines = tail.body, tail.newlines
    if not tail.skipped:
        return body, newlines
    newline = newline_of(encoding)
    width = len(newline)
    body = body[-tail.skipped % width :]  # begin at a whole character
    at = body.find(newline)
    while at % width and at >= 0:
        at = body.find(newline, at + 1)
    if at < 0 or at + width >= len(body):
        return body, newlines
    return body[at + width :], None if newlines is None else newlines + 1


def _read_stdin() -> _Tail:
    stream = sys.stdin.buffer
    if stream.isatty():
        raise LogError("standard input: a terminal, not a log", hint="pipe the log in, or name a file")
    return _from_stream(stream, "standard input")


def _read_path(path: str) -> _Tail:
    try:
        # Without O_NONBLOCK a FIFO that nobody writes to would be waited for forever.
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        raise LogError(f"{path}: no such log file", hint="pass the file that holds the stage's output") from None
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from error
    try:
        facts = os.fstat(handle)
        if stat.S_ISDIR(facts.st_mode):
            raise LogError(f"{path}: a directory, not a log file", hint="pass one file in it")
        os.set_blocking(handle, True)
        if stat.S_ISREG(facts.st_mode) and facts.st_size and os.pread(handle, 2, 0) != _GZIP_MAGIC:
            return _from_file(handle, facts.st_size)
        with os.fdopen(handle, "rb", buffering=0, closefd=False) as stream:
            return _from_stream(stream, path)
    except OSError as error:
        raise _unreadable(path, error) from error
    finally:
        os.close(handle)


def _unreadable(name: str, error: OSError | ValueError) -> LogError:
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return LogError(f"{name}: the log cannot be read: {reason}", hint="check its path and permissions")


def _from_file(handle: int, size: int) -> _Tail:
    head = os.pread(handle, _HEAD_BYTES, 0)
    start = max(0, size - TAIL_BYTES)
    body = os.pread(handle, TAIL_BYTES, start)
    newlines: int | None = None
    if size <= COUNTED_BYTES and encoding_of(head) == "utf-8":
        newlines = sum(os.pread(handle, min(_CHUNK, start - at), at).count(b"\n") for at in range(0, start, _CHUNK))
    return _Tail(head, body, start, newlines)


def _from_stream(stream: BinaryIO, name: str) -> _Tail:
    """Reads a stream to its end, keeping the first and the last bytes only."""
    head, body, seen, newlines = b"", b"", 0, 0
    unpacked, limit = _chunks(stream, name)
    for chunk in unpacked:
        if len(head) < _HEAD_BYTES:
            head = (head + chunk)[:_HEAD_BYTES]
        seen += len(chunk)
        body += chunk
        if seen > limit:
            raise LogError(
                f"{name}: the log is larger than {limit >> 30} GiB",
                hint="pass its end, through `tail -n 400`",
            )
        if len(body) > 2 * TAIL_BYTES:
            newlines += body.count(b"\n", 0, len(body) - TAIL_BYTES)
            body = body[-TAIL_BYTES:]
    counted = newlines if encoding_of(head) == "utf-8" else None
    return _Tail(head, body, seen - len(body), counted)


def _chunks(stream: BinaryIO, name: str) -> tuple[Iterator[bytes], int]:
    try:
        first = stream.read(_CHUNK)
        while len(first) == 1 and (more := stream.read(_CHUNK)):
            first += more
    except OSError as error:
        raise _unreadable(name, error) from error
    if first.startswith(_GZIP_MAGIC):
        return _gunzip(first, stream, name), GZIP_LIMIT
    return _plain(first, stream, name), STREAM_LIMIT


def _plain(first: bytes, stream: BinaryIO, name: str) -> Iterator[bytes]:
    chunk = first
    try:
        while chunk:
            yield chunk
            chunk = stream.read(_CHUNK)
    except OSError as error:
        raise _unreadable(name, error) from error


def _gunzip(first: bytes, stream: BinaryIO, name: str) -> Iterator[bytes]:
    """Unpacks gzip members one after another. A cut or damaged end is forgiven where something came before
    it: the log of a stage that was killed is often just that."""
    member, any_output = zlib.decompressobj(wbits=31), False
    try:
        for packed in _plain(first, stream, name):
            while packed:
                piece = member.decompress(packed, _CHUNK)
                if piece:
                    any_output = True
                    yield piece
                packed = member.unconsumed_tail
                if member.eof:
                    packed = member.unused_data.lstrip(b"\0")
                    member = zlib.decompressobj(wbits=31)
    except zlib.error:
        if not any_output:
            raise LogError(f"{name}: damaged gzip data", hint="pass the plain text log") from None
