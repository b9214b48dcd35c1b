"""``python -m git_executor`` and the ``git-executor`` command."""

import contextlib
import gc
import os
import sys


def main() -> int:
    """The entry point. Imports late, so that ``--version`` and a hook's shim stay quick."""
    gc.set_threshold(100_000)  # a command lives for a moment and makes few cycles: looking for them costs more
    try:
        from git_executor.cli.main import run

        return run(sys.argv[1:])
    except KeyboardInterrupt:  # while Python was still loading us
        return 130


def command() -> None:
    """``main`` as a process of its own: it ends without taking the interpreter apart, a tenth of a short run."""
    code = main()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError, AttributeError):  # whoever wrote there has told the user
            stream.flush()
    os._exit(code)


if __name__ == "__main__":
    command()
