"""Configuration that shows or sends a secret: Terraform outputs, Ansible's debug, a workflow's log."""

from __future__ import annotations

import re
from collections.abc import Iterator

from git_executor.lazy import lazy
from git_executor.policy.embedded import kind_of
from git_executor.policy.leaks import SENSITIVE
from git_executor.policy.secrets import names_secret

Finding = tuple[str, str, int]
"""(key, message, line)"""

_BLOCK = lazy(r"^(output|resource|data)\s+\"(\w+)\"(?:\s+\"(\w+)\")?\s*\{(.*?)^\}", re.M | re.S)
_REFERENCE = lazy(r"\b(?:var|local|random_password|data\.\w+|module\.\w+)\.([\w.]+)")
_DEBUG = lazy(r"^(\s*)(?:-\s+)?(?:ansible\.builtin\.)?debug:\s*(.*)$", re.M)
_SENT = lazy(
    r"^\s*(?:-\s+)?(?:body|src|content|data)\s*:.*\blookup\(\s*['\"](?:ansible\.builtin\.)?file['\"]\s*,\s*['\"]([^'\"\n]+)",
    re.M,
)
_QUERY = lazy(r"\burl\s*[:=]\s*[\"']?https?://[^\s\"']*[?&]\w+=(?:\{\{\s*(\w+)|\$\{(?:var|local)\.(\w+))", re.M)
_WORKFLOW = lazy(
    r"^\s*(?:-\s+)?run:\s*(.*\$\{\{\s*(?:secrets\.\w+|toJSON\(\s*(?:secrets|env|github)\s*\)).*)$|^\s*(?:-\s+)?run:\s*[\"']?((?:env|printenv|export -p|set)(?:\s*\|\s*(?:sort|base64).*)?)[\"']?\s*$",
    re.M,
)


def shown(path: str, text: str) -> Iterator[Finding]:
    """Everything in a file of configuration that shows or sends what is secret, whether it is new or not."""
    kind = kind_of(path, text)
    if kind == "hcl":
        yield from _terraform(text)
    elif kind == "yaml":
        yield from _ansible(text)
        if re.search(r"(?:^|/)workflows/|gitlab-ci|\.woodpecker|\.drone", path):
            yield from _workflow(text)
    if kind in ("hcl", "yaml"):
        for found in _QUERY.finditer(text):
            name = found[1] or found[2]
            if names_secret(name):
                yield f"url {name}", f"sends {name} away in an address", _line(text, found.start())


def _line(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1


def _terraform(text: str) -> Iterator[Finding]:
    hidden = {m[1] for m in re.finditer(r"^variable\s+\"(\w+)\"\s*\{[^}]*?\bsensitive\s*=\s*true", text, re.M)}
    for block in _BLOCK.finditer(text):
        kind, label, body = block[1], block[3] or block[2], block[4]
        plain = re.sub(
            r"(?:nonsensitive\(\s*)?[\w.]+\s*[!=]=\s*(?:\"\"|null)\s*\)?|\b(?:length|sha\w+|md5)\([^)]*\)", "", body
        )
        if (kind == "output" and not re.search(r"^\s*sensitive\s*=\s*true", body, re.M)) or (kind, block[2]) in (
            ("resource", "local_file"),
            ("data", "http"),
        ):
            told = plain
        else:
            continue
        for found in _REFERENCE.finditer(told):
            name = found[1].split(".")[0]
            secret = (
                name in hidden
                or names_secret(name)
                or names_secret(found[1].rpartition(".")[2])
                or "random_password" in found[0]
            )
            if secret and not re.search(r"(?i)_(?:id|name|arn|path|length|enabled|version|expir\w*)$", found[1]):
                yield f"{kind} {label} {found[1]}", f"{kind} {label} shows {found[1]}", _line(text, block.start())


def _ansible(text: str) -> Iterator[Finding]:
    for found in _DEBUG.finditer(text):
        rest = text[found.end() : found.end() + 800].split("\n")[1:6]
        body = [found[2]]
        for line in rest:
            if line.strip() and len(line) - len(line.lstrip()) <= len(found[1]):
                break
            body.append(line)
        told = "\n".join(body)
        names_ = re.findall(r"\bvar\s*[:=]\s*[\"']?([\w.]+)", told) + re.findall(
            r"\{\{\s*([\w.]+)\s*(?:\|\s*(?:b64decode|string|trim|to_json|to_nice_\w+)\s*)?\}\}", told
        )
        for name in names_:
            if names_secret(name.rpartition(".")[2]):
                yield f"debug {name}", f"prints {name} for everybody who reads the log", _line(text, found.start())
    for found in _SENT.finditer(text):
        if SENSITIVE.match(found[1]) and "body" in found[0].partition(":")[0]:
            yield f"body {found[1]}", f"sends {found[1]} away", _line(text, found.start())


def _workflow(text: str) -> Iterator[Finding]:
    for found in _WORKFLOW.finditer(text):
        run = found[1] or found[2]
        prints = (
            found[2]
            or "toJSON" in run
            or (re.match(r"[\"']?(?:echo|printf)\b", run) and not re.search(r"\||>", run.split("}}", 1)[-1]))
        )
        if prints:
            yield f"run {run[:100]}", "shows the secrets of the workflow", _line(text, found.start())
