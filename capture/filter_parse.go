package capture

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// What a filter may be at the most: it is typed by a person, or comes with a
// shared file.
const (
	maxFilterText  = 4 << 10
	maxFilterTerms = 64
	maxFilterDepth = 32
)

// ParseFilter reads a filter: terms such as provider:klix and free words, joined
// by and (also by mere space), or, not (also -) and parentheses. An error is a
// *FilterError.
func ParseFilter(text string) (Filter, error) {
	if len(text) > maxFilterText {
		return Filter{}, &FilterError{maxFilterText, len(text), "The filter is too long."}
	}
	tokens, err := filterTokens(text)
	if err != nil {
		return Filter{}, err
	}
	p := filterParser{tokens: tokens, end: len(text)}
	if len(tokens) == 0 {
		return Filter{text: text}, nil
	}
	root, err := p.or(0)
	if err != nil {
		return Filter{}, err
	}
	if t, more := p.peek(); more {
		return Filter{}, &FilterError{t.at, t.end, "This parenthesis closes nothing."}
	}
	return Filter{text: text, root: root}, nil
}

// filterToken is a piece of a filter's text.
type filterToken struct {
	at, end int
	kind    tokenKind
	name    string // of a term: what stands before the colon; "" for words
	value   string
	quoted  bool // value stood in quotation marks
	valueAt int
}

type tokenKind int

const (
	tokenTerm tokenKind = iota
	tokenOpen
	tokenClose
	tokenNot
	tokenAnd
	tokenOr
)

// filterTokens splits the text of a filter.
func filterTokens(text string) ([]filterToken, error) {
	var tokens []filterToken
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case r == utf8.RuneError:
			return nil, &FilterError{i, i + size, "This character cannot be searched for."}
		case r == 0:
			return nil, &FilterError{i, i + 1, "This character cannot be searched for."}
		case unicode.IsSpace(r):
			i += size
		case r == '(':
			tokens = append(tokens, filterToken{at: i, end: i + 1, kind: tokenOpen})
			i++
		case r == ')':
			tokens = append(tokens, filterToken{at: i, end: i + 1, kind: tokenClose})
			i++
		case r == '-' && i+1 < len(text) && !endsWord(text[i+1:]):
			tokens = append(tokens, filterToken{at: i, end: i + 1, kind: tokenNot})
			i++
		default:
			token, err := filterWord(text, i)
			if err != nil {
				return nil, err
			}
			tokens = append(tokens, token)
			i = token.end
		}
	}
	return tokens, nil
}

// endsWord reports whether a word ends where rest begins.
func endsWord(rest string) bool {
	r, _ := utf8.DecodeRuneInString(rest)
	return unicode.IsSpace(r) || r == ')'
}

// filterWord reads a term or a word.
func filterWord(text string, at int) (filterToken, error) {
	t := filterToken{at: at, valueAt: at}
	i := at
	if name := operatorName(text[at:]); name != "" {
		t.name = name
		i += len(name) + 1
		t.valueAt = i
	}
	if i < len(text) && text[i] == '"' {
		value, end, ok := unquoteFilter(text, i)
		if !ok {
			return t, &FilterError{i, len(text), "The quotation mark is not closed."}
		}
		t.value, t.quoted, t.end = value, true, end
		return t, checkCharacters(text, i, end)
	}
	for t.end = i; t.end < len(text); {
		r, size := utf8.DecodeRuneInString(text[t.end:])
		if unicode.IsSpace(r) || r == '(' || r == ')' {
			break
		}
		t.end += size
	}
	t.value = text[i:t.end]
	if t.name == "" {
		switch strings.ToLower(t.value) {
		case "and":
			t.kind = tokenAnd
		case "or":
			t.kind = tokenOr
		case "not":
			t.kind = tokenNot
		}
	}
	return t, checkCharacters(text, i, t.end)
}

// checkCharacters refuses what SQLite's comparison takes for something else.
func checkCharacters(text string, from, to int) error {
	for i, r := range text[from:to] {
		if r == utf8.RuneError || r == 0 {
			return &FilterError{from + i, from + i + 1, "This character cannot be searched for."}
		}
	}
	return nil
}

// operatorName returns what stands before the colon where a text begins with a
// name and a colon; "" where it does not, as in a URL or a time.
func operatorName(text string) string {
	for i := range len(text) {
		c := text[i]
		switch {
		case c == ':' && i > 0 && !strings.HasPrefix(text[i:], "://"):
			return text[:i]
		case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z':
		default:
			return ""
		}
	}
	return ""
}

// unquoteFilter reads what stands in quotation marks from at on. A backslash
// takes the meaning of the character after it.
func unquoteFilter(text string, at int) (value string, end int, ok bool) {
	var b strings.Builder
	for i := at + 1; i < len(text); i++ {
		switch text[i] {
		case '"':
			return b.String(), i + 1, true
		case '\\':
			if i++; i == len(text) {
				return "", 0, false
			}
		}
		b.WriteByte(text[i])
	}
	return "", 0, false
}

// filterParser makes a tree of tokens, by recursive descent.
type filterParser struct {
	tokens []filterToken
	next   int
	end    int // of the text
	terms  int
}

func (p *filterParser) peek() (filterToken, bool) {
	if p.next == len(p.tokens) {
		return filterToken{}, false
	}
	return p.tokens[p.next], true
}

func (p *filterParser) or(depth int) (*FilterNode, error) {
	return p.joined(tokenOr, FilterOr, depth, p.and)
}

// and reads what stands beside each other, with and or with mere space between.
func (p *filterParser) and(depth int) (*FilterNode, error) {
	return p.joined(tokenAnd, FilterAnd, depth, p.not)
}

// joined reads one or more parts. Those of an and need no word between them.
func (p *filterParser) joined(word tokenKind, kind FilterKind, depth int, part func(int) (*FilterNode, error)) (*FilterNode, error) {
	var parts []*FilterNode
	for {
		n, err := part(depth)
		if err != nil {
			return nil, err
		}
		parts = append(parts, n)
		t, more := p.peek()
		switch {
		case more && t.kind == word:
			p.next++
		case more && word == tokenAnd && t.kind != tokenOr && t.kind != tokenClose:
		case len(parts) == 1:
			return parts[0], nil
		default:
			return &FilterNode{Kind: kind, Parts: parts, at: parts[0].at, end: parts[len(parts)-1].end}, nil
		}
	}
}

func (p *filterParser) not(depth int) (*FilterNode, error) {
	t, more := p.peek()
	if depth > maxFilterDepth {
		return nil, &FilterError{t.at, t.end, "This is nested too deeply."}
	}
	switch {
	case !more:
		return nil, &FilterError{p.end, p.end, "Something is missing here."}
	case t.kind == tokenNot:
		p.next++
		n, err := p.not(depth + 1)
		if err != nil {
			return nil, err
		}
		return &FilterNode{Kind: FilterNot, Parts: []*FilterNode{n}, at: t.at, end: n.end}, nil
	case t.kind == tokenOpen:
		p.next++
		n, err := p.or(depth + 1)
		if err != nil {
			return nil, err
		}
		closing, more := p.peek()
		if !more || closing.kind != tokenClose {
			return nil, &FilterError{t.at, t.end, "This parenthesis is not closed."}
		}
		p.next++
		n.at, n.end = t.at, closing.end
		return n, nil
	case t.kind == tokenTerm:
		p.next++
		if p.terms++; p.terms > maxFilterTerms {
			return nil, &FilterError{t.at, t.end, "The filter has too many terms."}
		}
		term, err := newTerm(&t)
		if err != nil {
			return nil, err
		}
		return &FilterNode{Kind: FilterIs, Term: term, at: t.at, end: t.end}, nil
	}
	return nil, &FilterError{t.at, t.end, "A term is missing before this."}
}
