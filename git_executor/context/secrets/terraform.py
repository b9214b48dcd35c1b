"""Terraform's resources that make secrets, in state files and plans: their results have harmless names."""

from __future__ import annotations

from collections.abc import Iterator

from git_executor.context.secrets.around import around
from git_executor.context.secrets.span import Span
from git_executor.context.secrets.values import is_public, is_reference
from git_executor.lazy import lazy

_MAKER = lazy(
    r"(?:\"type\":\s{0,4}|\bresource )\"(?P<type>random_password|random_string|random_bytes|vault_\w{1,40}|tls_private_key"
    r"|proxmox_virtual_environment_user_token|\w{1,40}_(?:api_)?token|\w{1,40}_(?:access|service_account)_key|\w{1,40}_tunnel)\""
)
_NEXT = lazy(r"\"type\":\s{0,4}\"[a-z]+_|\bresource \"")
_RESULT = lazy(
    r"(?<![\w-])\"?(?:result|hex|base64|bcrypt_hash|secret_id|client_token|private_key_\w{1,20}|value|token|secret|tunnel_secret|key)\"?\s{0,20}[:=]\s{0,4}"
    r"\"(?P<v>(?:[^\"\\\n]|\\.){4,8192})\"(?:[ \t]*->[ \t]*\"(?P<new>[^\"\n]{4,4096})\")?"
)
_NEEDS = ("random_", "vault_", "tls_private_key", "_token", "_key", "_tunnel")
_REACH = 6000  # characters that a resource may take


def in_terraform(text: str, lowered: str) -> Iterator[Span]:
    """What generators of passwords, keys and tokens made."""
    for start, stop in around(lowered, _NEEDS, also=('"type"', "resource "), before=0, after=120):
        for maker in _MAKER.finditer(text, start, stop):
            reach = min(stop, maker.end() + _REACH)
            following = _NEXT.search(text, maker.end(), reach)
            for result in _RESULT.finditer(text, maker.end(), following.start() if following else reach):
                for group in ("v", "new"):
                    value = result.group(group)
                    if value and not is_reference(value) and not is_public(value):
                        yield Span(*result.span(group), "SECRET")
