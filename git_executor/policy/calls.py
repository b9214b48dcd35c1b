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
from git_executor.policy.literals import literals
from git_executor.policy.shell import Command, Word, flatten, names, parse

SHELLS = names("sh bash dash ash zsh ksh mksh fish rbash")
INTERPRETERS = names("python python2 python3 perl ruby node nodejs php lua pwsh powershell osascript tclsh")
_MAX_DEPTH = 8
_MAX_CALLS = 20_000
_MAX_VALUES = 20  # of one variable; more tell nothing new

# Programs that run another one: the options of theirs that take a value, and how many words come before the command.
WRAPPERS: dict[str, tuple[str, int]] = {
    "sudo": ("-u -g -h -p -C -r -t -T -U -D -R --user --group --host --prompt --chdir", 0),
    "doas": ("-u -C", 0),
    "env": ("-u -C --unset --chdir", 0),
    "command": ("", 0),
    "builtin": ("", 0),
    "exec": ("-a", 0),
    "nohup": ("", 0),
    "setsid": ("", 0),
    "time": ("-f -o", 0),
    "nice": ("-n", 0),
    "ionice": ("-c -n -p", 0),
    "chrt": ("", 1),
    "taskset": ("", 1),
    "timeout": ("-k -s --signal --kill-after", 1),
    "stdbuf": ("-i -o -e", 0),
    "chroot": ("", 1),
    "unshare": ("", 0),
    "nsenter": ("-t --target -S -G", 0),
    "flock": ("-w -E", 1),
    "xargs": ("-I -n -P -d -L -s -a -E --max-args --max-procs --delimiter --arg-file", 0),
    "parallel": ("-j -n", 0),
    "watch": ("-n --interval", 0),
    "busybox": ("", 0),
    "toybox": ("", 0),
    "systemd-run": ("-p --unit --property -u", 0),
    "systemd-inhibit": ("", 0),
    "strace": ("-e -o -p", 0),
    "sshpass": ("-p -f -e", 0),
    "retry": ("-t -n -d", 0),
    "unbuffer": ("", 0),
    "proot": ("", 0),
    "fakeroot": ("", 0),
    "dumb-init": ("", 0),
    "tini": ("", 0),
    "catchsegv": ("", 0),
    "if": ("", 0),
    "then": ("", 0),
    "else": ("", 0),
    "coproc": ("", 0),
}
_SSH_VALUES = names("-b -c -D -E -e -F -I -i -J -L -l -m -O -o -p -Q -R -S -W -w")
# These only look at their words or print them.
_TALKERS = lazy(
    r"echo|printf|which|type|hash|man|whatis|test|\[|\[\[|grep|egrep|fgrep|rg|sed|awk|for|case|select|cat|ls|"
    r"(?:log|info|warn|warning|error|err|debug|die|fail|fatal|say|msg|note|notice|usage|print|require|need|"
    r"check|ensure|"
    r"have|has|assert|depends?|apt|apt-get|apk|dnf|yum|pip3?|brew|pacman|zypper|npm|man|help|title|step|banner|confirm|"
    r"shellcheck|read|local|export|declare|readonly|typeset|alias|unset|return|exit|shift|logger)[a-zA-Z0-9_-]*"
)
_ASSIGN = lazy(r"([A-Za-z_][A-Za-z0-9_]*)(?:\[[^\]]*\])?\+?=(.*)", re.S)
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
    for inner in _inner_words(name, args, texts):
        yield from _unwrap(inner, command, script, depth + 1)
    for text, line in _inner_texts(name, args, texts):
        inner_script = Script(variables=script.variables)
        _read(parse(text, line, depth + 1), inner_script, depth + 1)
        script.commands += inner_script.commands
        yield from inner_script.calls


def skip_options(texts: Sequence[str], valued: Sequence[str], skip: int) -> int:
    at = 0
    while at < len(texts) and ((texts[at].startswith("-") and texts[at] != "-") or _ASSIGN.fullmatch(texts[at])):
        if texts[at] == "--":
            at += 1
            break
        at += 2 if texts[at] in valued else 1
    return at + skip


def _inner_words(name: str, args: tuple[Word, ...], texts: list[str]) -> Iterator[Sequence[Word]]:
    """Argument lists that are commands themselves."""
    if name == "command" and texts[:1] and texts[0] in ("-v", "-V"):
        return
    if name in WRAPPERS:
        valued, skip = WRAPPERS[name]
        at = skip_options(texts, valued.split(), skip)
        yield args[at:]
    elif name in ("find", "fd"):
        for i, text in enumerate(texts):
            if text in ("-exec", "-execdir", "-ok", "-okdir", "-x", "-X"):
                end = next((j for j in range(i + 1, len(texts)) if texts[j] in (";", "+")), len(texts))
                yield args[i + 1 : end]
    elif not _TALKERS.fullmatch(name):
        if "--" in texts:
            yield args[texts.index("--") + 1 :]
        for i, word in enumerate(args[:12]):
            if word.plain and word.text.rpartition("/")[2] in _KNOWN_PROGRAMS and i + 1 < len(args):
                yield args[i:]  # run_quietly rm -rf ..., docker exec x rm -rf ...
                break


# A word of these inside of another program's arguments most likely is the program that is run.
_KNOWN_PROGRAMS = names(
    "rm dd mkfs wipefs shred sgdisk parted blkdiscard qm pct pvesh zpool zfs kubectl talosctl helm flux terraform tofu "
    "bash sh zsh sudo curl wget chmod chown find python python3 perl lvremove vgremove pvremove cryptsetup virsh "
    "systemctl ssh eval git docker etcdctl kubeadm psql mysql mariadb mongo mongosh redis-cli valkey-cli sqlite3 dropdb "
    "mysqladmin iptables nft ufw firewall-cmd truncate"
)


_BY_VERB = names(
    "qm pct pvesh pvesm zpool zfs btrfs kubectl talosctl helm flux terraform tofu virsh docker podman etcdctl ceph "
    "cryptsetup systemctl k3s kubeadm"
)
_VERB = lazy(r"[a-z][a-z-]{2,30}")


def _inner_texts(name: str, args: tuple[Word, ...], texts: list[str]) -> Iterator[tuple[str, int]]:
    """Arguments that a shell reads as a script, with the line where they stand."""

    def joined(words: Sequence[Word]) -> Iterator[tuple[str, int]]:
        if words:
            yield " ".join(word.text for word in words), words[0].line

    if name in SHELLS or name in ("su", "runuser", "script", "flock", "vagrant", "dash", "chronic"):
        for i, text in enumerate(texts[:-1]):
            if text in ("-c", "--command") or (
                text.startswith("-") and not text.startswith("--") and text.endswith("c")
            ):
                yield texts[i + 1], args[i + 1].line
                break
    elif name in INTERPRETERS:
        codes = [word for i, word in enumerate(args) if i and re.fullmatch(r"-\w*[cerEpR]|--eval", texts[i - 1])]
        yield from (
            (text, word.line) for word in codes for row in word.text.split("\n")[:500] for text in literals(row)
        )
    elif name == "eval" or name == "watch":
        yield from joined([word for word in args if not word.text.startswith("-")])
    elif name == "alias":
        yield from ((text.partition("=")[2], word.line) for text, word in zip(texts, args, strict=True) if "=" in text)
    elif name in ("awk", "gawk", "mawk"):
        yield from (
            (found, word.line) for word in args for found in re.findall(r"system\(\s*\"([^\"]{1,500})", word.text)
        )
    elif name in ("sed", "vim", "vi", "ex", "tar", "git", "rsync", "less"):
        for word in args:
            found = re.search(r"(?:^:?!|exec=|(?:^|[;\d/])e\s+|-c\s*:!|protocol\.ext\.allow)(.*)", word.text)
            if found:
                yield found[1], word.line
    elif name == "trap" and len(args) > 1:
        yield texts[0], args[0].line
    elif name == "env" and "-S" in texts[:-1]:
        yield texts[texts.index("-S") + 1], args[0].line
    elif name in ("ssh", "autossh", "mosh", "plink"):
        at = skip_options(texts, tuple(_SSH_VALUES), 1)
        while at < len(texts) and texts[at].startswith("-"):
            at += 2 if texts[at] in _SSH_VALUES else 1
        yield from joined(args[at:])
    elif name in (
        "ansible",
        "salt",
        "tmux",
        "screen",
        "pdsh",
        "clush",
        "expect",
        "xterm",
        "at",
        "parallel",
        "hyperfine",
    ):
        yield from ((word.text, word.line) for word in args if " " in word.text)


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
