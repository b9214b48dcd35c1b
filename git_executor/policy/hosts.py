"""Addresses in settings: which are open to everybody, which lie outside of the house."""

from __future__ import annotations

import ipaddress
import re

from git_executor.lazy import lazy

_ANY = lazy(r"(?:^|[\s,\[(/\"'@])(?:0\.0\.0\.0(?:/0)?|\[?::\]?(?:/0)?|\*)(?=$|[\s,\])\"':;]|/0)")
_NEAR = lazy(
    r"(?:^|[\s,\[(/\"'@])(?:127\.0\.0\.1|localhost|\[?::1\]?|10\.\d|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|f[cd][0-9a-f]{2}:)"
)
_BINDS = lazy(
    r"(?i)listen\w*|bind\w*|addr\w*|address|ports?|hosts?|host_?ip|interface|cidr\w*|source\w*|ranges?|.*source-?range|trusted\w*|"
    r"allow\w*|.*origins?|ips?|admin|listener|from|.*cidr_?blocks|subnets?|endpoint|networks?"
)
_URL = lazy(r"([a-z][a-z0-9+.-]{1,15})://(?:[^/\s@\"']{0,100}@)?(\[[0-9a-fA-F:]+\]|[^/\s:\"'?#]{1,200})")
_ADDRESS = lazy(r"(\d{1,3}(?:\.\d{1,3}){3})(?::\d+)?(?:/\d+)?")
# Resolvers and the like that everybody knows.
_KNOWN = frozenset(
    ["1.1.1.1", "1.0.0.1", "8.8.8.8", "8.8.4.4", "9.9.9.9", "149.112.112.112", "1.1.1.2", "1.1.1.3", "94.140.14.14"]
)
_TOPS = frozenset(
    [
        "com",
        "net",
        "org",
        "info",
        "biz",
        "io",
        "dev",
        "app",
        "cloud",
        "example",
        "xyz",
        "me",
        "tech",
        "site",
        "online",
        "sh",
        "page",
        "tools",
        "zone",
        "systems",
        "network",
        "run",
        "host",
        "live",
        "pro",
        "top",
    ]
)
_SENDS = lazy(
    r"(?i).*(?:auth-url|auth-signin|endpoints?|destinations?|remote_?write|webhook\w*|proxy_pass|upstream|mirrors?|forward\w*|server|servers|"
    r"nameservers?|dns|issuer\w*|address(?:es)?|target\w*|sink|syslog\w*|loghost|host|url)"
)


def opens_address(keys: tuple[str, ...], before: str | None, after: str | None) -> str:
    """What is wrong where a setting that named somebody now means everybody."""
    if before is None or after is None or not keys or not any(_BINDS.fullmatch(key) for key in keys[-2:]):
        return ""
    if _ANY.search(after) and not _ANY.search(before) and (_NEAR.search(before) or _BINDS.fullmatch(keys[-1])):
        return f"{after[:60]} opens it to everybody"
    near = re.fullmatch(r"(?:127\.0\.0\.1|\[?::1\]?):(.+)", before)
    return f"{after[:60]} opens it to everybody" if near and after == near[1] else ""


def goes_outside(keys: tuple[str, ...], before: str | None, after: str | None) -> str:
    """What is wrong where a setting that pointed into the house points out of it, or at a foreign host."""
    if after is None or not keys or not any(_SENDS.fullmatch(key) for key in keys[-2:]):
        return ""
    new, old = _host(after), _host(before or "")
    if not new or not is_public(new) or new in _KNOWN:
        return ""
    if old and not is_public(old):
        return f"{new} lies outside of the house"
    if (
        before is None
        and re.fullmatch(_ADDRESS.pattern, new)
        and re.search(r"(?i)destination|mirror|forward|syslog|loghost", ".".join(keys))
    ):
        return f"{new} lies outside of the house"
    if before is None and after.startswith("http://") and re.search(r"(?i)mirror|regist", ".".join(keys)):
        return f"{new} is asked without any protection"
    return ""


def _host(value: str) -> str:
    found = _URL.search(value)
    if found:
        return found[2].strip("[]").lower()
    bare = _ADDRESS.fullmatch(value.strip())
    return bare[1] if bare else ""


def is_public(host: str) -> bool:
    """Whether a host is no address or name of a private network. Names with variables count as private."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        if not re.fullmatch(r"[a-z0-9.-]+", host) or "." not in host:
            return False
        top = host.rpartition(".")[2]
        if len(top) != 2 and top not in _TOPS:
            return False
        return not re.search(
            r"(?:^|\.)(?:svc|local|lan|home|internal|intranet|arpa|localdomain|localhost|test)$|\.svc\.", host
        )
    documentation = re.match(r"(?:203\.0\.113|198\.51\.100|192\.0\.2)\.", host)
    return bool(documentation) or not (
        address.is_private or address.is_loopback or address.is_link_local or address.is_unspecified
    )
