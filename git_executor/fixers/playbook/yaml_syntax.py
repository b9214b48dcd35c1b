"""YAML that does not parse: one small edit after which it does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml

from git_executor.fixers.playbook.rule import Case, Fix, Rule, Said
from git_executor.fixers.playbook.yaml_edits import TIERS, Edit, Lines, equal_sides, indent, indentation, step

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_ROUNDS = 4
_PATH = r"[\w@%+.~/\-]*[\w\-]\.(?:ya?ml|j2)\b|\b(?:talosconfig|kubeconfig|kustomization)\b"


def yaml_syntax(case: Case, said: Said) -> Iterator[Fix]:
    """Mend the YAML file that the log names, or the one file of the stage that does not parse."""
    for path in yaml_files(case, said.index):
        text = case.text(path)
        if not text:
            continue
        if "\n<<<<<<< " in f"\n{text}" and "\n>>>>>>> " in text and not any(equal_sides(text.split("\n"), 0)):
            case.advise(f"{path} holds merge conflict markers; a person must choose a side")
            continue
        mended = _mended(case, path, text)
        if mended:
            new, what = mended
            yield Fix(
                path,
                new,
                f"Fixed the YAML syntax of {path}: {what}",
                f"{path} did not parse: {_complaint(case, path)}.",
            )


def yaml_files(case: Case, index: int) -> list[str]:
    """The broken YAML files that the log may mean: those that it names near the message, else the only broken one.

    A file that is named but sound, or not the stage's, leaves nothing to guess.
    """
    subject = case.briefing.failure.message.subject
    named = [mention for mention in (subject.file, subject.path) if mention and re.search(_PATH, mention)]
    for number, line in case.near(index, 8, 8):
        if number == index or not re.search(r"\bis valid\b|\b(?:unchanged|configured|created|passed)\b", line):  # else it speaks of a sound file
            named += re.findall(_PATH, line[:2000])
    located = [path for mention in dict.fromkeys(named) if (path := case.locate(mention))]
    broken = [path for path in dict.fromkeys(located) if case.faults(path)]
    if broken:
        return broken[:1]
    if located or case.out_of_reach:
        return []
    known = [path for path in case.candidates[:300] if path.endswith((".yaml", ".yml")) or "config" in path]
    broken = [path for path in known if any(fault.checker == "yaml" for fault in case.faults(path))]
    return broken if len(broken) == 1 else []


def _complaint(case: Case, path: str) -> str:
    fault = case.faults(path)[0]
    return fault.message + (f" (line {fault.line})" if fault.line else "")


def _mended(case: Case, path: str, text: str) -> tuple[str, str] | None:
    """The text after at most a few edits of the same sort, and what they were; ``None`` when that is not certain."""
    for _ in range(_ROUNDS):
        faults = case.faults(path, text)
        if not faults or faults[0].message.startswith("duplicate key"):
            return None  # which of two keys is meant is another rule's question
        at = faults[0].line
        lines = text.split("\n")
        number = min((at or len(lines)) - 1, len(lines) - 1)
        solved, advanced = _edited(case, path, lines, number)
        if solved:
            return _tidiest(text, solved) if len({meaning(new) for new, _ in solved}) == 1 else None
        if len({new for new, _ in advanced}) != 1:
            return None
        text = advanced[0][0]
    return None


def _tidiest(text: str, solved: list[tuple[str, str]]) -> tuple[str, str]:
    """Of edits that mean the same: the one that leaves the fewest lines off the file's step, then the smallest."""
    width, old = step(text.split("\n")), text.split("\n")

    def untidiness(one: tuple[str, str]) -> tuple[int, int]:
        lines = one[0].split("\n")
        changed = sum(a != b for a, b in zip(old, lines, strict=False)) + abs(len(old) - len(lines))
        return sum(bool(line.strip()) and indent(line) % width != 0 for line in lines), changed

    return min(solved, key=untidiness)


def _edited(case: Case, path: str, lines: Lines, number: int) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """The edits of the first tier that has any: those that solve it, and those after which the reader gets further."""
    first_advance: list[tuple[str, str]] = []
    while number > 0 and not lines[number].strip():
        number -= 1
    for tier in TIERS:
        solved: list[tuple[str, str]] = []
        advanced: list[tuple[str, str]] = []
        for edit in tier.edits:
            one, other = _tried(case, path, lines, number, edit)
            solved += one
            advanced += other
        if solved:
            return solved, []
        first_advance = first_advance or advanced
    return [], first_advance


def _tried(
    case: Case, path: str, lines: Lines, number: int, edit: Edit
) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    solved: list[tuple[str, str]] = []
    advanced: list[tuple[str, str]] = []
    for new_lines, what in edit(lines, number):
        text = "\n".join(new_lines)
        if new_lines == lines:
            continue
        faults = case.faults(path, text)
        if not faults and swallows(lines, new_lines):
            continue
        if not faults:
            if edit is indentation and solved and solved[0][1] != what:
                break  # nearest depth first: a farther one is another meaning, not another fix
            solved.append((text, what))
        elif (faults[0].line or 0) > number + 2:
            advanced.append((text, what))
    return solved, advanced


def swallows(old: Lines, new: Lines) -> bool:
    """Whether a plain value runs over a changed line into the next: it parses, and the key on it is lost."""
    start = next((number for number, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), len(new))
    end = len(new) - next((number for number, (a, b) in enumerate(zip(reversed(old), reversed(new), strict=False)) if a != b), 0)
    for event in yaml.parse("\n".join(new), Loader=_LOADER):
        if isinstance(event, yaml.ScalarEvent) and not event.style and event.start_mark and event.end_mark:
            first, last = event.start_mark.line, event.end_mark.line
            if first < last and first <= end and last >= start:
                return True
    return False


def meaning(text: str) -> tuple[object, ...]:
    """What the YAML says, without how it is laid out; the text itself where it does not parse."""
    try:
        return tuple(
            (
                type(event).__name__,
                getattr(event, "value", None),
                getattr(event, "tag", None),
                getattr(event, "anchor", None),
            )
            for event in yaml.parse(text, Loader=_LOADER)
        )
    except yaml.YAMLError:
        return (text,)


def duplicate_key(case: Case, said: Said) -> Iterator[Fix]:
    """The same key with the same value twice in a row of siblings: the second goes. With two values a person must choose."""
    for path in yaml_files(case, said.index):
        text = case.text(path)
        fault = next((fault for fault in case.faults(path) if fault.message.startswith("duplicate key")), None)
        if fault is None or fault.line is None:
            continue
        lines = text.split("\n")
        second = fault.line - 1
        entry = lines[second].strip()
        depth = len(lines[second]) - len(lines[second].lstrip())
        first = second - 1
        while first >= 0 and not (
            lines[first].strip().split(":")[0] == entry.split(":")[0]
            and lines[first].startswith(" " * depth + entry[0])
        ):
            first -= 1
        if first >= 0 and lines[first].rstrip() == lines[second].rstrip() and not entry.endswith((":", "|", ">")):
            yield Fix(path, "\n".join(lines[:second] + lines[second + 1 :]), f"Removed the second of two identical entries {entry.split(':')[0]!r}",
                      f"{path} gives the same key twice with the same value (line {fault.line}).")  # fmt: skip
        else:
            case.advise(f"{path}:{fault.line} gives a key twice with different values; a person must choose one")


_SYNTAX = (
    r"(?i)mapping values are not allowed|did not find expected|could not find expected|found character that cannot start|"
    r"cannot start any token|found unexpected|found a tab|found undefined alias|unknown anchor|expected [<',]|\(syntax\)|expected alphabetic|"
    r"while (?:scanning|parsing) |"
    r"block sequence entries are not allowed|block (?:mapping|collection|end)|yaml: (?:line \d+|unmarshal|control|invalid)|"
    r"(?:scanner|parser|composer|reader|constructor)error|yaml syntax error|syntax error while loading yaml|yamlexception|yamlparse|"
    r"bad indentation|error converting yaml to json|error parsing .*ya?ml|failed to parse .*ya?ml|malformedyaml|cannot unmarshal|"
    r"unhashable|unacceptable key|tab character|special characters are not allowed|multiple documents|expected a comment|invalid yaml|"
    r"yaml parsing failed|nested mappings are not allowed|implicit (?:map )?keys?|missing closing|invalid leading utf-8|psych::syntaxerror|yaml.{0,40}(?:syntax|invalid|parse)",
)

RULES: tuple[Rule, ...] = (
    Rule("yaml-duplicate-key", ("duplicate", "already defined", "already set", "unique"),
         (r"(?i)duplicate(?:d)? (?:mapping )?key|(?:mapping )?key .* already (?:defined|set)|duplicate entry|keys must be unique|duplicated mapping key",),
         duplicate_key),
    Rule("yaml-syntax", ("yaml", "mapping", "expected", "token", "indent", "scanning", "parsing", "unhashable", "found", "alias",
                         "anchor", "implicit", "psych", "special characters"), _SYNTAX, yaml_syntax),
)  # fmt: skip
