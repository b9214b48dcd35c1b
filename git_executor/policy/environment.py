"""Variables of the environment that make programs run code: who sets one decides what the next program does.

``LD_PRELOAD`` and ``BASH_ENV`` load it outright, ``NODE_OPTIONS`` and ``TAR_OPTIONS`` by an option, ``EDITOR`` and
``GIT_SSH_COMMAND`` are commands. They are found wherever a file sets them: an assignment, ``ENV``, ``Environment=``,
``environment:``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from git_executor.lazy import lazy
from git_executor.policy.calls import INTERPRETERS, SHELLS, Script, read_script
from git_executor.policy.embedded import kind_of
from git_executor.policy.entries import entries
from git_executor.policy.options import GIT_RUNS
from git_executor.policy.registry import OWN_TEMP
from git_executor.policy.shell import names
from git_executor.policy.unseen import SHARED

Finding = tuple[str, str, str, int]
"""(rule, key, message, line)"""

_NAMES = re.compile(
    r"LD_PRELOAD|LD_AUDIT|DYLD_INSERT|BASH_ENV|PYTHONSTARTUP|PERL5|RUBYOPT|RUBYLIB|NODE_OPTIONS|NODE_PATH|_OPTIONS|"
    r"GIT_|PROMPT_COMMAND|PS4|EDITOR|VISUAL|PAGER|ASKPASS|BROWSER|_RSH|LESSOPEN|LESSCLOSE|EXTERNAL_DIFF|_COMMAND|_CMD|"
    r"_HOOK|PYTHONPATH|LD_LIBRARY_PATH|PATH=|PATH:|ENV=|EnvironmentFile|ANSIBLE_"
)
_LOADS = names(
    "LD_PRELOAD LD_AUDIT DYLD_INSERT_LIBRARIES BASH_ENV PYTHONSTARTUP PERL5OPT PERL5DB PERL5LIB RUBYOPT RUBYLIB "
    "GIT_EXTERNAL_DIFF GIT_PROXY_COMMAND GIT_EXEC_PATH GIT_TEMPLATE_DIR ENV NODE_PATH"
)
# Allocators and the like, where distributions install them.
_KNOWN_LIBRARIES = lazy(
    r"(?:/usr)?(?:/local)?/lib(?:64|32)?(?:/[\w-]+)?/lib(?:jemalloc|tcmalloc\w*|mimalloc|gomp|stdc\+\+|nss_wrapper|fakeroot/\S+)[\w.+-]*"
)
_BY_OPTION = {
    "NODE_OPTIONS": lazy(
        r"(?:^|\s)(?:--require|-r|--import|--loader|--experimental-loader)[ =]?\S|--inspect\S*=0\.0\.0\.0"
    ),
    "TAR_OPTIONS": lazy(r"--(?:checkpoint-action|to-command|use-compress-program|info-script)|-I"),
    "JAVA_TOOL_OPTIONS": lazy(r"-(?:javaagent|agentpath|agentlib):(?!/(?:opt|usr|app)/)|OnOutOfMemoryError|OnError="),
    "RSYNC_OPTIONS": lazy(r"--(?:rsh|rsync-path)|-e\b"),
    "LESS": lazy(r"^\+!|\+\S*!"),
}
_BY_OPTION |= dict.fromkeys(("_JAVA_OPTIONS", "JDK_JAVA_OPTIONS", "JAVA_OPTS"), _BY_OPTION["JAVA_TOOL_OPTIONS"])
# Variables that are one command, which a person would set to a plain program.
_COMMANDS = lazy(
    r"GIT_SSH(?:_COMMAND)?|(?:\w+_)?EDITOR|VISUAL|(?:\w+_)?PAGER|\w*_ASKPASS|\w+_RSH|\w*EXTERNAL_DIFF|LESSOPEN|LESSCLOSE|BROWSER"
)
_ANY_COMMAND = lazy(r"\w+_(?:COMMAND|CMD|HOOK|EXEC)|PROMPT_COMMAND")
_PATHS = lazy(r"(?:PATH|PYTHONPATH|LD_LIBRARY_PATH|ANSIBLE_\w*(?:LIBRARY|PLUGINS|PATH))")
_ASSIGNS = lazy(r"([A-Za-z_]\w{1,60})=(.*)", re.S)
_SETS = names("export declare typeset local readonly env sudo doas systemd-run setenv")


def sets_code(path: str, text: str, scripts: list[Script]) -> Iterator[Finding]:
    """Every such variable that the file sets to something that is no plain and usual value."""
    if not _NAMES.search(text):
        return
    for script in scripts:
        for name, value, line in _assigned(script):
            for known in script.values(value)[:4]:
                yield from _judge(name, known, line)
    kind = kind_of(path, text)
    if kind == "python":
        yield from (
            found for m in _PYTHON.finditer(text) for found in _judge(m[1], m[2], text.count("\n", 0, m.start()) + 1)
        )
    elif kind not in ("shell", "prose"):
        for entry in entries(path, text) or ():
            key = entry.keys[-1].removeprefix("export ").strip() if entry.keys else ""
            if key == "Environment":
                pairs = re.findall(r"(?:^|\s)[\"']?(\w+)=([^\"'\s]*)", entry.value)
                yield from (found for name, value in pairs for found in _judge(name, value, entry.line))
            elif key == "EnvironmentFile" and SHARED.match(entry.value.lstrip("-")):
                yield (
                    "remote-code",
                    f"EnvironmentFile={entry.value}",
                    f"{entry.value} can be written by anybody",
                    entry.line,
                )
            elif _NAMES.search(key + "="):
                yield from _judge(key, entry.value.lstrip(":?+ ="), entry.line)
        if kind == "docker":
            for m in re.finditer(r"^\s*ENV\s+(\w+)\s+(\S.*)$", text, re.M):
                yield from _judge(m[1], m[2], text.count("\n", 0, m.start(1)) + 1)


_PYTHON = lazy(r"[\"']([A-Z][A-Z0-9_]{2,40})[\"']\s*(?:\]\s*=(?!=)|:|,)\s*f?[\"']([^\"'\n]{1,300})[\"']")


def _assigned(script: Script) -> Iterator[tuple[str, str, int]]:
    for command in script.commands[:5000]:
        sets = bool(command.words) and command.words[0].text in _SETS
        for word in command.words[:40]:
            found = _ASSIGNS.fullmatch(word.text)
            if found:
                yield found[1], found[2], word.line
            elif not sets:
                break


def _judge(name: str, value: str, line: int) -> Iterator[Finding]:
    wrong = _wrong(name, value.strip().strip("\"'"))
    if wrong:
        yield "remote-code", f"{name}={value[:200]}", f"{name} {wrong}", line


def _wrong(name: str, value: str) -> str:
    """What is wrong with a value of a variable, or nothing."""
    if not value or (OWN_TEMP.match(value) and value.startswith("$")):
        return ""
    if name in _LOADS:
        if name == "ENV" and not re.search(r"/|\.(?:sh|env)$", value):
            return ""
        usual = (
            _KNOWN_LIBRARIES.fullmatch(value)
            if name.startswith("LD_")
            else value.startswith("$") and name != "BASH_ENV"
        )
        return "" if usual else f"makes every program load {value[:60]}"
    if name in _BY_OPTION:
        return "makes the program load or run something else" if _BY_OPTION[name].search(value) else ""
    if name.startswith("GIT_CONFIG_KEY_") or name == "GIT_CONFIG_PARAMETERS":
        return "makes git run something else" if any(GIT_RUNS.match(key) for key in re.split(r"[\s'=]+", value)) else ""
    if _PATHS.fullmatch(name):
        bad = next(
            (part for part in value.split(":") if part in (".", "$PWD", "$(pwd)") or SHARED.match(part + "/")), ""
        )
        if name != "PATH" and not SHARED.match(bad + "/"):
            return ""
        return f"finds programs in {bad}, where anybody may put one" if bad else ""
    if name == "PS4":
        return "runs a command before each line" if re.search(r"\$\((?!date\b)|`", value) else ""
    if _COMMANDS.fullmatch(name):
        return _strict(value)
    return _harm(value) if _ANY_COMMAND.fullmatch(name) else ""


def _strict(value: str) -> str:
    """For a variable that names one program: no shell, no program of a directory that anybody may write."""
    words = value.lstrip("| ").split()
    program = words[0].rpartition("/")[2] if words else ""
    if program in SHELLS | INTERPRETERS:
        return f"hands the work to {program}"
    if words and (SHARED.match(words[0]) or words[0].startswith(("./", "../"))):
        return f"runs {words[0]}, which nobody has read"
    return _harm(value.lstrip("| "))


def _harm(value: str) -> str:
    """What the command in a variable destroys or lets in."""
    from git_executor.policy.destructive import destructive

    script = read_script(value)
    return next(
        (f"runs {value[:60]}: {message}" for call in script.calls for _, message in destructive(call, script)), ""
    )
