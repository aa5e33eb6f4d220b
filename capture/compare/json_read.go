package compare

import (
	"bytes"
	"context"
	"errors"
	"fmt"
)

const (
	maxDepth = 10_000
	maxNodes = 3 << 20 // values of one body; what has more is compared as text
)

// errManyNodes says that a body has too many values to be compared one by one.
var errManyNodes = errors.New("it has too many values")

// kinds of a JSON value.
const (
	jsonObject = '{'
	jsonArray  = '['
	jsonString = '"'
	jsonNumber = '0'
	jsonWord   = 't' // true, false, null
)

// node is a value of a JSON text. A tree is a list of nodes, each before its
// children, and knows a value's text by where it stands.
type node struct {
	start, end  int32 // the value in the text
	key, keyEnd int32 // its key in quotes; -1 where it has none
	parent      int32 // -1 for the outermost
	next        int32 // the node behind it and all in it
	index       int32 // which child of its parent
	kind        byte
}

// tree is a JSON text that was read.
type tree struct {
	src   []byte
	nodes []node
	twice []int32          // nodes whose key stands before in the same object
	keyed map[int32]string // arrays whose elements are told apart by a key
}

// jsonReader reads JSON (RFC 8259) into a tree, with the text of numbers, the order
// of keys and keys that come twice.
type jsonReader struct {
	tree
	ctx context.Context
	pos int
}

// readJSON reads one JSON value. The error says where and what is wrong, or is the
// context's or errManyNodes.
func readJSON(ctx context.Context, src []byte) (*tree, error) {
	// Never fewer than there are values, and in one piece: grown it would be there
	// twice.
	most := 1 + bytes.Count(src, []byte(",")) + bytes.Count(src, []byte("{")) + bytes.Count(src, []byte("["))
	r := &jsonReader{tree: tree{src: src, nodes: make([]node, 0, min(most, maxNodes))}, ctx: ctx}
	r.space()
	if err := r.value(-1, 0, -1, -1, 0); err != nil {
		return nil, err
	}
	if r.space(); r.pos < len(src) {
		return nil, r.fail("something stands behind the value")
	}
	return &r.tree, nil
}

func (r *jsonReader) fail(reason string) error {
	at := min(r.pos, len(r.src))
	line := 1 + bytes.Count(r.src[:at], newline)
	column := at - bytes.LastIndexByte(r.src[:at], '\n')
	return fmt.Errorf("line %d, column %d: %s", line, column, reason)
}

func (r *jsonReader) space() {
	for r.pos < len(r.src) {
		switch r.src[r.pos] {
		case ' ', '\t', '\r', '\n':
			r.pos++
		default:
			return
		}
	}
}

// at is the byte at the place, 0 behind the end.
func (r *jsonReader) at() byte {
	if r.pos < len(r.src) {
		return r.src[r.pos]
	}
	return 0
}

// value reads the value at the place, which has the given parent and key.
func (r *jsonReader) value(parent, index, key, keyEnd int32, depth int) error {
	n := int32(len(r.nodes))
	if n&0xffff == 0xffff && r.ctx.Err() != nil {
		return r.ctx.Err()
	}
	if n >= maxNodes {
		return errManyNodes
	}
	r.nodes = append(r.nodes, node{start: int32(r.pos), key: key, keyEnd: keyEnd, parent: parent, index: index})
	var kind byte
	var err error
	switch c := r.at(); {
	case c == '{' || c == '[':
		kind, err = c, r.container(n, c, depth)
	case c == '"':
		kind, err = jsonString, r.text()
	case c == '-' || c >= '0' && c <= '9':
		kind, err = jsonNumber, r.number()
	default:
		kind, err = jsonWord, r.word()
	}
	x := &r.nodes[n]
	x.kind, x.end, x.next = kind, int32(r.pos), int32(len(r.nodes))
	return err
}

// container reads an object or an array.
func (r *jsonReader) container(n int32, open byte, depth int) error {
	if depth >= maxDepth {
		return r.fail(fmt.Sprintf("nested deeper than %d levels", maxDepth))
	}
	closing := open + 2 // { and }, [ and ] are two apart in ASCII
	r.pos++
	r.space()
	if r.at() == closing {
		r.pos++
		return nil
	}
	for index := int32(0); ; index++ {
		key, keyEnd := int32(-1), int32(-1)
		if open == '{' {
			if r.at() != '"' {
				return r.fail("a name in quotes is missing")
			}
			key = int32(r.pos)
			if err := r.text(); err != nil {
				return err
			}
			keyEnd = int32(r.pos)
			if r.space(); r.at() != ':' {
				return r.fail("a colon is missing")
			}
			r.pos++
			r.space()
		}
		if err := r.value(n, index, key, keyEnd, depth+1); err != nil {
			return err
		}
		switch r.space(); r.at() {
		case ',':
			r.pos++
			r.space()
		case closing:
			r.pos++
			if open == '{' {
				r.findTwice(n, int(index)+1)
			}
			return nil
		default:
			return r.fail(fmt.Sprintf("a comma or %c is missing", closing))
		}
	}
}

// findTwice notes the keys of an object of count members that it has before.
func (r *jsonReader) findTwice(n int32, count int) {
	if count < 2 {
		return
	}
	const few = 12
	var seen map[string]bool
	if count > few {
		seen = make(map[string]bool, count)
	}
	for c := n + 1; c < int32(len(r.nodes)); c = r.nodes[c].next {
		if seen == nil {
			for before := n + 1; before < c; before = r.nodes[before].next {
				if r.sameKey(before, c) {
					r.twice = append(r.twice, c)
					break
				}
			}
			continue
		}
		name := r.keyText(c)
		if seen[name] {
			r.twice = append(r.twice, c)
		}
		seen[name] = true
	}
}

func (r *jsonReader) sameKey(a, b int32) bool {
	x, y := r.rawKey(a), r.rawKey(b)
	return bytes.Equal(x, y) || (bytes.IndexByte(x, '\\') >= 0 || bytes.IndexByte(y, '\\') >= 0) && unquote(x) == unquote(y)
}

func (r *jsonReader) text() error {
	for i := r.pos + 1; i < len(r.src); i++ {
		switch c := r.src[i]; {
		case c == '"':
			r.pos = i + 1
			return nil
		case c < ' ':
			r.pos = i
			return r.fail("a control character stands in a text")
		case c == '\\':
			length := escapeLength(r.src[i:])
			if length == 0 {
				r.pos = i
				return r.fail("there is no such escape")
			}
			i += length - 1
		}
	}
	r.pos = len(r.src)
	return r.fail("a text has no end")
}

func (r *jsonReader) digits() bool {
	begin := r.pos
	for c := r.at(); c >= '0' && c <= '9'; c = r.at() {
		r.pos++
	}
	return r.pos > begin
}

func (r *jsonReader) number() error {
	if r.at() == '-' {
		r.pos++
	}
	if r.at() == '0' {
		r.pos++
	} else if !r.digits() {
		return r.fail("a digit is missing")
	}
	if r.at() == '.' {
		r.pos++
		if !r.digits() {
			return r.fail("a digit is missing")
		}
	}
	if c := r.at(); c == 'e' || c == 'E' {
		r.pos++
		if c := r.at(); c == '+' || c == '-' {
			r.pos++
		}
		if !r.digits() {
			return r.fail("a digit is missing")
		}
	}
	return nil
}

func (r *jsonReader) word() error {
	for _, word := range []string{"true", "false", "null"} {
		if bytes.HasPrefix(r.src[r.pos:], []byte(word)) {
			r.pos += len(word)
			return nil
		}
	}
	return r.fail("a value is missing")
}
