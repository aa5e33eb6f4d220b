package compare

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"hookglass/capture"
)

// payload is the body of a request or an answer.
type payload struct {
	bytes  []byte
	header capture.Fields
	cut    bool // only a part was kept

	side string
	kind string // media type, in lower case
}

// maxBody bounds what a body decodes to.
const maxBody = 64 << 20

// compareBodies compares two bodies as what both are.
func compareBodies(ctx context.Context, a, b payload, o *Options) (Section, error) {
	s := Section{Title: "Body", Form: FormText, SameBytes: bytes.Equal(a.bytes, b.bytes)}
	a.side, b.side = "first", "second"
	for _, p := range []*payload{&a, &b} {
		p.kind = mediaType(p.header.Value("Content-Type"))
		if p.cut {
			s.Notes = append(s.Notes, fmt.Sprintf("of the %s only %d bytes were kept", p.side, len(p.bytes)))
		}
		p.decode(&s)
	}
	err := compareDecoded(ctx, &s, &a, &b, o)
	if err != nil {
		return s, err
	}
	s.finish(o.context())
	if s.Equal && !s.SameBytes {
		s.Notes = append(s.Notes, "what both say is the same, but not byte for byte: a signature over the body differs")
	}
	if s.Coarse {
		s.Notes = append(s.Notes, "they differ in so much that parts may count as different that are not")
	}
	return s, nil
}

// decode takes the content encodings off.
func (p *payload) decode(s *Section) {
	encodings := p.header.All("Content-Encoding")
	if len(encodings) == 0 || len(p.bytes) == 0 {
		return
	}
	decoded, err := capture.DecodeBody(encodings, p.bytes, maxBody)
	if err != nil {
		s.Notes = append(s.Notes, fmt.Sprintf("the %s is compared as it was sent: %v", p.side, err))
		return
	}
	if !bytes.Equal(decoded, p.bytes) {
		s.Notes = append(s.Notes, fmt.Sprintf("the %s is compared without its %s", p.side, strings.Join(encodings, ", ")))
	}
	p.bytes = decoded
}

// mediaType is the type of a Content-Type, without parameters.
func mediaType(value string) string {
	kind, _, _ := strings.Cut(value, ";")
	return strings.ToLower(strings.TrimSpace(kind))
}

// compareDecoded chooses the form that both have.
func compareDecoded(ctx context.Context, s *Section, a, b *payload, o *Options) error {
	if len(a.bytes)+len(b.bytes) == 0 {
		return nil
	}
	if len(a.bytes) > maxBody || len(b.bytes) > maxBody {
		s.Form = FormHex
		s.Notes = append(s.Notes, "compared byte by byte, as they are too large for more")
		compareHex(s, a.bytes, b.bytes)
		return ctx.Err()
	}
	done, err := compareAsJSON(ctx, s, a, b, o)
	if done || err != nil {
		return err
	}
	const form = "application/x-www-form-urlencoded"
	if both(a, b, func(p *payload) bool { return p.kind == form && isForm(p.bytes) }) {
		s.Form = FormFields
		ordered, otherwise := compareFields(s, parameterFields(string(a.bytes), "", o), parameterFields(string(b.bytes), "", o))
		if !ordered {
			s.Notes = append(s.Notes, "the fields stand in another order")
		}
		if otherwise > 0 {
			s.Notes = append(s.Notes, "fields are encoded otherwise and say the same")
		}
		return nil
	}
	if a.binary() || b.binary() {
		s.Form = FormHex
		compareHex(s, a.bytes, b.bytes)
		return ctx.Err()
	}
	if both(a, b, (*payload).looksXML) {
		first, errA := indentXML(ctx, a.bytes)
		second, errB := indentXML(ctx, b.bytes)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if errA == nil && errB == nil {
			s.Form = FormXML
			return compareText(ctx, s, first, second, o.secretNames())
		}
	}
	return compareText(ctx, s, a.bytes, b.bytes, o.secretNames())
}

// both reports whether something holds for each side that is not empty.
func both(a, b *payload, holds func(*payload) bool) bool {
	return (len(a.bytes) == 0 || holds(a)) && (len(b.bytes) == 0 || holds(b))
}

// compareAsJSON compares two bodies as JSON, where they are.
func compareAsJSON(ctx context.Context, s *Section, a, b *payload, o *Options) (done bool, err error) {
	if !both(a, b, (*payload).looksJSON) {
		return false, nil
	}
	var trees [2]*tree
	for i, p := range []*payload{a, b} {
		if len(p.bytes) == 0 {
			continue
		}
		trees[i], err = readJSON(ctx, bytes.TrimPrefix(p.bytes, byteOrderMark))
		switch {
		case ctx.Err() != nil:
			return false, ctx.Err()
		case err != nil:
			s.Notes = append(s.Notes, fmt.Sprintf("compared as text, as the %s is not read as JSON: %v", p.side, err))
			return false, nil
		}
	}
	s.Form = FormJSON
	return true, compareJSON(ctx, s, trees[0], trees[1], o)
}

var byteOrderMark = []byte("\ufeff")

// looksJSON reports whether a body claims to be JSON, or begins like it.
func (p *payload) looksJSON() bool {
	text := bytes.TrimLeft(bytes.TrimPrefix(p.bytes, byteOrderMark), " \t\r\n")
	return strings.HasSuffix(p.kind, "json") || len(text) > 0 && (text[0] == '{' || text[0] == '[')
}

func (p *payload) looksXML() bool {
	text := bytes.TrimLeft(bytes.TrimPrefix(p.bytes, byteOrderMark), " \t\r\n")
	return len(text) > 0 && text[0] == '<' && !strings.HasSuffix(p.kind, "html")
}

// binary reports whether a body is no text: it has a NUL, or is not UTF-8 and does
// not claim to be text.
func (p *payload) binary() bool {
	const looked = 64 << 10
	head := p.bytes[:min(len(p.bytes), looked)]
	if bytes.IndexByte(head, 0) >= 0 {
		return true
	}
	if strings.HasPrefix(p.kind, "text/") {
		return false
	}
	for end := len(head); end > len(head)-utf8.UTFMax && end > 0; end-- { // the last character may be cut
		if utf8.Valid(head[:end]) {
			return false
		}
		if len(head) == len(p.bytes) {
			break
		}
	}
	return len(head) > 0
}
