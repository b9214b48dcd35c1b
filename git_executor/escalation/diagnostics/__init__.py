"""Diagnostics: read-only commands that the API tier asks for, judged by an allow-list and run without a shell."""

from git_executor.escalation.diagnostics.paths import Place
from git_executor.escalation.diagnostics.pipeline import Pipeline, Refusal, parse
from git_executor.escalation.diagnostics.runner import run

__all__ = ["Pipeline", "Place", "Refusal", "parse", "run"]
