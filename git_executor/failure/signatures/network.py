"""A connection that was refused, reset, timed out or not resolved, whoever reports it."""

from __future__ import annotations

from ...domain import Classification
from .base import Known

_NETWORK = Classification.NETWORK_ERROR

TABLE = (
    Known(
        "connection-refused",
        _NETWORK,
        8,
        (
            "refused",
            "couldn't connect",
            "could not connect",
            "can't connect",
            "cannot connect",
            "failed to connect",
            "unable to connect",
            "connectexception",
            "cannot initiate the connection",
        ),
        r"connection (?:was )?refused|\bECONNREFUSED\b|(?:connection|server) to \S.{0,80} was refused"
        r"|refused the connection|actively refused"
        r"|(?:couldn't|could not|can't|cannot|failed to|unable to) (?:connect|establish (?:a "
        r"|an )?(?:\w+ )?connection) (?:to|with)\b"
        r"(?! bus| the host via ssh)(?! the [\w -]{1,30}$)|cannot initiate the connection|ConnectException",
        (
            "ssh: connect to host 10.0.0.5 port 22: Connection refused",
            "Error: connect ECONNREFUSED 127.0.0.1:9",
            "The connection to the server 127.0.0.1:6443 was refused - did you specify the right host or port?",
            "curl: (7) Failed to connect to 10.0.0.1 port 8006 after 0 ms: Couldn't connect to server",
            "500 Can't connect to 192.168.1.10:8006",
        ),
        ("Failed to connect to bus: Host is down", "offer refused by user"),
    ),
    Known(
        "connection-lost",
        _NETWORK,
        8,
        (
            "reset by peer",
            "connection reset",
            "econnreset",
            "closed by",
            "broken pipe",
            "connection closed",
            "connection unexpectedly",
            "epipe",
            "kex_exchange",
            "banner exchange",
            "hung up",
            "early eof",
            "closed connection",
            "empty reply",
            "connection lost",
            "remotedisconnected",
            "connection aborted",
            "rpc failed",
            "connection was closed",
            "transport is closing",
            "reading from server: eof",
            '": eof',
            "unexpected eof",
            "socket hang up",
            "transfer closed",
            "upstream connect",
            "connection failure",
        ),
        r"reset by peer|connection (?:was )?(?:reset|aborted|lost)|\bECONNRESET\b|\bEPIPE\b"
        r"|connection (?:was |unexpectedly )?closed(?: by|\b.*(?:remote|receive|bytes))"
        r"|kex_exchange_identification|banner exchange|remote end hung up|early EOF|\": EOF\b"
        r"|closed connection without response|empty reply from server"
        r"|RemoteDisconnected|RPC failed; curl|transport is closing|error reading from server: EOF"
        r"|write: broken pipe|client_loop: .*broken pipe"
        r"|socket hang up|packet_write_wait|transfer closed with|upstream connect error|connection failure"
        r"|connection closed before|Connection to .{1,60}: broken pipe|(?:get|post|put"
        r"|patch) \"https?://[^\"]*\"?: (?:unexpected )?EOF",
        (
            "read: connection reset by peer",
            "kex_exchange_identification: Connection closed by remote host",
            "rsync: connection unexpectedly closed (0 bytes received so far) [sender]",
            "curl: (52) Empty reply from server",
            "error: RPC failed; curl 92 HTTP/2 stream 0 was not closed cleanly",
            "fatal: the remote end hung up unexpectedly",
        ),
        (
            "syntax error: unexpected EOF while looking for matching quote",
            "tar: Unexpected EOF in archive",
            "connection closed cleanly after upload",
        ),
    ),
    Known(
        "connection-timed-out",
        _NETWORK,
        8,
        (
            "timed out",
            "timeout",
            "time-out",
            "time out",
            "etimedout",
            "not responding",
            "deadline",
            "did not answer",
            "did not respond",
        ),
        r"connection (?:attempt )?timed[ -]?out|connect(?:ion)? time-?out|\bETIMEDOUT\b"
        r"|operation timed out|i/o time-?out|handshake time-?out|Client\.Timeout exceeded"
        r"|net/http: (?:request canceled|timeout)|(?:read|connect|resolving|ssl|request"
        r"|socket)(?: operation)? timed out|Connect(?:ion)?Timeout|ReadTimeout"
        r"|timed? ?out (?:while )?(?:connecting|trying to connect|reaching|contacting|talking to)"
        r"|\btimeout, server \S+ not responding|server not responding"
        r"|(?:get|post|put|patch|delete|head) \"?https?://.*(?:deadline exceeded|timeout)|\bdial (?:tcp"
        r"|udp)\b.*(?:timeout|deadline)|code = DeadlineExceeded(?! desc = (?:error|failed|while) )(?<!healthcheck error: rpc error: code = DeadlineExceeded)"
        r"|(?:connect(?:ion)?|ssh|login|request) to .{1,80} timed out|timeout in data send/receive"
        r"|\bsocket\.timeout"
        r"|TimeoutError: (?:timed out|\[Errno 110\])|did not (?:answer|respond)\b"
        r"|timed out after \d+ (?:milliseconds|ms) with"
        r"|timed out waiting for (?:a )?(?:connection|response|reply|ssh|port|host|network"
        r"|privilege escalation)",
        (
            "dial tcp 10.0.0.1:6443: i/o timeout",
            "ssh: connect to host pve1 port 22: Connection timed out",
            "net/http: TLS handshake timeout",
            "curl: (28) Connection timed out after 30001 milliseconds",
            'Get "https://10.0.0.1:6443/version": context deadline exceeded',
            "requests.exceptions.ReadTimeout: HTTPSConnectionPool(host='x', port=443): Read timed out.",
        ),
        (
            "error: timed out waiting for the condition",
            "timeout: 300s",
            "got timeout - can't lock file",
            "Error: context deadline exceeded",
            "rpc error: code = DeadlineExceeded desc = error validating etcd for upgrade: etcd member ac3f is not healthy",
        ),
    ),
    Known(
        "name-not-resolved",
        _NETWORK,
        8.5,
        (
            "resolve",
            "name or service",
            "name resolution",
            "resolving",
            "no such host",
            "server misbehaving",
            "getaddrinfo",
            "enotfound",
            "eai_",
            "nodename nor servname",
            "gaierror",
            "nxdomain",
            "servfail",
            "unknown host",
            "no address associated",
            "bad address",
            "name not resolved",
        ),
        r"(?:could ?n[o']t|could not|cannot|can't) resolve (?!module|dependenc|reference|type|symbol"
        r"|conflict|variable|ref\b|revision|path|import|package|plugin|role|the module)"
        r"|unable to resolve host|failed to resolve(?: host| name| dns| '?[\w-]+\.)|name does not resolve"
        r"|name or service not known|temporary failure (?:in name resolution|resolving)"
        r"|no such host|server misbehaving|getaddrinfo|\bENOTFOUND\b|\bEAI_\w+|nodename nor servname"
        r"|gaierror|\bname not resolved\b|NXDOMAIN|SERVFAIL|unknown host\b"
        r"|could not be resolved|no address associated with|bad address '",
        (
            "curl: (6) Could not resolve host: nope.invalid",
            "dial tcp: lookup nope.invalid on 10.0.0.53:53: no such host",
            "ssh: Could not resolve hostname pve1: Name or service not known",
            "Error: getaddrinfo ENOTFOUND registry.invalid",
            "Temporary failure resolving 'deb.debian.org'",
        ),
        ("failed to resolve dependency cycle", "could not find host in inventory", "conflict resolved"),
    ),
    Known(
        "no-route",
        _NETWORK,
        8,
        (
            "no route to host",
            "unreachable",
            "ehostunreach",
            "enetunreach",
            "packet loss",
            "not reachable",
            "network is down",
        ),
        r"no route to host|(?:network|host|destination host)(?: is)? unreachable|\bEHOSTUNREACH\b"
        r"|\bENETUNREACH\b|100% packet loss|network is down"
        r"|\b(?:host|server|node|api|endpoint|port|address|gateway)\b.{0,60}\b(?:is |are |was "
        r"|are all )?(?:not reachable|unreachable)\b"
        r"|\d:\d+ (?:is )?(?:not reachable|unreachable)|cluster unreachable",
        (
            "dial tcp 10.0.0.9:6443: connect: no route to host",
            "connect: network is unreachable",
            "Error: Kubernetes cluster unreachable",
            "3 packets transmitted, 0 received, 100% packet loss, time 2040ms",
            "ERROR: host pve2 is not reachable",
        ),
        ("pve1 : ok=3 changed=0 unreachable=0 failed=1", "0% packet loss"),
    ),
    Known(
        "gateway-status",
        _NETWORK,
        8,
        ("502", "503", "504", "bad gateway", "service unavailable", "gateway time"),
        r"\b50[234] (?:bad gateway|service (?:temporarily )?unavailable|gateway time-?out|proxy)"
        r"|\bbad gateway\b|\bgateway time-?out\b|service (?:temporarily )?unavailable"
        r"|\b(?:http|https|status|code|error|response|returned|got|server)\b\W{0,4}(?:status |code "
        r"|error )?\W{0,4}(?:http/[\d.]+ )?50[234]\b|\b50[234]\b server error",
        (
            "curl: (22) The requested URL returned error: 503",
            "HTTP/1.1 502 Bad Gateway",
            "unexpected status code: 504",
            "received HTTP status 503",
        ),
        ("took 503 ms", "VM 502 started", "port 5040"),
    ),
    Known(
        "transport-error",
        _NETWORK,
        6.5,
        (
            "dial tcp",
            "dial udp",
            "dial unix",
            "max retries exceeded with url",
            "connectionerror",
            "code = unavailable",
            "curl: (",
            "proxyconnect",
            "connecterror",
            "urlopen error",
            "network error",
            "wrong version number",
            "tls handshake",
            "connection error",
            "failed to fetch",
            "ssl connection",
        ),
        r"\bdial (?:tcp|udp|unix)\b|Max retries exceeded with url|\bConnectionError\b"
        r"|does not look like a TLS handshake|\bNewConnectionError\b|code = Unavailable|proxyconnect|ConnectError|urlopen error"
        r"|curl: \((?:5|6|7|16|28|35|52|55|56|92)\)|\bnetwork error\b|wrong version number"
        r"|\bconnection error\b|unable to establish SSL connection",
        (
            "dial tcp 10.0.0.1:443: connect: cannot assign requested address",
            "curl: (35) error:1408F10B:SSL routines:ssl3_get_record:wrong version number",
            "rpc error: code = Unavailable desc = closing",
        ),
        (
            "curl: (22) The requested URL returned error: 404",
            "curl: (60) SSL certificate problem",
            "dialing back the timeout",
        ),
    ),
    Known(
        "host-unreachable-by-tool",
        _NETWORK,
        5,
        (
            "unreachable!",
            "failed to connect to the host via ssh",
            "cannot connect to the docker daemon",
            "unable to reach",
            "cannot reach",
            "could not reach",
            "failed to reach",
            "can't reach",
            "not responding",
            "no response from",
            "cannot be reached",
        ),
        r"UNREACHABLE!|failed to connect to the host via ssh|cannot connect to the docker daemon"
        r"|(?:unable to|cannot|could not|can't|failed to) reach (?!consensus|quorum)"
        r"|no response from|cannot be reached",
        (
            "fatal: [pve1]: UNREACHABLE! => {}",
            "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?",
            "ERROR: cannot reach the API at 10.0.0.5",
        ),
        ("pve1 : ok=0 unreachable=0", "etcd failed to reach consensus"),
    ),
)
