# ruff: noqa: RUF001 - tools print typographic quotes
"""Authentication and authorisation: files, accounts, keys, certificates, tokens, roles."""

from __future__ import annotations

from ...domain import Classification
from .base import Known

_DENIED = Classification.PERMISSION_DENIED

TABLE = (
    Known(
        "permission-denied",
        _DENIED,
        8.3,
        (
            "permission",
            "eacces",
            "eperm",
            "not permitted",
            "access is denied",
            "not granted",
            "unable to read",
        ),
        r"permission denied|\bEACCES\b|\bEPERM\b|operation not permitted|access is denied"
        r"|permission to \S+ denied"
        r"|\b(?:lacks?|missing|insufficient|not enough|no|without|(?<!or you )do not have|don't have|doesn't have"
        r"|does not have)"
        r"(?: the)?(?: required| sufficient| needed| necessary| right| proper| correct)? permissions?\b|PermissionError|access .{0,40}not granted"
        r"|bad owner or permissions|to modify kube config permissions",
        (
            "cat: /etc/shadow: Permission denied",
            "chown: changing ownership of '/etc': Operation not permitted",
            "remote: Permission to org/repo.git denied to deploy-bot.",
            "user lacks permission VM.Allocate",
            "Error: EACCES: permission denied, mkdir '/opt/x'",
        ),
        ("permission check passed", "checking permissions of /etc/pve ... ok", "setting permissions to 0600"),
    ),
    Known(
        "ssh-authentication",
        _DENIED,
        8.5,
        (
            "publickey",
            "host key verification",
            "host identification",
            "authentication failures",
            "unprotected private key",
            "too open",
            "bad permissions",
            "no matching host key",
            "incorrect passphrase",
            "no supported authentication",
            "unable to authenticate",
        ),
        r"permission denied \((?:\S*publickey|\S*password|\S*keyboard)|host key verification failed"
        r"|host identification has changed"
        r"|too many authentication failures|unprotected private key file"
        r"|permissions \d+ for .* are too open|bad permissions"
        r"|incorrect passphrase|unable to authenticate|no supported authentication methods",
        (
            "root@10.0.0.5: Permission denied (publickey,password).",
            "Host key verification failed.",
            "Received disconnect from 10.0.0.5 port 22:2: Too many authentication failures",
            "ssh: handshake failed: ssh: unable to authenticate, attempted methods [none publickey]",
        ),
        ("debug1: Authentications that can continue: publickey",),
    ),
    Known(
        "http-401-403",
        _DENIED,
        8,
        ("401", "403", "unauthorized", "unauthorised", "forbidden"),
        r"\b40[13] (?:unauthori[sz]ed|forbidden|no ticket|permission|authentication|invalid|access)"
        r"|\b(?:http|https|status|code|error|response|returned|got|server|rc)\b\W{0,4}(?:status |code "
        r"|error )?\W{0,4}(?:http/[\d.]+ )?40[13]\b"
        r"|\b40[13] (?:http )?(?:status|response|error)(?: code)?\b|\b(?:response|status|code|got|received|returned|with)\b(?: an?)?(?: http| status| code| error){0,3}\W{1,3}40[13]\b(?! \w+ (?:bytes|files|items|rows|ms))"
        r"|\b40[13]\b (?:client )?error|\bunauthori[sz]ed\b(?! (?:user )?check)|\bis forbidden\b"
        r"|\bforbidden:|\(forbidden\)|: forbidden\b",
        (
            "curl: (22) The requested URL returned error: 403",
            "HTTP Error 401: Unauthorized",
            "received 401 status code from request",
            "unexpected response code: 403",
            "server replied with status 401",
            "error: You must be logged in (Unauthorized)",
            'Error from server (Forbidden): pods is forbidden: User "x" cannot list',
            "status code: 403",
            "401 no ticket",
        ),
        ("took 403 ms", "status code 4013", "processed 401 files", "error code 4031", "listening on port 401"),
    ),
    Known(
        "kubernetes-rbac",
        _DENIED,
        9,
        ("cannot", "provide credentials", "logged in to the server", "is not allowed"),
        r"\bcannot (?:get|list|watch|create|update|patch|delete|deletecollection|impersonate|bind"
        r"|escalate) resource\b"
        r"|asked for the client to provide credentials|must be logged in to the server",
        (
            'User "system:serviceaccount:flux:x" cannot patch resource "secrets" in API group ""',
            "error: You must be logged in to the server (Unauthorized)",
        ),
        ("cannot patch resources in parallel",),
    ),
    Known(
        "authentication-failed",
        _DENIED,
        8,
        (
            "authenticat",
            "invalid auth",
            "credential",
            "password",
            "login",
            "token",
            "denied",
            "username",
            "not authorized",
            "not authorised",
            "not allowed",
            "sudoers",
            "manipulation",
            "terminal is required",
            "no tty present",
            "must have a tty",
            "api key",
        ),
        r"\bauthentication (?:failed|failure|error|required|is required|was not successful|unsuccessful"
        r"|handshake failed(?!: (?:read|write|dial|EOF|context|connection|.{0,200}connection reset)))|failed to authenticate(?! some domains)"
        r"|(?:could not|couldn't|unable to|cannot) authenticate|\binvalid auth(?:entication|orization)?\b|\bnot authenticated\b|(?<!\()\bUnauthenticated\b(?!\))"
        r"|(?:invalid|bad|wrong|incorrect|expired|missing|no)(?: or expired)? (?!machine "
        r"|join )(?:\w+ )?(?:credentials?|passwords?|passphrase|login|(?:api |access |auth |bearer "
        r"|pve )?tokens?\b(?! ['\"`«„“‘])|api key)"
        r"|(?:token|credentials?|password|api key)\b.{0,40}\b(?:is invalid|has expired|is expired|expired"
        r"|was rejected|rejected|is not valid|is incorrect)"
        r"|authentication token manipulation|could not read (?:username|password) for"
        r"|\baccess (?:was )?denied\b|\bdenied: (?:requested|permission|access|user)|[\"']: denied$"
        r"|pull access denied"
        r"|\bnot authori[sz]ed\b|a (?:password|terminal) is required|no tty present|is not in the sudoers"
        r"|(?:is|are) not allowed to (?:execute|run|push|pull|access|perform|create|read|write|view|use"
        r"|connect|delete|modify)"
        r"|must have a tty"
        r"|no basic auth credentials|login (?:failed|incorrect)|Access denied for user",
        (
            "fatal: Authentication failed for 'https://git.lab.example/x.git/'",
            "fatal: could not read Username for 'https://git.lab.example'",
            "sudo: a password is required",
            "remote: HTTP Basic: Access denied",
            "401 authentication failure",
            "denied: requested access to the resource is denied",
            "rpc error: code = Unauthenticated desc = missing token",
            "Error: invalid API token",
            "sudo: a terminal is required to read the password; either use the -S option",
        ),
        (
            "syntax error near unexpected token `fi'",
            "invalid token '}' in expression",
            "loading credentials from env",
            "password file written",
            "reading token from /run/secrets/token",
            "- Installed hashicorp/oci v6.13.0 (unauthenticated)",
        ),
    ),
    Known(
        "rpc-permission",
        _DENIED,
        9,
        ("permissiondenied", "accessdenied", "permission check failed", "not authorized"),
        r"code = PermissionDenied|\bAccessDenied(?:Exception)?\b|Permission check failed",
        (
            "rpc error: code = PermissionDenied desc = not authorized",
            "403 Permission check failed (/vms/100, VM.Config.Disk)",
        ),
        ("Permission check passed",),
    ),
    Known(
        "needs-root",
        _DENIED,
        7.5,
        ("root", "superuser", "privileges", "insufficient", "only root"),
        r"must be (?:run )?(?:as )?(?:root|superuser|the superuser)|are you root|(?:run|re-?run"
        r"|execute)(?: this| it)?(?: script| command)? as root"
        r"|(?:requires?|needs?) (?:root|superuser|administrator)\b|need to be root|root privileges"
        r"|only root can|insufficient (?:privileges|rights|access|scopes?)"
        r"|(?:are|is) not root\b|must have root|(?:under|as) the root user",
        (
            "E: Unable to acquire the dpkg frontend lock, are you root?",
            "mount: /mnt: must be superuser to use mount.",
            "This script must be run as root",
            "only root can set 'hookscript' config",
            "ERROR: please run as root",
        ),
        ("running as root", "root file system resized"),
    ),
    Known(
        "certificate-not-trusted",
        _DENIED,
        8,
        ("certificate", "x509", "ssl_cert", "self signed", "self-signed"),
        r"\bx509: |certificate (?:signed by unknown|verify failed|verification failed|has expired"
        r"|is not (?:yet )?valid|required|is not trusted|problem)"
        r"|SSL certificate problem|self[- ]signed certificate|unable to get (?:local )?issuer certificate"
        r"|bad certificate"
        r"|unknown certificate|server certificate verification failed|certificate is (?:expired|invalid)"
        r"|certificate common name",
        (
            "tls: failed to verify certificate: x509: certificate signed by unknown authority",
            "curl: (60) SSL certificate problem: unable to get local issuer certificate",
            "remote error: tls: bad certificate",
            "server certificate verification failed. CAfile: none",
        ),
        (
            "generating self signed cert for the API",
            "certificate written to /etc/ssl",
            "certificate request approved",
        ),
    ),
    Known(
        "git-ownership",
        _DENIED,
        7.5,
        ("dubious ownership", "protected branch"),
        r"detected dubious ownership|protected branch hook declined|refusing to allow",
        (
            "fatal: detected dubious ownership in repository at '/srv/homelab'",
            "! [remote rejected] main -> main (protected branch hook declined)",
        ),
        ("ownership of /srv/homelab changed",),
    ),
    Known(
        "not-allowed",
        _DENIED,
        7.8,
        (
            "denied",
            "not authori",
            "unauthori",
            "privilege",
            "not allowed",
            "permission error",
            "pg_hba",
            "unless you are root",
            "forbidden",
            "invalid_grant",
            "invalid_client",
            "invalid_token",
            "signaturedoesnotmatch",
            "invalidaccesskey",
            "expiredtoken",
            "passphrase",
            "password",
            "secret id",
            "role or secret",
            "auth",
            "logon",
            "agent refused",
            "protected branch",
            "token does not",
            "user",
            "bad user name",
            "login required",
            "sign in",
            "signed in",
            "logged in",
            "log in",
            "as root",
            "noauth",
            "wrongpass",
        ),
        r"\b(?:access|permission|request|operation|login|authorization|authorisation|connection)\b.{0,40}\b(?:is|was|been) denied\b"
        r"|^denied: |\bnot authori[sz]ed\b|\bunauthori[sz]ed(?:access)?\w*(?:exception|error)\b"
        r"|\b(?:elevated|root|admin(?:istrator)?|superuser|sufficient|required) privileges?\b(?=.{0,40}(?:$|\.|required|needed))|\bneeds? elevated\b"
        r"|\bnot allowed to\b|\bpermission error\b|no pg_hba\.conf entry|unless you are root|\binvalid_(?:grant|client|token)\b"
        r"|\b(?:SignatureDoesNotMatch|InvalidAccessKeyId|ExpiredToken|InvalidClientTokenId)\b|\b(?:NOAUTH|WRONGPASS)\b"
        r"|\b(?:passphrase|password|pass ?word|secret|key)\b.{0,60}\b(?:is|was) (?:incorrect|wrong|invalid|rejected)\b"
        r"|\binvalid role or secret id|\bauth(?:entication|orization|orisation)? (?:is )?(?:invalid|unavailable|violation|failed)\b|\blogon failure\b|\bagent refused\b|\bprotected branch\b"
        r"|\btoken does not match\b|\binvalid user ?name or password|\bbad user ?name\b|\b(?:wrong|bad|incorrect) (?:user ?name|password|passphrase)\b"
        r"|\b(?:not|must be|need to be|please|to) (?:currently )?(?:sign|log)(?:ged|ed)? in\b|\blogin required\b"
        r"|\bmust be run (?:as|by|with) (?:root|sudo)|\binstallation not allowed\b|\bprivilege separation\b",
        (
            "denied: installation not allowed to Create organization package",
            "passphrase supplied in BORG_PASSPHRASE is incorrect.",
            'FATAL:  no pg_hba.conf entry for host "10.0.0.5", user "x", database "y"',
            "Connection Refused: not authorised.",
            "System.UnauthorizedAccessException: Access to the path 'C:\\x' is denied.",
            "error: you cannot perform this operation unless you are root.",
            "failed to get token: oidc: invalid_grant",
            "this command needs elevated privileges",
            "[errno 1] RADOS permission error (error connecting to the cluster)",
        ),
        (
            "access granted",
            "logged in as ops",
            "escalating privileges with sudo",
            "mapping values are not allowed here",
        ),
    ),
    Known(
        "certificate-chain",
        _DENIED,
        8.2,
        ("certif", "pkix", "unknownissuer", "unknownca", "cert_", "certificate_", "alternative", "unable to verify"),
        r"unable to verify the (?:first|leaf) certificate|\bPKIX path|unable to find valid certification path"
        r"|invalid peer certificate|\bUnknown(?:Issuer|CA)\b|no alternative certificate subject name|certificate subject name"
        r"|\b(?:UNABLE_TO_\w+|SELF_SIGNED_CERT\w*|CERT_\w+|DEPTH_ZERO\w*|CERTIFICATE_VERIFY_FAILED)\b"
        r"|\bcertificate\b.{0,80}\b(?:unknown authority|is not trusted|not trusted|has expired|is expired|revoked|does not match|not match|mismatch"
        r"|verif\w+ failed|is not valid|untrusted|hostname)\b",
        (
            "Error: unable to verify the first certificate",
            "javax.net.ssl.SSLHandshakeException: PKIX path building failed: unable to find valid certification path",
            "curl: (60) SSL: no alternative certificate subject name matches target host name 'pve1'",
            "invalid peer certificate: UnknownIssuer",
        ),
        ("certificate issued", "requesting certificate for lab.example", "waiting for certificate to become ready"),
    ),
    Known(
        "denied-exception",
        _DENIED,
        8.2,
        ("error", "exception", "denied", "unauth", "forbidden"),
        # classes of errors say it in their name, in any language that has such classes
        r"(?-i:\b\w*(?:PermissionDenied|AccessDenied|Unauthorized|Unauthorised|Unauthenticated|NotAuthorized|Forbidden|AuthenticationFailed"
        r"|AuthFailed|InvalidCredential|BadCredential|NotPermitted|InsufficientPermission|InsufficientPrivilege)s?(?:Error|Exception)?\b"
        r"|\b\w*(?:Authentication|Authorization|Permission|Auth|Credentials?)(?:Error|Exception)\b)",
        (
            "java.nio.file.AccessDeniedException: /var/lib/x",
            "proxmoxer.backends.https.AuthenticationError: Couldn't authenticate user",
            "google.api_core.exceptions.Forbidden: 403",
        ),
        ("authorization error budget", "java.lang.NullPointerException"),
    ),
)
