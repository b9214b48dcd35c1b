"""Secrets that stand apart from their names, behind colours and the prefixes of logs, and their look-alikes."""

from __future__ import annotations

import pytest

from git_executor.context.redact import Redactor

WORD, RANDOM = "WillowCobalt8241", "Qb7xTz2mLw9KdR4s"
PREFIXES = (
    "%s",
    "2026-04-18T06:17:31.730Z INFO %s",
    "\x1b[36mstdout | \x1b[0m%s",
    "Mar 14 07:24:57 pve1 boot[217]: %s",
    "[stage-talos] %s",
)
GONE = (
    (f"Password for root@pam: \n{WORD}\nok", WORD),
    (f"==> Grafana admin password <==\n{WORD}\n", WORD),
    (f"$ terraform output -raw db_password\n{WORD}\n", WORD),
    (f"$ pass show homelab/grafana\n{WORD}\n", WORD),
    (f"- value: {RANDOM}\n  name: API_TOKEN\n- value: eu\n  name: REGION\n", RANDOM),
    (f"name,value\nuser,lab\npassword,{WORD}\n", WORD),
    (f" user | password\n------+----------\n bob  | {WORD}\n(1 row)\n", WORD),
    (f'"outputs": {{\n  "kc": {{\n    "value": "{RANDOM}",\n    "sensitive": true\n  }}\n}}', RANDOM),
    (f'"type":"random_password","name":"db","instances":[{{"attributes":{{"length":16,"result":"{WORD}"}}}}]', WORD),
    (f"\x1b[1mpassword\x1b[0m: \x1b[33m{WORD}\x1b[0m", WORD),
    (f'BORG_PASSCOMMAND="printf %s {WORD}"', WORD),
)
KEPT = (
    (f"dsn: postgres://app:{WORD}@db.lab:5432/app", "postgres://app:"),
    ("token = root@pam!ci=5b9c2f11-8d8e-4f63-9d32-1b7c1e0f3a77", "root@pam!ci"),
    ("Waiting for token:\nkube-system/coredns-7db6d8ff4d-abcde is ready", "kube-system/coredns-7db6d8ff4d-abcde"),
    ("value,key\nhidden1A,password\nlab,user\n", "lab,user"),
    ("binaryData:\n  logo.png: m7x8JJkz3t34HQ60GOI56hxe8dE6mweRwBVk9Clz5ukx71", "m7x8JJkz3t34HQ60GOI56hxe8dE6mweRwBVk9Clz5ukx71"),
    ("auth:\n  existingSecret: db-auth-2\n  adminPasswordKey: postgres-password\n", "postgres-password"),
)


@pytest.mark.parametrize("prefix", PREFIXES)
@pytest.mark.parametrize(("text", "secret"), GONE)
def test_gone(text: str, secret: str, prefix: str) -> None:
    shown = "\n".join(prefix.replace("%s", line) for line in text.split("\n"))
    redactor = Redactor()
    redacted = redactor.redact(shown)
    assert secret not in redacted
    assert redacted.count("\n") == shown.count("\n")
    assert redactor.restore(redacted) == shown


@pytest.mark.parametrize("prefix", PREFIXES)
@pytest.mark.parametrize(("text", "public"), KEPT)
def test_kept(text: str, public: str, prefix: str) -> None:
    assert public in Redactor().redact("\n".join(prefix.replace("%s", line) for line in text.split("\n")))
