# Every target sets up what it needs: a virtual environment in .venv, made anew only when pyproject.toml changes.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready

.PHONY: help setup test lint demo bench clean

help:
	@echo "make demo   show the main job on a sample homelab"
	@echo "make test   run all tests and the linters"
	@echo "make lint   mypy --strict, ruff, shellcheck"
	@echo "make clean  remove the virtual environment and caches"

setup: $(READY)

$(READY): pyproject.toml
	@command -v git >/dev/null || { echo "git-executor needs git on PATH" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "git-executor needs Python 3.11 or newer: make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)" >&2; exit 1; }
	@echo "setting up $(VENV) (once) ..."
	@$(PYTHON) -m venv --clear $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

test: $(READY) lint
	@$(BIN)/python -m pytest -n 2

lint: $(READY)
	@$(BIN)/ruff check git_executor tests
	@$(BIN)/mypy
	@$(BIN)/shellcheck ai/*.sh hooks/* .ci/run

demo: $(READY)
	@$(BIN)/git-executor demo

clean:
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis build *.egg-info
