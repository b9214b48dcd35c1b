"""Plain causes that none of the named classes covers: they are ``unknown``, and keep a look-alike from
deciding."""

from __future__ import annotations

from ...domain import Classification
from .base import Known

_UNKNOWN = Classification.UNKNOWN

TABLE = (
    Known(
        "variable-not-set",
        _UNKNOWN,
        8.5,
        (
            "unbound variable",
            "parameter",
            "not set",
            "must be set",
            "unset",
            "is required",
            "undefined",
            "variable",
            "keyerror",
            "undeclared",
            "is empty",
            "not defined",
            "is missing",
            "must be defined",
            "missing",
        ),
        r"unbound variable|: parameter (?:null or )?not set"
        r"|(?-i:\b[A-Z][A-Z0-9_]{2,})[`'\"}]?(?: (?:environment |env )?(?:variable|var))?(?::|,)?(?: is"
        r"| are| was)? (?:not set\b|unset|must be (?:set|defined|exported)|(?:is )?required\b|undefined"
        r"|not defined|missing\b|empty\b|is empty|is missing)"
        r"|(?<![.\w/-])(?:env(?:ironment)?[ -]?(?:var(?:iable)?)?s?|variables?)\b.{0,60}\b(?:not set|unset"
        r"|missing|required|undefined|not defined|must be set|is empty|has not been declared)\b"
        r"|\b(?:missing|required|unset|undefined|undeclared)(?: required)?(?: env(?:ironment)?"
        r"| input)? variables?\b"
        r"|KeyError: '[A-Z][A-Z0-9_]+'|'[\w.]+' is undefined",
        (
            "bash: line 1: SSH_USER: unbound variable",
            "dash: 1: X: parameter not set",
            "SSH_USER not set",
            "ERROR: PROXMOX_TOKEN must be set",
            "KeyError: 'TALOS_ENDPOINT'",
            "Required environment variable SOPS_AGE_KEY is missing",
            "'undefined_thing' is undefined",
            "Reference to undeclared input variable",
        ),
        ("VM 100 not set up", "spec.replicas: Required value", "variables loaded"),
    ),
    Known(
        "unit-failed",
        _UNKNOWN,
        3,
        ("job for ",),
        r"^Job for \S+\.(?:service|mount|socket|timer|target|device|scope|slice) (?:failed|canceled)",
        ("Job for k3s.service failed because the control process exited with error code.",),
        ("Job for the night: k3s.service", "Cron job for backups failed"),
    ),
    Known(
        "no-space",
        _UNKNOWN,
        9.5,
        ("space", "enospc", "quota", "disk is full", "disk full"),
        r"no space left|\bENOSPC\b|disk quota exceeded|disk (?:is )?full|not enough (?:free )?(?:disk "
        r"|storage )?space|insufficient (?:free )?(?:disk |storage )?space|don't have enough free space"
        r"|out of (?:disk )?space|insufficient free extents|insufficient free space",
        (
            "cp: error writing 'x': No space left on device",
            "write /x: disk quota exceeded",
            "E: You don't have enough free space in /var/cache/apt/archives/.",
            "out of space",
        ),
        ("namespace not found", "disk space ok"),
    ),
    Known(
        "out-of-memory",
        _UNKNOWN,
        8,
        ("memory", "oom", "killed", "137"),
        r"out of memory|\boom[- _]?kill|cannot allocate memory|OOMKilled"
        r"|^(?:.*: line \d+: +\d+ )?Killed(?:\s*$|\s{3,})|signal: killed|MemoryError|heap out of memory",
        (
            "deploy.sh: line 9:  4321 Killed                  helm template .",
            "fork: Cannot allocate memory",
            "Out of memory: Killed process 99 (qemu)",
            "Killed",
        ),
        ("memory: 2048", "Killed old session"),
    ),
    Known(
        "already-in-use",
        _UNKNOWN,
        7.5,
        (
            "in use",
            "already allocated",
            "in progress",
            "could not get lock",
            "held by",
            "state lock",
            "already locked",
            "is locked",
            "unable to lock",
            "already running",
            "resource temporarily unavailable",
            "device or resource busy",
            "text file busy",
            "index.lock",
        ),
        r"address already in use|port is already allocated|already in use|\bport \S+ is in use"
        r"|another operation .{0,60}in progress|could not get lock|held by process"
        r"|acquiring the state lock|state (?:is )?locked|unable to lock|device or resource busy"
        r"|text file busy|resource temporarily unavailable|index\.lock|target is busy",
        (
            "listen tcp :8080: bind: address already in use",
            "Error: UPGRADE FAILED: another operation (install/upgrade/rollback) is in progress",
            "Error: Error acquiring the state lock",
            "E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 99 (apt)",
        ),
        ("12 ports in use", "VM is locked (backup)"),
    ),
    Known(
        "code-fault",
        _UNKNOWN,
        8,
        (
            "syntax error",
            "syntaxerror",
            "indentationerror",
            "modulenotfounderror",
            "importerror",
            "cannot find module",
            "nameerror",
            "attributeerror",
            "typeerror",
            "no module named",
            "valueerror",
            "unexpected end of file",
            "ambiguous redirect",
            "integer expression",
            "bad substitution",
            "unterminated",
            "unary operator",
            "unexpected eof",
            "binary operator",
            "numeric argument",
            "too many arguments",
            "arithmetic",
            "division by 0",
        ),
        r"(?:bash|sh|dash|zsh|line \d+|\b\d+): syntax error|syntax error (?:near|in conditional|: operand)"
        r"|(?:line \d+|\b\d+): Syntax error:|unexpected end of file|unexpected EOF while looking"
        r"|\b(?:SyntaxError|IndentationError|ModuleNotFoundError|ImportError|NameError|AttributeError"
        r"|TypeError(?!: (?:fetch failed|terminated))|ValueError)\b"
        r"|Cannot find module '[^./]|No module named|ambiguous redirect|integer expression expected"
        r"|bad substitution|(?:unary|binary) operator expected|unterminated quoted string"
        r"|too many arguments$|division by 0",
        (
            "./x.sh: line 9: syntax error near unexpected token `fi'",
            "ModuleNotFoundError: No module named 'yaml'",
            "Error: Cannot find module 'express'",
            'dash: 3: Syntax error: end of file unexpected (expecting "fi")',
        ),
        ("yaml: syntax error while loading", "Error: Cannot find module './x'"),
    ),
    Known(
        "wrong-usage",
        _UNKNOWN,
        7,
        (
            "unknown flag",
            "unknown command",
            "unknown shorthand",
            "unrecognized option",
            "unrecognized argument",
            "invalid option",
            "illegal option",
            "required flag",
            "arg(s)",
            "unknown option",
            "no such option",
            "requires an argument",
            "unknown subcommand",
            "no such command",
            "unknown action",
            "unexpected argument",
        ),
        r"unknown (?:flag|command|shorthand flag|option|subcommand|action)\b|unrecognized (?:option"
        r"|argument|subcommand)|invalid option|illegal option|required flag\(?s?|accepts \d+ arg"
        r"|requires (?:at least |exactly )?\d+ arg|no such (?:option|command)\b|requires an argument"
        r"|unexpected argument",
        (
            'error: unknown command "frob" for "kubectl"',
            "Error: unknown flag: --wait-for",
            "tar: unrecognized option '--foo'",
            'Error: required flag(s) "nodes" not set',
        ),
        ("required field missing",),
    ),
    Known(
        "test-failed",
        _UNKNOWN,
        9.6,
        ("assert", "failed ", "--- fail", "not ok "),
        r"^E {2,}(?:assert\b|\w*Error\b)|\bAssertionError\b|^FAILED \S+::\S+|^--- FAIL: \S|^not ok \d+",
        (
            "E       assert 'permission denied' in 'ok'",
            "FAILED tests/test_acl.py::test_denied - AssertionError",
            "--- FAIL: TestDial (0.01s)",
        ),
        ("E: Unable to locate package x", "FAILED! => {}"),
    ),
    Known(
        "not-yaml-data",
        _UNKNOWN,
        6.5,
        ("json", "toml", "parse error", "invalid character", "hcl", "xml", "ini"),
        r"JSONDecodeError|jq: (?:parse )?error|^parse error: |TOMLDecodeError|\btoml: "
        r"|invalid character .{1,20} (?:looking for|after|in)\b|unexpected (?:end of JSON"
        r"|token .{1,20} in JSON)|(?:invalid|malformed) (?:json|toml)"
        r"|Argument or block definition required|TOML parse error",
        (
            "json.decoder.JSONDecodeError: Expecting value: line 1 column 1 (char 0)",
            "jq: parse error: Invalid numeric literal at line 1, column 10",
            "tomllib.TOMLDecodeError: Invalid value (at line 2, column 1)",
        ),
        ("error converting YAML to JSON: yaml: line 3", "reading config.json"),
    ),
    Known(
        "make-target",
        _UNKNOWN,
        7,
        ("no rule to make target",),
        r"No rule to make target '[^'./]+'\.",
        ("make: *** No rule to make target 'bootstrap'.  Stop.",),
        ("make: *** No rule to make target 'missing.c', needed by 'all'.  Stop.",),
    ),
    Known(
        "packages",
        _UNKNOWN,
        7.5,
        (
            "unable to locate package",
            "installation candidate",
            "unmet dependencies",
            "sum mismatch",
            "checksum",
            "digest",
            "signature",
            "no matching distribution",
            "dpkg was interrupted",
            "integrity",
            "mismatch",
            "gpg error",
            "not signed",
        ),
        r"unable to locate package|no installation candidate|unmet dependencies|hash sum mismatch"
        r"|(?:check ?|sha\d+)sum (?:mismatch|failed|did not match|error|verification failed)|(?:digest"
        r"|hash|sha256"
        r"|signature) (?:mismatch|did not match|does not match)|signature verification failed"
        r"|No matching distribution|dpkg was interrupted|computed checksum did NOT match|is not signed"
        r"|NO_PUBKEY",
        (
            "E: Unable to locate package nopkg",
            "sha256sum: WARNING: 1 computed checksum did NOT match",
            "ERROR: No matching distribution found for x",
        ),
        ("checksum ok", "server certificate verification failed"),
    ),
    Known(
        "system-call",
        _UNKNOWN,
        6,
        (
            "exec format",
            "cannot execute binary",
            "is a directory",
            "not a directory",
            "file exists",
            "read-only file system",
            "too many open files",
            "argument list too long",
            "input/output error",
            "invalid argument",
            "not supported",
            "invalid cross-device",
            "directory not empty",
            "stale file handle",
            "connect to bus",
            "systemd as init",
        ),
        r"exec format error|cannot execute binary file|: is a directory|not a directory|: file exists"
        r"|read-only file system|too many open files|argument list too long|input/output error"
        r"|: invalid argument|operation not supported|cross-device|directory not empty"
        r"|stale (?:nfs )?file handle|failed to connect to bus|not been booted with systemd",
        (
            "exec /app: exec format error",
            "mkdir: cannot create directory 'x': File exists",
            "touch: cannot touch '/x': Read-only file system",
            "Failed to connect to bus: Host is down",
        ),
        ("checked that x is a directory",),
    ),
    Known(
        "crash",
        _UNKNOWN,
        6,
        (
            "panic:",
            "segmentation fault",
            "core dumped",
            "fatal error:",
            "assertion",
            "assert",
            "nil pointer dereference",
            "runtime error",
            "stack overflow",
        ),
        r"\bpanic: |segmentation fault|core dumped|\bassert(?:ion)?(?:error)?\b.*(?:fail|error|:)"
        r"|AssertionError|nil pointer dereference|(?-i:runtime error:)",
        (
            "panic: runtime error: invalid memory address or nil pointer dereference",
            "Segmentation fault (core dumped)",
            "AssertionError: expected 3 nodes",
        ),
        ("kernel panic=10 set",),
    ),
    Known(
        "ceph-refusal",
        _UNKNOWN,
        8.7,
        ("error e",),
        r"(?:^|: )Error E(?!ACCES|PERM)[A-Z]{3,12}: ",
        ("Error ENOENT: unrecognized pool 'rbd'", "Error EBUSY: osd.3 is still up; must be down before removal."),
        ("Error ENOENT, open 'x'", "Error EACCES: access denied"),
    ),
)
