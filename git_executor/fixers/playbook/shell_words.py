# ruff: noqa: RUF001 - tools quote with typographic marks
"""Shell: single lines that parse and still go wrong: ``[`` without a blank, ``X = 1``, ``local`` outside of a function."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from git_executor.fixers.playbook.near import distance, one_near
from git_executor.fixers.playbook.places import with_line
from git_executor.fixers.playbook.rule import Case, Fix, Rule, Said
from git_executor.fixers.playbook.script import lines_of

LineEdit = Callable[[str, Said], Iterator[tuple[str, str]]]


def _line_rule(edit: LineEdit) -> Callable[[Case, Said], Iterator[Fix]]:
    """A repair of the one line that the shell names: of a script, a line number, and the edit of that line."""

    def repair(case: Case, said: Said) -> Iterator[Fix]:
        path = case.locate(said["script"])
        if path is None or path not in case.scripts():
            return
        lines, number = lines_of(case.text(path)), int(said["line"]) - 1
        if not 0 <= number < len(lines):
            return
        for line, what in edit(lines[number], said):
            new = with_line(lines, number, line)
            yield Fix(
                path,
                "\n".join(new),
                f"{what} (line {number + 1})",
                f"The shell stopped at {path}:{number + 1}: {_short(said)}.",
            )

    return repair


def _short(said: Said) -> str:
    text = said.match.string[said.match.start() :].strip()
    return re.sub(r"^\S+: (?:line )?\d+: ", "", text)[:120]


def test_spacing(line: str, said: Said) -> Iterator[tuple[str, str]]:
    """``["$x" = y ]``, ``[ "$x" = y]``, ``if[ …``."""
    word = re.match(r"(?:(if|while|until|elif)\[\[?)", said.get("word"))
    if word:
        yield re.sub(rf"\b{word[1]}(\[\[?)", rf"{word[1]} \1", line, count=1), "Added the blank before ["
        return
    new = re.sub(r"(?<![\w$\[\"'{}/*?.-])(\[\[?)(?=[^\s\[:\]])", r"\1 ", line, count=1)
    new = re.sub(r"(?<=[^\s\]])(\]\]?)(?=\s*(?:;|&&|\|\||$))", r" \1", new, count=1) if "[ " in new else new
    if new != line:
        yield new, "Added the blank that [ needs"


def assignment_spacing(line: str, said: Said) -> Iterator[tuple[str, str]]:
    """``NAME = value`` and ``$NAME=value``."""
    match = re.match(
        r"(\s*(?:export |local |readonly )?)([A-Za-z_]\w*) +=( *)(\"[^\"]*\"|'[^']*'|[^\s;&|\"'=]\S*)(\s*(?:#.*)?)$",
        line,
    )
    if match and match[2] == said.get("word"):
        yield f"{match[1]}{match[2]}={match[4]}{match[5]}", "Removed the blanks around = of an assignment"
    behind = re.match(r"(\s*(?:export |local |readonly )?[A-Za-z_]\w*=) +((?:\"[^\"]*\"|'[^']*'|\$?\{?[\w./:-]+\}?)\s*(?:#.*)?)$", line)
    if behind and (behind[2][0] in "\"'$" or re.match(r"[\d./]", behind[2])):
        yield behind[1] + behind[2], "Removed the blank after = of an assignment"
    match = re.match(r"(\s*)\$([A-Za-z_]\w*=.*)$", line)
    if match and "=" in said.get("word"):
        yield match[1] + match[2], "Removed the $ before the name that is assigned to"


def local_outside(line: str, said: Said) -> Iterator[tuple[str, str]]:
    match = re.match(r"(\s*)local +(?:-[a-zA-Z]+ +)*([A-Za-z_]\w*=.*)$", line)
    if match:
        yield match[1] + match[2], "Removed 'local', which only a function may use"


def unquoted_test(line: str, said: Said) -> Iterator[tuple[str, str]]:
    """``[ $x = y ]`` with an empty ``x``: quoted for text, with a zero for numbers."""
    tests = list(
        re.finditer(
            r"(?<!\[)\[ (?P<not>! )?(?P<value>\$\w+|\$\{\w+\}) (?P<op>=|==|!=|-eq|-ne|-lt|-le|-gt|-ge) (?P<rest>[^\]]*)\]",
            line,
        )
    )
    if len(tests) != 1:
        return
    test = tests[0]
    name = test["value"].strip("${}")
    value = f'"${{{name}:-0}}"' if test["op"].startswith("-") else f'"{test["value"]}"'
    yield line[: test.start("value")] + value + line[test.end("value") :], f"Made the test hold when {name} is empty"


def empty_number(line: str, said: Said) -> Iterator[tuple[str, str]]:
    """``$(( $x + 1 ))`` and ``[ "$x" -gt 1 ]`` with an empty ``x``."""
    inside = re.search(r"\(\((.*?)\)\)", line) or re.search(r"\[\[? (.*? -(?:eq|ne|lt|le|gt|ge) .*?) \]", line)
    if not inside:
        return
    names = list(re.finditer(r"\"?\$(?:\{(\w+)\}|(\w+))\"?", inside[1]))
    if len(names) != 1:
        return
    name = names[0][1] or names[0][2]
    quote = '"' if names[0][0].startswith('"') else ""
    if name.isdigit():
        return
    start, end = inside.start(1) + names[0].start(), inside.start(1) + names[0].end()
    yield f"{line[:start]}{quote}${{{name}:-0}}{quote}{line[end:]}", f"Took an empty {name} for 0 in arithmetic"


# --- the shebang --------------------------------------------------------------------------------------

_INTERPRETERS = {"bash": "/usr/bin/env bash", "sh": "/bin/sh", "python3": "/usr/bin/env python3", "perl": "/usr/bin/env perl",
                 "node": "/usr/bin/env node", "dash": "/bin/dash", "zsh": "/usr/bin/env zsh"}  # fmt: skip


def shebang(case: Case, said: Said) -> Iterator[Fix]:
    """An interpreter that is nowhere: a slip of a known one, or a known one in another place."""
    wanted = said["interpreter"]
    for path in _with_shebang(case, said, wanted):
        first, _, rest = case.text(path).partition("\n")
        name = (wanted or _interpreter(first)).rpartition("/")[2]
        known = "python3" if name == "python" else name if name in _INTERPRETERS else one_near(name, _INTERPRETERS)
        if known is None or first.split()[-1:] == [_INTERPRETERS[known]]:
            continue
        options = " ".join(word for word in first.split()[1:] if word.startswith("-"))
        if options:
            continue
        line = f"#!{_INTERPRETERS[known]}"
        yield Fix(
            path,
            f"{line}\n{rest}",
            f"Corrected the shebang of {path} to {line}",
            f"There is no interpreter {wanted or first[2:].strip()}, which the first line asks for.",
        )


def _interpreter(first: str) -> str:
    """What a shebang asks for: its program, or behind ``env`` (or a slip of it) the program's name."""
    words = [*first[2:].split(), ""]
    program = words[0].rpartition("/")[2]
    return words[1] if words[1] in _INTERPRETERS and (program == "env" or distance(program, "env", 1) == 1) else program


def _with_shebang(case: Case, said: Said, wanted: str) -> list[str]:
    named = said.get("script")
    path = case.locate(named) if named and not named.endswith("env") else None
    if not wanted:
        return [path] if path and case.text(path).startswith("#!") and "\r" not in case.text(path).partition("\n")[0] else []
    found = [path] if path else [] if case.out_of_reach else list(case.candidates[:200])
    return [path for path in found if re.match(rf"#![^\n]*(?<![\w]){re.escape(wanted)}[ \t]*(?:\n|$)", case.text(path))]


def bash_in_sh(case: Case, said: Said) -> Iterator[Fix]:
    """A script that says ``sh`` and speaks bash."""
    path = case.locate(said["script"])
    if path is None:
        return
    text = case.text(path)
    first, _, rest = text.partition("\n")
    if re.fullmatch(r"#\s*/(?:usr/)?bin/(?:env )?(?:ba|z|k)?sh\s*", first):
        yield Fix(path, f"#!{first.lstrip('#').lstrip()}\n{rest}", f"Completed the shebang of {path}", "Its first line lacks the ! after #, so that another shell ran it.")
        return
    if not re.fullmatch(r"#!\s*(?:/usr)?/bin/(?:env )?(?:da)?sh", first.rstrip()):
        if re.match(r"#!.*\bbash\b", first):
            case.advise(f"{path} is a bash script but was started with sh; start it with bash or by its own name")
        return
    if re.search(
        r"\[\[ |\bset -[a-z]*o pipefail|\w\+?=\(|\$\{\w+(?:\[|//|\^|,|:\d)|^\s*(?:source|function|mapfile|declare)\s|<<<|<\(|\(\( ",
        rest,
        re.M,
    ):
        yield Fix(path, f"#!/usr/bin/env bash\n{rest}", f"Made {path} a bash script, as it is written",
                  f"Its first line asks for sh, which does not know what {path} uses: {_short(said)}.")  # fmt: skip


_AT = r"(?P<script>[^\s:]+): (?:line )?(?P<line>\d+): "

RULES: tuple[Rule, ...] = (
    Rule("test-spacing", ("command not found", "missing `]'", "not found", "missing ]"),
         (_AT + r"(?P<word>\[\S*|(?:if|while|until|elif)\[\[?): (?:command )?not found", _AT + r"(?P<word>\[\[?): missing [`']?\]"),
         _line_rule(test_spacing)),
    Rule("assignment-spacing", ("not found", "permission denied", "no such file"), (_AT + r"(?P<word>[^\s:]*): (?:command )?not found",),
         _line_rule(assignment_spacing)),
    Rule("local-outside-function", ("local:",), (_AT + r"local: (?:can only be used in a function|not in a function)",), _line_rule(local_outside)),
    Rule("unquoted-test", ("operator expected", "too many arguments", "argument expected", "unexpected operator"),
         (_AT + r"\[: .*(?:operator expected|too many arguments|argument expected|unexpected operator)",), _line_rule(unquoted_test)),
    Rule("empty-number", ("operand expected", "integer expression expected", "arithmetic expression", "integer expected"),
         (_AT + r".*(?:operand expected|arithmetic expression: expecting)", _AT + r"\[\[?: : integer (?:expression )?expected"),
         _line_rule(empty_number)),
    Rule("shebang", ("bad interpreter", "env: ", "required file not found"),
         (r"(?P<script>[^\s:]+): (?P<interpreter>/?[\w./-]+): bad interpreter: No such file",
          r"(?P<script>[^\s:]+): cannot execute: required file not found(?P<interpreter>)",
          r"(?P<script>\S*env): [‘'\"]?(?P<interpreter>[\w.-]+)[’'\"]?: No such file"), shebang),
    Rule("bash-in-sh", ("not found", "illegal option", "bad substitution", "unexpected", "not in a function", "redirection unexpected"),
         (r"(?P<script>[^\s:]+): (?P<line>\d+): (?:\[\[|source|declare|mapfile|function|shopt|pushd): not found",
          r"(?P<script>[^\s:]+): (?P<line>\d+): (?:set: )?Illegal option -o pipefail",
          r"(?P<script>[^\s:]+): (?P<line>\d+): Bad substitution",
          r"(?P<script>[^\s:]+): (?P<line>\d+): Syntax error: (?:\"\(\" unexpected|redirection unexpected|Bad for loop variable)"), bash_in_sh),
)  # fmt: skip
