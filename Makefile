# Everything is made from Python 3.11+, git and make: `make demo` and `make test` set up what they need.
PYTHON ?= python3
BIN := .venv/bin
LOCK := requirements/dev.txt

.PHONY: demo test lint lock client clean
demo: .venv/ready
	$(BIN)/creditscore demo

# Files are shared out among the cores; what the tests of one file prepare is prepared once.
test: .venv/ready
	$(BIN)/pytest --numprocesses=logical --maxprocesses=4 --dist=loadfile

lint: .venv/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

.venv/ready: $(LOCK) pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r $(LOCK)
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	touch $@

lock: .venv/ready
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		pyproject.toml -o requirements/runtime.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		--all-extras --group dev pyproject.toml -o requirements/dev.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		--extra serving --extra training --extra monitoring --extra postgresql --group build \
		pyproject.toml -o requirements/image.txt

# The client's questions, answers and methods, from the description of the endpoints.
client: .venv/ready
	$(BIN)/python serving/generate_client.py

clean:
	rm -rf .venv demo
