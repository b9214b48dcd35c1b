"""What a Python file defines, and what is in reach on one of its lines; by its syntax tree alone, nothing is run."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import lru_cache

_Function = ast.FunctionDef | ast.AsyncFunctionDef


@lru_cache(maxsize=16)
def parsed(text: str) -> ast.Module | None:
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return None


class Scope:
    """The module and the functions around a line, outermost first."""

    def __init__(self, tree: ast.Module, around: list[ast.ClassDef | _Function]) -> None:
        self._tree = tree
        self._functions = [node for node in around if isinstance(node, _Function)]
        self._class = next((node for node in reversed(around) if isinstance(node, ast.ClassDef)), None)
        self.own = set(_bound(self._functions[-1])) if self._functions else set(_bound(tree))

    @property
    def _inner(self) -> ast.AST:
        return self._functions[-1] if self._functions else self._tree

    @property
    def self_attributes(self) -> set[str]:
        """Attributes of the class, when the line is in one of its methods."""
        if self._class is None or not self._functions or [arg.arg for arg in self._functions[0].args.args[:1]] != ["self"]:
            return set()
        return {node.attr for node in ast.walk(self._class) if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)
                and isinstance(node.value, ast.Name) and node.value.id == "self"}  # fmt: skip

    def reachable(self) -> set[str]:
        return {name for node in (self._tree, *self._functions) for name in _bound(node)}

    def loads(self, name: str) -> list[tuple[int, int]]:
        """Where the innermost function, or the module, reads a name: (line from 1, column in bytes)."""
        return [(node.lineno, node.col_offset) for node in ast.walk(self._inner) if isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Load)]

    def stores(self, name: str) -> list[tuple[int, int]]:
        found = [(node.lineno, node.col_offset) for node in ast.walk(self._inner) if isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Store)]
        return found + [(node.lineno, node.col_offset) for node in ast.walk(self._inner) if isinstance(node, ast.arg) and node.arg == name]

    def bound_on(self, line: int) -> set[str]:
        """Names that a statement on that very line sets: they are not set yet when its right side is read."""
        return {node.id for node in ast.walk(self._inner) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and node.lineno == line}

    def binds_elsewhere(self, name: str) -> bool:
        """Whether anything but an import gives the name."""
        return any((isinstance(node, ast.arg) and node.arg == name) or (isinstance(node, ast.Name) and node.id == name and not isinstance(node.ctx, ast.Load))
                   for node in ast.walk(self._tree))  # fmt: skip


def scope_at(tree: ast.Module, line: int) -> Scope:
    around: list[ast.ClassDef | _Function] = []
    level: list[ast.stmt] = tree.body
    while True:
        inside = [node for node in _blocks(level) if node.lineno <= line <= (node.end_lineno or node.lineno)]
        if not inside:
            return Scope(tree, around)
        around.append(inside[0])
        level = inside[0].body


def _blocks(body: list[ast.stmt]) -> Iterator[ast.ClassDef | _Function]:
    """The functions and classes of a body, those in its conditions and loops included."""
    stack: list[ast.AST] = list(body)
    while stack:
        node = stack.pop()
        if isinstance(node, ast.ClassDef | _Function):
            yield node
        else:
            stack += ast.iter_child_nodes(node)


def _bound(node: ast.AST) -> Iterator[str]:
    """Names that a module or function gives by itself, not those of the functions and classes inside of it."""
    stack = list(ast.iter_child_nodes(node))
    while stack:
        child = stack.pop()
        if isinstance(child, ast.Name) and isinstance(child.ctx, ast.Store):
            yield child.id
        elif isinstance(child, ast.arg):
            yield child.arg
        elif isinstance(child, ast.alias):
            yield (child.asname or child.name).split(".")[0]
        elif isinstance(child, ast.ExceptHandler) and child.name:
            yield child.name
        if isinstance(child, ast.ClassDef | _Function):
            yield child.name
        else:
            stack += ast.iter_child_nodes(child)


def module_names(text: str) -> set[str]:
    """What others can import from the module."""
    tree = parsed(text)
    return set(_bound(tree)) if tree else set()


def class_members(text: str, name: str) -> set[str]:
    """Attributes and methods of a class, those that its methods set on self included. Empty when it inherits from another,
    of which nothing is known here."""
    tree = parsed(text)
    found = next((node for node in ast.walk(tree) if isinstance(node, ast.ClassDef) and node.name == name), None) if tree else None
    if found is None or found.bases:
        return set()
    return {*_bound(found), *(node.attr for node in ast.walk(found) if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store))}
