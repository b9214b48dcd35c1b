"""One small checker a file type. A checker takes the file and returns its faults; it runs nothing of it.

To add one: write a function of (path, data), put it in ``_CHECKERS`` under its kind, and give it two test tables.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import warnings
from collections.abc import Callable, Iterable
from functools import cache, lru_cache

from git_executor.domain import Blob, Finding
from git_executor.verify.kinds import is_template, kind
from git_executor.verify.yamlcheck import yaml_faults

Checker = Callable[[str, bytes], Iterable[Finding]]


@lru_cache(maxsize=32)
def check_file(path: str, blob: Blob) -> tuple[Finding, ...]:
    """The faults that the checkers of this file's type see; empty for a sound file and for an unknown type.

    Remembered for the last few texts: the fixer's proofs and the landing ask about the same two, and a shell is slow to start.
    """
    return tuple(finding for _, checker in _checkers(path, blob) for finding in checker(path, blob.data))


def checkers_for(path: str, blob: Blob) -> tuple[str, ...]:
    """The names of the checkers that ``check_file`` runs on this file, for the ``Verified`` trailer."""
    return tuple(name for name, _ in _checkers(path, blob))


def _checkers(path: str, blob: Blob) -> list[tuple[str, Checker]]:
    what = kind(path, blob)
    if what == "sh" and not _tool("sh"):
        what = "bash"
    if what in ("bash", "sh") and not _tool(what):
        return []
    if what == "yaml" and is_template(path, blob.data.decode("utf-8", "replace")):
        return []
    return _CHECKERS.get(what, [])


# --- shell ------------------------------------------------------------------------------------------


def _bash(path: str, data: bytes) -> Iterable[Finding]:
    # Patterns such as !(a|b) parse only with extglob on, and -n does not run the shopt that a script has for it.
    extglob = ["-O", "extglob"] if re.search(rb"^\s*shopt\s+-s\s.*\bextglob\b", data, re.MULTILINE) else []
    return _shell("bash -n", ["--norc", "--noprofile", *extglob, "-n"], data)


def _sh(path: str, data: bytes) -> Iterable[Finding]:
    return _shell("sh -n", ["-n"], data)


def _shell(name: str, arguments: list[str], data: bytes) -> Iterable[Finding]:
    """Parse a script from stdin with an empty environment, so that no BASH_ENV or ENV of ours is read."""
    program = _tool(name.split()[0])
    assert program is not None
    try:
        run = subprocess.run(
            [program, *arguments], input=data, capture_output=True, timeout=10,
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"},
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return [Finding(name, "parsing the script took longer than 10 seconds")]
    said = run.stderr.decode("utf-8", "replace").splitlines()
    # An unclosed here-document is a mere warning to bash, but it swallows the rest of the script.
    # So is an error inside of [[ ]], after which it drops the command that it stands in.
    wrong = [line for line in said if run.returncode != 0 or ("here-document" in line and "delimited" in line) or ": syntax error" in line]
    if wrong:
        return [_shell_finding(name, wrong[0])]
    if run.returncode != 0:
        return [Finding(name, f"the parser ended with status {run.returncode}")]
    if data.startswith(b"#!") and b"\r" in data.split(b"\n", 1)[0]:
        return [Finding(name, "the shebang line ends with a carriage return", 1)]
    return []


def _shell_finding(name: str, line: str) -> Finding:
    found = re.match(r"[^:]*: (?:line )?(\d+): (.*)", line)
    # bash names the line of the here-document itself in the text of its warning.
    return Finding(name, found[2], int(found[1])) if found else Finding(name, line[:200])


@cache
def _tool(name: str) -> str | None:
    return shutil.which(name)


# --- data -------------------------------------------------------------------------------------------


def _yaml(path: str, data: bytes) -> Iterable[Finding]:
    return [Finding("yaml", message, line) for message, line in yaml_faults(data)]


def _json(path: str, data: bytes) -> Iterable[Finding]:
    if path.endswith((".code-workspace", "tsconfig.json", "devcontainer.json")) or "/.vscode/" in f"/{path}":
        return []  # these are JSON with comments by their tools' own rules
    repeated: list[str] = []

    def keep(pairs: list[tuple[str, object]]) -> dict[str, object]:
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                repeated.append(key)
            seen.add(key)
        return dict(pairs)

    try:
        json.loads(data.decode("utf-8-sig"), object_pairs_hook=keep)
    except UnicodeDecodeError:
        return [Finding("json", "the file is not UTF-8")]
    except json.JSONDecodeError as error:
        return [Finding("json", error.msg, error.lineno)]
    except RecursionError:
        return [Finding("json", "nested too deeply")]
    return [Finding("json", f"duplicate key {key!r}") for key in repeated]


def _toml(path: str, data: bytes) -> Iterable[Finding]:
    import tomllib  # few attempts meet a TOML file

    try:
        tomllib.loads(data.decode("utf-8"))
    except UnicodeDecodeError:
        return [Finding("toml", "the file is not UTF-8")]
    except RecursionError:
        return [Finding("toml", "nested too deeply")]
    except tomllib.TOMLDecodeError as error:
        place = re.search(r" \(at line (\d+), column \d+\)$", str(error))
        message = str(error)[: place.start()] if place else str(error)
        return [Finding("toml", message, int(place[1]) if place else None)]
    return []


def _python(path: str, data: bytes) -> Iterable[Finding]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(data, "<file>", "exec", dont_inherit=True)
    except SyntaxError as error:
        return [Finding("python", error.msg, error.lineno)]
    except (ValueError, RecursionError, MemoryError, OverflowError) as error:
        return [Finding("python", str(error) or "too complex to parse")]
    return []


# --- line formats: only what every reader of them refuses ---------------------------------------------


def _ini(path: str, data: bytes) -> Iterable[Finding]:
    section = False
    for number, line in _lines(data):
        if not line.strip() or line.lstrip()[0] in "#;":
            continue
        if line.lstrip().startswith("["):
            if "]" not in line:
                yield Finding("ini", "the section header is not closed", number)
            section = True
        elif not section and "=" not in line and ":" not in line and path.endswith(".cfg"):
            yield Finding("ini", "text before the first section", number)


def _systemd(path: str, data: bytes) -> Iterable[Finding]:
    section, continued = False, False
    for number, line in _lines(data):
        stripped = line.strip()
        if continued or not stripped or stripped[0] in "#;":
            continued = continued and line.endswith("\\")
            continue
        continued = line.endswith("\\")
        if stripped.startswith("["):
            section = True
            if not stripped.endswith("]"):
                yield Finding("systemd", "the section header is not closed", number)
        elif "=" not in stripped:
            yield Finding("systemd", "missing '='", number)
        elif not section:
            yield Finding("systemd", "assignment outside of a section", number)


def _makefile(path: str, data: bytes) -> Iterable[Finding]:
    if re.search(rb"^\.(RECIPEPREFIX|ONESHELL)\b", data, re.MULTILINE):
        return
    target, continued = False, False
    for number, line in _lines(data):
        blank = not line.strip() or line.lstrip().startswith("#")
        if not continued and not blank and not line.startswith("\t"):
            if target and re.match(r" +[@+-]?[a-z./$]\S*(\s|$)(?![:?+]?=)", line) and not re.match(
                r" *(ifn?eq|ifn?def|else|endif|-?include|define|endef|export|override)\b", line
            ):  # fmt: skip
                yield Finding("make", "the recipe line starts with spaces, not a tab", number)
            target = re.match(r"[^\s:=#][^:=#]*:(?!:?=)", line) is not None or (target and line.startswith(" "))
        continued = line.endswith("\\")


def _env(path: str, data: bytes) -> Iterable[Finding]:
    for number, line in _lines(data):
        blank = not line.strip() or line.lstrip().startswith("#")
        if not blank and not re.match(r"\s*(?:export\s+)?[A-Za-z_]\w*\s*=", line):
            yield Finding("env", "no NAME=value", number)
            return  # a value over several lines looks like this from its second line on: say it once


def _lines(data: bytes) -> Iterable[tuple[int, str]]:
    return enumerate((line.rstrip("\r") for line in data.decode("utf-8", "replace").split("\n")), start=1)


_CHECKERS: dict[str, list[tuple[str, Checker]]] = {
    "bash": [("bash -n", _bash)],
    "sh": [("sh -n", _sh)],
    "yaml": [("yaml", _yaml)],
    "json": [("json", _json)],
    "toml": [("toml", _toml)],
    "python": [("python", _python)],
    "ini": [("ini", _ini)],
    "systemd": [("systemd", _systemd)],
    "makefile": [("make", _makefile)],
    "env": [("env", _env)],
}
