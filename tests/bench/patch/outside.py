"""Loads a corpus that others made: ``cases.jsonl`` and ``files.json`` in one directory.

A case is one JSON object a line: ``id``, ``kind``, ``expect`` (``land`` or ``refuse``), ``files`` (the whole tree before,
path -> ``mode`` and ``ref`` into ``files.json``, which holds base64), ``answer_b64``, and for ``land`` also ``expected``
(the changed paths alone: ``mode`` and ``b64``, or ``null`` for a path that is gone).
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from git_executor.domain import Blob

from .kinds import Case


def outside(directory: Path) -> Iterator[Case]:
    """Every case of the corpus; each file of a tree counts as one of the stage's."""
    contents = {
        ref: base64.b64decode(held) for ref, held in json.loads((directory / "files.json").read_bytes()).items()
    }
    with (directory / "cases.jsonl").open("rb") as lines:
        for line in lines:
            if line.strip():
                yield _case(json.loads(line), contents)


def _case(raw: dict[str, Any], contents: dict[str, bytes]) -> Case:
    case = Case(
        kind=raw["kind"],
        path=raw["id"],
        files={path: contents[held["ref"]] for path, held in raw["files"].items()},
        answer=base64.b64decode(raw["answer_b64"]),
        expected=None,
        preferred=tuple(sorted(raw["files"])),
        modes={path: int(held["mode"], 8) for path, held in raw["files"].items()},
    )
    if raw["expect"] == "land":
        case.after = case.before
        for path, held in raw["expected"].items():
            if held is None:
                del case.after[path]
            else:
                case.after[path] = Blob(int(held["mode"], 8), base64.b64decode(held["b64"]))
    return case
