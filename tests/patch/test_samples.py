
"""The three sample diffs of the Executor's instructions, exactly as they stand there: their counts are wrong, and
one has a bare blank context line. They must land."""

from __future__ import annotations

from git_executor.patch import count_changed_lines, read_answer, render, second_reader

from .trees import MemoryTree

FORMAT = b"""\
```diff
--- a/path/to/file.sh
+++ b/path/to/file.sh
@@ -10,6 +10,7 @@
 existing line
 existing line
+new line added
 existing line
```

Include a brief note explaining the fix:

```
Fix: Added missing environment variable check before SSH connection.
Reason: The script was failing because SSH_USER was unset.
```
"""

VARIABLE = b"""\
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

YAML = b"""\
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


def test_the_sample_of_the_output_format_lands() -> None:
    old = b"#!/bin/sh\n" + b"echo start\n" * 8 + b"existing line\nexisting line\nexisting line\necho end\n"
    reading = read_answer(FORMAT, MemoryTree({"path/to/file.sh": old}))
    (change,) = reading.changes
    assert change.path == "path/to/file.sh"
    assert change.new == old.replace(
        b"existing line\n" * 3, b"existing line\n" * 2 + b"new line added\nexisting line\n"
    )
    assert reading.note.fix == "Added missing environment variable check before SSH connection."
    assert reading.note.reason == "The script was failing because SSH_USER was unset."


def test_the_sample_with_a_missing_variable_lands() -> None:
    old = (
        b"#!/usr/bin/env bash\nset -euo pipefail\n\n"
        b'SSH_HOST="${1:?host}"\n\n\n\n\n'
        b'SSH_PORT="${SSH_PORT:-22}"\nSSH_PASS="${SSH_PASS:-}"\n\n'
        b'SSH_OPTS=(-T -p "$SSH_PORT" -o StrictHostKeyChecking=no)\nssh "${SSH_OPTS[@]}" "$SSH_USER@$SSH_HOST" true\n'
    )
    added = b'# Validate required variables\n: "${SSH_USER:?SSH_USER environment variable must be set}"\n\n'
    reading = read_answer(VARIABLE, MemoryTree({"infrastructure/proxmox/cluster_bootstrap.sh": old}))
    (change,) = reading.changes
    assert change.new == old.replace(b"SSH_OPTS=(", added + b"SSH_OPTS=(")
    assert reading.note.fix.startswith("Added validation for SSH_USER")
    diff = render(reading.changes)
    assert second_reader(diff) == count_changed_lines(reading.changes) == 3


def test_the_sample_with_a_yaml_fault_lands() -> None:
    old = (
        b"version: v1alpha1\ndebug: false\npersist: true\n\nmachine:\n  type: controlplane\n  install:\n"
        b"    disk: /dev/sda  missing colon\n  network:\n    hostname: cp-1\n"
    )
    reading = read_answer(YAML.decode(), MemoryTree({"cluster/talos/controlplane.yaml": old}))
    (change,) = reading.changes
    assert change.new == old.replace(b"  missing colon", b"")
    assert "extraneous text" in reading.note.fix
