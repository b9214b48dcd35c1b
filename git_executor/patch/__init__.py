"""Answer text -> changes: extract what was meant, find its place by content, render the canonical diff.

Every answer that has a single obvious meaning lands; every other is refused with ``PatchError``.
"""

from .answer import read_answer
from .render import count_changed_lines, render, second_reader

__all__ = ["count_changed_lines", "read_answer", "render", "second_reader"]
