"""Thirty-odd files as homelabs and their neighbours have them, each with the edits that a fix could make
to it.

An edit is ``(old text, new text)``; the old text stands exactly once in its file.
"""

from __future__ import annotations

Edit = tuple[str, str]

FILES: dict[str, tuple[str, tuple[Edit, ...]]] = {}


def _file(path: str, text: str, *edits: Edit) -> None:
    for old, _ in edits:
        assert text.count(old) == 1, (path, old)
    FILES[path] = (text, edits)


_file(
    "infrastructure/proxmox/create_vms.sh",
    """#!/usr/bin/env bash
set -euo pipefail

PVE_HOST="${PVE_HOST:-pve1.lan}"
STORAGE="${STORAGE:-local-lvm}"
BRIDGE="vmbr0"

log() {
  printf '%s %s\\n' "$(date -Is)" "$*" >&2
}

create_vm() {
  local id=$1 name=$2 memory=$3
  if qm status "$id" >/dev/null 2>&1; then
    log "vm $id exists"
    return 0
  fi
  qm create "$id" --name "$name" --memory "$memory" --net0 "virtio,bridge=$BRIDGE"
  qm importdisk "$id" /var/lib/vz/template/talos.raw "$STORAGE"
  qm set "$id" --scsihw virtio-scsi-pci --scsi0 "$STORAGE:vm-$id-disk-0"
  qm set "$id" --boot order=scsi0
}

for node in 1 2 3; do
  create_vm "10$node" "talos-cp-$node" 4096
done

log "waiting for the nodes"
for node in 1 2 3; do
  until ping -c1 -W1 "10.0.10.1$node" >/dev/null; do
    sleep 2
  done
done
log "done"
""",
    ('qm set "$id" --boot order=scsi0', 'qm set "$id" --boot order=scsi0 --onboot 1'),
    ('BRIDGE="vmbr0"', 'BRIDGE="${BRIDGE:-vmbr0}"\nVLAN="${VLAN:-10}"'),
    ('log "waiting for the nodes"', ': "${PVE_HOST:?PVE_HOST must be set}"\nlog "waiting for the nodes"'),
)
_file(
    "cluster/talos/controlplane.yaml",
    """version: v1alpha1
debug: false
persist: true
machine:
  type: controlplane
  token: ""
  certSANs:
    - 10.0.10.10
    - cp.lan
  kubelet:
    image: ghcr.io/siderolabs/kubelet:v1.30.1
    nodeIP:
      validSubnets:
        - 10.0.10.0/24
  network:
    hostname: cp-1
    interfaces:
      - interface: eth0
        addresses:
          - 10.0.10.11/24
        routes:
          - network: 0.0.0.0/0
            gateway: 10.0.10.1
  install:
    disk: /dev/sda
    image: ghcr.io/siderolabs/installer:v1.7.4
    wipe: false
cluster:
  controlPlane:
    endpoint: https://10.0.10.10:6443
  clusterName: homelab
  network:
    cni:
      name: none
    podSubnets:
      - 10.244.0.0/16
  proxy:
    disabled: true
""",
    ("    disk: /dev/sda\n", "    disk: /dev/nvme0n1\n"),
    ("            gateway: 10.0.10.1\n", "            gateway: 10.0.10.254\n"),
    (
        "    podSubnets:\n      - 10.244.0.0/16\n",
        "    podSubnets:\n      - 10.244.0.0/16\n    serviceSubnets:\n      - 10.96.0.0/12\n",
    ),
)
_file(
    "cluster/flux/apps/podinfo/release.yaml",
    """---
apiVersion: helm.toolkit.fluxcd.io/v2beta2
kind: HelmRelease
metadata:
  name: podinfo
  namespace: apps
spec:
  interval: 10m
  chart:
    spec:
      chart: podinfo
      version: 6.5.x
      sourceRef:
        kind: HelmRepository
        name: podinfo
        namespace: flux-system
  values:
    replicaCount: 2
    ingress:
      enabled: true
      className: nginx
      hosts:
        - host: podinfo.lan
          paths:
            - path: /
              pathType: Prefix
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: podinfo-settings
  namespace: apps
data:
  color: "#34577c"
  message: hello
""",
    ("apiVersion: helm.toolkit.fluxcd.io/v2beta2", "apiVersion: helm.toolkit.fluxcd.io/v2"),
    ("      className: nginx\n", "      className: traefik\n"),
    ("    replicaCount: 2\n", ""),
)
_file(
    "cluster/flux/kustomization.yaml",
    """apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
namespace: flux-system
resources:
  - gotk-components.yaml
  - gotk-sync.yaml
  - sources/podinfo.yaml
  - apps
patches:
  - target:
      kind: Deployment
      name: kustomize-controller
    patch: |
      - op: add
        path: /spec/template/spec/containers/0/args/-
        value: --concurrent=4
""",
    ("  - apps\n", "  - apps/\n"),
    ("  - sources/podinfo.yaml\n", "  - sources/podinfo.yaml\n  - sources/bitnami.yaml\n"),
)
_file(
    "ansible/roles/k3s/tasks/main.yml",
    """---
- name: Install packages
  ansible.builtin.apt:
    name:
      - curl
      - open-iscsi
    state: present
    update_cache: true

- name: Fetch the installer
  ansible.builtin.get_url:
    url: https://get.k3s.io
    dest: /usr/local/bin/k3s-install
    mode: "0755"

- name: Install the server
  ansible.builtin.command:
    cmd: /usr/local/bin/k3s-install server
    creates: /usr/local/bin/k3s
  environment:
    INSTALL_K3S_VERSION: "{{ k3s_version }}"
  when: inventory_hostname in groups['server']

- name: Start the service
  ansible.builtin.systemd:
    name: k3s
    state: started
    enabled: true
""",
    (
        "    cmd: /usr/local/bin/k3s-install server\n",
        "    cmd: /usr/local/bin/k3s-install server --cluster-init\n",
    ),
    ("      - open-iscsi\n", "      - open-iscsi\n      - nfs-common\n"),
    ("    name: k3s\n    state: started\n", "    name: k3s\n    daemon_reload: true\n    state: started\n"),
)
_file(
    "terraform/main.tf",
    """terraform {
  required_version = ">= 1.5"
  required_providers {
    proxmox = {
      source  = "bpg/proxmox"
      version = "~> 0.50"
    }
  }
}

provider "proxmox" {
  endpoint = var.endpoint
  insecure = true
}

resource "proxmox_virtual_environment_vm" "worker" {
  count     = 3
  name      = "worker-${count.index}"
  node_name = "pve1"

  cpu {
    cores = 4
    type  = "host"
  }

  memory {
    dedicated = 8192
  }

  disk {
    datastore_id = "local-lvm"
    interface    = "scsi0"
    size         = 40
  }
}

output "names" {
  value = proxmox_virtual_environment_vm.worker[*].name
}
""",
    ('    datastore_id = "local-lvm"', '    datastore_id = "ceph-vm"'),
    ("  insecure = true\n", "  insecure = var.insecure\n"),
    ('  node_name = "pve1"\n', '  node_name = "pve1"\n  on_boot   = true\n'),
)
_file(
    "terraform/variables.tf",
    """variable "endpoint" {
  type        = string
  description = "URL of the API"
}

variable "insecure" {
  type    = bool
  default = false
}

variable "node" {
  type    = string
  default = "pve1"
}

variable "tags" {
  type    = list(string)
  default = ["talos", "k8s"]
}
""",
    ('  default = ["talos", "k8s"]', '  default = ["talos", "kubernetes"]'),
    (
        'variable "node" {\n  type    = string\n  default = "pve1"\n',
        'variable "node" {\n  type    = string\n  default = "pve2"\n',
    ),
)
_file(
    "scripts/backup.py",
    '''"""Back up etcd."""

import subprocess
import sys
from pathlib import Path

TARGET = Path("/backup/etcd")


def snapshot(node: str) -> Path:
    target = TARGET / f"{node}.snapshot"
    command = ["talosctl", "-n", node, "etcd", "snapshot", str(target)]
    subprocess.run(command, check=True)
    return target


def prune(keep: int = 7) -> None:
    found = sorted(TARGET.glob("*.snapshot"))
    for path in found[:-keep]:
        path.unlink()


def main() -> int:
    if len(sys.argv) < 2:
        print("usage: backup.py NODE")
        return 2
    for node in sys.argv[1:]:
        snapshot(node)
    prune()
    return 0


if __name__ == "__main__":
    sys.exit(main())
''',
    ("    subprocess.run(command, check=True)\n", "    subprocess.run(command, check=True, timeout=300)\n"),
    ("        path.unlink()\n", "        path.unlink(missing_ok=True)\n"),
    (
        '    target = TARGET / f"{node}.snapshot"\n',
        '    TARGET.mkdir(parents=True, exist_ok=True)\n    target = TARGET / f"{node}.snapshot"\n',
    ),
)
_file(
    "Makefile",
    """SHELL := /bin/bash
KUBECONFIG ?= $(HOME)/.kube/config

.PHONY: all lint plan apply

all: lint plan

lint:
\tyamllint cluster
\tshellcheck scripts/*.sh

plan:
\tcd terraform && terraform plan -out plan.out

apply: plan
\tcd terraform && terraform apply plan.out

clean:
\trm -rf build plan.out
""",
    ("\tshellcheck scripts/*.sh\n", "\tshellcheck -x scripts/*.sh\n"),
    ("\trm -rf build plan.out\n", "\trm -rf build terraform/plan.out\n"),
)
_file(
    "docker/registry/Dockerfile",
    """FROM alpine:3.19 AS build
RUN apk add --no-cache go git
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN go build -o /out/registry ./cmd/registry

FROM alpine:3.19
RUN adduser -D -u 1000 registry
COPY --from=build /out/registry /usr/local/bin/registry
USER registry
EXPOSE 5000
ENTRYPOINT ["/usr/local/bin/registry"]
CMD ["serve", "/etc/registry/config.yml"]
""",
    ("EXPOSE 5000\n", "EXPOSE 5000 5001\n"),
    ("USER registry\n", "USER 1000\n"),
    (
        "RUN go build -o /out/registry ./cmd/registry\n",
        "RUN CGO_ENABLED=0 go build -o /out/registry ./cmd/registry\n",
    ),
)
_file(
    "docker/docker-compose.yml",
    """services:
  registry:
    image: registry:2
    restart: unless-stopped
    ports:
      - "5000:5000"
    volumes:
      - registry:/var/lib/registry
    environment:
      REGISTRY_STORAGE_DELETE_ENABLED: "true"
  proxy:
    image: traefik:v2.11
    restart: unless-stopped
    ports:
      - "80:80"
      - "443:443"
    volumes:
      - /var/run/docker.sock:/var/run/docker.sock:ro
    command:
      - --providers.docker
      - --entrypoints.web.address=:80
volumes:
  registry: {}
""",
    ('      - "443:443"\n', '      - "443:443"\n      - "8080:8080"\n'),
    ("    image: traefik:v2.11\n", "    image: traefik:v3.0\n"),
    ('      - "5000:5000"\n', '      - "127.0.0.1:5000:5000"\n'),
)
_file(
    "config/grafana.ini",
    """; grafana settings
[server]
protocol = http
http_port = 3000
domain = grafana.lan
root_url = %(protocol)s://%(domain)s/

[database]
type = sqlite3
path = grafana.db

[auth.anonymous]
enabled = false
org_role = Viewer

[log]
mode = console
level = info
""",
    ("domain = grafana.lan\n", "domain = grafana.home.arpa\n"),
    ("[auth.anonymous]\nenabled = false\n", "[auth.anonymous]\nenabled = true\n"),
)
_file(
    "config/telegraf.toml",
    """[agent]
interval = "10s"
round_interval = true
metric_batch_size = 1000

[[outputs.influxdb_v2]]
urls = ["http://influx.lan:8086"]
organization = "home"
bucket = "metrics"

[[inputs.cpu]]
percpu = true
totalcpu = true

[[inputs.disk]]
ignore_fs = ["tmpfs", "devtmpfs", "overlay"]

[[inputs.ping]]
urls = ["10.0.10.1", "1.1.1.1"]
count = 3
""",
    ('urls = ["http://influx.lan:8086"]', 'urls = ["https://influx.lan:8086"]'),
    (
        'ignore_fs = ["tmpfs", "devtmpfs", "overlay"]',
        'ignore_fs = ["tmpfs", "devtmpfs", "overlay", "squashfs"]',
    ),
    ("count = 3\n", "count = 3\ntimeout = 2.0\n"),
)
_file(
    "config/dashboard.json",
    """{
  "title": "Cluster",
  "refresh": "30s",
  "panels": [
    {
      "id": 1,
      "type": "graph",
      "title": "CPU",
      "targets": [
        { "expr": "sum(rate(node_cpu_seconds_total[5m]))" }
      ]
    },
    {
      "id": 2,
      "type": "graph",
      "title": "Memory",
      "targets": [
        { "expr": "node_memory_MemAvailable_bytes" }
      ]
    }
  ],
  "schemaVersion": 38
}
""",
    (
        '        { "expr": "node_memory_MemAvailable_bytes" }',
        '        { "expr": "sum(node_memory_MemAvailable_bytes)" }',
    ),
    ('  "refresh": "30s",', '  "refresh": "1m",'),
)
_file(
    "systemd/backup.service",
    """[Unit]
Description=Back up etcd
After=network-online.target
Wants=network-online.target

[Service]
Type=oneshot
User=backup
ExecStart=/usr/bin/python3 /opt/homelab/scripts/backup.py cp-1
Nice=10

[Install]
WantedBy=multi-user.target
""",
    ("User=backup\n", "User=root\n"),
    ("Nice=10\n", "Nice=10\nTimeoutStartSec=600\n"),
)
_file(
    "nginx/sites/registry.conf",
    """upstream registry {
    server 127.0.0.1:5000;
}

server {
    listen 80;
    server_name registry.lan;
    return 301 https://$host$request_uri;
}

server {
    listen 443 ssl;
    server_name registry.lan;
    ssl_certificate /etc/ssl/registry.crt;
    ssl_certificate_key /etc/ssl/registry.key;
    client_max_body_size 0;

    location /v2/ {
        proxy_pass http://registry;
        proxy_set_header Host $http_host;
        proxy_set_header X-Real-IP $remote_addr;
        proxy_read_timeout 900;
    }
}
""",
    ("        proxy_read_timeout 900;\n", "        proxy_read_timeout 1800;\n"),
    ("    listen 443 ssl;\n", "    listen 443 ssl http2;\n"),
    ("    client_max_body_size 0;\n", "    client_max_body_size 0;\n    chunked_transfer_encoding on;\n"),
)
_file(
    "haproxy/haproxy.cfg",
    """global
    log /dev/log local0
    maxconn 2000

defaults
    mode tcp
    timeout connect 5s
    timeout client 30s
    timeout server 30s

frontend api
    bind *:6443
    default_backend api

backend api
    option httpchk GET /healthz
    server cp1 10.0.10.11:6443 check
    server cp2 10.0.10.12:6443 check
    server cp3 10.0.10.13:6443 check
""",
    ("    timeout server 30s\n", "    timeout server 5m\n"),
    ("    option httpchk GET /healthz\n", "    option ssl-hello-chk\n"),
)
_file(
    "scripts/wait_for_api.sh",
    """#!/bin/sh
# Wait until the API answers.
set -eu
URL="${1:-https://10.0.10.10:6443/livez}"
tries=0
while [ "$tries" -lt 60 ]; do
	if curl -ksf "$URL" >/dev/null; then
		echo "api is up"
		exit 0
	fi
	tries=$((tries + 1))
	sleep 5
done
echo "api did not come up" >&2
exit 1
""",
    ("	sleep 5\n", "	sleep 2\n"),
    ('	if curl -ksf "$URL" >/dev/null; then\n', '	if curl -ksf --max-time 5 "$URL" >/dev/null; then\n'),
    ('while [ "$tries" -lt 60 ]; do\n', 'while [ "$tries" -lt 120 ]; do\n'),
)
_file(
    "scripts/render.lua",
    """-- Render a template.
local args = {...}
local path = args[1]

local function read(name)
  local file = assert(io.open(name, "r"))
  local text = file:read("*a")
  file:close()
  return text
end

-- replace ${NAME} by the environment
local function expand(text)
  return (text:gsub("%${(%w+)}", os.getenv))
end

io.write(expand(read(path)))
""",
    ("-- replace ${NAME} by the environment\n", "-- replace ${NAME} by the environment, names may hold _\n"),
    ('  return (text:gsub("%${(%w+)}", os.getenv))\n', '  return (text:gsub("%${([%w_]+)}", os.getenv))\n'),
)
_file(
    "db/schema.sql",
    """-- inventory of hosts
CREATE TABLE hosts (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    address TEXT NOT NULL
);

-- one row a run
CREATE TABLE runs (
    id INTEGER PRIMARY KEY,
    host INTEGER REFERENCES hosts (id),
    started TEXT NOT NULL,
    status TEXT
);

CREATE INDEX runs_by_host ON runs (host);
""",
    ("    address TEXT NOT NULL\n", "    address TEXT NOT NULL UNIQUE\n"),
    ("-- one row a run\n", "-- one row for each run\n"),
    ("    status TEXT\n", "    status TEXT DEFAULT 'new'\n"),
)
_file(
    "docs/runbook.md",
    """# Runbook

Bring the cluster up in this order.

## Proxmox

```bash
./infrastructure/proxmox/create_vms.sh
```

Check that all three nodes answer.

## Talos

```bash
talosctl apply-config --insecure -n 10.0.10.11 -f controlplane.yaml
talosctl bootstrap -n 10.0.10.11
```

- wait for the API
- fetch the kubeconfig

## Flux

Run `flux check` and read the table.
""",
    ("talosctl bootstrap -n 10.0.10.11\n", "talosctl bootstrap -n 10.0.10.11 -e 10.0.10.11\n"),
    ("- fetch the kubeconfig\n", "- fetch the kubeconfig\n- check `kubectl get nodes`\n"),
)
_file(
    "charts/app/templates/deployment.yaml",
    """apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "app.fullname" . }}
  labels:
    {{- include "app.labels" . | nindent 4 }}
spec:
  replicas: {{ .Values.replicas }}
  selector:
    matchLabels:
      {{- include "app.selector" . | nindent 6 }}
  template:
    metadata:
      labels:
        {{- include "app.selector" . | nindent 8 }}
    spec:
      containers:
        - name: app
          image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
          ports:
            - name: http
              containerPort: 8080
          livenessProbe:
            httpGet:
              path: /healthz
              port: http
          {{- if .Values.resources }}
          resources:
            {{- toYaml .Values.resources | nindent 12 }}
          {{- end }}
""",
    ("              containerPort: 8080\n", "              containerPort: {{ .Values.port }}\n"),
    ("              path: /healthz\n", "              path: /livez\n"),
    (
        "            {{- toYaml .Values.resources | nindent 12 }}\n",
        "            {{- toYaml .Values.resources | nindent 14 }}\n",
    ),
)
_file(
    "ansible/templates/hosts.j2",
    """127.0.0.1 localhost
::1 localhost ip6-localhost
{% for host in groups['all'] %}
{{ hostvars[host]['address'] }} {{ host }}.lan {{ host }}
{% endfor %}
{% if extra_hosts is defined %}
{% for line in extra_hosts %}
{{ line }}
{% endfor %}
{% endif %}
""",
    (
        "{{ hostvars[host]['address'] }} {{ host }}.lan {{ host }}\n",
        "{{ hostvars[host]['address'] }} {{ host }}.{{ domain }} {{ host }}\n",
    ),
    ("{% if extra_hosts is defined %}\n", "{% if extra_hosts | default([]) %}\n"),
)
_file(
    "ansible/inventory/hosts.ini",
    """[server]
cp-1 ansible_host=10.0.10.11
cp-2 ansible_host=10.0.10.12

[agent]
w-1 ansible_host=10.0.10.21
w-2 ansible_host=10.0.10.22

[all:vars]
ansible_user=ubuntu
ansible_python_interpreter=/usr/bin/python3
""",
    ("ansible_user=ubuntu\n", "ansible_user=debian\n"),
    ("w-2 ansible_host=10.0.10.22\n", "w-2 ansible_host=10.0.10.22\nw-3 ansible_host=10.0.10.23\n"),
)
_file(
    "cmd/probe/main.go",
    """package main

import (
\t"fmt"
\t"net"
\t"os"
\t"time"
)

func probe(address string) error {
\tconn, err := net.DialTimeout("tcp", address, time.Second)
\tif err != nil {
\t\treturn err
\t}
\treturn conn.Close()
}

func main() {
\tfor _, address := range os.Args[1:] {
\t\tif err := probe(address); err != nil {
\t\t\tfmt.Fprintln(os.Stderr, err)
\t\t\tos.Exit(1)
\t\t}
\t\tfmt.Println(address, "ok")
\t}
}
""",
    (
        '\tconn, err := net.DialTimeout("tcp", address, time.Second)\n',
        '\tconn, err := net.DialTimeout("tcp", address, 5*time.Second)\n',
    ),
    ('\t\tfmt.Println(address, "ok")\n', '\t\tfmt.Printf("%s ok\\n", address)\n'),
)
_file(
    "web/status.html",
    """<!doctype html>
<html>
  <head>
    <title>Status</title>
    <meta charset="utf-8">
  </head>
  <body>
    <h1>Nodes &amp; services</h1>
    <ul id="nodes">
      <li class="up">cp-1</li>
      <li class="down">cp-2</li>
    </ul>
    <script src="status.js"></script>
  </body>
</html>
""",
    (
        '    <meta charset="utf-8">\n',
        '    <meta charset="utf-8">\n    <meta name="viewport" content="width=device-width">\n',
    ),
    ('    <script src="status.js"></script>\n', '    <script src="status.js" defer></script>\n'),
)
_file(
    "web/status.js",
    """const list = document.getElementById("nodes");

async function load() {
  const answer = await fetch("/api/nodes");
  if (!answer.ok) {
    throw new Error(`status ${answer.status}`);
  }
  const nodes = await answer.json();
  list.innerHTML = "";
  for (const node of nodes) {
    const item = document.createElement("li");
    item.className = node.up && node.ready ? "up" : "down";
    item.textContent = node.name;
    list.appendChild(item);
  }
}

setInterval(load, 5000);
load();
""",
    ("setInterval(load, 5000);\n", "setInterval(() => load().catch(console.error), 5000);\n"),
    (
        '    item.className = node.up && node.ready ? "up" : "down";\n',
        '    item.className = node.up ? "up" : "down";\n',
    ),
)
_file(
    "crontab/homelab",
    """SHELL=/bin/bash
PATH=/usr/local/bin:/usr/bin:/bin
MAILTO=""

# m h dom mon dow user command
0 3 * * * root /opt/homelab/scripts/backup.py cp-1
*/5 * * * * root /opt/homelab/scripts/wait_for_api.sh
30 4 * * 0 root /opt/homelab/scripts/prune.sh --keep 4
""",
    (
        "0 3 * * * root /opt/homelab/scripts/backup.py cp-1\n",
        "0 3 * * * root /opt/homelab/scripts/backup.py cp-1 cp-2\n",
    ),
    ('MAILTO=""\n', 'MAILTO="ops@lan"\n'),
)
_file(
    "prometheus/rules.yaml",
    """groups:
  - name: nodes
    rules:
      - alert: NodeDown
        expr: up{job="node"} == 0
        for: 5m
        labels:
          severity: page
        annotations:
          summary: "{{ $labels.instance }} is down"
      - alert: DiskFull
        expr: node_filesystem_avail_bytes / node_filesystem_size_bytes < 0.1
        for: 15m
        labels:
          severity: warn
        annotations:
          summary: "{{ $labels.mountpoint }} is nearly full"
      - alert: HighLoad
        expr: node_load5 > 8
        for: 15m
        labels:
          severity: warn
        annotations:
          summary: "load on {{ $labels.instance }}"
""",
    ("        expr: node_load5 > 8\n", "        expr: node_load5 > 16\n"),
    (
        '        expr: up{job="node"} == 0\n        for: 5m\n',
        '        expr: up{job="node"} == 0\n        for: 10m\n',
    ),
)
_file(
    "env/cluster.env",
    """# shared by all stages
CLUSTER_NAME=homelab
CONTROL_PLANE=10.0.10.10
NODES=10.0.10.11,10.0.10.12,10.0.10.13
TALOS_VERSION=v1.7.4
KUBERNETES_VERSION=v1.30.1
FLUX_BRANCH=main
FLUX_PATH=cluster/flux
""",
    ("TALOS_VERSION=v1.7.4\n", "TALOS_VERSION=v1.7.5\n"),
    ("FLUX_PATH=cluster/flux\n", "FLUX_PATH=./cluster/flux\n"),
)
_file(
    "justfile",
    """set dotenv-load

default:
    @just --list

nodes:
    talosctl -n $NODES get members

upgrade version:
    talosctl -n $NODES upgrade --image ghcr.io/siderolabs/installer:{{version}}

reset node:
    talosctl -n {{node}} reset --graceful=false
""",
    ("    talosctl -n $NODES get members\n", "    talosctl -n $NODES get members -o wide\n"),
    ("    talosctl -n {{node}} reset --graceful=false\n", "    talosctl -n {{node}} reset --graceful\n"),
)
_file(
    "packer/talos.pkr.hcl",
    """packer {
  required_plugins {
    proxmox = {
      source  = "github.com/hashicorp/proxmox"
      version = ">= 1.1.3"
    }
  }
}

source "proxmox-iso" "talos" {
  proxmox_url = "https://pve1.lan:8006/api2/json"
  node        = "pve1"
  vm_id       = 9000
  memory      = 2048
  cores       = 2
  iso_file    = "local:iso/talos-amd64.iso"
  ssh_timeout = "15m"
}

build {
  sources = ["source.proxmox-iso.talos"]
}
""",
    ('  ssh_timeout = "15m"\n', '  ssh_timeout = "30m"\n'),
    (
        '  iso_file    = "local:iso/talos-amd64.iso"\n',
        '  iso_file    = "local:iso/metal-amd64.iso"\n  unmount_iso = true\n',
    ),
)
