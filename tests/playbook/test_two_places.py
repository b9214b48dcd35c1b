"""Two names that may be meant, two places where a quote may close: silence; one of either: a fix."""

from __future__ import annotations

import pytest

from tests.playbook.world import ask

EOF_ = "./run.sh: line 3: unexpected EOF while looking for matching `\"'"
CASES = [
    # log, the faulty line, the line that is right ("" where nobody can tell), other lines
    ("storage 'vm-dta' does not exist", "qm set 1 --scsi0 vm-dta:32", "", "qm set 2 --scsi0 vm-data:32\nqm set 3 --scsi0 vm-data2:32"),
    ("storage 'vm-dta' does not exist", "qm set 1 --scsi0 vm-dta:32", "qm set 1 --scsi0 vm-data:32", "qm set 2 --scsi0 vm-data:32"),
    ("bridge 'vmbr' does not exist", "qm set 1 --net0 virtio,bridge=vmbr", "", "qm set 2 --net0 virtio,bridge=vmbr0\nqm set 3 --net0 virtio,bridge=vmbr1"),
    (EOF_, 'cp "$src $dst', "", "echo done"),
    (EOF_, 'grep "foo bar.txt', "", "echo done"),
    (EOF_, 'ssh "root@$host uptime', "", "echo done"),
    (EOF_, "printf \"%s is up $host", "", "echo done"),
    (EOF_, 'echo "rendering $src', 'echo "rendering $src"', "echo done"),
    (EOF_, 'step "preparing the node', 'step "preparing the node"', "echo done"),
    (EOF_, 'cp "$src/a" "$dst', 'cp "$src/a" "$dst"', "echo done"),
    (EOF_, 'NAME="Home Lab', 'NAME="Home Lab"', "echo done"),
    (EOF_, 'qm set 1 --description "web server', 'qm set 1 --description "web server"', "echo done"),
]  # fmt: skip


@pytest.mark.parametrize(("log", "broken", "good", "rest"), CASES)
def test_one_or_none(log: str, broken: str, good: str, rest: str) -> None:
    answer = ask(log, {"run.sh": f"#!/bin/bash\nset -e\n{broken}\n{rest}\n"})
    if good:
        assert answer.new == f"#!/bin/bash\nset -e\n{good}\n{rest}\n"
    else:
        assert answer.proposal is None, answer.new
