"""The door: the command tree, and the one place where errors become exit codes."""

from __future__ import annotations

import contextlib
import importlib
import os
import signal
import sys
from collections.abc import Sequence

import click

from git_executor import __version__
from git_executor.errors import ExecutorError, ExitCode

# Command -> the module and attribute that holds it: a command loads only what it needs.
_COMMANDS = {
    "attempt": "git_executor.cli.work:attempt",
    "apply": "git_executor.cli.work:apply",
    "escalate": "git_executor.cli.work:escalate",
    "respond": "git_executor.cli.work:respond",
    "diagnose": "git_executor.cli.work:diagnose",
    "hash": "git_executor.cli.read:hash_",
    "classify": "git_executor.cli.read:classify",
    "context": "git_executor.cli.read:context",
    "check": "git_executor.cli.check:check",
    "log": "git_executor.cli.ledger:log",
    "status": "git_executor.cli.ledger:status",
    "stats": "git_executor.cli.ledger:stats",
    "review": "git_executor.cli.ledger:review",
    "rollback": "git_executor.cli.branch:rollback",
    "reset": "git_executor.cli.branch:reset",
    "sync": "git_executor.cli.branch:sync",
    "init": "git_executor.cli.setup:init",
    "hooks": "git_executor.cli.setup:hooks",
    "doctor": "git_executor.cli.setup:doctor",
    "demo": "git_executor.cli.demo:demo",
}


class _LazyGroup(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in _COMMANDS:
            return None
        module, _, attribute = _COMMANDS[name].partition(":")
        command = getattr(importlib.import_module(module), attribute)
        assert isinstance(command, click.Command)
        return command


@click.command(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="git-executor")
def cli() -> None:
    """The Git-native junior engineer of a homelab.

    It reads a failed stage's log, proposes one small change, judges it, and commits it on a branch that a person
    reviews. It never touches the base branch.
    """


def run(argv: Sequence[str]) -> int:
    """Run the command line; the exit code. Nothing escapes as a traceback."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ended by a supervisor: the same as by a person
    _open_missing_streams()
    try:
        code = _invoke(argv)
        sys.stdout.flush()
        return code
    except ExecutorError as e:
        return _say(e.message, e.hint, e.exit_code)
    except click.exceptions.Exit as e:
        return int(e.exit_code)
    except click.exceptions.NoArgsIsHelpError as e:
        click.echo(e.format_message())
        return ExitCode.USAGE
    except click.UsageError as e:
        where = f" (see: {e.ctx.command_path} --help)" if e.ctx else ""
        return _say(" ".join(e.format_message().split()) + where, "", ExitCode.USAGE)
    except click.ClickException as e:
        return _say(e.format_message(), "", ExitCode.FAILED)
    except (click.Abort, KeyboardInterrupt):
        return _say("interrupted; nothing was changed", "", ExitCode.INTERRUPTED)
    except OSError as e:
        return _system(e)
    except Exception as e:  # noqa: BLE001 - the door: whatever gets here is our bug, and the user must not lose it
        if type(e).__module__.startswith(("pygit2", "_pygit2")):
            # Whatever libgit2 cannot do with a repository at this late point is that repository's state.
            return _say(f"the repository cannot be used: {e}", "see git fsck, and df", ExitCode.NOT_READY)
        return _say(f"a bug in git-executor: {type(e).__name__}: {e}", f"please report {_report()}", ExitCode.BUG)


def _invoke(argv: Sequence[str]) -> int:
    colour = False if os.environ.get("NO_COLOR") else None
    with cli.make_context("git-executor", list(argv), color=colour) as context:
        result = cli.invoke(context)
    return result if isinstance(result, int) else int(ExitCode.OK)


def _open_missing_streams() -> None:
    """A stream that the caller closed is ``None`` in Python; writing to it must not look like a bug of ours."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode))  # noqa: SIM115 - for the life of the process


def _say(message: str, hint: str, code: ExitCode) -> int:
    with contextlib.suppress(OSError):
        click.echo(f"git-executor: {message}" + (f" ({hint})" if hint else ""), err=True)
    return int(code)


def _system(e: OSError) -> int:
    """The operating system said no. To a broken pipe there is nobody left to tell."""
    if isinstance(e, BrokenPipeError) or e.filename is None:
        with contextlib.suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # Python would complain when it closes it
    if isinstance(e, BrokenPipeError):
        return ExitCode.FAILED
    where = f"{e.filename}: " if e.filename else "cannot write the output: "
    return _say(f"{where}{e.strerror or e}", "", ExitCode.FAILED)


def _report() -> str:
    import tempfile  # costly at every start, and needed at none
    import traceback

    with tempfile.NamedTemporaryFile("w", prefix="git-executor-bug-", suffix=".txt", delete=False) as f:
        f.write(f"git-executor {__version__}, Python {sys.version}\n{traceback.format_exc()}")
    return f.name
