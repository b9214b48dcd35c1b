"""What kind of file is it? By shebang, then well-known name, then extension; never by guessing at content."""

from __future__ import annotations

import re
from posixpath import basename, splitext

from git_executor.domain import Blob

MAX_BYTES = 1 << 20
"""Larger files are not checked: nothing that a person writes by hand for a homelab is that long."""

_EXTENSIONS = {
    ".sh": "bash", ".bash": "bash", ".bats": "",
    ".yaml": "yaml", ".yml": "yaml",
    ".json": "json", ".toml": "toml", ".py": "python",
    ".ini": "ini", ".cfg": "ini",
    ".service": "systemd", ".timer": "systemd", ".mount": "systemd", ".socket": "systemd", ".network": "systemd",
    ".netdev": "systemd", ".link": "systemd", ".target": "systemd", ".path": "systemd", ".slice": "systemd",
    ".mk": "makefile", ".env": "env",
}  # fmt: skip
_NAMES = {
    "makefile": "makefile", "gnumakefile": "makefile", ".bashrc": "bash", ".profile": "sh", ".bash_profile": "bash",
    ".env": "env", "ansible.cfg": "ini", ".editorconfig": "ini", "inventory.ini": "ini", "pipfile": "toml",
    "kustomization": "yaml", "chart.lock": "yaml", ".yamllint": "yaml", ".sops.yaml": "yaml", "talosconfig": "yaml",
    "kubeconfig": "yaml",
}  # fmt: skip
_INTERPRETERS = {"bash": "bash", "sh": "sh", "dash": "sh", "python": "python", "python3": "python"}
_TEMPLATE_SUFFIXES = (".j2", ".jinja", ".jinja2", ".tpl", ".tmpl", ".gotmpl", ".erb", ".template")


def kind(path: str, blob: Blob) -> str:
    """The kind of a file, ``""`` when no checker knows it."""
    if blob.mode & 0o170000 != 0o100000 or len(blob.data) > MAX_BYTES:
        return ""  # a symlink's bytes are its target
    name = basename(path).lower()
    if name.endswith(_TEMPLATE_SUFFIXES):
        return ""
    shebang = _shebang(blob.data)
    if shebang is not None:
        return _INTERPRETERS.get(shebang, "")
    if name in _NAMES:
        return _NAMES[name]
    if name.startswith(".env."):
        return "env"
    return _EXTENSIONS.get(splitext(name)[1], "")


def is_template(path: str, text: str) -> bool:
    """Whether YAML-looking text is rendered before anybody parses it (Helm, Jinja): then nothing can be said of it.

    An Ansible file with quoted ``"{{ var }}"`` is YAML already, so braces alone are no sign.
    """
    if "{{" not in text and "{%" not in text:
        return False
    if "templates" in path.split("/")[:-1]:
        return True
    action = r"^[ \t]*(?:-[ \t]+)?(?:\{%|\{\{-|\{\{[ \t]*(?:if|end|else|range|with|include|template|define|/\*))"
    return re.search(action, text, re.MULTILINE) is not None


def _shebang(data: bytes) -> str | None:
    """The interpreter's bare name, such as ``bash``; ``None`` when the first line is no shebang."""
    if not data.startswith(b"#!"):
        return None
    words = data[2:].split(b"\n", 1)[0][:200].decode("utf-8", "replace").split()
    if words and basename(words[0]) == "env":
        words = [word for word in words[1:] if not word.startswith("-") and "=" not in word]
    name = basename(words[0]) if words else ""
    return re.sub(r"^python3?[.\d]*$", "python", name)
