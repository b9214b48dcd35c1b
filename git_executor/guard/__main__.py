"""``python -m git_executor.guard pre-commit``: what the shims in the hooks directory run."""

import sys

from git_executor.guard.hooks import main

sys.exit(main(sys.argv[1:]))
