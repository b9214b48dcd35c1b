"""Commit messages of the ledger: composing them so that nothing can forge a trailer, and reading them back.

Git takes the *last* paragraph of a message as its trailers. So a record's own trailers are always the last
paragraph; whatever a model, a log or a person says is reduced to single lines with a label in front, or
indented by four columns. Then no foreign line can begin a paragraph, look like a scissors or ``---`` line, or
carry the bytes (NUL, CR, form feed, U+2028 ...) at which one reader or the other would break a line.

``block_of`` finds a record's trailers as git does, except that configuration (``trailer.*``) cannot bend it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from git_executor.domain import Attempt, Outcome, Source

STAGE = "Stage"
ERROR_HASH = "Error-Hash"
ATTEMPT = "Attempt"
CLASSIFICATION = "Classification"
OUTCOME = "Outcome"
FIXER = "Fixer"
VERIFIED = "Verified"
PATCH_ID = "Patch-Id"
FINGERPRINT = "Fingerprint"
SOURCE = "Source"

ORDER = (STAGE, ERROR_HASH, ATTEMPT, CLASSIFICATION, OUTCOME, FIXER, VERIFIED, PATCH_ID, FINGERPRINT, SOURCE)
REQUIRED = (STAGE, ERROR_HASH, ATTEMPT, CLASSIFICATION, OUTCOME)

SUBJECT_WIDTH = 72
VALUE_WIDTH = 200
TEXT_WIDTH = 500
QUOTED_LINES = 120
INDENT = "    "
PROPOSED = "Proposed change:"


def one_line(text: str, width: int = TEXT_WIDTH) -> str:
    """``text`` as one printable line of at most ``width`` characters.

    Line ends of every kind and runs of blanks become one space; control, format (bidi, zero-width) and lone
    surrogate characters are dropped.
    """
    kept = (" " if c.isspace() or unicodedata.category(c) == "Cc" else c for c in text[: 20 * width])
    line = " ".join("".join(c for c in kept if unicodedata.category(c) not in ("Cf", "Cs", "Co")).split())
    return line if len(line) <= width else line[: width - 1].rstrip() + "…"


def quote(text: str, lines: int = QUOTED_LINES) -> str:
    """``text`` as an indented block: at most ``lines`` lines, what is not printable shown as an escape."""
    rows = text.split("\n")
    if rows and not rows[-1]:
        rows.pop()
    shown = [(INDENT + _printable(row)).rstrip() for row in rows[:lines]]
    if len(rows) > lines:
        shown.append(f"{INDENT}[{len(rows) - lines} more lines]")
    return "\n".join(shown)


def unquote(block: str) -> str:
    """The text of an indented block, as far as ``quote`` kept it."""
    return "".join(row.removeprefix(INDENT) + "\n" for row in block.split("\n"))


def _printable(row: str) -> str:
    def show(c: str) -> str:
        hidden = c != "\t" and (unicodedata.category(c)[0] == "C" or c in "\u2028\u2029\u0085")
        return c.encode("unicode_escape", "replace").decode() if hidden else c

    return "".join(map(show, row[:400])) + ("…" if len(row) > 400 else "")


def subject(stage: str, text: str) -> str:
    """``executor(<stage>): <text>``, shortened to the usual width."""
    start = f"executor({stage}): "
    return start + one_line(text, max(20, SUBJECT_WIDTH - len(start)))


def compose(subject_line: str, paragraphs: Iterable[str], trailers: Mapping[str, str]) -> str:
    """A whole commit message. ``paragraphs`` must come from ``labelled`` or ``quote``; empty trailers are left out."""
    ordered = [(key, one_line(trailers[key], VALUE_WIDTH)) for key in ORDER if trailers.get(key)]
    block = "\n".join(f"{key}: {value}" for key, value in ordered)
    return "\n\n".join([subject_line, *(p for p in paragraphs if p), block]) + "\n"


def labelled(*rows: tuple[str, str]) -> str:
    """``Label: text`` lines, each made one line; rows without text are left out."""
    return "\n".join(f"{label}: {one_line(text)}" for label, text in rows if one_line(text))


_TRAILER = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*: |[ \t]")


def block_of(message: str) -> str:
    """The trailer paragraph: the last one, when it is not the first and all its lines are trailers; else nothing."""
    paragraphs = re.split(r"\n(?:[ \t]*\n)+", message.strip("\n"))
    rows = paragraphs[-1].split("\n")
    return paragraphs[-1] if len(paragraphs) > 1 and all(map(_TRAILER.match, rows)) else ""


def parse(block: str) -> dict[str, str]:
    """The record's trailers of a trailer block. A key that stands twice is dropped: it says nothing certain."""
    found: dict[str, str] = {}
    doubled: set[str] = set()
    for row in block.split("\n"):
        key, colon, value = row.partition(":")
        name = _CANONICAL.get(key.strip().lower())
        if not colon or name is None:
            continue
        if name in found:
            doubled.add(name)
        found[name] = value.strip()
    return {key: value for key, value in found.items() if key not in doubled}


_CANONICAL = {key.lower(): key for key in ORDER}
_NUMBER = re.compile(r"[1-9][0-9]{0,5}")


def attempt_from(commit: str, when: int, trailers: Mapping[str, str], message: str) -> Attempt | None:
    """The attempt that a commit records, or ``None`` when its trailers are not a complete, valid record."""
    if any(not trailers.get(key) for key in REQUIRED):
        return None
    if not _NUMBER.fullmatch(trailers[ATTEMPT]) or trailers[OUTCOME] not in set(Outcome):
        return None
    return Attempt(
        commit=commit,
        stage=trailers[STAGE],
        error_hash=trailers[ERROR_HASH],
        number=int(trailers[ATTEMPT]),
        classification=trailers[CLASSIFICATION],
        outcome=Outcome(trailers[OUTCOME]),
        fixer=trailers.get(FIXER, ""),
        verified=trailers.get(VERIFIED, ""),
        patch_id=trailers.get(PATCH_ID, ""),
        fingerprint=trailers.get(FINGERPRINT, ""),
        source=trailers.get(SOURCE, Source.LOCAL),
        fix=_label(message, "Fix"),
        reason=_label(message, "Reason"),
        diff=_proposed(message),
        when=when,
    )


def _label(message: str, label: str) -> str:
    match = re.search(rf"^{label}: (.*)$", message, re.MULTILINE)
    return match.group(1) if match else ""


def _proposed(message: str) -> str:
    """The quoted diff of a record whose change did not land."""
    _, found, rest = message.partition(f"\n{PROPOSED}\n\n")
    rows: Sequence[str] = rest.split("\n") if found else ()
    block = []
    for row in rows:
        if row and not row.startswith(INDENT):
            break
        block.append(row)
    return unquote("\n".join(block).strip("\n")) if block else ""
