"""Text of strangers made fit for a Markdown page, a JSON string and a person's terminal."""

from __future__ import annotations

import re
import unicodedata

# Bytes per token: code and logs run at 3 to 4 with the usual tokenizers, so 3 errs on the safe side.
_BYTES_PER_TOKEN = 3
_PLAIN = re.compile(r"[\t\n\x20-\x7e]*\Z")

_LINE_END = re.compile(r"\r(?=\n|\Z)")


def tokens(text: str) -> int:
    """A cautious estimate of how many tokens a model sees in ``text``."""
    return -(-len(text.encode("utf-8", "surrogatepass")) // _BYTES_PER_TOKEN)


def visible(text: str) -> str:
    """``text`` with every control, format, surrogate and exotic line-break character written out as ``\\x1b`` or
    ``\\u202e``, so that nothing hides and nothing reorders what a person reads. Tabs and newlines stay."""
    if _PLAIN.match(text):
        return text
    text = _LINE_END.sub("", text)
    return "".join(c if _is_visible(c) else _escaped(c) for c in text)


def _is_visible(char: str) -> bool:
    return char in "\t\n" or unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")


def _escaped(char: str) -> str:
    code = ord(char)
    if 0xDC80 <= code <= 0xDCFF:  # a byte that was no UTF-8, as surrogateescape keeps it
        code -= 0xDC00
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def clipped(line: str, limit: int) -> str:
    """One line of at most about ``limit`` characters: its head and its tail, and how much is missing between."""
    if len(line) <= limit:
        return line
    tail = limit // 4
    return f"{line[: limit - tail]} [... {len(line) - limit} characters ...] {line[-tail:]}"


def one_line(text: str, limit: int = 400) -> str:
    """``text`` as one visible line, for a bullet or a heading."""
    return clipped(visible(" ".join(text.split())), limit)


def fenced(text: str, language: str = "") -> str:
    """A Markdown code block that nothing inside can close: its fence is longer than any run of backticks within."""
    longest = max((len(run) for run in re.findall(r"`{3,}", text)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}{language}\n{text.rstrip(chr(10))}\n{fence}"


def code(text: str) -> str:
    """Inline code, whatever ``text`` holds."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    if not longest:
        return f"`{text}`"
    fence = "`" * (longest + 1)
    return f"{fence} {text} {fence}"
