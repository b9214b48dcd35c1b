"""Right classes and equal hashes: ``python -m tests.bench.failures``.

Prints the share of right classes (all, hard, kept aside), a confusion table, the pairwise precision and
recall of the hash, and the same figures for three baselines: substring order with the MD5 of the tail,
Drain3's template
mining (where it is installed), and plain masking of digits on the last error-looking line. Last, what the
command costs on a small and on a huge log.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from git_executor.domain import Classification, Excerpt
from git_executor.failure import understand
from git_executor.failure.decoding import clean_lines

from . import speed
from .corpus import Case, cases
from .variants import variants

_SUBSTRINGS = (
    ("permission", "permission_denied"),
    ("no such file", "missing_file"),
    ("not found", "command_not_found"),
    ("connection", "network_error"),
    ("timeout", "network_error"),
    ("yaml", "yaml_parse_error"),
    ("talos", "talos_error"),
    ("proxmox", "proxmox_error"),
)
_ERRORS = re.compile(r"error|fail|denied|cannot|not found|refused", re.IGNORECASE)


def _ours(text: str) -> tuple[str, str]:
    failure = understand(Excerpt(tuple(clean_lines(text))), stage="bench")
    return failure.classification, failure.fingerprint


def _substrings(text: str) -> str:
    lowered = text.lower()
    return next((label for word, label in _SUBSTRINGS if word in lowered), "unknown")


def _last_error(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    return next((line for line in reversed(lines) if _ERRORS.search(line)), lines[-1] if lines else "")


def _digits(text: str) -> str:
    return re.sub(r"\d+", "0", _last_error(text))


def _tail_md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def _drain(texts: Iterable[str]) -> Callable[[str], str] | None:
    try:
        from drain3 import TemplateMiner  # type: ignore[import-not-found]
    except ImportError:
        return None
    miner = TemplateMiner()
    for text in texts:
        miner.add_log_message(_last_error(text))
    return lambda text: str(miner.add_log_message(_last_error(text))["cluster_id"])


def _share(right: int, total: int) -> str:
    return f"{right}/{total} = {100 * right / total:.1f} %" if total else "none"


def _classes(corpus: Sequence[Case]) -> None:
    found = {case.name: _ours(case.text)[0] for case in corpus}
    for title, chosen in (
        ("all", corpus),
        ("hard", [case for case in corpus if case.hard]),
        ("kept aside", [case for case in corpus if case.aside]),
    ):
        ours = sum(found[case.name] == case.label for case in chosen)
        theirs = sum(_substrings(case.text) == case.label for case in chosen)
        print(f"{title:12} ours {_share(ours, len(chosen)):22} substring order {_share(theirs, len(chosen))}")
    for case in corpus:
        if found[case.name] != case.label:
            print(f"  wrong: {case.name}: {found[case.name]} instead of {case.label}")
    table = Counter((case.label, found[case.name]) for case in corpus)
    print(f"\n{'label':20}" + "".join(f"{label[:10]:>11}" for label in Classification))
    for label in Classification:
        print(f"{label:20}" + "".join(f"{table[label, other]:11}" for other in Classification))


def _pairs(count: int) -> int:
    return count * (count - 1) // 2


def _agreement(groups: Sequence[str], hashes: Sequence[str]) -> str:
    both = sum(map(_pairs, Counter(zip(groups, hashes, strict=True)).values()))
    same_hash, same_group = (sum(map(_pairs, Counter(names).values())) for names in (hashes, groups))
    precision, recall = both / max(same_hash, 1), both / max(same_group, 1)
    harmonic = 2 * precision * recall / max(precision + recall, 1e-9)
    return f"precision {precision:.3f}  recall {recall:.3f}  F1 {harmonic:.3f}"


def main() -> None:
    """Prints the tables."""
    _classes(list(cases()))
    told = list(variants())
    groups = [variant.group for variant in told]
    print(f"\nhash, {len(told)} tellings of {len(set(groups))} failures")
    ways: dict[str, Callable[[str], str] | None] = {
        "ours": lambda text: _ours(text)[1],
        "md5 of the tail": _tail_md5,
        "digits masked": _digits,
        "Drain3": _drain(variant.text for variant in told),
    }
    for name, way in ways.items():
        if way is None:
            print(f"{name:18} not installed (pip install drain3)")
        else:
            print(f"{name:18} {_agreement(groups, [way(variant.text) for variant in told])}")
    speed.main()


if __name__ == "__main__":
    main()
