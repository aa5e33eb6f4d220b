package export

import "errors"

// What JSON may hold beside each other, counted by its commas: a value of three bytes
// in a file becomes one of hundreds in memory.
const (
	maxLineValues  = 100_000 // of a line of a bundle
	maxEntryValues = 1 << 20 // of an entry of a HAR: a form has each parameter in it
	maxHeadValues  = 200_000 // of what a file says of itself, and of its rules
	maxFileRules   = 10_000
)

var errCrowded = errors.New("it has too many values")

// crowded reports whether JSON has more than most commas outside its strings. What
// is shorter than a MiB is not looked at.
func crowded(text []byte, most int) bool {
	const harmless = 1 << 20
	if len(text) < harmless {
		return false
	}
	quoted, escaped := false, false
	for _, c := range text {
		switch {
		case escaped:
			escaped = false
		case c == '\\':
			escaped = quoted
		case c == '"':
			quoted = !quoted
		case c == ',' && !quoted:
			if most--; most < 0 {
				return true
			}
		}
	}
	return false
}
