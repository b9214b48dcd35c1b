# ruff: noqa: SIM905 - tables of words read best as text
"""A command-line option that a tool does not know and that is a slip of exactly one that it has."""

from __future__ import annotations

import re
from collections.abc import Iterator

from git_executor.fixers.playbook.near import one_defined
from git_executor.fixers.playbook.places import places, replaced
from git_executor.fixers.playbook.rule import Case, Fix, Rule, Said

_FILES = 150

# fmt: off
_KUBE = "namespace context kubeconfig server user cluster token request-timeout as insecure-skip-tls-verify v"
OPTIONS: dict[str, frozenset[str]] = {tool: frozenset(words.split()) for tool, words in {
    "kubectl": _KUBE + """ filename kustomize dry-run server-side force-conflicts wait timeout all all-namespaces selector output for field-manager overwrite
        ignore-not-found recursive validate from-literal from-file from-env-file type replicas image record grace-period prune previous container follow tail
        since watch show-labels delete-emptydir-data ignore-daemonsets force cascade patch patch-file local labels env port target-port restart command stdin tty
        rm quiet no-headers sort-by field-selector enable-helm load-restrictor help save-config docker-server docker-username docker-password cert key
        subresource current-replicas raw template show-managed-fields duration""",
    "helm": """namespace create-namespace values set set-string set-file set-json version wait wait-for-jobs timeout atomic install dry-run debug repo force force-update
        devel cleanup-on-fail history-max reuse-values reset-values reset-then-reuse-values skip-crds dependency-update generate-name post-renderer kube-context kubeconfig output
        include-crds show-only strict destination username password ca-file pass-credentials insecure-skip-tls-verify no-hooks description render-subcharts
        api-versions kube-version validate keep-history untar untardir all all-namespaces filter labels take-ownership skip-schema-validation plain-http""",
    "talosctl": """nodes endpoints talosconfig insecure file config-patch config-patch-control-plane config-patch-worker output output-dir output-types force
        kubernetes-version talos-version install-disk install-image additional-sans with-docs with-examples with-secrets with-kubespan with-cluster-discovery mode dry-run
        timeout image preserve wait stage graceful reboot system-labels-to-wipe context cluster name merge short follow tail server wait-timeout control-plane-nodes worker-nodes
        to from endpoint kubernetes client registry-mirror dns-domain version persist strict cert-fingerprint debug patch k8s-endpoint run-e2e force-context-name""",
    "flux": """namespace owner repository branch path personal private components components-extra url interval source prune token-auth read-write-key with-source timeout
        export context kubeconfig private-key-file ssh-key-algorithm ssh-hostname health-check depends-on tag tag-semver hostname network-policy watch-all-namespaces version registry
        cluster-domain verbose secret-name author-email author-name commit-message-appendix reconcile target-namespace service-account chart chart-version values crds
        release-name kustomization-file silent all all-namespaces username password ca-file team force reset kind name""",
    "ansible-playbook": """inventory limit tags skip-tags extra-vars vault-password-file vault-id ask-vault-pass ask-become-pass become become-user become-method check diff forks
        user private-key list-tasks list-hosts list-tags start-at-task syntax-check step flush-cache connection timeout ask-pass module-path force-handlers ssh-common-args
        ssh-extra-args verbose key-file""",
    "ansible": "inventory limit module-name args become become-user check diff forks user private-key connection timeout ask-pass extra-vars one-line tree background poll",
    "ansible-galaxy": "role-file requirements-file roles-path collections-path force force-with-deps no-deps server token upgrade offline ignore-certs timeout pre",
    "terraform": """auto-approve input no-color var var-file target backend-config backend chdir upgrade reconfigure migrate-state lock lock-timeout parallelism refresh
        refresh-only replace out destroy json compact-warnings detailed-exitcode recursive check diff write list raw state get plugin-dir force-copy""",
    "docker": """detach build file project-name project-directory env-file profile force-recreate remove-orphans no-deps pull volumes rm name network volume publish env restart tag
        platform no-cache progress quiet wait wait-timeout timeout follow tail all force filter format push load build-arg target label entrypoint workdir user privileged interactive tty
        cap-add device hostname mount memory cpus security-opt add-host no-color rmi signal services quiet-pull""",
    "curl": """silent show-error fail fail-with-body location output header data data-raw data-binary data-urlencode json request insecure user max-time connect-timeout retry
        retry-delay retry-connrefused retry-all-errors retry-max-time write-out cacert cert key head upload-file form create-dirs compressed resolve remote-name proxy user-agent
        verbose include proto tlsv1.2 url get oauth2-bearer unix-socket no-progress-meter""",
    "rsync": """archive verbose compress delete delete-after delete-excluded exclude exclude-from include include-from dry-run partial progress stats rsh rsync-path chown chmod relative checksum
        human-readable info bwlimit links perms times owner group recursive update mkpath quiet ignore-existing numeric-ids hard-links acls xattrs sparse inplace backup backup-dir
        copy-links safe-links itemize-changes timeout files-from one-file-system link-dest size-only""",
    "git": """depth branch recurse-submodules single-branch quiet force set-upstream message all amend no-edit no-verify tags prune hard soft mixed rebase ff-only no-ff
        global system local unset get add cached staged name-only porcelain short oneline verify abbrev-ref show-toplevel origin bare mirror shallow-submodules no-tags init recursive remote""",
    "apt-get": "yes assume-yes no-install-recommends quiet allow-downgrades allow-unauthenticated fix-broken fix-missing purge reinstall only-upgrade download-only autoremove option dry-run simulate",
    "pip": """requirement upgrade user quiet no-cache-dir break-system-packages index-url extra-index-url target constraint editable no-deps pre disable-pip-version-check
        force-reinstall ignore-installed no-input root-user-action trusted-host find-links no-index prefix require-hashes""",
    "jq": "raw-output compact-output arg argjson slurp null-input exit-status sort-keys tab join-output slurpfile rawfile args jsonargs raw-input indent color-output monochrome-output from-file",
    "kustomize": "enable-helm load-restrictor output enable-alpha-plugins enable-exec helm-command as-current-user",
    "k3sup": "ip user ssh-key ssh-port k3s-extra-args k3s-version k3s-channel server server-ip server-user local-path context cluster merge sudo host tls-san datastore no-extras print-command print-config skip-install",
    "sops": "encrypt decrypt in-place age pgp output input-type output-type encrypted-regex config extract verbose unencrypted-regex set rotate",
    "velero": "namespace provider bucket plugins secret-file backup-location-config snapshot-location-config use-node-agent default-volumes-to-fs-backup include-namespaces exclude-namespaces include-resources selector schedule ttl wait from-backup use-volume-snapshots",
    "wget": "quiet output-document continue no-check-certificate timeout tries header user password recursive no-verbose show-progress directory-prefix timestamping no-clobber",
    "yamllint": "config-file config-data format strict list-files no-warnings",
    "coreutils": """parents mode verbose force recursive interactive no-clobber preserve target-directory no-target-directory symbolic directory owner group backup suffix archive update
        lines bytes quiet follow reverse numeric-sort unique key field-separator output human-numeric-sort version-sort delimiter fields complement characters regexp-extended in-place
        expression quiet silent separate null-data extended-regexp fixed-strings ignore-case invert-match word-regexp count files-with-matches only-matching max-count line-number
        after-context before-context context include exclude exclude-dir with-filename no-filename perl-regexp date utc iso-8601 rfc-3339 universal reference summarize human-readable
        max-depth all total format append dry-run tmpdir signal kill-after preserve-status foreground extract create gzip file list directory strip-components xz zstd exclude-from
        check status ignore-missing wrap decode""",
}.items()}
_COREUTILS = "mkdir cp mv ln chmod chown install head tail sort uniq cut sed grep date du df stat tee touch mktemp timeout tar sha256sum md5sum base64 ls cat wc".split()
# fmt: on


def unknown_option(case: Case, said: Said) -> Iterator[Fix]:
    """The option is corrected where the tool is called with it, once; by the tool's own suggestion if it has one."""
    wrong = said["option"].lstrip("-").partition("=")[0]
    own = case.locate(said["tool"]) if said.get("tool").endswith((".py", ".sh")) else None
    if own:
        yield from _own_option(case, own, wrong)
        return
    tools = [said["tool"].rpartition("/")[2]] if said.get("tool") else []
    if tools and tools[0] in _COREUTILS:
        known = {tools[0]: OPTIONS["coreutils"]}
    elif tools:
        name = {"pip3": "pip", "apt": "apt-get", "tofu": "terraform", "docker-compose": "docker"}.get(tools[0], tools[0])
        known = {tools[0]: OPTIONS.get(name, frozenset())}
    else:
        known = {tool: options for tool, options in OPTIONS.items() if tool != "coreutils"} | {"tofu": OPTIONS["terraform"], "pip3": OPTIONS["pip"]}
    for path in case.candidates[:_FILES]:
        text = case.text(path)
        for match in re.finditer(rf"(?<=[\s\"'(\[])(?P<dash>--?){re.escape(wrong)}(?=[\s=\"'\\),\]]|$)", text, re.MULTILINE):
            tool = _tool(text, match.start(), known)
            near = said.get("suggested").lstrip("-") or (one_defined(wrong, known[tool]) if tool and wrong not in known[tool] else None)
            if tool and near:
                at = match.end("dash")
                yield Fix(path, text[:at] + near + text[at + len(wrong) :], f"Corrected the option {match['dash']}{wrong} to {match['dash']}{near}",
                          f"{tool} has no option {wrong}; {near} is the one with nearly that name.")  # fmt: skip


def _own_option(case: Case, program: str, wrong: str) -> Iterator[Fix]:
    """An option of one of the repository's own programs, by those that it declares."""
    declared = set(re.findall(r"[\"'(|]\s*--([a-z][\w-]*)(?=[\"')|=\s])", case.text(program)))
    near = one_defined(wrong, declared) if wrong not in declared else None
    callers = [path for path in case.candidates[:_FILES] if path != program]
    found = list(places(case, callers, wrong, r"(?<![\w-])--", r"(?=[\s=\"'\\]|$)"))
    yield from replaced(case, found if near and len(found) == 1 else [], near or "", f"Corrected the option --{wrong} to --{near}",
                        f"{program} has no option --{wrong}; --{near} is the one with nearly that name.")  # fmt: skip


def _tool(text: str, at: int, known: dict[str, frozenset[str]]) -> str | None:
    """The last of the tools that is called before a place in the same command, its continued lines included."""
    start = text.rfind("\n", 0, at) + 1
    while start > 1 and text[start - 2] == "\\":
        start = text.rfind("\n", 0, start - 1) + 1
    command = re.split(r"[;|&]{1,2}|\$\(", text[start:at])[-1]
    if command.lstrip().startswith("#"):
        return None
    called = [(match.start(), match[0]) for match in re.finditer(r"(?<![\w./-])(?:[\w-]+)(?=[\s\"',\]])", command) if match[0] in known]
    return min(called)[1] if called else None


_OPTION = r"[‘'\"`]?(?P<option>--?[A-Za-z][\w.-]*)(?:=[^\s'’]*)?[’'\"`]?"  # noqa: RUF001 - tools quote with typographic marks

RULES: tuple[Rule, ...] = (
    Rule("unknown-option", ("unknown flag", "unrecognized", "unknown option", "flag provided but not defined", "no such option", "is unknown", "is not understood",
                            "unknown argument"),
         (r"unknown flag: " + _OPTION,
          r"(?P<tool>[\w-]+): unrecognized option " + _OPTION,
          r"(?:(?P<tool>[\w.-]+): )?error: unrecognized arguments: " + _OPTION,
          r"(?P<tool>curl): option " + _OPTION + r": is unknown",
          r"(?P<tool>rsync): " + _OPTION + r": unknown option",
          r"flag provided but not defined: " + _OPTION,
          r"(?i)no such option: " + _OPTION + r"(?:.*did you mean " + r"(?P<suggested>--[\w-]+))?",
          r"(?i)command line option " + _OPTION + r" (?:\[from [^\]]*\] )?is not understood",
          r"(?P<tool>jq): (?:error: )?Unknown (?:option|arguments?): " + _OPTION,
          r"(?i)unknown option:? [`'\"]?(?P<option>--[A-Za-z][\w-]*)",
          r"(?i)error: unknown option [`'](?P<option>[a-z][\w-]+)'"), unknown_option),
)  # fmt: skip
