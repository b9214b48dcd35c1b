# ruff: noqa: SIM905 - tables of words read best as text
"""Python: syntax with one repair, and names, imports and keys with one near candidate."""

from __future__ import annotations

import ast
import keyword
import re
import sys
from collections.abc import Hashable, Iterator

from git_executor.fixers.playbook.broken import broken_file, line_edit, mend
from git_executor.fixers.playbook.near import one_near, slips
from git_executor.fixers.playbook.rule import Case, Fix, Rule, Said

_BLOCK = r"(?:if|elif|else|for|while|def|class|try|except|finally|with|match|case|async\s+(?:def|for|with))\b"


def python_syntax(case: Case, said: Said) -> Iterator[Fix]:
    path = broken_file(case, said.index, (".py",), r"[\w@%+.~/\-]*[\w\-]\.py\b")
    if path:
        edits = (line_edit(_colon, before=1), line_edit(_print), line_edit(_f_string), line_edit(_f_brace), line_edit(_quote, before=1),
                 line_edit(_bracket, before=1), line_edit(_comparison), _indentation)  # fmt: skip
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
        for match in re.finditer(r"(?<!\{)\{[A-Za-z_][\w.]*(?=[\s:,\"'/)-])(?!:[^\s{\"'])", line):
            yield line[: match.end()] + "}" + line[match.end() :], "Closed the open { of an f-string"


def _quote(line: str) -> Iterator[tuple[str, str]]:
    for quote in "\"'":
        if line.count(quote) % 2:
            yield line.rstrip() + quote, "Closed the open quote"
            tail = re.search(r"[)\],:]+$", line.rstrip())
            if tail:
                yield line.rstrip()[: tail.start()] + quote + tail[0], "Closed the open quote"


def _bracket(line: str) -> Iterator[tuple[str, str]]:
    for opened, close in ("()", "[]", "{}"):
        if line.count(opened) == line.count(close) + 1 and opened * 2 not in line:
            bare = line.rstrip()
            if bare.endswith(":"):
                yield bare[:-1] + close + ":", f"Closed the open {opened}"
            elif not bare.endswith((",", opened)):
                yield bare + close, f"Closed the open {opened}"


def _comparison(line: str) -> Iterator[tuple[str, str]]:
    match = re.match(r"(\s*(?:if|elif|while)\s[^=!<>]*[^=!<>\s]\s*)=(?!=)(\s*[^=].*:\s*(?:#.*)?)$", line)
    if match:
        yield f"{match[1]}=={match[2]}", "Compared with == instead of assigning"


def _indentation(text: str, at: int) -> Iterator[tuple[str, str]]:
    """One line at a depth that no block has; or tabs among spaces."""
    lines = text.split("\n")
    if any(re.match(r" *\t", line) for line in lines) and any(re.match(r" +\S", line) for line in lines):
        yield (
            "\n".join(re.sub(r"^[ \t]+", lambda match: match[0].expandtabs(4), line) for line in lines),
            "Replaced tabs by spaces",
        )
        return
    line = lines[at]
    depth = len(line) - len(line.lstrip())
    above = next((other for other in reversed(lines[:at]) if other.strip()), "")
    expected = len(above) - len(above.lstrip()) + (4 if above.rstrip().endswith(":") else 0)
    if 0 < abs(expected - depth) < 4:
        yield "\n".join([*lines[:at], " " * expected + line.lstrip(), *lines[at + 1 :]]), "Corrected the indentation"


# --- names ----------------------------------------------------------------------------------------------


def misspelt_name(case: Case, said: Said) -> Iterator[Fix]:
    """A NameError or AttributeError: by Python's own suggestion, or the one near name of the file."""
    word = said["word"]
    place = _place(case, said.index)
    if place is None:
        return
    path, number = place
    lines = case.text(path).split("\n")
    near = said.get("suggested") or one_near(word, _names(case.text(path)))
    whole = re.compile(rf"(?<!\w){re.escape(word)}(?!\w)")
    if near and near != word and len(whole.findall(lines[number])) == 1:
        lines[number] = whole.sub(near, lines[number])
        yield Fix(path, "\n".join(lines), f"Corrected the name {word} to {near}",
                  f"{path}:{number + 1} uses {word}, which does not exist; {near} is the one near name.")  # fmt: skip


def _names(text: str) -> set[str]:
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return set()
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef):
            found.add(node.name)
        elif isinstance(node, ast.arg):
            found.add(node.arg)
        elif isinstance(node, ast.alias):
            found.add((node.asname or node.name).split(".")[0])
    return found - set(keyword.kwlist)


def _place(case: Case, index: int) -> tuple[str, int] | None:
    """The stage's file and line (from 0) of the innermost frame above an exception's line."""
    for number in range(index, max(index - 12, -1), -1):
        match = re.match(r"\s*File \"([^\"]+)\", line (\d+)", case.lines[number])
        if match:
            path = case.locate(match[1])
            if path is None:
                continue
            line = int(match[2]) - 1
            return (path, line) if line <= case.text(path).count("\n") else None
    return None


def misspelt_module(case: Case, said: Said) -> Iterator[Fix]:
    """A module that is a slip of one of the standard library, of one beside the file, or of one imported elsewhere."""
    word = said["word"]
    place = _place(case, said.index)
    if place is None:
        return
    path, number = place
    beside = {name.removesuffix(".py") for name in case.tree.names(path.rpartition("/")[0])}
    name = word.split(".")[0]
    standard = slips(name, {module for module in sys.stdlib_module_names if module[0] != "_"} | beside)
    known = standard or slips(name, _COMMON_MODULES)
    lines = case.text(path).split("\n")
    whole = re.compile(rf"(?<!\w){re.escape(word.split('.')[0])}(?!\w)")
    if len(known) == 1 and whole.search(lines[number]):
        lines[number] = whole.sub(known[0], lines[number], count=1)
        yield Fix(path, "\n".join(lines), f"Corrected the import of {word} to {known[0]}",
                  f"There is no module {word}; {known[0]} is the one module with nearly that name.")  # fmt: skip
    else:
        case.advise(f"the Python module {word} is not installed where the stage runs; install it there")


_COMMON_MODULES = frozenset(
    "yaml requests jinja2 kubernetes proxmoxer paramiko netaddr ansible boto3 click rich dotenv tomli httpx psutil".split()
)


def misspelt_key(case: Case, said: Said) -> Iterator[Fix]:
    """``config["hostnme"]``: the one near key among the texts of the same file."""
    word = said["word"]
    place = _place(case, said.index)
    if place is None:
        return
    path, number = place
    text = case.text(path)
    lines = text.split("\n")
    data = [other for other in case.candidates[:60] if other.endswith((".yaml", ".yml", ".json", ".toml"))]
    keys = {match[2] for match in re.finditer(r"([\"'])([A-Za-z_][\w.-]*)\1", text)} - {word}
    for other in data:
        keys |= {
            match[1]
            for match in re.finditer(
                r"(?:^\s*(?:- )?[\"']?|[{,]\s*\")([A-Za-z_][\w.-]*)[\"']?\s*[:=]", case.text(other), re.MULTILINE
            )
        }
    if word in keys:
        return
    near = one_near(word, keys)
    found = re.findall(rf"[\"']{re.escape(word)}[\"']", lines[number])
    if near and len(found) == 1:
        lines[number] = lines[number].replace(found[0], found[0][0] + near + found[0][0])
        yield Fix(path, "\n".join(lines), f"Corrected the key {word!r} to {near!r}",
                  f"{path}:{number + 1} asks for the key {word!r}, which does not exist; {near!r} is the one near name.")  # fmt: skip


# --- requirements ---------------------------------------------------------------------------------------

_PACKAGES = frozenset("""ansible ansible-core ansible-lint requests pyyaml jinja2 kubernetes proxmoxer paramiko netaddr openshift
    jmespath passlib cryptography hvac dnspython boto3 click rich python-dotenv httpx psutil docker yamllint pytest molecule
    pre-commit jsonschema urllib3 certifi setuptools wheel pip""".split())  # fmt: skip


def requirement(case: Case, said: Said) -> Iterator[Fix]:
    """A requirement that is a slip of one well-known package, or that says ``=`` for ``==``."""
    word = said["word"]
    for path in case.candidates[:200]:
        if not re.search(r"(?:^|/)[\w.-]*requirements[\w.-]*\.(?:txt|in)$", path):
            continue
        lines = case.text(path).split("\n")
        for number, line in enumerate(lines):
            match = re.match(r"([A-Za-z0-9][\w.-]*)(.*)$", line)
            if not match:
                continue
            single = re.match(r"\s*=\s*(\d[\w.]*)\s*$", match[2])
            near = one_near(match[1].lower(), _PACKAGES)
            if single and word.startswith(match[1]):
                new, what = f"{match[1]}=={single[1]}", f"Pinned {match[1]} with =="
            elif match[1] == word and near and match[1].lower() not in _PACKAGES:
                new, what = near + match[2], f"Corrected the requirement {word} to {near}"
            else:
                continue
            yield Fix(
                path,
                "\n".join([*lines[:number], new, *lines[number + 1 :]]),
                what,
                f"pip does not accept {line.strip()!r}.",
                justification=f"The line {line.strip()!r} stood there for it; nothing is added.",
            )


RULES: tuple[Rule, ...] = (
    Rule("python-syntax", ("syntaxerror", "indentationerror", "taberror"), (r"(?:Syntax|Indentation|Tab)Error: ",), python_syntax),
    Rule("python-name", ("nameerror", "attributeerror", "cannot import name"),
         (r"NameError: (?:global )?name '(?P<word>\w+)' is not defined(?:\. Did you mean: '(?P<suggested>\w+)'\?)?",
          r"AttributeError: (?:module )?'[\w.]+' (?:object )?has no attribute '(?P<word>\w+)'\. Did you mean: '(?P<suggested>\w+)'\?",
          r"ImportError: cannot import name '(?P<word>\w+)' from .*?\. Did you mean: '(?P<suggested>\w+)'\?"), misspelt_name),
    Rule("python-module", ("no module named",), (r"ModuleNotFoundError: No module named '(?P<word>[\w.]+)'",), misspelt_module),
    Rule("python-key", ("keyerror",), (r"KeyError: ['\"](?P<word>[\w.-]+)['\"]",), misspelt_key),
    Rule("requirement", ("requirement", "no matching distribution"),
         (r"satisfies the requirement (?P<word>[A-Za-z0-9][\w.-]*)", r"No matching distribution found for (?P<word>[A-Za-z0-9][\w.-]*)",
          r"Invalid requirement: ['\"]?(?P<word>[A-Za-z0-9][\w.-]*)"), requirement),
)  # fmt: skip
