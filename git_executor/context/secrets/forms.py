"""What tables of forms are made of: a place that only the grammar of a command, a dialogue or a call tells."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from git_executor.context.secrets.around import around
from git_executor.context.secrets.span import Span
from git_executor.context.secrets.values import is_prose, is_reference
from git_executor.context.secrets.vocabulary import Vocabulary
from git_executor.lazy import lazy

SEP = r"(?:[ \t]+|[\"'],[ \t]*(?=[\"']))"  # arguments on a line, or in a JSON list
ARGS = rf"(?:{SEP}[^\s;|&]{{1,200}}?){{0,12}}?{SEP}[\"']?"
BARE = r"(?P<v>[^\s\"';|&]{1,200})"
VALUE = r"[\"']?" + BARE


class Form(NamedTuple):
    """The group ``v`` of ``pattern`` is a secret; ``needs`` are literals one of which is in the text, in small letters."""

    name: str
    needs: tuple[str, ...]
    pattern: re.Pattern[str]
    after: int  # so many lines may lie between the literal and the secret
    also: tuple[str, ...]  # and one of these in the literal's line


def form(name: str, needs: str, pattern: str, *, after: int = 1, also: str = "") -> Form:
    """A form; the case of letters counts where its name is capitalised."""
    flags = re.IGNORECASE if name.islower() else 0
    return Form(name, tuple(needs.split()), lazy(pattern, flags), after, tuple(also.split()))


def in_forms(text: str, lowered: str, known: Vocabulary, forms: Iterable[Form]) -> Iterator[Span]:
    """Secrets that stand at the place that one of ``forms`` tells."""
    for form in forms:
        for start, stop in around(lowered, known.of(form.needs), also=form.also, before=1, after=form.after):
            for match in form.pattern.finditer(text, start, stop):
                value = match.group("v")
                if not is_reference(value) and not is_prose(value) and not value.startswith(("-", "/")):
                    yield Span(match.start("v"), match.end("v"), "PASSWORD")
