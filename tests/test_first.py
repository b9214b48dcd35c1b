"""The user's own three samples: they land exactly as they stand, with their wrong counts and a bare blank line."""

from __future__ import annotations

import json

import pytest

from tests.conftest import Repo

NEW_LINE = """\
```diff
--- a/path/to/file.sh
+++ b/path/to/file.sh
@@ -10,6 +10,7 @@
 existing line
 existing line
+new line added
 existing line
```

```
Fix: Added missing environment variable check before SSH connection.
Reason: The script was failing because SSH_USER was unset.
```
"""

SSH_USER = """\
```diff
--- a/infrastructure/proxmox/cluster_bootstrap.sh
+++ b/infrastructure/proxmox/cluster_bootstrap.sh
@@ -15,6 +15,9 @@
 SSH_PORT="${SSH_PORT:-22}"
 SSH_PASS="${SSH_PASS:-}"

+# Validate required variables
+: "${SSH_USER:?SSH_USER environment variable must be set}"
+
 SSH_OPTS=(-T -p "$SSH_PORT" -o StrictHostKeyChecking=no)
```

**Note:** Added validation for SSH_USER to fail fast with clear message.
"""

DISK = """\
```diff
--- a/cluster/talos/controlplane.yaml
+++ b/cluster/talos/controlplane.yaml
@@ -5,7 +5,7 @@
 machine:
   type: controlplane
   install:
-    disk: /dev/sda  missing colon
+    disk: /dev/sda
   network:
```

**Note:** Fixed YAML syntax - removed extraneous text after disk value.
"""


def land(repo: Repo, stage: str, log: str, answer: str) -> dict[str, object]:
    (repo.root.parent / "answer.md").write_text(answer)
    done = repo.run(
        "attempt",
        "--stage",
        stage,
        "--log",
        "-",
        "--response",
        str(repo.root.parent / "answer.md"),
        "--json",
        stdin=log,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    report = json.loads(done.stdout)
    assert report["outcome"] == "fixed" and report["commit"] == repo.head("ai/orchestrator-stage1")
    assert isinstance(report, dict)
    return report


def test_environment_variable(homelab: Repo) -> None:
    before, state = homelab.show("infrastructure/proxmox/cluster_bootstrap.sh", "main"), homelab.state()
    land(homelab, "proxmox", "[ERROR] SSH_USER not set\n", SSH_USER)
    after = homelab.show("infrastructure/proxmox/cluster_bootstrap.sh")
    check = '# Validate required variables\n: "${SSH_USER:?SSH_USER environment variable must be set}"\n\nSSH_OPTS='
    assert after == before.replace("SSH_OPTS=", check, 1)
    assert homelab.state() == state


def test_yaml(homelab: Repo) -> None:
    before, state = homelab.show("cluster/talos/controlplane.yaml", "main"), homelab.state()
    land(homelab, "talos", "yaml.scanner.ScannerError: mapping values are not allowed here\n", DISK)
    assert homelab.show("cluster/talos/controlplane.yaml") == before.replace("  missing colon", "", 1)
    assert homelab.state() == state


def test_output_format(repo: Repo) -> None:
    lines = [f"line {i}\n" for i in range(1, 9)] + ["existing line\n"] * 3 + ["the end\n"]
    repo.write("ai/context_map.yaml", "stages:\n  any:\n    files: [path/to/file.sh]\n")
    repo.write("path/to/file.sh", "".join(lines))
    repo.commit()
    land(repo, "any", "path/to/file.sh: line 9: existing: command not found\n", NEW_LINE)
    assert repo.show("path/to/file.sh") == "".join([*lines[:10], "new line added\n", *lines[10:]])
    message = repo.git("log", "-1", "--format=%B", "ai/orchestrator-stage1")
    assert "Fix: Added missing environment variable check before SSH connection." in message


@pytest.mark.parametrize("answer", [NEW_LINE, SSH_USER, DISK])
def test_each_lands_once_only(homelab: Repo, answer: str) -> None:
    """The same answer again is a repetition or changes nothing; it never lands twice."""
    homelab.write("path/to/file.sh", "existing line\nexisting line\nexisting line\n")
    homelab.write("ai/context_map.yaml", "stages:\n  all:\n    files: [path/, infrastructure/, cluster/]\n")
    homelab.commit()
    land(homelab, "all", "it broke: command not found\n", answer)
    again = homelab.run("attempt", "--stage", "all", "--log", "-", "--response", "/dev/fd/0", stdin="it broke\n")
    assert again.returncode != 0
