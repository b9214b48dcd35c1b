"""The built-in signatures, by family. One entry a signature; see ``base.Known``."""

from __future__ import annotations

from . import access, commands, files, manifests, network, opaque, products
from .base import Known, matching, relevant

TABLE: tuple[Known, ...] = (
    *commands.TABLE,
    *access.TABLE,
    *network.TABLE,
    *manifests.TABLE,
    *products.TABLE,
    *opaque.TABLE,
    *files.TABLE,
)

__all__ = ["TABLE", "Known", "matching", "relevant"]
