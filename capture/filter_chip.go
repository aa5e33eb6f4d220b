package capture

import (
	"slices"
	"strings"
)

// Chip is a part of a filter that can be shown and taken away by itself.
type Chip struct {
	From, To int    // bytes of the filter's text
	Text     string // they
	Words    string // what it means, as Filter.Words
}

// Chips are the parts that must all be met: one for a filter whose parts are
// alternatives, none for one that matches everything.
func (f Filter) Chips() []Chip {
	if f.root == nil {
		return nil
	}
	parts := []*FilterNode{f.root}
	if f.root.Kind == FilterAnd {
		parts = f.root.Parts
	}
	chips := make([]Chip, len(parts))
	for i, part := range parts {
		chips[i] = Chip{part.at, part.end, f.text[part.at:part.end], part.words(len(parts) > 1)}
	}
	return chips
}

// Without returns the text of the filter without one of its Chips.
func (f Filter) Without(chip int) string { return joinChips(slices.Delete(f.Chips(), chip, chip+1)) }

func joinChips(chips []Chip) string {
	texts := make([]string, len(chips))
	for i := range chips {
		texts[i] = chips[i].Text
	}
	return strings.Join(texts, " ")
}

// With returns the text of the filter with one part more that must be met, such
// as FilterTerm makes; where it is there already, as it was.
func (f Filter) With(term string) string {
	chips := f.Chips()
	if slices.ContainsFunc(chips, func(c Chip) bool { return c.Text == term }) {
		return f.text
	}
	text := joinChips(chips)
	if f.root != nil && f.root.Kind == FilterOr {
		text = "(" + text + ")"
	}
	return strings.TrimSpace(text + " " + term)
}

// FilterTerm writes what asks an operator for exactly a value, in quotation marks
// where that needs them. ok is false where the language cannot say it.
func FilterTerm(operator, value string) (text string, ok bool) {
	op := FindOperator(operator)
	if op == nil || op.Takes == TakesNothing {
		return "", false
	}
	if op.Name == "provider" && value == "" {
		value = "unknown"
	}
	quoted := `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(value) + `"`
	for _, written := range [...]string{value, quoted} {
		text = op.Name + ":" + written
		f, err := ParseFilter(text)
		if err != nil || f.root == nil || f.root.Term == nil || f.root.Term.Text != value {
			continue
		}
		if plain, exact := f.root.Term.Pattern.Plain(); op.Takes != TakesText || exact && (plain == value || value == "unknown") {
			return text, true
		}
	}
	return "", false
}
