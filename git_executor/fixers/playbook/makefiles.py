"""Makefiles: recipes, conditionals and definitions that make refuses, and names with one near candidate."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from git_executor.fixers.playbook.broken import located_line
from git_executor.fixers.playbook.near import distance, one_defined
from git_executor.fixers.playbook.rule import Case, Fix, Rule, Said

_CONDITIONS = ("ifeq", "ifneq", "ifdef", "ifndef")
_WORDS = (*_CONDITIONS, "else", "endif", "define", "endef", "include", "export", "override", "vpath", "undefine")
_TARGET = r"^(?!\t)([\w./% -]+):(?![:=]*=)"
_MAKEFILES = r"(?i)(?:^|/)(?:gnu)?makefile$|\.mk$"


def _place(case: Case, said: Said) -> tuple[str, list[str], int] | None:
    path = case.locate(said["file"])
    text = case.text(path) if path else ""
    number = located_line(case, said, text)
    return None if path is None or number is None else (path, text.split("\n"), number)


def _targets(text: str) -> set[str]:
    return {name for match in re.finditer(_TARGET, text, re.MULTILINE) for name in match[1].split()}


# --- a line that is no rule, no assignment and no recipe --------------------------------------------------


def tab(case: Case, said: Said) -> Iterator[Fix]:
    """Spaces for tabs: the line that make names and the recipe that it belongs to."""
    place = _place(case, said)
    if place is None:
        return
    path, lines, number = place
    first = number
    while first > 0 and re.match(r"[ \t]+\S", lines[first - 1]):
        first -= 1
    if not re.match(r" +\S", lines[number]) or first == 0 or not re.match(r"[^\s#=][^=]*:(?!=)", lines[first - 1]):
        return
    end = number
    while end < len(lines) and re.match(r"[ \t]+\S", lines[end]):
        end += 1
    for at in range(first, end):
        lines[at] = re.sub(r"^ +\t*", "\t", lines[at])
    yield Fix(path, "\n".join(lines), f"Indented the recipe in {path} with tabs",
              f"make wants a tab before every line of a recipe; line {number + 1} begins with spaces.")  # fmt: skip


def colon(case: Case, said: Said) -> Iterator[Fix]:
    """``deploy lint`` above a recipe, where ``deploy`` is asked for elsewhere as a target."""
    place = _place(case, said)
    if place is None:
        return
    path, lines, number = place
    text = "\n".join(lines)
    head = re.match(r"([\w.-]+)((?:[ \t]+[\w./-]+)*)[ \t]*$", lines[number])
    below = lines[number + 1] if number + 1 < len(lines) else ""
    if not head or not below.startswith("\t"):
        return
    asked = {name for match in re.finditer(r"^[^\s:#=][^:=\n]*:(?!=)([^=\n]*)$", text, re.MULTILINE) for name in match[1].split()}
    asked |= set(re.findall(r"\bmake(?: +-\S+)* +([\w.-]+)", case.briefing.stage.command))
    if head[1] in asked and set(head[2].split()) <= _targets(text) | asked:
        lines[number] = f"{head[1]}:{head[2]}"
        yield Fix(path, "\n".join(lines), f"Added the colon after the target {head[1]}", f"{path}:{number + 1} begins a rule, and its target lacks the colon.")


def assignment(case: Case, said: Said) -> Iterator[Fix]:
    """``TAG 1.0``: a name that the file uses and nothing sets, without its operator."""
    place = _place(case, said)
    if place is None:
        return
    path, lines, number = place
    text = "\n".join(lines)
    match = re.match(r"([A-Z][A-Z0-9_]*)\s+([^\s:=$][^:=$]*)$", lines[number])
    if match and re.search(rf"\$[({{]{match[1]}[)}}]", text) and not re.search(rf"(?m)^\s*(?:export\s+)?{match[1]}\s*[:?+]?=", text):
        used = Counter(re.findall(r"(?m)^[A-Z][A-Z0-9_]*\s*(:=|\?=|=)", text))
        operator = used.most_common(1)[0][0] if used else ":="
        lines[number] = f"{match[1]} {operator} {match[2]}"
        yield Fix(path, "\n".join(lines), f"Wrote {operator} between {match[1]} and its value", f"{path}:{number + 1} is no rule, and $({match[1]}) is used below.")


def comment(case: Case, said: Said) -> Iterator[Fix]:
    place = _place(case, said)
    match = re.match(r"\s*(?://+|;+)\s*(.*)$", place[1][place[2]]) if place else None
    if place and match:
        path, lines, number = place
        lines[number] = f"# {match[1]}"
        yield Fix(path, "\n".join(lines), f"Began the comment on line {number + 1} with #", "make knows no other comments.")


def directive(case: Case, said: Said) -> Iterator[Fix]:
    """``ifeg``, ``esle``, ``ifeq($(A),b)`` and ``ifeq ($(A) b)``: make's own words and the form of a condition."""
    place = _place(case, said)
    if place is None:
        return
    path, lines, number = place
    found = set(_directives(lines[number]))
    if len(found) == 1:
        lines[number] = found.pop()
        yield Fix(path, "\n".join(lines), f"Corrected the directive on line {number + 1} of {path}", f"make knows nothing like {place[1][number].strip()[:60]!r} there.")


def _directives(line: str) -> Iterator[str]:
    glued = re.match(r"(\s*)(ifn?eq)(\(.*)$", line)
    if glued:
        yield f"{glued[1]}{glued[2]} {glued[3]}"
        return
    word = re.match(r"(\s*)([a-z]+)(?=[\s(]|$)", line)
    if word and word[2] not in _WORDS:
        near = [known for known in _WORDS if len(word[2]) >= 3 and distance(word[2], known, 1) == 1]
        if len(near) == 1:
            yield word[1] + near[0] + line[word.end() :]
        return
    condition = re.match(r"(\s*ifn?eq\s+)(.+?)\s*$", line)
    if condition:
        inside = condition[2]
        if inside.startswith("(") and inside.count("(") == inside.count(")") + 1:
            yield f"{condition[1]}{inside})"
        elif re.fullmatch(r"\(\$[({]\w+[)}]\s+[\w.-]+\)", inside):
            yield condition[1] + re.sub(r"\s+", ",", inside)
        elif re.fullmatch(r"\$[({]\w+[)}]\s*,\s*[\w.-]*", inside):
            yield f"{condition[1]}({inside})"


# --- what is opened and not closed ------------------------------------------------------------------------


def unclosed(case: Case, said: Said) -> Iterator[Fix]:
    """``endif`` or ``endef``: a slip of the word, or the end of the one run of lines that can only belong inside."""
    place = case.locate(said["file"])
    if place is None:
        return
    lines = case.text(place).split("\n")
    wanted = said["word"]
    opened = _open_at(lines, wanted)
    if opened is None:
        return
    slips = [at for at in range(opened + 1, len(lines)) if lines[at].strip() not in _WORDS and not lines[at].startswith("\t")
             and (re.match(rf"\s*(?:end|{_FOREIGN_ENDS[wanted]})\s*$", lines[at]) or distance(lines[at].strip(), wanted, 1) == 1)]  # fmt: skip
    if len(slips) == 1:
        what = f"Corrected {lines[slips[0]].strip()} to {wanted}"
        lines[slips[0]] = lines[slips[0]].replace(lines[slips[0]].strip(), wanted)
        yield Fix(place, "\n".join(lines), what, f"{place}:{opened + 1} opens what only {wanted} closes.")
        return
    end = _run(lines, opened, wanted)
    if end is not None and not slips:
        lines.insert(end, lines[opened][: len(lines[opened]) - len(lines[opened].lstrip())] + wanted)
        yield Fix(place, "\n".join(lines), f"Added the missing {wanted} after line {end} of {place}", f"{place}:{opened + 1} opens what only {wanted} closes.")


_FOREIGN_ENDS = {"endif": "fi|end ?if", "endef": "end ?def|enddefine|end ?define"}


def _open_at(lines: list[str], wanted: str) -> int | None:
    """The line of the one opener that nothing closes; of a condition with ``else``, that line."""
    stack: list[int] = []
    for number, line in enumerate(lines):
        word = (re.match(r"\s*(?:override\s+)?([a-z]+)\b", line) or ["", ""])[1]
        if line.startswith("\t"):
            continue
        if word in (_CONDITIONS if wanted == "endif" else ("define",)):
            stack.append(number)
        elif word == wanted and stack:
            stack.pop()
        elif word == "else" and stack and wanted == "endif":
            stack[-1] = number
    return stack[0] if len(stack) == 1 else None


def _run(lines: list[str], opened: int, wanted: str) -> int | None:
    """Where the run of lines below an opener ends, when a blank line says so and what follows begins something new."""
    end = opened + 1
    while end < len(lines) and lines[end].strip():
        end += 1
    body = lines[opened + 1 : end]
    after = next((line for line in lines[end:] if line.strip()), "")
    inside = r"\s*(?:export\s+)?[\w.-]+\s*[:?+]?=|\s+\S" if wanted == "endif" else r"."
    if not body or not all(re.match(inside, line) for line in body) or (after.startswith(("\t", " "))):
        return None
    if wanted == "endef" and any(re.match(r"[\w.-]+\s*[:?+]?=|[\w./-]+:", line) for line in body):
        return None
    return end


def call(case: Case, said: Said) -> Iterator[Fix]:
    """``$(shell date`` without its parenthesis at the end of the line."""
    place = _place(case, said)
    if place is None:
        return
    path, lines, number = place
    line = lines[number].rstrip()
    if line.count("(") == line.count(")") + 1 and not line.endswith("\\") and line.count("$(") == 1:
        lines[number] = line + ")"
        yield Fix(path, "\n".join(lines), f"Closed the call on line {number + 1}", f"{path}:{number + 1} opens $( and does not close it.")


# --- names ------------------------------------------------------------------------------------------------


def prerequisite(case: Case, said: Said) -> Iterator[Fix]:
    """A prerequisite that is a slip of exactly one target, or a target that only this prerequisite can mean."""
    wanted, by = said["target"], said["by"]
    for path in case.candidates[:200]:
        text = case.text(path) if re.search(_MAKEFILES, path) else ""
        rule = re.search(rf"^{re.escape(by)}\s*:(?!=)[^\n]*?(?<![\w./-])({re.escape(wanted)})(?![\w./-])", text, re.MULTILINE)
        near = one_defined(wanted, _targets(text)) if rule else None
        if near and rule:
            yield Fix(path, text[: rule.start(1)] + near + text[rule.end(1) :], f"Corrected the prerequisite {wanted} to {near}",
                      f"{path} has no rule for {wanted}; {near} is the one target with nearly that name.")  # fmt: skip


_RESERVED = frozenset("MAKE MAKEFLAGS MAKECMDGOALS MAKEFILE_LIST CURDIR SHELL CC CXX CFLAGS LDFLAGS RM AR HOME USER PATH PWD HOSTNAME LANG TERM CI EDITOR VERBOSE DEBUG DESTDIR PREFIX".split())  # noqa: SIM905


def variable(case: Case, said: Said) -> Iterator[Fix]:
    """``$(IMAEG)`` in the recipe that failed: nothing sets it, and one name that something sets is nearly that."""
    place = _place(case, said)
    if place is None:
        return
    path, lines, number = place
    makefiles = [other for other in case.candidates[:200] if re.search(_MAKEFILES, other)]
    known = {name for other in makefiles for name in re.findall(r"(?m)^\s*(?:export\s+|override\s+)*(?:define\s+)?([A-Za-z_][\w.-]*)\s*(?:[:?+!]*=|$)", case.text(other))}
    first, end = _recipe(lines, number)
    wrong = {name for line in lines[first:end] for name in re.findall(r"(?<!\$)\$[({]([A-Za-z_]\w+)[)}]", line)} - known - _RESERVED
    near = {name: one_defined(name, known) for name in wrong}
    found = [(name, to) for name, to in near.items() if to]
    if len(found) == 1:
        name, to = found[0]
        for at in range(first, end):
            lines[at] = re.sub(rf"(?<!\$)(\$[({{]){re.escape(name)}(?=[)}}])", rf"\g<1>{to}", lines[at])
        yield Fix(path, "\n".join(lines), f"Corrected the variable {name} to {to}", f"Nothing sets $({name}), which the failing recipe uses; {to} is the one near name.")


def continuation(case: Case, said: Said) -> Iterator[Fix]:
    """A blank behind the backslash at a line's end, in the recipe that failed."""
    place = _place(case, said)
    if place is None:
        return
    path, lines, number = place
    first, end = _recipe(lines, number)
    found = [at for at in range(first, end) if re.search(r"\\[ \t]+$", lines[at])]
    if found and any(re.search(r"(?i)syntax error|unexpected", line) for _, line in case.near(said.index, 3, 0)):
        for at in found:
            lines[at] = lines[at].rstrip()
        yield Fix(path, "\n".join(lines), f"Removed the blank behind the backslash on line {found[0] + 1}", "A backslash goes on to the next line only where it is the last character.")


def _recipe(lines: list[str], number: int) -> tuple[int, int]:
    """The first line and the end of the rule around a line."""
    first = number
    while first > 0 and (lines[first].startswith("\t") or not lines[first].strip() or lines[first].startswith("#")):
        first -= 1
    end = number + 1
    while end < len(lines) and lines[end].startswith("\t"):
        end += 1
    return first, end


_SEPARATOR = (r"(?P<file>\S+?):(?P<line>\d+): \*\*\* missing separator",)
_FAILED = (r"make(?:\[\d+\])?: \*\*\* \[(?P<file>[^\s:\]]+):(?P<line>\d+): [^\]]+\] Error \d+",)

RULES: tuple[Rule, ...] = (
    Rule("makefile-tab", ("missing separator",), _SEPARATOR, tab),
    Rule("makefile-colon", ("missing separator",), _SEPARATOR, colon),
    Rule("makefile-comment", ("missing separator",), _SEPARATOR, comment),
    Rule("makefile-assignment", ("missing separator",), _SEPARATOR, assignment),
    Rule("makefile-directive", ("missing separator", "in conditional"), (*_SEPARATOR, r"(?P<file>\S+?):(?P<line>\d+): \*\*\* invalid syntax in conditional"), directive),
    Rule("makefile-end", ("missing 'end", "missing `end"), (r"(?P<file>\S+?):(?P<line>\d+): \*\*\* missing ['`](?P<word>endif|endef)'",), unclosed),
    Rule("makefile-call", ("unterminated",), (r"(?P<file>\S+?):(?P<line>\d+): \*\*\* unterminated (?:call to function|variable reference)",), call),
    Rule("makefile-target", ("no rule to make",), (r"No rule to make target ['`](?P<target>[^']+)', needed by ['`](?P<by>[^']+)'",), prerequisite),
    Rule("makefile-variable", ("*** [",), _FAILED, variable),
    Rule("makefile-continuation", ("*** [",), _FAILED, continuation),
)  # fmt: skip
