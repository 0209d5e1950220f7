# Everything that is done with the tree. "make" says what there is.

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.NOTPARALLEL:
MAKEFLAGS += --no-print-directory

.PHONY: help run build client fmt lint test test-go test-client test-browser shots fuzz torture torture-ci bench clean

help: ## Show what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' Makefile

run: ## Run the server on http://localhost:8000
	go run ./cmd/parley

build: ## Build ./bin/parley, one file without dependencies
	CGO_ENABLED=0 go build -trimpath -ldflags '-s -w' -o bin/parley ./cmd/parley

client: ## Build the browser client, web/dist
	cd web/build && go run .

fmt: ## Format the Go code
	@.ci/check format

test: ## Install what the tests need, and run all of them
	@.ci/check all

lint: ## Only what needs no run: formatting, vet, staticcheck, types, the built client
	@.ci/check lint

test-go: ## Only the Go tests
	@.ci/check go

test-client: ## Only the client's unit tests
	@.ci/check client

test-browser: ## Only the tests in real browsers
	@.ci/check browser

shots: ## Draw the pages into web/e2e/shots, to be looked at
	@SHOTS=1 .ci/check browser

fuzz: ## Fuzz every target for 30 seconds (FUZZTIME=30s)
	@.ci/fuzz

torture: ## Kill it 500 times, cut its power 200 times, and see that nothing is lost (an hour, as root)
	@.ci/torture full

torture-ci: ## The same in some minutes, and with planted mistakes that must be found
	@.ci/torture ci

bench: ## Measure it beside its references, and write docs/benchmarks.md (half an hour, on an idle machine)
	@go run ./bench --write

clean: ## Remove what was built and what the tests left
	rm -rf bin .cache web/.tests web/test-results web/playwright-report web/e2e/shots
