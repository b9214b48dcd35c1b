"""A configuration file of any form as a flat list of (keys, value), so that two versions can be compared by meaning.

YAML and JSON are read as such. Everything else is read by its lines: ``key = value``, ``key: value``, ``key value``,
below ``[section]`` and ``block {``. In both, ``--flag=value``, ``KEY=value`` and ``{name: KEY, value: value}`` are
entries of their own, because a switch is a switch wherever it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from git_executor.lazy import lazy
from git_executor.policy.embedded import compose, kind_of

_MAX_TEXT = 400_000
_MAX_VALUE = 300
_MAX_ENTRIES = 20_000
_FLAG = lazy(r"(?:--?([A-Za-z][\w.-]{1,80})|([A-Za-z_][\w./-]{1,120}))=(\S.{0,200}|)")
_SWITCH = lazy(r"--([a-z][\w-]{2,60})")
_PART = lazy(r"([a-z_][\w-]{0,40})=([^,]{0,100})")
_SECTION = lazy(r"\s*\[+\s*([^\]]{1,100}?)\s*\]+\s*$")
_LINE = lazy(
    r"\s*(?:export\s+|local\s+)?[\"']?([\w][\w.\-/]{0,100})[\"']?(?:\s*(?::=|[:=])\s*|\s+)(.{0,300}?)\s*;?\s*$"
)
_ALONE = lazy(r"\s*([\w][\w.-]{1,80})\s*[:=;]?\s*$")
_REMARK = lazy(r"\s+(?:#|//)\s.*$")


@dataclass(frozen=True, slots=True)
class Entry:
    """One setting. ``keys`` lead to it from the top, those of lists without their numbers; ``line`` counts from 1."""

    keys: tuple[str, ...]
    value: str
    line: int


def entries(path: str, text: str, *, by_lines: bool = False) -> list[Entry] | None:
    """The settings of a file; ``None`` when it is no configuration, or YAML that cannot be read.

    ``by_lines`` reads YAML by its lines too, for a version that is broken.
    """
    kind = kind_of(path, text)
    if kind == "prose" or len(text) > _MAX_TEXT:
        return None
    if kind in ("shell", "python", "docker", "make"):
        return list(_of_constants(text))
    if kind != "yaml" or by_lines:
        return list(_of_lines(text))
    documents = compose(text)
    return None if documents is None else list(_of_documents(documents))


# --- YAML -------------------------------------------------------------------------------------------


def _of_documents(documents: list[Any]) -> Iterator[Entry]:
    import yaml

    left = _MAX_ENTRIES
    for document in documents:
        kind = next((v.value for k, v in _pairs(document) if k == "kind" and isinstance(v.value, str)), "")
        stack: list[tuple[tuple[str, ...], Any]] = [((kind,) if kind else (), document)]
        seen: set[int] = set()
        while stack and left:
            keys, node = stack.pop()
            if isinstance(node, yaml.ScalarNode):
                left -= 1
                yield from _scalar(keys, str(node.value), node.start_mark.line + 1)
                continue
            if id(node) in seen:
                continue
            seen.add(id(node))
            if isinstance(node, yaml.SequenceNode):
                stack.extend((keys, value) for value in reversed(node.value))
                if not node.value:
                    yield Entry(keys, "[]", node.start_mark.line + 1)
                continue
            pairs = _pairs(node)
            named = {k: v.value for k, v in pairs if k in ("name", "value") and isinstance(v, yaml.ScalarNode)}
            if len(named) == 2:
                yield Entry((*keys, str(named["name"])), str(named["value"])[:_MAX_VALUE], node.start_mark.line + 1)
            if not pairs:
                yield Entry(keys, "{}", node.start_mark.line + 1)
            stack.extend(((*keys, k), v) for k, v in reversed(pairs))


def _pairs(node: Any) -> list[tuple[str, Any]]:
    import yaml

    if not isinstance(node, yaml.MappingNode):
        return []
    return [(str(k.value), v) for k, v in node.value if isinstance(k, yaml.ScalarNode)]


def _scalar(keys: tuple[str, ...], value: str, line: int) -> Iterator[Entry]:
    if len(value) > _MAX_VALUE or "\n" in value.rstrip("\n"):
        return
    value = value.strip()
    yield Entry(keys, value, line)
    yield from _inside(keys, value, line)


def _inside(keys: tuple[str, ...], value: str, line: int) -> Iterator[Entry]:
    """Settings that a value holds itself: ``--flag=x``, ``KEY=x``, ``virtio=...,firewall=1``."""
    flag = _FLAG.fullmatch(value)
    if flag and "," not in value:
        yield Entry((*keys, flag[1] or flag[2]), flag[3].strip("\"'"), line)
    elif _SWITCH.fullmatch(value):
        yield Entry((*keys, value[2:]), "true", line)
    elif "=" in value and "," in value and " " not in value:
        yield from (Entry((*keys, part[1]), part[2], line) for part in _PART.finditer(value))


def _of_constants(text: str) -> Iterator[Entry]:
    """The names in capitals that a program gives a value to, with what they fall back on."""
    for number, line in enumerate(text.split("\n")[:_MAX_ENTRIES], 1):
        found = _CONSTANT.match(line[:_MAX_VALUE])
        if found:
            value = found[2].strip().strip("\"'")
            fallback = re.fullmatch(r"\$\{\w+:?[-=]([^}]*)\}", value)
            yield Entry((found[1],), fallback[1] if fallback else value, number)


_CONSTANT = lazy(r"(?:export\s+|readonly\s+|ENV\s+|ARG\s+)?([A-Z][A-Z0-9_]{1,60})\s*(?::=|\?=|=)\s*([^#\n]*)")

# --- lines ------------------------------------------------------------------------------------------


def _of_lines(text: str) -> Iterator[Entry]:
    section: tuple[str, ...] = ()
    blocks: list[str] = []
    for number, raw in enumerate(text.split("\n")[:_MAX_ENTRIES], 1):
        line = raw[:1000]
        if line.lstrip()[:1] in ("#", ";") or line.lstrip().startswith("//") or not line.strip():
            continue
        line = _REMARK.sub("", line)
        header = _SECTION.fullmatch(line)
        if header:
            section = (header[1],)
            continue
        if line.rstrip().endswith("{"):
            blocks.append((line.split() or [""])[0].strip("\"'{="))
            yield Entry((*section, *blocks), "{", number)
            continue
        if line.strip() in ("}", "},", "};"):
            del blocks[-1:]
            continue
        found = _LINE.fullmatch(line) or _ALONE.fullmatch(line)
        if found:
            value = (found[2] if found.re.groups > 1 else "").rstrip(",").strip("\"'")
            keys = (*section, *blocks[-6:], found[1])
            yield Entry(keys, value, number)
            yield from _inside(keys, value, number)


@lru_cache(maxsize=4096)
def words(key: str) -> list[str]:
    """``insecureSkipVerify``, ``insecure_skip_verify`` and ``insecure-skip-verify`` alike, in lower case."""
    return [word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+", key)]
