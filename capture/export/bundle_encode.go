package export

import (
	"strconv"
	"time"
	"unicode/utf8"
)

// Most lines have the same few parts and hold text. They are written here, byte for
// byte as encoding/json would, in a fifth of its time.

// lineWriter writes the members of JSON objects.
type lineWriter struct {
	to  []byte
	bad bool // something cannot be written here
}

// appendLine appends a line with its end. It is not ok where a text is not UTF-8, or
// where the line has what few have: then encoding/json has to write it.
func appendLine(to []byte, l *bundleLine) (line []byte, ok bool) {
	if l.Latin1 || l.Sent != nil {
		return to, false
	}
	w := lineWriter{to: append(to, '{')}
	w.must("uid", l.UID)
	w.number("session", l.Session)
	w.must("via", l.Via)
	w.must("state", l.State)
	w.text("endpoint", l.Endpoint)
	w.text("base", l.Base)
	w.text("origin", l.Origin)
	w.truth("pinned", l.Pinned)
	w.text("mark", l.Mark)
	w.text("note", l.Note)
	w.truth("redacted", l.Redacted)
	w.text("mac", l.Mac)
	w.text("error", l.Error)
	w.request(&l.Request)
	if l.Response != nil {
		w.response(l.Response)
	}
	w.annotation(&l.Annotation)
	w.end()
	return append(w.to, '\n'), !w.bad
}

// name begins a member.
func (w *lineWriter) name(name string) {
	if w.to[len(w.to)-1] != '{' {
		w.to = append(w.to, ',')
	}
	w.to = append(append(append(w.to, '"'), name...), '"', ':')
}

// open begins a member that is an object.
func (w *lineWriter) open(name string) {
	w.name(name)
	w.to = append(w.to, '{')
}

func (w *lineWriter) end() { w.to = append(w.to, '}') }

func (w *lineWriter) text(name, text string) {
	if text != "" {
		w.must(name, text)
	}
}

// must writes a text that may be empty.
func (w *lineWriter) must(name, text string) {
	w.name(name)
	w.quote(text)
}

func (w *lineWriter) number(name string, n int64) {
	if n != 0 {
		w.name(name)
		w.to = strconv.AppendInt(w.to, n, 10)
	}
}

func (w *lineWriter) truth(name string, yes bool) {
	if yes {
		w.name(name)
		w.to = append(w.to, "true"...)
	}
}

func (w *lineWriter) time(name string, t time.Time) {
	if t.IsZero() {
		return
	}
	w.name(name)
	if y := t.Year(); y < 0 || y > 9999 || t.Location() != time.UTC {
		w.bad = true
		return
	}
	w.to = append(t.AppendFormat(append(w.to, '"'), time.RFC3339Nano), '"')
}

func (w *lineWriter) pairs(name string, list [][2]string) {
	if len(list) == 0 {
		return
	}
	w.name(name)
	for i := range list {
		between := byte(',')
		if i == 0 {
			between = '['
		}
		w.to = append(w.to, between, '[')
		w.quote(list[i][0])
		w.to = append(w.to, ',')
		w.quote(list[i][1])
		w.to = append(w.to, ']')
	}
	w.to = append(w.to, ']')
}

func (w *lineWriter) body(b *lineBody) {
	w.text("body", b.Text)
	w.text("body_base64", b.Base64)
	w.text("body_file", b.File)
}

func (w *lineWriter) request(r *lineRequest) {
	w.open("request")
	w.time("received", r.Received)
	w.text("remote", r.Remote)
	w.text("source", r.Source)
	w.must("method", r.Method)
	w.must("target", r.Target)
	w.must("proto", r.Proto)
	w.text("host", r.Host)
	w.truth("exact", r.Exact)
	w.pairs("header", r.Header)
	if r.Head != nil {
		w.must("head", *r.Head)
	}
	w.text("head_base64", r.HeadBytes)
	w.pairs("trailers", r.Trailers)
	w.truth("truncated", r.Truncated)
	w.body(&r.lineBody)
	w.end()
}

func (w *lineWriter) response(r *lineResponse) {
	w.open("response")
	w.name("status")
	w.to = strconv.AppendInt(w.to, int64(r.Status), 10)
	w.pairs("header", r.Header)
	w.text("by", r.By)
	w.text("preset", r.Preset)
	w.text("rule", r.RuleName)
	w.time("answered", r.Answered)
	w.number("took_ns", r.Took)
	w.body(&r.lineBody)
	w.end()
}

func (w *lineWriter) annotation(a *lineAnnotation) {
	before := w.to
	w.open("annotation")
	opened := len(w.to)
	w.text("provider", a.Provider)
	w.text("event", a.Event)
	w.text("summary", a.Summary)
	w.text("order", a.Order)
	w.text("delivery", a.Delivery)
	w.number("attempt", int64(a.Attempt))
	w.text("at_arrival", a.AtArrival)
	w.proof(&a.Proof)
	w.endFilled(before, opened)
}

// endFilled ends an object where something is in it, and otherwise takes it back.
func (w *lineWriter) endFilled(before []byte, opened int) {
	if len(w.to) == opened {
		w.to = before
		return
	}
	w.end()
}

func (w *lineWriter) proof(v *lineVerification) {
	before := w.to
	w.open("verification")
	opened := len(w.to)
	w.text("status", v.Status)
	w.text("scheme", v.Scheme)
	w.text("header", v.Header)
	w.text("signed", v.Signed)
	w.text("key", v.Key)
	w.text("expected", v.Expected)
	w.text("received", v.Received)
	w.text("reason", v.Reason)
	if len(v.Checks) > 0 {
		w.name("checks")
		for i := range v.Checks {
			between := byte(',')
			if i == 0 {
				between = '['
			}
			w.to = append(w.to, between, '{')
			w.text("proof", v.Checks[i].Proof)
			w.text("status", v.Checks[i].Status)
			w.text("reason", v.Checks[i].Reason)
			w.end()
		}
		w.to = append(w.to, ']')
	}
	w.endFilled(before, opened)
}

// unescaped are the bytes that a string of JSON holds as they are.
var unescaped = func() (all [256]bool) {
	for c := byte(' '); c < utf8.RuneSelf; c++ {
		all[c] = c != '"' && c != '\\'
	}
	return all
}()

// quote writes a string.
func (w *lineWriter) quote(text string) {
	to := append(w.to, '"')
	done := 0
	for i := 0; i < len(text); {
		c := text[i]
		if unescaped[c] {
			i++
			continue
		}
		if c >= utf8.RuneSelf {
			r, n := utf8.DecodeRuneInString(text[i:])
			if r == utf8.RuneError && n == 1 {
				w.bad = true
				return
			}
			if i += n; r == '\u2028' || r == '\u2029' { // no line ends in JavaScript
				to = append(append(to, text[done:i-n]...), `\u202`...)
				to = append(to, "0123456789abcdef"[r&0xf])
				done = i
			}
			continue
		}
		to = append(to, text[done:i]...)
		switch c {
		case '"', '\\':
			to = append(to, '\\', c)
		case '\b':
			to = append(to, '\\', 'b')
		case '\f':
			to = append(to, '\\', 'f')
		case '\n':
			to = append(to, '\\', 'n')
		case '\r':
			to = append(to, '\\', 'r')
		case '\t':
			to = append(to, '\\', 't')
		default:
			to = append(to, `\u00`...)
			to = append(to, "0123456789abcdef"[c>>4], "0123456789abcdef"[c&0xf])
		}
		i++
		done = i
	}
	w.to = append(append(to, text[done:]...), '"')
}
