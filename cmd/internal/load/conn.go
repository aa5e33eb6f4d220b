package load

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
)

// Conn is a kept HTTP/1.1 connection. One goroutine uses it at a time.
type Conn struct {
	net.Conn
	in *bufio.Reader
}

// Dial connects to an address "host:port".
func Dial(ctx context.Context, addr string) (*Conn, error) {
	var dialer net.Dialer
	conn, err := dialer.DialContext(ctx, "tcp", addr)
	if err != nil {
		return nil, err
	}
	return &Conn{conn, bufio.NewReaderSize(conn, 4<<10)}, nil
}

// Do writes a whole request and reads its answer. It understands answers with a
// Content-Length, which is what the servers under test send; after any error
// the connection is of no use.
func (c *Conn) Do(request []byte) (status int, err error) {
	if _, err := c.Write(request); err != nil {
		return 0, err
	}
	line, err := c.in.ReadSlice('\n')
	if err != nil {
		return 0, err
	}
	words := bytes.SplitN(line, []byte(" "), 3)
	if len(words) < 2 {
		return 0, fmt.Errorf("not a status line: %q", line)
	}
	if status, err = strconv.Atoi(string(words[1])); err != nil {
		return 0, fmt.Errorf("not a status line: %q", line)
	}
	length, err := c.head()
	if err != nil {
		return 0, err
	}
	_, err = c.in.Discard(length)
	return status, err
}

var errUnframed = errors.New("an answer without a Content-Length")

// head reads the fields of an answer and returns the length of its body.
func (c *Conn) head() (length int, err error) {
	length = -1
	for {
		line, err := c.in.ReadSlice('\n')
		if err != nil {
			return 0, err
		}
		line = bytes.TrimRight(line, "\r\n")
		if len(line) == 0 {
			break
		}
		name, value, _ := bytes.Cut(line, []byte(":"))
		if bytes.EqualFold(name, []byte("Content-Length")) {
			if length, err = strconv.Atoi(string(bytes.TrimSpace(value))); err != nil {
				return 0, err
			}
		}
	}
	if length < 0 {
		return 0, errUnframed
	}
	return length, nil
}

// Request lays a request out as bytes, with the fields given as "Name: value".
func Request(method, target string, body []byte, fields ...string) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s %s HTTP/1.1\r\nHost: hooks.example\r\n", method, target)
	for _, field := range fields {
		_, _ = io.WriteString(&b, field+"\r\n")
	}
	fmt.Fprintf(&b, "Content-Length: %d\r\n\r\n", len(body))
	b.Write(body)
	return b.Bytes()
}
