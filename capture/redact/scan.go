package redact

// marks are what a text has that a search for a shape begins with.
type marks struct {
	has    uint16
	digits int
	run    int // the longest of letters, digits and +/-_
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
	all['+'], all['-'], all['_'], all['/'] = hasPlus|isToken, isToken, isToken, isToken
	all[':'], all['='], all[' '] = hasColon, hasEquals, hasSpace
	return all
}()

func marksOf(text []byte) (m marks) {
	run := 0
	for _, c := range text {
		class := classes[c]
		m.has |= class
		if class&isToken == 0 {
			m.run = max(m.run, run)
			run = 0
			continue
		}
		run++
		m.digits += int(class & isDigit / isDigit)
	}
	m.run = max(m.run, run)
	return m
}

// scan looks through a text for values, shapes and what is encoded in it.
func (w *walk) scan(text []byte) []edit {
	m := marksOf(text)
	edits := w.known(text, &m)
	edits = w.shapes(edits, text, &m)
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
	if m.run >= shortestBase64 {
		edits = w.base64(edits, text)
	}
	if m.has&(hasPercent|hasBackslash|hasAmpersand) != 0 {
		if w.depth >= maxNested {
			return settle(edits)
		}
		if v, decoded := codingAny.decode(text); decoded && w.spend(len(v.text)) {
			edits = append(edits, v.back(codingAny, text, w.structured(v.text))...)
		}
	}
	return settle(edits)
}

// flat looks for values and shapes and into nothing.
func (w *walk) flat(text []byte) []edit {
	m := marksOf(text)
	edits := w.known(text, &m)
	return settle(w.shapes(edits, text, &m))
}

// known finds the values that were learned.
func (w *walk) known(text []byte, m *marks) []edit {
	if w.matcher == nil || len(w.matcher.list) == 0 {
		return nil
	}
	w.folded = fold(w.folded[:0], text)
	w.hits = w.matcher.find(w.hits[:0], w.folded)
	if m.has&hasPlus != 0 { // a form writes a space so
		for i, c := range w.folded {
			if c == '+' {
				w.folded[i] = ' '
			}
		}
		w.hits = w.matcher.find(w.hits, w.folded)
	}
	var edits []edit
	for _, h := range w.hits {
		edits = append(edits, w.edit(text, h.from, h.to, h.value))
	}
	return edits
}
