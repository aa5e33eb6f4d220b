# make run     the window, capturing on 127.0.0.1:4480; more flags with ARGS="--demo"
# make serve   the same capture in a terminal; more flags with ARGS="--json"
# make test    every test, with the race detector
# make lint    golangci-lint with the house's rules
# make bench   the terminal against a bare net/http handler, the window (under Xvfb)
#              against a hello world
# make build   bin/hookglass and bin/hookglassctl
# make fuzz    FUZZTIME (5s) of every fuzz target
# make kill    the kill test, ROUNDS (100) rounds
# make soak    BEATS (8640: a day's) heartbeats of the tunnel, with cuts and silences
# make gallery every pane and dialog at every size, in both looks
# make window  the window test: a real window on a display of its own (Xvfb, xdotool)
#
# run and test install what they need on Debian and Ubuntu; Go 1.26 has to be there.

# x11: GLFW's Wayland side draws text in a wrong size until the mouse moves
# (Fyne 2.8, issue 6447); XWayland has it right, and two libraries are saved.
TAGS     := sqlite_fts5 migrated_fynedo no_animations x11
LINT     := github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
EXE      := $(shell go env GOEXE)
FUZZTIME ?= 5s
ROUNDS   ?= 100
BEATS    ?= 8640

export CGO_ENABLED := 1

# Fyne forgets what it drew after a minute in which nothing is drawn, which a
# test's window never outlives (issue 6509).
test fuzz: export FYNE_CACHE := 1h

.PHONY: run serve test lint bench build fuzz kill soak gallery window setup native

run: build
	./bin/hookglass$(EXE) $(ARGS)

serve: build
	./bin/hookglassctl$(EXE) serve --listen 127.0.0.1:4480 $(ARGS)

build: setup
	go build -tags '$(TAGS)' -o bin/hookglassctl$(EXE) ./cmd/hookglassctl
	go build -tags '$(TAGS)' -o bin/hookglass$(EXE) ./cmd/hookglass

test: setup
	go test -race -tags '$(TAGS)' $(ARGS) ./...

lint: setup
	go run $(LINT) run

bench: setup
	go test -tags '$(TAGS)' -run '^$$' -bench . -benchtime 1x -timeout 60m -v ./cmd/hookglassctl $(ARGS)
	HOOKGLASS_WINDOW=1 go test -tags '$(TAGS)' -run '^$$' -bench . -benchtime 1x -timeout 60m -v ./cmd/hookglass $(ARGS)

kill: setup
	HOOKGLASS_KILL_ROUNDS=$(ROUNDS) go test -tags '$(TAGS)' -run '^TestKill' -count 1 -timeout 30m -v ./cmd/hookglassctl

# Without the race detector: the SDK's heartbeats set it off.
soak: setup
	HOOKGLASS_SOAK=$(BEATS) go test -tags '$(TAGS)' -run 'Soak|Silence|Heartbeat' -count 1 -timeout 30m -v ./capture/ngrok

# Every dialog and pane at every size, in both looks; make test draws one of them.
gallery: setup
	go test -tags '$(TAGS)' -run '^TestGallery' -count 1 ./ui

window: setup
	HOOKGLASS_WINDOW=1 go test -tags '$(TAGS)' -run '^TestWindow' -count 1 -timeout 10m -v ./cmd/hookglass

# go test -fuzz takes one target of one package at a time.
fuzz: setup
	@set -e; grep -rHo '^func Fuzz[A-Za-z0-9_]*' --include='*_test.go' . | sed 's/:func / /' | \
	while read -r file target; do \
	  echo "fuzz $$target of $$(dirname $$file)"; \
	  go test -tags '$(TAGS)' -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 10x -parallel 2 "$$(dirname $$file)" </dev/null; \
	done

# SQLite and the window's OpenGL are C: they want a compiler and, on Linux, the
# headers of OpenGL and X11.
setup:
ifeq ($(shell go env GOOS),linux)
	@printf '#include <stdlib.h>\n#include <GL/gl.h>\n#include <X11/Xcursor/Xcursor.h>\n#include <X11/extensions/Xrandr.h>\n#include <X11/extensions/Xinerama.h>\n#include <X11/extensions/XInput2.h>\n#include <X11/extensions/xf86vmode.h>\n' | \
	$$(go env CC) -E - >/dev/null 2>&1 || $(MAKE) --no-print-directory native
else
	@echo '#include <stdlib.h>' | $$(go env CC) -E - >/dev/null 2>&1 || $(MAKE) --no-print-directory native
endif

native:
	@if command -v apt-get >/dev/null; then \
	  if [ "$$(id -u)" != 0 ]; then sudo=sudo; fi; \
	  $$sudo apt-get update && $$sudo apt-get install -y --no-install-recommends gcc libc6-dev pkg-config libgl1-mesa-dev xorg-dev; \
	else \
	  echo 'Hookglass needs a C compiler and, on Linux, the headers of OpenGL and X11: on macOS "xcode-select --install", on Windows MSYS2 with mingw-w64-x86_64-gcc, on Fedora "dnf install gcc mesa-libGL-devel libXcursor-devel libXrandr-devel libXinerama-devel libXi-devel libXxf86vm-devel", elsewhere the same from your packages.' >&2; \
	  exit 1; \
	fi
