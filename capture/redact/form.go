package redact

import "bytes"

// form looks at pairs of names and values, as in a query. query says that it is
// one: there more names are credentials.
func (w *walk) form(text []byte, query bool) []edit {
	var edits []edit
	for at := 0; at <= len(text); {
		end := len(text)
		if n := bytes.IndexByte(text[at:], '&'); n >= 0 {
			end = at + n
		}
		edits = append(edits, shifted(w.pair(text[at:end], query), at)...)
		at = end + 1
	}
	return edits
}

// pair looks at one pair.
func (w *walk) pair(text []byte, query bool) []edit {
	name, value, ok := bytes.Cut(text, []byte("="))
	if !ok {
		return w.coded(text, "", codingForm)
	}
	plain := name
	if v, decoded := codingForm.decode(name); decoded {
		plain = v.text
	}
	info := w.r.named(plain)
	kind := ""
	if query {
		kind = w.places.query[string(bytes.ToLower(plain))]
		if kind == "" && info.query && w.r.profile.Secrets {
			kind = kindSecret
		}
	}
	if kind == "" || kind == kindPersonal {
		inherited := frame{kind: kind, place: w.places.root}
		kind = w.kindOf(&inherited, w.places.root.member(plain), info)
	}
	edits := w.coded(name, "", codingForm)
	found := w.coded(value, kind, codingForm)
	if kind == "" && bytes.IndexByte(value, '+') >= 0 { // some write a plus as it is
		found = w.settle(append(found, w.leaf(value, "")...))
	}
	where := string(plain[:min(len(plain), longestName)])
	edits = append(w.under(edits, where), w.under(shifted(found, len(name)+1), where)...)
	if query && w.r.profile.Secrets && bytes.IndexByte(value, ';') >= 0 { // some separate pairs by it
		edits = w.settle(append(edits, w.under(w.parameters(text), where)...))
	}
	return edits
}

// isForm reports whether a body without a type looks like a form: pairs, and
// nothing that would have been escaped.
func isForm(text []byte) bool {
	head := text[:min(len(text), 256)]
	return bytes.IndexByte(head, '=') > 0 && !bytes.ContainsAny(head, " \t\r\n<>{}\"")
}
