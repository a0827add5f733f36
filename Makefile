# make demo       the main job on the sample year
# make check      the quick gate while you work: format, lint, types, the tests of the rooms
# make test       the whole gate: format, lint, types, all tests
# make fuzz       50,000 garbled files through the reader and 50,000 odd command lines (2,000 of each are in the gate)
# make test-slow  the tests that take more than a few seconds
# make test-oldest    all tests with the lowest versions that pyproject.toml allows (Python 3.11 or 3.12)
# make test-pandas-2  all tests with the last pandas 2
# make test-extras    every extra alone in a new environment, and what it is for
# make test-clients   the hand-over to other models in PyPSA, mpi-sppy, oemof.solph and Calliope (which needs Python 3.12 or later: CALLIOPE)
# make bench      the measurements of docs/performance.md
# make metric     the experiment of docs/decisions/0001-default-metric.md
# make pictures   the pictures of docs/
# make sample     the sample data, made again from the weather files in the pvlib wheel

PYTHON ?= python3
CALLIOPE ?= python3.12
VENV := .venv
BIN := $(VENV)/bin
PYTEST := $(BIN)/pytest --numprocesses auto --dist worksteal
# Rooms whose tests take seconds; scores, sampling and what runs the whole program are left to `make test`.
UNIT := $(addprefix tests/,options kernels metrics periods io model test_architecture.py test_gate.py) \
	$(filter-out %exchange.py %groups.py %size.py,$(wildcard tests/reduction/*.py))

.DELETE_ON_ERROR:
.PHONY: demo check test tests style lint types unit format fuzz test-slow test-oldest test-pandas-2 test-extras \
	test-clients bench metric pictures sample clean

$(VENV)/run: pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("scenred needs Python 3.11 or newer" if sys.version_info < (3, 11) else 0)'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	touch $@

$(VENV)/test: $(VENV)/run
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test]'
	touch $@

$(VENV)/bench: $(VENV)/run
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[bench]'
	touch $@

$(VENV)/clients: $(VENV)/test
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test,clients]'
	touch $@

.venv-calliope/run:
	$(CALLIOPE) -m venv .venv-calliope
	.venv-calliope/bin/python -m pip install --quiet --disable-pip-version-check 'calliope==0.7.*' highspy
	touch $@

demo: $(VENV)/run
	mkdir -p demo
	$(BIN)/scenred generate data/sample/wind_pv_year.csv -k 10 --verbose --output demo/scenarios.csv --map demo/period_map.csv

check: style lint types unit

test: style lint types
	$(PYTEST)

tests: $(VENV)/test
	$(PYTEST)

style: $(VENV)/test
	$(BIN)/ruff format --check .

lint: $(VENV)/test
	$(BIN)/ruff check .

types: $(VENV)/test
	$(BIN)/mypy

unit: $(VENV)/test
	$(PYTEST) --hypothesis-profile quick $(UNIT)

oldest.txt: pyproject.toml
	$(PYTHON) -c 'import tomllib; p = tomllib.load(open("pyproject.toml", "rb"))["project"]; \
		x = p["optional-dependencies"]; \
		all = [*p["dependencies"], *x["parquet"], *x["excel"], *x["netcdf"]]; \
		print(*(one.replace(">=", "==") for one in all), sep="\n")' > $@

pandas-2.txt:
	echo 'pandas<3' > $@

test-oldest test-pandas-2: test-%: %.txt
	PIP_CONSTRAINT=$(CURDIR)/$< $(MAKE) VENV=.venv-$* tests

# Environments are made in a temporary folder. EXTRA=netcdf tries one.
test-clients: $(VENV)/clients .venv-calliope/run
	SCENRED_CALLIOPE=$(CURDIR)/.venv-calliope/bin/python $(PYTEST) tests/clients

test-extras:
	$(PYTHON) tests/extras/try_extras.py $(EXTRA)

format: $(VENV)/test
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

fuzz: $(VENV)/test
	SCENRED_FUZZ=50000 $(PYTEST) tests/test_fuzz.py tests/fuzz

test-slow: $(VENV)/test
	$(BIN)/pytest -m slow

bench: $(VENV)/bench
	$(BIN)/python -m benchmarks.run

metric: $(VENV)/bench
	$(BIN)/python -W ignore -m benchmarks.default_metric

pictures: $(VENV)/bench
	$(BIN)/python -W ignore docs/pictures/metrics.py
	$(BIN)/python -W ignore docs/pictures/wang2015.py

sample: $(VENV)/test
	$(BIN)/python data/sample/make_sample.py

clean:
	rm -rf $(VENV) .venv-calliope .venv-oldest .venv-pandas-2 demo oldest.txt pandas-2.txt
