"""Keys with values that silence, expose or destroy, in YAML, JSON, TOML, HCL and their like."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from git_executor.lazy import lazy, may_match
from git_executor.policy.databases import statement
from git_executor.policy.embedded import compose, kind_of, walk
from git_executor.policy.modules import inline
from git_executor.policy.registry import SECRET_FILE
from git_executor.policy.secrets import secret_in, secret_value
from git_executor.policy.settings_rows import (
    BINDS,
    DISKS,
    FALSE,
    HARMLESS_ABSENT,
    KEYS,
    LINES,
    MORE,
    PAIR,
    SWALLOW,
    TABLE,
    TRUE,
)

_HOST = lazy(
    r"/(?:(?:etc|var|usr|opt|run|lib|var/lib|var/run)/?)?$|/dev/(?:sd|nvme|vd|hd|mapper|dm-|k?mem|md|disk)|/dev/?$|/(?:root|proc|sys|boot|home|var/lib/(?:rancher|kubelet|etcd|docker|containerd|k0s)|"
    r"etc/(?:kubernetes|rancher|ssh|pve|cni|shadow|passwd|sudoers)|root/\.\w+|(?:var/)?run/\S*\.sock)(?:/.*)?/?$"
)
_SPOKEN = lazy(r"skip|nosec|ignore|disable|^#!")  # comments that somebody reads
_RECIPE = lazy(r"^(?:\t|[ ]{2,})\s*@?-(?=[@+\s]*[A-Za-z$./])")
_SQL = lazy(
    r"(?i:\b(?:COPY|UPDATE|TRIGGER)\b)|\b(?:DROP|TRUNCATE|DELETE|GRANT|FLUSH(?:ALL|DB)|SUPERUSER)\b|drop|deleteMany|flush"
)
_REASONED = lazy(r"\brc\s*(?:!=\s*0|not in|>\s*[0-2]\b)|\bis failed|\.failed\b|\bstatus\b|\bin \[0", re.I)
_IDLE_PROBE = lazy(
    r"(?:cmd(?:-shell)?\s+)?(?:(?:/bin/)?(?:sh|bash)\s+-c\s+)?(?:/bin/)?(?:true|:|exit 0|echo\b.*|none|sleep \d+)$",
    re.I,
)

Finding = tuple[str, str, str, int]
"""(rule, key, message, line)"""


def settings(path: str, text: str) -> Iterator[Finding]:
    """Every such setting in a file, whether it is new or not."""
    kind = kind_of(path, text)
    if kind == "prose" or len(text) > 1_000_000:
        return
    lines = text.split("\n")
    possible = tuple(i for i, (_, _, pattern) in enumerate(LINES) if may_match(pattern, text))
    for i, line in enumerate(lines, 1):
        code = line[:2000]
        if not code.lstrip().startswith(("#", "//")) or _SPOKEN.search(code):
            yield from ((rule, message, message, i) for rule, message in _of_line(code, possible))
            if kind == "make" and _RECIPE.match(code):
                yield "failure-silenced", "recipe", "the failure of a recipe's line is ignored", i
            lost = statement(code) if kind != "shell" and (_SQL.search(code) or path.endswith(".sql")) else ""
            if lost:
                yield "destructive-command", lost, lost, i
    users = [(i, line) for i, line in enumerate(lines, 1) if kind == "docker" and line.startswith("USER ")]
    if users and re.match(r"USER\s+(?:root|0)\b", users[-1][1]):
        yield "opened-access", "USER root", "the image runs as root", users[-1][0]
    if kind == "python":
        for i, line in enumerate(lines[:-1], 1):
            if SWALLOW.match(line[:300]) and re.fullmatch(r"\s*(?:pass|\.\.\.|continue)\s*(?:#.*)?", lines[i][:200]):
                yield "failure-silenced", "except: pass", "an exception is swallowed", i + 1
    documents = compose(text) if kind == "yaml" and len(text) < 400_000 else None
    if documents is not None:
        yield from _nodes(documents)
    elif kind != "shell":
        for i, line in enumerate(lines, 1):
            bare = line[:2000].split(" #")[0]
            if not bare.lstrip().startswith(("#", "//", ";")):
                for found in PAIR.finditer(bare):
                    yield from _judge(found[1], found[2].strip(), (), i)


@lru_cache(maxsize=8192)  # the two versions of a file share nearly all of their lines
def _of_line(code: str, possible: tuple[int, ...]) -> tuple[tuple[str, str], ...]:
    return tuple(LINES[i][:2] for i in possible if LINES[i][2].search(code))


def _nodes(documents: list[Any]) -> Iterator[Finding]:
    import yaml

    for keys, node in walk(documents):
        if isinstance(node, yaml.ScalarNode) and keys:
            if "mode=" in node.value or "privileged=" in node.value:
                for option, given in inline(str(node.value)).items():
                    yield from _judge(option, given, keys, node.start_mark.line + 1)
            yield from _judge(keys[-1], str(node.value).strip(), keys, node.start_mark.line + 1)
        elif isinstance(node, yaml.MappingNode):
            by_key = {str(k.value): v for k, v in node.value if isinstance(k, yaml.ScalarNode)}
            for key, value in node.value:
                bare = (
                    str(key.value).lower().replace("_", "").replace("-", "").rpartition(".")[2]
                    if isinstance(key, yaml.ScalarNode)
                    else ""
                )
                if bare in KEYS:
                    yield KEYS[bare][0], bare, f"{key.value}: {KEYS[bare][1]}", key.start_mark.line + 1
                if isinstance(value, yaml.SequenceNode) and not value.value and bare == "failedwhen":
                    yield (
                        "failure-silenced",
                        bare,
                        f"{key.value}: []: the step can no longer fail",
                        key.start_mark.line + 1,
                    )
            yield from _absent(keys[-1] if keys else "", by_key, node)
            yield from _objects(by_key)
            yield from _probe(keys, by_key)
            name, value = by_key.get("name"), by_key.get("value")
            if isinstance(name, yaml.ScalarNode) and isinstance(value, yaml.ScalarNode):
                for what in secret_in(f'{name.value}="{value.value}"'):
                    yield "secret", f"{name.value}={value.value}", what, value.start_mark.line + 1
            for key, value in by_key.items():
                if isinstance(value, yaml.ScalarNode) and value.start_mark.line != value.end_mark.line:
                    first = str(value.value).strip().split("\n")[0]
                    for what in secret_in(f'{key}="{first}"'):
                        yield "secret", f"{key}={first}", what, value.start_mark.line + 2


def _scalar(node: Any) -> str:
    return node.value if node is not None and isinstance(node.value, str) else ""


def _objects(by_key: dict[str, Any]) -> Iterator[Finding]:
    """What holds for an object as a whole: written-out Secrets, forced Flux objects, keys that others may read."""
    where = _scalar(by_key.get("path") or by_key.get("dest"))
    mode = by_key.get("mode") or by_key.get("permissions")
    if (
        mode is not None
        and where
        and SECRET_FILE.match(where)
        and re.search(r"[0-7]*(?:[1-7][0-7]|[0-7][1-7])$", _scalar(mode))
    ):
        yield "opened-access", f"{where} {_scalar(mode)}", f"{where} is opened to others", mode.start_mark.line + 1
    kind, version = _scalar(by_key.get("kind")), _scalar(by_key.get("apiVersion"))
    if kind == "Secret":
        for part in ("data", "stringData"):
            entries = getattr(by_key.get(part), "value", ())
            for entry in entries if isinstance(entries, list) else ():
                key, value = (_scalar(entry[0]), _scalar(entry[1])) if isinstance(entry, tuple) else ("", "")
                bare = re.sub(r"[^A-Za-z]", "", key).lower()
                if not re.search(r"user(?:name)?$|host$|url$|email$|name$|port$", bare) and secret_value(value):
                    yield "secret", f"{key}={value}", f"the value of {key} stands here", entry[1].start_mark.line + 1
    if ".toolkit.fluxcd.io/" in version:
        spec = getattr(by_key.get("spec"), "value", ())
        parts = [entry for entry in spec if isinstance(entry, tuple)] if isinstance(spec, list) else []
        for name in ("upgrade", "install", "rollback"):
            parts += [
                e
                for k, v in list(parts)
                if _scalar(k) == name and isinstance(v.value, list)
                for e in v.value
                if isinstance(e, tuple)
            ]
        for key, value in parts:
            if _scalar(key) == "force" and re.fullmatch(TRUE, _scalar(value), re.I):
                yield "destructive-command", "flux force", "force: true deletes and makes anew", key.start_mark.line + 1


def _probe(keys: tuple[str, ...], by_key: dict[str, Any]) -> Iterator[Finding]:
    """A check of health that cannot fail."""
    checks = bool(re.search(r"probe|healthcheck|health_check", ".".join(keys[-3:]).lower()))
    for name in ("command", "test", "exec", "cmd"):
        node = by_key.get(name) if checks else None
        if node is None:
            continue
        told = _scalar(node) or " ".join(_scalar(entry) for entry in node.value if not isinstance(entry, tuple))
        if _IDLE_PROBE.match(told.strip()):
            yield "failure-silenced", f"probe {told}", "the check of health cannot fail", node.start_mark.line + 1
    condition = by_key.get("failed_when")
    if condition is not None:
        told = _scalar(condition) or " ".join(
            _scalar(entry) for entry in condition.value if not isinstance(entry, tuple)
        )
        if told and not _REASONED.search(told):
            yield (
                "failure-silenced",
                f"failed_when {told}",
                "this condition replaces the check of the exit code",
                condition.start_mark.line + 1,
            )


def _absent(module: str, by_key: dict[str, Any], node: Any) -> Iterator[Finding]:
    """``state: absent`` of an Ansible module."""
    state = str(getattr(by_key.get("state"), "value", ""))
    where = getattr(by_key.get("path") or by_key.get("dest") or by_key.get("name"), "value", "")
    line = node.start_mark.line + 1
    if state in ("absent", "destroyed", "deleted", "wiped"):
        small = HARMLESS_ABSENT.search(module) and not (module.endswith("file") and _LARGE.search(str(where)))
        if not small:
            yield (
                "destructive-command",
                f"{module} absent {where}",
                f"state: {state} takes {where or module or 'it'} away",
                line,
            )
    for key, value in by_key.items():
        text = str(getattr(value, "value", "")) if isinstance(getattr(value, "value", ""), str) else ""
        inline = re.search(r"\bpath=(\S+)(?=.*\bstate=absent)|\bstate=absent(?=.*\bpath=(\S+))", text[:500])
        if inline and _LARGE.search(inline[1] or inline[2]):
            yield "destructive-command", f"{key} {text}", f"{text} takes it away", value.start_mark.line + 1
    if module.rpartition(".")[2] in ("apt", "dnf", "yum", "git", "package") and re.fullmatch(
        TRUE, str(getattr(by_key.get("force"), "value", ""))
    ):
        yield "failure-silenced", f"{module} force", f"{module}: force overrides every check", line


# A directory, or a place where a deletion is felt.
_LARGE = lazy(
    r"^/(?:[^/]+/?)?$|/$|^/(?:srv|home|root|data|mnt|boot|var/lib|opt)(?:/|$)|^/etc/(?:ssh|pve|kubernetes|"
    r"fstab|passwd|shadow|sudoers)|\*"
)


def guards(path: str, text: str) -> Iterator[str]:
    """Settings that keep things safe or make a failure seen: they may not go."""
    if kind_of(path, text) in ("prose", "shell"):
        return
    for line in text[:1_000_000].split("\n"):
        bare = line.split(" #")[0][:500]
        found = _GUARD.match(bare)
        if found:
            yield re.sub(r"[-_]", "", found[1].lower())
        if re.search(r"\bcheck\s*=\s*True\b|\bcheck_(?:call|output)\(|\braise_for_status\(", bare):
            yield "check=True"


_GUARD = lazy(
    r"\s*(?:-\s+)?[\"']?(prevent_destroy|deletion_protection|validate|verify|wait|gpgcheck|validate_certs|"
    r"runAsNonRoot|readOnlyRootFilesystem|"
    r"any_errors_fatal|fail_fast|atomic|no_log|become_ask_pass|"
    r"host_key_checking)[\"']?\s*[:=]\s*[\"']?(?:true|yes|on|1)\b",
    re.I,
)


_DANGER = lazy(r"anonym|unauth|insecure|guest|passwordless|skip|disable")  # safer without it
_OWNED = lazy(r"file|copy|template|unarchive|get_url|assemble|synchronize|lineinfile|blockinfile|replace")


def _judge(key: str, value: str, keys: tuple[str, ...], line: int) -> Iterator[Finding]:
    bare = key.lower().replace("-", "").replace("_", "").rpartition(".")[2]
    if bare == "group" and len(keys) > 1 and _OWNED.fullmatch(keys[-2].rpartition(".")[2]):
        return  # whose a file is, not who belongs to a group
    for rule, message, names, values in (*TABLE, *MORE):
        if names.match(bare) and values.match(value):
            yield rule, f"{bare}={value.lower()}", f"{key}: {value}: {message}", line
            return
    if (
        bare in ("name", "role", "clusterrole")
        and value == "cluster-admin"
        and (not keys or bare != "name" or any(BINDS.match(k.lower()) for k in keys))
    ):
        yield "opened-access", "cluster-admin", "makes somebody the administrator of the cluster", line
    above = keys[-2] if len(keys) > 1 else ""
    if above == "hostPath" and bare == "path" and _HOST.match(value):
        yield "opened-access", f"hostPath {value}", f"hands {value} of the host to a container", line
    if DISKS.search(above) and (
        (bare == "state" and value in ("absent", "destroyed")) or (bare == "force" and re.fullmatch(TRUE, value, re.I))
    ):
        yield "destructive-command", f"{above}.{bare}", f"{above} {key}: {value} destroys what is there", line
    if (
        bare == "enabled"
        and re.fullmatch(FALSE, value, re.I)
        and re.search(
            r"(?:verif|valid|check|tls|auth|secur|firewall|policy|polic|backup|rbac|probe|encrypt|audit)", above.lower()
        )
        and not _DANGER.search(above.lower())
    ):
        yield "failure-silenced", f"{above}.enabled", f"{above} is switched off", line
