"""The tables of all tools: one name each, listed by the module that holds its kin."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from git_executor.escalation.diagnostics.grammar import Tool
from git_executor.escalation.diagnostics.tools import (
    automation,
    containers,
    files,
    kubernetes,
    network,
    proxmox,
    revisions,
    storage,
    system,
    talos,
)

_MODULES = (kubernetes, talos, proxmox, system, network, files, revisions, storage, containers, automation)

TOOLS: Mapping[str, Tool] = MappingProxyType({tool.name: tool for module in _MODULES for tool in module.TOOLS})
"""Every tool that a diagnostics command may start with."""

FILTERS = frozenset(files.FILTERS)
"""What may stand behind a pipe."""
