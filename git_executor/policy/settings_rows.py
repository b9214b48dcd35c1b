"""The table of keys with values, and of lines, that silence, expose or destroy."""

from __future__ import annotations

import re

from git_executor.lazy import lazy

TRUE = r"(?:true|yes|on|1|y|\{\{\s*true\s*\}\})"
FALSE = r"(?:false|no|off|0|n|never|none)"
_DEAD = r"(?:\$?false\s*|no|off|never|1\s*==\s*0|\$\{\{\s*false\s*\}\}|'false'|false\s*(?:&&|and).*)"


def _row(rule: str, message: str, keys: str, values: str) -> tuple[str, str, re.Pattern[str], re.Pattern[str]]:
    return rule, message, lazy(rf"(?:{keys})$"), lazy(rf"(?:{values})$", re.I)


# Keys are compared in lower case without '-' and '_'.
TABLE = (
    _row(
        "failure-silenced",
        "the failure is ignored",
        r"ignoreerrors|onfailure|ignoreunreachable|continueonerror|allowfailure|softfail|ignorefailure|exitzero",
        TRUE,
    ),
    _row(
        "failure-silenced",
        "the step can no longer fail",
        r"failedwhen|failfast|anyerrorsfatal|raiseonerror",
        FALSE + r"|\[\s*\]",
    ),
    _row("failure-silenced", "the step is never run", r"when|if|onlyif|condition|runif", _DEAD),
    _row(
        "failure-silenced",
        "the workload no longer runs",
        r"replicas|replicacount|desiredcount|instancecount|minavailable|count",
        "0+(?:[xob]0+)?",
    ),
    _row("failure-silenced", "the workload is stopped", r"suspend|suspended|paused", TRUE),
    _row(
        "failure-silenced",
        "a check is switched off",
        r"validate|validation|verify|validatecerts|verifyssl|sslverify|tlsverify|verifytls|verifycerts|"
        r"hostkeychecking|gpgcheck|repogpgcheck|"
        r"verifypeer|sslverifypeer|tlsrejectunauthorized|check|requiretls|forcetls|healthcheck|healthchecks",
        FALSE,
    ),
    _row(
        "failure-silenced",
        "a check is switched off",
        r"insecure|insecureskipverify|insecureskiptlsverify|tlsinsecure|pmtlsinsecure|skiptlsverify|"
        r"tlsskipverify|skipverify|skipvalidation|skiptests|"
        r"disablegpgcheck|allowunauthenticated|allowinsecure|disablewait|disableopenapivalidation|"
        r"disableschemavalidation|skipchecks|novalidate|noverify",
        TRUE,
    ),
    _row(
        "destructive-command",
        "disks or data are wiped",
        r"wipe|wipetable|wipedisk|wipedisks|zap|cleanstart|forcedestroy|skipfinalsnapshot|forcewipe|"
        r"formatdisk|recreate\w*",
        TRUE,
    ),
    _row(
        "destructive-command",
        "a guard against deletion is taken away",
        r"preventdestroy|deletionprotection|deletionprotectionenabled|disableapitermination",
        FALSE,
    ),
    _row("destructive-command", "the data goes when the claim goes", r"(?:persistentvolume)?reclaimpolicy", "delete"),
    _row(
        "opened-access",
        "gives the rights of root on the host",
        r"privileged|allowprivilegeescalation|hostnetwork|hostpid|hostipc|anonymousauth|permitemptypasswords|allowanonymous",
        TRUE,
    ),
    _row("opened-access", "runs as root", r"runasuser", "0+(?:[xob]0+)?"),
    _row(
        "opened-access",
        "allows root",
        r"runasnonroot|rbac|rbacenabled|authenabled|selinux|apparmor",
        FALSE + "|disabled|permissive|unconfined",
    ),
    _row(
        "opened-access", "lets root log in with a password", r"permitrootlogin|passwordauthentication|sshpwauth", TRUE
    ),
    _row(
        "opened-access",
        "lets everybody write",
        r"mode|filemode|defaultmode|dirmode|directorymode|permissions|perms|umode|createmode",
        r"0?o?0?[0-7]{2}[2367]|[2-7][0-7]{3}|0?o?[4-6][0-7]{3}|511|438|.*(?:[oa][ugoa]*|(?:^|,))[+=][rxX]*w.*|.*\+[rxX]*s.*",
    ),
    _row(
        "opened-access",
        "allows everything",
        r"verbs|resources|apigroups|actions|notactions|principals?|nonresourceurls",
        r"\*",
    ),
    _row(
        "opened-access",
        "all capabilities or those of root",
        r"add|capabilities|capadd",
        r"(?:cap_)?(?:all|sys_(?:admin|module|ptrace|rawio|boot|chroot|time)|net_admin|dac_\w+|setuid|setgid|setpcap|bpf|mac_\w+)",
    ),
    _row(
        "opened-access",
        "hands the host to a container",
        r"hostpath|source|volumes?|binds?",
        r"/|/:.*|/etc/?|/root/?|/var/run/docker\.sock.*|/run/containerd/containerd\.sock.*",
    ),
)
MORE = (
    _row("opened-access", "shares the host's own space", r"pid|ipc|networkmode|usernsmode|uts|cgroup", "host"),
    _row(
        "opened-access",
        "takes the confinement off",
        r"securityopt|type|seccompprofile|apparmorprofile|seccomp|apparmor|.*/(?:\w|container\.)*",
        r"(?:seccomp|apparmor|label|systempaths)?[=:]?(?:unconfined|disable)",
    ),
    _row("opened-access", "lets every container have the host", r".*enforce", "privileged"),
    _row("opened-access", "lets the program change itself", "readonlyrootfilesystem|nonewprivileges", FALSE),
    _row("opened-access", "unlocks the account's password", "lockpasswd", FALSE),
    _row(
        "opened-access",
        "gives somebody the rights of root",
        "groups|group|addgroups",
        r"(?:.*,\s*)?(?:sudo|wheel|root|docker|lxd|incus|disk)(?:\s*,.*)?",
    ),
    _row("opened-access", "rights to take every other right", "verbs", "escalate|bind|impersonate"),
    _row(
        "opened-access", "a way into nodes and containers", "resources", r"nodes/proxy|pods/(?:exec|attach)|\w+/token"
    ),
    _row(
        "opened-access", "lets every user read the administrator's key", "writekubeconfigmode", r"0?o?[0-7]?[0-7][4-7]"
    ),
    _row(
        "opened-access",
        "opens it to whoever comes",
        "name|group|user",
        r"system:(?:(?:un)?authenticated|anonymous|masters)",
    ),
    _row("opened-access", "secrets lie open", r"secretsencryption|encryptatrest|protectkerneldefaults", FALSE),
    _row("opened-access", "no traffic is held back", r"disablenetworkpolicy|allowall|publiclyaccessible", TRUE),
    _row("destructive-command", "tells an API to delete", "method|httpmethod|requestmethod", "delete"),
    _row("failure-silenced", "the failure is ignored", r"onfailure", "continue"),
    _row("failure-silenced", "no share of failures is too large", r"maxfailpercentage", "100"),
    _row("failure-silenced", "drift is never seen", r"ignorechanges", r"all|\[?all\]?"),
    _row("opened-access", "every right for the job", r"permissions", r"write-all"),
    _row("opened-access", "lets root log in", r"disableroot", FALSE),
    _row("destructive-command", "overwrites the disk", r"overwrite", TRUE),
)
# Keys whose mere presence does it.
KEYS = {
    "reboot": ("destructive-command", "restarts the machine"),
    "fssetup": ("destructive-command", "formats disks"),
    "disksetup": ("destructive-command", "partitions disks"),
    "powerstate": ("destructive-command", "stops the machine"),
    "chpasswd": ("opened-access", "sets passwords"),
    "sshimportid": ("opened-access", "adds keys that may log in"),
    "sshauthorizedkeys": ("opened-access", "adds keys that may log in"),
    "authorizedkey": ("opened-access", "adds keys that may log in"),
}
# Modules that may take away what they manage without harm to anything else.
HARMLESS_ABSENT = lazy(
    r"(?:file|lineinfile|blockinfile|apt_repository|deb822_repository|apt_key|yum_repository|known_hosts|"
    r"replace|copy|template|"
    r"sysctl|modprobe|alternatives|cron|hostname|ini_file)$"
)
BINDS = lazy(r"roleref")
PAIR = lazy(
    r"[\"']?([A-Za-z_][\w.\-]{1,60})[\"']?\s*(?:=>|"
    r"[:=])\s*[\"']?([^\s\"',}\]#;][^\"',}\]#;]{0,80}?)[\"']?\s*(?:[,}\]#;]|$)"
)
LINES = (
    ("opened-access", "lets everybody write", lazy(r"\s--chmod=0?[0-7]{2}[2367]\b")),
    (
        "opened-access",
        "asks nobody who they are",
        lazy(r"^\s*(?:auth_basic|auth_request|ssl_verify_client)\s+off\s*;|^\s*user\s+root\s*;|^\s*satisfy\s+any\s*;"),
    ),
    (
        "failure-silenced",
        "a check is switched off",
        lazy(
            r"^\s*\w*ssl_verify\s+off\s*;|NODE_TLS_REJECT_UNAUTHORIZED\W{1,8}0|rejectUnauthorized\W{1,5}false|InsecureSkipVerify\W{1,4}true"
        ),
    ),
    (
        "opened-access",
        "gives somebody the rights of root",
        lazy(
            r"^\s*(?!root\b|%sudo\b|%wheel\b|%admin\b|Defaults)[\w%+-]+\s+ALL\s*=\s*(?:\(\s*(?:ALL|root)\b[^)]*\)\s*)?(?:\w+:\s*)?ALL\s*$|^\s*Defaults\s+!(?:env_reset|authenticate|secure_path)"
        ),
    ),
    (
        "opened-access",
        "lets people in without a password",
        lazy(
            r"^\s*(?:auth|account)\s+(?:sufficient|requisite|\[success\S*)\s+pam_(?:permit|exec|rootok)\b|pam_unix\.so.*\bnullok\b|^\s*(?:host\w*|local)\s+.*\b(?:trust|password)\s*$|^\s*host\w*\s.*(?:0\.0\.0\.0/0|::/0)"
        ),
    ),
    (
        "opened-access",
        "hands the host to a container",
        lazy(
            r"^\s*lxc\.(?:cap\.drop\s*[:=]\s*$|mount\.entry\s*[:=]\s*/\s|cgroup2?\.devices\.allow\s*[:=]\s*a\b|apparmor\.profile\s*[:=]\s*unconfined)|^\s*mp\d+\s*:\s*/(?:etc|root)?,"
        ),
    ),
    (
        "opened-access",
        "opens or closes the firewall for everybody",
        lazy(
            r"^\s*(?:IN|GROUP)\s+(?:\w+\()?ACCEPT\)?(?!.*-(?:source|dport|iface|i)\b)(?!\w)|^\s*IN\s+(?:SSH\((?:DROP|REJECT)|DROP\b.*-dport (?:22|8006)\b)"
        ),
    ),
    (
        "opened-access",
        "allows what is broken",
        lazy(
            r"(?i)(?:ssl_protocols|minprotocol|minversion|tls_?min\w*|sslprotocol|ciphers|macs|kexalgorithms)\b[^\n#]{0,80}(?:SSLv[23]|TLSv?1(?:\.[01])?(?![.\d])|TLS1[01]\b|VersionTLS1[01]|3des|arcfour|rc4|\bNULL\b|hmac-md5)"
        ),
    ),
    (
        "opened-access",
        "reads keys from where others may write",
        lazy(
            r"^\s*AuthorizedKeys(?:File\s+(?:/(?!etc/ssh/)|\S*/tmp)|Command(?:User)?\s+(?!none|/usr/bin/(?:sss|userdb)))|^\s*AllowUsers\b.*\broot\b|^\s*root\s+\*\s+/\s*$|^\s*admin\s+(?:0\.0\.0\.0|:)"
        ),
    ),
    (
        "failure-silenced",
        "the interpreter does nothing",
        lazy(r"^#!\s*(?:/usr)?/bin/(?:env\s+)?(?:true|false|echo|cat|:|sleep)\b"),
    ),
    (
        "failure-silenced",
        "a test is left out or cannot fail",
        lazy(
            r"^\s*@(?:pytest\.mark\.(?:xfail|skip\w*)|unittest\.(?:skip\w*|expectedFailure))|\bpytest\.(?:skip|xfail|importorskip)\(|^\s*assert\s+(?:True|1)\b|^\s*assert\b.*\bor\s+(?:True|1)\s*$|\b(?:it|test|describe)\.(?:skip|todo)\(|\bxit\(|\bt\.Skip(?:Now)?\("
        ),
    ),
    (
        "failure-silenced",
        "tests or checks are left out",
        lazy(
            r"--collect-only|--deselect[= ]|\bpytest\b[^\n|;]*\s-k\s*[\"']?not\b|addopts\s*=.*--ignore[= ]|\bkubeconform\b[^\n]*\s-skip\b|shellcheck\b[^\n]*(?:-e|--exclude)[= ]?SC\d+-|--check\b(?=\s*$).*ansible|ansible-playbook\b[^\n]*\s--check\b"
        ),
    ),
    (
        "destructive-command",
        "sends or shows what is secret",
        lazy(
            r"\b(?:post|put|urlopen|Request|send(?:all|to)?|print)\(.{0,120}(?:\bos\.environ\b(?!\s*[\[.])|dict\(os\.environ|open\(\s*f?[\"']/(?:etc/shadow|root/|home/|run/secrets))|open\(\s*f?[\"']/etc/g?shadow"
        ),
    ),
    (
        "remote-code",
        "runs what it downloads, unseen",
        lazy(
            r"\b(?:pickle|marshal|dill)\.loads?\(.{0,80}(?:\.get\(|urlopen|recv|\.content|\.read\()|\b(?:exec|eval)\(.{0,60}(?:requests|urlopen|httpx)|^\s*(?:ansible\.builtin\.)?script:\s*[\"']?https?://"
        ),
    ),
    (
        "destructive-command",
        "a fork bomb",
        lazy(r"while\b.{0,20}:\s*os\.fork\(|while\s+(?:true|:)\s*;\s*do\b[^\n]{0,120}&\s*;?\s*done"),
    ),
    (
        "opened-access",
        "weakens the kernel",
        lazy(
            r"(?:^|[\s\"'])(?:kernel\.randomize_va_space|kernel\.kptr_restrict|kernel\.yama\.ptrace_scope|net\.ipv4\.tcp_syncookies)\s*[=:]\s*[\"']?0|(?:^|[\s\"',-])(?:mitigations=off|selinux=0|apparmor=0|nokaslr)\b"
        ),
    ),
    (
        "failure-silenced",
        "a check is switched off",
        lazy(
            r"\b(?:strict-ssl|http\.sslVerify)\s+false\b|global\.trusted-host|\b[A-Z_]*(?:INSECURE|SKIP_(?:\w+_)?VERIFY|SKIP_VALIDATION|NO_VERIFY)\w*=[\"']?(?:1|true|yes)\b|^\s*PATH=[\"']?/(?:tmp|dev/shm|var/tmp)"
        ),
    ),
    ("destructive-command", "kills every process", lazy(r"\b(?:os|process|Process)\.kill\(\s*-?1\s*,")),
    (
        "failure-silenced",
        "errors of all recipes are ignored",
        lazy(
            r"^\s*(?:export\s+)?(?:GNU)?MAKEFLAGS\s*[+:?]?=.*(?:\s|=)(?:-\w*[ik]|--ignore-errors|--keep-going)|^SHELL\s*[:?]?=\s*\S*/(?:true|echo)\b"
        ),
    ),
    (
        "opened-access",
        "lets everybody into the cluster",
        lazy(r"anonymous-auth[=:]\s*[\"']?true|authorization-mode[=:]\s*[\"']?AlwaysAllow"),
    ),
    (
        "opened-access",
        "lets everybody write",
        lazy(r"\b(?:chmod|chmodSync|Chmod)\s*\([^)\n]{0,200}0?o?[0-7]{2}[2367]\s*\)"),
    ),
    (
        "destructive-command",
        "deletes files from within a program",
        lazy(
            r"^(?!.*te?mp).*(?:\b(?:rmSync|rmdirSync|rm_rf|rm_r|remove_entry(?:_secure)?|RemoveAll|rimraf|remove_tree|remove_dir_all|"
            r"deleteDirectory|emptyDirSync|removeSync)\s*\(?\s*[\"'`(/\w]|\bfs(?:\.promises)?\.(?:rm|rmdir)\(|"
            r"\b(?:os\.(?:remove|unlink|truncate|rename)|unlinkSync|File\.delete|os\.Remove)\(\s*[\"'`]/(?!tmp|run/|var/tmp)|"
            r"Path\(\s*[\"']/(?!tmp|run/)[^)]*\)\.(?:unlink|rmdir)\()",
            re.I,
        ),
    ),
    (
        "destructive-command",
        "writes over a disk",
        lazy(r"(?:open|writeFileSync|writeFile|OpenFile|createWriteStream)\(\s*[\"'`]/dev/(?:sd|nvme|vd|mapper|disk)"),
    ),
    (
        "destructive-command",
        "tells an API to delete",
        lazy(
            r"\b(?:requests|httpx|axios|session|client|http|api)\.delete\(\s*f?[\"'`]https?:|"
            r"\.delete_(?:namespace|collection|node|persistent_volume|custom_object)\w*\("
        ),
    ),
    (
        "remote-code",
        "runs text that is decoded at run time, so that nobody can read it",
        lazy(
            r"\b(?:eval|Function|exec|system|execSync|spawnSync|runInThisContext)\s*\(?[^;\n]{0,80}(?:\batob\(|['\"]base64['\"]|"
            r"b64decode|base64_decode|decode64|fromhex|unhexlify|fromCharCode)"
        ),
    ),
    ("destructive-command", "a fork bomb", lazy(r"([\w:]+)\s*\(\)\s*\{[^}\n]{0,80}(?<!\w)\1\s*\|\s*\1\s*&")),
    (
        "failure-silenced",
        "the health of the program is no longer looked at",
        lazy(
            r"^\s*HEALTHCHECK\s+(?:NONE|.*\bCMD\s+(?:true|:|exit 0)\s*$)|^\s*HEALTHCHECK.*\|\|\s*(?:true|exit 0)", re.I
        ),
    ),
    ("opened-access", "gives sudo without a password", lazy(r"NOPASSWD\s*:", re.I)),
    (
        "opened-access",
        "lets root log in",
        lazy(r"(?:^|line\s*[:=])\s*[\"']?(?:PermitRootLogin|PasswordAuthentication|PermitEmptyPasswords)\s+yes", re.I),
    ),
    (
        "opened-access",
        "adds a key that may log in",
        lazy(r"\b(?:ssh-(?:rsa|ed25519|dss)|ecdsa-sha2-nistp\d+|sk-ssh-\S+)\s+AAAA[0-9A-Za-z+/=]{8,}"),
    ),
    (
        "opened-access",
        "opens it to every address",
        lazy(r"(?:allow|source|cidr|ingress|permit|whitelist|trusted)[^\n]{0,60}(?:0\.0\.0\.0/0|::/0)", re.I),
    ),
    ("failure-silenced", "the failure of a unit's command is ignored", lazy(r"^\s*Exec\w+\s*=\s*-")),
    ("failure-silenced", "the failure of a recipe's line is ignored", lazy(r"^\t\s*@?-(?=[@+\s]*[A-Za-z$./])")),
    ("failure-silenced", "failing exit codes count as success", lazy(r"^\s*SuccessExitStatus\s*=")),
    (
        "destructive-command",
        "hides what it calls",
        lazy(r"\bgetattr\(\s*(?:os|subprocess|shutil|builtins|__builtins__)\b|\b__import__\("),
    ),
    ("failure-silenced", "errors of all recipes are ignored", lazy(r"^\.IGNORE\b")),
    (
        "failure-silenced",
        "an exception is swallowed",
        lazy(r"^\s*except\b[^\n:]{0,120}:\s*(?:pass|\.\.\.|continue|return(?: None| True| 0)?)\s*(?:#.*)?$"),
    ),
    ("failure-silenced", "exceptions are swallowed", lazy(r"\b(?:contextlib\.)?suppress\(\s*(?:Base)?Exception")),
    (
        "failure-silenced",
        "the exit status says success",
        lazy(r"\b(?:sys\.exit|os\._exit|process\.exit|exit)\(\s*0?\s*\)"),
    ),
    (
        "failure-silenced",
        "a check is switched off",
        lazy(
            r"\b(?:verify|check|validate_certs|ssl_verify)\s*=\s*False\b|ssl\._create_unverified_context|"
            r"CERT_NONE|disable_warnings\("
        ),
    ),
    (
        "failure-silenced",
        "a linter or checker is told to look away",
        lazy(
            r"#\s*(?:nosec|checkov:skip|tfsec:ignore|trivy:ignore|kics-scan ignore|yamllint disable|hadolint ignore|tflint-ignore)"
        ),
    ),
)
SWALLOW = lazy(r"^(\s*)except\b[^\n]{0,200}:\s*(?:#.*)?$")
DISKS = lazy(r"(?:filesystem|parted|lvg|lvol|zfs|zpool|proxmox\w*|mount|swap|blockdev)$")
