# make run     serve on 127.0.0.1:4480; more flags with ARGS="--json"
# make test    every test, with the race detector
# make lint    golangci-lint with the house's rules
# make bench   the built program against a bare net/http handler
# make build   bin/hookglassctl
# make fuzz    FUZZTIME (5s) of every fuzz target
# make kill    the kill test, ROUNDS (100) rounds
#
# run and test install what they need on Debian and Ubuntu; Go 1.26 has to be there.

TAGS     := sqlite_fts5 migrated_fynedo no_animations
LINT     := github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
PROGRAM  := bin/hookglassctl$(shell go env GOEXE)
FUZZTIME ?= 5s
ROUNDS   ?= 100

export CGO_ENABLED := 1

.PHONY: run test lint bench build fuzz kill setup compiler

run: build
	./$(PROGRAM) serve --listen 127.0.0.1:4480 $(ARGS)

build: setup
	go build -tags '$(TAGS)' -o $(PROGRAM) ./cmd/hookglassctl

test: setup
	go test -race -tags '$(TAGS)' $(ARGS) ./...

lint: setup
	go run $(LINT) run

bench: setup
	go test -tags '$(TAGS)' -run '^$$' -bench . -benchtime 1x -timeout 60m -v ./cmd/hookglassctl $(ARGS)

kill: setup
	HOOKGLASS_KILL_ROUNDS=$(ROUNDS) go test -tags '$(TAGS)' -run '^TestKill' -count 1 -timeout 30m -v ./cmd/hookglassctl

# go test -fuzz takes one target of one package at a time.
fuzz: setup
	@set -e; grep -rHo '^func Fuzz[A-Za-z0-9_]*' --include='*_test.go' . | sed 's/:func / /' | \
	while read -r file target; do \
	  echo "fuzz $$target of $$(dirname $$file)"; \
	  go test -tags '$(TAGS)' -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 10x -parallel 2 "$$(dirname $$file)" </dev/null; \
	done

# SQLite is C: it wants a compiler and the C library's headers.
setup:
	@echo '#include <stdlib.h>' | $$(go env CC) -E - >/dev/null 2>&1 || $(MAKE) --no-print-directory compiler

compiler:
	@if command -v apt-get >/dev/null; then \
	  if [ "$$(id -u)" != 0 ]; then sudo=sudo; fi; \
	  $$sudo apt-get update && $$sudo apt-get install -y --no-install-recommends gcc libc6-dev; \
	else \
	  echo 'Hookglass needs a C compiler: on macOS "xcode-select --install", on Windows MSYS2 with mingw-w64-x86_64-gcc, elsewhere gcc from your packages.' >&2; \
	  exit 1; \
	fi
