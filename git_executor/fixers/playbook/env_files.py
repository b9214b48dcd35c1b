"""Files of ``NAME=value`` lines, which a shell sources and Compose reads: lines that are no such pair."""

from __future__ import annotations

import re
from collections.abc import Iterator

from git_executor.fixers.playbook.broken import located_line
from git_executor.fixers.playbook.rule import Case, Fix, Rule, Said
from git_executor.fixers.playbook.shell_files import with_line_feeds

_HEAD = r"(?:export\s+)?[A-Za-z_]\w*"
_PLAIN = r"(?:[^\s\"'`\\#;&|<>()]|\\.)*"
_DOUBLE = r"\"(?:[^\"\\`]|\\.)*\""
_SOUND = rf"\s*(?:#.*)?$|\s*(?:unset\s.*|{_HEAD}=(?:{_PLAIN}|{_DOUBLE}|'[^']*'|\$\([^()]*\))*\s*(?:\s#.*)?)$"
_TEXT = r"[^\"'$`\\#;&|<>]*"


def env_line(case: Case, said: Said) -> Iterator[Fix]:
    """Every line that is no pair, when each has one repair and the line that the log names is among them. A quote that is
    open may be blamed on a line below."""
    path = case.locate(said["file"])
    name = path.rpartition("/")[2] if path else ""
    text = case.text(path) if path else ""
    lines = [line.rstrip("\r") for line in text.split("\n")]
    broken = [number for number, line in enumerate(lines) if not re.match(_SOUND, line)]
    if path is None or not text or text.startswith("#!") or not 0 < len(broken) <= 6:
        return
    if not (re.search(r"(?:^|\.)env(?:\.|$)", name) or all(re.match(rf"\s*(?:#|$)|{_HEAD}\s*[=:]?", line) for line in lines)):
        return
    number = located_line(case, said, text)
    if number not in broken and not ("matching" in said.match.string and len(broken) == 1):
        return
    word = said.get("word").rstrip(":") if len(broken) == 1 else ""
    repairs = {at: set(_repaired(case, lines, at, word)) for at in broken}
    if all(len(found) == 1 for found in repairs.values()):
        for at, found in repairs.items():
            lines[at] = found.pop()
        where = ", ".join(str(at + 1) for at in broken)
        yield Fix(path, "\n".join(lines), f"Wrote line {where} of {path} as NAME=value",
                  "A shell and Compose read the file line by line, without blanks around = and with quotes around blanks.")  # fmt: skip


def _repaired(case: Case, lines: list[str], number: int, word: str) -> Iterator[str]:
    line = lines[number].rstrip()
    foreign = re.match(r"(\s*)(?://+|;+|--+)(\s.*)$", line)
    if foreign:
        yield f"{foreign[1]}#{foreign[2]}"
        return
    dollar = re.match(r"\$(\w+=.*)$", line)
    if dollar and re.match(_SOUND, dollar[1]):
        yield dollar[1]
        return
    dashed = re.match(r"((?:export\s+)?)([A-Za-z_]\w*(?:-\w+)+)(=.*)$", line)
    if dashed:
        wanted = dashed[2].replace("-", "_")
        if re.match(_SOUND, f"{wanted}{dashed[3]}") and _is_read(case, wanted) and not _is_read(case, dashed[2]):
            yield f"{dashed[1]}{wanted}{dashed[3]}"
        return
    match = re.match(rf"({_HEAD})(\s*:=\s*|\s*[=:]\s*|\s+)(\S.*)$", line)
    if match and match[1].split()[-1] != "export":
        name = match[1].split()[-1]
        if match[2].strip() or _is_read(case, name):
            yield from (f"{match[1]}={value}" for value in _values(match[3], match[2], name, word))


def _values(value: str, between: str, name: str, word: str) -> Iterator[str]:
    """The value as the shell takes it: as it is, with quotes around its blanks, or with the quote that it lacks."""
    comment = re.search(r"\s+#.*$", value)
    bare, rest = (value[: comment.start()], comment[0]) if comment else (value, "")
    if re.fullmatch(rf"(?:{_PLAIN}|{_DOUBLE}|'[^']*')+", bare):
        if between != "=" and (not word or word in (name, bare.strip("\"'"), bare.strip("\"'").split(" ")[0], f"{name}:{bare}")):
            yield bare + rest
    elif re.fullmatch(_TEXT, bare):
        first = re.split(r"\s", bare)
        if not word or word == name or "(" in bare or first[1:2] == [word] or (between != "=" and first[:1] == [word]):
            yield f'"{bare}"{rest}'
    elif not comment:
        for quote, other in (('"', "'"), ("'", '"')):
            opened = re.fullmatch(rf"{quote}({_TEXT})", value)
            closed = re.fullmatch(rf"({_TEXT}){quote}", value)
            mixed = re.fullmatch(rf"{quote}({_TEXT}){other}", value)
            if opened and re.search(r"\s(?:export\s+)?\w+=", opened[1]):
                return  # the quote may end before what looks like another setting
            if opened or mixed:
                yield f"{quote}{(opened or mixed or [''])[1]}{quote}" if mixed or (opened and opened[1][-1:] not in ("", " ")) else value
            elif closed and closed[1]:
                yield f"{quote}{closed[1]}{quote}"


def _is_read(case: Case, name: str) -> bool:
    """Whether a file of the stage reads the name, or it looks like all names of its kind."""
    return any(re.search(rf"\$\{{?{re.escape(name)}(?!\w)|environ\S*[\"']{re.escape(name)}[\"']", case.text(path)) for path in case.candidates[:100])


def env_line_ends(case: Case, said: Said) -> Iterator[Fix]:
    """A sourced file with carriage returns, which stick to its values."""
    found = [path for path in case.candidates[:200]
             if re.search(r"(?:^|[./])env(?:\.|$)|\.(?:env|conf|vars)$", path) and "\r\n" in case.text(path)]  # fmt: skip
    if len(found) == 1:
        yield with_line_feeds(case, found[0])


_FILE = r"(?P<file>[^\s:]*(?:env|\.conf|\.cfg|\.vars|\.sh)[\w.-]*)"

RULES: tuple[Rule, ...] = (
    Rule("env-line", ("not found", "no such file", "unexpected", "matching", "syntax error", "is a directory", "not a valid identifier", "unbound variable", "failed to read", "parse"),
         (_FILE + r": (?:line )?(?P<line>\d+): (?P<word>[^\s:]+):{1,2} (?:command )?not found",
          _FILE + r": (?:line )?(?P<line>\d+): (?:[^:]*=)?(?P<word>[^\s:=]+): (?:No such file or directory|command not found|Is a directory|[Pp]ermission denied)",
          _FILE + r": (?:line )?(?P<line>\d+): (?P<word>[^\s:]+:[^\s:]+|[^\s:]+=[^:]*): (?:No such file or directory|command not found)",
          _FILE + r": (?:line )?(?P<line>\d+): (?:unexpected EOF while looking for matching|Syntax error|syntax error|[^:]+: unbound variable|export: )",
          r"failed to read (?P<file>\S+): line (?P<line>\d+): ", r"(?P<file>\S*\.?env[\w.-]*):(?P<line>\d+): ",
          r"(?i:could not parse|cannot parse).*?(?P<file>\S*env\S*).*line (?P<line>\d+)"), env_line),
    Rule("env-line-ends", ("integer expression expected", "\\r", "^m"), (r"integer expression expected|\\r|\^M",), env_line_ends),
)  # fmt: skip
