PYTHON ?= python3
BIN := .venv/bin

.PHONY: help run test check bench eval lock spec contracts clean

help:  ## this list
	@sed -nE 's/^([a-z-]+):.*## +(.*)/\1\t\2/p' $(MAKEFILE_LIST) | expand -t 12

run:  ## run everything on this machine, at http://localhost:8000
	@$(PYTHON) scripts/bootstrap.py
	@exec $(BIN)/todo-chatbot up

test:  ## every test that this machine can run
	@$(PYTHON) scripts/bootstrap.py --dev
	@exec $(BIN)/python scripts/test.py

check:  ## format, lint, types, layers
	@$(PYTHON) scripts/bootstrap.py --dev
	$(BIN)/ruff check backend scripts bench
	$(BIN)/ruff format --check backend scripts bench
	cd backend && ../$(BIN)/mypy src ../scripts ../bench
	cd backend && ../$(BIN)/lint-imports
	cd auth && ../$(BIN)/npm run --silent check
	cd web && ../$(BIN)/npm run --silent check

bench:  ## what a start, a turn and a burst of turns cost, and how costs grow
	@$(PYTHON) scripts/bootstrap.py --dev
	@for one in reading stack turn burst growth; do PYTHONPATH=backend/tests $(BIN)/python -m bench.$$one; done

eval:  ## measure a model: MODEL= OPENAI_BASE_URL= OPENAI_API_KEY= LIMIT= CASES= JOBS=
	@$(PYTHON) scripts/bootstrap.py
	@PYTHONPATH=backend/tests $(BIN)/python -m bench.language

lock:  ## rewrite backend/locks from pyproject.toml (needs uv)
	@sh scripts/lock.sh

spec:  ## which tests prove which requirement, and how they last ended
	@$(BIN)/python scripts/spec.py

contracts:  ## write specs/001-todo-by-chat/contracts/ from the code
	@$(BIN)/python scripts/contracts.py

clean:  ## remove what was installed and built; .data stays
	rm -rf .venv .results auth/node_modules auth/dist web/node_modules web/dist deploy/.venv deploy/.checkov

-include deploy/deploy.mk
