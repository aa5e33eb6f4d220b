package store

import (
	"strings"
	"time"

	"github.com/mattn/go-sqlite3"

	"hookglass/capture"
)

// The functions of the connections that read. They are Go's own, so that words
// and header fields mean the same here as in memory.
const (
	hasWords  = "hookglass_has_words"
	hasHeader = "hookglass_has_header"
	pathOf    = "hookglass_path"
)

// addFunctions gives a connection what filters call.
func addFunctions(c *sqlite3.SQLiteConn) error {
	for name, function := range map[string]any{
		hasWords: func(body []byte, words string, prefix bool) bool {
			return capture.HasWords(body, strings.Fields(words), prefix)
		},
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

// addFilter adds what a filter asks of exchange e. Of what stands beside each
// other, what reads heads and bodies comes last.
func (c *conditions) addFilter(f capture.Filter, now time.Time) {
	if root := f.Root(); root != nil {
		var b filterSQL
		b.now = now
		b.node(root)
		c.add(b.text.String(), b.args...)
	}
}

// filterSQL writes a filter as a term of a WHERE.
type filterSQL struct {
	text strings.Builder
	args []any
	now  time.Time
}

func (b *filterSQL) write(text string, args ...any) {
	b.text.WriteString(text)
	b.args = append(b.args, args...)
}

func (b *filterSQL) node(n *capture.FilterNode) {
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
		b.write("e.received_at"+sign, t.Moment.From(b.now).UnixNano())
	case capture.TakesHeader:
		value := []byte{}
		if t.Value != nil {
			value = []byte(*t.Value)
		}
		b.write(hasHeader+"(coalesce((SELECT head FROM message WHERE exchange_id = e.id), x''), ?, ?, ?)", []byte(t.Pattern), t.Value != nil, value)
	case capture.TakesWords:
		b.write(hasWords+"(coalesce((SELECT "+bodyOf+" WHERE m.exchange_id = e.id), x''), ?, ?)", strings.Join(t.Words, " "), t.Prefix)
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
	if len(values) == 1 && values[0] == string(capture.ViaReplay) {
		b.write("e.id IN (SELECT id FROM replay)") // spares reading every row
		return
	}
	b.write(column + " IN (" + strings.Repeat(", ?", len(values))[2:] + ")")
	for _, value := range values {
		b.args = append(b.args, value)
	}
}

// searched are the columns that free words are looked for in, those that are
// likely to have them first.
var searched = [...]string{"e.target", "e.summary", "e.order_key", "e.event", "e.provider", "e.method"}

func (b *filterSQL) words(t *capture.Term) {
	for i, column := range searched {
		if i > 0 {
			b.write(" OR ")
		}
		b.write(column+` LIKE ? ESCAPE '\'`, t.Pattern.Like())
	}
}
