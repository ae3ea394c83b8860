# Thin: each line calls the tool that does the work.
#
#   make demo     the main job, told by four programs, against a Whop on this machine
#   make install  the library, headers and programs below PREFIX (/usr/local), or DESTDIR/PREFIX; make uninstall
#   make test     everything: Rust, C, C++, Python, C#, and the examples in other languages
#   make dist     what is shipped, for every platform, into target/dist: an archive, a wheel, the sums
#   make test-arm    what is shipped for Linux on aarch64, under QEMU
#   make test-windows what is shipped for Windows, under Wine
#   make test-image  the static programs in an empty root, and the relay's container image
#   make test-deep   that the relay holds, at full size, and calls canceled a thousand times at each stage: an hour
#   make test-conan  the recipe for Conan
#   make bench-relay what a relay holds, in figures
#   make bench    how fast the library is, beside libcurl, Python's and .NET's HTTP clients: a table, and docs/performance.md
#   make sanitize the C programs again, with the library itself under AddressSanitizer and ThreadSanitizer
#   make fuzz     strange bytes through every door of the library, SECONDS=n for each
#   make generate what mirrors the facts of api/, in every language; manual pages and completions
#   make check    formatting, lints, documentation, licenses, and drift of what is generated

SHELL := /bin/bash
LIBRARY := libwhop_license.$(if $(filter Darwin,$(shell uname)),dylib,so)
# Where cargo builds.
TARGET := $(abspath $(or $(CARGO_TARGET_DIR),target))
# The C library as this machine's compiler builds it.
NATIVE ?= $(TARGET)/library
PROGRAMS ?= $(TARGET)/release
ALL_PROGRAMS := whop-license whop-relay whop-sandbox
# What both are built from.
SOURCES := Cargo.toml Cargo.lock packaging/library.toml build.rs api src $(foreach package,cli relay sandbox secret-file,$(package)/Cargo.toml $(package)/src)
# Not empty where root runs make: then `make install` does not call cargo.
AS_ROOT := $(filter 0,$(shell id -u))
# The library that is shipped for this machine: what the tests test.
THIS := $(shell python3 scripts/platforms.py this)
SHIPPED := $(TARGET)/platforms/$(THIS)
LINK := -Iinclude -L$(SHIPPED) -lwhop_license -Wl,-rpath,$(SHIPPED)
PREFIX ?= /usr/local
LIBDIR ?= lib
WHERE = --prefix '$(PREFIX)' --destdir '$(DESTDIR)' --libdir '$(LIBDIR)'
WARN := -Wall -Wextra -Wpedantic -Werror
# The tools of bindings/python and scripts/tools.in stand in .venv.
CARGO_TOOL := PATH="$(CURDIR)/.venv/bin:$$PATH" cargo
PYTHON_TOOL := cd bindings/python && WHOP_SANDBOX=$(TARGET)/debug/whop-sandbox \
	WHOP_LIBRARY=$(SHIPPED)/$(LIBRARY) ../../.venv/bin/python -m

.PHONY: build library programs library-is-built programs-are-built install uninstall shipped dist demo test test-deep bench bench-relay fuzz sanitize generate check setup examples test-conan test-arm test-windows test-image
.DEFAULT_GOAL := build
.NOTPARALLEL:

setup:
	scripts/setup.sh

# Loaders look for the library by its SONAME.
name_library = soname=$$(objdump -p $(1)/$(LIBRARY) | awk '/SONAME/ {print $$2}'); [ -z "$$soname" ] || ln -sf $(LIBRARY) $(1)/$$soname

build: library
	cargo build --locked -p whop-sandbox -p whop-relay
	cp $(NATIVE)/$(LIBRARY) bindings/python/whop_license/

library:
	cargo rustc --config packaging/library.toml --locked --release --lib --crate-type cdylib --crate-type staticlib
	mkdir -p $(NATIVE)
	cp $(TARGET)/release/$(LIBRARY) $(NATIVE)/
	@$(call name_library,$(NATIVE))
	$(if $(filter Linux,$(shell uname)),scripts/static_library.py,cp) $(TARGET)/release/libwhop_license.a $(NATIVE)/libwhop_license.a

programs:
	cargo build --locked --release --workspace --bins
	touch $(TARGET)/release/.programs

# is_built NAME,FILES: stops where one of the files is missing, or the first is older than a source.
define is_built
@for file in $(2); do [ -e "$$file" ] || { echo "$$file is missing: run 'make $(1)' as yourself first" >&2; exit 1; }; done; \
newer=$$(find $(SOURCES) -newer $(firstword $(2)) -type f | head -1); \
[ -z "$$newer" ] || { echo "$$newer is newer than the build: run 'make $(1)' as yourself first" >&2; exit 1; }
endef

library-is-built:
	$(call is_built,library,$(NATIVE)/libwhop_license.a $(NATIVE)/$(LIBRARY))

programs-are-built:
	$(call is_built,programs,$(TARGET)/release/.programs $(addprefix $(TARGET)/release/,$(ALL_PROGRAMS)))

# Builds what has changed; root installs what is built. What NATIVE or PROGRAMS names is installed as it stands.
install: $(if $(filter file,$(origin NATIVE)),$(if $(AS_ROOT),library-is-built,library)) \
		$(if $(filter file,$(origin PROGRAMS)),$(if $(AS_ROOT),programs-are-built,programs))
	packaging/install.py install --from $(NATIVE) --programs-from $(PROGRAMS) $(WHERE)

uninstall:
	packaging/install.py uninstall $(WHERE)

shipped: setup
	.venv/bin/python scripts/platforms.py build --only library
	cargo build --locked -p whop-sandbox -p whop-relay
	cp $(SHIPPED)/$(LIBRARY) bindings/python/whop_license/
	@$(call name_library,$(SHIPPED))

examples: shipped
	mkdir -p target/examples/c target/examples/cpp
	for name in check_license check_on_server game_loop; do \
		cc -std=c99 $(WARN) examples/c/$$name.c $(LINK) -o target/examples/c/$$name && \
		c++ -std=c++17 $(WARN) examples/cpp/$$name.cpp $(LINK) -o target/examples/cpp/$$name || exit 1; \
	done
	bindings/csharp/build.sh $(SHIPPED)/$(LIBRARY)

demo: examples
	PYTHONPATH=$(CURDIR)/bindings/python .venv/bin/python scripts/demo.py

test: shipped
	WHOP_LIBRARY=$(SHIPPED)/$(LIBRARY) cargo test --locked --workspace
	$(PYTHON_TOOL) pytest -q
	$(PYTHON_TOOL) pytest -q ../../tests/install -m "not from_source"
	$(PYTHON_TOOL) pytest -q -rs -c pyproject.toml ../../tests/other
	bindings/csharp/test.sh $(SHIPPED)/$(LIBRARY) $(TARGET)/debug/whop-sandbox
	$(MAKE) --no-print-directory fuzz SECONDS=3
	@echo "All tests passed."

# For all platforms that this machine can build for, or some: PLATFORMS="linux-x86_64 windows-x86_64".
dist: setup
	.venv/bin/python scripts/dist.py $(PLATFORMS)
	$(PYTHON_TOOL) pytest -q ../../tests/dist
	$(PYTHON_TOOL) pytest -q ../../tests/install -m from_source
	@archive=$$(echo $(TARGET)/dist/whop-license-*-$(THIS).tar.gz); \
	if [ -e "$$archive" ]; then $(PYTHON_TOOL) pytest -q ../../tests/install --archive "$$archive"; \
	else echo "Nothing was linked with an archive: that of $(THIS) was not built"; fi

test-arm: setup
	scripts/test_arm.sh

test-windows: setup
	scripts/test_windows.sh

test-image: setup
	scripts/test_image.sh

# One at a time: each is heavy enough for the whole machine.
test-deep: setup
	WHOP_STAGES=1000 cargo test --locked --test c_abi -- --nocapture canceled_call_ends
	ulimit -n $$(ulimit -Hn) && \
		cargo test --locked --release -p whop-relay --test holds -- --ignored --nocapture --test-threads=1

# The recipe for Conan 2, which must be on PATH: it builds the library twice, in minutes.
test-conan: export CONAN_HOME := $(CURDIR)/target/conan/home
test-conan: export CARGO_TARGET_DIR := $(CURDIR)/target/conan/cargo
test-conan:
	command -v conan >/dev/null || { echo "Missing: conan. Install it: pip install conan" >&2; exit 1; }
	conan profile detect --exist-ok
	for shared in True False; do conan create packaging/conan --options="&:shared=$$shared" \
		--conf="tools.cmake.cmake_layout:test_folder=$(CURDIR)/target/conan/test" || exit 1; done

# ONLY="throughput memory" measures some.
bench-relay: setup
	scripts/bench_relay.sh $(ONLY)

# ONLY="warm threads" measures some, in ROUNDS=n rounds. LIBRARIES="LABEL=FILE" measures another file of the library beside
# the shipped one, or in its place without a label. DOCS=1 writes the tables and the picture into docs/.
bench: shipped
	bench/setup.sh
	cargo build --locked --release -p whop-sandbox -p whop-relay
	target/bench/venv/bin/python bench/run.py --library-file $(SHIPPED)/$(LIBRARY) --programs $(TARGET)/release \
		--only "$(ONLY)" --rounds $(or $(ROUNDS),5) --libraries "$(LIBRARIES)" $(if $(DOCS),--docs)

# What is found stays in target/fuzz; what breaks is kept in fuzz/artifacts. Sanitizers are unstable: the variable lets a
# stable compiler have them.
fuzz: SECONDS ?= 60
fuzz: export RUSTC_BOOTSTRAP := 1
fuzz: setup
	$(CARGO_TOOL) fuzz build --target-dir $(TARGET)/fuzz
	@set -e; for target in $(notdir $(wildcard fuzz/corpus/*)); do \
		found=$(TARGET)/fuzz/found/$$target; log=$(TARGET)/fuzz/$$target.log; \
		mkdir -p $$found; \
		$(CARGO_TOOL) fuzz run --target-dir $(TARGET)/fuzz $$target $$found fuzz/corpus/$$target -- \
			-max_total_time=$(SECONDS) -timeout=10 -verbosity=0 -print_final_stats=1 >$$log 2>&1 || { cat $$log; exit 1; }; \
		echo "$$target: $$(awk '/number_of_executed_units/ {print $$2}' $$log) inputs, no fault"; \
	done

sanitize: setup
	scripts/sanitize.sh

# In two steps: of what the first one writes the build makes the C header, which other languages mirror.
generate: setup
	.venv/bin/python scripts/generate.py
	cargo check --locked --lib
	.venv/bin/python scripts/generate.py
	cargo run --quiet --locked -p whop-license-cli --example pages

check: setup
	.venv/bin/python scripts/generate.py --check
	cargo fmt --all --check
	cargo clippy --locked --workspace --all-targets -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --locked --workspace --no-deps
	cargo fmt --manifest-path fuzz/Cargo.toml --check
	cargo metadata --locked --manifest-path fuzz/Cargo.toml --format-version 1 >/dev/null
	cargo fmt --manifest-path bench/rust/Cargo.toml --check
	cargo metadata --locked --manifest-path bench/rust/Cargo.toml --format-version 1 >/dev/null
	$(CARGO_TOOL) deny --locked check licenses bans sources
	scripts/advisories.sh
	.venv/bin/python scripts/locks.py --check
	.venv/bin/python scripts/third_party.py --check
	git diff --exit-code include/whop_license.h
	.venv/bin/python scripts/abi.py
	cargo run --quiet --locked -p whop-license-cli --example pages -- --check
	$(PYTHON_TOOL) ruff check . ../../bench ../../examples/python ../../scripts ../../tests ../../packaging
	$(PYTHON_TOOL) ruff format --check . ../../bench ../../examples/python ../../scripts ../../tests ../../packaging
	$(PYTHON_TOOL) mypy ../../tests/install ../../packaging/install.py ../../scripts/dist.py
	$(PYTHON_TOOL) mypy ../../tests/dist
	$(PYTHON_TOOL) mypy ../../tests/windows
	$(PYTHON_TOOL) mypy ../../tests/empty_root
	$(PYTHON_TOOL) mypy ../../bench
	$(PYTHON_TOOL) mypy whop_license tests ../../examples/python ../../scripts/generate.py ../../tests/secrets ../../tests/other
