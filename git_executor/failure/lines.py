# ruff: noqa: RUF001 - tools print typographic quotes
"""What a line says, without what was put before it: times, hosts, levels, CI and container marks."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from enum import IntEnum
from typing import NamedTuple

from .decoding import uncoloured
from .languages import translate
from .patterns import Pattern
from .prefixes import learn_prefix

SHOWN = 8000  # characters of a line that are kept: a whole line of ``decoding``
NPM = "npm"  # the tag of a line that npm put its name before: what it says takes several
_GIST_HEAD, _GIST_TAIL = 700, 500


class Level(IntEnum):
    """How loud the line itself claims to be."""

    NONE = 0
    DEBUG = 1
    INFO = 2
    WARN = 3
    ERROR = 4


class Line(NamedTuple):
    """One line of the excerpt: ``text`` without prefixes, in English where the words were a known
    translation; ``indent`` is what stood before the text once the prefixes were gone; ``command`` marks a
    line that
    echoes a command (``set -x``, ``$ ...``) instead of reporting."""

    index: int  # type: ignore[assignment]  # hides tuple.index, which nobody needs here
    text: str
    level: Level = Level.NONE
    indent: int = 0
    command: bool = False
    box: int = 0  # how many of Terraform's box lines stood before the text
    task: str | None = None  # the Ansible task whose output it is
    about: str = ""  # what the fields beside a logger's message name: an object, a domain, a path
    stream: str = ""  # the first bracketed name before the text: whose output it is, where several run at once
    tag: str = ""  # the last bracketed name before the text, in lower case: "[cleanup] rm ..."


_LEVELS = {
    "trace": Level.DEBUG, "debug": Level.DEBUG, "dbg": Level.DEBUG, "verbose": Level.DEBUG,
    "info": Level.INFO, "inf": Level.INFO, "notice": Level.INFO, "note": Level.INFO, "log": Level.INFO,
    "warn": Level.WARN, "warning": Level.WARN, "wrn": Level.WARN, "deprecated": Level.WARN,
    "error": Level.ERROR, "err": Level.ERROR, "fatal": Level.ERROR, "critical": Level.ERROR,
    "crit": Level.ERROR, "panic": Level.ERROR, "alert": Level.ERROR, "emerg": Level.ERROR,
    "ftl": Level.ERROR, "pnc": Level.ERROR, "fata": Level.ERROR, "pani": Level.ERROR, "erro": Level.ERROR,
    "debu": Level.DEBUG, "trac": Level.DEBUG, "e!": Level.ERROR, "w!": Level.WARN, "fehler": Level.ERROR,
    "erreur": Level.ERROR, "severe": Level.ERROR, "fail": Level.ERROR, "failed": Level.ERROR,
    "failure": Level.ERROR,
}  # fmt: skip
_NUMBERED_LEVELS = {  # those of pino and bunyan
    "10": Level.DEBUG, "20": Level.DEBUG, "30": Level.INFO, "40": Level.WARN, "50": Level.ERROR, "60": Level.ERROR,
}  # fmt: skip
_SAID = ("msg", "message", "@message", "log", "MESSAGE", "short_message", "event")
_LEVEL_KEYS = ("level", "lvl", "severity", "@level", "log.level")
_CARRIERS = 3  # a logger's JSON within Docker's JSON within ...
_ALIKE = 4  # lines in JSON that all name the same level: whoever carried them made it up
_KLOG = {"I": Level.INFO, "W": Level.WARN, "E": Level.ERROR, "F": Level.ERROR}

_CLOCK = r"\d\d:\d\d:\d\d(?:[.,:]\d+)?"
_ISO = r"\d{4}[-/]\d\d[-/]\d\d(?:[T _]" + _CLOCK + r"(?: ?(?:Z|UTC|GMT|CES?T|[+-]\d\d:?\d\d)\b)?)?"
_DAY_FIRST = r"\d\d[./]\d\d[./]\d{4},?[T ]" + _CLOCK
_SYSLOG = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [ 0123]?\d (?:\d{4} )?" + _CLOCK
_DATE = (  # `date` as scripts print it: Mon Jan  1 00:00:00 UTC 2024
    r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? (?:[A-Z][a-z]{2} [ \d]\d|\d{1,2} [A-Z][a-z]{2}(?: \d{4})?) "
    + _CLOCK
    + r"(?: ?[AP]M)?(?: [A-Z]{3,4})?(?: \d{4})?"
)
_LEVEL_WORDS = (
    r"TRACE|DEBUG|DBG|VERBOSE|INFO|INF|NOTICE|NOTE|LOG|WARN(?:ING)?|WRN|DEPRECATED|ERROR|ERR|FATAL"
    r"|CRIT(?:ICAL)?|PANIC|FTL|PNC|FATA|ERRO|PANI|DEBU|TRAC"
    r"|ALERT|EMERG|FEHLER|ERREUR|SEVERE|FAIL(?:ED|URE)?"
)
_PREFIX = Pattern(
    r"(?P<klog>[IWEF])\d{4} \d\d:\d\d:\d\d\.\d+ +\d+ [\w.-]+:\d+\] "
    rf"|{_SYSLOG} [^\s:]+ [\w.@/()-]+(?:\[\d+\])?:(?: |$)"  # syslog: host program[pid]:
    rf"|{_ISO} [^\s:]+ [\w.@/()-]+\[\d+\]:(?: |$)"  # journalctl -o short-iso
    r"|(?:[\w.-]+ )?(?!make)[\w./-]+(?:\[\d{2,}\]|(?<=systemd)\[1\]):(?: |$)"  # the same, its time gone
    r"|\+?\d+(?:\.\d+)?s? ?\|(?: |$)"  # seconds since the start
    r"|[\[(]?(?:T?\+)?\d{1,7}\.\d{2,9}s?[\])]? (?=[^\d%])(?!(?:[kMGT]?i?B|m?s|secs?|seconds)\b)"
    r"|std(?:out|err) [FP](?: |$)|<\d{1,3}>(?:1 )?"  # containerd; the kernel's and syslog's priority
    r"|(?:[\d.%]+[kMG]? +){4,12}(?:[-\d]+:[-\d]+:[-\d]+ +){2,3}[\d.]+[kMG]?(?=curl: )"  # curl's meter
    rf"|[\[(]?(?:{_ISO}|{_SYSLOG}|{_DATE}|{_DAY_FIRST})[\])]?(?: -)?[: ]*(?:\| )?"
    r"|\d+#\d+: (?:\*\d+ )?"  # nginx: process and thread
    rf"|\[?{_CLOCK}\]?[: ] *(?:-+ )?"
    # talosctl dmesg
    r"|(?:\d+\.\d+\.\d+\.\d+: )?(?:user|kern|daemon|syslog): +(?:debug|info|notice|warning|err|crit): \[[^\]]{1,40}\]: "
    r"|\[ *\d{1,10}\.\d{3,9}\] "  # dmesg, ts
    r"|#\d+ (?:\d+\.\d+ |(?=[A-Z]))"  # BuildKit
    r"|\d\d[OE][+ ]"  # GitLab runners: stream number and kind
    r"|section_(?:start|end):\d+:\w+(?:\[[^\]]*\])?|##\[(?P<azure>\w+)\]|::(?P<github>error|warning|notice"
    r"|debug|group|endgroup)[^:]*::"
    r"|npm (?P<npm>ERR!|error|WARN|warn)(?: code)? ?"
    rf"|[\[(<](?P<bracketed>(?i:{_LEVEL_WORDS}))[\])>]:?\s*|(?P<word>(?:{_LEVEL_WORDS}))(?:\[\d+\])?(?::"
    rf"|\s*\||\s-|\s\s|!|\t)\s*"
    rf"|[\w.]+ - (?P<pylog>{_LEVEL_WORDS}) - "
    r"|\d{1,2}:\d\d[AP]M (?=[A-Z]{3} )"  # zerolog's console
    r"|(?P<bare>ERROR|ERRO|ERR|WARNING|WARN|WRN|INFO|INF|DEBUG|DBG|FATAL|FTL|CRITICAL|PANIC|[EWI]!) (?=\S)"
    r"|\[(?P<tag>[A-Za-z][\w .:/@#-]{0,80})\](?:(?::|\s-)? (?=\s*\S)(?!(?:is|are|was|were|has|have|must|should|cannot|does|not|and|or)\b)|$)|\[\d{1,4}/\d{1,4}\] "
    r"|(?:\d{1,3}\|)?[A-Za-z][\w.-]{0,60} +\|(?: (?!FAILED|UNREACHABLE|CHANGED|SUCCESS)|$)"  # docker compose, foreman
    r"|(?P<mark>[✖✗✘✕❌⛔🛑💥]\ufe0f?) *"
    r"|[\u2801-\u28ff] ?|[|\\](?=[A-Za-z])"  # spinners
    r"|[│┃▏║] ?|[╷╵├└─]+\s?"
)
_REMARK = Pattern(r"(?:note|hint|info)\b ?:", re.I)
_WARNING = Pattern(
    r"(?:warning|warn|deprecat\w+|avertissement|warnung|advertencia|W)\b ?[:(\[]|⚠|warning +[A-Z]\w+ +\d+[smhd]|\d+:\d+ +warning ",
    re.I,
)
_LOGFMT = Pattern(r'(?:^|\s)(level|lvl|msg|message|error|err|reason)=("(?:[^"\\]|\\.){0,2000}"|\S+)')
_NAMING = {  # none that names who ran, or carried, the log: host, pod, job, container ...
    "name", "namespace", "kind", "object", "identifier", "domain", "url", "path", "file", "resource", "release",
    "chart", "image", "device", "volume", "repo", "repository", "bucket", "unit", "vmid", "storage", "interface",
    "zone", "record",
}  # fmt: skip
_FIELD = Pattern(r'(?:^|\s)([a-z]{2,12})=("(?:[^"\\]|\\.){0,400}"|[^\s"]{1,400})')
_TASK = Pattern(r"^(?:TASK|RUNNING HANDLER) \[(.{1,200}?)\](?: \*+)?$")
_COMMAND = Pattern(r"^(?:\++ |\$ |# (?=[\w./-]+ )|> [a-z./]|❯ |(?:Running|Executing|RUN|CMD|Command)(?: command)?: )")


def gist(text: str) -> str:
    """What of a long text is held against patterns: its beginning, and its end, where chains of errors put
    the cause."""
    return text if len(text) <= _GIST_HEAD + _GIST_TAIL else f"{text[:_GIST_HEAD]} ... {text[-_GIST_TAIL:]}"


def read_lines(lines: Sequence[str]) -> list[Line]:
    """Every line of an excerpt, understood on its own."""
    unpacked = [_unpacked(raw[:SHOWN]) for raw in lines]
    if len(unpacked) >= _ALIKE and len({level for _, level, _ in unpacked}) == 1:
        unpacked = [(said, Level.NONE, about) for said, _, about in unpacked]  # the carrier's, not the message's
    foreign = translate([said for said, _, _ in unpacked])
    read: list[Line] = []
    task: str | None = None
    common = learn_prefix([said for said, _, _ in unpacked])
    for index, (said, level, about) in enumerate(unpacked):
        said = foreign.get(index, said)
        found = common.match(said) if common else None
        line = _read(index, said[found.end() :], found.groups()) if found else _read(index, said)
        if level > line.level or about:
            line = line._replace(level=max(level, line.level), about=about or line.about)
        if line.text.startswith(("TASK [", "RUNNING HANDLER [", "PLAY ")):
            named = _TASK.match(line.text)
            task = named[1] if named else None
        read.append(line._replace(task=task) if task else line)
    return read


def _read(index: int, raw: str, levels: Sequence[str] = ()) -> Line:
    """A line; ``levels`` are those that stood before ``raw``."""
    text, box, tag, about, stream = raw, 0, "", "", ""
    level = max((_LEVELS.get(word.strip("[]()<>:|").lower(), Level.NONE) for word in levels), default=Level.NONE)
    for _ in range(8):
        stripped = text.lstrip()
        found = _PREFIX.match(stripped)
        if not found or not found.end():
            break
        box += stripped[0] in "│╷╵├"
        tag = found["tag"] or tag
        stream = stream or found["tag"] or ""
        said = (
            found["klog"]
            or found["azure"]
            or found["github"]
            or found["npm"]
            or found["bracketed"]
            or found["word"]
            or found["bare"]
            or found["pylog"]
        )
        if found["mark"]:
            level = Level.ERROR
        if found["npm"]:
            tag = NPM
        if said:
            level = max(
                level,
                _KLOG.get(said)
                or _LEVELS.get(said.lower())
                or _LEVELS.get(said.lower().rstrip("!"), Level.ERROR if said == "ERRO" else level),
            )
        text = stripped[found.end() :]
    bare = text.strip()
    if level < Level.ERROR and _WARNING.match(bare):
        level = Level.WARN
    elif level is Level.NONE and _REMARK.match(bare):
        level = Level.INFO
    if bare.startswith("{") and bare.endswith("}"):
        bare, level = _json_line(bare, level)
    elif "level=" in bare or "lvl=" in bare or 'msg="' in bare or bare.startswith("msg="):
        about = _about_logfmt(bare)
        bare, level = _logfmt_line(bare, level)
    indent = len(text) - len(text.lstrip())
    return Line(
        index, bare, level, indent, bool(_COMMAND.match(bare)), box, about=about, stream=stream, tag=tag.lower()
    )


def _unpacked(raw: str) -> tuple[str, Level, str]:
    """A line without the JSON that carried it (Docker's ``log``, journald's ``MESSAGE``, a logger's ``msg``), the
    level that the JSON names, and what its other fields name. Other lines stay what they are."""
    level, about = Level.NONE, ""
    for _ in range(_CARRIERS):
        bare = raw.strip()
        if not (bare.startswith("{") and bare.endswith("}")):
            break
        said, level = _json_line(bare, level)
        if said == bare:
            break
        raw, about = said, _about_json(bare)
    return raw, level, about


def _json_line(text: str, level: Level) -> tuple[str, Level]:
    import json  # few logs hold such lines

    try:
        fields = json.loads(text)
    except (ValueError, RecursionError):
        return text, level
    if not isinstance(fields, dict):
        return text, level
    message = next((fields[key] for key in _SAID if isinstance(fields.get(key), str)), None)
    if message is None:
        return text, level
    cause = next((fields[key] for key in ("error", "err", "reason", "cause") if isinstance(fields.get(key), str)), "")
    said = str(next((fields[key] for key in _LEVEL_KEYS if fields.get(key) is not None), ""))
    told = _LEVELS.get(said.lower()) or _NUMBERED_LEVELS.get(said, Level.NONE)
    message = uncoloured(message)
    return (_joined(message, uncoloured(cause)) if cause else message.rstrip("\r\n")), max(level, told)


def _logfmt_line(text: str, level: Level) -> tuple[str, Level]:
    fields: dict[str, str] = {}
    for key, value in _LOGFMT.findall(text):
        if value.startswith('"'):
            value = value[1:-1].replace('\\"', '"').replace("\\n", " ")
        fields.setdefault(key, value)
    message = fields.get("msg") or fields.get("message")
    if not message:
        return text, level
    said = fields.get("level") or fields.get("lvl") or ""
    cause = fields.get("error") or fields.get("err") or fields.get("reason") or ""
    return _joined(message, cause), max(level, _LEVELS.get(said.lower(), Level.NONE))


def _about_json(text: str) -> str:
    """The names in a logger's JSON: of its own fields, and of the object that one of them describes."""
    import json

    try:
        fields = json.loads(text)
    except (ValueError, RecursionError):
        return ""
    if not isinstance(fields, dict):
        return ""
    named = {key.lower(): value for key, value in fields.items() if key.lower() in _NAMING and isinstance(value, str)}
    for value in fields.values():
        if (
            isinstance(value, dict)
            and isinstance(value.get("name"), str)
            and set(value) <= {"name", "namespace", "kind"}
        ):
            named.update((key, part) for key, part in value.items() if isinstance(part, str))
    return _listed(named)


def _about_logfmt(text: str) -> str:
    return _listed({key: value.strip('"') for key, value in _FIELD.findall(text) if key in _NAMING})


def _listed(named: Mapping[str, str]) -> str:
    return " ".join(f"{key}={named[key][:200]}" for key in sorted(named) if named[key])


def _joined(message: str, cause: str) -> str:
    text = f"{message}: {cause}" if cause and cause not in message else message
    return " ".join(text.split())
