"""Firewalls opened: by calls of their tools, and by lines of their own rule files."""

from __future__ import annotations

import re
from collections.abc import Iterator

from git_executor.lazy import lazy
from git_executor.policy.calls import Call, Script
from git_executor.policy.registry import also

_OPENS = "opens the firewall to everybody"
_PORTS = lazy(r"(?:^|[\s=,{'\"])(\d{1,5})\s*[-:]\s*(\d{1,5})(?=$|[\s,}/'\"])")


def _wide(text: str) -> bool:
    """Whether a range of ports takes in nearly all of them."""
    return any(int(last) - int(first) > 20_000 for first, last in _PORTS.findall(text))


@also(
    "iptables ip6tables iptables-nft ip6tables-nft nft ufw firewall-cmd firewall-offline-cmd pfctl ipfw npfctl csf shorewall ferm awall uci esxcli netsh pvesh aws hcloud gcloud az doctl oci wg"
)
def _opened(call: Call, script: Script) -> str:
    told, words, name = " ".join(call.texts()), call.plain(), call.name
    if name.startswith(("iptables", "ip6tables")):
        if re.search(r"(?:^|\s)(?:-D|--delete)\s+(?:INPUT|FORWARD)\b.*\b(?:DROP|REJECT)\b", told):
            return "opens the firewall"
        accepts = re.search(r"(?:^|\s)(?:-A|-I|--append|--insert)\b.*\bACCEPT\b", told) and not re.search(
            r"\s-s\s|--source|--src", told
        )
        return _OPENS if accepts and _wide(told) else ""
    if name == "nft":
        return _OPENS if "accept" in words and not _narrow(told) and words[:1] in (["add"], ["insert"]) else ""
    if name == "ufw":
        return (
            _OPENS
            if words[:1] == ["allow"] and _wide(told) and not re.search(r"\bfrom (?!any|0\.0\.0\.0)", told)
            else ""
        )
    if name.startswith("firewall-"):
        rich = re.search(r"--add-rich-rule[= ](.*)", told)
        open_rich = rich and "accept" in rich[1] and not re.search(r"source |port |service |protocol ", rich[1])
        return (
            _OPENS
            if open_rich
            or ("--add-port" in told and _wide(told))
            or re.search(r"--add-source[= ](?:0\.0\.0\.0|::)/0|--(?:remove-rich-rule|set-log-denied=off)", told)
            else ""
        )
    if name in ("pfctl", "ipfw", "npfctl", "csf", "shorewall", "ferm", "awall"):
        off = re.search(
            r"(?:^|\s)(?:-d|-F\s?\w*|-x|-f|-fa?|-F|flush|clear|stop|disable|-f flush|--flush)(?=\s|$)", told
        )
        checks = re.search(r"(?:^|\s)-\w*n\w*(?=\s|$)", told) or (name == "pfctl" and re.search(r"^-f\s+\S+$", told))
        return "empties the firewall" if off and not checks else ""
    if name == "uci":
        return (
            _OPENS if re.search(r"firewall\S*\.(?:input|forward)=[\"']?ACCEPT|firewall\S*enabled=[\"']?0", told) else ""
        )
    if name == "esxcli":
        return _OPENS if re.search(r"firewall\b.*(?:--enabled|-e)[ =]false|default-action[ =]true", told) else ""
    if name == "netsh":
        return _OPENS if re.search(r"(?i)firewall\b.*(?:state off|reset|opmode disable)", told) else ""
    if name == "pvesh":
        return (
            _OPENS
            if "firewall" in told and re.search(r"--?(?:enable[ =]0|policy_(?:in|forward)[ =]ACCEPT)\b", told)
            else ""
        )
    cloud = re.search(r"0\.0\.0\.0/0|::/0", told) and re.search(
        r"(?i)ingress|firewall|nsg|security|inbound|allow", told
    )
    ssh_only = re.search(r"(?:--port|port|rules)[= ](?:tcp:)?(?:80|443)\b", told)
    return _OPENS if cloud and not ssh_only else ""


def _narrow(text: str) -> bool:
    """Whether an nftables rule says whom or what it accepts."""
    text = re.sub(r"(?:saddr|daddr)\s+(?:0\.0\.0\.0/0|::/0)", "", text)
    says = re.search(
        r"\b(?:saddr|daddr|dport|sport|iif\w*|oif\w*|ct\s+(?:state|status|mark)|icmp\w*|l4proto|protocol|mark|fib|vmap|meta|ip6? |type|ether)\b|@\w+",
        text,
    )
    return bool(says) and not (_wide(text) and "saddr" not in text and "iif" not in text)


_NFT_FILE = lazy(
    r"\.(?:nft|nftables|rules)$|(?:^|/)nftables?(?:\.conf)?(?:\.j2)?$|nftables[\w.-]*\.(?:conf|j2)$|\.nft\.j2$"
)
_PF_FILE = lazy(r"(?:^|/)pf[\w.-]*\.conf(?:\.j2)?$|\.pf$")
_ROUTEROS_FILE = lazy(r"\.rsc(?:\.j2)?$")
_PVE_FILE = lazy(r"\.fw(?:\.j2)?$|(?:^|/)firewall/\S+")
_SAVED_FILE = lazy(r"(?:^|/)(?:rules\.v[46]|ip6?tables[\w.-]*|.*\.iptables)(?:\.j2)?$")


def opened_lines(path: str, text: str) -> Iterator[tuple[str, int]]:
    """(message, line) for each rule of a firewall's own file that lets everybody in."""
    judge = next((judge for pattern, judge in _DIALECTS if pattern.search(path)), None)
    if judge is None:
        return
    for number, raw in enumerate(text.split("\n")[:20_000], 1):
        line = " ".join(raw.split("#")[0][:1000].split())
        message = judge(line) if line else ""
        if message:
            yield message, number


def _nft(line: str) -> str:
    if re.search(r"\btype filter hook (?:input|forward)\b.*\bpolicy accept\b", line) or re.match(
        r"policy accept\b", line
    ):
        return "lets everything in that no rule names"
    accepts = re.search(r"(?:^|\s)accept\b", line) and not re.search(
        r"^(?:chain|type|policy|table|define|set|map|elements)\b|output", line
    )
    return _OPENS if accepts and not _narrow(line) else ""


def _pf(line: str) -> str:
    if re.match(r"set skip on (?!\{? ?lo)", line):
        return "lets an interface go unfiltered"
    passes = re.match(r"pass\b(?! out\b)", line)
    says = re.search(
        r"\b(?:port|proto (?!any)|from (?!any|all|0\.0\.0\.0/0)|inet6? proto|to (?!any|all)\S+|icmp|state)\b", line
    )
    return _OPENS if passes and (not says or _wide(line)) else ""


def _routeros(line: str) -> str:
    if re.search(
        r"/?ip(?:v6)?[ /]firewall[ /]\w+ (?:remove|disable)\b|/system[ /](?:reset-configuration|reboot|shutdown)|^(?:remove|disable) \[ ?find",
        line,
    ):
        return "takes rules or the configuration away"
    if re.search(r"service[ /]?\s*(?:set|enable) (?:telnet|ftp|www|api)\b(?!.*disabled=yes)", line):
        return "opens a way in that is not protected"
    accepts = re.search(r"\badd\b.*\baction=accept\b", line) and re.search(r"chain=(?:input|forward)", line)
    says = re.search(
        r"\b(?:src-address(?:-list)?=(?!0\.0\.0\.0/0)|dst-port|protocol=|connection-state|in-interface|connection-nat-state|ipsec-policy|dst-address)",
        line,
    )
    return _OPENS if accepts and (not says or _wide(line.replace("=", " "))) and "disabled=yes" not in line else ""


def _pve(line: str) -> str:
    if re.match(r"(?i)policy_(?:in|forward)\s*:\s*ACCEPT", line) or re.match(r"(?i)enable\s*:\s*0", line):
        return "switches the firewall off"
    accepts = re.match(r"IN\s+(?:ACCEPT|\w+\(ACCEPT\))", line)
    everybody = not re.search(r"-source\s+(?!0\.0\.0\.0/0|::/0)", line)
    return (
        _OPENS
        if accepts and everybody and (_wide(line) or not re.search(r"-(?:dport|p|proto)\b|\w\(ACCEPT\)", line))
        else ""
    )


def _saved(line: str) -> str:
    if re.match(r":(?:INPUT|FORWARD) ACCEPT\b", line):
        return "lets everything in that no rule names"
    return (
        _OPENS
        if re.fullmatch(r"-A (?:INPUT|FORWARD) -j ACCEPT", line)
        or (re.match(r"-A INPUT\b.*-j ACCEPT", line) and _wide(line) and " -s " not in line)
        else ""
    )


_DIALECTS = (
    (_ROUTEROS_FILE, _routeros),
    (_PF_FILE, _pf),
    (_PVE_FILE, _pve),
    (_SAVED_FILE, _saved),
    (_NFT_FILE, _nft),
)
