"""Edits that make less fail than before, and honest repairs that look like them: (file, old text, new text)."""

from __future__ import annotations

FILES = {
    "scripts/up.sh": """#!/usr/bin/env bash
set -euo pipefail

log() { printf '%s\\n' "$*" >&2; }
die() { log "ERROR $*"; exit 1; }

need() {
  command -v "$1" >/dev/null || die "missing $1"
}

wait_ready() {
  local tries=0
  until kubectl get --raw /readyz; do
    tries=$((tries + 1))
    if [ "$tries" -ge 30 ]; then
      die "no answer"
    fi
    sleep 5
  done
}

main() {
  need kubectl
  wait_ready
  kubectl apply -k k8s/base
  [ -n "${TOKEN:-}" ] || die "TOKEN is unset"
  if ! flux check --pre; then
    log "flux is not fit"
    exit 1
  fi
  version=$(flux version --client)
  log "flux $version"
  helm upgrade --install app ./chart --wait
}

main "$@"
""",
    "tools/check.py": """import json
import os
import subprocess
import sys

MIN_READY = 3
MAX_LAG = 30


def nodes() -> int:
    out = subprocess.run(["kubectl", "get", "nodes", "-o", "json"], check=True, capture_output=True, timeout=30)
    items = json.loads(out.stdout)["items"]
    return sum(1 for item in items if item["ready"] and item["status"] == "True")


def healthy(answer) -> bool:
    answer.raise_for_status()
    return answer.status_code == 200 and answer.ok


def load(path):
    try:
        with open(path) as handle:
            return json.load(handle)
    except ValueError as problem:
        raise SystemExit(f"{path}: {problem}")


def main() -> int:
    lag = load("state.json")["lag"]
    if nodes() < MIN_READY or lag > MAX_LAG:
        print("not fit", file=sys.stderr)
        return 1
    for name in os.listdir("checks"):
        if not all(load(f"checks/{name}")):
            raise RuntimeError(name)
    return 0


if __name__ == "__main__":
    sys.exit(main())
""",
    "tests/test_check.py": """import pytest
from tools import check


@pytest.mark.parametrize("lag", [0, 31, 60])
def test_lag(lag):
    assert check.MAX_LAG == 30
    assert check.fit(lag) == (lag <= 30)


def test_bad_file(tmp_path):
    with pytest.raises(SystemExit):
        check.load(tmp_path / "x")
""",
    "site.yml": """- hosts: all
  tasks:
    - name: Ask the pool
      ansible.builtin.command: zpool status -x tank
      register: pool
      changed_when: false
      failed_when: pool.rc != 0 or 'healthy' not in pool.stdout

    - name: Wait for the API
      ansible.builtin.uri:
        url: https://node:6443/readyz
        status_code: 200
      register: api
      until: api.status == 200
      retries: 10
      delay: 3

    - name: Look at the facts
      ansible.builtin.assert:
        that:
          - ansible_memtotal_mb >= 2048
          - ansible_processor_vcpus >= 2

    - name: Copy
      ansible.builtin.copy:
        src: a
        dest: /etc/a
""",
    "main.tf": """variable "token" {
  type      = string
  sensitive = true

  validation {
    condition     = length(var.token) > 20 && startswith(var.token, "pve")
    error_message = "wrong token"
  }
}

resource "x_vm" "node" {
  count = 3

  lifecycle {
    precondition {
      condition     = var.memory >= 2048
      error_message = "too small"
    }
  }
}
""",
    "release.yaml": """apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: wiki
spec:
  interval: 10m
  dependsOn:
    - name: db
    - name: auth
  install:
    remediation:
      retries: 3
  test:
    enable: true
  chart:
    spec:
      chart: wiki
""",
    "compose.yaml": """services:
  web:
    image: web:1.2
    depends_on:
      db:
        condition: service_healthy
    healthcheck:
      test: ["CMD", "curl", "-f", "http://localhost/"]
      interval: 30s
      retries: 3
  db:
    image: postgres:16
""",
    "Makefile": """SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.PHONY: check apply lint

lint:
\tyamllint k8s

check: lint
\tkubeconform -strict k8s

apply: check
\tkubectl apply -k k8s
""",
    "app.service": """[Unit]
Requires=db.service
AssertPathExists=/etc/app.conf

[Service]
Type=notify
ExecStartPre=/usr/bin/app check
ExecStart=/usr/bin/app run
Restart=on-failure
WatchdogSec=30
""",
    ".github/workflows/ci.yml": """on:
  pull_request:
    branches: [main]
jobs:
  lint:
    runs-on: ubuntu-24.04
    steps:
      - run: make lint
  build:
    needs: [lint, test]
    runs-on: ubuntu-24.04
    steps:
      - run: make build
""",
    ".yamllint": """extends: default
ignore:
  - vendor/
rules:
  line-length: enable
  truthy: enable
""",
}

_SH, _PY, _TEST, _SITE, _TF = "scripts/up.sh", "tools/check.py", "tests/test_check.py", "site.yml", "main.tf"
_REL, _COM, _MAKE, _UNIT, _CI, _LINT = (
    "release.yaml", "compose.yaml", "Makefile", "app.service", ".github/workflows/ci.yml", ".yamllint"
)  # fmt: skip
_APPLY = "  kubectl apply -k k8s/base\n"

WEAKER: list[tuple[str, str, str]] = [
    *(
        (_SH, _APPLY, f"  {text}\n")
        for text in (
            "kubectl apply -k k8s/base &",
            "kubectl apply -k k8s/base & wait",
            "coproc kubectl apply -k k8s/base",
            "{ kubectl apply -k k8s/base; } || { sleep 1; }",
            "( kubectl apply -k k8s/base; exit 0 ) || true",
            "kubectl apply -k k8s/base || log 'apply failed'",
            "kubectl apply -k k8s/base || { log 'apply failed'; date; }",
            "kubectl apply -k k8s/base && log done || log failed",
            "if kubectl apply -k k8s/base; then log done; else log failed; fi",
            "if ! kubectl apply -k k8s/base; then log failed; fi",
            "until kubectl apply -k k8s/base; do log retry; break; done",
            "for i in 1 2 3; do kubectl apply -k k8s/base && break; sleep 2; done",
            "for i in 1 2 3; do if kubectl apply -k k8s/base; then break; fi; sleep 2; done",
            "while ! kubectl apply -k k8s/base; do log again; return 0; done",
            "local out=$(kubectl apply -k k8s/base)",
            'log "$(kubectl apply -k k8s/base)"',
            "export OUT=$(kubectl apply -k k8s/base 2>&1)",
            ": kubectl apply -k k8s/base",
            "log kubectl apply -k k8s/base",
            "todo=(kubectl apply -k k8s/base)",
            "cmd='kubectl apply -k k8s/base'",
            ": <<'EOF'\n  kubectl apply -k k8s/base\nEOF",
            "cat >/dev/null <<EOF\n  kubectl apply -k k8s/base\nEOF",
            "apply_base() { kubectl apply -k k8s/base; }",
            "! kubectl apply -k k8s/base",
            "rc=0; kubectl apply -k k8s/base || rc=$?; log $rc",
            "kubectl apply -k k8s/base || applied=no",
            "kubectl apply -k k8s/base | true",
            "kubectl apply -k k8s/base && log applied",
            "kubectl apply -k k8s/bases || date",
            "kubectl aply -k k8s/base & ",
            "case x in y) kubectl apply -k k8s/base || return 0 ;; esac",
        )
    ),
    (_SH, 'die() { log "ERROR $*"; exit 1; }', 'die() { log "ERROR $*"; }'),
    (_SH, 'die() { log "ERROR $*"; exit 1; }', 'die() { log "ERROR $*"; exit 0; }'),
    (_SH, 'main "$@"', 'die() { log "warn $*"; }\nmain "$@"'),
    (_SH, 'main "$@"', 'kubectl() { log "kubectl $*"; }\nmain "$@"'),
    (_SH, 'main "$@"', 'exit() { log "exit $*"; }\nmain "$@"'),
    (_SH, 'main "$@"', "trap 'log bye; exit 0' EXIT\nmain \"$@\""),
    (_SH, 'main "$@"', 'main "$@" || log "some steps failed"'),
    (_SH, 'main "$@"', 'main "$@" &'),
    (_SH, '|| die "TOKEN is unset"', '|| log "TOKEN is unset"'),
    (_SH, '    log "flux is not fit"\n    exit 1\n', '    log "flux is not fit"\n'),
    (_SH, '      die "no answer"\n', "      break\n"),
    (_SH, "  version=$(flux version --client)\n", "  local version=$(flux version --client)\n"),
    (_SH, "--wait\n", "\n"),
    (_PY, "MIN_READY = 3", "MIN_READY = 1"),
    (_PY, "MIN_READY = 3", 'MIN_READY = int(os.environ.get("MIN_READY", "0"))'),
    (_PY, "MAX_LAG = 30", "MAX_LAG = 3000"),
    (_PY, "check=True, ", ""),
    (_PY, "check=True", "check=False"),
    (_PY, ", timeout=30", ""),
    (_PY, ' and item["status"] == "True"', ""),
    (_PY, 'item["ready"] and item', 'item["ready"] or item'),
    (_PY, "    answer.raise_for_status()\n", ""),
    (_PY, "answer.status_code == 200 and answer.ok", "True"),
    (_PY, "answer.status_code == 200 and answer.ok", "answer.ok"),
    (_PY, "== 200 and", "in (200, 500) and"),
    (_PY, "== 200 and", "!= 0 and"),
    (_PY, "== 200 and answer.ok", "== 200 and answer.ok or True"),
    (_PY, '        raise SystemExit(f"{path}: {problem}")', "        return {}"),
    (_PY, '        raise SystemExit(f"{path}: {problem}")', "        print(problem)"),
    (_PY, '        raise SystemExit(f"{path}: {problem}")', "        raise SystemExit(0)"),
    (_PY, " or lag > MAX_LAG", ""),
    (_PY, "nodes() < MIN_READY or", "nodes() < MIN_READY and"),
    (_PY, "nodes() < MIN_READY", "nodes() < 0"),
    (_PY, "        return 1\n", "        return 0\n"),
    (_PY, '    lag = load("state.json")["lag"]\n', '    return 0\n    lag = load("state.json")["lag"]\n'),
    (
        _PY,
        '    lag = load("state.json")["lag"]\n',
        '    if os.environ.get("CI"):\n        return 0\n    lag = load("state.json")["lag"]\n',
    ),
    (_PY, 'os.listdir("checks")', "[]"),
    (_PY, "if not all(", "if not any("),
    (_PY, "            raise RuntimeError(name)\n", "            print(name)\n"),
    (_PY, "            raise RuntimeError(name)\n", "            continue\n            raise RuntimeError(name)\n"),
    (_PY, "sys.exit(main())", "main()"),
    (_PY, "sys.exit(main())", "sys.exit(0 * main())"),
    (_PY, '"__main__"', '"__check__"'),
    (_PY, "\n\nif __name__", "\n\nhealthy = lambda answer: True\n\n\nif __name__"),
    (_PY, "\n\nif __name__", "\n\nsys.exit = lambda code: None\n\n\nif __name__"),
    (_PY, "\n\nif __name__", "\n\ndef healthy(answer):\n    return True\n\n\nif __name__"),
    (_TEST, "== 30", "== 31"),
    (_TEST, "check.MAX_LAG == 30", "check.MAX_LAG"),
    (_TEST, "check.MAX_LAG == 30", "(check.MAX_LAG == 30, 'lag')"),
    (_TEST, "check.MAX_LAG == 30", "check.MAX_LAG >= 30"),
    (_TEST, "    assert check.MAX_LAG == 30\n", ""),
    (_TEST, "def test_bad_file", "def check_bad_file"),
    (_TEST, '    with pytest.raises(SystemExit):\n        check.load(tmp_path / "x")\n', "    check.load\n"),
    (_SITE, "pool.rc != 0 or 'healthy' not in pool.stdout", "pool.rc != 0 and 'healthy' not in pool.stdout"),
    (_SITE, "pool.rc != 0 or 'healthy' not in pool.stdout", "pool.rc > 100 or 'healthy' not in pool.stdout"),
    (_SITE, "pool.rc != 0 or 'healthy' not in pool.stdout", "'FATAL' in pool.stdout"),
    (_SITE, "status_code: 200", "status_code: [200, 404, 500, -1]"),
    (_SITE, "until: api.status == 200", "until: api.status is defined"),
    (_SITE, "until: api.status == 200", "until: api.status == 200 or true"),
    (
        _SITE,
        "ansible.builtin.uri:\n        url: https://node:6443/readyz\n        status_code: 200",
        "ansible.builtin.pause:\n        seconds: 9",
    ),
    (
        _SITE,
        "ansible.builtin.assert:\n        that:\n          - ansible_memtotal_mb >= 2048\n          - ansible_processor_vcpus >= 2",
        "ansible.builtin.debug:\n        msg: facts",
    ),
    (_SITE, "          - ansible_processor_vcpus >= 2\n", ""),
    (_SITE, "mb >= 2048", "mb >= 1"),
    (
        _SITE,
        "    - name: Look at the facts\n",
        "    - name: Look at the facts\n      when: inventory_hostname == 'x'\n",
    ),
    (_SITE, "        dest: /etc/a\n", '        dest: /etc/a\n      ignore_errors: "{{ quiet | default(true) }}"\n'),
    (
        _SITE,
        "    - name: Copy\n",
        "    - name: Go on\n      ansible.builtin.meta: clear_host_errors\n\n    - name: Copy\n",
    ),
    (_TF, '&& startswith(var.token, "pve")', '|| startswith(var.token, "pve")'),
    (_TF, "> 20 &&", "> 0 &&"),
    (_TF, 'length(var.token) > 20 && startswith(var.token, "pve")', "true"),
    (_TF, 'length(var.token) > 20 && startswith(var.token, "pve")', "can(length(var.token)) || true"),
    (_TF, ">= 2048", ">= 1"),
    (_TF, "  sensitive = true\n", ""),
    (_REL, "  test:\n    enable: true\n", ""),
    (_REL, "enable: true", "enable: false"),
    (_REL, "    - name: auth\n", ""),
    (_REL, "retries: 3", "retries: -1"),
    (_COM, "service_healthy", "service_started"),
    (_COM, '["CMD", "curl", "-f", "http://localhost/"]', '["CMD", "true"]'),
    (_COM, '["CMD", "curl", "-f", "http://localhost/"]', '["CMD-SHELL", "exit 0"]'),
    (_COM, "retries: 3", "retries: 1000"),
    (_MAKE, "\tkubeconform", "\t-kubeconform"),
    (_MAKE, "\tkubeconform -strict k8s", "\t@true"),
    (_MAKE, "-euo pipefail -c", "-uc"),
    (_MAKE, ".PHONY: check apply lint", ".PHONY: apply lint"),
    (_MAKE, "apply: check\n", "apply:\n"),
    (_MAKE, ".PHONY:", ".IGNORE:\n.PHONY:"),
    (_MAKE, ".PHONY:", "export BASH_ENV := x.sh\n.PHONY:"),
    (_MAKE, "apply: check", "check:\n\t@echo ok\n\napply: check"),
    (_UNIT, "ExecStartPre=/", "ExecStartPre=-/"),
    (_UNIT, "ExecStart=/usr/bin/app run", "ExecStart=/bin/true"),
    (_UNIT, "Type=notify", "Type=simple"),
    (_UNIT, "Restart=on-failure", "Restart=on-failure\nSuccessExitStatus=1 2 255"),
    (_UNIT, "Requires=db.service\n", ""),
    (_UNIT, "AssertPathExists=/etc/app.conf", "ConditionPathExists=/etc/app.conf"),
    (_UNIT, "WatchdogSec=30\n", ""),
    (
        _CI,
        "      - run: make lint\n",
        "      - run: make lint\n        continue-on-error: ${{ github.actor != 'x' }}\n",
    ),
    (_CI, "needs: [lint, test]", "needs: [lint]"),
    (_CI, "    branches: [main]\n", "    branches: [main]\n    paths-ignore: ['**/*.tf']\n"),
    (_CI, "      - run: make lint\n", "      - run: make lint\n        shell: bash {0}\n"),
    (_LINT, "  - vendor/\n", "  - vendor/\n  - k8s/\n"),
    (_LINT, "truthy: enable", "truthy: disable"),
    (_LINT, "line-length: enable", "line-length: {level: warning}"),
]

HONEST: list[tuple[str, str, str]] = [
    *(
        (_SH, _APPLY, f"  {text}\n")
        for text in (
            "kubectl apply -k k8s/base || die 'apply failed'",
            "kubectl apply -k k8s/base || { log 'apply failed'; exit 1; }",
            "kubectl apply -k k8s/base || return 1",
            "if ! kubectl apply -k k8s/base; then log failed; exit 1; fi",
            "kubectl apply --server-side -k k8s/base",
            "timeout 60 kubectl apply -k k8s/base",
            "kubectl --context home apply -k k8s/base",
            "for i in 1 2 3; do kubectl apply -k k8s/base && break; [ $i -eq 3 ] && die 'no luck'; sleep 2; done",
            "until kubectl apply -k k8s/base; do sleep 2; done",
            'out=$(kubectl apply -k k8s/base)\n  log "$out"',
            "kubectl apply -k k8s/base | tee -a apply.log",
            "helm repo update\n  kubectl apply -k k8s/base",
            "kubectl create ns apps --dry-run=client -o yaml | kubectl apply -f -\n  kubectl apply -k k8s/base",
            "rc=0; kubectl apply -k k8s/base || rc=$?; [ $rc -eq 0 ] || exit $rc",
            'kubectl apply -k k8s/base & pid=$!\n  wait "$pid"',
            "( cd k8s && kubectl apply -k base )",
            'cmd=(kubectl apply -k k8s/base)\n  "${cmd[@]}"',
        )
    ),
    (_SH, 'command -v "$1" >/dev/null || die "missing $1"', 'command -v "$1" >/dev/null 2>&1 || die "$1 is missing"'),
    (_SH, 'main "$@"', 'cleanup() { rm -rf "${tmp:-}"; }\ntrap cleanup EXIT\nmain "$@"'),
    (_SH, "-ge 30", "-ge 60"),
    (_SH, '[ -n "${TOKEN:-}" ]', '[[ -n "${TOKEN:-}" ]]'),
    (_SH, "sleep 5", "sleep 10"),
    (_PY, "import json\n", "import json\nimport logging\n"),
    (_PY, "MAX_LAG = 30", "MAX_LAG = 20"),
    (_PY, 'print("not fit", file=sys.stderr)', 'print(f"not fit: {lag}", file=sys.stderr)'),
    (_PY, 'load("state.json")["lag"]', 'load("state.json").get("lag", 999)'),
    (_PY, "open(path)", 'open(path, encoding="utf-8")'),
    (_PY, "except ValueError as problem", "except (ValueError, OSError) as problem"),
    (_PY, '== "True"', '== "true"'),
    (_PY, "timeout=30", "timeout=60"),
    (_PY, 'os.listdir("checks")', 'sorted(os.listdir("checks"))'),
    (_PY, "nodes() < MIN_READY", "nodes() <= MIN_READY"),
    (_TEST, "check.MAX_LAG == 30", "check.MAX_LAGG == 30"),
    (_TEST, "import pytest\n", "import pytest  # noqa: F401\nimport os\n"),
    (_SITE, "/readyz", "/healthz"),
    (_SITE, "retries: 10", "retries: 30"),
    (
        _SITE,
        "          - ansible_processor_vcpus >= 2\n",
        "          - ansible_processor_vcpus >= 2\n          - ansible_memfree_mb >= 100\n",
    ),
    (_SITE, "status_code: 200", "status_code: [200, 204]"),
    (_SITE, "dest: /etc/a\n", "dest: /etc/a\n      when: a is defined\n"),
    (_TF, "> 20 &&", "> 30 &&"),
    (_TF, "wrong token", "the token is wrong"),
    (_REL, "name: auth", "name: authelia"),
    (_COM, '["CMD", "curl", "-f", "http://localhost/"]', '["CMD-SHELL", "curl -f http://localhost/ || exit 1"]'),
    (_MAKE, "\tkubeconform -strict k8s", "\tkubeconform -strict -summary k8s"),
    (_MAKE, "apply: check\n", "apply: check lint\n"),
    (_UNIT, "ExecStart=/usr/bin/app run", "ExecStart=/usr/bin/app serve"),
    (_UNIT, "WatchdogSec=30", "WatchdogSec=60"),
    (_CI, "make build", "make image"),
    (_CI, "    branches: [main]\n", "    branches: [main]\n    paths-ignore: ['**/*.md']\n"),
]

FILES["scripts/plain.sh"] = """#!/bin/sh
KUBECTL=${KUBECTL:-kubectl}
ready=$($KUBECTL get nodes --no-headers | grep -c ' Ready ')
if [ "$ready" -lt 3 ]; then
  echo "only $ready" >&2
  exit 1
fi
sha256sum -c images.sha256
ansible-playbook site.yml
for n in a b c; do
  ssh "$n" systemctl is-active k3s || exit 1
done
errors=0
for f in *.yaml; do
  kubeconform "$f" || errors=$((errors + 1))
done
[ "$errors" -eq 0 ] || exit 1
curl -fsS http://app/health
test -s /etc/app.conf || { echo missing; exit 2; }
"""

WEAKER += [
    ("scripts/plain.sh", '"$ready" -lt 3', '"$ready" -lt 0'),
    ("scripts/plain.sh", '"$ready" -lt 3', "3 -lt 3"),
    ("scripts/plain.sh", "-lt 3", "-lt 1"),
    ("scripts/plain.sh", "-lt 3", "-gt 300"),
    ("scripts/plain.sh", "  exit 1\nfi", "fi"),
    ("scripts/plain.sh", "  exit 1\nfi", "  ready=3\nfi"),
    ("scripts/plain.sh", "KUBECTL=${KUBECTL:-kubectl}", "KUBECTL=true"),
    ("scripts/plain.sh", "KUBECTL=${KUBECTL:-kubectl}", 'KUBECTL="echo kubectl"'),
    ("scripts/plain.sh", "ready=$(", "ready=3 #"),
    ("scripts/plain.sh", "ready=$($KUBECTL get nodes --no-headers | grep -c ' Ready ')", "ready=3"),
    ("scripts/plain.sh", "sha256sum -c images.sha256", "sha256sum images.sha256"),
    ("scripts/plain.sh", "sha256sum -c", "sha256sum --ignore-missing -c"),
    ("scripts/plain.sh", "ansible-playbook site.yml", "ansible-playbook site.yml --check"),
    ("scripts/plain.sh", "ansible-playbook site.yml", "ansible-playbook site.yml --syntax-check"),
    ("scripts/plain.sh", "ansible-playbook site.yml", "ansible-playbook site.yml --list-tasks"),
    ("scripts/plain.sh", "for n in a b c", "for n in a"),
    ("scripts/plain.sh", "for n in a b c", "for n in"),
    ("scripts/plain.sh", "|| exit 1\ndone", "|| break\ndone"),
    ("scripts/plain.sh", "|| exit 1\ndone", "|| continue\ndone"),
    ("scripts/plain.sh", "errors=$((errors + 1))", "errors=$((errors + 0))"),
    ("scripts/plain.sh", '[ "$errors" -eq 0 ] || exit 1', '[ "$errors" -ge 0 ] || exit 1'),
    ("scripts/plain.sh", '[ "$errors" -eq 0 ] || exit 1', '[ "$errors" -eq 0 ] || echo bad'),
    ("scripts/plain.sh", '[ "$errors" -eq 0 ]', '[ "$errors" -le 100 ]'),
    ("scripts/plain.sh", '[ "$errors" -eq 0 ]', '[ -n "$errors" ]'),
    ("scripts/plain.sh", '[ "$errors" -eq 0 ] || exit 1', 'errors=0\n[ "$errors" -eq 0 ] || exit 1'),
    ("scripts/plain.sh", "curl -fsS http", "curl -sS http"),
    (
        "scripts/plain.sh",
        "curl -fsS http://app/health",
        'curl -fsS http://app/health -o /dev/null -w "%{http_code}" | cat',
    ),
    ("scripts/plain.sh", "exit 2; }", "}"),
    ("scripts/plain.sh", "exit 2; }", "exit 0; }"),
    ("scripts/plain.sh", "#!/bin/sh\n", "#!/bin/sh\nexec >/dev/null 2>&1\nfail() { :; }\ncurl() { :; }\n"),
    ("scripts/plain.sh", "curl -fsS http://app/health", "curl -fsS http://app/health; true"),
    ("scripts/plain.sh", "curl -fsS http://app/health", "nohup curl -fsS http://app/health &"),
    ("scripts/plain.sh", "curl -fsS http://app/health", "(curl -fsS http://app/health &)"),
    ("scripts/plain.sh", "curl -fsS http://app/health", 'sh -c "curl -fsS http://app/health; exit 0"'),
    ("scripts/plain.sh", "curl -fsS http://app/health", 'eval "curl -fsS http://app/health" || :'),
    ("scripts/plain.sh", "curl -fsS http://app/health", "if false; then curl -fsS http://app/health; fi"),
    ("scripts/plain.sh", "curl -fsS http://app/health", '[ -n "$CHECK" ] && curl -fsS http://app/health || true'),
    (
        "scripts/plain.sh",
        "curl -fsS http://app/health",
        "curl -fsS http://app/health >/dev/null 2>&1 && status=ok || status=bad",
    ),
    (
        "scripts/plain.sh",
        "curl -fsS http://app/health",
        "while ! curl -fsS http://app/health; do n=$((n+1)); [ $n -gt 3 ] && break; done",
    ),
    (
        "scripts/plain.sh",
        "curl -fsS http://app/health",
        'retry() { "$@" || return 0; }\nretry curl -fsS http://app/health',
    ),
    ("scripts/plain.sh", "curl -fsS http://app/health", 'try() { "$@"; return 0; }\ntry curl -fsS http://app/health'),
]

HONEST += [
    ("scripts/plain.sh", "-lt 3", "-lt 5"),
    ("scripts/plain.sh", 'echo "only $ready"', 'echo "only $ready of 3"'),
    ("scripts/plain.sh", "for n in a b c", "for n in a b c d"),
    ("scripts/plain.sh", 'if [ "$ready" -lt 3 ]', 'if [ "${ready:-0}" -lt 3 ]'),
    ("scripts/plain.sh", "#!/bin/sh\n", "#!/bin/sh\nset -eu\n"),
]
