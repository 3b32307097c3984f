# Two commands on a bare machine with Python 3.11+, make and a shell: `make demo`, `make test`.
# Everything they need comes from the lock into this folder; nothing outside it is touched.
# A package cache of yours: make demo UV_CACHE_DIR=~/.cache/uv

SHELL := /bin/sh
PYTHON ?= python3
UV_VERSION := 0.13.9

export UV_CACHE_DIR ?= $(CURDIR)/.cache/uv
export PIP_CACHE_DIR ?= $(CURDIR)/.cache/pip
export UV_PROJECT_ENVIRONMENT := $(CURDIR)/.venv
export UV_PYTHON_DOWNLOADS := never
export UV_NO_CONFIG := 1

UV := .bootstrap/bin/uv
BIN := .venv/bin

.PHONY: help demo up down test bench fuzz crash lint audit install install-dev clean

help: ## What can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "make %-12s %s\n", $$1, $$2}'

demo: .venv/.installed ## Install and run the main job: exports over HTTP to published indicators
	@$(BIN)/senacs demo

up: .venv/.installed ## Start the stack for work: database, Prefect with its pages, worker
	@$(BIN)/senacs up

down: .venv/.installed ## Stop the stack
	@$(BIN)/senacs down

test: .venv/.installed-dev ## Install and run the tests, on as many processes as JOBS (default 2)
	@$(BIN)/python -m pytest --numprocesses $${JOBS:-2} --dist loadfile $(ARGS)

bench: .venv/.installed-dev ## Install and run the benchmarks; prints tables
	@$(BIN)/python -m benchmarks
	@$(BIN)/python -m benchmarks.reading
	@$(BIN)/python -m benchmarks.validation
	@$(BIN)/python -m benchmarks.simulation
	@$(BIN)/python -m benchmarks.warehouse
	@$(BIN)/python -m benchmarks.matching
	@$(BIN)/python -m benchmarks.indicators
	@$(BIN)/python -m benchmarks.estimation
	@$(BIN)/python -m benchmarks.backfill
	@$(BIN)/python -m benchmarks.corrected
	@$(BIN)/python -m benchmarks.disclosure

fuzz: .venv/.installed-dev ## Read FUZZ (default 10000) mutated files: never a crash, a hang or a flood of memory
	@FUZZ=$${FUZZ:-10000} $(BIN)/python -m pytest -q tests/unit/test_fuzz_reading.py

crash: .venv/.installed-dev ## kill -9 of worker and of PostgreSQL at MOMENTS (default 50) random moments each; SEED
	@PREFECT_LOGGING_LEVEL=ERROR $(BIN)/python -m tests.crash --moments $${MOMENTS:-50} --seed $${SEED:-1}

lint: .venv/.installed-dev ## Lint, format, types, import direction, codebook, rules
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/senacs codebook check
	@$(BIN)/senacs rules check

audit: .venv/.installed-dev ## Hold every locked package of a run against known vulnerabilities; asks PyPI
	@mkdir -p .cache
	@$(UV) export --quiet --frozen --no-dev --all-extras --no-emit-project --output-file .cache/locked.txt
	@$(BIN)/pip-audit --strict --disable-pip --progress-spinner off --requirement .cache/locked.txt

install: .venv/.installed ## Install what a run needs
install-dev: .venv/.installed-dev ## Install what development needs too

clean: ## Remove what was installed and cached (not the data in .senacs)
	rm -rf .venv .bootstrap .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis

.bootstrap/.uv-$(UV_VERSION):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or newer is needed; this is $$($(PYTHON) --version). Try: make PYTHON=python3.12 …"; exit 1; }
	@echo "Preparing the installer"
	@$(PYTHON) -m venv .bootstrap
	@.bootstrap/bin/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@touch $@

# Compiled at once: imports are then three times as fast in every later run.
.venv/.installed: .bootstrap/.uv-$(UV_VERSION) uv.lock pyproject.toml
	@echo "Installing from the lock"
	@$(UV) sync --quiet --frozen --no-dev --compile-bytecode --python $(PYTHON)
	@touch $@

.venv/.installed-dev: .venv/.installed
	@echo "Installing the development tools from the lock"
	@$(UV) sync --quiet --frozen --compile-bytecode --python $(PYTHON)
	@touch $@
