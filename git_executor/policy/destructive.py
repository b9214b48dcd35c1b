"""Calls that destroy: files, disks, machines, clusters, the running system. One small rule a program.

A rule takes a call and says what is wrong with it, or nothing. Rules see parsed words, so text in a comment, an
``echo`` or a variable's name never fires them.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from git_executor.lazy import lazy
from git_executor.policy import (
    databases as _databases,  # noqa: F401 - registers its rules
    firewalls as _firewalls,  # noqa: F401 - the same
    machines as _machines,  # noqa: F401 - the same
    power as _power,  # noqa: F401 - the same
    reach as _reach,  # noqa: F401 - the same
    retention as _retention,  # noqa: F401 - the same
    system as _system,  # noqa: F401 - the same
)
from git_executor.policy.api import CLIENTS, api_harm
from git_executor.policy.calls import SHELLS, Call, Script
from git_executor.policy.expansion import HIDDEN
from git_executor.policy.exposure import remote_code
from git_executor.policy.hosts import is_public
from git_executor.policy.leaks import leaks
from git_executor.policy.reach import lost_by_verb
from git_executor.policy.registry import (
    ALSO,
    DATA,
    DEVICE,
    GUARDED,
    KEYS,
    LOGS,
    OWN_TEMP,
    RULES,
    SYSTEM,
    Rule,
    also,
    is_own_temp,
    rule,
    touches,
    writes,
)
from git_executor.policy.shell import names
from git_executor.policy.unseen import runs_unseen


def destructive(call: Call, script: Script) -> Iterator[tuple[str, str]]:
    """(rule, message) for each thing that is wrong with a call."""
    name = call.name.lower()
    judge = RULES.get(name) or RULES.get(name.removesuffix(".exe")) or _by_form(name)
    asks = call.flag("", "--help", "--version") or _dry(call)
    message = "" if asks else judge(call, script) if judge else lost_by_verb(call)
    message = message or ("" if asks else next((m for one in ALSO.get(name, ()) if (m := one(call, script))), ""))
    if message:
        yield "destructive-command", message
    for message in _redirects(call, script):
        yield "destructive-command", message
    asked = api_harm(call, script) if name in CLIENTS else ""
    if asked and not message:
        yield "destructive-command", asked
    for message in () if asks else runs_unseen(call, script):
        yield "remote-code", message
    for message in leaks(call, script):
        yield "destructive-command", message
    yield from remote_code(call, script)


def _dry(call: Call) -> bool:
    return any(text in ("--dry-run", "--dry-run=client", "--dry-run=server", "--noop") for text in call.texts())


@rule(" ".join([*SHELLS, "source", "."]))
def _runs_script(call: Call, script: Script) -> str:
    for text in call.plain()[:1]:
        judge = _by_form(text.rpartition("/")[2])
        if judge and not call.flag("c"):
            return judge(Call(text, (), call.line, call.command), script)
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


@rule(HIDDEN)
def _hidden(call: Call, script: Script) -> str:
    return "puts its name together so that nobody can read what runs"


@rule("rm unlink srm trash")
def _rm(call: Call, script: Script) -> str:
    targets = [word for word in call.args if not word.text.startswith("-") or word.text == "-"]
    if "--no-preserve-root" in call.texts():
        return "removes the root directory"
    foreign = [word for word in targets if not is_own_temp(word, script)]
    if any(GUARDED.search(word.text) for word in foreign):
        return "removes a protected file when it runs"
    fed = [word for feeder in call.feeds if feeder.name == "find" for word in feeder.args[:1]]
    if fed and not targets and all(is_own_temp(word, script) for word in fed):
        return ""
    if not targets and not call.flag("", "--help", "--version"):
        return "deletes whatever it is given"  # through xargs or find
    log = touches([word.text for word in foreign], script, LOGS)
    if log:
        return f"takes the log {log} away"
    data = touches([word.text for word in foreign], script, DATA)
    if data:
        return f"deletes {data}"
    if call.flag("rR", "--recursive"):
        if foreign or not targets:
            return f"deletes {foreign[0].text if foreign else 'whatever it is given'} recursively"
        return ""
    system = touches([word.text for word in foreign], script, SYSTEM)
    if system:
        return f"deletes {system}"
    if any(re.search(r"(?:^|/)\*", value) for word in foreign for value in script.values(word.text)):
        return "deletes everything in a directory"
    return ""


@rule("sed perl awk gawk")
def _in_place(call: Call, script: Script) -> str:
    """Files edited where they stand."""
    if not call.flag("i", "--in-place"):
        return ""
    words, text = call.plain(), " ".join(call.texts())
    guarded = next((word for word in words if GUARDED.search(word)), "")
    if guarded:
        return f"changes {guarded}, which is protected, when it runs"
    if call.name == "sed" and any(re.fullmatch(r"(?:1,\$|\$!?|1,9+|/\.?\*?/)?d", text) for text in words):
        return f"empties {words[-1]}"
    if any(re.match(r"/etc/(?:pam\.d/|sudoers|shadow|passwd|ssh/sshd_config)", word) for word in words) and re.search(
        r"(?i)pam_permit|nullok|\byes\b|NOPASSWD|ALL=\(", text
    ):
        return "opens the system to others"
    opens = re.search(
        r"(?i)(?:PermitRootLogin|PasswordAuthentication|PermitEmptyPasswords)\S*\s+\\?\S*yes|NOPASSWD|"
        r"SELINUX\S*(?:disabled|permissive)|/disabled/|/permissive/",
        text,
    )
    return "opens the system to others" if opens else ""


@also("tar")
def _packed(call: Call, script: Script) -> str:
    return "deletes what it packs" if call.flag("", "--remove-files") else ""


@also("curl wget")
def _downloaded(call: Call, script: Script) -> str:
    option = lazy(r"-\w*o|--output") if call.name == "curl" else lazy(r"-\w*O|--output-document")
    texts = call.texts()
    targets = [b for a, b in itertools.pairwise(texts) if option.fullmatch(a)]
    targets += [text.partition("=")[2] for text in texts if text.startswith("--output")]
    key = touches(targets, script, KEYS)
    return f"downloads {key}, which decides who gets in" if key else ""


@rule("rmdir")
def _rmdir(call: Call, script: Script) -> str:
    return "deletes system directories" if touches(call.plain(), script, SYSTEM) else ""


@rule("find fd")
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
    if roots and all(is_own_temp(root, script) for root in roots):
        return ""
    return "deletes every file that it finds"


@rule("shred wipe scrub nwipe secure-delete sfill")
def _shred(call: Call, script: Script) -> str:
    targets = [word for word in call.args if not word.text.startswith("-") and not word.text.isdigit()]
    return "" if targets and all(is_own_temp(word, script) for word in targets) else "overwrites data for good"


@rule("mv cp install ln tee rsync scp sponge")
def _move(call: Call, script: Script) -> str:
    words = call.plain()
    if call.name == "install" and re.search(r"(?:-m|--mode)[ =]?0?[0-7]?[0-7][0-7][2367]\b", " ".join(call.texts())):
        return "lets everybody write the file"
    if call.name == "rsync" and call.flag(
        "", "--delete", "--delete-after", "--delete-before", "--delete-excluded", "--del"
    ):
        return "deletes what the source does not have"
    if call.name == "cp" and words[:1] == ["/dev/null"] and touches(words[1:], script, DATA):
        return f"empties {words[-1]}"
    if call.name == "tee" and any(r.op == "<" and r.target.text == "/dev/null" for r in call.command.redirects):
        return f"empties {words[0] if words else 'a file'}"
    if call.name == "ln" and words[:1] == ["/dev/null"] and re.search(r"history|\.log$|/log/", words[-1]):
        return "hides what was done"
    if call.name == "install" and re.search(r"(?:-m|--mode)[ =]?0?[2467][0-7]{3}\b", " ".join(call.texts())):
        return "lets everybody run it as its owner"
    device = touches(words if call.name in ("mv", "tee") else words[1:], script, DEVICE)
    if device:
        return f"writes over the disk {device}"
    if call.name == "mv":
        system = touches(words[:-1], script, SYSTEM)
        if system or "/dev/null" in words:
            return f"moves {system or 'files'} away"
    written = words if call.name == "tee" else words[-1:]
    return writes(written, script, append=call.name == "tee" and call.flag("a", "--append"))


def _redirects(call: Call, script: Script) -> Iterator[str]:
    for redirect in call.command.redirects:
        if redirect.op in (">", ">>", ">|", "&>", "&>>", "<>"):
            target = redirect.target.text
            if touches([target], script, DEVICE):
                yield f"writes over the disk {target}"
            noise = ("/dev/null", "/dev/zero", "/dev/urandom", "/dev/random")
            emptied = (
                not call.name
                or call.name in (":", "true")
                or (call.name in ("cat", "head", "dd", "tail") and any(text in noise for text in call.texts()))
            )
            if emptied and redirect.op in (">", ">|") and touches([target], script, LOGS):
                yield f"takes the log {target} away"
            if call.name == "cat" and any(text in noise[1:] for text in call.texts()) and not OWN_TEMP.match(target):
                yield f"fills {target}"
            values = script.values(target) if emptied and redirect.op in (">", ">|") else []
            if any(re.search(r"/\**\*[\"']?$", value) and not OWN_TEMP.match(value.strip("\"'")) for value in values):
                yield "empties every file of a directory"
            if emptied and redirect.op in (">", ">|") and touches([target], script, DATA):
                yield f"empties {target}"
            if target == "/etc/hosts" and redirect.op == ">>" and not _names_outside(call):
                continue
            message = writes([target], script, append=redirect.op.endswith(">>"))
            if message:
                yield message
        if (
            redirect.op in (">", "<", "<>", ">&", "&>")
            and "/dev/tcp/" in redirect.target.text
            and call.name in SHELLS | {"exec"}
        ):
            yield "opens a shell to the network"


def _names_outside(call: Call) -> bool:
    """Whether a line for ``/etc/hosts`` gives a name to an address outside of the house."""
    return any(is_public(address) for text in call.texts() for address in re.findall(r"\d{1,3}(?:\.\d{1,3}){3}", text))


# --- disks ------------------------------------------------------------------------------------------


@rule("dd")
def _dd(call: Call, script: Script) -> str:
    for text in call.texts():
        for value in script.values(text):
            if value.startswith("of="):
                target = value[3:].strip("\"'")
                if not (OWN_TEMP.match(target) or target == "/dev/null" or re.match(r"[\w.][\w./-]*$", target)):
                    return f"writes over {target}"
    return ""


@rule("wipefs blkdiscard badblocks nvme hdparm sg_format sdparm mdadm cryptsetup zerofree")
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


@rule("sgdisk gdisk cgdisk fdisk sfdisk cfdisk parted partx partprobe mkswap")
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


@rule("lvresize lvchange vgchange resize2fs tune2fs debugfs xfs_repair e2fsck fsck fallocate xfs_db dmsetup")
def _volumes(call: Call, script: Script) -> str:
    texts, words, name = call.texts(), call.plain(), call.name
    told = " ".join(texts)
    if name in ("lvresize", "resize2fs"):
        smaller = (
            re.search(r"(?:-L|--size|-l|--extents)[ =]?(?!\+)[-\d]", told)
            if name == "lvresize"
            else re.search(r"\s\d+[KMGT]?$|-M\b", told)
        )
        return "can make the volume smaller than its data" if smaller else ""
    if name in ("lvchange", "vgchange"):
        return "takes the volume away" if re.search(r"(?:-a\s?|--activate[ =])n\b", told) else ""
    if name == "fallocate":
        huge = re.search(r"(?:-l\s?|--length[ =])\d+(?:[TPE]|\d{3}G)", told)
        return (
            "overwrites or fills the disk"
            if huge or call.flag("pdzc", "--punch-hole", "--zero-range", "--collapse-range")
            else ""
        )
    if name in ("debugfs", "xfs_db"):
        return "writes into the file system by hand" if call.flag("wx") else ""
    if name == "tune2fs":
        return "changes the file system under its data" if call.flag("OIQ") else ""
    if name == "xfs_repair":
        return "throws the journal away" if call.flag("L") else ""
    if name == "dmsetup":
        return "takes a device away" if set(words[:1]) & names("remove remove_all wipe_table") else ""
    return ""


@rule("lvremove vgremove pvremove lvreduce vgreduce lvm pvcreate vgcfgrestore thin_delete")
def _lvm(call: Call, script: Script) -> str:
    if call.name == "lvm":
        return "removes volumes" if set(call.texts()) & names("lvremove vgremove pvremove lvreduce vgreduce") else ""
    return "removes or overwrites volumes"


@rule("zpool zfs btrfs ceph rados rbd radosgw-admin ceph-volume pveceph gluster linstor drbdadm mc restic borg velero")
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
    told = " ".join(call.texts())
    keeps = any(text.startswith("--keep-") for text in call.texts())
    if call.name == "zfs" and call.plain()[:1] in (["receive"], ["recv"]) and call.flag("F"):
        return "rolls the target back over what is there"
    if call.name == "velero" and call.plain()[:2] == ["schedule", "pause"]:
        return "stops the backups"
    if call.name == "ceph" and re.search(r"auth caps\b.*allow \*|allow_pool_delete true|set noout|auth del", told):
        return "opens the cluster or takes its guard away"
    if call.name == "restic" and re.search(r"--keep-\w+[ =]0\b", told) and not re.search(r"--keep-\w+[ =][1-9]", told):
        return "restic forget keeps nothing"
    if call.name == "restic" and verb == "forget" and keeps and not call.flag("", "--prune"):
        return ""
    if call.name == "zpool" and verb in ("clear", "export", "offline"):
        return ""
    return f"{call.name} {verb} destroys stored data" if verb else ""
