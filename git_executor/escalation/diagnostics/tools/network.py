"""Looking at the network, and asking others harmless questions.

Left out on purpose: every verb of ip but show, list and get, ``-batch``, ``-netns``, ``netns exec``, ``monitor``;
``ss -K`` (kills), ``-D`` (writes), ``-F`` (reads), ``-E`` (never ends); ``ping`` without a count, ``-f``, ``-b``;
``dig -f|-k|-y``; of curl whatever sends data, reads or writes a file, names a proxy, a configuration or a socket.
"""

from __future__ import annotations

import re

from git_executor.escalation.diagnostics.grammar import Form, Reading, Style, Tool, flags, form, verbs
from git_executor.escalation.diagnostics.paths import Place
from git_executor.escalation.diagnostics.words import Refused

_IP_FLAGS = """
    -4 -6 -0 -br|-brief|--brief -j|-json|--json -p|-pretty -s|-stats|-statistics -d|-details -o|-oneline -h|-human
    -N|-Numeric -r|-resolve -f|-family={inet,inet6,link,bridge,mpls} -c|-color -t|-timestamp
"""
# Only what cannot be mistaken: ip completes abbreviations, and "ip link s" sets where "ip addr s" shows.
_IP_OBJECTS = (
    "a|addr|address|l|link|r|ro|route|n|neigh|neighbor|neighbour|ru|rule|maddr|maddress|ntable|tunnel|tuntap|vrf|"
    "netconf|nexthop|mroute|addrlabel"
)


def _ip() -> dict[str, Form]:
    table = verbs("netns|netns list|netns ls|-V", form())
    for name in _IP_OBJECTS.split("|"):
        table[name] = form()
        for action in ("show", "sh", "list", "ls", "lst"):
            table[f"{name} {action}"] = form("", "[WORD...]")
    for name in ("a", "addr", "address"):
        table[f"{name} s"] = form("", "[WORD...]")
    for name in ("r", "ro", "route"):
        table[f"{name} get"] = form("", "WORD...")
    return table


_SS = """
    -t|--tcp -u|--udp -l|--listening -n|--numeric -p|--processes -a|--all -s|--summary -i|--info -e|--extended
    -o|--options -m|--memory -x|--unix -w|--raw -4|--ipv4 -6|--ipv6 -r|--resolve -H|--no-header -O|--oneline -d|--dccp
    -S|--sctp -0|--packet -Z|--context -b|--bpf -f|--family={inet,inet6,unix,link,netlink,vsock}
    -A|--query|--socket=NAMES --tos --cgroup
"""

_PING = """
    -c=FEW -W=SECONDS -w=SMALL -i=INTERVAL -s=SMALL -4 -6 -n -q -v -D -O -U -R -I=WORD -M={do,want,dont} -t=SMALL
"""

_DIG = """
    -4 -6 -x=HOST -t=NAME -c={IN,in,CH,ch} -q=HOST -p=SMALL -r -u -v
"""
_DIG_OPTION = re.compile(
    r"\+(?:no)?(?:short|all|answer|trace|stats|tcp|vc|dnssec|rec|recurse|multiline|multi|search|nssearch|additional"
    r"|authority|question|comments|cmd|edns|identify|ttlid|ttlunits|adflag|cdflag|crypto|qr|fail|besteffort|keepopen"
    r"|aaflag|ignore|sit|cookie|nsid|showsearch|expire|class)\Z|\+(?:time|timeout|tries|retry|ndots|bufsize|domain)="
    r"[A-Za-z0-9.-]{1,100}\Z"
)
_NAME = re.compile(r"@?(?!-)[A-Za-z0-9_.:*%-]{1,253}")


def _dig(reading: Reading, place: Place) -> None:
    for arg in reading.args:
        if not (_DIG_OPTION.fullmatch(arg) or _NAME.fullmatch(arg)):
            raise Refused(f"{arg!r} is no name, type, @server or harmless +option")


def _getent(reading: Reading, place: Place) -> None:
    databases = ("hosts", "ahosts", "ahostsv4", "ahostsv6", "passwd", "group", "services", "networks", "protocols")
    if not reading.args or reading.args[0] not in databases:
        raise Refused(f"getent may look into {', '.join(databases)}")


_CURL = """
    -s|--silent -S|--show-error -f|--fail --fail-with-body --fail-early -k|--insecure -I|--head -i|--include
    -v|--verbose
    -L|--location --max-redirs=SMALL -m|--max-time=SECONDS --connect-timeout=SECONDS -H|--header=PLAINTEXT
    -A|--user-agent=TEXT -w|--write-out=PLAINTEXT -o|--output=DEVNULL -X|--request={GET,HEAD,OPTIONS}
    -D|--dump-header=DEVNULL --resolve=RESOLVE -4|--ipv4 -6|--ipv6 --retry=FEW --retry-delay=SMALL
    --retry-max-time=SMALL --retry-connrefused --retry-all-errors --compressed -g|--globoff -0|--http1.0 --http1.1
    --http2 --tlsv1.2 --tlsv1.3 --tls-max={1.2,1.3}
    --no-progress-meter -#|--progress-bar --cacert=INSIDE --interface=NAME --noproxy=TEXT -r|--range=COLUMNS
    -N|--no-buffer --http2-prior-knowledge --connect-to=RESOLVE --url=URL --dns-servers=HOSTS --max-filesize=INT
"""


def _curl(reading: Reading, place: Place) -> None:
    """What no single word shows: a write-out that writes, and credentials that would leave the house."""
    if not reading.args and "--url" not in reading.flags:
        raise Refused("curl needs an address")
    for value in reading.flags.get("-w", ()):
        if "%output" in value:
            raise Refused("a write-out that writes to a file")
    for value in reading.flags.get("-H", ()):
        if re.match(r"\s*(?:x-http-method|x-method-override|x-vault-token|metadata)", value, re.IGNORECASE):
            raise Refused(f"the header {value.partition(':')[0]!r} is not allowed")


TOOLS = (
    Tool("ip", _ip(), flags(_IP_FLAGS), Style.SINGLE),
    Tool("ss", {"": form(_SS, "[TEXT...]")}),
    Tool("ping", {"": form(_PING, "HOST", needs="-c")}),
    Tool("ping6", {"": form(_PING, "HOST", needs="-c")}),
    Tool("dig", {"": form(_DIG, "[TEXT...]", check=_dig)}),
    Tool(
        "nslookup",
        {
            "": form(
                "-type=NAME -query=NAME -querytype=NAME -q=NAME -timeout=SMALL -retry=SMALL -port=SMALL -debug -nodebug"
                " -class=NAME -vc -norecurse -nosearch",
                "HOST [HOST]",
            )
        },
        style=Style.SINGLE,
    ),
    Tool("getent", {"": form("", "WORD...", check=_getent)}),
    Tool(
        "curl",
        {"": form(_CURL, "[URL...]", check=_curl)},
        # Only web addresses, also after a redirection; braces and ranges in an address stay what they are.
        prepend=("-q", "--globoff", "--proto", "=http,https", "--proto-redir", "=http,https"),
    ),
)
