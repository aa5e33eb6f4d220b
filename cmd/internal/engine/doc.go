// Package engine is the wiring that Hookglass's programs share: it opens the
// store, loads the keys, builds the handler, starts and stops the listeners in
// order, sends what is resent and the samples, holds the lock that lets one
// process capture per data folder, and serves the control socket through which
// another process reaches it.
//
// It also makes the files that are shared, and reads those of others: a share goes
// over its exchanges in pages, twice where something is taken out, and an import
// keeps what it reads in a staged session, in small transactions, until it is
// complete. Both let callbacks past.
//
// Engine owns the goroutines of its server, of its control socket and each
// conversation on it, and of its background annotation; Close waits for all of
// them. Its methods are safe for concurrent use.
package engine
