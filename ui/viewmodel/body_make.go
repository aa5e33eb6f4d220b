package viewmodel

import (
	"bytes"
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"

	"hookglass/capture"
)

// maxDecoded is how large a body may become when its encoding is taken off.
const maxDecoded = 64 << 20

// bodyMade is a body made ready to be shown. Once made it does not change.
type bodyMade struct {
	sent    []byte // as it came
	decoded []byte // without its Content-Encoding
	coding  string // that was taken off: "gzip"; "" for none
	kind    bodyKind
	said    bodyKind // what its type says
	media   media
	invalid int // the first byte that is no UTF-8; -1 for none

	raw    *BodyText
	pretty *BodyText // nil where it is no better than raw, or not made yet
	json   bool      // valid, so that it has a tree
	spans  map[int32]jsonSpan
	wrong  *textError // why there is no pretty text

	finished bool
	notes    []BodyNote
}

// lookAtBody takes off the encoding and sees what it is. It does not block, but
// takes a while for large bodies.
func lookAtBody(r *capture.Request) *bodyMade {
	m := &bodyMade{sent: r.Body, decoded: r.Body, invalid: -1, media: readMedia(r.Header.Value("Content-Type"))}
	if r.Truncated {
		m.note(Warn, "The body is cut: "+byteCount(int64(len(r.Body)))+" are kept, and more was sent or announced.", -1)
	}
	encodings := r.Header.All("Content-Encoding")
	decoded, err := capture.DecodeBody(encodings, r.Body, max(maxDecoded, len(r.Body)))
	switch coding := codingsOf(encodings); {
	case err != nil:
		m.note(Bad, "It is shown as it came, still encoded: "+err.Error()+".", -1)
	case coding != "":
		m.decoded, m.coding = decoded, coding
	}
	seen := false
	m.kind, m.said, seen = kindOf(m.media, m.decoded)
	if m.coding == "" && err != nil {
		m.kind, seen = kindBinary, false
	}
	m.raw = newBodyText(m.decoded, m.kind.syntax())
	if m.kind != kindBinary {
		m.invalid = invalidAt(m.decoded)
	}
	switch {
	case m.kind == kindBinary && m.said != kindBinary && err == nil:
		m.note(Secondary, "Its bytes are no text, so they are shown as such.", -1)
	case m.invalid >= 0:
		text := "No valid UTF-8 at " + place(m.decoded, m.invalid) + ", so the bytes are shown."
		if m.media.charset != "" && m.media.charset != "utf-8" {
			text = "The type says " + capture.Visible(m.media.charset) + "; " + lowerFirst(text)
		}
		m.note(Warn, text, m.invalid)
	case seen && m.said != kindPlain:
		m.note(Warn, "The type says "+m.said.word()+", but it looks like "+m.kind.word()+".", -1)
	}
	return m
}

func (m *bodyMade) note(tone Tone, text string, offset int) {
	m.notes = append(m.notes, BodyNote{tone, text, offset})
}

func lowerFirst(text string) string { return strings.ToLower(text[:1]) + text[1:] }

// codingsOf lists the encodings of a body for a person, and in file names.
func codingsOf(values []string) string {
	var all []string
	for _, value := range values {
		for coding := range strings.SplitSeq(value, ",") {
			if coding = strings.ToLower(strings.TrimSpace(coding)); coding != "" && coding != "identity" {
				all = append(all, coding)
			}
		}
	}
	return strings.Join(all, ", ")
}

// facts says what was done to the body and how large it is.
func (m *bodyMade) facts() string {
	size := byteCount(int64(len(m.decoded)))
	if m.coding == "" {
		return size
	}
	return m.coding + " taken off · " + byteCount(int64(len(m.sent))) + " → " + size
}

// jsonText is the part of the body that is JSON: what follows a byte order mark.
func (m *bodyMade) jsonText() []byte { return bytes.TrimPrefix(m.decoded, byteOrderMark) }

// finish makes the pretty text and what the tree needs. It returns a copy; the
// only error is errStopped.
func (m *bodyMade) finish(stop func() bool) (*bodyMade, error) {
	whole := *m
	whole.notes = append([]BodyNote(nil), m.notes...)
	whole.finished = true
	var err error
	var c *composed
	switch m.kind {
	case kindJSON:
		err = whole.finishJSON(stop)
	case kindXML:
		var text []byte
		if text, err = indentXML(m.decoded, stop); err == nil {
			whole.pretty = newBodyText(text, "xml")
		}
	case kindForm:
		table, bad := formTable(m.decoded)
		whole.pretty = newBodyText(table, "table")
		if bad > 0 {
			whole.note(Warn, counted(bad, "name or value")+" with a broken % escape: shown as it came.", -1)
		}
	case kindMultipart:
		if c, err = showParts(m.media, m.decoded, stop); c != nil && c.Len() > 0 {
			whole.pretty = c.text()
		}
	case kindJWS:
		if c, err = showJWS(string(bytes.TrimSpace(m.decoded)), stop); err == nil {
			whole.pretty = c.text()
		}
	case kindPlain, kindBinary:
	}
	if errors.Is(err, errStopped) {
		return nil, err
	}
	if err != nil {
		whole.complain(err)
	}
	return &whole, nil
}

func (m *bodyMade) finishJSON(stop func() bool) error {
	text := m.jsonText()
	pretty, spans, err := readJSON(text, stop)
	skipped := len(m.decoded) - len(text)
	var wrong *textError
	if errors.As(err, &wrong) {
		return &textError{wrong.Offset + skipped, wrong.Reason}
	}
	if err != nil {
		return err
	}
	if skipped > 0 {
		m.note(Warn, "It starts with a byte order mark, which JSON does not allow.", 0)
	}
	m.pretty, m.spans, m.json = newBodyText(pretty, "json"), spans, true
	return nil
}

// complain says why there is no pretty text.
func (m *bodyMade) complain(err error) {
	var wrong *textError
	switch {
	case !errors.As(err, &wrong):
		m.note(Bad, "No valid "+strings.TrimPrefix(m.kind.word(), "a ")+": "+err.Error()+".", -1)
		return
	case m.said != m.kind:
		// nobody said that it would be; it only looks a little like that
		m.note(Muted, "It is no valid "+m.kind.word()+": "+place(m.decoded, wrong.Offset)+": "+wrong.Reason+".", wrong.Offset)
	default:
		m.note(Bad, "No valid "+m.kind.word()+": "+place(m.decoded, wrong.Offset)+": "+wrong.Reason+".", wrong.Offset)
	}
	m.wrong = wrong
}

// place names a place of a text: "line 3, column 7". Columns count characters.
func place(text []byte, offset int) string {
	offset = min(offset, len(text))
	start := bytes.LastIndexByte(text[:offset], '\n') + 1
	return "line " + groupDigits(int64(bytes.Count(text[:offset], []byte{'\n'})+1)) +
		", column " + groupDigits(int64(utf8.RuneCount(text[start:offset])+1))
}

func newBodyText(text []byte, syntax string) *BodyText {
	return &BodyText{Bytes: text, Lines: lineStarts(text), Sections: []BodySection{{0, syntax}}}
}

func (c *composed) text() *BodyText {
	return &BodyText{Bytes: c.Bytes(), Lines: lineStarts(c.Bytes()), Sections: c.sections}
}

// lineStarts is where each line of a text starts; the first is 0.
func lineStarts(text []byte) []int32 {
	lines := make([]int32, 1, 1+bytes.Count(text, []byte{'\n'}))
	for pos := 0; ; {
		i := bytes.IndexByte(text[pos:], '\n')
		if i < 0 {
			return lines
		}
		pos += i + 1
		lines = append(lines, int32(pos))
	}
}

// extension is the end of a file name for the body.
func (m *bodyMade) extension() string {
	switch m.kind {
	case kindJSON:
		return ".json"
	case kindXML:
		if m.media.name == "text/html" {
			return ".html"
		}
		return ".xml"
	case kindForm, kindPlain:
		return ".txt"
	case kindJWS:
		return ".jwt"
	case kindMultipart, kindBinary:
	}
	if known := map[string]string{
		"image/png": ".png", "image/jpeg": ".jpg", "application/pdf": ".pdf", "application/zip": ".zip",
	}[m.media.name]; known != "" {
		return known
	}
	return ".bin"
}

// fileName is what a saved body is called.
func (b *Body) fileName(end string) string {
	name := "callback"
	if b.exchange.ID != 0 {
		name += "-" + strconv.FormatInt(b.exchange.ID, 10)
	}
	return name + end
}
