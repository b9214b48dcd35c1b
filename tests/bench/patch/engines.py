"""What the answers are given to: our engine and the tools that people use today.

An engine takes a case and returns the files after it, or ``None`` where it refuses. The tools know no fences:
they get the content of the first fence, or the whole answer where there is none.
"""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from git_executor.domain import EXECUTABLE, REGULAR, Blob
from git_executor.errors import PatchError
from git_executor.patch import read_answer
from tests.patch.trees import MemoryTree

from .kinds import Case

Engine = Callable[[Case], Mapping[str, Blob] | None]
_FENCE = re.compile(rb"^```[a-z]*\r?\n(.*?)^```", re.M | re.S)
_QUIET = {
    "PATH": os.environ.get("PATH", ""),
    "HOME": "/nonexistent",
    "GIT_CONFIG_NOSYSTEM": "1",
    "LC_ALL": "C",
}


def ours(case: Case) -> Mapping[str, Blob] | None:
    try:
        reading = read_answer(case.answer, MemoryTree(case.before), preferred=case.preferred)
    except PatchError:
        return None
    after = case.before
    for change in reading.changes:
        if change.new is None:
            after.pop(change.path)
        else:
            after[change.path] = Blob(change.new_mode, change.new)
    return after


class Folder:
    """A directory that is brought into a case's state, a command run in it, and its state read back."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.held: dict[str, Blob] = {}
        subprocess.run(["git", "init", "-q", str(root)], check=True, env=_QUIET)

    def command(self, *argv: str) -> Engine:
        def run(case: Case) -> Mapping[str, Blob] | None:
            self._bring(case.before)
            found = _FENCE.search(case.answer)
            result = subprocess.run(
                argv,
                cwd=self.root,
                input=found[1] if found else case.answer,
                capture_output=True,
                timeout=20,
                env=_QUIET,
            )
            after = self._state()
            return after if result.returncode == 0 else None

        return run

    def _bring(self, files: Mapping[str, Blob]) -> None:
        for name in set(self.held) - set(files):
            (self.root / name).unlink(missing_ok=True)
        for name, blob in files.items():
            if self.held.get(name) != blob:
                (self.root / name).parent.mkdir(parents=True, exist_ok=True)
                (self.root / name).write_bytes(blob.data)
                (self.root / name).chmod(blob.mode & 0o777)
        self.held = dict(files)

    def _state(self) -> dict[str, Blob]:
        found = {}
        for path in self.root.rglob("*"):
            name = str(path.relative_to(self.root))
            if path.is_file() and not name.startswith(".git/"):
                if name.endswith((".orig", ".rej")):
                    path.unlink()
                else:
                    found[name] = Blob(EXECUTABLE if path.stat().st_mode & 0o100 else REGULAR, path.read_bytes())
        self.held = found
        return found


@contextmanager
def engines(aider: str) -> Iterator[dict[str, Engine | str]]:
    """Every engine by name; a text instead says why it cannot take part."""
    with tempfile.TemporaryDirectory() as place:
        folder = Folder(Path(place))
        found: dict[str, Engine | str] = {
            "git-executor": ours,
            "git apply": folder.command("git", "apply", "-"),
            "git apply --recount": folder.command("git", "apply", "--recount", "-"),
            "patch --fuzz=3": folder.command(
                "patch", "-p1", "--fuzz=3", "--batch", "--forward", "-s", "-r", "-"
            )
            if shutil.which("patch")
            else "GNU patch is not installed",
        }
        process = _aider(aider)
        found["aider udiff"] = process if isinstance(process, str) else _asking(process)
        try:
            yield found
        finally:
            if not isinstance(process, str):
                process.kill()
                process.communicate()


def _aider(python: str) -> subprocess.Popen[bytes] | str:
    if not python:
        return "give --aider PYTHON, an interpreter that has aider-chat, gitpython, diff-match-patch and tqdm"
    script = Path(__file__).with_name("aider_adapter.py")
    process = subprocess.Popen([python, str(script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    probe = Case("probe", "a", {"a": b"x\n"}, b"", None)
    try:
        _ask(process, probe)
    except (OSError, ValueError):
        process.kill()
        process.communicate()
        return "aider's udiff coder cannot be imported"
    return process


def _asking(process: subprocess.Popen[bytes]) -> Engine:
    return lambda case: _ask(process, case)


def _ask(process: subprocess.Popen[bytes], case: Case) -> Mapping[str, Blob] | None:
    assert process.stdin and process.stdout
    files = {name: base64.b64encode(data).decode() for name, data in case.files.items()}
    question = {"files": files, "answer": base64.b64encode(case.answer).decode()}
    process.stdin.write(json.dumps(question).encode() + b"\n")
    process.stdin.flush()
    answer = json.loads(process.stdout.readline())
    if answer["error"]:
        return None
    return {
        name: Blob(case.modes.get(name, REGULAR), base64.b64decode(data)) for name, data in answer["files"].items()
    }
