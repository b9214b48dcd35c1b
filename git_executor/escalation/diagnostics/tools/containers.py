"""docker, crictl, k3s.

Left out on purpose: ``exec``, ``run``, ``cp``, ``inspect`` of a whole container (its environment), ``events`` and
``--follow`` (never end), ``stats`` without ``--no-stream``, ``-H`` and ``--config`` (another engine, another file),
``k3s token``, ``ctr``, ``secrets-encrypt``.
"""

from __future__ import annotations

import re

from git_executor.escalation.diagnostics.grammar import Form, Reading, Style, Tool, flags, form, verbs
from git_executor.escalation.diagnostics.paths import Place
from git_executor.escalation.diagnostics.words import Refused

_TEMPLATE_FIELDS = re.compile(
    r"\.(?:State|NetworkSettings|RestartCount|Name|Id|Image|Created|Platform|Mounts|SizeRw|LogPath"
    r"|HostConfig\.(?:RestartPolicy|NetworkMode|Memory|PortBindings|Privileged)|Config\.(?:Image|Hostname|Healthcheck))\b"
)


def _harmless_template(reading: Reading, place: Place) -> None:
    """A whole container shows its environment; a template may name only fields that do not."""
    for template in reading.flags["-f"]:
        plain = re.sub(r'"[A-Za-z0-9 /_.:-]*"', "", template)  # any other string could hide where an action ends
        actions = re.findall(r"\{\{(.*?)\}\}", plain)
        if not actions or re.search("[\"'`]", plain) or not all(map(_harmless_action, actions)):
            raise Refused("the template may name only .State, .NetworkSettings, .RestartCount and the like")


def _harmless_action(action: str) -> bool:
    fields = re.findall(r"(?<![\w$)])\.[A-Za-z.]*", action)
    words = set(re.findall(r"(?<![.\w])[A-Za-z]+", action))
    known = words <= {"json", "range", "end", "if", "else", "with", "index", "len", "eq", "ne", "println", "printf"}
    inner = action.strip() == "." or "$" in action  # the element of a range, or the root again
    return known and not inner and all(_TEMPLATE_FIELDS.match(field) or _is_element(field) for field in fields)


def _is_element(field: str) -> bool:
    """A field of an element of ``.Mounts`` or ``.NetworkSettings.Networks``."""
    return field in (".Source", ".Destination", ".Type", ".IPAddress", ".Gateway", ".MacAddress", ".Mode", ".RW")


_LOGS = "-n|--tail=COUNT --since=WORD --until=WORD -t|--timestamps"
_PS = "-a|--all -f|--filter=TEXT --format=TEXT -n|--last=INT -l|--latest --no-trunc -q|--quiet -s|--size"
_IMAGES = "-a|--all --digests -f|--filter=TEXT --format=TEXT --no-trunc -q|--quiet"
_LS = "-f|--filter=TEXT --format=TEXT --no-trunc -q|--quiet"

_DOCKER: dict[str, Form] = {
    **verbs("ps|container ls|container list|container ps", form(_PS)),
    **verbs("images|image ls|image list", form(_IMAGES, "[TYPENAME]")),
    **verbs("logs|container logs", form(_LOGS, "NAME")),
    **verbs("network ls|network list|volume ls|volume list|node ls|service ls|stack ls", form(_LS)),
    "network inspect": form("-v|--verbose -f|--format=TEXT", "NAME..."),
    **verbs("stats|container stats",
            form("-a|--all --format=TEXT --no-stream --no-trunc", "[NAME...]", needs="--no-stream")),
    **verbs("top|container top|port|container port|diff|container diff", form("", "NAME")),
    **verbs("version|info|system info", form("-f|--format=TEXT")),
    "system df": form("-v|--verbose --format=TEXT"),
    **verbs("inspect|container inspect", form("-f|--format=TEXT -s|--size --type={container}", "NAME...", needs="-f",
                                              check=_harmless_template)),
    **verbs("context ls|context show", form()),
    "compose logs": form(_LOGS + " --no-color --no-log-prefix", "[NAME...]"),
    "compose ps": form("-a|--all --format={table,json} -q|--quiet --services --status=NAME", "[NAME...]"),
    **verbs("compose images|compose top", form("", "[NAME...]")),
    "compose ls": form("-a|--all --format={table,json} -q|--quiet"),
    "compose version": form("--short"),
}  # fmt: skip

_CRICTL_LIST = """
    -a|--all -q|--quiet -o|--output={json,yaml,table} --name=TEXT --state=NAME --label=TEXT --namespace=NAME
    -p|--pod=NAME
    --id=NAME --image=TYPENAME -l|--latest -n|--last=INT --no-trunc -v|--verbose -r|--resolve-image-path --digests
"""
_CRICTL: dict[str, Form] = {
    **verbs("ps|pods|images|img|image", form(_CRICTL_LIST, "[TYPENAME]")),
    "logs": form("--tail=COUNT --since=WORD -t|--timestamps -p|--previous --limit-bytes=INT", "NAME"),
    **verbs("stats|statsp", form("-a|--all --id=NAME -o|--output={json,yaml,table} --name=TEXT", "[NAME]")),
    **verbs("version|imagefsinfo|info", form("-o|--output={json,yaml,table}")),
}
_K3S: dict[str, Form] = {
    "": form("-v|--version"),
    "check-config": form(),
    "kubectl": form(delegate="kubectl"),
    "crictl": form(delegate="crictl"),
    **verbs("etcd-snapshot ls|etcd-snapshot list", form("-o|--output={json,yaml,table}")),
    "certificate check": form("--output={text,table}"),
}

TOOLS = (
    Tool(
        "docker",
        _DOCKER,
        flags("-c|--context=NAME -l|--log-level=NAME"),
        Style.GO,
        True,
        ("DOCKER_HOST", "DOCKER_CONTEXT"),
    ),
    # crictl reads its flags as urfave/cli does: no clusters.
    Tool(
        "crictl",
        _CRICTL,
        flags("-r|--runtime-endpoint=SOCKET -i|--image-endpoint=SOCKET -t|--timeout=DURATION"),
        Style.SINGLE,
    ),
    Tool("k3s", _K3S, {}, Style.SINGLE, True, ("KUBECONFIG",)),
)
