"""The bytes of a log -> its lines, as a terminal would have left them standing."""

from __future__ import annotations

import codecs

from .patterns import Pattern

# A line longer than this keeps its beginning and its end: one JSON dump must not crowd out the rest.
LINE_HEAD, LINE_TAIL = 6000, 2000

_BOMS = (  # UTF-32's little-endian mark begins with UTF-16's: longest first
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_BINARY_MAGIC = {
    b"\x7fELF": "an ELF program",
    b"PK\x03\x04": "a zip archive",
    b"\x28\xb5\x2f\xfd": "zstd data",
    b"\xfd7zXZ\x00": "xz data",
    b"BZh": "bzip2 data",
    b"\x89PNG": "a PNG picture",
    b"SQLite format 3": "an SQLite database",
    b"LPKSHHRH": "a binary systemd journal",
    b"%PDF-": "a PDF document",
}
_CONTROLS = bytes(set(range(1, 32)) - set(b"\b\t\n\v\f\r\x1b")) + b"\x7f"
_CONTROL_SHARE = 0.05  # random bytes hold about 10 % control characters, text none
_SAMPLE = 1 << 16

_ESCAPES = Pattern(
    r"\x1b(?:\[[0-?]*[ -/]*[@-~]"  # CSI: colours, cursor movements
    r"|\][^\x07\x1b\n]{0,2000}(?:\x07|\x1b\\)?"  # OSC: titles, hyperlinks
    r"|[PX^_][^\x1b\n]{0,2000}(?:\x1b\\)?"  # DCS and its like
    r"|[ -/]{0,3}[0-~])"
    r"|\x9b[0-?]*[ -/]*[@-~]"
)
_INVISIBLE = Pattern("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x9f\u200b\u2060\ufeff]")


def encoding_of(head: bytes) -> str:
    """The encoding that the first bytes of a log announce; UTF-16 without a mark is known by its NULs."""
    for mark, encoding in _BOMS:
        if head.startswith(mark):
            return encoding
    sample = head[:400]
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if len(sample) >= 8 and max(even, odd) > len(sample) * 0.3 and min(even, odd) < len(sample) * 0.02:
        return "utf-16-le" if odd > even else "utf-16-be"
    return "utf-8"


def newline_of(encoding: str) -> bytes:
    """How a line feed is written in ``encoding``."""
    return "\n".encode(encoding)


def binary_kind(head: bytes, tail: bytes, encoding: str) -> str | None:
    """What a log that is no text at all is, in words; ``None`` for text. NULs alone prove nothing: crashed
    machines leave runs of them in honest logs."""
    for magic, kind in _BINARY_MAGIC.items():
        if head.startswith(magic):
            return kind
    if encoding != "utf-8":
        return None
    for sample in (head[:_SAMPLE].replace(b"\0", b""), tail[-_SAMPLE:].replace(b"\0", b"")):
        controls = len(sample) - len(sample.translate(None, _CONTROLS))
        if controls > len(sample) * _CONTROL_SHARE and controls > 8:
            return "binary data"
    return None


def decode(raw: bytes, encoding: str) -> str:
    """Text that never fails to decode. What is no UTF-8 is taken for Windows-1252, as consoles write it."""
    if encoding != "utf-8":
        return raw.decode(encoding, "replace").removeprefix("\ufeff")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("utf-8-sig", "replace")
    valid = sum(1 for char in text if char > "\x7f" and char != "\ufffd")
    return text if valid >= text.count("\ufffd") else raw.decode("cp1252", "replace")


def uncoloured(text: str) -> str:
    """``text`` without escape sequences."""
    return _ESCAPES.sub("", text) if "\x1b" in text or "\x9b" in text else text


def clean_lines(text: str) -> list[str]:
    """The lines of ``text`` (split at line feeds only) without colours, control characters and overwritten
    progress; one entry for each line, blank ones included."""
    lines = uncoloured(text).split("\n")
    if lines and not lines[-1].strip("\r\0 "):
        lines.pop()
    return [_clean(line) for line in lines]


def _clean(line: str) -> str:
    if "\r" in line:  # a progress bar paints over itself: what was painted last is what one saw
        line = next((part for part in reversed(line.split("\r")) if part.strip("\0 ")), "")
    if "\b" in line:
        line = _rub_out(line)
    line = _INVISIBLE.sub("", line).rstrip()
    if len(line) > LINE_HEAD + LINE_TAIL:
        line = f"{line[:LINE_HEAD]} ... {line[-LINE_TAIL:]}"
    return line


def _rub_out(line: str) -> str:
    kept: list[str] = []
    for char in line:
        if char != "\b":
            kept.append(char)
        elif kept:
            kept.pop()
    return "".join(kept)
