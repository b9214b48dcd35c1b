"""Names that are used and not defined, options, suggestions, parameters: what is mended and what is left alone."""

from __future__ import annotations

import pytest

from tests.playbook.world import ask

TF = 'variable "storage_pool" {\n  type = string\n}\nlocals {\n  prefix = "k3s"\n}\nresource "terraform_data" "node" {\n  input = "${local.prefix}-${var.storage_pool}"\n}\n'
TF += 'output "x" {\n  value = terraform_data.node.output\n}\nmodule "vms" {\n  source = "./modules/vm"\n}\n'
STACK = "services:\n  app:\n    depends_on:\n      - database\n    volumes:\n      - data:/data\n    ports:\n      - \"80:80\"\n  database:\n    image: postgres\nvolumes:\n  data: {}\n"
SITE = "- hosts: nodes\n  tasks:\n    - name: x\n      ansible.builtin.copy:\n        src: a\n        dest: b\n      changed_when: true\n      when: servers | length > 0\n      notify: Restart sshd\n"
SITE += "    - name: y\n      ansible.builtin.debug:\n        msg: \"{{ proxmox.api_host }}\"\n  handlers:\n    - name: Restart sshd\n      ansible.builtin.service:\n        name: sshd\n"
HOSTS = "[nodes]\nn1\n\n[lab:children]\nnodes\n"
VMS = "#!/bin/bash\npvesh get /nodes/pve1/status\npvesh create /nodes/pve1/qemu\npveum pool add homelab\nqm create 101 --pool homelab --scsi0 local-lvm:8 --boot order=scsi0\n"
DEPLOY = "#!/bin/bash\nhelm repo add bitnami https://charts.bitnami.com/bitnami\nhelm upgrade --install redis bitnami/redis \\\n  --create-namespace -n db\nrsync --archive a b\npython3 tools/gen.py --out x\n"
GEN = 'import argparse\np = argparse.ArgumentParser()\np.add_argument("--out")\np.parse_args()\n'
TALOSCONFIG = "context: homelab\ncontexts:\n    homelab:\n        endpoints:\n            - 10.0.0.11\n"
UNIT = "[Unit]\nAfter=network-online.target\n\n[Service]\nExecStart=/usr/bin/backup\nTimeoutStartSec=30 sec\nRemainAfterExit=true\n"
TIMER = "[Timer]\nUnit=backup.service\n"
MAKE = ".PHONY: all deploy\nall: deploy\n\ndeploy:\n\t@echo x $(shell date)\n"
NODES = "#!/bin/bash\nset -u\nWORKERS=(10.0.0.1)\necho ${WORKERS[0]}\n"
FILES = {"main.tf": TF, "modules/vm/main.tf": "", "compose.yaml": STACK, "site.yml": SITE, "group_vars/all.yml": "proxmox:\n  api_host: 10.0.0.2\n", "inventory.ini": HOSTS,
         "vms.sh": VMS, "deploy.sh": DEPLOY, "tools/gen.py": GEN, "talosconfig": TALOSCONFIG, "backup.service": UNIT, "backup.timer": TIMER, "Makefile": MAKE, "nodes.sh": NODES}  # fmt: skip

FIXES = [
    # rule, log, path, good part, broken part
    ("terraform-variable", 'An input variable with the name "storage_pol" has not been declared. Did you mean "storage_pool"?', "main.tf", "var.storage_pool", "var.storage_pol"),
    ("terraform-local", 'A local value with the name "prefx" has not been declared.', "main.tf", "local.prefix", "local.prefx"),
    ("terraform-resource", 'A managed resource "terraform_data" "nodes" has not been declared in the root module.', "main.tf", "terraform_data.node", "terraform_data.nodes"),
    ("terraform-equals", "Error: Argument or block definition required\n\n  on main.tf line 5, in locals:\n   5:   prefix: \"k3s\"", "main.tf", 'prefix = "k3s"', 'prefix: "k3s"'),
    ("terraform-quote", "Error: Invalid multi-line string\n\n  on main.tf line 5, in locals:", "main.tf", '"k3s"', '"k3s'),
    ("terraform-brace", "Error: Unclosed configuration block\n\n  on main.tf line 4, in locals:", "main.tf", '"k3s"\n}\n', '"k3s"\n'),
    ("terraform-type", 'Error: Invalid type specification\n\n  on main.tf line 2, in variable "storage_pool":\n\nThe keyword "sting" is not a valid type specification.', "main.tf", "= string", "= sting"),
    ("terraform-module-path", "Error: Unreadable module directory\n\nUnable to evaluate directory symlink: lstat module: no such file or directory", "main.tf", "./modules/vm", "./module/vm"),
    ("suggestion", 'Error: Unsupported argument\n\n  on main.tf line 8, in resource "terraform_data" "node":\n\nAn argument named "inptu" is not expected here. Did you mean "input"?', "main.tf", "input =", "inptu ="),
    ("compose-service", 'service "app" depends on undefined service "databse": invalid compose project', "compose.yaml", "- database", "- databse"),
    ("compose-service", 'service "app" depends on undefined service "database": invalid compose project', "compose.yaml", "  database:", "  databse:"),
    ("compose-volume", 'Named volume "dat:/data:rw" is used in service "app" but no declaration was found in the volumes section.', "compose.yaml", "- data:", "- dat:"),
    ("yaml-list", "validating compose.yaml: services.app.ports must be a list", "compose.yaml", 'ports:\n      - "80:80"', 'ports: "80:80"'),
    ("ansible-handler", "The requested handler 'Restart ssdh' was not found in either the main handlers list nor in the listening handlers list", "site.yml", "notify: Restart sshd", "notify: Restart ssdh"),
    ("ansible-group", "[WARNING]: Could not match supplied host pattern, ignoring: node\nskipping: no hosts matched", "site.yml", "hosts: nodes", "hosts: node"),
    ("ansible-group", "Section [lab:children] includes undefined group 'node'.", "inventory.ini", "\nnodes\n", "\nnode\n"),
    ("ansible-filter", "Syntax error in expression: No filter named 'lenght'.", "site.yml", "| length", "| lenght"),
    ("ansible-parameter", 'fatal: [n1]: FAILED! => {"msg": "Unsupported parameters for (ansible.builtin.copy) module: dst. Supported parameters include: attributes, backup, dest, src."}', "site.yml", "dest:", "dst:"),
    ("ansible-keyword", "[ERROR]: conflicting action statements: ansible.builtin.copy, changed_whem", "site.yml", "changed_when", "changed_whem"),
    ("ansible-attribute", "object of type 'dict' has no attribute 'api_hsot'", "site.yml", "api_host", "api_hsot"),
    ("required-key", "Task failed: src and dest are required\nOrigin: /srv/site.yml:3:7", "site.yml", "dest:", "dets:"),
    ("proxmox-node", "hostname lookup 'pev1' failed - failed to get address info for: pev1: Name or service not known", "vms.sh", "create /nodes/pve1", "create /nodes/pev1"),
    ("proxmox-pool", "no such pool 'homlab'", "vms.sh", "--pool homelab", "--pool homlab"),
    ("proxmox-boot", "boot: invalid format - invalid boot device 'sci0'", "vms.sh", "order=scsi0", "order=sci0"),
    ("helm-repository", "Error: repo bitnmai not found", "deploy.sh", "bitnami/redis", "bitnmai/redis"),
    ("unknown-option", "Error: unknown flag: --create-namespce", "deploy.sh", "--create-namespace", "--create-namespce"),
    ("unknown-option", "rsync: --archve: unknown option", "deploy.sh", "--archive", "--archve"),
    ("unknown-option", "gen.py: error: unrecognized arguments: --outt", "deploy.sh", "--out", "--outt"),
    ("tool-context", 'default context "homlab" is not defined in the talosconfig file', "talosconfig", "context: homelab", "context: homlab"),
    ("systemd-unit", "Failed to start nightly.timer: Unit bakcup.service not found.", "backup.timer", "=backup.service", "=bakcup.service"),
    ("systemd-dependency", "backup.service:2: Failed to add dependency on network-online.taget, ignoring: Invalid argument", "backup.service", "online.target", "online.taget"),
    ("systemd-time", "backup.service:6: Failed to parse TimeoutStartSec= parameter, ignoring: 30 sce", "backup.service", "30 sec", "30 sce"),
    ("systemd-boolean", "backup.service:7: Failed to parse boolean value, ignoring: ture", "backup.service", "Exit=true", "Exit=ture"),
    ("systemd-path", "backup.service:5: Neither a valid executable name nor an absolute path: usr/bin/backup", "backup.service", "=/usr/bin", "=usr/bin"),
    ("makefile-colon", "Makefile:4: *** missing separator.  Stop.", "Makefile", "\ndeploy:\n", "\ndeploy\n"),
    ("makefile-call", "Makefile:5: *** unterminated call to function 'shell': missing ')'.  Stop.", "Makefile", "$(shell date)", "$(shell date"),
    ("unset-variable", "nodes.sh: line 4: WORKER[0]: unbound variable", "nodes.sh", "${WORKERS[0]}", "${WORKER[0]}"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "log", "path", "good", "broken"), FIXES)
def test_fixes(rule: str, log: str, path: str, good: str, broken: str) -> None:
    assert good in FILES[path]
    answer = ask(log, FILES | {path: FILES[path].replace(good, broken, 1)})
    assert (answer.rule, answer.path, answer.new if answer.proposal else answer.declined) == (rule, path, FILES[path])


SILENT = [
    ("no near variable", 'An input variable with the name "gateway" has not been declared.', "main.tf", "var.storage_pool", "var.gateway"),
    ("a digit makes another name", 'A local value with the name "prefix2" has not been declared.', "main.tf", "local.prefix", "local.prefix2"),
    ("a service of another file", 'service "app" depends on undefined service "redis"', "compose.yaml", "- database", "- redis"),
    ("two services are near", 'service "app" depends on undefined service "databse"', "compose.yaml", "- database", "- databse\n  databses:\n    image: x\n  database:\n    image: y"),
    ("a group of the whole inventory", "Could not match supplied host pattern, ignoring: databases", "site.yml", "hosts: nodes", "hosts: databases"),
    ("a filter of a plugin", "No filter named 'my_filter'.", "site.yml", "| length", "| my_filter"),
    ("a parameter that nothing is near", "Unsupported parameters for (copy) module: colour. Supported parameters include: dest, src.", "site.yml", "dest:", "colour:"),
    ("a node that the repository names nowhere else", "hostname lookup 'pve9' failed", "vms.sh", "create /nodes/pve1", "create /nodes/pve9"),
    ("an option that nothing is near", "Error: unknown flag: --frobnicate", "deploy.sh", "--create-namespace", "--frobnicate"),
    ("an option of a tool that is not known", "Error: unknown flag: --archve", "deploy.sh", "rsync --archive", "labctl --archve"),
    ("a unit of the host", "Unit docker.service not found.", "backup.timer", "=backup.service", "=docker.service"),
    ("a suggestion for a word that stands twice", 'Unsupported block "outputt". Did you mean "output"?', "main.tf", 'output "x"', 'outputt "x" {}\noutputt "y"'),
    ("what is required is not misspelt", "Task failed: src and dest are required", "site.yml", "        dest: b\n", ""),
]  # fmt: skip


@pytest.mark.parametrize(("why", "log", "path", "good", "broken"), SILENT)
def test_stays_silent(why: str, log: str, path: str, good: str, broken: str) -> None:
    assert good in FILES[path]
    answer = ask(log, FILES | {path: FILES[path].replace(good, broken, 1)})
    assert answer.proposal is None, answer.new
