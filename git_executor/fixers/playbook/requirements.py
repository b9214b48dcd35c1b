# ruff: noqa: SIM905 - tables of words read best as text
"""Requirements of pip: names and specifiers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from git_executor.fixers.playbook.near import one_near
from git_executor.fixers.playbook.places import with_line
from git_executor.fixers.playbook.rule import Case, Fix, Rule, Said

_PACKAGES = frozenset("""ansible ansible-core ansible-lint requests pyyaml jinja2 kubernetes proxmoxer paramiko netaddr openshift
    jmespath passlib cryptography hvac dnspython boto3 click rich python-dotenv httpx psutil docker yamllint pytest molecule
    pre-commit jsonschema urllib3 certifi setuptools wheel pip""".split())  # fmt: skip


def requirement(case: Case, said: Said) -> Iterator[Fix]:
    """A requirement that is a slip of one well-known package, or that says ``=`` for ``==``."""
    word = said["word"]
    for path in case.candidates[:200]:
        if not re.search(r"(?:^|/)[\w.-]*requirements[\w.-]*\.(?:txt|in)$", path):
            continue
        lines = case.text(path).split("\n")
        for number, line in enumerate(lines):
            match = re.match(r"([A-Za-z0-9][\w.-]*)(.*)$", line)
            if not match:
                continue
            turned = re.match(r"\s*=([<>])\s*(\d[\w.*]*)\s*$", match[2])
            single = re.match(r"\s*=\s*(\d[\w.]*)\s*$", match[2])
            near = one_near(match[1].lower(), _PACKAGES)
            if turned and word.startswith(match[1]):
                new, what = f"{match[1]}{turned[1]}={turned[2]}", f"Wrote {turned[1]}= for ={turned[1]}"
            elif single and word.startswith(match[1]):
                new, what = f"{match[1]}=={single[1]}", f"Pinned {match[1]} with =="
            elif match[1] == word and near and match[1].lower() not in _PACKAGES:
                new, what = near + match[2], f"Corrected the requirement {word} to {near}"
            else:
                continue
            yield Fix(
                path,
                "\n".join(with_line(lines, number, new)),
                what,
                f"pip does not accept {line.strip()!r}.",
                justification=f"The line {line.strip()!r} stood there for it; nothing is added.",
            )


RULES: tuple[Rule, ...] = (
    Rule("requirement", ("requirement", "no matching distribution"),
         (r"satisfies the requirement (?P<word>[A-Za-z0-9][\w.-]*)", r"No matching distribution found for (?P<word>[A-Za-z0-9][\w.-]*)",
          r"Invalid requirement: ['\"]?(?P<word>[A-Za-z0-9][\w.-]*)"), requirement),
)  # fmt: skip
