# Two commands need nothing but Python, pip and make:
#   make run     sets everything up and opens the window (without a display: does the main job into out/demo)
#   make test    sets everything up and passes all checks and tests, offscreen
# and: make bench, make screens, make lint, make clean
# PYTHON=... chooses the interpreter (3.11 to 3.13).

SHELL := /bin/sh
PYTHON ?= python3
BIN := .venv/bin
PY := $(BIN)/python
PIP := $(PY) -m pip install --disable-pip-version-check --no-input --quiet
SOURCES := desktop ui db printing
OUT ?= out/demo

# Start-up without compiled code takes 2.7 times as long.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test lint bench screens compile fonts clean

run: compile fonts
	@$(PY) -m desktop --or-demo $(OUT)

test: lint compile fonts
	@QT_QPA_PLATFORM=offscreen $(PY) -m pytest --numprocesses auto --dist worksteal

lint: .venv/dev.stamp
	@$(PY) -m ruff check .
	@$(PY) -m mypy

bench: .venv/bench.stamp compile fonts
	@QT_QPA_PLATFORM=offscreen $(PY) -m tests.bench $(BENCH)

screens: .venv/dev.stamp compile fonts
	@QT_QPA_PLATFORM=offscreen $(PY) -m tests.screens

compile: .venv/run.stamp
	@$(PY) -m compileall -q $(SOURCES)

# Chinese faces for paper and screen, made once into the user's cache.
fonts: .venv/run.stamp
	@$(PY) -m desktop prepare

.venv/bench.stamp: requirements-bench.txt .venv/dev.stamp
	@echo "安装用来比较的程序……"
	@$(PIP) -r requirements-bench.txt
	@touch $@

.venv/dev.stamp: requirements-dev.txt .venv/run.stamp
	@echo "安装测试与检查工具……"
	@$(PIP) -r requirements-dev.txt
	@touch $@

.venv/run.stamp: requirements.txt pyproject.toml .venv/made.stamp
	@echo "安装程序所需的库（约 200 MB，只此一次）……"
	@$(PIP) -r requirements.txt
	@$(PIP) --no-deps --editable .
	@touch $@

# Debian's bare Python has no ensurepip: then its own pip fills the environment.
.venv/made.stamp:
	@found=; for each in "$(PYTHON)" python3.13 python3.12 python3.11; do \
	    if "$$each" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; \
	    then found="$$each"; break; fi; done; \
	if [ -z "$$found" ]; then echo "需要 Python 3.11 至 3.13：请安装后再试，或用 make PYTHON=路径 指定。" >&2; exit 1; fi; \
	echo "建立运行环境（$$found）……"; \
	"$$found" -m venv .venv 2>/dev/null || { rm -rf .venv; "$$found" -m venv --without-pip .venv && \
	    "$$found" -m pip --python $(PY) install --disable-pip-version-check --quiet pip; }
	@touch $@

clean:
	rm -rf .venv build out *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
