# ruff: noqa: RUF001 - tools print typographic quotes
"""What a message is about: file, place, variable, command, path, host, port, resource, and the tool that
speaks.

For each field a table of shapes, tried in order; the first that fits wins. What the message does not say is
taken from the lines around it.
"""

from __future__ import annotations

from ..domain import Subject
from .candidates import Context
from .lines import gist
from .patterns import Pattern, compiled, hinted, silhouette

Shapes = tuple[tuple[str, str], ...]  # literals one of which must stand in the text, and the shape

_QUOTE = r"[\"'`‘“«]"
_ENDQUOTE = r"[\"'’`”»]"
_NAME = r"[^\s\"'`‘’“”«»:]+"
_SOURCE = (
    r"(?<![\w@%+~./-])[\w@%+~./-]{1,200}\.(?:ya?ml|json|toml|tf|tfvars|hcl|sh|bash|py|js|ts"
    r"|go|rs|rb|pl|conf|cfg|ini|j2|tpl|env|mk|txt|service|c|h)"
)
_HOST = r"(?:\[[0-9a-fA-F:]+\]|[\w.-]+)"

_PLACES = (
    ("line 0", rf"^({_NAME}): (?:-c: )?line (\d+)()"),  # bash
    (": 0", rf"^({_SOURCE}|\S*/\S+|sh|dash): (\d+)(): "),  # dash
    ("line 0", rf"in {_QUOTE}({_SOURCE}){_ENDQUOTE}, line (\d+), column (\d+)"),
    ("line 0", rf"on ({_SOURCE}) line (\d+)()"),
    (":0", rf"({_SOURCE}):(\d+)(?::(\d+))?"),
    ("file", r"^(Makefile|Dockerfile)[: ](?:line )?(\d+)()"),
)
_LINES = (
    ("yaml: line", r"\byaml: line (\d+)(?:, column (\d+))?"),
    ("line 0", r"\b(?:at |in |on )?line (\d+),? (?:column|col) (\d+)"),
    ("line 0", r"\bline (\d+)()\b"),
)
_FILES = (
    (
        "ing~decode~parse~load~read~validate~convert~render",
        rf"(?:error )?(?:pars(?:e|ing)|load(?:ing)?|read(?:ing)?|decod(?:e|ing)|validat(?:e|ing)"
        rf"|convert(?:ing)?|render(?:ing)?) {_QUOTE}?({_SOURCE})",
    ),
    (".", rf"{_QUOTE}({_SOURCE}){_ENDQUOTE}"),
    (". ~: ", rf"\b({_SOURCE}): "),
)
_PATHS = (
    (
        "no such file~denied~not permitted~directory~exists~read-only",
        rf"{_QUOTE}([^\"'’]*[^\"'’\s]){_ENDQUOTE}?(?: for reading| for writing)?: (?:no such file"
        rf"|permission denied|operation not permitted|is a directory|file exists|read-only)",
    ),
    (
        "open~stat~read~chdir~mkdir~exec~unlink~scandir~access~create",
        rf"\b(?:open|stat|lstat|readlink|chdir|mkdir|exec|unlink|scandir|access|create"
        rf"|read) {_QUOTE}?([^\s\"':,]+)",
    ),
    (
        "no such file~denied~not permitted",
        r"(?:^|: |\s)((?:/|\.{1,2}/|~/)?[^\s:'\"]+): (?:no such file|permission denied|operation not permitted)",
    ),
    ("directory: ", rf"No such file or directory: b?{_QUOTE}([^\"']+)"),
    (
        "errno~access~open~exists~the path~stat~not found at",
        rf"(?:Errno 13\] Permission denied|Could not find or access|can't open file|no file exists at|the path"
        rf"|cannot stat|cannot access|couldn't open file|not found at):? {_QUOTE}?([^\s\"'’]+)",
    ),
)
_VARIABLES = (
    ("unbound~parameter", r"\b(\w{1,100}): (?:unbound variable|parameter (?:null or )?not set)"),
    ("keyerror", r"KeyError: '(\w+)'"),
    ("undefined", r"'([\w.]+)' is undefined"),
    ("variable", r"variable with the name \"(\w+)\""),
    (
        "set~must be~required~undefined~defined~missing~empty",
        r"(?-i:\b([A-Z][A-Z0-9_]{2,})\b)[`'\"]?(?: \w+){0,3}? ?[:,]? ?(?:is |are |was )?(?:not set|unset"
        r"|must be|required|undefined|not defined|missing|empty)",
    ),
    ("variable", r"(?:missing|required|unset|undefined)(?: \w+){0,3} variables?:? [`'\"$]*(\w+)"),
    (": line 0", r"^\S+: line \d+: (?-i:([A-Z][A-Z0-9_]+)): "),
)
_COMMANDS = (
    ("command not found", r"(?<![^\s:])([^\s:]{1,200}): command not found"),
    ("command not found", r"command not found: (\S+)"),
    ("not found", r"\d+: ([^\s:]+): not found$"),
    ("not found", r"sh: ([^\s:]+): not found$"),
    ("exec: ", rf"exec: {_QUOTE}([^\"']+){_ENDQUOTE}"),
    ("enoent", r"spawn (\S+) ENOENT"),
    (
        "no such file",
        rf"^(?:\S*/)?(?:env|nohup|timeout|xargs|make(?:\[\d+\])?|nice|time|sudo"
        rf"|setsid): (?:failed to run command |cannot run )?{_QUOTE}?([^\s\"'’:]+){_ENDQUOTE}?: No such file",
    ),
    (
        "fork/exec~spawning~cannot run~failed to exec",
        r"(?:fork/exec|spawning|cannot run|Failed to exec(?:ute)?) [\"'‘]?([^\s:\"'’]+)",
    ),
    ("[spawn]", r"FileNotFoundError: .*'([^'/]+)' \[spawn\]"),
    ("directory: b", r"directory: b'([^'/]+)'"),
    (
        "command~tool~binary~executable~program",
        rf"\b(?:command|tool|binary|executable|program)s? {_QUOTE}?([\w.+-]+){_ENDQUOTE}? (?:is )?(?:not"
        rf"|missing)",
    ),
    (
        "command~tool~binary~executable~program",
        rf"(?:missing|find)(?: the)?(?: required)? (?:command|tool|binary|executable"
        rf"|program)s?:? {_QUOTE}?([\w.+-]+)",
    ),
    (
        "install~required~not found",
        rf"^{_QUOTE}?([\w.+-]+){_ENDQUOTE}?(?: command)? (?:is )?(?:not installed|required but|not found in)",
    ),
)
_HOSTS = (
    ("->", rf"->({_HOST}):(\d{{1,5}})"),
    ("dial ", rf"\bdial \w+ ({_HOST}):(\d{{1,5}})"),
    ("lookup ", rf"\blookup ({_HOST})()(?: on |:)"),
    ("connect to host", rf"connect to host ({_HOST}) port (\d+)"),
    (
        "connect~reach~resolve",
        rf"(?:connect(?:ion)? to|reach|resolve)(?: the)? (?:server "
        rf"|host ?(?:name)?:? )?{_QUOTE}?({_HOST})(?:[: ](?:port )?(\d{{1,5}}))",
    ),
    ("resolve", rf"resolve (?:host(?:name)?:? )?{_QUOTE}?({_HOST})()"),
    ("host='", rf"host='({_HOST})', port=(\d+)"),
    ("://", rf"\b\w+://(?:[^\s/@]*@)?({_HOST})(?::(\d{{1,5}}))?"),
    ("econn~etimed~ehost", rf"(?:ECONN\w+|ETIMEDOUT|EHOSTUNREACH) ({_HOST}):(\d+)"),
    ("enotfound~eai_", rf"(?:ENOTFOUND|EAI_AGAIN) ({_HOST})()"),
    ("0.0", r"\b((?:\d{1,3}\.){3}\d{1,3})(?:[: ](?:port )?(\d{1,5}))?\b"),
    ("@", rf"\b\w+@({_HOST})()[: ]"),
)
_KINDS = (
    r"deployments?|daemonsets?|statefulsets?|replicasets?|pods?|services?|secrets?|configmaps?|namespaces?"
    r"|nodes?|jobs?|cronjobs?|ingress(?:es)?|persistentvolumeclaims?"
    r"|helmreleases?|kustomizations?|gitrepositor(?:y|ies)|helmrepositor(?:y|ies)"
    r"|customresourcedefinitions?|serviceaccounts?|clusterroles?|certificates?|gateways?"
)
_RESOURCES = (
    ('"', rf"\b((?:{_KINDS})(?:\.[\w.]+)?) \"([^\"]+)\""),
    ("/", rf"\b((?:{_KINDS})(?:\.[\w.]+)?)/([\w.-]+)"),
    ("vm~ct", r"\b(VM|CT)(?:ID)? '?(\d{2,9})\b"),
    ("'", r"\b(storage|volume|node|bridge|pool) '([^']+)'"),
    ("unit~release~chart", r"\b(unit|release|chart) \"?([\w.@-]+)\"?"),
)
_TOOL = Pattern(r"^(?:\S*/)?([a-zA-Z][\w.+-]{0,30})(?:\[\d+\])?: ")
_NOT_TOOLS = frozenset(
    ("error", "fatal", "warning", "panic", "failed", "failure", "exception", "caused", "note", "err", "info")
)
_TOOL_WORDS = (
    ("yaml.", "pyyaml"),
    ("talosctl", "talosctl"),
    ("kubectl", "kubectl"),
    ("E: ", "apt"),
    ("Traceback", "python"),
    ("code = ", "grpc"),
    ("Error from server", "kubectl"),
    ("kustomize", "kustomize"),
    ("helm", "helm"),
    ("flux", "flux"),
    ("terraform", "terraform"),
)


def subject_of(text: str, context: Context) -> Subject:
    """The subject of a message, its neighbours filling what it leaves open."""
    text = gist(text)
    file, line, column = _place(text)
    host, port = _first(_HOSTS, text, 2)
    kind, name = _first(_RESOURCES, text, 2)
    resource = context.resource or (f"{kind} {name}" if kind else None)
    return Subject(
        tool=_tool(text, context),
        file=context.file or file,
        line=context.line if context.file else line,
        column=context.column if context.file else column,
        variable=_first(_VARIABLES, text, 1)[0],
        command=_first(_COMMANDS, text, 1)[0],
        path=_first(_PATHS, text, 1)[0],
        host=host or context.host,
        port=int(port) if port and int(port) < 65536 else None,
        resource=resource,
    )


def _first(table: Shapes, text: str, groups: int) -> tuple[str | None, ...]:
    outline = silhouette(text)
    for hints, pattern in table:
        found = compiled(pattern).search(text) if hinted(hints, outline) else None
        if found:
            return tuple(found[group] or None for group in range(1, groups + 1))
    return (None,) * groups


def _place(text: str) -> tuple[str | None, int | None, int | None]:
    file, line, column = _first(_PLACES, text, 3)
    if file is None:
        file = _first(_FILES, text, 1)[0]
        line, column = _first(_LINES, text, 2)
    return file, _number(line), _number(column)


def _number(text: str | None) -> int | None:
    return int(text) if text and len(text) < 10 else None


def _tool(text: str, context: Context) -> str | None:
    found = _TOOL.match(text)
    if found and found[1].lower() not in _NOT_TOOLS and not found[1].endswith(("Error", "Exception")):
        return found[1]
    if context.task:
        return "ansible"
    return next((tool for word, tool in _TOOL_WORDS if word in text), None)
