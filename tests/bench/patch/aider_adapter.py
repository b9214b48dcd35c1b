"""Runs aider's udiff coder over answers: one JSON object a line in, one out. Started by an interpreter
that has aider.

Only the coder's own module and what it really needs are imported; the rest of aider is stood in for,
because its imports take seconds and dozens of packages.
"""

from __future__ import annotations

import base64
import importlib
import importlib.util
import json
import sys
import tempfile
import types
from pathlib import Path


class _Io:
    def read_text(self, path: str) -> str | None:
        file = Path(path)
        return file.read_bytes().decode("utf-8", "surrogateescape") if file.is_file() else None

    def write_text(self, path: str, text: str) -> None:
        Path(path).write_bytes(text.encode("utf-8", "surrogateescape"))


def _coder() -> type:
    found = importlib.util.find_spec("aider")
    if found is None or not found.submodule_search_locations:
        raise ImportError("aider is not installed for this interpreter")
    package = types.ModuleType("aider.coders")
    package.__path__ = [str(Path(next(iter(found.submodule_search_locations))) / "coders")]  # type: ignore[attr-defined]
    sys.modules["aider.coders"] = package
    base = types.ModuleType("aider.coders.base_coder")
    base.Coder = type("Coder", (), {})  # type: ignore[attr-defined]
    sys.modules["aider.coders.base_coder"] = base
    utils = types.ModuleType("aider.utils")
    utils.GitTemporaryDirectory = tempfile.TemporaryDirectory  # type: ignore[attr-defined]
    sys.modules["aider.utils"] = utils
    return importlib.import_module("aider.coders.udiff_coder").UnifiedDiffCoder  # type: ignore[no-any-return]


def main() -> None:
    kind = _coder()
    for line in sys.stdin:
        case = json.loads(line)
        with tempfile.TemporaryDirectory() as root:
            for name, data in case["files"].items():
                file = Path(root, name)
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(base64.b64decode(data))
            coder = kind()
            coder.io = _Io()
            coder.abs_root_path = lambda name, root=root: str(Path(root, name))
            coder.partial_response_content = base64.b64decode(case["answer"]).decode(
                "utf-8", "surrogateescape"
            )
            error = ""
            try:
                edits = coder.get_edits()
                coder.apply_edits(edits)
                error = "" if edits else "no edits"
            except Exception as problem:  # noqa: BLE001  whatever a foreign tool raises is a refusal
                error = f"{type(problem).__name__}"
            after = {
                name: base64.b64encode(Path(root, name).read_bytes()).decode()
                for name in case["files"]
                if Path(root, name).is_file()
            }
        print(json.dumps({"error": error, "files": after}), flush=True)


if __name__ == "__main__":
    main()
