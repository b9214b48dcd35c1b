"""``python -m git_executor`` and the ``git-executor`` command."""

import sys


def main() -> int:
    """The entry point. Imports late, so that ``--version`` and a hook's shim stay quick."""
    from git_executor.cli.main import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
