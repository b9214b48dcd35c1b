"""Secrets in added lines: the forms that issuers document, and values given to names that ask for secrecy."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator

# (what it is, form). Each form is anchored on a prefix that its issuer documents, and bounded.
_FORMS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (what, re.compile(form))
    for what, form in (
        ("a private key", r"-----BEGIN (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----"),
        ("an age secret key", r"AGE-SECRET-KEY-1[0-9A-Z]{40,}"),
        ("an AWS access key", r"\b(?:AKIA|ASIA|AROA|AIDA)[0-9A-Z]{16}\b"),
        ("a GitHub token", r"\bgh[pousr]_[0-9A-Za-z]{36,255}\b|\bgithub_pat_[0-9A-Za-z_]{22,255}\b"),
        ("a GitLab token", r"\bgl(?:pat|dt|rt|cbt|ptt|ft|agent)-[0-9A-Za-z_-]{20,}"),
        (
            "a Slack token",
            r"\bxox[abeoprs]-[0-9A-Za-z-]{10,}|hooks\.slack\.com/services/T[0-9A-Z]+/B[0-9A-Z]+/[0-9A-Za-z]{16,}",
        ),
        ("a Discord webhook", r"discord(?:app)?\.com/api/webhooks/[0-9]{15,}/[\w-]{40,}"),
        ("a Telegram bot token", r"\b[0-9]{8,10}:AA[0-9A-Za-z_-]{33}\b"),
        ("a Google API key", r"\bAIza[0-9A-Za-z_-]{35}"),
        ("an OpenAI or Anthropic key", r"\bsk-(?:ant-|proj-|svcacct-|or-)?[0-9A-Za-z_-]{32,}"),
        ("a Hugging Face token", r"\bhf_[0-9A-Za-z]{30,}\b"),
        ("a Stripe key", r"\b[rs]k_live_[0-9A-Za-z]{20,}\b"),
        ("an npm token", r"\bnpm_[0-9A-Za-z]{36}\b"),
        ("a PyPI token", r"\bpypi-[0-9A-Za-z_-]{50,}"),
        ("a DigitalOcean token", r"\bdo[opr]_v1_[0-9a-f]{64}\b"),
        ("a Docker Hub token", r"\bdckr_pat_[0-9A-Za-z_-]{20,}"),
        ("a Vault token", r"\bhv[sbr]\.[0-9A-Za-z_-]{24,}"),
        ("a Terraform Cloud token", r"\b[0-9A-Za-z]{14}\.atlasv1\.[0-9A-Za-z_=-]{60,}"),
        ("a SendGrid key", r"\bSG\.[0-9A-Za-z_-]{16,}\.[0-9A-Za-z_-]{32,}"),
        ("a Tailscale key", r"\btskey-(?:auth|api|client)-[0-9A-Za-z-]{12,}"),
        ("a Cloudflare tunnel token", r"\beyJhIjoi[0-9A-Za-z+/=]{60,}"),
        (
            "a Proxmox API token",
            r"PVEAPIToken=[^\s!]+![^\s=]+=[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
        ),
        ("a k3s token", r"\bK10[0-9a-f]{64}::[^\s:]+:[0-9A-Za-z]{8,}"),
        ("a kubeadm token", r"--token[= ][\"']?[0-9a-z]{6}\.[0-9a-z]{16}\b"),
        ("a JSON web token", r"\beyJ[0-9A-Za-z_-]{15,}\.eyJ[0-9A-Za-z_-]{15,}\.[0-9A-Za-z_-]{15,}"),
        ("a password hash", r"\$(?:1|2[aby]|5|6|y|argon2id?)\$[^\s\"'$]{1,40}\$[^\s\"']{20,}"),
        ("base64 of a private key", r"LS0tLS1CRUdJTi[0-9A-Za-z+/]{10,}"),
        ("a WireGuard key", r"(?i:PrivateKey|PresharedKey)\s*[=:]\s*[\"']?[0-9A-Za-z+/]{43}="),
    )
)
_URL = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]{1,20}://[^\s/:@\"'<>]{0,100}:([^\s/@\"'<>]{3,200})@")
_NAME = (
    r"(?:[A-Za-z0-9_.-]{0,40}?)(?:passw(?:or)?d|passwd|passphrase|pwd|secret|token|api[_-]?key|apikey|access[_-]?key|"
    r"private[_-]?key|client[_-]?secret|credential|auth[_-]?key|encryption[_-]?key|psk|"
    r"(?<![a-z])pass(?![a-z]))(?:[A-Za-z0-9_-]{0,20}?)"
)
_GIVEN = re.compile(
    rf"(?i)(?<![A-Za-z0-9_.-])[\"']?(?P<name>{_NAME})[\"']?\]?\s{{0,4}}(?::=|=>|"
    rf"[:=])\s{{0,8}}(?P<q>[\"']?)(?P<value>[^\s\"'#,;}}\]]{{1,300}}|(?<=[\"'])[^\"'\n]{{1,300}})"
)
_FLAG = re.compile(
    r"(?i)(?:^|\s)(?:--?(?:[a-z0-9]+[-_])*(?:password|passwd|passphrase|token|secret|api-key|apikey|"
    r"access-key|secret-key|client-secret))"
    r"(?:[= ]\s{0,4})([\"']?)(?P<value>[^\s\"'|;&]{4,300})"
)
_SHORT_FLAG = re.compile(
    r"\b(?:mysql|mysqldump|mariadb|sshpass|smbclient)\b[^|"
    r";&\n]{0,200}?\s-p\s?[\"']?(?P<value>[^\s\"'$-][^\s\"'|;&]{3,100})"
)
_USER = re.compile(r"\bcurl\b[^|;&\n]{0,300}?\s(?:-u|--user)[= ]?[\"']?[^\s\"':$]{1,60}:(?P<value>[^\s\"'|;&]{3,200})")
_HEADER = re.compile(
    r"(?i)\b(?:authorization|x-api-key|x-auth-token|private-token|x-vault-token|"
    r"cookie)\s*[:=]\s*[\"']?(?:(?:bearer|basic|token)\s+)?(?P<value>[^\s\"']{8,300})"
)
_NETRC = re.compile(r"\bmachine\s+\S{1,100}\s+login\s+\S{1,100}\s+password\s+(?P<value>\S{3,100})")
_CHPASSWD = re.compile(
    r"\b(?:echo|printf|<<<)\s*[\"']?[a-z_][a-z0-9_-]{0,31}:(?P<value>[^\s\"'$|"
    r"]{3,100})[\"']?\s*\|\s*(?:sudo\s+)?chpasswd"
)

# What stands where a secret would, without being one.
_HARMLESS = re.compile(
    r"(?i)^(?:\$|%|<|\{\{|\*{2,}|x{3,}$|\.{3}|!(?:vault|secret|env|Ref|Sub|reference)\b|&|@|/|\./|~/|(?:file|"
    r"vault|op|ref\+?\w*|sops|env|var|secret|local|data|lookup|module|each|self|path|random_\w+|aws_\w+)[.:(]|"
    r"enc\[|age1|ssh-(?:rsa|ed25519)|sha(?:256|512)|arn:|https?:|null$|nil$|none$|true$|false$|yes$|no$|on$|"
    r"off$|required$|optional$|empty$|default$|unset$|undefined$|"
    r"your[-_ ]?|my[-_]|example|sample|placeholder|change[-_]?me|replace[-_]?me|todo|fixme|dummy|redacted|"
    r"insert|enter[-_ ]|os\.|getenv|process\.|config\.|settings\.|self\.|args\.|request|get_|read_|load_|"
    r"str$|string$|int$|bool$|"
    r"[A-Za-z_]\w*\(|[a-z_]+\[|(?-i:[A-Z][A-Z0-9_]{2,}$)|\d{1,6}[smhd]?$|[-_a-z0-9.]*(?:[-_](?:secret|token|"
    r"password|credentials?|key|auth|creds|pass|tls|cert|config|admin|api|db)|secret|token|password|credentials)s?$)"
)
_HARMLESS_NAME = re.compile(
    r"(?i)(?:name|file|path|ref|dir|url|uri|length|len|size|ttl|expir\w*|policy|type|id|hash|count|max\w*|"
    r"min\w*|env|namespace|mount\w*|provider|manager|store|class|regex|pattern|prompt|required|enabled|"
    r"limit\w*|endpoint|field|version|rotation|algorithm|from|selector|resolver|header|bucket|budget|s)$|"
    r"^(?:max|min|num|no|with|use|skip|allow|disable|enable|show|prompt|ask|generate|create|get|has|is|"
    r"require)[_-]|public|automount|tokens"
)


def secret_in(line: str) -> Iterator[str]:
    """What kind of secret the line holds, if any."""
    if len(line) > 20_000:
        line = line[:20_000]
    for what, form in _FORMS:
        found = form.search(line)
        if found and not re.search(r"(?i)example|xxxx|0000000000|\.\.\.", found[0]):
            yield what
            return
    for found in _URL.finditer(line):
        if not _harmless(found[1]):
            yield "a password inside of a URL"
            return
    for found in _GIVEN.finditer(line):
        if not _HARMLESS_NAME.search(found["name"]) and _is_value(found["value"], quoted=bool(found["q"])):
            yield f"a value for {found['name']}"
            return
    for form in (_FLAG, _SHORT_FLAG, _USER, _HEADER, _NETRC, _CHPASSWD):
        hit = form.search(line)
        if hit and not _harmless(hit["value"]):
            yield "a password or token on a command line"
            return


def _harmless(value: str) -> bool:
    value = value.strip("\"'`),")
    return not value or "$" in value[:3] or "{{" in value or bool(_HARMLESS.search(value))


def _is_value(value: str, quoted: bool) -> bool:
    """Whether a text looks like a secret rather than like a name for one."""
    if _harmless(value) or len(value) < 4:
        return False
    if re.fullmatch(
        r"[a-z]+(?:[-_./][a-z]+)*", value
    ):  # plain words name things; a quoted word can still be a password
        return quoted and len(value) >= 6 and not re.search(r"[-_./]", value)
    kinds = sum(bool(re.search(kind, value)) for kind in ("[a-z]", "[A-Z]", "[0-9]", "[^A-Za-z0-9]"))
    return kinds >= 2 or entropy(value) > 3.0


def entropy(text: str) -> float:
    """Bits a character, after Shannon."""
    return -sum(n / len(text) * math.log2(n / len(text)) for n in Counter(text).values())
