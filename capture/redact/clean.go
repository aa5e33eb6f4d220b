package redact

import "hash/maphash"

// Most texts of callbacks are those of the callback before: a media type, a host, an
// event. What was looked at and holds nothing is not looked at again.

// longestClean is the longest text that is remembered.
const longestClean = 256

// cleanText is a text in which nothing was found.
type cleanText struct {
	text    string
	name    *nameInfo // that it stood under; nil for none
	places  *places
	version uint32 // of the matcher, 0 while learning
}

// cleanTexts remembers the last of them.
type cleanTexts struct {
	seed  maphash.Seed
	slots [256]cleanText
}

func (c *cleanTexts) slot(text string) *cleanText {
	return &c.slots[maphash.String(c.seed, text)%uint64(len(c.slots))]
}

// clean reports whether a text was looked at in the same way, and nothing found.
func (w *walk) clean(text string, name *nameInfo) bool {
	return len(text) <= longestClean && *w.r.clean.slot(text) == w.cleanText(text, name)
}

// noteClean remembers that nothing was found in a text.
func (w *walk) noteClean(text string, name *nameInfo) {
	if len(text) <= longestClean && !w.over {
		*w.r.clean.slot(text) = w.cleanText(text, name)
	}
}

func (w *walk) cleanText(text string, name *nameInfo) cleanText {
	c := cleanText{text: text, name: name, places: w.places}
	if !w.learning {
		c.version = w.r.version
	}
	return c
}
