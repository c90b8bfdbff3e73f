# The few commands of daily work. What they need beyond Rust, .config/needs installs by name.
SHELL := /usr/bin/env bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: demo deny fmt help sbom test watch

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
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
