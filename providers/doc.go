// Package providers says what a Provider is, holds the tools that verifiers
// share (HMAC, RSA, JWS, shared secrets, the ladder of readings), and Set, which
// answers for an exchange: which provider is this, does the proof hold, what
// does it mean.
//
// A Provider is a struct of data and functions that may be nil: nil means
// "cannot", and a screen greys it out. Its functions are pure: they read the
// callback and the keys that they are given, keep nothing, never touch the
// network and are safe for concurrent use. They read a stranger's bytes, so none
// may panic, and Set turns a panic into the verdict "malformed" all the same.
//
// Facts about providers come from their documentation; each place that rests on
// something else says so with the word "guess" or "undocumented".
package providers
