package capture

import (
	"fmt"
	"time"
)

// Filter is a question about exchanges in the filter language. It is parsed
// once, and then matched in memory, compiled to SQL by the store, or told in
// words. The zero value matches everything. It is safe for concurrent use.
type Filter struct {
	text string
	root *FilterNode // nil matches everything
}

// FilterNode is a part of a filter.
type FilterNode struct {
	Kind  FilterKind
	Parts []*FilterNode // of And and Or, two or more; of Not one
	Term  *Term         // of Is

	at, end int // bytes of the text, with its parentheses
}

// FilterKind says how a node is made of its parts.
type FilterKind int

// The kinds of a node.
const (
	FilterIs  FilterKind = iota // its term
	FilterAnd                   // all of its parts
	FilterOr                    // any of its parts
	FilterNot                   // not its part
)

// FilterError says what is wrong with the text of a filter, and where.
type FilterError struct {
	At, End int    // bytes of the text
	Text    string // a sentence for a person
}

func (e *FilterError) Error() string { return fmt.Sprintf("at character %d: %s", e.At+1, e.Text) }

// String is the text that the filter was parsed from.
func (f Filter) String() string { return f.text }

// Root is the top of the filter, nil where it matches everything. It must not be
// changed.
func (f Filter) Root() *FilterNode { return f.root }

// All reports whether the filter matches everything.
func (f Filter) All() bool { return f.root == nil }

// Match reports whether an exchange is meant. now is what spans such as -2h
// count from. What an exchange was not loaded with (header, body) matches as if
// it had none.
func (f Filter) Match(x *Exchange, now time.Time) bool {
	return f.root == nil || f.root.match(x, now)
}

func (n *FilterNode) match(x *Exchange, now time.Time) bool {
	switch n.Kind {
	case FilterIs:
		return n.Term.match(x, now)
	case FilterNot:
		return !n.Parts[0].match(x, now)
	case FilterAnd:
		for _, part := range n.Parts {
			if !part.match(x, now) {
				return false
			}
		}
		return true
	case FilterOr:
		for _, part := range n.Parts {
			if part.match(x, now) {
				return true
			}
		}
	}
	return false
}

// Terms lists the terms of the filter in their order.
func (f Filter) Terms() []*Term {
	var terms []*Term
	var walk func(n *FilterNode)
	walk = func(n *FilterNode) {
		if n == nil {
			return
		}
		if n.Term != nil {
			terms = append(terms, n.Term)
		}
		for _, part := range n.Parts {
			walk(part)
		}
	}
	walk(f.root)
	return terms
}
