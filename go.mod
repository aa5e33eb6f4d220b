module hookglass

go 1.26.0

require (
	// data folders of every platform; last released in 2024, and there is little left to do
	github.com/adrg/xdg v0.5.3
	// flags and commands as a struct, no dependencies of its own
	github.com/alecthomas/kong v1.17.0
	// what gopls compares texts with, as a module of its own; last released in 2026
	github.com/aymanbagabas/go-udiff v0.4.1
	// JWKS and JWS of OpenID Connect; the successor of Square's
	github.com/go-jose/go-jose/v4 v4.1.8
	// a file lock on every platform
	github.com/gofrs/flock v0.13.1
	// deflate at several times the speed of the standard library's, for bundles of a million callbacks; last released in 2026
	github.com/klauspost/compress v1.20.3
	// SQLite's own source through cgo, with FTS5
	github.com/mattn/go-sqlite3 v1.14.52
	// JSON in order, with the digits of numbers as sent
	github.com/tidwall/gjson v1.20.0
	// the keyrings of three platforms without cgo
	github.com/zalando/go-keyring v0.2.8
	// tests fail where a goroutine is left behind
	go.uber.org/goleak v1.3.0
	// reads ngrok.yml and traffic policies; the YAML organisation's own continuation
	go.yaml.in/yaml/v3 v3.0.6
	// the transport of ngrok's SDK, newer than that asks for: streams ended with their session
	golang.ngrok.com/muxado/v2 v2.0.2
	// a public address, by ngrok's own SDK; v2 is its current major
	golang.ngrok.com/ngrok/v2 v2.4.0
	// SOCKS5, as the SDK has it
	golang.org/x/net v0.50.0
	// a secret typed without being shown
	golang.org/x/term v0.47.0
)

// the window
require (
	// the toolkit: one code base for three desktops, drawn by itself
	fyne.io/fyne/v2 v2.8.1
	// reads our icons; Fyne's own reader, used directly so that strokes keep their width at every scale
	github.com/fyne-io/oksvg v0.2.0
	// how many columns a character takes
	github.com/mattn/go-runewidth v0.0.31
	// the letters of a command, as editors find files; last released in 2026
	github.com/sahilm/fuzzy v0.1.3
	// draws what oksvg reads
	github.com/srwiley/rasterx v0.0.0-20220730225603-2ab79fcdd4ef
	// rotates the log; done since 2023, and what most Go programs use
	gopkg.in/natefinch/lumberjack.v2 v2.2.1
)

require (
	fyne.io/systray v1.12.3-0.20260810170012-af4e8e793ec4 // indirect
	github.com/BurntSushi/toml v1.6.0 // indirect
	github.com/anthonynsimon/bild v0.14.0 // indirect
	github.com/clipperhouse/uax29/v2 v2.2.0 // indirect
	github.com/danieljoos/wincred v1.2.3 // indirect
	github.com/fsnotify/fsnotify v1.9.0 // indirect
	github.com/fyne-io/gl-js v0.2.1-0.20260315212741-029c47fd27e8 // indirect
	github.com/fyne-io/glfw-js v0.4.0 // indirect
	github.com/fyne-io/image v0.1.1 // indirect
	github.com/go-gl/gl v0.0.0-20260331235117-4566fea9a276 // indirect
	github.com/go-gl/glfw/v3.4/glfw v0.1.0-pre.1.0.20260707082822-2a407d02d01a // indirect
	github.com/go-text/render v0.2.1 // indirect
	github.com/go-text/typesetting v0.3.4 // indirect
	github.com/godbus/dbus/v5 v5.2.2 // indirect
	github.com/hack-pad/go-indexeddb v0.3.2 // indirect
	github.com/hack-pad/safejs v0.1.0 // indirect
	github.com/jeandeaual/go-locale v0.0.0-20250612000132-0ef82f21eade // indirect
	github.com/jpillora/backoff v1.0.0 // indirect
	github.com/jsummers/gobmp v0.0.0-20230614200233-a9de23ed2e25 // indirect
	github.com/nfnt/resize v0.0.0-20180221191011-83c6a9932646 // indirect
	github.com/nicksnyder/go-i18n/v2 v2.5.1 // indirect
	github.com/rymdport/portal v0.4.2 // indirect
	github.com/srwiley/oksvg v0.0.0-20221011165216-be6e8873101c // indirect
	github.com/stretchr/testify v1.12.1 // indirect
	github.com/tidwall/match v1.1.1 // indirect
	github.com/tidwall/pretty v1.2.0 // indirect
	github.com/yuin/goldmark v1.8.2 // indirect
	go.uber.org/multierr v1.11.0 // indirect
	golang.org/x/image v0.24.0 // indirect
	golang.org/x/sys v0.49.0 // indirect
	golang.org/x/text v0.34.0 // indirect
	google.golang.org/protobuf v1.36.11 // indirect
)
