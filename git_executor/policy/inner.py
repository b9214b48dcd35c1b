"""Programs that run others: whose words are a command again, and whose options a shell reads as a script."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from git_executor.lazy import lazy
from git_executor.policy.literals import literals
from git_executor.policy.options import awk_commands, editor_commands, option_commands, sed_commands
from git_executor.policy.shell import Word, names

SHELLS = names("sh bash dash ash zsh ksh mksh fish rbash")
INTERPRETERS = names("python python2 python3 perl ruby node nodejs php lua pwsh powershell osascript tclsh")
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
ASSIGN = lazy(r"([A-Za-z_][A-Za-z0-9_]*)(?:\[[^\]]*\])?\+?=(.*)", re.S)


def skip_options(texts: Sequence[str], valued: Sequence[str], skip: int) -> int:
    at = 0
    while at < len(texts) and ((texts[at].startswith("-") and texts[at] != "-") or ASSIGN.fullmatch(texts[at])):
        if texts[at] == "--":
            at += 1
            break
        at += 2 if texts[at] in valued else 1
    return at + skip


def inner_words(name: str, args: tuple[Word, ...], texts: list[str]) -> Iterator[Sequence[Word]]:
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


_LANGUAGES = {
    **dict.fromkeys(("awk", "gawk", "mawk", "nawk"), awk_commands),
    **dict.fromkeys(("sed", "gsed"), sed_commands),
    **dict.fromkeys(("vim", "vi", "nvim", "ex", "view", "less"), editor_commands),
}


def inner_texts(name: str, args: tuple[Word, ...], texts: list[str]) -> Iterator[tuple[str, int]]:
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
    elif name in _LANGUAGES:
        yield from ((text, args[i].line) for i, text in _LANGUAGES[name](texts))
    elif name == "trap" and len(args) > 1:
        yield texts[0], args[0].line
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
    yield from ((text, args[min(i, len(args) - 1)].line) for i, text in option_commands(name, texts) if text)
