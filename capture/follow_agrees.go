package capture

import (
	"bytes"
	"net/http"
	"strings"
)

// agrees reports whether a raw head is the one that net/http made r of: the same
// request line, and the same fields but for what net/http takes out of the map,
// makes one, or adds. It allocates nothing for a usual head.
func agrees(raw []byte, r *http.Request) bool {
	from, to, next := lineAt(raw, 0)
	if !isRequestLine(raw[from:to], r) {
		return false
	}
	var seen tally
	if bytes.Count(raw[next:], newline) > len(seen.few) {
		seen.many = map[string]int{}
	}
	var buf [64]byte
	chunked := len(r.TransferEncoding) > 0
	count, hasLength, hasCacheControl := 0, false, false
	for at := next; ; {
		f, end, err := fieldAt(raw, at, at == next)
		if err != nil {
			return false
		}
		if f.none {
			break
		}
		at = end
		name, value := raw[f.name:f.nameEnd], f.of(raw)
		key := appendCanonical(buf[:0], name)
		switch string(key) {
		case "Host": // that of an absolute target wins
			if r.URL.Host == "" && string(value) != r.Host {
				return false
			}
			continue
		case "Transfer-Encoding":
			continue
		case "Trailer":
			if chunked {
				continue
			}
		case "Content-Length": // net/http has made equal ones one, and framingOf too
			if chunked || hasLength {
				continue
			}
			hasLength = true
			if v := r.Header["Content-Length"]; len(v) != 1 || strings.TrimSpace(v[0]) != string(bytes.TrimSpace(value)) {
				return false
			}
			count++
			continue
		case "Cache-Control":
			hasCacheControl = true
		}
		values, nth := r.Header[string(key)], seen.add(name, key)
		if nth >= len(values) || string(value) != values[nth] {
			return false
		}
		count++
	}
	if !hasCacheControl && r.Header["Cache-Control"] != nil && r.Header.Get("Pragma") == "no-cache" {
		count++ // net/http translates HTTP/1.0's Pragma
	}
	for _, values := range r.Header {
		count -= len(values)
	}
	return count == 0
}

func isRequestLine(line []byte, r *http.Request) bool {
	method, rest, _ := bytes.Cut(line, []byte{' '})
	target, proto, _ := bytes.Cut(rest, []byte{' '})
	return string(method) == r.Method && string(target) == r.RequestURI && string(proto) == r.Proto
}

// appendCanonical appends a field name as net/http writes it: capitals at the
// beginning and behind each hyphen. net/http refuses names for which that is
// not all.
func appendCanonical(b, name []byte) []byte {
	capital := true
	for _, c := range name {
		switch {
		case capital && 'a' <= c && c <= 'z':
			c -= 'a' - 'A'
		case !capital && 'A' <= c && c <= 'Z':
			c += 'a' - 'A'
		}
		capital = c == '-'
		b = append(b, c)
	}
	return b
}

// tally counts field names: few in an array, many in a map, so that a head of
// nothing but fields does not cost the square of their number.
type tally struct {
	few  [32][]byte
	n    int
	many map[string]int
}

// add counts a name, given as it stands and canonical, and says how often it was
// seen before.
func (t *tally) add(name, key []byte) int {
	if t.many != nil {
		before := t.many[string(key)]
		t.many[string(key)] = before + 1
		return before
	}
	before := 0
	for _, other := range t.few[:t.n] {
		if len(other) == len(name) && bytes.EqualFold(other, name) {
			before++
		}
	}
	t.few[t.n] = name
	t.n++
	return before
}
