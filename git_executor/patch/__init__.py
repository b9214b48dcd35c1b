"""Answer text -> changes: extract what was meant, find its place by content, render the canonical diff.

Every answer that has a single obvious meaning lands; every other is refused with ``PatchError``.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..domain import Reading, Tree
from .render import count_changed_lines, render, second_reader

__all__ = ["count_changed_lines", "read_answer", "render", "second_reader"]


def read_answer(answer: str | bytes, tree: Tree, *, preferred: Sequence[str] = ()) -> Reading:
    """What an answer means to ``tree``: see ``answer.read_answer``, loaded only when there is one to read.

    Raises ``PatchError`` and nothing else, whatever the bytes are.
    """
    from .answer import read_answer as read

    return read(answer, tree, preferred=preferred)
