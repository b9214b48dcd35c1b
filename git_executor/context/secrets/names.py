# ruff: noqa: SIM905 - tables of words
"""How telling a name is: ``DB_PASSWORD`` holds a secret, ``max_tokens`` and ``secretName`` do not."""

from __future__ import annotations

from enum import IntEnum
from functools import lru_cache

from git_executor.context.secrets.around import lines_with
from git_executor.context.secrets.vocabulary import Vocabulary
from git_executor.lazy import lazy

_WORD = lazy(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")


class Telling(IntEnum):
    """How much a name says about its value."""

    NO = 0
    WEAK = 1  # only a value that looks generated is a secret
    STRONG = 2  # any literal is a secret


_STRONG = {
    "password": "PASSWORD", "passwd": "PASSWORD", "passphrase": "PASSWORD", "passwort": "PASSWORD", "pwd": "PASSWORD",
    "passcode": "PASSWORD", "userpassword": "PASSWORD", "cipassword": "PASSWORD", "rootpw": "PASSWORD", "pw": "PASSWORD",
    "adminpw": "PASSWORD", "bindpw": "PASSWORD", "requirepass": "PASSWORD", "masterauth": "PASSWORD", "rootpass": "PASSWORD",
    "dbpass": "PASSWORD", "userpass": "PASSWORD", "sshpass": "PASSWORD", "adminpass": "PASSWORD", "pgpassword": "PASSWORD",
    "contraseña": "PASSWORD", "senha": "PASSWORD", "kennwort": "PASSWORD", "motdepasse": "PASSWORD", "psk": "PASSWORD",
    "secret": "SECRET", "apikey": "KEY", "authkey": "KEY", "secretkey": "KEY", "privatekey": "KEY", "accesskey": "KEY",
    "token": "TOKEN", "apitoken": "TOKEN", "authtoken": "TOKEN", "accesstoken": "TOKEN", "bootstraptoken": "TOKEN",
    "tokensecret": "TOKEN", "clientsecret": "SECRET", "jwt": "TOKEN", "bearer": "TOKEN", "credential": "SECRET",
    "credentials": "SECRET", "creds": "SECRET", "presharedkey": "KEY", "encryptionkey": "KEY", "csrfpreventiontoken": "TOKEN",
    "accountkey": "KEY", "sharedaccesskey": "KEY", "authpass": "PASSWORD", "totp": "SECRET", "mnemonic": "SECRET",
    "authorization": "TOKEN", "pveauthcookie": "TOKEN", "masterkey": "KEY", "unsealkey": "KEY", "storepass": "PASSWORD",
    "seedphrase": "PASSWORD", "recoveryphrase": "PASSWORD", "recoverycodes": "PASSWORD", "backupcodes": "PASSWORD",
    "s2unauthenticated": "KEY", "s2authenticated": "KEY", "s2accesscontrol": "KEY",
    "passkey": "KEY", "sonarlogin": "TOKEN",
    "unsealkeys": "KEY", "recoverykeys": "KEY", "keypass": "PASSWORD",
}  # fmt: skip
# "key" is a secret when one of these stands before it.
_KEY_OF = frozenset(
    "luks zfs disk volume wifi vpn api access secret private encryption encrypt signing sign master shared preshared pre auth license unseal recovery "
    "session cookie app application account storage webhook hmac aes secretbox aescbc decryption ssh tls host age deploy "
    "certificate network ota legacy authenticated unauthenticated seal enrollment provisioning cf gossip replication noise "
    "join agent server node subscription write ingest admin service integration wg wireguard rndc tsig ceph secure".split()
)
_WEAK = {
    "pass": "PASSWORD", "key": "KEY", "auth": "TOKEN", "pin": "PASSWORD", "session": "TOKEN", "cookie": "TOKEN",
    "sid": "TOKEN", "otp": "PASSWORD", "salt": "SECRET", "nonce": "SECRET", "seed": "SECRET", "signature": "TOKEN",
    "sig": "TOKEN", "tokens": "TOKEN", "secrets": "SECRET", "passwords": "PASSWORD", "keys": "KEY", "ticket": "TOKEN",
    "community": "PASSWORD", "login": "SECRET", "keyring": "KEY", "webhook": "TOKEN",
    "dsn": "SECRET", "license": "KEY",
}  # fmt: skip
# As the last word these say that the value is *about* the secret.
_ABOUT = frozenset(
    """
    file files filename path paths dir directory folder name names ref refs reference length len size ttl expiry expires
    expiration expire timeout age policy policies type types kind url uri urls endpoint host hostname server version count
    max min limit limits format mode enabled enable required require valid validity algorithm alg field fields env var
    variable provider store storage class manager method mount issuer audience lifetime duration interval period at
    usage use uses status state rotation rotate prompt label hint title description template selector namespace backend
    engine generator operator controller driver plugin service account accounts role roles user users username owner group
    charset chars characters complexity strength history attempts retries reset change authentication review reviews
    request requests response cert certs certificate ca crt bits budget window per created modified date time year
    publickey pub public annotation annotations command cmd script source src index position begin end start stop
    exists present missing found set configured changed accessor
    """.split()
)
# As a word anywhere before, these turn a sensitive word into an ordinary one.
_ORDINARY_BEFORE = frozenset(
    "max min num number total count prompt completion input output cached context existing pull public primary foreign "
    "partition sort cache lookup no has is use require allow disable enable reset forgot unique composite group routing".split()
)


# Every telling name has one of these in it, in small letters: where none stands, no name needs to be judged.
_STEMS = (
    "pass", "pwd", "secret", "token", "key", "cred", "auth", "psk", "jwt", "bearer", "phrase", "mnemonic", "senha",
    "kennwort", "contrase", "totp", "ticket", "cookie", "session", "signature", "license", "community", "login",
    "webhook", "codes", "nonce", "dockerconfigjson",
)  # fmt: skip
_SHORT = ("pw", "sid", "sig", "pin", "otp", "salt", "seed", "dsn")


_STEM = lazy("|".join([*_STEMS, *(f"{short}(?![a-z])" for short in _SHORT)]))


def telling_lines(lowered: str, known: Vocabulary) -> list[int]:
    """Where the lines begin in which a telling name may stand, in order."""
    return sorted(lines_with(lowered, known.of(_STEMS)) | lines_with(lowered, known.of(_SHORT), ending=True))


def next_stem(lowered: str, at: int, stop: int) -> int:
    """Where the next part of a telling name stands, or -1."""
    found = _STEM.search(lowered, at, stop)
    return found.start() if found else -1


_NO_PASSWORD = frozenset("bypass compass trespass overpass underpass surpass encompass multipass onepass".split())
_PROXIES = ("proxy", "fastcgi", "uwsgi", "scgi", "grpc", "memcached")  # nginx passes requests on to these


def is_ordinary_before(word: str) -> bool:
    """``public`` and its like: whatever follows is no secret."""
    return word.lower() in _ORDINARY_BEFORE


@lru_cache(maxsize=8192)
def judge(name: str) -> tuple[Telling, str]:
    """How telling ``name`` is, and the kind of secret it announces."""
    words = [word.lower() for word in _WORD.findall(name)]
    if words and words[-1] in ("chpasswd", "htpasswd", "gpasswd"):  # programs
        return Telling.NO, ""
    while words and (
        words[-1].isdigit()
        or words[-1] in ("b64", "base", "plain", "raw", "str", "string", "data", "value", "val", "text")
    ):
        words.pop()
    if not words or words[-1] in _ABOUT or len(name) > 96:
        return Telling.NO, ""
    if _ORDINARY_BEFORE.intersection(words[:-1]) and words[-1] not in ("password", "passwd", "passphrase"):
        return Telling.NO, ""
    last, joined = words[-1], "".join(words)
    if joined.endswith("dockerconfigjson"):
        return Telling.STRONG, "TOKEN"
    if last == "id" or last == "secretid":
        strong = joined.endswith(("secretid", "roottokenid", "accesskeyid"))
        weak = joined.endswith("sessionid")
        return Telling.STRONG if strong else Telling.WEAK if weak else Telling.NO, "SECRET"
    if last == "key" and words[-2:-1] in (["password"], ["token"], ["username"], ["user"]):
        return Telling.NO, ""  # which entry of a Secret holds it
    if last == "key" and len(words) > 1 and _KEY_OF.intersection(words[:-1]):
        return Telling.STRONG, "KEY"
    for part in (joined, "".join(words[-2:]), last):
        if part in _STRONG:
            return Telling.STRONG, _STRONG[part]
    for suffix in ("password", "passwd", "passphrase", "secret", "apikey", "token"):
        if last.endswith(suffix):
            return Telling.STRONG, _STRONG[suffix]
    if last.endswith("pass") and len(last) > 5 and last not in _NO_PASSWORD:
        return Telling.STRONG, "PASSWORD"
    if last in ("token", "secret"):
        return Telling.STRONG, _STRONG[last]
    if last in _WEAK:
        if last == "pass" and len(words) > 1:
            return (Telling.NO, "") if words[-2] in _PROXIES else (Telling.STRONG, "PASSWORD")
        return Telling.WEAK, _WEAK[last]
    return Telling.NO, ""
