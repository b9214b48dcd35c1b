"""Kubernetes, Talos, Proxmox, Compose and Ansible: what is mended and what is left alone."""

from __future__ import annotations

import pytest

from tests.playbook.world import ask

DEPLOYMENT = """apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: homelab
spec:
  replicas: 2
  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:
        app: web
    spec:
      containers:
        - name: web
          image: nginx
          env:
            - name: DEBUG
              value: "false"
          resources:
            limits:
              memory: 256Mi
"""
NAMESPACE = "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: homelab\n"
SERVICE = "apiVersion: v1\nkind: Service\nmetadata:\n  name: web\nspec:\n  selector:\n    app: web\n"
STRICT = 'Error from server (BadRequest): error when creating "k/web.yaml": Deployment in version "v1" cannot be handled as a Deployment: '
TALOS = """machine:
  type: controlplane
  install:
    image: ghcr.io/siderolabs/installer:v1.9.1
  network:
    hostname: cp1
    interfaces:
      - interface: eth0
        addresses:
          - 10.0.0.11/24
      - interface: eth1
        addresses:
          - 10.0.0.12/24
cluster:
  controlPlane:
    endpoint: https://10.0.0.10:6443
"""
BOOT = "#!/bin/bash\nqm create 101 --memory 4096 --net0 virtio,bridge=vmbr0 --scsi0 local-lvm:32\nqm set 101 --scsi1 local-lvm:8\n"
PLAY = "- name: x\n  hosts: all\n  become: true\n  tasks:\n    - name: y\n      copy:\n        mode: \"0644\"\n"
COMPOSE = "services:\n  web:\n    image: x\n    restart: always\n"

VMS = "#!/bin/bash\nnode=pve1\nqm create 126 --ostype l26 --onboot 1 --net0 virtio,bridge=vmbr0 --scsi0 local-lvm:32,discard=on\nqm resize 126 scsi0 64G\npvesh get /nodes/$node/qemu\n"
GEN = "#!/bin/bash\nENDPOINT=https://10.0.0.10:6443\ntalosctl gen config lab $ENDPOINT\n"
FLUX = """apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: infra-controllers
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: apps
spec:
  dependsOn:
    - name: infra-controllers
"""
STACK = "services:\n  app:\n    volumes:\n      - data:/data\nvolumes:\n  data: {}\n  logs: {}\n"
PLAYS = "- hosts: all\n  vars:\n    dns_server: 10.0.0.1\n  roles:\n    - common\n  tasks:\n    - debug:\n        msg: \"{{ dns_server }}\"\n"
PARAMETERS = "400 Parameter verification failed.\n"

FIXES = [
    # rule, log, path, good text, good part, broken part
    ("kubernetes-field", STRICT + 'strict decoding error: unknown field "spec.replica"', "k/web.yaml", DEPLOYMENT, "replicas", "replica"),
    ("kubernetes-field", STRICT + 'strict decoding error: unknown field "spec.template.spec.containers[0].imge"', "k/web.yaml", DEPLOYMENT, "image", "imge"),
    ("kubernetes-field", 'error: error validating "k/web.yaml": error validating data: ValidationError(Deployment.spec): unknown field "Replicas" in io.k8s.api.apps.v1.DeploymentSpec; if you choose to ignore these errors, turn validation off with --validate=false',
     "k/web.yaml", DEPLOYMENT, "replicas", "Replicas"),
    ("kubernetes-api-version", 'error: resource mapping not found for name: "web" namespace: "" from "k/web.yaml": no matches for kind "Deployment" in version "v1"',
     "k/web.yaml", DEPLOYMENT, "apps/v1", "v1"),
    ("kubernetes-api-version", 'unable to recognize "k/p.yaml": no matches for kind "PodDisruptionBudget" in version "policy/v1beta1"', "k/p.yaml",
     "apiVersion: policy/v1\nkind: PodDisruptionBudget\n", "policy/v1", "policy/v1beta1"),
    ("kubernetes-api-version", 'no matches for kind "Deploymnt" in version "apps/v1"', "k/web.yaml", DEPLOYMENT, "kind: Deployment", "kind: Deploymnt"),
    ("kubernetes-selector", 'The Deployment "web" is invalid: spec.template.metadata.labels: Invalid value: map[string]string{"app":"wbe"}: `selector` does not match template `labels`',
     "k/web.yaml", DEPLOYMENT, "      labels:\n        app: web", "      labels:\n        app: wbe"),
    ("kubernetes-quantity", STRICT + "quantities must match the regular expression '^([+-]?[0-9.]+)'", "k/web.yaml", DEPLOYMENT, "256Mi", "256mi"),
    ("kubernetes-string", STRICT + "json: cannot unmarshal bool into Go struct field EnvVar.spec.template.spec.containers.env.value of type string",
     "k/web.yaml", DEPLOYMENT, '"false"', "false"),
    ("kubernetes-number", STRICT + "json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32", "k/web.yaml", DEPLOYMENT, "replicas: 2", 'replicas: "2"'),
    ("kubernetes-namespace", 'Error from server (NotFound): error when creating "k/web.yaml": namespaces "homlab" not found', "k/web.yaml", DEPLOYMENT, "namespace: homelab", "namespace: homlab"),
    ("talos-unknown-key", "unknown keys found during decoding:\nmachine:\n    netwrk:\n        hostname: cp1", "t/cp.yaml", TALOS, "  network:", "  netwrk:"),
    ("talos-endpoint", '1 error occurred:\n\t* invalid cluster endpoint: parse "10.0.0.10:6443": first path segment in URL cannot contain colon', "t/cp.yaml", TALOS, "https://10", "10"),
    ("talos-cidr", "networking.os.device.addresses: invalid CIDR address: 10.0.0.11", "t/cp.yaml", TALOS, "10.0.0.11/24", "10.0.0.11"),
    ("talos-machine-type", 'invalid machine type: "controlplan"', "t/cp.yaml", TALOS, "controlplane", "controlplan"),
    ("talos-version", "error pulling ghcr.io/siderolabs/installer:1.9.1: not found", "t/cp.yaml", TALOS, "v1.9.1", "1.9.1"),
    ("proxmox-storage", "storage 'local-lmv' does not exist", "p/boot.sh", BOOT, "local-lvm:32", "local-lmv:32"),
    ("proxmox-option", "Unknown option: memroy\n400 unable to parse option", "p/boot.sh", BOOT, "--memory", "--memroy"),
    ("proxmox-number", "400 Parameter verification failed.\nmemory: type check ('integer') failed - got '4G'", "p/boot.sh", BOOT, "4096", "4G"),
    ("misspelt-subcommand", "ERROR: unknown command 'qm craete'", "p/boot.sh", BOOT, "create", "craete"),
    ("listed-value", 'The Deployment "web" is invalid: spec.template.spec.containers[0].imagePullPolicy: Unsupported value: "IfNotPresnt": supported values: "Always", "IfNotPresent", "Never"',
     "k/web.yaml", DEPLOYMENT.replace("image: nginx", "image: nginx\n          imagePullPolicy: IfNotPresent"), "IfNotPresent", "IfNotPresnt"),
    ("listed-value", PARAMETERS + "ostype: value '126' does not have a value in the enumeration 'other, w2k, win11, l24, l26, solaris'", "p/v.sh", VMS, "l26", "126"),
    ("listed-value", PARAMETERS + "ostype: value 'l62' does not have a value in the enumeration 'other, l24, l26'", "p/v.sh", VMS, "l26", "l62"),
    ("kubernetes-duration", 'time: unknown unit "min" in duration "10min"', "f/all.yaml", FLUX.replace("spec:\n", "spec:\n  interval: 10m\n"), "10m", "10min"),
    ("kubernetes-duration", 'spec.interval: Invalid value: "string": spec.interval in body should match', "f/all.yaml", FLUX.replace("spec:\n", "spec:\n  interval: 10m\n"), "10m", "10 minutes"),
    ("proxmox-property", PARAMETERS + "net0.brigde: property is not defined in schema and the schema does not allow additional properties", "p/v.sh", VMS, "bridge=", "brigde="),
    ("proxmox-size", PARAMETERS + "size: value does not match the regex pattern", "p/v.sh", VMS, "64G", "64GB"),
    ("proxmox-volume-size", "unable to parse lvm volume name '32G'", "p/v.sh", VMS, "local-lvm:32", "local-lvm:32G"),
    ("proxmox-boolean", PARAMETERS + "onboot: type check ('boolean') failed - got 'enabled'", "p/v.sh", VMS, "onboot 1", "onboot enabled"),
    ("proxmox-path", "No 'get' handler defined for '/node/pve1/qemu'", "p/v.sh", VMS, "/nodes/", "/node/"),
    ("talos-endpoint", 'no scheme and port specified for the cluster endpoint URL\ntry: "https://10.0.0.10:6443"', "t/gen.sh", GEN, "https://10", "10"),
    ("talos-separator", "serviceSubnets: invalid CIDR address: 10.0.0.11\\24", "t/cp.yaml", TALOS, "10.0.0.11/24", "10.0.0.11\\24"),
    ("object-reference", 'Kustomization.kustomize.toolkit.fluxcd.io "infra-controller" not found', "f/all.yaml", FLUX, "    - name: infra-controllers", "    - name: infra-controller"),
    ("compose-reference", 'service "app" refers to undefined volume dat: invalid compose project', "compose.yaml", STACK, "- data:", "- dat:"),
    ("ansible-variable", "fatal: [n]: FAILED! => {\"msg\": \"'dns_sever' is undefined\"}", "a/site.yml", PLAYS, "{{ dns_server", "{{ dns_sever"),
    ("ansible-key", "ERROR! 'hsots' is not a valid attribute for a Play", "a/site.yml", PLAY, "hosts", "hsots"),
    ("ansible-key", "ERROR! couldn't resolve module/action 'coppy'. This often indicates a misspelling", "a/site.yml", PLAY, "copy", "coppy"),
    ("compose-key", "validating /srv/compose.yaml: services.web additional properties 'restrat' not allowed", "compose.yaml", COMPOSE, "restart", "restrat"),
    ("compose-key", "services.web Additional property restrat is not allowed", "compose.yaml", COMPOSE, "restart", "restrat"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "log", "path", "good", "part", "broken"), FIXES)
@pytest.mark.parametrize("message", [0, -1])
def test_fixes(rule: str, log: str, path: str, good: str, part: str, broken: str, message: int) -> None:
    assert part in good
    others = {"k/ns.yaml": NAMESPACE, "k/svc.yaml": SERVICE} if path.startswith("k/") else {}
    answer = ask(log, {path: good.replace(part, broken, 1), **others}, message=message % len(log.split("\n")))
    assert (answer.rule, answer.new if answer.proposal else answer.declined) == (rule, good)


def versioned(version: str, kind: str) -> str:
    return f"apiVersion: {version}\nkind: {kind}\nmetadata:\n  name: x\n"


SILENT = [
    # why, log, files
    ("no near field", STRICT + 'unknown field "spec.howMany"', {"k/web.yaml": DEPLOYMENT.replace("replicas", "howMany")}),
    ("the near field is there already", STRICT + 'unknown field "spec.replica"', {"k/web.yaml": DEPLOYMENT.replace("  replicas: 2", "  replicas: 2\n  replica: 3")}),
    ("a field of another path", STRICT + 'unknown field "status.replica"', {"k/web.yaml": DEPLOYMENT.replace("replicas", "replica")}),
    ("an Ingress of old needs other fields", 'no matches for kind "Ingress" in version "networking.k8s.io/v1beta1"', {"k/i.yaml": versioned("networking.k8s.io/v1beta1", "Ingress")}),
    ("a Deployment of old needs a selector", 'no matches for kind "Deployment" in version "extensions/v1beta1"', {"k/i.yaml": versioned("extensions/v1beta1", "Deployment")}),
    ("a CRD that is not installed", 'no matches for kind "ServiceMonitor" in version "monitoring.coreos.com/v1"', {"k/i.yaml": versioned("monitoring.coreos.com/v1", "ServiceMonitor")}),
    ("an unknown kind", 'no matches for kind "Frontdoor" in version "v1"', {"k/i.yaml": versioned("v1", "Frontdoor")}),
    ("which label is right", "`selector` does not match template `labels`", {"k/web.yaml": DEPLOYMENT.replace("      app: web\n  template", "      app: site\n  template")}),
    ("a namespace of another stage", 'namespaces "monitoring" not found', {"k/web.yaml": DEPLOYMENT.replace("homelab", "monitoring"), "k/ns.yaml": NAMESPACE}),
    ("an address without any like it", "invalid CIDR address: 172.16.0.5", {"t/cp.yaml": TALOS.replace("10.0.0.11/24", "172.16.0.5")}),
    ("a duplicate address", "duplicate address 10.0.0.11 is already in use by node cp1", {"t/cp.yaml": TALOS}),
    ("a type of another thing", 'invalid type: "edge"', {"t/cp.yaml": TALOS.replace("controlplane", "edge")}),
    ("a storage of its own", "storage 'ceph-fast' does not exist", {"p/boot.sh": BOOT.replace("local-lvm:32", "ceph-fast:32")}),
    ("a bridge of another number", "bridge 'vmbr1' does not exist", {"p/boot.sh": BOOT + "qm set 102 --net0 virtio,bridge=vmbr1\n"}),
    ("a chart's version", "Error: chart version 1.2.3 not found in repository", {"k/r.yaml": "spec:\n  chart:\n    version: 1.2.3\n"}),
    ("two listed values are near", 'x: mode: Unsupported value: "Fas": supported values: "Fast", "Fase"', {"k/web.yaml": "mode: Fas\n"}),
    ("no listed value is near", 'x: mode: Unsupported value: "Slow": supported values: "Fast", "Never"', {"k/web.yaml": "mode: Slow\n"}),
    ("the value stands twice", 'x: mode: Unsupported value: "Alwas": supported values: "Always", "Never"', {"k/web.yaml": "a:\n  mode: Alwas\nb:\n  mode: Alwas\n"}),
    ("a number that is the VM's own", PARAMETERS + "ostype: value '126' does not have a value in the enumeration 'l24, l26'", {"p/v.sh": "#!/bin/bash\nqm create 126\n"}),
    ("a property that nothing is near", PARAMETERS + "net0.color: property is not defined in schema", {"p/v.sh": VMS.replace("bridge=", "color=")}),
    ("a duration without a unit", 'time: missing unit in duration "10"', {"f/a.yaml": FLUX.replace("spec:\n", "spec:\n  interval: 10\n")}),
    ("two odd durations", 'time: unknown unit "min" in duration "10min"', {"f/a.yaml": FLUX.replace("spec:\n", "spec:\n  interval: 10min\n  timeout: 2min\n")}),
    ("two sizes", PARAMETERS + "size: value does not match the regex pattern", {"p/v.sh": VMS.replace("64G", "64GB") + "qm resize 127 scsi0 32GB\n"}),
    ("a path of a node that is not there", "No 'get' handler defined for '/nodes/pve1/printers'", {"p/v.sh": VMS.replace("/qemu", "/printers")}),
    ("no prefix has that length", "invalid CIDR address: 10.0.0.11\\64", {"t/cp.yaml": TALOS.replace("10.0.0.11/24", "10.0.0.11\\64")}),
    ("two near Kustomizations", 'Kustomization "infra-controlers" not found', {"f/a.yaml": FLUX.replace("    - name: infra-controllers", "    - name: infra-controlers") + "---\nkind: Kustomization\nmetadata:\n  name: infra-controlerss\n"}),
    ("a near name of another kind", 'HelmRepository "infra-controller" not found', {"f/a.yaml": FLUX.replace("    - name: infra-controllers", "    - name: infra-controller")}),
    ("an object of a stage before", 'Secret "registry" not found', {"f/a.yaml": FLUX}),
    ("a volume without a near one", "refers to undefined volume media", {"compose.yaml": STACK.replace("- data:", "- media:")}),
    ("a variable of the inventory", "'dns_zone' is undefined", {"a/site.yml": PLAYS.replace("{{ dns_server", "{{ dns_zone")}),
    ("a number makes another variable", "'dns_server2' is undefined", {"a/site.yml": PLAYS.replace("{{ dns_server", "{{ dns_server2")}),
    ("a role from a collection", "the role 'geerling.docker' was not found in /x", {"a/site.yml": PLAYS, "a/roles/common/tasks/main.yml": "[]\n"}),
    ("a VM that exists", "400 Parameter verification failed.\nvmid: VM 101 already exists on node 'pve'", {"p/boot.sh": BOOT}),
]  # fmt: skip


@pytest.mark.parametrize(("why", "log", "files"), SILENT)
def test_stays_silent(why: str, log: str, files: dict[str, str | bytes]) -> None:
    answer = ask(log, files)
    assert answer.proposal is None, answer.new
