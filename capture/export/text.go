package export

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"hookglass/capture"
)

// bodyText is the beginning of a body as people read it.
type bodyText struct {
	Text  string   // control characters but line ends and tabs are escapes
	JSON  bool     // it is laid out JSON
	Notes []string // what is not as it came: "gzip was taken off", "the first 4096 of 99999 bytes"
}

// maxLaidOut is the longest JSON that is laid out.
const maxLaidOut = 1 << 20

// maxHex is how many bytes of a body that is no text are shown.
const maxHex = 512

// readable makes at most about most bytes of a body's text.
func readable(header capture.Fields, body []byte, truncated bool, most int) bodyText {
	var t bodyText
	if truncated {
		t.note("more was sent or announced than was kept")
	}
	if len(body) == 0 {
		return t
	}
	if encodings := header.All("Content-Encoding"); len(encodings) > 0 {
		decoded, err := capture.DecodeBody(encodings, body, maxDecoded)
		switch {
		case errors.Is(err, capture.ErrTooLarge):
			t.note("it is too long to be decoded")
		case err != nil:
			t.note("it cannot be decoded: " + err.Error())
		case !bytes.Equal(decoded, body):
			t.note("decoded from " + strings.Join(encodings, ", "))
			body = decoded
		}
	}
	if !textual(body[:min(len(body), most)]) {
		t.Text = hex.Dump(body[:min(len(body), maxHex)])
		if len(body) > maxHex {
			t.note(fmt.Sprintf("no text: the first %d of %d bytes", maxHex, len(body)))
		}
		return t
	}
	if len(body) <= maxLaidOut && json.Valid(body) && bytes.ContainsAny(body[:1], "{[ \t\r\n") {
		var b bytes.Buffer
		if json.Indent(&b, body, "", "  ") == nil && b.Len() < 8*len(body)+most {
			t.JSON, body = true, bytes.TrimSpace(b.Bytes())
		}
	}
	if len(body) > most {
		t.note(fmt.Sprintf("the first %d of %d bytes", most, len(body)))
		body = []byte(wholeRunes(string(body[:most])))
	}
	t.Text = visibleLines(string(body))
	return t
}

func (t *bodyText) note(text string) { t.Notes = append(t.Notes, capture.Visible(text)) }

// textual reports whether the beginning of a body reads as text.
func textual(begin []byte) bool {
	odd := 0
	for len(begin) > 0 {
		r, size := utf8.DecodeRune(begin)
		switch {
		case r == utf8.RuneError && size == 1:
			if !utf8.FullRune(begin) {
				return true // cut in a rune
			}
			return false
		case r == 0:
			return false
		case r < ' ' && r != '\n' && r != '\t' && r != '\r':
			odd++
		}
		begin = begin[size:]
	}
	return odd < 16
}

// visibleLines is capture.Visible for a text of lines.
func visibleLines(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		line, ended := strings.CutSuffix(line, "\n")
		parts := strings.Split(strings.TrimSuffix(line, "\r"), "\t")
		for i, part := range parts {
			if i > 0 {
				b.WriteByte('\t')
			}
			b.WriteString(capture.Visible(part))
		}
		if ended {
			b.WriteByte('\n')
		}
	}
	return b.String()
}

// field is a stranger's text for one line, cut where nobody would read on.
func field(text string) string {
	const most = 2_000
	if len(text) > most {
		text = fmt.Sprintf("%s… (%d bytes)", wholeRunes(text[:most]), len(text))
	}
	return capture.Visible(text)
}

// sizeWords is a size for people, in units of 1024.
func sizeWords(n int64) string {
	switch {
	case n >= 1<<20:
		return tenths(float64(n)/(1<<20)) + " MiB"
	case n >= 1<<10:
		return tenths(float64(n)/(1<<10)) + " KiB"
	}
	return fmt.Sprintf("%d B", n)
}

func tenths(f float64) string { return strings.TrimSuffix(fmt.Sprintf("%.1f", f), ".0") }
