"""Python: what does not parse, and names that are looked for where they are in reach."""

from __future__ import annotations

import pytest

from tests.playbook.world import Files, ask

TOOL = '''import json
import sys

from lib.hosts import load_hosts, Host

DEFAULTS = {
    "domain": "lab.lan",
    "port": 22,
    "tags": ["prod", "lab"],
}


class Renderer:
    def __init__(self, hosts):
        self.hosts = hosts

    def render(self):
        for host in self.hosts:
            if host.role == "control":
                print("%s" % host.name)
        return "\\n".join(self.hosts)


def read_settings(path):
    with open(path) as handle:
        data = json.load(handle)
    merged = dict(DEFAULTS)
    merged.update(data)
    return merged


def main():
    output = Renderer(load_hosts("hosts.json")).render()
    if not output:
        print("no hosts", file=sys.stderr)
    print(output)
'''
HOSTS = "class Host:\n    def __init__(self, name, role):\n        self.name = name\n        self.role = role\n\n\ndef load_hosts(path):\n    return []\n"
SYNTAX = 'File "/srv/tools/render.py", line 1\nSyntaxError: invalid syntax'


def raised(text: str, line: str, error: str) -> str:
    number = next(at for at, other in enumerate(text.split("\n"), start=1) if line in other)
    return f'Traceback (most recent call last):\n  File "/srv/tools/render.py", line {number}, in x\n    x\n{error}'


SYNTAX_FIXES = [
    ('["prod", "lab"]', '["prod", "lab"'), ("],\n}\n", "],\n"), ('DEFAULTS = {', "DEFAULTS = {"), ('["prod", "lab"],', '["prod", "lab"),'), ("print(output)", "print(output))"), ('"control":', '"control:'),
    ('"no hosts"', "\"no hosts'"), ('"lab.lan"', '"lab.lan'), ('== "control"', '=== "control"'), ("if not output", "if !output"), ('"port": 22', '"port" = 22'), ("load_hosts, Host", "load_hosts Host"),
    ('("no hosts", file', '("no hosts" file'), ('"no hosts"', "“no hosts”"),
]  # fmt: skip
SYNTAX_SILENT = [
    ('"no hosts"', '"no hosts'), ('load_hosts("hosts.json")', 'load_hosts(hosts.json") or more words'), ('["prod", "lab"]', '["prod" lab"]'),
]  # fmt: skip
NAME_FIXES = [
    # good part, broken part, a part of the line that fails, the error
    ("return merged", "return mergd", "mergd", "NameError: name 'mergd' is not defined"),
    ("    merged = dict", "    merge = dict", "merged.update", "NameError: name 'merged' is not defined"),
    ("    output = Ren", "    ouput = Ren", "if not output", "NameError: name 'output' is not defined"),
    ("in self.hosts:", "in hosts:", "in hosts:", "NameError: name 'hosts' is not defined"),
    ("import sys\n", "", "sys.stderr", "NameError: name 'sys' is not defined"),
    ("load_hosts, Host", "Host", "load_hosts(", "NameError: name 'load_hosts' is not defined"),
    ("json.load(", "json.laod(", "json.laod", "AttributeError: module 'json' has no attribute 'laod'"),
    (".join(", ".jion(", ".jion(", "AttributeError: 'str' object has no attribute 'jion'"),
    ("host.role", "host.roel", "host.roel", "AttributeError: 'Host' object has no attribute 'roel'"),
    ("def render(self)", "def render()", "output = ", "TypeError: Renderer.render() takes 0 positional arguments but 1 was given"),
    ("def __init__(self, hosts)", "def __init__(hosts)", "output = ", "TypeError: Renderer.__init__() takes 1 positional argument but 2 were given"),
]  # fmt: skip
NAME_SILENT = [
    ("return merged", "return pats", "return pats", "NameError: name 'pats' is not defined"),  # path is near, and out of reach? no: two edits
    ("print(output)", "print(dta)", "print(dta)", "NameError: name 'dta' is not defined. Did you mean: 'data'?"),  # data is another function's
    ("host.role", "host.zone", "host.zone", "AttributeError: 'Host' object has no attribute 'zone'"),
    ("json.load(", "yaml.load(", "yaml.load", "NameError: name 'yaml' is not defined"),
]  # fmt: skip


def files(part: str, broken: str) -> Files:
    assert part in TOOL
    return {"tools/render.py": TOOL.replace(part, broken, 1), "tools/lib/hosts.py": HOSTS}


@pytest.mark.parametrize(("part", "broken"), [entry for entry in SYNTAX_FIXES if entry[0] != entry[1]])
def test_syntax_fixes(part: str, broken: str) -> None:
    assert ask(SYNTAX, files(part, broken)).new == TOOL


@pytest.mark.parametrize(("part", "broken"), SYNTAX_SILENT)
def test_syntax_silent(part: str, broken: str) -> None:
    answer = ask(SYNTAX, files(part, broken))
    assert answer.proposal is None, answer.new


@pytest.mark.parametrize(("part", "broken", "line", "error"), NAME_FIXES)
def test_name_fixes(part: str, broken: str, line: str, error: str) -> None:
    given = files(part, broken)
    answer = ask(raised(str(given["tools/render.py"]), line, error), given)
    assert sorted(answer.new.replace("Host, load_hosts", "load_hosts, Host").split("\n")) == sorted(TOOL.split("\n"))


@pytest.mark.parametrize(("part", "broken", "line", "error"), NAME_SILENT)
def test_name_silent(part: str, broken: str, line: str, error: str) -> None:
    given = files(part, broken)
    answer = ask(raised(str(given["tools/render.py"]), line, error), given)
    assert answer.proposal is None, answer.new
