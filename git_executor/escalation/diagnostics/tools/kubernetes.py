"""kubectl, flux, helm: what a cluster says about itself.

Left out on purpose: Secrets in every spelling, ``config view --raw``, ``get --raw`` of all but a few API paths,
``-f``, ``-k`` and ``*-file=`` formats (read files and addresses), ``--cache-dir``, ``--profile*``,
``--output-directory`` (write), ``--watch`` and ``--follow`` (never end), ``exec``, ``cp``, ``proxy``,
``port-forward``, ``debug``, ``diff`` (starts a program); ``helm get values|manifest|all``, ``template``, ``env``
(print secrets), ``--post-renderer``; ``flux build``, ``diff``, ``debug``, ``--with-credentials``.
"""

from __future__ import annotations

import re

from git_executor.escalation.diagnostics.grammar import Form, Reading, Style, Tool, flags, form, verbs
from git_executor.escalation.diagnostics.paths import Place
from git_executor.escalation.diagnostics.words import Refused

_CLUSTER = """
    -n|--namespace=NAME --context=NAME --kubeconfig=KUBECONFIG --request-timeout=DURATION -v|--v=VERBOSITY
"""
_KUBE = "--cluster=NAME --warnings-as-errors --match-server-version"
_SELECT = "-A|--all-namespaces -l|--selector=TEXT --field-selector=TEXT --chunk-size=INT"
_SHOW = """
    -o|--output=FORMAT --show-labels --no-headers --sort-by=TEXT -L|--label-columns=TEXT --show-kind
    --ignore-not-found=[{true,false}] --show-managed-fields=[{true,false}] --allow-missing-template-keys=[{true,false}]
    --subresource={status,scale,resize} --server-print=[{true,false}]
"""

# Kinds whose content is the secret. What only refers to one (external, sealed) is fine.
_SECRET_KINDS = re.compile(r"(?:cluster)?secrets?|kubeconfigs?|talosconfigs?|credentials?", re.IGNORECASE)


def _no_secrets(reading: Reading, place: Place) -> None:
    """``secret``, ``cm,secret``, ``pod/x secret/y``, ``secrets.v1.``, in any case."""
    named = "/" in "".join(reading.args[:1])  # type/name throughout, else a type and then names
    for index, arg in enumerate(reading.args):
        if index and not named and "/" not in arg:
            continue
        for item in arg.split(","):
            kind = item.partition("/")[0].partition(".")[0].strip()
            if _SECRET_KINDS.fullmatch(kind):
                raise Refused(f"{kind} may not be read")


def _get(reading: Reading, place: Place) -> None:
    if bool(reading.args) == ("--raw" in reading.flags):
        raise Refused("kubectl get asks for a resource, or for one raw path")
    _no_secrets(reading, place)


_KUBECTL: dict[str, Form] = {
    "get": form(_SELECT + _SHOW + " --raw=RAWPATH", "[RESOURCE...]", check=_get),
    "describe": form(_SELECT + " --show-events=[{true,false}]", "RESOURCE [RESOURCE...]", check=_no_secrets),
    "logs": form(
        """-c|--container=NAME -p|--previous --tail=COUNT --since=DURATION --since-time=WORD --timestamps
        --all-containers=[{true,false}] --prefix --limit-bytes=INT -l|--selector=TEXT --max-log-requests=INT
        --ignore-errors --all-pods --pod-running-timeout=DURATION""",
        "[RESOURCE] [NAME]",
    ),
    **verbs("top node|top nodes|top no", form("-l|--selector=TEXT --sort-by=NAME --no-headers", "[NAME]")),
    **verbs("top pod|top pods|top po",
            form("-A|--all-namespaces -l|--selector=TEXT --sort-by=NAME --no-headers --containers --sum", "[NAME]")),
    "version": form("--client=[{true,false}] -o|--output={json,yaml} --short"),
    "cluster-info": form(),
    "api-resources": form("""-o|--output={wide,name} --namespaced=[{true,false}] --api-group=TEXT --verbs=NAMES
        --no-headers --sort-by=NAME --categories=NAMES"""),
    "api-versions": form(),
    "explain": form("--recursive=[{true,false}] --api-version=WORD", "RESOURCE"),
    "events": form("-A|--all-namespaces --for=RESOURCE --types=NAMES -o|--output=FORMAT --no-headers"),
    "rollout status": form("--timeout=DURATION --watch=[{false}] --revision=INT -l|--selector=TEXT", "RESOURCE [NAME]"),
    "rollout history": form("--revision=INT -o|--output=FORMAT -l|--selector=TEXT", "RESOURCE [NAME]"),
    "wait": form("--for=TEXT --timeout=DURATION -l|--selector=TEXT -A|--all-namespaces --all --field-selector=TEXT",
                 "RESOURCE [RESOURCE...]", needs="--timeout", check=_no_secrets),
    "auth can-i": form("""--list -A|--all-namespaces --as=WORD --as-group=WORD --subresource=NAME -q|--quiet
        --no-headers""", "[RESOURCE...]"),
    "auth whoami": form("-o|--output=FORMAT"),
    **verbs("config current-context|config get-clusters|config get-users", form()),
    "config get-contexts": form("-o|--output={name} --no-headers", "[NAME]"),
    "config view": form("--minify=[{true,false}] -o|--output=FORMAT"),
}  # fmt: skip

_FLUX_KINDS = """
    all|kustomization|kustomizations|ks|helmrelease|helmreleases|hr|sources all|sources git|sources helm|sources oci
    |sources bucket|sources chart|source all|source git|source helm|source oci|source bucket|source chart|sources
    external
    |images all|images policy|images repository|images update|image all|image policy|image repository|image update
    |alerts|alert|alert-providers|alert-provider|receivers|receiver|artifact generators
"""
_FLUX_EXPORTS = (
    "kustomization|ks|helmrelease|hr|source git|source helm|source oci|source bucket|source chart|alert|alert-provider"
    "|receiver|image policy|image repository|image update"
)
_FLUX_GET = form("-A|--all-namespaces --status-selector=TEXT --no-header -l|--label-selector=TEXT", "[TYPENAME]")


def _flux() -> dict[str, Form]:
    table: dict[str, Form] = {}
    for kinds in (" ".join(part.split()) for part in _FLUX_KINDS.split("|")):
        table[f"get {kinds}"] = _FLUX_GET
    table |= {
        "check": form("--pre --components=NAMES --components-extra=NAMES"),
        "version": form("--client -o|--output={json,yaml}"),
        "logs": form(
            """--level={debug,info,error} --kind=NAME --name=NAME -A|--all-namespaces --tail=COUNT --since=DURATION
            --since-time=WORD --flux-namespace=NAME"""
        ),
        "events": form("-A|--all-namespaces --for=RESOURCE --types=NAMES"),
        "tree kustomization": form("--compact -o|--output={json,yaml}", "NAME"),
        **verbs("tree ks", form("--compact", "NAME")),
        "trace": form("--kind=NAME --api-version=WORD", "[RESOURCE] [NAME]"),
        "stats": form("-A|--all-namespaces"),
    }
    for kinds in _FLUX_EXPORTS.split("|"):
        table[f"export {kinds}"] = form("--all", "[NAME]")
    return table


_HELM: dict[str, Form] = {
    **verbs(
        "list|ls",
        form(
            """-A|--all-namespaces -a|--all --failed --pending --deployed --superseded --uninstalled --uninstalling
            -q|--short -f|--filter=TEXT -o|--output={table,json,yaml} -m|--max=INT --offset=INT -d|--date -r|--reverse
            -l|--selector=TEXT --time-format=TEXT"""
        ),
    ),
    # As JSON or YAML the status holds the whole release, its values included.
    "status": form("--show-desc --show-resources --revision=INT -o|--output={table}", "NAME"),
    "history": form("--max=INT -o|--output={table,json,yaml}", "NAME"),
    "get notes": form("--revision=INT", "NAME"),
    "get metadata": form("-o|--output={table,json,yaml} --revision=INT", "NAME"),
    "version": form("--short -c|--client"),
    "repo list": form("-o|--output={table,json,yaml}"),
    "search repo": form("""-l|--versions --version=TEXT -o|--output={table,json,yaml} --devel -r|--regexp
        --max-col-width=INT""", "[TYPENAME]"),
    **verbs("show chart|show readme|show values|show crds", form("--version=TEXT --devel", "CHART")),
    **verbs("dependency list|dep list|dependency ls|dep ls", form("--max-col-width=INT", "INSIDE")),
    "lint": form(
        "--strict --quiet --with-subcharts --kube-version=WORD -f|--values=READ --set=TEXT", "INSIDE [INSIDE...]"
    ),
}  # fmt: skip

_ENVIRON = ("KUBECONFIG",)

TOOLS = (
    Tool("kubectl", _KUBECTL, flags(_CLUSTER, _KUBE), Style.GO, True, _ENVIRON),
    Tool("flux", _flux(), flags(_CLUSTER.replace("-v|--v=VERBOSITY", ""), "--timeout=DURATION --verbose"), Style.GO,
         True, _ENVIRON),
    Tool("helm", _HELM, flags("-n|--namespace=NAME --kube-context=NAME --kubeconfig=KUBECONFIG"), Style.GO,
         True, _ENVIRON),
)  # fmt: skip
