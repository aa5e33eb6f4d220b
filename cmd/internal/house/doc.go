// Package house holds the rules of the house as data and its tests hold them
// against the tree: which package may import which, that every package says what
// it is, how long a file may be, what may lie at the top level.
//
// The tests read source files and run no other program, so they need neither
// network nor golangci-lint; .golangci.yml repeats the import rules for editors
// and is compared with what Depguard makes of the same table.
package house
