package main

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// fields hands the values of a mapping to who reads them, and notes names that
// nobody reads.
func (f *ruleFile) fields(n *yaml.Node, what string, readers map[string]func(*yaml.Node)) {
	if n.Kind != yaml.MappingNode {
		f.wrong(n, "%s is made of names with values, such as %s: …", what, slices.Sorted(maps.Keys(readers))[0])
		return
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		read, known := readers[key.Value]
		switch {
		case key.Kind != yaml.ScalarNode || !known:
			f.wrong(key, "%s has no %q; there are %s", what, key.Value, strings.Join(slices.Sorted(maps.Keys(readers)), ", "))
		case seen[key.Value]:
			f.wrong(key, "%s: is there twice", key.Value)
		case value.Kind == yaml.AliasNode:
			f.wrong(value, "aliases are not read here: write it out")
		default:
			read(value)
		}
		seen[key.Value] = true
	}
}

// scalar reports whether a node is one value, and notes where it is not.
func (f *ruleFile) scalar(n *yaml.Node, what string) bool {
	if n.Kind != yaml.ScalarNode || n.Tag == "!!null" || n.Tag == "!!binary" {
		f.wrong(n, "%s must be here", what)
		return false
	}
	return true
}

func (f *ruleFile) text(to *string) func(*yaml.Node) {
	return func(n *yaml.Node) {
		if f.scalar(n, "a text") {
			*to = n.Value
		}
	}
}

func (f *ruleFile) yes(to *bool) func(*yaml.Node) {
	return func(n *yaml.Node) {
		if n.Kind != yaml.ScalarNode || n.Tag != "!!bool" {
			f.wrong(n, "true or false must be here")
			return
		}
		*to = strings.EqualFold(n.Value, "true")
	}
}

func (f *ruleFile) number(to *int, least, most int) func(*yaml.Node) {
	return func(n *yaml.Node) {
		number, err := strconv.Atoi(n.Value)
		if n.Kind != yaml.ScalarNode || n.Tag != "!!int" || err != nil || number < least || number > most {
			f.wrong(n, "a number from %d to %d must be here", least, most)
			return
		}
		*to = number
	}
}

func (f *ruleFile) span(to *time.Duration) func(*yaml.Node) {
	return func(n *yaml.Node) {
		span, err := time.ParseDuration(n.Value)
		if n.Kind != yaml.ScalarNode || err != nil || span < 0 {
			f.wrong(n, "a time such as 2s or 1m30s must be here")
			return
		}
		*to = span
	}
}

// word reads one of a few words.
func word[T ~string](f *ruleFile, to *T, words []T) func(*yaml.Node) {
	return func(n *yaml.Node) {
		if n.Kind != yaml.ScalarNode || !slices.Contains(words, T(n.Value)) {
			f.wrong(n, "one of %s must be here", strings.Trim(fmt.Sprint(words), "[]"))
			return
		}
		*to = T(n.Value)
	}
}
