# ruff: noqa: RUF001 - tools print typographic quotes
"""A program that is not there, also where the words are "No such file or directory"."""

from __future__ import annotations

from ...domain import Classification
from .base import Known

_FOUND = Classification.COMMAND_NOT_FOUND

# Programs that homelabs call. Of these a bare "x not found" is enough; anything else might be a release or a pod.
PROGRAMS = (
    "7z|age|age-keygen|ansible|ansible-playbook|apk|apt-get|argocd|autoconf|aws|az|bash|borg|brew|buildah|bw|caddy|cargo|cc|ceph|certbot|cfssl"
    "|cilium|cl\\.exe|cloud-init|clusterctl|cmake|cosign|crane|crictl|ctr|cue|curl|dig|direnv|docker|docker-compose|dotnet|etcdctl|ffmpeg|flux"
    "|g\\+\\+|gcc|gcloud|genisoimage|gh|git|git-lfs|gnupg|go|gpg|grep|gum|helm|helmfile|htpasswd|ip|ipmitool|iptables|iscsiadm|istioctl|java|jq"
    "|jsonnet|just|k0s|k0sctl|k3d|k3s|k9s|kind|kopia|kubeadm|kubeconform|kubectl|kubelet|kubelogin|kubeseal|kustomize|ld|lego|lvcreate|make|mc"
    "|minikube|mise|mkisofs|mount\\.nfs|nc|ncat|netcat|nft|ninja|nix|node|npm|npx|nslookup|nvm|omnictl|op|openssl|opa|packer|pass|pct|perl"
    "|pigz|pip3?|pnpm|podman|poetry|pre-commit|protoc|psql|pulumi|pvesh|python3?|qemu-img|qm|rclone|redis-cli|restic|rsync|ruff|ruby"
    "|runc|rustc|rustup|sed|sgdisk|shellcheck|shfmt|skopeo|socat|sops|sqlite3|ssh|sshpass|stern|sudo|systemctl|talhelper|talosctl|tailscale"
    "|tar|task|terraform|terragrunt|tofu|trivy|unzip|uv|vagrant|vault|velero|virsh|virt-customize|wg|wget|xorriso|xz|yamllint|yarn|yq|zfs|zip|zpool|zstd"
)
# Their "No such file" is about the file, also where that is a program.
_FILE_TOOLS = (
    "cat|ls|cp|mv|rm|chmod|chown|stat|ln|install|touch|grep|sed|awk|head|tail|tar|find|diff|test|file|readlink|realpath|du|wc|sort|strip"
    "|ldd|objdump|nm|md5sum|sha\\d+sum|scp|rsync|dd|gzip|mount"
)

TABLE = (
    Known(
        "shell-command-not-found",
        _FOUND,
        9,
        ("command not found", "fish: unknown command", ": not found"),
        r"(?<!which )\bcommand not found\b|fish: Unknown command:? \S"
        r"|(?:\b(?:ba|da|z|a|k)?sh|\.sh|\bline \d+|: \d+): (?:line )?(?:\d+: )?(?:[^\s:/]+"
        r"|(?:/\S*)?/s?bin/[^\s:/]+): not found$",
        (
            "bash: line 3: talosctl: command not found",
            "zsh: command not found: helm",
            "dash: 1: jq: not found",
            "./deploy.sh: 12: kubectl: not found",
            "/bin/sh: flux: not found",
            "sudo: qm: command not found",
            "/bin/sh: 1: /usr/local/bin/talosctl: not found",
        ),
        (
            "error: release: not found",
            "./deploy.sh: 12: ./scripts/seed.sh: not found",
            'Error from server (NotFound): pods "x" not found',
        ),
    ),
    Known(
        "not-in-path",
        _FOUND,
        9,
        ("path", "which: no", "executable"),
        r"executable file not found in|not (?:found|available) (?:in|on) (?:your |the )?[$%]?PATH\b"
        r"|\bexec: executable \S+ not found|which: no \S+ in \(|(?:in|on) your PATH\?",
        (
            'exec: "kustomize": executable file not found in $PATH',
            "helm: not found in PATH",
            "which: no flux in (/usr/bin:/bin)",
            "Cannot find command 'git' - do you have 'git' installed and in your PATH?",
        ),
        ("adding /usr/local/bin to your PATH", 'error: the path "x.yaml" does not exist'),
    ),
    Known(
        "runner-cannot-start",
        _FOUND,
        9,
        ("no such file or directory",),
        r"(?:^|(?<=\s))(?:[\w./-]*/)?(?:env|nohup|timeout|xargs|nice|ionice|setsid|stdbuf|chroot|time|strace|flock|watch"
        r"|exec|sudo|make(?:\[\d+\])?"
        r"|start-stop-daemon|unshare|nsenter|su-exec|gosu|tini|parallel): "
        r"(?:(?:failed to |cannot |unable to )?(?:run|execute|exec)(?: command)? )?"
        r"[‘'\"«„“]?(?!\S*(?:makefile|\.(?:mk|sh|py|ya?ml|env|cfg|conf|txt|json))\b)(?:[^\s/:'’\"*]+"
        r"|(?:/\S*)?/s?bin/[^\s:/'’\"]+)[’'\"»“”]?: No such file or directory",
        (
            "env: ‘python3’: No such file or directory",
            "make: terraform: No such file or directory",
            "make[1]: shellcheck: No such file or directory",
            "timeout: failed to run command ‘flux’: No such file or directory",
            "xargs: kubeconform: No such file or directory",
            "/usr/bin/env: 'bash\\r': No such file or directory",
        ),
        (
            "env: ‘./run.sh’: No such file or directory",
            "make: *** nodir: No such file or directory.  Stop.",
            "make: ./scripts/x.sh: No such file or directory",
        ),
    ),
    Known(
        "spawn-failed",
        _FOUND,
        9,
        (
            "enoent",
            "[errno 2]",
            "exec failed",
            "cannot run",
            "failed to exec",
            "cannot spawn",
            "unable to spawn",
            "exec of",
            "can't exec",
            "start process",
            "error=2",
        ),
        r"\bexec of (?:[^\s/]+|/\S*s?bin/\S+) .{0,600}failed: No such file|\bcan't exec \"(?:[^\"/ ]+|/\S*s?bin/[^\" ]+)\"?.{0,80}: No such file"
        r"|trying to start process '[^']+'.{0,200}No such file|Cannot run program \"[^\"]+\".{0,200}error=2\b"
        r"|\bspawn(?:Sync)? (?:[^\s/]+|(?:/\S*)?/s?bin/\S+) ENOENT|\bENOENT syscall spawn (?:[^\s/]+(?: |$)|(?:/\S*)?/s?bin/)|No such file or directory: b'(?:[^'/]+"
        r"|(?:/[^']*)?/s?bin/[^'/]+)'"
        r"|(?:FileNotFoundError:|\[Errno 2\]) .*'(?:[^'/]+|(?:/[^']*)?/s?bin/[^'/]+)' \[spawn\]$"
        r"|FileNotFoundError: .*: '[a-z][\w+-]*'$|FileNotFoundError: [^']*directory \[spawn\]$"
        r"|exec failed: No such file or directory: (?:(?:/\S*)?/s?bin/)?[^\s/]+$"
        r"|(?:cannot (?:run|spawn)|failed to exec(?:ute)?|unable to spawn) [\"'‘]?(?:[^\s/:\"'’]+"
        r"|(?:/\S*)?/s?bin/[^\s:/\"'’]+)[\"'’]?"
        r": No such file",
        (
            "open3: exec of mkfs.ext4 -O mmp /var/lib/vz/vm.raw failed: No such file or directory at /usr/share/perl5/PVE/Tools.pm",
            'Can\'t exec "qm": No such file or directory at x.pl line 3.',
            "An error occurred trying to start process 'pwsh' with working directory '/srv'. No such file or directory",
            'java.io.IOException: Cannot run program "mvn": error=2, No such file or directory',
            "Error: spawn helm ENOENT",
            "npm: ENOENT syscall spawn git path git",
            "[Errno 2] No such file or directory: b'talosctl'",
            "FileNotFoundError: [Errno 2] No such file or directory: 'talosctl' [spawn]",
            "rsync: [sender] Failed to exec ssh: No such file or directory (2)",
            "error: cannot run ssh: No such file or directory",
        ),
        (
            "FileNotFoundError: [Errno 2] No such file or directory: 'config.yaml'",
            "FileNotFoundError: [Errno 2] No such file or directory: './run.sh' [spawn]",
            "Error: ENOENT: no such file or directory, open 'x'",
        ),
    ),
    Known(
        "interpreter-missing",
        _FOUND,
        9,
        ("bad interpreter",),
        r"bad interpreter: No such file",
        ("bash: ./x.sh: /usr/bin/pyton3: bad interpreter: No such file or directory",),
        ("./x.sh: bad interpreter: Permission denied",),
    ),
    Known(
        "program-path-missing",
        _FOUND,
        8.5,
        ("no such file or directory",),
        r"(?:\b(?:ba|da|z|a|k)?sh|line \d+"
        r"|\.sh: \d+): (?:/[^\s:]*)?/s?bin/[^\s:/]+: No such file or directory"
        r"|\b(?:fork/exec|exec|spawning|execute(?: command)?|executing|start"
        r"|locate executable) [\"'‘]?(?:/\S*)?/s?bin/[^\s:/\"'’]+[\"'’]?:"
        r" (?:stat \S+ )?No such file"
        r"|exec: \"(?:/\S*)?/s?bin/[^\s:/\"]+\": stat \S+: no such file",
        (
            "bash: /usr/local/bin/talosctl: No such file or directory",
            "fork/exec /usr/local/bin/sops: no such file or directory",
            "Failed at step EXEC spawning /usr/local/bin/k3s: No such file or directory",
            'exec: "/usr/bin/foo": stat /usr/bin/foo: no such file or directory',
        ),
        (
            "bash: ./bin.sh: No such file or directory",
            "fork/exec ./scripts/run.sh: no such file or directory",
            "cat: /usr/local/bin/k3s: No such file or directory",
        ),
    ),
    Known(
        "program-not-installed",
        _FOUND,
        7,
        (
            "not installed",
            "missing",
            "not found",
            "required",
            "not recognized",
            "please install",
            "unable to find",
            "cannot find",
            "could not find",
            "couldn't find",
            "not a git command",
            "not a docker command",
            "command not",
            "install it",
            "must install",
            "unable to locate",
            "could not locate",
            "cannot locate",
        ),
        r"(?<!plugins )(?<!plugin )(?<!module )(?<!modules )(?<!plugins are )(?<!plugin is )(?<!module is "
        r")(?<!modules are )(?<!package is )\b(?:(?:is|are) )?(?:currently )?not installed\b"
        r"|is not recognized as (?:an internal|(?:the|a) name of)|is not a (?:git|docker) command"
        r"|\b(?:command|tool|binary|executable|program|CLI|utility|dependency|prerequisite)s?\b[^/]{0,40}"
        r"\b(?:not found|not available|is missing|are missing|not installed|could not be found)\b"
        r"|\b(?:missing|cannot find|could not find|couldn't find|unable to find)(?: the)?(?: required)? "
        r"(?:command|tool|binary|executable|program|CLI|dependenc(?:y|ies)|prerequisite)s?\b(?! file)"
        r"|\brequired but (?:it's |it is )?(?:not (?:installed|found)|missing)|install it first"
        r"|\bplease install [\w.+-]+|\bmust install (?:the )?[\w.+-]+|\b(?:find"
        r"|locate) [\"'`‘]?[\w.+-]+[\"'`’]? (?:executable|binary|command|program)\b",
        (
            "ERROR: sshpass is not installed",
            "required command 'yq' not found",
            "Missing required tool: talosctl",
            "'flux' is not recognized as an internal or external command,",
            "jq is required but not installed",
            "docker: 'compose' is not a docker command.",
            "error: could not find executable kubeseal",
        ),
        ("file not found: tool.yaml", "Required plugins are not installed", "missing required argument"),
    ),
    Known(
        "exec-step-failed",
        _FOUND,
        6,
        ("203/exec",),
        r"status=203/EXEC",
        ("k3s.service: Main process exited, code=exited, status=203/EXEC",),
        ("k3s.service: Main process exited, code=exited, status=1/FAILURE",),
    ),
    Known(
        "program-cannot-be-started",
        _FOUND,
        8.9,
        ("no such file", "os error 2", "error=2", "enoent", "cannot find the file", "not found"),
        # whoever starts it: a verb of starting, a bare name or one in a bin directory, then the system's answer
        r"(?<![\w./-])(?:exec(?:v[ep]*|ut(?:e|ing))?|run(?:ning)?|spawn(?:ing)?|start(?:ing)?|launch(?:ing)?|invok(?:e|ing)"
        r"|fork/exec)\b(?: the| a)?(?: (?:child|external|command|process|program|binary|executable|shell|plugin))*"
        r"(?:[:,]? |[(\[])(?:[\"'`‘“«](?:[^\s/\"'`‘’“”«»]+|(?:/\S*)?/s?bin/[^\s\"'`’”»]+)(?: [^\"'`’”»]*)?[\"'`’”»]"
        r"|(?:/[^\s:]*)?/s?bin/[^\s:]+|(?![\w-]+\.(?:ya?ml|json|toml|sh|py|env|conf|cfg|txt)\b)[\w+.-]+)"
        r"[)\]]?(?: \([^)]{0,120}\)| process| failed| \S+ failed)*[:,]? ?(?:error=2, |\[?Errno 2\]?:? |stat \S+ |exec(?:vp?e?)?: )*"
        r"(?:no such file|cannot find the file|os error 2\b|ENOENT)"
        r"|\b(?:couldn't|could not|cannot|can't|failed to|unable to) (?:exec|spawn|run|start)\w*(?: process| command| program)?"
        r"[:.]? (?:no such file|[^:/]{0,30}not found)"
        r"|no such file or directory - (?:failed to exec(?:ute)? )?[\"'`‘]?[\w+.-]+[\"'`’]?$"
        r"|^find: [\"'`‘][^\s/\"'`’]+[\"'`’]: no such file|\bis not executable: no such file|exec user process caused[^/]*no such file"
        rf"|^(?!(?:{_FILE_TOOLS}): )[\w.-]+: (?:/usr)?(?:/local)?/s?bin/[\w.+-]+: no such file"
        r"|\b(?:command|linker|compiler|shell|tool) [\"'`‘][^\s/\"'`’]+[\"'`’] (?:failed: no such file|not found)",
        (
            "Error: Failed to spawn: `mkdocs`: No such file or directory (os error 2)",
            "error: could not execute process `sccache rustc -vV` (never executed): No such file or directory",
            'java.io.IOException: Cannot run program "docker": error=2, No such file or directory',
            "xargs: can't execute 'shfmt': No such file or directory",
            "su: failed to execute /bin/zsh: No such file or directory",
            'tool "talosctl" couldn\'t exec process: No such file or directory',
            "error: command 'gcc' failed: No such file or directory",
            'lxc_attach_run_command: 1492 No such file or directory - Failed to exec "kubectl"',
            "error: linker `cc` not found",
        ),
        (
            "error running stage: open values.yaml: no such file or directory",
            "fork/exec ./scripts/run.sh: no such file or directory",
            "failed to start: open config.yaml: no such file or directory",
            "cannot run 'scripts/seed.sh': No such file or directory",
            "running task 'base': ok",
        ),
    ),
    Known(
        "no-program-of-that-name",
        _FOUND,
        8.6,
        (
            "command",
            "tool",
            "binary",
            "binaries",
            "executable",
            "program",
            "interpreter",
            "shell",
            "compiler",
            "utility",
            "utilities",
            "path",
            "installed",
            "needs",
            "requires",
            ": not found",
            "notfound",
            "required file",
            "installation",
        ),
        # a noun for a program, and that it was not found, on either side of it
        r"\b(?:could not|couldn't|cannot|can't|unable to|failed to|did not|not) (?:find|locate|detect|determine)\b"
        r"(?: (?:an?|any|the|one|required|usable|suitable|supported|acceptable|working|valid)\b)*"
        r"(?: ?[\"'`‘“«]?[\w.+/-]+[\"'`’”»]?){0,3}? [\"'`‘]?(?:command|tool|binary|executable|build program|interpreter"
        r"|shell|compiler|utility|installation)\b(?! (?:media|disk|id))"
        r"|\bno (?:acceptable|suitable|usable|working) [\w .+-]{1,40}\bfound\b"
        r"|\b(?:not|no|unable|cannot|can't|could not|couldn't|missing|fail\w*|ensure|unknown|is)\b.{0,80}"
        r"(?: |/)(?:in|on) (?:your |the |system |current |its )*(?:[$%]?(?-i:PATH)\b|path(?:[.,;)\"']|$))"
        r"|\b(?:not (?:found|available|present)|missing) (?:in|on|from) (?:the )?(?:system|search|executable) path\b"
        r"|\bthe (?:command|program|tool|executable|binary)\b.{0,60}\b(?:could not|cannot|can't) be (?:found|located|run)\b"
        r"|\b(?:commands?|tools?|binar(?:y|ies)|executables?|programs?|utilit(?:y|ies))(?: is| are)? (?:missing|not found"
        r"|not available|not present)\b|\b(?:commands?|tools?|binar(?:y|ies)|executables?|programs?)\b [\"'`‘][^\s\"'`’]+[\"'`’] (?:is )?missing\b"
        r"|\b(?:needs?|requires?|depends on) [\"'`‘]?[\w.+-]+[\"'`’]?(?:,| but| which| and)? .{0,20}(?:not (?:found|installed|available)|missing)"
        r"|\bnot (?:seem|appear) to be installed\b|\b(?:need|must|should)\b[^.]{0,30}\b[\"'`‘]?[\w.+-]+[\"'`’]? (?:to be )?installed\b"
        r"|\bis (?!the )(?!.{0,30}\b(?:crd|chart|module|plugin|package|operator|provider)s?\b)[\w .+-]{1,30} installed\?"
        r"|\b(?:type|hash|exec|command): [^\s/:]+: not found\b|cannot execute: required file not found"
        r"|\b(?-i:\w*(?:Command|Executable|Program|Binary|Tool)NotFound\w*)|Bad git executable",
        (
            "Could not find `protoc` installation and this build crate cannot proceed",
            "The command 'terragrunt' could not be found",
            "Error: Unable to locate executable file: helm. Please verify the path",
            "[ERROR FileExisting-conntrack]: conntrack not found in system path",
            "JAVA_HOME is not set and no 'java' command could be found in your PATH.",
            "configure: error: no acceptable C compiler found in $PATH",
            "Required tools missing: kubeseal, age",
            "bash: ./gen.py: cannot execute: required file not found",
            "this script needs 'jq', which was not found",
            "gnupg2 and gnupg1 do not seem to be installed, but one of them is required",
            "unable to find sops in path",
            "./bootstrap.sh: line 41: type: talosctl: not found",
            "npm ERR! could not determine executable to run",
            "git.exc.GitCommandNotFound: Cmd('git') not found",
        ),
        (
            "no such file in path /srv/homelab",
            "added /usr/local/bin to your PATH",
            "error: could not find the requested resource",
            "Required tools: kubeseal, age",
            "no rule to make target",
            "a tool for missing people",
        ),
    ),
    Known(
        "known-program-missing",
        _FOUND,
        8.2,
        (
            "not found",
            "not installed",
            "missing",
            "not available",
            "not present",
            "required",
            "need",
            "find",
            "locate",
            "no ",
        ),
        rf"(?:^|[:;,(!] ?|[^\w\s'\"/.=-] )[\"'`‘]?(?:{PROGRAMS})[\"'`’]?(?: \w+){{0,2}}:? (?:is |was |are )?"
        r"(?:required but|not (?:found|installed|available|present)|missing|needed by|could not be found)\b",
        (
            "❌ kubectl not found",
            "jq: not found",
            "Couldn't determine iptables version: iptables not found",
            "ERROR: sops is required but was not found",
        ),
        (
            "namespace flux not found",
            "Error: release helm not found",
            'secrets "git" not found',
            "image ghcr.io/lab/node not found",
            'task: Task "lint" does not exist',
            "git: repository not found",
        ),
    ),
    Known(
        "known-program-not-found",
        _FOUND,
        8.2,
        ("find", "locate", "missing", "needs to be"),
        r"\b(?:(?:cannot|can't|could not|couldn't|unable to|failed to|did not) (?:find|locate|detect) (?:the )?"
        r"|missing (?:binar(?:y|ies)|tools?|commands?|programs?|executables?|dependenc(?:y|ies)):? )"
        rf"[\"'`‘]?(?:{PROGRAMS})[\"'`’]?(?:[.,!](?!\w)|$| (?:on|in) (?:this|the|your) (?:machine|host|system|path)| executable)",
        (
            "could not locate talosctl on this machine",
            "missing binaries: kubectl, helm",
            "collect2: fatal error: cannot find 'ld'",
        ),
        ("could not find `Cargo.toml` in /srv", "cannot find git repository", "missing tool configuration: helm.yaml"),
    ),
)
