# ruff: noqa: SIM905 - tables of words read best as text
"""Ansible: filters and tests, parameters of modules, attributes of variables, keywords of tasks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from git_executor.fixers.playbook.near import one_defined, one_near, one_of_list
from git_executor.fixers.playbook.places import places, replaced
from git_executor.fixers.playbook.rule import Case, Fix, Rule, Said
from git_executor.fixers.playbook.schemas import KUBERNETES_KEYS, PROGRAM_KEYS, TALOS_KEYS
from git_executor.fixers.playbook.yaml_lines import Entry, beside, entries, with_key

_FILES = 150

# fmt: off
_FILTERS = frozenset("""abs attr b64decode b64encode basename batch bool capitalize center combine comment community.general.json_query count d default
    dict2items difference dirname e escape expanduser extract fileglob filesizeformat first flatten float forceescape format from_json from_yaml from_yaml_all
    groupby hash human_readable human_to_bytes indent int intersect ipaddr ipv4 ipv6 ipsubnet items2dict join json_query last length list lower mandatory map
    max md5 min password_hash path_join permutations pow product quote random realpath regex_escape regex_findall regex_replace regex_search reject rejectattr
    relpath replace reverse round safe select selectattr sha1 shuffle slice sort split splitext string strftime striptags subelements sum symmetric_difference
    ternary title to_datetime to_json to_nice_json to_nice_yaml to_uuid to_yaml trim truncate type_debug union unique upper urldecode urlencode urlsplit
    wordcount wordwrap xmlattr zip zip_longest""".split())
_TESTS = frozenset("""abs all any boolean callable changed contains defined directory divisibleby eq equalto escaped even exists failed false file float ge
    gt in integer iterable le link lower lt mapping match mount ne none number odd regex sameas search sequence skipped string subset succeeded success superset
    true truthy undefined upper url version version_compare""".split())
_TASK = frozenset("""name become become_user become_method when loop loop_control with_items with_dict with_fileglob register notify tags ignore_errors
    changed_when failed_when delegate_to run_once environment until retries delay vars args no_log check_mode diff listen block rescue always any_errors_fatal
    async poll connection ignore_unreachable module_defaults throttle timeout delegate_facts collections""".split())
# fmt: on
_KEYS = _TASK | KUBERNETES_KEYS | TALOS_KEYS | PROGRAM_KEYS
"""Keys that mean something somewhere, so that none of them is taken for a slip of what is missing."""


def _yaml(case: Case) -> list[str]:
    return [path for path in case.candidates[:_FILES] if path.endswith((".yaml", ".yml"))]


def filter_name(case: Case, said: Said) -> Iterator[Fix]:
    """``ntp_servers | lenght``, ``x is defned``."""
    wrong = said["word"]
    is_test = said.get("what").lower() == "test"
    near = one_near(wrong, _TESTS if is_test else _FILTERS)
    files = [path for path in case.candidates[:_FILES] if path.endswith((".yaml", ".yml", ".j2", ".jinja2"))]
    found = list(places(case, files, wrong, r"\bis (?:not )?" if is_test else r"\|[ \t]*"))
    yield from replaced(case, found if near else [], near or "", f"Corrected {wrong} to {near}", f"There is no {'test' if is_test else 'filter'} {wrong}; {near} is the one with nearly that name.")


def _task_entries(case: Case, index: int) -> Iterator[tuple[str, list[Entry]]]:
    """The stage's files with their entries, the one that the log names near a line first and then alone."""
    named = [path for _, line in case.near(index, 14, 6) for name in re.findall(r"[\w./-]+\.ya?ml", line[:2000]) if (path := case.locate(name))]
    for path in dict.fromkeys(named) if named else _yaml(case):
        yield path, list(entries(case.text(path)))


def parameter(case: Case, said: Said) -> Iterator[Fix]:
    """``Unsupported parameters for (copy) module: dst. Supported parameters include: …``."""
    module, wrong = said["module"].rpartition(".")[2], said["key"]
    near = one_of_list(wrong, re.findall(r"[a-z]\w*", said["listed"]))
    found = [(path, entry) for path, every in _task_entries(case, said.index) for entry in every
             if entry.key == wrong and entry.path and entry.path[-1].rpartition(".")[2] == module]  # fmt: skip
    if near and len(found) == 1:
        path, entry = found[0]
        if near not in {other.key for other in beside(entry, entries(case.text(path)))}:
            yield Fix(path, with_key(case.text(path), entry, near), f"Corrected the parameter {wrong} to {near}", f"The module {module} has no {wrong}; {near} is the one with nearly that name.")


def required(case: Case, said: Said) -> Iterator[Fix]:
    """What is required and missing, where a key beside it is a slip of exactly that name."""
    wanted = [name for name in re.findall(r"[A-Za-z_]\w*", said["names"]) if name not in ("and", "or", "the")]
    known = frozenset(re.findall(r"\w+", said["names"]))
    found = []
    for path, every in _task_entries(case, said.index):
        for entry in every:
            inside = not said.get("above") or entry.path[-1:] == (said["above"],)
            near = one_defined(entry.key, wanted) if inside and entry.key not in known and entry.key not in _KEYS else None
            if near and near not in {other.key for other in beside(entry, every)}:
                found.append((path, entry, near))
    if len(found) == 1:
        path, entry, near = found[0]
        yield Fix(path, with_key(case.text(path), entry, near), f"Corrected the key {entry.key} to {near}", f"{near} is required, and {entry.key} is a slip of it.")


def task_keyword(case: Case, said: Said) -> Iterator[Fix]:
    """``conflicting action statements: ansible.builtin.debug, changed_whem``: the one that is a slip of a keyword."""
    for word in (said["one"], said["other"]):
        near = one_near(word, _TASK) if word not in _TASK else None
        found = [(path, entry) for path, every in _task_entries(case, said.index) for entry in every if entry.key == word]
        if near and len(found) == 1:
            path, entry = found[0]
            yield Fix(path, with_key(case.text(path), entry, near), f"Corrected the keyword {word} to {near}", f"A task has no keyword {word}; {near} is the one with nearly that name.")


def attribute(case: Case, said: Said) -> Iterator[Fix]:
    """``proxmox.api_hsot``: the one near key of the mapping of that name."""
    wrong = said["word"]
    files = [path for path in case.candidates[:_FILES] if path.endswith((".yaml", ".yml", ".j2", ".jinja2"))]
    uses = [place for head in (r"\b\w+\.", r"\b\w+\[[\"']") for place in places(case, files, wrong, head)]
    if len(uses) != 1:
        return
    before = case.text(uses[0].path)[: uses[0].start]
    parent = re.search(r"(\w+)(?:\.|\[[\"'])$", before)
    name = parent[1] if parent else ""
    known = {entry.key for path in _yaml(case) for entry in entries(case.text(path)) if entry.path[-1:] == (name,)}
    if name == "item":
        known = {entry.key for path in _yaml(case) for entry in entries(case.text(path)) if entry.item >= 0}
    near = one_defined(wrong, known)
    yield from replaced(case, uses if near else [], near or "", f"Corrected the attribute {wrong} to {near}", f"{name} has no {wrong}; {near} is the one with nearly that name.")


RULES: tuple[Rule, ...] = (
    Rule("ansible-filter", ("filter", "could not load", "test named"),
         (r"[Nn]o (?P<what>filter|test) named '(?P<word>[\w.]+)'", r"Could not load \"(?P<word>\w+)\": '[^']*'(?P<what>)", r"(?i)the (?P<what>filter|test) '(?P<word>\w+)' (?:is unknown|was not found)"), filter_name),
    Rule("ansible-parameter", ("unsupported parameters",), (r"Unsupported parameters for \((?P<module>[\w.]+)\) module: (?P<key>\w+)\.? Supported parameters include: (?P<listed>[^\"]+)",), parameter),
    Rule("required-key", ("missing required", "are required", "required value", "is required", "required field"),
         (r"missing required arguments?: (?P<names>[\w, ]+)", r"(?<![\w.])(?P<names>\w+(?:, \w+)* and \w+) are required", r"(?P<above>\w+)(?:\[\d+\])?\.(?P<names>\w+): Required value",
          r"missing required field \\?\"(?P<names>\w+)\\?\"", r"\bchart\.metadata\.(?P<names>\w+) is required", r"(?:[Ff]ield|[Kk]ey|[Pp]roperty) [\"']?(?P<names>\w+)[\"']? is required"), required),
    Rule("ansible-keyword", ("conflicting action statements",), (r"conflicting action statements: (?P<one>[\w.]+), (?P<other>[\w.]+)",), task_keyword),
    Rule("ansible-attribute", ("has no attribute",), (r"(?:object of type '?\w+'?|'[\w. ]+ object'|'[\w.]+') has no attribute '(?P<word>\w+)'",), attribute),
)  # fmt: skip
