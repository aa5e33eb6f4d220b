// Package engine is the wiring that Hookglass's programs share: it opens the
// store, loads the keys, builds the handler, starts and stops the listeners in
// order, sends what is resent and the samples, holds the lock that lets one
// process capture per data folder, and serves the control socket through which
// another process reaches it.
//
// Engine owns the goroutines of its server, of its control socket and each
// conversation on it, and of its background annotation; Close waits for all of
// them. Its methods are safe for concurrent use.
package engine
