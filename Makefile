# Two commands matter: `make run` and `make test`. All they make is in .venv and var.

PYTHON ?=
PYTEST_OPTIONS ?=
# Whole files go to one process, in order: what drives a browser must run last (tests/needs.py).
SIDE_BY_SIDE ?= -n auto --maxprocesses 4 --dist loadscope --no-loadscope-reorder
MINUTES ?= 10
CLAIMS ?= radius hashing video transforms text banks verdicts journal scan assess
# The library is tested where there is no Django, which it must do without; that also saves time.
NO_DJANGO := -p no:django -p no:schemathesis --override-ini addopts="--strict-markers --import-mode=importlib"
DUTYBOUND_DATA ?= var
export DUTYBOUND_DATA
# Python keeps what it compiled, even where the environment says otherwise: else each of the many
# processes that tests start would compile all of it again.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help run reset test test-library check format translations bench fuzz audit set-up peers oscal foreign

help: ## Say what can be made.
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/ ·/' | column -t -s '·'

run: .venv/ready ## Start the demo service, its web server and its worker.
	@exec .venv/bin/dutybound demo

reset: .venv/ready ## Throw away the demo's data. It asks nothing.
	@.venv/bin/dutybound demo --reset

test: .venv/ready ## Run every test that this machine can run.
	@.venv/bin/python -m pytest -q $(SIDE_BY_SIDE) $(PYTEST_OPTIONS)

test-library: .venv/ready ## Run the library's tests; a few seconds, on every save.
	@.venv/bin/python -m pytest -q $(SIDE_BY_SIDE) $(NO_DJANGO) tests/library

check: .venv/ready ## Format, lint, imports, types, migrations and tests.
	@echo "format";     .venv/bin/ruff format -q --check . || { echo "mend it with: make format"; exit 1; }
	@echo "lint";       .venv/bin/ruff check -q .
	@echo "imports";    .venv/bin/lint-imports --no-logo >.venv/imports 2>&1 || { cat .venv/imports; exit 1; }
	@echo "types";      .venv/bin/mypy
	@echo "migrations"; DJANGO_SETTINGS_MODULE=tests.settings .venv/bin/python -m django makemigrations --check --dry-run
	@echo "tests";      .venv/bin/python -m pytest -q $(SIDE_BY_SIDE) $(PYTEST_OPTIONS)

translations: .venv/ready ## Add what pages and letters newly say to the .po files, and compile them.
	@.venv/bin/python -m tests.translations

format: .venv/ready ## Lay the code out as `make check` wants it.
	@.venv/bin/ruff format -q . && .venv/bin/ruff check -q --fix .

bench: .venv/peers ## Measure what the README promises, on this machine, beside others.
	@for claim in $(CLAIMS); do \
	  printf '\n== %s: %s\n' $$claim "$$(sed -n '1s/^"""//p' benchmarks/$$claim.py)"; \
	  .venv/bin/python -m benchmarks.$$claim || exit 1; \
	done

fuzz: .venv/ready ## Send damaged bytes to every parser and the API, for MINUTES.
	@.venv/bin/python -m tests.security.fuzz $(MINUTES)
	@FUZZ_EXAMPLES=$$(($(MINUTES) * 10)) .venv/bin/python -m pytest -q tests/security/test_openapi.py

audit: .venv-audit/ready ## Ask whether a version we pin has a known weakness. Needs the network.
	@for pins in constraints*.txt; do \
	  printf '\n== %s\n' "$$pins"; \
	  .venv-audit/bin/pip-audit --strict --disable-pip --require-hashes --requirement "$$pins" || bad=1; \
	done; exit $${bad:-0}

set-up: .venv/ready ## Only install what the others need.

peers: .venv/peers ## Install what the benchmarks compare with, and what bulk work needs.

.venv/ready: constraints.txt pyproject.toml
	@.ci/set-up "$(PYTHON)"
	@touch $@

oscal: .venv-oscal/ready ## Install what tests of our OSCAL ask: compliance-trestle, NIST's schemas.

foreign: tests/foreign/node_modules/ready ## Install npm's verifier of the journal, for tests.

.venv/peers: .venv/ready constraints-peers.txt
	@.ci/set-up --peers
	@touch $@

.venv-audit/ready: .venv/ready
	@.venv/bin/python -m venv --clear .venv-audit
	@.venv-audit/bin/python -m pip --disable-pip-version-check -qq install pip-audit
	@touch $@

.venv-oscal/ready: .venv/ready constraints-oscal.txt
	@.ci/set-up --oscal
	@touch $@

tests/foreign/node_modules/ready: tests/foreign/package-lock.json
	@.ci/set-up --npm
	@touch $@
