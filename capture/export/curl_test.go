package export

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"hookglass/capture"
	"hookglass/providers/all"
)

func TestCurl(t *testing.T) {
	for _, c := range []struct {
		name     string
		request  capture.Request
		via      capture.Via
		file     string
		want, no []string
		err      string
	}{
		{
			name: "quotes, order and case",
			request: capture.Request{Method: "PUT", Target: "/kornitx/x?a=[1]", Body: []byte(`{"a":"it's"}`), Header: capture.Fields{
				{Name: "Host", Value: "h"}, {Name: "content-type", Value: "application/json"}, {Name: "X-A", Value: ""}, {Name: "X-Forwarded-For", Value: "1.2.3.4"},
			}},
			want: []string{"curl --globoff --path-as-is -X 'PUT' 'http://127.0.0.1:4480/kornitx/x?a=[1]'", "-H 'content-type: application/json'", "-H 'X-A;'", `--data-binary '{"a":"it'\''s"}'`, "-H 'User-Agent:'", "X-Forwarded-For"},
			no:   []string{"'Host", "-H 'Content-Type:'"},
		},
		{
			name: "bytes that a shell does not take", via: capture.ViaTunnel,
			request: capture.Request{Method: "POST", Target: "/x", Body: []byte{0, 1, 0xff}, Header: capture.Fields{{Name: "X-Forwarded-For", Value: "1.2.3.4"}}},
			want:    []string{"base64 -d <<'END' | curl", "--data-binary @-", "\nAAH/\nEND\n", "-H 'Content-Type:'"},
			no:      []string{"X-Forwarded-For"},
		},
		{name: "a body that looks like a file", request: capture.Request{Method: "POST", Target: "/x", Body: []byte("@/etc/passwd")}, want: []string{"base64 -d"}, no: []string{"@/etc"}},
		{name: "a file", file: "it's.bin", request: capture.Request{Method: "POST", Target: "/x", Body: make([]byte, maxInline+1)}, want: []string{`--data-binary '@it'\''s.bin'`}, no: []string{"base64"}},
		{name: "too large", request: capture.Request{Method: "POST", Target: "/x", Body: make([]byte, maxInline+1)}, err: "too large"},
		{name: "nothing, said so", request: capture.Request{Method: "POST", Target: "/x", Header: capture.Fields{{Name: "Content-Length", Value: "0"}}}, want: []string{"--data-binary ''", "-H 'Content-Type:'"}},
		{name: "nothing", request: capture.Request{Method: "POST", Target: "/x"}, no: []string{"--data"}},
		{name: "HEAD", request: capture.Request{Method: "HEAD", Target: "/x"}, want: []string{"--head 'http://127.0.0.1:4480/x'"}, no: []string{"-X", "--data"}},
		{name: "a fragment", request: capture.Request{Method: "POST", Target: "/x?a=b#c"}, want: []string{"'http://127.0.0.1:4480/x?a=b#c' --request-target '/x?a=b#c'"}},
		{name: "no path", request: capture.Request{Method: "OPTIONS", Target: "*"}, want: []string{"'http://127.0.0.1:4480/' --request-target '*'"}},
		{name: "a line in a target", request: capture.Request{Method: "POST", Target: "/x\r\nA: b"}, err: "characters in its head"},
		{name: "an escape in a field", request: capture.Request{Method: "POST", Target: "/x", Header: capture.Fields{{Name: "A", Value: "\x1b[2J"}}}, err: "characters in its head"},
		{name: "turned text", request: capture.Request{Method: "POST", Target: "/x", Body: []byte("a\u202eb")}, want: []string{"base64 -d"}},
		{name: "a part", request: capture.Request{Method: "POST", Target: "/x", Truncated: true}, err: "only a part"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := Curl(&capture.Exchange{Request: c.request, Via: c.via}, "http://127.0.0.1:4480", c.file)
			if c.err != "" {
				if err == nil || !strings.Contains(err.Error(), c.err) {
					t.Errorf("error %v, want %q", err, c.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			for _, part := range c.want {
				if !strings.Contains(got, part) {
					t.Errorf("%q is not in\n%s", part, got)
				}
			}
			for _, part := range c.no {
				if strings.Contains(got, part) {
					t.Errorf("%q is in\n%s", part, got)
				}
			}
		})
	}
}

// TestCurlRuns has the real curl send every sample, and what is hard to write in a
// shell, to a raw socket.
func TestCurlRuns(t *testing.T) {
	if _, err := exec.LookPath("curl"); err != nil {
		t.Skip("there is no curl")
	}
	heard := make(chan capture.Request, 1)
	base := rawReceiver(t, heard)
	var requests []capture.Request
	for _, p := range all.NewSet().All() {
		for i := range p.Samples {
			requests = append(requests, p.Samples[i].Request())
		}
	}
	everyByte := make([]byte, 256)
	for i := range everyByte {
		everyByte[i] = byte(i)
	}
	field := func(name, value string) capture.Field { return capture.Field{Name: name, Value: value} }
	requests = append(requests,
		capture.Request{Method: "POST", Target: "/every/byte", Body: everyByte},
		capture.Request{Method: "PUT", Target: "/../dots/./{a,b}[1-3]?q='\"$HOME`x`", Body: []byte("$(id) `id` \\ ' \" % \n"), Header: capture.Fields{
			field("X-b", "1"), field("x-B", "2"), field("X-Empty", ""), field("Content-Encoding", "gzip"), field("x-u", "ü"),
		}},
		capture.Request{Method: "OPTIONS", Target: "*"},
		capture.Request{Method: "POST", Target: "/frag?a=b#c"},
		capture.Request{Method: "DELETE", Target: "/none", Header: capture.Fields{field("Content-Length", "0")}},
		capture.Request{Method: "POST", Target: "/large", Body: bytes.Repeat([]byte{0, 0xff, '\n'}, 10<<20/3)},
	)
	file := filepath.Join(t.TempDir(), "it's a body")
	for i := range requests {
		r := &requests[i]
		x := &capture.Exchange{Request: *r}
		at := ""
		if len(r.Body) > 1<<20 {
			at = file
			if err := os.WriteFile(file, r.Body, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		command, err := Curl(x, base, at)
		if err != nil {
			t.Fatal(err)
		}
		shell := exec.CommandContext(t.Context(), "sh", "-s")
		shell.Stdin = strings.NewReader("exec 2>&1\n" + strings.Replace(command, "curl ", "curl -sS --noproxy '*' ", 1))
		if out, err := shell.Output(); err != nil {
			t.Errorf("%s: %v, %s", r.Target, err, out)
			continue
		}
		got := <-heard
		if got.Method != r.Method || got.Target != r.Target || !bytes.Equal(got.Body, r.Body) {
			t.Errorf("%s %s: got %s %s, %d bytes, want %d", r.Method, r.Target, got.Method, got.Target, len(got.Body), len(r.Body))
		}
		if a, b := sentFields(got.Header), sentFields(r.Header); !slices.Equal(a, b) {
			t.Errorf("%s: got %q, want %q", r.Target, a, b)
		}
	}
}

// sentFields leaves out what is of the connection.
func sentFields(header capture.Fields) capture.Fields {
	kept := capture.Fields{}
	for _, f := range header {
		if !leftOut(strings.ToLower(f.Name)) {
			kept = append(kept, f)
		}
	}
	return kept
}

// rawReceiver hears requests as they are on the wire.
func rawReceiver(t *testing.T, heard chan<- capture.Request) string {
	t.Helper()
	var config net.ListenConfig
	l, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			hear(t, conn, heard)
		}
	}()
	t.Cleanup(func() {
		_ = l.Close()
		<-done
	})
	return "http://" + l.Addr().String()
}

func hear(t *testing.T, conn net.Conn, heard chan<- capture.Request) {
	defer conn.Close()
	var raw bytes.Buffer
	in := bufio.NewReader(io.TeeReader(conn, &raw))
	parsed, err := http.ReadRequest(in)
	if err != nil {
		t.Error(err)
		return
	}
	if strings.EqualFold(parsed.Header.Get("Expect"), "100-continue") {
		_, _ = conn.Write([]byte("HTTP/1.1 100 Continue\r\n\r\n"))
	}
	if _, err := io.Copy(io.Discard, parsed.Body); err != nil {
		t.Error(err)
	}
	r, err := capture.ReadRequest(raw.Bytes())
	if err != nil {
		t.Error(err)
	}
	_, _ = conn.Write([]byte("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"))
	heard <- r
}
