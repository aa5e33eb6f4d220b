package main_test

import (
	"bufio"
	"bytes"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"

	_ "github.com/mattn/go-sqlite3" // to hold the file's lock
)

func TestLargeBodyIsTruncated(t *testing.T) {
	p := serve(t, t.TempDir())
	const limit = 32 << 20
	body := bytes.Repeat([]byte("0123456789abcdef"), (limit+4096)/16)
	answer := p.send(t, callback{"POST", "/x", []string{"Expect:"}, body})
	if answer.status != http.StatusRequestEntityTooLarge {
		t.Errorf("answered %d, want 413", answer.status)
	}
	got := settled(t, p.dir, 1)[0]
	if !got.Truncated || got.Size != limit || got.Answer.Status != 413 || got.Answer.By != "limit" || got.Error == "" {
		t.Errorf("got truncated %t, size %d, answer %d by %s, error %q; want true, %d, 413 by limit and a sentence",
			got.Truncated, got.Size, got.Answer.Status, got.Answer.By, got.Error, limit)
	}
	if kept := mustCtl(t, p.dir, nil, "show", "1", "--body"); kept != string(body[:limit]) {
		t.Errorf("%d bytes are kept that are not the first %d of those sent", len(kept), limit)
	}
}

func TestRefusedHeads(t *testing.T) {
	p := serve(t, t.TempDir())
	for i, tt := range []struct {
		name   string
		raw    string
		status int
		method string
	}{
		{"64 KiB of head", "POST /x HTTP/1.1\r\nHost: h\r\nX-Long: " + strings.Repeat("a", 80<<10) + "\r\n\r\n", 431, "POST"},
		{"no Host", "PUT /x HTTP/1.1\r\nContent-Length: 0\r\n\r\n", 400, "PUT"},
		{"an unknown expectation", "POST /x HTTP/1.1\r\nHost: h\r\nExpect: wonders\r\nContent-Length: 0\r\n\r\n", 417, "POST"},
		{"an unknown transfer coding", "POST /x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: rot13\r\n\r\n", 501, "POST"},
	} {
		if answer := p.sendRaw(t, []byte(tt.raw)); answer.status != tt.status {
			t.Errorf("%s: answered %d, want %d", tt.name, answer.status, tt.status)
		}
		got := last(t, p.dir, i+1)
		if got.State != "refused" || got.Answer.Status != tt.status || got.Answer.By != "server" || got.Error == "" {
			t.Errorf("%s: got %s, %d by %s, error %q; want refused, %d by server and a reason",
				tt.name, got.State, got.Answer.Status, got.Answer.By, got.Error, tt.status)
		}
	}
}

// A thousand connections that say nothing, or almost nothing, hurt nobody.
func TestIdleAndCrawlingConnections(t *testing.T) {
	p := serve(t, t.TempDir())
	crowd(t, p, 1000)
	if answer := p.send(t, callback{"POST", "/x", nil, []byte("beside them")}); answer.status != 200 {
		t.Errorf("answered %d, want 200", answer.status)
	}
}

// crowd opens n connections: a third says nothing, a third has begun a head, a
// third has begun a body.
func crowd(t testing.TB, p *program, n int) {
	t.Helper()
	beginnings := []string{"", "POST /x HTTP/1.1\r\nHost:", "POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\n{"}
	for i := range n {
		if _, err := p.dial(t).Write([]byte(beginnings[i%len(beginnings)])); err != nil {
			t.Fatal(err)
		}
	}
}

func TestTimeouts(t *testing.T) {
	p := serve(t, t.TempDir(), "--header-timeout", "200ms", "--body-timeout", "200ms")
	head := p.dial(t)
	if _, err := head.Write([]byte("POST /x HTTP/1.1\r\nHost: h\r\nX-Slow")); err != nil {
		t.Fatal(err)
	}
	body := p.dial(t)
	if _, err := body.Write([]byte("POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nhalf")); err != nil {
		t.Fatal(err)
	}
	answer := readAnswer(t, bufio.NewReader(body))
	if answer.status != http.StatusRequestTimeout {
		t.Errorf("a body that does not come is answered %d, want 408", answer.status)
	}
	if n, err := head.Read(make([]byte, 1024)); err != nil && n == 0 && isTimeout(err) {
		t.Error("the connection of a head that does not come stays open")
	}
	mustCtl(t, p.dir, nil, "wait", "--since", "2000-01-01T00:00:00Z", "--count", "2", "--timeout", "20s")
	found := false
	for _, row := range list(t, p.dir) {
		if row.Answer.Status == 408 {
			got := show(t, p.dir, row.ID)
			found = got.Truncated && got.Error != "" && string(got.body(t)) == "half" && got.Answer.By == "limit"
		}
	}
	if !found {
		t.Errorf("the half body is not kept as truncated: %+v", list(t, p.dir))
	}
}

func isTimeout(err error) bool {
	var failure net.Error
	return errors.As(err, &failure) && failure.Timeout()
}

// Requests that wait for the disk are counted: the one beyond the limit is
// turned away while the others wait.
func TestInFlightLimit(t *testing.T) {
	p := serve(t, t.TempDir(), "--max-in-flight", "2")
	release := holdWrites(t, p)
	const sent = 5
	answers := make(chan answered, sent)
	for n := range sent {
		conn := p.dial(t)
		c := callback{"POST", fmt.Sprintf("/x/%d", n), nil, []byte("x")}
		if _, err := conn.Write(c.raw()); err != nil {
			t.Fatal(err)
		}
		go func() {
			answer, err := parseAnswer(bufio.NewReader(conn))
			if err != nil {
				t.Error(err)
			}
			answers <- answer
		}()
	}
	for range sent - 2 {
		checkTurnedAway(t, <-answers)
	}
	release()
	for range 2 {
		if answer := <-answers; answer.status != 200 {
			t.Errorf("one that waited was answered %d, want 200", answer.status)
		}
	}
	settled(t, p.dir, 2)
}

// holdWrites takes the write lock of the program's database.
func holdWrites(t *testing.T, p *program) (release func()) {
	t.Helper()
	reader := openStore(t, p.dir)
	path := reader.Path()
	_ = reader.Close()
	db, err := sql.Open("sqlite3", "file:"+path+"?_txlock=immediate&_busy_timeout=5000")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	tx, err := db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return func() {
		if err := tx.Rollback(); err != nil {
			t.Error(err)
		}
	}
}

func checkTurnedAway(t *testing.T, answer answered) {
	t.Helper()
	if answer.status != http.StatusServiceUnavailable || answer.header.Get("Retry-After") == "" {
		t.Errorf("answered %d with Retry-After %q, want 503 with one", answer.status, answer.header.Get("Retry-After"))
	}
}

// begin sends a head and part of a body, and waits until the program reads the
// body.
func (p *program) begin(t *testing.T, addr string, length int) (conn net.Conn, in *bufio.Reader) {
	t.Helper()
	var dialer net.Dialer
	conn, err := dialer.DialContext(t.Context(), "tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	fmt.Fprintf(conn, "POST /x HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: %d\r\n\r\n", length)
	in = bufio.NewReader(conn)
	line, err := in.ReadString('\n')
	if err != nil || !strings.Contains(line, "100") {
		t.Fatalf("got %q (%v), want 100 Continue", line, err)
	}
	if _, err := in.ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	return conn, in
}

func TestBodiesInMemoryLimit(t *testing.T) {
	p := serve(t, t.TempDir(), "--max-bodies", "20000")
	first, in := p.begin(t, p.addr, 10000)
	checkTurnedAway(t, p.send(t, callback{"POST", "/x", []string{"Expect:"}, make([]byte, 15000)}))
	if _, err := first.Write(make([]byte, 10000)); err != nil {
		t.Fatal(err)
	}
	if answer := readAnswer(t, in); answer.status != 200 {
		t.Errorf("the one that was first was answered %d, want 200", answer.status)
	}
	if answer := p.send(t, callback{"POST", "/x", []string{"Expect:"}, make([]byte, 15000)}); answer.status != 200 {
		t.Errorf("when there is room again: answered %d, want 200", answer.status)
	}
}

func TestPerSourceLimit(t *testing.T) {
	host := outwardAddress(t)
	p := serve(t, t.TempDir(), "--max-per-source", "2", "--listen", net.JoinHostPort(host, "0"))
	p.begin(t, p.addr, 10)
	p.begin(t, p.addr, 10)
	checkTurnedAway(t, p.sendRaw(t, []byte("POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\nx")))
}

// outwardAddress is an address of this machine that is not loopback, which is
// exempt.
func outwardAddress(t *testing.T) string {
	t.Helper()
	addrs, err := net.InterfaceAddrs()
	if err != nil {
		t.Fatal(err)
	}
	for _, addr := range addrs {
		if network, ok := addr.(*net.IPNet); ok && network.IP.IsGlobalUnicast() && network.IP.To4() != nil {
			return network.IP.String()
		}
	}
	t.Skip("this machine has no address but loopback")
	return ""
}
