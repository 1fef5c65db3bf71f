# make run   serve the dashboard on this machine     make test   everything that must hold
# make classroom   serve the local network, PLAIN=1 without https      make soak   the long tests
# make bench   speed beside Keras and plain PyTorch, memory, and whether the estimates hold (takes 20 minutes)
# make bench-accuracy   how soon recipes of ours read 85, 90, 92 % of Fashion-MNIST, beside Keras (25 minutes)
# make bench-inside   how quickly Look inside answers in a browser (3 minutes)
# make bench-start   from the pen to drawn maps on Start, and what thirty who draw cost the server (2 minutes)
# make bench-first-minute   what moves while pages open on a slow laptop, and when there is something to see (3 minutes)
# make bench-traffic   how many bytes the pages send (2 minutes)
# make bench-strokes   how many drawings and photos of paper the ready nets read, and whom they turn away (5 minutes)
# make bench-honest   every bar of docs/honest.md: verdicts, the doctor, drawings, photos, a thousand runs (15 minutes)
# make bench-many-runs   what a thousand ended runs cost each page, and in memory (3 minutes)
# make bench-interface   whether training gets in the way of a person at the page (8 minutes)
# make bench-labs   how soon each lab answers first (1 minute)
# make bench-classroom   a class of thirty: joining, curves, pages, memory, what is left afterwards (7 minutes)
# make bench-turns bench-classroom   whether thirty runs share one machine fairly (5 minutes)
# make screenshots   the pictures in the README, from the running app

SHELL := /bin/bash
PYTHON ?= python3
PORT ?= 8501
BIN := .venv/bin
export PIP_DISABLE_PIP_VERSION_CHECK = 1
# What tests write lies in memory where 2 GB are free: hundreds of homes are made, and a disk takes its time to keep each.
export PYTEST_DEBUG_TEMPROOT := $(shell [ -w /dev/shm ] && df -k /dev/shm | awk 'END { if ($$4 > 2000000) print "/dev/shm" }')

.PHONY: run classroom test lint unit numeric e2e soak bench bench-accuracy bench-inside bench-start bench-first-minute bench-traffic bench-strokes bench-honest bench-interface bench-labs bench-many-runs bench-turns screenshots tools clean

run: .venv/installed
	@echo "Glasshouse: http://127.0.0.1:$(PORT)   (Ctrl+C ends it; runs are kept)"
	@$(BIN)/streamlit run app.py --server.port $(PORT)

classroom: .venv/installed-cluster
	@$(BIN)/python -m lib.classroom --port $(PORT) $(if $(PLAIN),--plain)

.venv/installed: requirements.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Installing what the dashboard needs (the first time takes a few minutes) ..."
	@$(BIN)/pip install --quiet -r requirements.txt
	@touch $@

.venv/installed-cluster: requirements-cluster.txt .venv/installed
	@$(BIN)/pip install --quiet -r requirements-cluster.txt
	@touch $@

.venv/installed-dev: requirements-dev.txt requirements-cluster.txt .venv/installed
	@$(BIN)/pip install --quiet -r requirements-dev.txt
	@touch $@

# Chromium, node and Fashion-MNIST come from Debian where apt and root are at hand.
tools:
	@missing=; command -v chromium >/dev/null || missing="chromium"; \
	command -v npm >/dev/null || missing="$$missing nodejs npm"; \
	test -d /usr/share/datasets/fashion-mnist || missing="$$missing dataset-fashion-mnist"; \
	if [ -n "$$missing" ] && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "Installing $$missing ..."; apt-get update -qq && \
	  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing >/dev/null; fi; true

test: lint unit numeric e2e

lint: .venv/installed-dev web/node_modules/installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	npm --prefix web run --silent lint
	npm --prefix web run --silent types

web/node_modules/installed: web/package-lock.json | tools
	@npm ci --prefix web --silent --no-audit --no-fund
	@touch $@

# One core for each test process: OpenMP threads that compete make everything slower.
unit: .venv/installed-dev web/node_modules/installed tools
	npm --prefix web --silent test
	OMP_NUM_THREADS=1 $(BIN)/pytest -m "not soak" --ignore tests/e2e -n 2 --dist worksteal --durations 20

# Once more what rests on the processor's arithmetic, with the kernels of an older processor.
NUMERIC = tests/training/test_{fit,formulas,lr_finder,published_numbers,optimizers,precision}.py tests/models/test_build.py \
  tests/explain/test_{backwards,attribution,connections,iteration}.py tests/experiments/test_race.py \
  tests/doctor/test_probes.py tests/ui/test_{browser_arithmetic,page_net}.py
numeric: .venv/installed-dev tools
	OMP_NUM_THREADS=1 ONEDNN_MAX_CPU_ISA=AVX2 ATEN_CPU_CAPABILITY=default $(BIN)/pytest $(NUMERIC) -n 2 --dist worksteal

# Two files at a time, each process with a server and a browser of its own. What fails is tried once more, and named.
e2e: .venv/installed-dev tools
	OMP_NUM_THREADS=1 $(BIN)/pytest tests/e2e -m "not soak" -n 2 --dist loadfile --reruns 1 -rR --durations 20

soak: .venv/installed-dev tools
	$(BIN)/pytest -m soak

# Keras lives in an environment of its own, so that it never enters the product. FORCE=--force judges on a busy machine.
.venv-bench/installed: bench/requirements.txt
	@test -x .venv-bench/bin/python || $(PYTHON) -m venv .venv-bench
	@echo "Installing Keras to compare with (the first time takes a few minutes) ..."
	@.venv-bench/bin/pip install --quiet -r bench/requirements.txt
	@touch $@

bench: .venv/installed .venv-bench/installed tools
	$(BIN)/python -m bench.engine $(FORCE)
	$(BIN)/python -m bench.server $(FORCE)
	$(BIN)/python -m bench.estimates $(FORCE)

bench-accuracy: .venv/installed .venv-bench/installed tools
	$(BIN)/python -m bench.to_accuracy $(FORCE)

bench-inside: .venv/installed-dev tools
	$(BIN)/python -m bench.inside $(FORCE)

bench-start: .venv/installed-dev tools
	$(BIN)/python -m bench.start $(FORCE)

bench-first-minute: .venv/installed-dev tools
	$(BIN)/python -m bench.first_minute $(FORCE)

bench-traffic: .venv/installed-dev tools
	$(BIN)/python -m bench.traffic

bench-strokes: .venv/installed-dev
	$(BIN)/python -m bench.strokes
	$(BIN)/python -m bench.none_of_these

bench-honest: .venv/installed-dev
	$(BIN)/python -m bench.honest
	$(BIN)/python -m bench.strokes
	$(BIN)/python -m bench.none_of_these
	$(BIN)/python -m bench.many_runs $(FORCE)

bench-interface: .venv/installed-dev tools
	$(BIN)/python -m bench.interface $(FORCE)

bench-many-runs: .venv/installed-dev
	$(BIN)/python -m bench.many_runs $(FORCE)

bench-turns: .venv/installed-dev
	$(BIN)/python -m bench.turns $(FORCE)

bench-labs: .venv/installed-dev
	$(BIN)/python -m bench.lab_answers

bench-classroom: .venv/installed-dev
	$(BIN)/python -m bench.classroom $(FORCE)

screenshots: .venv/installed-dev tools
	$(BIN)/python docs/make_screenshots.py

clean:
	rm -rf web/node_modules .venv .venv-bench .mypy_cache .ruff_cache .pytest_cache .hypothesis
