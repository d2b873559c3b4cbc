# `make run` starts the daemon, `make test` proves it. Both begin with a setup that does nothing when nothing changed.

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help demo run setup setup-dev setup-test test check format catalogues docs screenshots lock bench bench-full quarter fuzz fuzz-web chaos simulate nightly clean

BIN := .venv/bin
LOCK := uv pip compile pyproject.toml --quiet --universal --generate-hashes --no-header --no-annotate \
	--no-emit-index-url --python-version 3.11

demo: setup ## install what is needed and serve a filled site to play with; ARGS goes to `inbox demo`
	@exec $(BIN)/inbox demo $(ARGS)

run: setup ## install what is needed and start the daemon; ARGS goes to `inbox run`
	@exec $(BIN)/inbox run $(ARGS)

test: setup-test check ## set up and pass everything, real servers included, two tests at a time; ARGS goes to pytest
	$(BIN)/python -m pytest -n 2 --dist loadfile $(ARGS)

check: setup-dev ## format, lint, types and floors
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: setup-dev ## put the code into its one format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: setup-test ## measure in little, beside hand-written floors; fails on counts and ratios; ARGS="ingest web": these alone
	$(BIN)/python -m bench $(ARGS)

bench-full: setup-test ## all budgets at full size and at histories of 1,000 to 100,000 conversations (hours); ARGS=--write: into docs/performance.md
	$(BIN)/python -m bench --full $(ARGS)

quarter: setup-dev ## play a quarter through the house and judge the times it announced; ARGS="--write docs/promises.md"
	$(BIN)/python -m bench.quarter $(ARGS)

RUNS ?= 100000
fuzz: ## read RUNS mutated mails, guided by coverage; fails on an error, or on one that takes two seconds
	@sh tools/venv requirements-fuzz.lock
	$(BIN)/python -m tests.unit.fuzz --runs $(RUNS) $(ARGS)

SECONDS ?= 300
fuzz-web: setup-test ## ask a demo for SECONDS what no browser asks; fails on a mistake of ours, tells what took long
	$(BIN)/python -m tests.web.fuzz --seconds $(SECONDS) $(ARGS)

KILLS ?= 1000
chaos: setup-test ## end, hurt and cancel the daemon at every point it has, and kill it KILLS times under load, on both databases: nothing lost, nothing doubled
	CHAOS=all KILLS=$(KILLS) $(BIN)/python -m pytest -n 2 tests/chaos $(ARGS)

SEEDS ?= 1000
simulate: setup-dev ## play SEEDS weeks in virtual time with faults in them; the story of each seed that broke something; ARGS="--story 17": of one
	$(BIN)/python -m tests.simulation --seeds $(SEEDS) $(ARGS)

nightly: setup-test ## what takes longer than a build may: 100,000 due times held to their laws, mailboxes and storms of 10,000 and 100,000 mails
	EXAMPLES=100000 $(BIN)/python -m pytest tests/unit/sla/test_due_times.py $(ARGS)
	MAILS=10000 $(BIN)/python -m pytest tests/path/test_faults_of_mailboxes.py -k a9 $(ARGS)
	BACKLOG=100000 $(BIN)/python -m pytest tests/daemon/test_first_sync.py -k a8 $(ARGS)
	QUEUED=10000 DSNS=10000 FLOOD=1000 $(BIN)/python -m pytest tests/path/test_faults.py -k "d20_after or e4 or e10" $(ARGS)

setup: ## .venv with the locked packages and the project
	@sh tools/venv requirements.lock

setup-dev: ## the same with the tools of development
	@sh tools/venv requirements-dev.lock

setup-test: ## the same, and the Debian packages that the tests need
	@sh tools/debian
	@sh tools/venv requirements-dev.lock

catalogues: setup-dev ## compile the wording that people read (inbox.po to inbox.mo)
	$(BIN)/python -m inbox.text.catalogues inbox/locale

docs: setup-dev ## write what the docs take from the code: state diagrams, the page of commands
	$(BIN)/python -m tools.pages

screenshots: setup-test ## pictures of every message template and of the demo's pages to look at, in build/screenshots; ARGS=pages or pages=WORD: of these alone
	$(BIN)/python -m tools.screenshots $(ARGS)

lock: ## resolve the dependencies of pyproject.toml anew (needs uv); UPGRADE=1 takes newer ones
	$(LOCK) $(if $(UPGRADE),--upgrade) --group build --output-file requirements.lock
	$(LOCK) $(if $(UPGRADE),--upgrade) --constraint requirements.lock --group build --group dev --output-file requirements-dev.lock
	$(LOCK) $(if $(UPGRADE),--upgrade) --constraint requirements-dev.lock --group build --group dev --group fuzz --output-file requirements-fuzz.lock

clean: ## remove everything that was made, except data/
	rm -rf .venv .setup .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage build dist
	find . -name __pycache__ -type d -not -path './data/*' -prune -exec rm -rf {} +

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
