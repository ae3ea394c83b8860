# Thin: each line calls the tool that does the work.
#
#   make demo     the main job, told by four programs, against a Whop on this machine
#   make test     everything: Rust, C, C++, Python, C#
#   make sanitize the C programs again, with the library itself under AddressSanitizer and ThreadSanitizer
#   make check    formatting, lints, documentation, and drift of what is generated

SHELL := /bin/bash
RELEASE := target/release
LIBRARY := libwhop_license.$(if $(filter Darwin,$(shell uname)),dylib,so)
LINK := -Iinclude -L$(RELEASE) -lwhop_license -Wl,-rpath,$(CURDIR)/$(RELEASE)
WARN := -Wall -Wextra -Wpedantic -Werror
# The tools of bindings/python stand in .venv.
PYTHON_TOOL := cd bindings/python && WHOP_SANDBOX=$(CURDIR)/target/debug/whop-sandbox ../../.venv/bin/python -m

.PHONY: build demo test sanitize check setup examples
.DEFAULT_GOAL := build

setup:
	scripts/setup.sh

build: setup
	cargo build --locked --release --lib
	cargo build --locked -p whop-sandbox
	cp $(RELEASE)/$(LIBRARY) bindings/python/whop_license/
	ln -sf $(LIBRARY) $(RELEASE)/$$(objdump -p $(RELEASE)/$(LIBRARY) | awk '/SONAME/ {print $$2}')

examples: build
	mkdir -p target/examples/c target/examples/cpp
	cc -std=c99 $(WARN) examples/c/check_license.c $(LINK) -o target/examples/c/check_license
	c++ -std=c++17 $(WARN) examples/cpp/check_license.cpp $(LINK) -o target/examples/cpp/check_license
	bindings/csharp/build.sh $(RELEASE)/$(LIBRARY)

demo: examples
	PYTHONPATH=bindings/python .venv/bin/python scripts/demo.py

test: build
	cargo test --locked --workspace
	$(PYTHON_TOOL) pytest -q
	bindings/csharp/test.sh $(RELEASE)/$(LIBRARY) target/debug/whop-sandbox

sanitize: setup
	scripts/sanitize.sh

check: setup
	cargo fmt --all --check
	cargo clippy --locked --workspace --all-targets -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --locked --workspace --no-deps
	git diff --exit-code include/
	$(PYTHON_TOOL) ruff check . ../../examples/python ../../scripts
	$(PYTHON_TOOL) ruff format --check . ../../examples/python ../../scripts
	$(PYTHON_TOOL) mypy whop_license tests ../../examples/python
