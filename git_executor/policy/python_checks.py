"""What a Python file checks, fails at or expects, and does so no longer: told scope by scope from both versions' trees."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from git_executor.lazy import lazy
from git_executor.policy.python_code import parsed
from git_executor.policy.python_tests import is_constant_test, loosened, number, same
from git_executor.policy.shell import names

Finding = tuple[str, int]
"""(message, line)"""

_TEST_FILE = lazy(r"(?:^|/)(?:tests?|testing|spec)/|(?:^|/)(?:test_[^/]*|[^/]*_test|conftest)\.py$")
_EXITS = names("sys.exit exit quit os._exit SystemExit")
_FAILERS = lazy(r"(?:.*\.)?(?:fail|fail_json|error_exit|die|abort|fatal|panic)$|(?:ap|parser|argparser)\.error$")
_FLAG_NAME = lazy(
    r"(?i)\w*(?:fail|err|bad|missing|problem|issue|unhealthy|broken|violation|exit_?code|rc\b|ret\b|status_code)\w*"
)
_OK_NAME = lazy(r"(?i)(?:ok|success|healthy|ready|passed|valid|all_ok|good)\w*")
_CHECKED = names("check_call check_output raise_for_status")
# What may be looked away from where it is what a program asks for.
_EXPECTED = names(
    "KeyboardInterrupt BrokenPipeError ImportError ModuleNotFoundError FileExistsError ProcessLookupError StopIteration "
    "StopAsyncIteration asyncio.CancelledError CancelledError GeneratorExit"
)
_TALK = lazy(r"(?:\w+\.)*(?:print|log\w*|debug|info|warn\w*|warning|error|exception|write|echo|append|sleep|rich\w*)$")
_TIDIES = lazy(r"(?:^|\.)(?:unlink|remove|rmdir|rmtree|close|kill|terminate|cleanup|shutdown|disconnect|cancel)$")
_PATCHED = lazy(r"(?:sys|os|subprocess|builtins|requests|httpx|urllib\.request|socket|shutil|unittest|pytest)\.\w+")


_HIDES = (
    (lazy(r"\bos\._exit\b(?!\(\s*[1-9])"), "the program ends past everything that could fail"),
    (
        lazy(r"\.get\([^()\n]{1,80},\s*(?:True|[\"'](?:[Tt]rue|[Rr]eady|[Rr]unning|[Oo]k|OK|[Hh]ealthy)[\"'])\)"),
        "what is missing counts as well",
    ),
    (lazy(r"(?<![\w.*])\*\s*0\b(?![.\w])"), "what is found is multiplied by nothing"),
)


@dataclass(slots=True)
class Scope:
    """What one function, or the module around them, does about failures."""

    line: int = 1
    fails: list[ast.stmt] = field(default_factory=list)
    guards: list[tuple[ast.expr, bool]] = field(default_factory=list)  # condition, whether it fails when it holds
    answers: list[ast.expr] = field(default_factory=list)  # comparisons that are returned
    filters: list[tuple[str, list[ast.expr]]] = field(default_factory=list)  # what is counted, its conditions
    asserts: list[ast.expr] = field(default_factory=list)
    swallows: list[tuple[str, int]] = field(default_factory=list)
    successes: list[int] = field(default_factory=list)
    dead: list[int] = field(default_factory=list)
    loops: list[ast.expr] = field(default_factory=list)
    exits: list[ast.expr] = field(default_factory=list)
    checked: int = 0
    calls: int = 0
    timeouts: int = 0
    constant: list[int] = field(default_factory=list)
    defaults: dict[str, ast.expr] = field(default_factory=dict)


def weaker_checks(path: str, old: str, new: str) -> Iterator[Finding]:
    """What fails less in ``new``. A file that did not parse is only searched for what is empty in itself."""
    after = _read(new)
    if after is None:
        return
    before = _read(old)
    if before is None:
        rows = set(old.split("\n"))
        text = new.split("\n")
        lines = [
            *(line for s in after.values() for line in s.constant),
            *(n for s in after.values() for _, n in s.swallows),
        ]
        yield from (("a condition or handler that lets everything pass", n) for n in lines if text[n - 1] not in rows)
        return
    testing = bool(_TEST_FILE.search(path))
    lost_tests = sorted(n for n in before if n.rpartition(".")[2].startswith("test") and n not in after)
    if lost_tests and len([n for n in after if n.rpartition(".")[2].startswith("test")]) < len(
        [n for n in before if n.rpartition(".")[2].startswith("test")]
    ):
        yield f"{lost_tests[0]} is no longer a test", 1
    # What moved into a function of its own is looked for there.
    pool = Scope()
    for name, now in after.items():
        if name not in before:
            pool.fails += now.fails
            pool.guards += now.guards
            pool.answers += now.answers
            pool.checked += now.checked
            pool.timeouts += now.timeouts
            pool.asserts += now.asserts
    for name, was in before.items():
        if name in after:
            yield from _scope(name, was, after[name], testing, pool)
    moved = {name for name in before if name not in after}
    if moved and not any(name not in before for name in after):
        lost = [name for name in sorted(moved) if before[name].fails or before[name].answers]
        if lost and re.search(rf"\b{re.escape(lost[0].rpartition('.')[2])}\b", old.replace("def " + lost[0], "")):
            yield f"{lost[0]}() and what it checks is gone", 1
    for name, now in after.items():
        if name not in before:
            yield from _scope(
                name, Scope(), Scope(line=now.line, constant=now.constant, swallows=now.swallows), testing, Scope()
            )
    yield from _patched(old, new)


# --- reading ----------------------------------------------------------------------------------------


def _read(text: str) -> dict[str, Scope] | None:
    tree = parsed(text)
    if tree is None:
        return None
    scopes: dict[str, Scope] = {}
    _gather(tree.body, "", scopes, 1, 0)
    return scopes


def _gather(body: list[ast.stmt], name: str, scopes: dict[str, Scope], line: int, depth: int) -> None:
    scope = Scope(line)
    scopes[name] = scope  # the last definition of a name is the one that runs
    inner: list[tuple[str, list[ast.stmt], int, ast.arguments | None]] = []
    _block(body, scope, inner, depth, top=bool(name))
    for sub, statements, at, arguments in inner:
        full = f"{name}.{sub}" if name else sub
        if depth < 20:
            _gather(statements, full, scopes, at, depth + 1)
            if arguments is not None:
                padded = arguments.posonlyargs + arguments.args
                pairs = [
                    *zip(padded[::-1], arguments.defaults[::-1], strict=False),
                    *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True),
                ]
                scopes[full].defaults.update({a.arg: d for a, d in pairs if d is not None})


def _block(
    body: list[ast.stmt],
    scope: Scope,
    inner: list[tuple[str, list[ast.stmt], int, ast.arguments | None]],
    depth: int,
    top: bool,
) -> None:
    for at, statement in enumerate(body):
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
            inner.append((statement.name, statement.body, statement.lineno, statement.args))
            continue
        if isinstance(statement, ast.ClassDef):
            inner.append((statement.name, statement.body, statement.lineno, None))
            continue
        _statement(statement, scope)
        if at < len(body) - 1 and (
            isinstance(statement, ast.Return | ast.Continue | ast.Break | ast.Raise) or _is_success_exit(statement)
        ):
            scope.dead.append(statement.lineno)
        for part in ("body", "orelse", "finalbody"):
            block = getattr(statement, part, None)
            if isinstance(block, list):
                _block(block, scope, inner, depth, top=False)
        for handler in getattr(statement, "handlers", []):
            _block(handler.body, scope, inner, depth, top=False)
        for case in getattr(statement, "cases", []):
            _block(case.body, scope, inner, depth, top=False)
        if (isinstance(statement, ast.Return) and not top and _succeeds(statement.value)) or _is_success_exit(
            statement
        ):
            scope.successes.append(statement.lineno)


def _succeeds(value: ast.expr | None) -> bool:
    return isinstance(value, ast.Constant) and (value.value is True or (value.value == 0 and value.value is not False))


def _is_success_exit(statement: ast.stmt) -> bool:
    call = _exit_call(statement)
    return call is not None and (
        not call.args or (isinstance(call.args[0], ast.Constant) and call.args[0].value in (0, None))
    )


def _exit_call(statement: ast.stmt) -> ast.Call | None:
    value = (
        statement.value
        if isinstance(statement, ast.Expr)
        else statement.exc
        if isinstance(statement, ast.Raise)
        else None
    )
    return value if isinstance(value, ast.Call) and _dotted(value.func) in _EXITS else None


def _dotted(node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return node.id
    return f"{_dotted(node.value)}.{node.attr}" if isinstance(node, ast.Attribute) else "?"


def _statement(statement: ast.stmt, scope: Scope) -> None:
    if fails(statement):
        scope.fails.append(statement)
    call = _exit_call(statement)
    if call is not None and call.args:
        scope.exits.append(call.args[0])
    match statement:
        case ast.Assert():
            scope.asserts.append(statement.test)
            if is_constant_test(statement.test):
                scope.constant.append(statement.lineno)
        case ast.If():
            for body, holds in ((statement.body, True), (statement.orelse, False)):
                if any(fails(s) for s in _below(body)):
                    scope.guards.append((statement.test, holds))
            if is_constant_test(statement.test):
                scope.constant.append(statement.lineno)
        case ast.While():
            if is_constant_test(statement.test) and not (
                isinstance(statement.test, ast.Constant) and statement.test.value
            ):
                scope.constant.append(statement.lineno)
        case ast.Return() if statement.value is not None:
            value = statement.value
            if isinstance(value, ast.IfExp):
                scope.guards.append((value.test, not _succeeds(value.body)))
            elif any(isinstance(n, ast.Compare | ast.BoolOp) for n in ast.walk(value)) or _is_not(value):  # noqa: SIM102 one question a line
                if not isinstance(value, ast.BoolOp) or any(isinstance(n, ast.Compare) for n in ast.walk(value)):
                    scope.answers.append(value)
        case ast.For() | ast.AsyncFor():
            scope.loops.append(statement.iter)
        case ast.Try():
            for handler in statement.handlers:
                if _swallows(handler, statement.body):
                    scope.swallows.append((ast.unparse(handler.type) if handler.type else "everything", handler.lineno))
        case ast.With() | ast.AsyncWith():
            for item in statement.items:
                expr = item.context_expr
                if isinstance(expr, ast.Call) and _dotted(expr.func) in ("suppress", "contextlib.suppress"):
                    kinds = {_dotted(a) for a in expr.args}
                    tidies = re.search(r"\.(?:unlink|remove|rmdir|rmtree|mkdir)\(", ast.unparse(statement))
                    if not kinds <= _EXPECTED and not (kinds <= {"FileNotFoundError", "OSError"} and tidies):
                        scope.swallows.append(("suppress", statement.lineno))
    _expressions(statement, scope)


def _is_not(value: ast.expr) -> bool:
    return isinstance(value, ast.UnaryOp) and isinstance(value.op, ast.Not)


def _expressions(statement: ast.stmt, scope: Scope) -> None:
    """What stands in the statement's own expressions, those of inner statements left out."""
    stack: list[ast.AST] = [
        child
        for child in ast.iter_child_nodes(statement)
        if not isinstance(child, ast.stmt | ast.ExceptHandler | ast.match_case)
    ]
    while stack:
        node = stack.pop()
        stack.extend(child for child in ast.iter_child_nodes(node) if not isinstance(child, ast.stmt))
        if isinstance(node, ast.Call):
            name = _dotted(node.func)
            last = name.rpartition(".")[2]
            if last in _CHECKED:
                scope.checked += 1
            if last in (
                "run",
                "call",
                "Popen",
                "check_call",
                "check_output",
                "get",
                "post",
                "put",
                "request",
                "urlopen",
            ):
                scope.calls += 1
            for keyword in node.keywords:
                scope.checked += (
                    keyword.arg == "check" and isinstance(keyword.value, ast.Constant) and keyword.value.value is True
                )
                scope.timeouts += keyword.arg == "timeout" and not (
                    isinstance(keyword.value, ast.Constant) and keyword.value.value is None
                )
            if last in ("sum", "any", "all", "len") and len(node.args) == 1:
                comp = node.args[0]
                if isinstance(comp, ast.GeneratorExp | ast.ListComp | ast.SetComp):
                    conditions = [c for g in comp.generators for c in g.ifs]
                    if last in ("any", "all"):
                        conditions = [*conditions, comp.elt]
                    scope.filters.append((last, conditions))
            if re.match(r"self\.(?:assert|fail)", name):
                scope.asserts.append(node)
            if name.endswith("pytest.raises") or name == "raises":
                scope.asserts.append(node)


def _below(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    for statement in body:
        if not isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield from (node for node in ast.walk(statement) if isinstance(node, ast.stmt))


def fails(statement: ast.stmt) -> bool:
    """Whether a statement makes the program, the test or the check fail."""
    match statement:
        case ast.Raise():
            return not _is_success_exit(statement)
        case ast.Assert():
            return True
        case ast.Return(value=ast.Constant(value=bool() | int() as value)):
            return value is False or (value is not True and value != 0)
        case ast.Return(value=ast.UnaryOp(op=ast.USub())):
            return True
        case ast.Expr(value=ast.Call() as call):
            name = _dotted(call.func)
            if name in _EXITS:
                return not _is_success_exit(statement)
            return bool(_FAILERS.fullmatch(name)) or (
                name.endswith((".append", ".add")) and bool(_FLAG_NAME.fullmatch(name.split(".")[-2]))
            )
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=value)):
            return (bool(_FLAG_NAME.fullmatch(name)) and value not in (0, False, None, "")) or (
                bool(_OK_NAME.fullmatch(name)) and value is False
            )
        case ast.AugAssign(target=ast.Name(id=name)):
            return bool(_FLAG_NAME.fullmatch(name))
    return False


def _swallows(handler: ast.ExceptHandler, tried: list[ast.stmt]) -> bool:
    kinds = {part.strip(" ()") for part in ast.unparse(handler.type).split(",")} if handler.type else {"everything"}
    if kinds <= _EXPECTED or any(fails(s) for s in _below(handler.body)):
        return False
    if all(
        isinstance(s, ast.Expr) and isinstance(s.value, ast.Call) and _TIDIES.search(_dotted(s.value.func))
        for s in tried
    ):
        return False
    for statement in handler.body:
        if isinstance(statement, ast.Pass | ast.Continue | ast.Break):
            continue
        if isinstance(statement, ast.Return) and (
            statement.value is None or _succeeds(statement.value) or isinstance(statement.value, ast.Constant)
        ):
            continue
        if isinstance(statement, ast.Expr) and (
            isinstance(statement.value, ast.Constant)
            or (isinstance(statement.value, ast.Call) and _TALK.fullmatch(_dotted(statement.value.func)))
        ):
            continue
        if isinstance(statement, ast.Assign) and _OK_NAME.match(ast.unparse(statement.targets[0])):
            continue
        return False
    return True


# --- comparing --------------------------------------------------------------------------------------


def _scope(name: str, old: Scope, new: Scope, testing: bool, pool: Scope) -> Iterator[Finding]:
    shown = f"{name}()" if name else "the module"
    if len(new.fails) + len(pool.fails) < len(old.fails):
        yield f"{shown} fails at fewer places", new.line
    yield from _guards(shown, old, new, pool)
    for was, now in _pairs(old.answers, [*new.answers, *pool.answers]):
        if now is None or loosened(was, now, True):
            yield f"{shown} says yes where it said no", now.lineno if now is not None else new.line
    for (kind, was_all), (now_kind, now_all) in zip(old.filters, new.filters, strict=False):
        if {kind, now_kind} == {"any", "all"} or len(now_all) < len(was_all):
            yield f"{shown} counts what it did not count", new.line
        elif kind != "any" or now_kind != "all":
            for a, b in zip(was_all, now_all, strict=False):
                if loosened(a, b, True):
                    yield f"{shown} counts what it did not count", b.lineno
    yield from _asserts(shown, old, new, testing, pool)
    before = Counter(kind for kind, _ in old.swallows)
    if len(new.swallows) > len(old.swallows):
        line = next((n for kind, n in new.swallows if not before[kind]), new.swallows[-1][1])
        yield f"{shown} looks away from an error", line
    else:
        for kind, line in new.swallows:
            if kind in ("Exception", "BaseException", "everything") and not {
                "Exception",
                "BaseException",
                "everything",
            } & set(before):
                yield f"{shown} looks away from every error", line
    if len(new.dead) > len(old.dead):
        yield f"what follows in {shown} is never reached", new.dead[0]
    if len(new.successes) > len(old.successes) and (old.fails or old.answers):
        yield f"{shown} reports success early", new.successes[0]
    if len(new.constant) > len(old.constant):
        yield f"a condition of {shown} has one answer only", new.constant[-1]
    for iterated in new.loops:
        if _is_empty(iterated) or _is_part(iterated, old.loops):  # noqa: SIM102 one question a line
            if not any(same(iterated, other) for other in old.loops):
                yield f"{shown} loops over less or nothing", iterated.lineno
    for was, now in zip(old.exits, new.exits, strict=False):
        if (
            isinstance(was, ast.Call)
            and not (isinstance(now, ast.Call) and _dotted(now.func) not in ("int", "min", "bool", "max"))
            and not same(was, now)
        ):
            yield "the exit code no longer is what was found", now.lineno
    if new.checked + pool.checked < old.checked and new.calls >= old.calls:
        yield f"{shown} no longer asks whether a call succeeded", new.line
    if new.timeouts + pool.timeouts < old.timeouts and new.calls >= old.calls:
        yield f"{shown} waits without a limit", new.line


def _pairs(old: list[ast.expr], new: list[ast.expr]) -> Iterator[tuple[ast.expr, ast.expr | None]]:
    """Expressions that changed, each with what stands in its place; ``None`` where nothing does."""
    left = [e for e in new if not any(same(e, other) for other in old)]
    for was in old:
        if not any(same(was, other) for other in new):
            yield was, left.pop(0) if left else None


def _guards(shown: str, old: Scope, new: Scope, pool: Scope) -> Iterator[Finding]:
    for holds in (True, False):
        before = [test for test, when in old.guards if when is holds]
        after = [test for test, when in (*new.guards, *pool.guards) if when is holds]
        for was, now in _pairs(before, after):
            if now is None:
                flipped = any(when is not holds for _, when in new.guards) and len(new.guards) >= len(old.guards)
                if not flipped and len(new.fails) <= len(old.fails):
                    yield f"{shown} no longer fails when {ast.unparse(was)[:60]}", new.line
            elif loosened(was, now, not holds):
                yield f"{shown} fails less often than when {ast.unparse(was)[:60]}", now.lineno


def _asserts(shown: str, old: Scope, new: Scope, testing: bool, pool: Scope) -> Iterator[Finding]:
    if len(new.asserts) + len(pool.asserts) < len(old.asserts):
        yield f"{shown} asserts less", new.line
        return
    for was, now in _pairs(old.asserts, [*new.asserts, *pool.asserts]):
        if now is None or loosened(was, now, True, strict=testing):
            yield f"{shown} expects less than {ast.unparse(was)[:60]}", now.lineno if now is not None else new.line


def _is_empty(node: ast.expr) -> bool:
    if isinstance(node, ast.List | ast.Tuple | ast.Set):
        return not node.elts
    if isinstance(node, ast.Dict):
        return not node.keys
    if isinstance(node, ast.Call):
        return _dotted(node.func) in ("range", "list", "tuple", "iter") and (
            not node.args or (len(node.args) == 1 and (number(node.args[0]) == 0 or _is_empty(node.args[0])))
        )
    return False


def _is_part(node: ast.expr, olds: list[ast.expr]) -> bool:
    """A slice with a constant end of what was gone through whole."""
    if not isinstance(node, ast.Subscript) or not isinstance(node.slice, ast.Slice):
        return False
    return any(same(node.value, other) for other in olds)


def _patched(old: str, new: str) -> Iterator[Finding]:
    """Functions of modules, and functions of the file, that are put another in place of; constants that decide."""
    one, two = parsed(old), parsed(new)
    if one is None or two is None:
        return
    had = {ast.unparse(n) for n in _assignments(one)}
    defined = {n.name for n in ast.walk(one) if isinstance(n, ast.FunctionDef)}
    for node in _assignments(two):
        for target in node.targets:
            name = _dotted(target) if isinstance(target, ast.Name | ast.Attribute) else ""
            if ast.unparse(node) in had:
                continue
            if (_PATCHED.fullmatch(name) and isinstance(node.value, ast.Lambda | ast.Name)) or (
                name in defined and name
            ):
                yield f"{name} is put out of action", node.lineno
    yield from _constants(one, two)
    for pattern, message in _HIDES:
        found = [len(pattern.findall(text)) for text in (old, new)]
        if found[1] > found[0]:
            yield message, 1


def _assignments(tree: ast.Module) -> list[ast.Assign]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.Assign)]


def _constants(one: ast.Module, two: ast.Module) -> Iterator[Finding]:
    """Numbers with a name, and defaults of parameters, that a comparison is made with."""
    before, after = _numbers(one), _numbers(two)
    for name, (was, _) in before.items():
        now, line = after.get(name, (was, 0))
        if was != now:
            direction = _direction(name, two)
            if was is not None and (now is None or (direction > 0 and now < was) or (direction < 0 and now > was)):
                yield f"{name} asks for less than it did", line


def _numbers(tree: ast.Module) -> dict[str, tuple[float | None, int]]:
    found: dict[str, tuple[float | None, int]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            value = _value(node.value)
            if value is not None:
                found[node.targets[0].id] = (value, node.lineno)
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value is not None:
            value = _value(node.value)
            if value is not None:
                found[node.target.id] = (value, node.lineno)
        elif isinstance(node, ast.arguments):
            padded = [*node.posonlyargs, *node.args]
            for argument, default in zip(padded[::-1], node.defaults[::-1], strict=False):
                value = _value(default)
                if value is not None:
                    found.setdefault(argument.arg, (value, argument.lineno))
    return found


def _value(node: ast.expr) -> float | None:
    """A number, or the one that the environment falls back on."""
    found = number(node)
    if found is not None:
        return found
    if isinstance(node, ast.Call):
        for argument in reversed([*node.args, *(k.value for k in node.keywords if k.arg == "default")]):
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                return float(argument.value) if re.fullmatch(r"-?\d{1,9}(?:\.\d{1,6})?", argument.value) else None
            inner = _value(argument)
            if inner is not None:
                return inner
    return None


def _direction(name: str, tree: ast.Module) -> int:
    """+1 for what must at least be reached, -1 for what may at most be; 0 when no comparison tells."""
    words = name.lower()
    if re.search(r"(?:^|_)(?:min|minimum|required|expected|need\w*|quorum|at_least)(?:_|$)", words):
        return 1
    if re.search(
        r"(?:^|_)max(?:imum)?_(?:fail\w*|err\w*|age|lag|drift|usage|missing|unready|restart\w*|percent|warn\w*|skew|latency|load|temp\w*)",
        words,
    ):
        return -1
    for node in ast.walk(tree):
        if not isinstance(node, ast.If) or not isinstance(node.test, ast.Compare) or len(node.test.ops) != 1:
            continue
        sides = (node.test.left, node.test.comparators[0])
        if not any(isinstance(side, ast.Name) and side.id == name for side in sides):
            continue
        if not any(fails(s) for s in _below(node.body)):
            continue
        less = isinstance(node.test.ops[0], ast.Lt | ast.LtE)
        right = isinstance(sides[1], ast.Name) and sides[1].id == name
        if isinstance(node.test.ops[0], ast.Lt | ast.LtE | ast.Gt | ast.GtE):
            return 1 if less == right else -1
    return 0
