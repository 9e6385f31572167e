# What is done with Milepost, one word each; `make help` lists them.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

CARGO ?= cargo
MILEPOST = "$${CARGO_TARGET_DIR:-target}/debug/milepost"

.PHONY: help run code demo-reset serve test check lint fmt doc deny advisories bench golden assets tools test-tools ci clean

help: ## list these
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: tools assets ## start the demonstration: a fictional authority with its sign-ins printed
	@echo "Building (some minutes the first time, seconds after that)"
	$(CARGO) build
	$(MILEPOST) demo

code: ## print the 6-digit code of a demonstration sign-in: make code FOR=priya@northmoor.example
	@$(MILEPOST) demo code "$(FOR)"

demo-reset: ## forget the demonstration's data; the next `make run` starts afresh
	rm -rf data/demo
	@echo "The demonstration starts afresh at the next: make run"

serve: tools assets ## start the service on the configured database
	$(CARGO) build
	$(MILEPOST) migrate
	$(MILEPOST) serve

test: tools test-tools assets ## run every test; installs what they need where it can
	$(CARGO) test

check: assets ## check the shipped timelines
	$(CARGO) build --quiet
	$(MILEPOST) check workflows

lint: assets ## the layout of the code and clippy, without a warning left
	$(CARGO) fmt --check
	$(CARGO) clippy --all-targets -- -D warnings

fmt: ## lay the code out
	$(CARGO) fmt

doc: assets ## build the code's own documentation, links checked
	RUSTDOCFLAGS="-D warnings -A rustdoc::private-intra-doc-links" $(CARGO) doc --no-deps --document-private-items

deny: ## licences, sources and banned crates of the dependencies (needs cargo-deny)
	$(CARGO) deny check licenses bans sources

advisories: ## known weaknesses of the dependencies (needs cargo-deny and the network)
	$(CARGO) deny check advisories

bench: tools assets ## run the benchmarks, each against a floor of its own; wants a machine with nothing else to do
	$(CARGO) bench

golden: assets ## rewrite the golden pages in tests/golden; look at the difference before committing it
	MILEPOST_GOLDEN=write $(CARGO) test --test web --test cli

assets: assets/dist/app.css ## compile the style sheet and gather the scripts

ci: ## everything that must hold before a change is kept
	.ci/run

clean: ## remove what was built; data stays
	rm -rf assets/dist node_modules
	$(CARGO) clean

test-tools:
	@tests/tools

tools:
	@command -v $(CARGO) >/dev/null || { echo "Rust is missing. Get it from https://rustup.rs, then run make again." >&2; exit 1; }
	@command -v npm >/dev/null || { echo "Node.js 20 or newer is missing. Get it from https://nodejs.org, then run make again." >&2; exit 1; }
	@command -v cc >/dev/null || { echo "A C compiler is missing (SQLite is compiled in): apt-get install build-essential" >&2; exit 1; }

node_modules/.package-lock.json: package.json package-lock.json
	npm ci --no-audit --no-fund
	@touch $@

assets/dist/app.css: node_modules/.package-lock.json $(wildcard assets/*.scss assets/*.mjs assets/*.svg)
	npm run --silent build
	@touch $@
