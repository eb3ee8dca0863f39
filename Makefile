# Everything a developer runs. Needs only make and Python 3.11+ (with venv); works from any folder (make -C).

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
# Names below are relative, so that the path to this folder may hold what make cannot: spaces, quotes, $ and #.
ifeq ($(wildcard tools/bootstrap.sh),)
$(error Run it in the project's folder: make -C FOLDER $(MAKECMDGOALS))
endif
ifneq ($(findstring :,$(CURDIR)),)
$(error The path of this folder has a colon, which cuts search paths such as PATH: move it. It is $(CURDIR))
endif

UV_VERSION := 0.13.9
UV := .tools/bin/uv
BIN := .venv/bin
PY := $(BIN)/python
CONSOLE := services/gateway/console
STATIC := services/gateway/src/showfloor/gateway/console/static
OPENAPI := services/gateway/src/showfloor/gateway/openapi.json
# Every member of the workspace. mypy must know where their modules begin; generated contracts have stubs instead.
SOURCES := $(wildcard libs/*/src services/*/src cli/src)
EMPTY :=
SPACE := $(EMPTY) $(EMPTY)
export UV_PYTHON_DOWNLOADS := never
# The gates and the console are made side by side: each is one process.
MAKEFLAGS += --jobs=2
# One file's tests stay in one process, and files keep their order: see tests/conftest.py.
PARALLEL := -n auto --maxprocesses=4 --dist=loadfile --no-loadscope-reorder
# Python programs are run as modules: a program's first line, which names its interpreter, cannot hold every path.
# The project has its own environment: an active one must not be filled by mistake.
unexport VIRTUAL_ENV
# A system is many processes: where compiled modules are not kept, each would spend half of its start compiling them.
unexport PYTHONDONTWRITEBYTECODE

##@ Run
.PHONY: up down
up: install console ## Start everything here and show the URL (ARGS="--port 8080 --no-demo")
	@$(PY) -m showfloor.cli up $(ARGS)

down: install ## Stop what `make up` started
	@$(PY) -m showfloor.cli down $(ARGS)

##@ Prove
.PHONY: test fast fuzz chaos check check-format check-lint check-types check-imports check-protos check-generated check-console
test: install check console ## Everything: gates, console, every test (.ci/run runs this)
	@mkdir -p test-results
	@$(PY) -m pytest $(PARALLEL) --junitxml=test-results/junit.xml $(ARGS)

fast: install ## The tests that need no server
	@$(PY) -m pytest $(PARALLEL) tests/unit tests/property $(ARGS)

fuzz: install ## Try N inputs of every parser (N=200000; ARGS=--docs puts the counts into docs/security.md)
	@$(PY) tests/fuzz/many.py $(or $(N),200000) $(ARGS)

check: check-format check-lint check-types check-imports check-protos check-generated check-console ## Every gate that runs no test

check-format: install
	@$(BIN)/ruff format --check . || { echo "make format mends it" >&2; exit 1; }

check-lint: install
	@$(BIN)/ruff check . || { echo "make format mends what is fixable" >&2; exit 1; }

check-types: install
	@MYPYPATH=$(subst $(SPACE),:,$(SOURCES)) $(PY) -m mypy $(filter-out libs/contracts/src,$(SOURCES)) bench tools

check-imports: install
	@$(BIN)/lint-imports --no-cache

check-protos: install
	@cd protos && ../$(BIN)/buf lint && ../$(BIN)/buf breaking --against released.binpb

check-generated: install
	@$(PY) -m tools.generate --check

chaos: install ## Let N faults happen under load, check every invariant after each (N=60 SEED=1)
	@$(PY) tests/chaos/rounds.py --faults $(or $(N),60) $(if $(SEED),--seed $(SEED)) $(ARGS)

##@ Generate
.PHONY: generate protos-release demo-recording console requirements screenshots design-pictures bench format
generate: install ## Write every file that is made from others (SAME="VIEW ...": its code changed, its rows do not)
	@$(PY) -m tools.generate $(SAME)

protos-release: install ## Record today's protos as the released contract that later ones must not break
	@cd protos && ../$(BIN)/buf build -o released.binpb

demo-recording: install ## Make the simulated recording that `make up` plays
	@$(PY) tools/demo_recording.py

console: $(STATIC)/.built ## Build the web console

requirements: install ## Write docs/requirements.md from the last full run of `make test`
	@$(PY) tools/requirements.py

screenshots: install console ## Take the pictures in docs/ with a headless browser
	@$(PY) tests/e2e/screenshots.py $(ARGS)

design-pictures: install console ## Take the pictures that the parts of /design are compared with
	@SHOWFLOOR_TAKE_PICTURES=1 $(PY) -m pytest -q -n 0 tests/e2e/console/test_design_pictures.py

bench: install ## Measure beside peers, and write bench/RESULTS.md (ARGS="NAME ...")
	@$(PY) -m bench $(ARGS)

format: install ## Format and repair the Python code
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix .

##@ Prepare
.PHONY: install clean help
install: .venv/.installed ## Make .venv with the locked dependencies

clean: ## Remove what was built (never data)
	@rm -rf .venv .tools $(STATIC) $(CONSOLE)/node_modules tests/oidc/node_modules test-results .mypy_cache .ruff_cache .pytest_cache

help: ## Show this
	@awk 'BEGIN {FS = ":.*## "; print "make TARGET"} \
	  /^##@/ {printf "\n%s\n", substr($$0, 5)} \
	  /^[a-z-]+:.*## / {printf "  %-15s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

$(UV):
	@tools/bootstrap.sh .tools uv==$(UV_VERSION)

.venv/.installed: $(UV) uv.lock pyproject.toml $(wildcard libs/*/pyproject.toml services/*/pyproject.toml cli/pyproject.toml)
	@$(UV) sync --frozen --all-packages --quiet --python "$$(readlink -f .tools/bin/python)"
	@touch $@

check-console: console
	@tools/console.sh $(CONSOLE) $(PY) test

$(STATIC)/.built: .venv/.installed $(OPENAPI) $(shell find $(CONSOLE) -name node_modules -prune -o -type f -print 2>/dev/null)
	@tools/console.sh $(CONSOLE) $(PY)
	@touch $@
