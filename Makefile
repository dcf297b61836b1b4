# All development tasks. `make help` lists them.

PYTHON ?= $(shell for python in python3.13 python3.12 python3.11 python3 python; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$python; break; }; done)
BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help try test check measure lock benchmark benchmark-scale snapshots honesty sources tour report-pictures

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /  make \1 ~ /p' $(MAKEFILE_LIST) | column -t -s '~' 2>/dev/null || grep '##' $(MAKEFILE_LIST)

try: .venv/ready ## set up careerkit and run `careerkit crisis start`
	@$(BIN)/careerkit crisis start; code=$$?; test $$code -eq 4 -o $$code -eq 130 || exit $$code
	@echo "In this clone, the command is .venv/bin/careerkit. The README says how to install it."

test: .venv/ready-dev check ## set everything up and run all checks and tests
	@$(BIN)/pytest -n auto --dist worksteal --cov --cov-report=
	@$(BIN)/coverage report --format=total --include='src/careerkit/core/*,src/careerkit/coaching/*' --fail-under=95
	@$(BIN)/coverage report --format=total --omit='src/careerkit/core/*,src/careerkit/coaching/*' --fail-under=85

snapshots: .venv/ready-dev ## regenerate the stored outcomes of the test cases
	@CAREERKIT_REGENERATE=1 $(BIN)/pytest tests/test_cases.py

honesty: .venv/ready ## list the sentences of the playbooks, for the conditions that make them true (tests/honesty)
	@$(BIN)/python tools/honesty.py

sources: .venv/ready ## regenerate docs/sources.md from docs/claims.toml and the playbooks
	@$(BIN)/python docs/make_sources.py

tour: .venv/ready-dev ## regenerate the pictures of docs/tour.md from a real session
	@PYTHONPATH=tests:tests/coaching $(BIN)/python docs/make_tour.py

report-pictures: .venv/ready-dev ## regenerate the pictures of docs/exports.md (needs chromium and poppler-utils)
	@$(BIN)/python docs/make_report.py

check: .venv/ready-dev ## check style, types and layers, without the tests
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/lint-imports

measure: .venv/ready-dev ## measure the structure of the code against its limits (tools/structure.py explains the figures)
	@$(BIN)/python tools/structure.py

lock: ## update the development lock file (needs uv)
	uv pip compile pyproject.toml --group dev --universal --generate-hashes --python-version 3.11 --no-header -q \
		-o requirements-dev.lock

benchmark: ## measure speed and memory against their targets and write docs/performance.md
	@test -n "$(PYTHON)" || { echo "careerkit needs Python 3.11 or later; none was found." >&2; exit 1; }
	@$(PYTHON) benchmarks/run.py

benchmark-scale: ## compare large journals with other tools and write docs/performance.md
	@test -n "$(PYTHON)" || { echo "careerkit needs Python 3.11 or later; none was found." >&2; exit 1; }
	@$(PYTHON) benchmarks/scale.py

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "careerkit needs Python 3.11 or later; none was found." >&2; exit 1; }
	@$(PYTHON) -m venv .venv || { rm -rf .venv; \
		echo "Python's venv module is missing. On Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }

.venv/ready: .venv/bin/python pyproject.toml
	@echo "Setting up careerkit in .venv (once, about a minute) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

.venv/ready-dev: .venv/bin/python pyproject.toml requirements-dev.lock
	@echo "Setting up the tools for development in .venv (once, about a minute) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-dev.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@ .venv/ready
