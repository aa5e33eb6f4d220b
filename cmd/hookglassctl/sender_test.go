package main_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// callback is a request as a vendor's documentation shows it.
type callback struct {
	method string
	target string
	header []string // "Name: value"
	body   []byte
}

// answered is what a sender gets back.
type answered struct {
	status int
	header http.Header
	body   string
}

// send sends a callback with curl, and over a plain socket where curl is not
// installed.
func (p *program) send(t testing.TB, c callback) answered {
	t.Helper()
	curl, err := exec.LookPath("curl")
	if err != nil {
		return p.sendRaw(t, c.raw())
	}
	args := []string{"--silent", "--show-error", "--include", "--globoff", "--path-as-is", "--max-time", "30", "--request", c.method}
	for _, field := range c.header {
		args = append(args, "--header", field)
	}
	if c.body != nil {
		args = append(args, "--data-binary", "@-")
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, curl, append(args, p.url+c.target)...)
	cmd.Stdin = bytes.NewReader(c.body)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("curl %s %s: %v: %s", c.method, c.target, err, &errs)
	}
	return readAnswer(t, bufio.NewReader(bytes.NewReader(out)))
}

// raw is the request as bytes, its fields in their order.
func (c *callback) raw() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s %s HTTP/1.1\r\nHost: hooks.example\r\n", c.method, c.target)
	for _, field := range c.header {
		b.WriteString(field + "\r\n")
	}
	if c.body != nil {
		fmt.Fprintf(&b, "Content-Length: %d\r\n", len(c.body))
	}
	b.WriteString("\r\n")
	b.Write(c.body)
	return b.Bytes()
}

// sendRaw sends bytes over a connection of their own and reads one answer.
func (p *program) sendRaw(t testing.TB, raw []byte) answered {
	t.Helper()
	conn := p.dial(t)
	if _, err := conn.Write(raw); err != nil {
		t.Fatal(err)
	}
	return readAnswer(t, bufio.NewReader(conn))
}

// dial connects; the connection is closed with the test.
func (p *program) dial(t testing.TB) net.Conn {
	t.Helper()
	var dialer net.Dialer
	conn, err := dialer.DialContext(t.Context(), "tcp", p.addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	if err := conn.SetDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	return conn
}

// readAnswer reads one answer.
func readAnswer(t testing.TB, r *bufio.Reader) answered {
	t.Helper()
	answer, err := parseAnswer(r)
	if err != nil {
		t.Fatalf("reading the answer: %v", err)
	}
	return answer
}

// parseAnswer reads one answer and passes over "100 Continue".
func parseAnswer(r *bufio.Reader) (answered, error) {
	for {
		response, err := http.ReadResponse(r, nil)
		if err != nil {
			return answered{}, err
		}
		body, err := io.ReadAll(response.Body)
		_ = response.Body.Close()
		if err != nil || response.StatusCode != http.StatusContinue {
			return answered{response.StatusCode, response.Header, string(body)}, err
		}
	}
}

// names says whether a comma-separated field names every one of the words.
func names(field string, words ...string) bool {
	listed := strings.FieldsFunc(field, func(r rune) bool { return r == ',' || r == ' ' })
	for _, word := range words {
		found := false
		for _, one := range listed {
			found = found || strings.EqualFold(one, word)
		}
		if !found {
			return false
		}
	}
	return true
}
