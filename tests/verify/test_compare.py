"""Before against after: what passes and what does not."""

from __future__ import annotations

import pytest

from git_executor.domain import Change, Classification, Excerpt, Failure, Message, Subject
from git_executor.verify import compare


def failure(text: str = "something", file: str | None = None, what: Classification = Classification.UNKNOWN) -> Failure:
    return Failure("s", Excerpt((text,)), Message(text, 0, Subject(file=file)), what, (), None, "v1:0", "0000")


def faults(path: str, old: str | None, new: str | None, why: Failure | None = None) -> tuple[str, ...]:
    change = Change(path, None if old is None else old.encode(), None if new is None else new.encode())
    return compare([change], why or failure()).faults


YAML = Classification.YAML_PARSE_ERROR
PASSES = [
    ("a.yaml", "a: 1\nb: 2\n", "a: 1\nb: 3\n"),
    ("a.yaml", "a:\n  - x\n  - y\n", "a:\n  - w\n  - x\n  - y\n"),
    ("a.yaml", "spec:\n  adress:\n    ip: 1\n", "spec:\n  address:\n    ip: 1\n"),
    ("a.yaml", "run: |\n  one\n  two\n", "run: |\n  one\n  three\n"),
    ("a.yaml", "a: b: c\n", 'a: "b: c"\n'),
    ("a.yaml", None, "a: 1\n"),
    ("a.yaml", "a: 1\n", None),
    ("a.sh", "echo 'x\n", "echo 'x'\n"),
    ("notes.txt", "(", "(("),
    ("chart/templates/a.yaml", "{{- if .x }}\na: b: c\n{{- end }}\n", "{{- if .y }}\na: b: c\n{{- end }}\n"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "old", "new"), PASSES)
def test_passes(path: str, old: str | None, new: str | None) -> None:
    assert faults(path, old, new) == ()


FAILS = [
    ("a fault comes in", "a.yaml", "a: 1\n", "a: 1: 2\n", failure(), "after this change"),
    ("another fault comes in", "a.sh", "echo 'x\n", "if true\necho\n", failure(), "after this change"),
    ("the named fault stays", "a.yaml", "a: b: c\nd: 1\n", "a: b: c\nd: 2\n", failure(file="/srv/a.yaml"), "still there"),
    ("the named fault stays, by its kind", "a.yaml", "a: b: c\nd: 1\n", "a: b: c\nd: 2\n", failure(what=YAML), "still there"),
    ("children change their parent", "a.yaml", "a:\n  x: 1\n  y: 2\n", "a:\n  x: 1\nb:\n  y: 2\n", failure(), "does not touch"),
    ("a new file is broken", "a.json", None, "{", failure(), "after this change"),
    ("the shebang goes", "tool", "#!/bin/bash\nif\n", "echo\nif\n", failure(), "no checker knows"),
]  # fmt: skip


@pytest.mark.parametrize(("why", "path", "old", "new", "failed", "words"), FAILS)
def test_fails(why: str, path: str, old: str | None, new: str, failed: Failure, words: str) -> None:
    found = faults(path, old, new, failed)
    assert found and words in found[0]


def test_names_for_the_trailer() -> None:
    changes = [Change("a.sh", b"x\n", b"y\n"), Change("b.sh", b"x\n", b"y\n"), Change("c.yaml", b"a: 1\n", b"a: 2\n"), Change("d.txt", b"", b"x")]
    assert compare(changes, failure()).verified == ("bash -n", "yaml")
