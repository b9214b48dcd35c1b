"""Which file of a type is the broken one, and a change that mends it: shared by the families of file formats."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Iterator

from git_executor.fixers.playbook.places import with_line
from git_executor.fixers.playbook.rule import Case, Fix, Said

Edit = Callable[[str, int], Iterable[tuple[str, str]]]
"""Of a text and the number (from 0) of the line that the checker names: new texts, each with what was done."""


def broken_file(case: Case, index: int, suffixes: tuple[str, ...], mention: str) -> str | None:
    """The broken file that log lines near ``index`` name (``mention`` is a pattern for such names); where they name
    none, the only broken one of the stage."""
    subject = case.briefing.failure.message.subject.file
    named = [subject] if subject and re.search(mention, subject) else []
    for _, line in case.near(index, 8, 8):
        named += [match[0] for match in re.finditer(mention, line[:2000])]
    located = [path for name in dict.fromkeys(named) if (path := case.locate(name))]
    broken = [path for path in dict.fromkeys(located) if case.faults(path)]
    if broken:
        return broken[0]
    if located or case.out_of_reach:
        return None
    found = [
        path
        for path in case.candidates[:300]
        if path.rpartition("/")[2].lower().endswith(suffixes) and case.faults(path)
    ]
    return found[0] if len(found) == 1 else None


def mend(case: Case, path: str, edits: Iterable[Edit], meaning: Callable[[str], Hashable]) -> Iterator[Fix]:
    """The first edit that leaves no fault, when everything that the same edit offers means the same; an edit that only
    gets further is followed by more of its kind, three at most."""
    text = case.text(path)
    fault = case.faults(path)[0]
    place = f" (line {fault.line})" if fault.line else ""
    for edit in edits:
        solved = dict(_solved(case, path, text, edit, 3))
        if solved:
            if len({meaning(new) for new in solved}) == 1:
                new, what = next(iter(solved.items()))
                yield Fix(path, new, f"{what} in {path}", f"{path} did not parse: {fault.message}{place}.")
            return


def _solved(case: Case, path: str, text: str, edit: Edit, rounds: int) -> Iterator[tuple[str, str]]:
    faults = case.faults(path, text)
    if not faults:
        return
    last = text.count("\n")
    at = min((faults[0].line or last + 1) - 1, last)
    for new, what in edit(text, at):
        if new == text:
            continue
        left = case.faults(path, new)
        if not left:
            yield new, what
        elif rounds > 1 and (left[0].line or 0) > at + 1:
            yield from _solved(case, path, new, edit, rounds - 1)


def line_edit(edit: Callable[[str], Iterable[tuple[str, str]]], before: int = 0) -> Edit:
    """An ``Edit`` out of an edit of one line, tried on the line at fault and ``before`` lines above it."""

    def apply(text: str, at: int) -> Iterator[tuple[str, str]]:
        lines = text.split("\n")
        for number in range(at, max(at - before, 0) - 1, -1):
            for line, what in edit(lines[number]):
                yield "\n".join(with_line(lines, number, line)), what

    return apply


def added_quote(line: str, quote: str, before: str, after: str) -> Iterator[str]:
    """The line with one more quote where a text may begin (behind ``before``) or end (in front of ``after``), when their
    number is odd. No text ends with a comma or with what begins a value."""
    bare = re.sub(r"\\.", "__", line)
    if bare.count(quote) % 2 == 0 or bare.count(quote) > 15:
        return
    for match in re.finditer(rf"(?<={before})(?=[^\s{quote}])|(?<=[^\s{quote},:=\[{{])(?={after}|$)|^(?=[^\s{quote}])", line):
        if not re.search(r"[\"'][ \t]*$", line[: match.start()]):  # two texts side by side are a missing comma as well
            yield line[: match.start()] + quote + line[match.start() :]


def located_line(case: Case, said: Said, text: str) -> int | None:
    """The line (from 0) that the log names, when the file has it."""
    number = int(said["line"]) - 1
    return number if 0 <= number <= text.count("\n") else None
