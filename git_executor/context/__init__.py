"""Failure + tree -> Briefing: choose files, cut excerpts, keep a token budget, redact, render the prompt.

Import the module you need: ``redact`` is on the path of every run and loads nothing of the others.
"""
