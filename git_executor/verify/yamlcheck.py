"""YAML by its events: syntax, duplicate keys, unknown anchors, and what each line means.

Events come from libyaml's state machine, so depth costs no recursion, and nothing is constructed, so custom tags
(``!vault``, ``!Ref``) need not be known.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

MAX_DEPTH = 200


@dataclass(frozen=True, slots=True)
class Leaf:
    """A scalar and where it stands. ``keys`` are the (text, line) of the mapping keys above it, outermost first;
    an entry of a sequence is ``("[]", 0)``. ``line`` to ``last`` is where it stands; lines count from 1."""

    document: int
    keys: tuple[tuple[str, int], ...]
    value: str
    line: int
    last: int


@dataclass(slots=True)
class _Open:
    """A collection whose end has not come yet."""

    mapping: bool
    keys: set[str] = field(default_factory=set)
    key: tuple[str, int] | None = None  # of a mapping: the key whose value comes next


def yaml_faults(data: bytes) -> list[tuple[str, int | None]]:
    """(message, line) of every fault; at most one of syntax, since nothing after that can be read."""
    faults: list[tuple[str, int | None]] = []
    for _ in _walk(data, faults):
        pass
    return faults


def yaml_leaves(data: bytes) -> list[Leaf] | None:
    """What the file says, leaf by leaf; ``None`` when it does not parse."""
    faults: list[tuple[str, int | None]] = []
    leaves = list(_walk(data, faults))
    return None if any(not message.startswith("duplicate key") for message, _ in faults) else leaves


def _walk(data: bytes, faults: list[tuple[str, int | None]]) -> Iterator[Leaf]:
    try:
        text = data.decode("utf-8-sig")
        yield from _leaves(text, faults)
    except UnicodeDecodeError:
        faults.append(("the file is not UTF-8", None))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        faults.append((error.problem or error.context or "not valid YAML", mark.line + 1 if mark else None))
    except yaml.reader.ReaderError as error:
        faults.append((f"{error.reason} (character #x{error.character:04x})" if isinstance(error.character, int)
                       else str(error.reason), text.count("\n", 0, error.position) + 1))  # fmt: skip
    except yaml.YAMLError as error:
        faults.append((str(error), None))


def _leaves(text: str, faults: list[tuple[str, int | None]]) -> Iterator[Leaf]:
    stack: list[_Open] = []
    anchors: set[str] = set()
    document = 0
    for event in yaml.parse(text, Loader=_LOADER):
        start, end = event.start_mark, event.end_mark
        assert start is not None and end is not None  # only events that a program makes up have none
        line = start.line + 1
        if isinstance(event, yaml.DocumentStartEvent):
            document += 1
            anchors = set()
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            stack.pop()
            _value_done(stack)
        elif isinstance(event, yaml.NodeEvent):
            if isinstance(event, yaml.AliasEvent):
                if event.anchor not in anchors:
                    faults.append((f"found undefined alias {event.anchor!r}", line))
            elif event.anchor is not None:
                anchors.add(event.anchor)
            parent = stack[-1] if stack else None
            if parent is not None and parent.mapping and parent.key is None:
                if isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
                    # Go's reader and every schema of the trade refuse it; in practice it is Jinja without quotes.
                    faults.append(("a mapping or list as a key: text with {{ }} needs quotes", line))
                    return
                _key(parent, event, line, faults)
            elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
                stack.append(_Open(isinstance(event, yaml.MappingStartEvent)))
                if len(stack) > MAX_DEPTH:
                    faults.append((f"nested deeper than {MAX_DEPTH} levels", line))
                    return
            else:
                # A block scalar ends at the start of the line after it.
                last = max(line, end.line + (1 if end.column else 0))
                yield Leaf(document, _above(stack), _text(event), line, last)
                _value_done(stack)


def _key(parent: _Open, event: yaml.NodeEvent, line: int, faults: list[tuple[str, int | None]]) -> None:
    text = _text(event)
    if text in parent.keys and text != "<<":
        faults.append((f"duplicate key {text!r}", line))
    parent.keys.add(text)
    parent.key = (text, line)


def _value_done(stack: list[_Open]) -> None:
    if stack and stack[-1].mapping:
        stack[-1].key = None


def _above(stack: list[_Open]) -> tuple[tuple[str, int], ...]:
    return tuple(opened.key or ("[]", 0) for opened in stack)


def _text(event: yaml.NodeEvent) -> str:
    if isinstance(event, yaml.ScalarEvent):
        # A quoted "8080" and a plain 8080 differ in meaning, so the style is part of it.
        style = "'" if event.style else ""
        return f"{event.tag or ''}{style}{event.value}"
    return f"*{event.anchor}"


def moved_leaves(
    old: list[Leaf], new: list[Leaf], old_edited: frozenset[int], new_edited: frozenset[int]
) -> list[Leaf]:
    """Leaves of lines outside of the edit whose meaning changed with it: by what stands above them or their value.

    Of a path, only what stands below the last *edited* key counts: renaming a key is the edit itself.
    """
    before = Counter(_meaning(leaf, old_edited) for leaf in old if not _touched(leaf, old_edited))
    changed = []
    for leaf in new:
        if _touched(leaf, new_edited):
            continue
        meaning = _meaning(leaf, new_edited)
        if before[meaning] > 0:
            before[meaning] -= 1
        else:
            changed.append(leaf)
    return changed


def _meaning(leaf: Leaf, edited: frozenset[int]) -> tuple[object, ...]:
    keys = list(leaf.keys)
    for index in range(len(keys) - 1, -1, -1):
        if keys[index][1] in edited:
            return ("…", *(key for key, _ in keys[index + 1 :]), leaf.value)
    return (*(key for key, _ in keys), leaf.value)


def _touched(leaf: Leaf, edited: frozenset[int]) -> bool:
    return any(line in edited for line in range(leaf.line, leaf.last + 1))
