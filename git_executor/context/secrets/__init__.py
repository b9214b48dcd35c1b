"""Where a text holds secrets: tables of shapes, names, commands and layouts, each a source of spans.

``find(text)`` gives spans that never cross a line end, so that whoever replaces them keeps the number of lines.
Every pattern is bounded and starts where a word starts, and every table entry names literals without which it cannot
match, so that a log of megabytes costs a few passes at the speed of ``in``.
"""

from __future__ import annotations

from git_executor.context.secrets.commands import in_commands
from git_executor.context.secrets.layouts import in_layouts
from git_executor.context.secrets.names import telling_lines
from git_executor.context.secrets.narrow import narrow
from git_executor.context.secrets.pairs import in_pairs
from git_executor.context.secrets.shapes import in_shapes
from git_executor.context.secrets.span import Span, merge
from git_executor.context.secrets.tables import in_tables
from git_executor.context.secrets.view import View
from git_executor.context.secrets.vocabulary import Vocabulary

__all__ = ["Span", "find", "merge"]


def find(text: str) -> list[Span]:
    """Every secret in ``text``: ordered, without overlaps, none of them across a line end."""
    view = View(text)
    return list(view.back(_find(view.text)))


def _find(text: str) -> list[Span]:
    lowered = text.replace("\u0130", "I").lower()  # the one letter whose small form is longer
    known = Vocabulary(lowered)
    telling = telling_lines(lowered, known)
    spans = [
        *in_shapes(text, known),
        *in_commands(text, lowered, known),
        *in_pairs(text, lowered, telling),
        *in_layouts(text, lowered, telling, known),
        *in_tables(text, lowered, known),
    ]
    return merge(text, (narrow(text, span) for span in spans))
