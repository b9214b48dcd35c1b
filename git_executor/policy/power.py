"""Calls that switch machines off, restart or reset them, by whichever tool."""

from __future__ import annotations

import re

from git_executor.lazy import lazy
from git_executor.policy.calls import Call, Script
from git_executor.policy.registry import also, verbs
from git_executor.policy.shell import names

_OFF = "stops or restarts the machine"
_TARGETS = lazy(
    r"(?:poweroff|reboot|halt|kexec|rescue|emergency|shutdown|hibernate|suspend|sleep|runlevel[06]|exit)(?:\.target|\.service)?$"
)


@also("systemctl loginctl")
def _units(call: Call, script: Script) -> str:
    words = call.plain()
    if words[:1] and words[0] in names(
        "hibernate suspend hybrid-sleep suspend-then-hibernate soft-reboot exit reboot poweroff halt"
    ):
        return _OFF
    if (
        words[:1]
        and words[0] in names("start isolate restart reload-or-restart")
        and any(map(_TARGETS.match, words[1:]))
    ):
        return _OFF
    ends = call.name == "loginctl" and words[:1] and words[0].startswith(("terminate-", "kill-"))
    return "throws people off the machine" if ends else ""


@also("busctl dbus-send gdbus qdbus")
def _bus(call: Call, script: Script) -> str:
    told = " ".join(call.texts())
    stops = re.search(
        r"login1\S*[. ](?:Reboot|PowerOff|Halt|Suspend|Hibernate|KExec)|systemd1\S*[. ](?:PowerOff|Reboot|Halt|KExec|StopUnit|Exit)\b",
        told,
    )
    return _OFF if stops else ""


@also(
    "ipmitool ipmi-power ipmipower redfishtool racadm ilorest hponcfg ipmiutil conman amtterm amttool wsman stonith_admin fence_ipmilan"
)
def _board(call: Call, script: Script) -> str:
    told = " ".join(call.texts()).lower()
    if re.search(
        r"\b(?:power|chassis power|chassis) (?:off|cycle|reset|soft|diag)\b|\braw\b|mc reset|serveraction (?!powerstatus)|--(?:off|cycle|reset|soft)\b|\bsel clear\b|\breset\b|force(?:off|restart)|powerdown|racresetcfg",
        told,
    ):
        return "drives the machine by its management board"
    return (
        "drives the machine by its management board"
        if call.name in ("stonith_admin", "fence_ipmilan") and "-o status" not in told
        else ""
    )


@also("qm pct pvesh pvenode virsh xl incus lxc multipass vboxmanage vim-cmd govc esxcli")
def _guests(call: Call, script: Script) -> str:
    words, told = call.plain(), " ".join(call.texts())
    stops = {
        "qm": "stop reset suspend",
        "pct": "stop suspend",
        "pvenode": "stopall migrateall",
        "virsh": "reset shutdown reboot suspend managedsave",
        "xl": "shutdown reboot pause",
        "incus": "stop restart",
        "lxc": "stop restart",
        "multipass": "stop",
        "vboxmanage": "controlvm",
    }.get(call.name, "")
    if words[:1] and words[0] in stops.split():
        return f"{call.name} {words[0]} stops a machine"
    if call.name == "pvesh":
        return (
            _OFF
            if re.search(r"/nodes/\S+/status\b.*\b(?:reboot|shutdown)\b|/(?:stopall|migrateall|suspendall)\b", told)
            else ""
        )
    if call.name in ("vim-cmd", "govc", "esxcli"):
        return (
            "stops a machine"
            if re.search(
                r"power\.(?:off|reset|shutdown|suspend)|vm\.power -(?:off|reset|s)|vm\.destroy|system shutdown|maintenanceMode set",
                told,
            )
            else ""
        )
    return ""


@also("talosctl omnictl")
def _talos(call: Call, script: Script) -> str:
    words = verbs(call, "-n --nodes -e --endpoints --talosconfig --context -c --cluster")
    bad = words[:1] and words[0] in names("reset shutdown reboot wipe rollback")
    return "takes a node down" if bad else ""


@also(
    "rtcwake pm-hibernate pm-suspend pm-powersave zzz upsmon upsdrvctl nut-upsdrvctl apcaccess powerctl rcctl acpiconf nvram bootctl efibootmgr grub-reboot grub-set-default update-rc.d"
)
def _others(call: Call, script: Script) -> str:
    told = " ".join(call.texts())
    if call.name in ("rtcwake", "pm-hibernate", "pm-suspend", "zzz", "acpiconf"):
        return "" if re.search(r"-m (?:no|show)\b", told) else _OFF
    if call.name in ("upsmon", "upsdrvctl", "nut-upsdrvctl"):
        return _OFF if re.search(r"-c fsd|\bshutdown\b|\bstop\b", told) else ""
    if call.name == "rcctl":
        return (
            "switches off a service that guards"
            if re.search(r"\b(?:stop|disable)\b.*\b(?:pf|sshd|ntpd|syslogd)\b", told)
            else ""
        )
    if call.name == "efibootmgr":
        return "changes what the machine starts" if call.flag("BOonNa", "--delete-bootnum", "--bootorder") else ""
    return "changes what the machine starts" if call.name == "grub-reboot" else ""
