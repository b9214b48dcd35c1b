# ruff: noqa: SIM905 - tables of words read best as text
"""Proxmox: parameters that qm, pct and pvesh refuse, and names of storages and bridges."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from git_executor.fixers.playbook.near import is_clear, one_near
from git_executor.fixers.playbook.places import places, replaced
from git_executor.fixers.playbook.rule import Case, Fix, Rule, Said

_OPTIONS = frozenset("""acpi affinity agent arch args balloon bios boot bootdisk cdrom cicustom cipassword citype ciupgrade ciuser
    cores cpu cpulimit cpuunits description efidisk0 force freeze hookscript hotplug hugepages ide0 ide2 ipconfig0 ipconfig1 keyboard
    kvm machine memory name nameserver net0 net1 numa onboot ostype pool protection reboot rng0 scsi0 scsi1 scsihw searchdomain serial0
    shares sockets sshkeys startup storage tablet tags template tpmstate0 unique vga virtio0 vmid watchdog full newid target format
    hostname rootfs swap unprivileged features mp0 password ostemplate arch ssh-public-keys node bwlimit poolid comment schedule compress mailto mailnotification enabled mode prune-backups content path server export userid roleid
    all exclude quiet notes-template repeat-missed dumpdir maxfiles remove""".split())  # fmt: skip


_STOCK = {"local", "local-lvm", "local-zfs"}  # what the installer makes


def storage(case: Case, said: Said) -> Iterator[Fix]:
    """A storage that does not exist: a slip of the one that the stage's other lines use, or of a stock one."""
    yield from _renamed(case, said["name"], _used(case, r"(?:--?storage[ =]|(?i:storage)[\"']?:?[ =]+[\"']?|-(?:scsi|virtio|ide|sata|efidisk|rootfs)\d*[ =]+[\"']?)(?P<name>[A-Za-z][\w.-]+)", said["name"])
                        | _used(case, r"(?<![\w/.-])(?P<name>[A-Za-z][\w.-]+):(?:vztmpl|iso|snippets|import|cloudinit)\b", said["name"]) | _declared(case) | _STOCK, "storage")  # fmt: skip


def _declared(case: Case) -> set[str]:
    """Storages by the host's own configuration, where the repository keeps a copy, in or out of the stage's scope."""
    paths = [path for path in islice(case.tree.paths(), 3000) if path.rpartition("/")[2] == "storage.cfg"]
    pattern = r"(?m)^(?:dir|nfs|cifs|lvm|lvmthin|zfspool|zfs|btrfs|pbs|rbd|cephfs|iscsi|glusterfs|esxi): *(\S+)"
    return {name for path in paths[:3] for name in re.findall(pattern, case.text(path))}


def bridge(case: Case, said: Said) -> Iterator[Fix]:
    """A bridge that does not exist: its only sibling in the stage's files."""
    yield from _renamed(
        case, said["name"], _used(case, r"bridge[=:]\s*[\"']?(?P<name>[A-Za-z][\w.-]*)", said["name"]), "bridge"
    )


def _used(case: Case, pattern: str, but: str) -> set[str]:
    """Names that the repository uses, in or out of the stage's scope: a name that another stage uses is as likely meant."""
    others = (path for path in islice(case.tree.paths(), 3000) if path.endswith((".sh", ".yaml", ".yml", ".tf", ".tfvars", ".env", ".conf", ".json")))
    paths = dict.fromkeys([*case.candidates[:100], *islice(others, 150)])
    found = {match["name"].rstrip(":,") for path in paths for match in re.finditer(pattern, case.text(path))}
    return found - {but}


def _renamed(case: Case, wrong: str, known: set[str], what: str) -> Iterator[Fix]:
    near = one_near(wrong, known)
    if near is None and what == "bridge":
        near = _bridge_slip(wrong, known)
    elif near is not None and not is_clear(wrong, near, known):
        case.advise(f"the {what} {wrong} does not exist on the host, and more than one has nearly that name; a person must tell which is meant")
        return
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
    near = [name for name in known if sorted(name) == sorted(wrong) or re.fullmatch(re.escape(wrong) + r"\d", name)]
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


_PROPERTIES = frozenset("""virtio e1000 vmxnet3 rtl8139 model macaddr bridge firewall link_down mtu queues rate tag trunks hwaddr name ip gw ip6 gw6 file
    aio backup bps bps_rd bps_wr cache detect_zeroes discard format iops iops_rd iops_wr iothread import-from mbps mbps_rd mbps_wr media
    replicate ro serial shared size snapshot ssd enabled fstrim_cloned_disks type memory efitype pre-enrolled-keys mp quota acl order up down
    mountoptions cputype flags keyctl nesting fuse mount user network meta vendor version""".split())  # fmt: skip


def unknown_property(case: Case, said: Said) -> Iterator[Fix]:
    """``net0.brigde``: a key inside of a value such as ``virtio,bridge=vmbr0``."""
    wrong = said["name"]
    near = one_near(wrong, _PROPERTIES)
    if near and wrong not in _PROPERTIES:
        yield from replaced(case, list(places(case, case.candidates[:100], wrong, r"(?<=[,\"'\s=])", "(?==)")), near, f"Corrected the property {wrong} to {near}",
                            f"{said['option']} has no property {wrong}; {near} is the one with nearly that name.")  # fmt: skip


def size(case: Case, said: Said) -> Iterator[Fix]:
    """``qm resize … 64GB``: Proxmox's units are one letter."""
    found = []
    for path in case.candidates[:100]:
        text = case.text(path)
        if "resize" in text:
            found += [(path, match) for match in re.finditer(r"(?:\bresize\b[^\n#;|]*?[\s\"']|\b\w*(?:SIZE|size|DISK|disk)\w*=[\"']?)\+?(?P<size>\d+(?:\.\d+)?) ?(?P<unit>[KMGTkmgt])(?:i?[Bb]|i)\b", text)]
    if len(found) == 1:
        path, match = found[0]
        wanted = match["size"] + match["unit"].upper()
        yield Fix(path, case.text(path)[: match.start("size")] + wanted + case.text(path)[match.end() :], f"Wrote the size as {wanted}",
                  "Proxmox wants a size as a number and one letter: K, M, G or T.")  # fmt: skip


def volume_size(case: Case, said: Said) -> Iterator[Fix]:
    """``local-lvm:32G``: behind the storage, a new disk's size is a bare number of gigabytes."""
    wrong = said["value"]
    uses = list(places(case, case.candidates[:100], wrong, r"(?<=:)"))
    yield from replaced(case, uses, said["size"], f"Wrote the size of the new disk as {said['size']}",
                        f"Behind a storage's name, Proxmox takes a bare number of gigabytes for a new disk's size and {wrong} for a volume's name.")  # fmt: skip


_YES_NO = {"enabled": "1", "enable": "1", "disabled": "0", "disable": "0"}


def boolean(case: Case, said: Said) -> Iterator[Fix]:
    wrong = said["value"]
    near = _YES_NO.get(wrong.lower()) or one_near(wrong.lower(), ("true", "false", "yes", "off"))
    if near:
        uses = list(places(case, case.candidates[:100], wrong, rf"(?<![\w.]){re.escape(said['name'])}[\s=:]+[\"']?"))
        yield from replaced(case, uses if len(uses) == 1 else [], near, f"Wrote {said['name']} as {near}",
                            f"Proxmox wants {said['name']} to be 1 or 0, not {wrong}.")  # fmt: skip


_API = {"": ("access", "cluster", "nodes", "pools", "storage", "version"),
        "nodes": ("qemu", "lxc", "storage", "network", "tasks", "status", "disks", "ceph", "services", "time", "hosts", "firewall", "certificates"),
        "cluster": ("resources", "config", "nextid", "firewall", "backup", "options", "status", "tasks", "replication"),
        "access": ("users", "groups", "roles", "domains", "acl", "password")}  # fmt: skip


def api_path(case: Case, said: Said) -> Iterator[Fix]:
    """``pvesh create /node/pve1/qemu``: the part of the path that is a slip of one that the API has there."""
    parts = said["path"].strip("/").split("/")
    for wrong, known in ((parts[0], _API[""]), (parts[2] if len(parts) > 2 and parts[0] == "nodes" else "", _API["nodes"]),
                         (parts[1] if len(parts) > 1 and parts[0] in ("cluster", "access") else "", _API.get(parts[0], ()))):  # fmt: skip
        near = one_near(wrong, known) if wrong and wrong not in known else None
        if near:
            uses = list(places(case, case.candidates[:100], wrong, r"\bpvesh\s[^\n;|]*?/", r"(?=[/\"'\s]|$)"))
            yield from replaced(case, uses, near, f"Corrected the API path's {wrong} to {near}",
                                f"The API has no {wrong} there; {near} is the one with nearly that name.")  # fmt: skip
            return


RULES: tuple[Rule, ...] = (
    Rule("proxmox-storage", ("storage",), (r"storage '(?P<name>[\w.-]+)' does not exist", r"no such storage '?(?P<name>[\w.-]+)"), storage),
    Rule("proxmox-bridge", ("bridge",), (r"bridge '(?P<name>[\w.-]+)' does not exist", r"no such bridge '?(?P<name>[\w.-]+)"), bridge),
    Rule("proxmox-property", ("property is not defined",), (r"(?P<option>\w+)\.(?P<name>[\w-]+): property is not defined in schema",), unknown_property),
    Rule("proxmox-size", ("does not match the regex",), (r"\b(?:size|disk): value does not match the regex pattern",), size),
    Rule("proxmox-volume-size", ("volume name",), (r"unable to parse \w+ volume name '(?P<value>(?P<size>\d+)(?:G|GB|Gi|GiB))'",), volume_size),
    Rule("proxmox-boolean", ("'boolean'",), (r"(?P<name>\w+): type check \('boolean'\) failed - got '(?P<value>\w+)'",), boolean),
    Rule("proxmox-path", ("handler defined for",), (r"No '\w+' handler defined for '(?P<path>/[^']*)'",), api_path),
    Rule("proxmox-option", ("unknown option", "property is not defined"), (r"Unknown option: (?P<name>[\w-]+)", r"(?<![\w.])(?P<name>[\w-]+): property is not defined in schema"), unknown_option),
)  # fmt: skip
