"""Failure + tree -> Briefing: choose files, cut excerpts, keep a token budget, redact, render the prompt."""

from __future__ import annotations

from git_executor.context.briefing import brief, shown, touches_secret, with_feedback
from git_executor.context.excerpts import excerpt_files
from git_executor.context.hidden import is_hidden
from git_executor.context.memo import memo_sections
from git_executor.context.redact import Redactor
from git_executor.context.tokens import estimate

__all__ = [
    "Redactor",
    "brief",
    "estimate",
    "excerpt_files",
    "is_hidden",
    "memo_sections",
    "shown",
    "touches_secret",
    "with_feedback",
]
