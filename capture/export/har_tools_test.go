package export

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"hookglass/capture"
)

// What a HAR says of itself and names twice is told once, and its rules are a
// stranger's as those of a bundle are.
func TestHARRules(t *testing.T) {
	o, err := OpenText(t.Context(), `{"log":{"creator":{"name":"Hookglass","version":"unknown"},"_hookglass":{},"_rules":[`+
		`{"kind":"forward","params":{"forward":{"url":"http://evil.example"}}},{"kind":"nonsense"},`+
		`{"kind":"fixed","params":{"answer":{"status":200,"body_file":"/etc/passwd"}}}],`+
		`"entries":[{"startedDateTime":"2026-01-01T00:00:00Z","request":{"method":"GET","url":"http://h/"}}]}}`)
	if err != nil {
		t.Fatal(err)
	}
	if err := o.Each(t.Context(), func(*Shared) error { return nil }); err != nil {
		t.Fatal(err)
	}
	rules := o.Share.Rules
	if len(rules) != 2 || rules[0].Enabled || rules[0].Params.Forward.URL != "" || rules[1].Params.Answer.BodyFile != "" {
		t.Errorf("got rules %+v", rules)
	}
	if o.Share.Tool != "Hookglass" {
		t.Errorf("made by %q", o.Share.Tool)
	}
	var told []string
	for _, s := range o.Skipped() {
		told = append(told, s.Where)
	}
	if got, want := strings.Join(told, "; "), "log._rules, rule 1; log._rules, rule 2; log._rules, rule 3"; got != want {
		t.Errorf("told of %s, want %s", got, want)
	}
	other, err := OpenText(t.Context(), `{"log":{"_rules":[{"kind":"drop"}],"entries":[]}}`)
	if err != nil || len(other.Share.Rules) != 0 {
		t.Errorf("%v: another tool's field is taken for rules: %+v", err, other.Share.Rules)
	}
}

// A form of very many parameters is written so that it is read again.
func TestHAROfALargeForm(t *testing.T) {
	x := fixtureDispatched()
	x.Request.Header = capture.Fields{{Name: "Content-Type", Value: "application/x-www-form-urlencoded"}}
	x.Request.Body = bytes.Repeat([]byte("a&"), 600_000)
	x.Request.Size = int64(len(x.Request.Body))
	var file bytes.Buffer
	if err := WriteHAR(t.Context(), &file, &Share{Exchanges: listed([]*Shared{x})}); err != nil {
		t.Fatal(err)
	}
	o, err := OpenReader(t.Context(), bytes.NewReader(file.Bytes()), int64(file.Len()), "")
	if err != nil {
		t.Fatal(err)
	}
	var got []byte
	if err := o.Each(t.Context(), func(s *Shared) error { got = s.Request.Body; return nil }); err != nil || !bytes.Equal(got, x.Request.Body) {
		t.Errorf("got %d bytes, %v, skipped %v", len(got), err, o.Skipped())
	}
}

// Browsers list what was never sent to anybody: it is skipped, and it is said which.
func TestHARAddresses(t *testing.T) {
	for url, want := range map[string]string{
		"https://h.example/a?b#c":     "/a?b",
		"HTTP://h.example":            "/",
		"wss://h.example/s":           "/s",
		"/only/a/path":                "/only/a/path",
		"/a?to=http://other":          "/a?to=http://other",
		"h.example/a?to=http://other": "/h.example/a?to=http://other",
		"data:text/plain,hi":          "",
		"data:text/html,http://x":     "",
		"blob:https://h.example/1-2":  "",
		"about:blank":                 "",
		"file:///etc/passwd":          "",
		"chrome-extension://abc/d.js": "",
	} {
		o, err := OpenText(t.Context(), fmt.Sprintf(`{"log":{"entries":[{"startedDateTime":"2026-01-01T00:00:00Z","request":{"method":"GET","url":%q}}]}}`, url))
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if err := o.Each(t.Context(), func(s *Shared) error { got = s.Request.Target; return nil }); err != nil {
			t.Fatal(err)
		}
		if skipped := o.Skipped(); got != want || (want == "") != (len(skipped) == 1) {
			t.Errorf("%s: got %q, want %q; skipped %v", url, got, want, skipped)
		}
	}
}
