"""What is fixed in the configuration or the API of Proxmox VE. The product's name alone decides nothing."""

from __future__ import annotations

from ...domain import Classification
from .base import Known

_PROXMOX = Classification.PROXMOX_ERROR

_OBJECTS = (
    Known(
        "proxmox-guest",
        _PROXMOX,
        8,
        ("vm ", "ct ", "vmid", "qemu", "lxc", "guest", "kvm"),
        r"\b(?:VM|CT|container|vmid)\b:? ?'?\d{2,9}'? (?:already (?:exists|running|in use)|does not exist"
        r"|doesn't exist|not running|is not running|is running|is locked|qmp command|not found"
        r"|is (?:already|still) |is a template|- )|\b(?:VM|CT|container) is (?:locked|not locked|running)\b"
        r"|\bVM (?:with|named) (?:name|vmid|id)? ?[:=]? ?\S+ (?:does not exist|doesn't exist|not found|already exists)|\bdoes not exist in (?:the )?(?:proxmox )?cluster\b"
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
            "VM with name = debian13-template does not exist in cluster",
            "VM with vmid 104 not found",
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
        r"|\bvolume '?[\w.-]+[:/][^'\s]+'? (?:does not|doesn't|already) exists?|no such (?:logical volume|pool|dataset)"
        r"|lvcreate '[^']*' error|zfs error:|rbd error:|can't activate (?:storage|LV)|(?:unable"
        r"|failed) to (?:allocate|create) (?:image|disk|vol)|datastore \S+ (?:does not exist|not found)"
        r"|no (?:valid|suitable|usable) storages?\b.{0,60}(?:'(?:rootdir|vztmpl|images|iso|snippets|backup)'|\bfound\b|container|template)"
        r"|content type '[^']+' is not|does not support (?:content|vm images|container dir|snippets)"
        r"|wrong storage content|invalid volume (?:id|name)|illegal name '|no such volume",
        (
            "storage 'local-zfs' does not exist",
            "No valid storage found for 'rootdir' (Container).",
            "volume local-lvm:vm-3000-cloudinit-seed does not exists",
            "no such logical volume pve/vm-100-disk-0",
            "volume 'local:iso/debian.iso' does not exist",
            "storage 'nfs-iso' is not online",
            "lvcreate 'pve/vm-9' error:   Volume group not found",
            "zfs error: cannot open 'rpool/data/vm-1': dataset does not exist",
        ),
        ("storage 'local' is active", "PersistentVolume storage class created", "no space left in storage"),
    ),
    Known(
        "proxmox-quorum-and-agent",
        _PROXMOX,
        9.5,
        ("quorum", "501 no such file", "qemu agent"),
        r"(?:no|lost|without) quorum|\b501 no such file '/|\b(?:from|on|for|the) QEMU (?:guest )?agent\b.{0,80}\b(?:to publish|timeout|timed out)",
        (
            "cluster not ready - no quorum?",
            "Error: 501 no such file '/cluster/resources'",
            "error waiting for network interfaces from QEMU agent: timeout while waiting",
        ),
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
        r"|\btask \"?UPID\S* .{0,20}failed|no such cluster node|/usr/share/perl5/PVE/|(?<!etcd )cluster join failed"
        r"|no such node|bridge '?\w+'? does not exist|no such bridge|hotplug problem|type check \('"
        r"|property is missing and it is not optional|unable to (?:read|find) (?:tail|worker)|"
        r"\b(?:proxmox|pve)\b(?!\d).{0,60}\b(?:api (?:call )?(?:error|failed)|returned 5\d\d|returned 400|status: 5\d\d)"
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

_REFUSALS = (
    Known(
        "proxmox-accounts",
        _PROXMOX,
        8,
        ("user", "role", "group", "realm", "domain", "token", "pool", "node '", "no such v"),
        r"\bno such (?:VM|CT)\b|\b(?:user|role|group|realm|domain|token|pool|acl|node) '[^']+' (?:does not exist|doesn't exist|already exists"
        r"|is not empty)|\b(?:create|delete|update|modify) (?:user|role|group|token|domain|pool|acl) failed\b"
        r"|no such (?:user|role|group|pool|token) \(?'|^token already exists",
        (
            "create user failed: user 'terraform@pve' already exists",
            "pool 'lab' does not exist",
            "role 'Terraform' does not exist",
        ),
        ("pool 'lab' created", "user 'ops' logged in"),
    ),
    Known(
        "proxmox-feature",
        _PROXMOX,
        8,
        (
            "snapshot",
            "shrink",
            "clone",
            "migrat",
            "not implemented",
            "bootorder",
            "bus type",
            "iommu",
            "vfio",
            "pci",
            "disk '",
            "drive",
            "vcpu",
            "os distribution",
            "os version",
        ),
        r"snapshot feature is not available|snapshot name '[^']+' already used|snapshot '[^']+' does not exist"
        r"|shrinking disks is not supported|unable to shrink disk|can't clone|(?:linked|full) clone (?:feature|of)\b"
        r"|can't (?:live )?migrate|migration (?:aborted|problems)|\bmethod '[A-Z]+ /[^']*' not implemented"
        r"|invalid bootorder|\bdisk '(?:scsi|virtio|sata|ide|rootfs|mp|efidisk|tpmstate)\d*' (?:does not exist|is)"
        r"|\bvfio\b.{0,60}(?:fail|error|cannot)|IOMMU not present|no pci device info|cannot prepare PCI|unable to (?:detect|determine) OS (?:distribution"
        r"|version)|unsupported (?:debian|ubuntu|alpine|fedora) (?:version|release)",
        (
            "snapshot feature is not available",
            "shrinking disks is not supported",
            "500 Can't clone to non-shared storage 'local-lvm'",
            "Method 'POST /nodes/pve1/qemu/9000/clones' not implemented",
            "can't migrate VM which uses local devices: hostpci0",
        ),
        ("snapshot created", "clone finished", "Cloning into 'homelab'..."),
    ),
    Known(
        "proxmox-cluster",
        _PROXMOX,
        8,
        (
            "lock request timeout",
            "ha resource",
            "schema does not",
            "cfs-lock",
            "cfs lock",
            "modified configuration",
            "pmxcfs",
            "virtual guests",
            "corosync",
            "backup of vm",
            "run_buffer",
            "lxc.hook",
            "mount point but is not mounted",
            "creation failed",
            "creation of",
        ),
        r"got lock request timeout|\bHA resource '\w+:\d+'|schema does not define a default key|\bcfs[- ]lock\b.{0,60}(?:error|timeout|fail)|detected modified configuration"
        r"|\bpmxcfs\b.{0,60}(?:fail|error|unable|not )|already contains virtual guests"
        r"|corosync(?:\.conf|/authkey)'? already exists|backup of (?:VM|CT) \d+ failed"
        r"|run_buffer: \d+ script exited|lxc\.hook\.\S+ .{0,40}(?:fail|error)"
        r"|expected to be a mount point but is not mounted|^(?:LXC )?(?:container|VM) creation failed\b"
        r"|\bcreation of (?:qemu |lxc )?(?:VM|CT|container)\b.{0,80} failed\b",
        (
            "cfs-lock 'file-user_cfg' error: got lock request timeout",
            "ERROR: Backup of VM 100 failed - job aborted",
            "Container creation failed, but template is not corrupted.",
            "creation of qemu VM grafana with vmid 104 failed with exception='name'",
            "unable to activate storage 'nas' - directory is expected to be a mount point but is not mounted:"
            " '/mnt/nas'",
        ),
        ("corosync started", "cfs-lock acquired"),
    ),
    Known(
        "proxmox-status",
        _PROXMOX,
        5.5,
        ("400 ", "500 ", "501 ", "http 4", "http 5"),
        r"^(?:400|500|501) (?!internal|bad|not (?:found|implemented|allowed|acceptable)|server|client|error|request|ok\b|method not|errors?\b|files?\b)[a-z][a-z' ]"
        r"|received an HTTP (?:400|5\d\d) response - Reason: ",
        ("500 unable to do that", "Error: received an HTTP 500 response - Reason: something"),
        ("500 Internal Server Error", "400 Bad Request", "500 files copied"),
    ),
)

TABLE = _OBJECTS + _REFUSALS
