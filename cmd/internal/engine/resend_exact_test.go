package engine

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"hookglass/capture"
)

// rawReceiver answers 200 and passes on the bytes of every request.
func rawReceiver(t *testing.T) (addr string, requests <-chan []byte) {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	got := make(chan []byte, 10)
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go receiveRaw(conn, got)
		}
	}()
	t.Cleanup(func() { _ = l.Close() })
	return l.Addr().String(), got
}

// receiveRaw tells requests apart by their own Content-Length alone.
func receiveRaw(conn net.Conn, got chan<- []byte) {
	defer func() { _ = conn.Close() }()
	var all []byte
	part := make([]byte, 64<<10)
	for {
		n, err := conn.Read(part)
		all = append(all, part[:n]...)
		if head, body, whole := bytes.Cut(all, []byte("\r\n\r\n")); whole {
			length := 0
			for line := range strings.SplitSeq(string(head), "\r\n") {
				if name, value, ok := strings.Cut(line, ":"); ok && strings.EqualFold(name, "Content-Length") {
					length, _ = strconv.Atoi(strings.TrimSpace(value))
				}
			}
			if len(body) >= length {
				got <- bytes.Clone(all)
				all = all[:0]
				_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
			}
		}
		if err != nil {
			return
		}
	}
}

// exactly is what a captured request has to arrive as: its own bytes, with another
// Host, and the length where it had none.
func exactly(raw []byte, body []byte, host string) string {
	head, _, _ := bytes.Cut(bytes.ReplaceAll(raw, []byte("\r\n"), []byte("\n")), []byte("\n\n"))
	var b strings.Builder
	measured, hosted := false, false
	for i, line := range strings.Split(string(head), "\n") {
		name, _, _ := strings.Cut(line, ":")
		switch lower := strings.ToLower(name); {
		case i == 0:
			line = strings.TrimSuffix(strings.TrimSuffix(line, "0"), "1") + "1"
		case lower == "host":
			line, hosted = name+": "+host, true
		case lower == "content-length":
			line, measured = name+": "+strconv.Itoa(len(body)), true
		case lower == "connection":
			continue
		}
		b.WriteString(line + "\r\n")
	}
	text := b.String()
	if !hosted {
		first, rest, _ := strings.Cut(text, "\r\n")
		text = first + "\r\nHost: " + host + "\r\n" + rest
	}
	if !measured && len(body) > 0 {
		text += fmt.Sprintf("Content-Length: %d\r\n", len(body))
	}
	return text + "\r\n" + string(body)
}

// What arrives equals what was captured, for every fixture of every provider.
func TestResendOfEveryFixtureIsExact(t *testing.T) {
	paths, err := filepath.Glob("../../../providers/*/testdata/*.http")
	if err != nil || len(paths) < 20 {
		t.Fatalf("%d fixtures, %v", len(paths), err)
	}
	s := start(t, t.TempDir(), nil)
	addr, arrived := rawReceiver(t)
	tried := 0
	for _, path := range paths {
		file, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		_, raw, found := bytes.Cut(bytes.ReplaceAll(file, []byte("---\r\n"), []byte("---\n")), []byte("---\n"))
		if !found {
			t.Fatalf("%s: no line ---", path)
		}
		r, err := capture.ReadRequest(raw)
		if err != nil || r.Truncated || strings.Contains(strings.ToLower(string(r.Head)), "transfer-encoding") {
			continue // chunks are sent in one piece
		}
		x := &capture.Exchange{State: capture.StateAnswered, Via: capture.ViaLocal, Request: r}
		if err := s.Store.Create(t.Context(), x); err != nil {
			t.Fatal(err)
		}
		report, _ := doJob(t, s, ResendJob{Resending: to("http://" + addr), IDs: []int64{x.ID}, Times: 2})
		if report.Sent != 2 {
			t.Errorf("%s: %+v", path, report)
			continue
		}
		tried++
		want := exactly(raw, r.Body, addr)
		for range 2 {
			select {
			case got := <-arrived:
				if string(got) != want {
					t.Errorf("%s: arrived\n%.2000q\nwant\n%.2000q", path, got, want)
				}
			case <-time.After(failAfter):
				t.Fatalf("%s: nothing arrived", path)
			}
		}
	}
	if tried < 20 {
		t.Errorf("only %d of %d fixtures were sent", tried, len(paths))
	}
}
