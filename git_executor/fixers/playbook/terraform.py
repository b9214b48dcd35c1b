"""Terraform and OpenTofu: syntax with one repair, types, module paths. Undeclared names are in ``names``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import normpath

from git_executor.fixers.playbook.near import one_defined, one_of_list
from git_executor.fixers.playbook.places import with_line
from git_executor.fixers.playbook.rule import Case, Fix, Rule, Said

_TYPES = ("string", "number", "bool", "any", "list", "map", "set", "object", "tuple", "optional")
_BLOCK = r"(?:terraform|provider|resource|data|variable|output|locals|module|moved|import|removed|check)\b[^{}\n=]*\{\s*$"


def _place(case: Case, index: int) -> tuple[str, int] | None:
    """The file and line (from 0) of ``on main.tf line 2``."""
    for _, line in case.near(index, 6, 6):
        match = re.search(r"\bon (?P<file>[\w./-]+) line (?P<line>\d+)", line)
        path = case.locate(match["file"]) if match else None
        if match and path and int(match["line"]) <= case.text(path).count("\n") + 1:
            return path, int(match["line"]) - 1
    return None


def _line_changed(case: Case, said: Said, pattern: str, replacement: str, what: str, reason: str) -> Iterator[Fix]:
    place = _place(case, said.index)
    if place:
        path, number = place
        lines = case.text(path).split("\n")
        line = re.sub(pattern, replacement, lines[number], count=1)
        if line != lines[number]:
            yield Fix(path, "\n".join(with_line(lines, number, line)), what, reason)


def equals(case: Case, said: Said) -> Iterator[Fix]:
    """``default: "x"`` and ``default "x"``."""
    yield from _line_changed(case, said, r"^(\s*[\w-]+)(?:\s*:\s*|\s+)(?=(?:\"[^\"]*\"|\d+|true|false|\[.*\]|[a-z_]+\.[\w.]+)\s*(?:#.*)?$)", r"\1 = ",
                             "Wrote = between argument and value", "Terraform sets an argument with the equals sign.")  # fmt: skip


def quote(case: Case, said: Said) -> Iterator[Fix]:
    """A text that is opened at the end of an assignment and not closed."""
    yield from _line_changed(case, said, r"^([^\"#]*\"[^\"{}$]*[^\"{}$\s,])(\s*,?\s*)$", r'\1"\2', "Closed the open quote", "Terraform's texts end on the line on which they begin.")


def brace(case: Case, said: Said) -> Iterator[Fix]:
    """The one block at the left margin that is not closed before the next begins."""
    place = _place(case, said.index)
    if place is None:
        return
    path = place[0]
    lines = case.text(path).split("\n")
    starts = [number for number, line in enumerate(lines) if re.match(_BLOCK, line)]
    open_ones = [(start, end) for start, end in zip(starts, [*starts[1:], len(lines)], strict=True) if not any(line.startswith("}") for line in lines[start:end])]
    if len(open_ones) != 1 or case.text(path).count("{") != case.text(path).count("}") + 1:
        return
    start, end = open_ones[0]
    while end > start + 1 and (not lines[end - 1].strip() or lines[end - 1].startswith("#")):
        end -= 1
    yield Fix(path, "\n".join([*lines[:end], "}", *lines[end:]]), f"Closed the block of line {start + 1}", f"{path} opens a block on line {start + 1} and does not close it.")


def type_name(case: Case, said: Said) -> Iterator[Fix]:
    near = one_of_list(said["word"], _TYPES)
    if near:
        yield from _line_changed(case, said, rf"(?<!\w){re.escape(said['word'])}(?!\w)", near, f"Corrected the type {said['word']} to {near}",
                                 f"Terraform has no type {said['word']}; {near} is the one with nearly that name.")  # fmt: skip


def module_path(case: Case, said: Said) -> Iterator[Fix]:
    """``source = "./module/vm"``: the one near folder, component by component."""
    for path in case.candidates[:150]:
        if not path.endswith((".tf", ".tofu")):
            continue
        text = case.text(path)
        for match in re.finditer(r"^\s*source\s*=\s*\"(?P<source>\.{1,2}/[^\"]+)\"", text, re.MULTILINE):
            corrected = _near_folder(case, path.rpartition("/")[0], match["source"])
            if corrected:
                yield Fix(path, text[: match.start("source")] + corrected + text[match.end("source") :], f"Corrected the module's path {match['source']} to {corrected}",
                          f"There is no {match['source']}; {corrected} is the one folder with nearly that name.")  # fmt: skip


def _near_folder(case: Case, base: str, source: str) -> str | None:
    parts, slips = source.split("/"), 0
    for index, part in enumerate(parts):
        parent = normpath("/".join([base, *parts[:index]]).lstrip("/") or ".")
        if part in (".", "..") or part in (names := case.tree.names("" if parent == "." else parent)):
            continue
        near = one_defined(part, names)
        if near is None or slips:
            return None
        parts[index], slips = near, 1
    return "/".join(parts) if slips else None


RULES: tuple[Rule, ...] = (
    Rule("terraform-equals", ("use the equals sign", "argument or block definition required"), (r"(?i)argument or block definition(?: is)? required",), equals),
    Rule("terraform-quote", ("multi-line string", "unterminated template string"), (r"(?i)invalid multi-line string|unterminated template string",), quote),
    Rule("terraform-brace", ("unclosed configuration block", "unsupported block type"), (r"(?i)unclosed configuration block|unsupported block type",), brace),
    Rule("terraform-type", ("type specification", "type constructor"), (r"(?:keyword|constructor) \"(?P<word>\w+)\" is not a valid type",), type_name),
    Rule("terraform-module-path", ("unreadable module directory", "module directory"), (r"(?i)unreadable module directory|module directory \S+ does not exist",), module_path),
)  # fmt: skip
