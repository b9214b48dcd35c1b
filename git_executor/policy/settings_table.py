"""Keys with values that silence, expose or destroy, in YAML, JSON, TOML, HCL and their like."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from git_executor.policy.embedded import compose, kind_of, walk
from git_executor.policy.secrets import secret_in

_TRUE = r"(?:true|yes|on|1|y|\{\{\s*true\s*\}\})"
_FALSE = r"(?:false|no|off|0|n|never|none)"
_DEAD = r"(?:\$?false\s*|no|off|never|1\s*==\s*0|\$\{\{\s*false\s*\}\}|'false'|false\s*(?:&&|and).*)"


def _row(rule: str, message: str, keys: str, values: str) -> tuple[str, str, re.Pattern[str], re.Pattern[str]]:
    return rule, message, re.compile(rf"(?:{keys})$"), re.compile(rf"(?:{values})$", re.I)


# Keys are compared in lower case without '-' and '_'.
_TABLE = (
    _row(
        "failure-silenced",
        "the failure is ignored",
        r"ignoreerrors|onfailure|ignoreunreachable|continueonerror|allowfailure|softfail|ignorefailure|exitzero",
        _TRUE,
    ),
    _row(
        "failure-silenced",
        "the step can no longer fail",
        r"failedwhen|failfast|anyerrorsfatal|raiseonerror",
        _FALSE + r"|\[\s*\]",
    ),
    _row("failure-silenced", "the step is never run", r"when|if|onlyif|condition|runif", _DEAD),
    _row(
        "failure-silenced",
        "the workload no longer runs",
        r"replicas|replicacount|desiredcount|instancecount|minavailable|count",
        "0+(?:[xob]0+)?",
    ),
    _row("failure-silenced", "the workload is stopped", r"suspend|suspended|paused", _TRUE),
    _row(
        "failure-silenced",
        "a check is switched off",
        r"validate|validation|verify|validatecerts|verifyssl|sslverify|tlsverify|verifytls|verifycerts|hostkeychecking|gpgcheck|repogpgcheck|"
        r"verifypeer|sslverifypeer|checkmode|tlsrejectunauthorized|check|requiretls|forcetls|healthcheck|healthchecks",
        _FALSE,
    ),
    _row(
        "failure-silenced",
        "a check is switched off",
        r"insecure|insecureskipverify|insecureskiptlsverify|tlsinsecure|pmtlsinsecure|skiptlsverify|tlsskipverify|skipverify|skipvalidation|skiptests|"
        r"disablegpgcheck|allowunauthenticated|allowinsecure|disablewait|disableopenapivalidation|disableschemavalidation|skipchecks|novalidate|noverify",
        _TRUE,
    ),
    _row(
        "destructive-command",
        "disks or data are wiped",
        r"wipe|wipetable|wipedisk|wipedisks|zap|cleanstart|forcedestroy|skipfinalsnapshot|forcewipe|formatdisk|recreate\w*",
        _TRUE,
    ),
    _row(
        "destructive-command",
        "a guard against deletion is taken away",
        r"preventdestroy|deletionprotection|deletionprotectionenabled|disableapitermination",
        _FALSE,
    ),
    _row("destructive-command", "the data goes when the claim goes", r"(?:persistentvolume)?reclaimpolicy", "delete"),
    _row(
        "opened-access",
        "gives the rights of root on the host",
        r"privileged|allowprivilegeescalation|hostpid|hostipc|anonymousauth|permitemptypasswords|allowanonymous",
        _TRUE,
    ),
    _row("opened-access", "runs as root", r"runasuser", "0+(?:[xob]0+)?"),
    _row(
        "opened-access",
        "allows root",
        r"runasnonroot|rbac|rbacenabled|authenabled|selinux|apparmor",
        _FALSE + "|disabled|permissive|unconfined",
    ),
    _row(
        "opened-access", "lets root log in with a password", r"permitrootlogin|passwordauthentication|sshpwauth", _TRUE
    ),
    _row(
        "opened-access",
        "lets everybody write",
        r"mode|filemode|defaultmode|dirmode",
        r"(?:0?o?0?)?[0-7]{0,2}(?:77[67]|666|777)|.*[oa]\+\w*w.*",
    ),
    _row(
        "opened-access",
        "allows everything",
        r"verbs|resources|apigroups|actions|notactions|principals?|nonresourceurls",
        r"\*",
    ),
    _row(
        "opened-access",
        "all capabilities or those of root",
        r"add|capabilities|capadd",
        r"all|sys_admin|cap_sys_admin|sys_module|sys_ptrace|net_admin_all",
    ),
    _row(
        "opened-access",
        "hands the host to a container",
        r"path|hostpath|source|volumes?|binds?|src",
        r"/|/:.*|/etc/?|/root/?|/var/run/docker\.sock.*|/run/containerd/containerd\.sock.*",
    ),
)
_MORE = (
    _row("failure-silenced", "the failure is ignored", r"onfailure", "continue"),
    _row("failure-silenced", "no share of failures is too large", r"maxfailpercentage", "100"),
    _row("failure-silenced", "drift is never seen", r"ignorechanges", r"all|\[?all\]?"),
    _row("opened-access", "every right for the job", r"permissions", r"write-all"),
    _row("opened-access", "lets root log in", r"disableroot", _FALSE),
    _row("destructive-command", "overwrites the disk", r"overwrite", _TRUE),
)
# Keys whose mere presence does it.
_KEYS = {
    "reboot": ("destructive-command", "restarts the machine"),
    "fssetup": ("destructive-command", "formats disks"),
    "disksetup": ("destructive-command", "partitions disks"),
    "powerstate": ("destructive-command", "stops the machine"),
    "chpasswd": ("opened-access", "sets passwords"),
    "sshauthorizedkeys": ("opened-access", "adds keys that may log in"),
    "authorizedkey": ("opened-access", "adds keys that may log in"),
}
# Modules that may take away what they manage without harm to anything else.
_HARMLESS_ABSENT = re.compile(
    r"(?:file|lineinfile|blockinfile|apt_repository|deb822_repository|apt_key|yum_repository|known_hosts|replace|copy|template|"
    r"sysctl|modprobe|alternatives|cron|hostname|ini_file)$"
)
_BINDS = re.compile(r"roleref")
_PAIR = re.compile(
    r"[\"']?([A-Za-z_][\w.\-]{1,60})[\"']?\s*(?:=>|[:=])\s*[\"']?([^\s\"',}\]#;][^\"',}\]#;]{0,80}?)[\"']?\s*(?:[,}\]#;]|$)"
)
_LINES = (
    ("opened-access", "gives sudo without a password", re.compile(r"NOPASSWD\s*:", re.I)),
    (
        "opened-access",
        "lets root log in",
        re.compile(r"^\s*(?:PermitRootLogin|PasswordAuthentication|PermitEmptyPasswords)\s+yes", re.I),
    ),
    (
        "opened-access",
        "adds a key that may log in",
        re.compile(r"\b(?:ssh-(?:rsa|ed25519|dss)|ecdsa-sha2-nistp\d+|sk-ssh-\S+)\s+AAAA[0-9A-Za-z+/=]{8,}"),
    ),
    (
        "opened-access",
        "opens it to every address",
        re.compile(r"(?:allow|source|cidr|ingress|permit|whitelist|trusted)[^\n]{0,60}(?:0\.0\.0\.0/0|::/0)", re.I),
    ),
    ("failure-silenced", "the failure of a unit's command is ignored", re.compile(r"^\s*Exec\w+\s*=\s*-")),
    ("failure-silenced", "the failure of a recipe's line is ignored", re.compile(r"^\t\s*@?-(?=[@+\s]*[A-Za-z$./])")),
    ("failure-silenced", "failing exit codes count as success", re.compile(r"^\s*SuccessExitStatus\s*=")),
    (
        "destructive-command",
        "hides what it calls",
        re.compile(r"\bgetattr\(\s*(?:os|subprocess|shutil|builtins|__builtins__)\b|\b__import__\("),
    ),
    ("failure-silenced", "errors of all recipes are ignored", re.compile(r"^\.IGNORE\b")),
    (
        "failure-silenced",
        "an exception is swallowed",
        re.compile(r"^\s*except\b[^\n:]{0,120}:\s*(?:pass|\.\.\.|continue|return(?: None| True| 0)?)\s*(?:#.*)?$"),
    ),
    ("failure-silenced", "exceptions are swallowed", re.compile(r"\b(?:contextlib\.)?suppress\(\s*(?:Base)?Exception")),
    (
        "failure-silenced",
        "the exit status says success",
        re.compile(r"\b(?:sys\.exit|os\._exit|process\.exit|exit)\(\s*0?\s*\)"),
    ),
    (
        "failure-silenced",
        "a check is switched off",
        re.compile(
            r"\b(?:verify|check|validate_certs|ssl_verify)\s*=\s*False\b|ssl\._create_unverified_context|CERT_NONE|disable_warnings\("
        ),
    ),
    (
        "failure-silenced",
        "a linter or checker is told to look away",
        re.compile(r"#\s*(?:nosec|checkov:skip|tfsec:ignore|trivy:ignore|kics-scan ignore)"),
    ),
)
_SWALLOW = re.compile(r"^(\s*)except\b[^\n]{0,200}:\s*(?:#.*)?$")
_DISKS = re.compile(r"(?:filesystem|parted|lvg|lvol|zfs|zpool|proxmox\w*|mount|swap|blockdev)$")

Finding = tuple[str, str, str, int]
"""(rule, key, message, line)"""


def settings(path: str, text: str) -> Iterator[Finding]:
    """Every such setting in a file, whether it is new or not."""
    kind = kind_of(path, text)
    if kind == "prose" or len(text) > 1_000_000:
        return
    lines = text.split("\n")
    for i, line in enumerate(lines, 1):
        code = line[:2000]
        if not code.lstrip().startswith(("#", "//")) or "skip" in code or "nosec" in code or "ignore" in code:
            for rule, message, pattern in _LINES:
                if pattern.search(code):
                    yield rule, message, message, i
    if kind == "python":
        for i, line in enumerate(lines[:-1], 1):
            if _SWALLOW.match(line[:300]) and re.fullmatch(r"\s*(?:pass|\.\.\.|continue)\s*(?:#.*)?", lines[i][:200]):
                yield "failure-silenced", "except: pass", "an exception is swallowed", i + 1
    documents = compose(text) if kind == "yaml" and len(text) < 400_000 else None
    if documents is not None:
        yield from _nodes(documents)
    elif kind != "shell":
        for i, line in enumerate(lines, 1):
            bare = line[:2000].split(" #")[0]
            if not bare.lstrip().startswith(("#", "//", ";")):
                for found in _PAIR.finditer(bare):
                    yield from _judge(found[1], found[2].strip(), (), i)


def _nodes(documents: list[Any]) -> Iterator[Finding]:
    import yaml

    for keys, node in walk(documents):
        if isinstance(node, yaml.ScalarNode) and keys:
            yield from _judge(keys[-1], str(node.value).strip(), keys, node.start_mark.line + 1)
        elif isinstance(node, yaml.MappingNode):
            by_key = {str(k.value): v for k, v in node.value if isinstance(k, yaml.ScalarNode)}
            for key, value in node.value:
                bare = (
                    str(key.value).lower().replace("_", "").replace("-", "").rpartition(".")[2]
                    if isinstance(key, yaml.ScalarNode)
                    else ""
                )
                if bare in _KEYS:
                    yield _KEYS[bare][0], bare, f"{key.value}: {_KEYS[bare][1]}", key.start_mark.line + 1
                if isinstance(value, yaml.SequenceNode) and not value.value and bare == "failedwhen":
                    yield (
                        "failure-silenced",
                        bare,
                        f"{key.value}: []: the step can no longer fail",
                        key.start_mark.line + 1,
                    )
            yield from _absent(keys[-1] if keys else "", by_key, node)
            name, value = by_key.get("name"), by_key.get("value")
            if isinstance(name, yaml.ScalarNode) and isinstance(value, yaml.ScalarNode):
                for what in secret_in(f'{name.value}="{value.value}"'):
                    yield "secret", f"{name.value}={value.value}", what, value.start_mark.line + 1
            for key, value in by_key.items():
                if isinstance(value, yaml.ScalarNode) and value.start_mark.line != value.end_mark.line:
                    first = str(value.value).strip().split("\n")[0]
                    for what in secret_in(f'{key}="{first}"'):
                        yield "secret", f"{key}={first}", what, value.start_mark.line + 2


def _absent(module: str, by_key: dict[str, Any], node: Any) -> Iterator[Finding]:
    """``state: absent`` of an Ansible module."""
    state = str(getattr(by_key.get("state"), "value", ""))
    where = getattr(by_key.get("path") or by_key.get("dest") or by_key.get("name"), "value", "")
    line = node.start_mark.line + 1
    if state in ("absent", "destroyed", "deleted", "wiped"):
        small = _HARMLESS_ABSENT.search(module) and not (module.endswith("file") and _LARGE.search(str(where)))
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
        _TRUE, str(getattr(by_key.get("force"), "value", ""))
    ):
        yield "failure-silenced", f"{module} force", f"{module}: force overrides every check", line


# A directory, or a place where a deletion is felt.
_LARGE = re.compile(
    r"^/(?:[^/]+/?)?$|/$|^/(?:srv|home|root|data|mnt|boot|var/lib|opt)(?:/|$)|^/etc/(?:ssh|pve|kubernetes|fstab|passwd|shadow|sudoers)|\*"
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


_GUARD = re.compile(
    r"\s*(?:-\s+)?[\"']?(prevent_destroy|deletion_protection|validate|verify|wait|gpgcheck|validate_certs|runAsNonRoot|readOnlyRootFilesystem|"
    r"any_errors_fatal|fail_fast|atomic|no_log|become_ask_pass|host_key_checking)[\"']?\s*[:=]\s*[\"']?(?:true|yes|on|1)\b",
    re.I,
)


def _judge(key: str, value: str, keys: tuple[str, ...], line: int) -> Iterator[Finding]:
    bare = key.lower().replace("-", "").replace("_", "").rpartition(".")[2]
    for rule, message, names, values in (*_TABLE, *_MORE):
        if names.match(bare) and values.match(value):
            yield rule, f"{bare}={value.lower()}", f"{key}: {value}: {message}", line
            return
    if (
        bare in ("name", "role", "clusterrole")
        and value == "cluster-admin"
        and (not keys or any(_BINDS.match(k.lower()) for k in keys))
    ):
        yield "opened-access", "cluster-admin", "makes somebody the administrator of the cluster", line
    above = keys[-2] if len(keys) > 1 else ""
    if _DISKS.search(above) and (
        (bare == "state" and value in ("absent", "destroyed")) or (bare == "force" and re.fullmatch(_TRUE, value, re.I))
    ):
        yield "destructive-command", f"{above}.{bare}", f"{above} {key}: {value} destroys what is there", line
    if (
        bare == "enabled"
        and re.fullmatch(_FALSE, value, re.I)
        and re.search(
            r"(?:verif|valid|check|tls|auth|secur|firewall|policy|polic|backup|rbac|probe|encrypt|audit)", above.lower()
        )
    ):
        yield "failure-silenced", f"{above}.enabled", f"{above} is switched off", line
