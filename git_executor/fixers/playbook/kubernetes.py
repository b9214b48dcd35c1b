"""Kubernetes, Helm and Flux: fields, API versions, names, quantities, selectors, namespaces."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from git_executor.fixers.playbook.near import distance, is_slip, one_defined, one_near, slips
from git_executor.fixers.playbook.rule import Case, Fix, Rule, Said
from git_executor.fixers.playbook.schemas import API_VERSIONS, DROP_IN, KUBERNETES_KEYS, SUCCESSORS
from git_executor.fixers.playbook.yaml_lines import Entry, beside, entries, requoted, with_key, with_value

_MENTION = r"[\w@%+.~/\-]*[\w\-]\.ya?ml\b"


def manifests(case: Case, index: int) -> list[str]:
    """The YAML files that the log names near a line; where it names none, all of the stage's."""
    named: list[str] = []
    for number, line in case.near(index, 4, 4):
        if number != index and re.search(r"\b(?:valid|unchanged|configured|created|passed)\b", line) and not re.search(r"(?i)error|invalid|\bnot\b", line):
            continue  # it speaks of another file, with which nothing is wrong
        located = [path for match in re.finditer(_MENTION, line[:2000]) if (path := case.locate(match[0]))]
        if number == index and located:
            return list(dict.fromkeys(located))
        named += located
    if named or case.out_of_reach:
        return list(dict.fromkeys(named))
    return [path for path in case.candidates[:200] if path.endswith((".yaml", ".yml"))]


def unknown_field(case: Case, said: Said) -> Iterator[Fix]:
    """``unknown field "spec.replica"``: the one valid name that it is a slip of."""
    parts = re.sub(r"\[\d+\]", "", said["field"]).split(".")
    field, above = parts[-1], tuple(parts[:-1])
    suggested = said.get("suggested")
    for path in manifests(case, said.index):
        text = case.text(path)
        if field not in text:
            continue
        found = [entry for entry in entries(text) if entry.key == field and _ends(entry.path, above)]
        if len(found) != 1:
            continue
        siblings = {entry.key for entry in beside(found[0], entries(text))}
        near = [suggested] if suggested else [name for name in slips(field, KUBERNETES_KEYS) if name not in siblings]
        if len(near) > 1:
            near = [name for name in near if name.lower() == field.lower()]
        if len(near) == 1 and near[0] not in siblings:
            yield Fix(path, with_key(text, found[0], near[0]), f"Corrected the field {field} to {near[0]}",
                      f"The API knows no field {said['field']}; {near[0]} is the one field with nearly that name.")  # fmt: skip


def _ends(path: tuple[str, ...], above: tuple[str, ...]) -> bool:
    """Whether the keys above an entry end as the log's path does. Older tools leave the path out."""
    return (
        path[len(path) - len(above) :] == above if len(above) <= len(path) else path == above[len(above) - len(path) :]
    )


def api_version(case: Case, said: Said) -> Iterator[Fix]:
    """``no matches for kind "X" in version "y"``: the version that serves the kind, where the document stays valid."""
    kind, version = said["kind"], said["version"]
    for path in manifests(case, said.index):
        text = case.text(path)
        for document in _documents(text):
            stated = document.get("apiVersion")
            if stated is None or stated.plain != version or "kind" not in document or document["kind"].plain != kind:
                continue
            wanted = DROP_IN.get((version, kind)) or DROP_IN.get((version, "*")) or _right_version(version, kind) or _by_fields(text, stated, version, kind)
            if wanted:
                yield Fix(path, with_value(text, stated, requoted(stated, wanted)), f"Corrected the apiVersion of the {kind} to {wanted}",
                          f"{version} serves no {kind}; {wanted} does, with the same fields.")  # fmt: skip
            elif kind not in API_VERSIONS and (near := one_near(kind, API_VERSIONS)) and _right_version(version, near) is None \
                    and API_VERSIONS[near].split("/")[0] == version.split("/")[0]:  # fmt: skip
                entry = document["kind"]
                yield Fix(path, with_value(text, entry, requoted(entry, near)), f"Corrected the kind {kind} to {near}",
                          f"{version} serves no kind {kind}; {near} is the one with nearly that name.")  # fmt: skip
            else:
                case.advise(f"{path} asks for a {kind} of {version}, which the cluster does not serve; "
                            "migrate the document or install what serves it")  # fmt: skip


def _right_version(version: str, kind: str) -> str | None:
    """The version that serves a kind, when the stated one is no older form of it but a plain mistake."""
    right = API_VERSIONS.get(kind)
    if right is None or right == version:
        return None
    (group, _, number), (right_group, _, right_number) = version.rpartition("/"), right.rpartition("/")
    if re.search(r"alpha|beta", number) and group in (right_group, "extensions", "apps"):
        return None  # an older form: only DROP_IN knows whether the fields are the same
    return right if group != right_group or number != right_number else None


def _by_fields(text: str, stated: Entry, version: str, kind: str) -> str | None:
    """The successor of an old version, where the document has all that it asks for already and nothing that it dropped."""
    shape = SUCCESSORS.get((version, kind))
    if shape is None:
        return None
    found = [entry for entry in entries(text) if entry.document == stated.document]
    paths = {".".join((*entry.path, entry.key)) for entry in found}
    has_all = all(any(path.startswith(wanted) for path in paths) for wanted in shape.needs)
    if not has_all or any(entry.key in shape.dropped for entry in found):
        return None
    if kind == "Ingress":  # each path of its own has them
        counts = [sum(entry.key == key for entry in found) for key in ("path", "pathType", "service")]
        return shape.version if counts[1] == counts[2] and counts[0] <= counts[1] else None
    return shape.version


def _documents(text: str) -> list[dict[str, Entry]]:
    """The top-level entries of each document."""
    found: dict[int, dict[str, Entry]] = {}
    for entry in entries(text):
        if not entry.path and entry.column == 0:
            found.setdefault(entry.document, {})[entry.key] = entry
    return list(found.values())


def selector(case: Case, said: Said) -> Iterator[Fix]:
    """``selector does not match template labels``: a value of one side that is a slip of the other's is corrected there."""
    for path in manifests(case, said.index):
        text = case.text(path)
        for number in {entry.document for entry in entries(text)}:
            here = [entry for entry in entries(text) if entry.document == number]
            chosen = {entry.key: entry for entry in here if entry.path == ("spec", "selector", "matchLabels")}
            labels = {entry.key: entry for entry in here if entry.path == ("spec", "template", "metadata", "labels")}
            wrong = [key for key in chosen if key not in labels or labels[key].plain != chosen[key].plain]
            if len(wrong) == 1 and wrong[0] not in labels:
                yield from _selector_key(case, path, chosen[wrong[0]], labels)
            if len(wrong) != 1 or wrong[0] not in labels:
                continue
            one, other = chosen[wrong[0]], labels[wrong[0]]
            alike = distance(one.plain, other.plain, 1) <= 1 or is_slip(one.plain, other.plain)
            counted = _votes(case, one.plain, other.plain) if alike else 0
            if counted > 0:
                new, value = with_value(text, other, one.value), one.plain
            elif counted < 0:
                new, value = with_value(text, one, other.value), other.plain
            else:
                case.advise(
                    f"selector and labels of {path} disagree about {wrong[0]} ({one.plain}, {other.plain}); a person must choose"
                )
                continue
            yield Fix(path, new, f"Made selector and labels agree on {wrong[0]}: {value}",
                      f"The selector must match the template's labels; the stage's other files use {value}.")  # fmt: skip


def _selector_key(case: Case, path: str, chosen: Entry, labels: dict[str, Entry]) -> Iterator[Fix]:
    """A label whose key is a slip of the selector's, or the other way round: the key that other documents use is right."""
    near = [label for key, label in labels.items() if label.plain == chosen.plain and one_defined(key, {chosen.key})]
    if len(near) != 1:
        return
    keys = [entry.key for other in case.candidates[:60] if other.endswith((".yaml", ".yml")) for entry in entries(case.text(other))
            if entry.path[-1:] in (("matchLabels",), ("labels",), ("selector",))]  # fmt: skip
    ours, theirs = keys.count(chosen.key), keys.count(near[0].key)
    if ours != theirs:
        entry, key = (near[0], chosen.key) if ours > theirs else (chosen, near[0].key)
        yield Fix(path, with_key(case.text(path), entry, key), f"Made selector and labels agree on {key}: {chosen.plain}",
                  f"The selector must match the template's labels; the stage's other documents use {key}.")  # fmt: skip


def _votes(case: Case, one: str, other: str) -> int:
    """Which of two values the stage's manifests use more often, the two places in question left out."""
    count = 0
    for path in case.candidates[:60]:
        if path.endswith((".yaml", ".yml")):
            for entry in entries(case.text(path)):
                count += (entry.plain == one) - (entry.plain == other)
    return count


def object_name(case: Case, said: Said) -> Iterator[Fix]:
    """A name that is not lower case with dashes: only case and underscores are changed, and only a name used once."""
    name = said["name"]
    wanted = re.sub(r"[_\s]", "-", name.lower()).strip("-")
    if wanted == name or not re.fullmatch(r"[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?", wanted):
        return
    whole = re.compile(rf"(?<![\w.-]){re.escape(name)}(?![\w.-])")
    users = [path for path in case.candidates[:200] if whole.search(case.text(path))]
    for path in users:
        text = case.text(path)
        found = [
            entry
            for entry in entries(text)
            if entry.key == "name" and entry.plain == name and "metadata" in entry.path[-1:]
        ]
        if len(found) == 1 and len(users) == 1:
            lines = whole.sub(wanted, text)
            yield Fix(path, lines, f"Corrected the name {name} to {wanted}",
                      "Names in Kubernetes are lower case letters, digits, dashes and dots.")  # fmt: skip
        elif found:
            case.advise(
                f"the name {name} in {path} must be lower case, and other files use it too; rename it in all of them"
            )


_UNITS = {"gb": "Gi", "gib": "Gi", "mb": "Mi", "mib": "Mi", "kb": "Ki", "kib": "Ki", "tb": "Ti", "tib": "Ti", "g": "G", "m": "M",
          "gi": "Gi", "mi": "Mi", "ki": "Ki", "ti": "Ti", "k": "k"}  # fmt: skip


def quantity(case: Case, said: Said) -> Iterator[Fix]:
    """``512MB``, ``1 Gi``, ``2gi``: the unit as Kubernetes writes it."""
    for path in manifests(case, said.index):
        text = case.text(path)
        for entry in entries(text):
            if entry.key not in ("memory", "storage", "ephemeral-storage", "cpu", "size", "sizeLimit"):
                continue
            match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([A-Za-z]+)", entry.plain)
            if not match or (re.fullmatch(r"(?:[KMGTPE]i|[numkMGTPE])?", match[2]) and " " not in entry.plain):
                continue
            unit = match[2] if re.fullmatch(r"[KMGTPE]i|[mkMGTPE]", match[2]) else _UNITS.get(match[2].lower())
            if entry.key == "cpu":
                unit = {"m": "m", "millicores": "m", "mcpu": "m", "cores": "", "core": "", "mi": "m", "millis": "m", "milli": "m"}.get(match[2].lower())
            if unit is not None:
                wanted = match[1] + unit
                yield Fix(path, with_value(text, entry, requoted(entry, wanted)), f"Wrote the quantity {entry.plain} as {wanted}",
                          f"Kubernetes does not read {entry.plain!r} as a quantity.")  # fmt: skip


_DURATIONS = {"min": "m", "mins": "m", "minute": "m", "minutes": "m", "sec": "s", "secs": "s", "second": "s", "seconds": "s",
              "hour": "h", "hours": "h", "hr": "h", "hrs": "h", "m": "m", "s": "s", "h": "h"}  # fmt: skip


def duration(case: Case, said: Said) -> Iterator[Fix]:
    """``interval: 10min``: Go writes a minute as ``m``."""
    for path in manifests(case, said.index):
        text = case.text(path)
        found = [
            (entry, match)
            for entry in entries(text)
            if re.search(r"(?i)interval|timeout|duration|period", entry.key)
            and (match := re.fullmatch(r"(\d+) ?([A-Za-z]+)", entry.plain))
            and match[2].lower() in _DURATIONS and match[1] + _DURATIONS[match[2].lower()] != entry.plain
        ]  # fmt: skip
        if len(found) == 1:
            entry, match = found[0]
            wanted = match[1] + _DURATIONS[match[2].lower()]
            yield Fix(path, with_value(text, entry, requoted(entry, wanted)), f"Wrote the duration {entry.plain} as {wanted}",
                      f"{entry.plain!r} is no duration to Go, which writes hours, minutes and seconds as h, m and s.")  # fmt: skip


def string_wanted(case: Case, said: Said) -> Iterator[Fix]:
    """A number or boolean where text is wanted: env values, labels, annotations, ConfigMap data."""
    for path in manifests(case, said.index):
        text = case.text(path)
        found = []
        for entry in entries(text):
            place = entry.path[-1:] and entry.path[-1]
            wanted = (entry.key == "value" and "env" in entry.path[-2:]) or place in (
                "labels",
                "annotations",
                "matchLabels",
                "nodeSelector",
                "data",
                "stringData",
            ) or entry.path == ("spec", "selector")
            if wanted and re.fullmatch(
                r"-?\d+(?:\.\d+)?|(?i:true|false|yes|no|on|off)|null|~|0x[0-9a-fA-F]+|\d+e\d+", entry.value
            ):
                found.append(entry)
        if found and len(found) <= 8:
            new = text
            for entry in found:
                new = with_value(new, entry, f'"{entry.value}"')
            yield Fix(path, new, f"Put {', '.join(sorted({entry.key + ': ' + entry.value for entry in found})[:3])} in quotes",
                      "The API wants text there, and YAML reads the value as a number or a boolean.")  # fmt: skip


def number_wanted(case: Case, said: Said) -> Iterator[Fix]:
    """``replicas: "3"``: quotes around a number that must be one."""
    field = said.get("field").rpartition(".")[2]
    for path in manifests(case, said.index):
        text = case.text(path)
        keys = (
            {field}
            if field
            else {"replicas", "containerPort", "nodePort", "minReplicas", "maxReplicas", "revisionHistoryLimit"}
        )
        found = [entry for entry in entries(text) if entry.key in keys and re.fullmatch(r"\"\d+\"|'\d+'", entry.value)]
        if len(found) == 1:
            yield Fix(path, with_value(text, found[0], found[0].plain), f"Took the quotes off {found[0].key}: {found[0].plain}",
                      f"The API wants a number for {found[0].key}, not text.")  # fmt: skip


def namespace(case: Case, said: Said) -> Iterator[Fix]:
    """``namespaces "x" not found``: a slip of the one namespace that the stage makes or uses elsewhere."""
    missing = said["name"]
    known: set[str] = set()
    for path in case.candidates[:200]:
        if path.endswith((".yaml", ".yml")):
            for document in _documents(case.text(path)):
                if "kind" in document and document["kind"].plain == "Namespace":
                    known |= {
                        entry.plain
                        for entry in entries(case.text(path))
                        if entry.path == ("metadata",) and entry.key == "name"
                    }
    if missing in known:
        return
    near = one_near(missing, known) or (_namespace_of_others(case, missing) if not known else None)
    for path in manifests(case, said.index) if near else ():
        text = case.text(path)
        for entry in entries(text):
            if entry.key in ("namespace", "targetNamespace") and entry.plain == missing and near:
                text = with_value(text, entry, requoted(entry, near))
        if near and text != case.text(path):
            yield Fix(
                path,
                text,
                f"Corrected the namespace {missing} to {near}",
                f"The stage makes {near}; nothing makes {missing}.",
            )


def _namespace_of_others(case: Case, missing: str) -> str | None:
    """Where nothing of the stage makes namespaces: the near one that at least two other documents are in."""
    used: Counter[str] = Counter(entry.plain for path in case.candidates[:200] if path.endswith((".yaml", ".yml"))
                                 for entry in entries(case.text(path)) if entry.key == "namespace")  # fmt: skip
    near = one_near(missing, used)
    return near if near and used[near] >= 2 and used[missing] == 1 else None


RULES: tuple[Rule, ...] = (
    Rule("kubernetes-field", ("unknown field", "additional property", "additional properties", "field not declared"),
         (r"unknown field \\?[\"'](?P<field>[\w.\[\]/-]+)\\?[\"'](?:.*did you mean [\"'](?P<suggested>\w+)[\"'])?",
          r"ValidationError\([\w.]+\): unknown field \\?[\"'](?P<field>\w+)\\?[\"']",
          r"additional propert(?:y|ies) '?(?P<field>\w+)'? (?:is |are )?(?:was |were )?(?:not allowed|unexpected)",
          r"\.(?P<field>[\w.]+): field not declared in schema"), unknown_field),
    Rule("kubernetes-api-version", ("no matches for kind",), (r"no matches for kind \\?[\"'](?P<kind>\w+)\\?[\"'] in version \\?[\"'](?P<version>[\w./-]+)\\?[\"']",), api_version),
    Rule("kubernetes-selector", ("does not match template", "selector"), (r"`?selector`? does not match template `?labels`?",), selector),
    Rule("kubernetes-name", ("rfc 1123", "dns-1123", "dns-1035", "rfc 1035"),
         (r"(?:metadata\.name: )?Invalid value: \\?\"(?P<name>[^\"\\]+)\\?\": a(?:n)? (?:lowercase )?(?:RFC 1123|DNS-1123|DNS-1035|RFC 1035)",), object_name),
    Rule("kubernetes-quantity", ("quantities must match", "quantity", "unable to parse"), (r"quantities must match|unable to parse quantity|ParseQuantity",), quantity),
    Rule("kubernetes-duration", ("in duration", "invalid duration", "interval", "timeout"),
         (r"unknown unit .* in duration|invalid duration|(?:[iI]nterval|[tT]imeout): Invalid value",), duration),
    Rule("kubernetes-string", ("cannot unmarshal", "expected string", "invalid type"),
         (r"cannot unmarshal (?:number|bool)\S* (?:[\d.]+ )?into Go (?:struct field|value of type) .*string",
          r"(?i:got|invalid type for \S+): \"?(?:integer|number|boolean|bool)\"?,? expected:? \"?string\"?", r"expected string, got &value\.valueUnstructured\{Value:(?:\d|true|false)"), string_wanted),
    Rule("kubernetes-number", ("cannot unmarshal string", "expected \"integer\"", "expected int", "expected numeric"),
         (r"cannot unmarshal string into Go struct field \w+\.(?P<field>[\w.]+) of type u?int\d*", r"\.(?P<field>[\w.]+): (?:.* )?expected (?:int|numeric|\"integer\")",
          r"invalid type for [\w.]+\.(?P<field>\w+): got \"string\", expected \"integer\""), number_wanted),
    Rule("kubernetes-namespace", ("namespace",), (r"namespaces? \\?\"(?P<name>[\w-]+)\\?\" not found",), namespace),
)  # fmt: skip
