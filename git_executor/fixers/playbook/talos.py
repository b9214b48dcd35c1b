"""Talos machine configuration: keys, the endpoint, addresses, the machine's type, versions."""

from __future__ import annotations

import re
from collections.abc import Iterator

from git_executor.fixers.playbook.kubernetes import manifests
from git_executor.fixers.playbook.near import distance, one_near
from git_executor.fixers.playbook.places import places, replaced
from git_executor.fixers.playbook.rule import Case, Fix, Rule, Said
from git_executor.fixers.playbook.schemas import TALOS_KEYS
from git_executor.fixers.playbook.yaml_lines import beside, entries, requoted, with_key, with_value, without_repeated

_TYPES = ("controlplane", "worker", "init")


def unknown_keys(case: Case, said: Said) -> Iterator[Fix]:
    """``unknown keys found during decoding``, followed by the keys as YAML: the innermost is the one at fault."""
    unknown = _quoted_keys(case, said.index)
    if said.get("key"):
        unknown = [said["key"]]
    for path in manifests(case, said.index):
        text = case.text(path)
        for key in unknown:
            near = one_near(key, TALOS_KEYS)
            found = [entry for entry in entries(text) if entry.key == key]
            if key in TALOS_KEYS or near is None or len(found) != 1:
                continue
            if near not in {entry.key for entry in beside(found[0], entries(text))}:
                yield Fix(path, with_key(text, found[0], near), f"Corrected the key {key} to {near}",
                          f"Talos knows no key {key}; {near} is the one key with nearly that name.")  # fmt: skip


_PREFIX = r"^(?:(?:\[[^\]]+\]|\d{4}-\d\d-\d\d[T ][\d:.,+]+Z?|\d\d:\d\d:\d\d\S*|[>|])\s)+"
"""What a loop or a logger puts before each line."""


def _quoted_keys(case: Case, index: int) -> list[str]:
    """The keys of the YAML that Talos prints below its complaint."""
    keys = []
    for line in case.lines[index + 1 : index + 20]:
        bare = re.sub(_PREFIX, "", line)
        match = re.match(r"\s*(?:-\s+)*([A-Za-z]\w*):", bare)
        if not match:
            break
        keys.append(match[1])
    return keys


_HOST_PORT = r"(?P<host>[\w.-]+:\d{2,5}|\[[0-9a-fA-F:]+\]:\d{2,5})/?"
_SCHEME = r"https?:?/{0,3}"


def endpoint(case: Case, said: Said) -> Iterator[Fix]:
    """The control plane's endpoint without ``https://``, or with a slip in it; in talhelper's file it stands at the top."""
    for path in manifests(case, said.index):
        text = case.text(path)
        for entry in entries(text):
            if entry.key != "endpoint" or entry.path[-1:] not in (("controlPlane",), ()) or re.match(r"https?://[^/]", entry.plain):
                continue
            whole = re.fullmatch(rf"(?:(?P<scheme>{_SCHEME}))?{_HOST_PORT}", entry.plain)
            if whole and (not whole["scheme"] or ":" in whole["scheme"] or "/" in whole["scheme"]):
                wanted = f"https://{whole['host']}"
                yield Fix(path, with_value(text, entry, requoted(entry, wanted)), f"Wrote the endpoint as a URL: {wanted}",
                          "Talos wants the control plane's endpoint as a URL.")  # fmt: skip


def machine_type(case: Case, said: Said) -> Iterator[Fix]:
    wanted_by_name = {"control-plane": "controlplane", "master": "controlplane", "join": "worker"}
    for path in manifests(case, said.index):
        text = case.text(path)
        for entry in entries(text):
            if entry.key == "type" and entry.path == ("machine",) and entry.plain not in _TYPES:
                near = one_near(entry.plain.lower(), _TYPES) or wanted_by_name.get(entry.plain.lower())
                near = entry.plain.lower() if entry.plain.lower() in _TYPES else near
                if near:
                    yield Fix(path, with_value(text, entry, requoted(entry, near)), f"Corrected the machine type {entry.plain} to {near}",
                              f"A Talos machine is of type controlplane or worker, not {entry.plain}.")  # fmt: skip


def cidr(case: Case, said: Said) -> Iterator[Fix]:
    """An address without its prefix length, where every other address of the stage's interfaces has the same one."""
    wrong = said["address"]
    network = wrong.rpartition(".")[0]
    lengths = {
        match[1]
        for path in case.candidates[:100]
        if path.endswith((".yaml", ".yml"))
        for match in re.finditer(rf"(?<![\d.]){re.escape(network)}\.\d+/(\d+)", case.text(path))
    }
    for path in manifests(case, said.index):
        lines = case.text(path).split("\n")
        found = [
            number
            for number, line in enumerate(lines)
            if re.search(rf"(?<![\d.]){re.escape(wrong)}(?![\d./\\|:_-])", line) and re.match(r"\s*- ", line)
        ]
        if len(found) != 1:
            continue
        if len(lengths) == 1 and re.fullmatch(r"\d+(?:\.\d+){3}", wrong):
            number, wanted = found[0], f"{wrong}/{next(iter(lengths))}"
            lines[number] = lines[number].replace(wrong, wanted)
            yield Fix(path, "\n".join(lines), f"Added the prefix length to {wrong}: {wanted}",
                      "Talos wants an address with its prefix length; all other addresses of that network have this one.")  # fmt: skip
        else:
            case.advise(
                f"{path} gives the address {wrong} without a usable prefix length; a person must say which network it is"
            )


def separator(case: Case, said: Said) -> Iterator[Fix]:
    """``10.96.0.0\\12``: something else than the slash between an address and its prefix length."""
    wrong, wanted = said["whole"], f"{said['address']}/{said['bits']}"
    if int(said["bits"]) > 32 or any(int(part) > 255 for part in said["address"].split(".")):
        return
    found = [(path, text) for path in case.candidates[:100] if (text := case.text(path)).count(wrong) == 1]
    if len(found) == 1:
        path, text = found[0]
        yield Fix(path, text.replace(wrong, wanted), f"Wrote the network as {wanted}", f"{wrong} is an address and a prefix length without the slash between them.")


def suggested_endpoint(case: Case, said: Said) -> Iterator[Fix]:
    """talosctl says the URL that it would take: what it says without its scheme is what stands in the script."""
    wanted, bare = said["url"], said["bare"].rstrip("/")
    uses = list(places(case, case.candidates[:100], bare, r"(?<![/@])"))
    if uses and all(f"//{bare}" not in case.text(place.path) for place in uses):
        yield from replaced(case, uses if len(uses) == 1 else [], wanted.rstrip("/"), f"Added the scheme to the endpoint: {wanted}",
                            "talosctl wants the cluster's endpoint as a URL, and names this one.")  # fmt: skip


_IMAGE = r"(?:installer|kubelet|kube-[\w-]+|talos)[\w/-]*:"
_VERSION_KEY = r"(?:--)?(?:talos|kubernetes|kube|k8s)[_-]?version[\"']?[ \t]*(?:[:=]|(?<=n)[ \t])[ \t]*[\"']?"


def version(case: Case, said: Said) -> Iterator[Fix]:
    """A version without its ``v``, in an image's tag or beside a key or option that names Talos or Kubernetes."""
    bare = said["version"]
    found = []
    for path in case.candidates[:100]:
        text = case.text(path)
        if bare in text:
            pattern = rf"(?i)(?:{_IMAGE}|{_VERSION_KEY})(?={re.escape(bare)}(?![\w.]))"
            found += [(path, match.end()) for match in re.finditer(pattern, text)]
    if len(found) == 1:
        path, at = found[0]
        text = case.text(path)
        yield Fix(path, f"{text[:at]}v{text[at:]}", f"Wrote the version {bare} as v{bare}", "Talos and Kubernetes versions begin with a v.")


def config_version(case: Case, said: Said) -> Iterator[Fix]:
    """The document's own ``version:``, of which there is but one."""
    for path in manifests(case, said.index):
        text = case.text(path)
        for entry in entries(text):
            if entry.key == "version" and not entry.path and entry.plain == said["version"] and re.search(r"^machine:", text, re.MULTILINE) \
                    and distance(entry.plain, "v1alpha1") <= 2 and entry.plain != "v1alpha1":  # fmt: skip
                yield Fix(path, with_value(text, entry, requoted(entry, "v1alpha1")), "Corrected the configuration's version to v1alpha1",
                          f"Talos has a configuration of version v1alpha1 and none of {entry.plain}.")  # fmt: skip


def written_address(case: Case, said: Said) -> Iterator[Fix]:
    """An address with a comma or two dots in it, or a gateway with a prefix length: what is left is an address."""
    wrong = said["address"]
    wanted = re.sub(r"[.,]{2}|,", ".", wrong)
    if re.search(r"(?i)ip address|gateway|nameserver", said.match.string):
        wanted = wanted.partition("/")[0]
    octets = wanted.partition("/")[0].split(".")
    if wanted == wrong or len(octets) != 4 or any(not part.isdigit() or int(part) > 255 for part in octets):
        return
    field = "gateway" if "gateway" in said.match.string.lower() else ""
    uses = [place for place in places(case, case.candidates[:100], wrong, after=r"(?![\d/])") if field in place.line.lower()]
    yield from replaced(case, uses if len(uses) == 1 else [], wanted, f"Wrote the address {wrong} as {wanted}",
                        f"{wrong} is no address, and {wanted} is the one that it can only mean.")  # fmt: skip


def duplicate_address(case: Case, said: Said) -> Iterator[Fix]:
    """The same entry twice in one list: the second goes. Which of two machines keeps an address, nobody can tell."""
    address = said["address"]
    shortened = ((path, without_repeated(case.text(path), address)) for path in manifests(case, said.index))
    repeated = [(path, new) for path, new in shortened if new is not None]
    if len(repeated) == 1:
        path, new = repeated[0]
        yield Fix(path, new, f"Removed the second of two identical entries {address}", f"{path} lists the same address twice for one interface.")
    else:
        case.advise(f"the address {address} is given to more than one machine; a person must say which one keeps it")


RULES: tuple[Rule, ...] = (
    Rule("talos-unknown-key", ("unknown keys found", "unknown key"), (r"unknown keys found during decoding", r"talos.*unknown key[: ]+\"?(?P<key>\w+)"), unknown_keys),
    Rule("talos-endpoint", ("endpoint", "scheme", "missing protocol", "first path segment", "not a valid url"),
         (r"(?i)(?:control ?plane|cluster).*endpoint|endpoint.*(?:scheme|url|invalid)|is not a valid url|first path segment in URL cannot contain colon|missing protocol scheme",), endpoint),
    Rule("talos-endpoint", ("try:",), (r"try: \"?(?P<url>https://(?P<bare>[\w.-]+:\d+/?))",), suggested_endpoint),
    Rule("talos-separator", ("cidr",), (r"invalid CIDR address:? \"?(?P<whole>(?P<address>\d+(?:\.\d+){3})(?:\\\\?|[|:_-]|//| )(?P<bits>\d{1,2}))(?![\w./])",), separator),
    Rule("talos-machine-type", ("machine type", "invalid type", "unknown type", "invalid machine"), (r"(?i)(?:invalid|unknown|unsupported) (?:machine )?type|machine type \S+ is (?:invalid|unknown|unsupported|not)",), machine_type),
    Rule("talos-cidr", ("cidr", "no '/'"), (r"invalid CIDR address:? \"?(?P<address>\d+(?:\.\d+){3})(?![\w./\\|:_-])", r"ParsePrefix\(\\?\"(?P<address>[\d.]+)\\?\"\): no '/'"), cidr),
    Rule("talos-address", ("invalid",), (r"(?i)invalid (?:CIDR address|IP address|network address|gateway)\b[^\d\"]*\"?(?P<address>\d[\d.,]+(?:/\d+)?)",
                                         r"(?i)\"(?P<address>\d[\d.,]+(?:/\d+)?)\": invalid (?:CIDR|IP|network|gateway)"), written_address),
    Rule("talos-version", ("talos", "kube", "installer", "siderolabs", "version"),
         (r"(?i)(?:talos|kube|installer|siderolabs)\S*(?: \w+)*[\"' :=]+(?P<version>\d+\.\d+(?:\.\d+)?(?:-[\w.]+)?)\b.*(?:not found|unknown|invalid|must|fail|unsupported)",
          r"(?i)(?:talos|kube|installer|siderolabs)[\w./-]*:(?P<version>\d+\.\d+\.\d+(?:-[\w.]+)?)[\"']?:? (?:.*not found|manifest unknown)",
          r"(?i)(?:invalid|unsupported|failed to parse|error parsing|unknown|malformed|bad) (?:[\w.-]+ )*version:? [\"'](?P<version>\d+\.\d+(?:\.\d+)?(?:-[\w.]+)?)[\"']",
          r"(?i)(?:invalid|unsupported|failed to parse|unknown) .*(?:talos|kube)\w* version:? [\"']?(?P<version>\d+\.\d+\.\d+(?:-[\w.]+)?)\b"), version),
    Rule("talos-config-version", ("version",), (r"(?i)(?:unknown|unsupported|invalid) (?:config )?version:? \"?(?P<version>\w+)\"?",), config_version),
    Rule("duplicate-address", ("duplicate", "already in use", "already assigned", "conflict"),
         (r"(?i)(?:duplicate|already (?:in use|assigned)|conflict).*?(?P<address>\d+\.\d+\.\d+\.\d+)", r"(?P<address>\d+\.\d+\.\d+\.\d+).*(?i:already (?:in use|assigned)|duplicate)"), duplicate_address),
)  # fmt: skip
