"""Calls that take machines, clusters or the running system down."""

from __future__ import annotations

import re

from git_executor.lazy import lazy
from git_executor.policy.calls import Call, Script
from git_executor.policy.registry import joined, rule, verbs
from git_executor.policy.shell import names

# --- machines and clusters --------------------------------------------------------------------------


@rule("qm pct pvesh pvesm pvecm ha-manager virsh vboxmanage multipass incus lxc xl vagrant")
def _machines(call: Call, script: Script) -> str:
    bad = {
        "qm": "destroy rollback delsnapshot unlink disk reset",
        "pct": "destroy rollback delsnapshot",
        "pvesh": "delete stop reset shutdown rollback",
        "pvesm": "remove free prune-backups",
        "pvecm": "delnode expected",
        "ha-manager": "remove",
        "virsh": "destroy undefine vol-delete vol-wipe pool-destroy pool-delete pool-undefine net-destroy "
        "net-undefine snapshot-delete snapshot-revert",
        "vboxmanage": "unregistervm closemedium",
        "multipass": "delete purge",
        "incus": "delete",
        "lxc": "delete",
        "xl": "destroy",
        "vagrant": "destroy",
    }.get(call.name.lower(), "").split()
    words = call.plain()
    verb = next((text for text in words[:2] if text in bad), "")
    if call.name == "pvesh" and re.search(r"/status/(?:stop|reset|shutdown|reboot)\b|/rollback\b", " ".join(words)):
        verb = words[0]
    if call.name in ("qm", "pct") and words[:1] not in ([verb],) and verb:
        verb = ""
    if verb == "disk" and words[1:2] not in (["unlink"],):
        verb = ""
    told = " ".join(call.texts())
    if call.name in ("qm", "pct") and re.search(r"--?protection[ =]0|--?firewall[ =]0|--?unprivileged[ =]0", told):
        return "takes the guard off a machine"
    drives = lazy(r"(?:scsi|virtio|sata|ide|efidisk|mp|rootfs|tpmstate|unused)\d*")
    if call.name in ("qm", "pct") and call.flag("", "--delete", "-delete") and any(map(drives.fullmatch, words)):
        verb = "--delete"
    if (call.name == "qm" and words[:1] == ["unlink"]) or (
        call.name in ("qm", "pct") and call.flag("", "--purge", "-purge")
    ):
        verb = verb or "--purge"
    return f"{call.name} {verb} destroys a machine or its disks" if verb else ""


@rule("kubectl oc k kubectl-neat microk8s crictl ctr")
def _kubectl(call: Call, script: Script) -> str:
    words = verbs(
        call,
        "-n --namespace --context --kubeconfig -f --filename -o --output -l --selector --server -s --token "
        "--user --cluster",
    )
    while words and words[0] in ("kubectl", "k3s"):
        words = words[1:]
    verb = words[0] if words else ""
    if verb == "delete" or call.name in ("crictl", "ctr"):
        if call.name in ("crictl", "ctr"):
            return (
                "removes containers or images"
                if set(words[:3]) & names("rm rmp rmi prune delete")
                and (call.flag("a", "--all", "--prune", "-q") or any("$(" in text for text in call.texts()))
                else ""
            )
        kind = words[1].partition("/")[0].lower() if len(words) > 1 else ""
        wide = call.flag("A", "--all", "--all-namespaces") or call.flag("", "--force", "--grace-period")
        small = kind in names("pod pods po job jobs event events replicaset rs") and "," not in kind
        if small and not wide and not call.flag("f", "--filename", "--selector") and not call.flag("l"):
            return ""
        return "kubectl delete takes objects out of the cluster"
    told = " ".join(call.texts())
    if words[:2] in (["auth", "reconcile"], ["certificate", "approve"]):
        return "grants rights"
    if verb in ("wait", "rollout") and re.search(r"--timeout[= ]0+[smh]?(?=\s|$)", told):
        return "does not wait for what it asks"
    if verb == "proxy" and re.search(r"--address[= ](?!127|localhost)|--accept-hosts|--disable-filter", told):
        return "opens the API to the network"
    if verb == "port-forward" and re.search(r"--address[= ]\S*(?:0\.0\.0\.0|::)", told):
        return "opens a port of the cluster to the network"
    if verb in ("run", "debug", "create") and re.search(
        r"--privileged|\bnode/|--profile[= ]sysadmin|hostPID|hostNetwork|\"privileged\"", told
    ):
        return "runs a container with the whole host"
    if verb == "rollout" and words[1:2] == ["pause"]:
        return "stops the workload from being updated"
    if verb == "rollout" and words[1:2] == ["undo"]:
        return "rolls the workload back"
    if verb == "cordon" and (len(words) > 2 or call.flag("l", "--all", "--selector")):
        return "lets no node take work"
    if verb in ("label", "annotate") and re.search(
        r"\S*(?:enforce|resource-policy|prune|reclaim\S*|protect\S*)-(?=\s|$)", told
    ):
        return "takes a guard off an object"
    if (
        verb == "set"
        and words[1:2] == ["env"]
        and re.search(
            r"(?i)\w*(?:AUTH|TLS|VERIFY|SECUR|VALID)\w*=(?:false|0|off|no|none)\b|\w*(?:INSECURE|DISABLE|SKIP|ANONYM)\w*=(?:true|1|on|yes)\b",
            told,
        )
    ):
        return "switches a guard of the workload off"
    if verb == "config" and re.search(r"--insecure-skip-tls-verify", told):
        return "no longer checks whom it talks to"
    if (
        verb == "create"
        and words[1:2] == ["rolebinding"]
        and re.search(r"--group[= ]system:(?:un)?authenticated|--clusterrole[= ](?:cluster-)?admin", told)
    ):
        return "grants rights to everybody, or every right"
    if (
        verb == "create"
        and words[1:2] == ["clusterrolebinding"]
        and re.search(r"--group[= ]system:|--clusterrole[= ](?:admin|edit)\b", told)
    ):
        return "grants rights in the whole cluster"
    if verb == "drain":
        return "kubectl drain empties a node"
    if verb == "replace" and call.flag("", "--force"):
        return "kubectl replace --force deletes and makes anew"
    if verb in ("apply", "create") and call.flag("", "--prune"):
        return "kubectl apply --prune deletes what is not listed"
    if verb == "taint" and any(":NoExecute" in text for text in call.texts()):
        return "a NoExecute taint evicts what runs on the node"
    if verb == "scale" and any(
        re.fullmatch(r"--replicas=0+", text) for text in [*call.texts(), *joined(call, "--replicas")]
    ):
        return "scales the workload to nothing"
    if verb == "label" and any(text.endswith("enforce=privileged") for text in call.texts()):
        return "lets every container have the host"
    if verb == "patch" and re.search(
        r"finalizers.{0,12}(?:null|\[\s*\])|\$patch.{0,6}delete|\"op\"\s*:\s*\"remove\"", " ".join(call.texts())
    ):
        return "removes finalizers or fields by a patch"
    if verb in ("create", "edit") and "clusterrolebinding" in words and any("cluster-admin" in t for t in call.texts()):
        return "makes somebody the administrator of the cluster"
    return ""


@rule(
    "talosctl kubeadm k0s rke2 rke etcdctl etcdutl flux helm helmfile kind minikube k3d clusterctl argocd "
    "kustomize cilium istioctl longhornctl"
)
def _clusters(call: Call, script: Script) -> str:
    bad = {
        "talosctl": "reset wipe shutdown reboot remove-member forfeit-leadership destroy rollback",
        "kubeadm": "reset",
        "k0s": "reset stop",
        "rke": "remove",
        "etcdctl": "del remove",
        "etcdutl": "restore",
        "flux": "uninstall delete suspend",
        "helm": "uninstall delete del un rollback",
        "helmfile": "destroy delete",
        "kind": "delete",
        "minikube": "delete",
        "k3d": "delete",
        "clusterctl": "delete",
        "argocd": "delete",
        "cilium": "uninstall",
        "istioctl": "uninstall",
    }.get(call.name, "").split()
    valued = "-n --nodes -e --endpoints --talosconfig --context --namespace --kubeconfig --kube-context "
    "--endpoints --cacert --cert --key"
    words = verbs(call, valued)
    verb = next((text for text in words[:3] if text in bad), "")
    if call.name == "talosctl" and call.flag(
        "", "--wipe", "--wipe-mode", "--system-labels-to-wipe", "--user-disks-to-wipe"
    ):
        verb = "--wipe"
    if call.name == "talosctl" and re.search(
        r"[\"']?op[\"']?\s*:\s*[\"']?remove|\$patch[\"']?\s*:\s*[\"']?delete", " ".join(call.texts())
    ):
        verb = "patch (remove)"
    if call.name == "talosctl" and (
        words[:2] in (["etcd", "leave"], ["etcd", "forfeit-leadership"])
        or (words[:1] == ["service"] and "stop" in words[:3])
    ):
        verb = " ".join(words[:2])
    if call.name == "talosctl" and call.flag("", "--preserve=false"):
        verb = "--preserve=false"
    if call.name == "talosctl" and any(text == "--preserve=false" for text in call.texts()):
        verb = "--preserve=false"
    if call.name == "etcdctl" and words[:2] in (
        ["auth", "disable"],
        ["role", "grant-permission"],
        ["user", "grant-role"],
    ):
        verb = " ".join(words[:2])
    if call.name == "etcdctl" and words[:2] == ["snapshot", "restore"]:
        verb = "restore"
    return f"{call.name} {verb} takes the cluster or a part of it down" if verb else ""


@rule("ansible")
def _ansible(call: Call, script: Script) -> str:
    texts = call.texts()
    modules = [texts[i + 1].rpartition(".")[2] for i, t in enumerate(texts[:-1]) if t in ("-m", "--module-name")]
    return (
        "restarts or wipes the machines"
        if set(modules) & names("reboot shutdown filesystem parted lvg lvol")
        or any(re.search(r"\bstate=absent\b.*path=/|path=/\S*.*\bstate=absent\b", text) for text in texts)
        else ""
    )


@rule("terraform tofu terragrunt pulumi packer cdktf")
def _terraform(call: Call, script: Script) -> str:
    words, texts = call.plain(), call.texts()
    if (
        "destroy" in words
        or "down" in words[:1]
        or any(t in ("-destroy", "--destroy", "-replace") or t.startswith("-replace=") for t in texts)
    ):
        return "destroys managed infrastructure"
    if words[:2] == ["state", "rm"] or words[:1] in (["taint"], ["force-unlock"]):
        return "makes the state forget or rebuild a resource"
    return ""


@rule("docker podman docker-compose nerdctl")
def _docker(call: Call, script: Script) -> str:
    words = call.plain()
    if "prune" in words[:3]:
        return "prunes what may still be needed"
    if "update" in words[:2] and call.flag("", "--restart=no"):
        return "lets the container stay down"
    if words[:2] == ["system", "reset"] or (words[:1] == ["rm"] and any("$(" in w or "`" in w for w in words[1:])):
        return "removes every container"
    if any("docker.sock" in text or "containerd.sock" in text for text in call.texts()):
        return "gives a container the rights of root on the host"
    if words[:2] in (["volume", "rm"], ["volume", "remove"], ["swarm", "leave"], ["stack", "rm"]):
        return f"{' '.join(words[:2])} loses data"
    if "down" in words[:4] and call.flag("v", "--volumes", "--rmi"):
        return "removes volumes"
    if "run" in words[:2] and (
        call.flag("", "--privileged")
        or re.search(
            r"--(?:pid|ipc|uts|userns|cgroupns)[= ]host|--cap-add[= ](?:ALL|(?:CAP_)?SYS_\w+)|(?:seccomp|apparmor)[=:]unconfined",
            " ".join(call.texts()),
        )
        or any(re.match(r"/:|/:/|/etc:|/root:|type=bind,(?:source|src)=/,", t) for t in call.texts())
    ):
        return "runs a container with the whole host"
    return ""


# --- the system -------------------------------------------------------------------------------------


@rule("reboot shutdown poweroff halt init telinit kexec")
def _power(call: Call, script: Script) -> str:
    if call.name in ("init", "telinit"):
        return "stops the machine" if call.plain()[:1] in (["0"], ["6"]) else ""
    return "stops or restarts the machine" if call.command.words else ""


@rule("pve-firewall fail2ban-client")
def _firewall_service(call: Call, script: Script) -> str:
    return "switches off a service that guards" if set(call.plain()) & names("stop unban") else ""


@rule("k3s")
def _k3s(call: Call, script: Script) -> str:
    told = " ".join(call.texts())
    if re.search(r"anonymous-auth=true|authorization-mode=AlwaysAllow|--disable-(?:agent-)?(?:apiserver-)?auth", told):
        return "lets everybody into the cluster"
    if re.search(r"write-kubeconfig-mode[= ][\"']?0?[0-7]?(?:[0-7][4-7]|[4-7])\b(?<!600)", told):
        return "lets every user of the machine read the administrator's key"
    return _kubectl(call, script)


@rule("systemctl service rc-service update-rc.d chkconfig")
def _systemctl(call: Call, script: Script) -> str:
    words = call.plain()
    if set(words) & names("poweroff reboot halt kexec emergency rescue"):
        return "stops or restarts the machine"
    guards = lazy(
        r"(?:ufw|firewalld|nftables|iptables|fail2ban|auditd|apparmor|pve-firewall|crowdsec|sshd?|"
        r"pve-cluster|corosync|etcd|kubelet|k3s\S*|containerd|chronyd?|systemd-timesyncd|ntpd?|rsyslog|syslog\S*|systemd-journald\S*|"
        r"systemd-networkd|NetworkManager|networking|wg-quick@\S+|tailscaled|systemd-resolved|"
        r"unattended-upgrades|apt-daily\S*)(?:\.(?:service|socket|timer))?$"
    )
    if words[:1] == ["isolate"] or set(words) & names("default.target.off"):
        return "stops nearly everything"
    if set(words) & names("stop disable mask off remove kill") and any(guards.match(word) for word in words):
        return "switches off a service that guards or carries the rest"
    return ""
