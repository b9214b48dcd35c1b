"""Files that hold secrets by trade: they are never shown, but for the names of their keys.

Files of settings, such as ``.env``, are shown like any other, their secrets masked, unless most of what they hold is secret.
"""

from __future__ import annotations

import re

from git_executor.context.secrets import find

_NAMES = re.compile(
    r"""(?ix) (?:^|/)(?:
      .+\.(?:key|pem|p12|pfx|jks|keystore|kdbx|ppk|gpg|asc|age|agekey|tfstate(?:\.backup)?|ovpn)
    | id_(?:rsa|dsa|ecdsa|ed25519)[\w-]* | (?:.*[._-])?kubeconfig(?:[._-].*)? | (?:.*[._-])?talosconfig(?:[._-].*)?
    | \.(?:netrc|pgpass|my\.cnf|npmrc|pypirc|vault-token|htpasswd)
    | (?:.*\.)?(?:sops|enc)\.\w+
    )$ | (?:^|/)\.(?:ssh|gnupg|aws|kube|docker|talos)/
    """
)
# Names that files of secrets have, and others too: settings of a service, manifests that only refer to secrets.
_SUSPECT = re.compile(
    r"""(?ix) (?:^|/)(?:
      (?:.*[._-])?secrets?(?:[._-].*)?\.(?:ya?ml|json|toml|ini|conf|txt) | .*credentials?(?:\.(?!(?:sh|py|md|tf|j2)$)\w+)?
    | (?:.*[._-])?(?:vault|passwords?|passwd|shadow|tokens?)\.(?:ya?ml|json|txt)
    )$"""
)
_SETTINGS = re.compile(
    r"""(?ix) (?:^|/)(?: \.env(?:\..+|rc)? | .+\.env | .+\.tfvars | (?:.*[._-])?secrets?(?:[._-].*)?\.sh | .*credentials?\.sh )$"""
)
_KIND = re.compile(r"^kind:[ \t]*[\"']?(\w+)", re.MULTILINE)
_MANY = 0.5  # a file of settings with this share of secrets is a file of secrets
_SAFE = re.compile(r"(?i)\.(?:example|sample|template|tmpl|dist|tpl|pub|crt)$")
_ENCRYPTED = re.compile(
    rb"^\$ANSIBLE_VAULT|^age-encryption\.org/|^-----BEGIN (?:AGE ENCRYPTED|PGP MESSAGE)|ENC\[AES256_GCM,|^\x00GITCRYPT"
    rb"|^sops:[ \t]*\n|^[ \t]*\"sops\"[ \t]*:[ \t]*\{",
    re.MULTILINE,
)
_PRIVATE = re.compile(rb"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY|AGE-SECRET-KEY-1")
_KEY = re.compile(r"^[ \t]*(?:-[ \t]+)?(?:export[ \t]+)?[\"']?([A-Za-z_][\w.\-/]{0,80})[\"']?[ \t]*[:=]", re.MULTILINE)


def is_hidden(path: str, data: bytes) -> bool:
    """A file that by its name or content is made of secrets, or is encrypted."""
    head = data[:262144]
    if _ENCRYPTED.search(head) or _PRIVATE.search(head):
        return True
    if _SAFE.search(path):
        return False
    if _NAMES.search(path):
        return True
    if _SUSPECT.search(path):
        return not _refers(head.decode("utf-8", "replace"))
    return _SETTINGS.search(path) is not None and _mostly_secret(head.decode("utf-8", "replace"))


def _refers(text: str) -> bool:
    """Manifests of which none is a Secret, and that hold none: what an operator makes secrets from."""
    documents = [part for part in re.split(r"^---.*$", text, flags=re.MULTILINE) if part.strip()]
    kinds = [match[1] if (match := _KIND.search(part)) else "Secret" for part in documents]
    return bool(kinds) and "Secret" not in kinds and not find(text)


def _mostly_secret(text: str) -> bool:
    """So many of the settings have a secret as their value that the others are not worth showing."""
    secret = {text.count("\n", 0, span.start) for span in find(text[:65536])}
    return bool(secret) and len(secret) >= _MANY * len(_KEY.findall(text[:65536]))


def key_names(data: bytes) -> tuple[str, ...]:
    """The names of the keys of a hidden file, in order, each once; at most 60."""
    text = data[:262144].decode("utf-8", "replace")
    return tuple(dict.fromkeys(_KEY.findall(text)))[:60]


def key_values(data: bytes) -> tuple[str, ...]:
    """The values of a hidden file: what must not be seen anywhere else either."""
    text = data[:262144].decode("utf-8", "replace")
    values = []
    for match in _KEY.finditer(text):
        line_end = text.find("\n", match.end())
        value = text[match.end() : line_end if line_end >= 0 else len(text)].strip().strip(",").strip("\"'")
        if value:
            values.append(value)
    return tuple(values)
