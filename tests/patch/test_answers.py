
"""What lands and what is refused, one small answer each: the first table has one obvious meaning, the second none."""

from __future__ import annotations

import json

import pytest

from git_executor.domain import ABSENT, EXECUTABLE, REGULAR, Blob, Change
from git_executor.errors import PatchError
from git_executor.patch import read_answer

from .trees import MemoryTree

START = """\
#!/usr/bin/env bash
set -euo pipefail
HOST="${HOST:-pve1}"

start() {
  local id=$1
  qm start "$id"
  echo "started $id"
}

stop() {
  local id=$1
  qm stop "$id"
  echo "stopped $id"
}

start 100
"""
VALUES = """\
web:
  image: nginx
  replicas: 1
  resources:
    memory: 64Mi
api:
  image: api
  replicas: 1
  resources:
    memory: 128Mi
"""
RULES = "all: lint\n\nlint:\n\tyamllint .\n\tshellcheck *.sh\n"
PAGE = "<ul>\n  <li>one &amp; two</li>\n  <li>three</li>\n</ul>\n"
NODES = "".join(f"{name}() {{\n  log drain\n  reboot now\n}}\n\n" for name in ("one", "two", "three"))
INI = "[web]\nreplicas = 1\nlevel = info\n\n[api]\nreplicas = 1\nlevel = info\n\n[db]\nreplicas = 1\nlevel = info\n"
TREE = {
    "scripts/start.sh": START.encode(),
    "cluster/values.yaml": VALUES.encode(),
    "Makefile": RULES.encode(),
    "web/page.html": PAGE.encode(),
    "docs/a b.md": b"# Title\n\nSome words here.\n",
    "scripts/windows.cmd": b"@echo off\r\nset NAME=one\r\ncall run.cmd\r\n",
    "scripts/caf\u00e9.txt": b"coffee is ready\ntea is not\n",
}

HEAD = "--- a/scripts/start.sh\n+++ b/scripts/start.sh\n"
BODY = '@@ -6,3 +6,3 @@\n   local id=$1\n-  qm start "$id"\n+  qm start "$id" --timeout 60\n   echo "started $id"\n'
STARTED = START.replace('qm start "$id"', 'qm start "$id" --timeout 60')

LANDS = {
    "plain": (HEAD + BODY, "scripts/start.sh", STARTED),
    "only the new name": (HEAD.split("\n", 1)[1] + BODY, "scripts/start.sh", STARTED),
    "index and equals signs before": ("Index: scripts/start.sh\n" + "=" * 67 + "\n" + HEAD + BODY, "scripts/start.sh", STARTED),
    "remarks behind the names": (
        "--- scripts/start.sh (original)\n+++ scripts/start.sh (fixed)\n" + BODY, "scripts/start.sh", STARTED
    ),
    "backup name": ("--- scripts/start.sh.orig\n+++ scripts/start.sh\n" + BODY, "scripts/start.sh", STARTED),
    "dot in front": ("--- ./scripts/start.sh\n+++ ./scripts/start.sh\n" + BODY, "scripts/start.sh", STARTED),
    "absolute path of the file": (
        HEAD.replace("a/scripts", "/root/homelab/scripts").replace("b/scripts", "/root/homelab/scripts") + BODY,
        "scripts/start.sh", STARTED,
    ),
    "added before removed": (
        HEAD + '@@ -6,3 +6,3 @@\n   local id=$1\n+  qm start "$id" --timeout 60\n-  qm start "$id"\n   echo "started $id"\n',
        "scripts/start.sh", STARTED,
    ),
    "no context at all, one telling line": (
        HEAD + '@@ -7 +7 @@\n-  qm start "$id"\n+  qm start "$id" --timeout 60\n', "scripts/start.sh", STARTED
    ),
    "section names the function": (
        HEAD + "@@ @@ stop() {\n   local id=$1\n+  sleep 1\n", "scripts/start.sh",
        START.replace('  qm stop "$id"', '  sleep 1\n  qm stop "$id"'),
    ),
    "section alone, one function of several": (
        "--- a/scripts/nodes.sh\n+++ b/scripts/nodes.sh\n@@ @@ two() {\n   log drain\n-  reboot now\n+  reboot later\n",
        "scripts/nodes.sh", NODES.replace("two() {\n  log drain\n  reboot now", "two() {\n  log drain\n  reboot later"),
    ),
    "section between the marks": (
        "--- a/scripts/nodes.sh\n+++ b/scripts/nodes.sh\n@@ two @@\n   log drain\n-  reboot now\n+  reboot later\n }\n",
        "scripts/nodes.sh", NODES.replace("two() {\n  log drain\n  reboot now", "two() {\n  log drain\n  reboot later"),
    ),
    "section of a flat file": (
        "--- a/web.ini\n+++ b/web.ini\n@@ [api] @@\n-replicas = 1\n+replicas = 3\n level = info\n",
        "web.ini", INI.replace("[api]\nreplicas = 1", "[api]\nreplicas = 3"),
    ),
    "prefixes of nobody's": (
        "--- original/Makefile\n+++ fixed/Makefile\n@@ @@\n-all: lint\n+every: lint\n \n", "Makefile",
        RULES.replace("all:", "every:"),
    ),
    "git's line with another directory": (
        "diff --git a/bin/start.sh b/bin/start.sh\n" + HEAD + BODY, "scripts/start.sh", STARTED
    ),
    "json that names the file beside the diff": (
        json.dumps({"path": "scripts/start.sh", "diff": BODY}), "scripts/start.sh", STARTED
    ),
    "json, then the correction of it": (
        json.dumps({"diff": HEAD + BODY.replace("60", "90")}) + "\n\nSorry, the corrected diff:\n```diff\n" + HEAD + BODY + "```\n",
        "scripts/start.sh", STARTED,
    ),
    "section in yaml": (
        "--- a/cluster/values.yaml\n+++ b/cluster/values.yaml\n@@ -1,3 +1,3 @@ api:\n-  replicas: 1\n+  replicas: 3\n   resources:\n",
        "cluster/values.yaml", VALUES.replace("image: api\n  replicas: 1", "image: api\n  replicas: 3"),
    ),
    "line number decides": (
        "--- a/cluster/values.yaml\n+++ b/cluster/values.yaml\n@@ -8,2 +8,2 @@\n-  replicas: 1\n+  replicas: 3\n   resources:\n",
        "cluster/values.yaml", VALUES.replace("image: api\n  replicas: 1", "image: api\n  replicas: 3"),
    ),
    "all hunks are off by the same": (
        "--- a/cluster/values.yaml\n+++ b/cluster/values.yaml\n@@ -12,1 +12,1 @@\n-  image: nginx\n+  image: nginx:1\n"
        "@@ -18,2 +18,2 @@\n-  replicas: 1\n+  replicas: 3\n   resources:\n",
        "cluster/values.yaml",
        VALUES.replace("image: api\n  replicas: 1", "image: api\n  replicas: 3").replace("nginx", "nginx:1"),
    ),
    "blanks for tabs in a shell script": (
        "--- a/tabs.sh\n+++ b/tabs.sh\n@@ @@\n if true; then\n-    run one\n+    run two\n+    run three\n fi\n",
        "tabs.sh", "if true; then\n\trun two\n\trun three\nfi\n",
    ),
    "whole hunk without its indentation": (
        HEAD + '@@ -6,3 +6,3 @@\n local id=$1\n-qm start "$id"\n+qm start "$id" --timeout 60\n echo "started $id"\n',
        "scripts/start.sh", STARTED,
    ),
    "CRLF file, LF diff": (
        "--- a/scripts/windows.cmd\n+++ b/scripts/windows.cmd\n@@ -1,3 +1,4 @@\n @echo off\n set NAME=one\n+set KIND=two\n call run.cmd\n",
        "scripts/windows.cmd", "@echo off\r\nset NAME=one\r\nset KIND=two\r\ncall run.cmd\r\n",
    ),
    "CRLF context, LF added": (
        "--- a/scripts/windows.cmd\n+++ b/scripts/windows.cmd\n@@ -1,3 +1,3 @@\n @echo off\r\n set NAME=one\r\n+set KIND=two\n call run.cmd\r\n",
        "scripts/windows.cmd", "@echo off\r\nset NAME=one\r\nset KIND=two\r\ncall run.cmd\r\n",
    ),
    "name with a blank": (
        "--- a/docs/a b.md\t\n+++ b/docs/a b.md\t\n@@ -3 +3 @@\n-Some words here.\n+Some more words here.\n",
        "docs/a b.md", "# Title\n\nSome more words here.\n",
    ),
    "name quoted as git does": (
        'diff --git "a/scripts/caf\\303\\251.txt" "b/scripts/caf\\303\\251.txt"\n--- "a/scripts/caf\\303\\251.txt"\n'
        '+++ "b/scripts/caf\\303\\251.txt"\n@@ -1,2 +1,2 @@\n coffee is ready\n-tea is not\n+tea is, too\n',
        "scripts/café.txt", "coffee is ready\ntea is, too\n",
    ),
    "backslashes in the name": (
        "--- scripts\\start.sh\n+++ scripts\\start.sh\n" + BODY, "scripts/start.sh", STARTED
    ),
    "entities that are the file's own": (
        "--- a/web/page.html\n+++ b/web/page.html\n@@ -1,3 +1,3 @@\n <ul>\n-  <li>one &amp; two</li>\n+  <li>one &amp; four</li>\n   <li>three</li>\n",
        "web/page.html", PAGE.replace("two", "four"),
    ),
    "entities for characters": (
        HEAD + BODY.replace('"', "&quot;"), "scripts/start.sh", STARTED,
    ),
    "json list of lines": (json.dumps({"diff": (HEAD + BODY).splitlines()}), "scripts/start.sh", STARTED),
    "json list of changes": (
        json.dumps({"changes": [{"path": "scripts/start.sh", "diff": BODY}]}), "scripts/start.sh", STARTED
    ),
    "json with the diff twice": (
        json.dumps({"diff": HEAD + BODY, "answer": f"So:\n```diff\n{HEAD}{BODY}```\n"}), "scripts/start.sh", STARTED
    ),
    "json inside json": (json.dumps({"response": {"patch": HEAD + BODY}}), "scripts/start.sh", STARTED),
    "json with a fence in the string": (json.dumps({"diff": f"```diff\n{HEAD}{BODY}```"}), "scripts/start.sh", STARTED),
    "json backslash that was not doubled": (
        '{"diff": "--- a/esc.sh\\n+++ b/esc.sh\\n@@ -1,2 +1,2 @@\\n-echo \\$HOME\\n+echo \\$HOME/bin\\n exit"}',
        "esc.sh", "echo \\$HOME/bin\nexit\n",
    ),
    "envelope, then a fence": (
        '{"type": "patch", "description": "longer timeout", "files_modified": ["scripts/start.sh"]}\n\n```diff\n'
        + HEAD + BODY + "```\n", "scripts/start.sh", STARTED,
    ),
    "channels": (
        "<|channel|>analysis<|message|>```diff\n" + HEAD + BODY.replace("60", "90")
        + "```<|end|><|start|>assistant<|channel|>final<|message|>```diff\n" + HEAD + BODY + "```<|return|>",
        "scripts/start.sh", STARTED,
    ),
    "tags around": (f"<patch>\n{HEAD}{BODY}</patch>\n", "scripts/start.sh", STARTED),
    "one fence a hunk": (
        "```diff\n" + HEAD + BODY + '```\nand further down\n```diff\n@@ -11,3 +11,3 @@\n   local id=$1\n-  qm stop "$id"\n+  qm shutdown "$id"\n```\n',
        "scripts/start.sh", STARTED.replace("qm stop", "qm shutdown"),
    ),
    "path on the line above, bold": ("**scripts/start.sh**\n```diff\n" + BODY + "```\n", "scripts/start.sh", STARTED),
    "path in a comment in the fence": ("```diff\n# scripts/start.sh\n" + BODY + "```\n", "scripts/start.sh", STARTED),
    "two pairs": (
        "scripts/start.sh\n<<<<<<< SEARCH\n  qm start \"$id\"\n=======\n  qm start \"$id\" --timeout 60\n>>>>>>> REPLACE\n"
        "\nscripts/start.sh\n<<<<<<< SEARCH\n  qm stop \"$id\"\n=======\n  qm shutdown \"$id\"\n>>>>>>> REPLACE\n",
        "scripts/start.sh", STARTED.replace("qm stop", "qm shutdown"),
    ),
    "pair that ends with its fence": (
        "scripts/start.sh\n```bash\n<<<<<<< SEARCH\n  qm stop \"$id\"\n=======\n  qm shutdown \"$id\"\n```\nFix: softly\n",
        "scripts/start.sh", START.replace("qm stop", "qm shutdown"),
    ),
    "pair that ends with the note": (
        "scripts/start.sh\n<<<<<<< SEARCH\n  qm stop \"$id\"\n=======\n  qm shutdown \"$id\"\n\n\nFix: softly\nReason: x\n",
        "scripts/start.sh", START.replace("qm stop", "qm shutdown"),
    ),
    "pair with a bare end": (
        "scripts/start.sh\n<<<<<<< SEARCH\n  qm stop \"$id\"\n=======\n  qm shutdown \"$id\"\n>>>>>>>\nFix: softly\n",
        "scripts/start.sh", START.replace("qm stop", "qm shutdown"),
    ),
    "agents' form with a section": (
        "*** Begin Patch\n*** Update File: scripts/start.sh\n@@ stop() {\n   local id=$1\n+  sleep 1\n*** End Patch\n",
        "scripts/start.sh", START.replace('  qm stop "$id"', '  sleep 1\n  qm stop "$id"'),
    ),
    "marker for a newline that is there": (
        HEAD + '@@ -15,3 +15,3 @@\n }\n \n-start 100\n\\ No newline at end of file\n+start 101\n\\ No newline at end of file\n',
        "scripts/start.sh", START.replace("start 100", "start 101"),
    ),
    "whole file with CRLF": (
        "`scripts/start.sh`:\n\n```bash\n" + STARTED.replace("\n", "\r\n") + "```\n", "scripts/start.sh", STARTED
    ),
    "whole file named in its first line": (
        "```bash\n# scripts/start.sh\n" + STARTED + "```\n", "scripts/start.sh", STARTED
    ),
    "yaml hunk indented as a whole": (
        "--- a/cluster/values.yaml\n+++ b/cluster/values.yaml\n@@ @@\n api:\n-  image: api\n+  image: api:2\n",
        "cluster/values.yaml", VALUES.replace("image: api", "image: api:2"),
    ),
}  # fmt: skip

EXTRA = {"scripts/nodes.sh": NODES.encode(), "web.ini": INI.encode(), "tabs.sh": b"if true; then\n\trun one\nfi\n", "esc.sh": b"echo \\$HOME\nexit\n"}


@pytest.mark.parametrize("name", LANDS)
def test_lands(name: str) -> None:
    answer, path, wanted = LANDS[name]
    preferred = ("scripts/start.sh", "cluster/values.yaml")
    if answer.startswith("--- ") and "@@ @@" in answer:
        answer = f"```diff\n{answer}```\n"
    (change,) = read_answer(answer, MemoryTree(TREE | EXTRA), preferred=preferred).changes
    assert change.path == path
    assert change.new is not None and change.new.decode() == wanted


REFUSED = {
    "nothing": ("", "empty"),
    "blanks": (" \n\n", "empty"),
    "prose": ("Restart the service.", "no-diff"),
    "code of no file": ("```bash\nsystemctl restart x\n```\n", "no-diff"),
    "utf-16": (HEAD.encode("utf-16"), "malformed"),
    "null byte": ((HEAD + BODY).encode() + b"\0", "malformed"),
    "thinking only": ("<think>" + HEAD + BODY, "no-diff"),
    "a file that is not there": (HEAD.replace("start.sh", "stop.sh") + BODY, "no-file"),
    "a path out of the repository": (HEAD.replace("scripts/", "../scripts/") + BODY, "no-file"),
    "another system's file": ("--- /etc/hosts\n+++ /etc/hosts\n" + BODY, "no-file"),
    "two names": ("--- a/scripts/start.sh\n+++ b/Makefile\n" + BODY, "malformed"),
    "git's line names another file": ("diff --git a/Makefile b/Makefile\n" + HEAD + BODY, "malformed"),
    "git's line names no file": ("diff --git a/none.sh b/none.sh\n" + HEAD + BODY, "malformed"),
    "index line names another file": ("```diff\nIndex: Makefile\n" + HEAD + BODY + "```\n", "malformed"),
    "info string names another file": ("```diff title=Makefile\n" + HEAD + BODY + "```\n", "malformed"),
    "rename to two names": (
        "diff --git a/Makefile b/rules.mk\nrename from Makefile\nrename to other.mk\n", "malformed"
    ),
    "new file with two names": (
        "diff --git a/one.sh b/one.sh\nnew file mode 100644\n--- /dev/null\n+++ b/two.sh\n@@ -0,0 +1 @@\n+true\n", "malformed"
    ),
    "form whose inner names differ": (
        "*** Begin Patch\n*** Update File: Makefile\n" + HEAD + BODY + "*** End Patch\n", "malformed"
    ),
    "git's own directory": ("--- /dev/null\n+++ b/.Git/hooks/pre-commit\n@@ -0,0 +1 @@\n+true\n", "malformed"),
    "a drive": ("--- /dev/null\n+++ C:/x.sh\n@@ -0,0 +1 @@\n+true\n", "malformed"),
    "backslashes out of the repository": ("--- /dev/null\n+++ ..\\\\x.sh\n@@ -0,0 +1 @@\n+true\n", "malformed"),
    "a home directory": ("--- /dev/null\n+++ ~/.bashrc\n@@ -0,0 +1 @@\n+true\n", "malformed"),
    "absolute path that only ends alike": (HEAD.replace("a/scripts", "/etc").replace("b/scripts", "/etc") + BODY, "no-file"),
    "json and another diff": (
        json.dumps({"diff": HEAD + BODY}) + "\n\n```diff\n" + HEAD + BODY.replace("60", "90") + "```\n", "several"
    ),
    "two diffs in one json object": (
        json.dumps({"diff": HEAD + BODY, "patch": HEAD + BODY.replace("60", "90")}), "several"
    ),
    "two json objects": (
        json.dumps({"diff": HEAD + BODY}) + "\n" + json.dumps({"diff": HEAD + BODY.replace("60", "90")}), "several"
    ),
    "section of two places": ("--- a/web.ini\n+++ b/web.ini\n@@ level @@\n-replicas = 1\n+replicas = 3\n level = info\n", "*"),
    "no name": ("```diff\n" + BODY + "```\n", "no-file"),
    "nothing changes": (HEAD + "@@ -1,2 +1,2 @@\n #!/usr/bin/env bash\n set -euo pipefail\n", "no-change"),
    "same line out and in": (HEAD + "@@ -2 +2 @@\n-set -euo pipefail\n+set -euo pipefail\n", "no-change"),
    "bare header": ("```diff\n" + HEAD + "```\n", "truncated"),
    "bare hunk header": ("```diff\n" + HEAD + "@@ -1,2 +1,3 @@\n```\n", "truncated"),
    "open fence, too few lines": ("```diff\n" + HEAD + "@@ -6,9 +6,9 @@\n" + BODY.split("\n", 1)[1], "truncated"),
    "open fence, cut at an added line": ("```diff\n" + HEAD + "\n".join(BODY.splitlines()[:4]), "truncated"),
    "cut json": (json.dumps({"diff": HEAD + BODY})[:-20], "truncated"),
    "two places": (HEAD + "@@ @@\n   local id=$1\n+  sleep 1\n", "ambiguous"),
    "brackets only": (HEAD + "@@ @@\n }\n+# end\n \n", "ambiguous"),
    "no context": (HEAD + "@@ -5,0 +6 @@\n+sleep 1\n", "ambiguous"),
    "applied": (HEAD + "@@ -7 +7 @@\n-  qm begin \"$id\"\n+  qm start \"$id\"\n", "applied"),
    "applied, added after its line": (HEAD + "@@ @@\n   qm start \"$id\"\n+  echo \"started $id\"\n", "applied"),
    "removed line differs": (HEAD + BODY.replace('-  qm start "$id"', '-  qm start $id'), "mismatch"),
    "nowhere": (HEAD + "@@ @@\n-one thing\n+another thing\n", "not-found"),
    "elided context": (HEAD + '@@ @@\n start() {\n ...\n-  echo "started $id"\n+  echo "up $id"\n', "elided"),
    "elided added": (HEAD + BODY + "+  # ... rest unchanged\n", "elided"),
    "twice the same lines": (HEAD + BODY + BODY.replace("60", "90"), "overlap"),
    "two ways": ("```diff\n" + HEAD + BODY + "```\nor\n```diff\n" + HEAD + BODY.replace("60", "90") + "```\n", "several"),
    "a correction that leaves a file out": (
        "```diff\n" + HEAD + BODY + "```\nSorry, corrected:\n```diff\n--- a/Makefile\n+++ b/Makefile\n@@ -1 +1 @@\n-all: lint\n+every: lint\n```\n",
        "several",
    ),
    "one of two files is missing": (
        HEAD + BODY + "--- a/none.sh\n+++ b/none.sh\n@@ -1 +1 @@\n-one thing\n+another\n", "no-file"
    ),
    "one of two hunks is nowhere": (HEAD + BODY + "@@ -30 +30 @@\n-one thing\n+another\n", "not-found"),
    "yaml with another indentation": (
        "--- a/cluster/values.yaml\n+++ b/cluster/values.yaml\n@@ @@\n api:\n-    image: api\n+    image: api:2\n", "mismatch"
    ),
    "binary": ("diff --git a/x b/x\nindex 1..2 100644\nGIT binary patch\nliteral 3\nKcmZQzWMT#Y01f~L\n", "malformed"),
    "combined diff": ("```diff\n--- a/Makefile\n+++ b/Makefile\n@@@ -1,2 -1,2 +1,2 @@@\n- all\n+ every\n```\n", "*"),
    "new file that exists": ("--- /dev/null\n+++ b/Makefile\n@@ -0,0 +1 @@\n+all:\n", "malformed"),
    "new file below a file": ("--- /dev/null\n+++ b/Makefile/x\n@@ -0,0 +1 @@\n+all:\n", "malformed"),
    "new file with context": ("--- /dev/null\n+++ b/new.sh\n@@ -1 +1,2 @@\n one\n+two\n", "malformed"),
    "submodule": ("diff --git a/sub b/sub\nnew file mode 160000\n--- /dev/null\n+++ b/sub\n@@ -0,0 +1 @@\n+Subproject commit 1\n", "malformed"),
    "deletion of other lines": ("--- a/Makefile\n+++ /dev/null\n@@ -1,2 +0,0 @@\n-all: lint\n-\n", "mismatch"),
    "mode that it has": ("diff --git a/Makefile b/Makefile\nold mode 100755\nnew mode 100644\n", "applied"),
    "pair without its end": ("scripts/start.sh\n<<<<<<< SEARCH\nstart 100\n=======\nstart 101\n", "truncated"),
    "pair in a fence without its end": ("scripts/start.sh\n```\n<<<<<<< SEARCH\nstart 100\n=======\nstart 101\n", "truncated"),
    "two pairs of which the first has no end": (
        "scripts/start.sh\n```\n<<<<<<< SEARCH\nstart 100\n=======\nstart 101\n<<<<<<< SEARCH\nstart 1\n=======\nx\n>>>>>>> REPLACE\n```\n", "truncated"
    ),
    "pair that fits twice": (
        "scripts/start.sh\n<<<<<<< SEARCH\n  local id=$1\n=======\n  local id=$2\n>>>>>>> REPLACE\n", "ambiguous"
    ),
    "form without its end": (
        "*** Begin Patch\n*** Update File: scripts/start.sh\n@@\n-start 100\n+start 101\n", "truncated"
    ),
    "part of a file": ("`scripts/start.sh`:\n```bash\n" + "\n".join(STARTED.splitlines()[:9]) + "\n```\n", "*"),
    "the file as it is": ("`scripts/start.sh` holds:\n```bash\n" + START + "```\n", "no-diff"),
    "surrogate": ("\ud800", "malformed"),
    "entities that may be meant": (
        HEAD + BODY.replace(" --timeout 60", " &amp;&amp; true").replace('"', "").replace("$id", "$id"), "*"
    ),
    "ends in a wrapped line": ("```diff\n" + HEAD + BODY.replace('   echo "started $id"\n', "out 60\n") + "```\n", "*"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_is_refused(name: str) -> None:
    answer, kind = REFUSED[name]
    if isinstance(answer, str) and answer.startswith("--- ") and "@@ @@" in answer:
        answer = f"```diff\n{answer}```\n"
    with pytest.raises(PatchError) as caught:
        read_answer(answer, MemoryTree(TREE))
    assert kind in ("*", caught.value.kind), str(caught.value)
    assert "\n" not in caught.value.message


def test_a_refusal_quotes_the_lines_that_are_there() -> None:
    with pytest.raises(PatchError) as caught:
        read_answer(HEAD + BODY.replace('-  qm start "$id"', "-  qm start $id"), MemoryTree(TREE))
    error = caught.value
    assert (error.path, error.hunk) == ("scripts/start.sh", 1)
    assert error.nearest.splitlines() == [
        "6:   local id=$1",
        '7:   qm start "$id"',
        '8:   echo "started $id"',
    ]


def test_a_missing_file_is_answered_with_near_names() -> None:
    with pytest.raises(PatchError) as caught:
        read_answer("--- a/bin/start.sh\n+++ b/bin/start.sh\n" + BODY, MemoryTree(TREE))
    assert "scripts/start.sh" in caught.value.hint


CHANGES = {
    "new file": (
        "--- /dev/null\n+++ b/scripts/new.sh\n@@ -0,0 +1,2 @@\n+#!/bin/sh\n+true\n",
        [Change("scripts/new.sh", None, b"#!/bin/sh\ntrue\n", ABSENT, REGULAR)],
    ),
    "new file with a mode": (
        "diff --git a/new.sh b/new.sh\nnew file mode 100755\n--- /dev/null\n+++ b/new.sh\n@@ -0,0 +1 @@\n+true\n",
        [Change("new.sh", None, b"true\n", ABSENT, EXECUTABLE)],
    ),
    "new file of agents": (
        "*** Begin Patch\n*** Add File: new.sh\n+#!/bin/sh\n+true\n*** End Patch",
        [Change("new.sh", None, b"#!/bin/sh\ntrue\n", ABSENT, REGULAR)],
    ),
    "deletion": (
        "diff --git a/Makefile b/Makefile\ndeleted file mode 100644\n--- a/Makefile\n+++ /dev/null\n@@ -1,5 +0,0 @@\n"
        + "".join("-" + line for line in RULES.splitlines(True)),
        [Change("Makefile", RULES.encode(), None, REGULAR, ABSENT)],
    ),
    "mode alone": (
        "diff --git a/Makefile b/Makefile\nold mode 100644\nnew mode 100755\n",
        [Change("Makefile", RULES.encode(), RULES.encode(), REGULAR, EXECUTABLE)],
    ),
    "rename": (
        "diff --git a/Makefile b/rules.mk\nsimilarity index 100%\nrename from Makefile\nrename to rules.mk\n",
        [
            Change("Makefile", RULES.encode(), None, REGULAR, ABSENT),
            Change("rules.mk", None, RULES.encode(), ABSENT, REGULAR),
        ],
    ),
    "rename with a change": (
        "diff --git a/Makefile b/rules.mk\nsimilarity index 90%\nrename from Makefile\nrename to rules.mk\n"
        "--- a/Makefile\n+++ b/rules.mk\n@@ -1,3 +1,3 @@\n-all: lint\n+every: lint\n \n lint:\n",
        [
            Change("Makefile", RULES.encode(), None, REGULAR, ABSENT),
            Change("rules.mk", None, RULES.replace("all:", "every:").encode(), ABSENT, REGULAR),
        ],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CHANGES)
def test_changes_of_the_tree(name: str) -> None:
    answer, wanted = CHANGES[name]
    assert list(read_answer(answer, MemoryTree(TREE)).changes) == wanted


def test_the_mode_of_a_file_is_kept() -> None:
    tree = MemoryTree({"scripts/start.sh": Blob(EXECUTABLE, START.encode())})
    (change,) = read_answer(HEAD + BODY, tree).changes
    assert change.old_mode == change.new_mode == EXECUTABLE


@pytest.mark.parametrize("second", ("--- a/Makefile\n+++ b/Makefile\n", "+++ b/Makefile\n"))
def test_the_header_of_a_next_file_is_never_a_changed_line(second: str) -> None:
    one = HEAD + '@@ -7,2 +7,2 @@\n-  qm start "$id"\n+  qm start "$id" --timeout 60\n'
    two = second + "@@ -1 +1 @@\n-all: lint\n+every: lint\n"
    changes = read_answer(f"```diff\n{one}{two}```\n", MemoryTree(TREE)).changes
    assert {change.path: change.new for change in changes} == {
        "scripts/start.sh": STARTED.encode(),
        "Makefile": RULES.replace("all:", "every:").encode(),
    }


def test_a_removed_comment_above_an_added_line_that_looks_like_a_header() -> None:
    tree = MemoryTree({"init.sql": b"create table one;\n-- old note\nselect 1;\n"})
    answer = "--- a/init.sql\n+++ b/init.sql\n@@ -1,3 +1,3 @@\n create table one;\n--- old note\n+++ new note\n select 1;\n"
    (change,) = read_answer(answer, tree).changes
    assert change.new == b"create table one;\n++ new note\nselect 1;\n"
