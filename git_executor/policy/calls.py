"""From commands to calls: which programs really run, with which words.

``sudo -u x env A=b bash -c "..."`` runs what the quotes hold; ``ssh host ...``, ``trap``, ``find -exec``, ``xargs``, a
here-document fed to a shell and ``echo ... | sh`` do the same. Variables are followed as far as the script
assigns them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from git_executor.lazy import lazy
from git_executor.policy.expansion import HIDDEN, expand, is_hidden, printed
from git_executor.policy.inner import (
    ASSIGN as _ASSIGN,
    INTERPRETERS as INTERPRETERS,
    SHELLS as SHELLS,
    WRAPPERS as WRAPPERS,
    inner_texts,
    inner_words,
    skip_options as skip_options,
)
from git_executor.policy.shell import Command, Word, flatten, names, parse

_MAX_DEPTH = 8
_MAX_CALLS = 20_000
_MAX_VALUES = 20  # of one variable; more tell nothing new

_VARIABLE = lazy(r"\$(?:\{([A-Za-z_][A-Za-z0-9_]*)(?:\[[^\]]*\])?(?::?([-=?+])([^}]*))?\}|([A-Za-z_][A-Za-z0-9_]*))")
_DECLARE = names("export local readonly declare typeset")


@dataclass(frozen=True, slots=True)
class Call:
    """One program that runs. ``name`` is its base name; ``feeds`` are the names of what is piped into it."""

    name: str
    args: tuple[Word, ...]
    line: int
    command: Command
    feeds: tuple[Call, ...] = ()

    def texts(self) -> list[str]:
        return [word.text for word in self.args]

    def plain(self) -> list[str]:
        """The words that are no options."""
        return [text for text in self.texts() if not text.startswith("-")]

    def flag(self, short: str = "", *long: str) -> bool:
        """Whether a short letter (also in a group such as ``-rf``) or a long option is given."""
        for text in self.texts():
            if text == "--":
                return False
            if text.startswith("--"):
                if text.partition("=")[0] in long:
                    return True
            elif (text.startswith("-") and any(letter in text[1:] for letter in short)) or text in long:
                return True
        return False


@dataclass(slots=True)
class Script:
    """Everything that a text runs, and what it assigns."""

    calls: list[Call] = field(default_factory=list)
    commands: list[Command] = field(default_factory=list)
    variables: dict[str, list[str]] = field(default_factory=dict)
    notes: dict[str, object] = field(default_factory=dict)
    """What a rule has found out about the whole script, so that it need not do so for each call."""
    _index: tuple[int, dict[str, list[Call]]] = field(default_factory=lambda: (-1, {}))

    def named(self, *wanted: str) -> list[Call]:
        """The calls of those programs; found by an index, so that asking for every call stays cheap."""
        if self._index[0] != len(self.calls):
            index: dict[str, list[Call]] = {}
            for call in self.calls:
                index.setdefault(call.name, []).append(call)
            self._index = (len(self.calls), index)
        return [call for name in wanted for call in self._index[1].get(name, ())[:200]]

    def values(self, text: str, depth: int = 4) -> list[str]:
        """What ``text`` may stand for, following variables; a variable that nothing assigns stays as it is."""
        found = _VARIABLE.search(text) if depth and len(text) < 2000 else None
        if not found:
            return [text]
        name = found[1] or found[4]
        choices = list(self.variables.get(name, ()))
        if found[2] in ("-", "="):
            choices.append(found[3])
        if not choices:
            rest = self.values(text[found.end() :], depth - 1)
            return [text[: found.end()] + tail for tail in rest]
        out: list[str] = []
        for choice in choices[:4]:
            if len(out) >= 16:
                break
            out += self.values(text[: found.start()] + choice + text[found.end() :], depth - 1)
        return out[:16]

    def assembled(self) -> Iterator[tuple[str, str]]:
        """Variables that are made of others, with what that gives."""
        for name, values in list(self.variables.items())[:500]:
            for value in values[:4]:
                if "$" in value and len(value) < 500:
                    yield from ((name, text) for text in self.values(value)[:2] if "$" not in text)


def read_script(text: str, first_line: int = 1) -> Script:
    """All calls of a shell text, those inside of quotes, substitutions and here-documents too."""
    script = Script()
    _read(parse(text, first_line), script, 0)
    return script


def _read(commands: list[Command], script: Script, depth: int) -> None:
    flat = list(flatten(commands))
    script.commands += flat
    for command in flat:
        _assign(command, script)
    _run(commands, script, depth)


def _run(commands: list[Command], script: Script, depth: int) -> None:
    feeds: tuple[Call, ...] = ()
    group_start = len(script.calls)
    for command in commands:
        start = len(script.calls)
        if command.before not in ("|", "|&"):
            feeds = ()
        for call in _unwrap(command.words, command, script, depth):
            if len(script.calls) < _MAX_CALLS:
                script.calls.append(call if call.feeds else replace(call, feeds=feeds))
        if not command.words and command.redirects:
            script.calls.append(Call("", (), command.line, command, feeds))  # "> file" alone empties the file
        _feed(command, tuple(script.calls[start:]), script, depth)
        _run(command.nested, script, depth)
        closes = command.after == ")" or (not command.words and command.leading)
        feeds = (*feeds, *script.calls[group_start if closes else start :])[-12:]


def _assign(command: Command, script: Script) -> None:
    words = command.words
    declares = bool(words) and words[0].text in _DECLARE
    for word in words[1:] if declares else words:
        found = _ASSIGN.fullmatch(word.text)
        if found:
            known = script.variables.setdefault(found[1], [])
            if len(known) >= _MAX_VALUES or found[2] in known:
                continue
            if "+=" in word.text[: found.start(2)] and known and len(known[-1]) < 2000:
                known.insert(0, known[-1].rstrip(")") + (" " + found[2][1:] if found[2][:1] == "(" else found[2]))
            known.append(found[2])
        elif not declares:
            break
    for word in words:
        if ":=" in word.text and (given := re.fullmatch(r"\$\{(\w+):=(.+)\}", word.text, re.S)):
            script.variables.setdefault(given[1], []).append(given[2])
    texts = [word.text for word in words]
    if texts[:2] == ["set", "--"]:
        script.variables.setdefault("@", []).append(" ".join(texts[2:]))
    elif texts[:2] == ["printf", "-v"] and len(texts) > 3:
        script.variables.setdefault(texts[2], []).append(printed(texts[3:]))
    elif texts[:1] == ["read"] and command.redirects and command.redirects[-1].op == "<<<":
        script.variables.setdefault(texts[-1], []).append(command.redirects[-1].target.text)
    if len(words) > 2 and words[0].text in ("for", "select") and words[2].text == "in":
        script.variables.setdefault(words[1].text, []).extend(word.text for word in words[3:])


def _unwrap(words: Sequence[Word], command: Command, script: Script, depth: int) -> Iterator[Call]:
    words = list(words)
    while words and _ASSIGN.fullmatch(words[0].text):
        words.pop(0)
    if not words or depth > _MAX_DEPTH:
        return
    words = expand(words)
    first = words[0] if words else Word("", command.line)
    if first.text in ("$@", "$*") and "@" in script.variables:
        first = replace(first, text="${_all}")
        script.variables["_all"] = script.variables["@"]
    if is_hidden(first):
        yield Call(HIDDEN, tuple(words[1:]), first.line, command)
    if not first.plain:
        for value in script.values(first.text)[:4]:
            if value == first.text:
                break
            extra = [Word(part, first.line, plain="$" not in part, quoted=True) for part in value.strip("()").split()]
            yield from _unwrap([*extra, *words[1:]], command, script, depth + 1)
        variable = _VARIABLE.fullmatch(first.text)
        if variable:  # "$KUBECTL" most likely runs kubectl
            first = Word((variable[1] or variable[4]).lower(), first.line)
    name, args = first.text.rpartition("/")[2], tuple(words[1:])
    yield Call(name, args, first.line, command)
    if name in _BY_VERB:
        for at, word in enumerate(args[:2]):
            for value in script.values(word.text)[:4] if not word.plain else ():
                if _VERB.fullmatch(value):  # a tool whose verb stands in a variable
                    said = (*args[:at], Word(value, word.line), *args[at + 1 :])
                    yield Call(name, said, first.line, command)
    texts = [word.text for word in args]
    for inner in inner_words(name, args, texts):
        yield from _unwrap(inner, command, script, depth + 1)
    for text, line in inner_texts(name, args, texts):
        inner_script = Script(variables=script.variables)
        _read(parse(text, line, depth + 1), inner_script, depth + 1)
        script.commands += inner_script.commands
        yield from inner_script.calls


_BY_VERB = names(
    "qm pct pvesh pvesm zpool zfs btrfs kubectl talosctl helm flux terraform tofu virsh docker podman etcdctl ceph "
    "cryptsetup systemctl k3s kubeadm"
)
_VERB = lazy(r"[a-z][a-z-]{2,30}")


def _feed(command: Command, calls: tuple[Call, ...], script: Script, depth: int) -> None:
    """Texts that reach a shell's standard input, or a script file."""
    if depth > _MAX_DEPTH:
        return
    reads = any(_reads_stdin(call) for call in calls)
    into_file = any(
        _RUN_LATER.search(target) or (len(target) > 2 and _is_run(target, script))
        for target in (
            *(r.target.text for r in command.redirects if r.op in (">", ">>", ">|")),
            *(text for call in calls if call.name == "tee" for text in call.plain()),
        )
    )
    bodies = [r.target for r in command.redirects if r.op in ("<<", "<<<")]
    bodies = [body for body in bodies if reads or into_file or body.text.startswith("#!")]
    if into_file:
        told = [call for call in calls if call.name in ("echo", "printf")]
        told += [
            feeder for call in calls if call.name == "tee" for feeder in call.feeds if feeder.name in ("echo", "printf")
        ]
        bodies += [Word(_told(call), call.line) for call in told]
    if any(call.name in SHELLS | {"source", "."} and "<(...)" in call.texts() for call in calls):
        says = (Call(n.words[0].text, tuple(n.words[1:]), n.line, n) for n in command.nested if n.words)
        bodies += [Word(_told(call), call.line) for call in says if call.name in ("echo", "printf")]
    for call in calls:
        if _reads_stdin(call):
            for feeder in call.feeds:
                if feeder.name in ("echo", "printf"):
                    bodies.append(Word(_told(feeder), feeder.line))
            bodies += [r.target for feeder in call.feeds for r in feeder.command.redirects if r.op in ("<<", "<<<")]
    for body in bodies:
        inner = Script(variables=script.variables)
        text = _CRON.sub("", body.text.replace("\\n", "\n"))
        _read(parse(text, body.line, depth + 1), inner, depth + 1)
        script.calls += inner.calls
        script.commands += inner.commands


def _told(call: Call) -> str:
    words = [text for text in call.texts() if not re.fullmatch(r"-[neE]+|--", text)]
    return printed(words) if call.name == "printf" else " ".join(words)


def _is_run(target: str, script: Script) -> bool:
    """Whether a script runs the file that it writes."""
    for command in script.commands[:300]:
        texts = [word.text for word in command.words[:4]]
        if target in texts[:1] or (target in texts and texts[0].rpartition("/")[2] in SHELLS | {"source", ".", "sudo"}):
            return True
    return False


# Files that something runs later, and the times in front of a command in a crontab.
_RUN_LATER = lazy(
    r"\.(?:sh|bash|cron|service|rules|timer|bashrc|zshrc|profile|bash_profile|py|pl)$|"
    r"/(?:bin|sbin|cron[^/]*|init\.d|profile\.d|rc\.local|system|\.git/hooks|hooks)(?:/|$)|(?:^|"
    r"/)\.(?:bashrc|profile|zshrc)$"
)
_CRON = lazy(r"^\s*(?:(?:[\d*@/,-]\S*)\s+){5}(?:root\s+)?|^@\w+\s+(?:root\s+)?", re.M)


def _reads_stdin(call: Call) -> bool:
    if call.name in SHELLS:
        rest = [text for text in call.texts() if not text.startswith("-")]
        return not call.flag("c") and (not rest or call.flag("s") or "/dev/stdin" in rest)
    if call.name in ("source", "."):
        return "/dev/stdin" in call.texts()
    if call.name in ("xargs", "parallel"):
        return any(text in SHELLS for text in call.texts())
    return call.name in ("ssh", "at", "batch", "crontab")
