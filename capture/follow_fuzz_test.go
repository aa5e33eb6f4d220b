package capture

import (
	"bytes"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// FuzzFollow serves whatever comes in whatever pieces. Every head that is
// claimed is the one that net/http read; a head is refused at most once.
func FuzzFollow(f *testing.F) {
	for _, tt := range followCases {
		f.Add([]byte(tt.send), []byte{})
		f.Add([]byte(tt.send), []byte{1, 40, 3})
	}
	for _, tt := range refusalCases {
		f.Add([]byte(tt.send), []byte{5})
	}
	f.Fuzz(func(t *testing.T, send, cut []byte) {
		var sizes []int
		for _, size := range cut {
			sizes = append(sizes, int(size))
		}
		synctest.Test(t, func(t *testing.T) {
			all, refused := run(t, newScript(bytes.NewReader(send), sizes...), maxHead, nil)
			small := len(send) <= maxHead // else a head may be longer than is followed
			for i, c := range all {
				if c.differs != nil {
					t.Errorf("request %d: %v", i, c.differs)
				}
				if small && !c.OK {
					t.Errorf("request %d: its head was lost", i)
				}
				if c.OK && !bytes.Contains(send, []byte(c.Raw)) {
					t.Errorf("request %d: head %q was never sent", i, c.Raw)
				}
			}
			if len(refused) > 1 {
				t.Errorf("refused %d heads of one connection", len(refused))
			}
			for _, r := range refused {
				if len(r.Head) == 0 || len(r.Head) > maxHead || !bytes.Contains(send, r.Head) || r.Status < 400 {
					t.Errorf("refused %+v", r)
				}
			}
		})
	})
}

// benchHead is a head as providers send it through a tunnel.
const benchHead = "PUT /kornitx/status HTTP/1.1\r\nHost: callbacks.example.com\r\nUser-Agent: python-requests/2.31.0\r\n" +
	"Content-Length: 1349\r\nAccept: */*\r\nAccept-Encoding: gzip, deflate\r\nContent-Type: application/json\r\n" +
	"X-KORNITX-SIGNATURE: 6e9ef29b75fffc5b7abae527d58fdadb2fe42e7219011976917343065f58ed4a\r\n" +
	"X-Forwarded-For: 192.0.2.7\r\nX-Forwarded-Proto: https\r\n\r\n"

// repeat is a connection that sends the same bytes for ever.
type repeat struct {
	*script
	send []byte
}

func (r repeat) Read(p []byte) (int, error) { return copy(p, r.send), nil }

// take does what a claim does to the queue.
func (c *followed) take() { c.queue, c.queued = c.queue[:0], 0 }

func benchmarkRead(b *testing.B, request []byte) {
	c := &followed{Conn: repeat{send: request}, maxHead: 64 << 10}
	buf := make([]byte, 4<<10)
	b.SetBytes(int64(len(request)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.Read(buf); err != nil {
			b.Fatal(err)
		}
		if len(c.queue) != 1 {
			b.Fatal("no head")
		}
		c.take()
	}
}

func BenchmarkFollowedRead(b *testing.B) {
	benchmarkRead(b, []byte(benchHead+strings.Repeat("x", 1349)))
}

func BenchmarkFollowedReadChunked(b *testing.B) {
	request := strings.Replace(benchHead, "Content-Length: 1349", "Transfer-Encoding: chunked", 1)
	benchmarkRead(b, []byte(request+strings.Repeat("40\r\n"+strings.Repeat("x", 64)+"\r\n", 20)+"0\r\n\r\n"))
}

// BenchmarkFollowedReadBody is a body in pieces, as net/http reads large ones.
func BenchmarkFollowedReadBody(b *testing.B) {
	buf := make([]byte, 32<<10)
	c := &followed{Conn: repeat{send: buf}, maxHead: 64 << 10}
	c.follow([]byte("PUT / HTTP/1.1\r\nContent-Length: 9000000000000000000\r\n\r\n"))
	b.SetBytes(int64(len(buf)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.Read(buf); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkClaim(b *testing.B) {
	r := benchRequest(b)
	c := &followed{maxHead: 64 << 10}
	h := followedHead{raw: []byte(benchHead), received: time.Now()}
	b.ReportAllocs()
	for b.Loop() {
		c.queue, c.queued = append(c.queue, h), len(h.raw)
		if _, _, ok := c.claim(r); !ok {
			b.Fatal("not claimed")
		}
		c.release()
	}
}

func BenchmarkParseHead(b *testing.B) {
	raw := []byte(benchHead)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := parseHead(raw); err != nil {
			b.Fatal(err)
		}
	}
}

// A head costs one allocation to follow and none to claim.
func TestFollowAllocations(t *testing.T) {
	r := benchRequest(t)
	c := &followed{Conn: repeat{send: []byte(benchHead + strings.Repeat("x", 1349))}, maxHead: 64 << 10}
	buf := make([]byte, 4<<10)
	got := testing.AllocsPerRun(100, func() {
		if _, err := c.Read(buf); err != nil {
			t.Fatal(err)
		}
		if _, _, ok := c.claim(r); !ok {
			t.Fatal("not claimed")
		}
	})
	if got > 1 {
		t.Errorf("%v allocations for one head, want 1", got)
	}
	if c.queued != 0 || len(c.queue) != 0 {
		t.Errorf("%d bytes in %d heads wait, and all were claimed", c.queued, len(c.queue))
	}
}

func benchRequest(tb testing.TB) *http.Request {
	tb.Helper()
	r := readByHTTP(tb, benchHead)
	if !agrees([]byte(benchHead), r) {
		tb.Fatal("the head does not agree with itself")
	}
	return r
}
