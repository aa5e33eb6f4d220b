package viewmodel

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
)

// BodyTree is a JSON body as nested nodes. A node is made when the branch that
// it is in is opened.
type BodyTree struct {
	src   []byte
	spans map[int32]jsonSpan
	nodes []treeNode
}

// BodyNode is a line of the tree. ID names it to the other methods.
type BodyNode struct {
	ID     int
	Key    string // "" for the whole
	Index  bool   // Key is a place in an array, or a range of places
	Value  string // as it stands in the body; of a branch what it holds: "{3}", "[12]"
	Kind   NodeKind
	Branch bool
}

// NodeKind is what a value is.
type NodeKind int

// The kinds of values.
const (
	NodeText NodeKind = iota
	NodeString
	NodeNumber
	NodeLiteral
	NodeNote
)

// treeNode is a value, or a range of the children of one.
type treeNode struct {
	from        int // where its key starts, or without one its value
	start, end  int // of the value
	parent      int // -1 for the whole
	key         string
	index       int // in an array; -1 for a member
	first, last int // children of a range; last is 0 for a value
}

// maxNodeValue is how much of a value is shown in its line.
const maxNodeValue = 1000

func newBodyTree(src []byte, spans map[int32]jsonSpan) *BodyTree {
	return &BodyTree{src: src, spans: spans}
}

// Roots are the nodes at the top: the whole.
func (t *BodyTree) Roots() []BodyNode {
	start := skipSpace(t.src, 0)
	t.nodes = append(t.nodes[:0], treeNode{from: start, start: start, end: t.valueEnd(start), parent: -1, index: -1})
	return []BodyNode{t.node(0)}
}

// Children are the nodes of a branch; of one with more than a thousand those
// that stand for a thousand each.
func (t *BodyTree) Children(id int) []BodyNode {
	if id < 0 || id >= len(t.nodes) {
		return nil
	}
	n := t.nodes[id]
	count := t.count(n.start)
	if n.last == 0 && count > pageSize {
		var pages []BodyNode
		for first := 0; first < count; first += pageSize {
			last := min(first+pageSize, count)
			pages = append(pages, t.add(treeNode{start: n.start, end: n.end, parent: id, index: -1, first: first, last: last}))
		}
		return pages
	}
	first, last := 0, count
	pos := skipSpace(t.src, n.start+1)
	if n.last > 0 {
		if first, last = n.first, n.last; first > 0 {
			pos = int(t.spans[int32(n.start)].pages[first/pageSize-1])
		}
	}
	children := make([]BodyNode, 0, last-first)
	object := t.src[n.start] == '{'
	for i := first; i < last; i++ {
		child := treeNode{from: pos, parent: id, index: i}
		if object {
			end := stringEnd(t.src, pos)
			child.key, child.index = unquote(t.src[pos:end]), -1
			pos = skipSpace(t.src, skipSpace(t.src, end)+1)
		}
		child.start, child.end = pos, t.valueEnd(pos)
		children = append(children, t.add(child))
		pos = skipSpace(t.src, skipSpace(t.src, child.end)+1)
	}
	return children
}

func (t *BodyTree) add(n treeNode) BodyNode {
	t.nodes = append(t.nodes, n)
	return t.node(len(t.nodes) - 1)
}

// node is a node as it is shown.
func (t *BodyTree) node(id int) BodyNode {
	n := t.nodes[id]
	shown := BodyNode{ID: id, Key: n.key}
	switch {
	case n.last > 0:
		shown.Key, shown.Index = strconv.Itoa(n.first)+" … "+strconv.Itoa(n.last-1), true
		shown.Value, shown.Kind, shown.Branch = "", NodeNote, true
		return shown
	case n.index >= 0:
		shown.Key, shown.Index = strconv.Itoa(n.index), true
	case n.parent >= 0 && n.key == "":
		shown.Key = `""`
	}
	switch c := t.src[n.start]; c {
	case '{', '[':
		count := t.count(n.start)
		shown.Branch, shown.Kind = count > 0, NodeNote
		shown.Value = string(c) + groupDigits(int64(count)) + string(closer(c == '{'))
		if count == 0 {
			shown.Value = string(c) + string(closer(c == '{'))
		}
		return shown
	case '"':
		shown.Kind = NodeString
	case 't', 'f', 'n':
		shown.Kind = NodeLiteral
	default:
		shown.Kind = NodeNumber
	}
	shown.Value = string(t.src[n.start:min(n.end, n.start+maxNodeValue)])
	if n.end-n.start > maxNodeValue {
		shown.Value = strings.ToValidUTF8(shown.Value, "") + "…"
	}
	return shown
}

// Value is a node's value to copy: of a string what it says, of anything else
// its text as it stands in the body. A range has that of the whole array.
func (t *BodyTree) Value(id int) string {
	n := t.nodes[id]
	return valueText(t.src[n.start:n.end])
}

// Path is where a node stands: "new_shipments[0].tracking"; "" for the whole.
func (t *BodyTree) Path(id int) string {
	var steps []pathStep
	for ; id > 0; id = t.nodes[id].parent {
		if n := t.nodes[id]; n.last == 0 {
			steps = append(steps, pathStep{n.key, n.index})
		}
	}
	for i, j := 0, len(steps)-1; i < j; i, j = i+1, j-1 {
		steps[i], steps[j] = steps[j], steps[i]
	}
	return pathText(steps)
}

// count is how many children a value has.
func (t *BodyTree) count(start int) int {
	if span, ok := t.spans[int32(start)]; ok {
		return int(span.count)
	}
	object := t.src[start] == '{'
	if !object && t.src[start] != '[' {
		return 0
	}
	count := 0
	for pos := skipSpace(t.src, start+1); t.src[pos] != closer(object); count++ {
		if object {
			pos = skipSpace(t.src, skipSpace(t.src, stringEnd(t.src, pos))+1)
		}
		if pos = skipSpace(t.src, t.valueEnd(pos)); t.src[pos] == ',' {
			pos = skipSpace(t.src, pos+1)
		}
	}
	return count
}

// valueEnd is where the value at a place ends. The text is known to be JSON.
func (t *BodyTree) valueEnd(pos int) int {
	switch t.src[pos] {
	case '"':
		return stringEnd(t.src, pos)
	case '{', '[':
		depth := 0
		for pos < len(t.src) {
			switch t.src[pos] {
			case '"':
				pos = stringEnd(t.src, pos)
				continue
			case '{', '[':
				if span, ok := t.spans[int32(pos)]; ok {
					if depth == 0 {
						return int(span.end)
					}
					pos = int(span.end)
					continue
				}
				depth++
			case '}', ']':
				if depth--; depth == 0 {
					return pos + 1
				}
			}
			pos++
		}
		return pos
	default:
		for pos < len(t.src) && !strings.ContainsRune(" \t\r\n,]}", rune(t.src[pos])) {
			pos++
		}
		return pos
	}
}

func skipSpace(src []byte, pos int) int {
	for pos < len(src) && (src[pos] == ' ' || src[pos] == '\t' || src[pos] == '\r' || src[pos] == '\n') {
		pos++
	}
	return pos
}

// stringEnd is where the string that starts at a place ends.
func stringEnd(src []byte, pos int) int {
	for pos++; pos < len(src); pos++ {
		i := bytes.IndexAny(src[pos:min(pos+64, len(src))], `"\`)
		if i < 0 {
			pos = min(pos+63, len(src)-1)
			continue
		}
		if pos += i; src[pos] == '"' {
			return pos + 1
		}
		pos++
	}
	return len(src)
}

// unquote is what a JSON string says; one that cannot be read stays as it is.
func unquote(raw []byte) string {
	if bytes.IndexByte(raw, '\\') < 0 && len(raw) >= 2 {
		return string(raw[1 : len(raw)-1])
	}
	var s string
	if json.Unmarshal(raw, &s) != nil {
		return string(raw)
	}
	return s
}

func valueText(raw []byte) string {
	if len(raw) > 0 && raw[0] == '"' {
		return unquote(raw)
	}
	return string(raw)
}
