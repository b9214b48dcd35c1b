# ruff: noqa: RUF001 - tools print typographic quotes
"""What a line says, without what was put before it: times, hosts, levels, CI and container marks."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import IntEnum

from .languages import translate

SHOWN = 8000  # characters of a line that are kept: a whole line of ``decoding``
_GIST_HEAD, _GIST_TAIL = 700, 500


class Level(IntEnum):
    """How loud the line itself claims to be."""

    NONE = 0
    DEBUG = 1
    INFO = 2
    WARN = 3
    ERROR = 4


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the excerpt: ``text`` without prefixes, in English where the words were a known
    translation; ``indent`` is what stood before the text once the prefixes were gone; ``command`` marks a
    line that
    echoes a command (``set -x``, ``$ ...``) instead of reporting."""

    index: int
    text: str
    level: Level = Level.NONE
    indent: int = 0
    command: bool = False
    box: bool = False  # a line of a Terraform box
    task: str | None = None  # the Ansible task whose output it is


_LEVELS = {
    "trace": Level.DEBUG, "debug": Level.DEBUG, "dbg": Level.DEBUG, "verbose": Level.DEBUG,
    "info": Level.INFO, "inf": Level.INFO, "notice": Level.INFO, "note": Level.INFO, "log": Level.INFO,
    "warn": Level.WARN, "warning": Level.WARN, "wrn": Level.WARN, "deprecated": Level.WARN,
    "error": Level.ERROR, "err": Level.ERROR, "fatal": Level.ERROR, "critical": Level.ERROR,
    "crit": Level.ERROR, "panic": Level.ERROR, "alert": Level.ERROR, "emerg": Level.ERROR,
    "fehler": Level.ERROR,
    "erreur": Level.ERROR, "severe": Level.ERROR, "fail": Level.ERROR, "failed": Level.ERROR,
    "failure": Level.ERROR,
}  # fmt: skip
_KLOG = {"I": Level.INFO, "W": Level.WARN, "E": Level.ERROR, "F": Level.ERROR}

_CLOCK = r"\d\d:\d\d:\d\d(?:[.,:]\d+)?"
_ISO = r"\d{4}[-/]\d\d[-/]\d\d(?:[T _]" + _CLOCK + r"(?: ?(?:Z|UTC|GMT|CES?T|[+-]\d\d:?\d\d)\b)?)?"
_SYSLOG = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [ 0123]?\d (?:\d{4} )?" + _CLOCK
_DATE = (  # `date` as scripts print it: Mon Jan  1 00:00:00 UTC 2024
    r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? (?:[A-Z][a-z]{2} [ \d]\d|\d{1,2} [A-Z][a-z]{2}(?: \d{4})?) "
    + _CLOCK
    + r"(?: ?[AP]M)?(?: [A-Z]{3,4})?(?: \d{4})?"
)
_LEVEL_WORDS = (
    r"TRACE|DEBUG|DBG|VERBOSE|INFO|INF|NOTICE|NOTE|LOG|WARN(?:ING)?|WRN|DEPRECATED|ERROR|ERR|FATAL"
    r"|CRIT(?:ICAL)?|PANIC"
    r"|ALERT|EMERG|FEHLER|ERREUR|SEVERE|FAIL(?:ED|URE)?"
)
_PREFIX = re.compile(
    r"(?P<klog>[IWEF])\d{4} \d\d:\d\d:\d\d\.\d+ +\d+ [\w.-]+:\d+\] "
    rf"|{_SYSLOG} [^\s:]+ [\w.@/()-]+(?:\[\d+\])?: "  # syslog: host program[pid]:
    rf"|{_ISO} [^\s:]+ [\w.@/()-]+\[\d+\]: "  # journalctl -o short-iso
    rf"|[\[(]?(?:{_ISO}|{_SYSLOG}|{_DATE})[\])]?(?: -)?[: ]*"
    rf"|\[?{_CLOCK}\]?[: ] *(?:-+ )?"
    # talosctl dmesg
    r"|(?:user|kern|daemon|syslog): +(?:debug|info|notice|warning|err|crit): \[[^\]]{1,40}\]: "
    r"|\[ *\d{1,10}\.\d{3,9}\] "  # dmesg, ts
    r"|#\d+ (?:\d+\.\d+ |(?=[A-Z]))"  # BuildKit
    r"|\d\d[OE][+ ]"  # GitLab runners: stream number and kind
    r"|section_(?:start|end):\d+:\w+(?:\[[^\]]*\])?|##\[(?P<azure>\w+)\]|::(?P<github>error|warning|notice"
    r"|debug|group|endgroup)[^:]*::"
    r"|npm (?P<npm>ERR!|error|WARN|warn)(?: code)? ?"
    rf"|[\[(<](?P<bracketed>(?i:{_LEVEL_WORDS}))[\])>]:?\s*|(?P<word>(?:{_LEVEL_WORDS}))(?:\[\d+\])?(?::"
    rf"|\s*\||\s-|\s\s|!|\t)\s*"
    rf"|[\w.]+ - (?P<pylog>{_LEVEL_WORDS}) - "
    r"|(?P<bare>ERROR|ERRO|WARNING|WARN|INFO|DEBUG|FATAL|CRITICAL) (?=\S)"
    r"|\[[A-Za-z][\w .:/@#-]{0,40}\](?::|\s-)? \s*(?=\S)|\[\d{1,4}/\d{1,4}\] "
    r"|[A-Za-z][\w.-]{0,60} +\| (?=\S)"  # docker compose, foreman
    r"|[│┃▏║] ?|[╷╵├└─]+\s?"
)
_WARNING = re.compile(r"(?:warning|warn|deprecat\w+|note|hint|avertissement|warnung|advertencia|W)\b ?[:(\[]|⚠", re.I)
_LOGFMT = re.compile(r'(?:^|\s)(level|lvl|msg|message|error|err|reason)=("(?:[^"\\]|\\.){0,2000}"|\S+)')
_TASK = re.compile(r"^(?:TASK|RUNNING HANDLER) \[(.{1,200}?)\](?: \*+)?$")
_COMMAND = re.compile(r"^(?:\++ |\$ |# (?=[\w./-]+ )|> \w|❯ |(?:Running|Executing|RUN|CMD|Command)(?: command)?: )")


def gist(text: str) -> str:
    """What of a long text is held against patterns: its beginning, and its end, where chains of errors put
    the cause."""
    return text if len(text) <= _GIST_HEAD + _GIST_TAIL else f"{text[:_GIST_HEAD]} ... {text[-_GIST_TAIL:]}"


def read_lines(lines: Sequence[str]) -> list[Line]:
    """Every line of an excerpt, understood on its own."""
    foreign = translate(lines)
    read: list[Line] = []
    task: str | None = None
    for index, raw in enumerate(lines):
        line = _read(index, foreign.get(index, raw)[:SHOWN])
        if line.text.startswith(("TASK [", "RUNNING HANDLER [", "PLAY ")):
            named = _TASK.match(line.text)
            task = named[1] if named else None
        read.append(replace(line, task=task) if task else line)
    return read


def _read(index: int, raw: str) -> Line:
    text, level, box = raw, Level.NONE, False
    for _ in range(8):
        stripped = text.lstrip()
        found = _PREFIX.match(stripped)
        if not found or not found.end():
            break
        box = box or stripped[0] in "│╷╵"
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
        if said:
            level = max(
                level,
                _KLOG.get(said) or _LEVELS.get(said.lower().rstrip("!"), Level.ERROR if said == "ERRO" else level),
            )
        text = stripped[found.end() :]
    bare = text.strip()
    if level < Level.ERROR and _WARNING.match(bare):
        level = Level.WARN
    if bare.startswith("{") and bare.endswith("}"):
        bare, level = _json_line(bare, level)
    elif "level=" in bare or "lvl=" in bare or 'msg="' in bare or bare.startswith("msg="):
        bare, level = _logfmt_line(bare, level)
    return Line(index, bare, level, len(text) - len(text.lstrip()), bool(_COMMAND.match(bare)), box)


def _json_line(text: str, level: Level) -> tuple[str, Level]:
    try:
        fields = json.loads(text)
    except (ValueError, RecursionError):
        return text, level
    if not isinstance(fields, dict):
        return text, level
    message = next((fields[key] for key in ("msg", "message", "@message") if isinstance(fields.get(key), str)), None)
    if message is None:
        return text, level
    cause = next((fields[key] for key in ("error", "err", "reason") if isinstance(fields.get(key), str)), "")
    said = str(fields.get("level") or fields.get("lvl") or fields.get("severity") or fields.get("@level") or "")
    return _joined(message, cause), max(level, _LEVELS.get(said.lower(), Level.NONE))


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


def _joined(message: str, cause: str) -> str:
    text = f"{message}: {cause}" if cause and cause not in message else message
    return " ".join(text.split())
