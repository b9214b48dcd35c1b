# ruff: noqa: SIM905 - tables of words read best as text
"""systemd units: sections, keys and values that are a slip of exactly one known name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from git_executor.fixers.playbook.near import one_near, one_of_list
from git_executor.fixers.playbook.rule import Case, Fix, Rule, Said

_SECTIONS = frozenset(
    "Unit Service Install Timer Mount Automount Socket Path Slice Swap Match Network Link NetDev Address Route DHCP".split()
)

# fmt: off
_KEYS = frozenset("""
Description Documentation After Before Wants Requires Requisite BindsTo PartOf Conflicts OnFailure OnSuccess ConditionPathExists
ConditionPathIsDirectory ConditionFileNotEmpty ConditionHost ConditionVirtualization AssertPathExists StartLimitIntervalSec
StartLimitBurst DefaultDependencies RefuseManualStart AllowIsolate StopWhenUnneeded RequiresMountsFor
Type ExecStart ExecStartPre ExecStartPost ExecStop ExecStopPost ExecReload ExecCondition Restart RestartSec TimeoutStartSec TimeoutStopSec
TimeoutSec RuntimeMaxSec WatchdogSec User Group WorkingDirectory Environment EnvironmentFile PIDFile RemainAfterExit GuessMainPID
KillMode KillSignal SuccessExitStatus StandardOutput StandardError StandardInput SyslogIdentifier LimitNOFILE LimitNPROC LimitMEMLOCK
LimitCORE TasksMax MemoryMax MemoryHigh CPUQuota CPUWeight IOWeight Nice OOMScoreAdjust Delegate NoNewPrivileges PrivateTmp
ProtectSystem ProtectHome ReadWritePaths ReadOnlyPaths CapabilityBoundingSet AmbientCapabilities DynamicUser StateDirectory
RuntimeDirectory LogsDirectory CacheDirectory ConfigurationDirectory UMask NotifyAccess BusName SupplementaryGroups RootDirectory
WantedBy RequiredBy Also Alias DefaultInstance
OnCalendar OnBootSec OnUnitActiveSec OnUnitInactiveSec OnStartupSec OnActiveSec Persistent RandomizedDelaySec AccuracySec Unit WakeSystem
What Where Options DirectoryMode ListenStream ListenDatagram Accept SocketMode SocketUser SocketGroup PathExists PathChanged PathModified
Name MACAddress DHCP Address Gateway DNS Domains NTP Bridge Bond VLAN Kind Destination Metric LinkLocalAddressing IPForward MTUBytes
""".split())
_VALUES = {
    "Type": ("simple", "exec", "forking", "oneshot", "dbus", "notify", "notify-reload", "idle"),
    "Restart": ("no", "always", "on-success", "on-failure", "on-abnormal", "on-abort", "on-watchdog"),
    "KillMode": ("control-group", "mixed", "process", "none"),
}
# fmt: on


def _units(case: Case, said: Said) -> list[str]:
    named = said.get("file")
    path = case.locate(named) if named else None
    if path or case.out_of_reach:
        return [path] if path else []
    suffixes = (".service", ".timer", ".mount", ".socket", ".path", ".network", ".netdev", ".link", ".slice", ".conf")
    return [path for path in case.candidates[:200] if path.endswith(suffixes)]


def _line_changed(case: Case, said: Said, pattern: str, replacement: str, what: str, reason: str) -> Iterator[Fix]:
    """Replace on the one line of the units that the pattern matches."""
    found = []
    for path in _units(case, said):
        text = case.text(path)
        found += [(path, text, match) for match in re.finditer(pattern, text, re.MULTILINE)]
    if len(found) == 1:
        path, text, match = found[0]
        yield Fix(path, text[: match.start()] + match.expand(replacement) + text[match.end() :], what, reason)


def key(case: Case, said: Said) -> Iterator[Fix]:
    wrong = said["name"]
    near = one_near(wrong, _KEYS)
    if near and wrong not in _KEYS:
        reason = f"systemd knows no key {wrong}; {near} is the one with nearly that name."
        yield from _line_changed(
            case, said, rf"^{re.escape(wrong)}(?=\s*=)", near, f"Corrected the key {wrong} to {near}", reason
        )


def section(case: Case, said: Said) -> Iterator[Fix]:
    wrong = said["name"]
    near = one_near(wrong, _SECTIONS)
    if near and wrong not in _SECTIONS:
        reason = f"systemd knows no section {wrong}; {near} is the one with nearly that name."
        yield from _line_changed(
            case, said, rf"^\[{re.escape(wrong)}\]", f"[{near}]", f"Corrected the section {wrong} to {near}", reason
        )


def header(case: Case, said: Said) -> Iterator[Fix]:
    yield from _line_changed(case, said, rf"^(\[(?:{'|'.join(_SECTIONS)}))[ \t]*$", r"\1]", "Closed the section's header",
                             "systemd reads a section from [ to ] and found no ].")  # fmt: skip


def equals(case: Case, said: Said) -> Iterator[Fix]:
    """``ExecStart /usr/bin/x`` and ``Type: oneshot``, for a known key."""
    yield from _line_changed(case, said, rf"^({'|'.join(sorted(_KEYS))})(?::[ \t]*|[ \t]+)(?=[^\s=])", r"\1=",
                             "Wrote = between key and value", "A line of a unit is Key=value.")  # fmt: skip


def value(case: Case, said: Said) -> Iterator[Fix]:
    wrong = said["name"]
    for name, values in _VALUES.items():
        near = one_of_list(wrong, values)
        if near and wrong not in values:
            reason = f"systemd knows no {name} {wrong}; {near} is the one with nearly that name."
            yield from _line_changed(case, said, rf"^({name}\s*=\s*){re.escape(wrong)}(?=\s*$)", rf"\g<1>{near}",
                                     f"Corrected {name} to {near}", reason)  # fmt: skip


_FILE = r"(?:(?P<file>[^\s:]+):\d+: )?"

RULES: tuple[Rule, ...] = (
    Rule("systemd-key", ("unknown key", "unknown lvalue"), (_FILE + r"Unknown (?:key(?: name)?|lvalue) '(?P<name>\w+)' in section",), key),
    Rule("systemd-section", ("unknown section",), (_FILE + r"Unknown section '(?P<name>\w+)'",), section),
    Rule("systemd-header", ("invalid section header",), (_FILE + r"Invalid section header",), header),
    Rule("systemd-equals", ("missing '='",), (_FILE + r"Missing '='",), equals),
    Rule("systemd-value", ("failed to parse",), (_FILE + r"Failed to parse [\w ]+, ignoring: (?P<name>[\w-]+)",), value),
)  # fmt: skip
