"""The machine itself: services, journals, memory, disks, time.

Left out on purpose: every verb of systemctl that changes something, ``show-environment``, ``-H``; of journalctl
``-f`` (never ends), ``--vacuum-*``, ``--rotate``, ``--flush``, ``--sync``, ``--cursor-file`` (write), ``-D``,
``--file``, ``--root``, ``--image`` (read elsewhere); ``date -s`` and a bare argument (set the clock), ``date -f``
(reads); ``free -s`` (never ends).
"""

from __future__ import annotations

import re

from git_executor.escalation.diagnostics.grammar import Form, Reading, Tool, flags, form, verbs
from git_executor.escalation.diagnostics.paths import Place
from git_executor.escalation.diagnostics.words import Refused

_LIST = """
    -a|--all -t|--type=NAMES --state=NAMES --failed -l|--full --no-legend --plain -q|--quiet --no-pager -r|--recursive
    --reverse --after --before
"""
_UNITS = "[UNIT...]"


_ENVIRONMENT = re.compile(r"environment|\A(?:passenv|loadcred|setcred|exec(?!main))")


def _properties(reading: Reading, place: Place) -> None:
    wanted = [name.lower() for value in reading.flags.get("-p", ()) for name in value.split(",")]
    if any(_ENVIRONMENT.search(name) for name in wanted):
        raise Refused("the environment of a service may hold secrets")


_SYSTEMCTL: dict[str, Form] = {
    "": form(_LIST),
    **verbs("list-units|list-unit-files|list-timers|list-sockets|list-jobs", form(_LIST, _UNITS)),
    "list-dependencies": form(_LIST, _UNITS),
    "status": form("-n|--lines=COUNT -o|--output=NAME -l|--full -a|--all -t|--type=NAMES --state=NAMES", _UNITS),
    **verbs("is-active|is-enabled|is-failed", form("", "UNIT...")),
    **verbs("is-system-running|get-default", form()),
    "cat": form("", "UNIT..."),
    "show": form("-p|-P|--property=NAMES --value", _UNITS, needs="-p", check=_properties),
}

_JOURNALCTL = """
    -u|--unit=TEXT --user-unit=TEXT -t|--identifier=TEXT -n|--lines=COUNT -r|--reverse -k|--dmesg -b|--boot=[BOOT]
    -p|--priority=PRIORITY -S|--since=TEXT -U|--until=TEXT -x|--catalog --no-pager -q|--quiet -g|--grep=TEXT
    --case-sensitive=[{yes,no,true,false}] --no-hostname --utc -e|--pager-end --list-boots --disk-usage -a|--all
    -l|--full --no-full -m|--merge --system --user --header -N|--fields -F|--field=NAME --no-tail
    -o|--output=JOURNAL_FORMAT
    --output-fields=NAMES --facility=NAMES --truncate-newline
"""


def _date(reading: Reading, place: Place) -> None:
    if any(not arg.startswith("+") for arg in reading.args):
        raise Refused("date sets the clock from a bare argument")


def _id(reading: Reading, place: Place) -> None:
    if any(not re.fullmatch(r"[a-z_][a-z0-9_-]{0,31}|[0-9]{1,6}", arg) for arg in reading.args):
        raise Refused("no user name")


TOOLS = (
    Tool(
        "systemctl",
        _SYSTEMCTL,
        flags(
            "--no-pager --user --system -q|--quiet -l|--full --no-legend -a|--all --plain -t|--type=NAMES",
            "--state=NAMES --failed",
        ),
        prepend=("--no-pager", "--no-ask-password"),
    ),
    Tool("journalctl", {"": form(_JOURNALCTL, "[MATCH...]")}, prepend=("--no-pager",), number="-n"),
    Tool(
        "df",
        {
            "": form(
                """-h|--human-readable -H|--si -T|--print-type -i|--inodes -P|--portability -k -m -a|--all -l|--local
                --total -t|--type=NAME -x|--exclude-type=NAME --output=[COLUMNS] -B|--block-size=WORD""",
                "[MOUNT...]",
            )
        },
    ),
    Tool(
        "free",
        {
            "": form(
                "-h|--human -b|--bytes -k|--kibi -m|--mebi -g|--gibi -w|--wide -t|--total -l|--lohi --si -v|--committed"
            )
        },
    ),
    Tool("uptime", {"": form("-p|--pretty -s|--since")}),
    Tool(
        "uname",
        {
            "": form(
                """-a|--all -s|--kernel-name -n|--nodename -r|--kernel-release -v|--kernel-version -m|--machine
                -p|--processor -i|--hardware-platform -o|--operating-system"""
            )
        },
    ),
    Tool(
        "date",
        {
            "": form(
                """-u|--utc|--universal -R|--rfc-email -I|--iso-8601=[WORD] --rfc-3339={date,seconds,ns}
                -d|--date=TEXT -r|--reference=LOOK""",
                "[TEXT]",
                check=_date,
            )
        },
    ),
    Tool(
        "id", {"": form("-u|--user -g|--group -n|--name -G|--groups -r|--real -Z|--context -z", "[WORD...]", check=_id)}
    ),
    Tool(
        "lsblk",
        {
            "": form(
                """-a|--all -b|--bytes -d|--nodeps -D|--discard -e|--exclude=COLUMNS -f|--fs -i|--ascii
                -I|--include=COLUMNS
                -J|--json -l|--list -m|--perms -n|--noheadings -o|--output=COLUMNS -O|--output-all -p|--paths -P|--pairs
                -s|--inverse -S|--scsi -t|--topology -T|--tree=[NAME] -x|--sort=NAME -M|--merge -r|--raw -z|--zoned
                -N|--nvme -v|--virtio""",
                "[DEVICE...]",
            )
        },
    ),
)
