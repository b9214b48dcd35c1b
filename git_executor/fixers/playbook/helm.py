# ruff: noqa: SIM905 - tables of words read best as text
"""Helm: templates that do not parse or render, and values that the chart's schema refuses."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from git_executor.fixers.playbook.near import one_defined, one_near, one_of_list, slips, spelt_better
from git_executor.fixers.playbook.places import places, replaced
from git_executor.fixers.playbook.rule import Case, Fix, Rule, Said
from git_executor.fixers.playbook.yaml_lines import Entry, entries, with_key, with_value

_FUNCTIONS = frozenset("""
and or not eq ne lt le gt ge len index slice print printf println html js urlquery call if else end range with define template block include
tpl required lookup fail toYaml fromYaml toJson toPrettyJson fromJson toToml quote squote default empty coalesce ternary indent nindent trim trimSuffix
trimPrefix trimAll upper lower title untitle repeat substr trunc contains hasPrefix hasSuffix replace cat nospace initials randAlphaNum randAlpha
randNumeric wrap plural snakecase camelcase kebabcase regexMatch regexFind regexFindAll regexReplaceAll regexSplit split splitList splitn join sortAlpha
list first last rest initial append prepend concat reverse uniq without has compact dict get set unset hasKey pluck keys values pick omit merge
mergeOverwrite deepCopy dig add sub mul div mod add1 max min floor ceil round until untilStep seq int int64 float64 toString toStrings atoi toDecimal b64enc b64dec
sha256sum sha1sum htpasswd genCA genSelfSignedCert genSignedCert genPrivateKey derivePassword uuidv4 now date dateInZone ago semver semverCompare
kindOf kindIs typeOf typeIs deepEqual tuple ceil env expandenv base dir ext clean isAbs
""".split())


def _template(case: Case, said: Said) -> tuple[str, int] | None:
    """The stage's template and its line (from 0) that the log names."""
    path = case.locate(said["file"])
    line = int(said["line"]) - 1
    return (path, line) if path and line <= case.text(path).count("\n") else None


def _chart(path: str) -> str:
    """The chart's folder with its slash, of a file below ``templates/``."""
    return re.split(r"(?:^|(?<=/))(?:templates|charts)/(?!.*(?:^|/)templates/)", path)[0]


def function(case: Case, said: Said) -> Iterator[Fix]:
    place, wrong = _template(case, said), said["word"]
    near = one_near(wrong, _FUNCTIONS)
    if near is None and place and set(slips(wrong, _FUNCTIONS)) == {"indent", "nindent"}:
        line = case.text(place[0]).split("\n")[place[1]]
        near = "nindent" if line.lstrip().startswith("{{-") or re.search(r":\s*\{\{-", line) else None  # indent would glue it to the line above
    if place and near and wrong not in _FUNCTIONS:
        yield from replaced(case, list(places(case, [place[0]], wrong, r"\{\{[^\n]*?(?:[\s(|-])", r"(?=[\s)}|-])")), near,
                            f"Corrected the template function {wrong} to {near}", f"Helm has no function {wrong}; {near} is the one with nearly that name.")  # fmt: skip


def named_template(case: Case, said: Said) -> Iterator[Fix]:
    place, wrong = _template(case, said), said["word"]
    if place is None:
        return
    defined = {match[1] for path in case.candidates[:200] if "templates/" in path or path.endswith(".tpl")
               for match in re.finditer(r"\{\{-?\s*define\s+\"([^\"]+)\"", case.text(path))}  # fmt: skip
    near = one_near(wrong, defined)
    if near is None or wrong in defined:
        return
    templates = [path for path in case.candidates[:200] if "templates/" in path or path.endswith(".tpl")]
    head = r"(?:include|template)\s+\""
    uses, others = (list(places(case, templates, name, head, r"(?=\")")) for name in (wrong, near))
    definition = list(places(case, templates, near, r"define\s+\"", r"(?=\")"))
    text = "\n".join(case.text(path) for path in templates[:20])
    if len(definition) == 1 and not others and (len(uses) > 1 or spelt_better(wrong, near, text) > 0):
        yield from replaced(case, definition, wrong, f"Corrected the name of the template {near} to {wrong}, as it is included",
                            f"Nothing includes {near}, and {wrong} is included and not defined.")  # fmt: skip
    else:
        yield from replaced(case, uses, near, f"Corrected the template name {wrong} to {near}",
                            f"No template {wrong} is defined; {near} is the one with nearly that name.")  # fmt: skip


_OBJECTS = {
    "Release": ("Name", "Namespace", "IsUpgrade", "IsInstall", "Revision", "Service"),
    "Chart": ("Name", "Version", "AppVersion", "Description", "Home", "Icon", "Keywords", "KubeVersion", "Type", "Annotations", "Maintainers"),
    "Capabilities": ("APIVersions", "KubeVersion", "HelmVersion"), "Template": ("Name", "BasePath"),
    "": ("Values", "Release", "Chart", "Files", "Capabilities", "Template", "Subcharts"),
}  # fmt: skip
"""Helm's own objects and their fields; ``""`` is the root."""


def built_in(case: Case, said: Said) -> Iterator[Fix]:
    """``.Value.image``, ``.Release.NameSpace``, ``.Chart.name``."""
    place = _template(case, said)
    parts = said["value"].lstrip("$").lstrip(".").split(".")
    for depth, known in ((1, _OBJECTS.get(parts[0], ())), (0, _OBJECTS[""])) if place else ():
        wrong = parts[depth] if depth < len(parts) else ""
        near = one_of_list(wrong, known) if wrong and known and wrong not in known else None
        if near and place:
            above = r"\.".join(["", *parts[:depth], ""])
            uses = [use for use in places(case, [place[0]], wrong, rf"(?<![\w)])\$?{above}") if use.line == case.text(place[0]).split("\n")[place[1]]]
            yield from replaced(case, uses if len(uses) == 1 else [], near, f"Corrected .{'.'.join(parts[: depth + 1])} to {near}",
                                f"Helm has no .{'.'.join(parts[: depth + 1])}; {near} is the one with nearly that name.")  # fmt: skip
            return


def missing_value(case: Case, said: Said) -> Iterator[Fix]:
    """``.Values.imgae.repository``: the template or the values, whichever of the two the rest of the chart disagrees with."""
    place, parts = _template(case, said), said["value"].split(".")
    if place is None:
        return
    values = next((path for path in (_chart(place[0]) + "values.yaml", _chart(place[0]) + "values.yml") if case.text(path)), None)
    found = list(entries(case.text(values))) if values else []
    for depth, part in enumerate(parts):
        above = tuple(parts[:depth])
        siblings = {entry.key for entry in found if entry.path == above}
        if part in siblings:
            continue
        near = one_defined(part, siblings)
        if values is None or near is None:
            return
        ours, theirs = (sum(len(re.findall(rf"\.Values\.{re.escape('.'.join((*above, name)))}(?!\w)", case.text(path)))
                            for path in case.candidates[:200] if "templates/" in path) for name in (part, near))  # fmt: skip
        by_chart = (theirs > 0) - (ours > 1)
        better = by_chart or spelt_better(near, part, case.text(values) + case.text(place[0]))
        if better > 0:
            start = r"\.Values\." + "".join(re.escape(name) + r"\." for name in above)
            text = re.sub(rf"({start}){re.escape(part)}(?!\w)", rf"\g<1>{near}", case.text(place[0]))
            yield Fix(place[0], text, f"Corrected the value {part} to {near}",
                      f"The chart's values have no {part}; {near} is the one with nearly that name.")  # fmt: skip
        elif better < 0 and theirs == 0:
            entry = next(entry for entry in found if entry.path == above and entry.key == near)
            yield Fix(values, with_key(case.text(values), entry, part), f"Corrected the key {near} to {part}",
                      f"The chart's templates ask for {part} and never for {near}.")  # fmt: skip
        return


def unclosed_action(case: Case, said: Said) -> Iterator[Fix]:
    """``{{ .Values.x }`` and ``{{ .Values.x`` at the end of a line, where it is the only one of the template."""
    place = _template(case, said)
    if place is None:
        return
    lines = case.text(place[0]).split("\n")
    open_ones = [number for number, line in enumerate(lines) if line.count("{{") == line.count("}}") + 1]
    if len(open_ones) != 1 or not 0 <= place[1] - open_ones[0] <= 1:
        return
    line = lines[open_ones[0]]
    single = [match.start() for match in re.finditer(r"(?<!\})\}(?!\})", line) if match.start() > line.rfind("{{") or line.count("{{") > 1]
    if len(single) == 1:
        at = single[0]
        line = line[:at] + "}" + line[at:]
    elif not single and re.search(r"\{\{-?\s*[\w.$ \"|]+$", line):
        line = line.rstrip() + " }}"
    else:
        return
    lines[open_ones[0]] = line
    yield Fix(place[0], "\n".join(lines), f"Closed the open action on line {open_ones[0] + 1}", "The template has a {{ without its }}.")


def unclosed_quote(case: Case, said: Said) -> Iterator[Fix]:
    """``include "web.name . }}``: the quote closes after the name."""
    place = _template(case, said)
    if place is None:
        return
    path, number = place
    lines = case.text(path).split("\n")
    found = [match for match in re.finditer(r"\{\{[^{}]*\}\}", lines[number]) if match[0].count('"') % 2]
    inside = re.search(r"(?:(?:include|template|define|default|printf|required|eq|ne)\s+|[(\s])\"[\w.%/-]+(?=\s)(?![^{}]*\")", found[0][0]) if len(found) == 1 else None
    if inside:
        at = found[0].start() + inside.end()
        lines[number] = lines[number][:at] + '"' + lines[number][at:]
        yield Fix(path, "\n".join(lines), f"Closed the open quote on line {number + 1}", f"{path}:{number + 1} opens a text in an action and does not close it.")


# --- the schema -------------------------------------------------------------------------------------------


def _values(case: Case, dotted: str) -> Iterator[tuple[str, dict[str, object], list[Entry]]]:
    """Each values file beside a schema, the schema's part for a path, and the file's entries."""
    for schema in case.candidates[:200]:
        if not schema.endswith("values.schema.json"):
            continue
        values = schema.removesuffix("values.schema.json") + "values.yaml"
        try:
            part = json.loads(case.text(schema) or "null")
        except (ValueError, RecursionError):
            continue
        for name in _steps(dotted):
            properties = part.get("properties") if isinstance(part, dict) else None
            part = properties.get(name) if isinstance(properties, dict) else None
        if isinstance(part, dict) and case.text(values):
            yield values, part, list(entries(case.text(values)))


def _steps(dotted: str) -> tuple[str, ...]:
    return tuple(part for part in re.split(r"[./]", dotted.replace("(root)", "")) if part)


def schema_key(case: Case, said: Said) -> Iterator[Fix]:
    for values, part, found in _values(case, said["path"]):
        properties = part.get("properties")
        near = one_defined(said["key"], properties if isinstance(properties, dict) else ())
        above = _steps(said["path"])
        entry = [entry for entry in found if entry.path == above and entry.key == said["key"]]
        if near and len(entry) == 1 and not any(other.path == above and other.key == near for other in found):
            yield Fix(values, with_key(case.text(values), entry[0], near), f"Corrected the key {said['key']} to {near}",
                      f"The chart's schema knows no {said['key']}; {near} is the one with nearly that name.")  # fmt: skip


def schema_type(case: Case, said: Said) -> Iterator[Fix]:
    """Quotes around a number, or none around a text, as the schema wants it."""
    *above, name = _steps(said["path"]) or ("",)
    for values, part, found in _values(case, said["path"]):
        entry = [entry for entry in found if entry.path == tuple(above) and entry.key == name]
        if len(entry) != 1 or part.get("type") != said["wanted"]:
            continue
        value, plain = entry[0].value, entry[0].plain
        number = re.fullmatch(r"-?\d+", plain) if said["wanted"] in ("integer", "number") else re.fullmatch("true|false", plain)
        if said["wanted"] == "string" and value == plain and re.fullmatch(r"[\w.+-]+", plain):
            yield Fix(values, with_value(case.text(values), entry[0], f'"{plain}"'), f"Put {name}: {plain} in quotes", f"The chart's schema wants {name} as text.")
        elif said["wanted"] != "string" and value != plain and number:
            yield Fix(values, with_value(case.text(values), entry[0], plain), f"Took the quotes off {name}: {plain}",
                      f"The chart's schema wants {name} to be {said['wanted']}.")  # fmt: skip


_AT = r"(?:template: |parse error at \(|\()(?P<file>[\w./-]+):(?P<line>\d+)(?::\d+)?\)?:.*"

RULES: tuple[Rule, ...] = (
    Rule("helm-function", ("not defined",), (_AT + r"function \"(?P<word>\w+)\" not defined",), function),
    Rule("helm-template", ("no template", "template:"), (_AT + r"(?:no template|template:?) \"(?P<word>[^\"]+)\" (?:associated with|not defined)",), named_template),
    Rule("helm-object", ("can't evaluate field", "nil pointer evaluating"), (_AT + r"<(?:[^>]*\s)?\$?(?P<value>\.(?!Values\.)[A-Z]\w*(?:\.\w+)*)[^>]*>: (?:can't evaluate field|nil pointer)",), built_in),
    Rule("helm-value", ("nil pointer evaluating", "<.values.", "wrong type for value"), (_AT + r"<(?:[^>]*\s)?\.Values\.(?P<value>[\w.]+)[^>]*>: (?:nil pointer|.*nil )",), missing_value),
    Rule("helm-quote", ("unterminated quoted string",), (_AT + r"unterminated quoted string",), unclosed_quote),
    Rule("helm-action", ("unclosed action", "unexpected \"}\"", "unterminated"), (_AT + r"(?:unclosed action|unexpected \"}\" in|unterminated )",), unclosed_action),
    Rule("helm-schema-key", ("additional propert",),
         (r"^\s*- (?P<path>\(root\)|[\w.]+): Additional property (?P<key>[\w-]+) is not allowed", r"at '(?P<path>[\w/]*)': additional properties '(?P<key>[\w-]+)' not allowed"), schema_key),
    Rule("helm-schema-type", ("invalid type. expected", "got string, want", "got number, want", "got boolean, want"),
         (r"^\s*- (?P<path>[\w.]+): Invalid type\. Expected: (?P<wanted>\w+), given: \w+", r"at '(?P<path>[\w/]+)': got \w+, want (?P<wanted>\w+)"), schema_type),
)  # fmt: skip
