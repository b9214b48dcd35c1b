"""Secrets that leave the machine: what is secret, what sends, and whether one reaches the other.

Neither side alone is wrong: scripts read secrets, and scripts talk to servers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from git_executor.lazy import lazy
from git_executor.policy.calls import Call, Script
from git_executor.policy.secrets import names_secret
from git_executor.policy.shell import Command, names
from git_executor.policy.trails import Trails, carried, speaks, trails

SENSITIVE = lazy(
    r"(?:.*[@=<:])?(?:/etc/(?:g?shadow-?|sudoers\S*|rancher(?:/\S*)?|kubernetes/(?:\S*\.conf|pki\S*|admin\S*)|pve/priv\S*|ssh/ssh_host\S*_key|"
    r"ssl/private\S*|letsencrypt\S*|wireguard\S*|restic\S*|borg\S*)|(?:~|\$\{?HOME\}?|/root|/home/[^/]+)(?:/\.(?:ssh|kube|talos|gnupg|aws|"
    r"config|docker|netrc|vault-token|pgpass|git-credentials|bash_history|env)\S*)|(?:/var)?/run/secrets(?:/\S*)?|/proc/(?:\*|\d+|self|\$\w+)/environ|"
    r"\S*id_(?:rsa|ed25519|ecdsa|dsa)|\S*(?:kubeconfig|talosconfig)\S*|\S*k3s\.yaml|\S*\.env(?:\.\w+)?|\S*(?:age|sops)\S*keys?\.txt|"
    r"\S*\.(?:pem|key|kdbx|p12|pfx|jks)|\S*serviceaccount/token|\S*/node-token|\S*secrets?\.(?:ya?ml|json|env|txt)|\S*\.tfstate(?:\.backup)?)$"
)
_WHOLE = lazy(r"/(?:etc|root|home|var/lib/(?:rancher|kubelet|etcd))/?$|/$")
_SHADOW = lazy(r"(?:.*[@=<])?/etc/g?shadow-?$")
_SENDERS = names(
    "curl wget nc ncat netcat socat telnet mail mailx sendmail mutt wall write logger scp sftp rsync rclone ftp tftp lftp gh glab "
    "nslookup dig host drill ping xh http https httpie gist pastebinit transfer croc wormhole ssh aws gsutil s3cmd mc az gcloud "
    "mosquitto_pub swaks ntfy apprise"
)
_COPIES = names("scp sftp rsync rclone aws gsutil s3cmd mc az gcloud")
_SHOWN = lazy(
    r"/(?:var/www|srv/(?:www|http|nfs|share|samba|ftp|public)|usr/share/nginx|export|exports|public|www|html)(?:/|$)|.*/(?:public|static|htdocs|html)/"
)
_LOCAL_URL = lazy(
    r"https?://(?:localhost|127\.|10\.|192\.168\.|\[::1\]|[\w-]+(?::\d+)?(?:/|$)|[\w.-]+\.(?:svc|local|lan|home|internal|home\.arpa)\b)"
)


def leaks(call: Call, script: Script) -> Iterator[str]:
    """What is wrong with a call that sends, shows or reads what is secret."""
    texts = [value for text in call.texts()[:200] for value in script.values(text)[:2]]
    reads = [r.target.text for r in call.command.redirects if r.op == "<"]
    if any(_SHADOW.match(text) for text in (*texts, *reads)) and call.name not in names(
        "ls stat test [ [[ echo printf getent"
    ):
        yield f"{call.name} takes the passwords of the machine"
        return
    net = any(
        "/dev/tcp/" in r.target.text or "/dev/udp/" in r.target.text
        for r in call.command.redirects
        if r.op.startswith(">")
    )
    if call.name in _SENDERS or net:
        found = list(_sent(call, texts, reads, script, net))
        yield from found
        told = "" if found else carried(call, script, _trails(script))
        if told:
            yield told
    elif call.name in ("cp", "install", "ln", "mv", "cat", "tee", "tar"):
        yield from _shown(call, texts)
    elif call.name == "git" and call.plain()[:1] == ["add"] and any(_PLAIN_SECRET.search(text) for text in texts):
        yield "puts a secret into the repository"
    told = speaks(call)
    if told:
        yield told
    for redirect in call.command.redirects:
        plain = (
            redirect.op in (">", ">>")
            and call.name in ("sops", "age", "gpg")
            and call.flag("d", "--decrypt", "decrypt")
        )
        if (
            plain
            and re.fullmatch(r"[\w./-]*secrets?[\w.-]*\.(?:ya?ml|json|env)", redirect.target.text)
            and not redirect.target.text.startswith("/")
        ):
            yield "writes a decrypted secret into the repository"


def _trails(script: Script) -> Trails:
    known = script.notes.get("trails")
    if not isinstance(known, Trails):
        known = script.notes["trails"] = trails(script, _source, SENSITIVE, _of_command)
    return known


_PLAIN_SECRET = lazy(
    r"(?:^|/)(?:\.env|secrets?\.(?:ya?ml|json|env)|id_(?:rsa|ed25519)|kubeconfig\S*|talosconfig|.*\.(?:pem|key))$"
)


def _sent(call: Call, texts: list[str], reads: list[str], script: Script, net: bool) -> Iterator[str]:
    fed = [source for feeder in call.feeds if (source := _source(feeder))]
    nested = [source for command in call.command.nested if (source := _of_command(command))]
    takes = call.name not in ("curl", "wget", "rsync", "scp") or any(t.endswith("@-") or t == "-" for t in texts)
    if fed and takes and call.name not in ("http", "aws", "mc") and not _delivers(call):
        yield f"sends {fed[0]} away"
    elif nested and not (call.name in ("curl", "wget", "ssh") and _header_only(call)):
        yield f"sends {nested[0]} away"
    elif any(SENSITIVE.match(text) for text in reads):
        yield "sends a secret away"
    elif call.name in _COPIES and len(call.plain()) > 1:
        *sources, target = [
            w for w in call.plain() if not re.fullmatch(r"s3|cp|sync|copy|copyto|move|storage|mirror|put", w)
        ] or [""]
        remote = re.search(r"^[\w.@-]+:(?!/\.kube)|^(?:s3|gs|b2|sftp)://", target)
        if remote and any(
            (SENSITIVE.match(s) or _WHOLE.match(s)) and not s.endswith((".pub", ".crt")) for s in sources
        ):
            yield "copies a secret to another machine"
    elif call.name in (
        "curl",
        "wget",
        "gh",
        "glab",
        "mail",
        "mutt",
        "gist",
        "pastebinit",
        "croc",
        "wormhole",
        "http",
        "xh",
    ):
        bodies = [
            b
            for a, b in zip(["", *texts], texts, strict=False)
            if _BODY.fullmatch(a) or _BODY_IN.match(b) or a in ("create", "send", "--public")
        ]
        if any(SENSITIVE.match(re.sub(r"^(?:-\w|--[\w-]+=)?(?:\w+=)?[@<]?", "", body)) for body in bodies):
            yield "sends a secret away"
        elif call.name in ("curl", "wget") and any(_in_query(text) for text in texts):
            yield "sends a secret away in an address"
    elif call.name == "wall" and any(_says_secret(text) for text in texts):
        yield "shows a secret to everybody who is logged in"
    if net and (any(SENSITIVE.match(text) for text in texts) or call.name in ("env", "printenv")):
        yield "sends a secret away"


_BODY = lazy(r"-d|-F|-T|--data\S*|--form\S*|--upload-file|--post-file|--post-data|--body-file|--body-data|-a|-A")
_BODY_IN = lazy(r"(?:-[dFT]|--(?:data\S*?|form\S*?|upload-file|post-file|body-file)=)[\w=]*[@<~/$.]")


def _in_query(text: str) -> bool:
    if "://" not in text or _LOCAL_URL.match(text):
        return False
    return any(
        names_secret(name) and not names_secret(key) and key != "key"
        for key, name in re.findall(r"[?&](\w+)=\$\{?(\w+)", text)
    )


def _says_secret(text: str) -> bool:
    return any(names_secret(name) for name in re.findall(r"\$\{?(\w+)", text))


def _source(feeder: Call) -> str:
    """What is secret about what a call prints, or nothing."""
    return _of_words([feeder.name, *feeder.texts()], [r.target.text for r in feeder.command.redirects if r.op == "<"])


def _of_command(command: Command) -> str:
    return _of_words([word.text for word in command.words], [r.target.text for r in command.redirects if r.op == "<"])


def _of_words(words: list[str], reads: list[str]) -> str:
    words = words[1:] if words[:1] == ["sudo"] else words
    name = words[0].rpartition("/")[2] if words else ""
    plain = [word for word in words[1:] if not word.startswith("-")]
    if name in ("env", "printenv") and all(names_secret(word) for word in plain):
        return "the environment"
    if (name == "set" and len(words) == 1) or (name == "export" and words[1:2] in ([], ["-p"])):
        return "the environment"
    if (
        name == "history"
        or (name in ("terraform", "tofu") and words[1:2] in (["show"], ["output"]))
        or (name in ("terraform", "tofu") and words[1:3] == ["state", "pull"])
    ):
        return "the history or the state"
    if name == "kubectl" and "view" in plain and "--raw" in words:
        return "the key of the cluster"
    if name in (
        "cat",
        "head",
        "tail",
        "base64",
        "xxd",
        "tar",
        "zip",
        "gzip",
        "strings",
        "od",
        "grep",
        "sort",
        "awk",
        "sed",
        "openssl",
        "dd",
        "less",
    ) and (
        any(SENSITIVE.match(word) for word in [*words[1:], *reads])
        or (name in ("tar", "zip") and any(_WHOLE.match(word) for word in plain))
    ):
        return "a secret file"
    if (
        name in ("kubectl", "k3s", "oc")
        and "get" in plain
        and any(re.match(r"(?:\w+,)*secrets?(?:[/,.]|$)", word) for word in plain)
    ):
        return "the secrets of the cluster"
    if name in ("sops", "age", "gpg", "pass", "op", "bw", "vault", "secret-tool") and set(words) & names(
        "-d --decrypt decrypt show read get kv --dearmor"
    ):
        return "a decrypted secret"
    if name in ("echo", "printf") and any(_says_secret(word) for word in words[1:]):
        return "a secret"
    return ""


def _delivers(call: Call) -> bool:
    """A login, or a text that goes to the machine's own tools."""
    return (
        "--password-stdin" in call.texts()
        or (call.name == "ssh" and any(t in call.texts() for t in ("kubectl", "docker", "sudo")))
        or (
            call.name == "ssh"
            and not any(feeder.name in ("tar", "cat", "env", "printenv", "dd") for feeder in call.feeds)
        )
    )


def _header_only(call: Call) -> bool:
    """Whether what is put in stands behind ``-H`` or ``-u`` as a login does: ``-H "Authorization: Bearer $(...)"``."""
    texts = call.texts()
    spots = [i for i, word in enumerate(call.args) if "$(" in word.text]
    return bool(spots) and all(
        i
        and (
            texts[i - 1] in ("-u", "--user")
            or re.match(r"(?i)(?:authorization|x-[\w-]*(?:token|key)|private-token|cookie)\s*:", texts[i])
        )
        for i in spots
    )


def _shown(call: Call, texts: list[str]) -> Iterator[str]:
    targets = [*call.plain()[-1:], *(r.target.text for r in call.command.redirects if r.op.startswith(">"))]
    sources = [text for text in texts if SENSITIVE.match(text)]
    if sources and any(_SHOWN.match(target) for target in targets):
        yield f"shows {sources[0]} to whoever asks"
