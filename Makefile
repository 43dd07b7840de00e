# Tongxing: every way to set up, run, test and rebuild it. `make help` lists the targets.
#
#   make serve PORT=8080 DATA=/srv/tongxing     run the service from a fresh checkout
#   make test                                   lint, types, imports and all tests: what CI runs

PYTHON  ?= python3
PORT    ?= 8000
DATA    ?= ./data
# One more than cores: many tests wait for a process of their own.
WORKERS ?= 3
IMAGE   ?= tongxing:0.1.0

# The vendored API page. The digest is of the archive that `npm pack` makes of that version.
SWAGGER_UI_VERSION := 5.35.0
SWAGGER_UI_SHA512  := 534eaba4cb56f55dd73c638179a993512af4674f63317e0826e00da44fc465b021c341bc0a0c2bcd4e18997927fe1d3008336c5dd19aad334d1c2dec53cc9551
SWAGGER_UI_FILES   := swagger-ui-bundle.js swagger-ui-bundle.js.LICENSE.txt swagger-ui.css \
                      favicon-16x16.png favicon-32x32.png LICENSE NOTICE

# The offline bundle: for which Pythons it carries wheels, each for both processors, and where it is written.
BUNDLE_PYTHONS ?= 3.11 3.12 3.13
BUNDLE_ARCHS   ?= x86_64 aarch64
BUNDLE_DIR     ?= dist

# The fuzzer: how long for each target, how many at a time, which, and where corpus, logs and findings are kept.
FUZZ_SECONDS ?= 600
FUZZ_JOBS    ?= 1
FUZZ_TARGETS ?= plates times documents shapes bodies
FUZZ_DIR     ?= .fuzz

VENV   := .venv
BIN    := $(VENV)/bin
LOCKED := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input --require-hashes
# Unpacked from a bundle, the folder has the wheels beside this file, and no other source is asked.
WHEELS := $(if $(wildcard wheels/*.whl),--no-index --find-links wheels)
# A stamp stands for a finished environment and holds the folder that it was made in. Without one, whatever lies in
# .venv was left half-made (or belongs to another place) and is made anew from nothing.
RUNTIME := $(VENV)/.runtime
DEV     := $(VENV)/.dev
# The fuzzer has an environment of its own: it exists for few platforms, and the tests must install on all.
FUZZ_VENV := .venv-fuzz
FUZZER    := $(FUZZ_VENV)/.made
# The alterer of code is laid beside the tests, which it runs.
MUTMUT := $(VENV)/.mutmut
ifneq ($(shell $(BIN)/python -c 'print(open("$(RUNTIME)").read(), end="")' 2>/dev/null),$(CURDIR))
STALE := stale
endif

.DEFAULT_GOAL := help
.PHONY: help setup runtime serve test lint format types imports browser pytest soak mutants fuzz contract lock assets bundle image clean stale

help: ## list the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/' | expand -t 12

setup: $(DEV) ## make .venv with everything that tests and lint need

runtime: $(RUNTIME) ## make .venv with what the service needs, and no more

serve: $(RUNTIME) ## run the service (PORT, DATA)
	@exec $(BIN)/tongxing serve --port "$(PORT)" --data "$(DATA)"

test: lint pytest ## lint, types, imports, then every test

lint: $(DEV) ## ruff, mypy and import-linter
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --strict rules geodata service
	$(BIN)/lint-imports

format: $(DEV) ## let ruff lay out the code and mend what it can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

browser: $(DEV) ## find a Chromium, a font that draws Chinese and libfaketime, or install them
	$(BIN)/python -m tests.support.browser
	$(BIN)/python -m tests.support.faketime

pytest: $(DEV) browser ## the tests alone
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile

soak: $(DEV) browser ## the tests with many more generated inputs
	HYPOTHESIS_PROFILE=soak $(BIN)/python -m pytest -n $(WORKERS) --dist loadfile

# A target that fails ends with 255, after which xargs begins no other.
fuzz: $(FUZZER) ## fuzz the parsers, guided by coverage (FUZZ_SECONDS for each, FUZZ_JOBS at a time, FUZZ_TARGETS)
	@mkdir -p "$(FUZZ_DIR)"
	@printf '%s\n' $(FUZZ_TARGETS) | xargs -P $(FUZZ_JOBS) -I '{}' sh -c ' \
	if $(FUZZ_VENV)/bin/python -m tests.fuzz.run {} "$(FUZZ_DIR)" -max_total_time=$(FUZZ_SECONDS) \
	    >"$(FUZZ_DIR)/{}.log" 2>&1; \
	then sed -nE "s/^#[0-9]+\tDONE +/{}: /p; s/^Done /{}: /p" "$(FUZZ_DIR)/{}.log"; \
	else grep -vE "REDUCE|NEW  |pulse|Instrumenting" "$(FUZZ_DIR)/{}.log" | cut -c1-200 | tail -n 40; \
	    echo "{}: a finding, kept in $(FUZZ_DIR)/findings"; exit 255; fi'

# From nothing, as mutmut keeps what it once found. A mutant may ask for memory without end: each process is bounded.
mutants: $(MUTMUT) ## alter the engine, a bit at a time, and see that the tests notice (half an hour on two cores)
	@rm -rf mutants
	@ulimit -v 8000000 2>/dev/null || true; PATH="$(CURDIR)/$(BIN):$$PATH" HYPOTHESIS_PROFILE=mutants \
	nice -n 10 $(BIN)/mutmut run --max-children $(WORKERS)
	@$(BIN)/python -m tests.mutants.judge

contract: $(DEV) ## write the files that promise something to others (schemas, OpenAPI)
	$(BIN)/python -m tests.contract.promised

lock: $(DEV) ## write the lock files anew (LOCK_FLAGS=--upgrade takes newer releases)
	$(COMPILE) --output-file requirements.lock pyproject.toml
	$(COMPILE) --extra dev --constraint requirements.lock --output-file requirements-dev.lock pyproject.toml
	$(COMPILE) --extra fuzz --constraint requirements.lock --output-file requirements-fuzz.lock pyproject.toml
	$(COMPILE) --extra mutants --constraint requirements-dev.lock --output-file requirements-mutants.lock pyproject.toml

# --allow-unsafe and --build-deps-for put pip and setuptools under a hash too; nothing is installed without one.
COMPILE = CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/pip-compile --quiet --generate-hashes --allow-unsafe \
	--build-deps-for editable --strip-extras --no-emit-index-url --no-emit-find-links --no-emit-trusted-host $(LOCK_FLAGS)

assets: ## fetch the vendored API page (needs npm)
	@set -eu; here="$(CURDIR)/service/assets/swagger-ui"; work="$$(mktemp -d)"; trap 'rm -rf "$$work"' EXIT; \
	(cd "$$work" && npm pack --silent swagger-ui-dist@$(SWAGGER_UI_VERSION) >/dev/null); \
	$(PYTHON) -c 'import hashlib, sys; got = hashlib.sha512(open(sys.argv[1], "rb").read()).hexdigest(); \
	sys.exit(0 if got == sys.argv[2] else f"swagger-ui-dist: expected sha512 {sys.argv[2]}, got {got}")' \
	"$$work/swagger-ui-dist-$(SWAGGER_UI_VERSION).tgz" "$(SWAGGER_UI_SHA512)"; \
	tar -xzf "$$work/swagger-ui-dist-$(SWAGGER_UI_VERSION).tgz" -C "$$work"; \
	mkdir -p "$$here"; cd "$$work/package"; \
	sed -i.orig -E 's,/\*# sourceMappingURL=[^*]*\*/,,; /^\/\/# sourceMappingURL=/d' swagger-ui-bundle.js swagger-ui.css; \
	cp $(SWAGGER_UI_FILES) "$$here/"; chmod 644 "$$here"/*; \
	printf '%s\n' 'swagger-ui-dist $(SWAGGER_UI_VERSION), laid here by `make assets`.' \
	'Changed: the comments that name source maps are taken out.' > "$$here/VERSION"

# The archive's bytes follow from the files and the wheels alone: names sorted, one owner, one date, no name in gzip.
bundle: ## write the archive that installs and serves without a network, with its checksum (BUNDLE_PYTHONS, BUNDLE_DIR)
	@set -eu; version="$$(sed -nE 's/^version = "(.*)"/\1/p' pyproject.toml)"; name="tongxing-$$version-offline"; \
	work="$$(mktemp -d)"; trap 'rm -rf "$$work"' EXIT; mkdir -p "$$work/$$name/wheels" "$(BUNDLE_DIR)"; \
	$(BUNDLED_FILES) | tar --create --null --files-from=- | tar --extract --directory "$$work/$$name"; \
	for python in $(BUNDLE_PYTHONS); do for arch in $(BUNDLE_ARCHS); do \
	    $(WITH_PIP) -m pip download --quiet --disable-pip-version-check --no-input --no-deps --only-binary=:all: \
	        --require-hashes --requirement requirements.lock --implementation cp --python-version "$$python" \
	        --abi "cp$$(echo "$$python" | tr -d .)" --abi abi3 --abi none \
	        --platform "manylinux_2_28_$$arch" --platform "manylinux_2_17_$$arch" --platform "manylinux2014_$$arch" \
	        --dest "$$work/$$name/wheels"; \
	done; done; \
	tar --create --sort=name --owner=0 --group=0 --numeric-owner --mode='u=rwX,go=rX' --mtime='2018-04-04 00:00Z' \
	    --directory "$$work" "$$name" | gzip -9 --no-name > "$(BUNDLE_DIR)/$$name.tar.gz"; \
	cd "$(BUNDLE_DIR)"; sha256sum "$$name.tar.gz" > "$$name.tar.gz.sha256"; \
	printf '%s/%s: %s MB, %s wheels\n' "$(BUNDLE_DIR)" "$$name.tar.gz" "$$(( $$(wc -c < "$$name.tar.gz") / 1000000 ))" \
	    "$$(ls "$$work/$$name/wheels" | wc -l)"; cat "$$name.tar.gz.sha256"

# The environment's Python where there is one, as it is: a system's own may come without pip.
WITH_PIP = $(firstword $(wildcard $(BIN)/python) $(PYTHON))

# What git keeps, as it lies here; without git (an unpacked archive) everything but what tools leave behind.
BUNDLED_FILES = if git rev-parse --is-inside-work-tree >/dev/null 2>&1; then git ls-files -z; else \
	find . -type f -not -path './.*' -not -path './dist/*' -not -path './data/*' -not -path './wheels/*' -not -path './mutants/*' \
	-not -path './build/*' -not -path '*.egg-info/*' -not -path '*/__pycache__/*' -print0; fi

image: ## build the container image
	docker build --tag $(IMAGE) .

clean: ## remove the environments and the caches; never the data or findings
	rm -rf $(VENV) $(FUZZ_VENV) $(FUZZ_DIR)/corpus .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache mutants build dist *.egg-info
	find rules geodata service tests -name __pycache__ -type d -prune -exec rm -rf {} +

stale:

$(RUNTIME): requirements.lock pyproject.toml $(STALE)
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else \
	"Tongxing needs Python 3.11 or newer, found %d.%d: make PYTHON=python3.12 ..." % sys.version_info[:2])'
	$(PYTHON) -m venv --clear $(VENV)
	$(LOCKED) $(WHEELS) --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --no-index --editable .
	@printf '%s' '$(CURDIR)' > $@

# The runtime stamp is away while the environment changes, so that an interrupted install is not taken for a finished one.
$(DEV): requirements-dev.lock $(RUNTIME)
	@rm -f $(RUNTIME)
	$(LOCKED) --requirement requirements-dev.lock
	@printf '%s' '$(CURDIR)' > $(RUNTIME)
	@touch $@

$(FUZZER): requirements-fuzz.lock
	@$(PYTHON) -c 'import platform, sys; \
	fits = sys.implementation.name == "cpython" and (3, 11) <= sys.version_info[:2] <= (3, 13); \
	fits = fits and (sys.platform, platform.machine()) == ("linux", "x86_64"); \
	sys.exit(0 if fits else "make fuzz needs CPython 3.11, 3.12 or 3.13 on Linux x86_64: atheris is built for nothing else. " \
	"The same checks run on every platform in tests/fuzz/test_targets.py, without the guidance by coverage.")'
	$(PYTHON) -m venv --clear $(FUZZ_VENV)
	$(subst $(BIN),$(FUZZ_VENV)/bin,$(LOCKED)) --only-binary :all: --requirement requirements-fuzz.lock

# The rest of the environment stays as the tests have it: the lock was written within theirs.
$(MUTMUT): requirements-mutants.lock $(DEV)
	$(LOCKED) --requirement requirements-mutants.lock
	@touch $@
