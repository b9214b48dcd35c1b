"""Calls that take machines, clusters or the running system down."""

from __future__ import annotations

import re

from git_executor.policy.calls import Call, Script
from git_executor.policy.registry import joined, rule, verbs
from git_executor.policy.shell import names

# --- machines and clusters --------------------------------------------------------------------------


@rule("qm pct pvesh pvesm pvecm ha-manager virsh vboxmanage multipass incus lxc xl vagrant")
def _machines(call: Call, script: Script) -> str:
    bad = {
        "qm": "destroy rollback delsnapshot unlink disk reset template",
        "pct": "destroy rollback delsnapshot template",
        "pvesh": "delete",
        "pvesm": "remove free prune-backups",
        "pvecm": "delnode expected",
        "ha-manager": "remove",
        "virsh": "destroy undefine vol-delete vol-wipe pool-destroy pool-delete pool-undefine net-destroy net-undefine snapshot-delete snapshot-revert",
        "vboxmanage": "unregistervm closemedium",
        "multipass": "delete purge",
        "incus": "delete",
        "lxc": "delete",
        "xl": "destroy",
        "vagrant": "destroy",
    }.get(call.name.lower(), "").split()
    words = call.plain()
    verb = next((text for text in words[:2] if text in bad), "")
    if call.name in ("qm", "pct") and words[:1] not in ([verb],) and verb:
        verb = ""
    if verb == "disk" and words[1:2] not in (["unlink"],):
        verb = ""
    drives = re.compile(r"(?:scsi|virtio|sata|ide|efidisk|mp|rootfs|tpmstate|unused)\d*")
    if call.name in ("qm", "pct") and call.flag("", "--delete", "-delete") and any(map(drives.fullmatch, words)):
        verb = "--delete"
    if (call.name == "qm" and words[:1] == ["unlink"]) or (
        call.name in ("qm", "pct") and call.flag("", "--purge", "-purge")
    ):
        verb = verb or "--purge"
    return f"{call.name} {verb} destroys a machine or its disks" if verb else ""


@rule("kubectl oc k3s k kubectl-neat microk8s crictl ctr")
def _kubectl(call: Call, script: Script) -> str:
    words = verbs(
        call,
        "-n --namespace --context --kubeconfig -f --filename -o --output -l --selector --server -s --token --user --cluster",
    )
    while words and words[0] in ("kubectl", "k3s"):
        words = words[1:]
    verb = words[0] if words else ""
    if verb == "delete" or call.name in ("crictl", "ctr"):
        if call.name in ("crictl", "ctr"):
            return (
                "removes containers or images"
                if set(words[:3]) & names("rm rmp rmi prune") and call.flag("a", "--all", "--prune")
                else ""
            )
        kind = words[1].partition("/")[0].lower() if len(words) > 1 else ""
        wide = call.flag("A", "--all", "--all-namespaces") or call.flag("", "--force", "--grace-period")
        small = kind in names("pod pods po job jobs event events replicaset rs") and "," not in kind
        if small and not wide and not call.flag("f", "--filename", "--selector") and not call.flag("l"):
            return ""
        return "kubectl delete takes objects out of the cluster"
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
    if verb == "patch" and re.search(
        r"finalizers.{0,12}(?:null|\[\s*\])|\$patch.{0,6}delete|\"op\"\s*:\s*\"remove\"", " ".join(call.texts())
    ):
        return "removes finalizers or fields by a patch"
    if verb in ("create", "edit") and "clusterrolebinding" in words and any("cluster-admin" in t for t in call.texts()):
        return "makes somebody the administrator of the cluster"
    return ""


@rule(
    "talosctl kubeadm k0s rke2 rke etcdctl etcdutl flux helm helmfile kind minikube k3d clusterctl argocd kustomize cilium istioctl longhornctl"
)
def _clusters(call: Call, script: Script) -> str:
    bad = {
        "talosctl": "reset wipe shutdown remove-member forfeit-leadership destroy rollback",
        "kubeadm": "reset",
        "k0s": "reset stop",
        "rke": "remove",
        "etcdctl": "del remove",
        "etcdutl": "restore",
        "flux": "uninstall delete suspend",
        "helm": "uninstall delete del un",
        "helmfile": "destroy delete",
        "kind": "delete",
        "minikube": "delete",
        "k3d": "delete",
        "clusterctl": "delete",
        "argocd": "delete",
        "cilium": "uninstall",
        "istioctl": "uninstall",
    }.get(call.name, "").split()
    valued = "-n --nodes -e --endpoints --talosconfig --context --namespace --kubeconfig --kube-context --endpoints --cacert --cert --key"
    words = verbs(call, valued)
    verb = next((text for text in words[:3] if text in bad), "")
    if call.name == "talosctl" and call.flag(
        "", "--wipe", "--wipe-mode", "--system-labels-to-wipe", "--user-disks-to-wipe"
    ):
        verb = "--wipe"
    if call.name == "etcdctl" and words[:2] == ["snapshot", "restore"]:
        verb = "restore"
    return f"{call.name} {verb} takes the cluster or a part of it down" if verb else ""


@rule("ansible")
def _ansible(call: Call, script: Script) -> str:
    texts = call.texts()
    modules = [texts[i + 1].rpartition(".")[2] for i, t in enumerate(texts[:-1]) if t in ("-m", "--module-name")]
    return (
        "restarts or wipes the machines" if set(modules) & names("reboot shutdown filesystem parted lvg lvol") else ""
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
    if words[:2] == ["system", "reset"] or (words[:1] == ["rm"] and any("$(" in w or "`" in w for w in words[1:])):
        return "removes every container"
    if any("docker.sock" in text or "containerd.sock" in text for text in call.texts()):
        return "gives a container the rights of root on the host"
    if words[:2] in (["volume", "rm"], ["volume", "remove"], ["swarm", "leave"], ["stack", "rm"]):
        return f"{' '.join(words[:2])} loses data"
    if "down" in words[:4] and call.flag("v", "--volumes", "--rmi"):
        return "removes volumes"
    if "run" in words[:2] and (
        call.flag("", "--privileged") or any(re.match(r"/:|/:/|type=bind,(?:source|src)=/,", t) for t in call.texts())
    ):
        return "runs a container with the whole host"
    return ""


# --- the system -------------------------------------------------------------------------------------


@rule("reboot shutdown poweroff halt init telinit kexec")
def _power(call: Call, script: Script) -> str:
    if call.name in ("init", "telinit"):
        return "stops the machine" if call.plain()[:1] in (["0"], ["6"]) else ""
    return "stops or restarts the machine" if call.command.words else ""


@rule("systemctl service rc-service update-rc.d chkconfig")
def _systemctl(call: Call, script: Script) -> str:
    words = call.plain()
    if set(words) & names("poweroff reboot halt kexec emergency rescue"):
        return "stops or restarts the machine"
    guards = re.compile(
        r"(?:ufw|firewalld|nftables|iptables|fail2ban|auditd|apparmor|pve-firewall|crowdsec|sshd?|pve-cluster|corosync|etcd|kubelet|k3s\S*|containerd)(?:\.service)?$"
    )
    if set(words) & names("stop disable mask off remove kill") and any(guards.match(word) for word in words):
        return "switches off a service that guards or carries the rest"
    return ""


@rule("iptables ip6tables nft ufw firewall-cmd ipset ebtables")
def _firewall(call: Call, script: Script) -> str:
    texts = call.texts()
    name = call.name
    if name == "nft":
        return "empties the firewall" if call.plain()[:1] in (["flush"], ["delete"], ["destroy"]) else ""
    if name == "ufw":
        if (
            set(texts) & {"disable", "reset"}
            or texts[:3] == ["default", "allow", "incoming"]
            or texts[:2] == ["default", "allow"]
        ):
            return "opens the firewall"
        return (
            "opens the firewall to everybody"
            if texts[:3] in (["allow", "from", "any"], ["allow", "from", "0.0.0.0/0"])
            else ""
        )
    if name == "firewall-cmd":
        return "opens the firewall" if any("panic-off" in t or "set-default-zone=trusted" in t for t in texts) else ""
    policy = any(t in ("-P", "--policy") for t in texts) and "ACCEPT" in texts
    return "opens the firewall" if policy or set(texts) & {"-F", "--flush", "-X"} else ""


@rule("setenforce aa-disable aa-teardown auditctl swapoff sysctl mount umount kill killall pkill crontab history unset")
def _settings(call: Call, script: Script) -> str:
    texts, name = call.texts(), call.name
    if name == "setenforce":
        return "switches SELinux off" if set(texts) & {"0", "Permissive", "permissive"} else ""
    if name == "sysctl":
        bad = re.search(r"randomize_va_space=0|sysrq=1|unprivileged_userns_clone=1|kptr_restrict=0", " ".join(texts))
        return "weakens the kernel" if bad else ""
    if name.startswith("aa-"):
        return "switches AppArmor off"
    if name == "auditctl":
        return "switches auditing off" if call.flag("De") else ""
    if name == "crontab":
        return "removes the user's jobs" if call.flag("r") else ""
    if name == "history":
        return "hides what was done" if call.flag("cw") else ""
    if name in ("kill", "killall", "pkill"):
        everything = "-1" in texts[1:] or texts == ["-1"] or (call.name == "pkill" and "." in call.plain())
        victims = set(call.plain()) & names("sshd init systemd etcd kubelet corosync pmxcfs k3s containerd")
        return "kills what carries the rest" if everything or victims else ""
    return ""
