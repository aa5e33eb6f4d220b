package capture

import (
	"fmt"
	"strings"
)

// Words tells in plain words what the filter means, so that a person sees how it
// was understood.
func (f Filter) Words() string {
	if f.root == nil {
		return "everything"
	}
	return f.root.words(false)
}

// words tells a node; inner ones with parts are put into parentheses.
func (n *FilterNode) words(inner bool) string {
	switch n.Kind {
	case FilterIs:
		return n.Term.words()
	case FilterNot:
		return "not (" + n.Parts[0].words(false) + ")"
	case FilterAnd, FilterOr:
	}
	word := " and "
	if n.Kind == FilterOr {
		word = " or "
	}
	parts := make([]string, len(n.Parts))
	for i, part := range n.Parts {
		parts[i] = part.words(true)
	}
	text := strings.Join(parts, word)
	if inner {
		return "(" + text + ")"
	}
	return text
}

func (t *Term) words() string {
	switch {
	case t.Op == nil && len(t.Words) > 0:
		return "it has " + t.wordsWords()
	case t.Op == nil:
		return fmt.Sprintf("%q occurs in path, event, summary, order, provider or method", Visible(t.Pattern.inner()))
	case t.Op.Takes == TakesWords && len(t.Words) == 0:
		return "it has a note"
	}
	if t.Op.Takes == TakesText {
		return strings.Replace(t.Op.says, "is %", Visible(t.Pattern.words()), 1)
	}
	return strings.Replace(t.Op.says, "%", Visible(t.valueWords()), 1)
}

func (t *Term) valueWords() string {
	switch t.Op.Takes {
	case TakesChoice:
		if word := proofWords[t.Text]; word != "" && t.Op.Name == "verified" {
			return word
		}
		return strings.ReplaceAll(strings.ToLower(t.Text), "_", " ")
	case TakesStatus:
		if t.High == 0 {
			return "none"
		}
		return t.Text
	case TakesMoment:
		return t.momentWords()
	case TakesHeader:
		if t.Value == nil {
			return t.Pattern.String()
		}
		return t.Pattern.String() + " whose value " + t.Value.words()
	case TakesWords:
		return t.wordsWords()
	case TakesText, TakesNumber, TakesSize, TakesSpan, TakesNothing:
	}
	for sign, word := range map[string]string{">=": "at least ", "<=": "at most ", ">": "more than ", "<": "less than "} {
		if rest, ok := strings.CutPrefix(t.Text, sign); ok && (len(sign) == 2 || !strings.HasPrefix(rest, "=")) {
			return word + rest
		}
	}
	return t.Text
}

func (t *Term) wordsWords() string {
	text := strings.Join(t.Words, " ")
	if t.Prefix {
		text += "…"
	}
	return fmt.Sprintf("%q", text)
}

// inner is a pattern as it is written, without the stars around it.
func (p Pattern) inner() string { return Pattern(strings.Trim(string(p), "*")).String() }

// words tells what a text must be: "is klix", "begins with purchase.".
func (p Pattern) words() string {
	plain, exact := p.Plain()
	switch {
	case p == "":
		return "is unknown"
	case exact:
		return "is " + plain
	}
	inner := strings.Trim(string(p), "*")
	switch {
	case inner == "":
		return "is anything"
	case strings.Contains(inner, "*"):
		return "is like " + p.String()
	case strings.HasPrefix(string(p), "*") && strings.HasSuffix(string(p), "*"):
		return "has " + Pattern(inner).String() + " in it"
	case strings.HasPrefix(string(p), "*"):
		return "ends with " + Pattern(inner).String()
	}
	return "begins with " + Pattern(inner).String()
}

func (t *Term) momentWords() string {
	m := t.Moment
	switch {
	case m.At.IsZero() && !m.Daily && t.Op.Name == "before":
		return strings.TrimPrefix(t.Text, "-") + " ago"
	case m.At.IsZero() && !m.Daily:
		return "in the last " + strings.TrimPrefix(t.Text, "-")
	case t.Op.Name == "before":
		return t.Text
	case m.Daily && m.Clock == 0:
		return "since " + t.Text
	}
	return "at " + t.Text + " or later"
}

// proofWords tell the values of verified that stand for several verdicts.
var proofWords = map[string]string{"yes": "good", "no": "missing or not good", "failed": "wrong"}
