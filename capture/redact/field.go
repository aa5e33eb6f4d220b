package redact

import (
	"bytes"
	"slices"
	"strconv"
	"strings"

	"hookglass/capture"
)

// rewritten are the fields of a header as they were and as they are to be.
type rewritten struct {
	old     capture.Fields
	now     capture.Fields // nil while nothing changed
	gone    []bool         // of now; nil while none is
	changed bool
}

// list are the fields that are left.
func (f *rewritten) list() capture.Fields {
	if !f.changed {
		return f.old
	}
	if f.gone == nil {
		return f.now
	}
	left := make(capture.Fields, 0, len(f.now))
	for i := range f.now {
		if !f.gone[i] {
			left = append(left, f.now[i])
		}
	}
	return left
}

func (f *rewritten) isGone(i int) bool { return f.gone != nil && f.gone[i] }

func (f *rewritten) write() {
	if !f.changed {
		f.now, f.changed = slices.Clone(f.old), true
	}
}

// fields looks at the fields of a header.
func (w *exchangeWalk) fields(where string, fields capture.Fields) rewritten {
	f := rewritten{old: fields}
	for i := range fields {
		name := fields[i].Name
		info := w.r.named([]byte(name))
		if !info.looked(&w.walk) {
			found, budget := w.r.found, w.budget
			edits := w.fieldName([]byte(name))
			info.note(&w.walk, found, budget, edits)
			if now, changed := w.take(where+" name", []byte(name), edits); changed {
				f.write()
				f.now[i].Name = string(now)
			}
		}
		if info.id > 0 && w.clean(fields[i].Value, namedText+info.id) {
			continue
		}
		value := []byte(fields[i].Value)
		edits := w.header(name, value)
		if len(edits) == 0 && !w.over {
			if info.id > 0 {
				w.noteClean(fields[i].Value, namedText+info.id)
			}
			continue
		}
		if now, changed := w.take(where+" "+name, value, edits); changed {
			f.write()
			f.now[i].Value = string(now)
		}
	}
	return f
}

// fieldName looks at the name of a field: what stands in for a value there is a name.
func (w *exchangeWalk) fieldName(name []byte) []edit {
	edits := w.leaf(name, "")
	for i := range edits {
		edits[i].text = strings.Map(func(c rune) rune {
			if c < 0x80 && classes[byte(c)]&(isLetter|isDigit) != 0 || strings.ContainsRune("-._", c) {
				return c
			}
			return '-'
		}, edits[i].text)
	}
	return edits
}

// addressFields hold the addresses of who sent a request, and of proxies.
var addressFields = map[string]bool{
	"x-forwarded-for": true, "x-real-ip": true, "true-client-ip": true, "cf-connecting-ip": true, "x-client-ip": true,
	"fastly-client-ip": true, "x-cluster-client-ip": true, "x-original-forwarded-for": true,
}

// header looks at the value of a field.
func (w *walk) header(name string, value []byte) []edit {
	if len(value) == 0 {
		return nil
	}
	info := w.r.named([]byte(name))
	kind := ""
	if len(w.places.headers) > 0 {
		kind = w.places.headers[info.lower]
	}
	if info.proof && !info.secret && kind == "" { // kept, unless somebody put a credential there
		m := w.marksOf(value)
		return w.settle(w.known(value, &m))
	}
	profile := &w.r.profile
	switch {
	case kind == kindCustom:
	case profile.Secrets && (info.lower == "cookie" || info.lower == "set-cookie"):
		return w.cookies(value, info.lower == "set-cookie")
	case profile.Secrets && info.secret:
		kind = kindSecret
	case kind != "":
	case profile.Personal && addressFields[info.lower]:
		return w.addressList(value)
	}
	edits := w.leaf(value, kind)
	if kind == "" && profile.Secrets && value[0] == '/' { // a link without a host
		if n := bytes.IndexByte(value, '?'); n > 0 {
			edits = w.settle(append(edits, shifted(w.parameters(value[n+1:]), n+1)...))
		}
	}
	return edits
}

// cookies replaces the values of cookies, and keeps names and attributes.
func (w *walk) cookies(value []byte, set bool) []edit {
	var edits []edit
	for at := 0; at < len(value); {
		end := len(value)
		if n := bytes.IndexByte(value[at:], ';'); n >= 0 {
			end = at + n
		}
		if n := bytes.IndexByte(value[at:end], '='); n >= 0 {
			from := at + n + 1
			edits = append(edits, shifted(w.leaf(value[at:at+n], ""), at)...)
			edits = append(edits, shifted(w.leaf(bytes.Trim(value[from:end], `"`), kindSecret), from+leading(value[from:end], '"'))...)
		} else {
			edits = append(edits, shifted(w.leaf(value[at:end], kindSecret), at)...)
		}
		if set { // what follows are attributes
			return append(edits, shifted(w.leaf(value[end:], ""), end)...)
		}
		at = end + 1
	}
	return edits
}

func leading(text []byte, c byte) int {
	n := 0
	for n < len(text) && text[n] == c {
		n++
	}
	return n
}

// addressList replaces each of several addresses.
func (w *walk) addressList(value []byte) []edit {
	var edits []edit
	at := 0
	for part := range bytes.SplitSeq(value, []byte(",")) {
		edits = append(edits, shifted(w.addressOf(part), at)...)
		at += len(part) + 1
	}
	return edits
}

func (w *walk) addressOf(part []byte) []edit {
	text := strings.TrimSpace(string(part))
	if strings.HasPrefix(text, "127.") || text == "::1" || strings.HasPrefix(text, "198.18.") {
		return nil
	}
	return w.leaf(part, kindIP)
}

// follow adjusts the fields that tell of a body that changed.
func (f *rewritten) follow(b *redactedBody, truncated bool, w *exchangeWalk) {
	if !b.changed {
		return
	}
	for i := range f.old {
		name := f.old[i].Name
		switch {
		case b.decoded && strings.EqualFold(name, "Content-Encoding"):
			f.write()
			if f.gone == nil {
				f.gone = make([]bool, len(f.old))
			}
			f.gone[i] = true
			w.note(kindEncoding, "header "+name, f.old[i].Value, "")
		case strings.EqualFold(name, "Content-Length"):
			was, err := strconv.Atoi(strings.TrimSpace(f.old[i].Value))
			if err != nil {
				continue
			}
			now := len(b.bytes)
			if truncated {
				now = max(now, was+len(b.bytes)-b.was)
			}
			if now != was {
				f.write()
				f.now[i].Value = strconv.Itoa(now)
				w.note(kindLength, "header "+name, f.old[i].Value, f.now[i].Value)
			}
		}
	}
}

func (w *exchangeWalk) note(kind, where, before, after string) {
	w.changes = append(w.changes, Change{Exchange: w.exchange, Where: where, Kind: kind, Before: before, After: after})
}

// unsign removes signatures. proof names the field that held the provider's.
func (f *rewritten) unsign(w *exchangeWalk, where, proof string) {
	for i := range f.old {
		name := f.old[i].Name
		info := w.r.named([]byte(name))
		proves := info.proof || strings.EqualFold(name, proof) && !info.secret
		if !proves || f.old[i].Value == signatureRemoved {
			continue
		}
		f.write()
		f.now[i].Value = signatureRemoved
		w.note(kindSignature, where+" "+name, f.old[i].Value, signatureRemoved)
	}
}
