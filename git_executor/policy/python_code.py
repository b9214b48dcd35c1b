"""What a Python program runs, as far as its constants tell: names, joined and formatted texts, lists, other names of
functions are followed; nothing is run."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from git_executor.lazy import lazy
from git_executor.nesting import too_deep
from git_executor.policy.literals import quoted

_RUNNERS = lazy(
    r"(?:os\.(?:system|popen|exec[lv]\w*|spawn\w*|posix_spawnp?)|"
    r"(?:subprocess|commands|asyncio\.subprocess|sp|sh)\.(?:run|call|check_call|check_output|Popen|getoutput|getstatusoutput)|"
    r"asyncio\.create_subprocess_(?:shell|exec)|pty\.spawn|(?:.*\.)?(?:exec_command|run_command|check_output|check_call|Popen))$"
)
_DECODES = lazy(
    r"fromhex|unhexlify|b(?:16|32|64|85)decode|decompress|\bchr\b|rot_?13|\[::-1\]|reversed\(|maketrans|loads\("
)
HIDDEN_CODE = 'eval "$(base64 -d)"'
"""The shell's way to say: runs text that is decoded at run time."""
_MAX_TEXT = 20_000

Value = str | list[str] | None


@lru_cache(maxsize=4)  # both versions of a file, which several rules read
def parsed(text: str) -> ast.Module | None:
    """The program as a tree, ``None`` when it is no Python. Nobody may change the tree."""
    try:
        return None if too_deep(text) else ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def other_names(tree: ast.Module) -> dict[str, str]:
    """Names that stand for something of a module: ``say`` for ``os.system`` after ``from os import system as say``."""
    known: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            known |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            known |= {alias.asname: alias.name for alias in node.names if alias.asname}
        elif (
            isinstance(node, ast.Assign)
            and isinstance(node.value, ast.Attribute)
            and isinstance(node.targets[0], ast.Name)
        ):
            known[node.targets[0].id] = dotted(node.value, known)
    return known


def dotted(node: ast.expr, known: Mapping[str, str]) -> str:
    """``a.b.c`` of a name or an attribute, calls and subscripts on the way as ``()`` and ``[]``."""
    if isinstance(node, ast.Name):
        return known.get(node.id, node.id)
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value, known)}.{node.attr}"
    if isinstance(node, ast.Call):
        return f"{dotted(node.func, known)}()"
    return f"{dotted(node.value, known)}[]" if isinstance(node, ast.Subscript) else "?"


def constants(tree: ast.Module) -> dict[str, Value]:
    """Names with the texts and lists that they are given, those that are given several left out."""
    known: dict[str, Value] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            name = node.targets[0].id
            known[name] = None if name in known else fold(node.value, known)
        elif (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
        ):
            held = known.get(node.func.value.id)
            added = fold(node.args[0], known) if node.args else None
            if isinstance(held, list) and node.func.attr == "append" and isinstance(added, str):
                known[node.func.value.id] = [*held, added]
            elif isinstance(held, list) and node.func.attr == "extend" and isinstance(added, list):
                known[node.func.value.id] = [*held, *added]
    return known


def fold(node: ast.expr, known: Mapping[str, Value]) -> Value:
    """The text or list of texts that an expression comes to; ``None`` where that is not certain."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else str(node.value)
    if isinstance(node, ast.Name):
        return known.get(node.id)
    if isinstance(node, ast.JoinedStr):
        parts = [
            v.value
            if isinstance(v, ast.Constant)
            else fold(v.value, known)
            if isinstance(v, ast.FormattedValue)
            else None
            for v in node.values
        ]
        return "".join(part if isinstance(part, str) else "$_expr" for part in parts)
    if isinstance(node, ast.List | ast.Tuple):
        return [text if isinstance(text, str) else "$_expr" for text in (fold(element, known) for element in node.elts)]
    if isinstance(node, ast.BinOp):
        left, right = fold(node.left, known), fold(node.right, known)
        if isinstance(node.op, ast.Mod) and isinstance(left, str) and right is not None:
            return _formatted(re.sub(r"%[-\d.]*[sdr]", "{}", left), right if isinstance(right, list) else [right])
        if isinstance(node.op, ast.Add) and isinstance(left, str) and isinstance(right, str):
            return (left + right)[:_MAX_TEXT]
        return (
            left + right
            if isinstance(node.op, ast.Add) and isinstance(left, list) and isinstance(right, list)
            else None
        )
    if isinstance(node, ast.Subscript):
        value = fold(node.value, known)
        return value[::-1] if value is not None and ast.unparse(node.slice) == "::-1" else None
    return _called(node, known) if isinstance(node, ast.Call) else None


def _called(node: ast.Call, known: Mapping[str, Value]) -> Value:
    if not isinstance(node.func, ast.Attribute):
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        return fold(node.args[0], known) if name in ("list", "tuple", "str") and len(node.args) == 1 else None
    held = fold(node.func.value, known)
    given = [fold(argument, known) for argument in node.args]
    if node.func.attr == "split" and ast.unparse(node.func.value) == "shlex":
        return given[0].split() if given and isinstance(given[0], str) else None
    if not isinstance(held, str):
        return None
    match node.func.attr:
        case "split":
            return held.split(given[0] if given and isinstance(given[0], str) and given[0] else None)
        case "join":
            return held.join(given[0]) if given and isinstance(given[0], list) else None
        case "format":
            return _formatted(held, [text if isinstance(text, str) else "$_expr" for text in given])
        case "replace":
            texts = [text for text in given if isinstance(text, str)]
            return held.replace(texts[0], texts[1]) if len(texts) == 2 else None
        case "lower" | "upper" | "strip" | "encode" | "decode":
            return str(getattr(held, node.func.attr)()) if node.func.attr not in ("encode", "decode") else held
    return None


def _formatted(form: str, values: list[str]) -> str:
    rest = iter(values)
    return re.sub(r"\{[^{}]{0,30}\}", lambda _: next(rest, "$_expr"), form)[:_MAX_TEXT]


def spelled(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """(shell text, line) of what the program runs where the command is put together or the function is renamed."""
    if not any(isinstance(node, ast.Call) for node in ast.walk(tree)):
        return
    names, known = other_names(tree), constants(tree)
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and node.args and _RUNNERS.search(dotted(node.func, names))):
            continue
        first = fold(node.args[0], known)
        if isinstance(first, list):
            yield " ".join(quoted(word) if "$" not in word else f'"{word}"' for word in first), node.lineno
        elif first:
            yield first, node.lineno
        elif _DECODES.search(ast.unparse(node.args[0])):
            yield HIDDEN_CODE, node.lineno
