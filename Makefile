PYTHON ?= python3
BIN := .venv/bin

.PHONY: help run test check clean

help:  ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## +/\t/' | expand -t 14

run:  ## run everything on this machine: http://localhost:8000
	@$(PYTHON) scripts/bootstrap.py
	@exec $(BIN)/todo-chatbot up

test:  ## every test that this machine can run
	@$(PYTHON) scripts/bootstrap.py --dev
	@exec $(BIN)/python scripts/test.py

check:  ## format, lint, types, layers
	@$(PYTHON) scripts/bootstrap.py --dev
	@exec $(BIN)/python scripts/check.py

clean:  ## remove what was installed and built; .data stays
	rm -rf .venv .results auth/node_modules auth/dist web/node_modules web/dist
