"""YAML that parses and whose value is of the wrong type, by the line that a Go program names: quotes around a number or a
boolean, one text where a list is wanted."""

from __future__ import annotations

import re
from collections.abc import Iterator

from git_executor.fixers.playbook.kubernetes import manifests
from git_executor.fixers.playbook.near import one_near
from git_executor.fixers.playbook.places import with_line
from git_executor.fixers.playbook.rule import Case, Fix, Rule, Said
from git_executor.fixers.playbook.schemas import PROGRAM_KEYS, TALOS_KEYS
from git_executor.fixers.playbook.yaml_lines import Entry, beside, entries, with_key, with_value

_BOOLEANS = {"true": "true", "yes": "true", "on": "true", "false": "false", "no": "false", "off": "false"}


def _entry_at(case: Case, said: Said) -> Iterator[tuple[str, Entry]]:
    """The entry on the named line; where several files may be meant, of those whose line has that value."""
    number, shown = int(said["line"]) - 1, said["shown"].rstrip(".")
    for path in manifests(case, said.index):
        yield from ((path, entry) for entry in entries(case.text(path)) if entry.number == number and entry.plain.startswith(shown))


def wrong_type(case: Case, said: Said) -> Iterator[Fix]:
    wanted = said["wanted"]
    for path, entry in _entry_at(case, said):
        if wanted.startswith("[]"):
            yield from _listed(path, case.text(path), entry)
        else:
            yield from _unquoted(path, case.text(path), entry, wanted)


def _unquoted(path: str, text: str, entry: Entry, wanted: str) -> Iterator[Fix]:
    """``"3"`` and ``"true"`` without their quotes, and ``yes`` as true."""
    plain = entry.plain
    if wanted == "bool" and plain.lower() in _BOOLEANS:
        value = _BOOLEANS[plain.lower()]
    elif wanted.startswith(("int", "uint", "float")) and re.fullmatch(r"-?\d+(?:\.\d+)?" if wanted.startswith("float") else r"-?\d+", plain):
        value = plain
    else:
        return
    if value != entry.value:
        yield Fix(path, with_value(text, entry, value), f"Wrote {entry.key} as {value}", f"{path}:{entry.number + 1} gives text where a {wanted} is wanted.")


def _listed(path: str, text: str, entry: Entry) -> Iterator[Fix]:
    """``key: value`` as a list of that one value."""
    if not entry.value or entry.value[0] in "[{|>&*":
        return
    lines = text.split("\n")
    line = lines[entry.number]
    head, item = line[: entry.start].rstrip(), line[entry.start :]
    new = with_line(lines, entry.number, head, f"{' ' * (entry.column + 2)}- {item}")
    yield Fix(path, "\n".join(new), f"Made {entry.key} a list of its one value", f"{path}:{entry.number + 1} gives a single value where a list is wanted.")


def list_wanted(case: Case, said: Said) -> Iterator[Fix]:
    """Compose's ``services.web.ports must be a list``."""
    parts = tuple(said["field"].split("."))
    for path in manifests(case, said.index):
        found = [entry for entry in entries(case.text(path)) if (*entry.path, entry.key) == parts and entry.value]
        if len(found) == 1:
            yield from _listed(path, case.text(path), found[0])


def field_type(case: Case, said: Said) -> Iterator[Fix]:
    """``spec.prune in body must be of type boolean``, by the API server's checks of a custom resource."""
    parts = tuple(re.sub(r"\[\d+\]", "", said["field"]).split("."))
    wanted = {"boolean": "bool", "integer": "int", "number": "float"}.get(said["wanted"], "")
    for path in manifests(case, said.index):
        found = [entry for entry in entries(case.text(path)) if (*entry.path, entry.key) == parts and entry.value != entry.plain]
        if len(found) == 1 and wanted:
            yield from _unquoted(path, case.text(path), found[0], wanted)


def unknown_key(case: Case, said: Said) -> Iterator[Fix]:
    """``line 7: field instalDisk not found in type config.Node``."""
    number, key = int(said["line"]) - 1, said["key"]
    near = one_near(key, PROGRAM_KEYS | TALOS_KEYS)
    for path in manifests(case, said.index) if near and key not in PROGRAM_KEYS else ():
        text = case.text(path)
        found = [entry for entry in entries(text) if entry.key == key and abs(entry.number - number) <= 1]
        if near and len(found) == 1 and near not in {entry.key for entry in beside(found[0], entries(text))}:
            yield Fix(path, with_key(text, found[0], near), f"Corrected the key {key} to {near}",
                      f"{path}:{found[0].number + 1}: there is no key {key}; {near} is the one with nearly that name.")  # fmt: skip


RULES: tuple[Rule, ...] = (
    Rule("yaml-type", ("cannot unmarshal",), (r"line (?P<line>\d+): cannot unmarshal !!\w+ `(?P<shown>[^`]*)` into (?P<wanted>(?:\[\])?\w+)",), wrong_type),
    Rule("yaml-list", ("must be a list", "must be a array", "must be an array", "must be array"), (r"(?P<field>[\w-]+(?:\.[\w-]+)+) must be (?:an? )?(?:list|array)",), list_wanted),
    Rule("yaml-field-type", ("must be of type",), (r"(?P<field>[\w.\[\]]+) in body must be of type (?P<wanted>boolean|integer|number)",), field_type),
    Rule("yaml-unknown-key", ("not found in type",), (r"line (?P<line>\d+): field (?P<key>[\w-]+) not found in type",), unknown_key),
)  # fmt: skip
