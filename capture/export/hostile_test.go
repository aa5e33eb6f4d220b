package export

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"golang.org/x/net/html"

	"hookglass/capture"
)

func gzipped(t testing.TB, text string) []byte {
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

// hostile is what a stranger writes into every field: a page that ran any of it
// would have another title, or would call a host.
const hostile = `</title></style></textarea></pre>--><script>document.title="PWNED"</script><img src=x onerror='document.title="PWNED"'>` +
	`<svg onload=document.title="PWNED"><a href="javascript:document.title='PWNED'">x</a><link rel=stylesheet href=//evil.invalid/x.css>` +
	`<style>body{background:url(//evil.invalid/y)}</style>"onmouseover="document.title='PWNED'" style="x:expression(1)" {{.}} ` + "`$(id)` ``` @team #1 ![x](http://evil.invalid/z)" +
	"\u202egnp.exe\u2066\u200b\x1b[31m\x07\r\n=cmd|' /C calc'!A1;=1+1\x00\xff"

// hostileShared has it in every field that there is.
func hostileShared() *Shared {
	fields := capture.Fields{{Name: hostile, Value: hostile}, {Name: "Content-Type", Value: hostile}, {Name: "Location", Value: hostile}}
	facts := []capture.Fact{{Label: hostile, Path: hostile, Value: hostile, Kind: capture.KindLink, Unit: hostile, Note: hostile}, {Label: "url", Value: "javascript:alert(1)", Kind: capture.KindLink}}
	body := []byte(hostile)
	return &Shared{
		OriginUID: hostile, Base: hostile,
		Decoded: &capture.Decoding{
			Title: hostile, Notes: []string{hostile}, Error: hostile, Text: hostile, Unknown: facts,
			Sections: []capture.Section{{Title: hostile, Facts: facts, Rows: [][]capture.Fact{facts, facts}}},
		},
		Exchange: &capture.Exchange{
			UID: hostile, State: hostile, Via: hostile, Session: 3, Mark: hostile, Note: hostile, Endpoint: hostile, Error: hostile,
			Import: &capture.Imported{Via: hostile, Redacted: true, Mac: hostile},
			Request: capture.Request{
				Received: fixtureTime, Remote: hostile, Source: hostile, Method: hostile, Target: hostile, Proto: hostile, Host: hostile,
				Head: body, Header: fields, Trailers: fields, Body: body, Size: int64(len(body)),
			},
			Response: &capture.Response{Status: 200, Header: fields, Body: []byte(`{"` + "k</pre><script>document.title='PWNED'</script>" + `":"` + "</pre><script>document.title='PWNED'</script>\u202e" + `"}`), By: hostile, Preset: hostile, RuleName: hostile, Timing: capture.Timing{Took: time.Second}},
			Sent:     &capture.Sending{Base: hostile, Differences: []capture.Difference{{What: hostile, Was: hostile, Is: hostile, Why: hostile}}, Hops: []capture.Hop{{Location: hostile}}},
			Annotation: capture.Annotation{
				Provider: hostile, Event: hostile, Summary: hostile, Order: hostile, Delivery: hostile, Attempt: 1, AtArrival: hostile,
				Verification: capture.Verification{Status: hostile, Scheme: hostile, Header: hostile, Signed: hostile, Key: hostile, Expected: hostile, Received: hostile, Reason: hostile, Checks: []capture.Check{{Proof: hostile, Status: hostile, Reason: hostile}}},
			},
		},
	}
}

func hostileShare() *Share {
	s := shareOf(hostileShared(), longShared())
	s.Title, s.Note, s.Sharer, s.Tool = hostile, hostile, hostile, hostile
	s.Redaction = Redaction{Profile: hostile, Rules: []string{hostile}, Replaced: map[string]int64{hostile: 1}}
	s.Sessions = append(s.Sessions, SharedSession{ID: 4, Name: hostile, Note: hostile, Public: []capture.PublicEvent{{State: hostile, URL: hostile, Code: hostile, Reason: hostile}}})
	s.Rules = []capture.Rule{{Name: hostile, Endpoint: hostile, Filter: hostile, Kind: hostile}}
	return s
}

// longShared has enormous fields and bodies.
func longShared() *Shared {
	x := fixtureDispatched()
	long := strings.Repeat("<b>ä", 1<<15)
	x.Request.Target, x.Annotation.Summary, x.Note = "/"+long, long, long
	x.Request.Header = append(x.Request.Header, capture.Field{Name: long, Value: long})
	for range 1000 {
		x.Request.Header = append(x.Request.Header, capture.Field{Name: "X", Value: "<i>"})
		x.Decoded.Sections = append(x.Decoded.Sections, capture.Section{Title: long, Rows: [][]capture.Fact{{{Label: "a", Value: long}}}})
	}
	x.Request.Body = []byte(`["` + strings.Repeat("<script>", 10<<17) + `"]`)
	x.Response.Body = bytes.Repeat([]byte{0, 0xff}, 1<<16)
	return x
}

// unseen are characters that a reader would obey and not see.
func unseen(r rune) bool {
	return r != '\n' && r != '\t' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == '\u2028')
}

// TestHostileShare writes what strangers may send in every format: nothing of it
// is markup, a formula or a control character there.
func TestHostileShare(t *testing.T) {
	for name, limit := range map[string]int{"html": 1 << 20, "md": 1 << 20, "csv": 1 << 20, "curl": 32 << 20, "jsonl": 64 << 20, "har": 128 << 20} {
		t.Run(name, func(t *testing.T) {
			got := written(t, name, hostileShare())
			if len(got) > limit {
				t.Errorf("%d bytes, want at most %d", len(got), limit)
			}
			text := strings.ReplaceAll(strings.TrimPrefix(got, "\ufeff"), "\r\n", "\n")
			if at := strings.IndexFunc(text, unseen); at >= 0 && name != "curl" { // which sends bytes as they are
				t.Errorf("it holds characters that are obeyed and not seen: …%q…", text[max(0, at-80):at+4])
			}
			switch name {
			case "html":
				noMarkup(t, got)
			case "csv":
				noFormula(t, got)
			case "md":
				noMarkdown(t, got)
			case "har":
				if !json.Valid([]byte(got)) {
					t.Error("it is no JSON")
				}
			}
			// For a look by hand: HOSTILE_OUT=folder.
			if folder := os.Getenv("HOSTILE_OUT"); folder != "" {
				f, _ := FindFormat(name)
				if err := os.WriteFile(folder+"/hostile"+f.Extension, []byte(got), 0o600); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// noMarkup checks that only the page's own elements and attributes are in it.
func noMarkup(t *testing.T, page string) {
	t.Helper()
	elements := strings.Fields("html head meta title style body main header div svg rect circle b h1 h2 h3 p section label input details summary i span dl dt dd small code pre table thead tbody tr th td ul li")
	attributes := strings.Fields("lang charset http-equiv content name class id type title scope role viewbox width height rx fill cx cy r x y stroke stroke-width aria-hidden aria-label preserveaspectratio data-p data-mark")
	styles := 0
	for z := html.NewTokenizer(strings.NewReader(page)); ; {
		if z.Next() == html.ErrorToken {
			break
		}
		token := z.Token()
		if token.Type != html.StartTagToken && token.Type != html.SelfClosingTagToken {
			continue
		}
		if token.Data == "style" {
			styles++
		}
		if !slices.Contains(elements, token.Data) {
			t.Errorf("a stranger's element: %.200q", token)
		}
		for _, a := range token.Attr {
			if !slices.Contains(attributes, strings.ToLower(a.Key)) {
				t.Errorf("a stranger's attribute %q in <%s>", a.Key, token.Data)
			}
		}
	}
	if styles != 1 {
		t.Errorf("%d styles", styles)
	}
	if !strings.Contains(page, `content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"`) {
		t.Error("it does not forbid to load")
	}
}

func noFormula(t *testing.T, text string) {
	t.Helper()
	for _, comma := range []rune{',', ';'} {
		r := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff")))
		r.Comma, r.FieldsPerRecord, r.LazyQuotes = comma, -1, true
		lines, err := r.ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range lines {
			for _, cell := range line {
				if trimmed := strings.TrimLeft(cell, "\"' \t"); strings.HasPrefix(trimmed, "=") && !strings.HasPrefix(strings.TrimLeft(cell, "\" \t"), "'") {
					t.Errorf("a formula with %q: %.80q", comma, cell)
				}
			}
			if comma == ',' && len(line) != len(csvColumns) {
				t.Errorf("%d cells, want %d", len(line), len(csvColumns))
			}
		}
	}
}

// noMarkdown takes code away and looks at the rest.
func noMarkdown(t *testing.T, text string) {
	t.Helper()
	fence := ""
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		if fence != "" {
			if line == fence {
				fence = ""
			}
			continue
		}
		if ticks := len(line) - len(strings.TrimLeft(line, "`")); ticks >= 3 {
			fence = line[:ticks]
			continue
		}
		for {
			before, rest, ok := strings.Cut(line, "`")
			if !ok {
				break
			}
			ticks := "`" + rest[:len(rest)-len(strings.TrimLeft(rest, "`"))]
			_, after, closed := strings.Cut(rest[len(ticks)-1:], ticks)
			if !closed {
				t.Errorf("code without an end: %.200q", line)
				break
			}
			line = before + after
		}
		if strings.ContainsAny(strings.NewReplacer("<details><summary>", "", "</summary>", "", "</details>", "").Replace(line), "<@[") {
			t.Errorf("markup of a stranger: %.200q", line)
		}
	}
}
