package store

import (
	"fmt"
	"strings"
	"time"

	"github.com/mattn/go-sqlite3"

	"hookglass/capture"
)

// The functions of the connections that read. They are Go's own, so that words
// and header fields mean the same here as in memory.
const (
	hasWords  = "hookglass_has_words"
	hasText   = "hookglass_has_text"
	hasBody   = "hookglass_has_body"
	hasHeader = "hookglass_has_header"
	pathOf    = "hookglass_path"
)

// addFunctions gives a connection what filters call.
func addFunctions(c *sqlite3.SQLiteConn) error {
	for name, function := range map[string]any{
		hasWords: func(body []byte, words string, prefix bool) bool {
			return capture.HasWords(body, strings.Fields(words), prefix)
		},
		hasBody: func(head, body []byte, words string, prefix bool) bool {
			return capture.HasBody(headerOf(head), body, strings.Fields(words), prefix)
		},
		hasText: hasTextOf,
		hasHeader: func(head []byte, name []byte, valued bool, value []byte) bool {
			if !valued {
				return capture.HasField(headerOf(head), capture.Pattern(name), nil)
			}
			pattern := capture.Pattern(value)
			return capture.HasField(headerOf(head), capture.Pattern(name), &pattern)
		},
		pathOf: func(target string) string {
			path, _ := capture.SplitTarget(target)
			return path
		},
	} {
		if err := c.RegisterFunc(name, function, true); err != nil {
			return err
		}
	}
	return nil
}

// hasTextOf is capture.HasText on columns.
func hasTextOf(target, method, provider, event, summary, order, delivery, note string, head, body []byte, words string, prefix bool) bool {
	x := capture.Exchange{
		Note:       note,
		Request:    capture.Request{Target: target, Method: method, Header: headerOf(head), Body: body},
		Annotation: capture.Annotation{Provider: provider, Event: event, Summary: summary, Order: order, Delivery: delivery},
	}
	return capture.HasText(&x, strings.Fields(words), prefix)
}

// addFilter adds what a filter asks of exchange e, without the parts that are sure
// to be met. Of what stands beside each other, what reads heads and bodies comes
// last.
func (c *conditions) addFilter(f capture.Filter, now time.Time, sure map[*capture.FilterNode]bool) {
	if root := f.Root(); root != nil {
		b := filterSQL{now: now, sure: sure}
		b.node(root)
		c.add(b.text.String(), b.args...)
	}
}

// filterSQL writes a filter as a term of a WHERE.
type filterSQL struct {
	text strings.Builder
	args []any
	now  time.Time
	sure map[*capture.FilterNode]bool // parts that are met
}

func (b *filterSQL) write(text string, args ...any) {
	b.text.WriteString(text)
	b.args = append(b.args, args...)
}

func (b *filterSQL) node(n *capture.FilterNode) {
	if b.sure[n] {
		b.write("1")
		return
	}
	switch n.Kind {
	case capture.FilterIs:
		b.term(n.Term)
	case capture.FilterNot:
		b.write("NOT (")
		b.node(n.Parts[0])
		b.write(")")
	case capture.FilterAnd:
		b.parts(cheapFirst(n.Parts), " AND ")
	case capture.FilterOr:
		b.parts(cheapFirst(n.Parts), " OR ")
	}
}

func (b *filterSQL) parts(parts []*capture.FilterNode, word string) {
	for i, part := range parts {
		if i > 0 {
			b.write(word)
		}
		b.write("(")
		b.node(part)
		b.write(")")
	}
}

// cheapFirst puts parts that need heads or bodies behind the others.
func cheapFirst(parts []*capture.FilterNode) []*capture.FilterNode {
	var cheap, dear []*capture.FilterNode
	for _, part := range parts {
		if part.NeedsMessage() {
			dear = append(dear, part)
		} else {
			cheap = append(cheap, part)
		}
	}
	return append(cheap, dear...)
}

// columns are the operators that ask for one column. The test compares the table
// of operators with them.
var columns = map[string]string{
	"provider": "e.provider", "event": "e.event", "order": "e.order_key", "delivery": "e.delivery",
	"attempt": "e.attempt", "verified": "e.status", "status": "e.answer_status", "by": "e.answer_by",
	"state": "e.state", "via": "e.via", "method": "e.method", "endpoint": "e.endpoint", "from": "e.source",
	"size": "e.size", "took": "e.took", "truncated": "e.truncated",
	"path": "CASE WHEN e.target NOT LIKE '/%' THEN " + pathOf + "(e.target) WHEN instr(e.target, '?') = 0 THEN e.target ELSE substr(e.target, 1, instr(e.target, '?') - 1) END",
}

func (b *filterSQL) term(t *capture.Term) {
	if t.Op == nil {
		b.words(t)
		return
	}
	column := columns[t.Op.Name]
	switch t.Op.Takes {
	case capture.TakesText:
		b.pattern(column, t.Pattern)
	case capture.TakesChoice:
		b.choice(column, t.Choices)
	case capture.TakesNumber, capture.TakesSize, capture.TakesSpan, capture.TakesStatus:
		b.write(column+" BETWEEN ? AND ?", t.Low, t.High)
	case capture.TakesMoment:
		sign := " >= ?"
		if t.Op.Name == "before" {
			sign = " < ?"
		}
		b.write("e.received_at"+sign, unixNano(t.Moment.From(b.now)))
	case capture.TakesHeader:
		value := []byte{}
		if t.Value != nil {
			value = []byte(*t.Value)
		}
		b.write(hasHeader+"("+headOf+", ?, ?, ?)", []byte(t.Pattern), t.Value != nil, value)
	case capture.TakesWords:
		words := strings.Join(t.Words, " ")
		if t.Op.Name == "note" {
			b.write("e.id IN (SELECT id FROM remark WHERE note <> '' AND "+hasWords+"(CAST(note AS BLOB), ?, ?))", words, t.Prefix)
			return
		}
		b.write(hasBody+"("+headOf+", "+ownBody+", ?, ?)", words, t.Prefix)
	case capture.TakesNothing:
		if column == "" { // pinned: the table spares reading every row
			b.write("e.id IN (SELECT id FROM spared) AND e.pinned = 1")
			return
		}
		b.write(column + " = 1")
	}
}

func (b *filterSQL) pattern(column string, p capture.Pattern) {
	if plain, exact := p.Plain(); exact && column == "e.provider" { // always lower case
		b.write(column+" = ?", strings.ToLower(plain))
		return
	}
	b.write(column+` LIKE ? ESCAPE '\'`, p.Like())
}

func (b *filterSQL) choice(column string, values []string) {
	if column == "" { // mark: only few have one
		not := ""
		if len(values) == 1 && values[0] == "" {
			not, values = "NOT ", capture.FindOperator("mark").Choose("any")
		}
		b.write("e.id " + not + "IN (SELECT id FROM remark WHERE mark")
		b.oneOf(values)
		b.write(")")
		return
	}
	if len(values) == 1 && values[0] == string(capture.ViaReplay) {
		b.write("e.id IN (SELECT id FROM replay)") // spares reading every row
		return
	}
	b.write(column)
	b.oneOf(values)
}

// oneOf goes on with what one of some values must be.
func (b *filterSQL) oneOf(values []string) {
	b.write(" IN (" + strings.Repeat(", ?", len(values))[2:] + ")")
	for _, value := range values {
		b.args = append(b.args, value)
	}
}

// searched are the columns that patterns without an operator are looked for in, those that are
// likely to have them first.
var searched = [...]string{"e.target", "e.summary", "e.order_key", "e.event", "e.provider", "e.method"}

// The message of exchange e, as the functions take it.
const (
	headOf = "coalesce((SELECT head FROM message WHERE exchange_id = e.id), x'')"
	noteOf = "coalesce((SELECT note FROM remark WHERE id = e.id), '')"
)

var (
	// ownBody is what is searched of the body, whose it may be: a large one is not
	// handed over for its beginning.
	ownBody = fmt.Sprintf(`coalesce((SELECT substr(coalesce(m.body, o.body, b.data), 1, %d) FROM message m
		LEFT JOIN message o ON o.exchange_id = nullif(m.body_of, 0) LEFT JOIN body b ON b.id = nullif(m.body_of, 0)
		WHERE m.exchange_id = e.id), x'')`, capture.SearchedBody)
	textOf = "e.target, e.method, e.provider, e.event, e.summary, e.order_key, e.delivery, " + noteOf + ", " + headOf + ", " + ownBody
)

func (b *filterSQL) words(t *capture.Term) {
	if len(t.Words) > 0 {
		b.write(hasText+"("+textOf+", ?, ?)", strings.Join(t.Words, " "), t.Prefix)
		return
	}
	for i, column := range searched {
		if i > 0 {
			b.write(" OR ")
		}
		b.write(column+` LIKE ? ESCAPE '\'`, t.Pattern.Like())
	}
}
