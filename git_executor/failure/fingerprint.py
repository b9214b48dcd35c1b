# ruff: noqa: RUF001 - tools print typographic quotes
"""A failure -> ``v1:`` and 16 hex digits: the same tomorrow, on another machine, in another run.

The digest is the beginning of the SHA-256 of these fields, joined by line feeds, in UTF-8::

    v1
    <stage>
    <classification>
    <the message that matters, masked>
    <file that the message's own block points at, masked>     empty where there is none
    <resource, host, task, command and function of that block, joined by blanks>

A block is what one tool printed for this failure: a traceback, a title and the sentence below it, a Terraform diagnostic, an Ansible result, a chain
of ``Caused by:``, what npm says line by line, OpenSSH's farewell with the address below it, whom ``kubectl rollout
status`` waited for. A
message that names nothing ("curl: (22) ... error: 404") is about the command echoed, or the address named, right
before it; a logger's line is about the object that its other fields name. What other lines around it say never enters, nor do a runner's prefixes, levels and bracketed
tags, nor the JSON that carried a line.

*Masked* means: blanks collapsed, quotes made plain, and each of the volatile tokens below replaced by its
name. Everything else stays: names, paths, hosts, ports below 32768 and the higher ones that a service has for its
own (Talos' 50000 and 50001, WireGuard's 51820, Tailscale's 41641), HTTP status and exit codes, versions, VM ids.
"""

from __future__ import annotations

import hashlib

from .candidates import Context
from .lines import gist
from .patterns import Pattern, compiled, hinted, silhouette

_WHITE = Pattern(r"\s+")
_QUOTES = str.maketrans("‘’“”«»`´„", "'''''''''")
_SOURCES = (
    r"(?:sh|bash|zsh|py|ya?ml|json|toml|tf|tfvars|hcl|go|js|mjs|ts|rs|c|cc|cpp|h|conf|cfg|ini|j2|tpl|tmpl"
    r"|env|rb|pl|mk|md|txt|xml"
    r"|nix|service|lua|php|java)|Makefile|Dockerfile|Jenkinsfile|Kustomization"
)
_UNITS = r"(?:ms|us|µs|ns|s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|milliseconds?|msec)"

MASKS: tuple[tuple[str, str, str], ...] = (
    # times
    (
        "0000-00~0000/00",
        r"\b\d{4}[-/]\d\d[-/]\d\d(?:T\d\d[_-]\d\d[_-]\d\d(?:[._-]\d{1,9})?(?-i:Z\b)?"
        r"|[T _]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?: ?(?:Z|UTC|GMT"
        r"|[+-]\d\d:?\d\d)\b)?(?: [A-Z]{3,4}\b)?)?(?: m=[+-][\d.]+)?",
        "<time>",
    ),
    (
        ":00:00",
        r"\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? (?:[A-Z][a-z]{2} +\d{1,2}"
        r"|\d{1,2} [A-Z][a-z]{2}(?: \d{4})?) \d\d:\d\d:\d\d(?: [A-Z]{3,4})?(?: \d{4})?",
        "<time>",
    ),
    (
        ":00:00",
        r"\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov"
        r"|Dec) +\d{1,2} \d\d:\d\d:\d\d(?: \d{4})?(?: [A-Z]{3,4}\b)?",
        "<time>",
    ),
    ("0:00:00", r"(?<![\d:.])\d{1,2}:\d\d:\d\d(?:[.,]\d+)?(?![\d:])", "<time>"),
    ("0000000000", r"(?<![\w.:-])1[5-9]\d{8}(?:\.\d+|\d{3})?(?![\w.-])", "<time>"),  # the epoch
    ("0000_00_00-", r"(?<!\d)20\d\d_\d\d_\d\d-\d\d_\d\d_\d\d(?!\d)", "<time>"),  # vzdump's archives
    ("00000000", r"(?<!\d)20\d\d[01]\d[0-3]\d[T_-]?[0-2]\d[0-5]\d[0-5]\d(?!\d)Z?", "<time>"),
    ("/0000:00:", r"\b\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}", "<time>"),  # web servers' logs
    ("am~pm", r"\b\d{1,2}:\d\d(?::\d\d)? ?[ap]m\b", "<time>"),
    ("0000 <time>~<time> 0", r"\b[IWEF]\d{4} <time> +\d+ ", ""),  # klog within a message
    # what one tool makes up, told by the words around it
    ("ansible-tmp-", r"\bansible-tmp-[\d.]+-\d+-\d+", "<tmp>"),
    ("/nix/store/", r"/nix/store/[0-9a-z]{32}-", "/nix/store/<hash>-"),
    (".git/objects/~/objects/", r"(?<=objects/)[0-9a-f]{2}/[0-9a-f]{38,62}\b", "<hash>"),
    ("::", r"\b[0-9a-f]{4,}(?:-[0-9a-f]{2,})*::[0-9a-z]{8,}\b", "<ref>"),  # BuildKit's snapshots
    ("who: ", r"\bWho: +\S+", "Who: <who>"),  # Terraform's state lock
    ("hostid~host id~amz-id-2", r"\b(host ?id|x-amz-id-2)([:= ]+)[\w+/=]{20,}", r"\1\2<id>"),
    ("0/", r"(?<![\w/.-])[0-9A-F]{1,4}/[0-9A-F]{6,8}\b(?!/)", "<lsn>"),  # PostgreSQL
    ("utc [0", r"(?<=UTC )\[\d+\]", "[<pid>]"),
    ("[0~[ ", r"\[ *\d+\.\d{6}\]", "[<time>]"),
    (
        "thread~worker~pool~task-",
        r"(?-i:\b(Thread|Task|ForkPoolWorker|HikariPool|tokio-runtime-worker|pool-\d+-thread)-\d+)\b",
        r"\1-<n>",
    ),
    ("pool-0-thread", r"\bpool-\d+-thread", "pool-<n>-thread"),
    ("(x0", r"\(x\d+ over", "(x<n> over"),
    ("<", r"<(?:GEN|DATA|STDIN|\$?fh)\d*>,? (?:line|chunk) \d+", "<handle>"),  # Perl
    (".tmp.0", r"\.tmp\.\d+\b", ".tmp.<pid>"),
    ("loop0~dm-0", r"\b(loop|dm-)\d+\b", r"\1<n>"),
    (":0/0", r"(?<=:0/)\d+", "<id>"),  # Ceph
    ("client.0", r"\bclient\.\d+", "client.<id>"),
    ("resource version", r"(?<=resource version: )\d+ \(\d+\)", "<n>"),
    # Kubernetes: replica set and pod suffixes come from an alphabet without vowels
    (
        "-",
        r"(?<=[a-z0-9])-(?=[bcdfghjklmnpqrstvwxz]*\d)[bcdfghjklmnpqrstvwxz2456789]{8,10}-[bcdfghjklmnpqrstv"
        r"wxz2456789]{5}(?![a-z0-9])",
        "-<pod>",
    ),
    ("-", r"(?<=[a-z0-9])-[0-9a-f]{8,10}-[a-z0-9]{5}(?![a-z0-9])", "-<pod>"),
    (
        "-",
        r"(?<=[a-z0-9])-[bcdfghjklmnpqrstvwxz2456789]{8,10}-[bcdfghjklmnpqrstvwxz2456789]{5}(?![a-z0-9])",
        "-<pod>",
    ),
    ("-", r"(?<=[a-z0-9])-(?:\d{8,10}-)?(?=[a-z]*\d)[bcdfghjklmnpqrstvwxz2456789]{5}(?![a-z0-9])", "-<pod>"),
    ("-00000000", r"(?<=[a-z])-2[89]\d{6}(?![a-z0-9])", "-<pod>"),
    # identifiers that machines make up
    (
        "id=~id: ~id ",
        r"\b((?:req(?:uest)?|trace|correlation|ray|query|session|rejection|transaction|connection|message|operation|event)[_ -]?id[ :=#]{1,3})(?=[\w:-]*\d)[\w-]+(?::[\w-]+)*",
        r"\1<id>",
    ),
    (".scope~.service", r"\b(run|session)-[a-z]?(?=[a-f]*\d)[0-9a-f]+(?=\.(?:scope|service))", r"\1-<id>"),
    ("bc:00:00:", r"\bbc:24:11(?::[0-9a-f]{2}){3}\b", "<mac>"),  # made up by Proxmox VE for a new guest
    ("/agent.0", r"/agent\.\d+", "/agent.<pid>"),
    ("resourceversion~lease", r"\b(resourceVersion|lease)([ :='\"]{1,3})\d+", r"\1\2<n>"),
    ("upid:", r"\bUPID:([\w-]+):[0-9A-F]+:[0-9A-F]+:[0-9A-F]+:", r"UPID:\1:<id>:"),
    ("-", r"(?<![0-9a-z])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![0-9a-z])", "<uuid>"),
    (  # tokens: long, with capitals, small letters and several digits among each other
        "0",
        r"(?-i:(?<=[/=:'\" (\[])(?=(?:[A-Za-z_-]*\d){3})(?=(?:[a-z0-9_-]*[A-Z]){3})(?=(?:[A-Z0-9_-]*[a-z]){3})"
        r"[A-Za-z0-9_-]{24,200}(?![A-Za-z0-9_./-]))",
        "<token>",
    ),
    ("sha256:", r"\bSHA256:[A-Za-z0-9+/]{20,}=*", "<hash>"),
    ("0x", r"\b0x[0-9a-f]+\b", "<address>"),
    (
        "0",
        r"(?<![0-9a-z])(sha(?:1|256|512)[:-])?(?=[0-9a-f]*[0-9])(?=[0-9a-f]*[a-f])[0-9a-f]{7,128}\b(?![.]\w)",
        "<hash>",
    ),
    ("", r"(?<![0-9a-z])[0-9a-f]{32,128}(?![0-9a-z])", "<hash>"),
    # places of one machine or one run
    ("/pip-", r"(?:/tmp)?/(pip-[a-z-]{3,20}-)[a-z0-9_]{8}(?=/)", r"/\1<tmp>"),
    ("' (0", r"(?<=') \(\d+\) (?=panicked)", " "),
    ("(node:0", r"\(node:\d+\)", "(node:<pid>)"),
    ("ext0_", r"\b(ext4_\w+):\d+", r"\1:<line>"),
    (
        "/tmp/~/var/folders/~/dev/shm/~/run/user/",
        r"(?:/private)?(?:/var/folders/\w+/\w+/\w|/var/tmp|/tmp|/dev/shm"
        r"|/run/user/\d+)/(?:tmp[._-]?[\w.-]+"
        r"|[\w.-]*?[._-]?(?:(?=[A-Za-z]*\d)(?=\d*[A-Za-z])[A-Za-z0-9]{6,12}"
        r"|(?=[a-z]*[\d_])[a-z0-9_]{8}|(?=[a-z]*[A-Z])(?=[A-Z]*[a-z])[A-Za-z]{6,12}|\d{4,})(?:\.[a-z]{1,4})?(?=[/\s'\":,)\]]|$))",
        "/tmp/<tmp>",
    ),
    (
        "/",  # the same anywhere else: a word for a temporary thing, then what chance made
        r"(?<=/)((?:tmp|temp|build|work|ansible|kustomization|helm|terraform|kubectl|flux|ssh|mktemp)[._-])"
        r"(?:(?-i:(?=\w*\d)(?=\w*[A-Z])(?=\w*[a-z])[A-Za-z0-9]{6,16})|\d{6,}|(?<=tmp\.)[A-Za-z0-9]{10})(?=[/\s'\":,)\]]|$)",
        r"\1<tmp>",
    ),
    (
        "#0~ id ",
        r"\b((?:build|run|job|pipeline)(?: id)?)( |: |=)#?\d{3,}\b",
        r"\1\2<id>",
    ),
    (
        "/home/~/root~/users/~/builds/~workspace",
        r"(?:/home/runner/work/[^/\s]+/[^/\s]+|/builds/[^/\s]+/[^/\s]+|/github/workspace|/workspace"
        r"|/var/lib/jenkins/workspace/[^/\s]+|/home/[^/\s'\":]+|/Users/[^/\s'\":]+|/root)(?=[/\s'\":,)\]]"
        r"|$)",
        "~",
    ),
    # rsync's unfinished files
    ("/.", r"(?<=[\w/])(/\.[^/\s\"']{1,80}?)\.[A-Za-z0-9]{6}(?=[\"'\s:]|$)", r"\1.<tmp>"),
    ("/proc/0~/dev/fd/0", r"/(?:proc|dev/fd)/\d+", "/proc/<pid>"),
    # network: the near end of a connection, and ports that the system hands out
    ("->", r"(?:\[[0-9a-f:]+\]|[\w.-]+):\d{1,5}->", "<local>->"),
    (
        ":00000~port 00000",
        r"(?<=[\w\]])(:| port )(?!(?:5000[01]|51820|41641)\b)(?:3276[89]|327[7-9]\d|32[89]\d\d|3[3-9]\d{3}|4\d{4}|5[0-9]\d{3}"
        r"|6[0-4]\d{3}|65[0-5]\d\d)\b(?!\.)",
        r"\1<port>",
    ),
    # places in a file
    ("0", rf"(?<=\.)({_SOURCES}):\d+(?::\d+)?", r"\1:<line>"),
    ("file:0", r"\b(Makefile|Dockerfile|Jenkinsfile):\d+", r"\1:<line>"),
    (
        "line~col~char~position~offset~byte~row",
        r"\b(lines?|column|col|char|character|position|offset|byte|row)([ :=#]{1,2})\d+(?:[-:]\d+)?",
        r"\1\2<n>",
    ),
    (": 0", r"^((?:\S*/|\S+\.)?\w+): \d+: ", r"\1: <line>: "),
    ("0:0", r"^\d+:\d+ +(?=error|warning)", "<line> "),
    ("0:0", r"\[\d+:\d+\]|\(\d+:\d+\)|(?<=[ (])\d+:\d+(?=[):])", "<line>"),
    # counters, durations, shares, sizes, processes
    ("0ms~0us~0µs~0ns~0h~0m~0s~0d", r"(?<![\w.:-])(?:\d+(?:\.\d+)?(?:ms|us|µs|ns|h|m|s|d)){1,4}\b", "<duration>"),
    ("0 ", rf"(?<![\w.:-])\d+(?:[.,]\d+)? {_UNITS}\b", "<duration>"),
    (",000", r"(?<![\w.,])\d{1,3}(?:,\d{3})+(?![\w,])", "<n>"),
    ("%", r"(?<![\w.])\d+(?:[.,]\d+)? ?%", "<percent>"),
    ("0b~0k~0m~0g~0t~0p~0 ", r"(?<![\w.])\d+(?:[.,]\d+)? ?(?:[KMGTP]i?B|[kKMGT]i|bytes?|kB|B)(?:/s)?\b", "<size>"),
    (
        "attempt~try~retr~iteration~round~pass~after~revision~generation",
        r"\b(attempt|try|retry|retries|iteration|round|pass|after|revision|generation)([ :=#]{1,2})\d+",
        r"\1\2<n>",
    ),
    ("0/0~0 of 0", r"(?<![\w./:-])\d+(?:/| of )\d+(?![\w./-])", "<n>/<n>"),
    (
        "0 ",
        r"(?<![\w./:-])\d+(?= (?:errors?|warnings?|times|retries|attempts?|tries|packets?|lines?|files?"
        r"|objects?|items?|checks?|tests?|tasks?|servers?|requests?|connections?|more|others?)\b)",
        "<n>",
    ),
    ("0 <~0/<", r"\d+(?: of |/)(?=<size>)", ""),
    (
        "stream~seq~sector~inode~qid~i/o ~phys_seg~channel~counter~rejection~transaction~xid~global_id~restart~active~idle~waiting~total=",
        r"\b((?:last)?stream(?:id)?|\w*seq|sector|inode|qid|i/o|phys_seg|channel|counter is at|transaction|xid|global_id|restarts?|active|idle|waiting|total)"
        r"(\"?(?:=|: ?| #?))\d+\b(?!\.?\d|[\w/-])",
        r"\1\2<n>",
    ),
    ("0 ", r"(?<=[,(] )\d+(?= (?:failed|succeeded|passed|skipped)\b)", "<n>"),
    ("0000", r"\b(got|expected|size|length|read|wrote|written|remaining)([ :=]{1,2})\d{4,}\b(?![.:\w/-])", r"\1\2<n>"),
    ("000000", r"(?<![\w.:/'\"-])(?<!VM )(?<!CT )\d{6,}(?![\w.:/'\"-])", "<hash>"),
    ("pid~process~tid~thread~goroutine", r"\b(pid|process|ppid|tid|thread|goroutine)([ :=#]{1,2})\d+", r"\1\2<pid>"),
    ("[0", r"(?<=\w)\[\d+\](?=:)", "[<pid>]"),
    ("running (", r"(?<=running )\(\d+\)", "(<pid>)"),  # Ceph's drivers
    ("probe-bucket-", r"(?<=probe-bucket-sign-)\w+", "<id>"),  # MinIO's client
    ("killed", r"(?<![\w.])\d+(?= +Killed\b)", "<pid>"),
)


def mask(text: str) -> str:
    """``text`` with its volatile tokens replaced by their names."""
    text = _WHITE.sub(" ", gist(text).translate(_QUOTES)).strip()
    outline = silhouette(text)
    for hints, pattern, name in MASKS:
        if hinted(hints, outline):
            text, changes = compiled(pattern).subn(name, text)
            outline = silhouette(text) if changes else outline
    return text


def fingerprint(stage: str, classification: str, text: str, context: Context) -> str:
    """``v1:`` and 16 hex digits; see the module's text."""
    around = " ".join(
        part for part in (context.resource, context.host, context.task, context.command, context.function) if part
    )
    fields = ("v1", stage, classification, mask(text), mask(context.file or ""), mask(around))
    return "v1:" + hashlib.sha256("\n".join(fields).encode("utf-8", "replace")).hexdigest()[:16]
