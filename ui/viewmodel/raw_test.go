package viewmodel

import (
	"strings"
	"testing"

	"hookglass/capture"
)

func TestRaw(t *testing.T) {
	b := newBench(t)
	raw := b.Detail.Raw
	const head = "POST /x?key=hush HTTP/1.1\r\nAuthorization: Basic\r\n c2VjcmV0\r\nX-A: b\r\ncookie: a=b\r\n\r\n"
	x := exchangeOf("application/json", []byte(`{"a":1}`),
		capture.Field{Name: "Authorization", Value: "Basic c2VjcmV0"}, capture.Field{Name: "cookie", Value: "a=b"},
		capture.Field{Name: "Transfer-Encoding", Value: "chunked"})
	x.Request.Head, x.Request.Target = []byte(head), "/x?key=hush"
	x.Request.Truncated = true
	raw.show(x)
	if raw.Text != nil {
		t.Fatal("made though nobody looks")
	}
	b.Detail.Select(TabRaw)
	masked := "POST /x?key=hush HTTP/1.1\r\nAuthorization: " + dots + "\r\n " + dots + "\r\nX-A: b\r\ncookie: " + dots + "\r\n\r\n{\"a\":1}"
	check := func(want string, secret, isMasked bool) {
		t.Helper()
		if got := string(raw.Text.Bytes); got != want || raw.Secret != secret || raw.Masked != isMasked {
			t.Errorf("got %q %v %v, want %q %v %v", got, raw.Secret, raw.Masked, want, secret, isMasked)
		}
	}
	check(masked, true, true)
	if got := raw.Text.Sections; len(got) != 2 || got[0].Syntax != "http" || got[1].Syntax != "json" || got[1].Start != strings.Index(masked, "{") {
		t.Errorf("sections %+v", got)
	}
	if got, want := len(raw.Notes), 3; got != want {
		t.Errorf("%d notes, want %d: %s", got, want, notesOf(raw.Notes))
	}
	raw.ShowSecrets(true)
	check(head+`{"a":1}`, true, false)
	raw.ShowSecrets(false)
	check(masked, true, true)
	raw.Copy()
	if b.copied != head+`{"a":1}` || !strings.Contains(b.Notices.Toast.Text, "secrets") {
		t.Errorf("copied %q, %q", b.copied, b.Notices.Toast.Text)
	}

	plain := exchangeOf("", []byte("x"))
	plain.ID, plain.Request.Head, plain.Request.Exact = 8, []byte("GET / HTTP/1.1\r\n\r\n"), true
	raw.show(plain)
	check("GET / HTTP/1.1\r\n\r\nx", false, false)
	raw.show(nil)
	if raw.Text != nil {
		t.Error("something is left")
	}
}

func TestRawMasksTheTarget(t *testing.T) {
	const target = "/mintsoft?APIKEY=hush-hush-hush"
	got, masked := maskHead([]byte("GET "+target+" HTTP/1.1\r\n\r\n"), nil, target, "/mintsoft?APIKEY="+dots)
	if want := "GET /mintsoft?APIKEY=" + dots + " HTTP/1.1\r\n\r\n"; string(got) != want || !masked {
		t.Errorf("got %q %v, want %q", got, masked, want)
	}
}

func TestRawOfALargeRequest(t *testing.T) {
	b := newBench(t)
	b.Detail.Tab = TabRaw
	raw := b.Detail.Raw
	x := exchangeOf("application/json", bigJSON(1<<20))
	x.Request.Head, x.Request.Exact = []byte("POST / HTTP/1.1\r\n\r\n"), true
	raw.show(x)
	if raw.Text != nil {
		t.Error("made on the screen's goroutine")
	}
	b.settle()
	if raw.Text == nil || len(raw.Text.Bytes) != len(x.Request.Head)+len(x.Request.Body) {
		t.Error("it did not come")
	}
}
