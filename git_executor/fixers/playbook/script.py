"""What a rule needs to know of a shell script, read line by line: no full parser, so every answer is a cautious one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from git_executor.fixers.playbook.rule import Case

_NAME = r"[A-Za-z_][A-Za-z0-9_]*"

_ASSIGNED = (
    rf"(?:^|[;&|(]|\b(?:then|do|else|export|readonly|local|declare|typeset)\b(?:\s+-\w+)*|\belse\b)\s*({_NAME})(?:\[[^]]*\])?\+?="
)
_TAKEN = rf"\b(?:for|select)\s+({_NAME})\b|\bprintf\s+-v\s+({_NAME})|\bgetopts\s+\S+\s+({_NAME})"
_MANY = r"\b(?:read|mapfile|readarray|local|declare|typeset|export|readonly)\b([^;&|#<>]*)"
_DEFAULTED = rf"\$\{{({_NAME}):?="
_USED = rf"\$(?:({_NAME})|\{{[#!]?({_NAME})(\[[^]]*\])?([^}}]?))"


@dataclass(frozen=True, slots=True)
class Use:
    """``$NAME`` or ``${NAME…}``. ``guarded``: it has a default or a message of its own for the unset case."""

    name: str
    line: int
    guarded: bool
    start: int
    end: int


def lines_of(text: str) -> list[str]:
    return text.split("\n")


def code(line: str) -> str:
    """The line without its comment; a ``#`` inside of quotes or words is none."""
    quote = ""
    for index, char in enumerate(line):
        if quote:
            if char == quote and (quote == "'" or line[index - 1] != "\\"):
                quote = ""
        elif char in "'\"" and (index == 0 or line[index - 1] != "\\"):
            quote = char
        elif char == "#" and (index == 0 or line[index - 1] in " \t;"):
            return line[:index]
    return line


def uses(text: str) -> Iterator[Use]:
    """Every use of a variable outside of comments and of quoted here-documents."""
    skip = quoted_heredoc_lines(text)
    for number, line in enumerate(lines_of(text)):
        if number in skip:
            continue
        bare = code(line)
        for match in re.finditer(_USED, bare):
            if (match.start() and bare[match.start() - 1] == "\\") or _in_single_quotes(bare, match.start()):
                continue
            name = match[1] or match[2]
            guarded = bool(match[2]) and match[4] in tuple(":-=+?") and _guards(bare, match)
            start = match.start(1) if match[1] else match.start(2)
            yield Use(name, number, guarded, start, start + len(name))


def _guards(line: str, match: re.Match[str]) -> bool:
    """``${X:-…}`` guards, ``${X:0:3}`` is a substring and does not."""
    return match[4] != ":" or line[match.end() : match.end() + 1] in tuple("-=+?")


def definitions(text: str) -> dict[str, int]:
    """Name -> first line (from 0) that gives it a value, by any of the shell's ways."""
    found: dict[str, int] = {}
    skip = quoted_heredoc_lines(text)
    for number, line in enumerate(lines_of(text)):
        if number in skip:
            continue
        bare = code(line)
        names = [match[1] for match in re.finditer(_ASSIGNED, bare)]
        names += [name for match in re.finditer(_TAKEN, bare) for name in match.groups() if name]
        names += [match[1] for match in re.finditer(_DEFAULTED, bare)]
        for match in re.finditer(_MANY, bare):
            names += re.findall(rf"(?<![\w$\-=/\"'{{.])({_NAME})(?=\s|=|$)", match[1])
        for name in names:
            found.setdefault(name, number)
    return found


def quoted_heredoc_lines(text: str) -> frozenset[int]:
    """Lines (from 0) of here-documents whose word is quoted: nothing in them is the shell's."""
    return frozenset(number for number, quoted in _heredoc_lines(text).items() if quoted)


def heredoc_lines(text: str) -> frozenset[int]:
    """Lines (from 0) inside of any here-document, the closing word included."""
    return frozenset(_heredoc_lines(text))


def _heredoc_lines(text: str) -> dict[int, bool]:
    inside: dict[int, bool] = {}
    waiting: list[tuple[str, bool, bool]] = []
    for number, line in enumerate(lines_of(text)):
        if waiting:
            word, quoted, tabs = waiting[0]
            inside[number] = quoted
            if (line.lstrip("\t") if tabs else line).rstrip("\r") == word:
                waiting.pop(0)
            continue
        bare = code(line)
        for match in re.finditer(r"(?<![<\d(])<<(-?)\s*(\\?)(['\"]?)([A-Za-z_][\w.-]*)\3", bare):
            if not _in_single_quotes(bare, match.start()):
                waiting.append((match[4], bool(match[2] or match[3]), bool(match[1])))
    return inside


def _in_single_quotes(line: str, position: int) -> bool:
    single = double = False
    for index, char in enumerate(line[:position]):
        if char == "'" and not double and (index == 0 or line[index - 1] != "\\" or single):
            single = not single
        elif char == '"' and not single and (index == 0 or line[index - 1] != "\\"):
            double = not double
    return single


_SOURCES = r"(?:^|[;&|{(]|\b(?:then|do|else))\s*(?:source|\.)\s+((?:\$\([^()]*(?:\([^()]*\)[^()]*)*\)|[^\s;&|])+)"
_DEPTH = 3


def sourced(case: Case, path: str) -> list[str]:
    """The files of the tree that the script sources, and those that these source, as far as their names are written out."""
    found: list[str] = []
    level = [path]
    for _ in range(_DEPTH):
        level = [other for one in level for other in _sourced_by(case, one) if other not in (path, *found)]
        found += dict.fromkeys(level)
    return found


def _sourced_by(case: Case, path: str) -> list[str]:
    text = case.text(path)
    if "source" not in text and ". " not in text:
        return []
    found = []
    for line in lines_of(text):
        for match in re.finditer(_SOURCES, code(line)):
            other = _written_out(case, path, match[1])
            if other:
                found.append(other)
    return found


def _written_out(case: Case, path: str, word: str) -> str | None:
    """The file that ``"$(dirname "$0")/lib/x.sh"`` means: in the script's folder or one above it, else in a folder beside it."""
    name = re.sub(r"^.*(?:[})]|\$\w+)/", "", word.replace('"', "").replace("'", ""))
    if "$" in name or not name:
        return None
    directory = path.rpartition("/")[0]
    folders = [directory]
    while folders[-1]:
        folders.append(folders[-1].rpartition("/")[0])
    for folder in folders:
        where = _normal(f"{folder}/{name}" if folder else name)
        if where and case.blob(where) is not None:
            return where
    # The rest of the name is in a variable, such as "$LIB/log.sh".
    beside = [f"{folder}/{entry}/{name}".lstrip("/") for folder in folders[:2] for entry in list(case.tree.names(folder))[:200]] if "$" in word else []
    there = [where for where in dict.fromkeys(beside) if _normal(where) and case.blob(where) is not None]
    return there[0] if len(there) == 1 else None


def is_settings(path: str) -> bool:
    """Whether the name is one of a file of ``NAME=value`` lines, such as ``.env`` or ``lab.env``."""
    name = path.rpartition("/")[2]
    return name.startswith(".env") or name.endswith(".env")


def sourcing(case: Case, path: str) -> list[str]:
    """The scripts that source the file: the stage's own, and those that its command starts."""
    started = [word for word in case.briefing.stage.command.split() if word.endswith((".sh", ".bash")) and case.text(word.removeprefix("./"))]
    scripts = dict.fromkeys([*case.scripts(), *(word.removeprefix("./") for word in started)])
    return [script for script in scripts if script != path and path in sourced(case, script)]


def _normal(path: str) -> str:
    parts: list[str] = []
    for part in path.split("/"):
        if part == "..":
            if not parts:
                return ""
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)


_OPENS = {"if", "case", "for", "while", "until", "select"}
_CLOSES = {"fi": "if", "esac": "case", "done": "do"}


def compound_lines(text: str) -> frozenset[int]:
    """Lines (from 0) inside of an ``if``, ``case`` or loop that stands outside of every function."""
    depth, function = 0, 0
    inside: set[int] = set()
    skip = heredoc_lines(text)
    for number, line in enumerate(lines_of(text)):
        if number in skip:
            continue
        if depth and not function:
            inside.add(number)
        bare = code(line)
        if re.match(rf"\s*(?:function\s+{_NAME}|{_NAME}\s*\(\))", bare) and "{" in bare and "}" not in bare:
            function += 1
            continue
        if function:
            function -= bare.strip() == "}" and not bare.startswith((" ", "\t"))
            continue
        words = re.findall(r"(?:^|[;&|]|\bthen\b|\bdo\b|\belse\b)\s*([a-z]+)\b", bare)
        depth += sum(word in _OPENS for word in words) - sum(word in _CLOSES for word in words)
        depth = max(depth, 0)
    return frozenset(inside)
