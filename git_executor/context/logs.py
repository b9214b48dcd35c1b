"""The part of the log that goes into the prompt: around the message, around the evidence, and the end."""

from __future__ import annotations

from git_executor.context.redact import Redactor
from git_executor.context.tokens import estimate
from git_executor.domain import Failure

_LINE = 320  # characters of one line


def log_excerpt(failure: Failure, tokens: int, redactor: Redactor) -> str:
    """Redacted lines within ``tokens``; the message's line is always there, gaps are marked."""
    lines = failure.excerpt.lines
    if not lines:
        return _short(redactor.redact(failure.message.text))
    redacted = (
        redactor.redact("\n".join(lines)).split("\n")
        if all("\n" not in line for line in lines)
        else [redactor.redact(x.replace("\n", " ")) for x in lines]
    )
    at = min(max(failure.message.index, 0), len(lines) - 1)
    order = [at, *(i for e in failure.evidence[:3] for i in (e.index,))]
    for distance in range(1, 40):
        order += [at - distance, at + distance] if distance <= 12 else [at - distance]
        if distance <= 8:
            order.append(len(lines) - distance)
    kept: set[int] = set()
    left = tokens
    for index in order:
        if not 0 <= index < len(lines) or index in kept:
            continue
        cost = estimate(_short(redacted[index])) - 3
        if cost > left and kept:
            continue
        kept.add(index)
        left -= cost
    return "\n".join(_marked(redacted, sorted(kept)))


def _marked(lines: list[str], kept: list[int]) -> list[str]:
    shown: list[str] = []
    before = -1
    for index in kept:
        if index > before + 1 and shown:
            shown.append(f"[... {index - before - 1} lines left out]")
        shown.append(_short(lines[index]))
        before = index
    return shown


def _short(line: str) -> str:
    if len(line) <= _LINE:
        return line
    return f"{line[: _LINE * 2 // 3]} [... {len(line) - _LINE} characters left out] {line[-_LINE // 3 :]}"
