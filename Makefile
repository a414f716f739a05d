# Maillage: one command each. `make` lists them.
PYTHON ?= python3
BIN := .venv/bin
CORE := $(BIN)/.core
FULL := $(BIN)/.full
PIP := $(PYTHON) -m pip --python $(BIN)/python --disable-pip-version-check --quiet
INSTALL := $(PIP) install --require-hashes --no-warn-script-location --root-user-action=ignore

# A worker for each core, up to four; a module's tests stay in one of them, for they share fixtures.
SPREAD := -n logical --maxprocesses 4 --dist loadfile --no-loadscope-reorder

.DEFAULT_GOAL := help
.PHONY: help run test test-unit test-slow test-long check bench bench-ingest bench-compute calibrate soak kafka up down lock clean

help: ## List these commands
	@grep -E '^[a-z-]+:.*## ' Makefile | awk -F ':.*## ' '{printf "  make %-13s %s\n", $$1, $$2}'

run: $(CORE) ## Set up, simulate a region for two years, compute every week, write the weekly report
	@$(BIN)/maillage demo

test: $(FULL) ## Set up and run the whole suite but its slow part
	@$(BIN)/python -m pytest $(SPREAD) -m "not slow" $(TESTS)

test-unit: $(FULL) ## Run what is quick: no service, no browser, no other process, no whole chain
	@$(BIN)/python -m pytest $(SPREAD) -m "not (slow or kafka or browser or process or integration)" tests/producers tests/warehouse tests/analytics

test-slow: $(FULL) ## Run the slow part of the suite
	@$(BIN)/python -m pytest $(SPREAD) -m "slow and not long" $(TESTS)

test-long: $(FULL) ## Run what takes a quarter of an hour each: faults under Airflow, a year with Postgres
	@$(BIN)/python -m pytest -m long $(TESTS)

check: $(FULL) ## Lint, format, types, layers
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache

bench: $(FULL) ## Measure ingest and compute beside DuckDB alone; JSON under var/bench
	@$(BIN)/python tests/bench/run.py

bench-ingest: $(FULL) ## Measure ingest from Kafka beside its peers; JSON under var/bench
	@PYTHONPATH=. $(BIN)/python tests/bench/ingest.py

bench-compute: $(FULL) ## Measure the network kernels beside their peers; JSON under var/bench, table in docs/compute.md
	@PYTHONPATH=. $(BIN)/python tests/bench/compute.py

calibrate: $(FULL) ## Measure false alarms, power and coverage where the truth is known; writes docs/calibration.md
	@PYTHONPATH=. $(BIN)/python tests/bench/calibrate.py

soak: $(FULL) ## Follow Kafka for ten minutes at 500 events/s: memory, lag and latency; JSON under var/bench
	@PYTHONPATH=. $(BIN)/python tests/bench/soak.py

kafka: $(CORE) ## Start a broker on this machine (JDK 17 and Maven) until Ctrl-C
	@$(BIN)/python -m producers.log.broker

up: $(FULL) ## Start Kafka, the ingest service and Airflow with a demo until Ctrl-C; UP=--help says more
	@$(BIN)/python -m deploy.up up $(UP)

down: $(FULL) ## Stop what `make up` has started, and remove all that it made
	@$(BIN)/python -m deploy.up down

lock: ## Pin the dependencies again (needs uv)
	uv pip compile --universal --generate-hashes --no-emit-index-url --upgrade --quiet --extra build pyproject.toml -o requirements.txt
	uv pip compile --universal --generate-hashes --no-emit-index-url --quiet --extra build --extra airflow --extra test -c requirements.txt pyproject.toml -o requirements-test.txt

clean: ## Remove the environment and everything that was made
	rm -rf .venv var

$(BIN)/python:
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(None if (3, 11) <= v < (3, 14) else "Maillage runs on Python 3.11, 3.12 and 3.13; this is %d.%d: make PYTHON=python3.12 …" % v)'
	@$(PYTHON) -m pip --version > /dev/null 2>&1 || { echo "pip is missing for $(PYTHON): install it (Debian: apt install python3-pip)"; exit 1; }
	@$(PYTHON) -m venv --without-pip .venv

$(CORE): $(BIN)/python requirements.txt pyproject.toml
	@echo "Installing the pinned dependencies into .venv …"
	@$(INSTALL) -r requirements.txt
	@$(PIP) install --no-deps --no-build-isolation --root-user-action=ignore -e .
	@touch $@

$(FULL): $(BIN)/python requirements-test.txt pyproject.toml
	@echo "Installing everything for tests into .venv …"
	@$(INSTALL) -r requirements-test.txt
	@$(PIP) install --no-deps --no-build-isolation --root-user-action=ignore -e .
	@touch $@ $(CORE)
