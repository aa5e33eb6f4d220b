module hookglass

go 1.26.0

require (
	// data folders of every platform; last released in 2024, and there is little left to do
	github.com/adrg/xdg v0.5.3
	// flags and commands as a struct, no dependencies of its own
	github.com/alecthomas/kong v1.17.0
	// JWKS and JWS of OpenID Connect; the successor of Square's
	github.com/go-jose/go-jose/v4 v4.1.8
	// a file lock on every platform
	github.com/gofrs/flock v0.13.1
	// SQLite's own source through cgo, with FTS5
	github.com/mattn/go-sqlite3 v1.14.52
	// JSON in order, with the digits of numbers as sent
	github.com/tidwall/gjson v1.20.0
	// the keyrings of three platforms without cgo
	github.com/zalando/go-keyring v0.2.8
	// tests fail where a goroutine is left behind
	go.uber.org/goleak v1.3.0
	// a secret typed without being shown
	golang.org/x/term v0.47.0
)

require (
	github.com/danieljoos/wincred v1.2.3 // indirect
	github.com/godbus/dbus/v5 v5.2.2 // indirect
	github.com/tidwall/match v1.1.1 // indirect
	github.com/tidwall/pretty v1.2.0 // indirect
	golang.org/x/sys v0.49.0 // indirect
)
