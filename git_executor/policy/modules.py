"""Ansible modules as the commands that they stand for, so that one judge knows both."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from git_executor.lazy import lazy
from git_executor.policy.literals import quoted

Options = Mapping[str, str]
_YES = lazy(r"(?i)(?:true|yes|on|1)$")


def _on(options: Options, key: str) -> bool:
    return bool(_YES.match(options.get(key, "")))


def _off(options: Options, key: str) -> bool:
    return bool(re.match(r"(?i)(?:false|no|off|0)$", options.get(key, "")))


_VERBS = {"stopped": "stop", "started": "start", "restarted": "restart"}


def _service(o: Options) -> Iterator[str]:
    name = o.get("name") or o.get("service") or o.get("unit") or ""
    if o.get("state") in ("stopped", "started", "restarted"):
        yield f"systemctl {_VERBS[o['state']]} {name}"
    if _off(o, "enabled"):
        yield f"systemctl disable {name}"
    if _on(o, "masked"):
        yield f"systemctl mask {name}"


def _ufw(o: Options) -> Iterator[str]:
    if o.get("state") in ("disabled", "reset"):
        yield "ufw disable"
    default = o.get("policy") or o.get("default")
    if default == "allow" and o.get("direction", "incoming") in ("incoming", "in", "routed"):
        yield "ufw default allow incoming"
    source = o.get("from_ip") or o.get("from") or o.get("src") or "any"
    if o.get("rule") == "allow" and source in ("any", "0.0.0.0/0", "::/0") and not (o.get("port") or o.get("to_port")):
        yield "ufw allow from any"
    port = o.get("port") or o.get("to_port")
    if o.get("rule") == "allow" and port and source in ("any", "0.0.0.0/0", "::/0"):
        yield f"ufw allow {port}"


def _iptables(o: Options) -> Iterator[str]:
    if _on(o, "flush"):
        yield "iptables -F"
    if o.get("policy", "").upper() == "ACCEPT" and o.get("chain", "") != "OUTPUT":
        yield f"iptables -P {o.get('chain', 'INPUT')} ACCEPT"
    narrow = ("source", "protocol", "destination", "destination_port", "in_interface", "ctstate", "match")
    if o.get("jump", "").upper() == "ACCEPT" and o.get("chain") != "OUTPUT" and not any(o.get(key) for key in narrow):
        yield "iptables -A INPUT -j ACCEPT"


def _user(o: Options) -> Iterator[str]:
    groups = o.get("groups") or o.get("group")
    if groups:
        yield f"usermod -aG {groups.replace(' ', '')} {o.get('name', 'x')}"
    if o.get("uid") == "0":
        yield "useradd -o -u 0 x"


def _firewalld(o: Options) -> Iterator[str]:
    if o.get("zone") == "trusted" or o.get("target") == "ACCEPT":
        yield "firewall-cmd --set-default-zone=trusted"
    if o.get("port") and o.get("state", "enabled") == "enabled":
        yield f"firewall-cmd --add-port={o['port']}"


def _uri(o: Options) -> Iterator[str]:
    yield f"curl -X {quoted(o.get('method', 'GET'))} {quoted(o.get('url', 'x'))}"


def _power(o: Options) -> Iterator[str]:
    yield "poweroff now"


def _simple(command: str, *keys: str) -> Callable[[Options], Iterator[str]]:
    def read(options: Options) -> Iterator[str]:
        if any(re.fullmatch(part.partition("=")[2], options.get(part.partition("=")[0], "")) for part in keys):
            yield command

    return read


_MODULES: dict[str, Callable[[Options], Iterator[str]]] = {
    **dict.fromkeys(("service", "systemd", "systemd_service", "sysvinit", "openrc"), _service),
    "ufw": _ufw,
    "iptables": _iptables,
    "user": _user,
    "firewalld": _firewalld,
    "selinux": _simple("setenforce 0", "state=disabled|permissive"),
    "uri": _uri,
    "synchronize": _simple("rsync -a --delete a b", "delete=(?i:true|yes)"),
    "parted": _simple("parted -s /dev/x rm 1", "state=absent", "label=\\w+"),
    "filesystem": _simple("mkfs /dev/x", "force=(?i:true|yes)", "state=absent"),
    "docker_container": _simple("docker run --privileged x", "privileged=(?i:true|yes)", "pid_mode=host"),
    "podman_container": _simple("podman run --privileged x", "privileged=(?i:true|yes)", "pid=host"),
    "docker_prune": _simple("docker system prune -a", "images=.+", "volumes=.+", "containers=.+"),
    "k8s_scale": _simple("kubectl scale --replicas=0 x", "replicas=0+"),
    "k8s_drain": _simple("kubectl drain x", "name=.+"),
    "proxmox": _simple("pct destroy 1", "state=absent|stopped"),
    "proxmox_kvm": _simple("qm destroy 1", "state=absent|stopped"),
    "terraform": _simple("terraform destroy", "state=absent"),
    "shutdown": _power,
    "ipmi_power": _simple("ipmitool power off", "state=(?:off|shutdown|reset|boot)"),
    "redfish_command": _simple("ipmitool power off", "command=(?:Power.*|.*Reset|.*Off)"),
    "command": lambda o: iter([o["cmd"]] if "cmd" in o else []),
}


def commands(module: str, options: Options) -> list[str]:
    """Shell commands for what a module with those options does; nothing for a module that does no harm."""
    read = _MODULES.get(module.rpartition(".")[2])
    return list(read(options)) if read else []


def inline(text: str) -> Options:
    """The options of ``module: key=value key=value``."""
    return {key: value.strip("\"'") for key, value in re.findall(r"(\w+)=(\"[^\"]*\"|'[^']*'|\S+)", text[:1000])}
