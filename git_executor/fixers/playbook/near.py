"""Near names: is a word a slip of exactly one known word?"""

from __future__ import annotations

import re
from collections.abc import Iterable


def distance(one: str, other: str, limit: int = 2) -> int:
    """Edits (insert, delete, replace, swap of neighbours) from one word to the other; ``limit + 1`` when more."""
    if abs(len(one) - len(other)) > limit or max(len(one), len(other)) > 200:
        return limit + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, start=1):
        before, last, row = row, before, [i] + [0] * len(other)
        for j, b in enumerate(other, start=1):
            row[j] = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                row[j] = min(row[j], last[j - 2] + 1)
        if min(row) > limit:
            return limit + 1
    return min(row[-1], limit + 1)


def one_near(word: str, known: Iterable[str]) -> str | None:
    """The one known word that ``word`` is a slip of; ``None`` when there is none or when two could be meant."""
    near = slips(word, known)
    return near[0] if len(near) == 1 else None


def is_clear(word: str, near: str, known: Iterable[str]) -> bool:
    """Whether no other known name is nearly as near: one edit more than ``near`` takes, or fewer. Where nothing defines the
    names and uses are all that there is, digits tell two names apart no better than letters do."""
    away = distance(_bare(word), _bare(near), 3)
    return all(other in (word, near) or distance(_bare(word), _bare(other), 4) > away + 1 for other in known)


def slips(word: str, known: Iterable[str]) -> list[str]:
    """The known words that ``word`` may be a slip of, whatever their order."""
    return sorted({other for other in known if other != word and is_slip(word, other)})


def is_slip(word: str, other: str) -> bool:
    """Whether two words differ as a typing error differs, not as two names do.

    Case, ``-`` against ``_`` and a missing separator are slips. A changed digit is another name (``node1``, ``node2``),
    and so is another word of the same length (``SSH_HOST``, ``SSH_PORT``).
    """
    if word == other or not word or not other:
        return False
    plain, other_plain = _bare(word), _bare(other)
    if plain == other_plain:
        return True
    if re.sub(r"\D", "", word) != re.sub(r"\D", "", other):
        return False
    shorter = min(len(plain), len(other_plain))
    if shorter < 4:
        return False
    away = distance(plain, other_plain)
    if away == 1:
        # One letter replaced makes another word of a short one (HOST, POST); one dropped or added hardly does.
        return len(plain) != len(other_plain) or _swapped(plain, other_plain) or shorter >= 5
    return away == 2 and shorter >= 8 and _words_alike(word, other)


def _bare(word: str) -> str:
    return re.sub(r"[-_. ]", "", word).lower()


def _swapped(one: str, other: str) -> bool:
    return sorted(one) == sorted(other)


def _words_alike(word: str, other: str) -> bool:
    """Two slips in a long name: each of its words must still be nearly itself."""
    ours, theirs = re.split(r"[-_. ]", word.lower()), re.split(r"[-_. ]", other.lower())
    if len(ours) != len(theirs):
        return False
    return all(a == b or (min(len(a), len(b)) >= 6 and distance(a, b) <= 2) or _one_off(a, b)
               for a, b in zip(ours, theirs, strict=True))  # fmt: skip


def _one_off(one: str, other: str) -> bool:
    return min(len(one), len(other)) >= 4 and (distance(one, other, 1) == 1) and (
        len(one) != len(other) or _swapped(one, other))  # fmt: skip


_USUAL = frozenset(
    ["main", "usage", "help", "log", "info", "warn", "error", "debug", "die", "fail", "check", "wait", "install", "create", "start", "stop", "run", "setup", "cleanup", "deploy", "validate", "require", "apply", "ensure", "prepare", "build", "get", "set", "all", "for", "name", "host", "hosts", "user", "port", "memory", "region", "disk", "node", "nodes", "cluster", "address", "storage", "bridge", "path", "dir", "file", "version", "url", "token", "pass", "password", "key", "domain", "retries", "timeout", "count", "image", "network", "gateway", "vmid", "namespace", "config", "output", "release", "interval", "mode", "size", "level",
     "database", "data", "server", "service", "services", "backend", "frontend", "proxy", "web", "cache", "redis", "postgres", "storage", "volume", "volumes",
     "labels", "label", "selector", "ingress", "deployment", "monitoring", "infrastructure", "apps", "media", "backup", "restart", "default", "common", "base",
     "public", "private", "internal", "external", "worker", "workers", "master", "control", "plane", "secret", "secrets", "repository", "source", "values",
     "chart", "release", "annotations", "tag", "count", "enabled", "replicas", "resources", "limits", "requests", "memory", "message", "text", "render", "load",
     "read", "write", "parse", "print", "list", "inventory", "template", "group", "domain", "interface", "prefix", "suffix", "label", "full",
     "ready", "address", "hostname", "update", "upgrade", "remove", "delete", "restore", "status", "health", "healthy", "current", "latest", "target", "controller",
     "manager", "agent", "handler", "listen", "local", "remote", "global", "system", "network", "bridge", "router", "switch", "record", "records", "zone", "query",
     "client", "session", "account", "email", "keys", "token", "tokens", "certificate", "issuer", "policy", "rules", "rule", "order", "first", "last", "next",
     "previous", "number", "index", "items", "item", "entry", "entries", "value", "field", "fields", "header", "headers", "body", "request", "response", "results",
     "result", "return", "class", "object", "module", "package", "command", "script", "task", "tasks", "role", "roles", "play", "playbook", "variables", "variable",
     "parameter", "parameters", "option", "options", "argument", "setting", "settings", "environment", "profile", "stage", "step", "machine", "virtual", "container",
     "containers", "docker", "kubernetes", "talos", "proxmox", "cluster", "generate", "self", "renderer", "reader", "writer", "parser", "loader", "builder", "daily", "weekly", "monthly", "hourly", "yearly", "retention", "keep"]
)


def spelt_better(one: str, other: str, text: str) -> int:
    """Which of two near names is spelt like the words of ``text`` and of the trade: above zero for ``one``."""
    rest = re.sub(rf"(?<!\w)(?:{re.escape(one)}|{re.escape(other)})(?!\w)", "", text).lower()

    def known(name: str) -> int:
        parts = re.findall(r"[a-z]{3,}", name.lower())
        return sum(part in _USUAL or re.search(rf"(?<![a-z]){part}(?![a-z])", rest) is not None for part in parts) - ("__" in name)

    return known(one) - known(other)


def one_of_list(word: str, values: Iterable[str]) -> str | None:
    """The one value of a closed list that a word means: a slip, another inflection (``on-failed``, ``on-failure``), or
    letters and digits that look alike (``126``, ``l26``) or changed places. A list leaves less to guess than all words do."""
    known = [value for value in values if value != word]
    found = slips(word, known) or [value for value in known if _looks(value) == _looks(word) or (_swapped(word, value) and distance(word, value, 1) == 1)]
    if not found and (near := one_defined(word, known)):
        found = [near]
    if not found:
        found = [value for value in known if _stem(word.lower(), value.lower())]
    return found[0] if len(set(found)) == 1 else None


def _looks(word: str) -> str:
    return word.lower().translate(str.maketrans("1io5", "ll0s"))


def _stem(one: str, other: str) -> bool:
    common = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    shorter = min(len(one), len(other))
    return shorter >= 6 and common * 3 >= shorter * 2 and not re.search(r"\d", one + other)


def one_defined(word: str, names: Iterable[str]) -> str | None:
    """The one name of a few defined ones that an undefined word means: a letter more or less, or two that changed places, is
    then enough for a short one."""
    known = set(names)
    if word in known:
        return None
    near = slips(word, known) or [
        name for name in known
        if min(len(word), len(name)) >= 3 and (len(word) != len(name) or _swapped(word, name)) and distance(word, name, 1) == 1
        and not re.search(r"\d", word + name)
    ]  # fmt: skip
    return near[0] if len(near) == 1 else None
