# ruff: noqa: RUF001 - tools quote with typographic marks; tables of words read best as text
"""Shell: a command, function or subcommand that is a slip of exactly one known name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from git_executor.fixers.playbook.near import slips, spelt_better
from git_executor.fixers.playbook.rule import Case, Fix, Rule, Said
from git_executor.fixers.playbook.script import code, heredoc_lines, lines_of, sourced, sourcing
from git_executor.fixers.playbook.tools import NEVER_MEANT, OTHER_TOOLS, SUBCOMMANDS, TOOLS

_FUNCTION = r"(?m)^\s*(?:function\s+([\w:.-]+)|([\w:.-]+)\s*\(\s*\))"
_START = r"(?:^|[;&|(`{!]|\$\(|\b(?:then|do|else|if|elif|while|until|sudo|exec|command|time|nohup|env|xargs)\b)\s*(?:\w+=\S*\s+)*"


def misspelt_command(case: Case, said: Said) -> Iterator[Fix]:
    """Correct it where it is called; where a function is called rightly and defined wrongly, correct the definition."""
    word = said["word"]
    for path in _callers(case, said, word):
        text = case.text(path)
        own = {match[1] or match[2] for match in re.finditer(_FUNCTION, text)}
        functions = set(own)
        callers = sourcing(case, path)
        for other in [*sourced(case, path), *callers, *(lib for caller in callers[:5] for lib in sourced(case, caller))]:
            functions |= {match[1] or match[2] for match in re.finditer(_FUNCTION, case.text(other))}
        if word in functions:
            return
        if word in TOOLS or word in OTHER_TOOLS:
            case.advise(f"{word} is not installed where the stage runs, or not on its PATH; install it there")
            return
        known = slips(word, functions | (TOOLS - NEVER_MEANT))
        if len(known) > 1:
            case.advise(
                f"{path} calls {word}, which does not exist; {' or '.join(known)} may be meant, a person must tell"
            )
        library = _library(case, path, known[0]) if len(known) == 1 and known[0] not in own else None
        if library and (len(_called(text, word)) > 1 or spelt_better(word, known[0], text + case.text(library)) > 0):
            yield _redefined(library, case.text(library), word, known[0], path)
        elif len(known) == 1:
            yield from _renamed(path, text, word, known[0], own)


def _callers(case: Case, said: Said, word: str) -> list[str]:
    named = said.get("script")
    path = case.locate(named) if named and named not in ("bash", "sh", "/bin/sh", "/bin/bash", "make", "env") else None
    if path is not None:
        return [path] if _called(case.text(path), word) else []
    if case.out_of_reach or (said.get("line") and named not in ("bash", "sh", "/bin/sh", "/bin/bash")):
        return []
    files = [path for path in case.candidates[:200] if path in case.scripts() or "makefile" in path.lower()]
    return [path for path in files if _called(case.text(path), word)]


def _called(text: str, word: str) -> list[tuple[int, int]]:
    """(line, column), from 0, of every place where the word stands as a command."""
    found = []
    skip = heredoc_lines(text)
    for number, line in enumerate(lines_of(text)):
        if number in skip:
            continue
        for match in re.finditer(rf"{_START}@?(?P<word>{re.escape(word)})(?![\w=./-])", code(line)):
            found.append((number, match.start("word")))
    return found


def _library(case: Case, path: str, function: str) -> str | None:
    """The sourced file of the stage that defines a function which no script of the stage calls."""
    for other in sourced(case, path):
        text = case.text(other)
        if other in case.candidates and function in {match[1] or match[2] for match in re.finditer(_FUNCTION, text)}:
            calls = sum(len(_called(case.text(script), function)) for script in {*case.scripts(), other})
            return other if calls <= 1 else None
    return None


def _redefined(path: str, text: str, word: str, other: str, caller: str) -> Fix:
    definition = re.compile(rf"^(\s*(?:function\s+)?){re.escape(other)}(?=\s*(?:\(|\{{))", re.MULTILINE)
    return Fix(path, definition.sub(rf"\g<1>{word}", text, count=1), f"Corrected the name of the function {other} to {word}, as it is called",
               f"{caller} calls {word}, and {path} defines only {other}.")  # fmt: skip


def _renamed(path: str, text: str, word: str, other: str, own: set[str]) -> Iterator[Fix]:
    lines = lines_of(text)
    calls = _called(text, word)
    if other in own and len(_called(text, other)) <= 1 and (len(calls) > 1 or spelt_better(word, other, text) > 0):
        yield _redefined(path, text, word, other, path)
        return
    for number, column in sorted(calls, reverse=True):
        line = lines[number]
        lines[number] = line[:column] + other + line[column + len(word) :]
    yield Fix(path, "\n".join(lines), f"Corrected the command {word} to {other}",
              f"There is no command {word}; {other} is the one known name that is nearly the same.")  # fmt: skip


def misspelt_subcommand(case: Case, said: Said) -> Iterator[Fix]:
    """``kubectl aply``: by the tool's own suggestion, else the one near subcommand that the tool has."""
    word, tool = said["word"], said.get("tool").split()[0] if said.get("tool") else ""
    suggestions = _suggested(case, said)
    known = suggestions or (slips(word, SUBCOMMANDS[tool]) if tool in SUBCOMMANDS else [])
    if len(known) != 1 or known[0] == word:
        return
    program = re.escape(tool) if tool else r"[\w-]+"
    call = re.compile(rf"(?<![\w/-])({program}(?:[ \t]+[^\n;&|#]*?)?[ \t]+){re.escape(word)}(?![\w-])")
    for path in case.candidates[:200]:
        text = case.text(path)
        if word not in text or not (
            path in case.scripts() or path.lower().endswith(("makefile", ".mk", "justfile", ".yml", ".yaml"))
        ):
            continue
        found = [
            match
            for match in call.finditer(text)
            if not text[: match.start()].rpartition("\n")[2].lstrip().startswith("#")
        ]
        if len(found) == 1:
            at = found[0].end(1)
            yield Fix(path, text[:at] + known[0] + text[at + len(word) :], f"Corrected {word} to {known[0]}",
                      f"{tool or 'The tool'} knows no {word}" + (f" and suggests {known[0]} itself." if suggestions else f"; {known[0]} is the one near name."))  # fmt: skip


def _suggested(case: Case, said: Said) -> list[str]:
    """What the tool itself names: on the same line, or below "Did you mean this?"."""
    same = said.get("suggested")
    if same:
        return [same]
    for index in range(said.index, min(said.index + 6, len(case.lines))):
        if re.search(
            r"(?i)did you mean(?: this| one of these)?\??\s*$|most similar commands? (?:is|are)\s*$", case.lines[index]
        ):
            names = []
            for line in case.lines[index + 1 : index + 6]:
                if not re.fullmatch(r"\s+[\w-]+", line):
                    break
                names.append(line.strip())
            return names if len(names) == 1 else []
    return []


_AT = r"(?P<script>[^\s:]+): (?:line )?(?P<line>\d+): "
_WORD = r"(?P<word>[A-Za-z_][\w.-]*)"

RULES: tuple[Rule, ...] = (
    Rule("misspelt-command", ("not found", "no such file", "nicht gefunden", "introuvable", "orden no encontrada"),
         (_AT + _WORD + r": (?:(?:command )?not found|Befehl nicht gefunden|commande introuvable|orden no encontrada)",
          r"(?P<script>sudo|env|make(?:\[\d+\])?|xargs|nohup|timeout|time|bash|sh|zsh)(?::)? (?:failed to run command )?[‘'\"]?" + _WORD
          + r"[’'\"]?: (?:command not found|No such file or directory|not found)",
          r"(?:command not found|executable file not found in \$PATH)[: ]+\"?" + _WORD + r"\"?\s*$",
          r"exec: \"" + _WORD + r"\": executable file not found"), misspelt_command),
    Rule("misspelt-subcommand", ("unknown command", "is not a", "invalid operation", "unknown operation", "unknown flag", "did you mean"),
         (r"unknown command \"(?P<word>[\w-]+)\" for \"(?P<tool>[\w -]+)\"",
          r"unknown command \"(?P<word>[\w-]+)\" - maybe you meant \"(?P<suggested>[\w-]+)\"",
          r"(?P<tool>git|docker|podman|helm|flux|npm): '(?P<word>[\w-]+)' is not a \w+ command",
          r"(?i:unknown command verb|unknown operation|invalid operation) '?(?P<word>[\w-]+)'?(?:, did you mean '?(?P<suggested>[\w-]+)'?)?",
          r"unknown command '(?P<tool>qm|pct|pvesm|pveum|pvesh|pvecm|pveam) (?P<word>[\w-]+)'", r"unknown command '?(?P<word>[\w-]+)'?, did you mean '?(?P<suggested>[\w-]+)'?"), misspelt_subcommand),
)  # fmt: skip
