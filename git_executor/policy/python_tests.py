"""When one condition of Python lets more pass than another: operators, thresholds, constants, ``and`` and ``or``."""

from __future__ import annotations

import ast
import re
from difflib import SequenceMatcher

# What may stand for each other, because linters ask for it.
_SAME = ({ast.Eq, ast.Is}, {ast.NotEq, ast.IsNot})
# The wider operator of each pair: true for more.
_WIDER = {(ast.Lt, ast.LtE), (ast.Gt, ast.GtE), (ast.Eq, ast.LtE), (ast.Eq, ast.GtE), (ast.Eq, ast.In)}
_UP = (ast.Gt, ast.GtE)
_DOWN = (ast.Lt, ast.LtE)


def same(one: ast.AST, other: ast.AST) -> bool:
    return ast.dump(one) == ast.dump(other)


def is_constant_test(node: ast.expr) -> bool:
    """Whether a condition has one answer only: a constant, a tuple with something in it, ``x == x``, ``... or True``."""
    if isinstance(node, ast.Constant):
        return True
    if isinstance(node, ast.Tuple | ast.List | ast.Set | ast.Dict | ast.JoinedStr | ast.Lambda):
        return True
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return is_constant_test(node.operand)
    if isinstance(node, ast.BoolOp):
        return any(is_constant_test(value) for value in node.values)
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        left, right = node.left, node.comparators[0]
        both = isinstance(left, ast.Constant) and isinstance(right, ast.Constant)
        return both or (same(left, right) and not any(isinstance(n, ast.Call) for n in ast.walk(left)))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "bool":
        return bool(node.args) and is_constant_test(node.args[0])
    return False


def loosened(old: ast.expr, new: ast.expr, more: bool, strict: bool = False) -> bool:
    """Whether ``new`` lets pass what ``old`` did not: it holds more often (``more``), or less often.

    ``strict`` forbids other texts too, as in a test's expectation.
    """
    if same(old, new):
        return False
    if is_constant_test(new) and not is_constant_test(old):
        return True
    olds, news = _negated(old), _negated(new)
    if olds[1] != news[1] and same(olds[0], news[0]):
        return True
    if olds[1] and news[1]:
        return loosened(olds[0], news[0], not more, strict)
    if isinstance(old, ast.BoolOp) or isinstance(new, ast.BoolOp):
        return _bool(old, new, more, strict)
    if isinstance(old, ast.Compare):
        if isinstance(new, ast.Compare):
            return _compare(old, new, more, strict)
        return not (isinstance(new, ast.Call) and _all_constants(old) <= _all_constants(new)) or strict
    if isinstance(old, ast.Call) and isinstance(new, ast.Call):
        names = (_name(old), _name(new))
        if names in (("all", "any"), ("any", "all")) or (
            strict and names[0] != names[1] and _name(old) == "isinstance"
        ):
            return True
        return strict and bool(_all_constants(old) - _all_constants(new))
    return False


def _negated(node: ast.expr) -> tuple[ast.expr, bool]:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return node.operand, True
    return node, False


def _terms(node: ast.expr, kind: type[ast.boolop]) -> list[ast.expr]:
    if isinstance(node, ast.BoolOp) and isinstance(node.op, kind):
        return [term for value in node.values for term in _terms(value, kind)]
    return [node]


def _bool(old: ast.expr, new: ast.expr, more: bool, strict: bool) -> bool:
    """``and`` that loses a part and ``or`` that gains one hold more often; the reverse holds less often."""
    shrinks, grows = (ast.And, ast.Or) if more else (ast.Or, ast.And)
    kind: type[ast.boolop] = (
        ast.Or if any(isinstance(n, ast.BoolOp) and isinstance(n.op, ast.Or) for n in (old, new)) else ast.And
    )
    if isinstance(old, ast.BoolOp) and isinstance(new, ast.BoolOp) and type(old.op) is not type(new.op):
        return isinstance(new.op, grows)
    before, after = _terms(old, kind), _terms(new, kind)
    if kind is shrinks and len(after) < len(before):
        return True
    if kind is grows and len(after) > len(before):
        return not _only_guards(before, after)
    left = list(after)
    for term in before:
        equal = next((other for other in left if same(term, other)), None)
        if equal is not None:
            left.remove(equal)
    rest = [term for term in before if not any(same(term, other) for other in after)]
    return any(loosened(term, other, more, strict) for term, other in zip(rest, left, strict=False))


def _only_guards(before: list[ast.expr], after: list[ast.expr]) -> bool:
    """Whether the terms that came only make sure that the others can be asked: ``x and x.y``."""
    come = [term for term in after if not any(same(term, other) for other in before)]
    asked = " ".join(ast.unparse(term) for term in before)
    for term in come:
        bare = ast.unparse(_negated(term)[0])
        bare = re.sub(r" is not None$|^isinstance\((.*), .*\)$", r"\1", bare)
        if not re.fullmatch(r"[\w.\[\]'\"]+", bare) or not re.search(rf"(?<!\w){re.escape(bare)}(?:\.|\[)", asked):
            return False
    return True


def _compare(old: ast.Compare, new: ast.Compare, more: bool, strict: bool) -> bool:
    if len(old.ops) != len(new.ops):
        return len(new.ops) < len(old.ops) if more else len(new.ops) > len(old.ops)
    for was, now in zip(old.ops, new.ops, strict=True):
        if type(was) is type(now) or any({type(was), type(now)} == pair for pair in _SAME):
            continue
        pair = (type(was), type(now))
        if pair in _WIDER:
            if more:
                return True
        elif (pair[1], pair[0]) in _WIDER:
            if not more:
                return True
        else:
            return True
    sides = zip([old.left, *old.comparators], [new.left, *new.comparators], [None, *old.ops], strict=True)
    return any(_weaker_side(was_side, now_side, op, more, strict) for was_side, now_side, op in sides)


def _weaker_side(old: ast.expr, new: ast.expr, op: ast.cmpop | None, more: bool, strict: bool) -> bool:
    if same(old, new):
        return False
    was, now = number(old), number(new)
    if (
        was is not None
        and isinstance(new, ast.Constant)
        and str(new.value) == str(was).removesuffix(".0")
        and not strict
    ):
        return False
    if was is not None:
        if now is None:
            return not (isinstance(new, ast.Name | ast.Attribute | ast.Call) and not strict)
        if isinstance(op, _UP):
            return now < was if more else now > was
        if isinstance(op, _DOWN):
            return now > was if more else now < was
        return True
    bounded = isinstance(new, ast.Call) and _name(new) in ("min", "max") and any(same(a, old) for a in new.args)
    if bounded or (now is not None and isinstance(old, ast.Name | ast.Attribute)):
        return True  # a limit with a name becomes a number
    if isinstance(old, ast.Constant) and isinstance(new, ast.Constant):
        if str(old.value).lower() == str(new.value).lower() and not strict:
            return False  # true and "True": the same in another type
        if isinstance(old.value, str) and isinstance(new.value, str) and not strict and old.value != "__main__":
            return SequenceMatcher(None, old.value.lower(), new.value.lower()).ratio() < 0.5
        return True
    if isinstance(old, ast.Tuple | ast.List | ast.Set) and isinstance(new, ast.Tuple | ast.List | ast.Set):
        before, after = ({ast.dump(e) for e in side.elts} for side in (old, new))
        widens = bool(after - before) and isinstance(op, ast.In)
        narrows = bool(before - after) and isinstance(op, ast.In)
        if isinstance(op, ast.NotIn):
            widens, narrows = bool(before - after), bool(after - before)
        return (widens if more else narrows) or strict
    return strict and bool(_all_constants(old) - _all_constants(new))


def number(node: ast.expr) -> float | None:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = number(node.operand)
        return None if inner is None else -inner
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float) and not isinstance(node.value, bool):
        return float(node.value)
    return None


def _all_constants(node: ast.AST) -> set[str]:
    return {repr(n.value) for n in ast.walk(node) if isinstance(n, ast.Constant)}


def _name(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else ""
