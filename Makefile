# make repl     start the REPL; with standard input piped in, run what it reads
# make test     run all tests, side by side
# make fuzz     hunt for faults with random texts, for hours; `make fuzz SHARE=0.01` for minutes
# make check    formatting, lint, types, layers, figures, pages
# make figures  write the tables of the pages from the figures on record
# make docs     build the pages into build/site
# make format   put the code into the form that `make check` wants
# make train    train the shipped model again
#
# Each sets up a virtual environment in .venv first, once, and again when pyproject.toml changes.

.PHONY: repl test fuzz check figures docs format train

PYTHON ?= $(shell for name in python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$name" && break; done)
BIN := .venv/bin

# Standard input may be the program to run and standard output what it prints: set-up touches neither.
define set-up
	@test -n "$(PYTHON)" || { echo "latent-repl needs Python 3.11 or newer, and finds none. Install one, or name one: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@echo "Setting up .venv with $(PYTHON) (once; this takes some minutes)" >&2
	@$(PYTHON) -m venv .venv </dev/null >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input --editable '$(1)' </dev/null >&2
endef

repl: .venv/installed
	@$(BIN)/latent-repl

test: .venv/installed-dev
	@$(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile

SHARE ?= 1
fuzz: .venv/installed-dev
	$(BIN)/python -m tests.fuzz.faults --share $(SHARE)

check: .venv/installed-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/cog -I . --check $(PAGES)
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs --quiet build

PAGES := README.md $(wildcard docs/*.md)
figures: .venv/installed-dev
	$(BIN)/cog -I . -r $(PAGES)

docs: .venv/installed-dev
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build

format: .venv/installed-dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

train: .venv/installed-dev
	$(BIN)/python -m training.train training/configs/base.toml

.venv/installed: pyproject.toml
	$(call set-up,.)
	@touch $@

.venv/installed-dev: pyproject.toml
	$(call set-up,.[dev])
	@touch .venv/installed $@
