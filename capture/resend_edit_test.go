package capture

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
)

func text(s string) *string { return &s }

func TestParseEdit(t *testing.T) {
	origin, err := ReadRequest([]byte("PUT /a?b=1 HTTP/1.1\r\nHost: h\r\nX-A: 1\r\nContent-Length: 4\r\n\r\nbody"))
	if err != nil {
		t.Fatal(err)
	}
	header := origin.Header
	for _, tt := range []struct {
		name, file string
		want       *Edit
		says       string // of the error
	}{
		{"nothing changed", "PUT /a?b=1 HTTP/1.1\r\nHost: h\r\nX-A: 1\r\nContent-Length: 4\r\n\r\nbody", &Edit{}, ""},
		{"an editor's line ends", "PUT /a?b=1 HTTP/1.1\nHost: h\nX-A: 1\nContent-Length: 4\n\nbody\n", &Edit{}, ""},
		{"a longer body", "PUT /a?b=1 HTTP/1.1\nHost: h\nX-A: 1\nContent-Length: 4\n\nbody and more\n", &Edit{Body: []byte("body and more")}, ""},
		{"no body", "PUT /a?b=1 HTTP/1.1\nHost: h\nX-A: 1\nContent-Length: 4\n\n", &Edit{Body: []byte{}, Text: text("")}, ""},
		{"the line", "POST /new HTTP/1.1\nHost: h\nX-A: 1\nContent-Length: 4\n\nbody", &Edit{Method: "POST", Path: "/new", Query: text("")}, ""},
		{"the header", "PUT /a?b=1 HTTP/1.1\nHost: h\nX-A: 2\n\nbody", &Edit{Header: Fields{{"Host", "h"}, {"X-A", "2"}}}, ""},
		{"chunked", "PUT /a?b=1 HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n", &Edit{Header: Fields{{"Transfer-Encoding", "chunked"}}, Body: []byte("abc")}, ""},
		{
			"JSON", ` {"method": "POST", "query": "", "set": [{"name": "X-A", "value": "1"}], "remove": ["X-B"], "body": "{}"}`,
			&Edit{Method: "POST", Query: text(""), Set: Fields{{"X-A", "1"}}, Remove: []string{"X-B"}, Text: text("{}")}, "",
		},
		{"no empty line", "PUT /a HTTP/1.1\nHost: h\n", nil, "no empty line"},
		{"no request", "hello\n\n", nil, "line 1"},
		{"JSON of something else", `{"metod": "POST"}`, nil, "not the JSON of an edit"},
		{"a field that smuggles", `{"set": [{"name": "X-A", "value": "1\r\nX-B: 2"}]}`, nil, "line end"},
		{"no name", `{"add": [{"name": "X A", "value": "1"}]}`, nil, "no name"},
		{"no method", `{"method": "PO ST"}`, nil, "no method"},
		{"no path", `{"path": "a"}`, nil, "begin with /"},
	} {
		got, err := ParseEdit([]byte(tt.file), &origin)
		if tt.says != "" {
			if !errors.Is(err, ErrEdit) || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("%s: got %v, want %q", tt.name, err, tt.says)
			}
			continue
		}
		if err != nil || !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%s: got %+v, %v, want %+v", tt.name, got, err, tt.want)
		}
	}
	if !slices.Equal(header, origin.Header) {
		t.Error("the origin has changed")
	}
}

func TestEditApply(t *testing.T) {
	const raw = "PUT /a?b=1 HTTP/1.1\r\nHost: h\r\nx-a: 1\r\nX-B: 2\r\nX-A: 3\r\nContent-Length: 4\r\n\r\nbody"
	for _, tt := range []struct {
		name, url string
		edit      Edit
		want      string // on the wire, without Connection
	}{
		{"nothing", "http://h", Edit{}, raw},
		{"the line", "http://h", Edit{Method: "POST", Path: "/ä", Query: text("c=2")}, strings.Replace(raw, "PUT /a?b=1", "POST /%C3%A4?c=2", 1)},
		{"a path alone", "http://h", Edit{Path: "/new"}, strings.Replace(raw, "/a?b=1", "/new?b=1", 1)},
		{"no query", "http://h", Edit{Query: text("")}, strings.Replace(raw, "/a?b=1", "/a", 1)},
		{"an address with a path wins", "http://h/klix", Edit{Path: "/new"}, strings.Replace(raw, "/a?b=1", "/klix?b=1", 1)},
		{"set", "http://h", Edit{Set: Fields{{"X-A", "9"}}}, "PUT /a?b=1 HTTP/1.1\r\nHost: h\r\nX-A: 9\r\nX-B: 2\r\nContent-Length: 4\r\n\r\nbody"},
		{"add and remove", "http://h", Edit{Remove: []string{"x-A"}, Add: Fields{{"X-C", "1"}, {"X-C", "2"}}}, "PUT /a?b=1 HTTP/1.1\r\nHost: h\r\nX-B: 2\r\nContent-Length: 4\r\nX-C: 1\r\nX-C: 2\r\n\r\nbody"},
		{"the body", "http://h", Edit{Text: text("longer body")}, strings.NewReplacer("Length: 4", "Length: 11", "\r\nbody", "\r\nlonger body").Replace(raw)},
		{"no body", "http://h", Edit{Text: text("")}, strings.NewReplacer("Length: 4", "Length: 0", "\r\nbody", "\r\n").Replace(raw)},
		{"bytes", "http://h", Edit{Body: []byte{0, 0xff}}, strings.NewReplacer("Length: 4", "Length: 2", "\r\nbody", "\r\n\x00\xff").Replace(raw)},
	} {
		x := stored(raw)
		o, err := Prepare(x, Preparation{To: tt.url, Edit: &tt.edit, Keep: true})
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		if got := string(o.Request.Head) + string(o.Request.Body); got != tt.want {
			t.Errorf("%s:\ngot  %q\nwant %q", tt.name, got, tt.want)
		}
		if again := stored(raw); !reflect.DeepEqual(x, again) {
			t.Errorf("%s: the origin has changed: %+v", tt.name, x)
		}
		if o.Sending.SameBody == tt.edit.HasBody() {
			t.Errorf("%s: same body: %v", tt.name, o.Sending.SameBody)
		}
	}
}

func TestPrepareAddress(t *testing.T) {
	for _, tt := range []struct {
		to, target string
		p          Preparation
		want       string
	}{
		{"http://h:3000", "/a?b=1", Preparation{}, "http://h:3000/a?b=1"},
		{"http://h/", "/a?b=1", Preparation{}, "http://h/a?b=1"},
		{"https://h/klix", "/a?b=1", Preparation{}, "https://h/klix?b=1"},
		{"http://h/klix?", "/a?b=1", Preparation{}, "http://h/klix?"},
		{"http://h/klix?c=2#part", "/a?b=1", Preparation{}, "http://h/klix?c=2"},
		{"http://h?c=2", "/a?b=1", Preparation{}, "http://h/a?c=2"},
		{"http://h/klix?c=2", "/a?b=1", Preparation{KeepPath: true}, "http://h/a?b=1"},
		{"http://h", "/a?b=1", Preparation{Whole: true}, "http://h/"},
		{"http://h/klix", "/a?b=1", Preparation{Whole: true}, "http://h/klix"},
		{"http://h", "http://old/a?b=1", Preparation{}, "http://h/a?b=1"},
		{"http://h", "/a?", Preparation{}, "http://h/a?"},
		{"http://h", "/a//b/../%7e?x=%zz", Preparation{}, "http://h/a//b/../%7e?x=%zz"},
		{"http://h", "*", Preparation{}, "http://h*"},
	} {
		tt.p.To = tt.to
		x := stored("OPTIONS " + tt.target + " HTTP/1.1\r\nHost: h\r\n\r\n")
		o, err := Prepare(x, tt.p)
		if err != nil || o.URL() != tt.want {
			t.Errorf("%s to %s: %v, %v, want %s", tt.target, tt.to, o.URL(), err, tt.want)
		}
	}
	if _, err := Prepare(stored("GET / HTTP/1.1\r\nHost: h\r\n\r\n"), Preparation{To: "ftp://h"}); !errors.Is(err, ErrReplay) {
		t.Errorf("to ftp: %v", err)
	}
}

func TestDifferences(t *testing.T) {
	x := stored("POST /a?APIKEY=x&b=1 HTTP/1.0\r\nHost: old\r\nAuthorization: y\r\nConnection: X-Hop\r\nX-Hop: 1\r\nX-Forwarded-For: 1.2.3.4\r\n" +
		"X-Sig: 1\r\nX-Same: 1\r\nX-Edit: 1\r\nContent-Length: 4\r\n\r\nbody")
	x.Via, x.UID = ViaTunnel, "uid"
	o := prepared(t, x, Preparation{
		To: "http://new", Keep: true, Marker: true, Drop: []string{"header Authorization", "?apikey", "header Absent"},
		Edit: &Edit{Set: Fields{{"X-Edit", "2"}}, Text: text("longer")},
		Sign: func(r *Request) error {
			r.Header = withField(r.Header, Field{"X-Sig", "2"})
			return nil
		},
	})
	want := []string{
		"target: /a?b=1, was /a?APIKEY=*** (a secret, left out)",
		"version: HTTP/1.1, was HTTP/1.0 (HTTP/1.1 is spoken here)",
		"header Host: new, was old (it goes somewhere else)",
		"header Authorization: not sent (a secret, left out)",
		"header Connection: not sent (it belongs to one connection)",
		"header X-Hop: not sent (it belongs to one connection)",
		"header X-Forwarded-For: not sent (the tunnel had added it)",
		"header X-Sig (signed again)",
		"header X-Edit (edited)",
		"header Content-Length: 6, was 4 (the body is sent in one piece of that length)",
		"header X-Hookglass-Resend: uid (says that it is a resend)",
		"body: 6 bytes, was 4 bytes (edited)",
	}
	var got []string
	for _, d := range o.Sending.Differences {
		got = append(got, d.String())
	}
	// &b=1 behind APIKEY stays masked or not: what matters is that x is not there.
	if len(got) > 0 {
		got[0] = strings.Replace(got[0], "APIKEY=***&b=1", "APIKEY=***", 1)
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	failing := errors.New("no key")
	if _, err := Prepare(x, Preparation{To: "http://h", Sign: func(*Request) error { return failing }}); !errors.Is(err, failing) {
		t.Errorf("a signer that fails: %v", err)
	}
}

func TestJudge(t *testing.T) {
	with := func(state State, status int) *Exchange {
		x := &Exchange{State: state}
		if status > 0 {
			x.Response = &Response{Status: status}
		}
		return x
	}
	for _, tt := range []struct {
		first, again *Exchange
		want         Outcome
		words        string
	}{
		{with(StateAnswered, 200), with(StateAnswered, 200), Same, "same: 200"},
		{with(StateAnswered, 200), with(StateAnswered, 204), Same, "a success as at first: 204, was 200"},
		{with(StateAnswered, 503), with(StateAnswered, 200), Fixed, "fixed: 200 in place of 503"},
		{with(StateFailed, 0), with(StateAnswered, 200), Fixed, "fixed: 200 in place of no answer"},
		{with(StateGone, 200), with(StateAnswered, 200), Fixed, "fixed: 200 in place of 200"},
		{with(StateAnswered, 200), with(StateAnswered, 302), Regressed, "regressed: 302 in place of 200"},
		{with(StateAnswered, 500), with(StateAnswered, 500), StillFailing, "still failing: 500, was 500"},
		{with(StateAnswered, 200), with(StateFailed, 0), Unanswered, "no answer"},
		{with(StateAnswered, 200), with(StateFailed, 200), Unanswered, "no answer"},
		{with(StateReceived, 0), with(StateAnswered, 200), "", "200"},
		{nil, with(StateAnswered, 404), "", "404"},
	} {
		if got := Judge(tt.first, tt.again); got.Outcome != tt.want || got.Words != tt.words {
			t.Errorf("got %+v, want %s: %s", got, tt.want, tt.words)
		}
	}
}

func FuzzParseEdit(f *testing.F) {
	f.Add([]byte("PUT /a HTTP/1.1\r\nHost: h\r\n\r\nbody\n"))
	f.Add([]byte(`{"set": [{"name": "X", "value": "1"}], "query": "a b"}`))
	f.Fuzz(func(t *testing.T, file []byte) {
		x := stored("POST /b HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nbody")
		edit, err := ParseEdit(file, &x.Request)
		if err != nil {
			return
		}
		o, err := Prepare(x, Preparation{To: "http://h", Edit: edit})
		if err != nil {
			return
		}
		// Whatever was edited is one request, of that body.
		raw := append(slices.Clone(o.Request.Head), o.Request.Body...)
		again, err := ReadRequest(raw)
		if err != nil || again.Truncated || string(again.Body) != string(o.Request.Body) {
			t.Errorf("%q is sent as %q, which reads as %+v, %v", file, raw, again, err)
		}
		_ = fmt.Sprint(o.Sending.Differences)
	})
}
