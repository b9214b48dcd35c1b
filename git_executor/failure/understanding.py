"""First honest rules; see the package's text."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

from ..domain import Classification, Evidence, Excerpt, Failure, Message, Signature
from ..errors import ConfigError

_RULES: tuple[tuple[Classification, str], ...] = (
    (Classification.NETWORK_ERROR, r"connection (refused|reset|timed out)|could not resolve|no route to host|i/o timeout"),
    (Classification.PERMISSION_DENIED, r"permission denied|unauthorized|forbidden|operation not permitted"),
    (Classification.COMMAND_NOT_FOUND, r"command not found|executable file not found"),
    (Classification.YAML_PARSE_ERROR, r"yaml: line \d+|yaml\.\w+\.\w+Error|error converting YAML"),
    (Classification.MISSING_FILE, r"no such file or directory"),
    (Classification.TALOS_ERROR, r"talosctl.*error|configuration validation failed"),
    (Classification.PROXMOX_ERROR, r"TASK ERROR|VM \d+ .*(lock|exist)|storage '[^']+' does not exist"),
)
_CUE = re.compile(r"error|fatal|failed|unbound|not set|cannot|unable", re.I)
_WRAPPER = re.compile(r"^make(\[\d+\])?: \*\*\*|exit (code|status):? ?\d+|exited with", re.I)


def understand(
    excerpt: Excerpt, *, stage: str, error_hash: str | None = None, signatures: Sequence[Signature] = ()
) -> Failure:
    """See the package's ``understand``."""
    best: Evidence | None = None
    for index, line in enumerate(excerpt.lines):
        if _WRAPPER.search(line):
            continue
        for name, found, pattern in _patterns(signatures):
            if pattern.search(line):
                best = Evidence(name, found, index, line, 5.0)
                break
    cues = [i for i, line in enumerate(excerpt.lines) if _CUE.search(line) and not _WRAPPER.search(line)]
    index = best.index if best else (cues[-1] if cues else len(excerpt.lines) - 1)
    text = excerpt.lines[index].strip()
    classification = best.classification if best else Classification.UNKNOWN
    masked = re.sub(r"\d+", "#", text)
    digest = hashlib.sha256("\0".join((stage, classification, masked)).encode("utf-8", "replace")).hexdigest()[:16]
    return Failure(
        stage=stage,
        excerpt=excerpt,
        message=Message(text, index),
        classification=classification,
        evidence=(best,) if best else (),
        runner_up=None,
        fingerprint=f"v1:{digest}",
        error_hash=error_hash or digest[:12],
    )


def _patterns(signatures: Sequence[Signature]) -> list[tuple[str, Classification, re.Pattern[str]]]:
    patterns = []
    for signature in signatures:
        try:
            patterns.append((signature.name, signature.classification, re.compile(signature.pattern)))
        except re.error as error:
            raise ConfigError(f"signature {signature.name!r}: not a regular expression: {error}") from None
    return patterns + [(str(found), found, re.compile(pattern, re.I)) for found, pattern in _RULES]
