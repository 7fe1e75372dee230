# 围炉 Weilu. `make` alone lists what can be made; each target does its own set-up.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
# One more than there are processors: tests that wait for a browser or a server leave theirs idle.
WORKERS ?= $(shell $(PYTHON) -c 'import os; print((os.cpu_count() or 1) + 1)')
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.DEFAULT_GOAL := help
.PHONY: help run demo test check format faults bench shots lock clean

help: ## 列出命令 list the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 18

run: $(VENV)/.run ## 在沙箱里启动围炉 start Weilu with config.yaml (the sandbox)
	@$(BIN)/weilu run

demo: $(VENV)/.run ## 看一个群的一天 watch a day of a lively group
	@$(BIN)/weilu demo

test: $(VENV)/.dev ## 全部测试 all tests, on the real gateway, databases and browser
	@$(BIN)/python tests/browser.py
	@PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n $(WORKERS) --dist worksteal $(ARGS)

faults: $(VENV)/.dev ## 一百次 SIGKILL、网关故障、浸泡 a hundred SIGKILLs, gateway faults, a soak (SEED=7)
	@cd tests && ../$(BIN)/python -m faults.kill --kills 100 --seed $(or $(SEED),7)
	@cd tests && WEILU_HOSTILE=10000 ../$(BIN)/python -m pytest -q faults/test_hostile.py
	@cd tests && ../$(BIN)/python -m faults.gateway
	@cd tests && ../$(BIN)/python -m faults.soak --seconds 60

shots: $(VENV)/.dev ## 网页控制台的截图，在 docs/shots pictures of every page of the console
	@$(BIN)/python tests/browser.py
	@cd tests && ../$(BIN)/python -m shots

check: $(VENV)/.dev ## 格式、检查、类型、依赖方向 format, lint, types, import contracts
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache

format: $(VENV)/.dev ## 整理代码 format the code
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

bench: $(VENV)/.dev ## 性能，与同类相比（QUICK=1 两分钟以内） ratios against peers (QUICK=1: under two minutes)
	@$(BIN)/python -m benchmarks.run $(if $(QUICK),--quick) $(if $(SEED),--seed $(SEED))

lock: ## 重写 locks/（需要 uv） write the lock files anew (needs uv)
	@locks/make

clean: ## 删除虚拟环境与缓存 delete the environment and caches (never data/)
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis tests/gateway/node/node_modules
	rm -rf benchmarks/.venv-* benchmarks/.scratch benchmarks/node/node_modules

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(0 if (3, 11) <= v < (3, 14) else f"围炉需要 Python 3.11–3.13，这里是 {v[0]}.{v[1]}：请用 make PYTHON=python3.12 …\nWeilu needs Python 3.11 to 3.13, this is {v[0]}.{v[1]}: try make PYTHON=python3.12 …")'
	@echo "正在建立环境（只有第一次） Setting up the environment, this once …"
	@$(PYTHON) -m venv $(VENV) || { echo "建立虚拟环境失败：Debian/Ubuntu 请先 apt install python3-venv   Could not create a virtual environment: on Debian or Ubuntu, apt install python3-venv first"; exit 1; }

# One stamp a lock file: a changed lock is installed anew, an unchanged one costs nothing.
$(VENV)/.run: locks/run.txt pyproject.toml | $(VENV)/bin/python
	@$(PIP) install --require-hashes -r locks/run.txt
	@$(PIP) install --no-build-isolation --no-deps -e .
	@touch $@

$(VENV)/.dev: locks/dev.txt pyproject.toml | $(VENV)/bin/python
	@$(PIP) install --require-hashes -r locks/dev.txt
	@$(PIP) install --no-build-isolation --no-deps -e .
	@touch $@ $(VENV)/.run
