"""What a file pulls in from elsewhere: packages, images, charts, modules, downloads."""

from __future__ import annotations

import re
from collections.abc import Iterator

from git_executor.lazy import lazy
from git_executor.policy.calls import Call, Script
from git_executor.policy.embedded import kind_of
from git_executor.policy.hosts import is_public
from git_executor.policy.shell import names

_VERBS = {
    **dict.fromkeys(
        (
            "apt",
            "apt-get",
            "aptitude",
            "dnf",
            "yum",
            "microdnf",
            "zypper",
            "brew",
            "snap",
            "pip",
            "pip3",
            "pipx",
            "gem",
            "opkg",
            "pkg",
            "flatpak",
            "choco",
            "krew",
        ),
        "install",
    ),
    **dict.fromkeys(("npm", "pnpm", "bun"), "install i add"),
    "apk": "add",
    "yarn": "add global",
    "cargo": "install add",
    "go": "install get",
    "uv": "install add",
    "poetry": "add",
    "nix-env": "-i -iA",
    "ansible-galaxy": "install",
    "add-apt-repository": "",
    "docker": "pull",
    "podman": "pull",
    "npx": "",
}
_VALUED = names(
    "-t -o -c -r -f -e -i --target --requirement --index-url --extra-index-url --prefix --root --version -C --cache-dir"
)
_VERSION = lazy(r"(?:[=<>!~]=?|@|\[).*$")
_IMAGE = lazy(
    r"^\s*(?:-\s+)?[\"']?(?:image|FROM|repository)[\"']?\s*[:=\s]\s*[\"']?(?:--platform=\S+\s+)?([\w.\-/:]+)", re.I
)
_CHART = lazy(r"^\s*-?\s*(?:chart|source|uses|url|repoURL|repository)\s*[:=]\s*[\"']?([^\s\"'#@?]+)")
_LABEL = lazy(r"\s*-?\s*source\s*:\s*[\"']?\w+[\"']?\s*$")  # of a metric or a field, not of something fetched
_MODULE = lazy(
    r"\s*(?:-\s+)?[\"']?(?:(?:ansible\.builtin|ansible\.legacy|community\.general)\.)?"
    r"(?:apt|dnf|dnf5|yum|package|pip|apk|pacman|zypper|npm|gem|snap|homebrew|cargo|pipx|helm|"
    r"kubernetes\.core\.helm)[\"']?\s*:"
)
_NAMED = lazy(r"\s*(?:name|pkg|package|chart_ref)\s*:\s*(.*)$")
_MANIFEST = lazy(r"(?:^|/)(?:requirements[\w.-]*\.(?:txt|in)|constraints[\w.-]*\.txt)$")
_LISTED = lazy(
    r"(?:^|/)(?:pyproject\.toml|package\.json|go\.mod|Cargo\.toml|Gemfile|Pipfile|environment\.ya?ml|"
    r"galaxy\.ya?ml|requirements\.ya?ml|Chart\.ya?ml)$"
)
_ENTRY = lazy(
    r"^\s*(?:-\s+)?(?:(?:gem|require|name:|source\s*=|source:|role:|"
    r"collection:)\s+)?[\"']?([A-Za-z0-9@][\w.@/-]{1,100})[\"']?\s*(?:[=:<>~^]|v\d|,|$|[\"'])"
)

Finding = tuple[str, int]
"""(what is pulled in, without its version; line)"""


def dependencies(path: str, text: str, scripts: list[Script]) -> Iterator[Finding]:
    """Everything that the file needs from outside, as far as its form says so."""
    for script in scripts:
        for call in script.calls:
            yield from _call(call)
    if _TABLED.search(path):
        yield from _tables(path, text)
        return
    kind = kind_of(path, text)
    name = path.rpartition("/")[2]
    in_packages = in_module = -1
    for i, line in enumerate(text[:1_000_000].split("\n"), 1):
        line = line[:500]
        stripped = line.split(" #")[0].strip()
        if not stripped or stripped.startswith(("#", "//")):
            continue
        if _MANIFEST.search(path):
            yield _VERSION.sub("", stripped.split(";")[0]).strip().lower(), i
        elif kind in ("yaml", "docker", "hcl", "other") and name != "package.json":
            found = _IMAGE.match(line)
            if found and "/" not in found[1].strip("/") and kind == "yaml" and "image" not in line.lower():
                found = None
            if found and not stripped.startswith("FROM scratch"):
                yield "image " + re.sub(r"(?::[\w.-]+)?(?:[@:]sha256(?::\w*)?)?$", "", found[1].rstrip("/")), i
            chart = _CHART.match(line)
            if chart and kind in ("yaml", "hcl") and not _is_inside(chart[1]) and not _LABEL.match(line):
                yield "source " + _unversioned(chart[1]), i
        if kind == "docker" and re.match(r"ADD\s+(?:--\S+\s+)*https?://", stripped):
            yield "download " + re.sub(r"[0-9.]+", "", stripped.split()[1]), i
        indent = len(line) - len(line.lstrip())
        if kind == "yaml":
            if re.match(
                r"\s*(?:-\s+)?(?:packages|apt_packages|pip_packages|helm_charts|extensions|"
                r"officialExtensions|systemExtensions)\s*:\s*$",
                line,
            ):
                in_packages = indent
                continue
            if in_module >= 0 and indent <= in_module:
                in_module = -1
            if _MODULE.match(line):
                in_module = indent
                inline = re.search(r"\b(?:name|pkg)=([\w.,@/+-]+)", line)
                yield from ((f"package {name.lower()}", i) for name in (inline[1].split(",") if inline else ()))
            named = _NAMED.match(line) if in_module >= 0 and indent > in_module else None
            if named:
                in_packages = indent if not named[1] else -1
                names_ = (
                    re.findall(r"[A-Za-z0-9][\w.@/+-]*", named[1].replace("{{", "")) if "{{" not in named[1] else []
                )
                yield from ((f"package {name.lower()}", i) for name in names_)
                continue
            if in_packages >= 0 and (indent < in_packages or (indent == in_packages and not stripped.startswith("-"))):
                in_packages = -1
            if in_packages >= 0 and stripped.startswith("- "):
                yield "package " + _VERSION.sub("", stripped[2:].strip("\"' ")).lower(), i
        remote = _REMOTE.match(line) if kind == "yaml" else None
        if remote and not _is_inside(remote[1]):
            yield "source " + _unversioned(remote[1]), i
        if name == "go.mod" and "=>" in stripped and not _BESIDE.match(target := stripped.partition("=>")[2].strip()):
            yield f"entry replaced by {(target.split() or [''])[0].lower()}", i
            continue
        collection = _COLLECTION.match(line) if re.search(r"(?:^|/)requirements\.ya?ml$", path) else None
        if collection:
            yield "entry " + collection[1].lower(), i
        elif _LISTED.search(path) and not _TABLED.search(path):
            entry = _ENTRY.match(stripped if stripped[:1] != "{" else "")
            if (
                entry
                and not re.match(
                    r"(?:version|name|description|python|type|main|private|license|author\w*|module|go|"
                    r"edition|apiVersion|appVersion|requires-python|readme)\b",
                    stripped.strip("\"'"),
                )
                and re.search(r"\d|[\"']", stripped)
            ):
                yield "entry " + entry[1].lower(), i


_REMOTE = lazy(r"^\s*-\s+[\"']?((?:https?|oci|git(?:\+\w+)?)://[^\s\"'#?]+)")
_COLLECTION = lazy(r"^\s*-\s+(?:name|src|source)\s*:\s*[\"']?([\w.:/@+-]+)")
_BESIDE = lazy(r"\.{0,2}/")  # a module of one's own, by its path
_TABLED = lazy(r"(?:^|/)(?:package\.json|pyproject\.toml)$")
_QUOTED = lazy(r"[\"']([A-Za-z0-9@][\w.@/\[\]-]*)([^\"']*)[\"']")


def _tables(path: str, text: str) -> Iterator[Finding]:
    """What ``package.json`` and ``pyproject.toml`` need, from the parts of them that say so."""
    within = False
    for i, line in enumerate(text[:200_000].split("\n"), 1):
        line = line[:500]
        if path.endswith(".json"):
            opened = re.match(r"\s*\"(\w*[dD]ependencies|overrides|resolutions)\"\s*:\s*\{", line)
            within = bool(opened) or (within and "}" not in line)
            pair = re.match(r"\s*\"([^\"]{1,100})\"\s*:\s*\"([^\"]*)\"", line) if within and not opened else None
            if pair:
                away = pair[2] if re.match(r"\w+:|.*/", pair[2]) else ""
                yield f"entry {pair[1].lower()} {away}".rstrip(), i
            continue
        opened = re.match(r"\s*(?:[\w-]*dependencies|requires|dev|test|[\w-]*extras?)\s*=\s*\[", line)
        if opened or within:
            for name, rest in _QUOTED.findall(line.partition("[")[2] if opened else line):
                yield f"entry {name.lower()} {rest[rest.find('@') + 1 :].strip() if '@' in rest else ''}".rstrip(), i
            within = "]" not in re.sub(r"[\"'][^\"']*[\"']", "", line.partition("[")[2] if opened else line)
        elif re.match(r"\s*[\w.-]+\s*=\s*(?:[\"'][\^~>=<\d]|\{.*(?:version|git|url|path))", line) and _in_table(
            text, i
        ):
            yield "entry " + line.partition("=")[0].strip().lower(), i


def _in_table(text: str, number: int) -> bool:
    """Whether a line of TOML stands below a header that lists dependencies."""
    for line in reversed(text.split("\n")[: number - 1]):
        if re.match(r"\s*\[[^\]\"']*\]\s*$", line):
            return "dependencies" in line
    return False


def _unversioned(address: str) -> str:
    """An address without its version and without the slash at its end, which names nothing else."""
    return re.sub(r"/?v?\d[\w.\-]*(?:\.(?:ya?ml|tgz|zip|tar\.gz))?$", "", address.rstrip("/"))


def _is_inside(address: str) -> bool:
    """Whether an address names a service of one's own, or none that is fetched from."""
    address = re.sub(r"^[a-z]+::", "", address)
    host = re.sub(r"^[a-z+]+://", "", address).partition("/")[0].rpartition("@")[2].partition(":")[0]
    return (
        "://" in address
        and (not is_public(host) or not re.match(r"(?:https?|oci|git|ssh|s3)\b", address))
        and "$" not in host
        and "{" not in host
    )


def _call(call: Call) -> Iterator[Finding]:
    texts = call.texts()
    if call.name == "helm" and texts[:2] in (["repo", "add"], ["plugin", "install"]):
        yield from ((f"helm {text}", call.line) for text in call.plain()[2:3])
    if call.name == "kubectl" and texts[:2] == ["krew", "install"]:
        yield from ((f"krew {text}", call.line) for text in call.plain()[2:])
    if call.name == "kubectl" and set(call.plain()[:5]) & {"apply", "create"}:
        yield from ((f"manifest {re.sub('v?[0-9]+[.][0-9.]+', '', t)}", call.line) for t in texts if "://" in t)
    if call.name in ("curl", "wget") and any("/bin/" in text or text in ("/usr/local/bin",) for text in texts):
        yield f"download {next((re.sub(r'[0-9.]+', '', t) for t in texts if '://' in t), '')}", call.line
    if call.name in ("python", "python3") and texts[:2] == ["-m", "pip"]:
        call = Call("pip", call.args[2:], call.line, call.command)
        texts = call.texts()
    if call.name not in _VERBS:
        return
    verbs = _VERBS[call.name].split()
    at = next((i for i, text in enumerate(texts) if text in verbs), -1 if verbs else 0)
    if at < 0:
        return
    skip = False
    for word in call.args[at + bool(verbs) :]:
        if skip:
            skip = False
        elif word.text.startswith("-"):
            skip = word.text in _VALUED and call.name not in ("apt", "apt-get", "apk", "nix-env")
        elif word.text not in ("install", "add", "update") and not word.text.startswith(("./", "/", "$", ".", "~")):
            yield f"package {_VERSION.sub('', word.text).lower()}", word.line


def respelled(name: str, gone: set[str], old_text: str, told: str) -> bool:
    """Whether a source is one that the file named before: under another key, or with a slip that is now mended.

    ``gone`` is what the file no longer needs; ``told`` the message of the failure. Packages and images are never
    taken for a slip: another name there is another program.
    """
    kind, _, value = name.partition(" ")
    if kind != "source" or not value:
        return False
    if re.search(rf"(?<![\w./-]){re.escape(value)}(?![\w./-])", old_text):
        return True
    for other in gone:
        before = other.partition(" ")[2].rstrip(":/")
        if not other.startswith("source ") or abs(len(before) - len(value)) > 4:
            continue
        if before == value:
            return True
        if "://" not in value or "://" not in before:
            continue
        (old_host, old_path), (host, path) = (u.partition("://")[2].partition("/")[::2] for u in (before, value))
        if old_host == host and slip(old_path, path):
            return True
        if old_path == path and old_host in told and host.rpartition(".")[0] == old_host.rpartition(".")[0]:
            return True  # the failure itself names the host that does not answer
    return False


def slip(a: str, b: str) -> bool:
    """Whether two texts differ by at most two letters in one place."""
    head = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    tail = next(
        (i for i, (x, y) in enumerate(zip(a[head:][::-1], b[head:][::-1], strict=False)) if x != y),
        min(len(a), len(b)) - head,
    )
    return max(len(a), len(b)) - head - tail <= 2
