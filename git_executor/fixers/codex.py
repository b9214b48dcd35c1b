"""The Codex CLI: asked once, read-only, in an empty directory, with nothing of the user's rules or sessions.

Treated as remote: what it is sent leaves the machine, so only the redacted prompt is, and it finds no files to read.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from git_executor.domain import Briefing, Proposal, Tree
from git_executor.errors import FixerUnavailable
from git_executor.fixers.answers import checked, finished
from git_executor.fixers.process import Finished, last_words, run
from git_executor.settings import Machine

# Flags that we want and that a version may lack; those of the first tuple are what makes it safe to call.
_NEEDED = ("--sandbox", "--skip-git-repo-check", "--output-last-message")
_WELCOME = ("--ephemeral", "--ignore-user-config", "--ignore-rules", "--color")
_RETRIES = "unbounded_connection_retries"  # with this feature on, the CLI waits for ever for a server that is down
_ERROR = re.compile(r"^(?:ERROR|Error|error|stream error)\b[:\s]")


class Codex:
    """Runs ``machine.codex exec``."""

    def __init__(self, machine: Machine, *, progress: Callable[[str], None] | None = None) -> None:
        self.name = "codex" + (f"/{machine.codex_model}" if machine.codex_model else "")
        self._machine = machine
        self._progress = progress or (lambda line: None)

    def propose(self, briefing: Briefing, tree: Tree) -> Proposal:
        """Raises ``FixerUnavailable`` when the CLI is missing, not signed in, or its server fails."""
        flags = _flags(self._machine.codex)
        with tempfile.TemporaryDirectory(prefix="git-executor-") as scratch:
            work, last = Path(scratch, "empty"), Path(scratch, "last.txt")
            work.mkdir()
            command = [self._machine.codex, "exec", "--sandbox", "read-only", "--skip-git-repo-check"]
            command += [flag for flag in _WELCOME[:3] if flag in flags]
            command += ["--color", "never"] if "--color" in flags else []
            command += ["--disable", _RETRIES] if "--disable" in flags and _knows(self._machine.codex, _RETRIES) else []
            command += ["--model", self._machine.codex_model] if self._machine.codex_model else []
            command += ["--output-last-message", str(last), "-"]
            self._progress(f"asking codex ({briefing.tokens} tokens)")
            done = run(command, briefing.prompt, what="codex", timeout=self._machine.total_timeout, directory=str(work))
            answer = last.read_text("utf-8", "replace") if last.is_file() else ""
        if done.code != 0 or not answer.strip():
            raise _explain(done)
        return Proposal(self.name, checked(self.name, finished(answer)))


def ready(machine: Machine) -> str:
    """Whether the CLI is there and knows what it must. Raises ``FixerUnavailable``."""
    _flags(machine.codex)
    return machine.codex_model or "its own default model"


@lru_cache(maxsize=4)
def _flags(codex: str) -> frozenset[str]:
    """The long flags that this version of ``codex exec`` knows. Asked once a process."""
    with tempfile.TemporaryDirectory(prefix="git-executor-") as scratch:
        done = run([codex, "exec", "--help"], "", what="codex", timeout=30, directory=scratch)
    found = frozenset(re.findall(r"--[a-z][a-z-]+", done.stdout))
    missing = [flag for flag in _NEEDED if flag not in found]
    if done.code != 0 or missing:
        what = f"lacks {', '.join(missing)}" if missing and done.code == 0 else last_words(done.stderr) or "failed"
        raise FixerUnavailable(f"codex exec cannot be used: {what}", hint="npm install -g @openai/codex@latest")
    return found


@lru_cache(maxsize=4)
def _knows(codex: str, feature: str) -> bool:
    """Whether this version has such a feature flag; an unknown one would be an error."""
    with tempfile.TemporaryDirectory(prefix="git-executor-") as scratch:
        done = run([codex, "features", "list"], "", what="codex", timeout=30, directory=scratch)
    return done.code == 0 and feature in done.stdout


def _explain(done: Finished) -> FixerUnavailable:
    errors = [line.strip() for line in done.stderr.split("\n") if _ERROR.match(line)]
    line = (errors[-1] if errors else last_words(done.stderr) or f"exit status {done.code}, no answer")[:300]
    if re.search(r"401|unauthori[sz]ed|not logged in|login|api key", line, re.I):
        return FixerUnavailable(f"codex is not signed in: {line}", hint="codex login")
    if re.search(r"429|rate limit|usage limit|quota", line, re.I):
        return FixerUnavailable(f"codex has reached a limit: {line}", hint="try again later")
    if re.search(
        r"stream|connect|network|dns|timed? ?out|error sending|high demand|overloaded|\b5[0-9][0-9]\b", line, re.I
    ):
        return FixerUnavailable(f"codex cannot reach its server: {line}", hint="check the network and codex's settings")
    return FixerUnavailable(f"codex gave no answer: {line}", hint="run 'codex exec' by hand")
