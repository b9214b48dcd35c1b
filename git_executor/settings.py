"""The context map and the machine's own settings, read into typed values.

``parse_context_map`` takes the bytes of ``ai/context_map.yaml`` as committed on the base branch.
It works on YAML *nodes*, so that every complaint can name line and column, and it never guesses:
a wrong type is an error, a key that is nearly a known one is an error, other keys are left to whoever
else reads the file. ``parse_machine`` takes ``git config executor.*`` and the environment.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from types import MappingProxyType
from typing import Any, NamedTuple, TypeVar

import yaml

from git_executor.domain import Classification, Limits, Rules, Signature, Source, Stage, UserRule
from git_executor.errors import ConfigError, UsageError
from git_executor.nesting import too_deep

CONTEXT_MAP = "ai/context_map.yaml"
MEMO = "ai/master_memo.md"

# A stage names a folder under ai/logs/ and a trailer's value, so it is kept to what is safe in both.
STAGE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")

# libyaml's loader is several times faster; wheels have it, a source build of PyYAML may not.
Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

T = TypeVar("T")


class ContextMap(NamedTuple):
    """``ai/context_map.yaml``: what the bootstrap consists of, and what may be touched where."""

    stages: Mapping[str, Stage]
    protected_files: tuple[str, ...] = ()
    section_keywords: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    limits: Limits = Limits()
    signatures: tuple[Signature, ...] = ()
    playbook: tuple[UserRule, ...] = ()

    def stage(self, name: str) -> Stage:
        """The stage of that name. Raises ``UsageError`` that suggests near names."""
        if name in self.stages:
            return self.stages[name]
        near = difflib.get_close_matches(name, self.stages, n=3, cutoff=0.5)
        known = ", ".join(sorted(self.stages)) or "none"
        hint = f"did you mean {' or '.join(near)}?" if near else f"known stages: {known}"
        raise UsageError(f"no stage {name!r} in {CONTEXT_MAP}", hint=hint)

    def rules(self, stage: str, source: Source = Source.LOCAL) -> Rules:
        """What the policy needs in order to judge a change made for ``stage``."""
        return Rules(
            stage=stage,
            files=self.stages[stage].files if stage in self.stages else (),
            protected=self.protected_files,
            limits=self.limits,
            source=source,
        )


# --- the context map --------------------------------------------------------------------------------


def parse_context_map(data: bytes, *, where: str = CONTEXT_MAP) -> ContextMap:
    """Read a context map. Raises ``ConfigError`` with file, line and column."""
    root = _compose(data, where)
    if root is None:
        raise ConfigError("the file is empty", where=where, hint="it needs a 'stages:' mapping; see git-executor init")
    top = _Mapping(root, where, "the context map", _TOP_KEYS)
    if "stages" not in top.values:
        raise top.error(root, "there is no 'stages:' mapping", hint="list the stages of the bootstrap under 'stages:'")
    return ContextMap(
        stages=MappingProxyType(top.mapping("stages", _stage)),
        protected_files=top.texts("protected_files", _pattern),
        section_keywords=MappingProxyType(top.mapping("architecture_section_keywords", _keywords)),
        limits=top.get("limits", _limits, Limits()),
        signatures=top.items("signatures", _signature),
        playbook=top.items("playbook", _user_rule),
    )


_TOP_KEYS = ("stages", "protected_files", "architecture_section_keywords", "limits", "signatures", "playbook")
_STAGE_KEYS = Stage._fields[1:]  # all but its name, which is the key
_LIMIT_KEYS = Limits._fields


def _compose(data: bytes, where: str) -> yaml.Node | None:
    if too_deep(data.decode("utf-8", "replace")):
        raise ConfigError("not valid YAML: nested too deeply", where=where)
    try:
        documents = list(yaml.compose_all(data, Loader=Loader))
    except yaml.MarkedYAMLError as e:
        mark = e.problem_mark or e.context_mark
        problem = " ".join(part for part in (e.context, e.problem) if part)
        line, column = (mark.line + 1, mark.column + 1) if mark else (None, None)
        raise ConfigError(f"not valid YAML: {problem}", where=where, line=line, column=column) from None
    except yaml.YAMLError as e:
        raise ConfigError(f"not valid YAML: {str(e).splitlines()[0]}", where=where) from None
    except RecursionError:
        raise ConfigError("not valid YAML: nested too deeply", where=where) from None
    if len(documents) > 1:
        mark = documents[1].start_mark
        raise ConfigError("more than one YAML document", where=where, line=mark.line + 1, column=mark.column + 1)
    root = documents[0] if documents else None
    if isinstance(root, yaml.ScalarNode) and root.tag.endswith(":null"):
        return None
    return root


class _Mapping:
    """A YAML mapping under inspection: typed access, errors that know their place."""

    def __init__(self, node: yaml.Node, where: str, what: str, known: Sequence[str] = ()) -> None:
        self.where, self.what = where, what
        if not isinstance(node, yaml.MappingNode):
            raise self.error(node, f"{what} must be a mapping, not {_kind(node)}")
        self.values: dict[str, yaml.Node] = {}
        merged: dict[str, yaml.Node] = {}
        for key, value in node.value:
            if key.tag == "tag:yaml.org,2002:merge":
                bases = value.value if isinstance(value, yaml.SequenceNode) else [value]
                for base in reversed(bases):
                    merged.update(_Mapping(base, where, f"{what}, merged").values)
                continue
            name = self.text(key, f"a key of {what}")
            if name in self.values:
                raise self.error(key, f"duplicate key {name!r} in {what}")
            near = difflib.get_close_matches(name, known, n=1, cutoff=0.8) if name not in known else []
            if near:
                raise self.error(key, f"unknown key {name!r} in {what}", hint=f"did you mean {near[0]!r}?")
            self.values[name] = value
        self.values = {**merged, **self.values}

    def error(self, node: yaml.Node, message: str, hint: str = "") -> ConfigError:
        mark = node.start_mark
        return ConfigError(message, where=self.where, line=mark.line + 1, column=mark.column + 1, hint=hint)

    def text(self, node: yaml.Node, what: str) -> str:
        if isinstance(node, yaml.ScalarNode) and node.tag == "tag:yaml.org,2002:str":
            return str(node.value)
        hint = "put it in quotes" if _is_scalar(node) else ""
        raise self.error(node, f"{what} must be text, not {_kind(node)}", hint)

    def get(self, key: str, read: Callable[[_Mapping, yaml.Node, str], T], default: T) -> T:
        node = self.values.get(key)
        if node is None or _is_null(node):
            return default
        return read(self, node, key)

    def string(self, key: str) -> str:
        return self.get(key, lambda m, node, name: m.text(node, f"'{name}' of {m.what}").strip(), "")

    def texts(self, key: str, check: Callable[[_Mapping, yaml.Node, str], str] | None = None) -> tuple[str, ...]:
        """A list of texts; a single text stands for a list of one."""

        def read(m: _Mapping, node: yaml.Node, name: str) -> tuple[str, ...]:
            entries = node.value if isinstance(node, yaml.SequenceNode) else [node]
            if isinstance(node, yaml.MappingNode):
                raise m.error(node, f"'{name}' of {m.what} must be a list, not a mapping")
            return tuple((check or _any_text)(m, entry, name) for entry in entries)

        return self.get(key, read, ())

    def mapping(self, key: str, read: Callable[[_Mapping, str, yaml.Node], T]) -> dict[str, T]:
        node = self.values.get(key)
        if node is None or _is_null(node):
            return {}
        inner = _Mapping(node, self.where, f"'{key}'")
        return {name: read(inner, name, value) for name, value in inner.values.items()}

    def items(self, key: str, read: Callable[[_Mapping, str, yaml.Node], T]) -> tuple[T, ...]:
        """A list of mappings, each with its 'name', or a mapping of name -> mapping."""
        node = self.values.get(key)
        if isinstance(node, yaml.SequenceNode):
            return tuple(read(self, f"{key}[{i}]", entry) for i, entry in enumerate(node.value))
        return tuple(self.mapping(key, read).values())


def _kind(node: yaml.Node) -> str:
    if isinstance(node, yaml.MappingNode):
        return "a mapping"
    if isinstance(node, yaml.SequenceNode):
        return "a list"
    names = {"int": "a number", "float": "a number", "bool": "true or false", "null": "nothing", "timestamp": "a date"}
    return names.get(str(node.tag).rpartition(":")[2], "text")


def _is_scalar(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and not _is_null(node)


def _is_null(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and node.tag == "tag:yaml.org,2002:null"


def _any_text(m: _Mapping, node: yaml.Node, key: str) -> str:
    return m.text(node, f"each entry of '{key}' of {m.what}").strip()


def _pattern(m: _Mapping, node: yaml.Node, key: str) -> str:
    """A path, a directory that ends in '/', or a gitignore-style glob; always relative to the repository."""
    text = _any_text(m, node, key)
    if not text:
        raise m.error(node, f"an empty entry in '{key}' of {m.what}")
    if text.startswith("!"):
        raise m.error(node, f"{text!r}: negated patterns are not supported", hint="list what is allowed instead")
    parts = text.removeprefix("/").removesuffix("/").split("/")
    if text.startswith("~") or "\\" in text or any(part in ("", ".", "..") for part in parts):
        raise m.error(node, f"{text!r} is no path inside the repository", hint="write it relative to the top folder")
    return text


def _stage(m: _Mapping, name: str, node: yaml.Node) -> Stage:
    if not STAGE_NAME.fullmatch(name):
        raise m.error(node, f"{name!r} cannot be a stage's name", "use letters, digits, '.', '_' and '-', 64 at most")
    entry = _Mapping(node, m.where, f"stage '{name}'", _STAGE_KEYS)
    return Stage(
        name=name,
        description=entry.string("description"),
        command=entry.string("command"),
        files=entry.texts("files", _pattern),
        architecture_sections=entry.texts("architecture_sections"),
        success_criteria=entry.texts("success_criteria"),
        diagnostics=entry.texts("diagnostics"),
        verify=entry.texts("verify"),
    )


def _keywords(m: _Mapping, name: str, node: yaml.Node) -> tuple[str, ...]:
    entries = node.value if isinstance(node, yaml.SequenceNode) else [node]
    return tuple(m.text(entry, f"each keyword of section '{name}'").strip() for entry in entries)


def _limits(m: _Mapping, node: yaml.Node, _key: str) -> Limits:
    entry = _Mapping(node, m.where, "'limits'", _LIMIT_KEYS)
    numbers: dict[str, int] = {}
    for key in _LIMIT_KEYS:
        value = entry.values.get(key)
        if value is None:
            continue
        if not (value.tag == "tag:yaml.org,2002:int" and re.fullmatch(r"[1-9][0-9]{0,5}", str(value.value))):
            raise entry.error(value, f"'{key}' of 'limits' must be a whole number above 0")
        numbers[key] = int(value.value)
    return Limits(**numbers)


def _signature(m: _Mapping, name: str, node: yaml.Node) -> Signature:
    entry = _Mapping(node, m.where, f"signature '{name}'", ("name", "match", "classification"))
    pattern, wanted = entry.string("match"), entry.string("classification")
    if wanted not in set(Classification):
        raise entry.error(
            entry.values.get("classification", node),
            f"{wanted!r} is no classification",
            hint="one of " + ", ".join(Classification),
        )
    _check_regex(entry, node, pattern)
    return Signature(entry.string("name") or name, pattern, Classification(wanted))


def _user_rule(m: _Mapping, name: str, node: yaml.Node) -> UserRule:
    entry = _Mapping(node, m.where, f"playbook entry '{name}'", ("name", "match", "file", "find", "replace", "verify"))
    _check_regex(entry, node, entry.string("match"))
    for key in ("file", "find"):
        if not entry.string(key):
            raise entry.error(node, f"playbook entry '{name}' needs '{key}'")
    raw = {key: entry.get(key, lambda e, n, k: e.text(n, f"'{k}'"), "") for key in ("find", "replace")}
    return UserRule(
        name=entry.string("name") or name,
        match=entry.string("match"),
        file=entry.string("file"),
        find=raw["find"],
        replace=raw["replace"],
        verify=entry.string("verify"),
    )


def _check_regex(m: _Mapping, node: yaml.Node, pattern: str) -> None:
    at = m.values.get("match", node)
    if not pattern:
        raise m.error(at, f"{m.what} needs 'match', a regular expression")
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as e:
        raise m.error(at, f"'match' of {m.what} is no regular expression: {e}") from None


# --- the machine ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Machine:
    """Settings of this machine: ``git config executor.<name>``, then ``GIT_EXECUTOR_<NAME>``, then flags.

    Times are seconds. ``fixers`` is tried in order. ``base`` empty means: find it (see ``ledger``).
    """

    branch: str = "ai/orchestrator-stage1"
    base: str = ""
    remote: str = ""
    fixers: tuple[str, ...] = ("recorded", "playbook", "ollama")
    author: str = "git-executor <git-executor@localhost>"
    model: str = "qwen2.5-coder:7b"
    host: str = ""
    num_ctx: int = 0
    num_predict: int = 1024
    keep_alive: str = "5m"
    answer_form: str = "auto"
    think: str = "off"  # off, on, low, medium, high: for models that think before they answer
    answer_format: str = "text"  # or json: the server holds the model to an object with the answer in it
    first_token_timeout: int = 180
    gap_timeout: int = 60
    total_timeout: int = 600
    repair_rounds: int = 1
    command: str = ""
    codex: str = "codex"
    codex_model: str = ""


def parse_machine(config: Sequence[tuple[str, str]], environ: Mapping[str, str]) -> Machine:
    """Settings from git's configuration (key, value) pairs and the environment; a later one wins.

    ``executor.fixers`` may be given several times or as one list with commas. Raises ``ConfigError``.
    """
    by_key: dict[str, list[str]] = {}
    for key, value in config:
        by_key.setdefault(key.lower(), []).append(value)
    defaults = Machine()
    values: dict[str, Any] = {}
    for entry in fields(Machine):
        name = "executor." + entry.name.replace("_", "")
        variable = "GIT_EXECUTOR_" + entry.name.upper()
        texts, where = by_key.get(name), f"git config {name}"
        if environ.get(variable):
            texts, where = [environ[variable]], variable
        if texts:
            values[entry.name] = _machine_value(texts, getattr(defaults, entry.name), where)
    return replace(defaults, **values)


def _machine_value(texts: Sequence[str], default: object, where: str) -> object:
    if isinstance(default, tuple):
        return tuple(part.strip() for text in texts for part in text.split(",") if part.strip())
    text = texts[-1].strip()
    if isinstance(default, int):
        if not re.fullmatch(r"[0-9]{1,9}", text):
            raise ConfigError(f"{text!r} is no whole number", where=where)
        return int(text)
    if any(ord(c) < 32 for c in text):
        raise ConfigError("control characters are not allowed here", where=where)
    return text
