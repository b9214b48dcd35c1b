"""JSON, TOML, .env, Makefile, Python, requirements, systemd: what is mended and what is left alone."""

from __future__ import annotations

import pytest

from tests.playbook.world import ask

JSON = '{\n  "a": 1,\n  "b": [1, 2],\n  "c": "x, }"\n}\n'
TOML = '[a]\nb = "x"\nc = 1\n'
MAKE = "all: build\n\techo a\n\techo b\n\nbuild:\n\techo c\n"
PYTHON = """import os
import json

def main(hosts):
    for host in hosts:
        if host == "a":
            print(f"x {host}")

main(["a"])
"""
UNIT = "[Unit]\nDescription=x\n\n[Service]\nType=oneshot\nExecStart=/bin/x\n"
JQ = "parse error: Expected separator between values at line 3, column 5"
GO = "toml: line 2: expected value but found something else instead"
PY = '  File "/srv/s/x.py", line 4\n    foo\nSyntaxError: invalid syntax'


def raised(line: int, error: str) -> str:
    return f'Traceback (most recent call last):\n  File "/srv/s/x.py", line {line}, in <module>\n    x\n{error}'


FIXES = [
    # rule, log, path, good text, good part, broken part
    ("json-syntax", JQ, "c/x.json", JSON, '"x, }"\n', '"x, }",\n'),
    ("json-syntax", JQ, "c/x.json", JSON, "1,\n", "1\n"),
    ("json-syntax", JQ, "c/x.json", JSON, '"b"', "'b'"),
    ("json-syntax", JQ, "c/x.json", JSON, '"b"', "b"),
    ("json-syntax", JQ, "c/x.json", JSON, '"x, }"', '"x, }'),
    ("json-syntax", JQ, "c/x.json", JSON, "\n}\n", "\n"),
    ("json-syntax", "json.decoder.JSONDecodeError: Expecting property name enclosed in double quotes: line 5 column 1 (char 44)",
     "c/x.json", JSON, '"x, }"\n', '"x, }",\n'),
    ("json-syntax", "SyntaxError: c/x.json: Unexpected token } in JSON at position 44", "c/x.json", JSON, '"x, }"\n', '"x, }",\n'),
    ("json-syntax", "unable to configure the Docker daemon with file c/x.json: invalid character '}' looking for beginning of object key string",
     "c/x.json", JSON, '"x, }"\n', '"x, }",\n'),
    ("toml-syntax", GO, "x.toml", TOML, '"x"', "x"),
    ("toml-syntax", GO, "x.toml", TOML, '"x"', '"x'),
    ("toml-syntax", GO, "x.toml", TOML, "[a]", "[a"),
    ("toml-syntax", GO, "x.toml", TOML, "c =", "c :"),
    ("toml-syntax", "tomllib.TOMLDecodeError: Invalid value (at line 2, column 5)", "x.toml", TOML, '"x"', "x"),
    ("env-line", "./.env: line 2: world: command not found", ".env", 'A=1\nB="hello world"\n', '"hello world"', "hello world"),
    ("env-line", "./.env: line 2: B: command not found", ".env", "A=1\nB=3\n", "B=3", "B = 3"),
    ("env-line", "failed to read /srv/d/x.env: line 1: unexpected character", "d/x.env", "A=1\nB=3\n", "A=1", "A: 1"),
    ("makefile-tab", "Makefile:3: *** missing separator.  Stop.", "Makefile", MAKE, "\techo b", "    echo b"),
    ("makefile-tab", "Makefile:2: *** missing separator (did you mean TAB instead of 8 spaces?).  Stop.", "Makefile", MAKE,
     "\techo a\n\techo b", "        echo a\n        echo b"),
    ("makefile-target", "make: *** No rule to make target 'biuld', needed by 'all'.  Stop.", "Makefile", MAKE, "all: build", "all: biuld"),
    ("ini-line", "configparser.MissingSectionHeaderError: File contains no section headers.\nfile: 'a.cfg', line: 1\n'[defaults\\n'", "a.cfg", "[defaults]\nforks = 1\n", "[defaults]", "[defaults"),
    ("ini-line", "configparser.ParsingError: Source contains parsing errors: 's/x.ini'\n\t[line  3]: 'level 1\\n'", "s/x.ini", "[a]\nb=2\nlevel=1\n", "level=1", "level 1"),
    ("env-line", "conf/site.conf: line 1: Lab: command not found", "conf/site.conf", 'NAME="Home Lab"\nTZ=Europe/Berlin\n', '"Home Lab"', "Home Lab"),
    ("systemd-value", "/x/b.service:5: Failed to parse service restart specifier, ignoring: on-failed", "b.service", UNIT.replace("Type=oneshot", "Restart=on-failure"), "on-failure", "on-failed"),
    ("python-syntax", PY, "s/x.py", PYTHON, "{host}", "{host"),
    ("python-key", raised(7, "KeyError: 'adress'"), "s/x.py", PYTHON.replace("{host}", "{host['address']}") + 'A = {"address": 1}\n', "host['address']", "host['adress']"),
    ("python-syntax", PY, "s/x.py", PYTHON, "hosts):", "hosts)"),
    ("python-syntax", PY, "s/x.py", PYTHON, '"a":', '"a"'),
    ("python-syntax", PY, "s/x.py", PYTHON, '== "a"', '= "a"'),
    ("python-syntax", PY, "s/x.py", PYTHON, '{host}")', '{host}"'),
    ("python-syntax", PY, "s/x.py", PYTHON, '{host}")', "{host})"),
    ("python-syntax", PY, "s/x.py", PYTHON, 'main(["a"])', 'main(["a"]'),
    ("python-name", raised(7, "NameError: name 'hsot' is not defined"), "s/x.py", PYTHON, "{host}", "{hsot}"),
    ("python-name", raised(7, "NameError: name 'hosst' is not defined. Did you mean: 'host'?"), "s/x.py", PYTHON, "{host}", "{hosst}"),
    ("python-module", raised(2, "ModuleNotFoundError: No module named 'josn'"), "s/x.py", PYTHON, "import json", "import josn"),
    ("python-key", raised(2, "KeyError: 'hostnme'"), "s/x.py", 'c = {"hostname": 1}\nprint(c["hostname"])\n', 'c["hostname"]', 'c["hostnme"]'),
    ("requirement", "ERROR: No matching distribution found for requets", "requirements.txt", "requests==2\n", "requests", "requets"),
    ("requirement", "ERROR: Invalid requirement: 'requests=2.31.0': Expected end", "requirements.txt", "requests==2.31.0\n", "==", "="),
    ("systemd-key", "/etc/systemd/system/x.service:6: Unknown key name 'ExecStrat' in section 'Service', ignoring.", "u/x.service", UNIT,
     "ExecStart", "ExecStrat"),
    ("systemd-section", "x.service:4: Unknown section 'Servce'. Ignoring.", "u/x.service", UNIT, "[Service]", "[Servce]"),
    ("systemd-header", "x.service:4: Invalid section header '[Service'", "u/x.service", UNIT, "[Service]", "[Service"),
    ("systemd-equals", "x.service:5: Missing '=', ignoring line.", "u/x.service", UNIT, "Type=oneshot", "Type: oneshot"),
    ("systemd-value", "x.service:5: Failed to parse service type, ignoring: onehsot", "u/x.service", UNIT, "oneshot", "onehsot"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "log", "path", "good", "part", "broken"), FIXES)
def test_fixes(rule: str, log: str, path: str, good: str, part: str, broken: str) -> None:
    assert part in good
    if path.startswith("u/"):
        log = log.replace("/etc/systemd/system/", "")
    answer = ask(log, {path: good.replace(part, broken, 1)})
    assert (answer.rule, answer.new if answer.proposal else answer.declined) == (rule, good)


SILENT = [
    # why, log, files
    ("sound JSON", JQ, {"c/x.json": JSON}),
    ("two broken files, none named", JQ, {"c/x.json": '{"a":1,}', "c/y.json": '{"a":1,}'}),
    ("another file is named", "c/y.json: " + JQ, {"c/x.json": '{"a":1,}', "c/y.json": "{}"}),
    ("cut in the middle", JQ, {"c/x.json": '{"a": [1, {"b": '}),
    ("JSON of two values", JQ, {"c/x.json": '{"a": 1} {"b": 2}'}),
    ("a comma in a string", JQ, {"c/x.json": '{"a": ",}", "b" "c"}'}),
    ("sound TOML", GO, {"x.toml": TOML}),
    ("a date that is none", GO, {"x.toml": "a = 2026-13-45\n"}),
    ("a recipe with tabs", "Makefile:2: *** missing separator.  Stop.", {"Makefile": MAKE}),
    ("merge markers in a Makefile", "Makefile:1: *** missing separator.  Stop.", {"Makefile": "<<<<<<< HEAD\n" + MAKE}),
    ("no near target", "make: *** No rule to make target 'deploy', needed by 'all'.  Stop.", {"Makefile": MAKE.replace("all: build", "all: deploy")}),
    ("a package of their own", "ERROR: No matching distribution found for labtools", {"requirements.txt": "labtools\n"}),
    ("a module that is not installed", raised(1, "ModuleNotFoundError: No module named 'proxmoxer'"), {"s/x.py": "import proxmoxer\n"}),
    ("a key of two near ones", raised(1, "KeyError: 'hostnam'"), {"s/x.py": 'print(c["hostnam"], "hostname", "hostnama")\n'}),
    ("a frame in a library", 'File "/usr/lib/python3/x.py", line 1, in f\nNameError: name \'x\' is not defined', {"s/y.py": "x = 1\n"}),
    ("an INI line of many words", "parsing errors: 'x.ini'\n\t[line  2]: 'a b c\\n'", {"x.ini": "[a]\na b c\nd=1\n"}),
    ("a script, not settings", "conf/site.conf: line 1: Lab: command not found", {"conf/site.conf": "NAME=Home Lab\necho hi\n"}),
    ("words in .env that are no second word", "./.env: line 1: other: command not found", {".env": "B=hello world\n"}),
    ("a command in .env", "./.env: line 1: B: command not found", {".env": "B = $(date)\n"}),
    ("an unknown key with no near one", "x.service:3: Unknown key name 'Foobarbaz' in section 'Unit', ignoring.", {"x.service": "[Unit]\nA=b\nFoobarbaz=1\n"}),
]  # fmt: skip


@pytest.mark.parametrize(("why", "log", "files"), SILENT)
def test_stays_silent(why: str, log: str, files: dict[str, str | bytes]) -> None:
    answer = ask(log, files)
    assert answer.proposal is None, answer.new


# --- paths ------------------------------------------------------------------------------------------------

BASH = "#!/bin/bash\nset -e\n"
PATHS = [
    # log, path, good line, broken line, other files
    ("s/run.sh: line 3: lib/comon.sh: No such file or directory", "s/run.sh", 'source "$DIR/lib/common.sh"', 'source "$DIR/lib/comon.sh"', ["s/lib/common.sh"]),
    ("s/run.sh: line 3: /srv/lab/s/lib/Common.sh: No such file or directory", "s/run.sh", "source ./lib/common.sh", "source ./lib/Common.sh", ["s/lib/common.sh"]),
    ('error: the path "k/app.yml" does not exist', "d.sh", "kubectl apply -f k/app.yaml", "kubectl apply -f k/app.yml", ["k/app.yaml"]),
    ('error: the path "k/web/app.yaml" does not exist', "d.sh", "kubectl apply -f k/apps/web/app.yaml", "kubectl apply -f k/web/app.yaml", ["k/apps/web/app.yaml"]),
    ("open manifests/ingress-contoller.yaml: no such file or directory", "d.sh", "kubectl apply -f manifests/ingress-controller.yaml",
     "kubectl apply -f manifests/ingress-contoller.yaml", ["manifests/ingress-controller.yaml", "manifests/ingress.yaml"]),
    ("FileNotFoundError: [Errno 2] No such file or directory: 'data/hots.json'", "d.sh", "python3 x.py data/hosts.json", "python3 x.py data/hots.json", ["data/hosts.json"]),
    ("cat: conf/settngs.conf: No such file or directory", "d.sh", "cat conf/settings.conf", "cat conf/settngs.conf", ["conf/settings.conf"]),
    ("Error: stat charts/monitring: no such file or directory", "d.sh", "helm install m charts/monitoring", "helm install m charts/monitring", ["charts/monitoring/Chart.yaml"]),
]  # fmt: skip


@pytest.mark.parametrize(("log", "path", "good", "broken", "others"), PATHS)
def test_paths(log: str, path: str, good: str, broken: str, others: list[str]) -> None:
    answer = ask(log, {path: f"{BASH}{broken}\n", **dict.fromkeys(others, "x\n")}, listed=(path,))
    assert (answer.rule, answer.new if answer.proposal else answer.declined) == ("missing-path", f"{BASH}{good}\n")


NO_PATHS = [
    ('error: the path "cluster/node1.yaml" does not exist', "kubectl apply -f cluster/node1.yaml", ["cluster/node2.yaml"]),
    ('error: the path "k/app.yaml" does not exist', "kubectl apply -f k/app.yaml", ["k/apps.yaml", "k/ap.yaml"]),
    ('error: the path "k/app.yaml" does not exist', "kubectl apply -f k/app.yaml", []),
    ("cat: /etc/lab/setings.conf: No such file or directory", "cat /etc/lab/setings.conf", ["etc/lab/settings.conf"]),
    ("cat: out/kubeconfig: No such file or directory", "cat out/kubeconfig", ["out/kubeconfig.example"]),
    ("cat: .env: No such file or directory", "cat .env", [".env.example"]),
    ('error: the path "k/values.yaml" does not exist', "helm -f k/values.yaml", ["other/values.yaml"]),
]  # fmt: skip


@pytest.mark.parametrize(("log", "line", "others"), NO_PATHS)
def test_no_paths(log: str, line: str, others: list[str]) -> None:
    answer = ask(log, {"d.sh": f"{BASH}{line}\n", **dict.fromkeys(others, "x\n")}, listed=("d.sh",))
    assert answer.proposal is None, answer.new


def test_a_template_is_looked_for_where_its_role_has_them() -> None:
    task = "- template:\n    src: haproxy.cfg.j2\n"
    files = {"a/roles/lb/tasks/main.yml": task, "a/roles/lb/templates/etc/haproxy.cfg.j2": "x\n"}
    answer = ask("FAILED! => {\"msg\": \"Could not find or access 'haproxy.cfg.j2'\"}", files)
    assert answer.new == task.replace("haproxy", "etc/haproxy")


def test_an_ignored_file_is_made_by_a_person() -> None:
    files = {"d.sh": f"{BASH}cat conf/secrt.env\n", "conf/secret.env": "", ".gitignore": "secrt.env\n"}
    assert "git-ignored" in ask("cat: conf/secrt.env: No such file or directory", files).declined
