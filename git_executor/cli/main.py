"""The door: the command tree, and the one place where errors become exit codes."""

from __future__ import annotations

import importlib
import os
import sys
import tempfile
import traceback
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
    colour = False if os.environ.get("NO_COLOR") else None
    try:
        result = cli.main(args=list(argv), prog_name="git-executor", standalone_mode=False, color=colour)
    except ExecutorError as e:
        return _say(e.message, e.hint, e.exit_code)
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
    except BrokenPipeError:
        # Whoever read our output has gone; Python would complain once more when it closes stdout.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.FAILED
    except Exception as e:  # noqa: BLE001 - the door: whatever gets here is our bug, and the user must not lose it
        return _say(f"a bug in git-executor: {type(e).__name__}: {e}", f"please report {_report()}", ExitCode.BUG)
    return result if isinstance(result, int) else ExitCode.OK


def _say(message: str, hint: str, code: ExitCode) -> int:
    click.echo(f"git-executor: {message}" + (f" ({hint})" if hint else ""), err=True)
    return int(code)


def _report() -> str:
    with tempfile.NamedTemporaryFile("w", prefix="git-executor-bug-", suffix=".txt", delete=False) as f:
        f.write(f"git-executor {__version__}, Python {sys.version}\n{traceback.format_exc()}")
    return f.name
