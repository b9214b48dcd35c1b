"""Calls that run what nobody has read: files that anybody may have put there, input handed to a shell, aliases that
make one program another."""

from __future__ import annotations

import re
from collections.abc import Iterator

from git_executor.lazy import lazy
from git_executor.policy.calls import INTERPRETERS, SHELLS, Call, Script
from git_executor.policy.options import (
    awk_runs_unseen,
    git_settings,
    option_commands,
    substitutions,
)
from git_executor.policy.shell import names

SHARED = lazy(r"(?:/tmp|/var/tmp|/dev/shm|/run/user/\d+)/")
"""Directories where everybody may put a file."""

# Option of a program -> the file that it runs or is steered by.
_STEERS = {
    "curl": "-K --config",
    "make": "-f --file --makefile -C --directory",
    "gmake": "-f --file --makefile -C --directory",
    "nmap": "--script",
    "openssl": "-engine -provider-path -config",
    "ssh": "-F",
    "scp": "-F",
    "ansible-playbook": "-i --inventory -M --module-path",
    "wget": "--config -e",
    "sudo": "-A",
    "vim": "-S -u",
    "gdb": "-x",
    "tmux": "-f",
    "screen": "-c",
    "sed": "-f",
    "awk": "-f",
    "gawk": "-f",
    "helm": "--registry-config",
    "npm": "--prefix",
}
_PLAIN_PROXY = names("ssh nc ncat netcat socat cloudflared connect corkscrew aws gcloud tsh ssh-proxy-connect")
_USUAL = names(
    "cat less more most bat delta vim vi nvim nano micro emacs code hx ed true : ssh rsync sudo doas nice ionice gzip pigz "
    "bzip2 pbzip2 xz pxz zstd lz4 lzma lzop zstdmt unzip gpg store cache osxkeychain"
)


def runs_unseen(call: Call, script: Script) -> Iterator[str]:
    """What is wrong with a call that runs what nobody can read, or has read."""
    name, texts = call.name, call.texts()
    yield from _from_shared(call, script, texts)
    if name in ("awk", "gawk", "mawk", "nawk") and any(map(awk_runs_unseen, texts)):
        yield "runs what it reads"
    elif name in ("sed", "gsed") and any("e" in flags for text in texts for _, flags in substitutions(text)):
        yield "runs the text that it edits"
    elif name == "nmap" and "--interactive" in texts:
        yield "gives a shell to whoever is there"
    elif name == "alias":
        yield from _renames(texts)
    elif name == "hash" and call.flag("p"):
        yield "makes one program another"
    elif name == "enable" and call.flag("n"):
        yield "switches a builtin of the shell off"
    elif name in ("make", "gmake"):
        yield from (f"{text} makes make run something else" for text in texts if _MAKE.match(text))
    elif name == "wget" and any("use_askpass" in text for text in texts):
        yield "asks another program for passwords"
    elif name in ("ansible", "ansible-playbook") and any(
        "shell_executable=" in text or "_interpreter=/tmp" in text for text in texts
    ):
        yield "runs the tasks with another shell"
    for i, value in option_commands(name, texts):
        key = texts[i] if "=" in texts[i] else texts[i - 1] if i else ""
        yield from _of_option(name, key, value)
    if name == "git":
        for _, key, value in git_settings(texts):
            if key == "protocol.ext.allow" or (key.startswith(("core.hooks", "include", "init.")) and value):
                yield f"{key} makes git run something else"


_MAKE = lazy(r"(?:SHELL|MAKEFLAGS|\.SHELLFLAGS)=|--eval\b|-E$")


def _of_option(name: str, key: str, value: str) -> Iterator[str]:
    """What is wrong with a command that an option holds, whatever it does."""
    words = value.removeprefix("exec=").split()
    program = words[0].strip("\"'|(").rpartition("/")[2] if words else ""
    option = key.partition("=")[0]
    if name == "env" or program in _USUAL:
        return
    if "proxycommand" in option.lower():
        if program not in _PLAIN_PROXY and "%h" not in value:
            yield f"{option} runs {program}, which is no proxy"
    elif program in SHELLS | INTERPRETERS and name not in ("docker", "podman", "borg", "direnv"):
        yield f"{option} hands it to {program}"
    elif SHARED.match(words[0] if words else "") or option.startswith(("core.", "diff.", "knownhosts")):
        yield f"{option} runs {program}, which nobody has read"


def _from_shared(call: Call, script: Script, texts: list[str]) -> Iterator[str]:
    """A file of ``/tmp`` and its like that is run, and that the script has not written itself."""
    files: list[str] = []
    program = call.command.words[0].text if call.command.words else ""
    alone = len(script.commands) == 1 and len(call.command.words) == 1  # a path that is somebody's value
    if program.rpartition("/")[2] == call.name and call.name and not alone:
        files.append(program)
    if call.name in SHELLS | INTERPRETERS | {"source", "."} and not call.flag("c"):
        files += call.plain()[:1]
    steers = _STEERS.get(call.name, "").split()
    for a, b in zip(["", *texts], texts, strict=False):
        if a in steers or b.partition("=")[0] in steers:
            files.append(b.partition("=")[2] if b.partition("=")[0] in steers else b)
    for file in files:
        if SHARED.match(file) and not _written(file, script, call):
            yield f"runs {file}, which anybody may have put there"
            return


def _written(file: str, script: Script, reader: Call) -> bool:
    """Whether the script puts the file, or the directory above it, there itself."""
    folder = file.rpartition("/")[0]
    around = script.notes.get("file")
    if isinstance(around, str) and re.search(
        rf"(?:dest|path)\s*[:=]\s*[\"']?{re.escape(file)}\b|>\s*{re.escape(file)}\b", around
    ):
        return True
    for command in script.commands[:2000]:
        if any(r.op.startswith(">") and r.target.text == file for r in command.redirects):
            return True
        words = [word.text for word in command.words]
        if command is reader.command or not words or words[0] in SHELLS | {"source", ".", file}:
            continue
        if any(
            text in (file, folder) or text.endswith(f"={file}") or text.startswith(folder + "/") for text in words[1:]
        ) and (words[0].rpartition("/")[2] not in INTERPRETERS | names("make gmake chmod test [ [[ ls stat sudo")):
            return True
    return False


_STUBS = names("echo true : printf false exit return cat sleep test [")


def _renames(texts: list[str]) -> Iterator[str]:
    """``alias kubectl=echo``: whoever calls the one runs the other."""
    for text in texts:
        name, _, value = text.partition("=")
        words = value.split()
        first = words[0].rpartition("/")[2] if words else ""
        if value and first in _STUBS and re.fullmatch(r"[a-z][\w.-]+", name) and name not in _STUBS:
            yield f"makes {name} a mere {first}"
