"""Briefing -> Proposal: one module a fixer, imported only when it is asked for."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from pathlib import Path

from git_executor.domain import Briefing, Fixer
from git_executor.errors import UsageError
from git_executor.settings import Machine

NAMES = ("recorded", "ollama", "codex", "command", "scripted")
FORMS = ("diff", "blocks", "file")

Progress = Callable[[str], None]
Shrink = Callable[[Briefing], Briefing]


def build(
    name: str,
    machine: Machine,
    *,
    progress: Progress | None = None,
    shrink: Shrink | None = None,
    answers: Path | None = None,
) -> Fixer:
    """The fixer called ``name``, ready to be asked.

    ``progress`` is told one short line at a time while a model works; one that begins with a carriage return takes the
    place of the last. ``shrink`` makes a smaller briefing of the same
    failure, for a server whose context turns out too small. ``answers`` is the file or directory that the
    scripted fixer replays. Raises ``UsageError`` for a name that there is not, with near ones.
    """
    if name == "recorded":
        from git_executor.fixers.recorded import Recorded

        return Recorded()
    if name == "ollama":
        from git_executor.fixers.ollama import Ollama

        return Ollama(machine, progress=progress, shrink=shrink)
    if name == "codex":
        from git_executor.fixers.codex import Codex

        return Codex(machine, progress=progress)
    if name == "command":
        from git_executor.fixers.command import Command

        return Command(machine, progress=progress)
    if name == "scripted":
        from git_executor.fixers.scripted import Scripted

        if answers is None:
            raise UsageError("the scripted fixer needs a file or directory of answers", hint="--response FILE")
        return Scripted(answers)
    near = difflib.get_close_matches(name, (*NAMES, "playbook"), n=2, cutoff=0.5)
    hint = f"did you mean {' or '.join(near)}?" if near else "known fixers: " + ", ".join((*NAMES, "playbook"))
    raise UsageError(f"no fixer {name!r}", hint=hint)


def check(name: str, machine: Machine) -> str:
    """Ask whether fixer ``name`` could be asked now, within seconds: what it would be, in a few words.

    Raises what ``build`` raises, and ``FixerUnavailable`` with the reason and what to do.
    """
    fixer = build(name, machine)
    if name == "ollama":
        from git_executor.fixers.ollama_host import ready

        return f"{machine.model}, {ready(machine)}, answers as {answer_form(name, machine)}"
    if name == "codex":
        from git_executor.fixers.codex import ready as found

        return found(machine)
    if name == "command":
        from git_executor.fixers.command import ready as there

        return there(machine)
    return fixer.name if fixer.name != name else ""


def answer_form(name: str, machine: Machine) -> str:
    """The form in which fixer ``name`` is asked to answer: what ``executor.answerForm`` says, else by the model's size.

    Small models cannot write diffs, and drift when they rewrite files: ``python -m tests.bench.models`` compares the forms.

    Raises ``UsageError`` for a form that there is not.
    """
    wanted = machine.answer_form
    if wanted != "auto":
        if wanted not in FORMS:
            raise UsageError(
                f"no answer form {wanted!r}", hint="executor.answerForm is one of auto, " + ", ".join(FORMS)
            )
        return wanted
    if name != "ollama":
        return "diff"
    size = re.search(r"(?<![0-9.])([0-9]+(?:\.[0-9]+)?)(b|m)(?![a-z])", machine.model.lower())
    if size is None:
        return "blocks"
    billions = float(size.group(1)) / (1 if size.group(2) == "b" else 1000)
    return "diff" if billions >= 30 else "blocks"
