"""Secrets gone and look-alikes kept, beside detect-secrets: ``python -m tests.bench.redact [--seeds N] [--misses]``.

detect-secrets is measured, with its default settings, when it is installed (``pip install detect-secrets``): whatever
value it reports is taken out of the whole text.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress

from git_executor.context.redact import Redactor
from tests.bench.redact.corpus import Case, cases

SETS = {"1": ("secrets", "lookalikes"), "2": ("secrets2", "lookalikes2"), "3": ("secrets3", "lookalikes3")}
SETS["4"] = ("secrets4", "lookalikes4")
SETS["5"] = ("secrets5",)
SETS["all"] = SETS["1"] + SETS["2"] + SETS["3"] + SETS["4"] + SETS["5"]
Redact = Callable[[str], str]


def ours(text: str) -> str:
    return Redactor().redact(text)


def detect_secrets() -> Redact | None:
    with suppress(ImportError):
        from detect_secrets.core.scan import scan_file
        from detect_secrets.settings import default_settings

        def redact(text: str) -> str:
            with tempfile.NamedTemporaryFile("w", suffix=".txt") as file, default_settings():
                file.write(text)
                file.flush()
                found = {secret.secret_value for secret in scan_file(file.name) if secret.secret_value}
            for value in sorted(found, key=len, reverse=True):
                text = text.replace(value, "<REDACTED>")
            return text

        return redact
    return None


def judge(case: Case, redacted: str) -> tuple[int, int, int, int]:
    """(secrets, of them gone, things to keep, of them kept); a text without secrets must stay as it is."""
    gone = sum(secret not in redacted for secret in case.secrets)
    if not case.secrets:
        return 0, 0, 1, int(redacted == case.text)
    kept = sum(value in redacted for value in case.kept)
    return len(case.secrets), gone, len(case.kept), kept


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--set", choices=SETS, default="all")
    parser.add_argument("--misses", action="store_true")
    options = parser.parse_args()
    ways: dict[str, Redact] = {"git-executor": ours}
    other = detect_secrets()
    if other:
        ways["detect-secrets"] = other
    print(f"{'':16}{'secrets':>9}{'gone':>9}{'look-alikes':>13}{'kept':>9}{'s/MB':>8}")
    for name, redact in ways.items():
        total = [0, 0, 0, 0]
        size, began = 0, time.perf_counter()
        for seed in range(options.seeds):
            for case in (case for name in SETS[options.set] for case in cases(name, seed)):
                redacted = redact(case.text)
                size += len(case.text)
                result = judge(case, redacted)
                total = [a + b for a, b in zip(total, result, strict=True)]
                if options.misses and redact is ours and (result[0] != result[1] or result[2] != result[3]):
                    print(f"--- seed {seed}: {[s for s in case.secrets if s in redacted]}\n{case.text}=>\n{redacted}")
        spent = time.perf_counter() - began
        secrets, gone, keep, kept = total
        print(f"{name:16}{secrets:9}{gone / secrets:9.1%}{keep:13}{kept / keep:9.1%}{spent / size * 1e6:8.2f}")


if __name__ == "__main__":
    main()
