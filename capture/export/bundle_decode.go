package export

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Lines that Hookglass wrote have their members in one order and no spaces. They are
// read here, in a third of the time of encoding/json, which reads all that this does
// not take: what is read here is read in the same way there.

// lineParser reads the members of JSON objects in the order in which a lineWriter
// writes them.
type lineParser struct {
	text string
	at   int
	odd  bool // it is not as a lineWriter writes it
}

// parseLine reads a line. It is not ok where encoding/json has to read it, and then
// l holds something.
func parseLine(line []byte, l *bundleLine) (ok bool) {
	if !utf8.Valid(line) {
		return false
	}
	p := lineParser{text: string(line)} // strings without escapes are parts of it
	p.byte('{')
	p.string("uid", &l.UID)
	p.truth("latin1", &l.Latin1)
	p.number("session", &l.Session)
	p.string("via", &l.Via)
	p.string("state", &l.State)
	p.string("endpoint", &l.Endpoint)
	p.string("base", &l.Base)
	p.string("origin", &l.Origin)
	p.truth("pinned", &l.Pinned)
	p.string("mark", &l.Mark)
	p.string("note", &l.Note)
	p.truth("redacted", &l.Redacted)
	p.string("mac", &l.Mac)
	p.string("error", &l.Error)
	p.object("request", func() { p.request(&l.Request) })
	p.object("response", func() {
		l.Response = &lineResponse{}
		p.response(l.Response)
	})
	p.object("annotation", func() { p.annotation(&l.Annotation) })
	p.byte('}')
	return !p.odd && p.at == len(p.text)
}

func (p *lineParser) byte(c byte) {
	if p.at < len(p.text) && p.text[p.at] == c {
		p.at++
		return
	}
	p.odd = true
}

// member reports whether the member of a name is next, and goes to its value.
func (p *lineParser) member(name string) bool {
	rest := p.text[p.at:]
	comma := 0
	if p.at > 0 && p.text[p.at-1] != '{' {
		if rest == "" || rest[0] != ',' {
			return false
		}
		comma = 1
	}
	rest = rest[comma:]
	if len(rest) < len(name)+3 || rest[0] != '"' || rest[1:len(name)+1] != name || rest[len(name)+1:len(name)+3] != `":` {
		return false
	}
	p.at += comma + len(name) + 3
	return !p.odd
}

func (p *lineParser) object(name string, members func()) {
	if p.member(name) {
		p.byte('{')
		members()
		p.byte('}')
	}
}

func (p *lineParser) string(name string, to *string) {
	if p.member(name) {
		*to = p.quoted()
	}
}

func (p *lineParser) truth(name string, to *bool) {
	if !p.member(name) {
		return
	}
	if *to = strings.HasPrefix(p.text[p.at:], "true"); !*to {
		p.odd = true
		return
	}
	p.at += len("true")
}

func (p *lineParser) number(name string, to *int64) {
	if !p.member(name) {
		return
	}
	from := p.at
	if p.at < len(p.text) && p.text[p.at] == '-' {
		p.at++
	}
	digits := p.at
	for p.at < len(p.text) && p.text[p.at] >= '0' && p.text[p.at] <= '9' {
		p.at++
	}
	n, err := strconv.ParseInt(p.text[from:p.at], 10, 64)
	if *to = n; err != nil || p.text[digits] == '0' && p.at > digits+1 { // JSON has no zeros in front
		p.odd = true
	}
}

func (p *lineParser) int(name string, to *int) {
	n := int64(*to)
	p.number(name, &n)
	if *to = int(n); int64(*to) != n {
		p.odd = true
	}
}

func (p *lineParser) time(name string, to *time.Time) {
	if !p.member(name) {
		return
	}
	from := p.at
	p.quoted()
	if p.odd || to.UnmarshalJSON([]byte(p.text[from:p.at])) != nil {
		p.odd = true
	}
}

func (p *lineParser) pairs(name string, to *[][2]string) {
	if !p.member(name) {
		return
	}
	p.byte('[')
	for {
		var pair [2]string
		p.byte('[')
		pair[0] = p.quoted()
		p.byte(',')
		pair[1] = p.quoted()
		p.byte(']')
		if p.odd {
			return
		}
		*to = append(*to, pair)
		if p.at < len(p.text) && p.text[p.at] == ',' {
			p.at++
			continue
		}
		p.byte(']')
		return
	}
}

func (p *lineParser) body(b *lineBody) {
	p.string("body", &b.Text)
	p.string("body_base64", &b.Base64)
	p.string("body_file", &b.File)
}

func (p *lineParser) request(r *lineRequest) {
	p.time("received", &r.Received)
	p.string("remote", &r.Remote)
	p.string("source", &r.Source)
	p.string("method", &r.Method)
	p.string("target", &r.Target)
	p.string("proto", &r.Proto)
	p.string("host", &r.Host)
	p.truth("exact", &r.Exact)
	p.pairs("header", &r.Header)
	if p.member("head") {
		head := p.quoted()
		r.Head = &head
	}
	p.string("head_base64", &r.HeadBytes)
	p.pairs("trailers", &r.Trailers)
	p.truth("truncated", &r.Truncated)
	p.body(&r.lineBody)
}

func (p *lineParser) response(r *lineResponse) {
	p.int("status", &r.Status)
	p.pairs("header", &r.Header)
	p.string("by", &r.By)
	p.string("preset", &r.Preset)
	p.string("rule", &r.RuleName)
	p.time("answered", &r.Answered)
	p.number("took_ns", &r.Took)
	p.body(&r.lineBody)
}

func (p *lineParser) annotation(a *lineAnnotation) {
	p.string("provider", &a.Provider)
	p.string("event", &a.Event)
	p.string("summary", &a.Summary)
	p.string("order", &a.Order)
	p.string("delivery", &a.Delivery)
	p.int("attempt", &a.Attempt)
	p.string("at_arrival", &a.AtArrival)
	p.object("verification", func() { p.proof(&a.Proof) })
}

func (p *lineParser) proof(v *lineVerification) {
	p.string("status", &v.Status)
	p.string("scheme", &v.Scheme)
	p.string("header", &v.Header)
	p.string("signed", &v.Signed)
	p.string("key", &v.Key)
	p.string("expected", &v.Expected)
	p.string("received", &v.Received)
	p.string("reason", &v.Reason)
	if !p.member("checks") {
		return
	}
	p.byte('[')
	for !p.odd {
		var c lineCheck
		p.byte('{')
		p.string("proof", &c.Proof)
		p.string("status", &c.Status)
		p.string("reason", &c.Reason)
		p.byte('}')
		v.Checks = append(v.Checks, c)
		if p.at < len(p.text) && p.text[p.at] == ',' {
			p.at++
			continue
		}
		p.byte(']')
		return
	}
}

// quoted reads a string. Half a character of UTF-16 is left to encoding/json.
func (p *lineParser) quoted() string {
	if p.byte('"'); p.odd {
		return ""
	}
	rest := p.text[p.at:]
	end := 0
	for end < len(rest) && rest[end] >= ' ' && rest[end] != '"' && rest[end] != '\\' {
		end++
	}
	if end < len(rest) && rest[end] == '"' {
		p.at += end + 1
		return rest[:end]
	}
	return p.escaped(rest, end)
}

// escaped reads the rest of a string that has an escape at end.
func (p *lineParser) escaped(rest string, end int) string {
	var b strings.Builder
	b.Grow(closing(rest))
	done := 0
	for end < len(rest) && rest[end] >= ' ' {
		switch rest[end] {
		default:
			end++
			continue
		case '"':
			p.at += end + 1
			b.WriteString(rest[done:end])
			return b.String()
		case '\\':
		}
		b.WriteString(rest[done:end])
		if end+1 == len(rest) {
			break
		}
		end += 2
		switch c := rest[end-1]; c {
		case '"', '\\', '/':
			b.WriteByte(c)
		case 'b':
			b.WriteByte('\b')
		case 'f':
			b.WriteByte('\f')
		case 'n':
			b.WriteByte('\n')
		case 'r':
			b.WriteByte('\r')
		case 't':
			b.WriteByte('\t')
		case 'u':
			unit, err := strconv.ParseUint(rest[end:min(len(rest), end+4)], 16, 16)
			if err != nil || end+4 > len(rest) || unit >= 0xd800 && unit < 0xe000 {
				p.odd = true
				return ""
			}
			b.WriteRune(rune(unit))
			end += 4
		default:
			p.odd = true
			return ""
		}
		done = end
	}
	p.odd = true
	return ""
}

// closing is about where a string ends: at a quote with no backslash before it.
func closing(rest string) int {
	for at := 0; ; {
		n := strings.IndexByte(rest[at:], '"')
		if n < 0 {
			return 0
		}
		if at += n + 1; n == 0 || rest[at-2] != '\\' {
			return at
		}
	}
}
