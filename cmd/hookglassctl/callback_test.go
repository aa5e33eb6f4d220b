package main_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestLadderNamesReformatting(t *testing.T) {
	p := serve(t, t.TempDir())
	configure(t, p.dir)
	signed := fixture(t, "klix_signed.json")
	var pretty bytes.Buffer
	if err := json.Indent(&pretty, signed, "", "  "); err != nil {
		t.Fatal(err)
	}
	for i, tt := range []struct {
		name  string
		body  []byte
		match string // in what the ladder says of the reading that would match
	}{
		{"pretty-printed", pretty.Bytes(), "body minified"},
		{"a newline at its end", append(bytes.Clone(signed), '\n'), "line end"},
		{"a BOM", append([]byte("\ufeff"), signed...), "byte order mark"},
		{"as Klix prints it", fixture(t, "klix_printed.json"), "payment.method"},
	} {
		p.send(t, callback{"PUT", "/klix/purchases", []string{asJSON, klixSignature(t)}, tt.body})
		got := last(t, p.dir, i+1)
		if got.Verification.Status != "invalid" || len(got.Verification.Tried) == 0 {
			t.Errorf("%s: got %s with %d readings tried, want invalid and some", tt.name, got.Verification.Status, len(got.Verification.Tried))
		}
		if matching := strings.Join(got.matching(), "\n"); !strings.Contains(matching, tt.match) {
			t.Errorf("%s: the ladder says that this would match, want %q in it:\n%s", tt.name, tt.match, matching)
		}
	}
}

func TestConnectionTestAnswer(t *testing.T) {
	p := serve(t, t.TempDir())
	answer := p.send(t, callback{method: "OPTIONS", target: "/klix/callbacks"})
	for _, name := range []string{"Allow", "Access-Control-Allow-Methods"} {
		if field := answer.header.Get(name); !names(field, "POST", "PUT") {
			t.Errorf("%s: %q, want POST and PUT in it", name, field)
		}
	}
	terms := p.send(t, callback{method: "GET", target: "/klix/terms.html"})
	if kind := terms.header.Get("Content-Type"); !strings.HasPrefix(kind, "text/html") {
		t.Errorf("the terms are %q, want a page", kind)
	}
}

func TestKometAnswer(t *testing.T) {
	p := serve(t, t.TempDir())
	answer := p.send(t, callback{"POST", "/komet/confirm", []string{asJSON}, []byte(`{"companyId":1,"orderId":2}`)})
	var got map[string]any
	if err := json.Unmarshal([]byte(answer.body), &got); err != nil {
		t.Fatalf("%v in %s", err, answer.body)
	}
	message, _ := got["message"].(string)
	if got["status"] != "1" || message == "" || len(got) != 2 {
		t.Errorf(`got %s, want {"status":"1","message":"…"}`, answer.body)
	}
}

// What came is kept as it came: order, case and repeats of the fields, the
// target, every byte of the body, trailers.
func TestWireFidelity(t *testing.T) {
	p := serve(t, t.TempDir())
	raw := "POST /x/a%2Fb//c?b=2&a=1&b=3 HTTP/1.1\r\nhOST: hooks.example\r\nx-ONE: 1\r\nX-Two:  two \r\nX-One: again\r\n" +
		"Transfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n5\r\n\x00\xff\r\n{\r\n3;ext=1\r\nabc\r\n0\r\nX-Sum: 8\r\n\r\n"
	if answer := p.sendRaw(t, []byte(raw)); answer.status != 200 {
		t.Fatalf("answered %d, want 200", answer.status)
	}
	got := last(t, p.dir, 1)
	headers := [][2]string{
		{"hOST", "hooks.example"},
		{"x-ONE", "1"},
		{"X-Two", "two"},
		{"X-One", "again"},
		{"Transfer-Encoding", "chunked"},
		{"Trailer", "X-Sum"},
	}
	if !reflect.DeepEqual(got.Headers, headers) {
		t.Errorf("headers: got %v, want %v", got.Headers, headers)
	}
	if want := [][2]string{{"X-Sum", "8"}}; !reflect.DeepEqual(got.Trailers, want) {
		t.Errorf("trailers: got %v, want %v", got.Trailers, want)
	}
	if want := "/x/a%2Fb//c?b=2&a=1&b=3"; got.Target != want {
		t.Errorf("target: got %s, want %s", got.Target, want)
	}
	if want := "\x00\xff\r\n{abc"; string(got.body(t)) != want {
		t.Errorf("body: got %q, want %q", got.body(t), want)
	}
	if body := mustCtl(t, p.dir, nil, "show", got.UID, "--body"); body != "\x00\xff\r\n{abc" {
		t.Errorf("show --body by uid: got %q, want the bytes as sent", body)
	}
	if got.Endpoint != "" || got.Proto != "HTTP/1.1" || got.Host != "hooks.example" || got.Size != 8 {
		t.Errorf("got endpoint %q, %s, host %q, size %d", got.Endpoint, got.Proto, got.Host, got.Size)
	}
}

func TestPipelinedRequests(t *testing.T) {
	p := serve(t, t.TempDir())
	conn := p.dial(t)
	var all bytes.Buffer
	for n := range 5 {
		c := callback{"POST", fmt.Sprintf("/x/%d", n), []string{fmt.Sprintf("X-nUMBER: %d", n)}, fmt.Append(nil, "body ", n)}
		all.Write(c.raw())
	}
	if _, err := conn.Write(all.Bytes()); err != nil {
		t.Fatal(err)
	}
	answers := bufio.NewReader(conn)
	for range 5 {
		readAnswer(t, answers)
	}
	for n, row := range settled(t, p.dir, 5) {
		got := show(t, p.dir, row.ID)
		field := [2]string{"X-nUMBER", fmt.Sprint(n)}
		if got.Target != fmt.Sprintf("/x/%d", n) || string(got.body(t)) != fmt.Sprint("body ", n) || got.Headers[1] != field {
			t.Errorf("request %d: got %s %q %v", n, got.Target, got.body(t), got.Headers)
		}
	}
}

func TestAttempts(t *testing.T) {
	p := serve(t, t.TempDir())
	c := callback{"PUT", "/klix/purchases", []string{asJSON, klixSignature(t)}, fixture(t, "klix_signed.json")}
	for range 3 {
		p.send(t, c)
	}
	for i, row := range settled(t, p.dir, 3) {
		if row.Attempt != i+1 || row.Delivery == "" {
			t.Errorf("callback %d: attempt %d of delivery %q, want attempt %d", row.ID, row.Attempt, row.Delivery, i+1)
		}
		if at, err := time.Parse(time.RFC3339Nano, row.ReceivedAt); err != nil || time.Since(at).Abs() > time.Hour {
			t.Errorf("received_at %q: %v, want now", row.ReceivedAt, err)
		}
	}
}
