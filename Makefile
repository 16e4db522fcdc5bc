# `make run` installs SpectraCNN and opens it on the sample spectra; `make test` passes its tests.
# `make test-slow` passes those that train networks or start many processes.
# `make lint` checks style, types and layers; `make bench` measures; `make format` lays code out.
# `make package` builds the application that needs no Python; `make package-test` tries it out.

VENV ?= .venv
BIN := $(VENV)/bin
SAMPLES := resources/samples/*.ev

# TensorFlow has no wheels for newer Pythons yet: take the first one in range.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python; do \
	"$$p" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' \
	2>/dev/null && { echo "$$p"; break; }; done)

# A stamp is newer than what it was made from, so that a second run installs nothing.
RUN_STAMP := $(VENV)/.installed
DEV_STAMP := $(VENV)/.installed-dev
PACKAGE_STAMP := $(VENV)/.installed-package
# make itself ends with 2 whatever failed; .ci/run hands on this number instead.
PYTEST_STATUS := $(VENV)/.pytest-status
PIP := $(BIN)/python -m pip --disable-pip-version-check

.PHONY: run test test-slow lint format bench package package-test clean

run: $(RUN_STAMP)
	@status=0; $(BIN)/python scripts/check_qt.py || status=$$?; \
	case $$status in \
	  0) exec $(BIN)/python -m spectracnn $(SAMPLES) ;; \
	  3) exec $(BIN)/python -m spectracnn predict $(SAMPLES) ;; \
	  *) exit 1 ;; \
	esac

test: $(DEV_STAMP)
	@$(BIN)/python scripts/check_qt.py --offscreen
	@status=0; $(BIN)/python -m pytest -n 2 --dist loadfile -m "not slow" || status=$$?; echo $$status >$(PYTEST_STATUS); exit $$status

test-slow: $(DEV_STAMP)
	$(BIN)/python -m pytest -n 2 --dist loadfile -m slow

lint: $(DEV_STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(DEV_STAMP)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(DEV_STAMP)
	$(BIN)/python -m benchmarks --update-readme

# Into dist/: a folder that needs no Python, and on Debian and Ubuntu a .deb.
package: $(PACKAGE_STAMP)
	$(BIN)/python packaging/build.py

package-test: package
	$(BIN)/python packaging/smoke_test.py dist/SpectraCNN $$(ls dist/*.deb 2>/dev/null) \
	  --samples $(SAMPLES) --out build/smoke --clean-root build/root

$(BIN)/python:
	@if [ -z "$(PYTHON)" ]; then \
	  echo "SpectraCNN needs Python 3.11, 3.12 or 3.13; none was found." >&2; \
	  echo "Install one, or name it: make run PYTHON=/path/to/python3.12" >&2; \
	  exit 1; \
	fi
	@"$(PYTHON)" -m venv "$(VENV)" || { rm -rf "$(VENV)"; \
	  echo "The environment could not be made. Debian, Ubuntu: sudo apt install python3-venv" >&2; \
	  exit 1; }

$(RUN_STAMP): pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing SpectraCNN into $(VENV): once, a few minutes, about 2 GB."
	$(PIP) install --constraint constraints.txt --editable .
	@touch $@

$(DEV_STAMP): pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing SpectraCNN and its tests into $(VENV): once, a few minutes, over 2 GB."
	$(PIP) install --constraint constraints.txt --editable '.[dev]'
	@touch $@ $(RUN_STAMP)

$(PACKAGE_STAMP): pyproject.toml constraints.txt | $(BIN)/python
	$(PIP) install --constraint constraints.txt --editable '.[package]'
	@touch $@ $(RUN_STAMP)

clean:
	rm -rf "$(VENV)" build dist .mypy_cache .ruff_cache .import_linter_cache
