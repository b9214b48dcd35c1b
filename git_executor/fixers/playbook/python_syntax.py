"""Python that does not parse: edits of which one leaves sound code, with one meaning."""

from __future__ import annotations

import ast
import keyword
import re
from collections.abc import Hashable, Iterator

from git_executor.fixers.playbook.broken import added_quote, broken_file, line_edit, mend
from git_executor.fixers.playbook.near import one_of_list
from git_executor.fixers.playbook.places import with_line
from git_executor.fixers.playbook.rule import Case, Fix, Rule, Said

_BLOCK = r"(?:if|elif|else|for|while|def|class|try|except|finally|with|match|case|async\s+(?:def|for|with))\b"


def python_syntax(case: Case, said: Said) -> Iterator[Fix]:
    path = broken_file(case, said.index, (".py",), r"[\w@%+.~/\-]*[\w\-]\.py\b")
    if path:
        edits = (line_edit(_colon, before=1), line_edit(_keyword), line_edit(_print), line_edit(_operators), line_edit(_f_string), line_edit(_f_brace), line_edit(_mixed_quote),
                 line_edit(_quote, before=1), _comma, line_edit(_bracket, before=1), line_edit(_other_bracket), _open_block, line_edit(_comparison), line_edit(_pair),
                 line_edit(_missing_comma), _tabs, _indentation)  # fmt: skip
        yield from mend(case, path, edits, _meaning)


def _meaning(text: str) -> Hashable:
    try:
        return ast.dump(ast.parse(text))
    except (SyntaxError, ValueError, RecursionError):
        return text


def _colon(line: str) -> Iterator[tuple[str, str]]:
    bare = re.sub(r"\s+#[^\"']*$", "", line).rstrip()
    if re.match(rf"\s*{_BLOCK}", bare) and not bare.endswith((":", ",", "\\", "(", "[", "{")):
        yield bare.rstrip(";") + ":" + line[len(bare) :], "Added the missing colon"


def _print(line: str) -> Iterator[tuple[str, str]]:
    match = re.match(r"(\s*)print +([^(].*?)\s*$", line)
    if match:
        yield f"{match[1]}print({match[2]})", "Called print as a function"


def _f_string(line: str) -> Iterator[tuple[str, str]]:
    """``f"{d["key"]}"``: before Python 3.12 the inner quotes must be of the other kind."""
    for quote, other in (('"', "'"), ("'", '"')):
        new = re.sub(rf"\[{quote}([\w .-]+){quote}\]", rf"[{other}\1{other}]", line)
        if new != line and re.search(rf"\b[fF]{quote}", line):
            yield new, "Used the other quotes inside of an f-string"


def _f_brace(line: str) -> Iterator[tuple[str, str]]:
    """``f"{name: {other}"``: a brace that is opened before a plain name and not closed."""
    if re.search(r"\b[fF][rR]?[\"']", line):
        for match in re.finditer(r"(?<!\{)\{[A-Za-z_][\w.]*(?:\[[^\]\s]*\])?(?=[\s:,\"'/)-])(?!:[^\s{\"'])", line):
            yield line[: match.end()] + "}" + line[match.end() :], "Closed the open { of an f-string"


def _mixed_quote(line: str) -> Iterator[tuple[str, str]]:
    """``"no hosts'``, and typographic quotes."""
    for quote, other in (('"', "'"), ("'", '"')):
        for match in re.finditer(rf"{quote}([^\"'\\\n]*){other}(?=\s*(?:[,)\]}}:]|$))", line):
            yield line[: match.start()] + quote + match[1] + quote + line[match.end() :], "Closed the text with the same quote"
    yield re.sub("[“”„]", '"', line), "Changed typographic quotes to plain ones"


def _quote(line: str) -> Iterator[tuple[str, str]]:
    if line.count('"""') == 1 and re.search(r'[^"]""$', line.rstrip()):
        yield line.rstrip() + '"', "Closed the open quotes"
    for quote in "\"'":
        yield from ((new, "Closed the open quote") for new in added_quote(line, quote, r"[\s\[{(,=]", r"[\s\]}),:]"))


def _operators(line: str) -> Iterator[tuple[str, str]]:
    """What other languages write for ``and``, ``or``, ``not``, ``==`` and ``elif``."""
    bare = re.sub(r"\"[^\"]*\"|'[^']*'", lambda match: "_" * len(match[0]), line)
    for pattern, word in ((r"\s*&&\s*", " and "), (r"\s*\|\|\s*", " or "), (r"(?<=[\s(])!(?=[\w(])", "not "), (r"===", "=="), (r"!==", "!="), (r"^(?<!\S)(?:\s*)(?:else ?if|elsif)(?=\s)", "")):
        matches = list(re.finditer(pattern, bare))
        if matches:
            new = line
            for match in reversed(matches):
                put = word or re.sub(r"\S.*$", "elif", match[0])
                new = new[: match.start()] + put + new[match.end() :]
            yield new, "Wrote the operator as Python has it"


def _bracket(line: str) -> Iterator[tuple[str, str]]:
    for opened, close in ("()", "[]", "{}"):
        if line.count(opened) == line.count(close) + 1 and opened * 2 not in line:
            bare = line.rstrip()
            if bare.endswith(":"):
                yield bare[:-1] + close + ":", f"Closed the open {opened}"
            elif bare.endswith(","):
                yield f"{bare[:-1]}{close},", f"Closed the open {opened}"
            else:
                yield bare + close, f"Closed the open {opened}"


def _other_bracket(line: str) -> Iterator[tuple[str, str]]:
    """A bracket that closes nothing, or one of another kind: removed, corrected, or closed before it."""
    for match in re.finditer(r"[)\]}]", line):
        before, after = line[: match.start()], line[match.end() :]
        for close in ")]}":
            if close != match[0]:
                yield before + close + after, f"Wrote {close} for {match[0]}"
                yield before + close + match[0] + after, f"Added the missing {close}"
        yield before + after, f"Removed a {match[0]} that closes nothing"


def _open_block(text: str, at: int) -> Iterator[tuple[str, str]]:
    """A bracket at a line's end whose lines end where the indentation does."""
    lines = text.split("\n")
    opened = re.search(r"[(\[{]\s*$", lines[at])
    if opened is None:
        return
    close = {"(": ")", "[": "]", "{": "}"}[opened[0].strip()]
    end = at + 1
    while end < len(lines) and lines[end].strip() and _depth(lines[end]) > _depth(lines[at]):
        end += 1
    if end == at + 1:
        yield "\n".join([*lines[:at], lines[at].rstrip() + close, *lines[end:]]), f"Closed the open {opened[0].strip()}"
    else:
        yield "\n".join([*lines[:end], " " * _depth(lines[at]) + close, *lines[end:]]), f"Closed the open {opened[0].strip()}"


def _comparison(line: str) -> Iterator[tuple[str, str]]:
    match = re.match(r"(\s*(?:if|elif|while)\s[^=!<>]*[^=!<>\s]\s*)=(?!=)(\s*[^=].*:\s*(?:#.*)?)$", line)
    if match:
        yield f"{match[1]}=={match[2]}", "Compared with == instead of assigning"


def _pair(line: str) -> Iterator[tuple[str, str]]:
    """``"port" = 22,`` in a mapping."""
    yield re.sub(r"^(\s*[{]?\s*(?:\"[^\"]*\"|'[^']*'))\s*=>?\s*(?=[^=\s])", r"\1: ", line), "Wrote a colon between key and value"


def _missing_comma(line: str) -> Iterator[tuple[str, str]]:
    """Between two arguments, items or imported names."""
    if re.search(r"[(\[{]|\bimport\b", line):
        for match in re.finditer(r"(?<=[\w\"'\])}])[ ]+(?=[\w\"'\[({])", line):
            yield line[: match.start()] + "," + line[match.start() :], "Added the missing comma"


def _comma(text: str, at: int) -> Iterator[tuple[str, str]]:
    """Between two entries of a mapping, on one line or at a line's end."""
    lines = text.split("\n")
    inside = re.search(r"(?<=:)\s*(?:\"[^\"]*\"|'[^']*'|[\w.]+)(?=\s+[\"'][\w.-]+[\"']\s*:)", lines[at])
    if inside:
        yield "\n".join(with_line(lines, at, lines[at][: inside.end()] + "," + lines[at][inside.end() :])), "Added the missing comma"
    for number in (at - 1, at):
        below = lines[number + 1] if number + 1 < len(lines) else ""
        if number >= 0 and re.search(r"[:\[(,].*[\w\"'\])}]\s*$", lines[number]) and re.match(r"\s*(?:[\"'][\w.-]+[\"']\s*:|\w+=)", below):
            yield "\n".join(with_line(lines, number, lines[number].rstrip() + ",")), "Added the missing comma"


def _keyword(line: str) -> Iterator[tuple[str, str]]:
    """``retrun x``, ``dfe main():``: the first word of a statement."""
    match = re.match(r"(\s*)([a-z]+)(?=[\s:])", line)
    near = one_of_list(match[2], keyword.kwlist) if match and match[2] not in keyword.kwlist and len(match[2]) >= 3 else None
    if match and near:
        yield match[1] + near + line[match.end() :], f"Corrected {match[2]} to {near}"


def _tabs(text: str, at: int) -> Iterator[tuple[str, str]]:
    lines = text.split("\n")
    if any(re.match(r" *\t", line) for line in lines) and any(re.match(r" +\S", line) for line in lines):
        for width in (8, 4, 2):
            depths = [len(line[: len(line) - len(line.lstrip())].expandtabs(width)) for line in lines]
            yield "\n".join(" " * depth + line.lstrip() for depth, line in zip(depths, lines, strict=True)), "Replaced tabs by spaces"


def _indentation(text: str, at: int) -> Iterator[tuple[str, str]]:
    """One line at a depth that no block has, moved to the nearest that one has."""
    lines = text.split("\n")
    depth = _depth(lines[at])
    above = [line for line in lines[:at] if line.strip() and not line.lstrip().startswith("#")]
    if not above:
        return
    header = above[-1].rstrip().endswith(":")
    if header:
        wanted = [_depth(above[-1]) + _step(lines)]
        if depth <= _depth(above[-1]) and not _block_ends(lines, at, wanted[0]):
            return  # how many of the lines below belong to the block, nothing says
    else:
        wanted = sorted({0, _depth(above[-1]), *_open_depths(above)}, key=lambda level: abs(level - depth))
        nearest = [level for level in wanted if abs(level - depth) == abs(wanted[0] - depth)]
        wanted = nearest if abs(nearest[0] - depth) < _step(lines) else []
    for level in wanted:
        if level != depth:
            shift = level - depth
            for end in dict.fromkeys((at + 1, _end_of_block(lines, at))):
                moved = [" " * (_depth(line) + shift) + line.lstrip() if line.strip() else line for line in lines[at:end]]
                yield "\n".join([*lines[:at], *moved, *lines[end:]]), "Corrected the indentation"


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip())


def _step(lines: list[str]) -> int:
    depths = [_depth(line) for number, line in enumerate(lines) if number and lines[number - 1].rstrip().endswith(":") and _depth(line) > _depth(lines[number - 1])]
    steps = [_depth(line) - _depth(lines[number - 1]) for number, line in enumerate(lines) if number and lines[number - 1].rstrip().endswith(":")]
    return max(set(steps), key=steps.count) if depths and max(set(steps), key=steps.count) > 0 else 4


def _open_depths(above: list[str]) -> set[int]:
    """The depths of the blocks that are open at the end of these lines."""
    found, least = set(), _depth(above[-1]) + 1
    for line in reversed(above):
        if _depth(line) < least:
            least = _depth(line)
            found.add(least)
    return found


def _end_of_block(lines: list[str], at: int) -> int:
    """The end of what hangs below a line."""
    end = at + 1
    while end < len(lines) and (not lines[end].strip() or _depth(lines[end]) > _depth(lines[at])):
        end += 1
    return end


def _block_ends(lines: list[str], at: int, inner: int) -> bool:
    """Whether what follows a line that should begin a block shows that it is all of the block, or that the block goes on."""
    below = lines[at + 1] if at + 1 < len(lines) else ""
    return not below.strip() or _depth(below) == inner or _depth(below) < _depth(lines[at]) or re.match(r"\s*(?:else|elif|except|finally)\b", below) is not None


RULES: tuple[Rule, ...] = (
    Rule("python-syntax", ("syntaxerror", "indentationerror", "taberror"), (r"(?:Syntax|Indentation|Tab)Error: ",), python_syntax),
)
