# Everything starts here. `make demo` shows the house at work, `make test` tests it.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(PYTHON) -m pip --python $(BIN)/python --disable-pip-version-check
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help install demo serve test check scan bench spark address-matcher lock clean

help:
	@echo 'make demo     build a made-up borough, find who needs help, get it to them, then serve the site'
	@echo 'make test     run every test; says by name what it skips and how to get it'
	@echo 'make serve    serve the site on http://localhost:8000'
	@echo 'make check    lint, types, contracts between rooms, missing migrations, deployment settings'
	@echo 'make scan     look the code over for weaknesses (bandit, semgrep), and list what it is built of (dist/sbom.json)'
	@echo 'make bench    measure, each figure beside a peer in the same run'
	@echo 'make spark    add what linking on Spark needs, for its tests (Java 17 besides)'
	@echo 'make address-matcher  add what finds the property of an address that is written otherwise (optional)'
	@echo 'make install  only build .venv and the static files'
	@echo 'make lock     compile requirements/*.in again (needs uv)'

install: .venv/run.stamp

demo: install
	$(BIN)/borough demo $(ARGS)

serve: install
	$(BIN)/borough serve $(ARGS)

test: .venv/dev.stamp
	$(BIN)/python -m tests.run $(ARGS)

check: .venv/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/borough makemigrations --check --dry-run
	BOROUGH_LIVE=1 BOROUGH_HOSTS=borough.example DATABASE_URL=postgres:///borough BOROUGH_SECRET_KEY=$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(60))') $(BIN)/borough check --deploy --fail-level WARNING

scan: .venv-scan/stamp
	.venv-scan/bin/bandit --quiet --configfile pyproject.toml --recursive borough
	.venv-scan/bin/semgrep scan --metrics=off --disable-version-check --quiet --test --config tests/scan/rules.yml tests/scan/rules.py
	.venv-scan/bin/semgrep scan --metrics=off --disable-version-check --quiet --error --exclude tests --exclude static --config tests/scan/rules.yml borough
	mkdir -p dist
	.venv-scan/bin/cyclonedx-py requirements --output-reproducible --output-file dist/sbom.json requirements/run.txt

spark: .venv/spark.stamp

address-matcher: .venv-addresses/stamp

bench: .venv/dev.stamp
	$(BIN)/python -m bench $(ARGS)

lock:
	for name in run dev node spark addresses; do uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --output-file requirements/$$name.txt requirements/$$name.in; done
	uv pip compile --quiet --universal --no-strip-extras --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --output-file requirements/scan.txt requirements/scan.in
	uv pip compile --quiet --universal --no-deps --python-version 3.11 --generate-hashes --no-header --output-file requirements/labelled.txt requirements/labelled.in

clean:
	rm -rf .venv .venv-addresses .venv-scan node_modules borough/web/static/vendor

# A virtual environment without its own pip works where Debian's ensurepip is missing too.
.venv/run.stamp: requirements/run.txt pyproject.toml package-lock.json borough/web/assets.py
	@$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(0 if (3, 11) <= v < (3, 14) else f"Open Borough needs Python 3.11 to 3.13 and this is {v[0]}.{v[1]}. Try: make PYTHON=python3.11")'
	$(PYTHON) -m venv --without-pip .venv
	$(PIP) install --quiet --require-hashes -r requirements/run.txt
	$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	command -v npm >/dev/null || $(PIP) install --quiet --require-hashes -r requirements/node.txt
	$(BIN)/python -m borough.web.assets
	touch $@

.venv/dev.stamp: .venv/run.stamp requirements/dev.txt requirements/labelled.txt
	$(PIP) install --quiet --require-hashes -r requirements/dev.txt
	$(PIP) install --quiet --require-hashes --no-deps -r requirements/labelled.txt
	touch $@

# Of its own: it wants another Splink and another DuckDB than the house.
.venv-addresses/stamp: requirements/addresses.txt
	$(PYTHON) -m venv --without-pip .venv-addresses
	$(PYTHON) -m pip --python .venv-addresses/bin/python --disable-pip-version-check install --quiet --require-hashes -r requirements/addresses.txt
	touch $@

# Of its own: semgrep holds back versions that the house uses.
.venv-scan/stamp: requirements/scan.txt
	$(PYTHON) -m venv --without-pip .venv-scan
	$(PYTHON) -m pip --python .venv-scan/bin/python --disable-pip-version-check install --quiet --require-hashes -r requirements/scan.txt
	touch $@

.venv/spark.stamp: .venv/dev.stamp requirements/spark.txt
	$(PIP) install --quiet --require-hashes -r requirements/spark.txt
	touch $@
