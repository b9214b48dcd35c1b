"""The sections of a Case File, each cut to its share of the budget. Nothing here reads or writes anything."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from git_executor.domain import Attempt, Classification, Failure, FileExcerpt, Outcome, Stage
from git_executor.escalation.plaintext import clipped, one_line, tokens, visible
from git_executor.escalation.results import CommandResult

Clean = Callable[[str], str]
T = TypeVar("T")

# A tail of 60 to 100 lines, as operators paste them: what led to the message, and how the stage went down.
_LOG_MOST, _LOG_LEAST = 100, 60
_LOG_END = 20
_LINE = 500
_DIFF_LINES = 120


class Purse:
    """A budget of tokens that is spent."""

    def __init__(self, budget: int) -> None:
        self.left = max(budget, 0)
        self.paid = 0

    def share(self, part: float) -> Share:
        """Room for one section; what it does not use stays in the purse."""
        return Share(self, int(self.left * part))

    def pay(self, amount: int) -> None:
        self.left, self.paid = max(self.left - amount, 0), self.paid + amount


class Share:
    """The part of a purse that one section may spend."""

    def __init__(self, purse: Purse, left: int) -> None:
        self.purse, self.left = purse, left

    def buy(self, text: str) -> bool:
        """Pay for ``text`` when there is room for it."""
        cost = tokens(text)
        if cost > self.left:
            return False
        self.left -= cost
        self.purse.pay(cost)
        return True


@dataclass(frozen=True, slots=True)
class Segment:
    """Consecutive lines; ``first`` is the number of the first one where it is known, counted from 1."""

    first: int | None
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FilePart:
    """What is shown of a file that has ``total`` lines."""

    path: str
    total: int
    windows: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Past:
    """An earlier attempt and why it did not help."""

    number: int
    outcome: str
    source: str
    fixer: str
    commit: str
    fix: str
    reason: str
    why_not: str
    verified: str
    diff: str


@dataclass(frozen=True, slots=True)
class Diagnosed:
    """What one diagnostics command said."""

    command: str
    status: str
    exit_code: int | None
    seconds: float
    reason: str
    output: str
    file: str


@dataclass(frozen=True, slots=True)
class Omission:
    """Something that did not fit: what, and how much of it."""

    what: str
    detail: str


@dataclass(frozen=True, slots=True)
class Chosen(Generic[T]):
    shown: tuple[T, ...]
    omitted: tuple[Omission, ...] = ()


# --- the stage --------------------------------------------------------------------------------------


def stage(stage: Stage, short: Callable[[str], str]) -> Stage:
    """The stage with its texts made safe to show; its name and its files are checked already."""
    return stage._replace(
        description=short(stage.description),
        command=short(stage.command),
        files=tuple(visible(path) for path in stage.files),
        success_criteria=tuple(short(text) for text in stage.success_criteria),
        diagnostics=tuple(short(text) for text in stage.diagnostics),
        verify=tuple(short(text) for text in stage.verify),
    )


# --- the log ----------------------------------------------------------------------------------------


def log(failure: Failure, clean: Clean, purse: Purse) -> tuple[Segment, ...]:
    """60 to 100 lines that hold the message and the log's end: one segment, or two when they lie far apart."""
    index = failure.message.index
    lines, numbered = _clean_lines(failure.excerpt.lines, index, clean)
    index = min(max(numbered, 0), max(len(lines) - 1, 0))
    shown: tuple[Segment, ...] = ()
    for count in range(_LOG_MOST, _LOG_LEAST - 1, -10):
        spans = _spans(len(lines), index, count)
        shown = tuple(
            Segment(failure.excerpt.number(start), tuple(clipped(line, _LINE) for line in lines[start:end]))
            for start, end in spans
        )
        text = "\n".join(line for segment in shown for line in segment.lines)
        if purse.share(0.4).buy(text):
            return shown
    # Very long lines: the message keeps its room, the others give way.
    limit = max(80, int(purse.left * 0.4) * 3 // _LOG_LEAST)
    shown = tuple(replace(part, lines=tuple(clipped(line, limit) for line in part.lines)) for part in shown)
    purse.pay(tokens("\n".join(line for part in shown for line in part.lines)))
    return shown


def _clean_lines(lines: Sequence[str], index: int, clean: Clean) -> tuple[list[str], int]:
    """The log redacted as a whole, since a key may begin before the lines that are shown, and the message's place."""
    cleaned = clean("\n".join(lines)).split("\n")
    if len(cleaned) != len(lines):  # whole lines were taken out: count how many stood before the message
        index = clean("\n".join(lines[: index + 1])).count("\n")
    return cleaned, index


def _spans(total: int, index: int, count: int) -> list[tuple[int, int]]:
    """Half-open line ranges of at most ``count`` lines in all: the tail, or the message's surroundings and the end."""
    if index >= total - count + 5:
        return [(max(total - count, 0), total)]
    around = count - _LOG_END
    start = max(index - around * 2 // 3, 0)
    return [(start, start + around), (total - _LOG_END, total)]


# --- notes ------------------------------------------------------------------------------------------

_NOTE_CHARACTERS = 1200


def notes(texts: Sequence[str], clean: Clean, share: Share) -> Chosen[str]:
    """The Executor's observations, each kept to a paragraph."""
    shown = []
    for text in texts:
        note = clipped(clean(text).strip(), _NOTE_CHARACTERS)
        if note and share.buy(note):
            shown.append(note)
    missing = sum(1 for text in texts if text.strip()) - len(shown)
    return Chosen(tuple(shown), (Omission("notes", f"{missing} more"),) if missing else ())


# --- earlier attempts -------------------------------------------------------------------------------

_WHY_NOT = {
    Outcome.FIXED: "It was committed, and the stage failed again with the same error.",
    Outcome.DECLINED: "No fixer had a usable fix.",
    Outcome.REJECTED: "The change was refused and did not land.",
    Outcome.REPEATED: "It only repeated an earlier attempt.",
    Outcome.ESCALATED: "The failure was handed to the API tier.",
    Outcome.RESET: "A person asked for fresh attempts.",
    Outcome.REVERTED: "It was undone by a revert.",
}


def history(attempts: Sequence[Attempt], clean: Clean, share: Share) -> Chosen[Past]:
    """Every attempt; the newest keep their diffs longest when the budget is short."""
    shown: list[Past] = []
    omitted: list[Omission] = []
    for attempt in reversed(attempts):
        past = _past(attempt, clean)
        if not share.buy(_past_text(past)):
            if past.diff:
                omitted.append(Omission(f"diff of attempt {attempt.number}", f"git show {attempt.commit[:12]}"))
            past = replace(past, diff="", fix=clipped(past.fix, 160), reason=clipped(past.reason, 240))
            share.purse.pay(tokens(_past_text(past)))
        shown.append(past)
    return Chosen(tuple(reversed(shown)), tuple(reversed(omitted)))


def _past(attempt: Attempt, clean: Clean) -> Past:
    return Past(
        number=attempt.number,
        outcome=str(attempt.outcome),
        source=str(attempt.source),
        fixer=one_line(clean(attempt.fixer)),
        commit=attempt.commit,
        fix=one_line(clean(attempt.fix), 600),
        reason=one_line(clean(attempt.reason), 1200),
        why_not=_WHY_NOT[attempt.outcome],
        verified=one_line(clean(attempt.verified)),
        diff=_head(clean(attempt.diff).rstrip("\n"), _DIFF_LINES),
    )


def _past_text(past: Past) -> str:
    return "\n".join((past.fix, past.reason, past.why_not, past.verified, past.diff))


def _head(text: str, count: int) -> str:
    lines = [clipped(line, _LINE) for line in text.split("\n")]
    if len(lines) > count:
        lines[count:] = [f"[... {len(lines) - count} more lines ...]"]
    return "\n".join(lines)


# --- files and memo ---------------------------------------------------------------------------------


def files(excerpts: Sequence[FileExcerpt], clean: Clean, share: Share) -> Chosen[FilePart]:
    """The windows in the order in which they come, as long as there is room; the rest is named."""
    shown: list[FilePart] = []
    omitted: list[Omission] = []
    for excerpt in excerpts:
        windows: list[Segment] = []
        left_out: list[str] = []
        for window in excerpt.windows:
            lines = clean("\n".join(window.lines)).split("\n")
            span = f"{window.first}-{window.first + len(window.lines) - 1}"
            if share.buy("\n".join(lines)):
                windows.append(Segment(window.first, tuple(lines)))
            else:
                left_out.append(span)
        if windows or not excerpt.windows:
            shown.append(FilePart(visible(excerpt.path), excerpt.total, tuple(windows)))
        if left_out:
            omitted.append(Omission(visible(excerpt.path), f"lines {', '.join(left_out)} of {excerpt.total}"))
    return Chosen(tuple(shown), tuple(omitted))


def memo(excerpts: Sequence[str], clean: Clean, share: Share) -> Chosen[str]:
    """The architecture excerpts that fit, in the order in which they come."""
    shown: list[str] = []
    omitted: list[Omission] = []
    for excerpt in excerpts:
        text = clean(excerpt).strip()
        if not text:
            continue
        if share.buy(text):
            shown.append(text)
        else:
            title = one_line(text.partition("\n")[0].lstrip("# "), 80)
            omitted.append(Omission(f"architecture: {title}", f"about {tokens(text)} tokens"))
    return Chosen(tuple(shown), tuple(omitted))


# --- diagnostics ------------------------------------------------------------------------------------


def diagnostics(results: Sequence[CommandResult], clean: Clean, share: Share) -> Chosen[Diagnosed]:
    """Every command with its outcome; outputs share the room evenly, what a short one leaves goes to the next."""
    shown: list[Diagnosed] = []
    omitted: list[Omission] = []
    speaking = sum(1 for result in results if result.output)
    for result in results:
        room = share.left // max(speaking, 1)
        full = clean(result.output).rstrip("\n")
        output = _head_and_tail(full, room)
        if result.output:
            speaking -= 1
        if output != full or result.truncated:
            omitted.append(Omission(f"output of {one_line(result.command, 80)}", f"the rest is in {result.file}"))
        share.buy(output)
        shown.append(
            Diagnosed(
                command=one_line(clean(result.command)),
                status=str(result.status),
                exit_code=result.exit_code,
                seconds=round(result.seconds, 1),
                reason=one_line(clean(result.reason)),
                output=output,
                file=visible(result.file),
            )
        )
    return Chosen(tuple(shown), tuple(omitted))


def _head_and_tail(text: str, room: int) -> str:
    """``text`` in at most ``room`` tokens: two thirds from its head, one third from its end, whole lines."""
    if tokens(text) <= room:
        return text
    lines = [clipped(line, _LINE) for line in text.split("\n")]
    head = _take(lines, room * 2 // 3)
    tail = _take(lines[len(head) :][::-1], room // 3)[::-1]
    gap = len(lines) - len(head) - len(tail)
    return "\n".join([*head, *([f"[... {gap} lines ...]"] if gap else []), *tail])


def _take(lines: Sequence[str], room: int) -> list[str]:
    taken: list[str] = []
    for line in lines:
        room -= tokens(line + "\n")
        if room < 0:
            break
        taken.append(line)
    return taken


# --- what a person should look at -------------------------------------------------------------------

_LOOK_AT: dict[Classification, str] = {
    Classification.PERMISSION_DENIED: "Who runs the stage, and what that account or token may do on {place}.",
    Classification.MISSING_FILE: "Whether {place} is made by an earlier stage, or its path changed.",
    Classification.COMMAND_NOT_FOUND: "Whether {place} is installed on this machine and on the PATH of the stage.",
    Classification.NETWORK_ERROR: "Whether {place} answers from this machine: address, name, port, firewall.",
    Classification.YAML_PARSE_ERROR: "The indentation and quotes of {place} just above the line that is named.",
    Classification.TALOS_ERROR: "Whether the node of {place} runs, and that talosconfig matches this cluster.",
    Classification.PROXMOX_ERROR: "The state of {place} on the Proxmox host: the VM, its storage, its locks.",
    Classification.UNKNOWN: "The first line of the log that does not belong to a good run of this stage.",
}


def look_at(failure: Failure, short: Callable[[str], str]) -> tuple[str, ...]:
    """Pointers for a person, from the classification and from what the message is about."""
    subject = failure.message.subject
    host = f"{subject.host}:{subject.port}" if subject.host and subject.port else subject.host
    place = host or subject.path or subject.file or subject.resource or subject.command or subject.variable
    hints = [_LOOK_AT[failure.classification].format(place=short(place) if place else "what the message names")]
    if failure.runner_up is not None:
        hints.append(f"It might be a {failure.runner_up} in disguise; the evidence for that was only a little weaker.")
    if subject.file:
        where = f"{subject.file}:{subject.line}" if subject.line else subject.file
        hints.append(f"The message points at {short(where)}.")
    return tuple(hints)
