"""``python -m git_executor`` and the ``git-executor`` command."""

import sys


def main() -> int:
    """The entry point. Imports late, so that ``--version`` and a hook's shim stay quick."""
    try:
        from git_executor.cli.main import run

        return run(sys.argv[1:])
    except KeyboardInterrupt:  # while Python was still loading us
        return 130


if __name__ == "__main__":
    sys.exit(main())
