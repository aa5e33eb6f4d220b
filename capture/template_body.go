package capture

import (
	"bytes"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
)

// maxSteps bounds how deep a path into a body goes.
const maxSteps = 32

// bodyPaths are the paths into a JSON body that an answer wants, as a tree, so
// that one pass over the body finds them all.
type bodyPaths struct {
	root  pathNode
	count int
}

// pathNode is a place in a body.
type pathNode struct {
	next   map[string]*pathNode
	wanted bool
	index  int
}

// add adds a path and returns its index.
func (p *bodyPaths) add(steps []string) int {
	node := &p.root
	for _, step := range steps {
		if node.next == nil {
			node.next = map[string]*pathNode{}
		}
		if node.next[step] == nil {
			node.next[step] = &pathNode{}
		}
		node = node.next[step]
	}
	if !node.wanted {
		node.wanted, node.index = true, p.count
		p.count++
	}
	return node.index
}

// read returns what a request's body says at each path, as raw JSON; nil where it
// says nothing, and all of them nil where the body is no JSON or larger than
// MaxRuleBody.
func (p *bodyPaths) read(r *Request) [][]byte {
	found := make([][]byte, p.count)
	if p.count == 0 {
		return found
	}
	body, err := DecodeBody(r.Header.All("Content-Encoding"), r.Body, MaxRuleBody)
	if err != nil {
		return found
	}
	body = bytes.TrimPrefix(body, []byte("\xef\xbb\xbf"))
	reading := bodyReading{body: body, decoder: json.NewDecoder(bytes.NewReader(body)), found: found}
	reading.decoder.UseNumber()
	_ = reading.value(&p.root) // what was found before a fault is found
	return found
}

// bodyReading is one pass over a body. It goes no deeper than the paths do:
// what no path leads into is passed token by token.
type bodyReading struct {
	body    []byte
	decoder *json.Decoder
	found   [][]byte
}

var errNotJSON = errors.New("not JSON")

// value reads one value, at a place that paths lead to.
func (b *bodyReading) value(node *pathNode) error {
	token, err := b.decoder.Token()
	if err != nil {
		return err
	}
	from := b.decoder.InputOffset()
	switch token {
	case json.Delim('{'), json.Delim('['):
		from-- // the bracket itself
		err = b.inside(node, token == json.Delim('['))
	default:
		if node.wanted {
			b.keep(node, token, nil)
		}
		return nil
	}
	if err == nil && node.wanted {
		b.keep(node, nil, b.body[from:b.decoder.InputOffset()])
	}
	return err
}

// inside reads the members of an object or an array, and its closing bracket.
func (b *bodyReading) inside(node *pathNode, array bool) error {
	for n := 0; b.decoder.More(); n++ {
		var key string
		if array {
			key = strconv.Itoa(n)
		} else {
			token, err := b.decoder.Token()
			if err != nil {
				return err
			}
			name, ok := token.(string)
			if !ok {
				return errNotJSON
			}
			key = name
		}
		var err error
		if child := node.next[key]; child != nil {
			err = b.value(child)
		} else {
			err = b.pass()
		}
		if err != nil {
			return err
		}
	}
	_, err := b.decoder.Token()
	return err
}

// pass reads a value that nobody wants, without recursion.
func (b *bodyReading) pass() error {
	for depth := 0; ; {
		token, err := b.decoder.Token()
		if err != nil {
			return err
		}
		switch token {
		case json.Delim('{'), json.Delim('['):
			depth++
		case json.Delim('}'), json.Delim(']'):
			depth--
		}
		if depth <= 0 {
			return nil
		}
	}
}

// keep keeps a value: raw, or as its token. The first of several with the same
// name counts.
func (b *bodyReading) keep(node *pathNode, token json.Token, raw []byte) {
	if b.found[node.index] != nil {
		return
	}
	if raw == nil {
		var err error
		if raw, err = json.Marshal(token); err != nil {
			return
		}
	}
	if json.Valid(raw) {
		b.found[node.index] = bytes.ToValidUTF8(raw, []byte("\ufffd"))
	}
}

// rawText returns the text of a value of JSON, and the value itself. A string is
// its contents; null, and what is not there, is no text.
func rawText(raw []byte) (text string, value []byte) {
	if raw == nil || string(raw) == "null" {
		return "", []byte("null")
	}
	if raw[0] == '"' {
		if err := json.Unmarshal(raw, &text); err != nil {
			return "", []byte("null")
		}
		return text, raw
	}
	return strings.TrimSpace(string(raw)), raw
}
