"""Where secrets go inside of a script before they leave: into files, into variables, through filters.

``kubectl get secret > x; curl -T x ...`` is two harmless calls; only what the first leaves for the second is wrong.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from git_executor.lazy import lazy
from git_executor.policy.calls import Call, Script
from git_executor.policy.hosts import is_public
from git_executor.policy.secrets import names_secret
from git_executor.policy.shell import Command, names

_OUTPUTS = names("-o --output --out --output-file -f --file -out -cf czf cf -czf -caf --outfile")
_WRITES_LAST = names("cp install mv ln")
_TALKS_BY_NAME = names("dig nslookup host drill ping getent resolvectl kdig")
_PACKS = names("tar zfs btrfs pg_dump pg_dumpall mysqldump mariadb-dump zip dd cpio sqlite3 etcdctl find restic borg")
# What is the house's own, whatever else a service may be told.
_OWN = lazy(
    r"(?i)(?:^|_)(?:VAULT|TALOS\w*|KUBE\w*|K8S|K3S|SOPS|AGE|RESTIC|BORG|PROXMOX|PVE|PBS|ROOT|DB|DATABASE|POSTGRES\w*|PG|MYSQL|ADMIN|SSH|WG|WIREGUARD|ETCD|CLUSTER)(?:_|$)"
)
_URL_HOST = lazy(r"[a-z]+://(?:[^@/\s]*@)?(\[[^\]]+\]|[^/:?#\s\"']+)")


@dataclass(slots=True)
class Trails:
    """Files and variables of a script that hold a secret."""

    files: set[str] = field(default_factory=set)
    variables: set[str] = field(default_factory=set)


def trails(
    script: Script, source: Callable[[Call], str], secret_file: re.Pattern[str], of_command: Callable[[Command], str]
) -> Trails:
    """The files and variables of ``script`` into which ``source`` calls, or copies of secret files, put something."""
    found = Trails()

    def holds(call: Call) -> bool:
        return bool(source(call)) or any(text in found.files or secret_file.match(text) for text in call.plain())

    for call in script.calls[:3000]:
        if not (holds(call) or any(map(holds, call.feeds))) or call.name in (
            "scp",
            "rsync",
            "ls",
            "test",
            "[",
            "chmod",
            "rm",
        ):
            continue
        found.files.update(target for target in _written(call) if len(target) > 1 and target != "/dev/null")
    for command in script.commands[:3000]:
        if command.nested and any(map(of_command, command.nested)):
            texts = [word.text for word in command.words]
            if len(texts) > 3 and texts[0] == "for":
                found.variables.add(texts[1])
            found.variables.update(m[1] for text in texts[:4] if (m := re.match(r"(\w+)=.*\$\(", text)))
    return found


def _written(call: Call) -> Iterator[str]:
    yield from (r.target.text for r in call.command.redirects if r.op.startswith(">"))
    texts, words = call.texts(), call.plain()
    yield from (b for a, b in itertools.pairwise(texts) if a in _OUTPUTS)
    if call.name == "tee":
        yield from words
    elif call.name in _WRITES_LAST and len(words) > 1:
        yield words[-1]
    elif call.name == "zip" and words:
        yield words[0]


def carried(call: Call, script: Script, found: Trails) -> str:
    """What is wrong with a call that sends: a file or a variable on the trail, or the house's own secret."""
    texts = call.texts()
    bare = [re.sub(r"^(?:-\w|--[\w-]+=)?(?:\w+=)?[@<]", "", text) for text in texts]
    if call.name not in ("ssh", "logger", *_TALKS_BY_NAME):
        file = next((text for text in bare if text in found.files), "")
        if file and (call.name not in ("curl", "wget", "http", "xh") or not _inside(texts)):
            return f"sends {file} away, which holds a secret"
    used = {name for text in texts for name in re.findall(r"\$\{?(\w+)", text)}
    if call.name in _TALKS_BY_NAME or (call.name == "logger" and call.flag("n", "--server")):
        told = next((name for name in used if name in found.variables or names_secret(name)), "")
        return f"sends {told} away in a name" if told else ""
    if call.name in ("curl", "wget", "http", "xh") and _outside(texts):
        for before, text in zip(["", *texts], texts, strict=False):
            if before in ("-H", "--header", "-u", "--user") or text.startswith(("-H", "--header", "-u")):
                continue
            for name in re.findall(r"\$\{?(\w+)", text):
                if name in found.variables or (names_secret(name) and _OWN.search(name)):
                    return f"sends {name} away"
        packed = next((feeder.name for feeder in call.feeds if feeder.name in _PACKS), "")
        uploads = call.flag("T", "--upload-file") or any(text.endswith("@-") for text in texts)
        if packed and uploads:
            return f"sends what {packed} packs out of the house"
    return ""


def _hosts(texts: list[str]) -> list[str]:
    return [found[1].strip("[]").lower() for text in texts if (found := _URL_HOST.search(text))]


def _outside(texts: list[str]) -> bool:
    return any(is_public(host) or host.endswith(".example") for host in _hosts(texts))


def _inside(texts: list[str]) -> bool:
    hosts = _hosts(texts)
    return bool(hosts) and not _outside(texts)


def speaks(call: Call) -> str:
    """A secret that a script prints for everybody who reads its log."""
    if call.name not in ("echo", "printf") or call.command.after in ("|", "|&", ")") or call.command.before == "|":
        return ""
    if any(
        r.op.startswith((">", "&>")) and r.target.text not in ("2", "&2", "1", "/dev/stderr", "/dev/stdout")
        for r in call.command.redirects
    ):
        return ""
    told = " ".join(text for word in call.args if not word.plain for text in [word.text])
    name = next((name for name in re.findall(r"\$\{?(\w+)\}?(?![\w:%#+/-])", told) if names_secret(name)), "")
    return f"prints {name} for everybody who reads the log" if name else ""
