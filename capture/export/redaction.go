package export

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Words says in sentences how a share was redacted.
func (r Redaction) Words() string {
	text := ""
	switch r.Profile {
	case "", "none":
		return "Nothing was redacted: secrets and personal data stand in it as they came."
	case "secrets":
		text = "Redacted: secrets were replaced by placeholders. Personal data stand in it as they came."
	case "personal":
		text = "Redacted: secrets and personal data were replaced by placeholders."
	default:
		text = "Redacted with a profile of the sharer's own."
	}
	if len(r.Rules) > 0 {
		text += " Also looked for: " + strings.Join(r.Rules, ", ") + "."
	}
	return text + " The same value has the same placeholder everywhere."
}

// Counts says how many values were replaced: "secret 12, phone 3"; "" for none.
func (r Redaction) Counts() string {
	kinds := slices.SortedFunc(maps.Keys(r.Replaced), func(a, b string) int {
		return cmp.Or(cmp.Compare(r.Replaced[b], r.Replaced[a]), strings.Compare(a, b))
	})
	for i, kind := range kinds {
		kinds[i] = fmt.Sprintf("%s %d", kind, r.Replaced[kind])
	}
	return strings.Join(kinds, ", ")
}
