"""TOML: the small slips that its readers refuse, each with the edits that may mend it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Hashable, Iterator

from git_executor.fixers.playbook.broken import Edit, added_quote, broken_file, line_edit, mend
from git_executor.fixers.playbook.places import with_line
from git_executor.fixers.playbook.rule import Case, Fix, Rule, Said

_KEY = r"(?:[\w-]+|\"[^\"\n]*\")(?:\.(?:[\w-]+|\"[^\"\n]*\"))*"
_PAIR = rf"(?P<head>\s*{_KEY}\s*=\s*)(?P<value>\S.*?)(?P<tail>\s*)$"
_STRING = r"(\"(?:\\.|[^\"\\\n])*\"|'[^'\n]*')"
_WORDS = {"true": "true", "false": "false", "yes": "true", "no": "false", "on": "true", "off": "false"}
_NOTHING = ("null", "none", "nil", "nan", "undefined", "inf")


def toml_syntax(case: Case, said: Said) -> Iterator[Fix]:
    path = broken_file(case, said.index, (".toml",), r"[\w@%+.~/\-]*[\w\-]\.toml\b")
    if path:
        yield from mend(case, path, _EDITS, _meaning)


def _meaning(text: str) -> Hashable:
    return repr(tomllib.loads(text))


def _outside_strings(pattern: str, replacement: str, text: str) -> str:
    """Substitute where no string is. ``replacement`` may use the groups of ``pattern``, counted from 2."""
    return re.sub(rf"{_STRING}|{pattern}", lambda match: match[1] if match[1] is not None else match.expand(replacement), text)


# --- one line ---------------------------------------------------------------------------------------------


def _header(line: str) -> Iterator[tuple[str, str]]:
    match = re.match(rf"(\s*)([\[({{]{{0,2}})\s*({_KEY})\s*([\])}}]{{0,2}})[:;,]?(\s*(?:#.*)?)$", line)
    if match and (match[2] or match[4]):
        count = max(len(match[2]), len(match[4]))
        yield f"{match[1]}{'[' * count}{match[3]}{']' * count}{match[5]}", "Corrected the brackets of the table's header"


def _equals(line: str) -> Iterator[tuple[str, str]]:
    match = re.match(rf"(\s*{_KEY})(?:\s*(?::=|==|=>|:)\s*|\s+(?=[\"'\d\[{{]))(\S.*)$", line)
    if match and not re.match(r"\s*\[", line):
        yield f"{match[1]} = {match[2]}", "Wrote = between key and value"
    if "{" in line:
        yield _outside_strings(r"([\w-]+)\s*:\s*", r"\2 = ", line), "Wrote = between key and value"


def _word(line: str) -> Iterator[tuple[str, str]]:
    new = line
    for word, value in _WORDS.items():
        new = _outside_strings(rf"(?<=[=,\[\s])(?i:{word})(?=\s*(?:[,\]}}#]|$))", value, new)
    yield new, "Wrote true and false as TOML has them"


def _quote(line: str) -> Iterator[tuple[str, str]]:
    for quote in "\"'":
        yield from ((new, "Closed the open quote") for new in added_quote(line, quote, r"[\s\[{,=]", r"[\s\]},]"))
    mixed = re.match(r"(.*=\s*)(?:'([^'\"]*)\"|\"([^'\"]*)')\s*$", line)
    if mixed:
        yield f'{mixed[1]}"{mixed[2] or mixed[3] or ""}"', "Closed the text with the same quote"
    yield re.sub("[“”„]", '"', line), "Changed typographic quotes to plain ones"


def _left_over(line: str) -> Iterator[tuple[str, str]]:
    """What other formats have: ``//`` for a comment, a comma or semicolon at the end, a comma before the closing brace."""
    yield _outside_strings(r"(^|\s)//+", r"\2#", line), "Began the comment with #"
    yield re.sub(r"^(\s*);+", r"\1#", line), "Began the comment with #"
    yield re.sub(r"[;,](\s*(?:#.*)?)$", r"\1", line), "Removed what TOML does not end a line with"
    yield _outside_strings(r",(\s*\})", r"\2", line), "Removed a trailing comma, which an inline table cannot have"


def _bare_text(line: str) -> Iterator[tuple[str, str]]:
    item = re.match(r"(?P<head>\s*)(?P<value>[A-Za-z][\w./:@-]*)(?P<tail>,?\s*)$", line)
    match = re.match(_PAIR, line) or item
    if not match or match["value"].lower() in (*_WORDS, *_NOTHING):
        return
    value = match["value"]
    if match is item:
        if value.endswith(("=", ":")) or not line.startswith((" ", "\t")):
            return
        yield f'{match["head"]}"{value}"{match["tail"]}', "Put the text value in quotes"
    elif re.fullmatch(r"[A-Za-z/~.][\w./:@ ~-]*|\d+(?:\.\d+){2,}(?:[/:-][\w.-]+)?|v?\d[\w.]*-[A-Za-z][\w.]*", value):
        yield f'{match["head"]}"{value}"{match["tail"]}', "Put the text value in quotes"
    elif value[0] in "[{":
        words = "|".join((*_WORDS, *_NOTHING))
        bare = rf"(?<=[\[,=])(\s*)((?!(?i:{words})\b)[A-Za-z/~][\w./:@-]*|\d+(?:\.\d+){{2,}}(?:/\d+)?|\d+[A-Za-z]+)(?=\s*[,\]}}])"
        yield match["head"] + _outside_strings(bare, r'\2"\3"', value) + match["tail"], "Put the text values in quotes"


def _comma(line: str) -> Iterator[tuple[str, str]]:
    if re.search(r"[\[{\"'\d]", line):
        value = r"\"(?:\\.|[^\"\\])*\"|'[^']*'|\b\d[\d.]*\b|\b(?:true|false)\b|[\]}]"
        new = re.sub(rf"({value})(\s+|(?<=[\"\]}}])(?=[\"\[{{]))(?=[\"'\d\[{{]|(?:true|false)\b|[A-Za-z_][\w-]*\s*=[^=])", r"\1,\2", line)
        yield re.sub(r",(?=\S)", ", ", new) if new.count(",") > line.count(",") and " " not in line else new, "Added the missing comma"


def _number(line: str) -> Iterator[tuple[str, str]]:
    yield re.sub(r"(=\s*\d{1,3}),(\d{3})(?=\s*(?:#|$))", r"\1\2", line), "Wrote the number without a comma"


def _date(line: str) -> Iterator[tuple[str, str]]:
    """``2024-5-2`` and ``T8:00:00Z``: two digits each."""
    match = re.search(r"(=\s*)(\d{4})([-/])(\d{1,2})\3(\d{1,2})(?:([T ])(\d{1,2}):(\d\d)(?::(\d\d)(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?(?=\s*(?:#|$))", line)
    if match:
        day = f"{match[2]}-{int(match[4]):02}-{int(match[5]):02}"
        time = f"{match[6]}{int(match[7]):02}:{match[8]}:{match[9] or '00'}{match[10] or ''}{match[11] or ''}" if match[6] else ""
        yield line[: match.end(1)] + day + time + line[match.end() :], "Wrote the date as TOML has it"


def _backslashes(line: str) -> Iterator[tuple[str, str]]:
    """A path of Windows, or a pattern, none of whose backslashes begins an escape: as a literal text."""
    def literal(match: re.Match[str]) -> str:
        inside = match[0][1:-1]
        plain = re.match(r"[A-Za-z]:\\(?!\\)", inside) or not re.search(r"\\[\"\\bfnrtuU]", inside)
        return f"'{inside}'" if match[0][0] == '"' and "\\" in inside and "'" not in inside and plain else match[0]

    yield re.sub(_STRING, literal, line), "Wrote a text with backslashes in single quotes"


def _line_end(line: str) -> Iterator[tuple[str, str]]:
    match = re.match(_PAIR, line)
    value = re.sub(_STRING, "", match["value"]) if match else ""
    for opened, close in ("[]", "{}"):
        if match and value.startswith(opened) and value.count(opened) == value.count(close) + 1:
            blank = " " if opened == "{" and match["value"].startswith("{ ") else ""
            yield match["head"] + match["value"].rstrip(", ") + blank + close, f"Closed the open {opened}"


# --- more than a line -------------------------------------------------------------------------------------


def _repeated_line(text: str, at: int) -> Iterator[tuple[str, str]]:
    """The very same assignment twice in one table: the second goes."""
    lines = text.split("\n")
    if at < len(lines) and "=" in lines[at]:
        for number in range(at - 1, -1, -1):
            if re.match(r"\s*\[", lines[number]):
                return
            if lines[number].strip() == lines[at].strip():
                yield "\n".join(with_line(lines, at)), "Removed the second of two identical lines"
                return


def _array_of_tables(text: str, at: int) -> Iterator[tuple[str, str]]:
    """``[vm]`` among several ``[[vm]]``."""
    lines = text.split("\n")
    for number, line in enumerate(lines):
        match = re.match(r"(\s*)\[([\w.-]+)\](\s*(?:#.*)?)$", line)
        if match and re.search(rf"(?m)^\s*\[\[{re.escape(match[2])}\]\]", text):
            yield "\n".join([*lines[:number], f"{match[1]}[[{match[2]}]]{match[3]}", *lines[number + 1 :]]), "Wrote the table as one of its array"


def _array_line(text: str, at: int) -> Iterator[tuple[str, str]]:
    """An array over several lines: a comma between two of them, or its end."""
    lines = text.split("\n")
    for number in range(min(at, len(lines) - 1), max(at - 60, -1), -1):
        if not re.match(rf"\s*{_KEY}\s*=\s*\[[^\]]*$", lines[number]):
            continue
        end = number + 1
        while end < len(lines) and not re.match(rf"\s*(?:\]|{_KEY}\s*=|\[+\w)", lines[end]):
            end += 1
        for item in range(number + 1, end - 1):
            if re.search(r"[\"'\w}\]]\s*$", lines[item]) and re.match(r"\s*[\"'\w{\[]", lines[item + 1]):
                yield "\n".join(with_line(lines, item, lines[item].rstrip() + ",")), "Added the missing comma"
        last = end
        while last > number + 1 and not lines[last - 1].strip():
            last -= 1
        if end == len(lines) or not lines[end].lstrip().startswith("]"):
            blank = lines[number][: len(lines[number]) - len(lines[number].lstrip())]
            yield "\n".join([*lines[:last], f"{blank}]", *lines[last:]]), "Closed the open ["
        return


def _quote_anywhere(text: str, at: int) -> Iterator[tuple[str, str]]:
    """A text that is opened with one quote and closed with the other: the reader comes to the end of the file."""
    for number in range(min(text.count("\n") + 1, 400)):
        yield from line_edit(_quote)(text, number)


def _inline_table(text: str, at: int) -> Iterator[tuple[str, str]]:
    """An inline table over several lines, which TOML does not have: on one line."""
    match = re.compile(rf"(?m)^(\s*{_KEY}\s*=\s*)\{{[ \t]*\n((?:[^{{}}\n#]*\n)+?)\s*\}}").search(text)
    if match:
        inside = ", ".join(line.strip().rstrip(",") for line in match[2].split("\n") if line.strip())
        yield f"{text[: match.start()]}{match[1]}{{ {inside} }}{text[match.end() :]}", "Wrote the inline table on one line"


_EDITS: tuple[Edit, ...] = (
    line_edit(_header, before=1), line_edit(_equals, before=1), line_edit(_word), line_edit(_number), line_edit(_date), line_edit(_quote, before=2),
    line_edit(_left_over, before=1), line_edit(_bare_text, before=1), line_edit(_backslashes), _array_line, line_edit(_line_end, before=1),
    line_edit(_comma, before=1), _quote_anywhere, _inline_table, _repeated_line, _array_of_tables,
)  # fmt: skip

RULES: tuple[Rule, ...] = (
    Rule("toml-syntax", ("toml",), (r"(?i)tomldecodeerror|toml:? |\.toml",), toml_syntax),
)  # fmt: skip
