"""Where a text holds secrets: tables of shapes, names, commands and layouts, each a source of spans.

``find(text)`` gives spans that never cross a line end, so that whoever replaces them keeps the number of lines.
Every pattern is bounded and starts where a word starts, and every table entry names literals without which it cannot
match, so that a log of megabytes costs a few passes at the speed of ``in``.
"""

from __future__ import annotations

from git_executor.context.secrets.arguments import in_arguments
from git_executor.context.secrets.beside import in_words
from git_executor.context.secrets.blocks import continued, in_blocks
from git_executor.context.secrets.calls import in_calls
from git_executor.context.secrets.commands import in_commands
from git_executor.context.secrets.dialogues import in_dialogues
from git_executor.context.secrets.layouts import in_layouts
from git_executor.context.secrets.markup import in_markup
from git_executor.context.secrets.names import telling_lines
from git_executor.context.secrets.narrow import narrow
from git_executor.context.secrets.pairs import in_pairs
from git_executor.context.secrets.shapes import in_shapes
from git_executor.context.secrets.span import Span, merge
from git_executor.context.secrets.tables import in_tables
from git_executor.context.secrets.terraform import in_terraform
from git_executor.context.secrets.view import View
from git_executor.context.secrets.vocabulary import Vocabulary
from git_executor.context.secrets.wireguard import wireguard

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
        *in_arguments(text, lowered),
        *in_dialogues(text, lowered, known),
        *in_calls(text, lowered),
        *in_markup(text),
        *in_terraform(text, lowered),
        *in_words(text, lowered),
        *in_blocks(text, lowered),
        *wireguard(text)[0],
    ]
    found = merge(text, (narrow(text, span) for span in spans))
    return merge(text, [*found, *continued(text, found)])
