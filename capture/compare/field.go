package compare

import (
	"bytes"
	"net/url"
	"strings"

	"hookglass/capture"
)

// field is a name with its value: of a header, a query, a form.
type field struct {
	name   string // as it is compared
	text   string // as it is shown
	value  string // as it is compared
	raw    string // as it stands
	path   string
	secret string // what text masks, "" for nothing
}

// fieldRow is a field of either side, nil where it has none.
type fieldRow struct{ a, b *field }

// compareFields compares fields by their names, the nth of a name with the nth. It
// returns whether they are in the same order, and how many say the same in another
// writing.
func compareFields(s *Section, a, b []field) (ordered bool, otherwise int) {
	pairs, ordered := match(len(a), len(b), func(i int) string { return a[i].name }, func(j int) string { return b[j].name })
	var list []fieldRow
	merge(pairs, len(b), func(i, j int) {
		var row fieldRow
		kind := Same
		switch {
		case j < 0:
			row.a, kind = &a[i], Removed
		case i < 0:
			row.b, kind = &b[j], Added
		default:
			row.a, row.b = &a[i], &b[j]
			if row.a.value != row.b.value {
				kind = Changed
			} else if row.a.raw != row.b.raw {
				otherwise++
			}
		}
		s.rows.add(kind, 1)
		list = append(list, row)
	})
	s.rows.draw = func(row int, whole bool) Line {
		r := list[row]
		var l Line
		if r.b != nil {
			l.B, l.Path = r.b.text, r.b.path
		}
		if r.a != nil {
			l.A, l.Path = r.a.text, r.a.path
		}
		if r.a != nil && r.b != nil && r.a.secret != "" && r.b.secret != "" {
			l.Note = secretNote(r.a.secret, r.b.secret)
		}
		if !whole {
			l.clip()
		}
		return l
	}
	return ordered, otherwise
}

// hide masks the value, which stands behind front.
func (f *field) hide(front, value string) {
	if value != "" {
		f.text, f.secret = front+masked, value
	}
}

// headerFields are those of a header that are compared, and the names of those that
// are left out.
func headerFields(header capture.Fields, place string, out func(name string) bool, secret map[string]bool) (fields []field, left []string) {
	for _, f := range header {
		if out(f.Name) {
			left = append(left, f.Name)
			continue
		}
		name, text := strings.ToLower(f.Name), f.Name+": "+f.Value
		line := field{name: name, value: f.Value, raw: text, text: text, path: place + " " + f.Name}
		if secret["header "+name] {
			line.hide(f.Name+": ", f.Value)
		}
		fields = append(fields, line)
	}
	return fields, left
}

// parameterFields are the parameters of a query, or of a form where mark is "".
func parameterFields(text, mark string, o *Options) []field {
	if text == "" {
		return nil
	}
	var fields []field
	secrets := o.places()
	for raw := range strings.SplitSeq(text, "&") {
		name, value, has := strings.Cut(raw, "=")
		plain := decoded(name)
		f := field{name: plain, value: "\x00none", raw: raw, text: mark + visible(name), path: mark + plain} // "a" is not "a="
		if has {
			front := f.text + "="
			f.value, f.text = decoded(value), front+visible(value)
			if secrets[strings.ToLower(mark+plain)] || o.hideParameter(raw) {
				f.hide(front, value)
			}
		}
		fields = append(fields, f)
	}
	return fields
}

// decoded is percent-encoded text as it is meant, or as it stands where it is
// broken.
func decoded(text string) string {
	if plain, err := url.QueryUnescape(text); err == nil {
		return plain
	}
	return text
}

// visible is decoded text where that says the same without ambiguity.
func visible(text string) string {
	plain := decoded(text)
	if strings.ContainsAny(plain, "&=%+") {
		return text
	}
	return plain
}

const maxForm = 1 << 20 // bytes of a form that is compared by its fields

// isForm reports whether a body reads as a form.
func isForm(body []byte) bool {
	return len(body) <= maxForm && bytes.IndexByte(body, '\n') < 0
}
