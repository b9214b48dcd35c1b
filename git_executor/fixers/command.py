"""Any program that reads the briefing on standard input and answers on standard output: ``llm``, a script."""

from __future__ import annotations

import shlex
import shutil
import tempfile
from collections.abc import Callable

from git_executor.domain import Briefing, Proposal, Tree
from git_executor.errors import FixerUnavailable, UsageError
from git_executor.fixers.answers import checked, finished
from git_executor.fixers.process import last_words, run
from git_executor.settings import Machine


class Command:
    """``executor.command`` is split like a shell would, but no shell runs it. It starts in an empty directory."""

    def __init__(self, machine: Machine, *, progress: Callable[[str], None] | None = None) -> None:
        try:
            self._command = shlex.split(machine.command)
        except ValueError as e:
            raise UsageError(f"executor.command cannot be read: {e}", hint="check its quotes") from None
        if not self._command:
            raise UsageError("the command fixer needs a command", hint="git config executor.command 'llm -m MODEL'")
        self.name = f"command/{self._command[0].rpartition('/')[2]}"
        self._timeout = machine.total_timeout
        self._progress = progress or (lambda line: None)

    def propose(self, briefing: Briefing, tree: Tree) -> Proposal:
        """Raises ``FixerUnavailable`` when the program is missing, fails or takes too long."""
        self._progress(f"asking {self._command[0]} ({briefing.tokens} tokens)")
        with tempfile.TemporaryDirectory(prefix="git-executor-") as scratch:
            done = run(self._command, briefing.prompt, what=self.name, timeout=self._timeout, directory=scratch)
        if done.code != 0:
            said = last_words(done.stderr) or last_words(done.stdout)
            raise FixerUnavailable(
                f"{self.name} failed with exit status {done.code}" + (f": {said}" if said else ""),
                hint="run it by hand: git executor context ... | " + shlex.join(self._command),
            )
        return Proposal(self.name, checked(self.name, finished(done.stdout)))


def ready(machine: Machine) -> str:
    """Whether the program is there; what it is. Raises ``FixerUnavailable``."""
    program = shlex.split(machine.command)[0]
    if shutil.which(program) is None:
        raise FixerUnavailable(f"{program!r} is not on PATH", hint="install it, or choose another fixer")
    return program
