"""Lines that stand for code that a model left out: ``...``, ``# rest unchanged`` and their like."""

from __future__ import annotations

import re

_LEAD = rb"[ \t]*(?:#+|//+|--+|;+|<!--|/\*+|\*|\{#|\{/\*|%+|REM )?[ \t]*"
_DOTS = rb"(?:\.\.\.+|\xe2\x80\xa6|\[\.\.\.+\]|\(\.\.\.+\)|<\.\.\.+>)"
_TAIL = rb"[ \t.]*(?:-->|\*/|#\}|\*/\})?[ \t\r]*"
_WHAT = (
    rb"(?:(?:the|your|all|rest|remainder|remaining|existing|other|previous|same|original|code|content|contents|file|"
    rb"lines?|script|config|configuration|stuff|of|as|is|are|before|above|below|here|unchanged|omitted|goes|stays?|"
    rb"remains?|skipped|snipped?|truncated|continues?|keep|kept|and|for|brevity|no|changes?|not|shown|this|section|"
    rb"block|function|functions|settings|unmodified|untouched|in|etc|rest-of-file)[ \t.,:;()]*){1,12}"
)
_BARE = re.compile(_LEAD + _DOTS + _TAIL + rb"$")
_DOTTED = re.compile(
    _LEAD + rb"[\[(<]?" + _DOTS + rb"[ \t]*" + _WHAT + _DOTS + rb"?[\])>]?" + _TAIL + rb"$", re.IGNORECASE
)
_SAID = re.compile(_LEAD + rb"[\[(<]?" + _WHAT + _DOTS + rb"?[\])>]?" + _TAIL + rb"$", re.IGNORECASE)
_TELLTALE = re.compile(
    rb"\b(?:rest|remainder|remaining|unchanged|omitted|brevity|existing|unmodified|untouched|snip(?:ped)?|truncated)\b",
    re.IGNORECASE,
)
_COMMENT = re.compile(rb"[ \t]*(?:#|//|--|;|<!--|/\*|\{#|\{/\*|%|\[|\(|<)")


def is_elision(text: bytes) -> bool:
    """Whether a line stands for lines that were left out."""
    if len(text) > 200:
        return False
    if _BARE.match(text) or _DOTTED.match(text):
        return True
    return bool(_COMMENT.match(text) and _TELLTALE.search(text) and _SAID.match(text))
