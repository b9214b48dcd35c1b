"""Secrets in added lines: the forms that issuers document, and values given to names that ask for secrecy."""

from __future__ import annotations

import binascii
import itertools
import math
import re
from collections import Counter
from collections.abc import Iterator

from git_executor.lazy import lazy
from git_executor.policy.secret_forms import FORMS

_URL = lazy(r"[a-zA-Z][a-zA-Z0-9+.-]{1,20}://[^\s/:@\"'<>]{0,100}:([^\s/@\"'<>]{3,200})@")
_NAME = r"[A-Za-z0-9_.-]{2,80}"
_GIVEN = lazy(
    rf"(?i)(?<![A-Za-z0-9_.-])[\"']?(?P<name>{_NAME})[\"']?\]?\s{{0,4}}(?::=|=>|"
    rf"[:=])\s{{0,8}}(?P<q>[\"']?)(?P<value>\$\{{[^}}\n]{{1,200}}\}}|[^\s\"'#,;}}\]]{{1,300}}|(?<=[\"'])[^\"'\n]{{1,300}})"
)
_FLAG = lazy(
    r"(?i)(?:^|\s)(?:--?(?:[a-z0-9]+[-_])*(?:password|passwd|passphrase|token|secret|api-key|apikey|"
    r"access-key|secret-key|client-secret))"
    r"(?:[= ]\s{0,4})([\"']?)(?P<value>[^\s\"'|;&]{4,300})"
)
_SHORT_FLAG = lazy(
    r"\b(?:mysql|mysqldump|mariadb|sshpass|smbclient|docker\s+login|podman\s+login)\b[^|"
    r";&\n]{0,200}?\s-p\s?[\"']?(?P<value>[^\s\"'$-][^\s\"'|;&]{3,100})"
)
_PROGRAM_FLAG = lazy(
    r"\bopenssl\b[^|;&\n]{0,200}?\s-(?:k|K|passin|passout|pass)\s+(?:pass:)?(?P<value>[^\s\"'$:|;&]{6,100})(?=\s|$)|"
    r"\b(?:smbclient|net|rpcclient|smbmap)\b[^|;&\n]{0,200}?\s-U\s*[\"']?[^\s%\"']{1,60}%(?P<other>[^\s\"'$|;&]{4,100})"
)
_USER = lazy(r"\bcurl\b[^|;&\n]{0,300}?\s(?:-u|--user)[= ]?[\"']?[^\s\"':$]{1,60}:(?P<value>[^\s\"'|;&]{3,200})")
_HEADER = lazy(
    r"(?i)\b(?:authorization|x-api-key|x-auth-token|private-token|x-vault-token|"
    r"cookie)\s*[:=]\s*[\"']?(?:(?:bearer|basic|token)\s+)?(?P<value>[^\s\"']{8,300})"
)
_NETRC = lazy(r"\bmachine\s+\S{1,100}\s+login\s+\S{1,100}\s+password\s+(?P<value>\S{3,100})")
_CHPASSWD = lazy(
    r"\b(?:echo|printf|<<<)\s*[\"']?[a-z_][a-z0-9_-]{0,31}:(?P<value>[^\s\"'$|"
    r"]{3,100})[\"']?\s*\|\s*(?:sudo\s+)?chpasswd"
)

# What stands where a secret would, without being one.
_HARMLESS = lazy(
    r"(?i)^(?:\$|%|<|\{\{|\{\w|\[|\*{2,}|x{3,}$|\.{3}|!(?:vault|secret|env|Ref|Sub|reference)\b|!env_\w+$|&|@|/|\./|~/|(?:file|"
    r"vault|op|ref\+?\w*|sops|env|var|secret|local|data|lookup|module|each|self|path|random_\w+|aws_\w+)[.:(]|"
    r"enc\[|age1|ssh-(?:rsa|ed25519)|sha(?:256|512)|arn:|https?:|null$|nil$|none$|true$|false$|yes$|no$|on$|"
    r"off$|required$|optional$|empty$|default$|unset$|undefined$|"
    r"your[-_ ]?|my[-_]|example|sample|placeholder|change[-_]?me|replace[-_]?me|todo|fixme|dummy|redacted|"
    r"insert|enter[-_ ]|os\.|getenv|process\.|config\.|settings\.|self\.|args\.|request|get_|read_|load_|"
    r"str$|string$|int$|bool$|"
    r"[A-Za-z_]\w*\(|[a-z_]+\[|(?-i:[A-Z][A-Z0-9_]{2,}$)|\d{1,6}[smhd]?$|[-_a-z0-9.]*(?:[-_](?:secret|token|"
    r"password|credentials?|key|auth|creds|pass|tls|cert|config|admin|api|db)|secret|token|password|credentials)s?$)"
)
# A reference with a value to fall back on: ${X:-value}, {{ x | default('value') }}.
_FALLBACK = lazy(r"\$\{\w+:?[-=+]([^}$]+)\}?|\|\s*default\(\s*[\"']([^\"']+)")
_WORDS = lazy(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_SECRET_WORD = lazy(
    r"\w*(?:passw(?:or)?d|passphrase|passwort|kennwort)|pwd|pw|\w{0,12}secret|\w{0,8}token|apikey|psk|pass|creds?|"
    r"credentials?|(?:db|smtp|root|user|admin|sudo|become|login|auth|require|master|redis|mysql|pg|my|bind|ldap|"
    r"ftp|ssh|vnc|mail|wifi|key|store)(?:pass|pw)|secretkey|accesskey|privatekey|authkey|encryptionkey|bearer|otp"
)
_KEY_OF = frozenset(
    [
        "api",
        "access",
        "private",
        "client",
        "secret",
        "auth",
        "encryption",
        "signing",
        "master",
        "shared",
        "session",
        "hmac",
        "webhook",
        "license",
        "storage",
        "account",
        "cipher",
        "crypt",
        "deploy",
        "jwt",
        "rsa",
        "ssh",
        "aes",
        "secretbox",
        "ca",
        "bootstrap",
    ]
)
# A name that ends so speaks about the secret; one that begins so, about what is done with it.
_ABOUT = frozenset(
    [
        "name",
        "file",
        "path",
        "ref",
        "dir",
        "url",
        "uri",
        "length",
        "len",
        "size",
        "ttl",
        "policy",
        "type",
        "id",
        "hash",
        "count",
        "max",
        "min",
        "env",
        "namespace",
        "mount",
        "mounts",
        "provider",
        "manager",
        "store",
        "class",
        "regex",
        "pattern",
        "prompt",
        "required",
        "enabled",
        "limit",
        "limits",
        "endpoint",
        "field",
        "version",
        "rotation",
        "algorithm",
        "from",
        "selector",
        "resolver",
        "header",
        "bucket",
        "budget",
        "expiry",
        "expires",
        "expiration",
        "expire",
        "timeout",
        "age",
        "minutes",
        "seconds",
        "hours",
        "days",
        "public",
        "pub",
        "format",
        "encoding",
        "backend",
        "engine",
        "method",
        "mode",
        "source",
        "key_ref",
        "vars",
        "tokens",
        "names",
        "files",
        "keys",
        "index",
        "refs",
        "interval",
        "location",
        "login",
        "help",
        "hint",
        "label",
        "title",
        "exists",
    ]
)
_ASKS = frozenset(
    [
        "max",
        "min",
        "num",
        "no",
        "with",
        "use",
        "skip",
        "allow",
        "disable",
        "enable",
        "show",
        "prompt",
        "ask",
        "generate",
        "create",
        "get",
        "has",
        "is",
        "require",
        "need",
        "existing",
        "set",
        "reset",
        "change",
        "rotate",
        "automount",
        "if",
        "when",
        "check",
    ]
)


def names_secret(name: str) -> bool:
    """Whether a variable, key or option of that name holds a secret: by its words, in any way of joining them."""
    words = [word.lower() for word in _WORDS.findall(name[-80:])]
    if not words or words[-1] in _ABOUT or (words[0] in _ASKS and len(words) > 1) or "public" in words:
        return False
    if any(_SECRET_WORD.fullmatch(word) for word in words):
        return True
    return any(b == "key" and a in _KEY_OF for a, b in itertools.pairwise(words))


def secret_in(line: str) -> Iterator[str]:
    """What kind of secret the line holds, if any."""
    if len(line) > _MAX_LINE:
        line = line[:_MAX_LINE]
    if ":?" in line:  # what the shell says when a variable is not set
        line = re.sub(r"(\$\{\w+):?\?[^}]*\}", r"\1}", line)
    what = next(_of_line(line), "") or next(_encoded(line), "")
    if what:
        yield what


def _of_line(line: str) -> Iterator[str]:
    joined = _JOINT.sub("", line) if _JOINT.search(line) else line
    for text in {line, joined}:
        for what, form in FORMS:
            found = form.search(text)
            if found and not re.search(r"(?i)example|xxxx|0000000000|\.\.\.", found[0]):
                yield what
    for found in _URL.finditer(line):
        if not _harmless(found[1]):
            yield "a password inside of a URL"
    for text in {line, joined}:
        for found in _GIVEN.finditer(text):
            if names_secret(found["name"]) and _is_value(found["value"], quoted=bool(found["q"])):
                yield f"a value for {found['name']}"
    for form in (_FLAG, _SHORT_FLAG, _USER, _HEADER, _NETRC, _CHPASSWD):
        hit = form.search(line)
        if hit and not _harmless(hit["value"]):
            yield "a password or token on a command line"
    hit = _PROGRAM_FLAG.search(line)
    if hit and not _harmless(hit["value"] or hit["other"]):
        yield "a password or token on a command line"
    hit = _PGPASS.match(line)
    if hit and not _harmless(hit["value"]):
        yield "a line of a password file"
    bare = _REFERENCE.sub("", line) if "$" in line or "{{" in line else line
    if _SPEAKS.search(bare):
        for token in _TOKENS.findall(joined[:4000]):
            if looks_random(token):
                yield "a random text beside the name of a secret"


_REFERENCE = lazy(r"\$\{[^}]{0,200}\}|\{\{.{0,200}?\}\}")
# A string that is written in pieces: "abc" + "def", 'abc' 'def', "abc"."def".
_JOINT = lazy(r"(?<=\w)([\"'])\s{0,3}[+.~]?\s{0,3}\1(?=\w)")
_PGPASS = lazy(r"^[\w.*-]{1,100}:(?:\d{2,5}|\*):[\w*-]{1,60}:[\w*-]{1,60}:(?P<value>[^\s:]{4,100})$")
_SPEAKS = lazy(
    r"(?i)passw(?:or)?d|passphrase|passwort|secret|token|api[_ -]?key|credential|(?<![a-z])(?:pass|pwd|psk)(?![a-z])|"
    r"authorization|bearer"
)
_TOKENS = lazy(r"(?<![\w$@/.{-])[0-9A-Za-z!#%^*+=?_~-]{10,200}(?![\w/.}(])")
_BASE64 = lazy(r"(?<![\w+/=-])[0-9A-Za-z+/]{20,4000}={0,2}(?![\w+/=-])")
_MAX_LINE = 20_000


def looks_random(token: str) -> bool:
    """Whether a generator rather than a person chose the text: classes of characters change all the time."""
    if not re.search(r"\d", token) or not re.search(r"[a-z]", token) or re.fullmatch(r"[0-9a-f-]+", token):
        return False  # digests, commit ids and UUIDs name things
    if not re.search(r"[A-Z]", token) and not re.search(r"\d[a-z]+\d[a-z]+\d", token):
        return False
    if re.search(r"[_=-]", token) and all(_plain_piece(piece) for piece in re.split(r"[_=-]+", token) if piece):
        return False
    runs = re.findall(r"[A-Z][a-z]+|[a-z]+|[A-Z]+|\d+|[^\w]|_", token)
    return len(runs) >= 4 and len(token) / len(runs) < 3.2


def _plain_piece(piece: str) -> bool:
    return bool(re.fullmatch(r"v?\d+|[A-Z]?[a-z]+\d{0,4}|[A-Z]+\d{0,4}|(?:[A-Z]?[a-z]{2,}){1,6}\d{0,2}", piece))


def _encoded(line: str) -> Iterator[str]:
    """Secrets in base64: what it decodes to is judged as text."""
    for found in _BASE64.findall(line)[:20]:
        try:
            data = binascii.a2b_base64(found + "=" * (-len(found) % 4))
            text = data.decode("ascii")
        except (binascii.Error, ValueError):
            continue
        if text.isprintable() or "\n" in text:
            for part in text.split("\n")[:50]:
                what = next(_of_line(part), "")
                if what or re.search(r'"auths?"\s*:', part):
                    yield f"base64 of {what or 'a login'}"
                    return


def secret_value(value: str) -> bool:
    """Whether the value of an entry that is known to be secret is written out, in base64 or plain."""
    value = value.strip()
    if "\n" in value:  # a file of its own: its lines are judged by themselves
        return any(True for line in value.split("\n")[:200] for _ in _of_line(line))
    return _is_value(value, quoted=True)


def _harmless(value: str) -> bool:
    value = value.strip("\"'`),")
    fallback = _FALLBACK.search(value)
    if fallback:
        return _harmless(fallback[1] or fallback[2])
    return not value or "$" in value[:3] or "{{" in value or bool(_HARMLESS.search(value))


def _is_value(value: str, quoted: bool) -> bool:
    """Whether a text looks like a secret rather than like a name for one."""
    fallback = _FALLBACK.search(value)
    if fallback:
        return _is_value(fallback[1] or fallback[2], quoted=False)
    if _harmless(value) or len(value) < 4:
        return False
    if _FILE_NAME.fullmatch(value) or (not quoted and _EXPRESSION.match(value)):
        return False
    if re.fullmatch(
        r"[a-z]+(?:[-_./][a-z]+)*", value
    ):  # plain words name things; a quoted word can still be a password
        return quoted and len(value) >= 6 and not re.search(r"[-_./]", value)
    kinds = sum(bool(re.search(kind, value)) for kind in ("[a-z]", "[A-Z]", "[0-9]", "[^A-Za-z0-9]"))
    return kinds >= 2 or entropy(value) > 3.0


_FILE_NAME = lazy(r"\.?[a-z]+(?:[._-][a-z]+)*\.(?:json|ya?ml|toml|ini|conf|cfg|env|txt|pem|crt|key|pub|age)")
# A call or an attribute of a program, where a configuration would have a value.
_EXPRESSION = lazy(r"[A-Za-z_]\w*(?:\.\w+)*(?:\(|\[)|[a-z_]\w*(?:\.[a-z_]\w*)+$")


def entropy(text: str) -> float:
    """Bits a character, after Shannon."""
    return -sum(n / len(text) * math.log2(n / len(text)) for n in Counter(text).values())
