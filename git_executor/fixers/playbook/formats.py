"""JSON, TOML, ``.env`` and Makefiles: the small slips that their readers refuse."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Hashable, Iterator

from git_executor.fixers.playbook.broken import broken_file, line_edit, located_line, mend
from git_executor.fixers.playbook.near import one_near
from git_executor.fixers.playbook.rule import Case, Fix, Rule, Said

# --- JSON ---------------------------------------------------------------------------------------------

_STRING = r"(\"(?:\\.|[^\"\\\n])*\")"


def json_syntax(case: Case, said: Said) -> Iterator[Fix]:
    path = broken_file(case, said.index, (".json",), r"[\w@%+.~/\-]*[\w\-]\.json\b")
    if path:
        edits = (_trailing_commas, _missing_commas, _separators, _comments, _literals, _quotes, _bare_keys, _open_string, _bare_values, _closer, _end)
        yield from mend(case, path, edits, _json_meaning)


def _json_meaning(text: str) -> Hashable:
    return repr(json.loads(text))


def _outside_strings(pattern: str, replacement: str, text: str) -> str:
    """Substitute where no string is. ``replacement`` may use the groups of ``pattern``, counted from 2."""
    return re.sub(
        rf"{_STRING}|{pattern}", lambda match: match[1] if match[1] is not None else match.expand(replacement), text
    )


def _trailing_commas(text: str, at: int) -> Iterator[tuple[str, str]]:
    yield _outside_strings(r",(\s*[}\]])", r"\2", text), "Removed a trailing comma"


def _missing_commas(text: str, at: int) -> Iterator[tuple[str, str]]:
    lines = text.split("\n")
    for number in range(max(at - 2, 0), min(at + 1, len(lines) - 1)):
        below = next((line for line in lines[number + 1 :] if line.strip()), "")
        if re.search(r"[\"\]}\w]\s*$", lines[number]) and re.match(r"\s*[\"{\[\d]", below):
            yield (
                "\n".join([*lines[:number], lines[number].rstrip() + ",", *lines[number + 1 :]]),
                "Added the missing comma",
            )


def _separators(text: str, at: int) -> Iterator[tuple[str, str]]:
    """A comma that is doubled, a semicolon, or missing on its line; a colon that is missing or written otherwise; a
    parenthesis."""
    lines = text.split("\n")
    for number in dict.fromkeys((at, at - 1)):
        if not 0 <= number < len(lines):
            continue
        line = lines[number]
        for new, what in (
            (_outside_strings(r",(\s*),", r"\2,", line), "Removed a doubled comma"),
            (re.sub(r";(\s*)$", r",\1", line), "Wrote a comma for a semicolon"),
            (_outside_strings(r"\)", "]", line), "Wrote ] for )"),
            (re.sub(r"(\"(?:\\.|[^\"\\])*\"|[\d\]}]|\b(?:true|false|null))(\s+)(?=\"(?:\\.|[^\"\\])*\"\s*:)", r"\1,\2", line), "Added the missing comma"),
            (re.sub(r"^(\s*(?:[{,]\s*)?\"[\w.-]+\")\s*(?:=>?\s*|\s)(?=[\"\d\[{tfn-])", r"\1: ", line), "Wrote a colon between key and value"),
        ):
            if new != line:
                yield "\n".join([*lines[:number], new, *lines[number + 1 :]]), what


def _closer(text: str, at: int) -> Iterator[tuple[str, str]]:
    """The bracket that is still open where one of the other kind closes: on a line of its own, as deep as it began."""
    stack: list[tuple[str, int]] = []
    lines = text.split("\n")
    for match in re.finditer(rf"{_STRING}|[\[\]{{}}]", text):
        number = text.count("\n", 0, match.start())
        if match[0] in "[{":
            stack.append(("]" if match[0] == "[" else "}", number))
        elif match[0] in "]}":
            if not stack:
                return
            wanted, opened = stack.pop()
            if wanted != match[0]:
                if lines[number].lstrip().startswith(match[0]) and opened != number:
                    indent = lines[opened][: len(lines[opened]) - len(lines[opened].lstrip())]
                    yield "\n".join([*lines[:number], indent + wanted, *lines[number:]]), f"Added the missing {wanted}"
                return


def _comments(text: str, at: int) -> Iterator[tuple[str, str]]:
    kept = [line for line in text.split("\n") if not re.match(r"\s*(?://|#)", line)]
    if len(kept) < text.count("\n") + 1:
        yield "\n".join(kept), "Removed comments, which JSON does not have"


def _bare_values(text: str, at: int) -> Iterator[tuple[str, str]]:
    lines = text.split("\n")
    for number in dict.fromkeys((at, at - 1)):
        match = re.match(r"(\s*\"[\w.-]+\"\s*:\s*)([A-Za-z][\w./:@-]*)(\s*,?\s*)$", lines[number]) if 0 <= number < len(lines) else None
        if match and match[2].lower() not in ("true", "false", "null", "none", "nan"):
            yield "\n".join([*lines[:number], f'{match[1]}"{match[2]}"{match[3]}', *lines[number + 1 :]]), "Put the text value in quotes"


def _literals(text: str, at: int) -> Iterator[tuple[str, str]]:
    new = _outside_strings(r"\bTrue\b", "true", text)
    new = _outside_strings(r"\bFalse\b", "false", new)
    yield _outside_strings(r"\bNone\b", "null", new), "Wrote true, false and null as JSON has them"


def _quotes(text: str, at: int) -> Iterator[tuple[str, str]]:
    yield _outside_strings(r"'([^'\"\\\n]*)'", r'"\2"', text), "Changed single quotes to double ones"
    yield re.sub("[“”]", '"', text), "Changed typographic quotes to plain ones"


def _bare_keys(text: str, at: int) -> Iterator[tuple[str, str]]:
    yield _outside_strings(r"(?<=[{,\s])([A-Za-z_][\w-]*)(\s*:)", r'"\2"\3', text), "Put keys in quotes"


def _open_string(text: str, at: int) -> Iterator[tuple[str, str]]:
    lines = text.split("\n")
    for number in (at, at - 1):
        match = re.match(r"(\s*)(\"?)([\w.-]+)(\"?)(\s*:\s*)(.*?)(,?)(\s*)$", lines[number]) if number >= 0 else None
        if not match or (match[2] and match[4] and match[6].count('"') != 1):
            continue
        value = match[6]
        if value.count('"') == 1:
            value = value + '"' if value.startswith('"') else '"' + value
        line = f'{match[1]}"{match[3]}"{match[5]}{value}{match[7]}{match[8]}'
        yield "\n".join([*lines[:number], line, *lines[number + 1 :]]), "Closed the open quote"


def _end(text: str, at: int) -> Iterator[tuple[str, str]]:
    for closing in ("}", "]"):
        yield text.rstrip("\n") + f"\n{closing}\n", f"Added the missing {closing} at the end"


# --- TOML ---------------------------------------------------------------------------------------------


def toml_syntax(case: Case, said: Said) -> Iterator[Fix]:
    path = broken_file(case, said.index, (".toml",), r"[\w@%+.~/\-]*[\w\-]\.toml\b")
    if path:
        yield from mend(case, path, (line_edit(_toml_line, before=2), _repeated_line), _toml_meaning)


def _toml_meaning(text: str) -> Hashable:
    return repr(tomllib.loads(text))


def _repeated_line(text: str, at: int) -> Iterator[tuple[str, str]]:
    """The very same assignment twice, one after the other."""
    lines = text.split("\n")
    for number in range(max(at - 1, 1), min(at + 2, len(lines))):
        if "=" in lines[number] and lines[number].strip() == lines[number - 1].strip():
            yield "\n".join([*lines[:number], *lines[number + 1 :]]), "Removed the second of two identical lines"


def _toml_line(line: str) -> Iterator[tuple[str, str]]:
    header = re.match(r"(\s*)(\[\[?)([\w.\-\"]+)(\]?)\s*$", line)
    if header and len(header[4]) < len(header[2]):
        yield header[1] + header[2] + header[3] + "]" * len(header[2]), "Closed the table's header"
    colon = re.match(r"(\s*[\w.-]+)(?:\s*:\s*|\s+(?=[\"'\d\[]))(\S.*)$", line)
    if colon and "=" not in colon[1] + colon[2]:
        yield f"{colon[1]} = {colon[2]}", "Wrote = between key and value"
    pair = re.match(r"(\s*[\w.-]+\s*=\s*)(\S.*?)(\s*)$", line)
    if not pair:
        return
    value = pair[2]
    if value in ("True", "False"):
        yield pair[1] + value.lower(), "Wrote true and false as TOML has them"
    elif value[0] in "\"'" and value.count(value[0]) == 1 and "#" not in value:
        yield pair[1] + value + value[0], "Closed the open quote"
    elif re.fullmatch(r"[A-Za-z/~.][\w./:@ ~-]*", value):
        yield f'{pair[1]}"{value}"', "Put the text value in quotes"
    elif value[0] == "[" and value.count("[") == value.count("]") + 1:
        yield pair[1] + value.rstrip(",") + "]", "Closed the open ["
    elif re.fullmatch(r"\[\s*(?:(?:\d+|\"[^\"]*\")(?:\s*,\s*|\s+|\s*(?=\])))+\]", value):
        yield pair[1] + re.sub(r"(\d|\")\s+(?=\d|\")", r"\1, ", value), "Added the missing comma"


# --- INI ----------------------------------------------------------------------------------------------


def ini_line(case: Case, said: Said) -> Iterator[Fix]:
    """The line that Python's configparser names: a section's header without its end, or a pair without its ``=``."""
    mention = said.get("file")
    for _, line in () if mention else case.near(said.index, 3, 0):
        found = re.search(r"parsing errors: '([^']+)'", line)
        mention = mention or (found[1] if found else "")
    path = case.locate(mention)
    text = case.text(path) if path else ""
    number = located_line(case, said, text)
    if path is None or number is None:
        return
    lines = text.split("\n")
    header = re.match(r"\[[\w .:-]+(?=\s*$)", lines[number])
    unopened = re.match(r"([\w.:-]+)\]\s*$", lines[number])
    repeated = "already exists" in said.match.string and lines[number].strip() in [line.strip() for line in lines[:number]]
    pair = re.match(r"([A-Za-z][\w.-]*)[ \t]+([^\s=:;#\[]+)\s*$", lines[number])
    others = [line for line in lines if re.match(r"[A-Za-z][\w. -]*=", line)]
    if repeated:
        new = "\n".join([*lines[:number], *lines[number + 1 :]])
        yield Fix(path, new, "Removed the second of two identical lines", f"{path} gives {lines[number].strip()!r} twice.")
        return
    if unopened:
        lines[number], what = f"[{unopened[1]}]", "Opened the section's header"
    elif header:
        lines[number], what = header[0] + "]", "Closed the section's header"
    elif pair and others:
        equals = " = " if " = " in others[0] else "="
        lines[number], what = f"{pair[1]}{equals}{pair[2]}", "Wrote = between key and value"
    else:
        return
    if _is_ini("\n".join(lines)):
        yield Fix(path, "\n".join(lines), f"{what} in {path}", f"Line {number + 1} is neither a section's header nor a pair of key and value.")


def _is_ini(text: str) -> bool:
    import configparser  # needed by few attempts, and slow to load

    try:
        configparser.RawConfigParser(allow_no_value=False).read_string(text)
    except configparser.Error:
        return False
    return True


# --- .env ---------------------------------------------------------------------------------------------


def env_line(case: Case, said: Said) -> Iterator[Fix]:
    """A line of a file of ``NAME=value`` lines that a shell or Compose stumbles over."""
    path = case.locate(said["file"])
    name = path.rpartition("/")[2] if path else ""
    text = case.text(path) if path else ""
    number = located_line(case, said, text)
    if path is None or number is None or not (re.search(r"(?:^|\.)env(?:\.|$)", name) or _is_settings(text, number)):
        return
    lines = text.split("\n")
    for line in _env_repaired(lines[number], said.get("word")):
        yield Fix(path, "\n".join([*lines[:number], line, *lines[number + 1 :]]), f"Wrote line {number + 1} of {path} as NAME=value",
                  "A shell and Compose read the file line by line, without blanks around = and with quotes around blanks.")  # fmt: skip


def _is_settings(text: str, fault: int) -> bool:
    """Whether a file is nothing but ``NAME=value`` lines, the one at fault aside: then it is sourced for its values."""
    lines = [line for number, line in enumerate(text.split("\n")) if number != fault and line.strip() and not line.lstrip().startswith("#")]
    return not text.startswith("#!") and bool(lines) and all(re.match(r"(?:export\s+)?[A-Za-z_]\w*=", line) for line in lines)


def _env_repaired(line: str, word: str) -> Iterator[str]:
    open_quote = re.fullmatch(r"(?:export\s+)?[A-Za-z_]\w*=([\"'])[^\"'$`\\]*[^\"'$`\\\s]", line)
    if open_quote and not word:
        yield line + open_quote[1]
        return
    match = re.match(r"((?:export\s+)?[A-Za-z_]\w*)(\s*[=:]\s*|\s+)(.*?)\s*$", line)
    if not match:
        return
    value = match[3]
    plain = re.fullmatch(r"[^\s\"'$`\\#;&|<>()]*|\"[^\"]*\"|'[^']*'", value) is not None
    spaced = re.fullmatch(r"[^\"'$`\\#;&|<>()]+", value) is not None
    if match[2] == "=" and spaced and not plain and value.split()[1:2] == [word]:
        yield f'{match[1]}="{value}"'
    elif match[2] != "=" and (plain or spaced) and (not word or word.rstrip(":") in (match[1].split()[-1], value.strip("\"'"))):
        yield f"{match[1]}={value}" if plain else f'{match[1]}="{value}"'


# --- Makefile -----------------------------------------------------------------------------------------


def makefile_tab(case: Case, said: Said) -> Iterator[Fix]:
    """Spaces for tabs: the line that make names and the recipe that it belongs to."""
    path = case.locate(said["file"])
    text = case.text(path) if path else ""
    number = located_line(case, said, text)
    if path is None or number is None:
        return
    lines = text.split("\n")
    first = number
    while first > 0 and re.match(r"[ \t]+\S", lines[first - 1]):
        first -= 1
    if not re.match(r" +\S", lines[number]) or first == 0 or not re.match(r"[^\s#=][^=]*:(?!=)", lines[first - 1]):
        return
    end = number
    while end < len(lines) and re.match(r"[ \t]+\S", lines[end]):
        lines[end] = re.sub(r"^ +\t*", "\t", lines[end])
        end += 1
    for before in range(first, number):
        lines[before] = re.sub(r"^ +\t*", "\t", lines[before])
    yield Fix(path, "\n".join(lines), f"Indented the recipe in {path} with tabs",
              f"make wants a tab before every line of a recipe; line {number + 1} begins with spaces.")  # fmt: skip


def makefile_target(case: Case, said: Said) -> Iterator[Fix]:
    """A prerequisite that is a slip of exactly one target."""
    wanted, by = said["target"], said["by"]
    for path in case.candidates[:200]:
        if not re.search(r"(?i)(?:^|/)(?:gnu)?makefile$|\.mk$", path):
            continue
        text = case.text(path)
        targets = {
            name for match in re.finditer(r"^([\w./ -]+):(?!=)", text, re.MULTILINE) for name in match[1].split()
        }
        near = one_near(wanted, targets)
        rule = re.search(
            rf"^{re.escape(by)}\s*:(?!=)[^\n]*?(?<![\w./-])({re.escape(wanted)})(?![\w./-])", text, re.MULTILINE
        )
        if near and rule:
            yield Fix(path, text[: rule.start(1)] + near + text[rule.end(1) :], f"Corrected the prerequisite {wanted} to {near}",
                      f"{path} has no rule for {wanted}; {near} is the one target with nearly that name.")  # fmt: skip


def makefile_colon(case: Case, said: Said) -> Iterator[Fix]:
    """``deploy lint`` above a recipe, where ``deploy`` is asked for elsewhere as a target."""
    path = case.locate(said["file"])
    text = case.text(path) if path else ""
    number = located_line(case, said, text)
    if path is None or number is None:
        return
    lines = text.split("\n")
    head = re.match(r"([\w.-]+)((?:[ \t]+[\w./-]+)*)[ \t]*$", lines[number])
    below = lines[number + 1] if number + 1 < len(lines) else ""
    if not head or not below.startswith("\t"):
        return
    asked = {name for match in re.finditer(r"^[^\s:#=][^:=\n]*:(?!=)([^=\n]*)$", text, re.MULTILINE) for name in match[1].split()}
    targets = {name for match in re.finditer(r"^([\w./ -]+):(?!=)", text, re.MULTILINE) for name in match[1].split()}
    if head[1] in asked and set(head[2].split()) <= targets | asked:
        lines[number] = f"{head[1]}:{head[2]}"
        yield Fix(path, "\n".join(lines), f"Added the colon after the target {head[1]}", f"{path}:{number + 1} begins a rule, and its target lacks the colon.")


def makefile_call(case: Case, said: Said) -> Iterator[Fix]:
    """``$(shell date`` without its parenthesis at the end of the line."""
    path = case.locate(said["file"])
    text = case.text(path) if path else ""
    number = located_line(case, said, text)
    if path is None or number is None:
        return
    lines = text.split("\n")
    line = lines[number].rstrip()
    if line.count("(") == line.count(")") + 1 and not line.endswith("\\") and line.count("$(") == 1:
        lines[number] = line + ")"
        yield Fix(path, "\n".join(lines), f"Closed the call on line {number + 1}", f"{path}:{number + 1} opens $( and does not close it.")


RULES: tuple[Rule, ...] = (
    Rule("json-syntax", ("json", "expecting", "parse error", "invalid character", "unexpected token", "extra data", "unexpected end", "trailing comma"),
         (r"(?i)jsondecodeerror|expecting (?:property name|value|',' delimiter|':' delimiter)|parse error: |invalid character .* (?:looking for|after)|"
          r"unexpected (?:token|string|end|non-whitespace).*json|in json at position|not valid json|invalid json|json.*(?:syntax|parse)|"
          r"unterminated string starting at|invalid control character|trailing comma|unexpected end of json|extra data",), json_syntax),
    Rule("toml-syntax", ("toml",), (r"(?i)tomldecodeerror|toml:? |\.toml",), toml_syntax),
    Rule("ini-line", ("file:", "[line", "no section headers", "contains no section", "already exists"),
         (r"file: '(?P<file>[^']+)', line: (?P<line>\d+)", r"^\s*\[line +(?P<line>\d+)\]: ", r"reading from '(?P<file>[^']+)' \[line +(?P<line>\d+)\]: .*already exists"), ini_line),
    Rule("env-line", ("not found",), (r"(?P<file>[^\s:]+\.(?:conf|cfg|vars|sh)): line (?P<line>\d+): (?P<word>[^\s:]+): command not found",), env_line),
    Rule("env-line", ("env",),
         (r"(?P<file>\S*\.?env[\w.-]*): (?:line )?(?P<line>\d+): (?P<word>[^\s:]+): (?:command )?not found",
          r"(?P<file>\S*\.?env[\w.-]*): (?:line )?(?P<line>\d+): unexpected EOF while looking for matching",
          r"(?P<file>\S*\.?env[\w.-]*): (?:line )?(?P<line>\d+): (?P<word>\w+:): (?:command )?not found",
          r"failed to read (?P<file>\S+): line (?P<line>\d+): ", r"(?P<file>\S*\.?env[\w.-]*):(?P<line>\d+): ",
          r"(?i:could not parse|cannot parse).*?(?P<file>\S*env\S*).*line (?P<line>\d+)"), env_line),
    Rule("makefile-tab", ("missing separator",), (r"(?P<file>\S+?):(?P<line>\d+): \*\*\* missing separator",), makefile_tab),
    Rule("makefile-colon", ("missing separator",), (r"(?P<file>\S+?):(?P<line>\d+): \*\*\* missing separator",), makefile_colon),
    Rule("makefile-call", ("unterminated",), (r"(?P<file>\S+?):(?P<line>\d+): \*\*\* unterminated (?:call to function|variable reference)",), makefile_call),
    Rule("makefile-target", ("no rule to make",), (r"No rule to make target ['`](?P<target>[^']+)', needed by ['`](?P<by>[^']+)'",), makefile_target),
)  # fmt: skip
