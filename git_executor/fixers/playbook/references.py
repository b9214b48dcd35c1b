"""A name that one document refers to and no other defines, but for one that is nearly the same."""

from __future__ import annotations

import re
from collections.abc import Iterator

from git_executor.fixers.playbook.near import one_defined
from git_executor.fixers.playbook.places import places, replaced
from git_executor.fixers.playbook.rule import Case, Fix, Rule, Said
from git_executor.fixers.playbook.yaml_lines import Entry, beside, entries, requoted, with_value

_FILES = 120


def _yaml(case: Case) -> list[str]:
    return [path for path in case.candidates[:_FILES] if path.endswith((".yaml", ".yml"))]


# --- Kubernetes and Flux --------------------------------------------------------------------------------


def object_reference(case: Case, said: Said) -> Iterator[Fix]:
    """``HelmRepository "bitnmi" not found``: the one object of that kind with nearly that name that the stage makes."""
    kind, wrong = said["kind"].lower(), said["name"]
    documents = [(path, list(entries(case.text(path)))) for path in _yaml(case)]
    known: set[str] = set()
    used: list[tuple[str, Entry]] = []
    for path, found in documents:
        kinds = {entry.document for entry in found if not entry.path and entry.key == "kind" and entry.plain.lower() == kind}
        known |= {entry.plain for entry in found if entry.path == ("metadata",) and entry.key == "name" and entry.document in kinds}
        used += [(path, entry) for entry in found if entry.plain == wrong and entry.path != ("metadata",)
                 and (_refers(entry, kind) or _kind_beside(entry, found) == kind)]  # fmt: skip
    if wrong in known:
        yield from _other_namespace(case, documents, kind, wrong)
        return
    near = one_defined(wrong, known)
    if near and len(used) == 1:
        path, entry = used[0]
        yield Fix(path, with_value(case.text(path), entry, requoted(entry, near)), f"Corrected the reference {wrong} to {near}",
                  f"Nothing makes a {said['kind']} {wrong}; {near} is the one with nearly that name.")  # fmt: skip


def _kind_beside(entry: Entry, found: list[Entry]) -> str:
    return next((other.plain.lower() for other in beside(entry, found) if other.key == "kind"), "") if entry.key == "name" else ""


def _other_namespace(case: Case, documents: list[tuple[str, list[Entry]]], kind: str, name: str) -> Iterator[Fix]:
    """The object exists, and the reference looks for it in a namespace that is a slip of its own."""
    spaces: set[str] = set()
    used: list[tuple[str, Entry, str]] = []
    for path, found in documents:
        for entry in found:
            if entry.key != "name" or entry.plain != name:
                continue
            space = next((other for other in beside(entry, found) if other.key == "namespace"), None)
            of_kind = any(not other.path and other.key == "kind" and other.plain.lower() == kind and other.document == entry.document for other in found)
            if entry.path == ("metadata",) and of_kind and space:
                spaces.add(space.plain)
            elif entry.path != ("metadata",) and space and _kind_beside(entry, found) == kind:
                used.append((path, space, space.plain))
    wrong = [(path, entry, near) for path, entry, plain in used if plain not in spaces and (near := one_defined(plain, spaces))]
    if len(wrong) == 1:
        path, entry, near = wrong[0]
        yield Fix(path, with_value(case.text(path), entry, requoted(entry, near)), f"Corrected the namespace {entry.plain} to {near}",
                  f"{name} is in {near}; nothing of that kind and name is in {entry.plain}.")  # fmt: skip


_HOLDERS = {"configmap": "config", "secret": "secret", "persistentvolumeclaim": "claim", "serviceaccount": "serviceaccount", "service": "service",
            "storageclass": "storageclass", "ingressclass": "ingressclass", "kustomization": "dependson", "helmrelease": "dependson"}  # fmt: skip


def _refers(entry: Entry, kind: str) -> bool:
    """Whether an entry may name an object of the kind: ``secretName``, or ``name`` below a key that speaks of it."""
    above = "".join(entry.path[-2:]).lower()
    if entry.key == "name":
        return _HOLDERS.get(kind, kind) in above or above.endswith(("sourceref", "chartref", "dependson"))
    return entry.key.lower().endswith("name") and _HOLDERS.get(kind, kind) in entry.key.lower()


# --- Compose ----------------------------------------------------------------------------------------------


def compose_reference(case: Case, said: Said) -> Iterator[Fix]:
    """``service "web" refers to undefined volume dat`` and ``depends on undefined service``."""
    what, wrong = said["what"] + "s", said["name"]
    for path in _yaml(case):
        found = list(entries(case.text(path)))
        if not any(entry.key == "services" and not entry.path for entry in found):
            continue
        near = one_defined(wrong, {entry.key for entry in found if entry.path == (what,)})
        if near:
            uses = list(places(case, [path], wrong, r"^\s+(?:- +|source: +)?[\"']?", r"(?=[\"']?\s*(?:[:#]|$))"))
            yield from replaced(case, uses if len(uses) == 1 else [], near, f"Corrected the {said['what']} {wrong} to {near}",
                                f"{path} defines no {said['what']} {wrong}; {near} is the one with nearly that name.")  # fmt: skip


# --- Ansible ----------------------------------------------------------------------------------------------

_MAGIC = frozenset("""inventory_hostname inventory_hostname_short ansible_host ansible_user ansible_facts ansible_hostname ansible_fqdn
    ansible_default_ipv4 ansible_distribution ansible_os_family ansible_architecture group_names groups hostvars playbook_dir role_path
    ansible_play_hosts ansible_date_time ansible_env ansible_check_mode""".split())  # noqa: SIM905


def ansible_variable(case: Case, said: Said) -> Iterator[Fix]:
    """A variable in an expression, of which one near name is given a value by the stage's files."""
    wrong = said["name"]
    known: set[str] = set()
    for path in _yaml(case):
        of_variables = re.search(r"(?:^|/)(?:group_vars|host_vars|vars|defaults)/", path) is not None
        for entry in entries(case.text(path)):
            if (of_variables and not entry.path) or entry.path[-1:] in (("vars",), ("set_fact",), ("ansible.builtin.set_fact",)):
                known.add(entry.key)
            if entry.key in ("register", "loop_var"):
                known.add(entry.plain)
    near = one_defined(wrong, known) or (one_defined(wrong, _MAGIC) if wrong not in known else None)
    if near is None or wrong in known:
        return
    templates = case.with_suffix(".j2", ".yaml", ".yml")[:_FILES]
    uses = list(places(case, templates, wrong, r"(?:\{\{|\{%|^\s*(?:- )?(?:when|failed_when|changed_when|until|that):)[^\n}]*?"))
    yield from replaced(case, uses, near, f"Corrected the variable {wrong} to {near}",
                        f"Nothing gives {wrong} a value; {near} is the one variable with nearly that name.")  # fmt: skip


def ansible_role(case: Case, said: Said) -> Iterator[Fix]:
    wrong = said["name"]
    for path in _yaml(case):
        directory = path.rpartition("/")[0]
        roles = set(case.tree.names(f"{directory}/roles".lstrip("/"))) | set(case.tree.names("roles"))
        near = one_defined(wrong, roles)
        uses = list(places(case, [path], wrong, r"^\s*(?:- +)?(?:(?:role|name): +)?[\"']?", r"(?=[\"']?\s*(?:#|$))"))
        if near and len(uses) == 1:
            yield from replaced(case, uses, near, f"Corrected the role {wrong} to {near}",
                                f"There is no role {wrong}; {near} is the one with nearly that name.")  # fmt: skip


_KINDS = (r"[Kk]ustomization|[Hh]elm[Rr]epository|[Hh]elm[Rr]elease|[Hh]elm[Cc]hart|[Gg]it[Rr]epository|OCIRepository|ocirepository|[Bb]ucket|[Cc]onfig[Mm]ap|[Ss]ecret|"
          r"[Ss]ervice[Aa]ccount|[Pp]ersistent[Vv]olume[Cc]laim|[Ss]torage[Cc]lass|[Ii]ngress[Cc]lass|[Ss]ervice|[Cc]luster[Ii]ssuer|[Ii]ssuer")  # fmt: skip

RULES: tuple[Rule, ...] = (
    Rule("object-reference", ("not found",), (rf"\b(?P<kind>{_KINDS})s?(?:\.[\w.-]+)? \\?[\"'](?:[\w-]+/)?(?P<name>[\w.-]+)\\?[\"'] not found",), object_reference),
    Rule("compose-reference", ("undefined volume", "undefined network", "undefined service", "undefined secret", "undefined config"),
         (r"undefined (?P<what>volume|network|service|secret|config):? \\?\"?(?P<name>[\w.-]+)",), compose_reference),
    Rule("ansible-variable", ("is undefined",), (r"'(?P<name>[A-Za-z_]\w*)' is undefined",), ansible_variable),
    Rule("ansible-role", ("the role",), (r"the role '(?P<name>[\w.-]+)' was not found",), ansible_role),
)  # fmt: skip
