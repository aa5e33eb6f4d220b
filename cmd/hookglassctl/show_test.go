package main_test

import (
	"bufio"
	"bytes"
	"strings"
	"testing"
)

// Of a head that net/http refused, show has the bytes and net/http's reason.
func TestShowRefused(t *testing.T) {
	p := serve(t, t.TempDir())
	if answer := p.sendRaw(t, []byte("GET /klix HTTP/1.1\r\nX-Odd: 1\r\n\r\n")); answer.status != 400 {
		t.Fatalf("answered %d without a Host, want 400", answer.status)
	}
	mustCtl(t, p.dir, nil, "wait", "--since", "1h", "--timeout", "20s")
	shown := mustCtl(t, p.dir, nil, "show", "1")
	for _, want := range []string{"GET /klix HTTP/1.1", "X-Odd: 1", "missing required Host header"} {
		if !strings.Contains(shown, want) {
			t.Errorf("show does not say %q: %s", want, shown)
		}
	}
}

// A body that breaks off is no success for its sender.
func TestBrokenBodyIsNotAccepted(t *testing.T) {
	p := serve(t, t.TempDir())
	raw := "POST /komet/confirm HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"com\r\nXX\r\n"
	if answer := p.sendRaw(t, []byte(raw)); answer.status != 400 {
		t.Errorf("answered %d, want 400", answer.status)
	}
	if got := last(t, p.dir, 1); !got.Truncated || !strings.Contains(got.Error, "malformed") || got.Answer.Status != 400 {
		t.Errorf("kept as %+v, want it truncated, with its error and the answer", got)
	}
}

// A large body is decoded when someone looks, and only then.
func TestLargeBody(t *testing.T) {
	p := serve(t, t.TempDir())
	body := fixture(t, "kornitx_dispatched.json")
	body = append(append(bytes.Clone(body[:len(body)-1]), `,"more":"`...), bytes.Repeat([]byte("x"), 1<<20)...)
	body = append(body, `"}`...)
	conn := p.dial(t)
	if _, err := conn.Write((&callback{"PUT", "/kornitx/large", []string{asJSON}, body}).raw()); err != nil {
		t.Fatal(err)
	}
	if answer := readAnswer(t, bufio.NewReader(conn)); answer.status != 200 {
		t.Fatalf("answered %d, want 200", answer.status)
	}
	if got := settled(t, p.dir, 1)[0]; got.Event != "" || !strings.HasPrefix(got.Summary, "Large body") {
		t.Errorf("listed as %q %q, want no event and that it is large", got.Event, got.Summary)
	}
	if got := show(t, p.dir, 1); got.Event != "order.dispatched" || got.Order == "" {
		t.Errorf("shown as %q, order %q; want it decoded", got.Event, got.Order)
	}
}

// A verdict that was reached with a key of yesterday is not argued with.
func TestShowKeepsAProvenVerdict(t *testing.T) {
	p := serve(t, t.TempDir())
	mustCtl(t, p.dir, []byte(kornitxKey), "secret", "set", "kornitx.api_key")
	p.send(t, signedKornitX(t))
	settled(t, p.dir, 1)
	mustCtl(t, p.dir, []byte("another"), "secret", "set", "kornitx.api_key")
	shown := mustCtl(t, p.dir, nil, "show", "1")
	if !strings.Contains(shown, "Proof: valid") || strings.Contains(shown, "expected") || strings.Contains(shown, "tried") {
		t.Errorf("show argues with its verdict: %s", shown)
	}
}

// Any path answers a connection test with the methods that it takes.
func TestOptionsAnywhere(t *testing.T) {
	p := serve(t, t.TempDir())
	for _, target := range []string{"/callbacks", "/klix/x", "/komet/confirm", "*"} {
		answer := p.sendRaw(t, []byte("OPTIONS "+target+" HTTP/1.1\r\nHost: h\r\n\r\n"))
		for _, name := range []string{"Allow", "Access-Control-Allow-Methods"} {
			if got := answer.header.Get(name); answer.status != 200 || !strings.Contains(got, "POST") || !strings.Contains(got, "PUT") {
				t.Errorf("OPTIONS %s: %d with %s %q, want 200 with POST and PUT", target, answer.status, name, got)
			}
		}
	}
}

// verify says where a file is not the request that it seems to be.
func TestVerifySaysWhatIsWrongWithTheFile(t *testing.T) {
	dir := t.TempDir()
	for _, tt := range []struct{ name, raw, says string }{
		{"no empty line", "PUT /klix/x HTTP/1.1\r\nHost: h\r\n{\"id\":1}\n", "empty line"},
		{"longer than announced", "PUT /klix/x HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\n{\"id\":1}", "goes on for 6 B"},
		{"shorter than announced", "PUT /klix/x HTTP/1.1\r\nHost: h\r\nContent-Length: 99\r\n\r\n{\"id\":1}", "ends before"},
	} {
		if _, stderr, code := ctl(t, dir, []byte(tt.raw), "verify", "-"); code != 1 || !strings.Contains(stderr, tt.says) {
			t.Errorf("%s: exit %d and %q, want exit 1 and %q", tt.name, code, stderr, tt.says)
		}
	}
}
