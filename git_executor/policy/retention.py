"""Calls that leave no backup: retention of nothing, and histories that are cut off."""

from __future__ import annotations

import re

from git_executor.lazy import lazy
from git_executor.policy.calls import Call, Script
from git_executor.policy.registry import also

_KEEPS = lazy(r"--?(?:keep|retention|retain|max|min)[\w-]*?[ =](\d+)\b")
_NOTHING = "keeps no backup"


def _kept(call: Call) -> list[int]:
    return [int(number) for number in _KEEPS.findall(" ".join(call.texts()))]


@also(
    "restic autorestic rustic borg borgmatic kopia zrepl sanoid syncoid znapzend snapper timeshift duplicity rdiff-backup wal-g pgbackrest barman pg_archivecleanup etcdctl vzdump tmutil bup burp urbackupclientctl zfs zfs-prune-snapshots pvesm pvesh velero k10"
)
def _retention(call: Call, script: Script) -> str:
    told, words, name = " ".join(call.texts()), call.plain(), call.name
    if name in ("restic", "rustic", "autorestic"):
        if re.search(
            r"--unsafe-allow-remove-all|--remove-all\b|\bkey remove\b|\brewrite\b.*--forget|\btag --remove\b", told
        ):
            return _NOTHING
        return _NOTHING if "forget" in words and (kept := _kept(call)) and not any(kept) else ""
    if name in ("borg", "borgmatic"):
        return _NOTHING if re.search(r"\b(?:delete|break-lock|recreate)\b", told) and name == "borg" else ""
    if name == "kopia":
        kept = _kept(call)
        return (
            _NOTHING
            if (kept and not any(kept))
            or re.search(r"\b(?:snapshot delete|repository disconnect|policy delete|maintenance run --full)\b", told)
            else ""
        )
    if name in ("vzdump", "pvesm", "pvesh"):
        keeps = [int(n) for n in re.findall(r"keep-\w+=(\d+)", told)]
        return _NOTHING if keeps and sum(keeps) < 2 and "keep-all=1" not in told else ""
    if name == "zfs":
        return (
            "stops the snapshots"
            if re.search(
                r"\bset\b.*auto-snapshot\S*=false|\bset\b.*readonly=off|\bset\b.*sync=disabled|\bunmount -a|\bpromote\b",
                told,
            )
            else ""
        )
    if name in ("duplicity", "rdiff-backup"):
        small = re.search(r"remove-(?:older-than|all-but-n-full|all-inc\S*)[ =](?:0\w*|\d+s|now)\b", told)
        return _NOTHING if small else ""
    if name == "pgbackrest":
        return _NOTHING if re.search(r"\b(?:expire\b.*--set|stanza-delete|stop)\b|retention-full=[01]\b", told) else ""
    if name == "wal-g":
        return _NOTHING if "delete" in words else ""
    if name == "barman":
        return _NOTHING if words[:1] in (["delete"], ["cron-disable"]) else ""
    if name == "sanoid":
        return _NOTHING if call.flag("", "--force-prune") else ""
    if name in ("snapper", "timeshift", "tmutil"):
        return _NOTHING if re.search(r"\bdelete\S*|--delete-all|\bdisable\b|cleanup number", told) else ""
    if name in ("pg_archivecleanup", "zfs-prune-snapshots"):
        return "cuts the history of the backups off"
    if name == "etcdctl":
        return "cuts the history of the cluster off" if words[:1] == ["compaction"] else ""
    if name == "velero":
        return (
            "stops the backups"
            if words[:2] in (["schedule", "delete"], ["backup", "delete"], ["backup-location", "delete"])
            else ""
        )
    return ""
