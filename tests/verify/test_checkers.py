"""Every checker: what is sound, and what is not."""

from __future__ import annotations

import pytest

from git_executor.domain import EXECUTABLE, REGULAR, SYMLINK, Blob
from git_executor.verify import check_file, checkers_for

SOUND = [
    ("a.sh", b"#!/bin/bash\nif true; then echo; fi\n", ("bash -n",)),
    ("bin/tool", b"#!/usr/bin/env bash\n[[ a =~ b ]] && x=(1 2)\n", ("bash -n",)),
    ("bin/tool", b"#!/usr/bin/env -S bash -e\necho\n", ("bash -n",)),
    ("bin/tool", b"#!/bin/sh\necho\n", ("sh -n",)),
    ("a.sh", b"shopt -s extglob\ncase x in !(a|b)) echo ;; esac\n", ("bash -n",)),
    ("a.sh", b"cat <<-EOF\n\tx\n\tEOF\n", ("bash -n",)),
    ("a.sh", b"", ("bash -n",)),
    ("bin/tool", b"#!/usr/bin/env fish\nif true\nend\n", ()),
    ("a.yaml", b"a: 1\n---\nb: !vault |\n  x\n---\nc: &x 1\nd: *x\n", ("yaml",)),
    ("a.yaml", b"base: &b {x: 1}\nd:\n  <<: *b\n  <<: {y: 2}\n", ("yaml",)),
    ("a.yml", b"msg: \"{{ x }}\"\n", ("yaml",)),
    ("a.yaml", b"", ("yaml",)),
    ("chart/templates/a.yaml", b"{{- if .x }}\na: 1\n{{- end }}\n", ()),
    ("a.yaml", b"{% for x in y %}\n- {{ x }}\n{% endfor %}\n", ()),
    ("a.yaml.j2", b"a: {{ x }}\n", ()),
    ("a.json", b"\xef\xbb\xbf{\"a\": 1}", ("json",)),
    (".vscode/settings.json", b"// x\n{}", ("json",)),
    ("a.toml", b"a = 1\n", ("toml",)),
    ("a.py", b"import nothing_of_the_kind\nraise SystemExit(1)\n", ("python",)),
    ("a.py", b"x = '\\d'\n", ("python",)),
    ("ansible/hosts.ini", b"[nodes]\ncp1 ansible_host=1.2.3.4\nplain-host\n", ("ini",)),
    ("a.service", b"[Unit]\nA=b \\\n  c d\n# x\n\n[Service]\nExecStart=\n", ("systemd",)),
    ("Makefile", b"X := 1\nY = \\\n  a \\\n  b\nall: dep\n\techo\n  \nifeq (a,b)\n  Z = 1\nendif\n", ("make",)),
    (".env", b"# x\nA=1\nexport B=\"x y\"\n\n", ("env",)),
    ("notes.txt", b"anything (", ()),
    ("image.png", b"\x89PNG\x00", ()),
]  # fmt: skip

FAULTY = [
    ("a.sh", b"#!/bin/bash\nif true; then\necho\n", "bash -n", 4),
    ("a.sh", b"echo 'x\n", "bash -n", 1),
    ("a.sh", b"cat <<EOF\nx\n", "bash -n", 2),
    ("a.sh", b"#!/bin/bash\r\necho\r\n", "bash -n", 1),
    ("bin/tool", b"#!/bin/sh\nx=(1 2)\n", "sh -n", 2),
    ("a.yaml", b"a: 1\nb: c: d\n", "yaml", 2),
    ("a.yaml", b"a: 1\nb: 2\na: 3\n", "yaml", 3),
    ("a.yaml", b"x:\n  - a: 1\n    a: 2\n", "yaml", 3),
    ("a.yaml", b"a: *nowhere\n", "yaml", 1),
    ("a.yaml", b"a: &x 1\n---\nb: *x\n", "yaml", 3),
    ("a.yaml", b"a: {{ x }}\n", "yaml", 1),
    ("a.yaml", b"a:\n\tb: 1\n", "yaml", 2),
    ("a.yaml", b"a: \x01\n", "yaml", 1),
    ("a.yaml", b"a: \xff\n", "yaml", None),
    ("a.yaml", b"[" * 100_000, "yaml", 1),
    ("a.json", b'{"a": 1,}', "json", 1),
    ("a.json", b'{"a": 1, "a": 2}', "json", None),
    ("a.json", b"[" * 100_000, "json", None),
    ("a.toml", b"a = 1\nb =\n", "toml", 2),
    ("a.py", b"def f(:\n", "python", 1),
    ("a.py", b"x = 1\0", "python", None),
    ("a.service", b"[Unit\nA=b\n", "systemd", 1),
    ("a.service", b"[Unit]\nfoo\n", "systemd", 2),
    ("Makefile", b"all:\n    echo hi\n", "make", 2),
    (".env", b"A=1\nfoo\n", "env", 2),
    ("a.ini", b"[a\nb=1\n", "ini", 1),
]  # fmt: skip


@pytest.mark.parametrize(("path", "data", "names"), SOUND)
def test_sound(path: str, data: bytes, names: tuple[str, ...]) -> None:
    blob = Blob(REGULAR, data)
    assert checkers_for(path, blob) == names
    assert check_file(path, blob) == ()


@pytest.mark.parametrize(("path", "data", "checker", "line"), FAULTY)
def test_faulty(path: str, data: bytes, checker: str, line: int | None) -> None:
    findings = check_file(path, Blob(EXECUTABLE, data))
    assert findings and (findings[0].checker, findings[0].line) == (checker, line)


def test_what_is_no_plain_file_is_not_checked() -> None:
    assert checkers_for("a.sh", Blob(SYMLINK, b"if")) == ()
    assert checkers_for("a.json", Blob(REGULAR, b" " * (1 << 20) + b"{")) == ()
