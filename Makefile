# `make demo` shows the assistant; `make test` is what CI runs. `make help` lists all.

VENV := .venv
BIN := $(VENV)/bin
FIND_PYTHON := for p in python3 python3.13 python3.12 python3.11 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo $$p && break; done
ifeq ($(origin PYTHON), undefined)
PYTHON := $(shell $(FIND_PYTHON))
endif
# The versions that are installed, those of the build's own tools included.
LOCK := constraints.txt
LOCKED = -c $(LOCK) --build-constraint $(LOCK)
# Bytecode is made when it is used; before tests by all cores, where pip takes one.
PIP := $(BIN)/python -m pip install -qq --disable-pip-version-check --no-compile
EXTRAS := caldav,chat,encrypted,files,llama,mcp,notify,openai,otel,postgres,privacy,\
	quantized,serve,transformers,voice
# Another release of torch may bring several GB of CUDA anew: a person chooses it.
TORCH := torch==2.13.0
UV := .venv-lock/bin/uv pip compile -q --python .venv-lock/bin/python \
	--annotation-style line \
	--all-extras --group dev --group slow --group alone \
	--group lock --group mutants pyproject.toml
LOCK_OPTIONS ?=
DEMO_OPTIONS ?=
# A file's tests stay together: what one test makes, the next may use.
PYTEST = LOCK=$(LOCK) $(BIN)/python -m pytest -q -n $(WORKERS) --dist loadfile
WORKERS ?= 2
TESTS ?=
MUTANTS_OPTIONS ?=

.PHONY: help demo test quick lint bench clean lock pytest test-newest test-oldest \
	test-loaded mutants
.DELETE_ON_ERROR:

help:
	@echo "make demo    install agentkit without torch and show the assistant"
	@echo "make test    install what tests need; lint, types, imports, all tests"
	@echo "make quick   the tests that need no torch and no server"
	@echo "make lint    ruff, mypy, pyright, import contracts"
	@echo "make bench   speed and size, measured on this machine"
	@echo "make container   the Dockerfile's steps in a bare Debian root, served from"
	@echo "make mutants whether the tests notice faults in the code that decides"
	@echo "make lock    pin what is installed, for the dependencies in pyproject.toml"
	@echo "make test-newest   all tests on today's newest releases, which nothing pins"
	@echo "make test-oldest   all tests on the oldest releases that pyproject.toml allows"
	@echo "make test-loaded   all tests, or TESTS=tests/tools, beside eight busy processes"
	@echo "make clean   remove the environments and caches"
	@echo "Another Python: make PYTHON=/path/to/python3.12 demo"

demo: $(VENV)/.base
	@if [ -t 0 ] && [ -t 1 ]; then $(BIN)/agentkit demo $(DEMO_OPTIONS); else \
		echo "==> Not a terminal, so nobody can be asked: approvals are answered yes"; \
		$(BIN)/agentkit demo --yes $(DEMO_OPTIONS); fi

test: lint pytest

pytest: $(VENV)/.full
	@echo "==> Tests: quick ones first, then those that need torch or a server"
	@$(PYTEST)

# Lint and types are for the locked releases alone: each release has its own opinion.
test-newest test-oldest: test-%: build/%.txt
	@rm -rf .venv-$*
	@$(MAKE) --no-print-directory pytest VENV=.venv-$* LOCK=$<

# Time is never what a test asserts on: each passes on a machine that has none.
test-loaded: $(VENV)/.full
	@$(BIN)/python -m tests.loaded -n $(WORKERS) --dist loadfile $(TESTS)

quick: $(VENV)/.dev
	@$(PYTEST) -m "not slow"

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

# There need be no registry of images: as root, with debootstrap and a mirror of Debian.
container: $(VENV)/.dev
	@CONTAINER=1 $(BIN)/python -m pytest -q tests/container

mutants: $(VENV)/.mutants
	@nice $(BIN)/python -m tests.mutants $(MUTANTS_OPTIONS)

clean:
	rm -rf $(VENV) .venv-lock .venv-newest .venv-oldest
	rm -rf .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
	rm -rf .benchmarks .hypothesis .mutants build dist

# Each stamp is newer than the settings it was installed from.
%/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "agentkit needs Python 3.11 or newer; here is:" \
			"$$($(or $(PYTHON),python3) --version 2>&1)." >&2; \
		echo "Install a newer one, or name it: make PYTHON=/path/to/python3.12 demo" >&2; \
		exit 1; }
	@echo "==> Making $* with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv $* >/dev/null || { \
		$(PYTHON) -m venv --clear --without-pip $* && \
		$(PYTHON) -m pip --quiet --python $*/bin/python install -c $(LOCK) pip; }
	@touch $@

# Only a recent pip pins the build's own tools, too.
$(VENV)/.pip: $(VENV)/.made $(LOCK)
	@$(PIP) -c $(LOCK) --upgrade pip
	@touch $@

$(VENV)/.base: $(VENV)/.pip pyproject.toml
	@echo "==> Installing agentkit (no model libraries)"
	@$(PIP) $(LOCKED) -e ".[chat,meaning]"
	@touch $@

$(VENV)/.dev: $(VENV)/.pip pyproject.toml
	@echo "==> Installing agentkit and the test tools"
	@$(PIP) $(LOCKED) -e . --group dev
	@touch $(VENV)/.base $@

$(VENV)/.full: $(VENV)/.pip pyproject.toml
	@echo "==> Installing agentkit, the test tools and the optional backends" \
		"(torch is large: a few minutes)"
	@$(PIP) $(LOCKED) -e ".[$(EXTRAS)]" --group dev --group slow
	@$(PIP) $(LOCKED) --no-deps --group alone
	@$(BIN)/python -W ignore -m compileall -qq -j $(WORKERS) $(VENV)/lib || true
	@touch $(VENV)/.base $(VENV)/.dev $@

$(VENV)/.mutants: $(VENV)/.full
	@$(PIP) $(LOCKED) --group mutants
	@touch $@

# Pins that still fit stay; LOCK_OPTIONS=--upgrade takes the newest of everything.
lock: .venv-lock/.uv build/newest.txt
	@$(UV) --universal --python-version 3.11 -c build/newest.txt -o constraints.txt \
		--custom-compile-command "make lock" $(LOCK_OPTIONS)

build/newest.txt: Makefile
	@mkdir -p build
	@echo "$(TORCH)" > $@

build/oldest.txt: .venv-lock/.uv build/newest.txt pyproject.toml
	@$(UV) --resolution lowest-direct --upgrade -c build/newest.txt -o $@

.venv-lock/.uv: .venv-lock/.made
	@.venv-lock/bin/python -m pip install -qq -c constraints.txt uv
	@touch $@
