//go:build !race

package main_test

// buildFlags are those of the program under test.
var buildFlags = []string{"-tags", "sqlite_fts5"}
