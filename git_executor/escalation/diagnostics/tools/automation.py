"""ansible and terraform: little of them only asks.

Left out on purpose: every ansible module but ``ping`` (they run code on hosts), ``-a``, ``-e @file``, ``--vault*``;
``terraform plan -out|-generate-config-out`` (write), ``console``, ``state pull``, ``show`` and ``output`` as JSON or
of one value (print secrets).
"""

from __future__ import annotations

import os

from git_executor.escalation.diagnostics.grammar import Form, Reading, Style, Tool, flags, form, verbs
from git_executor.escalation.diagnostics.paths import Place
from git_executor.escalation.diagnostics.words import Refused


def _ansible(reading: Reading, place: Place) -> None:
    if "--version" in reading.flags and not reading.args:
        return
    if "--list-hosts" not in reading.flags and "-m" not in reading.flags:
        raise Refused("ansible may only list hosts or ping them (-m ping)")
    for name in reading.flags.get("-i", ()):
        if os.access(os.path.join(place.root, name), os.X_OK) and not os.path.isdir(os.path.join(place.root, name)):
            raise Refused(f"{name}: an executable inventory is a program")


_TERRAFORM: dict[str, Form] = {
    "version": form("-json"),
    "validate": form("-json -no-color"),
    "fmt": form("-check -diff -recursive -no-color", "[READ...]", needs="-check", inject="-write=false"),
    # Without the lock nothing is written; the answer to a question would be "no".
    "plan": form(
        """-no-color -detailed-exitcode -refresh=[{true,false}] -target=TEXT -compact-warnings -destroy -refresh-only
        -var-file=VARFILE -parallelism=SMALL -lock=[{false}] -input=[{false}] -concise""",
        inject="-lock=false -input=false",
    ),
    "providers": form(),
    "graph": form("-type=NAME"),
    **verbs("workspace list|workspace show", form()),
    "state list": form("-id=WORD", "[TEXT...]"),
    "state show": form("-no-color", "TEXT"),
    "show": form("-no-color"),
    "output": form("-no-color"),
    "": form("-v|-version|--version"),
}

TOOLS = (
    Tool(
        "ansible",
        {
            "": form(
                """--version --list-hosts -i|--inventory|--inventory-file=READ
                -m|--module-name={ping,ansible.builtin.ping}
                -u|--user=NAME -l|--limit=TEXT -o|--one-line -f|--forks=FEW -T|--timeout=SMALL -v""",
                "[TEXT]",
                check=_ansible,
            )
        },
        home=True,
    ),
    Tool("terraform", _TERRAFORM, flags("-chdir=INSIDE"), Style.SINGLE, home=True),
)
