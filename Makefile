# `make demo` shows the assistant; `make test` is what CI runs. `make help` lists all.

VENV := .venv
BIN := $(VENV)/bin
FIND_PYTHON := for p in python3 python3.13 python3.12 python3.11 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo $$p && break; done
ifeq ($(origin PYTHON), undefined)
PYTHON := $(shell $(FIND_PYTHON))
endif
PIP := $(BIN)/python -m pip -qq --disable-pip-version-check
SETTINGS := pyproject.toml constraints.txt
DEMO_OPTIONS ?=

.PHONY: help demo test quick lint bench clean
.DELETE_ON_ERROR:

help:
	@echo "make demo    install agentkit without torch and show the assistant"
	@echo "make test    install what tests need; lint, types, imports, all tests"
	@echo "make quick   the tests that need no torch and no server"
	@echo "make lint    ruff, mypy, pyright, import contracts"
	@echo "make bench   speed and size, measured on this machine"
	@echo "make clean   remove $(VENV) and caches"
	@echo "Another Python: make PYTHON=/path/to/python3.12 demo"

demo: $(VENV)/.base
	@if [ -t 0 ] && [ -t 1 ]; then $(BIN)/agentkit demo $(DEMO_OPTIONS); else \
		echo "==> Not a terminal, so nobody can be asked: approvals are answered yes"; \
		$(BIN)/agentkit demo --yes $(DEMO_OPTIONS); fi

test: $(VENV)/.full lint
	@echo "==> Tests: quick ones first, then those that need torch or a server"
	@$(BIN)/python -m pytest -q

quick: $(VENV)/.dev
	@$(BIN)/python -m pytest -q -m "not slow"

lint: $(VENV)/.full
	@echo "==> Style (ruff)"
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@echo "==> Types (mypy strict)"
	@$(BIN)/mypy
	@echo "==> Types (pyright strict)"
	@$(BIN)/pyright
	@echo "==> Import contracts"
	@$(BIN)/lint-imports

bench: $(VENV)/.dev
	@$(BIN)/python -m pytest -q tests/benchmarks --benchmark-only
	@$(BIN)/python tests/benchmarks/footprint.py

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
	rm -rf .benchmarks .hypothesis build dist

# Each stamp is newer than the settings it was installed from.
$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "agentkit needs Python 3.11 or newer; here is:" \
			"$$($(or $(PYTHON),python3) --version 2>&1)." >&2; \
		echo "Install a newer one, or name it: make PYTHON=/path/to/python3.12 demo" >&2; \
		exit 1; }
	@echo "==> Making $(VENV) with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv $(VENV) >/dev/null || { \
		$(PYTHON) -m venv --clear --without-pip $(VENV) && \
		$(PYTHON) -m pip --quiet --python $(BIN)/python install pip; }
	@touch $@

$(VENV)/.base: $(VENV)/.made $(SETTINGS)
	@echo "==> Installing agentkit (no model libraries)"
	@$(PIP) install -c constraints.txt -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.base
	@echo "==> Installing the test tools"
	@$(PIP) install --upgrade "pip>=25.1"
	@$(PIP) install -c constraints.txt --group dev
	@touch $@

$(VENV)/.full: $(VENV)/.dev
	@echo "==> Installing the optional backends (torch is large: a few minutes)"
	@$(PIP) install -c constraints.txt -e ".[caldav,encrypted,openai,privacy,quantized,transformers]"
	@$(PIP) install -c constraints.txt --no-deps llama-models
	@$(PIP) install -c constraints.txt "transformers[serving]"
	@touch $@
