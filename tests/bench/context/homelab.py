
"""A homelab of a few thousand lines, and ways to break it: what the log then says, and which lines a fix must touch."""

from __future__ import annotations

from dataclasses import dataclass

APPS = ["gitea", "grafana", "loki", "nextcloud", "immich", "vaultwarden", "jellyfin", "sonarr", "radarr", "paperless",
        "homepage", "uptime-kuma", "minio", "harbor", "keycloak", "authentik", "longhorn", "metallb", "ingress-nginx",
        "cert-manager", "external-dns", "prometheus", "alertmanager", "renovate", "woodpecker", "freshrss"]  # fmt: skip
NODES = [("cp-1", 110), ("cp-2", 111), ("cp-3", 112), ("worker-1", 120), ("worker-2", 121), ("worker-3", 122)]


def _release(index: int, app: str) -> str:
    return f"""\
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: {app}
  namespace: {app}
spec:
  interval: 30m
  chart:
    spec:
      chart: {app}
      version: "{index % 7 + 1}.{index}.0"
      sourceRef:
        kind: HelmRepository
        name: {app}-charts
        namespace: flux-system
  values:
    replicaCount: {index % 3 + 1}
    ingress:
      enabled: true
      className: nginx
      hosts:
        - host: {app}.home.lan
          paths:
            - path: /
              pathType: Prefix
      tls:
        - secretName: {app}-tls
          hosts: [{app}.home.lan]
    persistence:
      enabled: true
      storageClass: longhorn
      size: {index + 1}Gi
    resources:
      requests:
        cpu: {index + 10}m
        memory: {index * 8 + 64}Mi
"""


def _machine(name: str, vmid: int) -> str:
    return f"""\
version: v1alpha1
machine:
  type: {"controlplane" if name.startswith("cp") else "worker"}
  kubelet:
    image: ghcr.io/siderolabs/kubelet:v1.31.2
    extraArgs:
      rotate-server-certificates: true
    nodeIP:
      validSubnets:
        - 10.0.0.0/24
  network:
    hostname: {name}
    interfaces:
      - interface: eth0
        addresses:
          - 10.0.0.{vmid}/24
        routes:
          - network: 0.0.0.0/0
            gateway: 10.0.0.1
        dhcp: false
    nameservers:
      - 10.0.0.1
      - 1.1.1.1
  install:
    disk: /dev/sda
    image: ghcr.io/siderolabs/installer:v1.9.1
    wipe: false
  time:
    servers:
      - time.home.lan
  sysctls:
    net.core.rmem_max: "7500000"
    fs.inotify.max_user_watches: "1048576"
cluster:
  controlPlane:
    endpoint: https://10.0.0.100:6443
  network:
    cni:
      name: none
    podSubnets:
      - 10.244.0.0/16
    serviceSubnets:
      - 10.96.0.0/12
  proxy:
    disabled: true
"""


def _vm(name: str, vmid: int) -> str:
    return f"""\
resource "proxmox_virtual_environment_vm" "{name.replace("-", "_")}" {{
  name      = "{name}"
  vm_id     = {vmid}
  node_name = var.node_name
  tags      = ["talos", "terraform"]

  cpu {{
    cores = {4 if name.startswith("cp") else 8}
    type  = "x86-64-v2-AES"
  }}

  memory {{
    dedicated = local.memory_{"cp" if name.startswith("cp") else "worker"}
  }}

  disk {{
    datastore_id = var.datastore
    file_id      = proxmox_virtual_environment_download_file.talos.id
    interface    = "scsi0"
    size         = {40 + vmid}
  }}

  network_device {{
    bridge  = var.bridge
    vlan_id = 20
  }}

  initialization {{
    ip_config {{
      ipv4 {{
        address = "10.0.0.{vmid}/24"
        gateway = "10.0.0.1"
      }}
    }}
  }}
}}

"""


_STEPS = "network storage firewall users backup monitoring repository kernel time certificates cluster ceph".split()  # noqa: SIM905


def _step(name: str) -> str:
    return f"""
setup_{name}() {{
  local node="$1"
  log "setting up {name} on $node"
  if ! remote "$node" test -d "$STATE_DIR/{name}"; then
    remote "$node" mkdir -p "$STATE_DIR/{name}"
  fi
  local config="$CONFIG_DIR/{name}.conf"
  if [[ ! -f $config ]]; then
    die "no configuration for {name}: $config"
  fi
  copy "$config" "$node:/etc/homelab/{name}.conf"
  remote "$node" systemctl restart "homelab-{name}.service"
  wait_for "$node" "homelab-{name}.service" "${{{name.upper()}_TIMEOUT:-60}}"
}}
"""


BOOTSTRAP = (
    """\
#!/usr/bin/env bash
# Prepares the Proxmox nodes of the cluster.
set -euo pipefail

HERE="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
# shellcheck source=lib.sh
source "$HERE/../lib/lib.sh"

STATE_DIR=/var/lib/homelab
CONFIG_DIR="$HERE/conf"
NODES=(pve1 pve2 pve3)
SSH_PORT="${SSH_PORT:-22}"
SSH_PASS="${SSH_PASS:-}"
SSH_OPTS=(-T -p "$SSH_PORT" -o StrictHostKeyChecking=no)

remote() {
  local node="$1"; shift
  ssh "${SSH_OPTS[@]}" "$SSH_USER@$node" "$@"
}

copy() {
  scp -P "$SSH_PORT" "$1" "$SSH_USER@$2"
}
"""
    + "".join(map(_step, _STEPS))
    + """
download_iso() {
  local url="https://factory.talos.dev/image/${TALOS_SCHEMATIC}/v1.9.1/metal-amd64.iso"
  curl -fsSL -o /var/lib/vz/template/iso/talos.iso "$url"
}

main() {
  for node in "${NODES[@]}"; do
"""
    + "".join(f'    setup_{name} "$node"\n' for name in _STEPS)
    + """  done
  download_iso
  log "all nodes are ready"
}

main "$@"
"""
)

LIB = """\
#!/usr/bin/env bash
# Helpers that the bootstrap scripts share.

log() { printf '[%(%H:%M:%S)T] %s\\n' -1 "$*"; }
die() { printf '[ERROR] %s\\n' "$*" >&2; exit 1; }

wait_for() {
  local node="$1" unit="$2" limit="$3" i
  for ((i = 0; i < limit; i++)); do
    if remote "$node" systemctl is-active --quiet "$unit"; then
      return 0
    fi
    sleep 1
  done
  die "$unit on $node is not active after $limit s"
}

require() {
  for tool in "$@"; do
    command -v "$tool" >/dev/null || die "missing tool: $tool"
  done
}

retry() {
  local tries="$1"; shift
  local i
  for ((i = 1; i <= tries; i++)); do
    "$@" && return 0
    log "try $i of $tries failed: $*"
    sleep "$((i * 2))"
  done
  return 1
}
"""

TALOS_APPLY = (
    """\
#!/usr/bin/env bash
set -euo pipefail
HERE="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
source "$HERE/../../infrastructure/lib/lib.sh"
require talosctl kubectl jq

export TALOSCONFIG="$HERE/talosconfig"
ENDPOINT=10.0.0.110
"""
    + "".join(
        f"""
apply_{name.replace("-", "_")}() {{
  log "configuring {name}"
  retry 3 talosctl apply-config --nodes 10.0.0.{vmid} --file "$HERE/nodes/{name}.yaml"
  talosctl --nodes 10.0.0.{vmid} health --wait-timeout 5m
}}
"""
        for name, vmid in NODES
    )
    + """
bootstrap_etcd() {
  talosctl --nodes "$ENDPOINT" bootstrap
  talosctl --nodes "$ENDPOINT" kubeconfig "$HERE/kubeconfig" --force
}

main() {
"""
    + "".join(f"  apply_{name.replace('-', '_')}\n" for name, _ in NODES)
    + """  bootstrap_etcd
  kubectl --kubeconfig "$HERE/kubeconfig" get nodes -o wide
}

main "$@"
"""
)

VARIABLES = "".join(
    f'variable "{name}" {{\n  description = "{text}"\n  type        = {kind}\n{default}}}\n\n'
    for name, text, kind, default in (
        ("endpoint", "URL of the Proxmox API", "string", '  default     = "https://pve1.home.lan:8006/"\n'),
        ("api_token", "API token", "string", "  sensitive   = true\n"),
        ("node_name", "node that holds the machines", "string", '  default     = "pve1"\n'),
        ("datastore", "where disks are put", "string", '  default     = "local-zfs"\n'),
        ("bridge", "network bridge", "string", '  default     = "vmbr0"\n'),
        ("talos_version", "version of Talos", "string", '  default     = "v1.9.1"\n'),
        ("memory_cp", "memory of control planes in MB", "number", "  default     = 4096\n"),
        ("memory_worker", "memory of workers in MB", "number", "  default     = 16384\n"),
    )
)

PROVIDER = """\
terraform {
  required_version = ">= 1.6"
  required_providers {
    proxmox = {
      source  = "bpg/proxmox"
      version = "~> 0.66"
    }
  }
}

provider "proxmox" {
  endpoint  = var.endpoint
  api_token = var.api_token
  insecure  = true
}

locals {
  memory_cp     = var.memory_cp
  memory_worker = var.memory_worker
}

resource "proxmox_virtual_environment_download_file" "talos" {
  content_type = "iso"
  datastore_id = "local"
  node_name    = var.node_name
  url          = "https://factory.talos.dev/image/x/${var.talos_version}/nocloud-amd64.img"
}
"""

PLAYBOOK = (
    """\
- name: Prepare the nodes
  hosts: proxmox
  become: true
  vars:
    timezone: Europe/Berlin
  tasks:
"""
    + "".join(
        f"""\
    - name: Install {pkg}
      ansible.builtin.apt:
        name: {pkg}
        state: present
        update_cache: true
      register: {pkg.replace("-", "_")}_installed
      when: ansible_facts['os_family'] == 'Debian'
      tags: [{pkg}]

    - name: Configure {pkg}
      ansible.builtin.template:
        src: {pkg}.conf.j2
        dest: /etc/{pkg}.conf
        mode: "0644"
      notify: Restart {pkg}

"""
        for pkg in (
            "chrony",
            "qemu-guest-agent",
            "nfs-common",
            "open-iscsi",
            "prometheus-node-exporter",
            "smartmontools",
            "lldpd",
            "zfs-zed",
        )
    )
    + """\
    - name: Show the state
      ansible.builtin.debug:
        msg: "{{ inventory_hostname }} has {{ ansible_facts['memtotal_mb'] }} MB"
  handlers:
    - name: Restart chrony
      ansible.builtin.service:
        name: chrony
        state: restarted
"""
)

KUSTOMIZATION = (
    "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n"
    + "".join(f"  - {app}.yaml\n" for app in APPS)
    + "configMapGenerator:\n  - name: cluster-vars\n    literals:\n      - DOMAIN=home.lan\n      - VIP=10.0.0.100\n"
)

FILES: dict[str, str] = {
    "infrastructure/proxmox/cluster_bootstrap.sh": BOOTSTRAP,
    "infrastructure/lib/lib.sh": LIB,
    "infrastructure/terraform/main.tf": "".join(_vm(*node) for node in NODES),
    "infrastructure/terraform/variables.tf": VARIABLES,
    "infrastructure/terraform/provider.tf": PROVIDER,
    "infrastructure/ansible/site.yml": PLAYBOOK,
    "cluster/talos/apply.sh": TALOS_APPLY,
    **{f"cluster/talos/nodes/{name}.yaml": _machine(name, vmid) for name, vmid in NODES},
    "cluster/apps/kustomization.yaml": KUSTOMIZATION,
    "cluster/apps/releases.yaml": "".join(_release(i, app) for i, app in enumerate(APPS)),
}
STAGES: dict[str, tuple[str, tuple[str, ...]]] = {
    "proxmox": ("bash infrastructure/proxmox/cluster_bootstrap.sh", ("infrastructure/proxmox/", "infrastructure/lib/", "infrastructure/ansible/")),
    "machines": ("terraform -chdir=infrastructure/terraform apply", ("infrastructure/terraform/",)),
    "talos": ("bash cluster/talos/apply.sh", ("cluster/talos/", "infrastructure/lib/")),
    "apps": ("flux reconcile kustomization apps", ("cluster/apps/",)),
}  # fmt: skip
MEMO = "# Architecture\n\n" + "\n".join(
    f"## {title}\n\n" + "\n".join(f"{title}: decision {i}. The operator settled this in spring; see the notes on {title.lower()} for why "
                                   f"the alternative {i} was turned down and what it would take to change it." for i in range(22))
    for title in ("Overview", "Network", "Proxmox", "Machines", "Talos", "Storage", "Flux", "Apps", "Secrets", "Backup", "Recovery")
)  # fmt: skip


@dataclass(frozen=True)
class Break:
    """In ``path`` the text ``old`` became ``new``; ``log`` is what the stage printed, ``at`` its decisive line (from the end)."""

    stage: str
    path: str
    old: str
    new: str
    log: str
    at: int = -1


S, T, M, A = (
    "infrastructure/proxmox/cluster_bootstrap.sh",
    "cluster/talos/apply.sh",
    "infrastructure/terraform/main.tf",
    "cluster/apps/releases.yaml",
)
BREAKS: tuple[Break, ...] = (
    Break("proxmox", S, 'SSH_PORT="${SSH_PORT:-22}"\n', 'SSH_PORT="${SSH_PORT:-22}"\n\n', f"[10:00:01] setting up network on pve1\n{S}: line 20: SSH_USER: unbound variable"),
    Break("proxmox", S, 'wait_for "$node" "homelab-ceph.service" "${CEPH_TIMEOUT:-60}"', 'wait_for "$node" "homelab-cehp.service" "${CEPH_TIMEOUT:-60}"', "[10:00:01] setting up ceph on pve1\n[ERROR] homelab-cehp.service on pve1 is not active after 60 s"),
    Break("proxmox", S, 'local config="$CONFIG_DIR/backup.conf"', 'local config="$CONF_DIR/backup.conf"', f"[10:00:07] setting up backup on pve1\n{S}: line {{L}}: CONF_DIR: unbound variable"),
    Break("proxmox", S, 'local config="$CONFIG_DIR/users.conf"', 'local config="$CONFIG_DIR/user.conf"', "[10:00:07] setting up users on pve2\n[ERROR] no configuration for users: /srv/homelab/infrastructure/proxmox/conf/user.conf"),
    Break("proxmox", S, 'source "$HERE/../lib/lib.sh"', 'source "$HERE/lib/lib.sh"', f"{S}: line {{L}}: /srv/homelab/infrastructure/proxmox/lib/lib.sh: No such file or directory"),
    Break("proxmox", S, 'remote "$node" systemctl restart "homelab-kernel.service"', 'remote "$node" systemctl restart "homelab-kernal.service"', "[10:02:01] setting up kernel on pve1\nFailed to restart homelab-kernal.service: Unit homelab-kernal.service not found."),
    Break("proxmox", S, 'curl -fsSL -o /var/lib/vz/template/iso/talos.iso "$url"', 'crul -fsSL -o /var/lib/vz/template/iso/talos.iso "$url"', "[10:04:00] setting up ceph on pve3\ninfrastructure/proxmox/cluster_bootstrap.sh: line {L}: crul: command not found"),
    Break("proxmox", S, "/v1.9.1/metal-amd64.iso", "/1.9.1/metal-amd64.iso", "+ download_iso\ncurl: (22) The requested URL returned error: 404 https://factory.talos.dev/image/abc/1.9.1/metal-amd64.iso"),
    Break("proxmox", S, '  scp -P "$SSH_PORT" "$1" "$SSH_USER@$2"', '  scp -p "$SSH_PORT" "$1" "$SSH_USER@$2"', "[10:00:01] setting up network on pve1\n22: No such file or directory\nscp: stat local \"22\": No such file or directory"),
    Break("proxmox", S, '    setup_time "$node"\n', '    setup_tmie "$node"\n', "[10:01:01] setting up kernel on pve1\ninfrastructure/proxmox/cluster_bootstrap.sh: line {L}: setup_tmie: command not found"),
    Break("proxmox", S, 'copy "$config" "$node:/etc/homelab/firewall.conf"', 'copy "$config" "$node:/etc/homlab/firewall.conf"', "[10:00:09] setting up firewall on pve1\nscp: dest open \"/etc/homlab/firewall.conf\": No such file or directory"),
    Break("proxmox", "infrastructure/lib/lib.sh", "  for ((i = 0; i < limit; i++)); do", "  for ((i = 0; i < limits; i++)); do", "[10:00:01] setting up network on pve1\n/srv/homelab/infrastructure/lib/lib.sh: line {L}: limits: unbound variable"),
    Break("proxmox", "infrastructure/lib/lib.sh", 'die() { printf', 'dei() { printf', f"{S}: line 38: die: command not found"),
    Break("proxmox", S, 'if ! remote "$node" test -d "$STATE_DIR/storage"; then', 'if ! remote "$node" test -d "$STATE_DIR/storage"', f"{S}: line {{L}}: syntax error near unexpected token `fi'\n{S}: line {{L}}: `  fi'"),
    Break("proxmox", "infrastructure/ansible/site.yml", "        name: nfs-common\n", "        name: nfs-comon\n", "TASK [Install nfs-common] ****\nfatal: [pve1]: FAILED! => {\"changed\": false, \"msg\": \"No package matching 'nfs-comon' is available\"}\nPLAY RECAP ****", -2),
    Break("proxmox", "infrastructure/ansible/site.yml", "        src: lldpd.conf.j2", "        src: lldp.conf.j2", "TASK [Configure lldpd] ****\nfatal: [pve1]: FAILED! => {\"msg\": \"Could not find or access 'lldp.conf.j2'\"}"),
    Break("proxmox", "infrastructure/ansible/site.yml", '        dest: /etc/zfs-zed.conf\n        mode: "0644"', '        dest: /etc/zfs-zed.conf\n         mode: "0644"', "ERROR! We were unable to read either as JSON nor YAML\nSyntax Error while loading YAML.\n  mapping values are not allowed in this context\n\nThe error appears to be in '/srv/homelab/infrastructure/ansible/site.yml': line {L}, column 14, but may\nbe elsewhere in the file", -4),
    Break("proxmox", "infrastructure/ansible/site.yml", "notify: Restart open-iscsi", "notify: Restart iscsi", "ERROR! The requested handler 'Restart iscsi' was not found in either the main handlers list nor in the listening handlers list"),
    Break("proxmox", "infrastructure/ansible/site.yml", "{{ ansible_facts['memtotal_mb'] }}", "{{ ansible_fact['memtotal_mb'] }}", "TASK [Show the state] ****\nfatal: [pve1]: FAILED! => {\"msg\": \"The task includes an option with an undefined variable. The error was: 'ansible_fact' is undefined\"}"),
    Break("machines", M, 'name      = "cp-2"\n  vm_id     = 111\n  node_name = var.node_name', 'name      = "cp-2"\n  vm_id     = 111\n  node_name = var.nodename', "Error: Reference to undeclared input variable\n\n  on main.tf line {L}, in resource \"proxmox_virtual_environment_vm\" \"cp_2\":\n  {L}:   node_name = var.nodename\n\nAn input variable with the name \"nodename\" has not been declared.", -7),
    Break("machines", M, "dedicated = local.memory_worker\n  }\n\n  disk {\n    datastore_id = var.datastore\n    file_id      = proxmox_virtual_environment_download_file.talos.id\n    interface    = \"scsi0\"\n    size         = 161", "dedicated = local.memory_workers\n  }\n\n  disk {\n    datastore_id = var.datastore\n    file_id      = proxmox_virtual_environment_download_file.talos.id\n    interface    = \"scsi0\"\n    size         = 161", "Error: Reference to undeclared local value\n\n  on main.tf line {L}, in resource \"proxmox_virtual_environment_vm\" \"worker_2\":\n {L}:     dedicated = local.memory_workers\n\nA local value with the name \"memory_workers\" has not been declared.", -7),
    Break("machines", M, 'vm_id     = 121', 'vm_id     = 120', "proxmox_virtual_environment_vm.worker_2: Creating...\nError: error creating VM: received an HTTP 500 response - Reason: unable to create VM 120 - VM 120 already exists on node 'pve1'\n\n  with proxmox_virtual_environment_vm.worker_2,\n  on main.tf line {L}, in resource \"proxmox_virtual_environment_vm\" \"worker_2\":", -5),
    Break("machines", "infrastructure/terraform/variables.tf", 'default     = "local-zfs"', 'default     = "local-zsf"', "proxmox_virtual_environment_vm.cp_1: Creating...\nError: error creating VM: received an HTTP 500 response - Reason: storage 'local-zsf' does not exist", -1),
    Break("machines", "infrastructure/terraform/variables.tf", 'default     = "vmbr0"', 'default     = "vmbr9"', "Error: error starting VM 110: bridge 'vmbr9' does not exist\n\n  with proxmox_virtual_environment_vm.cp_1,\n  on main.tf line {L}, in resource \"proxmox_virtual_environment_vm\" \"cp_1\":", -5),
    Break("machines", "infrastructure/terraform/provider.tf", 'version = "~> 0.66"', 'version = "~> 66.0"', "Error: Failed to query available provider packages\n\nCould not retrieve the list of available versions for provider bpg/proxmox: no available releases match the given constraints ~> 66.0", -1),
    Break("machines", "infrastructure/terraform/provider.tf", "  api_token = var.api_token", "  api_tokn = var.api_token", "Error: Unsupported argument\n\n  on provider.tf line {L}, in provider \"proxmox\":\n  {L}:   api_tokn = var.api_token\n\nAn argument named \"api_tokn\" is not expected here. Did you mean \"api_token\"?", -1),
    Break("machines", "infrastructure/terraform/variables.tf", 'pve1.home.lan:8006/', 'pve1.home.lan:8007/', "Error: failed to authenticate: Get \"https://pve1.home.lan:8007/api2/json/version\": dial tcp 10.0.0.11:8007: connect: connection refused"),
    Break("machines", M, 'type  = "x86-64-v2-AES"\n  }\n\n  memory {\n    dedicated = local.memory_cp\n  }\n\n  disk {\n    datastore_id = var.datastore\n    file_id      = proxmox_virtual_environment_download_file.talos.id\n    interface    = "scsi0"\n    size         = 152', 'type  = "x86_64-v2-AES"\n  }\n\n  memory {\n    dedicated = local.memory_cp\n  }\n\n  disk {\n    datastore_id = var.datastore\n    file_id      = proxmox_virtual_environment_download_file.talos.id\n    interface    = "scsi0"\n    size         = 152', "Error: expected cpu.0.type to be one of [host kvm64 x86-64-v2-AES], got x86_64-v2-AES\n\n  with proxmox_virtual_environment_vm.cp_3,\n  on main.tf line {L}, in resource \"proxmox_virtual_environment_vm\" \"cp_3\":\n  {L}:     type  = \"x86_64-v2-AES\"", -6),
    Break("talos", "cluster/talos/nodes/worker-2.yaml", "    disk: /dev/sda", "    disk: /dev/sda  missing", "[10:00:00] configuring worker-2\nerror applying new configuration: rpc error: code = InvalidArgument desc = configuration validation failed: 1 error occurred:\n\t* specified install disk does not exist: \"/dev/sda  missing\"\ntry 3 of 3 failed: talosctl apply-config --nodes 10.0.0.121 --file cluster/talos/nodes/worker-2.yaml", -2),
    Break("talos", "cluster/talos/nodes/cp-3.yaml", "    hostname: cp-3\n", "    hostname cp-3\n", "[10:00:00] configuring cp-3\nerror decoding /srv/homelab/cluster/talos/nodes/cp-3.yaml: yaml: line {L}: could not find expected ':'"),
    Break("talos", "cluster/talos/nodes/cp-2.yaml", "          - 10.0.0.111/24", "          - 10.0.0.111/244", "[10:00:03] configuring cp-2\nrpc error: code = InvalidArgument desc = * networking.os.device.addresses: invalid CIDR address: 10.0.0.111/244"),
    Break("talos", "cluster/talos/nodes/worker-1.yaml", "    image: ghcr.io/siderolabs/installer:v1.9.1", "    image: ghcr.io/siderolabs/instaler:v1.9.1", "[10:00:03] configuring worker-1\nfailed to pull image \"ghcr.io/siderolabs/instaler:v1.9.1\": not found"),
    Break("talos", T, "ENDPOINT=10.0.0.110", "ENDPOINT=10.0.0.10", "[10:05:00] configuring worker-3\nerror executing bootstrap: rpc error: code = Unavailable desc = connection error: desc = \"transport: Error while dialing: dial tcp 10.0.0.10:50000: connect: no route to host\""),
    Break("talos", T, '--file "$HERE/nodes/worker-3.yaml"', '--file "$HERE/node/worker-3.yaml"', "[10:05:00] configuring worker-3\nopen /srv/homelab/cluster/talos/node/worker-3.yaml: no such file or directory\n[10:05:10] try 3 of 3 failed: talosctl apply-config --nodes 10.0.0.122", -2),
    Break("talos", T, "talosctl --nodes 10.0.0.112 health --wait-timeout 5m", "talosctl --nodes 10.0.0.112 health --wait-timeut 5m", "[10:05:00] configuring cp-3\nunknown flag: --wait-timeut"),
    Break("talos", T, "require talosctl kubectl jq", "require talosctl kubectl jqq", "[ERROR] missing tool: jqq"),
    Break("talos", T, 'export TALOSCONFIG="$HERE/talosconfig"', 'export TALOSCONFIG="$HERE/talos-config"', "[10:00:00] configuring cp-1\nfailed to open config file \"/srv/homelab/cluster/talos/talos-config\": open /srv/homelab/cluster/talos/talos-config: no such file or directory"),
    Break("talos", "cluster/talos/nodes/cp-1.yaml", "    endpoint: https://10.0.0.100:6443", "    endpoint: https//10.0.0.100:6443", "[10:00:00] configuring cp-1\nconfiguration validation failed: 1 error occurred:\n\t* cluster.controlPlane.endpoint: invalid URL \"https//10.0.0.100:6443\""),
    Break("talos", "cluster/talos/nodes/worker-3.yaml", 'fs.inotify.max_user_watches: "1048576"', "fs.inotify.max_user_watches: 1048576", "[10:00:00] configuring worker-3\nerror decoding cluster/talos/nodes/worker-3.yaml: yaml: unmarshal errors:\n  line {L}: cannot unmarshal !!int `1048576` into string"),
    Break("talos", T, "  apply_worker_1\n", "  apply_workr_1\n", "cluster/talos/apply.sh: line {L}: apply_workr_1: command not found"),
    Break("apps", A, 'chart: keycloak\n      version: "1.14.0"', 'chart: keycloack\n      version: "1.14.0"', "HelmChart 'flux-system/keycloak-keycloak' is not ready: invalid chart reference: failed to get chart version for remote reference: no chart name found: keycloack"),
    Break("apps", A, "name: immich-charts", "name: imich-charts", "HelmRelease/immich/immich dry-run failed: HelmRepository.source.toolkit.fluxcd.io \"imich-charts\" not found"),
    Break("apps", A, "host: paperless.home.lan\n          paths:\n            - path: /\n              pathType: Prefix", "host: paperless.home.lan\n          paths:\n            - path: /\n              pathType: Prefx", "Helm upgrade failed for release paperless/paperless: Ingress.networking.k8s.io \"paperless\" is invalid: spec.rules[0].http.paths[0].pathType: Unsupported value: \"Prefx\": supported values: \"Exact\", \"ImplementationSpecific\", \"Prefix\""),
    Break("apps", A, "      size: 17Gi", "      size: 17GB", "Helm install failed for release longhorn/longhorn: PersistentVolumeClaim in version \"v1\" cannot be handled as a PersistentVolumeClaim: quantities must match the regular expression, got 17GB"),
    Break("apps", A, "        memory: 160Mi", "        memory: 160Mb", "Helm upgrade failed for release minio/minio: Deployment in version \"v1\" cannot be handled as a Deployment: unable to parse quantity's suffix \"160Mb\""),
    Break("apps", A, "  name: harbor\n  namespace: harbor\n", "  name: harbor\n  namespace: habor\n", "HelmRelease/habor/harbor namespace not specified: namespaces \"habor\" not found"),
    Break("apps", A, "        name: renovate-charts\n        namespace: flux-system\n  values:\n    replicaCount: 3", "        name: renovate-charts\n        namespace: flux-system\n  values:\n    replicaCount: three", "Helm install failed for release renovate/renovate: values don't meet the specifications of the schema(s): replicaCount: Invalid type. Expected: integer, given: string"),
    Break("apps", "cluster/apps/kustomization.yaml", "  - sonarr.yaml\n", "  - sonar.yaml\n", "kustomize build failed: accumulating resources: accumulation err='accumulating resources from 'sonar.yaml': open /tmp/k/cluster/apps/sonar.yaml: no such file or directory'"),
    Break("apps", A, "  name: freshrss\n  namespace: freshrss\nspec:\n  interval: 30m", "  name: freshrss\n  namespace: freshrss\nspec:\n  interval: 30", "HelmRelease/freshrss/freshrss dry-run failed (Invalid): HelmRelease.helm.toolkit.fluxcd.io \"freshrss\" is invalid: spec.interval: Invalid value: \"30\": spec.interval in body should match '^([0-9]+(\\.[0-9]+)?(ms|s|m|h))+$'"),
    Break("apps", A, "kind: HelmRelease\nmetadata:\n  name: loki\n", "kind: HelmReleas\nmetadata:\n  name: loki\n", "kustomize-controller: HelmReleas/loki/loki dry-run failed: no matches for kind \"HelmReleas\" in version \"helm.toolkit.fluxcd.io/v2\""),
    Break("apps", A, "          hosts: [woodpecker.home.lan]", "          hosts: [woodpecker.home.lan", "kustomize build failed: trouble configuring builtin PatchTransformer: yaml: line {L}: did not find expected ',' or ']' in cluster/apps/releases.yaml"),
    Break("apps", "cluster/apps/kustomization.yaml", "      - VIP=10.0.0.100", "      - VIP 10.0.0.100", "kustomize build failed: loading KV pairs: literal source \"VIP 10.0.0.100\" is not of form key=value"),
)  # fmt: skip
