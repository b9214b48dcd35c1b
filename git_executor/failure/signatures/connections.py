"""The network in trouble, in the words of tools that nobody listed: error numbers, classes of errors, requests,
peers that went away."""

from __future__ import annotations

from ...domain import Classification
from .base import Known

_NETWORK = Classification.NETWORK_ERROR

TABLE = (
    Known(
        "errno-of-a-connection",
        _NETWORK,
        8.2,
        (
            "errno",
            "os error",
            "winerror",
            "connect call failed",
            "econn",
            "ehost",
            "enet",
            "etimed",
            "kind:",
            "mount error(",
        ),
        # the numbers of Linux, macOS and Windows: aborted, reset, timed out, refused, no route, no such name
        r"\berrno:? ?\W?(?:-[2-5]|10[0-4]|11[0-3]|5[01]|54|60|61|64|65|10051|1005[34]|1006[0145]|11001)\b"
        r"|\bos error (?:10[0-4]|11[0-3]|60|61|64|65|10051|1005[34]|1006[0145]|11001)\b"
        r"|\bwinerror (?:10051|1005[34]|1006[0145]|11001)\b|\bmount error\((?:11[0-3]|10[14])\)"
        r"|Connect call failed|\bkind: (?:Connection(?:Refused|Reset|Aborted)|TimedOut|HostUnreachable|NetworkUnreachable)"
        r"|\b(?:ECONNABORTED|EHOSTDOWN|ENETDOWN|ECONNCLOSED|EAI_\w+)\b",
        (
            "Connecting to esp.local:3232 failed: [Errno 113] Connect call failed ('10.0.0.71', 3232)",
            "error trying to connect: tcp connect error: Connection refused (os error 111)",
            "OSError: [WinError 10061] No connection could be made",
            "mount error(113): could not connect to 10.0.0.40",
        ),
        ("[Errno 13] Permission denied", "[Errno 2] No such file", "os error 2", "errno 28"),
    ),
    Known(
        "address-not-fetched",
        _NETWORK,
        8.5,  # what is then missed on the disk was to come from there
        ("://",),
        r"\b(?:get|head|post|put|patch|delete|fetch\w*|request\w*|clon\w*|download\w*) [\"'`]?\w+://[^\s\"'`]*[\"'`]?:? "
        r"(?!.*permission denied)(?:dial |net/http: |read |write |EOF|unexpected EOF|context deadline|proxyconnect|http2: |timeout|connection)",
        (
            "accumulating resources from 'https://x/crds.yaml': Get \"https://x/crds.yaml\": net/http: TLS handshake timeout:"
            " lstat /srv/https:: no such file or directory",
        ),
        (
            'Get "https://x": x509: certificate signed by unknown authority',
            "open file:///srv/x: no such file or directory",
        ),
    ),
    Known(
        "peer-went-away",
        _NETWORK,
        7.6,
        (
            "disconnect",
            "is down",
            "no reply",
            "did not reply",
            "no answer",
            "non-properly terminated",
            "syscall",
            "violation of protocol",
            "handshake",
            "http response to https",
            "tunneling",
            "healthy upstream",
            "servers could be reached",
            "communicat",
            "interrupted",
            "dropped",
            "offline",
            "empty response",
            "connection broken",
            "stream closed",
            "goaway",
            "host not found",
            "connection not available",
        ),
        r"\b(?:server|peer|remote|client|host|broker|upstream) (?:has )?(?:unexpectedly )?disconnected\b|unexpected disconnect"
        r"|\bServerDisconnected\w*|(?<!bus): (?:host|link) is down\b"
        r"|\b(?:no|without) (?:reply|answer|response) from\b|did not reply|no answer (?:from|within|after)"
        r"|non-properly terminated|SSL_ERROR_SYSCALL|SSL_connect: (?!.*certificate)|violation of protocol"
        r"|\b(?:gnutls|tls|ssl)\w*handshake\w*(?:\(\))?(?: \w+)? (?:failed|failure|error|timed out)(?!.*certificate)"
        r"|HTTP response to HTTPS client|tunneling socket|no healthy upstream|no (?:name ?)?servers could be reached"
        r"|\b(?:unable|failed|cannot|could not|couldn't) to communicate with|\b(?:cannot|could not|couldn't|error) communicat(?:e|ing) with"
        r"|communications? error to|connection (?:was )?(?:broken|dropped|interrupted|not available|cut)\b|connection broken by"
        r"|\bGOAWAY\b|\bhost not found in upstream\b|\bhost not found\b(?! in inventory)|\bempty response from\b",
        (
            "aiohttp.client_exceptions.ServerDisconnectedError: Server disconnected",
            "ssh: connect to host nas port 22: Host is down",
            "gnutls_handshake() failed: The TLS connection was non-properly terminated.",
            "OpenSSL SSL_connect: SSL_ERROR_SYSCALL in connection to git.lab.lan:443",
            "http: server gave HTTP response to HTTPS client",
            'host not found in upstream "grafana:3000"',
            ";; communications error to 10.0.0.53#53: timed out",
            "ping gateway: no reply from 10.0.0.1 within 5 s",
        ),
        (
            "Failed to connect to bus: Host is down",
            "host not found in inventory",
            "tls handshake failed: certificate has expired",
            "1 node drained and offline as planned",
        ),
    ),
    Known(
        "request-not-answered",
        _NETWORK,
        7.4,
        (
            "timed out",
            "timeout",
            "time-out",
            "timed-out",
            "expired",
            "resolving",
            "look up",
            "lookup",
            "dns",
            "sending request",
            "send request",
            "do request",
            "fetch failed",
            "error connecting",
            "failed to connect",
            "connecting to",
            "resolve",
            "name does not",
            "temporary error",
            "reach",
            "contact",
            "not responding",
            "unable to connect",
            "waiting for",
        ),
        r"\b(?:download|upload|request|response|handshake|lookup|query|session|transfer|fetch|pull|push|clone|read|write|socket|network"
        r"|server|host|api|ssh|login|discovery|resolution|command to \S+)\b.{0,40}\b(?:timed[ -]?out|time-?out(?: (?:expired|exceeded|reached))?)\b"
        r"|\b(?:connection|connect|server)\b.{0,80}\btimeout (?:expired|exceeded|was reached)"
        r"|\btime-?out (?:was reached|occurred)? ?(?:waiting|while|after|when|during|connecting|reading|on) .{0,40}\b(?:ssh|connect\w*|response|reply|handshake|server|host|port|socket|network"
        r"|\d+\.\d+\.\d+\.\d+)\b"
        r"|\berror resolving (?:\w+ )?(?:address|host|name|dns|domain|\w[\w-]*\.)|\b(?:failed to|could not|cannot|couldn't|unable to|error) look(?:ing)? ?up (?:address|host|name|the host|\"?[\w-]+\.)"
        r"|\bdns\b.{0,40}\b(?:error|fail\w*|timed out|not resol\w+|no answer|unreachable|problem)\b|\bfailed to lookup\b"
        r"|\b(?:error|failed|unable)(?: to)? (?:send|sending|do|doing|make|making|perform|performing) (?:the |a )?(?:http )?request\b(?!.*\b(?:40[0-9]|42[0-9]|500)\b)"
        r"|\bsend request failed|\bfetch failed\b|\bFetchError\b|\berror (?:while )?connecting (?:to|\()(?! bus)|\b(?:failed|unable|could not|cannot)(?: to)? connect(?:ing)?(?: to| with)?(?! (?:to )?(?:bus|the host via ssh))\b[^.]{0,60}$"
        r"|\b(?:temporary error|try again later)\).{0,20}$|\bcheck your (?:internet|network) connection"
        r"|\b(?:unable|failed|cannot|could not|couldn't|can't)(?: to)? contact\b",
        (
            "wget: download timed out",
            'connection to server at "db.lab.lan", port 5432 failed: timeout expired',
            "Error resolving IP address of esp-garage.local. Is it connected to WiFi?",
            "Timeout waiting for SSH.",
            "TypeError: fetch failed",
            "dns error: failed to lookup address information",
            "error connecting to the cluster",
            "fetching https://dl-cdn.alpinelinux.org/alpine/v3.20/main: temporary error (try again later)",
        ),
        (
            "error: timed out waiting for the condition",
            "Failed to connect to bus: Host is down",
            "helm upgrade timed out waiting for pods",
            "connecting to 10.0.0.1 ... ok",
            "dns zone written",
            "got timeout - can't lock file",
        ),
    ),
    Known(
        "network-exception",
        _NETWORK,
        8,
        ("exception", "error", "unavailable", "disconnected"),
        # classes of errors say it in their name, in any language that has such classes
        r"(?-i:\b\w*(?:UnknownHost|UnresolvedAddress|NameResolution|NoRouteToHost|HostUnreachable|NetworkUnreachable|PortUnreachable"
        r"|SocketTimeout|ConnectTimeout|ConnectionTimeout|ReadTimeout|ConnectionRefused|ConnectionReset|ConnectionClosed|ConnectionAborted"
        r"|ConnectionLost|ClosedChannel|ServerDisconnected|ServerSelectionTimeout|BrokenPipe|RemoteProtocol|ConnectionFailure)\w*"
        r"|\b\w*(?:Connect|Connector|Connection|Network|Socket|Transport|DNS|Dns|NetworkIO)(?:Error|Exception)\b|\bStatusRuntimeException: UNAVAILABLE\b)",
        (
            'Exception in thread "main" java.net.UnknownHostException: nope.invalid',
            "aiohttp.client_exceptions.ClientConnectorError: Cannot connect",
            "io.grpc.StatusRuntimeException: UNAVAILABLE: io exception",
        ),
        ("Error: connection details", "java.lang.NullPointerException", "fatal error: unavailable"),
    ),
    Known(
        "connection-in-trouble",
        _NETWORK,
        6.8,
        (
            "connection",
            "session",
            "tunnel",
            "socket",
            "unreachable",
            "timeout",
            "server has terminated",
            "no server available",
            "seems down",
            "dhcpoffers",
            "no response",
            "max retr",
            "http/",
        ),
        r"\b(?:connection|tunnel|socket|(?:ssh|lan|tls|ipmi|rmcp\+|bmc|tcp) session)\b(?! string| pool| refused: not)(?: [\w./:@-]+){0,5} (?:failed|failure|down|dead"
        r"|could not be established|not established|unavailable)\b"
        r"|\b(?:unable|failed|cannot|could not|couldn't)(?: to)? (?:open|establish|make|create|obtain|set up) (?:an? |the )?[\w/+. -]{0,24}(?:connection|session|tunnel)\b"
        r"|\bserver has terminated\b|\bno server (?:is )?available\b|\bhost seems (?:to be )?down\b|\bNo DHCPOFFERS\b|\bno response (?:to|from|within)\b"
        r"|(?<![=\w])unreachable\b(?![=:]\s?\d)(?!(?: code| statement))|\bmax retry error\b|\btimeout of \d+|\b(?:open|connect|read|write|io|network|tcp|tftp|http) timeout\b"
        r"|^HTTP/[\d.]+ 50[234]\b",
        (
            "Failed to open a connection to 10.0.0.31:22 within 30s",
            "Error: Unable to establish LAN session",
            "dhclient: No DHCPOFFERS received.",
            'launch failed: Remote "" is unknown or unreachable.',
            "AxiosError: timeout of 5000ms exceeded",
            "TCP connection to device failed.",
            "HTTP/2 503",
        ),
        (
            "pve1 : ok=0 unreachable=0",
            "unreachable: 0",
            "connection string missing",
            "warning: unreachable code",
            "session setup failed",
        ),
    ),
    Known(
        "address-not-loaded",
        _NETWORK,
        4.5,  # no reason is given: most often the network
        ("://",),
        r"\b(?:unable|failed|cannot|could not|couldn't|error)(?: to)? (?:load|get|fetch|download|retrieve|read|pull|query|open|access|clone|reach)(?:ing)?\b.{0,80}\bhttps?://",
        ("error NU1301: Unable to load the service index for source https://api.nuget.org/v3/index.json.",),
        ("reading https://x ... ok",),
    ),
)
