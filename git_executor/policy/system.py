"""Calls that open the firewall or weaken, stop or blind the running system."""

from __future__ import annotations

import itertools
import re

from git_executor.lazy import lazy
from git_executor.policy.calls import Call, Script
from git_executor.policy.registry import rule


def _ports(texts: list[str]) -> bool:
    return any(text in ("--dport", "--dports", "-p", "--protocol", "-i", "--in-interface") for text in texts)


@rule("iptables ip6tables nft ufw firewall-cmd ipset ebtables iptables-restore ip6tables-restore")
def _firewall(call: Call, script: Script) -> str:
    texts = call.texts()
    name = call.name
    if name == "nft":
        if call.plain()[:1] in (["flush"], ["delete"], ["destroy"], ["reset"]):
            return "empties the firewall"
        told = " ".join(call.plain())
        narrow = re.search(r"\b(?:saddr|daddr|dport|sport|iif\w*|oif\w*|ct state|icmp\w*|protocol)\b", told)
        if re.search(r"\b(?:accept|drop|reject)\b", told) and (not narrow or "policy accept" in told):
            return "opens or closes the firewall for everything"
        return ""
    if name == "ufw":
        if (
            set(texts) & {"disable", "reset"}
            or texts[:3] == ["default", "allow", "incoming"]
            or texts[:2] == ["default", "allow"]
        ):
            return "opens the firewall"
        if texts[:2] in (["default", "deny"], ["default", "reject"]) and "outgoing" in texts:
            return "cuts the machine off from the network"
        if set(texts[:1]) & {"deny", "reject", "delete"} and any(
            re.match(r"(?:22|6443|8006|ssh|OpenSSH)\b", t) for t in texts
        ):
            return "closes the way in"
        if (
            texts[:1] == ["allow"]
            and texts.count("any")
            and not any(re.fullmatch(r"\d+(?:[:,]\d+)*(?:/\w+)?", t) for t in texts)
        ):
            return "opens the firewall to everybody"
        return (
            "opens the firewall to everybody"
            if texts[:3] in (["allow", "from", "any"], ["allow", "from", "0.0.0.0/0"])
            else ""
        )
    if name == "firewall-cmd":
        told = " ".join(texts)
        wide = re.search(
            r"panic-o(?:n|ff)|remove-service[= ]ssh|set-target[= ]DROP|set-default-zone[= ]trusted|zone[= ]trusted|add-port[= ]1-65535|set-target[= ]ACCEPT",
            told,
        )
        return "opens the firewall" if wide else ""
    if name.endswith("-restore"):
        empty = any(r.op == "<" and r.target.text == "/dev/null" for r in call.command.redirects)
        return "empties the firewall" if empty else ""
    policy = any(t in ("-P", "--policy") for t in texts) and bool({"ACCEPT", "DROP", "REJECT"} & set(texts))
    if (
        call.flag("AI", "--append", "--insert")
        and {"DROP", "REJECT"} & set(texts)
        and {"INPUT", "OUTPUT", "FORWARD"} & set(texts)
    ):
        port = next((b for a, b in itertools.pairwise(texts) if a in ("--dport", "--dports")), "")
        if not set(texts) & {"-s", "--source", "--src", "-p", "-m", "-i"} or port in ("22", "ssh", "6443", "8006"):
            return "closes the way in"
    to = next((b for a, b in itertools.pairwise(texts) if a in ("--to", "--to-destination")), "")
    if "DNAT" in texts and to and not re.match(r"10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|127\.|\$|:", to):
        return "sends the traffic elsewhere"
    narrows = call.flag("pisdm", "--protocol", "--source", "--destination", "--dport", "--in-interface", "--match")
    source = [b for a, b in itertools.pairwise(texts) if a in ("-s", "--source")]
    adds = call.flag("AI", "--append", "--insert") and "ACCEPT" in texts and not set(texts) & {"OUTPUT", "DOCKER-USER"}
    if adds and (not narrows or (source and set(source) <= {"0.0.0.0/0", "::/0", "0/0"} and not _ports(texts))):
        return "opens the firewall to everybody"
    return "opens the firewall" if policy or set(texts) & {"-F", "--flush", "-X"} else ""


@rule("setenforce aa-disable aa-teardown auditctl swapoff sysctl umount kill killall pkill crontab history unset shopt")
def _settings(call: Call, script: Script) -> str:
    texts, name = call.texts(), call.name
    if name == "setenforce":
        return "switches SELinux off" if set(texts) & {"0", "Permissive", "permissive"} else ""
    if name == "sysctl":
        bad = re.search(
            r"randomize_va_space=0|sysrq=1|unprivileged_userns_clone=1|kptr_restrict=0|ip_forward=0|rp_filter=0|"
            r"accept_redirects=1|accept_source_route=1|ptrace_scope=0|tcp_syncookies=0|disable_ipv6=0x|protected_\w+=0|modules_disabled=0|"
            r"unprivileged_bpf_disabled=0|dmesg_restrict=0",
            " ".join(texts),
        )
        return "weakens the kernel" if bad else ""
    if name == "shopt":
        asks = set(texts) & {"failglob", "inherit_errexit"}
        return "no longer stops where it did" if asks and call.flag("u") else ""
    if name.startswith("aa-"):
        return "switches AppArmor off"
    if name == "auditctl":
        return "switches auditing off" if call.flag("De") else ""
    if name == "unset":
        return "hides what was done" if "HISTFILE" in texts else ""
    if name == "crontab":
        return "removes the user's jobs" if call.flag("r") else ""
    if name == "history":
        return "hides what was done" if call.flag("cw") else ""
    if name in ("kill", "killall", "pkill"):
        everything = "-1" in texts[1:] or texts == ["-1"] or (call.name == "pkill" and "." in call.plain())
        own = (
            name == "kill"
            and any(re.fullmatch(r"\$\$|\$\{?(?:PPID|BASHPID)\}?|[01]|-1", t) for t in call.plain())
            and not call.flag("0")
        )
        if own:
            return "kills the script itself, so that nothing after it runs"
        carried = lazy(
            r"(?:.*\b)?(?:sshd|init|systemd|etcd|kubelet|kube-apiserver|kube-\S+|corosync|pmxcfs|k3s|containerd|dockerd|auditd)\b.*"
        )
        victims = any(
            carried.fullmatch(text) for text in call.plain() if not (text.startswith("-") or "k3s/data" in text)
        )
        return "kills what carries the rest" if everything or victims else ""
    return ""
