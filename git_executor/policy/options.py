"""Options whose value is a command: which programs have them, and what they would run."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from git_executor.lazy import lazy

Found = tuple[int, str]
"""(index of the word; text that a shell, or the program itself, runs)"""

# Program -> options that take a command as the next word or after "=".
_VALUED = {
    "tar": "--to-command --use-compress-program -I --rsh-command --info-script --new-volume-script",
    "bsdtar": "--use-compress-program",
    "rsync": "-e --rsh --rsync-path",
    "scp": "-S",
    "sftp": "-S",
    "git": "--upload-pack --receive-pack --exec -x --open-files-in-pager --extcmd --textconv",
    "zip": "-TT --unzip-command",
    "sort": "--compress-program",
    "split": "--filter",
    "man": "-P --pager",
    "mapfile": "-C",
    "readarray": "-C",
    "complete": "-C",
    "fzf": "--preview",
    "dpkg": "--pre-invoke --post-invoke",
    "tcpdump": "-z",
    "wget": "--use-askpass",
    "helm": "--post-renderer",
    "env": "-S --split-string",
    "gdb": "-ex",
    "start-stop-daemon": "--exec --startas -x -a",
    "ncat": "--sh-exec --exec -c -e",
    "nc": "-e -c",
    "restic": "--password-command --password-file-command",
    "borg": "--rsh --remote-path",
    "duplicity": "--rsh",
    "docker": "--health-cmd",
    "podman": "--health-cmd",
    "rclone": "--password-command --sftp-ssh --metadata-mapper",
    "kopia": "--ssh-command",
    "vzdump": "--script -script",
    "qm": "--hookscript -hookscript",
    "pct": "--hookscript -hookscript",
    "mysql": "--pager",
}
_LISTS = {program: frozenset(options.split()) for program, options in _VALUED.items()}
# ``-o Key=command`` of OpenSSH, ``-o Key::=command`` of APT, ``-c key=command`` of git.
_SSH = lazy(
    r"(?:-o\s*)?(ProxyCommand|LocalCommand|KnownHostsCommand|PKCS11Provider|SecurityKeyProvider)[ =]\s*(.+)",
    re.I | re.S,
)
_APT = lazy(r"(?:-o)?(?:APT|DPkg|Dpkg|dpkg)::[\w:-]*(?:Invoke|Pre-Install-Pkgs|Install-Pkgs)[\w:-]*=(.+)", re.I | re.S)
_TAR = lazy(r"--checkpoint-action=(?:exec=)(.+)", re.S)
GIT_RUNS = lazy(
    r"(?:core\.(?:sshcommand|fsmonitor|pager|editor|askpass|gitproxy|hookspath|alternaterefscommand)|"
    r"diff\.external|pager\..+|sequence\.editor|(?:gpg|gpg\..+)\.program|credential(?:\..+)?\.helper|alias\..+|"
    r"(?:diff|merge|filter|difftool|mergetool|browser|man)\..+\.(?:textconv|command|driver|clean|smudge|process|cmd)|"
    r"interactive\.difffilter|uploadpack\.packobjectshook|protocol\.ext\.allow|include(?:if\..+)?\.path|"
    r"init\.templatedir|remote\..+\.(?:uploadpack|receivepack|vcs))$",
    re.I,
)
"""Keys of git's configuration whose value git runs, or that let others in."""


def option_commands(name: str, texts: Sequence[str]) -> Iterator[Found]:
    """What the options of a call run."""
    valued = _LISTS.get(name, frozenset())
    for i, text in enumerate(texts):
        key, _, value = text.partition("=")
        if text in valued and i + 1 < len(texts):
            yield i + 1, texts[i + 1].removeprefix("shell ").removeprefix("!")
        elif value and key in valued:
            yield i, value
    if name in ("ssh", "scp", "sftp", "autossh", "rsync", "ssh-copy-id", "sshfs"):
        yield from _keyed(_SSH, texts)
    elif name in ("apt", "apt-get", "aptitude"):
        yield from ((i, found[1]) for i, text in enumerate(texts) if (found := _APT.match(text)))
    elif name == "tar":
        yield from ((i, found[1]) for i, text in enumerate(texts) if (found := _TAR.match(text)))
    elif name == "git":
        yield from ((i, value) for i, _, value in git_settings(texts))
        if list(texts[:2]) in (["submodule", "foreach"], ["bisect", "run"]):
            yield 2, " ".join(text for text in texts[2:] if not text.startswith("--"))


def _keyed(pattern: re.Pattern[str], texts: Sequence[str]) -> Iterator[Found]:
    for i, text in enumerate(texts):
        found = pattern.fullmatch(text) if i == 0 or texts[i - 1] == "-o" or text.startswith("-o") else None
        if found:
            yield i, found[2]


def git_settings(texts: Sequence[str]) -> Iterator[tuple[int, str, str]]:
    """(index, key, value) of the settings that git is given with ``-c`` and that make it run something."""
    for i, text in enumerate(texts[:-1]):
        key, _, value = texts[i + 1].partition("=")
        if text == "-c" and GIT_RUNS.match(key):
            yield i + 1, key.lower(), value.removeprefix("!")


# --- programs with a language of their own -----------------------------------------------------------


def sed_commands(texts: Sequence[str]) -> Iterator[Found]:
    """The ``e`` command, and the replacement of ``s///e``, which sed runs."""
    for i, text in enumerate(texts):
        if i and texts[i - 1] in ("-f", "--file", "-i") and not text.startswith("s"):
            continue
        for found in re.finditer(r"(?:^|[;{\n\d$/])\s*e\s+([^\n]{1,500})", text):
            yield i, found[1]
        yield from ((i, replacement) for replacement, flags in substitutions(text) if "e" in flags)


def substitutions(script: str) -> Iterator[tuple[str, str]]:
    """(replacement, flags) of every ``s`` command, for any delimiter."""
    at, left = 0, 50
    script = script.removeprefix("--expression=").removeprefix("-e")[:4000]
    while left:
        found = re.compile(r"(?:^|[;{\n\d$/!,}\s])s([^\w\s\\;])").search(script, at)
        if not found:
            return
        left -= 1
        parts, at = [], found.end()
        for _ in range(2):
            end = at
            while end < len(script) and script[end] != found[1]:
                end += 2 if script[end] == "\\" else 1
            parts.append(script[at:end])
            at = end + 1
        if at > len(script):
            return
        flags = re.compile(r"[0-9a-zA-Z]*").match(script, at)
        yield parts[1].replace("\\" + found[1], found[1]), flags[0] if flags else ""


_AWK_TEXT = r"\"((?:[^\"\\]|\\.){1,500})\""
_AWK = lazy(rf"system\s*\(\s*{_AWK_TEXT}|{_AWK_TEXT}\s*\|&?\s*getline|\|&?\s*{_AWK_TEXT}")
_AWK_NAMED = lazy(
    r"system\s*\(\s*([A-Za-z_]\w*)\s*\)|([A-Za-z_]\w*)\s*\|&?\s*getline|\|&?\s*([A-Za-z_]\w*)\s*(?:$|[;}\n])"
)


def awk_commands(texts: Sequence[str]) -> Iterator[Found]:
    """What awk hands to a shell, by itself or through a variable."""
    for i, text in enumerate(texts):
        yield from ((i, _unescaped(m[1] or m[2] or m[3])) for m in _AWK.finditer(text))
        for found in _AWK_NAMED.finditer(text):
            name = found[1] or found[2] or found[3]
            given = re.findall(rf"\b{name}\s*=\s*{_AWK_TEXT}", " ; ".join(texts))
            given += [word.partition("=")[2] for word in texts if word.startswith(f"{name}=")]
            yield from ((i, _unescaped(value)) for value in given)


def awk_runs_unseen(text: str) -> bool:
    """Whether awk runs what it has read: a variable that is nowhere given a text, or its input piped to a shell."""
    if re.search(r"\|&?\s*\"\s*(?:/\S*/)?(?:ba|da|z|k)?sh\b(?!\s+-c)", text) or re.search(r"system\s*\(\s*\$", text):
        return True
    names = [m[1] for m in re.finditer(r"system\s*\(\s*([A-Za-z_]\w*)\s*\)", text)]
    return any(re.search(rf"getline\s+{name}\b|\b{name}\s*=\s*\$", text) for name in names)


def _unescaped(text: str) -> str:
    return text.replace('\\"', '"').replace("\\\\", "\\")


_VIM = lazy(
    r"(?:^|[|\s])[:+]*!+\s*([^\n]{1,500})|\bsystem\w*\(\s*[\"']([^\"']{1,500})|(?:^|\s)silent!?\s+!\s*([^\n]{1,500})"
)


def editor_commands(texts: Sequence[str]) -> Iterator[Found]:
    """``:!command`` and ``system()`` of vi and its kin."""
    for i, text in enumerate(texts):
        after = i and texts[i - 1] in ("-c", "--cmd", "+")
        if after or text.startswith(("+", ":", "-c")):
            yield from ((i, m[1] or m[2] or m[3]) for m in _VIM.finditer(text.removeprefix("-c")))
