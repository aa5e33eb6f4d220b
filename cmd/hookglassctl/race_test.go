//go:build race

package main_test

// buildFlags are those of the program under test: with the race detector where
// the tests have it, so that it watches the program under load too.
var buildFlags = []string{"-tags", "sqlite_fts5", "-race"}
