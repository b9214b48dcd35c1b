# ruff: noqa: SIM905 - tables of words
"""What a value looks like: a reference to a secret, a word of prose, a public key, or something random."""

from __future__ import annotations

import base64
import binascii
import re
from functools import lru_cache

from git_executor.lazy import lazy

# A placeholder of ours; the number keeps the secrets of one kind apart.
PLACEHOLDER = re.compile(r"<REDACTED-[A-Z]+-[0-9]+>")

# What stands for a secret without being one: variables, templates, masks, encrypted text, vault addresses.
_REFERENCE = lazy(
    r"""
      \$\{{0,2}\s?[A-Za-z_!#*@0-9] | \$\( | \$\$ | `            # shell
    | \{\{ | \{% | <% | \{[A-Za-z_][\w.]*\}              # templates and format strings
    | %\(?[A-Za-z_]\w*\)?[sd%]? (?=$|[\W])               # printf and cmd.exe
    | <[^<>]{0,80}>$ | \[[A-Za-z _-]{1,30}\]$            # <your-token>, [redacted]
    | ENC\[ | !(?:vault|secret|Ref|Sub|GetAtt|reference)\b | \$ANSIBLE_VAULT | \$__file | AgB[A-Za-z0-9+/]{60}
    | (?:op|vault|bws?|ssm|arn|secretsmanager|keyring|pass|sops|env|file|akv|gcp|ref\+\w+)(?::|://)(?=[/\w])
    | <<[-~]?\s?["']?[A-Za-z_]\w{0,30}["']?$               # a here-document
    | <?(?:YOUR|INSERT|ENTER|REPLACE|your|insert|enter|replace)[-_][A-Za-z_-]{1,60}>?$
    | [*•xX.…·#\-_?]{3,}$ | [*•]{2,}
    | (?:\.{1,2}|~)/ | [A-Za-z]:\\
    | (?:https?|ssh|git|oci|file|s3)://[^@\s]*$           # an address without a login
    | (?:@@|__|%)[A-Z][A-Z0-9_]+(?:@@|__|%)$ | (?i:n/a)$ | kubernetes\.io/
    | (?i:ssh-(?:rsa|dss|ed25519)|(?:ecdsa|rsa|hmac|aes|sk)-[\w@.-]+|ed25519|x25519|rsa|aes[0-9]*|sha-?[0-9]+|md5|bcrypt|argon2id?)$
    | \((?:known|sensitive|none|not|no|empty|unset|hidden|redacted|optional|required|default|null|unknown)\b
    | [\w.-]{1,40}@[\w-]{1,20}![\w.-]{1,40}$           # the name of a Proxmox token
    """,
    re.VERBOSE,
)
# Program text that computes or passes a value on: no literal.
_EXPRESSION = lazy(
    r"""
      (?:var|local|data|module|self|this|secrets?|env|vars|inputs|steps|github|matrix|needs|params?|os|process|config
        |cfg|settings|options|args|opts|request|req|ctx|each|each\.value|values|spec|metadata)\.[A-Za-z_][\w.\[\]()'"-]*$
    | [a-z]\w*(?:\.[a-z]\w*)+$ (?<![0-9])                # random_password.db.result
    | [A-Za-z_][\w.]*\( | [A-Za-z_][\w.]*\[["'A-Za-z0-9_]* | new\ [A-Z] | (?:await|lambda|not)\ | &?\*?[A-Za-z_]\w*->
    """,
    re.VERBOSE,
)
_PATH = lazy(r"(?:/[A-Za-z0-9_.{}$@%+-]{1,40}){2,}/?$|(?:[\w.@-]+/)*[\w@-]+\.[a-z][a-z0-9]{1,9}(?:\.[a-z0-9]{1,9})?$")
_FILE_SUFFIX = lazy(
    r"\.(?:txt|ya?ml|json|toml|ini|conf|cfg|env|pem|key|crt|cer|p12|pfx|jks|pub|sh|py|go|js|ts|rs|tf|tfvars|hcl|sops|age|gpg"
    r"|asc|enc|md|log|lock|service|socket|db|sql|xml|html|csv|local|com|org|net|io|dev|lan|internal|svc|cluster|file|tmp)$",
    re.IGNORECASE,
)

# Words that follow a name like "token:" in messages, in type annotations and in settings that are no secret.
_WORDS = frozenset(
    """
    a an any all and as at be been but by can cannot could did do does empty expected expired expires expiring failed
    false for found from generated get given has have id if in incorrect invalid is it length lifetime like malformed
    match matches mismatch missing must need needs new nil no none not null of off ok old on only optional or present
    provided redacted rejected removed required revoked sent set should supplied than that the this to true type
    unable unauthorized undefined unexpected unknown unset unspecified unsupported updated use used using valid value
    was were when where which will with without wrong yes you your hidden masked omitted sensitive secret created
    deleted rotated changed unchanged configured disabled enabled error denied bad blank short long characters bytes
    string str int integer bool boolean float number object array list dict map byte text char varchar optional
    password passwd token key credential credentials username user name literal default never always prompt ask auto
    automatic manual kubernetes opaque basic bearer authentication authorization lookup skipped skipping available
    unavailable ignored ignoring checking loading reading refreshing requesting fetching verifying validating refreshed renewed acquired obtained received requires argument flag
    """.split()
)
_SPLIT = lazy(r"[^A-Za-z]+")
_PAIRS = frozenset(
    """
    th he in er an re on at en nd ti es or te of ed is it al ar st to nt ng se ha as ou io le ve co me de hi ri ro ic ne
    ea ra ce li ch ll be ma si om ur ca el ta la ns di fo ho pe ec pr no ct us ac ot il tr ly nc et ut ss so rs un lo wa
    ge ie wh ee wi em ad ol rt po we na ul ni ts mo ow pa im mi ai sh ir su id os iv ia am fi ci vi pl ig tu ev ld ry mp
    fe bl ab gh ty op wo sa ay ex ke fr oo av ag if ap gr od bo sp rd do uc bu ei ov by rm ep tt oc fa ef cu rn sc gi da
    yo cr cl du ga qu ue ff ba ey ls va um pp ua up lu go ht ru ug ds lt pi rc rr eg au ck ew mu br bi pt ak pu ui rg ib
    """.split()
)
_RUNS = lazy(r"[A-Z]?[a-z]{3,}|[A-Z]{4,}|[0-9]{6,}")
_BASE64 = lazy(r"[A-Za-z0-9+/_-]{16,}={0,2}\Z")
_HEX = lazy(r"(?:0x)?[0-9a-fA-F]+\Z")
_UUID = lazy(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}\Z")
_PUBLIC = lazy(
    r"AAAA[A-Z][A-Za-z0-9+/]|AgB[A-Za-z0-9+/]{60}|Qm[1-9A-HJ-NP-Za-km-z]{44}\Z|(?:ssh-(?:rsa|dss|ed25519)|ecdsa-sha2-\S+|sk-\S+@openssh\.com)\s"
    r"|(?:sha(?:1|224|256|384|512)|md5|h1|SHA256|MD5)[-:=]|age1[0-9a-z]{20}|RW[A-Za-z0-9+/]{54}\Z|vault:v[0-9]+:|-----BEGIN (?:CERT|PUBLIC|X509|RSA PUBLIC|SSH2 PUBLIC)"
)


def is_reference(value: str) -> bool:
    """The value names, masks, computes or encrypts a secret instead of being it."""
    value = value.strip().strip("\"'").rstrip(",;")
    if not value or PLACEHOLDER.match(value) or _REFERENCE.match(value) or _EXPRESSION.match(value):
        return True
    return (
        _PATH.match(value) is not None
        and (not looks_random(value))
        and (value.startswith("/") or _FILE_SUFFIX.search(value) is not None)
    )


def is_prose(value: str) -> bool:
    """The value reads like the rest of a message or a type: ``is not set``, ``16 bytes``, ``invalid``."""
    words = [word.lower() for word in _SPLIT.split(value[:200]) if word]
    if not words:
        return False
    if len(words) == 1:
        return words[0] in _WORDS and _bare_word(value)
    known = sum(word in _WORDS for word in words)
    return " " in value and (words[0] in _WORDS or known * 2 >= len(words))


def _bare_word(value: str) -> bool:
    return value.strip("\"'.,;:!?()[]{} ").isalpha() or re.fullmatch(r"[0-9]+ [a-z]+", value) is not None


def is_public(value: str) -> bool:
    """A public key, a certificate, a digest with its algorithm: made to be shown."""
    if _PUBLIC.match(value):
        return True
    if value.startswith("LS0tLS1"):  # "-----B", of a PEM block
        return re.search(rb"BEGIN (?:CERT|PUBLIC|X509|RSA PUBLIC|SSH2)", _bytes(value[:96])) is not None
    return value.startswith("MII") and len(value) > 60


def is_digest(value: str) -> bool:
    """Hexadecimal or a UUID: a hash, an identifier or a key; only the name beside it can tell."""
    return (len(value) >= 7 and _HEX.match(value) is not None) or _UUID.match(value) is not None


@lru_cache(maxsize=4096)
def looks_random(value: str) -> bool:
    """At least 16 characters that mix cases and digits and hold few word-like runs: a generated key."""
    core = value.strip("=")
    if len(core) < 16 or is_digest(core) or is_public(value):
        return False
    if not (any(c.islower() for c in core) and any(c.isupper() for c in core) and any(c.isdigit() for c in core)):
        return False
    parts = re.split(r"[-_/+]", core)
    if len(parts) > 1 + len(core) // 10 and max(map(len, parts)) < 16:  # a name of many parts
        return False
    in_words = sum(len(run) for run in _RUNS.findall(core) if _like_a_word(run))
    return in_words <= 0.4 * len(core)


def _like_a_word(run: str) -> bool:
    """Made of the letter pairs of English; random letters have about a fifth of theirs among them."""
    pairs = [run[i : i + 2].lower() for i in range(len(run) - 1)]
    return run.isdigit() or sum(pair in _PAIRS for pair in pairs) >= 0.6 * len(pairs)


def looks_odd(value: str) -> bool:
    """A short piece of text that no word or name has: the beginning or the end of something random."""
    if len(value) < 6:
        return False
    mixed = any(c.islower() for c in value) and any(c.isupper() for c in value[1:])
    if not (mixed or any(c.isdigit() for c in value)):
        return False
    return sum(len(run) for run in _RUNS.findall(value) if _like_a_word(run)) <= 0.4 * len(value)


def looks_made(value: str) -> bool:
    """Something that a person or a generator made up as a secret rather than a word or a name."""
    if len(value) < 6 or is_public(value):
        return False
    if is_digest(value):
        return len(value) >= 16
    letters, digits = any(c.isalpha() for c in value), any(c.isdigit() for c in value)
    symbols = any(not c.isalnum() and c not in "-_./:@" for c in value)
    return (letters and digits and re.search(r"[0-9][A-Za-z]|[A-Za-z][0-9]", value) is not None) or (
        letters and symbols
    )


def decoded(value: str) -> str:
    """The text that ``value`` encodes in base64, or "" when it encodes none. At most 64 kB are looked at."""
    value = value.strip()[:65536]
    if not _BASE64.match(value):
        return ""
    try:
        text = _bytes(value).decode("utf-8")
    except UnicodeDecodeError:
        return ""
    return text if all(c.isprintable() or c in "\n\r\t" for c in text) else ""


def _bytes(value: str) -> bytes:
    core = value.rstrip("=").replace("-", "+").replace("_", "/")
    core = core[: len(core) - (len(core) % 4 == 1)]
    try:
        return base64.b64decode(core + "=" * (-len(core) % 4), validate=True)
    except (binascii.Error, ValueError):
        return b""
