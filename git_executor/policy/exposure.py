"""Calls that open what is closed: permissions, accounts, the record in git, and code that nobody has read."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from git_executor.lazy import lazy
from git_executor.policy.calls import INTERPRETERS, SHELLS, Call, Script, skip_options
from git_executor.policy.registry import SECRET_FILE, SYSTEM, rule, touches, verbs
from git_executor.policy.shell import names

# --- permissions and keys ---------------------------------------------------------------------------


@rule("chmod setfacl")
def _chmod(call: Call, script: Script) -> str:
    words = call.texts() if call.name == "setfacl" else [t for t in call.texts() if not t.startswith("--")]
    mode = next((t for t in words if re.fullmatch(r"[0-7]{1,5}|(?:[ugoa]*[-+=][rwxXstugo]*,?)+", t)), "")
    if call.name == "setfacl":
        return (
            "opens files to everybody"
            if any(re.search(r"(?:^|,)(?:o(?:ther)?::?r?w|u:(?:nobody|www-data|guest)?:r?w)", t) for t in words)
            else ""
        )
    targets = words[words.index(mode) + 1 :] if mode else words
    if (
        touches(targets, script, lazy(r".*/(?:\.git/hooks|\.githooks|hooks)/|(?:\.git/hooks|\.githooks|hooks)/"))
        and "-x" in mode
    ):
        return "switches a hook off"
    if mode.isdigit():
        bits = int(mode, 8)
        world_writes, set_id, others = bits & 0o002 and not bits & 0o1000, bits & 0o6000, bits & 0o077
    else:
        world_writes = bool(re.search(r"(?:^|,)[ug]*[oa][ugoa]*[+=][rxXst]*w", mode))
        set_id = bool(re.search(r"[+=][rwxXt]*s", mode))
        others = bool(re.search(r"(?:^|,)(?:[ug]*[oa][ugoa]*|g)?[+=][xXst]*[rw]", mode))
    if world_writes:
        return f"lets everybody write {targets[0] if targets else ''}".rstrip()
    if set_id:
        return "lets everybody run it as its owner"
    if others and touches(targets, script, SECRET_FILE):
        return "opens a key or secret to others"
    if call.flag("R", "--recursive") and touches(targets, script, SYSTEM):
        return "changes the permissions of system files"
    return ""


@rule("mkdir mkfifo mknod")
def _mkdir(call: Call, script: Script) -> str:
    mode = re.search(r"(?:^|\s)(?:-\w*m|--mode)[ =]?0?([0-7]?)[0-7]?[0-7]?[2367](?=\s|$)", " ".join(call.texts()))
    return "lets everybody write there" if mode and mode[1] != "1" else ""


@rule("umask ssh-copy-id")
def _umask(call: Call, script: Script) -> str:
    if call.name == "ssh-copy-id":
        return "gives a key the right to log in"
    return "lets everybody write new files" if re.fullmatch(r"0*[0-7]?[0-7]?[01]|0+", "".join(call.plain()[:1])) else ""


# Places that belong to the system; what services keep elsewhere may well change its owner.
_OWNED = lazy(
    r"/(?:etc|boot|dev|sys|proc|usr|bin|sbin|lib\w*|root|var|var/lib)?/?\**$|/(?:boot|dev|sys|proc|usr|bin|sbin|root|etc)/|~/?\.ssh"
)


@rule("chown chgrp chattr")
def _chown(call: Call, script: Script) -> str:
    targets = call.plain()[1:] if call.name != "chattr" else call.plain()
    if call.flag("R", "--recursive") and touches(targets, script, _OWNED):
        return "changes the owner of system files"
    if call.name == "chattr":
        return (
            "takes the lock off a file" if any(re.fullmatch(r"-[a-zA-Z]*i[a-zA-Z]*", t) for t in call.texts()) else ""
        )
    return ""


@rule("passwd chpasswd useradd adduser usermod userdel deluser groupdel visudo gpasswd pveum pam-auth-update setcap")
def _accounts(call: Call, script: Script) -> str:
    texts, name = call.texts(), call.name
    if name in ("userdel", "deluser", "groupdel", "chpasswd", "visudo"):
        return "changes who may log in"
    if name == "passwd":
        return "changes a password"
    if name == "pveum":
        bad = any(t in ("Administrator", "PVEAdmin") for t in texts) or set(texts) & {"delete", "passwd"}
        grants = texts[:3] == ["user", "token", "add"] or texts[:2] == ["user", "add"] or "--privsep=0" in texts
        return "makes somebody an administrator, or a new way in" if bad or grants else ""
    if name == "setcap":
        strong = re.search(
            r"(?i)\b(?:all|cap_(?:set[ug]id|sys_\w+|dac_\w+|chown|fowner|setfcap|bpf))\b|^=e?i?p", " ".join(texts)
        )
        return "gives a program the rights of root" if strong else ""
    if name == "usermod" and any(a in ("-s", "--shell") and b.endswith("sh") for a, b in itertools.pairwise(texts)):
        return "lets an account log in"
    if (
        name in ("usermod", "useradd") and call.flag("p", "--password", "--unlock")
    ) or "--disabled-password=no" in texts:
        return "sets a password"
    if name in ("usermod", "useradd") and any(a in ("-u", "--uid") and b == "0" for a, b in itertools.pairwise(texts)):
        return "makes a second root"
    groups = [part for text in texts for part in re.split(r"[,=]", text)]
    if set(groups) & names("sudo wheel root adm docker disk lxd shadow libvirt") and (
        name in ("gpasswd", "adduser") or call.flag("aGg", "--groups", "--gid")
    ):
        return "gives somebody the rights of root"
    return "makes a second root" if any(t in ("-o", "--non-unique") for t in texts) else ""


# --- git, and code that nobody has read -----------------------------------------------------------------


@rule("git")
def _git(call: Call, script: Script) -> str:
    words = verbs(call, "-C -c --git-dir --work-tree --namespace")
    verb = words[0] if words else ""
    if any("hookspath" in t.lower() for t in call.texts()):
        return "switches the hooks off"
    if call.flag("", "--no-verify") or (verb == "commit" and call.flag("n")):
        return "skips the hooks"
    config = next((text for text in words[1:3] if "." in text), "").lower() if verb == "config" else ""
    if config in (
        "core.fsmonitor",
        "core.sshcommand",
        "core.pager",
        "core.editor",
        "core.attributesfile",
    ) or config.startswith(("alias.", "url.", "filter.", "credential.", "protocol.", "include")):
        return "makes git run or ask something else"
    if config == "http.sslverify" and set(words) & {"false", "0"}:
        return "no longer checks whom git talks to"
    if verb == "update-index" and call.flag("", "--assume-unchanged", "--skip-worktree"):
        return "hides a change from git"
    if (
        verb in ("push", "fetch", "pull")
        and any(re.match(r"(?:https?|git|ssh)://|[\w.-]+@[\w.-]+:", word) for word in words[1:2])
        and verb == "push"
    ):
        return "sends the repository to another place"
    if verb == "remote" and words[1:2] in (["set-url"], ["remove"], ["rm"], ["add"]):
        return "points the repository at another remote"
    if verb == "push" and any(re.fullmatch(r"(?:.*:)?(?:refs/heads/)?(?:main|master)", word) for word in words[2:]):
        return "pushes to the base branch"
    if verb == "rm" and call.flag("r"):
        return "removes files from the repository"
    if verb == "push" and (
        call.flag("fd", "--force", "--force-with-lease", "--mirror", "--delete", "--prune")
        or any(w.startswith(("+", ":")) for w in words[1:])
    ):
        return "rewrites or deletes a branch of the remote"
    if (verb == "reset" and call.flag("", "--hard")) or (verb == "clean" and call.flag("fdx", "--force")):
        return "throws away work that is not committed"
    if (
        verb in ("filter-branch", "filter-repo", "update-ref", "replace")
        or (verb == "branch" and call.flag("D"))
        or (verb == "stash" and words[1:2] in (["drop"], ["clear"]))
    ):
        return "rewrites or drops history"
    if (verb == "checkout" and (words[1:2] == ["."] or call.flag("f", "--force"))) or (
        verb == "restore" and words[1:2] == ["."]
    ):
        return "throws away work that is not committed"
    return ""


_DOWNLOADS = names("curl wget fetch aria2c http https nc ncat netcat socat lynx ftp tftp lwp-request GET gsutil")
# What may print a script for a shell: everybody can read what it says.
_TELLS = names(
    "echo printf cat envsubst jq yq kubectl helm kustomize helmfile sort uniq grep head tail awk tee true : cd for while if set export local "
    "read sleep date [ [[ test ssh-agent direnv mise talosctl flux kubeseal brew vagrant docker minikube starship zoxide dircolors gotmpl find ls"
)
_DECODES = names(
    "base64 base32 xxd openssl gpg uudecode rev tr gunzip zcat gzip bunzip2 xz unxz bzcat hexdump od age sops b64decode"
)


def _reads(call: Call) -> bool:
    """Whether a shell takes its script from what is piped into it."""
    rest = [text for text in call.texts() if not text.startswith("-")]
    return not call.flag("c") and (not rest or call.flag("s") or "/dev/stdin" in rest)


def _runs_what_it_reads(call: Call) -> bool:
    """Whether ``xargs`` takes the program itself, not only its words, from what it reads."""
    texts = call.texts()
    holder = next(
        (b if a in ("-I", "-i") else a[2:] for a, b in itertools.pairwise([*texts, ""]) if a.startswith(("-I", "-i"))),
        "",
    )
    command = texts[skip_options(texts, ("-I", "-n", "-P", "-d", "-L", "-s", "-a", "-E"), 0) :]
    return (
        bool(command)
        and (command[0] in SHELLS or command[0] in INTERPRETERS or (holder != "" and holder in command[0]))
    ) or any(text in SHELLS for text in texts)


def remote_code(call: Call, script: Script) -> Iterator[tuple[str, str]]:
    runs = (
        call.name in SHELLS
        or call.name in INTERPRETERS
        or call.name in ("eval", "source", ".", "xargs", "crontab", "at")
    )
    if runs:
        feeders = {feeder.name for feeder in call.feeds}
        inline = " ".join(call.texts())
        held = " ".join(value for word in call.args if not word.plain for value in script.values(word.text))
        fetched = re.findall(r"\$\(\s*(\w+)", held) if held != inline else []
        piped = any(r.op in ("<<<", "<<") and not r.target.plain for r in call.command.redirects)
        if call.command.nested and (piped or any(w for w in call.args if not w.plain)):
            feeders |= {word.text for inner in call.command.nested for word in inner.words[:3]}
            inline += " ".join(word.text for inner in call.command.nested for word in inner.words)
        if call.name in ("eval", *SHELLS):
            feeders |= set(fetched)
        if call.name == "xargs" and not _runs_what_it_reads(call):
            feeders &= names("rev base64 base32 xxd uudecode")
        if any(
            f.name in ("printf", "echo") and re.search(r"\\(?:x[0-9a-f]{2}|0?[0-7]{3})", " ".join(f.texts()), re.I)
            for f in call.feeds
        ):
            yield "remote-code", "runs text that is spelled in escapes, so that nobody can read it"
        from_net = any("/dev/tcp/" in r.target.text for f in call.feeds for r in f.command.redirects)
        if feeders & _DOWNLOADS or from_net:
            yield "remote-code", "runs what it downloads, unseen"
        elif call.name in SHELLS and _reads(call) and feeders - _TELLS:
            yield "remote-code", "runs what another program prints, so that nobody can read it"
        elif feeders & _DECODES or (
            call.name not in ("source", ".") and re.search(r"\\(?:x[0-9a-f]{2}|0?[0-7]{3})", inline, re.I)
        ):
            yield "remote-code", "runs text that is decoded at run time, so that nobody can read it"
        elif call.name in ("source", ".", *SHELLS) and _downloaded(call, script):
            yield "remote-code", "runs a file that it downloads, unseen"
    if call.name in ("nc", "ncat", "netcat", "socat") and (
        call.flag("ec", "--exec", "--sh-exec") or any("exec:" in t.lower() for t in call.texts())
    ):
        yield "remote-code", "gives a shell to the network"
    if call.name in INTERPRETERS:
        code = " ".join([*call.texts(), *(r.target.text for r in call.command.redirects if r.op in ("<<", "<<<"))])
        code += " ".join(text for feeder in call.feeds if feeder.name in ("echo", "printf") for text in feeder.texts())
        yield from _code(code)
    if call.name in ("kubectl", "k3s") and {feeder.name for feeder in call.feeds} & names("curl wget"):
        yield "remote-code", "applies what it downloads, unseen"
    yield from _fetched(call, script)
    yield from _sends(call)
    if call.name in ("curl", "wget"):
        sent = [t for t in call.texts() if t.startswith(("@", "file=@", "--post-file", "--upload-file")) or "=@" in t]
        secret = [t for t in call.texts() if SECRET_FILE.match(t.rpartition("@")[2].rpartition("=")[2])]
        if (sent and secret) or (secret and call.flag("T", "--post-file", "--upload-file")):
            yield "destructive-command", "sends a secret away"
    program = call.command.words and call.command.words[0].text
    if isinstance(program, str) and call.line and _downloaded_name(program, script):
        yield "remote-code", "runs a file that it downloads, unseen"


def _fetched(call: Call, script: Script) -> Iterator[tuple[str, str]]:
    """Programs and archives that come from elsewhere and are run or unpacked over the system."""
    feeders = {feeder.name for feeder in call.feeds}
    words = call.plain()
    if (
        call.name == "tar"
        and feeders & _DOWNLOADS
        and re.search(
            r"(?:-C\s?|--directory[ =])/(?:usr|etc|bin|sbin|lib|opt)?/?(?:\s|$)", " ".join(call.texts()) + " "
        )
    ):
        yield "remote-code", "unpacks what it downloads over the system, unseen"
    if (
        call.name == "go"
        and words[:1] == ["run"]
        and any("@" in word or "." in word.partition("/")[0] for word in words[1:2] if not word.startswith("."))
    ):
        yield "remote-code", "runs a program that it downloads, unseen"
    if call.name == "ansible-pull":
        yield "remote-code", "runs a playbook that it downloads, unseen"
    if call.name == "enable" and call.flag("f"):
        yield "remote-code", "loads a library into the shell"
    if call.name == "trap" and "DEBUG" in words[1:] and words[0].strip("-: "):
        yield "remote-code", "runs something before each command"
    clones = [word for git in script.named("git")[:20] if git.plain()[:1] == ["clone"] for word in _clone(git)]
    if not clones:
        return
    program = call.command.words[0].text if call.command.words else ""
    entered = [cd.plain()[0] for cd in script.named("cd", "pushd")[:50] if cd.plain() and cd.line <= call.line]
    inside = any(entry.strip("./").rpartition("/")[2] in clones for entry in entered)
    where = (
        [part for text in (program, *call.texts()[:4]) for part in text.split("/")]
        if "/" in program or call.name in ("make", *SHELLS)
        else []
    )
    if call.name not in ("git", "cd", "pushd") and (
        set(where) & set(clones) or (inside and (program.startswith("./") or call.name in ("make", *SHELLS)))
    ):
        yield "remote-code", "runs what it has just cloned, unseen"


def _clone(call: Call) -> list[str]:
    words = call.plain()[1:]
    at = next((i for i, word in enumerate(words) if "://" in word or re.match(r"[\w.-]+@[\w.-]+:", word)), -1)
    if at < 0:
        return []
    into = words[at + 1] if at + 1 < len(words) else words[at].rpartition("/")[2].removesuffix(".git")
    return [into.rstrip("/").rpartition("/")[2]]


def _sends(call: Call) -> Iterator[tuple[str, str]]:
    """Secrets and shells that leave the machine."""
    given = [word.text for feeder in call.feeds for word in feeder.args]
    names_ = {feeder.name for feeder in call.feeds}
    if call.name in ("nc", "ncat", "netcat", "socat", "curl", "wget"):
        reads = call.name not in ("curl", "wget") or any(text.endswith("@-") or text == "-" for text in call.texts())
        if reads and (names_ & (SHELLS | names("env printenv set export")) or any(SECRET_FILE.match(t) for t in given)):
            yield "destructive-command", "sends a secret or a shell over the network"
        inner = [word.text for nested in call.command.nested for word in nested.words]
        if any(
            re.search(r"/etc/shadow|id_(?:rsa|ed25519)|kube/config|\.ssh/|kubeconfig|talosconfig", text)
            for text in inner
        ):
            yield "destructive-command", "sends a secret away"
    if call.name in ("scp", "rsync", "sftp") and call.plain():
        *sources, target = call.plain()
        if ":" in target and any(SECRET_FILE.match(source) and not source.endswith(".pub") for source in sources):
            yield "destructive-command", "copies a secret to another machine"


def _downloaded(call: Call, script: Script) -> bool:
    return any(_downloaded_name(text, script, anywhere=True) for text in call.plain()[:1])


_VERIFIES = names("sha256sum sha512sum sha1sum shasum b2sum cosign minisign gpgv gpg signify slsa-verifier")


def _verified(text: str, outs: list[str], script: Script) -> bool:
    """Whether the script checks the sum or the signature of the file."""
    shown = {text, *outs}
    return any(
        (any(any(out and out in word for out in shown) for word in call.texts()) or call.flag("c", "--check"))
        for call in script.named(*_VERIFIES)
    )


def _downloaded_name(text: str, script: Script, anywhere: bool = False) -> bool:
    """Whether the script itself fetches the file of that name."""
    fetched = any(c.feeds for c in script.named("tee", "dd", "install"))
    if not anywhere and "/" not in text and "$" not in text and not fetched:
        return False
    base = text.rpartition("/")[2]
    for other in script.named("curl", "wget", "tee", "dd", "install"):
        fed = other.name in ("tee", "dd", "install") and {f.name for f in other.feeds} & names("curl wget")
        if fed and any(word.removeprefix("of=").rpartition("/")[2] == base for word in other.plain()):
            return not _verified(text, other.plain(), script)
        if other.name in ("curl", "wget"):
            texts = other.texts()
            outs = [
                texts[i + 1]
                for i, t in enumerate(texts[:-1])
                if t in ("-o", "-O", "--output", "--output-document") or re.fullmatch(r"-[a-zA-Z]*[oO]", t)
            ]
            outs += [r.target.text for r in other.command.redirects if r.op == ">"]
            if other.name == "wget" or other.flag("O", "--remote-name"):
                outs += [t.partition("?")[0].rpartition("/")[2] for t in texts if "://" in t]
            if _verified(text, outs, script):
                continue
            if any(
                out == text or (out and out.rpartition("/")[2] == base and not out.startswith("http")) for out in outs
            ):
                return True
    return False


_CODE = lazy(
    r"shutil\.rmtree|\brmtree\b|os\.(?:system|removedirs|unlink|remove)\b|\bunlink\b|rmSync|rm_rf|remove_tree|rimraf|fs\.rm|"
    r"socket\.socket.{0,200}(?:dup2|subprocess|pty)|pty\.spawn|TCPSocket|exec\s*\(\s*(?:base64|bytes|codecs|"
    r"zlib)|b64decode|fromhex|pack\s*\(|"
    r"urlopen|requests\.get.{0,80}exec|Remove-Item.{0,80}-Recurse|open\(\s*['\"]/dev/(?:sd|nvme|vd)",
    re.S,
)


def _row(text: str, at: int) -> str:
    end = text.find("\n", at)
    return text[text.rfind("\n", 0, at) + 1 : end if end >= 0 else len(text)]


def _code(code: str) -> Iterator[tuple[str, str]]:
    code = code[:200_000]
    rows = {" ".join(_row(code, found.start()).split())[:80] for found in _CODE.finditer(code)}
    yield from (("destructive-command", f"deletes files or runs hidden code: {row}") for row in sorted(rows))
    if not rows and ("rm -rf" in code or "mkfs" in code):
        yield "destructive-command", "deletes files from within another language"
