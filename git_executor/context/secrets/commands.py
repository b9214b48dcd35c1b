"""Programs that take a secret as a plain argument, and other places of a command line that only its grammar tells.

One line a form: the literals one of which must be in the text (in lower case), a pattern whose group ``v`` is the secret.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from git_executor.context.secrets.around import around
from git_executor.context.secrets.span import Span
from git_executor.context.secrets.values import is_prose, is_reference
from git_executor.context.secrets.vocabulary import Vocabulary
from git_executor.lazy import lazy


class Form(NamedTuple):
    name: str
    needs: tuple[str, ...]
    pattern: re.Pattern[str]
    after: int  # so many lines may lie between the literal and the secret
    also: tuple[str, ...]  # and one of these in the literal's line


_SEP = r"(?:[ \t]+|[\"'],[ \t]*(?=[\"']))"  # arguments on a line, or in a JSON list
_ARGS = rf"(?:{_SEP}[^\s;|&]{{1,200}}?){{0,12}}?{_SEP}[\"']?"
_BARE = r"(?P<v>[^\s\"';|&]{1,200})"
_V = r"[\"']?" + _BARE


def _form(name: str, needs: str, pattern: str, *, after: int = 1, also: str = "") -> Form:
    flags = re.IGNORECASE if name.islower() else 0
    return Form(name, tuple(needs.split()), lazy(pattern, flags), after, tuple(also.split()))


FORMS: tuple[Form, ...] = (
    _form("sshpass", "sshpass", r"\bsshpass[ \t]+(?:-v[ \t]+)?-p[ \t]{0,2}" + _V),
    _form("Attached", "mysql mariadb", r"\b(?:mysql|mysqldump|mysqladmin|mariadb|mariadb-dump|mariadb-admin|mysqlshow)" + _ARGS + r"-p" + _BARE),
    _form("Login", "login", r"\b(?:docker|podman|buildah|nerdctl|helm|oras|crane|skopeo|az|oc|registry|bw|npm)\b" + _ARGS + r"-p[ \t=]{1,2}" + _V),
    _form("Curl", "curl wget http", r"\b(?:curl|http|https|xh)\b" + _ARGS + r"(?:-u|--user|-U|--proxy-user|-a|--auth)[ \t=]{0,2}[\"']?[^\s:\"']{0,100}:" + _BARE, also="-u --user --proxy-user -a --auth"),
    _form("creds", "creds", r"--(?:src-|dest-)?creds[ \t=]{1,2}[\"']?[^\s:\"']{1,100}:" + _BARE),
    _form("Redis", "redis-cli", r"\bredis-cli\b" + _ARGS + r"(?:-a|--pass)[ \t=]{1,2}" + _V),
    _form("Ldap", "ldap", r"\bldap(?:search|add|modify|whoami|delete|passwd)\b" + _ARGS + r"-[ws][ \t]{0,2}" + _V),
    _form("Smb", "smbclient mount.cifs rpcclient net", r"\b(?:smbclient|rpcclient|net|smbget)\b" + _ARGS + r"-U[ \t]{0,2}[\"']?[^\s%\"']{1,100}%" + _BARE),
    _form("Ipmi", "ipmi", r"\bipmi[\w-]{0,10}\b" + _ARGS + r"-P[ \t]{0,2}" + _V),
    _form("Mqtt", "mosquitto", r"\bmosquitto_(?:pub|sub|rr)\b" + _ARGS + r"-P[ \t]{0,2}" + _V),
    _form("Snmp", "snmp", r"\bsnmp\w{0,12}\b" + _ARGS + r"-(?:c|A|X)[ \t]{0,2}" + _V),
    _form("Mongo", "mongo", r"\bmongo(?:sh|dump|restore|export|import)?\b" + _ARGS + r"-p[ \t]{0,2}" + _V),
    _form("Zip", "zip 7z unrar", r"\b(?:zip|unzip|unrar|7za?|7zr)\b" + _ARGS + r"-[pP][ \t]{0,2}" + _V),
    _form("Mc", "alias config", r"\bmc[ \t]+(?:-\S+[ \t]+)*(?:alias[ \t]+set|config[ \t]+host[ \t]+add)[ \t]+\S+[ \t]+\S+[ \t]+\S+[ \t]+" + _V, also="mc"),
    _form("Mc-id", "alias config", r"\bmc[ \t]+(?:-\S+[ \t]+)*(?:alias[ \t]+set|config[ \t]+host[ \t]+add)[ \t]+\S+[ \t]+\S+[ \t]+" + _V, also="mc"),
    _form("Htpasswd", "htpasswd", r"\bhtpasswd[ \t]+(?:-[a-zA-Z0-9]+[ \t]+)*-\w*b\w*[ \t]+(?:-\S+[ \t]+)*(?:\S+[ \t]+){1,2}" + _V + r"[\"']?[ \t]*(?:$|[|;&>)])"),
    _form("Chpasswd", "chpasswd", r"(?:echo|printf)(?:[ \t]+-\w+)*[ \t]+[\"']?[\w.$-]{1,64}:(?P<v>[^\s\"'|\\]{1,200})[^|\n]{0,40}\|[^\n]{0,40}\bchpasswd"),
    _form("Chpasswd-here", "chpasswd", r"chpasswd[^\n]{0,40}<<<[ \t]*[\"']?[\w.-]{1,64}:" + _BARE),
    _form("Piped", "echo printf", r"(?:echo|printf)(?:[ \t]+-\w+)*(?:[ \t]+[\"']?%s(?:\\n)?[\"']?)?[ \t]+[\"']?(?P<v>[^\s\"'|]{1,200})[\"']?[ \t]*\|[^\n|]{0,120}(?:--password-stdin|--token-stdin|sudo[ \t]+(?:-\w+[ \t]+)*-S|passwd\b|cryptsetup|gpg\b[^\n|]*--passphrase-fd|vault login -|login --with-token)", also="|"),
    _form("Here-string", "<<<", r"(?:--password-stdin|--token-stdin|cryptsetup[^\n<]{0,80}|passwd[^\n<]{0,40}|kinit[^\n<]{0,40}|login[^\n<]{0,80})[ \t]*<<<[ \t]*" + _V),
    _form("vault-login", "vault login", r"\bvault[ \t]+login[ \t]+(?:-\S+[ \t]+)*" + _V),
    _form("openssl-pass", "pass:", r"-(?:pass|passin|passout|k)[ \t]+pass:" + _V),
    _form("identified", "identified password", r"\b(?:IDENTIFIED(?:[ \t]+WITH[ \t]+\S+)?[ \t]+(?:BY|AS)|(?:ENCRYPTED|UNENCRYPTED)?[ \t]*PASSWORD)[ \t]+(?:PASSWORD[ \t]+)?['\"](?P<v>[^'\"\n]{1,200})['\"]"),
    _form("netrc", "machine login", r"\blogin[ \t]+\S{1,100}\s{1,8}password[ \t]+(?P<v>\S{1,200})"),
    _form("expect-send", "send", r"(?:assword|assphrase|PIN|oken)[^\n]{0,20}\s{1,8}(?:\{[ \t]*)?send[ \t]+(?:--[ \t]+)?\"(?P<v>[^\"\\\n]{1,200})"),
    _form("requirepass", "requirepass masterauth auth_pass community passphrase", r"(?:^|\n)[ \t]*(?:CONFIG SET )?(?:requirepass|masterauth|auth_pass|passphrase|rocommunity|rwcommunity|passwd|insecure-password|password)[ \t]+" + _V),
    _form("acl-user", "setuser", r"ACL[ \t]+SETUSER[^\n]{0,200}[ \t]>(?P<v>\S{1,200})"),
    _form("Cisco", "password secret", r"\b(?:enable|username[ \t]+\S+|user[ \t]+\S+)[ \t]+(?:privilege[ \t]+\d+[ \t]+)?(?:password|secret)[ \t]+(?:[0-9][ \t]+)?" + _V),
    _form("wifi", "wpa_passphrase", r"\bwpa_passphrase[ \t]+\S+[ \t]+" + _V),
    _form("smtp-auth", "auth plain login", r"\bAUTH(?:ENTICATE)?[ \t]+(?:PLAIN|LOGIN|XOAUTH2)[ \t]+(?P<v>[A-Za-z0-9+/=]{8,2000})"),
    _form("Imap", "login", r"\bLOGIN[ \t]+\S{1,100}[ \t]+\"?(?P<v>[^\s\"]{4,200})"),
    _form("authorization", "authorization", r"\bauthorization[\"']?[ \t]{0,4}[:=][ \t\[]{0,4}[\"']?(?:(?:bearer|basic|token|apikey|digest)[ \t]+)?(?P<v>[^\s\"',;]{8,4000})"),
    _form("snmp-community", "community", r"\bsnmp-server[ \t]+community[ \t]+" + _V),
    _form("isakmp", "isakmp", r"\bisakmp[ \t]+key[ \t]+(?:[06][ \t]+)?" + _V),
    _form("Pihole", "pihole", r"\bpihole[ \t]+-a[ \t]+-p[ \t]+" + _V),
    _form("Repository", "restic borg duplicity", r"\b(?:restic|duplicity)\b" + _ARGS + r"-p[ \t]+" + _V),
    _form("sasl-passwd", "]:", r"\]:[0-9]{2,5}[ \t]+[^\s:]{1,100}:(?P<v>\S{4,200})"),
    _form("secret-command", "command cmd askpass", r"(?:pass(?:word|phrase|wd)?|secret|token|credential|askpass|key)[-_]?(?:command|cmd|eval)?[\"']?[ \t=:]{1,3}[\"']?(?:(?:/usr)?/bin/)?(?:echo|printf)[ \t]+(?:-n[ \t]+|[\"']?%s[\"']?[ \t]+)?\\?" + _V),
    _form("otp", "otp pin passcode code", r"\b(?:OTP|PIN|passcode|(?:verification|2fa|pairing|one-time|recovery) (?:code|pin))\b(?: is|:)?[ \t]+(?P<v>[0-9]{4,8})(?![0-9.])"),
    _form("token-add", "token", r"\btoken add\b[^\n]{0,200}\n(?:[^\n]{0,200}\n){0,10}?[^\n]{0,40}\bvalue\W{1,40}(?P<v>[0-9a-f]{8}-[0-9a-f-]{27})", after=12),
    _form("x-header", "x-", r"\bX-[\w-]{0,40}(?:Token|Key|Auth|Secret)\b[\"']?[ \t]{0,4}[:=][ \t]{0,4}" + _V, also="token key auth secret"),
)  # fmt: skip


def in_commands(text: str, lowered: str, known: Vocabulary) -> Iterator[Span]:
    """Secrets that stand at a known place of a command."""
    for form in FORMS:
        for start, stop in around(lowered, known.of(form.needs), also=form.also, before=1, after=form.after):
            for match in form.pattern.finditer(text, start, stop):
                value = match.group("v")
                if not is_reference(value) and not is_prose(value) and not value.startswith(("-", "/")):
                    yield Span(match.start("v"), match.end("v"), "PASSWORD")
