"""From a command as the API tier wrote it to programs that may be started, or to the reason why not."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from git_executor.escalation.diagnostics import paths
from git_executor.escalation.diagnostics.grammar import Tool, match
from git_executor.escalation.diagnostics.paths import Place
from git_executor.escalation.diagnostics.tools import FILTERS, TOOLS
from git_executor.escalation.diagnostics.words import Errors, Refused, Simple, Word, split

MAX_PROGRAMS = 8


@dataclass(frozen=True, slots=True)
class Program:
    """One program to start: its words, what it finds in its environment besides the plain minimum, and whether it
    needs the operator's home folder. ``inherit`` names variables to take over from the operator."""

    argv: tuple[str, ...]
    environ: Mapping[str, str]
    inherit: tuple[str, ...] = ()
    home: bool = False
    errors: Errors = Errors.SHOWN


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Programs, each reading what the one before it writes."""

    command: str
    programs: tuple[Program, ...]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a command does not run: one line, with what to write instead where that helps."""

    command: str
    reason: str


def parse(command: str, *, extra: Sequence[str] = (), place: Place | None = None) -> Pipeline | Refusal:
    """Hold a command against the grammar.

    ``extra`` are commands that a person allowed as they are written (a stage's ``diagnostics:``): these may name any
    program, yet no shell runs them either. ``place`` is where paths are looked up, by default the current folder.
    """
    approved = _squeezed(command) in {_squeezed(allowed) for allowed in extra}
    try:
        simples = split(command)
        if len(simples) > MAX_PROGRAMS:
            raise Refused(f"more than {MAX_PROGRAMS} programs in one pipe")
        if approved:
            programs = [_approved(simple) for simple in simples]
        else:
            where = place or Place(".")
            programs = [_judged(simple, where, behind_pipe=index > 0) for index, simple in enumerate(simples)]
    except Refused as e:
        return Refusal(command, str(e))
    return Pipeline(command, tuple(programs))


def _squeezed(command: str) -> str:
    return " ".join(command.split())


def _approved(simple: Simple) -> Program:
    argv = tuple(word.text for word in simple.words)
    return Program(argv, dict(simple.environ), inherit=_OPERATORS_OWN, home=True, errors=simple.errors)


_OPERATORS_OWN = ("KUBECONFIG", "TALOSCONFIG", "DOCKER_HOST", "DOCKER_CONTEXT", "USER", "LOGNAME")


def _judged(simple: Simple, place: Place, *, behind_pipe: bool) -> Program:
    name = simple.words[0].text
    tool = _tool(name)
    if behind_pipe and name not in FILTERS:
        raise Refused(f"{name} may not stand behind a pipe; {', '.join(sorted(FILTERS))} may")
    argv, last = _matched(tool, simple.words[1:], place)
    environ = dict(_assignment(key, value, place) for key, value in simple.environ)
    inherit = (*tool.environ, *last.environ)
    return Program(argv, environ, inherit, tool.home or last.home, simple.errors)


def _tool(name: str) -> Tool:
    if name in TOOLS:
        return TOOLS[name]
    if "/" in name:
        raise Refused(f"{name}: tools are named without a folder")
    if name in ("sudo", "doas", "timeout", "env", "nice", "time", "watch", "xargs", "bash", "sh", "ssh"):
        raise Refused(f"{name} starts other programs; name the read-only command itself")
    raise Refused(f"{name} is not among the tools that only look: {', '.join(sorted(TOOLS))}")


def _matched(tool: Tool, words: Sequence[Word], place: Place) -> tuple[tuple[str, ...], Tool]:
    found = match(tool, words, place)
    if not found.delegate:
        return found.argv, tool
    inner = TOOLS[found.delegate]
    behind = match(inner, found.delegated, place)
    if behind.delegate:
        raise Refused(f"{tool.name} {found.delegate} {behind.delegate} is too deep")
    return found.argv + behind.argv[1:], inner


_HARMLESS = {
    "LC_ALL": re.compile(r"[A-Za-z_.0-9-]{1,30}"),
    "LANG": re.compile(r"[A-Za-z_.0-9-]{1,30}"),
    "TZ": re.compile(r"[A-Za-z][A-Za-z_/+0-9-]{1,40}"),
    "NO_COLOR": re.compile(r"1|true"),
    "TERM": re.compile(r"dumb|xterm|linux"),
    "PAGER": re.compile(r"cat"),
    "GIT_PAGER": re.compile(r"cat"),
    "SYSTEMD_PAGER": re.compile(r"cat|"),
}


_CONFIGURATIONS = {"KUBECONFIG": paths.kubeconfig, "TALOSCONFIG": paths.inside}


def _assignment(key: str, value: str, place: Place) -> tuple[str, str]:
    if key in _HARMLESS and _HARMLESS[key].fullmatch(value):
        return key, value
    if key not in _CONFIGURATIONS:
        raise Refused(f"{key}= may not be set; {' and '.join(_CONFIGURATIONS)} may")
    return key, _CONFIGURATIONS[key](Word(value), place)
