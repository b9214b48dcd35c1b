"""The corpus of the benchmark is tested, too: ``tests`` must be importable as ``python -m
tests.bench.patch`` has it."""

from __future__ import annotations

import sys
from pathlib import Path

_ROOT = str(Path(__file__).parents[2])
if _ROOT not in sys.path:
    sys.path.insert(0, _ROOT)
