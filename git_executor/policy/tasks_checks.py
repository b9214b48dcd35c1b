"""Tasks of Ansible and conditions of Terraform that fail less than before."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from git_executor.lazy import lazy
from git_executor.policy.embedded import compose, walk
from git_executor.policy.python_tests import is_constant_test, loosened
from git_executor.policy.shell import names

Finding = tuple[str, int]
"""(message, line; 0 where it is gone)"""

_DIRECTIVES = names(
    "name when register changed_when failed_when ignore_errors ignore_unreachable become become_user become_method become_flags "
    "tags notify loop loop_control with_items with_dict with_fileglob with_first_found with_sequence with_together until retries delay "
    "vars args environment delegate_to delegate_facts run_once no_log check_mode diff async poll any_errors_fatal block rescue always "
    "listen throttle timeout connection remote_user module_defaults collections debugger local_action action static"
)
_CHECKS = names(
    "assert fail uri wait_for wait_for_connection stat_check k8s_info ping async_status validate_argument_spec"
)
_IDLE = names("debug pause meta set_fact set_stats add_host group_by include_vars wait_for_nothing")
_KNOWN = names(
    "apt dnf yum package pip command shell raw script copy template file lineinfile blockinfile service systemd systemd_service uri get_url "
    "assert fail wait_for debug pause meta set_fact stat user group cron mount sysctl modprobe reboot unarchive git helm k8s include_tasks import_tasks "
    "include_role import_role ping setup slurp fetch find replace hostname apt_repository apt_key wait_for_connection k8s_info docker_container"
)


@dataclass(frozen=True, slots=True)
class Task:
    """One task: ``module`` without its collection, ``options`` of the module and ``rest`` of the task."""

    name: str
    module: str
    options: dict[str, list[str]]
    rest: dict[str, list[str]]
    line: int


def weaker_tasks(old: str, new: str) -> Iterator[Finding]:
    """What the tasks in YAML no longer fail at."""
    if not re.search(r"(?m)^\s*-\s", new):
        return
    before, after = _tasks(old), _tasks(new)
    if not before:
        return
    left = list(after)
    paired: list[tuple[Task, Task | None]] = []
    for task in before:
        same = next((t for t in left if t == task or (t.name == task.name and t.module == task.module)), None)
        same = same or next((t for t in left if t.name == task.name and task.name), None)
        if same is not None:
            left.remove(same)
        paired.append((task, same))
    for task, same in paired:
        if same is not None:
            if _content(same) != _content(task):
                yield from (_at(same, message) for message in _weaker_task(task, same, new))
        elif task.module in _CHECKS:
            other = next((t for t in left if t.module == task.module), None)
            if other is None:
                yield f"{task.name or task.module}: the check is gone", 0
            else:
                left.remove(other)
                yield from (_at(other, message) for message in _weaker_task(task, other, new))
    for task in left:
        if task.module == "meta" and any(re.match(r"clear_host_errors|end_", v) for v in task.options.get("", [])):  # noqa: SIM102 one question a line
            if "when" not in task.rest or "clear_host_errors" in task.options.get("", []):
                yield _at(task, "meta ends the play as if it had gone well")
    yield from _rescues(old, new)


def _at(task: Task, message: str) -> Finding:
    return f"{task.name or task.module}: {message}", task.line


def _content(task: Task) -> tuple[Any, ...]:
    return task.module, task.options, task.rest


def _tasks(text: str) -> list[Task]:
    import yaml

    documents = compose(text)
    found = []
    for keys, node in walk(documents or []):
        if not isinstance(node, yaml.MappingNode):
            continue
        pairs = {str(k.value): v for k, v in node.value if isinstance(k, yaml.ScalarNode)}
        if keys and keys[-1] in ("vars", "args", "environment"):
            continue
        modules = [k for k in pairs if k not in _DIRECTIVES]
        if len(modules) != 1 or not ("." in modules[0] or modules[0] in _KNOWN) or "/" in modules[0]:
            continue
        value = pairs[modules[0]]
        options = (
            {str(k.value): _flat(v) for k, v in value.value if isinstance(k, yaml.ScalarNode)}
            if isinstance(value, yaml.MappingNode)
            else {"": _flat(value)}
        )
        if isinstance(pairs.get("args"), yaml.MappingNode):
            options.update({str(k.value): _flat(v) for k, v in pairs["args"].value if isinstance(k, yaml.ScalarNode)})
        rest = {
            k: _flat(v)
            for k, v in pairs.items()
            if k in _DIRECTIVES and k not in ("name", "args", "block", "rescue", "always")
        }
        name = str(pairs["name"].value) if isinstance(pairs.get("name"), yaml.ScalarNode) else ""
        found.append(Task(name, modules[0].rpartition(".")[2], options, rest, node.start_mark.line + 1))
    return found


def _flat(node: Any) -> list[str]:
    if isinstance(node.value, str):
        return [node.value.strip()]
    if node.id == "sequence":
        return [part for inner in node.value for part in _flat(inner)]
    return [part for key, inner in node.value for part in (*_flat(key), *_flat(inner))]


def _weaker_task(old: Task, new: Task, text: str) -> Iterator[str]:
    if old.module != new.module and new.module in _IDLE and old.module not in _IDLE:
        yield f"{new.module} in place of {old.module} does nothing"
        return
    if (
        old.module in _CHECKS
        and new.module != old.module
        and new.module not in _CHECKS
        and new.module not in ("command", "shell", "k8s_info")
    ):
        yield f"{new.module} in place of {old.module} checks nothing"
    if old.module == "assert":
        yield from _list("that", old.options, new.options, "asserts less", grows=False)
    codes = [_codes(t.options.get("status_code")) for t in (old, new)]
    if old.module == new.module == "uri" and codes[0] != codes[1]:
        bad = [{code for code in side if code >= 400 or code < 100} for side in codes]
        if len(bad[1]) > len(bad[0]) or min(bad[1], default=0) < 0:
            yield "more answers count as a success"
    yield from _failed_when(old, new)
    if "until" in old.rest:
        yield from _list("until", old.rest, new.rest, "waits for less", grows=False)
    states = "failed_when" in old.rest  # a command that says itself when it fails is a check too
    checks = old.module in _CHECKS or (
        old.module in ("command", "shell")
        and _ASKING.search(" ".join(old.options.get("", []) + old.options.get("cmd", [])))
    )
    if checks and old.rest.get("when") != new.rest.get("when"):
        was, now = old.rest.get("when", []), new.rest.get("when", [])
        if (old.module in _CHECKS or states) and not was and now and not all("check_mode" in c for c in now):
            yield "is only checked sometimes"
        elif (
            was
            and now
            and (len(now) > len(was) or any(_expression_loosened(a, b, False) for a, b in zip(was, now, strict=False)))
        ):
            yield "is checked less often"
    if new.rest.get("poll") == ["0"] and old.rest.get("poll") != ["0"] and "async_status" not in text:
        yield "runs in the background, and nobody asks how it ended"
    if any(v.rstrip("/") in _THERE for v in new.options.get("creates", [])) and old.options.get(
        "creates"
    ) != new.options.get("creates"):
        yield "is never run"
    if (
        new.rest.get("delegate_to") != old.rest.get("delegate_to")
        and new.rest.get("delegate_to") in (["localhost"], ["127.0.0.1"])
        and checks
    ):
        yield "is checked elsewhere"


_ASKING = lazy(r"\b(?:status|wait|health|verify|validate|check|test|is-active|ready)\b")
_THERE = frozenset(
    (
        "",
        "/etc",
        "/tmp",
        "/bin/sh",
        "/etc/passwd",
        "/dev/null",
        "/etc/hostname",
        "/usr",
        "/bin",
        "/proc",
        "/root",
        "/etc/hosts",
        "/var",
        "/etc/os-release",
    )
)


def _codes(values: list[str] | None) -> set[int]:
    return {int(code) for value in values or ["200"] for code in re.findall(r"-?\d{1,4}", value)}


def _failed_when(old: Task, new: Task) -> Iterator[str]:
    was, now = old.rest.get("failed_when"), new.rest.get("failed_when")
    if was == now or now is None:
        return
    if was is None:
        if _ignores(old) and not _ignores(new) and not any(is_constant(v) for v in now):
            return  # nothing failed before
        told = " ".join(now)
        fine = re.search(
            r"\brc\s*!=\s*0|\brc\s+not\s+in\s*[\[(]\s*0\b|\bis\s+failed|\.failed\b|\bstatus\b.*(?:!=|not in)|\brc\s*>\s*0",
            told,
        )
        asks = re.search(
            r"\b(?:grep|diff|cmp|egrep|pgrep|terraform plan)\b", " ".join(v for vs in new.options.values() for v in vs)
        )
        adds = len(now) == 1 and new.module not in ("command", "shell", "raw", "script", "uri")
        if not fine and not (asks and re.search(r"\brc\s*(?:>|>=|not in)", told)) and not adds:
            yield "failed_when takes the place of the exit code"
        elif any(is_constant(v) for v in now):
            yield "never fails any more"
        return
    yield from _list("failed_when", old.rest, new.rest, "fails less often", grows=True)


def _ignores(task: Task) -> bool:
    return any(re.fullmatch(r"(?i)true|yes|on|1", v) for v in task.rest.get("ignore_errors", []))


def _list(key: str, old: dict[str, list[str]], new: dict[str, list[str]], message: str, grows: bool) -> Iterator[str]:
    """Conditions that all must hold. ``grows``: they say when it fails, so that more of them fail less."""
    was, now = old.get(key, []), new.get(key, [])
    if not was or was == now:
        return
    if not now or (len(now) > len(was) if grows else len(now) < len(was)):
        yield message
        return
    rest = [c for c in was if c not in now]
    come = [c for c in now if c not in was]
    if any(_expression_loosened(a, b, not grows) for a, b in _paired(rest, come)):
        yield message


def _paired(gone: list[str], come: list[str]) -> Iterator[tuple[str, str]]:
    """Each condition that went, with the one of those that came that is most like it."""
    left = come[:20]
    for old in gone[:20]:
        if left:
            new = max(left, key=lambda text: SequenceMatcher(None, old[:500], text[:500]).ratio())
            left.remove(new)
            yield old, new


def is_constant(text: str) -> bool:
    parsed = _expression(text)
    return parsed is not None and is_constant_test(parsed)


def _expression_loosened(old: str, new: str, more: bool) -> bool:
    one, two = _expression(old), _expression(new)
    if two is not None and is_constant_test(two):
        return True
    if one is None or two is None:
        had, has = (len(re.findall(r"\bor\b|\|\|", t)) for t in (old, new))
        ands = [len(re.findall(r"\band\b|&&", t)) for t in (old, new)]
        return has > had or ands[1] < ands[0] if more else has < had or ands[1] > ands[0]
    return loosened(one, two, more)


def _expression(text: str) -> ast.expr | None:
    """An expression of Jinja or HCL as Python would read it; ``None`` when it cannot."""
    text = text.strip()
    text = re.sub(r"^\{\{(.*)\}\}$", r"\1", text, flags=re.S).strip()
    text = re.sub(r"^\$\{(.*)\}$", r"\1", text, flags=re.S).strip()
    if len(text) > 1000:
        return None
    text = text.replace("&&", " and ").replace("||", " or ")
    text = re.sub(r"!(?!=)", " not ", text)
    text = re.sub(r"\btrue\b", "True", re.sub(r"\bfalse\b", "False", text))
    text = re.sub(r"\[\*\]", "", text)
    text = re.sub(r"([\w.]{1,100})\s+is\s+not\s+(\w+)\b(?!\()", r"(not \2(\1))", text)
    text = re.sub(r"([\w.]{1,100})\s+is\s+(\w+)\b(?!\()", r"\2(\1)", text)
    try:
        return ast.parse(text.replace("\n", " ").strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _rescues(old: str, new: str) -> Iterator[Finding]:
    """New ``rescue`` parts that do not fail."""
    import yaml

    counts = []
    for text in (old, new):
        quiet = []
        for _, node in walk(compose(text) or []):
            if isinstance(node, yaml.MappingNode):
                for key, value in node.value:
                    if (
                        isinstance(key, yaml.ScalarNode)
                        and key.value == "rescue"
                        and isinstance(value, yaml.SequenceNode)
                    ):
                        modules = [
                            str(k.value)
                            for item in value.value
                            if isinstance(item, yaml.MappingNode)
                            for k, _ in item.value
                            if isinstance(k, yaml.ScalarNode)
                        ]
                        last = [m.rpartition(".")[2] for m in modules if m not in _DIRECTIVES]
                        if "fail" not in last and "assert" not in last and set(last) <= _IDLE:
                            quiet.append(key.start_mark.line + 1)
        counts.append(quiet)
    if len(counts[1]) > len(counts[0]):
        yield "rescue goes on as if nothing had failed", counts[1][-1]


# --- Terraform --------------------------------------------------------------------------------------

_BLOCK = lazy(r"^\s*(?:dynamic\s+)?\"?(validation|precondition|postcondition|check|assert|lifecycle)\"?\b[^{=]*\{")
_CONDITION = lazy(r"^\s*condition\s*=\s*(.*)$")


def weaker_conditions(old: str, new: str) -> Iterator[Finding]:
    """What the conditions of Terraform no longer ask for."""
    blocks = [
        Counter(found[1] for row in text.split("\n") if (found := _BLOCK.match(row[:300]))) for text in (old, new)
    ]
    for kind in sorted(blocks[0] - blocks[1]):
        if kind != "lifecycle":
            yield f"{kind} is taken away", 0
    before, after = _conditions(old), _conditions(new)
    had = [text for text, _ in before]
    gone = [text for text, _ in before if text not in [t for t, _ in after]]
    come = [(text, line) for text, line in after if text not in had]
    for was, (now, line) in zip(gone, come, strict=False):
        if _expression_loosened(was, now, True) or re.search(r"\|\|\s*true\b|^\s*true\s*$|try\(.*,\s*true\s*\)", now):
            yield "condition holds more often", line
    for pattern, message in (
        (r"\bnonsensitive\s*\((?!\s*[\w.]+\s*[!=]=)", "shows what is secret"),
        (r"^\s*for_each\s*=\s*(?:\{\s*\}|\[\s*\]|toset\(\s*\[\s*\]\s*\))", "is made no more"),
        (r"^\s*count\s*=\s*(?:0\b|false\b)", "is made no more"),
    ):
        counts = [len(re.findall(pattern, text, re.M)) for text in (old, new)]
        if counts[1] > counts[0]:
            found = re.search(pattern, new, re.M)
            yield message, 1 + new.count("\n", 0, found.start() if found else 0)
    if (
        len(re.findall(r"^\s*sensitive\s*=\s*true", old, re.M))
        > len(re.findall(r"^\s*sensitive\s*=\s*true", new, re.M))
        and "sensitive" in old
    ):
        blocks_gone = len(re.findall(r"^(?:variable|output)\s", old, re.M)) > len(
            re.findall(r"^(?:variable|output)\s", new, re.M)
        )
        if not blocks_gone:
            yield "sensitive is taken away", 0


def _conditions(text: str) -> list[tuple[str, int]]:
    rows = text.split("\n")
    found = []
    for number, row in enumerate(rows, 1):
        start = _CONDITION.match(row[:2000])
        if start:
            parts, at = [start[1]], number
            while (
                at < len(rows)
                and at < number + 10
                and (sum(p.count("(") - p.count(")") for p in parts) > 0 or parts[-1].rstrip().endswith(("&&", "||")))
            ):
                parts.append(rows[at])
                at += 1
            found.append((" ".join(" ".join(parts).split()), number))
    return found
