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
        r"(?! bus| the host via ssh)|cannot initiate the connection|ConnectException",
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
        r"|udp)\b.*(?:timeout|deadline)|code = DeadlineExceeded"
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
        ),
        r"(?:could ?n[o']t|could not|cannot|can't) resolve (?!module|dependenc|reference|type|symbol"
        r"|conflict|variable|ref\b|revision|path|import|package|plugin|role|the module)"
        r"|unable to resolve host|failed to resolve(?: host| name| dns| '?[\w-]+\.)|name does not resolve"
        r"|name or service not known|temporary failure (?:in name resolution|resolving)"
        r"|no such host|server misbehaving|getaddrinfo|\bENOTFOUND\b|\bEAI_\w+|nodename nor servname"
        r"|gaierror|NXDOMAIN|SERVFAIL|unknown host\b"
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
    Known(
        "errno-of-a-connection",
        _NETWORK,
        8.2,
        ("errno", "os error", "winerror", "connect call failed", "econn", "ehost", "enet", "etimed", "kind:", "mount error("),
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
        ('Get "https://x": x509: certificate signed by unknown authority', "open file:///srv/x: no such file or directory"),
    ),
    Known(
        "peer-went-away",
        _NETWORK,
        7.6,
        (
            "disconnect", "is down", "no reply", "did not reply", "no answer", "non-properly terminated", "syscall",
            "violation of protocol", "handshake", "http response to https", "tunneling", "healthy upstream",
            "servers could be reached", "communicat", "interrupted", "dropped", "offline", "empty response",
            "connection broken", "stream closed", "goaway", "host not found", "connection not available",
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
            "timed out", "timeout", "time-out", "timed-out", "expired", "resolving", "look up", "lookup", "dns", "sending request", "send request",
            "do request", "fetch failed", "error connecting", "failed to connect", "connecting to",
            "resolve", "name does not", "temporary error", "reach", "contact", "not responding", "unable to connect", "waiting for",
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
            "connection", "session", "tunnel", "socket", "unreachable", "timeout", "server has terminated", "no server available",
            "seems down", "dhcpoffers", "no response", "max retr", "http/",
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
        ("pve1 : ok=0 unreachable=0", "unreachable: 0", "connection string missing", "warning: unreachable code", "session setup failed"),
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
