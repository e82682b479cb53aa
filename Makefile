# fieldkit. Every target sets itself up: a machine needs Python 3.11 or newer, make and the package
# registry. What is installed is checked against the hashes in the requirements files.

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help demo test bench torture oracles pictures keys reference answers format lock wheel kit standalone sbom notice clean

VENV := .venv
ORACLES := .venv-oracles
RELEASE := .venv-release
# Quiet, but for errors.
PIP := -m pip --disable-pip-version-check --no-input --quiet --quiet
# Most tests wait for something, and what a file's tests share is made once.
SPREAD := -n 4 --dist loadfile --no-loadscope-reorder
# Compiles the tests once, while mypy begins; each process that runs them would do it otherwise.
COMPILING := $(VENV)/bin/python -m pytest --collect-only -qq >/dev/null 2>&1
INSTALL := $(PIP) install --require-hashes
# Tests start fieldkit many times; compiling it each time takes longer than most of them.
unexport PYTHONDONTWRITEBYTECODE

help: ## this list
	@echo "fieldkit: an offline notebook for inspectors of child protection work"
	@echo
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{ printf "%-18s %s\n", $$1, $$2 }'
	@echo
	@echo "Each sets up what it needs by itself, once, in $(VENV). PYTHON=/path/to/python chooses the Python."

demo: $(VENV)/.runs ## a practice inspection in a throw-away vault; without a terminal, the same day in print
	@$(VENV)/bin/python -m fieldkit demo

test: $(VENV)/.develops ## ruff, mypy, import contracts, requirements, pytest
	@echo "==> ruff: style and known mistakes"
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .
	@echo "==> import-linter: which package may import which"
	@$(VENV)/bin/lint-imports
	@echo "==> deptry: what is imported is required, what is required is imported"
	@$(VENV)/bin/deptry fieldkit screens storage
	@echo "==> mypy: types (says so among the tests when it is done; what it finds stands at the end)"
	@echo "==> pytest: behaviour (what is skipped is named at the end, with the reason)"
	@$(VENV)/bin/mypy & types=$$!; $(COMPILING); \
	$(VENV)/bin/python -m pytest $(SPREAD) -rs; tests=$$?; \
	wait $$types || $(VENV)/bin/mypy || exit; exit $$tests

bench: $(VENV)/.develops ## what speed is promised, measured in one run, which writes docs/performance.md
	@$(VENV)/bin/python -m benchmarks --page docs/performance.md

torture: $(VENV)/.develops ## the tests in their heavy form: many more examples, drawn anew, kills and power cuts
	@FIELDKIT_TORTURE=1 $(VENV)/bin/python -m pytest $(SPREAD)

oracles: $(ORACLES)/.ready ## our figures beside those of statsmodels, scikit-learn and irrCAC
	@FIELDKIT_ORACLES=1 $(ORACLES)/bin/python -m pytest -m oracle

pictures: $(VENV)/.develops ## make docs/pictures again from the app itself
	@$(VENV)/bin/python docs/make_pictures.py
	@$(VENV)/bin/python docs/make_recording.py

reference: $(VENV)/.runs ## write docs/cli.md, docs/json.md and the manual page from the program
	@$(VENV)/bin/python -m fieldkit.cli.reference.page docs
	@$(VENV)/bin/python -m tests.fieldkit.cli.answers

# TESTS=PATH adds what those tests see to what is recorded.
answers: $(VENV)/.develops ## record what commands answer with --json, and write docs/json.md
	@folder=$$(mktemp -d); trap 'rm -rf "$$folder"' EXIT; \
	FIELDKIT_ANSWERS=$$folder $(VENV)/bin/python -m pytest -q $(SPREAD) $(or $(TESTS),tests/fieldkit/cli) && \
	$(VENV)/bin/python -m tests.fieldkit.cli.answers "$$folder" $(if $(TESTS),--add)

keys: $(VENV)/.runs ## write docs/keys.md from fieldkit/vault/commands.toml
	@$(VENV)/bin/python -m screens.kit.commands > docs/keys.md

format: $(VENV)/.develops ## put the code into the one layout that make test asks for
	@$(VENV)/bin/ruff check --fix --select I,UP .
	@$(VENV)/bin/ruff format .

wheel: $(RELEASE)/.ready ## build the wheel into dist/, the same bytes each time
	@$(RELEASE)/bin/python -m hatchling build -t wheel -d dist

kit: $(RELEASE)/.ready ## PLATFORM=win_amd64, macosx_arm64 or manylinux_x86_64: all that such a laptop needs, into dist/
	@$(RELEASE)/bin/python -m release.kit $(or $(PLATFORM),none) $(if $(PYTHONS),--pythons $(PYTHONS)) $(if $(CENTRAL),--central)

standalone: $(RELEASE)/.ready ## a program that needs no Python, for this kind of computer, into dist/
	@$(RELEASE)/bin/python -m release.standalone

sbom: $(RELEASE)/.ready ## the bill of materials (CycloneDX) of what fieldkit runs on, into dist/
	@$(RELEASE)/bin/python -m release.sbom

notice: $(VENV)/.develops ## write NOTICE again: whose work is bundled, under which licence
	@$(VENV)/bin/python -m release.notice > NOTICE.new && mv NOTICE.new NOTICE

# Sets $$python, or stops with a sentence. python3 may be older than another Python beside it.
find-python = \
	for python in "$(PYTHON)" python3 python3.14 python3.13 python3.12 python3.11 python; do \
		[ -n "$$python" ] && command -v "$$python" >/dev/null 2>&1 || continue; \
		"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 || continue; \
		"$$python" -c 'import ensurepip, venv' >/dev/null 2>&1 && break; \
		echo "$$python is new enough but cannot make virtual environments (on Debian: install python3-venv)." >&2; \
	done; \
	"$$python" -c 'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 || { \
		echo "No Python 3.11 or newer was found. Nothing was changed. Install one, or name it: make PYTHON=/path/to/python." >&2; \
		exit 1; \
	}

# $(call environment,folder): a virtual environment there, made once, made again when its Python has gone.
environment = \
	$(1)/bin/python -m pip --version >/dev/null 2>&1 || { \
		$(find-python); \
		echo "==> making $(1) with $$("$$python" --version) ($$python)"; \
		rm -rf "$(1)" && "$$python" -m venv "$(1)"; \
	}

$(VENV)/.runs: requirements.lock
	@$(call environment,$(VENV))
	@echo "==> installing what fieldkit runs on, each file checked against its hash (a minute or two, once)"
	@$(VENV)/bin/python $(INSTALL) -r requirements.lock
	@touch $@

$(VENV)/.develops: requirements-dev.lock pyproject.toml
	@$(call environment,$(VENV))
	@echo "==> installing what fieldkit runs on and is tested with, each file checked against its hash (a minute or two, once)"
	@$(VENV)/bin/python $(INSTALL) --no-compile -r requirements-dev.lock
	@echo "==> installing fieldkit itself, from this folder"
	@# What else is called fieldkit, an earlier fieldkit too, would lie in the way.
	@$(VENV)/bin/python $(PIP) uninstall --yes fieldkit
	@$(VENV)/bin/python $(PIP) install --no-deps --no-build-isolation --no-index -e .
	@touch $@

$(ORACLES)/.ready: requirements-oracles.lock
	@$(call environment,$(ORACLES))
	@echo "==> installing the programs that judge our statistics, each file checked against its hash (some minutes, once)"
	@$(ORACLES)/bin/python $(INSTALL) -r requirements-oracles.lock
	@touch $@

$(RELEASE)/.ready: requirements-release.lock
	@$(call environment,$(RELEASE))
	@echo "==> installing what makes kits and the stand-alone program, each file checked against its hash (some minutes, once)"
	@$(RELEASE)/bin/python $(INSTALL) -r requirements-release.lock
	@touch $@

COMPILE := pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
	--no-header --no-emit-index-url --no-emit-find-links --system-certs --quiet --extra central

lock: ## make the requirements files again from pyproject.toml (UPGRADE=--upgrade for the newest of everything)
	@set -e; $(find-python); \
	tools=$$(mktemp -d); trap 'rm -rf "$$tools"' EXIT; \
	echo "==> installing uv in a folder that is deleted afterwards"; \
	"$$python" -m venv "$$tools"; \
	"$$tools/bin/python" $(PIP) install 'uv>=0.9'; \
	for file in "requirements.lock" \
		"requirements-dev.lock --group dev -c requirements.lock" \
		"requirements-release.lock --group release -c requirements-dev.lock" \
		"requirements-oracles.lock --group dev --group oracles -c requirements-dev.lock"; do \
		echo "==> $${file%% *}"; \
		"$$tools/bin/uv" $(COMPILE) $(UPGRADE) -o $$file; \
	done

clean: ## remove everything that the other targets made
	@echo "==> removing environments, caches and builds"
	@rm -rf $(VENV) $(ORACLES) $(RELEASE) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache snapshot_report.html
	@find . -name __pycache__ -not -path './.git/*' -type d -prune -exec rm -rf {} +
