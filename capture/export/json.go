package export

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// jsonWriter writes values as JSON, one at a time. What a terminal or an editor
// would obey and JSON leaves as it is, is escaped.
type jsonWriter struct {
	out    io.Writer
	line   bytes.Buffer
	coder  *json.Encoder
	before string // what is written in front of the next value
}

func newJSONWriter(out io.Writer) *jsonWriter {
	w := &jsonWriter{out: out}
	w.coder = json.NewEncoder(&w.line)
	w.coder.SetEscapeHTML(false)
	return w
}

// write writes a value and a line end.
func (w *jsonWriter) write(v any) error {
	if w.line.Cap() > roomyValue {
		w.line = bytes.Buffer{}
	}
	w.line.Reset()
	w.line.WriteString(w.before)
	if err := w.coder.Encode(v); err != nil {
		return fmt.Errorf("write JSON: %w", err)
	}
	_, err := w.out.Write(EscapeHidden(w.line.Bytes()))
	return err
}

// EscapeHidden writes what a terminal or an editor would obey in a line of JSON,
// control and format characters beyond ASCII, as \u escapes; those of ASCII are
// escaped in JSON anyway. A line without any is returned as it is.
func EscapeHidden(line []byte) []byte {
	at := hiddenAt(line)
	if at < 0 {
		return line
	}
	b := make([]byte, 0, len(line)+64)
	for at >= 0 {
		b = append(b, line[:at]...)
		r, size := utf8.DecodeRune(line[at:])
		if r > 0xffff {
			high, low := utf16.EncodeRune(r)
			b = fmt.Appendf(b, `\u%04x`, high)
			r = low
		}
		b = fmt.Appendf(b, `\u%04x`, r)
		line = line[at+size:]
		at = hiddenAt(line)
	}
	return append(b, line...)
}

// hiddenAt is where the first such character stands; -1 for none.
func hiddenAt(line []byte) int {
	for i := 0; i < len(line); {
		if line[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, size := utf8.DecodeRune(line[i:])
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == '\u2028' || r == '\u2029' {
			return i
		}
		i += size
	}
	return -1
}
