"""talosctl: what the nodes say about themselves.

An allow-list of resources, because many hold keys (machine configurations, certificates, ``*secret*``, discovery
and wireguard settings). Left out on purpose: ``read``, ``cp``, ``copy`` (any file of a node), ``kubeconfig``, ``gen``,
``config view``, ``support``, ``pcap`` (write), ``dashboard``, ``events``, ``--follow``, ``--watch`` (never end), and
every verb that changes a node.
"""

from __future__ import annotations

from git_executor.escalation.diagnostics.grammar import Form, Reading, Style, Tool, flags, form, verbs
from git_executor.escalation.diagnostics.paths import Place
from git_executor.escalation.diagnostics.words import Refused

_NAMES = """
    kubeletconfig kubeletconfigs schedulerconfig schedulerconfigs timeserverstatus timeserverstatuses kubeprismstatuses
    kubeprismendpoints hostdnsconfig hostdnsconfigs dnsupstreams hardwareaddresses nodecordonedspecs
    addresses address addressstatuses addressstatus as nodeaddresses nodeaddress nodename nodenames hostname
    hostnames hostnamestatus hostnamestatuses hostnamespecs routes route routestatus routestatuses routespecs
    links link linkstatus linkstatuses ls resolvers resolver resolverspecs timeservers timeserver timestatus
    timestatuses members member affiliates affiliate services service svc etcdmembers etcdmember etcdspecs
    staticpods staticpod staticpodstatus staticpodstatuses staticpodserverstatus disks disk discoveredvolumes
    discoveredvolume dv volumestatus volumestatuses vs systemdisk systemdisks sd mountstatus mountstatuses
    mounts blockdevices blockdevice bd extensions extension extensionstatus extensionstatuses kernelmodulespecs
    kernelparamstatus kernelparamstatuses kernelparamspecs machinestatus machinestatuses machinetype
    machinetypes nodestatus nodestatuses securitystate securitystates processors processor cpus memorymodules
    memorymodule systeminformation systeminformations pcidevices pcidevice platformmetadata platformmetadatas pm
    bootedentry kubeletspecs kubeletspec nodelabelspecs nodetaintspecs nodeips nodeip operatorspecs operatorspec
    cpustats cpustat memorystats memorystat loadavg kubespanpeerstatuses kubespanpeerstatus kubespanendpoints
    imagecacheconfig devicestatus diagnostics diagnostic resourcedefinitions resourcedefinition rd rds
    namespaces namespace ns watchdogtimerstatus watchdogtimerstatuses nodeapplystatus etcfilestatus
    etcfilestatuses probestatus probestatuses statuses networkstatus networkstatuses controlplanestatus
    configstatuses configstatus manifeststatus manifeststatuses
"""
_RESOURCES = frozenset(_NAMES.split())


def _resource(reading: Reading, place: Place) -> None:
    asked = reading.args[0].lower().partition(".")[0]
    if asked not in _RESOURCES:
        raise Refused(f"the Talos resource {reading.args[0]!r} is not on the list of those that hold no keys")


def _service(reading: Reading, place: Place) -> None:
    """``service ID restart`` acts; only the status is a question."""
    if len(reading.args) > 1 and reading.args[1] != "status":
        raise Refused(f"talosctl service may only ask for the status, not {reading.args[1]!r}")


_TALOSCTL: dict[str, Form] = {
    "version": form("--client --short -i|--insecure --json"),
    "health": form(
        """--wait-timeout=DURATION --control-plane-nodes=HOSTS --worker-nodes=HOSTS --init-node=HOST
        --server=[{true,false}]"""
    ),
    "get": form("-o|--output=FORMAT --namespace=NAME -i|--insecure", "WORD [WORD]", check=_resource),
    **verbs("services|service", form("", "[NAME] [NAME]", check=_service)),
    **verbs("logs|log", form("--tail=COUNT -k|--kubernetes", "WORD")),
    "dmesg": form("--tail"),
    **verbs("containers|c", form("-k|--kubernetes")),
    **verbs("stats", form("-k|--kubernetes")),
    **verbs("processes|p", form("-s|--sort=NAME")),
    **verbs("memory|m|free", form("-v|--verbose")),
    **verbs("mounts|mount|disks", form("-i|--insecure")),
    "time": form("-c|--check=HOST"),
    **verbs("usage|du", form("-H|--humanize -a|--all -d|--depth=INT -t|--threshold=INT", "[WORD...]")),
    **verbs("list|ls", form("-l|--long -H|--humanize -d|--depth=INT -r|--recurse -t|--type=NAME", "[WORD]")),
    **verbs(
        "netstat|ss",
        form("-a|--all -l|--listening -p|--programs -t|--tcp -u|--udp -4 -6 -x|--extend -k|--pods -v|--verbose"),
    ),
    **verbs("etcd members|etcd status|etcd alarm list", form()),
    **verbs("config info|config contexts", form("-o|--output={text,json,yaml}")),
    **verbs("image list|image ls|images list", form("--namespace=NAME")),
    "inspect dependencies": form("--with-resources"),
    "validate": form("-c|--config=READ -m|--mode={metal,cloud,container} --strict"),
}

TOOLS = (
    Tool(
        "talosctl",
        _TALOSCTL,
        flags("-n|--nodes=HOSTS -e|--endpoints=HOSTS --context=NAME --cluster=NAME --talosconfig=INSIDE"),
        Style.GO,
        home=True,
        environ=("TALOSCONFIG",),
    ),
)
