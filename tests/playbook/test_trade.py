"""Files of the trade in more breadth: every kind of slip once, and what must be left to a person."""

from __future__ import annotations

import pytest

from tests.playbook.world import Files, ask

JSON = """{
  "cluster": "homelab",
  "replicas": 3,
  "nodes": [
    {"name": "pve1", "ip": "10.0.10.11"},
    {"name": "pve2", "ip": "10.0.10.12"}
  ],
  "backup": {
    "enabled": true,
    "keep": [7, 4, 6]
  },
  "dns": ["10.0.10.1", "1.1.1.1"]
}
"""
JSON_FIXES = [
    ('"pve1", "ip"', '"pve1" "ip"'), ('10.0.10.1", "1', '10.0.10.1" "1'), ("7, 4", "7 4"), ("  ],\n", "  ]\n"), ("  ],\n", ""), ("  },\n", ""), ("  },\n", "  ,\n"),
    ("[7, 4, 6]", "[7, 4, 6"), ('"nodes": [', '"nodes": '), ('"backup": {', '"backup": '), ('"pve1"', '"pve1'), ('"homelab"', 'homelab"'), ('"cluster":', '"cluster:'),
    ('"1.1.1.1"]', '"1.1.1.1]'), ('"replicas": 3', '"replicas":: 3'), ("true", "yes"), ("  },\n", "  }},\n"), ('1"]\n}\n', '1"]\n}}\n'), ("3,", "3, // three"), ("3,", "3, # three"),
    ('  "nodes"', '  /* all */\n  "nodes"'), ('"homelab",', '"homelab";'), ('"homelab"', "“homelab”"), ("[7, 4, 6]", "(7, 4, 6)"),
]  # fmt: skip
JSON_SILENT = [
    ('"homelab"', '"home\nlab"'), ('"replicas": 3,', '"replicas": ,'), ('"replicas": 3,', '<<<<<<< HEAD\n  "replicas": 3,\n=======\n  "replicas": 5,\n>>>>>>> x'),
    ('"1.1.1.1"]', '"1.1.1.1\t"]'), ('"replicas": 3', '"replicas": three-ish or so'),
]  # fmt: skip

TOML = """title = "homelab"
version = "1.4.0"
updated = 2024-05-12

[proxmox]
host = "pve1.lan"
port = 8006
nodes = ["pve1", "pve2"]

[[vm]]
name = "web"
memory = 4096
tags = [
  "prod",
  "web",
]

[[vm]]
name = "db"
disk = { size = "32G", ssd = true }
"""
TOML_FIXES = [
    ('"1.4.0"', "1.4.0"), ('["pve1", "pve2"]', "[pve1, pve2]"), ('"32G"', "32G"), ('  "prod",', "  prod,"), ("port = 8006", "port: 8006"), ("port = 8006", "port := 8006"),
    ('size = "32G"', 'size: "32G"'), ('[[vm]]\nname = "db"', '[vm]\nname = "db"'), ("port = 8006\n", "port = 8006\nhost = \"pve1.lan\"\n"), ("2024-05-12", "2024-5-12"), ("2024-05-12", "2024/05/12"),
    ('"homelab"', 'homelab"'), ('["pve1", "pve2"]', '["pve1", "pve2]'), ('["pve1", "pve2"]', '["pve1, "pve2"]'), ('  "web",', '  "web,'), ("[proxmox]", "proxmox]"), ("[proxmox]", "{proxmox}"),
    ("[proxmox]", "[proxmox]:"), ('[[vm]]\nname = "db"', '[vm]]\nname = "db"'), ("= true", "= yes"), ("4096", "4,096"), ('["pve1", "pve2"]', '["pve1" "pve2"]'), ('  "prod",\n', '  "prod"\n'),
    ("true }", "true"), ("true }", "true, }"), ('"32G", ssd', '"32G" ssd'), ("port = 8006", "port = 8006;"), ('disk = { size = "32G", ssd = true }', 'disk = {\n  size = "32G",\n  ssd = true\n}'),
]  # fmt: skip
TOML_SILENT = [
    ("port = 8006\n", "port = 8006\nport = 8007\n"), ("8006", "null"), ("8006", ""), ("4096", "4096M or so"), ("[proxmox]", "[prox mox]"), ("[proxmox]", "[[vm]]\n[proxmox]\n[proxmox]"),
]  # fmt: skip

MAKE = """IMAGE := registry.lan/app
TAG ?= 1.0

all: build

build: lint
\t@test -n "$(IMAGE)" || exit 1

lint:
\t@echo linting

ifeq ($(TAG),1.0)
EXTRA = stable
else
EXTRA = edge
endif

define banner
@echo "== $(1) =="
endef

deploy: build
\t$(call banner,deploy)
"""
MISSING = "Makefile:{}: *** missing separator.  Stop."
MAKE_FIXES = [
    ("endif\n", "", "Makefile:30: *** missing 'endif'.  Stop."), ("endif\n", "end\n", "Makefile:30: *** missing 'endif'.  Stop."), ("endif\n", "fi\n", "Makefile:30: *** missing 'endif'.  Stop."),
    ("endef\n", "", "Makefile:18: *** missing 'endef', unterminated 'define'.  Stop."), ("endef\n", "enddef\n", "Makefile:18: *** missing 'endef', unterminated 'define'.  Stop."),
    ("else\n", "esle\n", MISSING.format(14)), ("ifeq (", "ifeq(", MISSING.format(12)), ("ifeq (", "ifeg (", MISSING.format(12)), ("1.0)", "1.0", "Makefile:12: *** invalid syntax in conditional.  Stop."),
    ("(TAG),1.0", "(TAG) 1.0", "Makefile:12: *** invalid syntax in conditional.  Stop."), ("(IMAGE)", "(IMAEG)", "make: *** [Makefile:7: build] Error 1"),
    ("deploy: build", "deploy: biuld", "make: *** No rule to make target 'biuld', needed by 'deploy'.  Stop."),
]  # fmt: skip
MAKE_SILENT = [
    ("endif\n\n", "deploy-all:\n\techo\n", "Makefile:30: *** missing 'endif'.  Stop."), ("(IMAGE)", "(OTHER)", "make: *** [Makefile:7: build] Error 1"),
    ("(IMAGE)", "(HOME)", "make: *** [Makefile:7: build] Error 1"), ("else\n", "otherwise\n", MISSING.format(14)), ("TAG ?= 1.0", "TAGS 1.0", MISSING.format(2)),
]  # fmt: skip

ENV = '# registry\nHOST=registry.lan\nNAME="Jane Doe"\nBACKUP_DIR=/mnt/backup\nNETS="10.0.0.0/8 192.168.0.0/16"\n'
RUN = '#!/usr/bin/env bash\nset -eu\n. ./.env\necho "$HOST $NAME $BACKUP_DIR $NETS"\n'
ENV_FIXES = [
    ("BACKUP_DIR=/mnt", "BACKUP_DIR= /mnt", "./.env: line 4: /mnt/backup: No such file or directory"), ("BACKUP_DIR", "BACKUP-DIR", "./.env: line 4: BACKUP-DIR=/mnt/backup: No such file or directory"),
    ('"10.0.0.0/8 192.168.0.0/16"', '"10.0.0.0/8 192.168.0.0/16', "./.env: line 5: unexpected EOF while looking for matching `\"'"), ('"Jane Doe"', '"Jane Doe', "./.env: line 5: unexpected EOF while looking for matching `\"'"),
    ('"Jane Doe"', 'Jane Doe"', "./.env: line 5: unexpected EOF while looking for matching `\"'"), ('"Jane Doe"', "\"Jane Doe'", "./.env: line 5: unexpected EOF while looking for matching `\"'"),
    ("HOST=", "HOST: ", "./.env: line 2: HOST:: command not found"), ("HOST=", "HOST:", "./.env: line 2: HOST:registry.lan: command not found"),
    ('"10.0.0.0/8 192.168.0.0/16"', "10.0.0.0/8 192.168.0.0/16", "./.env: line 5: 192.168.0.0/16: No such file or directory"),
]  # fmt: skip
ENV_SILENT = [
    ("# registry", "registry settings", "./.env: line 1: registry: command not found"), ("HOST=registry.lan", "HOST=registry.lan & more", "./.env: line 2: more: command not found"),
    ("BACKUP_DIR", "OTHER-DIR", "./.env: line 4: OTHER-DIR=/mnt/backup: No such file or directory"), ("HOST=", "export: HOST=", "./.env: line 2: export:: command not found"),
]  # fmt: skip

UNIT = "[Unit]\nDescription=x\nAfter=network-online.target docker.service\n\n[Service]\nType=oneshot\nExecStart=/bin/x\nRestartSec=30s\nWorkingDirectory=/tmp\n\n[Timer]\nOnCalendar=daily\n"
UNIT_FIXES = [
    ("network-online.target", "network-online", "b.service:3: Failed to add dependency on network-online, ignoring: Invalid argument"), ("target docker", "target, docker", "b.service:3: Failed to add dependency on network-online.target,, ignoring: Invalid argument"),
    ("[Service]", "Service]", "b.service:5: Missing '=', ignoring line."), ("[Unit]", "(Unit)", "b.service:2: Assignment outside of section. Ignoring."), ("[Unit]\n", "", "b.service:1: Assignment outside of section. Ignoring."),
    ("30s", "30s.", "b.service:8: Failed to parse sec value, ignoring: 30s."), ("RestartSec", "Restart_Sec", "b.service:8: Unknown key 'Restart_Sec' in section [Service], ignoring."),
    ("=/tmp", "=tmp", "b.service:9: WorkingDirectory= path is not absolute: tmp"), ("daily", "dayly", "b.service:12: Failed to parse calendar specification, ignoring: dayly"), ("Type", "-Type", "b.service:6: Unknown key '-Type' in section [Service], ignoring."),
]  # fmt: skip
UNIT_SILENT = [
    ("30s", "thirty", "b.service:8: Failed to parse sec value, ignoring: thirty"), ("daily", "nightly", "b.service:12: Failed to parse calendar specification, ignoring: nightly"),
    ("daily", "25:00", "b.service:12: Failed to parse calendar specification, ignoring: 25:00"), ("=/tmp", "=work/dir", "b.service:9: WorkingDirectory= path is not absolute: work/dir"),
]  # fmt: skip


def table(path: str, good: str, entries: list[tuple[str, ...]], log: str = "", **more: str) -> list[tuple[Files, str, str, str]]:
    rows = []
    for part, broken, *said in entries:
        assert part in good, part
        rows.append(({path: good.replace(part, broken, 1), **more}, path, good, said[0] if said else log))
    return rows


FIXES = [
    *table("c/x.json", JSON, JSON_FIXES, "parse error: c/x.json is not valid JSON"), *table("lab.toml", TOML, TOML_FIXES, "toml: lab.toml cannot be read"), *table("Makefile", MAKE, MAKE_FIXES),
    *table(".env", ENV, ENV_FIXES, **{"run.sh": RUN}), *table("b.service", UNIT, UNIT_FIXES),
]  # fmt: skip
SILENT = [
    *table("c/x.json", JSON, JSON_SILENT, "parse error: c/x.json is not valid JSON"), *table("lab.toml", TOML, TOML_SILENT, "toml: lab.toml cannot be read"), *table("Makefile", MAKE, MAKE_SILENT),
    *table(".env", ENV, ENV_SILENT, **{"run.sh": RUN}), *table("b.service", UNIT, UNIT_SILENT),
]  # fmt: skip


def _plain(text: str) -> str:
    """Without blanks and line breaks: where a bracket is put is a matter of taste."""
    return "".join(text.split()).replace('"size"', "size")


@pytest.mark.parametrize(("files", "path", "good", "log"), FIXES)
def test_fixes(files: Files, path: str, good: str, log: str) -> None:
    answer = ask(log, files)
    assert answer.path == path
    assert _plain(answer.new) == _plain(good)


@pytest.mark.parametrize(("files", "path", "good", "log"), SILENT)
def test_stays_silent(files: Files, path: str, good: str, log: str) -> None:
    answer = ask(log, files)
    assert answer.proposal is None, answer.new
