"""Conditions by which a script fails, and how they are loosened: thresholds, operators, resets, lists, stand-ins."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator

from git_executor.lazy import lazy
from git_executor.policy.effects import FAILS, TESTS, Effects, does, texts
from git_executor.policy.python_tests import loosened
from git_executor.policy.shelltree import Node, every

_OPERATORS = {
    "-lt": "<",
    "-le": "<=",
    "-gt": ">",
    "-ge": ">=",
    "-eq": "==",
    "-ne": "!=",
    "=": "==",
    "==": "==",
    "!=": "!=",
}
_DRY = lazy(
    r"--(?:dry-run(?:=\w+)?|check|syntax-check|list-(?:tasks|hosts|tags)|noop|help|version|plan-only|collect-only)$"
)
_STUB = lazy(
    r"^\s*(?:export\s+|readonly\s+|local\s+)?([A-Za-z_]\w*)\s*[:?+]?=\s*[\"']?@?(?:/\S*/)?(?:true|:|echo|printf)(?:[\s\"']|$)"
)

Guard = tuple[ast.expr, bool, int]
"""(condition, whether the script fails when it holds, line)"""


def weaker_guards(
    old_tree: list[Node], new_tree: list[Node], old: Effects, new: Effects, texts_: tuple[str, str]
) -> Iterator[tuple[str, int]]:
    """What the conditions of the new script let pass. ``texts_`` are both scripts."""
    before, after = list(_guards(old_tree, old)), list(_guards(new_tree, new))
    counted = set(re.findall(r"(\w+)=\$\(\(\s*\$?\{?\1\b|\(\(\s*\+*(\w+)\s*\+[+=]", texts_[1]))
    counters = {name for pair in counted for name in pair if name and not re.search(r"err|fail|bad|miss|problem", name)}
    counters |= {texts(n.command)[0] for n in every(new_tree) if n.kind == "for" and n.command.words}
    for holds in (True, False):
        was = [g for g in before if g[1] is holds]
        now = [g for g in after if g[1] is holds]
        shown = {ast.dump(g[0]) for g in now}
        gone = [g for g in was if ast.dump(g[0]) not in shown]
        shown = {ast.dump(g[0]) for g in was}
        come = [g for g in now if ast.dump(g[0]) not in shown]
        for one, two in zip(gone, come, strict=False):
            names_ = {n.id for n in ast.walk(one[0]) if isinstance(n, ast.Name)}
            if not names_ & counters and len(gone) == len(come) and loosened(one[0], two[0], not holds):
                yield f"fails less often than by {ast.unparse(one[0])[:60]}", two[2]
    yield from _lists(old_tree, new_tree)
    yield from _dry(old, new)
    yield from _stubs(*texts_)
    yield from _resets(*texts_)


def _guards(tree: list[Node], found: Effects) -> Iterator[Guard]:
    for node in every(tree):
        if node.kind == "if":
            for at in range(0, len(node.lists) - 1, 2):
                condition, body = node.lists[at], node.lists[at + 1]
                if len(condition) == 1 and any(does(n, found) == FAILS for n in body):
                    yield from _guard(condition[0], True)
        elif node.kind == "chain" and len(node.items) >= 2 and does(node.items[1], found) == FAILS:
            yield from _guard(node.items[0], node.operators[0] == "&&")


def _guard(node: Node, holds: bool) -> Iterator[Guard]:
    if node.kind == "pipe" and len(node.items) == 1:
        yield from _guard(node.items[0], holds ^ node.negated)
    words = texts(node.command) if node.kind == "simple" else []
    if words and words[0] in TESTS:
        expression = _expression(words)
        if expression is not None:
            yield expression, holds, node.line


def _expression(words: list[str]) -> ast.expr | None:
    inner = [word for word in words[1:] if word not in ("]", "]]")]
    if words[0] == "((":
        return _parsed(re.sub(r"\$\{?(\w+)\}?", r"\1", inner[0]).replace("&&", " and ").replace("||", " or "))
    turned = inner[:1] == ["!"]
    inner = inner[turned:]
    if len(inner) == 3 and inner[1] in _OPERATORS:
        text = f"{_operand(inner[0])} {_OPERATORS[inner[1]]} {_operand(inner[2])}"
    elif len(inner) == 2 and inner[0] in ("-n", "-z"):
        text = _operand(inner[1]) if inner[0] == "-n" else f"not {_operand(inner[1])}"
    else:
        return None
    return _parsed(f"not ({text})" if turned else text)


def _operand(text: str) -> str:
    variable = re.fullmatch(r"\$\{?(\w+)(?::?[-?=][^}]*)?\}?", text)
    if variable and not variable[1][0].isdigit():
        return variable[1]
    if re.fullmatch(r"\d{1,9}", text):
        return str(int(text))
    return f"ask({text!r})" if "$" in text else repr(text)


def _parsed(text: str) -> ast.expr | None:
    try:
        return ast.parse(text.strip(), mode="eval").body if len(text) < 400 else None
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _lists(old: list[Node], new: list[Node]) -> Iterator[tuple[str, int]]:
    """Loops over fewer words than before."""
    before, after = (
        [
            (texts(n.command)[0], texts(n.command)[2:], n.line)
            for n in every(t)
            if n.kind == "for" and texts(n.command)[1:2] == ["in"]
        ]
        for t in (old, new)
    )
    for (name, was, _), (other, now, line) in zip(before, after, strict=False):
        if len(before) == len(after) and name == other and len(now) < len(was) and set(now) < set(was):
            yield f"the loop over {name} leaves out {min(set(was) - set(now))[:40]}", line


def _dry(old: Effects, new: Effects) -> Iterator[tuple[str, int]]:
    """Commands that are only played."""
    real = [Counter(u.program for u in e.uses if not any(_DRY.match(w) for w in u.words)) for e in (old, new)]
    played = [Counter(u.program for u in e.uses if any(_DRY.match(w) for w in u.words)) for e in (old, new)]
    for program in sorted(real[0] - real[1]):
        if played[1][program] > played[0][program]:
            line = next((u.line for u in new.uses if u.program == program and any(_DRY.match(w) for w in u.words)), 1)
            yield f"{program} is only played", line


def _stubs(old: str, new: str) -> Iterator[tuple[str, int]]:
    """Variables that name a program and now name one that does nothing."""
    rows = set(old.split("\n"))
    for number, row in enumerate(new.split("\n"), 1):
        found = _STUB.match(row[:200]) if row not in rows else None
        if found and re.search(rf"(?m)(?:^|[;&|(]|\b(?:if|then|do|!))\s*[\"']?\$[({{]?{found[1]}\b", new):
            yield f"{found[1]} no longer names a program that does anything", number


def _resets(old: str, new: str) -> Iterator[tuple[str, int]]:
    """Counters of failures that are set back, or counted up by nothing."""
    for name in set(re.findall(r"(?m)\b(\w*(?:err|fail|bad|miss|problem)\w*)=0\b", old)):
        counts = [len(re.findall(rf"(?<!\w){name}=0\b", text)) for text in (old, new)]
        if counts[1] > counts[0] > 0:
            yield f"{name} is set back", 1
    zero = r"=\$\(\(\s*\$?\w+\s*[+]\s*0\s*\)\)"
    if len(re.findall(zero, new)) > len(re.findall(zero, old)):
        yield "nothing is counted", 1
