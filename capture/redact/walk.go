package redact

import (
	"bytes"
)

// walk goes through one exchange or text.
type walk struct {
	r        *Redactor
	learning bool
	telling  bool // of changes with all that there is to say
	exchange int64
	places   *places
	matcher  *matcher // nil while learning
	depth    int      // of texts inside texts
	budget   int      // bytes that may yet be decoded
	over     bool     // there was more: what was looked at is not known
	cut      bool     // something was removed as there was more: another exchange may have room for it
	*room
}

const (
	maxNested   = 12       // texts inside texts; what is deeper is looked at as it stands, or removed
	smallBudget = 32 << 20 // bytes decoded of one exchange, and some times its size
	budgetTimes = 6
)

// spend takes decoded bytes from the budget.
func (w *walk) spend(n int) bool {
	w.budget -= n
	if w.budget < 0 {
		w.over = true
	}
	return !w.over
}

// tooDeep is why a text is removed that would have to be read and is inside too many.
const tooDeep = "a text inside too many others"

// replaceAll is the edit that replaces the whole of a text.
func (w *walk) replaceAll(text []byte, kind string) []edit {
	from, to := 0, len(text)
	for from < to && isSpace(text[from]) {
		from++
	}
	for to > from && isSpace(text[to-1]) {
		to--
	}
	return w.replace(nil, text, from, to, kind)
}

// replace appends the edit that replaces text[from:to]; while learning it remembers
// the value.
func (w *walk) replace(edits []edit, text []byte, from, to int, kind string) []edit {
	v := w.r.learn(text[from:to], kind)
	if w.learning || v.number == 0 {
		return edits
	}
	e := w.edit(text, from, to, &v)
	if edits == nil {
		return w.single(e)
	}
	return append(edits, e)
}

// single is one edit, in the room until edits are made.
func (r *room) single(e edit) []edit {
	n := len(r.edits)
	r.edits = append(r.edits, e)
	return r.edits[n : n+1 : n+1]
}

func (w *walk) edit(text []byte, from, to int, v *value) edit {
	after := v.after()
	return edit{from: from, to: to, text: after, told: w.tell(v.kind, text[from:to], after)}
}

// longestNeeded is how long a text is that is needed even where nobody asks what was
// replaced: shorter ones are looked for in what was derived from them.
const longestNeeded = 20

// tell notes what is replaced.
func (w *walk) tell(kind string, before []byte, after string) span {
	c := Change{Exchange: w.exchange, Kind: kind, After: after}
	if w.telling || len(before) <= longestNeeded {
		c.Before = string(before)
	}
	w.told = append(w.told, c)
	return span{len(w.told) - 1, 1}
}

// remove is the edit for what could not be looked through.
func (w *walk) remove(text []byte, why string) []edit {
	w.r.found++
	if w.learning || len(text) == 0 {
		return nil
	}
	after := "removed: " + why
	return []edit{{to: len(text), text: after, told: w.tell(kindRemoved, []byte(why), after)}}
}

// coded looks at a text that is written in a coding.
func (w *walk) coded(text []byte, kind string, c coding) []edit {
	return w.through(text, c, func(plain []byte) []edit { return w.leaf(plain, kind) })
}

// through looks at a text as it reads once it is decoded.
func (w *walk) through(text []byte, c coding, look func(plain []byte) []edit) []edit {
	v, decoded := c.decode(text)
	if !decoded {
		edits := look(text)
		for i := range edits {
			e := &edits[i]
			e.text = c.encode(e.text, text[e.from:e.to])
		}
		return edits
	}
	if !w.spend(len(v.text)) {
		return nil
	}
	return v.back(c, text, look(v.text))
}

// leaf looks at a text that stands by itself: a value of a header, of JSON, of a
// form. kind is what the whole of it is, "" where that is not known.
func (w *walk) leaf(text []byte, kind string) []edit {
	if len(text) == 0 {
		return nil
	}
	if kind == kindSecret {
		if edits := w.credential(text); edits != nil || w.learning {
			return edits
		}
	}
	if kind != "" {
		if w.learning { // what it is made of can stand elsewhere by itself
			w.replaceAll(text, kind)
			w.parts(text, kind)
			w.structured(text)
			return nil
		}
		return w.replaceAll(text, kind)
	}
	return w.structured(text)
}

// structured looks at a text of which only its own form is known.
func (w *walk) structured(text []byte) []edit {
	if len(text) < gram && len(w.r.patterns) == 0 {
		return nil
	}
	if w.depth >= maxNested {
		return w.scan(text)
	}
	w.depth++
	defer func() { w.depth-- }()
	if !structures[text[0]] {
		return w.scan(text)
	}
	switch text[0] {
	case '{', '[':
		return w.json(text)
	case '<':
		return w.xml(text)
	case ' ', '\t', '\r', '\n', 0xEF:
		rest := bytes.TrimLeft(text, " \t\r\n\uFEFF")
		if len(rest) > 0 && (rest[0] == '{' || rest[0] == '[') {
			return shifted(w.json(rest), len(text)-len(rest))
		}
		if len(rest) > 0 && rest[0] == '<' {
			return shifted(w.xml(rest), len(text)-len(rest))
		}
	}
	return w.scan(text)
}

// parts learns from a person's name the surname, which others write alone, and from
// a phone's number its digits.
func (w *walk) parts(text []byte, kind string) {
	if kind == kindPhone {
		if text = bytes.TrimSpace(text); len(text) > 0 && text[0] == '+' {
			var room [longestCard + 1]byte
			if digits, _ := grouped(&room, text, 1, longestPhone, " -.()/"); len(digits) >= shortestPhone {
				w.plainPhone(digits)
			}
		}
	}
	if kind != kindName {
		return
	}
	words := bytes.Fields(text)
	if len(words) < 2 || len(words) > 4 {
		return
	}
	last := words[len(words)-1]
	if len([]rune(string(last))) >= shortestAnywhere && last[0] >= 'A' && (last[0] <= 'Z' || last[0] >= 0x80) {
		w.r.learn(last, kindName)
	}
}

// credential replaces a value of a credential's place and keeps its scheme: "Basic
// dXNlcjpwYXNz" stays that of a user and a password.
func (w *walk) credential(text []byte) []edit {
	from := bytes.IndexByte(text, ' ')
	if from > 0 && isScheme(text[:from]) {
		rest := from + 1
		if bytes.EqualFold(text[:from], []byte("basic")) {
			if edits := w.basic(text, rest, len(text)); edits != nil || w.learning {
				return edits
			}
		}
		if w.learning {
			w.claims(text[rest:])
			w.unescaped(text[rest:])
		}
		return shifted(w.replaceAll(text[rest:], kindSecret), rest)
	}
	if w.learning {
		w.claims(text)
		w.unescaped(text)
		w.structured(text)
	}
	return w.replaceAll(text, kindSecret)
}

// unescaped learns a credential as it reads without the escapes that a cookie or a
// query may need: elsewhere it has others, or none.
func (w *walk) unescaped(text []byte) {
	if !bytes.ContainsAny(text, `%\&`) {
		return
	}
	if v, decoded := codingAny.decode(text); decoded && w.spend(len(v.text)) {
		w.r.learn(v.text, kindSecret)
	}
}

// isScheme reports whether a word is one of those that begin an Authorization.
func isScheme(word []byte) bool {
	switch string(bytes.ToLower(word)) {
	case "basic", "bearer", "token", "digest", "apikey", "hmac", "negotiate", "ntlm", "key", "oauth", "hawk":
		return true
	}
	return false
}

// basic replaces user and password of text[from:to], which are in base64.
func (w *walk) basic(text []byte, from, to int) []edit {
	encoding := base64Of(bytes.TrimSpace(text[from:to]))
	if encoding == nil {
		return nil
	}
	plain := encoding.decoded
	user, password, ok := bytes.Cut(plain, []byte(":"))
	if !ok {
		return nil
	}
	w.r.learn(text[from:to], kindSecret)
	var told span
	half := func(text []byte, kind string) string {
		v := w.r.learn(text, kind)
		if v.number == 0 || w.learning {
			return string(text)
		}
		after := v.after()
		told = w.join(told, w.tell(v.kind, text, after))
		return after
	}
	after := half(user, kindUser) + ":" + half(password, kindSecret)
	if w.learning || after == string(plain) {
		return nil
	}
	return []edit{{from: from, to: to, text: encoding.encode([]byte(after)), told: told}}
}

// claims learns what a token says.
func (w *walk) claims(token []byte) {
	for part := range bytes.SplitSeq(bytes.TrimSpace(token), []byte(".")) {
		if e := base64Of(part); e != nil && w.depth < maxNested {
			w.content(e.decoded, anyMedia)
		}
	}
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }
