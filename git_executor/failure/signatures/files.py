# ruff: noqa: RUF001 - tools print typographic quotes
"""A file or directory that is not there, whoever reports it."""

from __future__ import annotations

from ...domain import Classification
from .base import Known

_MISSING = Classification.MISSING_FILE

TABLE = (
    Known(
        "no-such-file",
        _MISSING,
        8.4,
        ("no such file", "enoent", "cannot find the file", "cannot find the path"),
        r"no such file(?: or directory)?|\bENOENT\b|cannot find the (?:file|path) specified",
        (
            "cat: /etc/nope: No such file or directory",
            "Error: open values.yaml: no such file or directory",
            "Error: ENOENT: no such file or directory, open '/x'",
            "bash: ./nope.sh: No such file or directory",
        ),
        ("file: no such user", "Failed to connect to bus: Host is down"),
    ),
    Known(
        "script-path-missing",
        _MISSING,
        8,
        (": not found",),
        r"(?:\b(?:ba|da|z|a|k)?sh|\.sh|line \d+"
        r"|: \d+): (?:line )?(?:\d+: )?(?!\S*/s?bin/)[^\s:]*/[^\s:]+: not found$",
        ("./deploy.sh: 12: ./scripts/seed.sh: not found", "sh: 1: scripts/x.sh: not found"),
        ("dash: 1: jq: not found", "/bin/sh: 1: /usr/local/bin/talosctl: not found"),
    ),
    Known(
        "path-does-not-exist",
        _MISSING,
        7.9,
        (
            "exist",
            "not found",
            "missing",
            "could not find",
            "could not be found",
            "cannot find",
            "couldn't find",
            "can't find",
            "unable to find",
        ),
        r"\b(?:the )?path \S+ (?:does not exist|not found)|no file exists at|file does not exist\b(?!\s*:)"
        r"|\b(?:file|directory|folder|playbook|manifest file|script|kubeconfig|talosconfig|inventory"
        r"|dockerfile|template file|key ?file|variables file)"
        r"\b(?:[^.;:(){}]{0,40}?|:? \S{1,80} )\b(?:does not exist|doesn't exist|(?:was |is )?not found"
        r"|could not be found|cannot be found|is missing)\b"
        r"|(?:(?<!\S)[\"'‘]?(?:\.{0,2}|~)/[^\s:]{1,200}|(?<!\S)[\"'‘]?[^\s:]{1,200}\.(?:ya?ml|json|toml"
        r"|conf|cfg|env|sh|py|tf|tfvars|ini|j2|iso|img|qcow2|pem|key|crt|txt))[\"'’]?"
        r":? (?:does not exist|doesn't exist|not found|is missing|could not be found)\b"
        r"|\b(?:file|directory|folder)(?: not found|s? missing)\b"
        r"|mount point does not exist|\bconfig(?:uration)? not found\b|\b(?:missing|could not find"
        r"|cannot find|couldn't find|can't find|unable to find)(?: [\w-]+){0,3}? "
        r"(?:file|directory|folder|config(?:uration)? file|manifest|script)s?\b",
        (
            'error: the path "nope.yaml" does not exist',
            'no file exists at "missing.txt"',
            "[ERROR] playbook site.yml could not be found",
            "ERROR: kubeconfig not found at /root/.kube/config",
            "Missing required file: secrets.yaml",
            "config/nodes.yaml does not exist",
            "Error: file not found: cluster.yaml",
        ),
        (
            "VM 100 does not exist",
            "storage 'tank' does not exist",
            "pattern file.yaml exists",
            "Error: repo bitnami not found",
        ),
    ),
    Known(
        "tool-misses-its-file",
        _MISSING,
        8,
        (
            "could not find or access",
            "cannot find or open",
            "unable to find one of",
            "chart.yaml file is missing",
            "no rule to make target",
            "couldn't open file",
            "cargo.toml",
            "configuration file provided",
            "build context",
            "failed to compute cache key",
            "unable to retrieve file contents",
            "the role",
            "cannot find module",
            "failed to open/read local data",
            "unable to open file",
            "no such script",
            "no configuration files",
            "can't open file",
            "templatenotfound",
        ),
        r"could not find or access '|\bcannot find or open [^,]+\.\w|unable to find one of 'kustomization|Chart\.yaml file is missing"
        r"|No configuration files"
        r"|No rule to make target '[^']*[./][^']*'|No rule to make target '[^']+', needed by"
        r"|\(37\) Couldn't open file"
        r"|could not find `Cargo\.toml`|no configuration file provided|not found in build context"
        r"|forbidden path outside the build context"
        r"|failed to compute cache key: .*not found|unable to retrieve file contents"
        r"|the role '[^']+' was not found"
        r"|Cannot find module '(?:/|\.)|Failed to open/read local data|can't open file '|TemplateNotFound\b",
        (
            "Could not find or access 'nope.conf'",
            "unzip:  cannot find or open image.zip, image.zip.zip or image.zip.ZIP.",
            "make: *** No rule to make target 'missing.c', needed by 'all'.  Stop.",
            "curl: (37) Couldn't open file /nope",
            "no configuration file provided: not found",
            "Error: Cannot find module '/app/x.js'",
            "python3: can't open file '/x/nope.py': [Errno 2] No such file or directory",
        ),
        ("make: *** No rule to make target 'deploy'.  Stop.", "Error: Cannot find module 'express'"),
    ),
    Known(
        "path-is-missing",
        _MISSING,
        7.8,
        (
            "does not exist",
            "doesn't exist",
            "not exist",
            "nosuchfile",
            "filenotfound",
            "directorynotfound",
            "no ",
            "find",
            "missing",
            "locate",
            "not found",
            "existent",
            "not a file",
        ),
        r"\b(?:path|file|directory)\b.{0,80}\bdoes(?: not|n't) exist\b|\bbecause it does not exist\b"
        r"|\b(?:NoSuchFile|FileNotFound|DirectoryNotFound|NotADirectory)(?:Exception|Error)\b"
        r"|\bno (?!such |pro)(?:[\w.-]+ ){0,3}?(?:[\w.-]*(?:(?<!pro)file|\.\w{2,5})) (?:was |could be )?found\b"
        r"|\b(?:could not find|cannot find|couldn't find|can't find|unable to find|failed to find|could not locate|cannot locate|unable to locate|missing)\b"
        r"(?: [\w-]+){0,4}:? [\"'`‘]?(?:~|\.{1,2})?/(?!\S*/s?bin/|(?:usr/)?s?bin/)[\w.@+/-]+"
        r"|\bnot found:? (?:at |in )?[\"'`‘]?(?:~|\.{1,2})?/[\w.@+/-]+\.\w+|\bnon-?existent file\b|\.[\w.-]+ is not a file\b|\bno such script\b"
        r"|(?<!\S)[\"'`‘]?[\w./~-]+\.(?:tpl|tmpl|j2|tar|tgz|gz|xz|zst|zip|iso|img|db|sql|csv|xml|lock|deb|rpm|jar|hcl|nix)[\"'`’]? (?:is missing|not found|was not found)"
        r"|\b(?:find|locate) (?:an? |the |any )?[\"'`‘]?(?:[\w~.-]*/)?[\w-]*\.(?:ya?ml|json|toml|tf|cfg|conf|ini|env|sh|py|xml|lock|txt|pem|key|crt)\b",
        (
            'invalid mount config for type "bind": bind source path does not exist: /srv/data',
            "java.nio.file.NoSuchFileException: /etc/app/app.yml",
            "Cannot find path 'C:\\lab\\x.yml' because it does not exist.",
            "error: No justfile found",
            "could not find a pyproject.toml file in /srv or its parents",
        ),
        ("no files were changed", "VM 100 does not exist", "no profile found"),
    ),
    Known(
        "file-not-opened",
        _MISSING,
        5.5,
        ("open", "read", "load", "access", "unsupported file", "can't cd to", "can't locate"),
        # no reason is given: most often the file is not there
        r"\b(?:can't|cannot|could not|couldn't|unable to|failed to|error) (?:open|read|load|access)(?:ing)?\b [^:]{0,40}?(?:file: )?"
        r"[\"'`‘]?(?:[\w~.-]*/)*[\w-]+\.[a-z]\w{0,7}[\"'`’]?\.?$|\bopen (?:input |config |source )?file: [\w./-]+$|\bUnsupported file \./\S+|\bcan\'t cd to \S|Can\'t locate \.?/\S+ at|error encountered when reading a file|couldn\'t open import ",
        (
            "sh: 0: Can't open deploy.sh",
            "dash: 1: cd: can't cd to nope",
            "Error: Unable to access jarfile x.jar",
            "Error opening Private Key ca.key",
            "Failed to read vars file vars.pkrvars.hcl",
        ),
        (
            "could not open a connection to 10.0.0.5",
            "failed to load module nf_tables: Operation not permitted",
            "Can't locate Yaml.pm in @INC",
        ),
    ),
)
