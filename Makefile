# make demo       the main job on the sample year
# make check      the quick gate while you work: format, lint, types, the tests of the rooms
# make test       the whole gate: format, lint, types, all tests
# make fuzz       50,000 garbled files through the reader and 50,000 odd command lines (2,000 of each are in the gate)
# make test-slow  the tests that take more than a few seconds
# make bench      the measurements of docs/performance.md
# make metric     the experiment of docs/decisions/0001-default-metric.md
# make pictures   the pictures of docs/
# make sample     the sample data, made again from the weather files in the pvlib wheel

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PYTEST := $(BIN)/pytest --numprocesses auto --dist worksteal
# Rooms whose tests take seconds; scores, sampling and what runs the whole program are left to `make test`.
UNIT := $(addprefix tests/,options kernels metrics periods io model test_architecture.py test_gate.py) \
	$(filter-out %exchange.py %groups.py %size.py,$(wildcard tests/reduction/*.py))

.DELETE_ON_ERROR:
.PHONY: demo check test style lint types unit format fuzz test-slow bench metric pictures sample clean

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

demo: $(VENV)/run
	mkdir -p demo
	$(BIN)/scenred generate data/sample/wind_pv_year.csv -k 10 --verbose --output demo/scenarios.csv --map demo/period_map.csv

check: style lint types unit

test: style lint types
	$(PYTEST)

style: $(VENV)/test
	$(BIN)/ruff format --check .

lint: $(VENV)/test
	$(BIN)/ruff check .

types: $(VENV)/test
	$(BIN)/mypy

unit: $(VENV)/test
	$(PYTEST) --hypothesis-profile quick $(UNIT)

# The lower bounds of pyproject.toml as constraints: PIP_CONSTRAINT=oldest.txt make test
oldest.txt: pyproject.toml
	$(PYTHON) -c 'import tomllib; p = tomllib.load(open("pyproject.toml", "rb"))["project"]; \
		x = p["optional-dependencies"]; \
		all = [*p["dependencies"], *x["parquet"], *x["excel"], *x["netcdf"]]; \
		print(*(one.replace(">=", "==") for one in all), sep="\n")' > $@

format: $(VENV)/test
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

fuzz: $(VENV)/test
	SCENRED_FUZZ=50000 $(BIN)/pytest -s tests/test_fuzz.py tests/fuzz

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
	rm -rf $(VENV) demo oldest.txt
