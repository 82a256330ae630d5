# What a person types here. `make` alone tells what there is; everything is installed below .venv and tests/node.
SHELL := /bin/bash
PORT ?= 8000
PYTEST := .venv/bin/pytest --numprocesses 2 --dist worksteal
PINS := pyproject.toml constraints.txt .ci/setup.sh

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help demo setup lint check test test-sqlite test-postgres bench pins clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' Makefile

demo: .venv/ready-to-run ## set up, build the demo and serve it on http://127.0.0.1:8000 (PORT=… for another port)
	@.venv/bin/skip demo --port $(PORT)

setup: .venv/ready-to-test tests/node/node_modules/ready ## set up everything for development and tests

lint: .venv/ready-to-test ## formatting, style, types and import direction
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports

check: setup lint ## the fast check before every commit: lint and the quick tests, on SQLite
	$(PYTEST) -m "not slow and not browser"

test: setup test-sqlite test-postgres ## the whole suite on SQLite and on PostgreSQL, browser and PDF validation included

test-sqlite: setup ## the whole suite on SQLite
	env -u TEST_DATABASE_URL $(PYTEST)

test-postgres: setup ## the same on PostgreSQL (TEST_DATABASE_URL, else a throw-away server), less what knows no database
	.venv/bin/python -m tests.postgres $(PYTEST) -m "not once"

bench: setup ## the benchmarks
	.venv/bin/python -m benchmarks

pins: ## renew constraints.txt from pyproject.toml (needs uv); newer versions with UPGRADE=--upgrade
	uv pip compile --universal --all-extras --no-header --no-annotate --quiet $(UPGRADE) pyproject.toml -o constraints.txt

clean: ## remove the virtual environment and the node modules; databases and documents stay
	rm -rf .venv tests/node/node_modules

.venv/ready-to-run: $(PINS)
	@.ci/setup.sh run

.venv/ready-to-test: $(PINS)
	@.ci/setup.sh test

tests/node/node_modules/ready: .venv/ready-to-test $(wildcard tests/node/package*.json)
	@.ci/setup.sh node
