"""Programs that take a secret as a plain argument, and other places of a command line that only its grammar tells.

One line a form: the literals one of which must be in the text (in lower case), a pattern whose group ``v`` is the secret.
"""

from __future__ import annotations

from collections.abc import Iterator

from git_executor.context.secrets.forms import (
    ARGS as _ARGS,
    BARE as _BARE,
    VALUE as _V,
    Form,
    form as _form,
    in_forms,
)
from git_executor.context.secrets.span import Span
from git_executor.context.secrets.vocabulary import Vocabulary

FORMS: tuple[Form, ...] = (
    _form("sshpass", "sshpass", r"\bsshpass[ \t]+(?:-v[ \t]+)?-p[ \t]{0,2}" + _V),
    _form("Attached", "mysql mariadb", r"\b(?:mysql|mysqldump|mysqladmin|mariadb|mariadb-dump|mariadb-admin|mysqlshow)" + _ARGS + r"-p" + _BARE),
    _form("Login", "login", r"\b(?:docker|podman|buildah|nerdctl|helm|oras|crane|skopeo|az|oc|registry|bw|npm)\b" + _ARGS + r"-p[ \t=]{1,2}" + _V),
    _form("Curl", "curl wget http", r"\b(?:curl|http|https|xh)\b" + _ARGS + r"(?:-u|--user|-U|--proxy-user|-a|--auth)[ \t=]{0,2}[\"']?[^\s:\"']{0,100}:" + _BARE, also="-u --user --proxy-user -a --auth"),
    _form("creds", "creds", r"--(?:src-|dest-)?creds[ \t=]{1,2}[\"']?[^\s:\"']{1,100}:" + _BARE),
    _form("Redis", "redis-cli", r"\bredis-cli\b" + _ARGS + r"(?:-a|--pass)[ \t=]{1,2}" + _V),
    _form("Ldap", "ldap", r"\bldap(?:search|add|modify|whoami|delete|passwd)\b" + _ARGS + r"-[ws][ \t]{0,2}" + _V),
    _form("Smb", "smbclient mount.cifs rpcclient net", r"\b(?:smbclient|rpcclient|net|smbget)\b" + _ARGS + r"-U[ \t]{0,2}[\"']?[^\s%\"']{1,100}%" + _BARE),
    _form("Ipmi", "ipmi", r"\bipmi[\w-]{0,10}\b" + _ARGS + r"-P[ \t]{0,2}" + _V),
    _form("Mqtt", "mosquitto", r"\bmosquitto_(?:pub|sub|rr)\b" + _ARGS + r"-P[ \t]{0,2}" + _V),
    _form("Snmp-c", "snmp", r"\bsnmp\w{0,12}\b" + _ARGS + r"-c[ \t]{0,2}" + _V),
    _form("Snmp-A", "snmp", r"\bsnmp\w{0,12}\b" + _ARGS + r"-A[ \t]{0,2}" + _V),
    _form("Snmp-X", "snmp", r"\bsnmp\w{0,12}\b" + _ARGS + r"-X[ \t]{0,2}" + _V),
    _form("Mongo", "mongo", r"\bmongo(?:sh|dump|restore|export|import)?\b" + _ARGS + r"-p[ \t]{0,2}" + _V),
    _form("Zip", "zip 7z unrar", r"\b(?:zip|unzip|unrar|7za?|7zr)\b" + _ARGS + r"-[pP][ \t]{0,2}" + _V),
    _form("Mc", "alias config", r"\bmc[ \t]+(?:-\S+[ \t]+)*(?:alias[ \t]+set|config[ \t]+host[ \t]+add)[ \t]+\S+[ \t]+\S+[ \t]+\S+[ \t]+" + _V, also="mc"),
    _form("Mc-id", "alias config", r"\bmc[ \t]+(?:-\S+[ \t]+)*(?:alias[ \t]+set|config[ \t]+host[ \t]+add)[ \t]+\S+[ \t]+\S+[ \t]+" + _V, also="mc"),
    _form("Htpasswd", "htpasswd", r"\bhtpasswd[ \t]+(?:-[a-zA-Z0-9]+[ \t]+)*-\w*b\w*[ \t]+(?:-\S+[ \t]+)*(?:\S+[ \t]+){1,2}" + _V + r"[\"']?[ \t]*(?:$|[|;&>)])"),
    _form("Chpasswd", "chpasswd", r"(?:echo|printf)(?:[ \t]+-\w+)*[ \t]+[\"']?[\w.$-]{1,64}:(?P<v>[^\s\"'|\\]{1,200})[^|\n]{0,40}\|[^\n]{0,40}\bchpasswd"),
    _form("Chpasswd-here", "chpasswd", r"chpasswd[^\n]{0,40}<<<[ \t]*[\"']?[\w.-]{1,64}:" + _BARE),
    _form("Piped", "echo printf", r"(?:echo|printf)(?:[ \t]+-\w+)*(?:[ \t]+[\"']?%s(?:\\n)?[\"']?)?[ \t]+[\"']?(?P<v>[^\s\"'|]{1,200})[\"']?[ \t]*\|[^\n|]{0,120}(?:--password-stdin|--token-stdin|sudo[ \t]+(?:-\w+[ \t]+)*-S|passwd\b|cryptsetup|gpg\b[^\n|]*--passphrase-fd|vault login -|login --with-token)", also="|"),
    _form("Here-string", "<<<", r"(?:--password-stdin|--token-stdin|sudo[ \t][^\n<]{0,40}-S|cryptsetup[^\n<]{0,80}|passwd[^\n<]{0,40}|kinit[^\n<]{0,40}|login[^\n<]{0,80})[ \t]*<<<[ \t]*" + _V),
    _form("vault-login", "vault login", r"\bvault[ \t]+login[ \t]+(?:-\S+[ \t]+)*" + _V),
    _form("openssl-pass", "pass:", r"-(?:pass|passin|passout|k)[ \t]+pass:" + _V),
    _form("identified", "identified password", r"\b(?:IDENTIFIED(?:[ \t]+WITH[ \t]+\S+)?[ \t]+(?:BY|AS)|(?:ENCRYPTED|UNENCRYPTED)?[ \t]*PASSWORD)[ \t]+(?:PASSWORD[ \t]+)?['\"](?P<v>[^'\"\n]{1,200})['\"]"),
    _form("netrc", "machine login", r"\blogin[ \t]+\S{1,100}\s{1,8}password[ \t]+(?P<v>\S{1,200})"),
    _form("expect-send", "send", r"(?:assword|assphrase|PIN|oken)[^\n]{0,20}\s{1,8}(?:\{[ \t]*)?send[ \t]+(?:--[ \t]+)?\"(?P<v>[^\"\\\n]{1,200})"),
    _form("requirepass", "requirepass masterauth auth_pass community passphrase", r"(?:^|\n)[ \t]*(?:CONFIG SET )?(?:requirepass|masterauth|auth_pass|passphrase|rocommunity|rwcommunity|passwd|insecure-password|password)[ \t]+" + _V),
    _form("acl-user", "setuser", r"ACL[ \t]+SETUSER[^\n]{0,200}[ \t]>(?P<v>\S{1,200})"),
    _form("Cisco", "password secret", r"\b(?:enable|username[ \t]+\S+|user[ \t]+\S+)[ \t]+(?:privilege[ \t]+\d+[ \t]+)?(?:password|secret)[ \t]+(?:[0-9][ \t]+)?" + _V),
    _form("wifi", "wpa_passphrase", r"\bwpa_passphrase[ \t]+\S+[ \t]+" + _V),
    _form("smtp-auth", "auth plain login", r"\bAUTH(?:ENTICATE)?[ \t]+(?:PLAIN|LOGIN|XOAUTH2)[ \t]+(?P<v>[A-Za-z0-9+/=]{8,2000})"),
    _form("Imap", "login", r"\bLOGIN[ \t]+\S{1,100}[ \t]+\"?(?P<v>[^\s\"]{4,200})"),
    _form("authorization", "authorization", r"\bauthorization[\"']?[ \t]{0,4}[:=][ \t\[]{0,4}[\"']?(?:(?:bearer|basic|token|apikey|digest)[ \t]+)?(?P<v>[^\s\"',;]{8,4000})"),
    _form("snmp-community", "community", r"\bsnmp-server[ \t]+community[ \t]+" + _V),
    _form("isakmp", "isakmp", r"\bisakmp[ \t]+key[ \t]+(?:[06][ \t]+)?" + _V),
    _form("Pihole", "pihole", r"\bpihole[ \t]+-a[ \t]+-p[ \t]+" + _V),
    _form("Repository", "restic borg duplicity", r"\b(?:restic|duplicity)\b" + _ARGS + r"-p[ \t]+" + _V),
    _form("sasl-passwd", "]:", r"\]:[0-9]{2,5}[ \t]+[^\s:]{1,100}:(?P<v>\S{4,200})"),
    _form("secret-command", "command cmd askpass eval", r"(?:pass(?:word|phrase|wd)?|secret|token|credential|askpass|key)[-_]?(?:command|cmd|eval)?[\"']?[ \t=:]{1,3}[\"']?(?:(?:/usr)?/bin/)?(?:echo|printf)[ \t]+(?:-n[ \t]+|[\"']?%s[\"']?[ \t]+)?\\?" + _V),
    _form("otp", "otp pin passcode code", r"\b(?:OTP|PIN|passcode|(?:verification|2fa|pairing|one-time|recovery) (?:code|pin))\b(?: is|:)?[ \t]+(?P<v>[0-9]{4,8})(?![0-9.])"),
    _form("token-add", "token", r"\btoken add\b[^\n]{0,200}\n(?:[^\n]{0,200}\n){0,10}?[^\n]{0,40}\bvalue\W{1,40}(?P<v>[0-9a-f]{8}-[0-9a-f-]{27})", after=12),
    _form("x-header", "x-", r"\bX-[\w-]{0,40}(?:Token|Key|Auth|Secret)\b[\"']?[ \t]{0,4}[:=][ \t]{0,4}" + _V, also="token key auth secret"),
    _form("rootpw", "rootpw", r"\brootpw[ \t]+(?:--(?!iscrypted)\w+[ \t]+)*" + _V),
    _form("preseed", "password", r"\bd-i[ \t]+\S*passw(?:or)?d\S*[ \t]+(?:password|string)[ \t]+" + _V),
    _form("User-login", "--user -u", r"(?<![\w-])(?:--user(?:name)?|-u)[ \t=]{1,2}[\"']?(?P<user>[A-Za-z][\w.@-]{0,64}):(?!(?P=user)\b)(?=[^\s\"']{0,200}?[0-9A-Z!@#%^*])" + _BARE),
    _form("Oracle", "sqlplus expdp impdp rman sqlldr", r"\b(?:sqlplus|expdp|impdp|rman|sqlldr)\b[^\n/]{0,200}?[ \t=\"'][\w.$#-]{1,64}/(?P<v>[^\s/@\"']{3,200})(?=@|[\s\"']|$)"),
    _form("oracle-url", "jdbc:oracle", r"\bjdbc:oracle:\w{1,8}:[\w.$#-]{1,64}/(?P<v>[^\s/@\"']{1,200})@"),
    _form("openssl-key", "openssl", r"\bopenssl[ \t]+enc\b" + _ARGS + r"-k[ \t]+" + _V),
    _form("secure-string", "convertto-securestring", r"\bConvertTo-SecureString[ \t]+(?:-String[ \t]+)?" + r"[\"'](?P<v>[^\"'\n]{1,200})[\"']"),
    _form("Windows", "net schtasks", r"\b(?:net[ \t]+user[ \t]+[\w.$-]{1,64}[ \t]+|schtasks\b[^\n]{0,200}?/rp[ \t]+)(?![/*])" + _V),
    _form("net-use", "net use", r"\bnet[ \t]+use[ \t]+(?:\w:[ \t]+)?\S{1,200}[ \t]+(?:/user:\S{1,100}[ \t]+)?(?![/*])(?P<v>[^\s\"']{4,200})(?=[ \t]+/user|[ \t]*(?:$|\n))"),
    _form("old-password", "password(", r"=[ \t]{0,3}(?:OLD_)?PASSWORD\([\"'](?P<v>[^'\"\n]{1,200})[\"']\)"),
    _form("Configured", "set", r"(?m)^[^\n]{0,40}?\b(?:set|delete)[ \t][^\n]{0,200}?[ \t][\w-]{0,40}(?:password|secret|psk|passphrase|preshared-key|private-key|community|md5-key|authentication-key)[ \t]+[\"']?(?P<v>[^\s\"']{3,200})[\"']?[ \t]*$", also="password secret psk passphrase key community"),
    _form("snmp-user", "createuser", r"\bcreateUser[ \t]+(?:-e[ \t]+\S+[ \t]+)?\S{1,64}[ \t]+(?:MD5|SHA[\w-]{0,8})[ \t]+" + _V),
    _form("snmp-private", "createuser", r"\bcreateUser[ \t][^\n]{1,200}[ \t](?:AES|DES)[\w-]{0,8}[ \t]+" + _V),
    _form("Ups", "monitor", r"\bMONITOR[ \t]+\S{1,100}@\S{1,100}[ \t]+[0-9]{1,3}[ \t]+\S{1,64}[ \t]+" + _V + r"[\"']?[ \t]+(?:master|slave|primary|secondary)"),
    _form("turn-user", "user=", r"(?m)^[ \t]*(?:lt-)?user=[A-Za-z][\w.@-]{0,64}:(?![0-9]+$)(?P<v>\S{4,200})"),
    _form("nmcli", "nmcli", r"\bnmcli\b[^\n]{0,200}?[ \t](?:password|[\w.-]{1,40}\.(?:psk|password|wep-key0|secrets?))[ \t]+(?:\"(?P<v>[^\"\n]{1,200})\")"),
    _form("nmcli-bare", "nmcli", r"\bnmcli\b[^\n]{0,200}?[ \t](?:password|[\w.-]{1,40}\.(?:psk|password|wep-key0|secrets?))[ \t]+" + _V),
    _form("Config-pass", "rclone", r"\brclone\b[^\n]{0,300}?[ \t](?:pass|password2?|token|secret_access_key)[ \t=]" + _V),
    _form("Service-user", "admin user add", r"\bmc[ \t]+admin[ \t]+user[ \t]+(?:svcacct[ \t]+)?add[ \t]+\S{1,64}[ \t]+\S{1,64}[ \t]+" + _V, also="mc"),
    _form("tsig", "nsupdate dig", r"\b(?:nsupdate|dig|knsupdate)\b[^\n]{0,100}?[ \t]-y[ \t]*(?:hmac-[\w-]{1,10}:)?[\w.-]{1,64}:" + _V),
    _form("Traced", "echo printf", r"\++[ \t](?:echo|printf)(?:[ \t]+-\w+)*(?:[ \t]+[\"']?%s(?:\\n)*[\"']?)?[ \t]+(?P<v>[^\s\"']{4,200})(?:[ \t]+[\"'][^\n]{1,200}|[ \t]*)\n\++[ \t][^\n]{0,200}?(?:--password-stdin|--token-stdin|\bpasswd\b|\bcryptsetup\b|--passphrase-fd|\bsudo[ \t]+(?:-\w+[ \t]+)*-S|--with-token)", after=2, also="+"),
    _form("Traced-quoted", "echo printf", r"\++[ \t](?:echo|printf)(?:[ \t]+-\w+)*(?:[ \t]+[\"']?%s(?:\\n)*[\"']?)?[ \t]+[\"'](?P<v>[^\n\"']{4,200})[\"'](?:[ \t]+[\"'][^\n]{1,200}|[ \t]*)\n\++[ \t][^\n]{0,200}?(?:--password-stdin|--token-stdin|\bpasswd\b|\bcryptsetup\b|--passphrase-fd|\bsudo[ \t]+(?:-\w+[ \t]+)*-S|--with-token)", after=2, also="+"),
    _form("Traced-before", "passwd cryptsetup -stdin sudo --with-token", r"\++[ \t][^\n]{0,200}?(?:--password-stdin|--token-stdin|\bpasswd\b|\bcryptsetup\b|\bsudo[ \t]+(?:-\w+[ \t]+)*-S|--with-token)[^\n]{0,200}\n\++[ \t](?:echo|printf)(?:[ \t]+-\w+)*(?:[ \t]+[\"']?%s(?:\\n)*[\"']?)?[ \t]+'?(?P<v>[^'\s\"][^'\n\"]{3,200})", after=2, also="+"),
    _form("Login-pair", "login log credential sign", r"\b(?i:log(?:in|ged| in)?|sign ?in|credentials?)\b[^\n/]{0,30}?[ \t][\"'`]?[A-Za-z][\w.@-]{0,40}[\"'`]?[ \t]?/[ \t][\"'`]?(?=\S{0,100}[0-9!@#$%^&*])(?P<v>[^\s\"'`]{5,200}?)[.,;]?[\"'`)]?(?=\s|$)"),
    _form("Pushover", "pushover://", r"\bpushover://[^\s@]{0,100}@(?P<v>[A-Za-z0-9]{20,40})"),
    _form("Zabbix-psk", "psk", r"(?m)^[ \t]*(?:TLS)?PSK[ \t=]{1,3}(?P<v>[0-9a-fA-F]{32,512})[ \t]*$"),
    _form("announced", "password passphrase secret token key", r"\b(?:password|passphrase|passwd|secret|token|key)\b[^\n]{0,100}\n[ \t*|]{0,8}(?:the )?(?:new|generated|temporary|its)[ \t]+(?:value|one|password|secret|token|key)[ \t]{0,20}(?:is|:|=)[ \t:]{0,4}" + _V, after=1),
    _form("oracle-error", "ora-", r"\bORA-[0-9]{5}[^\n]{0,200}?[ (\"'][\w$#]{1,40}/(?P<v>[^\s/@]{4,200})@"),
    _form("mosquitto-passwd", "mosquitto_passwd", r"\bmosquitto_passwd[ \t]+(?:-c[ \t]+)?-b[ \t]+\S{1,200}[ \t]+\S{1,64}[ \t]+" + _V),
    _form("sasl-plain", "sasl", r"\bSASL[ \t]+PLAIN\b[^\n]{0,40}?[: ](?P<v>(?=[A-Za-z0-9+/]{0,400}[0-9=])[A-Za-z0-9+/]{12,400}={0,2})[ \t]*(?:\n|$)"),
    _form("announce", "/announce", r"/(?P<v>[0-9a-f]{32})/announce"),
    _form("Lftp", "lftp", r"\blftp\b" + _ARGS + r"-u[ \t]*[\w.@-]{1,64},(?P<v>[^\s\"',]{3,200})"),
    _form("etcd-user", "user add", r"\betcdctl\b[^\n]{0,100}?\buser[ \t]+add[ \t]+[\w.-]{1,64}:" + _BARE),
    _form("Fed-file", "<(", r"(?:pass|secret|token|key|cred)[\w-]{0,20}[ \t=]{1,2}<\([ \t]*(?:echo|printf)[ \t]+(?:-n[ \t]+|[\"']?%s[\"']?[ \t]+)?[\"']?(?P<v>[^\s\"')]{3,200})"),
    _form("query-key", "appid= apikey= passkey= key=", r"[?&](?:appid|app_?key|apikey|passkey|key|k)=(?P<v>[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})(?![\w])"),
)  # fmt: skip


def in_commands(text: str, lowered: str, known: Vocabulary) -> Iterator[Span]:
    """Secrets that stand at a known place of a command."""
    return in_forms(text, lowered, known, FORMS)
