package redact

import "bytes"

// marks are what a text has that a search for a shape begins with.
type marks struct {
	has    uint16
	digits int // of who looks for personal data, as far as they count
	from   int // where the first long run of letters, digits and +/-_ begins
	to     int // where the last one ends; 0 where none is as long as base64 is
	runs   int
}

const (
	hasAt = 1 << iota
	hasPercent
	hasBackslash
	hasAmpersand
	hasPlus
	hasColon
	hasEquals
	hasHigh
	hasSpace
	isToken
	isDigit
	isLetter
	hasDot
	hasJoint // - or _
)

// classes says what each byte is.
var classes = func() (all [256]uint16) {
	for c := range all {
		switch {
		case c >= '0' && c <= '9':
			all[c] = isToken | isDigit
		case c|0x20 >= 'a' && c|0x20 <= 'z' && c < 0x80:
			all[c] = isToken | isLetter
		case c >= 0x80:
			all[c] = hasHigh
		}
	}
	all['@'], all['%'], all['\\'], all['&'] = hasAt, hasPercent, hasBackslash, hasAmpersand
	all['+'], all['-'], all['_'], all['/'], all['.'] = hasPlus|isToken, isToken|hasJoint, isToken|hasJoint, isToken, hasDot
	all[':'], all['='], all[' '] = hasColon, hasEquals, hasSpace
	return all
}()

// marksOf goes through a text once.
func (w *walk) marksOf(text []byte) (m marks) {
	has := uint16(0)
	from := 0 // of the run
	for i, c := range text {
		class := classes[c]
		has |= class
		if class&isToken != 0 {
			continue
		}
		if i-from >= shortestBase64 {
			m.run(from, i)
		}
		from = i + 1
	}
	if len(text)-from >= shortestBase64 {
		m.run(from, len(text))
	}
	if m.has = has; has&isDigit != 0 && w.r.profile.Personal {
		for _, c := range text {
			if m.digits += int(classes[c] & isDigit / isDigit); m.digits >= shortestCard {
				break
			}
		}
	}
	return m
}

// run notes a long run.
func (m *marks) run(from, to int) {
	if m.to == 0 {
		m.from = from
	}
	m.to = to
	m.runs++
}

// scan looks through a text for values, shapes and what is encoded in it.
func (w *walk) scan(text []byte) []edit {
	m := w.marksOf(text)
	return w.scanMarked(text, &m)
}

// shaped are the marks that a search for some shape begins with.
const shaped = hasAt | hasPercent | hasBackslash | hasAmpersand | hasPlus | hasColon | hasEquals | hasSpace

// scanMarked is scan of a text that was gone through.
func (w *walk) scanMarked(text []byte, m *marks) []edit {
	edits := w.known(text, m)
	if m.has&shaped == 0 && m.to == 0 && m.digits < 4 && len(w.r.patterns) == 0 {
		return w.settle(edits)
	}
	edits = w.shapes(edits, text, m)
	for _, re := range w.r.patterns {
		for _, at := range re.FindAllSubmatchIndex(text, -1) {
			from, to := at[0], at[1]
			if len(at) > 3 && at[2] >= 0 { // the first group is what is meant
				from, to = at[2], at[3]
			}
			if to > from {
				edits = w.replace(edits, text, from, to, kindCustom)
			}
		}
	}
	if m.to > 0 {
		edits = w.base64(edits, text, m)
	}
	if m.has&(hasPercent|hasBackslash|hasAmpersand) != 0 {
		v, decoded := codingAny.decode(text)
		switch {
		case !decoded || !w.spend(len(v.text)):
		case w.depth >= maxNested:
			edits = append(edits, w.remove(text, tooDeep)...)
		default:
			edits = append(edits, v.back(codingAny, text, w.structured(v.text))...)
			edits = w.formText(edits, text, m)
		}
	}
	return w.settle(edits)
}

// formText looks at a text that may be a part of a form, where a plus is a space and
// %2B is a plus.
func (w *walk) formText(edits []edit, text []byte, m *marks) []edit {
	if m.has&(hasPlus|hasPercent) != hasPlus|hasPercent {
		return edits
	}
	if v, decoded := codingForm.decode(text); decoded && w.spend(len(v.text)) {
		w.depth++
		edits = append(edits, v.back(codingForm, text, w.scan(v.text))...)
		w.depth--
	}
	return edits
}

// flat looks for values and shapes and into nothing.
func (w *walk) flat(text []byte) []edit {
	m := w.marksOf(text)
	edits := w.known(text, &m)
	return w.settle(w.shapes(edits, text, &m))
}

// known finds the values that were learned.
func (w *walk) known(text []byte, m *marks) []edit {
	if w.matcher == nil || w.matcher.count == 0 {
		return nil
	}
	w.find(text, m.has&hasPlus != 0)
	n := len(w.edits)
	for i := range w.hits {
		h := &w.hits[i]
		w.edits = append(w.edits, w.edit(text, h.from, h.to, &h.value))
	}
	if n == len(w.edits) {
		return nil
	}
	return w.edits[n:len(w.edits):len(w.edits)]
}

// find leaves the values that stand in a text in the hits. plus says that there is
// one in it.
func (w *walk) find(text []byte, plus bool) {
	w.folded = fold(w.folded[:0], text)
	w.hits = w.matcher.find(w.hits[:0], text, w.folded)
	if plus { // a form writes a space so
		w.plus = append(w.plus[:0], w.folded...)
		for i := bytes.IndexByte(w.plus, '+'); i < len(w.plus); i++ {
			if w.plus[i] == '+' {
				w.plus[i] = ' '
			}
		}
		w.hits = w.matcher.find(w.hits, text, w.plus)
	}
}

// holdsKnown reports whether a value that was learned stands in a text as it is.
func (w *walk) holdsKnown(text []byte) bool {
	if w.matcher.count == 0 {
		return false
	}
	w.find(text, bytes.IndexByte(text, '+') >= 0)
	return len(w.hits) > 0
}
