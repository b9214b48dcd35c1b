"""Kustomize: what a kustomization says of itself, patches that match nothing, the same resource twice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from posixpath import normpath

from git_executor.fixers.playbook.near import one_defined, one_of_list
from git_executor.fixers.playbook.rule import Case, Fix, Rule, Said
from git_executor.fixers.playbook.schemas import API_VERSIONS
from git_executor.fixers.playbook.yaml_lines import Entry, entries, requoted, with_value, without_repeated

_FILES = 200
_NAMES = ("kustomization.yaml", "kustomization.yml", "Kustomization")


def _kustomizations(case: Case, index: int) -> list[str]:
    """The kustomization of the folder that the log names near a line; else all of the stage's."""
    every = [path for path in case.candidates[:_FILES] if path.rpartition("/")[2] in _NAMES]
    said = " ".join(line for _, line in case.near(index, 3, 3))
    named = [path for path in every if path.rpartition("/")[0] and f"/{path.rpartition('/')[0]}" in f"/{said}"]
    return [max(named, key=len)] if named else every


def header(case: Case, said: Said) -> Iterator[Fix]:
    """``kind should be Kustomization or Component``, ``apiVersion for Kustomization should be …``."""
    key, wanted = said["key"], said["wanted"].split(" or ")
    for path in _kustomizations(case, said.index):
        text = case.text(path)
        found = [entry for entry in entries(text) if entry.key == key and not entry.path and entry.plain not in wanted]
        near = wanted[0] if len(wanted) == 1 else one_of_list(found[0].plain, wanted) if found else None
        if len(found) == 1 and near:
            yield Fix(path, with_value(text, found[0], requoted(found[0], near)), f"Corrected the {key} to {near}", f"Kustomize says that the {key} should be {near}.")


@dataclass(frozen=True, slots=True)
class _Document:
    path: str
    kind: Entry
    name: Entry
    namespace: Entry | None


def _resources(case: Case, path: str, depth: int = 3) -> Iterator[str]:
    """The files that a kustomization takes in, those of its bases too, in or out of the stage's scope."""
    folder = path.rpartition("/")[0]
    listed = re.findall(r"(?m)^\s*- +[\"']?(?:path: +)?([\w./-]+)[\"']?\s*(?:#.*)?$", case.text(path))
    for name in listed[:60]:
        where = normpath(f"{folder}/{name}" if folder else name)
        if where.startswith(".."):
            continue
        if where.endswith((".yaml", ".yml")):
            yield where
        elif depth:
            inner = next((f"{where}/{file}" for file in _NAMES if file in case.tree.names(where)), None)
            yield from _resources(case, inner, depth - 1) if inner else ()


def _documents(case: Case, index: int) -> Iterator[_Document]:
    bases = [path for kustomization in _kustomizations(case, index)[:20] for path in _resources(case, kustomization)]
    for path in dict.fromkeys([*case.candidates[:_FILES], *bases[:_FILES]]):
        if not path.endswith((".yaml", ".yml")):
            continue
        found: dict[int, dict[str, Entry]] = {}
        for entry in entries(case.text(path)):
            where = ".".join((*entry.path, entry.key))
            if where in ("kind", "metadata.name", "metadata.namespace"):
                found.setdefault(entry.document, {})[where] = entry
        for parts in found.values():
            if "kind" in parts and "metadata.name" in parts:
                yield _Document(path, parts["kind"], parts["metadata.name"], parts.get("metadata.namespace"))


def patch_target(case: Case, said: Said) -> Iterator[Fix]:
    """A patch whose kind, name or namespace is a slip of that of the one document that it can be meant for."""
    kind, name, space = said["kind"], said["name"], said.get("space")
    every = list(_documents(case, said.index))
    ours = [one for one in every if one.kind.plain == kind and one.name.plain == name and (not space or one.namespace is None or one.namespace.plain == space)]
    if len(ours) != 1:
        return
    patch = ours[0]
    others = [one for one in every if one.path != patch.path]
    wanted: tuple[Entry, str] | None = None
    if any(one.kind.plain == kind and one.name.plain == name for one in others):
        spaces = {one.namespace.plain for one in others if one.namespace and one.kind.plain == kind and one.name.plain == name}
        near = one_defined(patch.namespace.plain, spaces) if patch.namespace else None
        wanted = (patch.namespace, near) if patch.namespace and near else None
    elif kind not in API_VERSIONS:
        near = one_defined(kind, {one.kind.plain for one in others if one.name.plain == name})
        wanted = (patch.kind, near) if near else None
    else:
        near = one_defined(name, {one.name.plain for one in others if one.kind.plain == kind})
        wanted = (patch.name, near) if near else None
    if wanted:
        entry, near = wanted
        yield Fix(patch.path, with_value(case.text(patch.path), entry, requoted(entry, near)), f"Corrected the patch's {entry.key} {entry.plain} to {near}",
                  f"The patch matches no {kind} {name}; {near} is the one with nearly that {entry.key}.")  # fmt: skip


def listed_twice(case: Case, said: Said) -> Iterator[Fix]:
    """The same resource twice in one list: the second goes."""
    for path in _kustomizations(case, said.index):
        new = without_repeated(case.text(path), said["item"])
        if new is not None:
            yield Fix(path, new, f"Removed the second of two identical entries {said['item']}", f"{path} lists the same resource twice.")


RULES: tuple[Rule, ...] = (
    Rule("kustomize-header", ("should be",), (r"(?P<key>kind|apiVersion)(?: for \w+)? should be (?P<wanted>[\w./]+(?: or [\w./]+)*)",), header),
    Rule("kustomize-patch", ("no matches for id", "no resource matches"), (r"(?:no matches for Id|no resource matches strategic merge patch) \\?\"?(?P<kind>\w+?)\.(?P<version>[\w-]+)(?:\.[\w.-]+)?/(?P<name>[\w-]+)\.(?P<space>[\w-]+)?(?:\[noNs\])?",), patch_target),
    Rule("kustomize-twice", ("already registered",), (r"(?:merging|accumulating) resources from '(?P<item>[^']+)': may not add resource with an already registered id",), listed_twice),
)  # fmt: skip
