package viewmodel

import (
	"bytes"
	"compress/gzip"
	"strings"
	"testing"
	"time"

	"hookglass/capture"
)

// zip is a body as gzip.
func zip(t testing.TB, text string) []byte {
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

func exchangeOf(contentType string, body []byte, more ...capture.Field) *capture.Exchange {
	x := &capture.Exchange{ID: 7}
	if contentType != "" {
		x.Request.Header = capture.Fields{{Name: "Content-Type", Value: contentType}}
	}
	x.Request.Header = append(x.Request.Header, more...)
	x.Request.Body, x.Request.Size = body, int64(len(body))
	return x
}

// views lists the views that can be chosen, the chosen one in brackets.
func views(b *Body) string {
	var all []string
	for _, v := range b.Views {
		switch {
		case v.ID == b.View:
			all = append(all, "["+v.ID+"]")
		case !v.Off:
			all = append(all, v.ID)
		}
	}
	return strings.Join(all, " ")
}

func notesOf(notes []BodyNote) string {
	var all []string
	for _, n := range notes {
		all = append(all, n.Text)
	}
	return strings.Join(all, "\n")
}

func (b *Body) sees() string {
	if b.Text == nil {
		return ""
	}
	return string(b.Text.Bytes)
}

const signed = "eyJhbGciOiJSUzI1NiJ9.eyJvcmRlciI6MX0.AQID"

func TestBody(t *testing.T) {
	gz := capture.Field{Name: "Content-Encoding", Value: "gzip"}
	form := "--x\r\nContent-Disposition: form-data; name=\"meta\"\r\nContent-Type: application/json\r\n\r\n{\"a\":1}\r\n" +
		"--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.bin\"\r\n\r\n\x00\x01\r\n--x--\r\n"
	tests := []struct {
		name                      string
		x                         *capture.Exchange
		kind, facts, views, notes string
		text, syntax              string
	}{
		{
			"JSON", exchangeOf("application/json; charset=utf-8", []byte(`{"b":1.0,"a":[]}`)),
			"application/json", "16 B", "[pretty] tree raw hex", "", "{\n  \"b\": 1.0,\n  \"a\": []\n}", "json",
		},
		{
			"JSON without a type", exchangeOf("", []byte(` [1]`)),
			"no type", "4 B", "[pretty] tree raw hex", "", "[\n  1\n]", "json",
		},
		{
			"JSON with a byte order mark", exchangeOf("application/json", []byte("\ufeff[]")),
			"application/json", "5 B", "[pretty] tree raw hex", "It starts with a byte order mark, which JSON does not allow.", "[]", "json",
		},
		{
			"JSON that is none", exchangeOf("application/json", []byte("{\"a\":1,\n}")),
			"application/json", "9 B", "[pretty] raw hex", "No valid JSON: line 2, column 1: a comma stands behind the last value.", "{\"a\":1,\n}", "json",
		},
		{
			"text that looks like JSON", exchangeOf("text/plain", []byte("[ok] done")),
			"text/plain", "9 B", "[pretty] raw hex", "It is no valid JSON: line 1, column 2: a value is missing: here stands 'o'.", "[ok] done", "json",
		},
		{
			"XML under a wrong type", exchangeOf("application/json", []byte("<a><b>1</b><c/></a>")),
			"application/json", "19 B", "[pretty] raw hex", "The type says JSON, but it looks like XML.", "<a>\n  <b>1</b>\n  <c/>\n</a>", "xml",
		},
		{
			"XML that is none", exchangeOf("text/xml", []byte("<a><b></a>")),
			"text/xml", "10 B", "[pretty] raw hex", "No valid XML: line 1, column 7: </a> stands where </b> is wanted.", "<a><b></a>", "xml",
		},
		{
			"a form", exchangeOf("application/x-www-form-urlencoded", []byte("a=1+2&longer=%C3%A4%0Ax&a=%zz")),
			"application/x-www-form-urlencoded", "29 B", "[pretty] raw hex", "1 name or value with a broken % escape: shown as it came.",
			"a      = 1 2\nlonger = ä\n         x\na      = %zz", "table",
		},
		{
			"multipart", exchangeOf("multipart/form-data; boundary=x", []byte(form)),
			"multipart/form-data", "174 B", "[pretty] raw hex", "",
			"Part 1 · \"meta\" · application/json · 7 B\n{\n  \"a\": 1\n}\n\nPart 2 · \"file\" · file \"a.bin\" · 2 B\n00000000  00 01                                             |..|", "title",
		},
		{
			"a signed token", exchangeOf("application/jose", []byte(signed+"\n")),
			"application/jose", "42 B", "[pretty] raw hex", "",
			"Header\n{\n  \"alg\": \"RS256\"\n}\n\nPayload · 11 B\n{\n  \"order\": 1\n}\n\nSignature · 3 B\n010203", "title",
		},
		{"plain", exchangeOf("text/plain", []byte("hello")), "text/plain", "5 B", "[pretty] raw hex", "", "hello", ""},
		{
			"gzip", exchangeOf("application/json", zip(t, `{"a":1}`), gz),
			"application/json", "gzip taken off · 31 B → 7 B", "[pretty] tree raw hex", "", "{\n  \"a\": 1\n}", "json",
		},
		{
			"gzip that is none", exchangeOf("application/json", []byte(`{"a":1}`), gz),
			"application/json", "7 B", "raw [hex]", "It is shown as it came, still encoded: the body is not gzip: unexpected EOF.", "", "",
		},
		{
			"binary", exchangeOf("application/json", []byte("PK\x03\x04\x00\x00")),
			"application/json", "6 B", "raw [hex]", "Its bytes are no text, so they are shown as such.", "", "",
		},
		{"an image", exchangeOf("image/png", []byte("\x89PNG\r\n\x1a\n\x00")), "image/png", "9 B", "raw [hex]", "", "", ""},
		{
			"no UTF-8", exchangeOf("text/plain; charset=ISO-8859-1", []byte("ok\ngr\xfc\xdf")),
			"text/plain", "7 B", "pretty raw [hex]", "The type says iso-8859-1; no valid UTF-8 at line 2, column 3, so the bytes are shown.", "", "",
		},
		{
			"JSON that is no UTF-8", exchangeOf("application/json", []byte("[\"\xfc\"]")),
			"application/json", "5 B", "pretty tree raw [hex]", "No valid UTF-8 at line 1, column 3, so the bytes are shown.", "", "",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := newBench(t)
			b.Detail.Tab = TabBody
			body := b.Detail.Body
			body.show(tt.x)
			b.settle()
			got := []string{body.Type, body.Facts, views(body), notesOf(body.Notes), body.sees(), body.Empty, body.Busy}
			want := []string{tt.kind, tt.facts, tt.views, tt.notes, tt.text, "", ""}
			for i := range want {
				if got[i] != want[i] {
					t.Errorf("got %q, want %q", got[i], want[i])
				}
			}
			if tt.text != "" && body.Text.Sections[0].Syntax != tt.syntax {
				t.Errorf("syntax %q, want %q", body.Text.Sections[0].Syntax, tt.syntax)
			}
			if tt.text == "" && !bytes.Equal(body.Bytes, tt.x.Request.Body) {
				t.Errorf("bytes %q", body.Bytes)
			}
		})
	}
}

func TestBodyWithout(t *testing.T) {
	b := newBench(t)
	b.Detail.Body.show(exchangeOf("", nil))
	if got, want := b.Detail.Body.Empty, "This callback came without a body."; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	b.Detail.Body.show(nil)
	if got, want := b.Detail.Body.Empty, "Select a callback to read its body."; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestBodyThatIsCut(t *testing.T) {
	b := newBench(t)
	x := exchangeOf("application/json", []byte(`{"a":`))
	x.Request.Truncated = true
	b.Detail.Body.show(x)
	if got, want := notesOf(b.Detail.Body.Notes), "The body is cut: 5 B are kept, and more was sent or announced.\n"+
		"No valid JSON: line 1, column 6: a value is missing: the text ends."; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if b.Detail.Body.Spot.Offset != 5 {
		t.Errorf("spot %+v is not where the mistake is", b.Detail.Body.Spot)
	}
}

// bigJSON is more than is made at once.
func bigJSON(bytes int) []byte {
	var b strings.Builder
	b.WriteString("[")
	for b.Len() < bytes {
		b.WriteString(`{"id":46140204,"ref":"8679131463FC8D18","tracking":["H023YA0000361469",null,true]},`)
	}
	b.WriteString("{}]")
	return []byte(b.String())
}

func TestBodyComesInTwoSteps(t *testing.T) {
	b := newBench(t)
	body := b.Detail.Body
	b.Detail.Tab = TabOverview
	now := make(chan time.Time)
	close(now)
	body.patience = func() <-chan time.Time { return now }
	x := exchangeOf("application/json", bigJSON(4<<20))
	body.show(x)
	b.settle()
	if body.made != nil {
		t.Fatal("made ready though nobody looks")
	}
	var seen []string
	body.Changed.Listen(func() {
		lines := 0
		if body.Text != nil {
			lines = min(len(body.Text.Lines), 2)
		}
		seen = append(seen, body.Busy+" "+[]string{"nothing", "one line", "lines"}[lines])
	})
	b.Detail.Select(TabBody)
	b.settle()
	if got, want := strings.Join(seen, "; "), "Reading … nothing; Indenting … one line;  lines"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestBodyOfAnotherCallback(t *testing.T) {
	b := newBench(t)
	b.Detail.Tab = TabBody
	body := b.Detail.Body
	body.show(exchangeOf("application/json", bigJSON(1<<20)))
	other := exchangeOf("text/plain", []byte("other"))
	other.ID = 8
	body.show(other)
	b.settle()
	if body.sees() != "other" || body.Busy != "" {
		t.Errorf("shows %d bytes, %q", len(body.sees()), body.Busy)
	}
}

func TestBodyViewIsRemembered(t *testing.T) {
	b := newBench(t)
	body := b.Detail.Body
	body.show(exchangeOf("application/json", []byte(`{"a":1}`)))
	body.Select(ViewTree)
	if body.Tree == nil || body.Text != nil || b.Preferences.BodyView != ViewTree {
		t.Fatalf("tree %v, text %v, %q", body.Tree, body.Text, b.Preferences.BodyView)
	}
	show := func(id int64, x *capture.Exchange) string {
		x.ID = id
		body.show(x)
		return body.View
	}
	if got := show(8, exchangeOf("text/plain", []byte("x"))); got != ViewPretty {
		t.Errorf("text without a tree: %q", got)
	}
	if got := show(9, exchangeOf("text/plain", []byte("\x00x"))); got != ViewHex {
		t.Errorf("binary: %q", got)
	}
	body.Select(ViewPretty)
	if body.View != ViewHex {
		t.Errorf("binary was made pretty: %q", body.View)
	}
	if got := show(10, exchangeOf("application/json", []byte("{}"))); got != ViewTree {
		t.Errorf("JSON again: %q", got)
	}
}

func TestBodyFind(t *testing.T) {
	b := newBench(t)
	body := b.Detail.Body
	body.show(exchangeOf("application/json", []byte(`{"one":"One","two":["one","ONE"]}`)))
	steps := []struct {
		name string
		do   func()
		want string
		spot int // in the indented text
	}{
		{"small letters find all", func() { body.SetQuery("one") }, "1 of 4", 5},
		{"next", body.Next, "2 of 4", 12},
		{"previous", body.Previous, "1 of 4", 5},
		{"round the beginning", body.Previous, "4 of 4", 45},
		{"round the end", body.Next, "1 of 4", 5},
		{"from where the reader is", func() { body.MoveCaret(20); body.Next() }, "3 of 4", 34},
		{"capitals count", func() { body.MoveCaret(0); body.SetQuery("One") }, "1 of 1", 12},
		{"another view", func() { body.Select(ViewRaw) }, "1", 12},
		{"nothing", func() { body.SetQuery("Three") }, "nothing", 12},
		{"bytes", func() { body.Select(ViewHex); body.SetQuery(`"two"`) }, "1 of 1", 13},
		{"no query", func() { body.SetQuery("") }, "", 13},
		{"in the tree", func() { body.Select(ViewTree); body.Tree.Roots(); body.SetQuery("two") }, "1 of 1", 14},
	}
	for _, s := range steps {
		s.do()
		b.settle()
		if body.Find.Count != s.want || body.Spot.Offset != s.spot {
			t.Errorf("%s: %q at %d, want %q at %d", s.name, body.Find.Count, body.Spot.Offset, s.want, s.spot)
		}
	}
	if body.View != ViewTree {
		t.Errorf("view %q", body.View)
	}
}

func TestFindAll(t *testing.T) {
	long := strings.Repeat("a", foldChunk-2) + "Needle" + strings.Repeat("b", foldChunk) + "needle"
	tests := []struct {
		text, query string
		want        []int32
	}{
		{"aaaa", "aa", []int32{0, 2}},
		{"AaAA", "aa", []int32{0, 2}},
		{long, "needle", []int32{foldChunk - 2, 2*foldChunk + 4}},
		{long, "Needle", []int32{foldChunk - 2}},
		{"Ä", "ä", nil},
		{"", "a", nil},
	}
	for _, tt := range tests {
		got := findAll(t.Context(), []byte(tt.text), tt.query)
		if len(got) != len(tt.want) {
			t.Errorf("%q: got %v, want %v", tt.query, got, tt.want)
			continue
		}
		for i := range got {
			if got[i] != tt.want[i] {
				t.Errorf("%q: got %v, want %v", tt.query, got, tt.want)
			}
		}
	}
	if got := findAll(t.Context(), bytes.Repeat([]byte("x"), 3*maxFound), "x"); len(got) != maxFound {
		t.Errorf("%d places", len(got))
	}
}

func TestBodyCopies(t *testing.T) {
	b := newBench(t)
	body := b.Detail.Body
	saved := map[string]string{}
	b.Screen.Save = func(name string, data []byte) { saved[name] = string(data) }
	x := exchangeOf("application/json", zip(t, `{"list":[{"name":"a\"b"}]}`), capture.Field{Name: "Content-Encoding", Value: "gzip"})
	b.Detail.Tab = TabBody
	body.show(x)
	b.settle()
	run := func(id string) string {
		b.copied = ""
		if !b.Commands.Do(id) {
			return "not ready"
		}
		b.settle()
		return b.copied
	}
	body.MoveCaret(strings.Index(body.sees(), "name"))
	for id, want := range map[string]string{
		"body.copy": `{"list":[{"name":"a\"b"}]}`, "body.copy.pretty": body.sees(),
		"body.copy.value": `a"b`, "body.copy.path": "$.list[0].name",
	} {
		if got := run(id); got != want {
			t.Errorf("%s: %q, want %q", id, got, want)
		}
	}
	body.Select(ViewTree)
	list := body.Tree.Children(body.Tree.Roots()[0].ID)[0]
	body.Choose(body.Tree.Children(list.ID)[0].ID)
	if got := run("body.copy.path") + " " + run("body.copy.value"); got != `$.list[0] {"name":"a\"b"}` {
		t.Errorf("in the tree: %q", got)
	}
	run("body.save")
	run("body.save.sent")
	if saved["callback-7.json"] != `{"list":[{"name":"a\"b"}]}` || saved["callback-7.json.gz"] != string(x.Request.Body) {
		t.Errorf("saved %q", saved)
	}
	binary := exchangeOf("", []byte{0, 1})
	binary.ID = 8
	body.show(binary)
	if got := run("body.copy"); got != "" || !strings.HasPrefix(b.Notices.Toast.Text, "Not copied") {
		t.Errorf("binary: copied %q, %q", got, b.Notices.Toast.Text)
	}
	if got := run("body.copy.path"); got != "not ready" {
		t.Errorf("binary has a path: %q", got)
	}
}

func TestIndentXML(t *testing.T) {
	tests := []struct{ name, in, want, wrong string }{
		{
			"declaration, attributes, comment", `<?xml version="1.0"?><a b="1 > 0"><!-- c --><d> x </d></a>`,
			"<?xml version=\"1.0\"?>\n<a b=\"1 > 0\">\n  <!-- c -->\n  <d> x </d>\n</a>", "",
		},
		{"text and elements mixed", "<p>one <b>two</b>\n three</p>", "<p>\n  one\n  <b>two</b>\n  three\n</p>", ""},
		{"CDATA", "<a><![CDATA[<x>]]></a>", "<a><![CDATA[<x>]]></a>", ""},
		{"empty", "<a>\n</a>", "<a>\n</a>", ""},
		{"two closings", "<a></a></b>", "", "</b> closes nothing"},
		{"not closed", "<a><b></b>", "", "<a> is not closed"},
		{"no end of a tag", "<a <b>", "", "a tag is not closed before the next one begins"},
		{"no end of a comment", "<!-- a", "", "a comment does not end"},
		{"a lone bracket", "<", "", "a tag does not end"},
		{"no name", "<>", "", "a tag has no name"},
	}
	for _, tt := range tests {
		got, err := indentXML([]byte(tt.in), never)
		wrong := ""
		if err != nil {
			wrong = err.Error()
		}
		if string(got) != tt.want || wrong != tt.wrong {
			t.Errorf("%s: got %q %q, want %q %q", tt.name, got, wrong, tt.want, tt.wrong)
		}
	}
}

func FuzzBody(f *testing.F) {
	f.Add("application/json", []byte(`{"a":1}`))
	f.Add("multipart/form-data; boundary=x", []byte("--x\r\n\r\n\x00\r\n--x--"))
	f.Add("text/xml", []byte("<a><b c='>'/></a>"))
	f.Add("application/x-www-form-urlencoded", []byte("a=%zz&b"))
	f.Add("", []byte(signed))
	f.Add("", []byte("\xff\xfe"))
	f.Fuzz(func(t *testing.T, contentType string, body []byte) {
		if len(body) > 1<<14 {
			return
		}
		made, err := lookAtBody(&exchangeOf(contentType, body).Request).finish(never)
		if err != nil {
			t.Fatal(err)
		}
		if made.pretty != nil && int(made.pretty.Lines[len(made.pretty.Lines)-1]) > len(made.pretty.Bytes) {
			t.Fatal("a line starts behind the text")
		}
		for _, n := range made.notes {
			if n.Offset > len(made.decoded) {
				t.Fatalf("%+v is about no place of the text", n)
			}
		}
	})
}
