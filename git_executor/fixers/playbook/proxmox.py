# ruff: noqa: SIM905 - tables of words read best as text
"""Proxmox: parameters that qm, pct and pvesh refuse, and names of storages and bridges."""

from __future__ import annotations

import re
from collections.abc import Iterator

from git_executor.fixers.playbook.near import one_near
from git_executor.fixers.playbook.rule import Case, Fix, Rule, Said

_OPTIONS = frozenset("""acpi affinity agent arch args balloon bios boot bootdisk cdrom cicustom cipassword citype ciupgrade ciuser
    cores cpu cpulimit cpuunits description efidisk0 force freeze hookscript hotplug hugepages ide0 ide2 ipconfig0 ipconfig1 keyboard
    kvm machine memory name nameserver net0 net1 numa onboot ostype pool protection reboot rng0 scsi0 scsi1 scsihw searchdomain serial0
    shares sockets sshkeys startup storage tablet tags template tpmstate0 unique vga virtio0 vmid watchdog full newid target format
    hostname rootfs swap unprivileged features mp0 password ostemplate arch ssh-public-keys node bwlimit""".split())  # fmt: skip


_STOCK = {"local-lvm", "local-zfs"}  # what the installer makes


def storage(case: Case, said: Said) -> Iterator[Fix]:
    """A storage that does not exist: a slip of the one that the stage's other lines use, or of a stock one."""
    yield from _renamed(case, said["name"], _used(case, r"(?:--?storage[ =]|storage:?[ =]+[\"']?|-(?:scsi|virtio|ide|sata|efidisk|rootfs)\d*[ =]+[\"']?)(?P<name>[A-Za-z][\w.-]+)", said["name"])
                        | _STOCK, "storage")  # fmt: skip


def bridge(case: Case, said: Said) -> Iterator[Fix]:
    """A bridge that does not exist: its only sibling in the stage's files."""
    yield from _renamed(
        case, said["name"], _used(case, r"bridge[=:]\s*[\"']?(?P<name>[A-Za-z][\w.-]*)", said["name"]), "bridge"
    )


def _used(case: Case, pattern: str, but: str) -> set[str]:
    found = {
        match["name"].rstrip(":,") for path in case.candidates[:100] for match in re.finditer(pattern, case.text(path))
    }
    return found - {but}


def _renamed(case: Case, wrong: str, known: set[str], what: str) -> Iterator[Fix]:
    near = one_near(wrong, known)
    if near is None and what == "bridge":
        near = _bridge_slip(wrong, known)
    if near is None:
        case.advise(f"the {what} {wrong} does not exist on the host; create it there or name another one")
        return
    whole = re.compile(rf"(?<![\w.-]){re.escape(wrong)}(?![\w-])")
    for path in case.candidates[:100]:
        text = case.text(path)
        if whole.search(text):
            yield Fix(path, whole.sub(near, text), f"Corrected the {what} {wrong} to {near}",
                      f"The host has no {what} {wrong}; the stage uses {near} elsewhere.")  # fmt: skip


def _bridge_slip(wrong: str, known: set[str]) -> str | None:
    """``vmrb0`` for ``vmbr0``: the digits must agree."""
    near = [name for name in known if sorted(name) == sorted(wrong) or (name == wrong + "0" and name[:-1] == wrong)]
    return near[0] if len(near) == 1 else None


def unknown_option(case: Case, said: Said) -> Iterator[Fix]:
    """``Unknown option: memroy``: the one option that it is a slip of."""
    wrong = said["name"].strip("-")
    near = one_near(wrong, _OPTIONS)
    if near is None:
        return
    option = re.compile(rf"(?<=[\s\"'(])(--?){re.escape(wrong)}(?=[\s=\"'\\]|$)", re.MULTILINE)
    for path in case.candidates[:100]:
        text = case.text(path)
        if len(option.findall(text)) == 1 and re.search(r"\b(?:qm|pct|pvesh|pvesm|pveum)\b", text):
            yield Fix(path, option.sub(rf"\g<1>{near}", text), f"Corrected the option {wrong} to {near}",
                      f"The command has no option {wrong}; {near} is the one with nearly that name.")  # fmt: skip


def number(case: Case, said: Said) -> Iterator[Fix]:
    """``memory: type check ('integer') failed - got '4G'``: megabytes for memory, a plain number elsewhere."""
    name, wrong = said["name"], said["value"]
    wanted = _megabytes(wrong) if name in ("memory", "balloon", "swap") else wrong.strip().strip("\"'")
    if name not in ("memory", "balloon", "swap") and not re.fullmatch(r"\d+", wanted or ""):
        match = re.fullmatch(r"(\d+)\s*(?:cores?|vcpus?|cpus?)", wrong.strip(), re.IGNORECASE)
        wanted = match[1] if match and name in ("cores", "sockets", "vcpus") else None
    if not wanted or wanted == wrong:
        return
    value = re.compile(rf"(?<![\w.]){re.escape(wrong)}(?![\w.])")
    for path in case.candidates[:100]:
        lines = case.text(path).split("\n")
        found = [
            at
            for at, line in enumerate(lines)
            if value.search(line)
            and re.search(rf"(?i){re.escape(name)}|mem|_mb\b", line)
            and not line.lstrip().startswith("#")
        ]
        if len(found) == 1:
            lines[found[0]] = value.sub(wanted, lines[found[0]])
            yield Fix(path, "\n".join(lines), f"Wrote {name} as the number {wanted}",
                      f"Proxmox wants {name} as a plain number" + (" of megabytes" if name in ("memory", "balloon", "swap") else "") + f", not {wrong!r}.")  # fmt: skip


def _megabytes(value: str) -> str | None:
    match = re.fullmatch(r"(\d+)\s*(g|gb|gib|m|mb|mib)", value.strip(), re.IGNORECASE)
    if not match:
        return None
    return str(int(match[1]) * (1024 if match[2].lower().startswith("g") else 1))


RULES: tuple[Rule, ...] = (
    Rule("proxmox-storage", ("storage",), (r"storage '(?P<name>[\w.-]+)' does not exist", r"no such storage '?(?P<name>[\w.-]+)"), storage),
    Rule("proxmox-bridge", ("bridge",), (r"bridge '(?P<name>[\w.-]+)' does not exist", r"no such bridge '?(?P<name>[\w.-]+)"), bridge),
    Rule("proxmox-option", ("unknown option", "property is not defined"), (r"Unknown option: (?P<name>[\w-]+)", r"(?P<name>[\w-]+): property is not defined in schema"), unknown_option),
    Rule("proxmox-number", ("type check",), (r"(?P<name>\w+): type check \('(?:integer|number)'\) failed - got '(?P<value>[^']+)'",), number),
)  # fmt: skip
