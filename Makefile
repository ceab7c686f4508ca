# The README's commands, short. `make help` lists them.
PYTHON ?= python3
.DEFAULT_GOAL := help
.PHONY: help train test check lint figures docs hooks clean

help: ## List the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

train: ## Set up .venv and train a first model
	$(PYTHON) -m venv .venv && .venv/bin/pip install -c constraints.txt ".[train]" && .venv/bin/inkdigits train fast

test: ## Set up .venv and run the tests
	$(PYTHON) -m venv .venv && .venv/bin/pip install -c constraints.txt ".[dev]" && .venv/bin/python -m pytest

check: ## Style, types and the quick tests, in the same environment: about a minute
	.venv/bin/ruff check . && .venv/bin/ruff format --check . && .venv/bin/mypy && .venv/bin/python -m pytest -m "not slow"

lint: ## Style and types, in the environment that `make test` made
	.venv/bin/ruff check . && .venv/bin/ruff format --check . && .venv/bin/mypy

figures: ## Put the figures of benchmarks/results into README and docs
	.venv/bin/python scripts/figures/fill_figures.py

docs: ## Build the site: open build/site/index.html
	NO_MKDOCS_2_WARNING=1 .venv/bin/mkdocs build --strict --quiet

hooks: ## Check each commit before it is made, as CI would
	.venv/bin/pre-commit install

clean: ## Remove what the other targets made
	rm -rf .venv build dist runs
