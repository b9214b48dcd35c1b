"""The usual commit, told apart cheaply: a branch of people, and no protected file in the index.

A hook runs on every commit, and most of its time is starting Python and git. This module loads next to nothing and
can only say "nothing to judge here"; in every other case, or in any doubt, the full judgement follows.
"""

from __future__ import annotations

import re

from git_executor.ledger.gitcli import Git
from git_executor.policy.patterns import is_protected

_STRAIGHT = {"GIT_NO_REPLACE_OBJECTS": "1"}
_MAP = "ai/context_map.yaml"
_PLAIN_ROW = re.compile(r"^protected_files:[ ]*\[([A-Za-z0-9_./*, -]*)\][ ]*$", re.M)
_PLAIN_LIST = re.compile(
    r"^protected_files:[ ]*\n((?:[ ]*- [A-Za-z0-9_./*][A-Za-z0-9_./*-]*[ ]*\n)+)(?=[A-Za-z_#\n]|\Z)", re.M
)


def nothing_to_judge(directory: str) -> bool:
    """Whether a commit of the index is on a branch of people and touches no protected file; no merge, no doubt."""
    git = Git(directory, inherit=True)
    head = git.run("symbolic-ref", "--quiet", "HEAD", ok=(0, 1)).decode("utf-8", "replace").strip()
    if not head or head.casefold().startswith("refs/heads/ai/"):
        return False
    wanted = git.run("config", "--get", "executor.base", ok=(0, 1)).decode("utf-8", "replace").strip()
    refs = [f"refs/heads/{name}" for name in ([wanted] if wanted else ["main", "master"])]
    if any("\n" in ref for ref in refs):
        return False
    asked = ["HEAD", "MERGE_HEAD", *(name for ref in refs for name in (ref, f"{ref}:{_MAP}"))]
    found = _contents(git.run("cat-file", "--batch", stdin="\n".join([*asked, ""]).encode(), environ=_STRAIGHT), asked)
    base = next((ref for ref in refs if found.get(ref) is not None), None)
    if base is None or found["HEAD"] is None or found["MERGE_HEAD"] is not None:
        return False
    entries = protected_entries(found[f"{base}:{_MAP}"] or b"")
    if entries is None:
        return False
    raw = ("--cached", "--name-only", "-z", "--no-renames", "--no-ext-diff", "--ita-invisible-in-index")
    out = git.run("diff-index", *raw, "--ignore-submodules=none", "HEAD", "--", environ=_STRAIGHT)
    return not any(is_protected(path, entries) for path in out.decode("utf-8", "surrogateescape").split("\0") if path)


def _contents(out: bytes, asked: list[str]) -> dict[str, bytes | None]:
    """The answers of ``cat-file --batch``, ``None`` for what does not exist."""
    found: dict[str, bytes | None] = {}
    at = 0
    for name in asked:
        end = out.index(b"\n", at)
        fields = out[at:end].rsplit(b" ", 2)
        found[name] = None
        if len(fields) == 3 and fields[2].isdigit() and fields[1] in (b"commit", b"blob", b"tree", b"tag"):
            size = int(fields[2])
            found[name] = out[end + 1 : end + 1 + size]
            end += size + 1
        at = end + 1
    return found


def protected_entries(data: bytes) -> tuple[str, ...] | None:
    """``protected_files:`` where it is written so plainly that no YAML reader is needed; else ``None``."""
    text = data.decode("utf-8", "replace")
    if "protected" not in text and "\\" not in text:
        return ()
    found = _PLAIN_LIST.search(text) or _PLAIN_ROW.search(text)
    if not found or text.count("protected_files") != 1 or "\\" in text or "\t" in text:
        return None
    return tuple(re.findall(r"[A-Za-z0-9_./*][A-Za-z0-9_./*-]*", found[1]))
