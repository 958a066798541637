DEPLOY_BIN := deploy/.venv/bin
CONTEXT ?=
LOAD ?=
OPTIONS ?=

.PHONY: compose compose-down images minikube minikube-down deploy test-deploy test-cluster chart-readme

deploy/.venv/ready: deploy/locks/test.txt
	@$(PYTHON) -m venv deploy/.venv
	@$(DEPLOY_BIN)/pip install --quiet --require-hashes --requirement $<
	@touch $@

deploy/.checkov/ready: deploy/locks/checkov.txt
	@$(PYTHON) -m venv deploy/.checkov
	@deploy/.checkov/bin/pip install --quiet --require-hashes --requirement $<
	@touch $@

compose: deploy/.venv/ready  ## run everything under Docker: http://localhost:8000
	@PYTHONPATH=deploy $(DEPLOY_BIN)/python -m ops compose

compose-down:  ## stop it; the data stays
	docker compose down

images: export DOCKER_BUILDKIT = 1
images: export BUILDX_NO_DEFAULT_ATTESTATIONS = 1
images:  ## build the three images
	docker build --tag todo-chatbot-backend:dev backend
	docker build --tag todo-chatbot-auth:dev auth
	docker build --tag todo-chatbot-web:dev web

minikube: deploy/.venv/ready  ## run everything on Minikube: http://localhost:8000
	@PYTHONPATH=deploy $(DEPLOY_BIN)/python -m ops minikube $(OPTIONS)

minikube-down: deploy/.venv/ready  ## remove what make minikube made
	@PYTHONPATH=deploy $(DEPLOY_BIN)/python -m ops minikube-down

deploy: deploy/.venv/ready  ## run everything on another cluster: CONTEXT=... [LOAD='kind load docker-image']
	@PYTHONPATH=deploy $(DEPLOY_BIN)/python -m ops deploy --context '$(CONTEXT)' --load '$(LOAD)'

test-deploy: deploy/.venv/ready deploy/.checkov/ready  ## check images and chart without a cluster
	@PATH="$(CURDIR)/$(DEPLOY_BIN):$(CURDIR)/deploy/.checkov/bin:$$PATH" $(DEPLOY_BIN)/pytest -c deploy/pytest.ini deploy/tests/static

test-cluster: deploy/.venv/ready  ## exercise the chart on a cluster: CONTEXT=... [LOAD=...]
	@CONTEXT='$(CONTEXT)' LOAD='$(LOAD)' $(DEPLOY_BIN)/pytest -c deploy/pytest.ini --junitxml=$(CURDIR)/.results/cluster.xml deploy/tests/live

chart-readme: deploy/.venv/ready
	@PYTHONPATH=deploy $(DEPLOY_BIN)/python -m ops.values_table
