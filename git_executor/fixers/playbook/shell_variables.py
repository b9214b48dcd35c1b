# ruff: noqa: RUF001 - tools quote with typographic marks
"""Shell: a variable that is used but has no value."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from git_executor.fixers.playbook.near import distance, one_defined, slips, spelt_better
from git_executor.fixers.playbook.rule import Case, Fix, Rule, Said
from git_executor.fixers.playbook.script import (
    code,
    compound_lines,
    definitions,
    is_settings,
    lines_of,
    sourced,
    sourcing,
    uses,
)

_UPPER = r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*"
_QUOTE = r"[\"'`‘’]?"
_KIND = r"(?:(?:environment |env )?(?:variable|var|parameter|setting)s?)"

_BY_SHELL = (
    # bash and ksh; then what bash says in German, French, Spanish, Portuguese, Italian and Polish
    r"(?:(?P<script>[^\s:]+): )?(?:(?:line |Zeile |ligne |línea |linea |linha |linia |wiersz )?(?P<line>\d+) ?: )?"
    r"(?P<name>[A-Za-z_]\w*)(?P<array>\[[^\]]*\])?[ :]+"
    r"(?:unbound variable|[Nn]icht gesetzte Variable|variable sans liaison|variable sin asignar|"
    r"variável não associada|variabile non assegnata|nieustawiona zmienna)",
    r"(?P<script>[^\s:]+): (?:line )?(?P<line>\d+): (?P<name>[A-Za-z_]\w*): parameter not set",  # dash
    r"(?P<script>[^\s:]+):(?P<line>\d+): (?P<name>[A-Za-z_]\w*): parameter not set",  # zsh
)
_BY_SCRIPT = (
    rf"\$?\{{?{_QUOTE}\b(?P<name>{_UPPER})\b{_QUOTE}\}}?(?: {_KIND})?(?:,)? "
    r"(?:(?:is|was|are) |has )?(?:not (?:been )?(?:set|defined|provided|specified|exported|configured|found in (?:the )?environment)|"
    r"unset|undefined|required|missing|empty|must be (?:set|defined|provided|exported))\b",
    rf"(?i:missing|required|undefined|unset|unbound|set|export|define|provide|need(?:s)?)(?: a| the| value for)?(?: (?i:required|mandatory))? ?(?i:{_KIND})?"
    rf"(?: (?i:is not set|not set|missing))?:? ?\$?{_QUOTE}(?P<name>{_UPPER})\b{_QUOTE}",
    rf"(?i:{_KIND}) \$?{_QUOTE}(?P<name>{_UPPER})\b{_QUOTE} (?:(?:is|was) )?(?:not|un|missing|required|empty|must)",
)

_HEADER_COMMAND = r"(?:set|shopt|source|\.|umask|readonly|export|declare|typeset|cd|trap|:|unset)(?:\s|$)"
_ASSIGNMENT = r"(?:(?:export|readonly|declare|typeset)\s+(?:-\w+\s+)*)?[A-Za-z_]\w*="
_DEFAULT = r"(?:(?:export|readonly)\s+)?(?P<name>[A-Za-z_]\w*)=[\"']?\$\{(?P=name):?[-=]"
_SET_DEFAULT = r":\s+[\"']?\$\{[A-Za-z_]\w*:?="
_REQUIRED = r":\s+[\"']?\$\{[A-Za-z_]\w*:?\?"


def unset_variable(case: Case, said: Said) -> Iterator[Fix]:
    """Correct a misspelt name, else let the script fail at once with a clear message.

    A name that the script, or a file that it sources, gives a value to is another fault: silence.
    """
    name = said["name"]
    if said.get("array"):
        yield from _array(case, said)
        return
    line = int(said["line"]) if said.get("line") else None
    for path in _scripts(case, said, name):
        text = case.text(path)
        found = [use for use in uses(text) if use.name == name]
        if line is not None and not any(abs(use.line + 1 - line) <= 15 for use in found):
            continue
        yield from _repair(case, path, text, name)


def _array(case: Case, said: Said) -> Iterator[Fix]:
    """``${WORKER[0]}`` where the script has but one array of nearly that name."""
    name = said["name"]
    for path in _scripts(case, said, name):
        text = case.text(path)
        arrays = set(re.findall(r"(?m)^\s*(?:(?:declare|local|readonly)\s+(?:-\w+\s+)*)?([A-Za-z_]\w*)=\(", text))
        near = one_defined(name, arrays)
        if near and name not in definitions(text):
            yield _spelt(path, text, name, near)


def _scripts(case: Case, said: Said, name: str) -> list[str]:
    """The script that the log names; else every script of the stage that uses the variable."""
    named = said.get("script") or (case.briefing.failure.message.subject.file or "")
    if named and named not in ("bash", "sh", "dash", "environment", "main"):
        path = case.locate(named)
        if path is not None or said.get("line") or case.out_of_reach:
            return [path] if path in case.scripts() else []
    users = [path for path in case.scripts() if any(use.name == name for use in uses(case.text(path)))]
    started = [path for path in users if path in case.briefing.stage.command]
    return started if len(started) == 1 else users


def _repair(case: Case, path: str, text: str, name: str) -> Iterator[Fix]:
    found = [use for use in uses(text) if use.name == name]
    known = definitions(text)
    for other in [*sourced(case, path), *sourcing(case, path)]:
        known |= definitions(case.text(other))
    if not found:
        return
    if name in known and not _only_defaults_to_itself(text, name):
        yield from _lost_definition(path, text, name)
        return
    assigned = re.search(rf"^([ \t]*)\$({name}=)(?!=)", text, re.MULTILINE)
    if assigned:
        new = text[: assigned.start()] + assigned[1] + assigned[2] + text[assigned.end() :]
        reason = f"With the $, the shell takes the line for a use of {name}."
        yield Fix(path, new, f"Removed the $ before {name}, which is assigned to", reason)
        return
    if re.search(rf"\$\{{{name}:?\?", text):
        case.advise(f"{path} needs {name} in its environment and says so already; set it where the stage is started")
        return
    near = slips(name, known) or slips(name, _handed_down(case))
    if near:
        worse = near[0] not in known and spelt_better(name, near[0], text) > 0
        if len(near) == 1 and len(found) <= 3 and not worse and _certain_slip(case, path, name, near[0]):
            yield from _corrected_settings(case, path, text, name, near[0]) or _corrected(path, text, name, near[0])
        elif len(near) == 1 and (settings := _corrected_settings(case, path, text, name, near[0])):
            yield from settings
        else:
            case.advise(f"{name} has no value in {path}; {' or '.join(near)} may be meant, a person must tell")
        return
    kin = _kin(case, name, known)
    if kin:
        case.advise(f"{name} has no value in {path}; {' or '.join(kin[:3])} may be meant, a person must tell")
        return
    if not re.fullmatch(_UPPER, name) or len(name) < 3:
        case.advise(f"{name} has no value where {path} uses it, and nothing says what it should be")
        return
    yield from _fail_fast(case, path, text, name)


def _lost_definition(path: str, text: str, name: str) -> Iterator[Fix]:
    """The name has a value on some ways through the script only, and one that nothing uses is given to a slip of it."""
    lost = [other for other in slips(name, definitions(text)) if len(re.findall(rf"(?<!\w){other}(?!\w)", text)) == 1]
    first = min((use.line for use in uses(text) if use.name == name), default=-1)
    if len(lost) == 1 and definitions(text)[lost[0]] < first and re.search(rf"(?m)^\s*{lost[0]}=", text):
        new = re.sub(rf"(?m)^(\s*){lost[0]}=", rf"\g<1>{name}=", text)
        yield Fix(path, new, f"Corrected the misspelt definition {lost[0]} to {name}", f"{name} is used and not always set, and {lost[0]} is set and never used.")


def _handed_down(case: Case) -> set[str]:
    """Names that scripts of the stage export, or that files of settings give: a script that one of them starts sees them."""
    found: set[str] = set()
    for path in case.candidates[:200]:
        text = case.text(path)
        if is_settings(path):
            found |= set(definitions(text)) if sourcing(case, path) else set()
        elif path in case.scripts():
            found |= set(definitions(text)) if re.search(r"(?m)^\s*set -(?:a|o allexport)", text) else set()
            found |= {name for match in re.finditer(r"(?m)^\s*(?:export|declare -x)\s+([^;&|#\n]*)", text) for name in re.findall(r"(?<![\w$\"'/-])([A-Za-z_]\w*)(?==|\s|$)", match[1])}
    return found


def _only_defaults_to_itself(text: str, name: str) -> bool:
    """``X="${X:-}"`` gives X no value that it does not have."""
    giving = [line for line in lines_of(text) if re.search(rf"(?<![\w$]){name}=", code(line))]
    return bool(giving) and all(
        re.search(rf"{name}=[\"']?\$\{{{name}:?-(?:\"\"|'')?\}}[\"']?\s*$", code(line)) for line in giving
    )


def _certain_slip(case: Case, path: str, name: str, other: str) -> bool:
    """Not when the difference is a plural, nor when another file knows the name: then it may be meant."""
    if name + "S" == other or other + "S" == name or name + "s" == other or other + "s" == name:
        return False
    whole = re.compile(rf"(?<!\w){name}(?!\w)")
    return not any(whole.search(case.text(path_)) for path_ in case.candidates[:200] if path_ != path)


def _kin(case: Case, name: str, known: Mapping[str, int]) -> list[str]:
    """Names that are too far away to be put in its place and too near for a check to be surely right: ``NODE_IP1``, and
    near names of a file of settings that nothing sources."""
    bare = _without_digits(name)
    kin = [other for other in known if other != name and (_without_digits(other) == bare or distance(other, name, 1) == 1)]
    for path in case.candidates[:200]:
        if is_settings(path):
            kin += slips(name, definitions(case.text(path)))
    return sorted(set(kin) - {name})


def _without_digits(name: str) -> str:
    return re.sub(r"[\d_]", "", name).lower()


def _corrected_settings(case: Case, path: str, text: str, name: str, other: str) -> list[Fix]:
    """The definition in a file of settings that the script sources, where it is spelt worse and nothing uses it."""
    if other in definitions(text) or spelt_better(name, other, text) <= 0 or any(use.name == other for use in uses(text)):
        return []
    files = [source for source in sourced(case, path) if is_settings(source) and source in case.candidates and other in definitions(case.text(source))]
    if len(files) != 1:
        return []
    new = re.sub(rf"(?m)^((?:export\s+)?){other}(?==)", rf"\g<1>{name}", case.text(files[0]), count=1)
    return [Fix(files[0], new, f"Corrected the misspelt definition {other} to {name}", f"{path} uses {name}, and nothing uses {other}.")]


def _corrected(path: str, text: str, name: str, other: str) -> Iterator[Fix]:
    """The use is corrected, unless nothing else uses the definition and its name is the one that is spelt worse.

    Where neither is spelt better both corrections mean the same to the script, so the use is the one to change.
    """
    if other not in definitions(text):
        yield _spelt(path, text, name, other)
        return
    own_default = re.compile(rf"{other}=[\"']?\$\{{{other}\b")
    used = [use for use in uses(text) if use.name == other and not own_default.search(lines_of(text)[use.line])]
    better = 1 if used or other not in definitions(text) else spelt_better(other, name, text)
    if better >= 0:
        yield _spelt(path, text, name, other)
    else:
        new = re.sub(rf"(?<![\w]){other}(?!\w)", name, text)
        reason = f"{name} is used and never set, and {other} is set and never used."
        yield Fix(path, new, f"Corrected the misspelt definition {other} to {name}", reason)


def _spelt(path: str, text: str, name: str, other: str) -> Fix:
    lines = lines_of(text)
    for use in sorted((use for use in uses(text) if use.name == name), key=lambda use: -use.start):
        lines[use.line] = lines[use.line][: use.start] + other + lines[use.line][use.end :]
    return Fix(
        path, "\n".join(lines), f"Corrected the misspelt variable {name} to {other}",
        f"{name} is set nowhere, and {other} is the one variable of the script with nearly that name.",
    )  # fmt: skip


def _fail_fast(case: Case, path: str, text: str, name: str) -> Iterator[Fix]:
    lines = lines_of(text)
    found = [use for use in uses(text) if use.name == name]
    inner = compound_lines(text)
    if all(use.line in inner for use in found):
        case.advise(f"{name} is not set, and {path} needs it only under a condition; set it where the stage is started")
        return
    first = min(use.line for use in found if not _default_to_empty(lines[use.line], name))
    place = _place(lines, first)
    if place is None:
        return
    between = lines[place + 1 : first + 1]
    if any(re.match(r"\s*(?:source|\.)\s", line) for line in between[:-1]):
        case.advise(
            f"{name} is not set; {path} sources files before it is used, set it there or where the stage is started"
        )
        return
    if _checks_at_once(lines, place, first, name):
        case.advise(f"{path} needs {name} in its environment and says so already; set it where the stage is started")
        return
    yield Fix(
        path, "\n".join(_inserted(lines, place, name)), f"Fail fast with a clear message when {name} is not set",
        f"The stage failed because {name} was unset, and {path} found out only when it used it.",
    )  # fmt: skip


def _default_to_empty(line: str, name: str) -> bool:
    return re.match(rf"\s*(?:export\s+|readonly\s+)?{name}=[\"']?\$\{{{name}:?-", line) is not None


def _place(lines: list[str], first_use: int) -> int | None:
    """The line (from 0) after which a check belongs: behind the defaults at the top, before anything is done.

    Walks only lines that stand alone (assignments, ``set``, ``source``, comments), so the place is never inside of a
    function, a string or a here-document.
    """
    anchors: dict[str, int] = {}
    for number in range(first_use):
        line = lines[number].rstrip("\r")
        if not line.strip():
            continue
        if line.startswith("#"):
            anchors.setdefault("comment", number)
            if anchors["comment"] == number - 1 or number == 0:
                anchors["comment"] = number
            continue
        if not _stands_alone(line):
            break
        if re.match(_DEFAULT, line) or re.match(_SET_DEFAULT, line) or re.match(_REQUIRED, line):
            anchors["default"] = number
        elif re.match(r"(?:source|\.)\s", line):
            anchors["source"] = number
        elif re.match(r"(?:set|shopt)\s", line):
            anchors["set"] = number
        elif re.match(_ASSIGNMENT, line):
            anchors["assignment"] = number
    for kind in ("default", "assignment", "set", "comment"):
        if kind in anchors:
            return max(anchors[kind], anchors.get("source", -1), anchors.get("set", -1) if kind != "comment" else -1)
    return anchors.get("source")


def _stands_alone(line: str) -> bool:
    """One complete simple command at the left margin."""
    bare = code(line).rstrip()
    if line[0] in " \t" or bare.endswith(("\\", "&&", "||", "|", "(", "{")) or "<<" in bare:
        return False
    if not (re.match(_HEADER_COMMAND, bare) or re.match(_ASSIGNMENT, bare)):
        return False
    return bare.count('"') % 2 == 0 and bare.count("'") % 2 == 0 and bare.count("(") == bare.count(")")


def _checks_at_once(lines: list[str], place: int, first: int, name: str) -> bool:
    """Whether the first thing done after the defaults is a test of this very variable."""
    for line in lines[place + 1 : first + 1]:
        if re.search(rf"-[zn]\s+\"?\$\{{?{name}\b", line):
            return not line.startswith((" ", "\t"))
        if line.strip() and not line.startswith("#") and not _stands_alone(line.rstrip("\r")):
            return False
    return False


def _inserted(lines: list[str], place: int, name: str) -> list[str]:
    end = "\r" if lines[place].endswith("\r") else ""
    check = f': "${{{name}:?{name} environment variable must be set}}"{end}'
    if re.match(_REQUIRED, lines[place]):
        return [*lines[: place + 1], check, *lines[place + 1 :]]
    rest = lines[place + 1 :]
    gap = [] if rest and not rest[0].strip() else [end]
    return [*lines[: place + 1], end, f"# Variables that the caller must provide{end}", check, *gap, *rest]


RULES: tuple[Rule, ...] = (
    Rule("unset-variable", ("unbound variable", "nicht gesetzte", "sans liaison", "sin asignar", "não associada", "non assegnata",
                            "nieustawiona", "parameter not set"), _BY_SHELL, unset_variable),
    Rule("unset-variable", ("set", "unset", "undefined", "required", "missing", "empty", "defined", "provide", "export"),
         _BY_SCRIPT, unset_variable),
)  # fmt: skip
