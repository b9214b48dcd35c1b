"""Verification: is a file sound, and does a change leave it no worse than it was?

``check_file`` is a ``domain.Check``; ``compare`` judges a change before against after, ``remains``
whether it leaves what the log names; ``run_commands`` runs what a
stage lists under ``verify:``. Nothing here runs a file of the repository, except for those commands.
"""

from __future__ import annotations

from git_executor.verify.checkers import check_file, checkers_for
from git_executor.verify.commands import run_commands
from git_executor.verify.compare import Verification, compare
from git_executor.verify.remains import remains

__all__ = ["Verification", "check_file", "checkers_for", "compare", "remains", "run_commands"]
