package compare

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"hookglass/capture"
)

// shown is a section as a test writes it: a sign and the text of each line.
func shown(s *Section) string {
	var b strings.Builder
	for _, l := range s.Lines {
		switch l.Kind {
		case Same:
			fmt.Fprintf(&b, "  %s\n", l.A)
		case Changed:
			fmt.Fprintf(&b, "~ %s | %s\n", l.A, strings.TrimLeft(l.B, " "))
		case Removed:
			fmt.Fprintf(&b, "- %s\n", l.A)
		case Added:
			fmt.Fprintf(&b, "+ %s\n", l.B)
		case Folded:
			fmt.Fprintf(&b, "  (%d)\n", l.N)
		}
	}
	return b.String()
}

func want(t *testing.T, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got\n%s\nwant\n%s", what, got, want)
	}
}

// request is an exchange with a request of these header lines.
func request(method, target, body string, header ...string) *capture.Exchange {
	x := &capture.Exchange{State: capture.StateAnswered, Via: capture.ViaLocal}
	x.Request = capture.Request{Method: method, Target: target, Proto: "HTTP/1.1", Exact: true, Body: []byte(body), Size: int64(len(body))}
	for _, line := range header {
		name, value, _ := strings.Cut(line, ": ")
		x.Request.Header = append(x.Request.Header, capture.Field{Name: name, Value: value})
	}
	x.Response = &capture.Response{Status: 200}
	return x
}

func compared(t *testing.T, a, b *capture.Exchange, o Options) *Comparison {
	t.Helper()
	c, err := Exchanges(t.Context(), a, b, o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestSameExchangeIsEqual(t *testing.T) {
	x := request("POST", "/klix/a?b=1&b=2", `{"a":1}`, "Host: h", "Content-Type: application/json", "X-A: 1", "X-A: 2")
	c := compared(t, x, x, Options{})
	if !c.Equal || !c.Request.Equal || !c.Response.Equal {
		t.Errorf("an exchange differs from itself: %+v", c)
	}
	for _, s := range append(c.Request.Sections(), c.Response.Sections()...) {
		if !s.Equal || !s.SameBytes || len(s.Notes) > 0 {
			t.Errorf("%s: equal %t, same bytes %t, notes %q", s.Title, s.Equal, s.SameBytes, s.Notes)
		}
	}
}

func TestRequestLine(t *testing.T) {
	a := request("POST", "/klix/a?page=1&page=2&sort=up&q=a%20b", "")
	b := request("PUT", "/klix/a?q=a+b&page=1&page=3&new", "")
	c := compared(t, a, b, Options{})
	want(t, "request line", shown(&c.Request.Line), `~ POST /klix/a HTTP/1.1 | PUT /klix/a HTTP/1.1
  ?page=1
~ ?page=2 | ?page=3
- ?sort=up
+ ?new
  ?q=a b
`)
	if len(c.Request.Line.Notes) != 2 {
		t.Errorf("notes %q, want one on the order and one on the writing", c.Request.Line.Notes)
	}
	if got := c.Request.Line.Lines[2].Path; got != "?page" {
		t.Errorf("path %q, want ?page", got)
	}
}

func TestHeaders(t *testing.T) {
	a := request("POST", "/x", "", "Host: one", "X-A: 1", "x-b: 1", "Accept: text/plain", "X-A: 2", "Connection: close", "X-Gone: 1")
	b := request("POST", "/x", "", "Host: two", "X-B: 1", "Accept: text/html", "X-A: 1", "X-New: 1", "X-A: 2")
	for _, tt := range []struct {
		name  string
		o     Options
		lines string
		notes int
	}{
		{"left out", Options{}, "  X-A: 1\n+ X-New: 1\n  x-b: 1\n~ Accept: text/plain | Accept: text/html\n  X-A: 2\n- X-Gone: 1\n", 3},
		{"asked for", Options{Connection: true}, "~ Host: one | Host: two\n  X-A: 1\n+ X-New: 1\n  x-b: 1\n~ Accept: text/plain | Accept: text/html\n  X-A: 2\n- Connection: close\n- X-Gone: 1\n", 2},
	} {
		s := compared(t, a, b, tt.o).Request.Header
		want(t, tt.name, shown(&s), tt.lines)
		if len(s.Notes) != tt.notes {
			t.Errorf("%s: %d notes, want %d: %q", tt.name, len(s.Notes), tt.notes, s.Notes)
		}
	}
}

// What the tunnel adds differs by nature; who sends it otherwise means it.
func TestTunnelFields(t *testing.T) {
	a := request("POST", "/x", "", "X-Forwarded-For: 1.2.3.4")
	b := request("POST", "/x", "")
	if compared(t, a, b, Options{}).Equal {
		t.Error("a field that a sender sends is left out")
	}
	a.Via = capture.ViaTunnel
	c := compared(t, a, b, Options{})
	if !c.Equal || !slices.ContainsFunc(c.Request.Header.Notes, func(n string) bool { return strings.Contains(n, "X-Forwarded-For") }) {
		t.Errorf("a field of the tunnel counts: %q, notes %q", shown(&c.Request.Header), c.Request.Header.Notes)
	}
}

func TestSecretsAreMasked(t *testing.T) {
	const one, two = "s3cret-one", "s3cret-two-more"
	body := `{"token": "%s", "in": {"token": "%[1]s"}, "list": [{"pass": "%[1]s"}]}`
	a := request("POST", "/x?apikey="+one, fmt.Sprintf(body, one), "Authorization: Bearer "+one, "Cookie: a="+one)
	b := request("POST", "/x?apikey="+two, fmt.Sprintf(body, two), "Authorization: Bearer "+two, "Cookie: a="+two)
	secrets := []capture.Sensitive{{Path: "token", Secret: true}, {Path: "in", Secret: true}, {Path: "list[].pass", Secret: true}, {Path: "x-signature", Secret: true}}
	c := compared(t, a, b, Options{Secrets: secrets, Context: -1})
	var all strings.Builder
	for _, s := range c.Request.Sections() {
		for _, l := range s.Lines {
			fmt.Fprintln(&all, l.A, l.B, l.Path, l.Note)
		}
	}
	if strings.Contains(all.String(), "s3cret") {
		t.Errorf("secrets are shown:\n%s", &all)
	}
	if got := strings.Count(all.String(), "differs from byte"); got != 6 {
		t.Errorf("%d of 6 say where they differ:\n%s", got, &all)
	}
	if c.Equal {
		t.Error("other secrets count as equal")
	}
	c = compared(t, a, b, Options{Secrets: secrets, Reveal: true})
	if !strings.Contains(shown(&c.Request.Body)+shown(&c.Request.Line)+shown(&c.Request.Header), one) {
		t.Error("Reveal does not show them")
	}
}

// Of a sender that has its token in the path, the path is a secret; of a body that
// is no JSON, what stands behind the name of one.
func TestSecretsElsewhere(t *testing.T) {
	secrets := []capture.Sensitive{{Path: "path", Secret: true}, {Path: "a.authToken", Secret: true}}
	for _, tt := range []struct{ endpoint, shown string }{
		{"/probo/*", "/probo/***"}, {"/probo/in/*", "/probo/in/***"}, {"/probo/in/s3cret", "/probo/in/***"}, {"", "/probo/in/***"},
	} {
		a := request("POST", "/probo/in/s3cret-1", `{"a":{"authToken": "s3cret-1","b":1}`, "Content-Type: application/json")
		b := request("POST", "/probo/in/s3cret-2", `{"a":{"AuthToken":"s3cret-2","b":1}`, "Content-Type: application/json")
		a.Endpoint, b.Endpoint = tt.endpoint, tt.endpoint
		c := compared(t, a, b, Options{Secrets: secrets})
		line, body := c.Request.Line.Lines[0], c.Request.Body.Lines[0]
		if line.A != "POST "+tt.shown+" HTTP/1.1" || line.Kind != Changed || !strings.Contains(line.Note, "a secret") {
			t.Errorf("%q: %+v", tt.endpoint, line)
		}
		if body.A != `{"a":{"authToken": "***,"b":1}` || body.B != `{"a":{"AuthToken":"***,"b":1}` || body.Kind != Changed {
			t.Errorf("the body: %+v", body)
		}
	}
}

// Of a path whose secret is known by its value the rest can be read.
func TestPathIsMasked(t *testing.T) {
	options := Options{
		Secrets: []capture.Sensitive{{Path: "path", Secret: true}},
		Mask:    func(target string) string { return strings.ReplaceAll(target, "s3cret", "***") },
	}
	c := compared(t, request("POST", "/probo/s3cret/queued", ""), request("POST", "/probo/accepted", ""), options)
	if line := c.Request.Line.Lines[0]; line.A != "POST /probo/***/queued HTTP/1.1" || line.B != "POST /probo/accepted HTTP/1.1" || line.Kind != Changed {
		t.Errorf("%+v", line)
	}
}

func TestAnswers(t *testing.T) {
	a, b := request("POST", "/x", ""), request("POST", "/x", "")
	a.Response = &capture.Response{Status: 500, Header: capture.Fields{{Name: "Date", Value: "1"}, {Name: "X-Id", Value: "7"}}, Body: []byte("no\n")}
	b.Response = &capture.Response{Status: 200, Header: capture.Fields{{Name: "Date", Value: "2"}, {Name: "X-Id", Value: "7"}}, Body: []byte("yes\n")}
	c := compared(t, a, b, Options{})
	want(t, "status", shown(&c.Response.Line), "~ HTTP 500 | HTTP 200\n")
	if !c.Response.Header.Equal || c.Response.Equal || !c.Request.Equal {
		t.Errorf("header %t, answer %t, request %t; want only the answer to differ", c.Response.Header.Equal, c.Response.Equal, c.Request.Equal)
	}
	b.Response, b.State, b.Error = nil, capture.StateFailed, "refused"
	c = compared(t, a, b, Options{})
	want(t, "no answer", shown(&c.Response.Line), "~ HTTP 500 | no answer: failed\n+ error: refused\n")
	want(t, "its body", shown(&c.Response.Body), "- no\n")
}

func TestFolding(t *testing.T) {
	var a strings.Builder
	for i := range 100 {
		fmt.Fprintf(&a, "line %d\n", i)
	}
	b := strings.Replace(a.String(), "line 50\n", "other\n", 1)
	s := compared(t, request("POST", "/", a.String()), request("POST", "/", b), Options{Context: 1}).Request.Body
	want(t, "folded", shown(&s), "  (49)\n  line 49\n- line 50\n+ other\n  line 51\n  (48)\n")
	if got := s.Rows(s.Lines[0].Row, s.Lines[0].N); len(got) != 49 || got[48].A != "line 48" || got[48].AtB != 49 {
		t.Errorf("unfolded: %d rows, %+v last", len(got), got[len(got)-1])
	}
	if got := s.Rows(s.Len()-1, 10); len(got) != 1 || got[0].B != "line 99" {
		t.Errorf("the last page: %+v", got)
	}
	s = compared(t, request("POST", "/", a.String()), request("POST", "/", b), Options{Context: -1}).Request.Body
	if len(s.Lines) != 101 || s.Len() != 101 {
		t.Errorf("not folded: %d lines of %d, want 101", len(s.Lines), s.Len())
	}
}

// However much differs, what is laid out is bounded, and says how much is missing.
func TestManyLines(t *testing.T) {
	a, b := strings.Repeat("a\n", maxLines), strings.Repeat("b\n", maxLines)
	s := compared(t, request("POST", "/", a), request("POST", "/", b), Options{}).Request.Body
	last := s.Lines[len(s.Lines)-1]
	if len(s.Lines) != maxLines+1 || last.Kind != Folded || last.N != maxLines || last.Differing != maxLines || s.Removed != maxLines {
		t.Errorf("%d lines, the last %+v; want %d and a fold of as many", len(s.Lines), last, maxLines+1)
	}
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, body := range []string{"text\n", `{"a":1}`, "\x00", "<a></a>"} {
		x, y := request("POST", "/", body), request("POST", "/", body+" ")
		// Small ones may be done before anybody looks.
		if _, err := Exchanges(ctx, x, y, Options{}); err != nil && !errors.Is(err, context.Canceled) {
			t.Errorf("%q: %v", body, err)
		}
	}
	big := "[" + strings.Repeat("1,\n", 200_000) + "1]"
	if _, err := Exchanges(ctx, request("POST", "/", big), request("POST", "/", big+" "), Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("a large body: %v, want it cancelled", err)
	}
}
