"""The built-in signatures, by family. One entry a signature; see ``base.Known``."""

from __future__ import annotations

from . import access, commands, connections, files, manifests, network, opaque, proxmox, talos, workloads
from .base import Known, matching, relevant

TABLE: tuple[Known, ...] = (
    *commands.TABLE,
    *access.TABLE,
    *network.TABLE,
    *connections.TABLE,
    *manifests.TABLE,
    *talos.TABLE,
    *proxmox.TABLE,
    *opaque.TABLE,
    *workloads.TABLE,
    *files.TABLE,
)

__all__ = ["TABLE", "Known", "matching", "relevant"]
