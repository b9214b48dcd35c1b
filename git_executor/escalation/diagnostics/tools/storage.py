"""ZFS and Ceph.

Left out on purpose: ``zpool status|iostat -c`` (starts scripts), intervals and ``events -f`` (never end), ``events -c``
(clears), ``zfs send`` (dumps), ``ceph auth`` and ``config-key`` (keys), ``-o``, ``-i``, ``-c``, ``-k`` (files), ``-w``.
"""

from __future__ import annotations

import re

from git_executor.escalation.diagnostics.grammar import Form, Reading, Tool, flags, form, verbs
from git_executor.escalation.diagnostics.paths import Place
from git_executor.escalation.diagnostics.words import Refused


def _no_intervals(reading: Reading, place: Place) -> None:
    """A number behind the pools repeats the report for ever."""
    if any(re.fullmatch(r"[0-9.]+", arg) for arg in reading.args):
        raise Refused("an interval repeats the report for ever")


_ZPOOL: dict[str, Form] = {
    "status": form("-v -x -L -P -D -s -t -i -p -g -e", "[VOLUME...]", check=_no_intervals),
    "list": form("-H -g -L -p -P -v -o=COLUMNS", "[VOLUME...]", check=_no_intervals),
    "get": form("-H -p -o=COLUMNS", "COLUMNS [VOLUME...]"),
    "history": form("-i -l", "[VOLUME...]"),
    "iostat": form("-v -H -L -p -P -g -l -q -r -w -y", "[VOLUME...]", check=_no_intervals),
    "events": form("-v -H", "[VOLUME]"),
    "version": form(),
}
_ZFS: dict[str, Form] = {
    "list": form("-r -H -p -d=INT -o=COLUMNS -s=NAME -S=NAME -t=NAMES", "[VOLUME...]"),
    "get": form("-r -H -p -d=INT -o=COLUMNS -s=NAMES -t=NAMES", "COLUMNS [VOLUME...]"),
    "holds": form("-r -H", "VOLUME..."),
    "version": form(),
}
_CEPH: dict[str, Form] = {
    "": form("-s|--status --version"),
    **verbs("status|quorum_status|versions|mon stat|mon dump|pg stat|mgr stat|mgr services|fs status|fs ls", form()),
    **verbs("crash ls|time-sync-status|osd pool autoscale-status|osd crush tree|osd crush rule ls", form()),
    **verbs("health|df", form("", "[{detail}]")),
    **verbs("osd stat|osd status|osd dump|osd perf|osd pool stats|osd blocked-by", form()),
    **verbs("osd df", form("", "[{tree,plain}]")),
    **verbs("osd pool ls", form("", "[{detail}]")),
    **verbs("osd utilization|orch status|orch ls|orch ps", form()),
    "osd tree": form("", "[{up,down,in,out}]"),
    "osd find": form("", "INT"),
    "pg dump_stuck": form("", "[NAME]"),
    "crash info": form("", "WORD"),
    "osd pool get": form("", "NAME NAME"),
}  # fmt: skip

TOOLS = (
    Tool("zpool", _ZPOOL),
    Tool("zfs", _ZFS),
    Tool("ceph", _CEPH, flags("-f|--format={json,json-pretty,plain} --connect-timeout=INT")),
)
