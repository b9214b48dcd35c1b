"""What is fixed in the configuration or the API of Talos. The product's name alone decides nothing."""

from __future__ import annotations

from ...domain import Classification
from .base import Known

_TALOS = Classification.TALOS_ERROR

TABLE = (
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
            "talhelper",
        ),
        r"configuration validation failed|(?:invalid|failed to (?:validate|load|parse|apply|render|read)"
        r"|no|bad|wrong) (?:the )?(?:talos )?(?:machine ?config(?:uration)?|talosconfig|talos config)\b"
        r"|issues with your talhelper|\btalhelper\b.{0,80}(?:error|failed|invalid)|failed to generate talos config|install\.disk|install disk (?:is|should|must|not|does)|(?:error|failed|cannot"
        r"|unable)\b.{0,30}\bmachine ?config(?:uration)?\b|v1alpha1 config|no disks? match"
        r"|cluster instance \w+ is|invalid machine token|service\[\w+\]\(Failed\)|unknown config document"
        r"|config(?:uration)? validation (?:error|failed)|talos config file is (?:empty|not)|(?:unknown"
        r"|invalid|unsupported) machine type"
        r"|(?:unsupported|invalid) talos version|talos version \S+ is (?:not|un|too)|(?:failed|error|invalid).{0,40}\b(?:secrets bundle"
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
        r"|context \"?\S+\"? (?:is )?not (?:found|defined)(?: in (?:the )?talos ?config)|talos ?config\b.{0,40}\bcontext \"?\S+\"? (?:is )?not (?:found|defined)"
        r"|please use `--nodes`",
        (
            'error parsing talosconfig: context "lab" is not defined',
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
            "healthcheck error",
        ),
        r"etcd data directory is not empty|\betcd\b.{0,60}\b(?:lose quorum|not enough (?:started|healthy) members)\b|already bootstrapped|bootstrap is not available|(?:not|only"
        r"|code = \w+|error)\b.{0,80}\bmaintenance (?:mode|service)|time is not in sync"
        r"|waiting for (?:etcd|apid|machined|kubelet|all (?:k8s nodes|control plane [\w ]+|nodes"
        r"|kube-?proxy|coredns)|control plane|no diagnostics)[^;]{0,80} to (?:be|become|report|match|run"
        r"|boot|finish)\b.*(?:error|failed|exceeded|timeout|: (?!ok\b|done|\.\.\.)\S)"
        r"|member not learner|failed to join etcd|etcd member \w+ (?:failed|is not healthy)|\betcdserver: re-configuration failed|\bvalidating etcd\b|\bhealthcheck error: (?!.*(?:refused|i/o timeout|unreachable|no route|lookup))|etcd member ?(?:ip|id"
        r"|list)s? .*(?:mismatch|not match|!=)|\btask \w+ \(\d+/\d+\): failed"
        r"|\bphase \w+ \(\d+/\d+\): failed|\bsequence error: |error running phase \d+ in \w+ sequence|\b\w+ sequence: failed|service \"?(?:etcd|apid|machined|trustd"
        r"|udevd|cri|containerd|kubelet)\"? (?:is )?(?:not healthy|unhealthy|failed)",
        (
            "healthcheck error: rpc error: code = DeadlineExceeded desc = context deadline exceeded",
            "error running task: etcdserver: re-configuration failed due to not enough started members",
            "error validating etcd for upgrade: etcd member ac3fbb15f6a9a774 is not healthy",
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
        # other tools speak gRPC, too: Tiller, BuildKit, CSI drivers
        r"^(?!.{0,400}\b(?:helm|tiller|release|job failed|buildkit|failed to solve|dockerfile|storageclass|provision\w*|pod|cri-o|grpcurl)\b).*"
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
            "Helm install error: rpc error: code = Unknown desc = Job failed: BackoffLimitExceeded",
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
        "talos-versions",
        _TALOS,
        8,
        (
            "upgrade path",
            "version mismatch",
            "with talos",
            "talos version",
            "v1alpha1.config",
            "diskselector",
            "use --force to overwrite",
        ),
        r"unsupported upgrade path|\bconfig version mismatch\b|\bto be used with Talos\b|is not (?:compatible"
        r"|supported) with Talos|\bv1alpha1\.Config: |\bdiskSelector\b|already exists, use --force to overwrite",
        (
            'unsupported upgrade path 1.28->1.30 (from "1.28.3" to "1.30.1")',
            "* kubelet image is not valid: version of Kubernetes 1.36.0 is too new to be used with Talos 1.12.5",
            'file "controlplane.yaml" already exists, use --force to overwrite',
        ),
        ("upgrade path /srv/upgrade", "checksum version mismatch"),
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
