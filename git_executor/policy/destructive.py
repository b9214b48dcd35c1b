"""Calls that destroy, expose, or run what nobody has read: one small rule a program.

A rule takes a call and says what is wrong with it, or nothing. Rules see parsed words, so text in a comment, an
``echo`` or a variable's name never fires them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from git_executor.policy.calls import INTERPRETERS, SHELLS, Call, Script
from git_executor.policy.shell import Word, names

Rule = Callable[[Call, Script], str]
_RULES: dict[str, Rule] = {}


def _rule(programs: str) -> Callable[[Rule], Rule]:
    def register(rule: Rule) -> Rule:
        for program in programs.split():
            _RULES[program] = rule
        return rule

    return register


def destructive(call: Call, script: Script) -> Iterator[tuple[str, str]]:
    """(rule, message) for each thing that is wrong with a call."""
    name = call.name.lower()
    rule = _RULES.get(name) or _RULES.get(name.partition(".")[0]) or _by_form(name)
    message = rule(call, script) if rule and not (call.flag("", "--help", "--version") or _dry(call)) else ""
    if message:
        yield "destructive-command", message
    for message in _redirects(call, script):
        yield "destructive-command", message
    yield from _remote_code(call, script)


def _dry(call: Call) -> bool:
    return any(text in ("--dry-run", "--dry-run=client", "--dry-run=server", "--noop") for text in call.texts())


@_rule(" ".join([*SHELLS, "source", "."]))
def _runs_script(call: Call, script: Script) -> str:
    for text in call.plain()[:1]:
        rule = _by_form(text.rpartition("/")[2])
        if rule and not call.flag("c"):
            return rule(Call(text, (), call.line, call.command), script)
    return ""


def _by_form(name: str) -> Rule | None:
    if name.startswith(("mkfs", "mke2fs")):
        return lambda call, script: "makes a file system over what is there"
    if name.endswith(("uninstall.sh", "killall.sh", "wipe_proxmox.sh", "destroy.sh", "nuke.sh")) or name.startswith(
        "wipe_"
    ):
        return lambda call, script: f"runs {call.name}, which tears things down"
    return None


# --- files ------------------------------------------------------------------------------------------

_OWN_TEMP = re.compile(
    r"\$\(\s*mktemp\b|\$\{(?:TMPDIR|TEMP|TMP|RUNNER_TEMP)(?::?-[^}]*)?\}/[^/*]|\$(?:TMPDIR|RUNNER_TEMP)/[^/*]|/tmp/[^/*\s]|/var/tmp/[^/*\s]"
)
_SYSTEM = re.compile(
    r"/(?:etc|boot|dev|sys|proc|usr|bin|sbin|lib\w*|root|home|srv|opt|mnt|media|data|var)?/?\**$|"
    r"/(?:boot|dev|sys|proc)/|/(?:root|home/[^/]+)/\.(?:ssh|kube|talos|gnupg|aws|config|bash\w*|profile)|~/?$|~/\.(?:ssh|kube|talos|gnupg|aws)|"
    r"/etc/(?:passwd|shadow|group|gshadow|sudoers|fstab|crypttab|hosts$|ssh|ssl|pki|pve|corosync|kubernetes|rancher|pam\.d|lvm|network|netplan|systemd/system$|cron\w*$|letsencrypt)|"
    r"/var/(?:lib/(?:etcd|rancher|kubelet|vz|pve\w*|docker|containerd|longhorn|postgresql|mysql|ceph|dpkg/status|libvirt)|log/?(?:\*|audit|auth|journal)|backups)"
)
_DEVICE = re.compile(r"/dev/(?:sd|hd|vd|xvd|nvme|mmcblk|disk/|mapper/|md|dm-|zvol/|rbd|loop\d|mem|kmem|pve/)")


def _is_own_temp(word: Word, script: Script) -> bool:
    if re.search(r"(?:^|/)\.\.(?:/|$)", word.text) or not word.text:
        return False
    values = script.values(_unguard(word.text))
    return all(_OWN_TEMP.match(value.strip("\"'")) for value in values)


def _unguard(text: str) -> str:
    """``${x:?message}`` is ``$x`` that must be set: as good or better."""
    return re.sub(r"\$\{([A-Za-z_]\w*):?\?[^}]*\}", r"${\1}", text)


def _touches(words: list[str], script: Script, pattern: re.Pattern[str]) -> str:
    """The first word that matches, whatever its variables stand for."""
    for word in words:
        for value in script.values(word):
            if pattern.match(value.strip("\"'").replace("//", "/")):
                return word
    return ""


@_rule("rm unlink srm trash")
def _rm(call: Call, script: Script) -> str:
    targets = [word for word in call.args if not word.text.startswith("-") or word.text == "-"]
    if "--no-preserve-root" in call.texts():
        return "removes the root directory"
    foreign = [word for word in targets if not _is_own_temp(word, script)]
    if call.flag("rR", "--recursive"):
        if foreign or not targets:
            return f"deletes {foreign[0].text if foreign else 'whatever it is given'} recursively"
        return ""
    system = _touches([word.text for word in foreign], script, _SYSTEM)
    if system:
        return f"deletes {system}"
    if any(re.search(r"(?:^|/)\*", value) for word in foreign for value in script.values(word.text)):
        return "deletes everything in a directory"
    return ""


@_rule("rmdir")
def _rmdir(call: Call, script: Script) -> str:
    return "deletes system directories" if _touches(call.plain(), script, _SYSTEM) else ""


@_rule("find fd")
def _find(call: Call, script: Script) -> str:
    texts = call.texts()
    removes = any(
        t in ("-exec", "-execdir", "-ok") and texts[i + 1 : i + 2] in (["rm"], ["unlink"]) for i, t in enumerate(texts)
    )
    if "-delete" not in texts and not removes:
        return ""
    roots = []
    for word in call.args:
        if word.text.startswith(("-", "(", "!")):
            break
        roots.append(word)
    if roots and all(_is_own_temp(root, script) for root in roots):
        return ""
    return "deletes every file that it finds"


@_rule("shred wipe scrub nwipe secure-delete sfill")
def _shred(call: Call, script: Script) -> str:
    targets = [word for word in call.args if not word.text.startswith("-") and not word.text.isdigit()]
    return "" if targets and all(_is_own_temp(word, script) for word in targets) else "overwrites data for good"


@_rule("truncate")
def _truncate(call: Call, script: Script) -> str:
    targets = call.plain()
    return "empties system files" if _touches(targets, script, _SYSTEM) or _touches(targets, script, _DEVICE) else ""


@_rule("mv cp install ln tee rsync scp sponge")
def _move(call: Call, script: Script) -> str:
    words = call.plain()
    if call.name == "rsync" and call.flag(
        "", "--delete", "--delete-after", "--delete-before", "--delete-excluded", "--del"
    ):
        return "deletes what the source does not have"
    device = _touches(words if call.name in ("mv", "tee") else words[1:], script, _DEVICE)
    if device:
        return f"writes over the disk {device}"
    if call.name == "mv":
        system = _touches(words[:-1], script, _SYSTEM)
        if system or "/dev/null" in words:
            return f"moves {system or 'files'} away"
    written = words if call.name == "tee" else words[-1:]
    return _writes(written, script, append=call.name == "tee" and call.flag("a", "--append"))


_KEYS = re.compile(
    r"(?:.*/)?(?:authorized_keys2?|sudoers(?:\.d/.*)?|shadow|passwd|gshadow)$|/etc/(?:ld\.so\.preload|pam\.d/.*|ssh/sshd_config(?:\.d/.*)?)$"
)


def _writes(targets: list[str], script: Script, append: bool = False) -> str:
    key = _touches(targets, script, _KEYS)
    if key:
        return f"writes {key}, which decides who gets in"
    sysrq = _touches(targets, script, re.compile(r"/proc/sysrq-trigger|/proc/sys/kernel/sysrq|/sys/block/"))
    if sysrq:
        return "commands the kernel to stop or drop a disk"
    if append:
        return ""
    system = _touches(
        targets, script, re.compile(r"/etc/(?:fstab|crypttab|group|pve/(?:corosync|storage|user)\.cfg|hosts)$|/boot/")
    )
    return f"overwrites {system}" if system else ""


def _redirects(call: Call, script: Script) -> Iterator[str]:
    for redirect in call.command.redirects:
        if redirect.op in (">", ">>", ">|", "&>", "&>>", "<>"):
            target = redirect.target.text
            if _touches([target], script, _DEVICE):
                yield f"writes over the disk {target}"
            message = _writes([target], script, append=redirect.op.endswith(">>"))
            if message:
                yield message
        if (
            redirect.op in (">", "<", "<>", ">&", "&>")
            and "/dev/tcp/" in redirect.target.text
            and call.name in SHELLS | {"exec"}
        ):
            yield "opens a shell to the network"


# --- disks ------------------------------------------------------------------------------------------


@_rule("dd")
def _dd(call: Call, script: Script) -> str:
    for text in call.texts():
        for value in script.values(text):
            if value.startswith("of="):
                target = value[3:].strip("\"'")
                if not (_OWN_TEMP.match(target) or target == "/dev/null" or re.match(r"[\w.][\w./-]*$", target)):
                    return f"writes over {target}"
    return ""


@_rule("wipefs blkdiscard badblocks nvme hdparm sg_format sdparm mdadm cryptsetup zerofree")
def _disk(call: Call, script: Script) -> str:
    texts, name = call.texts(), call.name
    if name == "wipefs":
        return "wipes file system signatures" if call.flag("ao", "--all", "--offset") else ""
    if name == "badblocks":
        return "overwrites the disk" if call.flag("w") else ""
    if name == "nvme":
        return "formats the disk" if {"format", "sanitize", "write-zeroes", "delete-ns"} & set(texts) else ""
    if name in ("hdparm", "sdparm"):
        return "erases the disk" if any("erase" in t or "trim" in t or "format" in t for t in texts) else ""
    if name == "mdadm":
        apart = ("--zero-superblock", "--remove", "--fail", "--create", "--stop", "-C", "-S", "-r", "-f")
        return "takes the array apart" if set(apart) & set(texts) else ""
    if name == "cryptsetup":
        bad = ("luksFormat", "erase", "luksErase", "luksKillSlot", "luksRemoveKey", "reencrypt", "format")
        return "destroys the encrypted volume" if set(bad) & set(texts) else ""
    return "overwrites the disk"


@_rule("sgdisk gdisk cgdisk fdisk sfdisk cfdisk parted partx partprobe mkswap")
def _partitions(call: Call, script: Script) -> str:
    texts, name = call.texts(), call.name
    if name in ("partprobe", "partx") or not texts:
        return ""
    if name == "sgdisk":
        reads = all(t in ("-p", "--print", "-i", "-v", "--verify", "-L") or not t.startswith("-") for t in texts)
        return "" if reads else "changes the partition table"
    if name in ("fdisk", "sfdisk", "gdisk", "cfdisk"):
        return "" if call.flag("ldJV", "--list", "--dump", "--json", "--verify") else "changes the partition table"
    if name == "parted":
        return "changes the partition table" if set(texts) & names("mklabel mktable rm mkpart resizepart") else ""
    return "makes swap space over what is there"


@_rule("lvremove vgremove pvremove lvreduce vgreduce lvm pvcreate vgcfgrestore thin_delete")
def _lvm(call: Call, script: Script) -> str:
    if call.name == "lvm":
        return "removes volumes" if set(call.texts()) & names("lvremove vgremove pvremove lvreduce vgreduce") else ""
    return "removes or overwrites volumes"


@_rule("zpool zfs btrfs ceph rados rbd radosgw-admin ceph-volume pveceph gluster linstor drbdadm mc restic borg velero")
def _pools(call: Call, script: Script) -> str:
    bad = {
        "zpool": "destroy labelclear remove detach offline split create clear reguid export",
        "zfs": "destroy rollback",
        "btrfs": "delete",
        "ceph": "rm delete purge zap destroy out down rm-pg",
        "rados": "rmpool purge rm",
        "rbd": "rm remove purge trash",
        "ceph-volume": "zap",
        "pveceph": "destroy purge destroyosd destroypool",
        "gluster": "delete stop remove-brick",
        "linstor": "delete d",
        "drbdadm": "wipe-md invalidate",
        "mc": "rm rb",
        "restic": "forget prune",
        "borg": "delete prune",
        "velero": "delete uninstall",
    }.get(call.name, "")
    verb = next((text for text in call.plain()[:4] if text in bad.split()), "")
    if call.name == "zpool" and verb in ("clear", "export", "offline"):
        return ""
    return f"{call.name} {verb} destroys stored data" if verb else ""


# --- machines and clusters --------------------------------------------------------------------------


@_rule("qm pct pvesh pvesm pvecm virsh vboxmanage multipass incus lxc xl vagrant")
def _machines(call: Call, script: Script) -> str:
    bad = {
        "qm": "destroy rollback delsnapshot unlink disk reset template",
        "pct": "destroy rollback delsnapshot template",
        "pvesh": "delete",
        "pvesm": "remove free prune-backups",
        "pvecm": "delnode",
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
    if (
        call.name == "qm"
        and words[:1] == ["unlink"]
        or call.name in ("qm", "pct")
        and call.flag("", "--purge", "-purge")
    ):
        verb = verb or "--purge"
    return f"{call.name} {verb} destroys a machine or its disks" if verb else ""


@_rule("kubectl oc k3s k kubectl-neat microk8s crictl ctr nerdctl")
def _kubectl(call: Call, script: Script) -> str:
    words = _verbs(
        call,
        "-n --namespace --context --kubeconfig -f --filename -o --output -l --selector --server -s --token --user --cluster",
    )
    while words and words[0] in ("kubectl", "k3s"):
        words = words[1:]
    verb = words[0] if words else ""
    if verb == "delete" or call.name in ("crictl", "ctr", "nerdctl"):
        if call.name in ("crictl", "ctr", "nerdctl"):
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
        re.fullmatch(r"--replicas=0+", text) for text in [*call.texts(), *_joined(call, "--replicas")]
    ):
        return "scales the workload to nothing"
    if verb == "patch" and re.search(
        r"finalizers.{0,12}(?:null|\[\s*\])|\$patch.{0,6}delete|\"op\"\s*:\s*\"remove\"", " ".join(call.texts())
    ):
        return "removes finalizers or fields by a patch"
    if verb in ("create", "edit") and "clusterrolebinding" in words and any("cluster-admin" in t for t in call.texts()):
        return "makes somebody the administrator of the cluster"
    return ""


def _verbs(call: Call, valued: str) -> list[str]:
    """Words without options and without the values of those that take one."""
    takes = valued.split()
    out, skip = [], False
    for text in call.texts():
        if skip:
            skip = False
        elif text.startswith("-") and len(text) > 1:
            skip = text in takes
        else:
            out.append(text)
    return out


def _joined(call: Call, option: str) -> list[str]:
    texts = call.texts()
    return [f"{option}={texts[i + 1]}" for i, text in enumerate(texts[:-1]) if text == option]


@_rule(
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
    words = _verbs(call, valued)
    verb = next((text for text in words[:3] if text in bad), "")
    return f"{call.name} {verb} takes the cluster or a part of it down" if verb else ""


@_rule("terraform tofu terragrunt pulumi packer cdktf")
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


@_rule("docker podman docker-compose")
def _docker(call: Call, script: Script) -> str:
    words = call.plain()
    if "prune" in words[:3]:
        return "prunes what may still be needed"
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


@_rule("reboot shutdown poweroff halt init telinit kexec")
def _power(call: Call, script: Script) -> str:
    if call.name in ("init", "telinit"):
        return "stops the machine" if call.plain()[:1] in (["0"], ["6"]) else ""
    return "stops or restarts the machine" if call.command.words else ""


@_rule("systemctl service rc-service update-rc.d chkconfig")
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


@_rule("iptables ip6tables nft ufw firewall-cmd ipset ebtables")
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


@_rule(
    "setenforce aa-disable aa-teardown auditctl swapoff sysctl mount umount kill killall pkill crontab history unset"
)
def _settings(call: Call, script: Script) -> str:
    texts, name = call.texts(), call.name
    if name == "setenforce":
        return "switches SELinux off" if set(texts) & {"0", "Permissive", "permissive"} else ""
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


# --- permissions and keys ---------------------------------------------------------------------------

_SECRET_FILE = re.compile(
    r".*(?:id_(?:rsa|ed25519|ecdsa|dsa)|\.pem|\.key|\.kube/config|kubeconfig\S*|talosconfig|shadow|sudoers|\.ssh/?|\.env|secret\S*|\.age|keys\.txt)$"
)


@_rule("chmod setfacl")
def _chmod(call: Call, script: Script) -> str:
    words = call.texts() if call.name == "setfacl" else [t for t in call.texts() if not t.startswith("--")]
    mode = next((t for t in words if re.fullmatch(r"[0-7]{1,5}|(?:[ugoa]*[-+=][rwxXstugo]*,?)+", t)), "")
    if call.name == "setfacl":
        return "opens files to everybody" if any(re.search(r"(?:^|,)o(?:ther)?::?r?w", t) for t in words) else ""
    targets = words[words.index(mode) + 1 :] if mode else words
    if mode.isdigit():
        bits = int(mode, 8)
        world_writes, set_id, others = bits & 0o002 and not bits & 0o1000, bits & 0o6000, bits & 0o077
    else:
        world_writes = bool(re.search(r"(?:^|,)[ug]*[oa][ugoa]*[+=][rxXst]*w", mode))
        set_id = bool(re.search(r"[+=][rwxXt]*s", mode))
        others = bool(re.search(r"(?:^|,)(?:[ug]*[oa][ugoa]*|g)?[+=][xXst]*[rw]", mode))
    if world_writes:
        return f"lets everybody write {targets[0] if targets else ''}".rstrip()
    if set_id:
        return "lets everybody run it as its owner"
    if others and _touches(targets, script, _SECRET_FILE):
        return "opens a key or secret to others"
    if call.flag("R", "--recursive") and _touches(targets, script, _SYSTEM):
        return "changes the permissions of system files"
    return ""


@_rule("chown chgrp chattr")
def _chown(call: Call, script: Script) -> str:
    targets = call.plain()[1:] if call.name != "chattr" else call.plain()
    if call.flag("R", "--recursive") and _touches(targets, script, _SYSTEM):
        return "changes the owner of system files"
    if call.name == "chattr":
        return (
            "takes the lock off a file" if any(re.fullmatch(r"-[a-zA-Z]*i[a-zA-Z]*", t) for t in call.texts()) else ""
        )
    return ""


@_rule("passwd chpasswd useradd adduser usermod userdel deluser groupdel visudo gpasswd pveum pam-auth-update")
def _accounts(call: Call, script: Script) -> str:
    texts, name = call.texts(), call.name
    if name in ("userdel", "deluser", "groupdel", "chpasswd", "visudo"):
        return "changes who may log in"
    if name == "passwd":
        return "changes a password"
    if name == "pveum":
        return (
            "makes somebody an administrator"
            if any(t in ("Administrator", "PVEAdmin") for t in texts) or set(texts) & {"delete", "passwd"}
            else ""
        )
    groups = [part for text in texts for part in re.split(r"[,=]", text)]
    if set(groups) & names("sudo wheel root adm docker disk lxd shadow libvirt") and (
        name in ("gpasswd", "adduser") or call.flag("aGg", "--groups", "--gid")
    ):
        return "gives somebody the rights of root"
    return "makes a second root" if any(t in ("-o", "--non-unique") for t in texts) else ""


# --- git, and code that nobody has read -----------------------------------------------------------------


@_rule("git")
def _git(call: Call, script: Script) -> str:
    words = _verbs(call, "-C -c --git-dir --work-tree --namespace")
    verb = words[0] if words else ""
    if any("hookspath" in t.lower() for t in call.texts()):
        return "switches the hooks off"
    if call.flag("", "--no-verify") or (verb == "commit" and call.flag("n")):
        return "skips the hooks"
    if verb == "push" and (
        call.flag("fd", "--force", "--force-with-lease", "--mirror", "--delete", "--prune")
        or any(w.startswith(("+", ":")) for w in words[1:])
    ):
        return "rewrites or deletes a branch of the remote"
    if verb == "reset" and call.flag("", "--hard") or verb == "clean" and call.flag("fdx", "--force"):
        return "throws away work that is not committed"
    if (
        verb in ("filter-branch", "filter-repo", "update-ref", "replace")
        or (verb == "branch" and call.flag("D"))
        or (verb == "stash" and words[1:2] in (["drop"], ["clear"]))
    ):
        return "rewrites or drops history"
    if (
        verb == "checkout"
        and (words[1:2] == ["."] or call.flag("f", "--force"))
        or verb == "restore"
        and words[1:2] == ["."]
    ):
        return "throws away work that is not committed"
    return ""


_DOWNLOADS = names("curl wget fetch aria2c http https nc ncat netcat socat lynx ftp tftp lwp-request GET gsutil")
_DECODES = names(
    "base64 base32 xxd openssl gpg uudecode rev tr gunzip zcat gzip bunzip2 xz unxz bzcat hexdump od age sops b64decode"
)


def _remote_code(call: Call, script: Script) -> Iterator[tuple[str, str]]:
    runs = (
        call.name in SHELLS
        or call.name in INTERPRETERS
        or call.name in ("eval", "source", ".", "xargs", "crontab", "at")
    )
    if runs:
        feeders = {feeder.name for feeder in call.feeds}
        inline = " ".join(call.texts())
        if call.command.nested and any(w for w in call.args if not w.plain):
            feeders |= {word.text for inner in call.command.nested for word in inner.words[:3]}
        if call.name == "xargs" and not any(w.text in SHELLS or w.text in INTERPRETERS for w in call.args):
            feeders = set()
        if any(
            f.name in ("printf", "echo") and re.search(r"\\(?:x[0-9a-f]{2}|0?[0-7]{3})", " ".join(f.texts()), re.I)
            for f in call.feeds
        ):
            yield "remote-code", "runs text that is spelled in escapes, so that nobody can read it"
        if feeders & _DOWNLOADS:
            yield "remote-code", "runs what it downloads, unseen"
        elif feeders & _DECODES or (call.name not in ("source", ".") and re.search(r"\\x[0-9a-f]{2}", inline, re.I)):
            yield "remote-code", "runs text that is decoded at run time, so that nobody can read it"
        elif call.name in ("source", ".", *SHELLS) and _downloaded(call, script):
            yield "remote-code", "runs a file that it downloads, unseen"
    if call.name in ("nc", "ncat", "netcat", "socat") and (
        call.flag("ec", "--exec", "--sh-exec") or any("exec:" in t.lower() for t in call.texts())
    ):
        yield "remote-code", "gives a shell to the network"
    if call.name in INTERPRETERS:
        code = " ".join([*call.texts(), *(r.target.text for r in call.command.redirects if r.op == "<<")])
        yield from _code(code)
    if call.name in ("curl", "wget"):
        sent = [t for t in call.texts() if t.startswith(("@", "file=@", "--post-file", "--upload-file")) or "=@" in t]
        secret = [t for t in call.texts() if _SECRET_FILE.match(t.partition("@")[2] or t.partition("=")[2])]
        if (sent and secret) or (secret and call.flag("T", "--post-file", "--upload-file")):
            yield "destructive-command", "sends a secret away"
    program = call.command.words and call.command.words[0].text
    if isinstance(program, str) and call.line and _downloaded_name(program, script):
        yield "remote-code", "runs a file that it downloads, unseen"


def _downloaded(call: Call, script: Script) -> bool:
    return any(_downloaded_name(text, script) for text in call.plain()[:1])


def _downloaded_name(text: str, script: Script) -> bool:
    """Whether the script itself fetches the file of that name."""
    if "/" not in text and "." not in text and "$" not in text:
        return False
    base = text.rpartition("/")[2]
    for other in script.calls:
        if other.name in ("curl", "wget"):
            texts = other.texts()
            outs = [
                texts[i + 1]
                for i, t in enumerate(texts[:-1])
                if t in ("-o", "-O", "--output", "--output-document") or re.fullmatch(r"-[a-zA-Z]*[oO]", t)
            ]
            outs += [r.target.text for r in other.command.redirects if r.op == ">"]
            if any(
                out == text or (out and out.rpartition("/")[2] == base and not out.startswith("http")) for out in outs
            ):
                return True
    return False


_CODE = re.compile(
    r"shutil\.rmtree|os\.(?:system|removedirs|unlink|remove)\b|\bunlink\b|rmSync|rm_rf|remove_tree|rimraf|fs\.rm|"
    r"socket\.socket.{0,200}(?:dup2|subprocess|pty)|pty\.spawn|TCPSocket|exec\s*\(\s*(?:base64|bytes|codecs|zlib)|b64decode|fromhex|pack\s*\(|"
    r"urlopen|requests\.get.{0,80}exec|Remove-Item.{0,80}-Recurse|open\(\s*['\"]/dev/(?:sd|nvme|vd)",
    re.S,
)


def _code(code: str) -> Iterator[tuple[str, str]]:
    found = _CODE.search(code[:200_000])
    if found:
        yield "destructive-command", f"deletes files or runs hidden code ({found[0][:40]})"
    elif "rm -rf" in code or "mkfs" in code:
        yield "destructive-command", "deletes files from within another language"
