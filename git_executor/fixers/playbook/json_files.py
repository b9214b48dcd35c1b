"""JSON: the small slips that its readers refuse, each with the edits that may mend it.

An edit need not be right: only what then parses counts, and only when everything that parses means the same.
"""

from __future__ import annotations

import json
import re
from collections.abc import Hashable, Iterator

from git_executor.fixers.playbook.broken import added_quote, broken_file, mend
from git_executor.fixers.playbook.places import with_line
from git_executor.fixers.playbook.rule import Case, Fix, Rule, Said

_STRING = r"(\"(?:\\.|[^\"\\\n])*\")"
_WORDS = {"true": "true", "false": "false", "none": "null", "null": "null", "yes": "true", "no": "false", "on": "true", "off": "false"}
"""What other languages call JSON's three words."""


def json_syntax(case: Case, said: Said) -> Iterator[Fix]:
    path = broken_file(case, said.index, (".json",), r"[\w@%+.~/\-]*[\w\-]\.json\b")
    if path:
        edits = (_trailing_commas, _missing_commas, _separators, _comments, _literals, _quotes, _bare_keys, _open_string, _bare_values,
                 _backslashes, _opener, _closer, _extra_closer, _end)  # fmt: skip
        yield from mend(case, path, edits, _meaning)


def byte_order_mark(case: Case, said: Said) -> Iterator[Fix]:
    """The mark that Windows editors put before the text."""
    marked = [path for path in case.with_suffix(".json") if case.text(path).startswith("\ufeff")]
    if len(marked) == 1:
        yield Fix(marked[0], case.text(marked[0])[1:], f"Removed the byte order mark of {marked[0]}", "Its reader takes the mark before the first brace for text.")


def _meaning(text: str) -> Hashable:
    return repr(json.loads(text))


def _outside_strings(pattern: str, replacement: str, text: str) -> str:
    """Substitute where no string is. ``replacement`` may use the groups of ``pattern``, counted from 2."""
    return re.sub(
        rf"{_STRING}|{pattern}", lambda match: match[1] if match[1] is not None else match.expand(replacement), text
    )


def _with(lines: list[str], number: int, *new: str) -> str:
    return "\n".join(with_line(lines, number, *new))


def _near(lines: list[str], at: int) -> Iterator[int]:
    """The line that the reader names, and the one above, which is as often the one at fault."""
    yield from (number for number in dict.fromkeys((at, at - 1)) if 0 <= number < len(lines))


# --- commas and colons ----------------------------------------------------------------------------------


def _trailing_commas(text: str, at: int) -> Iterator[tuple[str, str]]:
    yield _outside_strings(r",(\s*[}\]])", r"\2", text), "Removed a trailing comma"
    if re.search(r"[}\]]\s*,\s*$", text):
        yield re.sub(r",(\s*)$", r"\1", text), "Removed a trailing comma"


def _missing_commas(text: str, at: int) -> Iterator[tuple[str, str]]:
    lines = text.split("\n")
    for number in range(max(at - 2, 0), min(at + 1, len(lines) - 1)):
        below = next((line for line in lines[number + 1 :] if line.strip()), "")
        if re.search(r"[\"\]}\w]\s*$", lines[number]) and re.match(r"\s*[\"{\[\d]", below):
            yield _with(lines, number, lines[number].rstrip() + ","), "Added the missing comma"
    value = r"(\"(?:\\.|[^\"\\])*\"|-?\d[\d.]*|[\]}]|\b(?:true|false|null)\b)"
    for number in _near(lines, at):
        new = re.sub(rf"{value}([ \t]+|(?<=[\]}}\"])(?=[\[{{\"]))(?=[\"\[{{\d-]|(?:true|false|null)\b)", r"\1,\2", lines[number])
        yield _with(lines, number, new), "Added the missing comma"


def _separators(text: str, at: int) -> Iterator[tuple[str, str]]:
    """A comma that is doubled or a semicolon; a colon that is missing, doubled or written otherwise; a parenthesis."""
    lines = text.split("\n")
    for number in _near(lines, at):
        line = lines[number]
        for new, what in (
            (_outside_strings(r",(\s*),", r"\2,", line), "Removed a doubled comma"),
            (_outside_strings(r"([\[{])\s*,\s*", r"\2", line), "Removed a comma before the first value"),
            (re.sub(r";(\s*)$", r",\1", line), "Wrote a comma for a semicolon"),
            (re.sub(r";(\s*)$", r"\1", line), "Removed a semicolon"),
            (_outside_strings(r":\s*:", r":", line), "Removed a doubled colon"),
            (_outside_strings(r"\)", "]", _outside_strings(r"\(", "[", line)), "Wrote square brackets for round ones"),
            (re.sub(r"(\"(?:\\.|[^\"\\])*\"|[\d\]}]|\b(?:true|false|null))(\s+)(?=\"(?:\\.|[^\"\\])*\"\s*:)", r"\1,\2", line), "Added the missing comma"),
            (re.sub(r"^(\s*(?:[{,]\s*)?\"[\w.-]+\")\s*(?:=>?\s*|;\s*|,\s*|\s)(?=[\"\d\[{tfn-])", r"\1: ", line), "Wrote a colon between key and value"),
        ):
            yield _with(lines, number, new), what


# --- words and quotes -----------------------------------------------------------------------------------


def _comments(text: str, at: int) -> Iterator[tuple[str, str]]:
    bare = _outside_strings(r"[ \t]*(?://|#)[^\n]*|[ \t]*/\*(?:[^*]|\*(?!/))*\*/", "", text)
    if bare != text:
        new = "\n".join(line for line, old in _pairs(bare, text) if line.strip() or not old.strip())
        yield new, "Removed comments, which JSON does not have"
        yield _outside_strings(r",(\s*[}\]])", r"\2", new), "Removed comments, which JSON does not have, and a trailing comma"


def _pairs(new: str, old: str) -> Iterator[tuple[str, str]]:
    """The lines of both texts, side by side where they have as many; a comment over several lines leaves no empty one."""
    ours, theirs = new.split("\n"), old.split("\n")
    yield from zip(ours, theirs, strict=True) if len(ours) == len(theirs) else ((line, line or "x") for line in ours)


def _literals(text: str, at: int) -> Iterator[tuple[str, str]]:
    new = text
    for word, value in _WORDS.items():
        new = _outside_strings(rf"(?<=[:\[,\s])(?i:{word})(?=\s*(?:[,\]}}]|$))", value, new)
    yield new, "Wrote true, false and null as JSON has them"


def _quotes(text: str, at: int) -> Iterator[tuple[str, str]]:
    yield _outside_strings(r"'([^'\"\\\n]*)'", r'"\2"', text), "Changed single quotes to double ones"
    yield re.sub("[“”„]", '"', text), "Changed typographic quotes to plain ones"
    yield _outside_strings(r"`([^`\"\\\n]*)`", r'"\2"', text), "Changed backticks to double quotes"


def _bare_keys(text: str, at: int) -> Iterator[tuple[str, str]]:
    yield _outside_strings(r"(?<=[{,\s])([A-Za-z_][\w-]*)(\s*:)", r'"\2"\3', text), "Put keys in quotes"


def _open_string(text: str, at: int) -> Iterator[tuple[str, str]]:
    lines = text.split("\n")
    for number in _near(lines, at):
        for line in added_quote(lines[number], '"', r"[\s\[{,:]", r"[\s\]},:]"):
            yield _with(lines, number, line), "Closed the open quote"


def _bare_values(text: str, at: int) -> Iterator[tuple[str, str]]:
    lines = text.split("\n")
    for number in _near(lines, at):
        new = re.sub(r"(\"[\w.-]+\"\s*:\s*)([A-Za-z/~][\w./:@-]*|\d+(?:\.\d+){2,}(?:/\d+)?)(?=\s*(?:[,}]|$))",
                     lambda match: match[0] if match[2].lower() in (*_WORDS, "nan", "undefined", "nil") else f'{match[1]}"{match[2]}"', lines[number])  # fmt: skip
        yield _with(lines, number, new), "Put the text value in quotes"


def _backslashes(text: str, at: int) -> Iterator[tuple[str, str]]:
    """A path of Windows, or a pattern, none of whose backslashes begins an escape that JSON knows."""
    def doubled(match: re.Match[str]) -> str:
        plain = re.match(r"\"[A-Za-z]:\\(?!\\)", match[0]) or not re.search(r"\\[\"\\/bfnrtu]", match[0])
        return re.sub(r"\\", r"\\\\", match[0]) if plain else match[0]

    lines = text.split("\n")
    if at < len(lines):
        yield _with(lines, at, re.sub(_STRING, doubled, lines[at])), "Doubled the backslashes of a text"


# --- brackets -------------------------------------------------------------------------------------------


def _opener(text: str, at: int) -> Iterator[tuple[str, str]]:
    """``"nodes":`` at a line's end above deeper lines: what closes below, as deep as the key, says what opens."""
    lines = text.split("\n")
    for number in range(min(at, len(lines) - 1), -1, -1):
        head = re.match(r"(\s*)\"[^\"]*\"\s*:\s*$", lines[number])
        if head:
            end = _dedent(lines, number)
            closing = lines[end].strip()[:1] if end < len(lines) else ""
            if closing in ("]", "}") and end > number + 1 and _depth(lines[end]) == len(head[1]):
                opened = "[" if closing == "]" else "{"
                yield _with(lines, number, f"{lines[number].rstrip()} {opened}"), f"Added the missing {opened}"
            return


def _closer(text: str, at: int) -> Iterator[tuple[str, str]]:
    """The bracket that is still open where one of the other kind closes, or that its block's end by indentation lacks."""
    lines = text.split("\n")
    stack: list[tuple[str, int, int]] = []
    for match in re.finditer(rf"{_STRING}|[\[\]{{}}]", text):
        number = text.count("\n", 0, match.start())
        if match[0] in "[{":
            stack.append(("]" if match[0] == "[" else "}", number, match.end()))
        elif match[0] in "]}":
            if not stack:
                break
            wanted, opened, after = stack.pop()
            if wanted != match[0]:
                yield from _closed(lines, wanted, opened, number, text[after : text.find("\n", after)].strip(), match[0])
                break
    yield from _closed_by_depth(lines)


def _closed(lines: list[str], wanted: str, opened: int, number: int, content: str, other: str) -> Iterator[tuple[str, str]]:
    what = f"Added the missing {wanted}"
    if content and opened == number:
        end = lines[number].rindex(other)
        yield _with(lines, number, lines[number][:end] + wanted + lines[number][end:]), what
        end = lines[number].index(other)
        yield _with(lines, number, lines[number][:end] + wanted + lines[number][end:]), what
    elif content and opened == number - 1:
        yield _with(lines, opened, lines[opened].rstrip() + wanted), what
    elif not content and lines[number].strip().rstrip(",") == other and _depth(lines[number]) == _depth(lines[opened]):
        yield _with(lines, number, lines[number].replace(other, wanted)), f"Wrote {wanted} for {other}"
    if lines[number].lstrip().startswith(other) and opened != number and not content:
        yield _with(lines, number, lines[opened][: _depth(lines[opened])] + wanted, lines[number]), what


def _closed_by_depth(lines: list[str]) -> Iterator[tuple[str, str]]:
    for number, line in enumerate(lines):
        bare = line.rstrip()
        if bare.endswith(("[", "{")):
            wanted = "]" if bare.endswith("[") else "}"
            end = _dedent(lines, number)
            after = lines[end].strip() if end < len(lines) else ""
            blank = line[: _depth(line)]
            if after == "," and _depth(lines[end]) == _depth(line):
                yield _with(lines, end, f"{blank}{wanted},"), f"Added the missing {wanted}"
            elif end > number + 1 and after[:1] not in ("]", "}"):
                comma = "," if after[:1] in ('"', "{", "[") else ""
                while not lines[end - 1].strip():
                    end -= 1
                yield "\n".join([*lines[:end], blank + wanted + comma, *lines[end:]]), f"Added the missing {wanted}"
        elif "[" in bare and bare.count("[") == bare.count("]") + 1:
            comma = "," if bare.endswith(",") else ""
            yield _with(lines, number, bare.rstrip(",") + "]" + comma), "Added the missing ]"


def _extra_closer(text: str, at: int) -> Iterator[tuple[str, str]]:
    lines = text.split("\n")
    for number in _near(lines, at):
        for match in re.finditer(r"[\]}]", lines[number]):
            left = lines[number][: match.start()] + lines[number][match.end() :]
            yield _with(lines, number, *([left] if left.strip(" ,") else [])), f"Removed a {match[0]} that closes nothing"


def _end(text: str, at: int) -> Iterator[tuple[str, str]]:
    for closing in ("}", "]", "]\n}", "}\n]"):
        yield text.rstrip("\n") + f"\n{closing}\n", f"Added the missing {closing.replace(chr(10), '')} at the end"


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip())


def _dedent(lines: list[str], number: int) -> int:
    """The first line below that is no deeper."""
    end = number + 1
    while end < len(lines) and (not lines[end].strip() or _depth(lines[end]) > _depth(lines[number])):
        end += 1
    return end


RULES: tuple[Rule, ...] = (
    Rule("json-syntax", ("json", "expecting", "parse error", "invalid character", "unexpected token", "extra data", "unexpected end", "trailing comma"),
         (r"(?i)jsondecodeerror|expecting (?:property name|value|',' delimiter|':' delimiter)|parse error: |invalid character .* (?:looking for|after)|"
          r"unexpected (?:token|string|end|non-whitespace).*json|in json at position|not valid json|invalid json|json.*(?:syntax|parse)|"
          r"unterminated string starting at|invalid control character|invalid \\+escape|trailing comma|unexpected end of json|extra data",), json_syntax),
    Rule("json-mark", ("bom",), (r"Unexpected UTF-8 BOM",), byte_order_mark),
)  # fmt: skip
