"""What is fixed in the configuration or the API of Talos or of Proxmox. The product's name alone decides
nothing."""

from __future__ import annotations

from ...domain import Classification
from .base import Known

_TALOS = Classification.TALOS_ERROR
_PROXMOX = Classification.PROXMOX_ERROR

TALOS = (
    Known(
        "talos-config-invalid",
        _TALOS,
        8,
        (
            "configuration validation",
            "applying new configuration",
            "machine config",
            "install.disk",
            "install disk",
            "unknown config document",
            "controlplane.yaml",
            "config validation",
            "machineconfig",
            "talosconfig",
            "talos config",
            "v1alpha1",
            "cluster instance",
            "machine token",
            "](failed)",
            "disk match",
            "disks match",
            "talos version",
            "machine type",
            "secrets bundle",
            "machine secrets",
            "talos api",
        ),
        r"configuration validation failed|(?:invalid|failed to (?:validate|load|parse|apply|render|read)"
        r"|no|bad|wrong) (?:the )?(?:talos )?(?:machine ?config(?:uration)?|talosconfig|talos config)\b"
        r"|install\.disk|install disk (?:is|should|must|not|does)|(?:error|failed|cannot"
        r"|unable)\b.{0,30}\bmachine ?config(?:uration)?\b|v1alpha1 config|no disks? match"
        r"|cluster instance \w+ is|invalid machine token|service\[\w+\]\(Failed\)|unknown config document"
        r"|config(?:uration)? validation (?:error|failed)|talos config file is (?:empty|not)|(?:unknown"
        r"|invalid|unsupported) machine type"
        r"|(?:unsupported|invalid) talos version|(?:failed|error|invalid).{0,40}\b(?:secrets bundle"
        r"|machine secrets)|machine ?config(?:uration)? .{0,50}(?:invalid|rejected|failed|missing"
        r"|not (?:found|valid))",
        (
            "error applying new configuration: rpc error: code = InvalidArgument desc = configuration "
            "validation failed: 1 error occurred:",
            "* install disk is required for machine type controlplane",
            "failed to validate machine config: x",
        ),
        ("machine configuration applied", "validating machine config ... ok", "Generated talosconfig"),
    ),
    Known(
        "talos-client",
        _TALOS,
        8,
        (
            "nodes are not set",
            "nodes not set",
            "failed to determine endpoints",
            "no context is set",
            "no endpoints",
            "endpoints",
            'context "',
            "talosconfig",
            'command "talosctl',
            "config context",
        ),
        r"nodes are not set for the command|failed to determine endpoints|no context is set"
        r"|no (?:talos )?endpoints (?:are )?(?:set|found|configured|specified)"
        r"|context \"?\S+\"? (?:is )?not (?:found|defined)(?: in (?:the )?talos ?config)"
        r"|please use `--nodes`",
        (
            "nodes are not set for the command: please use `--nodes` flag or configuration file to set the "
            "nodes to run the command against",
            "failed to determine endpoints",
        ),
        (
            'no endpoints available for service "cert-manager-webhook"',
            "context was not found for specified context: nope",
        ),
    ),
    Known(
        "talos-state",
        _TALOS,
        8,
        (
            "etcd",
            "maintenance",
            "bootstrap",
            "already bootstrapped",
            "apid",
            "machined",
            "trustd",
            "task ",
            "phase ",
            "sequence ",
            "waiting for",
        ),
        r"etcd data directory is not empty|already bootstrapped|bootstrap is not available|(?:not|only"
        r"|code = \w+|error)\b.{0,80}\bmaintenance (?:mode|service)|time is not in sync"
        r"|waiting for (?:etcd|apid|machined|kubelet|all (?:k8s nodes|control plane [\w ]+|nodes"
        r"|kube-?proxy|coredns)|control plane|no diagnostics)[^;]{0,80} to (?:be|become|report|match|run"
        r"|boot|finish)\b.*(?:error|failed|exceeded|timeout|: (?!ok\b|done|\.\.\.)\S)"
        r"|member not learner|failed to join etcd|etcd member \w+ failed|etcd member ?(?:ip|id"
        r"|list)s? .*(?:mismatch|not match|!=)|\btask \w+ \(\d+/\d+\): failed"
        r"|\bphase \w+ \(\d+/\d+\): failed|\b\w+ sequence: failed|service \"?(?:etcd|apid|machined|trustd"
        r"|udevd|cri|containerd|kubelet)\"? (?:is )?(?:not healthy|unhealthy|failed)",
        (
            "rpc error: code = AlreadyExists desc = etcd data directory is not empty",
            "error executing bootstrap: rpc error: code = FailedPrecondition desc = bootstrap is not available yet",
            "[talos] phase config (2/6): failed",
            "waiting for etcd to be healthy: 1 error occurred: service is not running: rpc context deadline exceeded",
        ),
        ("etcd is healthy", "waiting for etcd to be healthy: OK", "entering maintenance window"),
    ),
    Known(
        "talos-rpc",
        _TALOS,
        6,
        (
            "code = failedprecondition",
            "code = invalidargument",
            "code = unimplemented",
            "code = alreadyexists",
            "code = internal",
            "code = unknown",
            "code = notfound",
            "code = aborted",
            "code = outofrange",
        ),
        r"code = (?:FailedPrecondition|InvalidArgument|Unimplemented|AlreadyExists|Internal|Unknown"
        r"|NotFound|Aborted|OutOfRange)\b(?!.*(?:containerd|failed to (?:pull|create|get|unpack|resolve)"
        r"|image|sandbox|container|snapshot|csi|volume))",
        (
            "rpc error: code = InvalidArgument desc = unsupported disk",
            "error upgrading: rpc error: code = Unknown desc = lock",
        ),
        (
            'Failed to pull image "x": rpc error: code = NotFound desc = failed to pull and unpack image',
            "rpc error: code = Unavailable desc = x",
        ),
    ),
    Known(
        "talos-operation",
        _TALOS,
        5.5,
        (
            "applying new configuration",
            "error executing",
            "error upgrading",
            "error resetting",
            "bootstrapping node",
        ),
        r"error applying new configuration|error executing (?:bootstrap|upgrade|reset)|error upgrading"
        r"|error resetting|error bootstrapping node",
        ("error applying new configuration: boom",),
        ("applying new configuration: ok",),
    ),
    Known(
        "talosctl-reports",
        _TALOS,
        5,
        ("talosctl", "talos_", "talos.machine", "talos_machine"),
        r"\btalosctl\b[^|]{0,60}(?:failed|error)|\btalos_machine_\w+\..{0,200}error|with talos_\w+",
        ("talosctl apply-config failed: node said no", "Error: boom (with talos_machine_bootstrap.this)"),
        ("Running talosctl version", "Talos is an operating system"),
    ),
)

PROXMOX = (
    Known(
        "proxmox-guest",
        _PROXMOX,
        8,
        ("vm ", "ct ", "vmid", "qemu", "lxc", "guest", "kvm"),
        r"\b(?:VM|CT|container|vmid)\b:? ?'?\d{2,9}'? (?:already (?:exists|running|in use)|does not exist"
        r"|doesn't exist|not running|is not running|is running|is locked|qmp command|not found"
        r"|is (?:already|still) |is a template|- )|\b(?:VM|CT|container) is (?:locked|running)\b"
        r"|unable to (?:find configuration file for|create|start|stop|clone|migrate|destroy|resize|parse"
        r"|configure) (?:VM|CT|qemu|guest)\b|guest agent is not (?:running|configured|enabled)"
        r"|config(?:uration)? file '(?:nodes/|/etc/pve)[^']*' (?:does not|already) exists?"
        r"|(?:QEMU|kvm|lxc)(?: exited)? with code|start failed: "
        r"|KVM virtuali[sz]ation configured, but not available|can't lock file '[^']*(?:lock-|qemu-server"
        r"|lxc)[^']*'|VM quit/powerdown failed|VM(?:ID)? \d+ .*(?:in use|already used)"
        r"|timeout waiting on systemd|(?:can't|cannot|can not|unable to) (?:start|stop|migrate|clone"
        r"|destroy|delete|resize|create|snapshot|move|shrink)(?: \w+)? (?:VM|CT)\b|vcpus allowed per"
        r"|already used by VM|got no worker upid|VM isn't running|volume .* already exists on"
        r"|You can't (?:destroy|delete|change|convert)",
        (
            "unable to create VM 100 - VM 100 already exists on node 'pve'",
            "VM 104 not running",
            "can't lock file '/var/lock/qemu-server/lock-100.conf' - got timeout",
            "VM is locked (backup)",
            "Configuration file 'nodes/pve/qemu-server/100.conf' does not exist",
            "start failed: QEMU exited with code 1",
        ),
        ("VM 100 started", "container registry does not exist"),
    ),
    Known(
        "proxmox-storage",
        _PROXMOX,
        8.5,
        (
            "storage",
            "volume",
            "logical volume",
            "lvcreate",
            "zfs error",
            "zpool",
            "rbd error",
            "pool",
            "datastore",
            "iso",
            "template",
        ),
        r"\bstorage '[^']+'(?: on node '[^']+')? (?:does not|doesn't|is not|is disabled)"
        r"|storage ID '[^']*'|no such storage|storage \S+ (?:is )?not (?:found|available|active|online"
        r"|enabled)|unable to (?:parse|activate|find|list|detect|zero|alloc\w*|resolve) (?:lvm |rbd "
        r"|zfs )?(?:volume|storage|pool|image)"
        r"|\bvolume '[^']+' (?:does not|doesn't|already) exists?|no such (?:logical volume|pool|dataset)"
        r"|lvcreate '[^']*' error|zfs error:|rbd error:|can't activate (?:storage|LV)|(?:unable"
        r"|failed) to (?:allocate|create) (?:image|disk|vol)|datastore \S+ (?:does not exist|not found)"
        r"|content type '[^']+' is not|does not support (?:content|vm images|container dir|snippets)"
        r"|wrong storage content|invalid volume (?:id|name)|illegal name '|no such volume",
        (
            "storage 'local-zfs' does not exist",
            "no such logical volume pve/vm-100-disk-0",
            "volume 'local:iso/debian.iso' does not exist",
            "storage 'nfs-iso' is not online",
            "lvcreate 'pve/vm-9' error:   Volume group not found",
            "zfs error: cannot open 'rpool/data/vm-1': dataset does not exist",
        ),
        ("storage 'local' is active", "PersistentVolume storage class created", "no space left in storage"),
    ),
    Known(
        "proxmox-quorum",
        _PROXMOX,
        9.5,
        ("quorum",),
        r"(?:no|lost|without) quorum",
        ("cluster not ready - no quorum?",),
        ("quorum: yes", "quorum provider corosync_votequorum"),
    ),
    Known(
        "proxmox-api",
        _PROXMOX,
        8,
        (
            "parameter verification",
            "task error",
            "property is not defined in schema",
            "invalid format",
            "does not match the regex",
            "hostname lookup",
            "no such cluster node",
            "proxmox",
            "pve",
            "upid",
            "vmbr",
            "no such bridge",
            "bridge",
            "no such node",
            "value does not have a value in the enumeration",
            "hotplug",
            "type check",
            "perl5/pve",
            "cluster join",
            "cfs-locked",
            "locked command",
            "corosync",
            "failed to complete with exit code",
            "missing in your request",
            "error creating",
            "error updating",
            "error cloning",
            "error reading",
            "error deleting",
            "error starting",
            "property is missing",
        ),
        r"parameter verification failed|^TASK ERROR: (?!.*(?:connection|permission|timed out))"
        r"|property is not defined in schema|: invalid format - |value does not match the regex"
        r"|does not have a value in the enumeration|hostname lookup '[^']*' failed"
        r"|during cfs-locked|'-locked command timed out|Corosync config '[^']*' does not exist"
        r"|\btask \"?UPID\S* .{0,20}failed|no such cluster node|/usr/share/perl5/PVE/|cluster join failed"
        r"|no such node|bridge '?\w+'? does not exist|no such bridge|hotplug problem|type check \('"
        r"|property is missing and it is not optional|unable to (?:read|find) (?:tail|worker)|"
        r"\b(?:proxmox|pve\w*)\b.{0,60}\b(?:api )?(?:error|returned 5\d\d|returned 400|status: 5\d\d)"
        r"|\bproxmox_\w+\.\S+.{0,300}\berror\b|error (?:creating|updating|cloning|reading|deleting"
        r"|starting) (?:the )?(?:VM|LXC|container|virtual machine)",
        (
            "400 Parameter verification failed.",
            "TASK ERROR: clone failed: x",
            "bridge 'vmbr9' does not exist",
            "net0: invalid format - format error",
            "Error: error creating VM: 500 boom",
        ),
        ("Parameter verification passed", "proxmox host is up", "time: invalid format"),
    ),
)

TABLE = TALOS + PROXMOX
