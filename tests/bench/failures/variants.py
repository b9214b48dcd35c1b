"""Groups of logs that show one failure each: the templates of ``groups.txt``, told again on another day.

``<<a|b>>`` in a template makes groups of their own: those differ in what matters (alternatives at the same
position go together when a template names the same list twice). ``{time}``, ``{pid}`` ... are what changes
from run
to run.
"""

from __future__ import annotations

import itertools
import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

TEMPLATES = Path(__file__).parent / "groups.txt"
_CHOICE = re.compile(r"<<(.+?)>>")
_SAFE = "bcdfghjklmnpqrstvwxz2456789"


class Variant(NamedTuple):
    """One telling of the failure that ``group`` names."""

    group: str
    text: str


def _hex(rng: random.Random, digits: int) -> str:
    return f"{rng.getrandbits(4 * digits):0{digits}x}"


def _time(rng: random.Random) -> str:
    return f"2025-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}T{_clock(rng)}Z"


def _clock(rng: random.Random) -> str:
    return f"{rng.randint(0, 23):02}:{rng.randint(0, 59):02}:{rng.randint(0, 59):02}"


def _uuid(rng: random.Random) -> str:
    return "-".join(_hex(rng, digits) for digits in (8, 4, 4, 4, 12))


def _some(alphabet: str, length: int) -> Callable[[random.Random], str]:
    return lambda rng: "".join(rng.choice(alphabet) for _ in range(length))


def _number(low: int, high: int) -> Callable[[random.Random], str]:
    return lambda rng: str(rng.randint(low, high))


def _tmp(rng: random.Random) -> str:
    letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
    return rng.choice(
        [
            f"/tmp/tmp.{_some(letters, 10)(rng)}",
            f"/tmp/kustomization-{rng.randint(10**8, 10**10)}",
            f"/tmp/tmp{_some(_SAFE, 8)(rng)}",
        ]
    )


_FILL: dict[str, Callable[[random.Random], str]] = {
    "time": _time,
    "clock": _clock,
    "slashtime": lambda rng: _time(rng).replace("-", "/").replace("T", " ")[:-1],
    "syslog": lambda rng: f"Mar {rng.randint(1, 28):2} {_clock(rng)}",
    "mmdd": lambda rng: f"{rng.randint(1, 12):02}{rng.randint(1, 28):02}",
    "pid": _number(300, 99999),
    "line": _number(2, 400),
    "col": _number(1, 60),
    "n": _number(1, 9),
    "eph": _number(32768, 60999),
    "uuid": _uuid,
    "HEX8": lambda rng: _hex(rng, 8).upper(),
    "sha": lambda rng: _hex(rng, 40),
    "addr": lambda rng: "0x" + _hex(rng, rng.choice([6, 8, 12])),
    "pod": lambda rng: f"{_some(_SAFE, rng.choice([9, 10]))(rng)}-{_some(_SAFE, 5)(rng)}",
    "rand6": _some("abcdefghijkmnopqrstuvwxyzABCDEFGHIJKLMNPQRSTUVWXYZ23456789", 6),
    "tmp": _tmp,
    "dur": lambda rng: rng.choice(
        [f"{rng.randint(1, 9)}m{rng.randint(0, 59)}.{rng.randint(1, 99)}s", f"{rng.randint(10, 900)}s"]
    ),
    "pct": lambda rng: f"{rng.randint(80, 99)}.{rng.randint(0, 99):02}%",
    "home": lambda rng: rng.choice(["/root", "/home/ops", "/home/anna", "/Users/kim"]) + "/homelab",
    "cron": lambda rng: str(rng.randint(28_000_000, 29_900_000)),
    "six": _number(100000, 999999),
    "pod5": _some(_SAFE, 5),
    "hex2": lambda rng: _hex(rng, 2),
    "hex8": lambda rng: _hex(rng, 8),
    "hex16": lambda rng: _hex(rng, 16),
    "hex32": lambda rng: _hex(rng, 32),
    "hex38": lambda rng: _hex(rng, 38),
    "rand_hex": lambda rng: _hex(rng, 24),
    "HEX7": lambda rng: _hex(rng, 7).upper(),
    "REQID": _some("ABCDEFGHJKMNPQRSTVWXYZ0123456789", 16),
    "RID4": lambda rng: ":".join(_hex(rng, 4).upper() for _ in range(4)),
    "b64": _some("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/", 56),
    "epoch": _number(1_700_000_000, 1_780_000_000),
    "vz": lambda rng: _time(rng)[:-1].replace("-", "_").replace("T", "-").replace(":", "_"),
    "vz2": lambda rng: _time(rng)[:-1].replace("-", "").replace("T", "_").replace(":", ""),
    "datetime": lambda rng: _time(rng)[:-1].replace("T", " "),
    "weekday": lambda rng: f"Tue Mar {rng.randint(10, 28)} {_clock(rng)} 2026",
    "nix": _some("0123456789abcdfghijklmnpqrsvwxyz", 32),
    "pip": _some("abcdefghijklmnopqrstuvwxyz0123456789_", 8),
    "ref": lambda rng: f"{_hex(rng, 8)}-{_hex(rng, 4)}-{_hex(rng, 4)}-{_hex(rng, 4)}-{_hex(rng, 12)}",
    "refid": _some("abcdefghijklmnopqrstuvwxyz0123456789", 25),
    "size": lambda rng: f"{rng.randint(1, 900)}.{rng.randint(0, 9)} MiB",
}
_RUNNERS = (  # what runners put before every line; {up} rises from line to line
    "{up}s | ",
    "   {up}s |  ",
    "runner bootstrap[{PID}]: ",
    "bootstrap-1  | ",
    "{time} stdout F ",
    "[pod/bootstrap-{POD}/main] ",
    "[stages/talos]   | ",
    "(+{up}) ",
    "{up} ",
    "[T+{up}s] ",
    "0|stage  | ",
    "<30>{syslog} gw stage[{PID}]: ",
    "{time} {PID} INFO [main] stage - ",
    "worker-3 >> {clock} >> ",
    "{clock}.123 ops-box ",
)
_TO_BE_LEARNED, _TELLING = 3, 4  # the last prefixes cannot be told from a message in a log of two lines
_BEFORE = (
    "==> loading configuration",
    "[INFO] using cluster home",
    "WARN: proxy not set, using defaults",
    "checking permissions ... ok",
    "Reading package lists... Done",
    "namespace/apps unchanged",
    "configmap/settings configured",
    "retrying in 2s (attempt 1/5)\nconnected",
    "cat: overrides.env: No such file or directory (ignored)",
    "cat: /srv/lab/local.env: No such file or directory\nnote: no local file, using defaults",
    "dig: couldn't get address for 'ns2': not found\nsecond resolver is optional, going on",
    'TASK [probe : ask the agent] *****\nfatal: [pve9]: FAILED! => {"msg": "non-zero return code", "rc": 2, '
    '"stderr": "permission denied"}\n...ignoring\n',
    "./values/extra.yaml\n  12:81     warning  line too long (93 > 80 characters)  (line-length)\n",
    "W: Failed to fetch http://mirror.lab/InRelease  403  Forbidden\nW: Some files failed to download. They have "
    "been ignored.",
    "PLAY [all] *****\n\nTASK [Gathering Facts] *****\nok: [pve1]\n\nTASK [base : set time zone] *****\n"
    "changed: [pve1]\n",
    "curl: (7) Failed to connect to 10.0.0.99 port 6443 after {n} ms: Connection refused\n[wait] not up yet, "
    "retrying in 5s\n[wait] API answered after 11s",
)
_AFTER = (
    "make: *** [Makefile:{line}: all] Error 1",
    "ERROR: stage failed with exit code 1",
    "exit status 1",
    "##[error]Process completed with exit code 1.",
    "Cleaning up...\nrm: cannot remove '/tmp/x{pid}': No such file or directory",
    "[cleanup] running trap on EXIT\nrm: cannot remove '/var/tmp/build-{rand6}': No such file or directory\n"
    "[cleanup] done",
    "--- post-mortem ---\ncat: /var/log/tasks/active: Permission denied\n--- end post-mortem ---",
    "[notify] posting to chat failed: curl: (6) Could not resolve host: ntfy.lab\n[notify] this does not change "
    "the result",
    "==> diagnostics after failure\nbash: line 1: crictl: command not found\n==> diagnostics end",
    "[trap] rolling back\numount: /mnt/seed: not mounted.\n[trap] rollback finished",
    "stage finished with exit code: 1 after {dur}",
    "[bootstrap] collecting diagnostics\nThe connection to the server localhost:8080 was refused - did you "
    "specify the right host or port?",
)
_PREFIXES = ("", "{time} ", "[{clock}] ", "{syslog} builder run[{pid}]: ", "[stage] ", "{time} [INFO] ")


def fill(text: str, rng: random.Random) -> str:
    return re.sub(r"\{(\w+)\}", lambda found: _FILL[found[1]](rng) if found[1] in _FILL else found[0], text)


def _dress(log: str, rng: random.Random, plain: bool) -> str:
    before = [rng.choice(_BEFORE) for _ in range(rng.randint(0, 4))]
    after = [rng.choice(_AFTER) for _ in range(rng.randint(0, 2))]
    runner = rng.random() < 0.4
    lines = "\n".join([*before, log, *after]).split("\n")
    known = _RUNNERS if len(lines) >= _TELLING else _RUNNERS[:-_TO_BE_LEARNED]
    prefix = rng.choice(known if runner else ("",) if plain else _PREFIXES[:-1])
    prefix = prefix.replace("{PID}", _FILL["pid"](rng)).replace("{POD}", _FILL["pod"](rng))
    up = rng.random()
    if rng.random() < 0.3 and not plain:
        lines = [f"\x1b[31m{line}\x1b[0m" if line else line for line in lines]
    told = []
    for line in lines:
        up += rng.random() * 3
        told.append(prefix.replace("{up}", f"{up:.2f}") + line)
    return fill("\n".join(told), rng) + rng.choice(["", "\n", "\r\n"])


def variants(each: int = 5, seed: int = 7) -> Iterator[Variant]:
    """``each`` tellings of every group, the same for the same seed."""
    rng = random.Random(seed)
    for piece in TEMPLATES.read_text(encoding="utf-8").split("\n=== "):
        name, _, template = piece.removeprefix("=== ").partition("\n")
        template = template.rstrip("\n")
        lists = list(dict.fromkeys(_CHOICE.findall(template)))
        plain = template.startswith(("TASK", "{syslog}", "#", "╷", "Traceback", "{", "cluster/"))
        for picks in itertools.product(*(choices.split("|") for choices in lists)):
            log = template
            for choices, pick in zip(lists, picks, strict=True):
                log = log.replace(f"<<{choices}>>", pick)
            group = " ".join([name, *picks])
            for _ in range(each):
                yield Variant(group, _dress(log, rng, plain))
