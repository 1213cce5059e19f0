# Two commands do everything from a fresh clone: make demo, make test.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.DEFAULT_GOAL := help
.PHONY: help setup demo test check format pictures bench lock

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(READY): requirements-dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Ext needs Python 3.11 or newer; $$($(PYTHON) --version) is what '$(PYTHON)' is. Try: make PYTHON=python3.11 setup"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Setting up $(VENV) (once, about a minute)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

setup: $(READY) ## a .venv with everything in it

ARGS ?=
demo: $(READY) ## try Ext in a browser, with an invented company and no accounts
	@$(BIN)/python -m bot demo $(ARGS)

test: $(READY) ## the tests, on all processors
	@$(BIN)/python -m pytest --numprocesses auto --dist loadgroup $(ARGS)

check: $(READY) ## format, lint, types, floors
	@$(BIN)/ruff format --check --quiet . || { echo "Some files are not formatted: make format"; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

format: $(READY) ## put the code in its one form
	@$(BIN)/ruff format --quiet . && $(BIN)/ruff check --quiet --fix .

pictures: $(READY) ## take the README's pictures anew; needs Debian's chromium
	@$(BIN)/python -m tests.page.pictures

bench: $(READY) ## the figures, as ratios to something standard in the same run
	@$(BIN)/python -m tests.bench $(ARGS)

lock: $(READY) ## compile requirements*.txt anew from pyproject.toml
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-emit-find-links \
		--python-version 3.11 --custom-compile-command "make lock" pyproject.toml -o requirements.txt
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-emit-find-links \
		--python-version 3.11 --custom-compile-command "make lock" --group dev pyproject.toml -o requirements-dev.txt
