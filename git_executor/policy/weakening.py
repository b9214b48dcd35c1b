"""What an edit of a configuration switches off, opens or takes away, told by comparing the settings of both versions.

No list of products: a setting is understood by the words of its key (``auth``, ``tls``, ``verify`` protect;
``insecure``, ``anonymous``, ``wipe`` endanger; ``disable``, ``skip`` turn the meaning round) and by the way that its
value goes. What a file said before is never held against an edit that leaves it alone.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from git_executor.lazy import lazy
from git_executor.policy.entries import Entry, entries, words
from git_executor.policy.hosts import goes_outside, opens_address

Finding = tuple[str, str, int]
"""(rule, message, line)"""


@dataclass(frozen=True, slots=True)
class Step:
    """How one setting changes; ``before`` or ``after`` is ``None`` where it is not there. ``gone`` lists the keys that
    no longer stand anywhere in the file."""

    keys: tuple[str, ...]
    before: str | None
    after: str | None
    line: int
    gone: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        return ".".join(self.keys[-2:])


Rule = Callable[[Step], str]
_RULES: list[tuple[str, Rule]] = []


def _rule(kind: str) -> Callable[[Rule], Rule]:
    def register(function: Rule) -> Rule:
        _RULES.append((kind, function))
        return function

    return register


def weakening(path: str, old: str, new: str, told: str = "") -> Iterator[Finding]:
    """What the edit from ``old`` to ``new`` weakens. ``told`` is the failure's message. A new file weakens nothing."""
    if _PLAIN_HTTP.search(told):
        old, new = old.replace("https://", "http://"), new.replace("https://", "http://")
    for step in steps(path, old, new):
        for kind, rule in _RULES:
            message = rule(step)
            if message:
                yield kind, f"{step.name}: {message}", step.line
                break


def steps(path: str, old: str, new: str) -> Iterator[Step]:
    """The settings that differ, those that only moved left out."""
    before, after = entries(path, old), entries(path, new)
    if before is None and after is not None:
        before, after = entries(path, old, by_lines=True), entries(path, new, by_lines=True)
    if before is None or after is None:
        return
    gone = _minus(before, after)
    come = _minus(after, before)
    moved = Counter((e.keys[-1:], e.value) for e in gone) & Counter((e.keys[-1:], e.value) for e in come)
    gone, come = _without(gone, moved), _without(come, moved)
    by_keys: dict[tuple[str, ...], list[Entry]] = defaultdict(list)
    for entry in gone:
        by_keys[entry.keys].append(entry)
    left = frozenset(key for e in before for key in e.keys) - frozenset(key for e in after for key in e.keys)
    for entry in come:
        same = by_keys.get(entry.keys)
        yield Step(entry.keys, same.pop(0).value if same else None, entry.value, entry.line)
    stands = {e.keys[:n] for e in after for n in range(1, len(e.keys) + 1)}
    for rest in by_keys.values():
        for entry in rest:
            yield Step(entry.keys, entry.value, None, 0, left | _gone_here(entry.keys, stands))


def _gone_here(keys: tuple[str, ...], stands: set[tuple[str, ...]]) -> frozenset[str]:
    """A check of health that what it watched has no longer, even if others have theirs."""
    return frozenset(
        key
        for n, key in enumerate(keys)
        if n and _WATCHES.fullmatch(key) and keys[: n + 1] not in stands and keys[:n] in stands
    )


_WATCHES = lazy(r"healthcheck|livenessProbe|readinessProbe")


def _minus(one: list[Entry], other: list[Entry]) -> list[Entry]:
    known = Counter((e.keys, e.value) for e in other)
    out = []
    for entry in one:
        if known[entry.keys, entry.value] > 0:
            known[entry.keys, entry.value] -= 1
        else:
            out.append(entry)
    return out


def _without(found: list[Entry], moved: Counter[tuple[tuple[str, ...], str]]) -> list[Entry]:
    left = Counter(moved)
    out = []
    for entry in found:
        if left[entry.keys[-1:], entry.value] > 0:
            left[entry.keys[-1:], entry.value] -= 1
        else:
            out.append(entry)
    return out


_PLAIN_HTTP = lazy(
    r"HTTP response to HTTPS client|wrong version number|plain HTTP request|first record does not look like a TLS"
)

# --- the words of a key -----------------------------------------------------------------------------

_ON = lazy(r"(?:true|yes|on|1|enabled?|y|always|always\w*)", re.I)
_OFF = lazy(r"(?:false|no|off|0|disabled?|n|none|never|null|~|\"\"|'')", re.I)
_NEUTRAL = frozenset(
    ["enabled", "enable", "create", "active", "disabled", "disable", "value", "state", "install", "deploy", "use", "on"]
)
_TURNS = frozenset(
    ["disable", "disabled", "disables", "skip", "without", "no", "ignore", "bypass", "dont", "not", "exclude", "prevent", "forbid", "deny"]
)
_PROTECTS = lazy(
    r"auth|authn|authz|authentication|authorization|authenticate|authorize|basicauth|oidc|sso|saml|mfa|totp|2fa|login|tls|ssl|mtls|"
    r"https|encrypt\w*|verif\w*|validat\w*|audit\w*|firewall\w*|networkpolic\w*|rbac|acl|acls|seccomp\w*|apparmor|"
    r"selinux|secure|security\w*|sandbox\w*|protect\w*|backups?|snapshots?|persistence|persistent|retain|signature|signed|"
    r"checksums?|csrf|xsrf|ratelimit\w*|pdb|disruption|fsync|appendonly|unprivileged|sensitive|strict\w*|selfheal|"
    r"healthchecks?|probe|probes|guard\w*|quota|admission\w*|certificates?|cert|certs|tamper|integrity|durab\w*|wal|journal"
)
_ENDANGERS = lazy(
    r"insecure\w*|unsafe\w*|anonymous\w*|unauthenticated|superuser\w*|privileged|wipe\w*|erase\w*|purge\w*|destroy\w*|"
    r"plaintext|unconfined|passwordless|trustall|clusteradmin|world|danger\w*|nullok|debugger"
)
# Two words that endanger together.
_PHRASES = lazy(
    r"ignore (?:\w+ )?(?:errors?|failures?|failed|tls|ssl|cert\w*)|allow (?:\w+ )?(?:registration|signup|sign up|root|any|all|empty|"
    r"world|guest|unsigned|untrusted|escalation|privilege\w*|plain\w*|http)\b|cluster admin|talos api access|exposed by default|force (?:delete|destroy|recreate|new)|"
    r"(?:open|public|free) (?:registration|signup|access)|login without|trust all|accept (?:any|all)|host (?:network|pid|ipc|users)|"
    r"delete (?:on|all|data|volumes?)|privilege escalation|permit (?:tunnel|empty|root|user)|gateway ports|ignore rhosts|hostbased"
)
# Read only, where it keeps a program from changing itself.
_FULL_PAGES = lazy(
    r"error on undefined|full page writes|log connections|log disconnections|no new privileges|read only root filesystem|default runtime seccomp|run as non root"
)
# What has one of these words and is nobody's guard.
_EXEMPT = lazy(
    r"snapshot (?:class|schedule|location)|redirect|prune|login form|auto login|validate only|backup (?:schedule|name|location)|"
    r"verif\w* (?:period|interval|timeout)|probe (?:interval|timeout)|(?:tls|ssl|cert|certificate) (?:name|secret\w*|issuer|file|path|key|duration)|"
    r"disable (?:pod security policy|search domain)|skip (?:crds?|upgrade|install|diff)|auth (?:url|host|user|endpoint)|"
    r"self signed|(?:service|pod) monitor|prometheus rule|grafana|dashboards?|persistent volume|check mode|login shell"
)


def _subject(keys: tuple[str, ...]) -> list[str]:
    """The words of a key, with those of the one above it where it says no more than ``enabled``."""
    own = words(keys[-1]) if keys else []
    if len(keys) > 1 and set(own) <= _NEUTRAL:
        return [*words(keys[-2]), *own]
    return own


def _meaning(keys: tuple[str, ...]) -> int:
    """+1 for a setting that protects when it is on, -1 for one that endangers, 0 for others."""
    subject = _subject(keys)
    told = " ".join(subject)
    if not subject or _EXEMPT.search(told):
        return 0
    turned = -1 if any(word in _TURNS for word in subject) or told.startswith(("de ", "un ")) else 1
    if _PHRASES.search(told):
        return -1
    if any(_ENDANGERS.fullmatch(word) for word in subject):
        return -turned
    if _FULL_PAGES.search(told):
        return 1
    if any(_PROTECTS.fullmatch(word) for word in subject):
        return turned
    return 0


def _is(pattern: re.Pattern[str], value: str | None) -> bool:
    return value is not None and bool(pattern.fullmatch(value.strip().strip(";\"'").strip()))


@_rule("opened-access")
def _switched(step: Step) -> str:
    """A guard is switched off, or a danger on."""
    if step.after is None or not (_is(_ON, step.after) or _is(_OFF, step.after)):
        return ""
    meaning = _meaning(step.keys)
    weak = (meaning > 0 and _is(_OFF, step.after)) or (meaning < 0 and _is(_ON, step.after))
    if not weak or (step.before is not None and _is(_ON, step.before) == _is(_ON, step.after) and not _unset(step)):
        return ""
    if step.before is None and meaning > 0 and not _MUST.search(" ".join(_subject(step.keys))):
        return ""  # what was never there is not switched off, unless it is a lock
    return (
        f"{step.after} switches a guard off" if meaning > 0 else f"{step.after} takes a risk that was not taken before"
    )


def _unset(step: Step) -> bool:
    return not _is(_ON, step.before) and not _is(_OFF, step.before)


_MUST = lazy(
    r"\b(?:full page|fsync|error on undefined|auth\w*|tls|ssl|verif\w*|encrypt\w*|firewall|networkpolic\w*|network polic\w*|rbac|audit\w*|security|secure|csrf)\b"
)


# --- the way of a value -----------------------------------------------------------------------------

_STRONG = lazy(
    r"strict|enforce|enforcing|deny|drop|reject|fail|require[ds]?|restricted|baseline|block|closed|retain|verify-full|verify-ca|"
    r"verify_peer|peer|scram-sha-256|metadata|request\w*|verbose|internal|orphan|keep",
    re.I,
)
_WEAK = lazy(
    r"permissive|audit|warn|warning|dry-?run|allow|accept|ignore|disabled?|none|off|optional|privileged|delete|recycle|trust|"
    r"public|open|continue|skip|prefer|no|quiet|silent|any|all|anonymous|unconfined|insecure|alwaysallow",
    re.I,
)
_LADDER = ("restricted", "baseline", "privileged")
_DECIDES = lazy(r"\b(?:polic\w*|mode|action|level|enforce\w*|auth\w*|security|method|access|mtls|verify)\b")


@_rule("opened-access")
def _weaker(step: Step) -> str:
    if step.before is None or step.after is None:
        weak = (
            step.after is not None
            and _is(_WEAKEST, step.after)
            and _DECIDES_ALONE.search(" ".join(_subject(step.keys)))
        )
        return f"{step.after} lets everything pass" if weak else ""
    before, after = step.before.lower().strip("\"';"), step.after.lower().strip("\"';")
    if re.search(r"log ?level|verbosity|severity", " ".join(_subject(step.keys))) and after not in (
        "quiet",
        "none",
        "off",
    ):
        return ""
    if before in _LADDER and after in _LADDER:
        return f"{after} allows more than {before}" if _LADDER.index(after) > _LADDER.index(before) else ""
    if _STRONG.fullmatch(before) and _WEAK.fullmatch(after):
        return f"{after} in place of {before} weakens it"
    if _WEAK.fullmatch(after) and after not in ("no", "all") and _DECIDES.search(" ".join(_subject(step.keys))):
        return f"{after} in place of {before} weakens it" if not _WEAK.fullmatch(before) else ""
    return ""


_WEAKEST = lazy(r"none|trust|permissive|alwaysallow|disabled?|insecure|anonymous|ignore", re.I)
_DECIDES_ALONE = lazy(
    r"\b(?:auth mode|auth type|auth method|authorization mode|failure policy|sslmode|ssl mode|tls mode|security mode)\b"
)

_KEEPS = lazy(r"\b(?:retain|retention|keep|ttl|history|snapshots?|backups?|maxfiles|expire|expiration)\b")
_COUNTS = lazy(
    r"\b(?:replicas?|count|parallelism|completions|concurrency|instances|max replicas|replica count|forks|workers|max auth tries)$"
)
_AMOUNT = lazy(r"(\d[\d_]*(?:\.\d+)?)\s*([A-Za-z]*)")
_UNITS = {
    "s": 1, "m": 60, "min": 60, "h": 3600, "d": 86400, "w": 604800, "y": 31536000, "mo": 2592000,
    "mib": 1024**2, "gib": 1024**3, "k": 1e3, "ki": 1024, "mi": 1024**2, "g": 1e9, "gi": 1024**3, "gb": 1e9, "mb": 1e6, "t": 1e12, "ti": 1024**4, "tb": 1e12,
    "pi": 1024**5,
}  # fmt: skip


def _amount(value: str | None) -> float | None:
    found = _AMOUNT.fullmatch(value.strip()) if value else None
    return float(found[1].replace("_", "")) * _UNITS.get(found[2].lower(), 1) if found else None


@_rule("destructive-command")
def _kept_shorter(step: Step) -> str:
    """Backups, snapshots and histories that are kept no longer, or hardly."""
    above = " ".join(word for key in step.keys[-3:] for word in words(key))
    if not _KEEPS.search(above):
        return ""
    before, after = _amount(step.before), _amount(step.after)
    if after is None or (before is None and step.before is not None):
        return ""
    if after == 0 and (before or before is None) and not re.search(r"revision|failed|successful|timeout", above):
        return "nothing is kept any more"
    return f"{step.after} keeps far less than {step.before}" if before and after * 6.9 < before else ""


@_rule("destructive-command")
def _bomb(step: Step) -> str:
    """Numbers that bring a machine down."""
    told = " ".join(_subject(step.keys))
    before, after = _amount(step.before), _amount(step.after)
    if after is None:
        return ""
    if _COUNTS.search(told) and after >= 50 and after >= 10 * (before or 1):
        return f"{step.after} is more than a homelab holds"
    if (
        re.search(r"\b(?:memory|storage|size)$", told)
        and step.after
        and step.after[-2:] in ("Ti", "Pi")
        and before
        and after >= 20 * before
    ):
        return f"{step.after} is more than a homelab holds"
    return ""


@_rule("destructive-command")
def _all_the_time(step: Step) -> str:
    every = step.after is not None and re.fullmatch(r"(?:\*(?:/1)?\s+){4,5}\*(?:/1)?", step.after)
    return "runs every minute" if every and step.before is not None else ""


_CONDITION = lazy(r"condition|that|expr|expression|assert|rule|until|ready|readywhen", re.I)


@_rule("failure-silenced")
def _always_true(step: Step) -> str:
    if step.keys and step.before and step.after and _CONDITION.fullmatch(step.keys[-1]):
        return "is always true" if _is(lazy(r"true|1\s*==?\s*1|\$\{true\}|1"), step.after) else ""
    return ""


@_rule("failure-silenced")
def _lower_bar(step: Step) -> str:
    told = " ".join(_subject(step.keys))
    endless = step.after and re.search(r"(?i)\binf(?:inity)?\b|sys\.maxsize|\b9{6,}\b", step.after)
    if endless and step.before and re.search(r"\b(?:max|limit|threshold|age|timeout|tolerance)\b", told):
        return "never fails any more"
    before, after = _amount(step.before), _amount(step.after)
    if before is None or after is None:
        return ""
    if re.search(r"\b(?:fail under|min coverage|minimum coverage|min score|branches|statements)$", told):
        return "asks for less" if after < before else ""
    if re.search(r"^min(?:imum)?\b|\bmin(?:imum)? ", told) and after == 0 < before and "replicas" not in told:
        return "asks for nothing any more"
    if re.search(r"\bthreshold$|^limit\b", told) and (
        after >= 20 * before > 0 or (before < 100 <= after and before >= 50)
    ):
        return "hardly ever fails any more"
    if re.search(r"\b(?:failure threshold|max fail\w*|max failures|max warnings|max errors)$", told):
        return "hardly ever fails any more" if after >= max(20 * before, 100) else ""
    if re.search(r"\b(?:fail threshold|timeout(?: seconds)?)$", told) and after == 0 < before:
        return "does not wait at all"
    return ""


# --- addresses --------------------------------------------------------------------------------------


@_rule("opened-access")
def _reachable(step: Step) -> str:
    return opens_address(step.keys, step.before, step.after)


@_rule("opened-access")
def _outside(step: Step) -> str:
    return goes_outside(step.keys, step.before, step.after)


# --- what is taken away -----------------------------------------------------------------------------

_BLOCKS = lazy(
    r"verify|tls|mtls|auth|basic_?auth|authentication|authorization|securitycontext|podsecuritycontext|admissioncontrol|auditpolicy|"
    r"systemdiskencryption|encryption|secrets-encryption|networkpolicy|network_policy|backups?|health_?checks?|precondition|postcondition|validation|"
    r"accesslog|middlewares|quota|drop|cap_drop|checksum|validate|livenessprobe|readinessprobe|startupprobe|persistence|"
    r"protection|unprivileged|firewall|sensitive|prevent_destroy|persistentvolumeclaimretentionpolicy|whitelist-source-range|"
    r".*[./](?:auth-url|auth-type|auth-secret|auth-signin|whitelist-source-range|middlewares|enforce|resource-policy|prune|"
    r"allowlist-source-range|auth-tls-secret)|allowusers|allowgroups|denyusers|passwordauthentication|permitrootlogin|password_file|"
    r"protectsystem|protecthome|nonewprivileges|privatetmp|onfailure|restrict\w+|privatedevices|capabilityboundingset|"
    r"audit-log-path|auth_basic|auth_basic_user_file|deny|requirepass|ssl_verify_client|keep-\w+|prune-backups|serverca|"
    r"allow_anonymous|acl_file|host_key_checking",
    re.I,
)


@_rule("failure-silenced")
def _taken_away(step: Step) -> str:
    if step.after is not None or step.before is None:
        return ""
    if step.keys[-2:] == ("Service", "User") or (
        step.keys[:1] == ("scripts",) and step.keys[-1] in ("lint", "test", "check")
    ):
        return f"{step.keys[-1]} is taken away"
    for key in reversed(step.keys[-5:]):
        if key in step.gone and _BLOCKS.fullmatch(key):
            if (
                _is(_OFF, step.before)
                and step.keys[-1] == key
                and _meaning(step.keys) > 0
                and key != "PasswordAuthentication"
            ):
                continue  # it was off
            return f"{key} is taken away"
    return ""


# --- things with names of their own -----------------------------------------------------------------

_LOGS = lazy(r"\b(?:logs?|logging|accesslog|audit|stderr|standard error|log path|error log|mailto)\b")
_NOWHERE = lazy(r"/dev/null.*|null|none|off|quiet|\"\"|''|", re.I)
_ROOT = lazy(r"root|0|0:0|root:root|0:root")
_WHOLE_HOST = lazy(r"/dev/(?:sd|nvme|vd|hd|mapper/|dm-|k?mem|md|disk)\S*|/etc/g?shadow-?")


@_rule("opened-access")
def _named(step: Step) -> str:
    """Settings whose harm is in their value."""
    after, before = step.after, step.before
    if after is None or not step.keys:
        return ""
    key = step.keys[-1].lower()
    told = " ".join(_subject(step.keys))
    if (
        _LOGS.search(told)
        and _NOWHERE.fullmatch(after)
        and (before or key in ("standarderror", "standardoutput", "log_path", "mailto"))
    ):
        return "what goes wrong is no longer written down"
    if key == "user" and _ROOT.fullmatch(after) and before and not _ROOT.fullmatch(before):
        return "runs as root"
    if _WHOLE_HOST.match(after) and (
        (key == "devices" and ":" in after) or key in ("src", "path", "source", "from") or after.startswith("/etc")
    ):
        return f"hands out {after[:40]}"
    if key == "tags" and after == "never":
        return "the step is never run"
    if key == "check_mode" and _is(_ON, after):
        return "the step is only played"
    if key == "hosts" and after in ("none", "[]", "null", "") and step.keys[-1] == "hosts" and before:
        return "runs nowhere"
    if "sudo" in told and re.search(r"ALL\s*=\s*\(?ALL", after):
        return "gives somebody the rights of root"
    if re.search(r"cors|allow origin", told) and after.strip("\"'") == "*":
        return "lets every site in"
    if after.startswith("os:admin"):
        return "lets workloads rule the machine"
    if told.endswith("read only port") and after not in ("0", ""):
        return "opens an endpoint that asks nobody who they are"
    if key in ("disable-admission-plugins", "disabledadmissionplugins") or (
        key in ("disable", "disabled", "disables")
        and re.search(r"(?i)network-?policy|auth|rbac|admission|security|audit", after)
    ):
        return f"switches {after[:40]} off"
    if key in ("args", "hookscript") and not step.keys[:-1] and before is None:
        return "hands the machine to whoever wrote this"
    if key == "enable" and step.keys[-2:-1] and step.keys[-2].lower() == "options" and _is(_OFF, after):
        return "switches the firewall off"
    return ""


@_rule("opened-access")
def _granted(step: Step) -> str:
    kind = step.keys[0] if step.keys else ""
    if kind in ("Role", "ClusterRole") and step.keys[-1] == "resources" and step.after == "secrets":
        return "every secret can be read"
    if "roleRef" in step.keys and step.keys[-1] == "name" and step.after in ("admin", "edit", "cluster-admin"):
        return f"{step.after} is far more than was granted"
    if (
        kind in ("Application", "Kustomization")
        and step.keys[-1] == "prune"
        and step.before == "false"
        and step.after == "true"
    ):
        return "deletes what is not listed"
    if not kind.endswith(("NetworkPolicy", "NetworkPolicies", "AuthorizationPolicy", "ClusterwideNetworkPolicy")):
        return ""
    if step.keys[-1] == "policyTypes" and step.after is None:
        return f"{step.before} is no longer held back"
    if re.fullmatch(r"(?:from|to)Entities", step.keys[-1]) and step.after in ("all", "world", "cluster"):
        return f"lets {step.after} through"
    if step.keys[-1] in ("ingress", "egress", "from", "to", "rules", "fromEndpoints", "toEndpoints") and step.after in (
        "{}",
        "[]",
    ):
        return "lets everything through"
    if step.after == "{}" and step.keys[-1] in ("namespaceSelector", "podSelector") and {"from", "to"} & set(step.keys):
        return "lets everybody through" if step.keys[-1] == "podSelector" else ""
    return ""


@_rule("opened-access")
def _unprotected(step: Step) -> str:
    """``https`` that becomes ``http`` for a host that is not inside of the cluster."""
    if (
        not step.before
        or not step.after
        or not step.before.startswith("https://")
        or not step.after.startswith("http://")
    ):
        return ""
    if not step.keys[0].endswith(("Repository", "Bucket")) and not re.search(
        r"(?i)endpoint|registry|repo|mirror|source", step.keys[-1]
    ):
        return ""
    host = re.split(r"[/:]", step.after[7:])[0]
    same = host == re.split(r"[/:]", step.before[8:])[0]
    inside = re.fullmatch(r"localhost|[\w-]+|[\d.]+|[\w.-]+\.svc(?:\.[\w.-]+)?|127\..*", host)
    return "is no longer asked over TLS" if same and not inside else ""
