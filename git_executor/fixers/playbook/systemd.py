# ruff: noqa: SIM905 - tables of words read best as text
"""systemd units: sections, keys and values that are a slip of exactly one known name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from git_executor.fixers.playbook.near import distance, one_defined, one_near, one_of_list
from git_executor.fixers.playbook.places import places, replaced
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


_BY_SECTION = {
    "Install": ("WantedBy", "RequiredBy", "UpheldBy", "Also", "Alias", "DefaultInstance"),
    "Timer": ("OnCalendar", "OnBootSec", "OnUnitActiveSec", "OnUnitInactiveSec", "OnStartupSec", "OnActiveSec", "Persistent", "RandomizedDelaySec", "AccuracySec", "Unit", "WakeSystem"),
}  # fmt: skip


def _of_section(wrong: str, keys: tuple[str, ...]) -> str | None:
    """A section with few keys leaves less to guess: two letters may be wrong."""
    near = [name for name in keys if len(wrong) >= 6 and distance(wrong.lower(), name.lower(), 2) <= 2]
    return near[0] if len(near) == 1 else None


def key(case: Case, said: Said) -> Iterator[Fix]:
    wrong = said["name"]
    section = re.search(r"in section '?\[?(\w+)", said.match.string)
    near = one_defined(wrong, _KEYS) or _of_section(wrong, _BY_SECTION.get(section[1], ()) if section else ())
    near = near or next((name for name in (wrong.lstrip("-+_"), f"{wrong}Sec") if name in _KEYS), None)
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
    """``[Service``, ``Service]`` and ``(Service)``."""
    yield from _line_changed(case, said, rf"^(?!\[\w+\])[\[({{<]?({'|'.join(_SECTIONS)})[\])}}>]?:?[ \t]*$", r"[\1]", "Corrected the brackets of the section's header",
                             "systemd reads a section from [ to ].")  # fmt: skip


_OF_UNIT = frozenset("Description Documentation After Before Wants Requires Requisite BindsTo PartOf Conflicts OnFailure StartLimitIntervalSec StartLimitBurst".split())


def missing_header(case: Case, said: Said) -> Iterator[Fix]:
    """A unit without ``[Unit]`` whose first lines can stand in no other section."""
    for path in _units(case, said):
        text = case.text(path)
        head = re.match(r"(?:[#;].*\n|\n)*((?:\w+=.*\n)+)\s*\[", text)
        if head and "[Unit]" not in text and set(re.findall(r"(?m)^(\w+)=", head[1])) <= _OF_UNIT:
            yield Fix(path, text[: head.start(1)] + "[Unit]\n" + text[head.start(1) :], f"Added the header [Unit] to {path}",
                      f"{path} begins with keys that stand in no other section, and has no [Unit].")  # fmt: skip


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


_SUFFIXES = ("service", "timer", "target", "socket", "mount", "automount", "path", "slice", "swap", "device", "scope")
_BOOLEANS = ("true", "false", "yes", "no", "on", "off")
_TIMES = frozenset("us ms s sec second seconds m min minute minutes h hr hour hours d day days w week weeks month months y year years".split())


def dependency(case: Case, said: Said) -> Iterator[Fix]:
    """``network-online.taget``: a suffix that no unit has; ``network-online``: none at all; ``a.target,``: a comma."""
    name = said["name"].rstrip(",;")
    stem, _, suffix = name.rpartition(".")
    known = {path.rpartition("/")[2] for path in case.candidates[:300] if path.endswith(tuple(f".{one}" for one in _SUFFIXES))} | _STOCK_UNITS
    if name != said["name"]:
        wanted = {name} if suffix in _SUFFIXES else set()
    elif not stem:
        wanted = {unit for unit in known if unit.partition(".")[0] == name}
        wanted = {f"{name}.target"} if f"{name}.target" in _STOCK_UNITS else wanted
    else:
        near = one_of_list(suffix, _SUFFIXES) if suffix not in _SUFFIXES else None
        wanted = {f"{stem}.{near}"} if near else set()
    if len(wanted) == 1:
        unit = wanted.pop()
        yield from _line_changed(case, said, rf"(?<=[= ]){re.escape(said['name'])}(?=\s|$)", unit, f"Corrected the unit {said['name']} to {unit}",
                                 f"{said['name']} is no name of a unit; {unit} is the one that it can only mean.")  # fmt: skip


_STOCK_UNITS = frozenset(f"{name}.target" for name in "network-online network network-pre multi-user graphical default local-fs remote-fs basic sysinit timers sockets time-sync".split())


def boolean(case: Case, said: Said) -> Iterator[Fix]:
    near = one_of_list(said["name"].lower(), _BOOLEANS)
    if near:
        yield from _line_changed(case, said, rf"^(\w+\s*=\s*){re.escape(said['name'])}(?=\s*$)", rf"\g<1>{near}", f"Corrected the boolean {said['name']} to {near}",
                                 f"systemd reads no boolean from {said['name']}.")  # fmt: skip


def time_span(case: Case, said: Said) -> Iterator[Fix]:
    """``TimeoutStartSec=30 sce``: the one unit of time that is no such word. Singular and plural are the same."""
    shown = said["name"]
    wrong = [word for word in re.findall(r"[A-Za-z]+", shown) if word not in _TIMES]
    near = {unit for unit in _TIMES if wrong and len(unit) >= 3 and distance(wrong[0].lower(), unit, 1) <= 1} if len(wrong) == 1 else set()
    if len({unit.rstrip("s") for unit in near}) == 1:
        unit = min(near, key=lambda known: (sorted(known) != sorted(wrong[0]), -len(known)))
        value = re.sub(rf"(?<![A-Za-z]){wrong[0]}(?![A-Za-z])", unit, shown)
    elif not wrong and re.fullmatch(r"\d+ ?[a-z]+[.,;]", shown):
        value = shown[:-1]
    else:
        return
    yield from _line_changed(case, said, rf"^(\w+\s*=\s*){re.escape(shown)}(?=\s*$)", rf"\g<1>{value}", f"Wrote the time as {value}",
                             f"systemd reads no time from {shown}.")  # fmt: skip


_CALENDAR = frozenset("""daily weekly monthly hourly minutely yearly annually quarterly semiannually mon tue wed thu fri sat sun
    monday tuesday wednesday thursday friday saturday sunday utc""".split())


def calendar(case: Case, said: Said) -> Iterator[Fix]:
    """``OnCalendar=dayly``, ``Monn 03:00`` and ``03.00``: the one word that is no day or period, and a time with a dot."""
    shown = said["name"]
    wrong = [word for word in re.findall(r"(?<![\w/])[A-Za-z]{3,}(?![\w/])", shown) if word.lower() not in _CALENDAR]
    near = one_of_list(wrong[0].lower(), _CALENDAR) if len(wrong) == 1 else None
    if near:
        value = shown.replace(wrong[0], near.capitalize() if wrong[0][0].isupper() else near)
    elif not wrong and re.search(r"(?<![\d.:])[012]?\d\.[0-5]\d(?:[.:][0-5]\d)?$", shown):
        value = re.sub(r"(\d)\.(\d\d)", r"\1:\2", shown)
    else:
        return
    yield from _line_changed(case, said, rf"^(OnCalendar\s*=\s*){re.escape(shown)}(?=\s*$)", rf"\g<1>{value}", f"Wrote the calendar as {value}",
                             f"systemd reads no time from {shown}.")  # fmt: skip


def absolute_path(case: Case, said: Said) -> Iterator[Fix]:
    """``ExecStart=usr/bin/x`` without the first slash."""
    wrong = said["name"]
    if re.match(r"(?:usr|bin|sbin|opt|srv|home|root|var|etc|tmp|mnt)(?:/|$)", wrong):
        yield from _line_changed(case, said, rf"^(\w+\s*=\s*[-@+!:]*){re.escape(wrong)}(?=\s|$)", rf"\g<1>/{wrong}", f"Wrote the path as /{wrong}",
                                 "systemd wants an absolute path, and this one lacks only its first slash.")  # fmt: skip


def unit_reference(case: Case, said: Said) -> Iterator[Fix]:
    """A unit that is not found: the one of the repository's units with nearly that name, where scripts and units name it."""
    stem, dot, suffix = said["name"].partition(".")
    units = {path.rpartition("/")[2] for path in case.candidates[:300] if path.endswith(tuple(f".{one}" for one in _SUFFIXES))}
    stems = {name.partition(".")[0] for name in units if not dot or name.endswith(dot + suffix)}
    near = one_defined(stem, stems)
    if near and said["name"] not in units:
        files = [path for path in case.candidates[:200] if path.endswith((*(f".{one}" for one in _SUFFIXES), ".sh", ".bash", ".yml", ".yaml")) or path.lower().endswith("makefile")]
        uses = list(places(case, files, stem, r"(?:=(?:[^\n]* )?|\bsystemctl [^\n;|&]*?[ ]|\bname: +)", r"(?=[\s.\"']|$)"))
        yield from replaced(case, uses, near, f"Corrected the unit {stem} to {near}", f"There is no unit {stem}; {near} is the one with nearly that name.")


_FILE = r"(?:(?P<file>[^\s:]+):\d+: )?"

RULES: tuple[Rule, ...] = (
    Rule("systemd-key", ("unknown key", "unknown lvalue"), (_FILE + r"Unknown (?:key(?: name)?|lvalue) '(?P<name>[\w+-]+)' in section",), key),
    Rule("systemd-section", ("unknown section",), (_FILE + r"Unknown section '(?P<name>\w+)'",), section),
    Rule("systemd-header", ("invalid section header", "missing '='", "outside of section"), (_FILE + r"(?:Invalid section header|Missing '='|Assignment outside of section)",), header),
    Rule("systemd-no-header", ("outside of section",), (_FILE + r"Assignment outside of section",), missing_header),
    Rule("systemd-calendar", ("calendar",), (_FILE + r"Failed to parse calendar specification, ignoring: (?P<name>.+?)\s*$",), calendar),
    Rule("systemd-equals", ("missing '='",), (_FILE + r"Missing '='",), equals),
    Rule("systemd-dependency", ("failed to add dependency",), (_FILE + r"Failed to add dependency on (?P<name>[\w@.-]+[,;]?), ignoring",), dependency),
    Rule("systemd-boolean", ("failed to parse",), (_FILE + r"Failed to parse (?:boolean value|\w+=), ignoring: (?P<name>[a-zA-Z]+)$",), boolean),
    Rule("systemd-time", ("failed to parse",), (_FILE + r"Failed to parse (?:sec value|\w+= parameter), ignoring: (?P<name>\d[\w ]*[.,;]?)$",), time_span),
    Rule("systemd-path", ("absolute path", "not absolute"), (_FILE + r"Neither a valid executable name nor an absolute path: (?P<name>\S+)", _FILE + r"(?:Executable|\w+=) path is not absolute(?:, ignoring)?: (?P<name>\S+)"), absolute_path),
    Rule("systemd-unit", ("unit",), (r"[Uu]nit (?:file )?(?P<name>[\w@-]+(?:\.\w+)?) (?:not found|could not be found|does not exist)", r"Failed to (?:start|enable|restart) [\w@.-]+: Unit (?:file )?(?P<name>[\w@-]+(?:\.\w+)?) "), unit_reference),
    Rule("systemd-value", ("failed to parse",), (_FILE + r"Failed to parse (?!calendar|sec)[\w ]+, ignoring: (?P<name>[\w-]+)",), value),
)  # fmt: skip
