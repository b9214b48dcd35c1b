# ruff: noqa: SIM905 - tables of words read best as text
"""Python: syntax with one repair, and names, imports and keys with one near candidate."""

from __future__ import annotations

import ast
import keyword
import re
import sys
from collections.abc import Hashable, Iterator

from git_executor.fixers.playbook.broken import broken_file, line_edit, mend
from git_executor.fixers.playbook.near import distance, one_defined, one_near, one_of_list, slips, spelt_better
from git_executor.fixers.playbook.places import places, replaced
from git_executor.fixers.playbook.rule import Case, Fix, Rule, Said

_BLOCK = r"(?:if|elif|else|for|while|def|class|try|except|finally|with|match|case|async\s+(?:def|for|with))\b"


def python_syntax(case: Case, said: Said) -> Iterator[Fix]:
    path = broken_file(case, said.index, (".py",), r"[\w@%+.~/\-]*[\w\-]\.py\b")
    if path:
        edits = (line_edit(_colon, before=1), line_edit(_keyword), line_edit(_print), line_edit(_f_string), line_edit(_f_brace), line_edit(_quote, before=1),
                 _comma, line_edit(_bracket, before=1), line_edit(_comparison), _tabs, _indentation)  # fmt: skip
        yield from mend(case, path, edits, _meaning)


def _meaning(text: str) -> Hashable:
    try:
        return ast.dump(ast.parse(text))
    except (SyntaxError, ValueError, RecursionError):
        return text


def _colon(line: str) -> Iterator[tuple[str, str]]:
    bare = re.sub(r"\s+#[^\"']*$", "", line).rstrip()
    if re.match(rf"\s*{_BLOCK}", bare) and not bare.endswith((":", ",", "\\", "(", "[", "{")):
        yield bare.rstrip(";") + ":" + line[len(bare) :], "Added the missing colon"


def _print(line: str) -> Iterator[tuple[str, str]]:
    match = re.match(r"(\s*)print +([^(].*?)\s*$", line)
    if match:
        yield f"{match[1]}print({match[2]})", "Called print as a function"


def _f_string(line: str) -> Iterator[tuple[str, str]]:
    """``f"{d["key"]}"``: before Python 3.12 the inner quotes must be of the other kind."""
    for quote, other in (('"', "'"), ("'", '"')):
        new = re.sub(rf"\[{quote}([\w .-]+){quote}\]", rf"[{other}\1{other}]", line)
        if new != line and re.search(rf"\b[fF]{quote}", line):
            yield new, "Used the other quotes inside of an f-string"


def _f_brace(line: str) -> Iterator[tuple[str, str]]:
    """``f"{name: {other}"``: a brace that is opened before a plain name and not closed."""
    if re.search(r"\b[fF][rR]?[\"']", line):
        for match in re.finditer(r"(?<!\{)\{[A-Za-z_][\w.]*(?:\[[^\]\s]*\])?(?=[\s:,\"'/)-])(?!:[^\s{\"'])", line):
            yield line[: match.end()] + "}" + line[match.end() :], "Closed the open { of an f-string"


def _quote(line: str) -> Iterator[tuple[str, str]]:
    for quote in "\"'":
        if line.count(quote) % 2:
            yield line.rstrip() + quote, "Closed the open quote"
            tail = re.search(r"[)\],:]+$", line.rstrip())
            if tail:
                yield line.rstrip()[: tail.start()] + quote + tail[0], "Closed the open quote"


def _bracket(line: str) -> Iterator[tuple[str, str]]:
    for opened, close in ("()", "[]", "{}"):
        if line.count(opened) == line.count(close) + 1 and opened * 2 not in line:
            bare = line.rstrip()
            if bare.endswith(":"):
                yield bare[:-1] + close + ":", f"Closed the open {opened}"
            elif not bare.endswith((",", opened)):
                yield bare + close, f"Closed the open {opened}"


def _comparison(line: str) -> Iterator[tuple[str, str]]:
    match = re.match(r"(\s*(?:if|elif|while)\s[^=!<>]*[^=!<>\s]\s*)=(?!=)(\s*[^=].*:\s*(?:#.*)?)$", line)
    if match:
        yield f"{match[1]}=={match[2]}", "Compared with == instead of assigning"


def _comma(text: str, at: int) -> Iterator[tuple[str, str]]:
    """Between two entries of a mapping, on one line or at a line's end."""
    lines = text.split("\n")
    inside = re.search(r"(?<=:)\s*(?:\"[^\"]*\"|'[^']*'|[\w.]+)(?=\s+[\"'][\w.-]+[\"']\s*:)", lines[at])
    if inside:
        yield "\n".join([*lines[:at], lines[at][: inside.end()] + "," + lines[at][inside.end() :], *lines[at + 1 :]]), "Added the missing comma"
    for number in (at - 1, at):
        below = lines[number + 1] if number + 1 < len(lines) else ""
        if number >= 0 and re.search(r"[:\[(,].*[\w\"'\])}]\s*$", lines[number]) and re.match(r"\s*(?:[\"'][\w.-]+[\"']\s*:|\w+=)", below):
            yield "\n".join([*lines[:number], lines[number].rstrip() + ",", *lines[number + 1 :]]), "Added the missing comma"


def _keyword(line: str) -> Iterator[tuple[str, str]]:
    """``retrun x``, ``dfe main():``: the first word of a statement."""
    match = re.match(r"(\s*)([a-z]+)(?=[\s:])", line)
    near = one_of_list(match[2], keyword.kwlist) if match and match[2] not in keyword.kwlist and len(match[2]) >= 3 else None
    if match and near:
        yield match[1] + near + line[match.end() :], f"Corrected {match[2]} to {near}"


def _tabs(text: str, at: int) -> Iterator[tuple[str, str]]:
    lines = text.split("\n")
    if any(re.match(r" *\t", line) for line in lines) and any(re.match(r" +\S", line) for line in lines):
        for width in (8, 4, 2):
            depths = [len(line[: len(line) - len(line.lstrip())].expandtabs(width)) for line in lines]
            yield "\n".join(" " * depth + line.lstrip() for depth, line in zip(depths, lines, strict=True)), "Replaced tabs by spaces"


def _indentation(text: str, at: int) -> Iterator[tuple[str, str]]:
    """One line at a depth that no block has, moved to the nearest that one has."""
    lines = text.split("\n")
    depth = _depth(lines[at])
    above = [line for line in lines[:at] if line.strip() and not line.lstrip().startswith("#")]
    if not above:
        return
    header = above[-1].rstrip().endswith(":")
    if header:
        wanted = [_depth(above[-1]) + _step(lines)]
        if depth <= _depth(above[-1]) and not _block_ends(lines, at, wanted[0]):
            return  # how many of the lines below belong to the block, nothing says
    else:
        wanted = sorted({0, _depth(above[-1]), *_open_depths(above)}, key=lambda level: abs(level - depth))
        nearest = [level for level in wanted if abs(level - depth) == abs(wanted[0] - depth)]
        wanted = nearest if abs(nearest[0] - depth) < _step(lines) else []
    for level in wanted:
        if level != depth:
            shift = level - depth
            for end in dict.fromkeys((at + 1, _end_of_block(lines, at))):
                moved = [" " * (_depth(line) + shift) + line.lstrip() if line.strip() else line for line in lines[at:end]]
                yield "\n".join([*lines[:at], *moved, *lines[end:]]), "Corrected the indentation"


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip())


def _step(lines: list[str]) -> int:
    depths = [_depth(line) for number, line in enumerate(lines) if number and lines[number - 1].rstrip().endswith(":") and _depth(line) > _depth(lines[number - 1])]
    steps = [_depth(line) - _depth(lines[number - 1]) for number, line in enumerate(lines) if number and lines[number - 1].rstrip().endswith(":")]
    return max(set(steps), key=steps.count) if depths and max(set(steps), key=steps.count) > 0 else 4


def _open_depths(above: list[str]) -> set[int]:
    """The depths of the blocks that are open at the end of these lines."""
    found, least = set(), _depth(above[-1]) + 1
    for line in reversed(above):
        if _depth(line) < least:
            least = _depth(line)
            found.add(least)
    return found


def _end_of_block(lines: list[str], at: int) -> int:
    """The end of what hangs below a line."""
    end = at + 1
    while end < len(lines) and (not lines[end].strip() or _depth(lines[end]) > _depth(lines[at])):
        end += 1
    return end


def _block_ends(lines: list[str], at: int, inner: int) -> bool:
    """Whether what follows a line that should begin a block shows that it is all of the block, or that the block goes on."""
    below = lines[at + 1] if at + 1 < len(lines) else ""
    return not below.strip() or _depth(below) == inner or _depth(below) < _depth(lines[at]) or re.match(r"\s*(?:else|elif|except|finally)\b", below) is not None


# --- names ----------------------------------------------------------------------------------------------


def misspelt_name(case: Case, said: Said) -> Iterator[Fix]:
    """A NameError or AttributeError: by Python's own suggestion or the one near name of the file. A parameter that nothing
    else uses is the one to correct."""
    word = said["word"]
    place = _place(case, said.index)
    if place is None:
        return
    path, number = place
    text = case.text(path)
    lines = text.split("\n")
    whole = re.compile(rf"(?<!\w){re.escape(word)}(?!\w)")
    if len(whole.findall(lines[number])) != 1:
        return
    here = re.match(r"\s*(\w+)\s*(?::[^=]+)?=(?!=)", lines[number])
    own = re.search(rf"(?m)^class {re.escape(said.get('type') or '-')}\b", text)
    known = _names(text) if "NameError" in said.match[0] else _attributes(text) if own else set()
    known -= {word, here[1] if here else ""}
    near = _nearest(word, known, said.get("suggested"))
    if near is None:
        return
    parameter = _parameter(lines, number, near) if "NameError" in said.match[0] else None
    if parameter is not None and (word == "self" or spelt_better(word, near, text) > 0):
        lines[parameter] = re.sub(rf"(?<!\w){re.escape(near)}(?!\w)", word, lines[parameter])
        yield Fix(path, "\n".join(lines), f"Corrected the parameter {near} to {word}, as it is used", f"{path}:{number + 1} uses {word}, and nothing uses {near}.")
        return
    lines[number] = whole.sub(near, lines[number])
    yield Fix(path, "\n".join(lines), f"Corrected the name {word} to {near}",
              f"{path}:{number + 1} uses {word}, which does not exist; {near} is the one near name.")  # fmt: skip


def _nearest(word: str, known: set[str], suggested: str) -> str | None:
    """Of the near names the nearest, case counted; ``None`` where two are as near and Python names neither.
    It looks through one scope after the other, so its suggestion is but one candidate."""
    near = {*slips(word, known), *([suggested] if suggested and suggested != word else [])}
    near |= {one} if (one := one_defined(word, known)) else set()
    ranked = sorted((distance(word, name, 3), name) for name in near)
    nearest = [name for away, name in ranked if away == ranked[0][0]]
    return suggested if suggested in nearest else nearest[0] if len(nearest) == 1 else None


def _parameter(lines: list[str], number: int, name: str) -> int | None:
    """The line of the enclosing definition, when ``name`` is a parameter there that its body does not use."""
    for at in range(number - 1, max(number - 200, -1), -1):
        if re.match(r"\s*(?:async\s+)?def\s", lines[at]) and _depth(lines[at]) < _depth(lines[number]):
            whole = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")
            body = lines[at + 1 : _end_of_block(lines, at)]
            return at if len(whole.findall(lines[at])) == 1 and not any(whole.search(line) for line in body) else None
    return None


def _attributes(text: str) -> set[str]:
    """Names that the file gives to attributes and methods."""
    return {match[1] for match in re.finditer(r"\bself\.([A-Za-z_]\w*)\s*(?::[^=\n]+)?=(?!=)", text)} | {
        match[1] for match in re.finditer(r"(?m)^\s+(?:async )?def ([A-Za-z_]\w*)", text)}  # fmt: skip


def misspelt_import(case: Case, said: Said) -> Iterator[Fix]:
    """``cannot import name``: the near one that the module defines, a file of the repository or of the standard library."""
    word, module = said["word"], said["module"]
    place = _place(case, said.index)
    if place is None:
        return
    source = case.locate(said["source"]) if said.get("source") else None
    known = _names(case.text(source)) if source else _standard(module)
    near = said.get("suggested") or one_defined(word, known)
    text = case.text(place[0])
    if near and word not in known:
        yield Fix(place[0], re.sub(rf"(?<![\w.]){re.escape(word)}(?!\w)", near, text), f"Corrected the imported name {word} to {near}",
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


def _names(text: str) -> set[str]:
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return set()
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef):
            found.add(node.name)
        elif isinstance(node, ast.arg):
            found.add(node.arg)
        elif isinstance(node, ast.alias):
            found.add((node.asname or node.name).split(".")[0])
    return found - set(keyword.kwlist)


def _place(case: Case, index: int) -> tuple[str, int] | None:
    """The stage's file and line (from 0) of the innermost frame above an exception's line."""
    for number in range(index, max(index - 12, -1), -1):
        match = re.match(r"\s*File \"([^\"]+)\", line (\d+)", case.lines[number])
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
    data = [other for other in case.candidates[:60] if other.endswith((".yaml", ".yml", ".json", ".toml"))]
    keys = {match[2] for match in re.finditer(r"([\"'])([A-Za-z_][\w.-]*)\1", text)} - {word}
    for other in data:
        keys |= {
            match[1]
            for match in re.finditer(
                r"(?:^\s*(?:- )?[\"']?|[{,]\s*\")([A-Za-z_][\w.-]*)[\"']?\s*[:=]", case.text(other), re.MULTILINE
            )
        }
    if word in keys:
        return
    near = one_near(word, keys)
    found = re.findall(rf"[\"']{re.escape(word)}[\"']", lines[number])
    if near is None or len(found) != 1:
        return
    of_data = [(other, place) for other in data for place in places(case, [other], near, r"(?:^\s*(?:- )?[\"']?|[{,]\s*\")", r"(?=[\"']?\s*[:=])")]
    in_code = len(re.findall(rf"[\"']{re.escape(near)}[\"']", text))
    if len(of_data) == 1 and not in_code and spelt_better(word, near, text) > 0:
        yield from replaced(case, [of_data[0][1]], word, f"Corrected the key {near} to {word}, as it is read",
                            f"{path}:{number + 1} asks for {word!r}, and nothing asks for {near!r}.")  # fmt: skip
        return
    lines[number] = lines[number].replace(found[0], found[0][0] + near + found[0][0])
    yield Fix(path, "\n".join(lines), f"Corrected the key {word!r} to {near!r}",
              f"{path}:{number + 1} asks for the key {word!r}, which does not exist; {near!r} is the one near name.")  # fmt: skip


# --- requirements ---------------------------------------------------------------------------------------

_PACKAGES = frozenset("""ansible ansible-core ansible-lint requests pyyaml jinja2 kubernetes proxmoxer paramiko netaddr openshift
    jmespath passlib cryptography hvac dnspython boto3 click rich python-dotenv httpx psutil docker yamllint pytest molecule
    pre-commit jsonschema urllib3 certifi setuptools wheel pip""".split())  # fmt: skip


def requirement(case: Case, said: Said) -> Iterator[Fix]:
    """A requirement that is a slip of one well-known package, or that says ``=`` for ``==``."""
    word = said["word"]
    for path in case.candidates[:200]:
        if not re.search(r"(?:^|/)[\w.-]*requirements[\w.-]*\.(?:txt|in)$", path):
            continue
        lines = case.text(path).split("\n")
        for number, line in enumerate(lines):
            match = re.match(r"([A-Za-z0-9][\w.-]*)(.*)$", line)
            if not match:
                continue
            turned = re.match(r"\s*=([<>])\s*(\d[\w.*]*)\s*$", match[2])
            single = re.match(r"\s*=\s*(\d[\w.]*)\s*$", match[2])
            near = one_near(match[1].lower(), _PACKAGES)
            if turned and word.startswith(match[1]):
                new, what = f"{match[1]}{turned[1]}={turned[2]}", f"Wrote {turned[1]}= for ={turned[1]}"
            elif single and word.startswith(match[1]):
                new, what = f"{match[1]}=={single[1]}", f"Pinned {match[1]} with =="
            elif match[1] == word and near and match[1].lower() not in _PACKAGES:
                new, what = near + match[2], f"Corrected the requirement {word} to {near}"
            else:
                continue
            yield Fix(
                path,
                "\n".join([*lines[:number], new, *lines[number + 1 :]]),
                what,
                f"pip does not accept {line.strip()!r}.",
                justification=f"The line {line.strip()!r} stood there for it; nothing is added.",
            )


RULES: tuple[Rule, ...] = (
    Rule("python-syntax", ("syntaxerror", "indentationerror", "taberror"), (r"(?:Syntax|Indentation|Tab)Error: ",), python_syntax),
    Rule("python-name", ("nameerror", "attributeerror"),
         (r"NameError: (?:global )?name '(?P<word>\w+)' is not defined(?:\. Did you mean: '(?P<suggested>\w+)'\?)?",
          r"AttributeError: (?:module |type object )?'(?P<type>[\w.]+)' (?:object )?has no attribute '(?P<word>\w+)'(?:\. Did you mean: '(?P<suggested>\w+)'\?)?"), misspelt_name),
    Rule("python-import", ("cannot import name",),
         (r"ImportError: cannot import name '(?P<word>\w+)' from (?:partially initialized module )?'(?P<module>[\w.]+)' (?:\((?P<source>[^)]+)\))?(?:.*Did you mean: '(?P<suggested>\w+)'\?)?",), misspelt_import),
    Rule("python-module", ("no module named",), (r"ModuleNotFoundError: No module named '(?P<word>[\w.]+)'",), misspelt_module),
    Rule("python-key", ("keyerror",), (r"KeyError: ['\"](?P<word>[\w.-]+)['\"]",), misspelt_key),
    Rule("requirement", ("requirement", "no matching distribution"),
         (r"satisfies the requirement (?P<word>[A-Za-z0-9][\w.-]*)", r"No matching distribution found for (?P<word>[A-Za-z0-9][\w.-]*)",
          r"Invalid requirement: ['\"]?(?P<word>[A-Za-z0-9][\w.-]*)"), requirement),
)  # fmt: skip
