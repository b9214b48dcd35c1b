"""Ways to make a failure go unseen, as a shell script writes them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from git_executor.lazy import lazy
from git_executor.policy.calls import SHELLS, WRAPPERS, Call, Script, skip_options
from git_executor.policy.registry import is_own_temp
from git_executor.policy.shell import Command, names

Finding = tuple[str, str, int]
"""(key, message, line): the key tells a new one from one that the file had before."""

_NOTHING = names("true : /bin/true /usr/bin/true")
# Commands whose failure often is no failure, where they are new: clean-up and questions.
_TOLERANT = names(
    "rm rmdir kill pkill killall umount wait grep pgrep egrep diff cmp fuser rmmod read unset swapoff losetup"
)
_ASKING = names("command type which hash id getent grep egrep pgrep test [ [[ ping nc kill stat ls docker-compose")
_SAYING = names("echo printf log warn warning info logger sleep date say")
_QUIET = lazy(r"&>>?|>>?")
_FLAGS = lazy(
    r"--(?:no-verify|insecure(?:-skip-tls-verify)?|no-check-certificate|insecure-[\w-]+|skip-(?:verify|"
    r"verification|tls-verify|checks?|tests?|validation|"
    r"preflight\w*|ssl\w*)|no-(?:gpg-checks?|hooks|tls-verify|check|validate|verify-ssl|fail|strict)|"
    r"nogpgcheck|ignore-(?:errors?|preflight-errors|failures?|missing-values)|"
    r"allow-(?:unauthenticated|downgrades|remove-essential|insecure-repositories|untrusted)|force-(?:yes|"
    r"conflicts|confnew|all|overwrite|depends)|exit-zero|soft-fail|keep-going|disable-openapi-validation|"
    r"force|force-reinstall-all|break-system-packages-all|tls-verify=false|validate=(?:false|ignore)|"
    r"verify=false|wait=false|atomic=false|trusted-host(?:=.*)?|no-error-on-.*|passWithNoTests|"
    r"continue-on-error|allow-empty-errors|ignore-preflight-errors=.*|skip-tags(?:=.*)?|dry-run(?:=client|"
    r"=server)?)$|-lock=false$|-refresh=false$"
)
_FORCE_IS_USUAL = names("ufw rm ln cp mv install mkdir unlink gzip cmp sed docker-compose tar unzip")
_OPTIONS = lazy(
    r"StrictHostKeyChecking[= ]+(?:no|off)|UserKnownHostsFile[= ]+/dev/null|GlobalKnownHostsFile[= ]+/dev/null|"
    r"(?:GIT_SSL_NO_VERIFY|ANSIBLE_HOST_KEY_CHECKING|NODE_TLS_REJECT_UNAUTHORIZED|PYTHONHTTPSVERIFY|"
    r"CURL_INSECURE|HELM_INSECURE\w*|PVE_INSECURE)=(?:[\"']?(?:1|true|0|false|yes|no))|"
    r"(?<![\w-])ignore_errors=(?:true|yes)|^(?:LD_PRELOAD|BASH_ENV|PROMPT_COMMAND)=.|http\.sslVerify[= "
    r"]+(?:false|0)|AllowUnauthenticated[= ]+(?:true|1|yes)|AllowInsecureRepositories[= ]+(?:true|1)|"
    r"Verify-Peer[= ]+(?:false|0)|\[[^\]]*trusted=yes",
    re.I,
)
_TALOS_FIRST_CONTACT = names("apply-config apply disks get version meta dashboard")


def silencers(script: Script) -> Iterator[Finding]:
    """Every construct in a script that hides whether something failed."""
    waits = any(_texts(c)[:1] == ["wait"] and "$" in " ".join(_texts(c)) for c in script.commands)
    for at, (before, command, after) in enumerate(_neighbours(script.commands)):
        if _answers(script.commands, at):
            continue
        yield from _swallows(before, command, script.commands)
        yield from _never(before, command, after)
        yield from _quiet(command, waits)
        for word in (*command.words, *(redirect.target for redirect in command.redirects)):
            for found in _OPTIONS.finditer(word.text):
                yield f"option {found[0].lower()}", f"{found[0]} switches a check off", word.line
        kept = _keeps_status(command)
        if kept and not _is_read(kept, script.commands):
            yield f"status {kept}", f"the exit status goes into {kept}, which nobody reads", command.line
    for call in script.calls:
        yield from _call(call, script)


_QUESTIONS = lazy(
    r"(?:\[\[?|test) -[efdxsrLhS] |(?:\[\[?|test) .*(?:==?) -?-?(?:h|help|version|V)\b|command -v |type |which |"
    r"(?:systemctl (?:is-\w+|--quiet|-q)|mountpoint|(?:grep|pgrep|git|cmp|diff) .*(?:-q|--quiet)|kubectl .*\bget\b|helm (?:status|list|get)|"
    r"qm status|pct status|zpool list|zfs list|docker (?:inspect|ps|image)|id |getent |talosctl (?:get|version)|virsh dominfo|dpkg -s|rpm -q)"
)
_HELPS = lazy(r"\w*(?:usage|help|version)\w*|cat|echo|printf")


def _answers(commands: Sequence[Command], at: int) -> bool:
    """Whether ``exit 0`` or ``return 0`` ends what a question has answered: help was asked for, the work is done already."""
    if (
        _texts(commands[at]) not in (["exit", "0"], ["return", "0"], ["exit"], ["return"])
        or commands[at].before == "||"
    ):
        return False
    if commands[at].after == ";;":
        said = [c for c in commands[max(0, at - 3) : at] if c.after != ";;" and c.words]
        return bool(said) and bool(re.search(r"usage|help|version", said[-1].words[0].text))
    depth, asked = 0, ""
    for command in reversed(commands[max(0, at - 12) : at + 1]):
        if "fi" in command.leading:
            depth += 1
        if depth == 0 and {"else", "elif", "while", "for", "do"} & set(command.leading):
            return False
        if "if" in command.leading:
            if depth:
                depth -= 1
                continue
            asked = " ".join(_texts(command))
            return "!" not in command.leading and bool(_QUESTIONS.match(asked)) and command.after not in ("&&", "||")
    return False


def _neighbours(commands: Sequence[Command]) -> Iterator[tuple[Command, Command, Command]]:
    none = Command()
    for i, command in enumerate(commands):
        yield (commands[i - 1] if i else none), command, (commands[i + 1] if i + 1 < len(commands) else none)


def _program(command: Command) -> str:
    texts = [w.text for w in command.words if not re.match(r"[A-Za-z_]\w*=", w.text)]
    while len(texts) > 1 and texts[0] in WRAPPERS and texts[0] not in ("xargs", "parallel", "watch"):
        valued, skip = WRAPPERS[texts[0]]
        rest = texts[1:]
        texts = rest[skip_options(rest, valued.split(), skip) :] or rest[-1:]
    return texts[0].rpartition("/")[2] if texts else ""


def _texts(command: Command) -> list[str]:
    return [word.text for word in command.words]


def _is_read(name: str, commands: Sequence[Command]) -> bool:
    """Whether a script looks at a variable somewhere."""
    uses = lazy(rf"\$\{{?[#!]?{name}\b|^{name}$")
    return any(uses.search(word.text) for command in commands for word in command.words)


def _swallows(before: Command, command: Command, commands: Sequence[Command]) -> Iterator[Finding]:
    """``cmd || true`` and its relatives."""
    texts = _texts(command)
    head = texts[0] if texts else ""
    guarded = _program(before)
    if command.before == "||":
        assigned = re.fullmatch(r"([A-Za-z_]\w*)=(.*)", head) if len(texts) == 1 else None
        kept = assigned and (not re.fullmatch(r"(?!0*[1-9])[\w\"']*", assigned[2])) and _is_read(assigned[1], commands)
        nothing = (
            head in _NOTHING
            or (assigned and not kept)
            or (
                head in ("test", "[", "[[", "cat", "ls", "wait")
                and "$" not in "".join(texts)
                and len(texts) < 4
                and not re.search(r"-\w", texts[1] if len(texts) > 1 else "")
            )
            or texts
            in (
                ["exit", "0"],
                ["return", "0"],
                ["exit"],
                ["return"],
                ["continue"],
                ["break"],
            )
        )
        says_only = head in _SAYING and command.after in ("\n", ";", "", "&") and not command.leading
        if nothing:
            yield (
                f"|| {guarded}",
                f"|| {' '.join(texts)} hides the failure of {guarded or 'what stands before'}",
                command.line,
            )
        elif says_only and not any(
            word.text in ("--quiet", "-q", "--exit-code", "--is-ancestor") for word in before.words
        ):
            yield f"|| echo {guarded}", f"|| {head} goes on as if {guarded or 'it'} had not failed", command.line
    if command.before in ("|", "|&") and head in _NOTHING:
        yield f"| {guarded}", f"| {head} hides the failure of {guarded}", command.line


def _never(before: Command, command: Command, after: Command) -> Iterator[Finding]:
    texts = _texts(command)
    head = texts[0] if texts else ""
    opens = {*command.leading, *(before.leading if not before.words else ())}
    if head == "set" and any(_unsets(texts, i) for i in range(1, len(texts))):
        yield "set +e", f"{' '.join(texts)} lets the script go on after a failure", command.line
    if head == "trap" and len(texts) > 2 and texts[1].strip() in ("", "-", ":", "true", "exit 0", "return 0"):
        yield f"trap {texts[2:]}", f"trap '{texts[1]}' {' '.join(texts[2:])} swallows failures", command.line
    if (
        head == "exec"
        and len(texts) == 1
        and any(r.target.text == "/dev/null" and (r.fd == "2" or r.op.startswith("&>")) for r in command.redirects)
    ) or (
        head == "exec"
        and len(texts) == 1
        and any(r.target.text == "/dev/null" and r.op == ">" for r in command.redirects)
        and any(r.fd == "2" and r.target.text == "1" for r in command.redirects)
    ):
        yield "exec 2>/dev/null", "all errors from here on are thrown away", command.line
    if head in ("for", "select") and texts[2:3] == ["in"] and not "".join(texts[3:]).strip() and command.after != "":
        yield f"for {texts[1]} in nothing", "a loop over nothing runs nothing", command.line
    if head in ("bash", "sh") and "+e" in texts:
        yield "bash +e", f"{head} +e lets the script go on after a failure", command.line
    if head == "exec" and texts[1:2] in (["true"], [":"]):
        yield "exec true", "exec true reports success, whatever happened", command.line
    if head == "break" and "do" in opens:
        yield "do break", "a loop that ends at once swallows the failure", command.line
    if head == "exit" and command.before != "||" and texts[1:2] in ([], ["0"]):
        yield "exit 0", "exit 0 reports success, whatever happened", command.line
    if head == "return" and texts[1:2] == ["0"] and command.before != "||" and "then" not in command.leading:
        yield "return 0", "return 0 reports success, whatever happened", command.line
    if head in _NOTHING and len(texts) == 1 and {"then", "else", "do"} & opens:
        if after.leading[:1] == ("fi",) and not after.words:
            yield "then :", "a branch that does nothing swallows the failure", command.line
    elif (
        head in _NOTHING
        and len(texts) == 1
        and command.before in ("&&", ";")
        and command.after in ("\n", "", ")")
        and before.words
    ):
        yield (
            f"; true {_program(before)}",
            f"{head} at the end of the line hides the failure of {_program(before)}",
            command.line,
        )
    if head in ("false",) and ({"if", "while"} & set(command.leading) or command.after == "&&"):
        yield "if false", "what follows is never run", command.line
    if (head in _NOTHING and command.after == "||") or _is_never(texts):
        yield "never", "what follows is never run", command.line
    if head in _NOTHING and any(redirect.op == "<<" for redirect in command.redirects):
        yield ": <<", "a here-document that nothing reads takes commands out", command.line
    if (
        "!" in command.leading
        and not {"if", "while", "until", "elif"} & set(command.leading)
        and command.after not in ("&&", "||")
    ):
        yield f"! {head}", f"! in front of {head} makes its failure go unseen", command.line


def _keeps_status(command: Command) -> str:
    """A variable that gets the exit status of what runs inside of it: ``RC=$(check; echo $?)``."""
    told = command.nested[-1] if command.nested else None
    if told is not None and _texts(told) == ["echo", "$?"] and len(command.nested) > 1:
        found = next((re.match(r"([A-Za-z_]\w*)=", word.text) for word in command.words if "=" in word.text), None)
        return found[1] if found else "?"
    return ""


def _unsets(texts: Sequence[str], i: int) -> bool:
    text = texts[i]
    if text == "+o":
        return texts[i + 1 : i + 2] in (["errexit"], ["pipefail"], ["nounset"])
    return text.startswith("+") and any(letter in text[1:] for letter in "eu")


def _is_never(texts: Sequence[str]) -> bool:
    """A test of two different constants."""
    if texts[:1] not in (["["], ["[["], ["test"]) or len(texts) < 4:
        return False
    if texts[1] in ("-n", "-z"):
        return (texts[1] == "-n") == (texts[2] == "") and "$" not in texts[2]
    left, operator, right = texts[1:4]
    constant = all(re.fullmatch(r"[\w.-]+", side) for side in (left, right)) and "$" not in left + right
    return constant and (
        (operator in ("=", "==", "-eq") and left != right) or (operator in ("!=", "-ne") and left == right)
    )


def _quiet(command: Command, waits: bool = False) -> Iterator[Finding]:
    """Error messages that go to ``/dev/null``, outside of questions; jobs whose end nobody ``waits`` for."""
    program = _program(command)
    asks = {"if", "while", "until", "elif", "!"} & set(command.leading) or command.after in ("&&", "||")
    if not command.words and {"}", "fi", "done"} & set(command.leading):
        program, asks = "a group", False
    if not program or program in _ASKING or asks:
        return
    for redirect in command.redirects:
        if (
            redirect.target.text == "/dev/null"
            and (redirect.op.startswith("&>") or (redirect.fd == "2" and _QUIET.fullmatch(redirect.op)))
        ) or (redirect.op == ">&" and redirect.target.text == "/dev/null"):
            yield f"2>/dev/null {program}", f"the errors of {program} are thrown away", command.line
    if command.after == "&" and not waits and program not in ("sleep", "ssh-agent"):
        yield f"& {program}", f"{program} in the background: its failure goes unseen", command.line


def _call(call: Call, script: Script) -> Iterator[Finding]:
    texts = call.texts()
    if call.name in ("echo", "printf", "grep", "sed", "awk", "log", "info", "warn", "die", "test", "[", "[["):
        return
    first = next((text for text in call.plain()), "")
    for word in call.args:
        text = word.text
        text = text.removesuffix("=true").removesuffix("=1")
        if call.command.after in ("|", "|&") and text.startswith("--dry-run"):
            continue
        if not _FLAGS.match(text) or (
            text.startswith("--dry-run") and any(r.op == ">" for r in call.command.redirects)
        ):
            continue
        if text == "--force" and (call.name in _FORCE_IS_USUAL or (call.name == "talosctl" and {"kubeconfig", "gen"} & set(texts))):
            continue
        if text == "--force" and any(is_own_temp(other, script) for other in call.args):
            continue  # what it overwrites is the script's own
        if text == "--insecure" and call.name == "talosctl" and set(call.plain()[:4]) & _TALOS_FIRST_CONTACT:
            continue  # a node in maintenance mode has no certificate that could be checked
        yield f"{text} {call.name}", f"{call.name} {text} overrides a check", word.line
    if call.name == "curl" and any(re.fullmatch(r"-[a-zA-Z]*k[a-zA-Z]*", text) for text in texts):
        yield "-k curl", "curl -k does not check the certificate", call.line
    if call.name == "make" and any(re.fullmatch(r"-[a-zA-Z]*[ik][a-zA-Z]*", text) for text in texts):
        yield f"-i make {first}", "make goes on after errors", call.line
    if call.name == "alias" and any(re.search(r"=(?:true|:)$", text) for text in texts):
        yield "alias true", "an alias makes a command do nothing", call.line
    if (
        call.name in ("sed", "perl")
        and call.flag("i")
        and any("context_map" in t or "wipe_proxmox" in t for t in texts)
    ):
        yield "sed -i", "changes a protected file when it runs", call.line


_EMPTY_FUNCTION = lazy(
    r"^[ \t]*(?:function[ \t]+)?([A-Za-z_][\w-]*)[ \t]*(?:\(\))?[ \t]*\{[ \t]*\n?[ \t]*(?:return 0|exit 0|"
    r"true|:)[ \t]*;?[ \t]*\n?[ \t]*\}",
    re.M,
)


def empty_functions(text: str) -> Iterator[Finding]:
    """Functions that do nothing, which can stand in for a program."""
    for found in _EMPTY_FUNCTION.finditer(text):
        yield f"empty {found[1]}", f"{found[1]}() does nothing", text.count("\n", 0, found.start()) + 1


def tolerated(key: str, old_bare: dict[str, int], new_bare: dict[str, int]) -> bool:
    """A new clean-up or question may fail; a command that stood there without a net may not be given one."""
    kind, _, program = key.rpartition(" ")
    if kind in ("||", "|| echo") and program in _TOLERANT:
        return old_bare.get(program, 0) <= new_bare.get(program, 0)
    if kind in ("2>/dev/null", "&"):
        return old_bare.get(program, 0) <= new_bare.get(program, 0)
    return False


def bare_programs(script: Script, counts: dict[str, int]) -> None:
    """Count the commands whose failure counts: not followed by ``||``, nor silenced."""
    for command in script.commands:
        program = _program(command)
        hushed = any(True for _ in _quiet(command))
        if program and command.after != "||" and not hushed:
            counts[program] = counts.get(program, 0) + 1


def strictness(script: Script) -> frozenset[str]:
    """Which of ``errexit``, ``nounset`` and ``pipefail`` a script asks for."""
    asked: set[str] = set()
    letters = {"e": "errexit", "u": "nounset"}
    for command in script.commands:
        texts = _texts(command)
        if texts and texts[0].rpartition("/")[2] in SHELLS and "-c" in texts:
            texts = ["set", *texts[1 : texts.index("-c")]]
        if texts[:1] == ["set"]:
            asked.update(text for text in texts if text in ("errexit", "nounset", "pipefail") and "+o" not in texts)
            asked.update(letters[c] for text in texts[1:] if text.startswith("-") for c in text if c in letters)
    return frozenset(asked)


_SIGNAL = lazy(
    r"(?i)(\w*(?:fail|err|bad|rc|status|ret|exit|miss|broken|ok|problem|issue|unhealthy)\w*)\+?="
    r"(?:(?P<bad>\$?\(?\(?(?:[1-9]\d{0,2}|true|yes|\.\.\.\)\))|\$\?)|0|false|no|)"
)


def signals(scripts: Sequence[Script]) -> dict[str, tuple[int, int]]:
    """Variables by which scripts say that they failed: at how many places they are set to a failure, at how many not."""
    found: dict[str, tuple[int, int]] = {}
    for script in scripts:
        for command in script.commands:
            for word in command.words[:8]:
                assigned = _SIGNAL.fullmatch(word.text)
                if assigned:
                    bad, good = found.get(assigned[1], (0, 0))
                    found[assigned[1]] = (bad + 1, good) if assigned["bad"] else (bad, good + 1)
    commands = [command for script in scripts for command in script.commands]
    return {name: counts for name, counts in found.items() if _is_read(name, commands)}
