"""Log text -> ``Failure``: bounded reading, the message that matters, its class, its fingerprint.

Importing this package costs next to nothing; the tables are loaded by the first call of ``understand``.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..domain import Excerpt, Failure, Signature
from .reading import read_log
from .token import check_error_hash

__all__ = ["check_error_hash", "read_log", "understand"]


def understand(
    excerpt: Excerpt, *, stage: str, error_hash: str | None = None, signatures: Sequence[Signature] = ()
) -> Failure:
    """What the log says went wrong. Pure.

    ``signatures`` are the user's own and win over the built-in ones. Without ``error_hash`` the failure's is
    the first 12 hex digits of its fingerprint. Raises ``ConfigError`` for a signature whose pattern is no
    regular expression, and nothing else.
    """
    from .understanding import understand as work  # the tables are only paid for when a log is understood

    return work(excerpt, stage=stage, error_hash=error_hash, signatures=signatures)
