# Two set-up commands, each complete on a machine with Python 3.11 or newer: `make report` and `make test`.

VENV ?= .venv
BIN := $(VENV)/bin
WORKERS ?= 2
export OMP_NUM_THREADS ?= 1
export PIP_DISABLE_PIP_VERSION_CHECK ?= 1

.DELETE_ON_ERROR:
.PHONY: help report sample test lint test-fast test-slow bench format clean

help:
	@echo "make report   set up, put the claims on trial, write HTML to reports/"
	@echo "make sample   the same in both languages to reports/sample/, and docs/verdicts.md (kept in version control)"
	@echo "make test     set up, lint, type-check, run all tests"
	@echo "make bench    set up, measure the engine beside its baselines"
	@echo "make format   set up, format the sources"
	@echo "make clean    remove the virtual environment and caches"

report: $(VENV)/.installed
	$(BIN)/verify fetch minilm || echo "going on without the pretrained Transformer" >&2
	$(BIN)/verify run --engine processes --ledger reports/ledger.sqlite
	$(BIN)/verify report --ledger reports/ledger.sqlite --out reports

# A verdict other than the expected one is reported in the page; it is no reason to write none.
sample: report
	env -u VERIFY_TEXTBOOK $(BIN)/verify report --ledger reports/ledger.sqlite --out reports/sample
	env -u VERIFY_TEXTBOOK $(BIN)/verify report --ledger reports/ledger.sqlite --out reports/sample/zh --lang zh
	mv reports/sample/zh/errata.zh.md reports/sample/errata.zh.md
	mv reports/sample/zh/low_rank.html reports/sample/low_rank.zh.html
	mv reports/sample/verdicts.md docs/verdicts.md
	rm -rf reports/sample/zh

test: lint test-fast test-slow

lint: $(VENV)/.installed-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

test-fast: $(VENV)/.installed-test
	$(BIN)/python -m pytest -n $(WORKERS) -m "not slow"

test-slow: $(VENV)/.installed-test
	$(BIN)/python -m pytest -n $(WORKERS) -m slow

bench: $(VENV)/.installed
	$(BIN)/verify bench

format: $(VENV)/.installed-test
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:
	rm -rf $(VENV) build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find verify claims tests -name __pycache__ -type d -prune -exec rm -rf {} +

# --- set-up -----------------------------------------------------------------------------------------------------

$(VENV)/.installed: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install -qq --editable '.[data]'
	@touch $@

$(VENV)/.installed-test: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install -qq --editable '.[test]'
	@touch $@ $(VENV)/.installed

# The first interpreter that is new enough and can make virtual environments. A name on the path may be a shim of an
# interpreter that is not there, so each is run, not only looked up.
$(BIN)/python:
	@for python in python3 python3.13 python3.12 python3.11; do \
	  $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 || continue; \
	  new_enough=$$python; \
	  $$python -c 'import ensurepip, venv' >/dev/null 2>&1 || continue; \
	  echo "$$python -m venv $(VENV)"; \
	  $$python -m venv $(VENV) && exit 0; \
	  rm -rf $(VENV); exit 1; \
	done; \
	if [ -n "$$new_enough" ]; then \
	  echo "$$new_enough cannot make virtual environments: install python3-venv (Debian, Ubuntu: apt-get install python3-venv)" >&2; \
	else \
	  echo "no Python 3.11 or newer was found: install one (Debian, Ubuntu: apt-get install python3 python3-venv)" >&2; \
	fi; exit 1
