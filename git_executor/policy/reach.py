"""Calls that cut a machine off, set its clock, blind its logs, or hand it to somebody else; and verbs of loss, for
programs that have no rule of their own."""

from __future__ import annotations

import itertools
import re

from git_executor.lazy import lazy
from git_executor.policy.calls import Call, Script
from git_executor.policy.registry import rule
from git_executor.policy.shell import names

_CUTS = "cuts the machine off from the network"


@rule("ip ifconfig ifdown nmcli networkctl rfkill ovs-vsctl brctl tc wg-quick wg tailscale netplan route arptables")
def _network(call: Call, script: Script) -> str:
    words, name = call.plain(), call.name
    told = " ".join(words)
    if name in ("ifdown", "rfkill"):
        return _CUTS if name == "ifdown" or words[:1] == ["block"] else ""
    if name == "wg":
        return "changes who may come in through the tunnel" if words[:1] in (["set"], ["setconf"], ["syncconf"]) else ""
    if name == "tailscale":
        if set(words) & names("funnel serve") or call.flag("", "--ssh", "--advertise-exit-node"):
            return "opens the machine to others"
        return _CUTS if words[:1] in (["down"], ["logout"]) else ""
    if name == "tc":
        return _CUTS if re.search(r"\b(?:loss|delay|corrupt)\b|\bdrop\b", told) else ""
    down = re.search(
        r"^(?:a\w*|addr\w*|l\w*|link|r\w*|route|neigh\w*|rule|-\d \w+)\s+(?:flush|del\w*)\b|\bdown\b|^del(?:ete)?[- ]|\bdel-(?:br|port)\b|"
        r"\bdelbr\b|^networking off|^(?:c\w*|con\w*|dev\w*)\s+(?:del\w*|down|dis\w*)|^radio \w+ off|^flush",
        told,
    )
    return _CUTS if down and not re.search(r"\b(?:type (?:veth|dummy)|netns)\b", told) else ""


@rule("timedatectl date hwclock ntpdate chronyc faketime adjtimex")
def _clock(call: Call, script: Script) -> str:
    words = call.plain()
    if call.name == "timedatectl":
        off = words[:1] == ["set-ntp"] and set(words[1:]) & names("false no 0 off")
        return "lets the clock run free" if off or words[:1] == ["set-time"] else ""
    if call.name == "date":
        return "sets the clock" if call.flag("s", "--set") else ""
    if call.name == "hwclock":
        return "sets the clock" if call.flag("", "--set", "--date") else ""
    return "sets the clock" if call.name == "faketime" or words[:1] == ["settime"] else ""


@rule("journalctl logrotate wevtutil ausearch aureport")
def _journal(call: Call, script: Script) -> str:
    for text in [*call.texts(), *(f"{a}={b}" for a, b in zip(call.texts(), call.texts()[1:], strict=False))]:
        found = re.match(r"--vacuum-(time|size|files)=(\d+)(\w*)", text)
        if found and (
            int(found[2]) <= 1 or (found[1] == "time" and found[3][:1] in ("s", "m", "h") and found[3] != "months")
        ):
            return "takes the log away"
    return ""


@rule("socat ttyd gotty ngrok cloudflared frpc frps chisel bore dropbear inetd rtunnel gs-netcat localtunnel lt pwncat")
def _tunnel(call: Call, script: Script) -> str:
    told = " ".join(call.texts())
    if call.name == "socat":
        return (
            "hands a socket to the network"
            if re.search(r"(?i)(?:-listen|-l):.*(?:unix|sock|exec|system)|(?:exec|system):", told)
            else ""
        )
    if call.name == "cloudflared" and not call.flag("", "--url"):
        return ""
    return "opens the machine to others"


@rule("python python2 python3 ruby php busybox darkhttpd webfsd")
def _serves(call: Call, script: Script) -> str:
    told = " ".join(call.texts())
    where = re.search(r"(?:--directory|-d|-t|-h)[ =](\S+)", told)
    if re.search(r"http\.server|SimpleHTTPServer|-run -ehttpd|\bhttpd\b|-S \S+:\d+", told) and where:
        return "shows system files to the network" if re.match(r"/(?:etc|root|home|var|srv)?(?:/|$)", where[1]) else ""
    return ""


@rule("exportfs dockerd rpcbind smbpasswd")
def _shares(call: Call, script: Script) -> str:
    told = " ".join(call.texts())
    if call.name == "dockerd":
        return "opens the Docker socket to the network" if "tcp://" in told and "--tlsverify" not in told else ""
    return "shares it with everybody" if re.search(r"no_root_squash|(?:^|\s)\*:|0\.0\.0\.0", told) else ""


@rule("mount nsenter chroot pivot_root unshare")
def _host(call: Call, script: Script) -> str:
    words = call.plain()
    if call.name == "mount":
        told = " ".join(call.texts())
        if re.search(r"\bremount,(?:\w+,)*(?:rw|exec|suid|dev)\b", told) and words[-1:] in (
            ["/"],
            ["/boot"],
            ["/usr"],
            ["/proc"],
        ):
            return "takes the write lock off the system"
        binds = call.flag("B", "--bind", "--rbind", "-R") and words[:1] == ["/"]
        return "shows the whole host to whoever is there" if binds else ""
    if call.name == "nsenter":
        texts = call.texts()
        first = any(text in ("-t1", "--target=1") for text in texts) or any(
            a in ("-t", "--target") and b == "1" for a, b in itertools.pairwise(texts)
        )
        return "leaves the container for the host" if first or call.flag("a", "--all") else ""
    return (
        "leaves the container for the host"
        if words[:1] in (["/host"], ["/hostfs"], ["/rootfs"], ["/proc/1/root"])
        else ""
    )


@rule("rmmod modprobe grubby update-grub insmod kmod")
def _kernel(call: Call, script: Script) -> str:
    told = " ".join(call.texts())
    if re.search(r"mitigations=off|selinux=0|apparmor=0|audit=0|enforcing=0|nokaslr", told):
        return "weakens the kernel"
    removes = call.name == "rmmod" or (call.name == "modprobe" and call.flag("r", "--remove"))
    return "takes a module out of the kernel" if removes else ""


@rule("ssh-import-id vault consul nomad boundary")
def _grants(call: Call, script: Script) -> str:
    told = " ".join(call.plain())
    if call.name == "ssh-import-id":
        return "gives a key the right to log in"
    bad = re.search(
        r"\b(?:policy|acl|auth|audit|secrets|token|kv|namespace)\s+(?:write|delete|disable|revoke|destroy|create|move|metadata delete)\b|"
        r"\boperator (?:seal|step-down|raft remove)|^delete\b|\bjob stop\b|\bleave\b",
        told,
    )
    return "changes who may do what, or loses a secret" if bad else ""


@rule("stress stress-ng yes fork-bomb")
def _load(call: Call, script: Script) -> str:
    if call.name == "yes" and call.command.after == "|":
        return ""
    return "uses the machine up"


# --- packages, guards, data away from the machine -----------------------------------------------------


@rule("apt apt-get aptitude dpkg dnf yum rpm pacman zypper apk snap brew pkg")
def _packages(call: Call, script: Script) -> str:
    words, texts = call.plain(), call.texts()
    verb = next((w for w in words[:2] if w in ("purge", "remove", "autoremove", "erase", "del", "uninstall", "rm")), "")
    forced = call.flag("", "--purge", "--force-all", "--remove", "--erase") and call.name in ("dpkg", "rpm")
    if call.name == "pacman" and any(re.fullmatch(r"-R\w*", text) for text in texts):
        verb = "-R"
    if call.name == "rpm" and any(re.fullmatch(r"-\w*e\w*", text) for text in texts):
        verb = "-e"
    if forced or (verb and verb != "autoremove"):
        return "takes a package out of the system"
    if any(text.startswith(("http://", "https://", "ftp://")) for text in words):
        return "installs a package that it downloads, unseen"
    return ""


@rule("apt-key")
def _trusted_key(call: Call, script: Script) -> str:
    return "lets somebody else's packages in" if set(call.plain()[:1]) & names("add adv") else ""


@rule("pre-commit lefthook husky git-executor prek")
def _own_guard(call: Call, script: Script) -> str:
    return "takes the guard of the repository away" if "uninstall" in call.plain()[:2] else ""


@rule(
    "rclone aws gsutil s3cmd s5cmd az gcloud proxmox-backup-client proxmox-backup-manager duplicity kopia duplicacy b2 swift gh glab"
)
def _away(call: Call, script: Script) -> str:
    words, told = call.plain(), " ".join(call.plain()[:4])
    if call.name == "rclone" and words[:1] == ["sync"]:
        source = words[1] if len(words) > 1 else ""
        return "empties the copy" if re.search(r"empty|/dev/null|/tmp/", source) else ""
    keeps = re.search(r"--keep-\w+[ =](\d+)", " ".join(call.texts()))
    if "prune" in words and call.name.startswith("proxmox") and keeps:
        return (
            "keeps hardly any backup"
            if sum(int(n) for n in re.findall(r"--keep-\w+[ =](\d+)", " ".join(call.texts()))) < 3
            else ""
        )
    if call.name in ("gh", "glab"):
        return (
            "deletes or shows what belongs to the repository"
            if re.search(r"\b(?:delete|gist create|archive)\b", told)
            else ""
        )
    bad = re.search(
        r"\b(?:purge|delete\w*|deletefile|del|rm|rb|remove|rmdirs?|cleanup|forget|delete-batch|destroy|expire|prune)\b",
        told,
    )
    return f"{call.name} {bad[0]} takes stored data away" if bad else ""


# Words that only mean loss, in the place where a verb stands.
_LOSS = names(
    "destroy purge wipe erase zap forget uninstall delete delete-all remove-all format factory-reset nuke obliterate rmdir-all drop"
)
_HARMLESS = lazy(
    r"(?:echo|printf|log\w*|info|warn\w*|debug|die|fail\w*|say|note|print\w*|grep|egrep|rg|test|\[|\[\[|case|for|select|alias|export|local|readonly|"
    r"declare|typeset|unset|sed|awk|jq|yq|cat|head|tail|sort|cut|tr|which|command|type|man|git|docker|make|just|task|ansible\S*|npm|yarn|pnpm|"
    r"cd|pushd|source|\.|read|return|exit|exec|sleep|date|mkdir|touch|curl|wget|http|python\S*|node|ruby|perl|go|cargo|pip\S*|systemctl|service|"
    r"\w+_\w+|\(hidden\))",
)


def lost_by_verb(call: Call) -> str:
    """What is wrong with a call of a program that nobody knows, whose first words are verbs of loss."""
    if _HARMLESS.fullmatch(call.name) or not re.fullmatch(r"[a-z][\w.-]*", call.name):
        return ""
    verb = next((text for text in call.plain()[:2] if text in _LOSS), "")
    return f"{call.name} {verb} takes away what it manages" if verb and len(call.plain()) > 1 else ""
