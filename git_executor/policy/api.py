"""Requests that tell a machine's or a cluster's API to delete, stop or open something."""

from __future__ import annotations

import re

from git_executor.lazy import lazy
from git_executor.policy.calls import Call, Script
from git_executor.policy.shell import names

CLIENTS = names("curl wget http https xh xhs httpie hurl grpcurl")
_ACTS = lazy(
    r"/(?:status/(?:stop|shutdown|reset|reboot|suspend)|rollback|prune|wipedisk|initgpt|stopall|migrateall|destroy|"
    r"_delete_by_query|_close|sys/(?:seal|step-down|rotate|unmount)|factory_?reset|wipe|purge|flush|snapshot/restore|"
    r"access/(?:acl|users|password|token|ticket/x)|access/users/[^/?]+/token/[^/?]+|firewall/(?:options|rules)|delete|remove|"
    r"drop|reset|terminate|force_?delete|kill|evict|eviction)(?:[/?#]|$)",
    re.I,
)
_POWER = lazy(r"/(?:reboot|restart_?system|shutdown|poweroff|power_?off|factory_?reset|halt)(?:[/?#]|$)", re.I)
_SAYS = lazy(
    r"[\"']?(?:command|action|cmd|op|operation|power|state|ResetType)[\"']?\s*[=:]\s*[\"']?(?:reboot|shutdown|poweroff|stop|reset|delete|destroy|ForceOff|ForceRestart|off)\b",
    re.I,
)


def harmful_request(method: str, url: str, body: str = "") -> str:
    """What is wrong with a request, or nothing. ``method`` in any case."""
    method = method.upper() or "GET"
    if method == "DELETE":
        return "tells an API to delete"
    path = re.sub(r"^[a-z]+://[^/]*", "", url)
    if _POWER.search(path):
        return "tells an API to stop or restart something"
    if method in ("POST", "PUT", "PATCH") and (_ACTS.search(path) or _SAYS.search(body)):
        return "tells an API to delete, stop or open something"
    return ""


def api_harm(call: Call, script: Script) -> str:
    """The same for a call of a client of HTTP."""
    texts = [script.values(text)[0] for text in call.texts()[:60]]
    method, bodies, urls = "", [], []
    for a, b in zip(["", *texts], texts, strict=False):
        if a in ("-X", "--request", "--method"):
            method = b
        elif found := re.match(r"(?:-X|--request=|--method=)(\w+)$", b):
            method = found[1]
        elif a in ("-d", "--data", "--data-raw", "--data-binary", "--json", "--post-data", "--data-urlencode", "-F"):
            bodies.append(b)
        elif found := re.match(r"(?:--data\S*?|--json|--post-data)=(.*)", b, re.S):
            bodies.append(found[1])
        elif "://" in b or (b.startswith("$") and "/" in b) or re.match(r"[\w.-]+(?::\d+)?/", b):
            urls.append(b)
        elif call.name in ("http", "https", "xh", "xhs") and re.fullmatch(
            r"(?i)get|post|put|patch|delete|head|options", b
        ):
            method = b
    method = method or ("POST" if bodies else "GET")
    return next((message for url in urls or [""] if (message := harmful_request(method, url, " ".join(bodies)))), "")
