# The few commands of daily work. What they need beyond Rust, .config/needs installs by name.
SHELL := /usr/bin/env bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: demo deny fmt help sbom test test-long watch

binary := $(or $(CARGO_TARGET_DIR),target)/release/antritt

demo: ## Builds the release (cold: some minutes, then: seconds) and starts it with 60 invented people
	@.config/needs wasm
	@echo "==> Building antritt and its browser client"
	@cargo build --release --locked
	@echo "==> Starting the demo; ctrl-c ends it"
	@exec $(binary) demo

test: ## Everything: style, lints, tests on both databases, release build, browser tests
	@.config/needs rust wasm nextest postgresql chromium npm
	@echo "==> Formatting"
	@cargo fmt --check
	@echo "==> Lints of the server and the tests"
	@cargo clippy --locked --all-targets -- -D warnings
	@echo "==> Lints of the browser client"
	@cargo clippy --locked --lib --no-default-features --features hydrate --target wasm32-unknown-unknown -- -D warnings
	@echo "==> Dependencies"
	@$(MAKE) --no-print-directory deny sbom
	@echo "==> Tests on SQLite and PostgreSQL"
	@.config/with-postgres .config/test
	@echo "==> Release build; it fails when the browser client is over its budget"
	@cargo build --release --locked
	@echo "==> Browser tests"
	@cd end2end && npm ci --no-audit --no-fund && npx playwright test
	@echo "==> All is well"

test-long: ## What `make test` tries a little, at full size: 10,000 sign-outs, 100,000 cases a property that needs no database, every hostile text in every field
	@.config/needs rust wasm nextest postgresql chromium npm
	@echo "==> Properties, rules against a recount, and sessions against requests in flight"
	@ANTRITT_LONG=1 PROPTEST_CASES=100000 NEXTEST_PROFILE=long .config/with-postgres .config/test -E 'test(in_flight) + test(independent_recount) + (kind(lib) & test(/tests::/))'
	@echo "==> Every hostile text in every field"
	@cargo build --release --locked
	@cd end2end && npm ci --no-audit --no-fund && PAYLOADS=all npx playwright test payloads --project=desktop
	@echo "==> All is well"

deny: ## Holds dependencies against .deny.toml: known vulnerabilities, licences, sources
	@.config/needs deny
	@.config/deny

sbom: ## Writes what the binary is made of as CycloneDX, into target/sbom
	@.config/needs jq
	@.config/sbom

watch: ## Rebuilds and restarts the demo after every change
	@.config/needs wasm
	@exec .config/watch

fmt: ## Formats the Rust code
	@cargo fmt

help: ## Lists these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
