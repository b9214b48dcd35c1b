"""Files that hold secrets by trade: they are never shown, but for the names of their keys."""

from __future__ import annotations

import re

_NAMES = re.compile(
    r"""(?ix) (?:^|/)(?:
      \.env(?:\..+|rc)? | .+\.env | \.envrc | .+\.(?:key|pem|p12|pfx|jks|keystore|kdbx|ppk|gpg|asc|age|agekey|tfstate(?:\.backup)?|tfvars|ovpn)
    | id_(?:rsa|dsa|ecdsa|ed25519)[\w-]* | (?:.*[._-])?kubeconfig(?:[._-].*)? | (?:.*[._-])?talosconfig(?:[._-].*)?
    | (?:.*[._-])?secrets?(?:[._-].*)?\.(?:ya?ml|json|toml|ini|conf|txt|sh) | .*credentials?(?:\.\w+)? | \.(?:netrc|pgpass|my\.cnf|npmrc|pypirc|vault-token|htpasswd)
    | (?:.*\.)?(?:sops|enc)\.\w+ | (?:.*[._-])?(?:vault|passwords?|passwd|shadow|tokens?)\.(?:ya?ml|json|txt)
    )$ | (?:^|/)\.(?:ssh|gnupg|aws|kube|docker|talos)/
    """
)
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
    return _NAMES.search(path) is not None and not _SAFE.search(path)


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
