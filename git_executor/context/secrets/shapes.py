"""Secrets that give themselves away by their shape, whatever stands around them.

One line a shape: its kind, the literals one of which must be in the text (none where every text has them), and a pattern. The group ``v``, where there
is one, is the secret; else the whole match is.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from git_executor.context.secrets.around import around
from git_executor.context.secrets.span import Span
from git_executor.context.secrets.values import decoded, is_public, is_reference, looks_odd, looks_random
from git_executor.context.secrets.vocabulary import Vocabulary
from git_executor.context.secrets.wireguard import wireguard
from git_executor.lazy import lazy


class Shape(NamedTuple):
    name: str
    kind: str
    needs: tuple[str, ...]
    pattern: re.Pattern[str]
    group: str | int
    also: tuple[str, ...]  # and one of these in the same line
    before: int  # so many characters before the match belong to the secret


def _shape(name: str, kind: str, needs: str, pattern: str, *, also: str = "", before: int = 0) -> Shape:
    group = "v" if "(?P<v>" in pattern else 0
    return Shape(name, kind, tuple(needs.split()), lazy(pattern), group, tuple(also.split()), before)


_B = r"(?<![A-Za-z0-9])"  # a token starts where a word starts; an underscore before it is no part of it

SHAPES: tuple[Shape, ...] = (
    _shape("aws-key-id", "KEY", "AKIA ASIA ABIA ACCA", _B + r"(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{12,16}(?![A-Za-z0-9])"),
    _shape("github", "TOKEN", "ghp_ gho_ ghu_ ghs_ ghr_ github_pat_", _B + r"(?:gh[pousr]|github_pat)_[A-Za-z0-9_]{10,255}"),
    _shape("gitlab", "TOKEN", "gl GR1348941", _B + r"(?:gl(?:pat|dt|rt|ft|soat|cbt|ptt|imt|agent|oas|ffct|wt)-|GR1348941)[A-Za-z0-9_.-]{12,300}"),
    _shape("slack", "TOKEN", "xox xapp-", _B + r"(?:xox[a-z](?:\.xox[a-z])?|xapp)-[A-Za-z0-9-]{8,250}"),
    _shape("slack-hook", "TOKEN", "hooks.slack.com", r"hooks\.slack\.com/(?:services|workflows|triggers)/(?P<v>[A-Za-z0-9/_+-]{12,200})"),
    _shape("discord-hook", "TOKEN", "/webhooks/", r"discord(?:app)?\.com/api/(?:v[0-9]+/)?webhooks/[0-9]+/(?P<v>[\w-]{16,120})"),
    _shape("teams-hook", "TOKEN", "webhook.office.com", r"webhook\.office\.com/webhookb2/(?P<v>[\w@/-]{30,300})"),
    _shape("telegram", "TOKEN", ":AA", r"(?<![0-9A-Za-z])(?P<v>[0-9]{7,10}:AA[A-Za-z0-9_-]{28,40})"),
    _shape("telegram-url", "TOKEN", "api.telegram.org/bot", r"api\.telegram\.org/bot(?P<v>[0-9]{5,12}:[A-Za-z0-9_-]{16,60})"),
    _shape("openai", "TOKEN", "sk-", _B + r"sk-(?=[A-Za-z_-]{0,60}[0-9])[A-Za-z0-9_-]{16,250}"),
    _shape("stripe", "KEY", "sk_live_ sk_test_ rk_live_ rk_test_ whsec_", _B + r"(?:[rs]k_(?:live|test)|whsec)_[A-Za-z0-9+/=]{10,250}"),
    _shape("google-api", "KEY", "AIza", _B + r"AIza[0-9A-Za-z_-]{20,60}"),
    _shape("google-oauth", "TOKEN", "ya29. GOCSPX- 1//0", _B + r"(?:ya29\.|GOCSPX-|1//0)[\w.-]{16,400}"),
    _shape("npm", "TOKEN", "npm_", _B + r"npm_[A-Za-z0-9]{24,60}"),
    _shape("pypi", "TOKEN", "pypi-", _B + r"pypi-[A-Za-z0-9_-]{32,400}"),
    _shape("rubygems", "TOKEN", "rubygems_", _B + r"rubygems_[a-f0-9]{32,64}"),
    _shape("docker-hub", "TOKEN", "dckr_", _B + r"dckr_(?:pat|oat)_[\w-]{16,100}"),
    _shape("hugging-face", "TOKEN", "hf_ api_org_", _B + r"(?:hf|api_org)_[A-Za-z]{24,60}"),
    _shape("sendgrid", "KEY", "SG.", _B + r"SG\.[\w-]{12,40}\.[\w-]{12,60}"),
    _shape("mailgun", "KEY", "key-", _B + r"key-[0-9a-f]{32}(?![0-9a-f])"),
    _shape("mailchimp", "KEY", "-us", _B + r"[0-9a-f]{32}-us[0-9]{1,2}(?![0-9])"),
    _shape("twilio", "KEY", "SK", _B + r"SK[0-9a-f]{32}(?![0-9a-f])"),
    _shape("vault", "TOKEN", "hvs. hvb. hvr. s.", _B + r"(?:hv[sbr]\.[\w-]{16,300}|(?<![\w./-])s\.(?=[A-Za-z]{0,23}[0-9])[A-Za-z0-9]{24}(?![\w.]))"),
    _shape("tailscale", "KEY", "tskey-", _B + r"tskey-[A-Za-z0-9-]{10,120}"),
    _shape("netbird", "TOKEN", "nbp_", _B + r"nbp_[A-Za-z0-9]{24,60}"),
    _shape("cloudflare-ca", "KEY", "v1.0-", _B + r"v1\.0-[a-f0-9]{24}-[a-f0-9]{100,200}"),
    _shape("digitalocean", "TOKEN", "_v1_", _B + r"do[oprt]_v1_[a-f0-9]{32,80}"),
    _shape("grafana", "TOKEN", "glsa_ glc_ eyJrIjoi", _B + r"(?:glsa_|glc_|eyJrIjoi)[A-Za-z0-9+/_=]{16,400}"),
    _shape("new-relic", "KEY", "NRAK- NRII- NRJS- NRAL", _B + r"NR(?:AK|II|JS|AL)-?[A-Za-z0-9_-]{20,60}"),
    _shape("sentry", "TOKEN", "sntry", _B + r"sntry[su]_[A-Za-z0-9+/=_]{24,400}"),
    _shape("sentry-dsn", "KEY", ".ingest.", r"https://(?P<v>[0-9a-f]{32})(?::[0-9a-f]{32})?@[\w.-]{1,80}"),
    _shape("databricks", "TOKEN", "dapi", _B + r"dapi[a-f0-9]{32}(?:-[0-9])?"),
    _shape("doppler", "TOKEN", "dp.", _B + r"dp\.(?:pt|st|ct|sa|scim|audit)\.[\w.-]{20,120}"),
    _shape("pulumi", "TOKEN", "pul-", _B + r"pul-[a-f0-9]{32,60}"),
    _shape("terraform-cloud", "TOKEN", ".atlasv1.", _B + r"[A-Za-z0-9]{10,20}\.atlasv1\.[\w-]{40,120}"),
    _shape("atlassian", "TOKEN", "ATATT3 ATCTT3 ATBB", _B + r"(?:AT[AC]TT3|ATBB)[\w=+/-]{20,300}"),
    _shape("linear", "KEY", "lin_", _B + r"lin_(?:api|oauth)_[A-Za-z0-9]{24,80}"),
    _shape("notion", "TOKEN", "secret_ ntn_", _B + r"(?:secret|ntn)_(?=[A-Za-z]{0,40}[0-9])[A-Za-z0-9]{32,60}"),
    _shape("postman", "KEY", "PMAK-", _B + r"PMAK-[a-f0-9]{20,30}-[a-f0-9]{30,40}"),
    _shape("shopify", "TOKEN", "shp", _B + r"shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}"),
    _shape("square", "TOKEN", "sq0 EAAA", _B + r"(?:sq0[a-z]{3}-|EAAA)[\w-]{22,100}"),
    _shape("fly", "TOKEN", "fo1_ fm1_ fm2_", _B + r"(?:fo1|fm[12][ar]?)_[A-Za-z0-9+/=,_-]{20,800}"),
    _shape("supabase", "KEY", "sbp_ sb_secret_", _B + r"(?:sbp|sb_secret)_[A-Za-z0-9_-]{20,80}"),
    _shape("planetscale", "TOKEN", "pscale_", _B + r"pscale_(?:tkn|pw|oauth)_[\w.=-]{24,80}"),
    _shape("netlify", "TOKEN", "nfp_", _B + r"nf[pcob]_[A-Za-z0-9]{24,60}"),
    _shape("heroku", "KEY", "HRKU-", _B + r"HRKU-[\w-]{30,80}"),
    _shape("1password", "TOKEN", "ops_eyJ A3-", _B + r"(?:ops_eyJ[A-Za-z0-9+/=_-]{40,2000}|A3-[A-Z0-9]{6}-(?:[A-Z0-9]{5,11}-?){4,6})"),
    _shape("entra", "SECRET", "Q~", _B + r"[A-Za-z0-9_~.-]{3}[0-9]Q~[A-Za-z0-9_~.-]{28,36}"),
    _shape("doppler-like", "TOKEN", "_pat_ _sk_ _secret_", _B + r"[a-z]{2,12}_(?:pat|sk|secret)_(?=[A-Za-z_]{0,60}[0-9])[A-Za-z0-9_-]{20,120}"),
    _shape("plex-claim", "TOKEN", "claim-", _B + r"claim-[A-Za-z0-9_-]{20}(?![\w-])"),
    _shape("age", "KEY", "AGE-SECRET-KEY- AGE-PLUGIN-", r"AGE-(?:SECRET-KEY|PLUGIN-[A-Z0-9-]{1,30})-1[0-9A-Z]{8,200}"),
    _shape("proxmox-token", "TOKEN", "!", r"[\w.+-]{1,64}@[\w-]{1,32}![\w.-]{1,64}(?:\s{0,3}[=:]\s{0,3}|\s)(?P<v>[0-9a-fA-F]{8}-[0-9a-fA-F-]{4,27})"),
    _shape("proxmox-ticket", "TOKEN", "PVE: PVE% PMG: PBS:", _B + r"P(?:VE|MG|BS)(?:QUAR|VNC|ADM)?(?::|%3A)[^\s:\"';]{1,80}(?::|%3A)[0-9A-F]{8}(?:::|%3A%3A)[A-Za-z0-9+/=%]{16,800}"),
    # begins with the dot, so that the search goes from dot to dot
    _shape("kubeadm", "TOKEN", "", r"\.(?<=[a-z0-9]{6}\.)(?<![\w./:-][a-z0-9]{6}\.)[a-z0-9]{16}(?![\w-])(?!\.[a-z0-9])", before=6),
    _shape("k3s", "TOKEN", "K10", _B + r"K10[0-9a-f]{40,64}(?:::[^\s\"'<>]{1,200})?"),
    _shape("jwt", "TOKEN", "eyJ", _B + r"eyJ[A-Za-z0-9_-]{8,4000}\.[A-Za-z0-9_-]{4,8000}(?:\.[A-Za-z0-9_-]{0,4000}){0,3}"),
    _shape("jwt-cut", "TOKEN", "eyJhbGciOi eyJ0eXAiOi eyJraWQiOi", _B + r"eyJ(?:hbGciOi|0eXAiOi|raWQiOi)[A-Za-z0-9_-]{4,4000}"),
    _shape("crypt", "HASH", "$", r"(?<![\w$])\$(?:1|2[abxy]?|5|6|7|y|gy|sha1|apr1|md5|scrypt|argon2(?:id|i|d)|pbkdf2[\w-]{0,12})\$[./A-Za-z0-9$=,+_-]{16,300}"),
    _shape("crypt-compose", "HASH", "$$", r"\$\$(?:1|2[abxy]?|5|6|y|apr1|argon2(?:id|i|d))\$\$[./A-Za-z0-9$=,+_-]{16,300}"),
    _shape("ldap-hash", "HASH", "}", r"\{(?:S?SHA(?:256|384|512)?|S?MD5|CRYPT|PBKDF2[\w-]{0,12})\}[A-Za-z0-9+/=.$]{16,200}"),
    _shape("scram", "HASH", "SCRAM-SHA-256$", r"SCRAM-SHA-256\$[A-Za-z0-9+/=:$]{20,300}"),
    _shape("django-hash", "HASH", "pbkdf2_", r"pbkdf2_sha(?:256|1)\$[A-Za-z0-9+/=$]{20,200}"),
    _shape("ceph", "KEY", "==", _B + r"AQ[A-Za-z0-9+/]{36}==(?![A-Za-z0-9+/=])"),
    _shape("bearer", "TOKEN", "Bearer bearer BEARER", r"\b[Bb](?i:earer)[ :=]+[\"']?(?P<v>[A-Za-z0-9_.~+/-]{8,4000}={0,2})"),
    _shape("basic", "TOKEN", "Basic basic", r"\b[Bb]asic +(?P<v>[A-Za-z0-9+/]{8,400}={0,2})(?![A-Za-z0-9])"),
    _shape("url-login", "PASSWORD", "://", r"(?<![A-Za-z0-9+.-])[A-Za-z][A-Za-z0-9+.-]{1,24}://[^\s/@:\"'<>`]{0,128}:(?P<v>[^\s/\"'<>`]{1,256})@(?=[\w\[(.$*{-])", also="@"),
    _shape("url-token", "TOKEN", "://", r"(?<![A-Za-z0-9+.-])(?:https?|git\+https|ssh)://(?P<v>[A-Za-z0-9_-]{20,255})@(?=[\w\[])", also="@"),
    _shape("go-dsn", "PASSWORD", "@tcp( @unix( @udp(", r"(?<![\w.:/-])[\w.-]{1,64}:(?P<v>[^\s@/\"']{1,128})@(?:tcp|unix|udp)\("),
    _shape("signed-url", "TOKEN", "ignature= sig= Credential= Token=", r"[?&](?:X-(?:Amz|Goog)-(?:Signature|Credential|Security-Token)|sig|signature|Signature)=(?P<v>[A-Za-z0-9%/+=._-]{16,600})"),
    _shape("pgpass", "PASSWORD", "", r"(?m)^[\w.*-]{1,100}:(?:[0-9]{2,5}|\*):[\w.*-]{1,64}:[\w.*-]{1,64}:(?![0-9:]*$)(?P<v>\S{1,128})$"),
    _shape("pem-base64", "KEY", "LS0tLS1", _B + r"LS0tLS1[A-Za-z0-9+/_-]{12,20000}={0,2}"),
    _shape("docker-auth", "TOKEN", "\"auth\"", r"\"auth\"\s{0,4}:\s{0,4}\"(?P<v>[A-Za-z0-9+/=]{8,4000})\""),
)  # fmt: skip

# Words after "Bearer" and "Basic" in messages; a real one has a digit or both cases.
_NEEDS_MIX = frozenset({"bearer", "basic"})
_UNKNOWN = lazy(r"(?<![A-Za-z0-9+/_=.-])[A-Za-z0-9+/_-]{24,4096}={0,2}(?![A-Za-z0-9+/_=-])")
# What stands before a random-looking text that is meant to be public.
_PUBLIC_BEFORE = lazy(
    r"(?:sha-?[0-9]{1,3}|md5|blake[23]\w*|h1|digest|checksum|integrity|fingerprint|thumbprint|pub(?:lic)?[-_ ]?key|pubkey|public"
    r"|ssh-[\w-]+|ecdsa-[\w-]+|cert(?:ificate)?(?:[-_ ]?(?:data|chain|authority-data))?|crt|ca|cabundle|ca[-_]?(?:cert|data|bundle)"
    r"|x25519|vault:v[0-9]{1,4}:|DNSKEY [0-9]{1,3} 3 [0-9]{1,2}|TXT|lease[-_ ]?id|user(?:[-_ ]?name)?|[\w.-]{1,60}-[0-9]{1,3}:|minisign [\w ]{1,20}|(?:node|disco|m)key:"
    r"|etag|nonce|u?id|commit|revision|version|hash|sum|recipient|enc|mac|data:[\w/+-]{1,60};base64,|peer|endpoint|cid"
    r"|serial|build ?id|cluster[-_ ]?id|trace[-_ ]?id|\w*accessor|request[-_ ]?id|span[-_ ]?id|key[-_ ]?id|kid|path|file|image|tag)"
    r"[\"'\]]{0,2}\s{0,4}[:=(,]{0,2}\s{0,40}[\"'\[]{0,2}$",
    re.IGNORECASE,
)


def in_shapes(text: str, known: Vocabulary) -> Iterator[Span]:
    """Secrets by shape, and what looks randomly generated without a public reason to be so."""
    for shape in SHAPES:
        for first, stop in around(text, known.of(shape.needs) if shape.needs else ("",), also=shape.also, after=1):
            for match in shape.pattern.finditer(text, first, stop):
                start, end = match.start(shape.group) - shape.before, match.end(shape.group)
                if _is_secret(shape.name, text[start:end]):
                    yield Span(start, end, shape.kind)
    yield from _unknown(text)


def _is_secret(name: str, value: str) -> bool:
    if name == "kubeadm":
        return any(c.isdigit() for c in value)
    if name == "pem-base64":
        return not is_public(value)
    if name in _NEEDS_MIX:
        mixed = any(c.isdigit() for c in value) or (value.lower() != value and value[1:].lower() != value[1:])
        return mixed and not is_reference(value)
    if name in ("url-login", "go-dsn"):
        return not is_reference(value) and not value.isdigit()
    if name == "pgpass":
        return not is_reference(value)
    return True


_PUBLIC_BLOCK = lazy(
    r"-----BEGIN (?:[A-Z0-9]+ ){0,3}(?:CERTIFICATE(?: REQUEST)?|PUBLIC KEY|CRL|PARAMETERS|SIGNATURE|MESSAGE|AGE ENCRYPTED FILE)"
    r"(?: BLOCK)?-----(?:[^-]|-(?!----(?:END|BEGIN))){0,60000}|---- BEGIN SSH2 PUBLIC KEY ----[^-]{0,8000}|ENC\[[^\[\]\n]{0,60000}\]"
    # files in a ConfigMap and images in a page: Kubernetes keeps secrets elsewhere
    r"|^(?P<indent>[ \t]*)[\"']?(?:binaryData|caBundle)[\"']?:[^\n]*(?:\n(?P=indent)[ \t]+[^\n]*)*"
    r"|[\"']binaryData[\"']\s{0,8}:\s{0,8}\{[^{}]{0,60000}|data:[\w/+.-]{1,60};base64,[\w+/=]{0,60000}"
    # the head of a file that age encrypted
    r"|^-> [\w@.-]{1,40} [^\n]{0,400}\n[A-Za-z0-9+/]{20,64}$|^--- [A-Za-z0-9+/]{43}$",
    re.MULTILINE,
)
_PUBLIC_MARKS = ("-BEGIN ", " BEGIN SSH2", "ENC[", "binaryData", "caBundle", ";base64,", "-> ", "--- ")


def _unknown(text: str) -> Iterator[Span]:
    marked = any(mark in text for mark in _PUBLIC_MARKS)
    public = [match.span() for match in _PUBLIC_BLOCK.finditer(text)] if marked else []
    public = sorted([*public, *wireguard(text)[1]])
    starts = [start for start, _ in public]
    for match in _UNKNOWN.finditer(text):
        value = match.group()
        if not looks_random(value) or ("/" in value[1:] and _like_path(value)):
            continue
        block = bisect_right(starts, match.start()) - 1
        if block >= 0 and match.start() < public[block][1]:
            continue
        before = text[max(0, match.start() - 64) : match.start()]
        before = before[before.rfind("\n") + 1 :]
        if _PUBLIC_BEFORE.search(before) or before.endswith((":/", "//", "/", "@", "%", ".")):
            continue
        plain = decoded(value)
        if plain and not any(True for _ in in_shapes(plain, Vocabulary(plain.lower()))):
            continue
        yield Span(match.start(), match.end(), "SECRET")


def _like_path(value: str) -> bool:
    parts = [part for part in value.split("/") if part]
    odd = sum(len(part) >= 6 and looks_odd(part) for part in parts)
    return odd * 2 < len(parts) and max(map(len, parts)) < 24
