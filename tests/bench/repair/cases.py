"""The broken repositories: each is the sample homelab with one thing wrong, or one thing that no edit can heal."""

from __future__ import annotations

from dataclasses import dataclass

BOOT = "infrastructure/proxmox/cluster_bootstrap.sh"
LOGGING = "infrastructure/proxmox/lib/logging.sh"
CP = "cluster/talos/controlplane.yaml"
WORKER = "cluster/talos/worker.yaml"
VALIDATE = "cluster/validate.sh"
DEPLOY = "apps/web/deployment.yaml"
INGRESS = "apps/web/ingress.yaml"
SERVICE = "apps/web/service.yaml"
KUSTOMIZE = "apps/web/kustomization.yaml"
DB = "apps/db/statefulset.yaml"
VALUES = "charts/values.yaml"
SITE = "ansible/site.yml"
COMPOSE = "docker/compose.yaml"
EDGE = "docker/edge.env"
MAKE = "tools/Makefile"
RENDER = "tools/render.py"
HOSTS = "tools/hosts.json"
SETTINGS = "tools/settings.toml"
LAB = "tools/lab.env"
NEEDS = "tools/requirements.txt"
UNIT = "systemd/backup.service"


@dataclass(frozen=True)
class Break:
    """A repository in which ``good`` of ``path`` was replaced by ``bad``; the right repair gives ``good`` back.

    ``also`` are other texts in place of ``bad`` that are as right. ``mode`` and ``crlf`` break the file otherwise.
    ``heals`` is false where the right repair makes the stage fail clearly instead of passing.
    """

    name: str
    family: str
    stage: str
    path: str
    good: str = ""
    bad: str = ""
    also: tuple[str, ...] = ()
    crlf: bool = False
    mode: bool = False
    heals: bool = True
    says: str = ""


@dataclass(frozen=True)
class Hopeless:
    """A failure that must be declined: a breakdown outside of the repository, or a fault with no certain fix."""

    name: str
    stage: str
    breakdown: str = ""
    path: str = ""
    good: str = ""
    bad: str = ""
    scope: tuple[str, ...] = ()  # when given, the stage's files: the fault then lies outside


FIXABLE: tuple[Break, ...] = (
    # --- shell
    Break("unset user", "shell", "proxmox", BOOT, '"$SSH_HOST" true', '"$SSH_USER@$SSH_HOST" true', heals=False, says="SSH_USER"),
    Break("misspelt variable", "shell", "proxmox", BOOT, '"$STORAGE:32"', '"$STORGAE:32"'),
    Break("misspelt variable in a list", "shell", "proxmox", BOOT, "bridge=$BRIDGE", "bridge=$BRIGDE"),
    Break("no executable bit", "shell", "proxmox", BOOT, mode=True),
    Break("no executable bit on the validator", "shell", "talos", VALIDATE, mode=True),
    Break("CRLF script", "shell", "talos", VALIDATE, crlf=True),
    Break("CRLF library", "shell", "proxmox", LOGGING, crlf=True),
    Break("no fi", "shell", "proxmox", BOOT, "    return 0\n  fi\n  qm", "    return 0\n  qm"),
    Break("no done", "shell", "proxmox", BOOT, "    vmid=$((vmid + 1))\n  done\n", "    vmid=$((vmid + 1))\n"),
    Break("no esac", "shell", "proxmox", BOOT, "      ;;\n  esac\n", "      ;;\n"),
    Break("no brace", "shell", "proxmox", BOOT, '  log_info "created $name"\n}\n', '  log_info "created $name"\n'),
    Break("no then", "shell", "proxmox", BOOT, "2>&1; then", "2>&1", also=("2>&1\n  then",)),
    Break("open quote", "shell", "proxmox", BOOT, '"created $name"', '"created $name'),
    Break("open quote before a test ends", "shell", "proxmox", BOOT, '"$tries" -lt "$RETRIES" ]', '"$tries" -lt "$RETRIES ]'),
    Break("indented end word", "shell", "proxmox", BOOT, "machines on $SSH_HOST.\nEOF", "machines on $SSH_HOST.\n  EOF"),
    Break("no blank after bracket", "shell", "proxmox", BOOT, 'while [ "$tries"', 'while ["$tries"'),
    Break("blanks around equals", "shell", "proxmox", BOOT, "MEMORY=4096", "MEMORY = 4096"),
    Break("misspelt function", "shell", "proxmox", BOOT, "      wait_for\n", "      wait_fro\n"),
    Break("misspelt library function", "shell", "proxmox", BOOT, 'log_info "done"', 'log_inof "done"'),
    Break("misspelt command", "shell", "talos", VALIDATE, "talosctl validate", "talosclt validate"),
    Break("misspelt definition", "shell", "proxmox", LOGGING, "log_info()", "log_ifno()"),
    Break("local outside", "shell", "proxmox", BOOT, "RETRIES=3", "local RETRIES=3"),
    Break("wrong interpreter", "shell", "talos", VALIDATE, "#!/usr/bin/env bash", "#!/usr/bin/env bahs"),
    Break("bash in sh", "shell", "talos", VALIDATE, "#!/usr/bin/env bash", "#!/bin/sh", also=("#!/bin/bash",)),
    Break("moved source", "shell", "proxmox", BOOT, "/lib/logging.sh", "/libs/logging.sh"),
    # --- YAML
    Break("tab", "yaml", "talos", CP, "    hostname: cp1", "\thostname: cp1"),
    Break("three columns", "yaml", "talos", CP, "    hostname: cp1", "   hostname: cp1"),
    Break("five columns", "yaml", "apps", DEPLOY, "  replicas: 2", "   replicas: 2"),
    Break("no space after colon", "yaml", "talos", CP, "    disk: /dev/sda", "    disk:/dev/sda"),
    Break("no colon", "yaml", "apps", SERVICE, "  selector:\n", "  selector\n"),
    Break("stray text", "yaml", "talos", CP, "    disk: /dev/sda", "    disk: /dev/sda  was: /dev/sdb"),
    Break("open quote in YAML", "yaml", "helm", VALUES, '"keeps data: two weeks"', '"keeps data: two weeks'),
    Break("colon in a value", "yaml", "helm", VALUES, '"keeps data: two weeks"', "keeps data: two weeks"),
    Break("star", "yaml", "apps", INGRESS, '"*.lab.example"', "*.lab.example"),
    Break("open list", "yaml", "helm", VALUES, "[clock, pie]", "[clock, pie"),
    Break("dash", "yaml", "helm", VALUES, "    - metrics.lab", "    -metrics.lab"),
    Break("alias", "yaml", "helm", VALUES, "prometheus:\n  <<: *defaults", "prometheus:\n  <<: *defautls"),
    Break("duplicate key", "yaml", "helm", VALUES, "  adminUser: admin\n", "  adminUser: admin\n  adminUser: admin\n"),
    Break("separator", "yaml", "apps", DB, "---\napi", "--\napi"),
    Break("fence", "yaml", "apps", SERVICE, "apiVersion: v1\n", "```yaml\napiVersion: v1\n"),
    Break("bare Jinja", "yaml", "ansible", SITE, '"{{ motd }}"', "{{ motd }}"),
    Break("percent", "yaml", "ansible", SITE, '"welcome to {{ inventory_hostname }}"', "%welcome to {{ inventory_hostname }}",
          also=('"%welcome to {{ inventory_hostname }}"',)),
    Break("inner quotes", "yaml", "ansible", SITE, "    - name: Write the message", "    - name: 'Write the lab's message'",
          also=('    - name: "Write the lab\'s message"',)),
    # --- missing files
    Break("resource typo", "missing", "apps", KUSTOMIZE, "deployment.yaml", "deploymnet.yaml"),
    Break("resource extension", "missing", "apps", KUSTOMIZE, "service.yaml", "service.yml"),
    Break("script path", "missing", "apps", "apps/apply.sh", "apps/db/statefulset.yaml", "apps/db/stateful-set.yaml"),
    Break("folder typo", "missing", "apps", "apps/apply.sh", "-k apps/web", "-k app/web"),
    Break("task file case", "missing", "ansible", SITE, "tasks/common.yml", "tasks/Common.yml"),
    Break("env file typo", "missing", "docker", COMPOSE, "edge.env", "egde.env"),
    Break("config folder", "missing", "talos", VALIDATE, "cluster/talos/worker.yaml", "cluster/worker.yaml"),
    Break("make input", "missing", "tools", MAKE, "tools/hosts.json tools/settings.toml", "tools/hosts.json tools/setings.toml"),
    # --- Kubernetes
    Break("unknown field", "kubernetes", "apps", DEPLOY, "  replicas: 2", "  replica: 2"),
    Break("unknown nested field", "kubernetes", "apps", DEPLOY, "containerPort: 80", "containerport: 80"),
    Break("removed API", "kubernetes", "apps", DB, "policy/v1\n", "policy/v1beta1\n"),
    Break("wrong API", "kubernetes", "apps", DEPLOY, "apiVersion: apps/v1", "apiVersion: v1"),
    Break("selector", "kubernetes", "apps", DEPLOY, "      labels:\n        app: web", "      labels:\n        app: wbe"),
    Break("quantity", "kubernetes", "apps", DEPLOY, "256Mi", "256MB", also=("256M",)),
    Break("quantity case", "kubernetes", "apps", DEPLOY, "256Mi", "256mi"),
    Break("name", "kubernetes", "apps", INGRESS, "  name: web\n  namespace", "  name: Web_Front\n  namespace", also=("  name: web-front\n  namespace",)),
    Break("boolean env", "kubernetes", "apps", DEPLOY, 'value: "false"', "value: false"),
    Break("number env", "kubernetes", "apps", DEPLOY, 'value: "4"', "value: 4"),
    Break("quoted replicas", "kubernetes", "apps", DEPLOY, "replicas: 2", 'replicas: "2"'),
    Break("namespace", "kubernetes", "apps", SERVICE, "namespace: homelab", "namespace: homlab"),
    Break("kubectl verb", "kubernetes", "apps", "apps/apply.sh", "kubectl apply -k", "kubectl aply -k"),
    # --- Talos
    Break("unknown key", "talos", "talos", CP, "    nameservers:", "    nameserver:"),
    Break("key typo", "talos", "talos", WORKER, "  install:", "  instal:"),
    Break("endpoint", "talos", "talos", WORKER, "endpoint: https://192", "endpoint: 192"),
    Break("CIDR", "talos", "talos", CP, "192.168.10.11/24", "192.168.10.11"),
    Break("machine type", "talos", "talos", CP, "type: controlplane", "type: control-plane"),
    Break("machine type typo", "talos", "talos", WORKER, "type: worker", "type: wroker"),
    Break("image version", "talos", "talos", WORKER, "installer:v1.9.1", "installer:1.9.1"),
    # --- Proxmox
    Break("storage", "proxmox", "proxmox", BOOT, 'STORAGE="local-lvm"', 'STORAGE="local-lmv"'),
    Break("memory", "proxmox", "proxmox", BOOT, "MEMORY=4096", "MEMORY=4G"),
    Break("option", "proxmox", "proxmox", BOOT, "--memory", "--memroy"),
    Break("subcommand", "proxmox", "proxmox", BOOT, "qm create", "qm craete"),
    # --- files of the trade
    Break("trailing comma", "files", "tools", HOSTS, '"address": "192.168.10.11"\n', '"address": "192.168.10.11",\n'),
    Break("missing comma", "files", "tools", HOSTS, '"role": "worker",', '"role": "worker"'),
    Break("single quotes", "files", "tools", HOSTS, '"name": "cp1"', "'name': 'cp1'"),
    Break("bare TOML text", "files", "tools", SETTINGS, '"lab.example"', "lab.example"),
    Break("open header", "files", "tools", SETTINGS, "[paths]", "[paths"),
    Break("spaces for a tab", "files", "tools", MAKE, "\tpython3", "    python3"),
    Break("prerequisite", "files", "tools", MAKE, "render: check", "render: chekc"),
    Break("Python colon", "files", "tools", RENDER, "def line(host, domain):", "def line(host, domain)"),
    Break("Python bracket", "files", "tools", RENDER, "print(line(host, domain))", "print(line(host, domain)"),
    Break("Python name", "files", "tools", RENDER, "print(line(host, domain))", "print(line(host, domian))"),
    Break("Python import", "files", "tools", RENDER, "import tomllib", "import tomlib"),
    Break("Python key", "files", "tools", RENDER, 'host["role"]', 'host["rle"]', also=('host["role"]',)),
    Break("JSON key", "files", "tools", RENDER, "{host['address']}", "{host['adress']}"),
    Break("env blanks", "files", "settings", LAB, "DOMAIN=lab.example", "DOMAIN = lab.example"),
    Break("env quotes", "files", "settings", LAB, '"hello lab"', "hello lab"),
    Break("compose env", "files", "docker", EDGE, "DOMAIN=lab.example", "DOMAIN = lab.example"),
    Break("compose key", "files", "docker", COMPOSE, "    restart:", "    restrat:"),
    Break("ansible key", "files", "ansible", SITE, "  become: true", "  becom: true"),
    Break("ansible module", "files", "ansible", SITE, "      copy:", "      coppy:"),
    Break("requirement", "files", "python", NEEDS, "requests==", "reqeusts=="),
    Break("requirement pin", "files", "python", NEEDS, "requests==", "requests="),
    Break("unit key", "files", "units", UNIT, "ExecStart=", "ExecStrat="),
    Break("unit section", "files", "units", UNIT, "[Service]", "[Servce]"),
    Break("unit header", "files", "units", UNIT, "[Install]", "[Install"),
)

DECLINED: tuple[Hopeless, ...] = (
    *(Hopeless(f"{what} at {stage}", stage, breakdown=what) for what, stage in (
        ("network", "talos"), ("network", "apps"), ("dns", "proxmox"), ("auth", "proxmox"), ("token", "apps"), ("disk", "proxmox"),
        ("upstream", "docker"), ("lock", "ansible"), ("tls", "helm"), ("timeout", "apps"), ("limit", "docker"), ("orders", "proxmox"),
        ("nothing", "helm"), ("nothing", "talos"))),
    Hopeless("two near variables", "proxmox", path=BOOT, good='MEMORY=4096\n', bad='MEMORYA=4096\nMEMORYB=2048\n'),
    Hopeless("another node's variable", "proxmox", path=BOOT, good="bridge=$BRIDGE", bad="bridge=$bridge_name"),
    Hopeless("duplicate with two values", "helm", path=VALUES, good="  adminUser: admin\n", bad="  adminUser: admin\n  adminUser: root\n"),
    Hopeless("conflict markers", "helm", path=VALUES, good="  retention: 15d\n",
             bad="<<<<<<< HEAD\n  retention: 15d\n=======\n  retention: 30d\n>>>>>>> retention\n"),
    Hopeless("duplicate address", "talos", path=WORKER, good="192.168.10.21/24", bad="192.168.10.11/24"),
    Hopeless("no such node file", "talos", path=VALIDATE, good="worker.yaml", bad="worker2.yaml"),
    Hopeless("protected script", "proxmox", path=BOOT, good='main "$@"', bad='"$SCRIPT_DIR/wipe_proxmox.sh"'),
    Hopeless("fault out of scope", "apps", path=DEPLOY, good="  replicas: 2", bad="   replicas: 2", scope=("apps/apply.sh",)),
    Hopeless("library out of scope", "proxmox", path=LOGGING, good="log_info() { echo", bad="log_info() ( echo", scope=(BOOT,)),
    Hopeless("unknown storage", "proxmox", path=BOOT, good='STORAGE="local-lvm"', bad='STORAGE="ceph-fast"'),
    Hopeless("tool not installed", "talos", path=VALIDATE, good="talosctl validate", bad="yq validate"),
    Hopeless("Ingress of old", "apps", path=INGRESS, good="networking.k8s.io/v1", bad="networking.k8s.io/v1beta1"),
    Hopeless("unknown kind", "apps", path=SERVICE, good="kind: Service", bad="kind: Frontdoor"),
    Hopeless("unknown field without a near one", "apps", path=DEPLOY, good="  replicas: 2", bad="  howMany: 2"),
    Hopeless("unknown package", "python", path=NEEDS, good="kubernetes>=29", bad="labtools-internal>=29"),
    Hopeless("missing secret file", "docker", path=COMPOSE, good="edge.env", bad="secrets/registry.env"),
)
