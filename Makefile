# Everything a checkout can do. `make` alone lists it.

VENV := .venv
BIN := $(VENV)/bin

# Compiled once, started faster: whoever forbids that in general does not mean a checkout's own.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup demo test soak check bench lock currencies tables messages vendor picture looks docs clean

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

setup: ## build .venv from the lock, if the lock changed (PYTHON= chooses the interpreter)
	@PYTHON='$(PYTHON)' sh tools/setup.sh

demo: setup ## serve the demo story on http://localhost:8000 (RESET=1 begins anew; PORT=, DATA= choose)
	@exec $(BIN)/earnest demo $(if $(filter-out 0,$(RESET)),--reset) $(if $(PORT),--port '$(PORT)') $(if $(DATA),--data-dir '$(DATA)')

test: check ## everything CI runs: check, then every test, with all branches of the core covered
	@sh tools/chromium.sh
	@$(BIN)/pytest -n logical --maxprocesses 8 -m 'not soak' --durations=20 --cov --cov-fail-under 100 $(ARGS)

soak: setup ## half an hour of kills, full disks, lost COMMITs; pages in every way (MINUTES=, KILLS=; WRITE=1: keep the figures)
	@rm -rf var/soak
	@SOAK_MINUTES='$(MINUTES)' SOAK_KILLS='$(KILLS)' $(BIN)/pytest -m soak -s tests/soak $(ARGS)
	@SOAK_REPORT=1 $(BIN)/pytest -m soak tests/http/test_every_value.py
	@$(BIN)/pytest -n logical --maxprocesses 8 -m soak tests/browser
	@cat var/soak/report.md
	@$(if $(filter-out 0,$(WRITE)),$(BIN)/python tools/soak.py)

check: setup ## format, lint, types, import layers
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: setup ## measure the engine and REST beside pgbench's TPC-B, about five minutes (ARGS= for more)
	@$(BIN)/earnest bench $(ARGS)

COMPILE = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-annotate --no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock' \
	$(if $(UPGRADE),--upgrade) pyproject.toml

lock: setup ## write the locks after a change of pyproject.toml (UPGRADE=1 takes the newest of all)
	$(COMPILE) --output-file requirements.txt
	$(COMPILE) --output-file requirements-dev.txt --extra dev --constraint requirements.txt
	@sh tools/setup.sh

currencies: setup ## write core/currencies.py from the published table of ISO 4217
	$(BIN)/python tools/currencies.py

tables: setup ## write prove/tables: what becomes of every state if nobody acts (look at the diff)
	$(BIN)/python tools/tables.py

messages: setup ## write the catalogues anew from the code (new texts have no translation yet)
	$(BIN)/python tools/messages.py

vendor: setup ## write http/static/vendor from the npm packages that tools/vendor.py pins
	$(BIN)/python tools/vendor.py

picture: setup ## write docs/pictures/dashboard.png, the picture of the README, from the demo
	@PYTHONPATH=. $(BIN)/python tools/picture.py

looks: setup ## write tests/browser/looks: what is where on every page (look at the diff)
	@LOOKS=write $(BIN)/pytest -q -n logical --maxprocesses 8 -k fit_to_be_seen tests/browser/test_pages.py

docs: setup ## write the generated part of docs/reference
	$(BIN)/python tools/docs.py

clean: ## remove what was built or cached; neither data nor anything you wrote
	rm -rf $(VENV) .build dist .coverage .coverage.* .hypothesis .schemathesis
	rm -rf .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
	find src tests tools -name __pycache__ -type d -prune -exec rm -rf {} +
