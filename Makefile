# Thin: each line calls the tool that does the work.
#
#   make demo     the main job, told by four programs, against a Whop on this machine
#   make test     everything: Rust, C, C++, Python, C#
#   make check    formatting, lints, documentation, drift of what is generated

SHELL := /bin/bash
PYTHON := .venv/bin/python
LIBRARY := libwhop_license.$(if $(filter Darwin,$(shell uname)),dylib,so)
NATIVE := target/release/$(LIBRARY)

.PHONY: build demo test check setup clean

build:
	cargo build --locked --release --lib
	cargo build --locked -p whop-sandbox

demo: setup build examples
	$(PYTHON) scripts/demo.py

test: setup build examples
	cargo test --locked --workspace
	WHOP_SANDBOX=$(CURDIR)/target/debug/whop-sandbox $(PYTHON) -m pytest -q bindings/python
	$(PYTHON) -m mypy --strict bindings/python/whop_license

check: setup
	cargo fmt --all --check
	cargo clippy --locked --workspace --all-targets -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --locked --workspace --no-deps
	git diff --exit-code include/

setup:
	scripts/setup.sh

clean:
	cargo clean
	rm -rf .tools .venv
