package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"hookglass/capture"
	"hookglass/cmd/internal/engine"
)

// shownMistakes is how many mistakes of a file are told.
const shownMistakes = 20

// place is where something stands in a file; both count from 1.
type place struct{ line, column int }

// mistake is what is wrong in a file, and where.
type mistake struct {
	place
	text string
}

// ruleFile is what a file of rules says.
type ruleFile struct {
	rules   []capture.Rule
	forever []int   // of rules, those that say that they never end
	at      []place // where each of rules begins

	lines    [][]byte
	folder   string // where relative paths begin
	mistakes []mistake
}

// readRules reads a file of rules, with all its mistakes.
func readRules(text []byte, folder string) *ruleFile {
	f := &ruleFile{lines: bytes.Split(text, []byte("\n")), folder: folder}
	if !utf8.Valid(text) {
		f.mistakes = append(f.mistakes, mistake{place{1, 1}, "this is no text in UTF-8"})
		return f
	}
	var document, more yaml.Node
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	err := decoder.Decode(&document)
	switch {
	case errors.Is(err, io.EOF):
		f.mistakes = append(f.mistakes, mistake{place{1, 1}, "there is nothing in it: it must begin with rules:"})
		return f
	case err != nil:
		f.mistakes = append(f.mistakes, syntaxMistake(err))
		return f
	}
	if err := decoder.Decode(&more); !errors.Is(err, io.EOF) {
		f.wrong(&more, "rules stand in one document, and here begins a second one")
		return f
	}
	f.readAll(document.Content[0])
	return f
}

// syntaxMistake is what the parser says of a text that is no YAML, which names
// the line alone: "yaml: line 3: did not find expected key".
func syntaxMistake(err error) mistake {
	m := mistake{place{1, 1}, strings.TrimPrefix(err.Error(), "yaml: ")}
	if n, scanErr := fmt.Sscanf(m.text, "line %d:", &m.line); n == 1 && scanErr == nil {
		_, m.text, _ = strings.Cut(m.text, ": ")
	}
	m.text = "this is not YAML: " + m.text
	return m
}

func (f *ruleFile) readAll(root *yaml.Node) {
	var list *yaml.Node
	f.fields(root, "a file of rules", map[string]func(*yaml.Node){"rules": func(n *yaml.Node) { list = n }})
	switch {
	case len(f.mistakes) > 0:
	case list == nil:
		f.wrong(root, "rules: is missing")
	case list.Kind != yaml.SequenceNode:
		f.wrong(list, "rules: is a list, each rule of which begins with a dash")
	case len(list.Content) > engine.MaxRules:
		f.wrong(list, "there are %d rules, and %d is the most that there can be", len(list.Content), engine.MaxRules)
	default:
		for _, n := range list.Content {
			if len(f.mistakes) > shownMistakes {
				return
			}
			f.readRule(n)
		}
	}
}

// tell prints the mistakes, and reports whether there are any.
func (f *ruleFile) tell(t *terminal, name string) bool {
	for i, m := range f.mistakes {
		if i == shownMistakes {
			t.say("%s: there are more mistakes", name)
			break
		}
		t.say("%s:%d:%d: %s", name, m.line, m.column, capture.Visible(m.text))
	}
	return len(f.mistakes) > 0
}

// wrong notes a mistake at a node.
func (f *ruleFile) wrong(n *yaml.Node, format string, values ...any) {
	f.mistakes = append(f.mistakes, mistake{place{max(n.Line, 1), max(n.Column, 1)}, fmt.Sprintf(format, values...)})
}

// wrongIn notes a mistake at a byte of a node's text.
func (f *ruleFile) wrongIn(n *yaml.Node, at int, text string) {
	f.mistakes = append(f.mistakes, mistake{f.inside(n, at), text})
}

// inside is where a byte of a scalar's text stands in the file: where its lines
// cannot be told, where the scalar begins.
func (f *ruleFile) inside(n *yaml.Node, at int) place {
	begin := place{n.Line, n.Column}
	at = min(at, len(n.Value))
	before := n.Value[:at]
	if n.Style&yaml.LiteralStyle != 0 {
		line := n.Line + 1 + strings.Count(before, "\n")
		if line > len(f.lines) {
			return begin
		}
		return place{line, f.indent(n.Line) + 1 + utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:])}
	}
	if n.Line < 1 || n.Line > len(f.lines) {
		return begin
	}
	rest := []rune(string(f.lines[n.Line-1]))
	if n.Column < 1 || n.Column > len(rest) {
		return begin
	}
	written := string(rest[n.Column-1:])
	for quote, text := range []string{n.Value, `"` + n.Value + `"`, "'" + n.Value + "'"} {
		if strings.HasPrefix(written, text) {
			return place{n.Line, n.Column + min(quote, 1) + utf8.RuneCountInString(before)}
		}
	}
	return begin
}

// indent is how far the first line below a line that is not empty is indented.
func (f *ruleFile) indent(line int) int {
	for _, text := range f.lines[min(line, len(f.lines)):] {
		if trimmed := bytes.TrimLeft(text, " "); len(bytes.TrimSpace(trimmed)) > 0 {
			return len(text) - len(trimmed)
		}
	}
	return 0
}
