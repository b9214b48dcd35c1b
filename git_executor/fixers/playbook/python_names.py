# ruff: noqa: SIM905 - tables of words read best as text
"""Python: names, attributes, imports and keys with one near candidate among those that are in reach there."""

from __future__ import annotations

import builtins
import re
import sys
from collections.abc import Iterator

from git_executor.fixers.playbook.near import distance, one_defined, one_near, slips, spelt_better
from git_executor.fixers.playbook.places import places, replaced, with_line
from git_executor.fixers.playbook.python_scope import Scope, class_members, module_names, parsed, scope_at
from git_executor.fixers.playbook.rule import Case, Fix, Rule, Said

_CONSTANTS = {"true": "True", "false": "False", "null": "None", "none": "None", "nil": "None"}
_IMPORTED_FROM = {"Path": "pathlib", "dataclass": "dataclasses", "defaultdict": "collections", "Counter": "collections", "partial": "functools", "contextmanager": "contextlib"}


def misspelt_name(case: Case, said: Said) -> Iterator[Fix]:
    """A NameError: the one near name that is in reach, at all of its uses there. Where nothing reads a name that was set,
    and the other one is read again and again, that is the one to correct."""
    word = said["word"]
    place = _place(case, said.index)
    tree = parsed(case.text(place[0])) if place else None
    if place is None or tree is None:
        return
    path, number = place
    text = case.text(path)
    scope = scope_at(tree, number + 1)
    reason = f"{path}:{number + 1} uses {word}, which does not exist"
    uses = scope.loads(word)
    if word in _CONSTANTS:
        yield Fix(path, _renamed(text, uses, word, _CONSTANTS[word]), f"Wrote {_CONSTANTS[word]} for {word}", f"{reason}; Python writes it with a capital.")
        return
    if word in scope.self_attributes and uses:
        yield Fix(path, _renamed(text, uses, word, f"self.{word}"), f"Read {word} from self", f"{reason}; it is an attribute of the class.")
        return
    missing = _missing_import(case, path, text, word)
    if missing:
        yield Fix(path, missing, f"Imported {word}", f"{reason} without its import.")
        return
    known = (scope.reachable() | set(dir(builtins))) - {word} - scope.bound_on(number + 1)
    near = _nearest(word, known, said.get("suggested") if said.get("suggested") in known else "")
    if near is None or not uses:
        return
    stores = scope.stores(near)
    unread = len(stores) == 1 and not scope.loads(near) and near in scope.own
    if unread and (len(uses) > 1 or word == "self" or spelt_better(word, near, text) > 0):
        yield Fix(path, _renamed(text, stores, near, word), f"Corrected the name {near} to {word}, as it is used", f"{path}:{number + 1} uses {word}, and nothing uses {near}.")
    else:
        yield Fix(path, _renamed(text, uses, word, near), f"Corrected the name {word} to {near}", f"{reason}; {near} is the one near name.")


def _renamed(text: str, found: list[tuple[int, int]], word: str, new: str) -> str:
    """``found`` are (line from 1, column in bytes) of the uses of a name."""
    lines = text.split("\n")
    for number, column in sorted(found, reverse=True):
        line = lines[number - 1].encode("utf-8", "surrogateescape")
        at = line.find(word.encode(), column)
        if at >= 0:
            lines[number - 1] = (line[:at] + new.encode() + line[at + len(word.encode()) :]).decode("utf-8", "surrogateescape")
    return "\n".join(lines)


def _missing_import(case: Case, path: str, text: str, word: str) -> str | None:
    """The text with the import that it lacks: a module of the standard library, or a name of a module of the repository
    from which the file imports others already."""
    lines = text.split("\n")
    imports = [number for number, line in enumerate(lines) if re.match(r"(?:import|from)\s+\w", line) and not line.startswith("from __future__")]
    if not imports:
        return None
    if word in _HARMLESS and re.search(rf"(?<![\w.]){word}\.\w", text):
        return "\n".join([*lines[: imports[0]], f"import {word}", *lines[imports[0] :]])
    if word in _IMPORTED_FROM:
        return "\n".join([*lines[: imports[-1] + 1], f"from {_IMPORTED_FROM[word]} import {word}", *lines[imports[-1] + 1 :]])
    found = []
    for number in imports:
        match = re.match(r"from ([\w.]+) import [\w, ]+$", lines[number])
        source = match and _module_file(case, path, match[1])
        if match and source and re.search(rf"(?m)^(?:def|class)\s+{re.escape(word)}\b", case.text(source)):
            found.append(number)
    if len(found) == 1:
        return "\n".join([*lines[: found[0]], f"{lines[found[0]]}, {word}", *lines[found[0] + 1 :]])
    return None


def _module_file(case: Case, path: str, module: str) -> str | None:
    wanted = module.replace(".", "/") + ".py"
    found = [other for other in case.candidates if other == wanted or other.endswith("/" + wanted)]
    beside = [other for other in found if other == "/".join([*path.split("/")[:-1], wanted])]
    return (beside or found)[0] if len(beside or found) == 1 else None


def misspelt_attribute(case: Case, said: Said) -> Iterator[Fix]:
    """An AttributeError: the one near attribute of a module or a type of Python, or of a class of the repository."""
    word, kind = said["word"], said["type"]
    place = _place(case, said.index)
    if place is None:
        return
    path, number = place
    text = case.text(path)
    lines = text.split("\n")
    whole = re.compile(rf"(?<=\.){re.escape(word)}(?!\w)")
    owner = [other for other in case.candidates[:200] if other.endswith(".py") and re.search(rf"(?m)^class {re.escape(kind)}\b", case.text(other))]
    known = class_members(case.text(owner[0]), kind) if len(owner) == 1 else set() if owner else _members(case, path, kind)
    near = _nearest(word, known - {word}, said.get("suggested"))
    if near is None or word in known or len(whole.findall(lines[number])) != 1:
        return
    if owner == [path] and re.search(rf"\bself\.{re.escape(word)}(?!\w)", lines[number]):
        new = re.sub(rf"(?<=\bself\.){re.escape(word)}(?!\w)", near, text)
    else:
        new = "\n".join(with_line(lines, number, whole.sub(near, lines[number])))
    yield Fix(path, new, f"Corrected the attribute {word} to {near}", f"{path}:{number + 1}: {kind} has no {word}; {near} is the one with nearly that name.")


_TYPES = {kind.__name__: kind for kind in (str, bytes, int, float, list, tuple, dict, set, frozenset)}


def _members(case: Case, path: str, kind: str) -> set[str]:
    if kind in _TYPES:
        return {name for name in dir(_TYPES[kind]) if name[0] != "_"}
    if kind in ("PosixPath", "PurePosixPath"):
        from pathlib import Path

        return {name for name in dir(Path) if name[0] != "_"}
    source = _module_file(case, path, kind)
    return module_names(case.text(source)) if source else _standard(kind)


def missing_self(case: Case, said: Said) -> Iterator[Fix]:
    """``takes 0 positional arguments but 1 was given``: a method whose body uses self and whose parameters lack it."""
    method, kind = said["method"], said["type"]
    found = []
    for path in case.candidates[:200]:
        text = case.text(path) if path.endswith(".py") else ""
        if not re.search(rf"(?m)^class {re.escape(kind)}\b", text):
            continue
        for match in re.finditer(rf"(?m)^(?P<above>.*\n)(?P<blank>[ \t]+)(?:async )?def {re.escape(method)}\((?P<args>[^)]*)\)[^\n]*\n(?P<body>(?:(?P=blank)[ \t]+.*\n|[ \t]*\n)+)", text):
            if not match["args"].startswith(("self", "cls")) and re.search(r"\bself\b", match["body"]) and "@" not in match["above"]:
                found.append((path, text, match))
    if len(found) == 1:
        path, text, match = found[0]
        at = match.start("args")
        yield Fix(path, f"{text[:at]}self{', ' if match['args'].strip() else ''}{text[at:]}", f"Added self to the parameters of {kind}.{method}",
                  f"{kind}.{method} uses self and is called on an object, and takes no self.")  # fmt: skip


def _nearest(word: str, known: set[str], suggested: str) -> str | None:
    """Of the near names the nearest, case counted; ``None`` where two are as near and Python names neither.
    It looks through one scope after the other, so its suggestion is but one candidate."""
    near = {*slips(word, known), *([suggested] if suggested and suggested != word else [])}
    near |= {one} if (one := one_defined(word, known)) else set()
    ranked = sorted((distance(word, name, 3), name) for name in near)
    nearest = [name for away, name in ranked if away == ranked[0][0]]
    return suggested if suggested in nearest else nearest[0] if len(nearest) == 1 else None


def misspelt_import(case: Case, said: Said) -> Iterator[Fix]:
    """``cannot import name``: the near one that the module defines, a file of the repository or of the standard library."""
    word, module = said["word"], said["module"]
    place = _place(case, said.index)
    if place is None:
        return
    path, number = place
    source = case.locate(said["source"]) if said.get("source") else None
    known = module_names(case.text(source)) if source else _standard(module)
    near = said.get("suggested") or one_defined(word, known)
    text = case.text(path)
    tree = parsed(text)
    if not near or word in known or tree is None:
        return
    lines = text.split("\n")
    lines[number] = re.sub(rf"(?<![\w.]){re.escape(word)}(?!\w)", near, lines[number])
    rest = "\n".join(with_line(lines, number))
    if not re.search(rf"(?<![\w.]){re.escape(near)}(?!\w)", rest):
        if Scope(tree, []).binds_elsewhere(word):
            return
        lines = [re.sub(rf"(?<![\w.\"']){re.escape(word)}(?![\w\"'])", near, line) for line in lines]
    yield Fix(path, "\n".join(lines), f"Corrected the imported name {word} to {near}",
              f"{module} has no {word}; {near} is the one with nearly that name.")  # fmt: skip


_HARMLESS = frozenset("""argparse base64 collections concurrent.futures configparser contextlib csv dataclasses datetime enum functools glob hashlib
    ipaddress itertools json logging math os os.path pathlib random re shutil socket string subprocess sys tempfile textwrap time tomllib typing urllib.parse
    urllib.request uuid""".split())  # fmt: skip


def _standard(module: str) -> set[str]:
    """The public names of a module of the standard library that does nothing when it is imported."""
    if module not in _HARMLESS:
        return set()
    import importlib

    return {name for name in dir(importlib.import_module(module)) if not name.startswith("_")}


def _place(case: Case, index: int) -> tuple[str, int] | None:
    """The stage's file and line (from 0) of the innermost frame above an exception's line."""
    for number in range(index, max(index - 12, -1), -1):
        match = re.search(r"(?:^|[\s>|\]:])File \"([^\"]+)\", line (\d+)", case.lines[number])
        if match:
            path = case.locate(match[1])
            if path is None:
                continue
            line = int(match[2]) - 1
            return (path, line) if line <= case.text(path).count("\n") else None
    return None


def misspelt_module(case: Case, said: Said) -> Iterator[Fix]:
    """A module that is a slip of one of the standard library, of one beside the file, or of one imported elsewhere."""
    word = said["word"]
    place = _place(case, said.index)
    if place is None:
        return
    path, number = place
    if "." in word:
        yield from _misspelt_submodule(case, path, number, word)
        return
    if word in _KNOWN_MODULES or word in _COMMON_MODULES:
        case.advise(f"the Python module {word} is not installed where the stage runs; install it there")
        return
    beside = {name.removesuffix(".py") for name in case.tree.names(path.rpartition("/")[0])}
    name = word
    public = {module for module in sys.stdlib_module_names if module[0] != "_"} | beside
    standard = slips(name, public) or ([one] if (one := one_defined(name, public)) else [])
    known = standard or slips(name, _COMMON_MODULES)
    lines = case.text(path).split("\n")
    whole = re.compile(rf"(?<!\w){re.escape(word.split('.')[0])}(?!\w)")
    if len(known) == 1 and whole.search(lines[number]):
        lines[number] = whole.sub(known[0], lines[number], count=1)
        yield Fix(path, "\n".join(lines), f"Corrected the import of {word} to {known[0]}",
                  f"There is no module {word}; {known[0]} is the one module with nearly that name.")  # fmt: skip
    else:
        case.advise(f"the Python module {word} is not installed where the stage runs; install it there")


def _misspelt_submodule(case: Case, path: str, number: int, word: str) -> Iterator[Fix]:
    """``lib.inventroy``: the one near module of that package of the repository."""
    package, _, last = word.rpartition(".")
    folder = path.rpartition("/")[0]
    while True:
        names = case.tree.names("/".join(part for part in (folder, *package.split(".")) if part))
        if names or not folder:
            break
        folder = folder.rpartition("/")[0]
    near = one_defined(last, {name.removesuffix(".py") for name in names if not name.startswith("_")})
    lines = case.text(path).split("\n")
    whole = re.compile(rf"(?<![\w.]){re.escape(word)}(?!\w)")
    if near and whole.search(lines[number]):
        lines[number] = whole.sub(f"{package}.{near}", lines[number], count=1)
        yield Fix(path, "\n".join(lines), f"Corrected the import of {word} to {package}.{near}", f"The package {package} has no {last}; {near} is the one with nearly that name.")


_COMMON_MODULES = frozenset(
    "yaml requests jinja2 kubernetes proxmoxer paramiko netaddr ansible boto3 click rich dotenv tomli httpx psutil".split()
)


_KNOWN_MODULES = frozenset("""ujson pyaml simplejson orjson toml tomli_w tomlkit attr attrs six bs4 git dns jwt docker pytest aiohttp flask django fastapi uvicorn
    pydantic sqlalchemy psycopg2 pymysql redis celery numpy pandas scipy matplotlib cryptography nacl OpenSSL fabric invoke netmiko napalm nornir
    ansible_runner jmespath botocore openstack libvirt hvac consul etcd3 prometheus_client influxdb tabulate termcolor colorama tqdm textual typer docopt
    schedule croniter pytz dateutil arrow pendulum lxml xmltodict markdown pygments serial usb smbus gpiozero distro netifaces scapy ldap3 passlib bcrypt
    pexpect ptyprocess sh plumbum watchdog filelock zmq grpc websocket websockets socks jsonschema voluptuous marshmallow munch box deepdiff tenacity retry
    backoff cachetools typing_extensions pkg_resources setuptools packaging pyaml ruamel httplib2 urllib3 certifi chardet idna mock nose unittest2 pathlib2
    apt gi dbus systemd selinux rpm cups yamllint molecule hcl2 jose mcrypt magic regex blinker""".split())
"""Names of real modules: one that is not installed is no slip of another."""


def misspelt_key(case: Case, said: Said) -> Iterator[Fix]:
    """``config["hostnme"]``: the one near key among the texts of the same file."""
    word = said["word"]
    place = _place(case, said.index)
    if place is None:
        return
    path, number = place
    text = case.text(path)
    lines = text.split("\n")
    data = [other for other in case.candidates[:60] if other.endswith((".yaml", ".yml", ".json", ".toml", ".ini", ".cfg", ".conf"))]
    keys = {match[2] for match in re.finditer(r"([\"'])([A-Za-z_][\w.-]*)\1", text)} - {word}
    for other in data:
        keys |= {
            match[1]
            for match in re.finditer(
                r"(?:^\s*(?:- )?[\"']?|^\[|[{,]\s*\")([A-Za-z_][\w.-]*)[\"']?\s*[:=\]]", case.text(other), re.MULTILINE
            )
        }
    if word in keys:
        return
    near = one_near(word, keys)
    found = re.findall(rf"[\"']{re.escape(word)}[\"']", lines[number])
    if near is None or len(found) != 1:
        return
    of_data = [(other, place) for other in data for place in places(case, [other], near, r"(?:^\s*(?:- )?[\"']?|^\[|[{,]\s*\")", r"(?=[\"']?\s*[:=\]])")]
    in_code = len(re.findall(rf"[\"']{re.escape(near)}[\"']", text))
    if len(of_data) == 1 and not in_code and spelt_better(word, near, text) > 0:
        yield from replaced(case, [of_data[0][1]], word, f"Corrected the key {near} to {word}, as it is read",
                            f"{path}:{number + 1} asks for {word!r}, and nothing asks for {near!r}.")  # fmt: skip
        return
    lines[number] = lines[number].replace(found[0], found[0][0] + near + found[0][0])
    yield Fix(path, "\n".join(lines), f"Corrected the key {word!r} to {near!r}",
              f"{path}:{number + 1} asks for the key {word!r}, which does not exist; {near!r} is the one near name.")  # fmt: skip


RULES: tuple[Rule, ...] = (
    Rule("python-name", ("nameerror", "unboundlocalerror"), (r"NameError: (?:global )?name '(?P<word>\w+)' is not defined(?:\. Did you mean: '(?P<suggested>[\w.]+)'\?)?",), misspelt_name),
    Rule("python-attribute", ("attributeerror",),
         (r"AttributeError: (?:module |type object )?'(?P<type>[\w.]+)' (?:object )?has no attribute '(?P<word>\w+)'(?:\. Did you mean: '(?P<suggested>\w+)'\?)?",), misspelt_attribute),
    Rule("python-self", ("positional argument",), (r"TypeError: (?P<type>\w+)\.(?P<method>\w+)\(\) takes \d+ positional arguments? but \d+ (?:was|were) given",), missing_self),
    Rule("python-import", ("cannot import name",),
         (r"ImportError: cannot import name '(?P<word>\w+)' from (?:partially initialized module )?'(?P<module>[\w.]+)' (?:\((?P<source>[^)]+)\))?(?:.*Did you mean: '(?P<suggested>\w+)'\?)?",), misspelt_import),
    Rule("python-module", ("no module named",), (r"ModuleNotFoundError: No module named '(?P<word>[\w.]+)'",), misspelt_module),
    Rule("python-key", ("keyerror",), (r"KeyError: ['\"](?P<word>[\w.-]+)['\"]",), misspelt_key),
)  # fmt: skip
