"""Ollama's official client, imported so that a machine's settings cannot break the import.

The package makes a client as soon as it is imported, for ``OLLAMA_HOST`` and through the proxies of the environment, and
raises where one of these is odd, also for people who use neither. So it sees none of them while it is imported.
"""

from __future__ import annotations

import os

_ASIDE = {name: os.environ.pop(name) for name in list(os.environ) if name.lower().endswith("_proxy") or name == "OLLAMA_HOST"}
try:
    import ollama as ollama
finally:
    os.environ.update(_ASIDE)
