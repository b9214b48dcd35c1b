"""The Proxmox host: machines, containers, storage, cluster.

Left out on purpose: every verb that changes something, ``guest exec``, ``exec``, ``enter``, ``monitor``, ``cloudinit
dump`` (prints the password's hash), ``pvesm export`` and ``extractconfig``; of the API the paths that read files of a
guest, hand out tickets, or dump keys, which are GET requests too: so paths are an allow-list.
"""

from __future__ import annotations

import re

from git_executor.escalation.diagnostics.grammar import Form, Reading, Tool, form, verbs
from git_executor.escalation.diagnostics.paths import Place
from git_executor.escalation.diagnostics.words import Refused


def _options(usage: str) -> str:
    """Proxmox reads ``-storage`` and ``--storage`` alike."""
    return re.sub(r"(?<!\S)--", "-", usage) + " " + usage


_FORMAT = "--output-format={text,json,json-pretty,yaml} --noborder=[{0,1}] --noheader=[{0,1}] --human-readable=[{0,1}]"

_AGENT_QUESTIONS = (
    "ping", "info", "network-get-interfaces", "get-osinfo", "get-fsinfo", "get-host-name", "get-time", "get-timezone",
    "get-users", "get-vcpus", "get-memory-blocks", "get-memory-block-info",
)  # fmt: skip


def _agent(reading: Reading, place: Place) -> None:
    if reading.args[1] not in _AGENT_QUESTIONS:
        raise Refused(f"the guest agent may only be asked for {', '.join(_AGENT_QUESTIONS)}")


_NODE = r"/nodes/[A-Za-z0-9.-]+"
_GUEST = _NODE + r"/(?:qemu|lxc)/[0-9]+"
_API = re.compile(
    "|".join(
        (
            r"/|/version|/pools|/pools/[A-Za-z0-9._-]+|/storage|/storage/[A-Za-z0-9._-]+",
            r"/cluster",
            r"/cluster/(?:status|resources|tasks|nextid|log|options|backup|replication|ha|ceph|sdn)",
            r"/cluster/(?:ha/(?:status(?:/current|/manager_status)?|resources|groups|rules)|ceph/(?:status|flags))",
            r"/cluster/(?:sdn/(?:zones|vnets)|config/nodes|config/totem|jobs|mapping/pci|mapping/usb)",
            r"/nodes",
            _NODE,
            _NODE + r"/(?:status|version|qemu|lxc|storage|network|services|tasks|disks|dns|time|hosts|netstat|syslog)",
            _NODE + r"/(?:journal|replication|rrddata|hardware|hardware/pci|hardware/usb|ceph|ceph/status|aplinfo)",
            _NODE
            + r"/(?:disks/(?:list|lvm|lvmthin|zfs|directory|smart)|disks/zfs/[A-Za-z0-9._-]+|apt/versions|apt/update)",
            _NODE
            + r"/(?:network/[A-Za-z0-9.:_-]+|services/[A-Za-z0-9@._-]+(?:/state)?|capabilities/qemu/(?:cpu|machines))",
            _NODE + r"/storage/[A-Za-z0-9._-]+(?:/(?:status|content|rrddata))?",
            _NODE + r"/tasks/UPID:[A-Za-z0-9:@!._-]+(?:/(?:status|log))?",
            _GUEST,
            _GUEST + r"/(?:config|pending|status|status/current|snapshot|rrddata|interfaces|feature|firewall)",
            _GUEST + r"/agent",
            _GUEST + r"/agent/(?:info|network-get-interfaces|get-osinfo|get-fsinfo|get-host-name|get-time|get-vcpus)",
            _GUEST + r"/firewall/(?:rules|options|refs)",
        )
    )
)


def _api(reading: Reading, place: Place) -> None:
    path = "/" + reading.args[0].strip("/")
    if ".." in path or not _API.fullmatch(path):
        raise Refused(f"the API path {path} is not on the list of those that hold no secrets")


_PVESH = form(
    _options(
        _FORMAT
        + """ --type=NAME --node=NAME --limit=INT --start=INT --typefilter=NAME --vmid=INT
    --full=[{0,1}] --content=NAMES --errors=[{0,1}] --source=NAME --since=TEXT --until=TEXT --service=NAME
    --current=[{0,1}]
    --enabled=[{0,1}] --storage=NAME --timeframe={hour,day,week,month,year} --cf={AVERAGE,MAX} --lastentries=INT
    --statusfilter=NAMES --include-partitions=[{0,1}] --skipsmart=[{0,1}] --disk=DEVICE --max=INT"""
    ),
    "WORD",
    check=_api,
)

_QM: dict[str, Form] = {
    "list": form(_options("--full=[{0,1}]")),
    "status": form(_options("--verbose=[{0,1}]"), "INT"),
    "config": form(_options("--current=[{0,1}] --snapshot=NAME"), "INT"),
    "pending": form("", "INT"),
    **verbs("listsnapshot|showcmd", form(_options("--pretty=[{0,1}]"), "INT")),
    "cloudinit pending": form("", "INT"),
    **verbs("agent|guest cmd", form("", "INT NAME", check=_agent)),
}
_PCT: dict[str, Form] = {
    "list": form(),
    "status": form(_options("--verbose=[{0,1}]"), "INT"),
    "config": form(_options("--current=[{0,1}] --snapshot=NAME"), "INT"),
    **verbs("pending|listsnapshot|df", form("", "INT")),
    "cpusets": form(),
}
_PVESM: dict[str, Form] = {
    "status": form(_options("--content=NAMES --enabled=[{0,1}] --storage=NAME --target=NAME " + _FORMAT)),
    "list": form(_options("--content=NAMES --vmid=INT"), "NAME"),
    "path": form("", "VOLUME"),
    **verbs("scan zfs|scan lvm|zfsscan|lvmscan", form()),
    **verbs("scan nfs|nfsscan|scan lvmthin|lvmthinscan", form("", "HOST")),
}

TOOLS = (
    Tool("qm", _QM),
    Tool("pct", _PCT),
    Tool("pvesh", verbs("get|ls", _PVESH)),
    Tool("pvesm", _PVESM),
    Tool("pvecm", verbs("status|nodes|apiver", form(_options(_FORMAT)))),
    Tool("pveversion", {"": form("-v|--verbose=[{0,1}]")}),
)
