"""Kubernetes: names that one document both defines and uses: volumes, ports."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from git_executor.fixers.playbook.kubernetes import manifests
from git_executor.fixers.playbook.near import one_defined, spelt_better
from git_executor.fixers.playbook.rule import Case, Fix, Rule, Said
from git_executor.fixers.playbook.yaml_lines import Entry, entries, requoted, with_value


def mounted_volume(case: Case, said: Said) -> Iterator[Fix]:
    """``volumeMounts[1].name: Not found: "cahce"``: the one volume of the document that has nearly that name."""
    yield from _inside(case, said, lambda entry: entry.key == "name" and entry.path[-1:] == ("volumeMounts",),
                       lambda entry: entry.key == "name" and (entry.path[-1:] == ("volumes",) or entry.path[-2:] == ("volumeClaimTemplates", "metadata")),
                       "volume")  # fmt: skip


def named_port(case: Case, said: Said) -> Iterator[Fix]:
    """A probe's port that no port of the containers has as its name."""
    yield from _inside(case, said, lambda entry: entry.key in ("port", "targetPort"), lambda entry: entry.key == "name" and entry.path[-1:] == ("ports",), "port")


def _inside(case: Case, said: Said, uses: Callable[[Entry], bool], defines: Callable[[Entry], bool], what: str) -> Iterator[Fix]:
    wrong, kind, name = said["name"], said.get("kind"), said.get("object")
    for path in manifests(case, said.index):
        text = case.text(path)
        documents: dict[int, list[Entry]] = {}
        for entry in entries(text):
            documents.setdefault(entry.document, []).append(entry)
        for found in documents.values():
            if kind and not any(not entry.path and entry.key == "kind" and entry.plain == kind for entry in found):
                continue
            if name and not any(entry.path == ("metadata",) and entry.key == "name" and entry.plain == name for entry in found):
                continue
            used = [entry for entry in found if uses(entry) and entry.plain == wrong]
            defined = [entry for entry in found if defines(entry)]
            near = one_defined(wrong, {entry.plain for entry in defined})
            if not used or near is None:
                continue
            theirs = [entry for entry in found if uses(entry) and entry.plain == near]
            own = [entry for entry in defined if entry.plain == near]
            if not theirs and len(own) == 1 and spelt_better(wrong, near, text) > 0:
                yield Fix(path, with_value(text, own[0], requoted(own[0], wrong)), f"Corrected the name of the {what} {near} to {wrong}, as it is used",
                          f"Nothing uses the {what} {near}, and {wrong} is used and not defined.")  # fmt: skip
            else:
                new = text
                for entry in used:
                    new = with_value(new, entry, requoted(entry, near))
                yield Fix(path, new, f"Corrected the {what} {wrong} to {near}", f"The document has no {what} {wrong}; {near} is the one with nearly that name.")


def port_name(case: Case, said: Said) -> Iterator[Fix]:
    """``name: HTTP``: a port's name is lower case."""
    wrong = said["name"]
    wanted = re.sub(r"[_ ]", "-", wrong.lower())
    if wanted == wrong or not re.fullmatch(r"(?=.{1,15}$)[a-z0-9]+(?:-[a-z0-9]+)*", wanted):
        return
    for path in manifests(case, said.index):
        text = case.text(path)
        found = [entry for entry in entries(text) if entry.key == "name" and entry.path[-1:] == ("ports",) and entry.plain == wrong]
        if len(found) == 1 and len(re.findall(rf"(?<![\w-]){re.escape(wrong)}(?![\w-])", text)) == 1:
            yield Fix(path, with_value(text, found[0], requoted(found[0], wanted)), f"Corrected the port's name {wrong} to {wanted}",
                      "The names of ports are lower case letters, digits and dashes.")  # fmt: skip


_OBJECT = r"(?:The (?P<kind>\w+) \\?\"(?P<object>[^\"\\]+)\\?\" is invalid: .*?)?"

RULES: tuple[Rule, ...] = (
    Rule("kubernetes-volume", ("volumemounts",), (_OBJECT + r"volumeMounts\[\d+\]\.name: Not found: \\?\"(?P<name>[\w.-]+)\\?\"",), mounted_volume),
    Rule("kubernetes-named-port", ("port",), (_OBJECT + r"\.port: (?:Invalid value|Not found): \\?\"(?P<name>[a-zA-Z][\w-]*)\\?\"",), named_port),
    Rule("kubernetes-port-name", ("ports[",), (r"ports\[\d+\]\.name: Invalid value: \\?\"(?P<name>[^\"\\]+)\\?\": must contain only",), port_name),
)  # fmt: skip
