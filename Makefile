# Everything a newcomer needs: `make run`, `make test`; `make help` lists the rest.
SHELL := /bin/sh
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

WIDGET_SOURCES := $(shell find web -path '*/node_modules' -prune -o -type f -print 2>/dev/null)
RASA_READY     := .venv-rasa/.ready
SERVICE_READY  := .venv/.ready
DEV_READY      := .venv/.ready-dev
WEB_READY      := balie/gateway/static/.ready

.PHONY: help
help: ## This list
	@sed -n 's/^\([a-z][a-z-]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{printf "%-18s %s\n", $$1, $$2}'

.PHONY: setup
setup: $(SERVICE_READY) $(RASA_READY) $(WEB_READY) ## Both Python environments and the web assets

$(RASA_READY): requirements/rasa.txt
	@tools/setup/environment.sh rasa && touch $@

$(SERVICE_READY): requirements/service.txt pyproject.toml
	@tools/setup/environment.sh service && touch $@

$(DEV_READY): $(SERVICE_READY) requirements/dev.txt
	@tools/setup/environment.sh dev && touch $@

$(WEB_READY): $(WIDGET_SOURCES) tools/setup/web.sh
	@tools/setup/web.sh && touch $@

.PHONY: run
run: setup ## Set up what is missing, then start everything with the demo shop (Ctrl-C stops it)
	@exec .venv/bin/balie up --demo

.PHONY: train
train: $(SERVICE_READY) $(RASA_READY) ## Train the assistant
	@.venv/bin/balie train

.PHONY: demo
demo: $(SERVICE_READY) ## Load the demo shop into the database
	@.venv/bin/balie db upgrade && .venv/bin/balie demo load

.PHONY: check
check: $(DEV_READY) ## The fast checks: lint, types, imports, content, unit tests
	@.venv/bin/python tools/run_tests.py --fast

.PHONY: test
test: setup $(DEV_READY) ## Every test, in a browser and on PostgreSQL too
	@tools/setup/chromium.sh
	@tools/setup/postgres.sh
	@.venv/bin/balie train
	@.venv/bin/python tools/run_tests.py

.PHONY: e2e
e2e: setup $(DEV_READY) ## Only the browser tests
	@tools/setup/chromium.sh
	@.venv/bin/python tools/run_tests.py --only e2e

.PHONY: bench
bench: setup $(DEV_READY) ## Measure everything in docs/benchmarks.md
	@.venv/bin/python -m benchmarks.run_all

.PHONY: format
format: $(DEV_READY) ## Put the code in its usual form
	@.venv/bin/ruff check --quiet --fix . ; .venv/bin/ruff format --quiet .

.PHONY: lock
lock: ## Pin the requirements anew (with hashes, without index addresses)
	@tools/setup/lock.sh

.PHONY: clean
clean: ## Remove everything that was built (not var/)
	@rm -rf .venv .venv-rasa .tools balie/gateway/static web/*/node_modules models/*.tar.gz
