# Thin front of Meson; `make help` lists the targets.
BUILD ?= build
DB ?= sqlite
JOBS ?= $(shell nproc)
PYTHON ?= python3
VENV_PYTHON = .venv/bin/python

export PYTHON
export UNSLOW_BUILD = $(abspath $(BUILD))

.PHONY: all
all: $(BUILD)/unslow ## build build/unslow and its agent
	@echo "built $(BUILD)/unslow; try: make demo"

# Meson decides what is out of date, so the rule always runs; the link gives the program the one
# path that the documentation, the demo and the tests use.
.PHONY: $(BUILD)/unslow
$(BUILD)/unslow: $(BUILD)/build.ninja
	@ninja -C $(BUILD) -j $(JOBS) --quiet src/unslow src/agent/libunslow-agent.so
	@ln -sfn src/unslow $@

.PHONY: test-programs
test-programs: $(BUILD)/unslow
	@ninja -C $(BUILD) -j $(JOBS) --quiet

$(BUILD)/build.ninja:
	@scripts/setup build
	@echo "building $(BUILD)/unslow, about a minute"
	@said=$$(meson setup $(BUILD) 2>&1) || { echo "$$said"; exit 1; }

.PHONY: demo
demo: $(BUILD)/unslow ## diagnose the slow demo app, then measure the fix; DB=postgres for PostgreSQL
	@scripts/setup demo $(DB)
	@$(VENV_PYTHON) demo/run --db $(DB) || test $$? -eq 75 # the machine was too busy to tell, and it says so

.PHONY: test
test: test-programs ## every test that ends within ten minutes
	@scripts/setup test corpus
	@$(VENV_PYTHON) scripts/run-tests --build $(BUILD)

.PHONY: test-all
test-all: test-programs ## the same, mutants of rules and more of the corpus; a missing Python is a failure
	@scripts/setup test corpus
	@$(VENV_PYTHON) scripts/run-tests --build $(BUILD) --all

.PHONY: mutants
mutants: test-programs ## does some case of a rule notice each change of it? Prints those that none does
	@$(BUILD)/tests/rules/mutate_rules .

.PHONY: corpus
corpus: test-programs ## is the diagnosis right? Slow and cured apps, healthy ones: docs/accuracy.md
	@scripts/setup corpus
	@$(VENV_PYTHON) corpus/run --write

.PHONY: bench
bench: test-programs ## what watching costs, how good predicted savings and loads are: docs/benchmarks.md
	@scripts/setup bench
	@scripts/setup corpus
	@$(VENV_PYTHON) bench/agent-cost
	@$(VENV_PYTHON) bench/recording-cost
	@$(VENV_PYTHON) bench/demo-saving
	@$(VENV_PYTHON) bench/diagnosis
	@$(VENV_PYTHON) bench/peers
	@$(VENV_PYTHON) bench/sampler
	@$(VENV_PYTHON) bench/load
	@$(VENV_PYTHON) bench/system-matrix
	@$(VENV_PYTHON) bench/timing
	@$(VENV_PYTHON) bench/tracer --python 3.11
	@$(VENV_PYTHON) bench/tracer --python 3.12
	@$(VENV_PYTHON) bench/memory

.PHONY: lint
lint: $(BUILD)/build.ninja ## format, static analysis, the causes' four parts, scripts' syntax
	@scripts/setup lint
	@scripts/lint $(BUILD)

.PHONY: format
format: ## lay out every C file as .clang-format says
	@scripts/setup lint
	git ls-files -z '*.c' '*.h' | xargs -0 clang-format-14 -i

.PHONY: check
check: ## gcc and clang with warnings as errors; unit tests under ASan and UBSan, TSan
	@scripts/setup build lint
	@scripts/check

.PHONY: clean
clean: ## remove what was built (virtual environments stay: rm -r .venv*)
	rm -rf $(BUILD) build-*

.PHONY: print-binary
print-binary: ## path of the program
	@echo $(BUILD)/unslow

.PHONY: help
help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' Makefile
