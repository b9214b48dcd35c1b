"""Proxmox: a parameter whose value has the wrong form. Where the value stands, directly or in a variable, and its right form."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from git_executor.fixers.playbook.places import Place, replaced
from git_executor.fixers.playbook.rule import Case, Fix, Rule, Said

_FILES = 100
_VALUE = r"(?:\"(?P<double>[^\"\n]*)\"|'(?P<single>[^'\n]*)'|(?P<bare>[^\s;|&#\"',)]+))"
_VARIABLE = r"\$\{?(?P<variable>\w+)(?::?-(?P<default>[^}]*))?\}?"
_HEADS = (r"(?<![\w-])--?NAME[ =]+", r"^[ \t]*(?:- )?\"?NAME\"?[ \t]*[:=][ \t]*")


def values(case: Case, name: str) -> Iterator[tuple[str, Place]]:
    """Every value that the stage's files give to an option or key, and its place; of a variable, what it is set to."""
    for path in case.candidates[:_FILES]:
        text = case.text(path)
        for head in _HEADS if name in text else ():
            for match in re.finditer(head.replace("NAME", re.escape(name)) + _VALUE, text, re.MULTILINE):
                yield from _resolved(path, text, match)


def _resolved(path: str, text: str, match: re.Match[str]) -> Iterator[tuple[str, Place]]:
    group = match.lastgroup or "bare"
    variable = re.fullmatch(_VARIABLE, match[group])
    if variable is None:
        yield match[group], Place.of(path, text, match.start(group), match.end(group))
        return
    if variable["variable"].isdigit():
        yield from _arguments(path, text, match.start(), int(variable["variable"]))
        return
    pattern = rf"(?:^[ \t]*|(?<=[ \t]))(?:(?:export|local|readonly|declare) +)*{variable['variable']}=" + _VALUE
    for given in re.finditer(pattern, text, re.MULTILINE):
        group = given.lastgroup or "bare"
        own = re.fullmatch(_VARIABLE, given[group])
        if own and own["variable"].isdigit():
            yield from _arguments(path, text, given.start(), int(own["variable"]))
        elif own is None:
            yield given[group], Place.of(path, text, given.start(group), given.end(group))
        elif own["default"]:
            at = given.start(group) + own.start("default")
            yield own["default"], Place.of(path, text, at, at + len(own["default"]))


def _arguments(path: str, text: str, inside: int, number: int) -> Iterator[tuple[str, Place]]:
    """What the calls of the function around a place give as its argument of that number."""
    heads = list(re.finditer(r"^(?:function[ ]+)?([A-Za-z_][\w-]*)[ ]*\([ ]*\)", text[:inside], re.MULTILINE))
    if not heads:
        return
    word = r"(?:\"[^\"\n]*\"|'[^'\n]*'|[^\s;|&#\"']+)"
    for call in re.finditer(rf"^[ \t]*{re.escape(heads[-1][1])}(?:[ \t]+{word}){{{number - 1}}}[ \t]+(?P<last>{word})", text, re.MULTILINE):
        bare = call["last"].strip("\"'")
        at = call.start("last") + (call["last"] != bare)
        yield bare, Place.of(path, text, at, at + len(bare))


# --- forms ----------------------------------------------------------------------------------------------


def dns_name(value: str) -> str | None:
    """``k3s_cp 1`` -> ``k3s-cp-1``; ``None`` where the value is a name as it is, or no name can be made of it."""
    wanted = re.sub(r"[_\s]+", "-", value.strip()).strip("-.")
    label = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
    return wanted if wanted != value and re.fullmatch(rf"{label}(?:\.{label})*", wanted) else None


def megabytes(value: str) -> str | None:
    """``4G``, ``4 GiB``, ``4096MB``, ``4,096`` -> ``4096``."""
    match = re.fullmatch(r"(\d+)\s*(g|gb|gib|gi|m|mb|mib|mi)", value.strip(), re.IGNORECASE)
    if match:
        return str(int(match[1]) * (1024 if match[2].lower().startswith("g") else 1))
    grouped = re.fullmatch(r"(\d{1,3})[,_' ](\d{3})", value.strip())
    return grouped[1] + grouped[2] if grouped else None


def machine_id(value: str) -> str | None:
    match = re.fullmatch(r"(?:vm|ct|id|#|no\.?|vmid)[-_ ]?([1-9]\d{2,8})|0+([1-9]\d{2,8})", value.strip(), re.IGNORECASE)
    return (match[1] or match[2]) if match else None


_WORDS = {"one": "1", "two": "2", "three": "3", "four": "4", "six": "6", "eight": "8", "twelve": "12", "sixteen": "16"}


def count(value: str) -> str | None:
    match = re.fullmatch(r"(\d+)\s*(?:cores?|v?cpus?|sockets?|threads?|c)", value.strip(), re.IGNORECASE)
    return match[1] if match else _WORDS.get(value.strip().lower())


def vlan(value: str) -> str | None:
    match = re.fullmatch(r"(?:vlan|tag|id)[-_. ]?(\d{1,4})", value.strip(), re.IGNORECASE)
    return match[1] if match and 0 < int(match[1]) < 4095 else None


_MEMORY = ("memory", "balloon", "swap", "shares")
_NUMBERS: dict[str, Callable[[str], str | None]] = {
    **dict.fromkeys(_MEMORY, megabytes), **dict.fromkeys(("cores", "sockets", "vcpus"), count),
    **dict.fromkeys(("vmid", "newid"), machine_id), "tag": vlan,
}  # fmt: skip


# --- rules ----------------------------------------------------------------------------------------------


def invalid_name(case: Case, said: Said) -> Iterator[Fix]:
    """A name with underscores or blanks, where it is written once in all of the stage's files."""
    found = {(place.path, place.start): (value, place) for value, place in values(case, said["name"]) if dns_name(value)}
    if len(found) != 1:
        return
    ((value, place),) = found.values()
    written = sum(len(re.findall(rf"(?<![\w-]){re.escape(value)}(?![\w-])", case.text(path))) for path in case.candidates)
    if written == 1:
        wanted = dns_name(value) or value
        yield from replaced(case, [place], wanted, f"Corrected the name {value} to {wanted}",
                            f"Proxmox takes a DNS name for {said['name']}: letters, digits and dashes.")  # fmt: skip
    else:
        case.advise(f"{value} is no DNS name, and other places use it too; rename it in all of them")


def number(case: Case, said: Said) -> Iterator[Fix]:
    """``memory: type check ('integer') failed - got '4G'``: megabytes for memory, a plain number elsewhere."""
    part = said.get("part")
    name = said["name"] if part in ("", "current") else part
    form = _NUMBERS.get(name)
    wrong = said.get("value")
    if form is None:
        return
    if wrong:
        wanted = form(wrong)
        found = [place for place in _standing(case, wrong) if wanted and _speaks_of(place.line, name)]
    else:
        spellings = (name, "VMID", "VM_ID", "CTID", "vm_id") if form is machine_id else (name,)
        given = {(place.path, place.start): (value, place) for spelling in spellings for value, place in values(case, spelling) if form(value)}
        found = [place for _, place in given.values()]
        wrong, wanted = (next(iter(given.values()))[0], form(next(iter(given.values()))[0])) if len(given) == 1 else ("", None)
    if wanted is None or len(found) != 1 or (name in ("vmid", "newid") and not _is_used(case, wanted)):
        return
    unit = " of megabytes" if name in _MEMORY else ""
    yield from replaced(case, found, wanted, f"Wrote {name} as the number {wanted}", f"Proxmox wants {name} as a plain number{unit}, not {wrong!r}.")


def _standing(case: Case, word: str) -> Iterator[Place]:
    for path in case.candidates[:_FILES]:
        text = case.text(path)
        for match in re.finditer(rf"(?<![\w.]){re.escape(word)}(?![\w.])", text):
            place = Place.of(path, text, match.start(), match.end())
            if not place.line.lstrip().startswith("#"):
                yield place


def _speaks_of(line: str, name: str) -> bool:
    also = {"memory": r"|mem|ram|_mb\b", "vmid": r"|\b(?:qm|pct)\b|vm_?id", "newid": r"|clone", "tag": r"|vlan", "cores": r"|cpu"}
    return re.search(rf"(?i){re.escape(name)}{also.get(name, '')}", line) is not None


def _is_used(case: Case, number: str) -> bool:
    """Whether another command of the stage speaks of that machine."""
    return any(re.search(rf"\b(?:qm|pct)\s+\w+\s+{number}\b|\$\{{?\w*(?:VM|CT|ID|vm|ct|id)\w*", case.text(path)) for path in case.candidates[:_FILES])


def hardware_address(case: Case, said: Said) -> Iterator[Fix]:
    """``BC-24-11-…``: colons between the bytes."""
    pattern = r"(?<![\w:-])[0-9A-Fa-f][02468ACEace](?:(?:-[0-9A-Fa-f]{2}){5}|(?:\.[0-9A-Fa-f]{2}){5})(?![\w:-])"
    found = [(path, match) for path in case.candidates[:_FILES] for match in re.finditer(pattern, case.text(path))]
    if len(found) == 1:
        path, match = found[0]
        wanted = re.sub(r"[-.]", ":", match[0])
        place = Place.of(path, case.text(path), match.start(), match.end())
        yield from replaced(case, [place], wanted, f"Wrote the MAC address as {wanted}", "Proxmox wants colons between the bytes of a MAC address.")


def prefix_length(case: Case, said: Said) -> Iterator[Fix]:
    """``ip=10.0.0.21`` without its prefix length, where all other addresses of that network have the same one."""
    found = [(path, match) for path in case.candidates[:_FILES]
             for match in re.finditer(r"(?<![\w.])ip=(?P<network>\d+\.\d+\.\d+)\.\d+(?![\d./])", case.text(path))]  # fmt: skip
    if len(found) != 1:
        return
    path, match = found[0]
    network = re.escape(match["network"])
    lengths = {length for other in case.candidates[:_FILES] for length in re.findall(rf"(?<![\d.]){network}\.\d+/(\d+)", case.text(other))}
    if len(lengths) == 1:
        length = next(iter(lengths))
        place = Place.of(path, case.text(path), match.end(), match.end())
        yield from replaced(case, [place], f"/{length}", f"Added the prefix length /{length} to {match[0]}",
                            "Proxmox wants an address with its prefix length; all others of that network have this one.")  # fmt: skip
    else:
        case.advise(f"{path} gives {match[0]} without a prefix length; a person must say which network it is")


RULES: tuple[Rule, ...] = (
    Rule("proxmox-name", ("valid dns name", "valid hostname"),
         (r"(?<![\w.])(?P<name>name|hostname): (?:invalid format - )?value does not look like a valid (?:DNS|host)\s?name",), invalid_name),
    Rule("proxmox-number", ("type check", "invalid format", "valid vm id"),
         (r"(?P<name>\w+)(?:\.(?P<part>\w+))?: type check \('(?:integer|number)'\) failed - got '(?P<value>[^']+)'",
          r"(?<![\w.])(?P<name>memory|balloon|swap|cores|sockets|vmid|newid): (?:invalid format - )?value does not look like a valid"), number),
    Rule("proxmox-mac", ("mac address",), (r"valid (?:unicast )?MAC address",), hardware_address),
    Rule("proxmox-prefix", ("ipv4 network configuration", "invalid format - value does not look like a valid cidr"), (r"valid (?:ipv4 network configuration|CIDR)",), prefix_length),
)  # fmt: skip
