# Two commands do everything from a fresh clone: make demo and make test. Both set up .venv first.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.DEFAULT_GOAL := help
.PHONY: help setup demo test check format pictures faults bench soak lock

help: ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(READY): requirements-dev.txt
	@command -v $(PYTHON) >/dev/null 2>&1 || { \
		echo "No Python named '$(PYTHON)' was found. Install Python 3.11 or newer, or name yours: make $(MAKECMDGOALS) PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "'$(PYTHON)' is $$($(PYTHON) --version 2>&1), and Ext needs Python 3.11 or newer. Name a newer one: make $(MAKECMDGOALS) PYTHON=python3.12" >&2; exit 1; }
	@# A failed venv leaves a python without pip behind, which would stop the next attempt.
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { \
		rm -rf $(VENV); \
		echo "Python could not create $(VENV). On Debian and Ubuntu, run: apt-get install python3-venv" >&2; exit 1; }
	@echo "Installing $$(grep -c '^[A-Za-z0-9]' requirements-dev.txt) packages into $(VENV). This happens once and takes about a minute."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt || { \
		echo "The packages could not be installed. Check that this machine can reach Python's package index (or set PIP_INDEX_URL to your own mirror), then run the same command again." >&2; exit 1; }
	@touch $@

setup: $(READY) ## create .venv with everything Ext needs

ARGS ?=
demo: $(READY) ## try Ext in a browser, with an invented company and no accounts
	@$(BIN)/python -m bot demo $(ARGS)

test: $(READY) ## run all tests, or some: make test ARGS=tests/query
	@$(BIN)/python -m pytest --numprocesses auto --dist loadgroup $(ARGS)

check: $(READY) ## check format, lint, types, import layers and vulnerable packages
	@$(BIN)/ruff format --check --quiet . || { echo "Some files are not formatted. Run: make format" >&2; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/python -m tests.vulnerabilities

format: $(READY) ## format the code and apply lint fixes
	@$(BIN)/ruff format --quiet . && $(BIN)/ruff check --quiet --fix .

pictures: $(READY) ## take the README's pictures again; needs Debian's chromium
	@$(BIN)/python -m tests.page.pictures

faults: $(READY) ## write docs/faults.md again, from a run of the fault matrix
	@$(BIN)/python -m tests.faults

bench: $(READY) ## measure speed and memory as ratios to something standard
	@$(BIN)/python -m tests.bench $(ARGS)

soak: $(READY) ## run the bot under load and faults for 30 minutes: does anything leak?
	@$(BIN)/python -m tests.soak $(ARGS)

lock: $(READY) ## compile requirements*.txt again; to renew all versions: make lock ARGS=--upgrade
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-emit-find-links \
		--python-version 3.11 --custom-compile-command "make lock" $(ARGS) pyproject.toml -o requirements.txt
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-emit-find-links \
		--python-version 3.11 --custom-compile-command "make lock" $(ARGS) --group dev pyproject.toml -o requirements-dev.txt
