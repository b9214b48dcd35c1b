"""What rules about calls share: their table, and what a word may stand for."""

from __future__ import annotations

import re
from collections.abc import Callable

from git_executor.lazy import lazy
from git_executor.policy.calls import Call, Script
from git_executor.policy.shell import Word

Rule = Callable[[Call, Script], str]
RULES: dict[str, Rule] = {}
"""Program -> a rule that says what is wrong with a call of it, or nothing."""


def rule(programs: str) -> Callable[[Rule], Rule]:
    """Register a rule for the programs named in one text."""

    def register(function: Rule) -> Rule:
        for program in programs.split():
            RULES[program] = function
        return function

    return register


ALSO: dict[str, list[Rule]] = {}
"""Program -> further rules, each about one kind of harm."""


def also(programs: str) -> Callable[[Rule], Rule]:
    """Register one more rule for programs that may have others."""

    def register(function: Rule) -> Rule:
        for program in programs.split():
            ALSO.setdefault(program, []).append(function)
        return function

    return register


OWN_TEMP = lazy(
    r"\$\(\s*mktemp\b|\$\{(?:TMPDIR|TEMP|TMP|RUNNER_TEMP)(?::?-[^}]*)?\}/[^/*]|\$(?:TMPDIR|"
    r"RUNNER_TEMP)/[^/*]|/tmp/[^/*\s]|/var/tmp/[^/*\s]"
)
SYSTEM = lazy(
    r"/(?:etc|boot|dev|sys|proc|usr|bin|sbin|lib\w*|root|home|srv|opt|mnt|media|data|var)?/?\**$|"
    r"/(?:boot|dev|sys|proc)/|/(?:root|home/[^/]+)/\.(?:ssh|kube|talos|gnupg|aws|config|bash\w*|profile)|"
    r"~/?$|~/\.(?:ssh|kube|talos|gnupg|aws)|"
    r"/etc/(?:passwd|shadow|group|gshadow|sudoers|fstab|crypttab|hosts$|ssh|ssl|pki|pve|corosync|kubernetes|"
    r"rancher|pam\.d|lvm|network|netplan|systemd/system$|cron\w*$|letsencrypt)|"
    r"/var/(?:lib/(?:etcd|rancher|kubelet|vz|pve\w*|docker|containerd|longhorn|postgresql|mysql|ceph|"
    r"dpkg/status|libvirt)|log/?(?:\*|audit|auth|journal)|backups)"
)
# Files that hold data wherever they lie: databases, disks of machines, archives of backups.
DATA = lazy(
    r"(?:/(?:srv|data|mnt|media|home|tank|pool|backups?|var/(?:lib|backups|vmail|www))/|~/|\$).*\.(?:db|sqlite3?|mdb|"
    r"qcow2|raw|vmdk|img|vma(?:\.\w+)?|sql(?:\.\w+)?|dump|bak|kdbx|snap)$"
)
LOGS = lazy(
    r"/var/log/(?:audit|auth|syslog|messages|secure|wtmp|btmp|lastlog|journal|kern|pve|k3s|\*|$)|.*audit\S*\.log$"
)
DEVICE = lazy(r"/dev/(?:sd|hd|vd|xvd|nvme|mmcblk|disk/|mapper/|md|dm-|zvol/|rbd|loop\d|mem|kmem|pve/)")


def is_own_temp(word: Word, script: Script) -> bool:
    if re.search(r"(?:^|/)\.\.(?:/|$)", word.text) or not word.text:
        return False
    values = script.values(unguard(word.text))
    values = [value.strip("\"'") for value in values if value.strip("\"'")]  # nothing deletes nothing
    return bool(values) and all(OWN_TEMP.match(value) for value in values)


def unguard(text: str) -> str:
    """``${x:?message}`` is ``$x`` that must be set: as good or better."""
    return re.sub(r"\$\{([A-Za-z_]\w*):?\?[^}]*\}", r"${\1}", text)


def touches(words: list[str], script: Script, pattern: re.Pattern[str]) -> str:
    """The first word that matches, whatever its variables stand for."""
    for word in words:
        for value in script.values(word):
            if pattern.match(value.strip("\"'").replace("//", "/")):
                return word
    return ""


KEYS = lazy(
    r"(?:.*/)?(?:authorized_keys2?|sudoers(?:\.d/.*)?|shadow|passwd|gshadow)$|/etc/(?:ld\.so\.preload|"
    r"pam\.d/.*|ssh/sshd_config(?:\.d/.*)?)$"
)


# Protected files as a script of the repository would name them.
GUARDED = lazy(
    r"(?:^|/)(?:\.git/(?!.*\.bak$)|ai/(?:master_memo\.md|context_map\.yaml|bootstrap_loop\.sh|"
    r"executor_instructions\.md|state/)|"
    r"wipe_proxmox\.sh$|\.pre-commit-config\.yaml$|\.gitattributes$|\.gitmodules$)"
)


def writes(targets: list[str], script: Script, append: bool = False) -> str:
    key = touches(targets, script, KEYS)
    if key:
        return f"writes {key}, which decides who gets in"
    sysrq = touches(targets, script, lazy(r"/proc/sysrq-trigger|/proc/sys/kernel/sysrq|/sys/block/"))
    if sysrq:
        return "commands the kernel to stop or drop a disk"
    own = next((t for t in targets if GUARDED.search(t)), "")
    if own:
        return f"writes {own}, which is protected, when it runs"
    names_others = touches(
        targets,
        script,
        lazy(
            r"/etc/(?:hosts|resolv\.conf|exports|nsswitch\.conf|ld\.so\.conf\S*|apt/(?:sources\.list\S*|trusted\.gpg\S*)|yum\.repos\.d/\S*)$"
        ),
    )
    if names_others:
        return f"changes {names_others}, which decides whom the machine trusts or finds"
    if touches(targets, script, lazy(r"/proc/sys/|/sys/(?:kernel|module|fs/selinux)/")) and not append:
        return "changes the kernel as it runs"
    if append:
        return ""
    system = touches(
        targets,
        script,
        lazy(
            r"/var/lib/(?:etcd|rancher|kubelet|pve-cluster|vz)/|/proc/sys/kernel/randomize|/etc/selinux/|"
            r"/etc/(?:fstab|crypttab|group|pve/(?:corosync|storage|user)\.cfg|hosts)$|/boot/"
        ),
    )
    return f"overwrites {system}" if system else ""


def verbs(call: Call, valued: str) -> list[str]:
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


def joined(call: Call, option: str) -> list[str]:
    texts = call.texts()
    return [f"{option}={texts[i + 1]}" for i, text in enumerate(texts[:-1]) if text == option]


SECRET_FILE = lazy(
    r".*(?:id_(?:rsa|ed25519|ecdsa|dsa)|\.pem|\.key|\.kube/config|kubeconfig\S*|talosconfig|shadow|sudoers|"
    r"\.ssh/?|\.env|secret\S*|\.age|keys\.txt)$"
)
