package capture

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Completion says what can stand where somebody types in a filter.
type Completion struct {
	From, To  int         // the bytes that are replaced
	Operators []*Operator // those whose name can stand there; a colon follows, but for flags
	Operator  *Operator   // nil, or whose value is wanted; then there are no Operators
	Prefix    string      // what there is up to the cursor, without quotation marks
}

// Complete says what can stand at a byte of a filter's text, which need not be
// one that can be parsed.
func Complete(text string, at int) Completion {
	at = min(max(at, 0), len(text))
	for i := 0; i < len(text) && i <= at; {
		r, size := utf8.DecodeRuneInString(text[i:])
		if unicode.IsSpace(r) || r == '(' || r == ')' || r == '-' && i+1 < len(text) && !endsWord(text[i+1:]) {
			i += size
			continue
		}
		word := wordAt(text, i)
		if at > word.end {
			i = max(word.end, i+size)
			continue
		}
		if at < i {
			break
		}
		return word.complete(text, at)
	}
	return Completion{From: at, To: at, Operators: operatorsLike("")}
}

// wordAt reads the term that begins at a byte, also one that is not finished.
func wordAt(text string, at int) filterToken {
	t, err := filterWord(text, at)
	if err != nil {
		t = filterToken{at: at, valueAt: at, name: operatorName(text[at:]), quoted: strings.Contains(text[at:], `"`)}
		if t.name != "" {
			t.valueAt += len(t.name) + 1
		}
		t.end = len(text)
		t.value = strings.TrimPrefix(text[t.valueAt:], `"`)
	}
	return t
}

func (t *filterToken) complete(text string, at int) Completion {
	if t.name == "" || at < t.valueAt {
		to := t.end
		if t.name != "" {
			to = t.at + len(t.name)
		}
		c := Completion{From: t.at, To: to, Prefix: text[t.at:at]}
		if !strings.HasPrefix(c.Prefix, `"`) {
			c.Operators = operatorsLike(c.Prefix)
		}
		c.Prefix = strings.TrimPrefix(c.Prefix, `"`)
		return c
	}
	c := Completion{From: t.valueAt, To: t.end, Operator: FindOperator(t.name), Prefix: text[t.valueAt:at]}
	if strings.HasPrefix(c.Prefix, `"`) {
		if value, _, closed := unquoteFilter(c.Prefix+`"`, 0); closed {
			c.Prefix = value
		}
	}
	return c
}

// operatorsLike are the operators whose names begin so.
func operatorsLike(prefix string) []*Operator {
	var like []*Operator
	for i := range Operators {
		if name := Operators[i].Name; len(prefix) <= len(name) && strings.EqualFold(name[:len(prefix)], prefix) {
			like = append(like, &Operators[i])
		}
	}
	return like
}
