"""The loop with the API tier: attempts, Case File, diagnostics, Case File again, patch, green; and giving up."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import AI, Repo
from tests.scenarios.test_loop import lab, loop

__all__ = ["lab"]

CLIENT = """\
#!/usr/bin/env bash
# A scripted API tier: its answers in order, and a note of every Case File that it was handed.
here=$(dirname "$0")
n=$(($(cat "$here/count" 2>/dev/null || echo 0) + 1))
echo "$n" >"$here/count"
echo "$1" >>"$here/cases"
cat "$here/answer-$n"
"""
ASK = '{"type": "diagnostics", "reason": "what is there?", "commands": ["cat one.sh", "uname -s", "rm -rf /tmp/x"]}'
PATCH = """\
I looked at it.
```json
{"type": "patch", "description": "the port was wrong", "files_modified": ["one.sh", "two.sh"]}
```
```diff
--- a/one.sh
+++ b/one.sh
@@ -2,2 +2,2 @@
-exec ./two.sh --port 1
+exec ./two.sh --port 3
--- a/two.sh
+++ b/two.sh
@@ -2,1 +2,1 @@
-[ "$1" = 3 ] || { echo "mystery: code 77 at $1" >&2; exit 1; }
+[ "$2" = 3 ] || { echo "mystery: code 77 at $2" >&2; exit 1; }
```
"""


def client(folder: Path, *answers: str) -> Path:
    folder.mkdir()
    (folder / "client").write_text(CLIENT)
    (folder / "client").chmod(0o755)
    for number, answer in enumerate(answers, start=1):
        (folder / f"answer-{number}").write_text(answer)
    return folder / "client"


@pytest.fixture
def mystery(lab: Repo) -> Repo:
    lab.write("ai/context_map.yaml", "stages:\n  one:\n    command: ./one.sh\n    files: [one.sh, two.sh]\n")
    lab.write("one.sh", "#!/usr/bin/env bash\nexec ./two.sh --port 1\n", 0o755)
    lab.write("two.sh", '#!/usr/bin/env bash\n[ "$1" = 3 ] || { echo "mystery: code 77 at $1" >&2; exit 1; }\n', 0o755)
    lab.commit()
    return lab


def test_diagnostics_then_a_patch(mystery: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    command = client(tmp_path / "api", ASK, PATCH)
    monkeypatch.setenv("EXECUTOR_API_CLIENT", str(command))
    state = mystery.state()
    done = loop(mystery)
    assert done.returncode == 0, done.stderr
    cases = (tmp_path / "api/cases").read_text().split()
    assert len(cases) == 2 and cases[0].endswith("-v1.md") and cases[1].endswith("-v2.md")
    second = json.loads(Path(cases[1]).with_suffix(".json").read_text())
    told = {d["command"]: d["status"] for d in second["diagnostics"]}
    assert told == {"cat one.sh": "ran", "uname -s": "ran", "rm -rf /tmp/x": "refused"}
    assert mystery.state() == state
    outcomes = mystery.git("log", "--reverse", "--format=%(trailers:key=Outcome,valueonly,separator=)", f"main..{AI}")
    assert outcomes.split() == ["declined"] * 3 + ["escalated", "escalated", "fixed"]
    assert mystery.trailers()["Source"] == "api"


def test_giving_up(mystery: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXECUTOR_API_CLIENT", str(client(tmp_path / "api", *[ASK] * 9)))
    done = loop(mystery)
    assert done.returncode == 20, done.stderr
    assert len((tmp_path / "api/cases").read_text().split()) == 3, "three rounds, not more"
    assert "give_up" in mystery.run("status").stdout
    again = loop(mystery)
    assert again.returncode == 20 and len((tmp_path / "api/cases").read_text().split()) == 3


def test_nonsense_from_the_api_tier_changes_nothing(mystery: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXECUTOR_API_CLIENT", str(client(tmp_path / "api", "I would rather not.")))
    done = loop(mystery)
    assert done.returncode not in (0, 20) and mystery.git("diff", "--stat", "main", AI) == ""
