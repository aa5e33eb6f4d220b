package compare

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"strings"
	"testing"

	"hookglass/capture"
)

func bodies(t *testing.T, a, b, kind string, o Options) *Section {
	t.Helper()
	header := capture.Fields{{Name: "Content-Type", Value: kind}}
	s, err := compareBodies(t.Context(), payload{bytes: []byte(a), header: header}, payload{bytes: []byte(b), header: header}, &o)
	if err != nil {
		t.Fatal(err)
	}
	return &s
}

func TestBodyForms(t *testing.T) {
	const (
		urlencoded = "application/x-www-form-urlencoded"
		xml        = "application/xml"
	)
	for _, tt := range []struct {
		name, kind, a, b string
		form             Form
		lines            string
		note             string // one that must be there
	}{
		{"text", "text/plain", "one\ntwo\nthree\n", "one\n2\nthree\nfour\n", FormText, "  one\n- two\n+ 2\n  three\n+ four\n", ""},
		{"a changed line", "text/plain", "the total is 10 EUR\n", "the total is 12 EUR\n", FormText, "~ the total is 10 EUR | the total is 12 EUR\n", ""},
		{"last line end", "text/plain", "one\ntwo", "one\ntwo\n", FormText, "  one\n~ two | two\n", ""},
		{"line ends", "text/plain", "one\r\n", "one\n", FormText, "~ one\r | one\n", "only the first ends lines with CR LF"},
		{"only one has a body", "text/plain", "", "one\n", FormText, "+ one\n", ""},
		{"only one has JSON", "application/json", "", `{"a":1}`, FormJSON, "+ {\n+   \"a\": 1\n+ }\n", ""},
		{"broken JSON", "application/json", `{"a":1}`, `{"a":}`, FormText, "~ {\"a\":1} | {\"a\":}\n", "the second is not read as JSON: line 1, column 6: a value is missing"},
		{"form", urlencoded, "a=1&b=x+y&c=3", "b=x%20y&a=2", FormFields, "~ a=1 | a=2\n  b=x y\n- c=3\n", "the fields stand in another order"},
		{"XML", xml, "<a><b c='1' d='2'>x</b></a>", "<a>\n <b d=\"2\" c=\"1\">y</b>\n</a>", FormXML, "  <a>\n    <b c=\"1\" d=\"2\">\n-     x\n+     y\n    </b>\n  </a>\n", ""},
		{"equal XML", xml, "<a><b/></a>", "<a> <b></b> </a>", FormXML, "  (4)\n", "not byte for byte"},
		{"broken XML", xml, "<a>", "<a></a>", FormText, "~ <a> | <a></a>\n", ""},
		{
			"bytes", "image/png", "\x00\x01" + strings.Repeat("z", 32), "\x00\x02" + strings.Repeat("z", 32), FormHex,
			"~ 00000000  00 01 7a 7a 7a 7a 7a 7a 7a 7a 7a 7a 7a 7a 7a 7a  |..zzzzzzzzzzzzzz| | 00000000  00 02 7a 7a 7a 7a 7a 7a 7a 7a 7a 7a 7a 7a 7a 7a  |..zzzzzzzzzzzzzz|\n" +
				"  00000010  7a 7a 7a 7a 7a 7a 7a 7a 7a 7a 7a 7a 7a 7a 7a 7a  |zzzzzzzzzzzzzzzz|\n" +
				"  00000020  7a 7a                                            |zz|\n", "",
		},
	} {
		s := bodies(t, tt.a, tt.b, tt.kind, Options{})
		if s.Form != tt.form {
			t.Errorf("%s: compared as %s, want %s", tt.name, s.Form, tt.form)
		}
		want(t, tt.name, shown(s), tt.lines)
		if !strings.Contains(strings.Join(s.Notes, "\n"), tt.note) {
			t.Errorf("%s: notes %q, want %q", tt.name, s.Notes, tt.note)
		}
	}
}

func TestMarks(t *testing.T) {
	for _, tt := range []struct{ a, b, marked string }{
		{"the total is 10 EUR", "the total is 12 EUR", "the total is [10] EUR|the total is [12] EUR"},
		{"a b c d e f", "a x c d y f", "a [b] c d [e] f|a [x] c d [y] f"},
		{"one two three", "one three", "one[ two] three|one three"},
		{"abc", "xyz", "[abc]|[xyz]"},
		{"Größe: 1", "Größe: 2", "Größe: [1]|Größe: [2]"},
		{"é", "è", "[é]|[è]"}, // share their first byte
	} {
		a, b := marks(tt.a, tt.b)
		if got := marked(tt.a, a) + "|" + marked(tt.b, b); got != tt.marked {
			t.Errorf("got %s, want %s", got, tt.marked)
		}
	}
}

func marked(text string, spans []Span) string {
	for i := len(spans) - 1; i >= 0; i-- {
		s := spans[i]
		text = text[:s.From] + "[" + text[s.From:s.To] + "]" + text[s.To:]
	}
	return text
}

func zipped(t testing.TB, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestEncodedBodies(t *testing.T) {
	gz := capture.Fields{{Name: "Content-Encoding", Value: "gzip"}}
	compare := func(a, b payload) *Section {
		s, err := compareBodies(t.Context(), a, b, &Options{})
		if err != nil {
			t.Fatal(err)
		}
		return &s
	}
	plain, packed := payload{bytes: []byte(`{"a":1}`)}, payload{bytes: zipped(t, `{"a":1}`), header: gz}
	if s := compare(plain, packed); !s.Equal || s.SameBytes || s.Form != FormJSON || !strings.Contains(s.Notes[0], "without its gzip") {
		t.Errorf("packed: equal %t, same bytes %t, %s, %q", s.Equal, s.SameBytes, s.Form, s.Notes)
	}
	broken := payload{bytes: []byte("no gzip"), header: gz}
	if s := compare(plain, broken); s.Equal || !strings.Contains(s.Notes[0], "as it was sent") {
		t.Errorf("broken: equal %t, %q", s.Equal, s.Notes)
	}
	short := payload{bytes: []byte("abc"), cut: true}
	if s := compare(short, short); !strings.Contains(s.Notes[0], "only 3 bytes were kept") {
		t.Errorf("cut: %q", s.Notes)
	}
}

// Minified text of one line is compared in pieces, however long it is.
func TestLongLines(t *testing.T) {
	var a strings.Builder
	for i := range 50_000 {
		fmt.Fprintf(&a, "var v%d=%d;", i, i*7)
	}
	b := "// new\n" + strings.Replace(a.String(), "v30000=", "w30000=", 1)
	s := bodies(t, a.String(), b, "text/javascript", Options{})
	if n := s.Changed + s.Removed + s.Added; n == 0 || n > 8 || s.Coarse {
		t.Errorf("%d of %d pieces differ, coarse %t:\n%s", n, s.Len(), s.Coarse, shown(s))
	}
	noise := strings.Repeat("QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo0NTY3ODkw", 5_000)
	s = bodies(t, noise, noise[:90_000]+"!"+noise[90_000:], "text/plain", Options{})
	if n := s.Changed + s.Removed + s.Added; n == 0 || n > 8 {
		t.Errorf("without separators %d of %d pieces differ", n, s.Len())
	}
	long := strings.Repeat("x", 100_000)
	for _, l := range bodies(t, `{"a":"`+long+`1"}`, `{"a":"`+long+`2"}`, "", Options{}).Lines {
		if len(l.A) > maxShown || l.Kind == Changed && (!strings.Contains(l.B, `2"`) || !strings.Contains(l.Note, "100010 bytes")) {
			t.Errorf("a long value is shown as %d bytes, note %q", len(l.A), l.Note)
		}
	}
}

func TestHexOfOtherLengths(t *testing.T) {
	a := "\x00" + strings.Repeat("0123456789abcdef", 100)
	b := a[:805] + "inserted" + a[805:]
	s := bodies(t, a, b, "", Options{})
	if n := s.Changed + s.Removed + s.Added; n != 1 {
		t.Errorf("%d rows differ, want the one with the place:\n%s", n, shown(s))
	}
	last := s.Rows(s.Len()-1, 1)[0]
	if last.Kind != Same || last.AtB-last.AtA != 8 {
		t.Errorf("the last row: %+v", last)
	}
}
