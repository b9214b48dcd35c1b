"""Which log lines the rules are asked about, and how a rule's patterns are searched."""

from __future__ import annotations

import re
from collections.abc import Iterator

from git_executor.fixers.playbook.rule import Case, Rule

_AROUND = 12
_LINE_CHARACTERS = 2000

# What follows these is no reason for the failure: the tool itself says that it went on.
_HARMLESS = (
    r"(?i)\b(?:warn(?:ing)?|ignor(?:ed|ing)|skipp(?:ed|ing)|retry(?:ing)?|using default|default(?:s|ing) to|falling back)\b"
)

# Called a warning, and yet a fault: it swallows the rest of the script, a unit loses the line, or nothing is done.
_GRAVE = r"here-document at line|Unknown (?:key|lvalue|section)|Missing '='|Invalid section header|Failed to parse [\w =]+, ignoring|Assignment outside of section|path is not absolute|Failed to add dependency|Neither a valid executable|host pattern, ignoring|includes undefined group"


def asked_lines(case: Case) -> Iterator[int]:
    """The line that ended the stage, then its neighbours, then the end of the log; harmless ones never."""
    last = len(case.lines) - 1
    if last < 0:
        return
    index = min(max(case.briefing.failure.message.index, 0), last)
    yield index
    order = [number for number, _ in case.near(index, _AROUND, _AROUND)]
    order += range(last, max(last - _AROUND, -1), -1)
    for number in dict.fromkeys(order):
        line = case.lines[number][:_LINE_CHARACTERS]
        if number != index and line.strip() and (re.search(_GRAVE, line) or not re.search(_HARMLESS, line)):
            yield number


def search(rule: Rule, case: Case, index: int) -> Iterator[re.Match[str]]:
    """The rule's first match in the line; for the line that ended the stage also in the message as a whole, which may
    run over several lines of the log."""
    found = list(_match(rule, case.lines[index]))
    message = case.briefing.failure.message
    if not found and index == message.index and message.text != case.lines[index]:
        found = list(_match(rule, message.text))
    yield from found


def _match(rule: Rule, line: str) -> Iterator[re.Match[str]]:
    line = line[:_LINE_CHARACTERS]
    lowered = line.lower()
    if any(word in lowered for word in rule.words):
        for pattern in rule.patterns:
            match = re.search(pattern, line)
            if match:
                yield match
                return
