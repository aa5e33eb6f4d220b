package capture

import (
	"bytes"
	"errors"
	"io"
	"net"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unsafe"
)

// pieces are the ways in which a test sends its bytes.
var pieces = map[string][]int{
	"at once":          nil,
	"byte by byte":     {1},
	"seven at a time":  {7},
	"in uneven pieces": {3, 1, 64, 2, 11},
}

// followCases are read by TestFollow and seed FuzzFollow.
var followCases = []struct {
	name     string
	send     string
	want     []string // heads
	bodies   []string // where any is not empty
	trailers []Fields // of the last requests
}{
	{
		name: "order, case and repeats",
		send: "GET /a?b=%2f HTTP/1.1\r\nx-zULU: 1\r\nhOST: h\r\nX-Alpha:2\r\nx-Zulu:  3 \r\n\r\n",
		want: []string{"GET /a?b=%2f HTTP/1.1\r\nx-zULU: 1\r\nhOST: h\r\nX-Alpha:2\r\nx-Zulu:  3 \r\n\r\n"},
	},
	{
		name:   "kept connection",
		send:   "PUT /1 HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabcGET /2 HTTP/1.1\r\nHost: h\r\n\r\nDELETE /3 HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n",
		want:   []string{"PUT /1 HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\n", "GET /2 HTTP/1.1\r\nHost: h\r\n\r\n", "DELETE /3 HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n"},
		bodies: []string{"abc", "", ""},
	},
	{
		name:   "chunked",
		send:   "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: Chunked\r\n\r\n5;a=\"b\"\r\nGET /\r\n00A \r\n0123456789\r\n0\r\n\r\nGET /2 HTTP/1.1\r\nHost: h\r\n\r\n",
		want:   []string{"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: Chunked\r\n\r\n", "GET /2 HTTP/1.1\r\nHost: h\r\n\r\n"},
		bodies: []string{"GET /0123456789", ""},
	},
	{
		name:     "trailers",
		send:     "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nTrailer: x-B, X-a\r\n\r\n1\r\nz\r\n0\r\nx-B: 1\r\nX-a: 2\r\nx-b:3\r\n\r\nPOST /2 HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nQ: q\r\n\r\n",
		want:     []string{"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nTrailer: x-B, X-a\r\n\r\n", "POST /2 HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"},
		bodies:   []string{"z", ""},
		trailers: []Fields{{{"x-B", "1"}, {"X-a", "2"}, {"x-b", "3"}}, {{"Q", "q"}}},
	},
	{
		name:   "Expect: 100-continue",
		send:   "POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nokGET / HTTP/1.1\r\nHost: h\r\n\r\n",
		want:   []string{"POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n", "GET / HTTP/1.1\r\nHost: h\r\n\r\n"},
		bodies: []string{"ok", ""},
	},
	{
		name: "pipelined, as short as can be",
		send: strings.Repeat("G / HTTP/1.0\nconnection:keep-alive\n\n", 300),
		want: slices.Repeat([]string{"G / HTTP/1.0\nconnection:keep-alive\n\n"}, 300),
	},
	{
		name: "LF only",
		send: "GET / HTTP/1.1\nHost: h\nA: b\n\nGET /2 HTTP/1.1\nHost: h\n\n",
		want: []string{"GET / HTTP/1.1\nHost: h\nA: b\n\n", "GET /2 HTTP/1.1\nHost: h\n\n"},
	},
	{
		name: "folded",
		send: "GET / HTTP/1.1\r\nHost: h\r\nA: one\r\n\t two \r\n  \r\nB:\r\n three\r\n\r\n",
		want: []string{"GET / HTTP/1.1\r\nHost: h\r\nA: one\r\n\t two \r\n  \r\nB:\r\n three\r\n\r\n"},
	},
	{
		name:   "HTTP/1.0 knows no Transfer-Encoding",
		send:   "POST / HTTP/1.0\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\nGET /2 HTTP/1.0\r\n\r\n",
		want:   []string{"POST / HTTP/1.0\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n", "GET /2 HTTP/1.0\r\n\r\n"},
		bodies: []string{"0\r\n\r\n", ""},
	},
	{
		name:   "chunked beats Content-Length",
		send:   "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\nGET /2 HTTP/1.1\r\nHost: h\r\n\r\n",
		want:   []string{"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n", "GET /2 HTTP/1.1\r\nHost: h\r\n\r\n"},
		bodies: []string{"a", ""},
	},
	{
		name:   "the same Content-Length twice",
		send:   "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\ncontent-length: 1\r\n\r\naGET /2 HTTP/1.1\r\nHost: h\r\n\r\n",
		want:   []string{"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\ncontent-length: 1\r\n\r\n", "GET /2 HTTP/1.1\r\nHost: h\r\n\r\n"},
		bodies: []string{"a", ""},
	},
	{
		name: "OPTIONS * does not shift the queue",
		send: "OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\nGET /2 HTTP/1.1\r\nHost: h\r\n\r\n",
		want: []string{"OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n", "GET /2 HTTP/1.1\r\nHost: h\r\n\r\n"},
	},
	{
		name: "Connection: close",
		send: "GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\nGET /2 HTTP/1.1\r\nHost: h\r\n\r\n",
		want: []string{"GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"},
	},
	{
		name: "absolute target",
		send: "GET http://other/x HTTP/1.1\r\nHost: h\r\n\r\n",
		want: []string{"GET http://other/x HTTP/1.1\r\nHost: h\r\n\r\n"},
	},
	{
		name: "CONNECT",
		send: "CONNECT h:443 HTTP/1.1\r\nHost: h:443\r\n\r\n",
		want: []string{"CONNECT h:443 HTTP/1.1\r\nHost: h:443\r\n\r\n"},
	},
	{
		name:   "empty lines behind a POST",
		send:   "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\na\r\n\r\nGET /2 HTTP/1.1\r\nHost: h\r\n\r\n",
		want:   []string{"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\n", "GET /2 HTTP/1.1\r\nHost: h\r\n\r\n"},
		bodies: []string{"a", ""},
	},
	{
		name: "net/http makes a Cache-Control of Pragma",
		send: "GET / HTTP/1.1\r\nHost: h\r\nPragma: no-cache\r\n\r\n",
		want: []string{"GET / HTTP/1.1\r\nHost: h\r\nPragma: no-cache\r\n\r\n"},
	},
	{
		name: "Trailer without chunks stays a field",
		send: "GET / HTTP/1.1\r\nHost: h\r\nTrailer: X\r\n\r\n",
		want: []string{"GET / HTTP/1.1\r\nHost: h\r\nTrailer: X\r\n\r\n"},
	},
	{
		name: "many fields, repeated",
		send: "GET / HTTP/1.1\r\nHost: h\r\n" + strings.Repeat("a: 1\r\nA: 2\r\nb-c: 3\r\n", 50) + "\r\n",
		want: []string{"GET / HTTP/1.1\r\nHost: h\r\n" + strings.Repeat("a: 1\r\nA: 2\r\nb-c: 3\r\n", 50) + "\r\n"},
	},
}

func TestFollow(t *testing.T) {
	for _, tt := range followCases {
		for how, sizes := range pieces {
			t.Run(tt.name+" "+how, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					all, refused := run(t, newScript(strings.NewReader(tt.send), sizes...), 64<<10, nil)
					if got := heads(all); !slices.Equal(got, tt.want) {
						t.Errorf("heads:\ngot  %q\nwant %q", got, tt.want)
					}
					for i, c := range all {
						if !c.OK || c.differs != nil || c.BodyErr != nil {
							t.Errorf("request %d: ok %v, body error %v, %v", i, c.OK, c.BodyErr, c.differs)
						}
						if tt.bodies != nil && i < len(tt.bodies) && c.Body != tt.bodies[i] {
							t.Errorf("body %d: got %q, want %q", i, c.Body, tt.bodies[i])
						}
						var want Fields
						if tt.trailers != nil {
							want = tt.trailers[i]
						}
						if !slices.Equal(c.Trailers, want) {
							t.Errorf("trailers %d: got %q, want %q", i, c.Trailers, want)
						}
					}
					if len(refused) > 0 {
						t.Errorf("refused: %+v", refused)
					}
				})
			})
		}
	}
}

// A head may be larger than maxHead and still smaller than what net/http takes,
// which allows for its buffer.
func TestFollowHeadOverLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		large := "GET / HTTP/1.1\r\nHost: h\r\nA: " + strings.Repeat("a", maxHead) + "\r\n\r\n"
		all, refused := run(t, newScript(strings.NewReader(large+"GET /2 HTTP/1.1\r\nHost: h\r\n\r\n")), maxHead, nil)
		if len(all) != 2 || all[0].OK || all[1].OK || len(refused) > 0 {
			t.Errorf("got %+v, refused %+v; want two requests without a head", all, refused)
		}
	})
}

// A handler that asks for the wrong request gets none, and no later one.
func TestClaimDisagreement(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var got []bool
		request := "GET /1 HTTP/1.1\r\nHost: h\r\nA: b\r\n\r\n"
		run(t, newScript(strings.NewReader(strings.Repeat(request, 3))), maxHead, func(_ http.ResponseWriter, r *http.Request) {
			c := r.Context().Value(followedKey{}).(*followed)
			defer c.release()
			if len(got) == 1 {
				r.Header.Add("C", "d")
			}
			_, received, ok := c.claim(r)
			if received.IsZero() {
				t.Error("no time of receipt")
			}
			got = append(got, ok)
		})
		if want := []bool{true, false, false}; !slices.Equal(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
	})
}

func TestFollowHijack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		send := "GET / HTTP/1.1\r\nHost: h\r\n\r\n" + strings.Repeat("anything\n", 4000)
		_, refused := run(t, newScript(strings.NewReader(send)), maxHead, func(w http.ResponseWriter, r *http.Request) {
			conn := r.Context().Value(followedKey{}).(*followed)
			conn.claim(r)
			c, rw, err := http.NewResponseController(w).Hijack()
			if err != nil {
				t.Error(err)
				return
			}
			conn.release()
			if conn.wire.phase != phaseOver || conn.wire.partial != nil || conn.queue != nil {
				t.Errorf("still following: %+v", conn.wire)
			}
			if _, err := io.Copy(io.Discard, rw); err != nil {
				t.Error(err)
			}
			for range 2 {
				if _, err := io.WriteString(c, "HTTP/1.1 400 of ours\r\n\r\n"); err != nil {
					t.Error(err)
				}
			}
			if err := c.Close(); err != nil {
				t.Error(err)
			}
		})
		if len(refused) > 0 {
			t.Errorf("refused %+v", refused)
		}
	})
}

func TestClaimReceived(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ours, theirs := net.Pipe()
		c := &followed{Conn: ours, maxHead: maxHead}
		head := "GET / HTTP/1.1\r\nHost: h\r\n\r\n"
		go func() {
			for _, part := range []string{head[:1], head[1:20], head[20:] + head} {
				time.Sleep(time.Second)
				if _, err := io.WriteString(theirs, part); err != nil {
					t.Error(err)
				}
			}
		}()
		start := time.Now()
		for buf := make([]byte, 99); len(c.queue) < 2; {
			if _, err := c.Read(buf); err != nil {
				t.Fatal(err)
			}
		}
		for _, want := range []time.Duration{time.Second, 3 * time.Second} {
			_, received, ok := c.claim(readByHTTP(t, head))
			if got := received.Sub(start); !ok || got != want {
				t.Errorf("received after %v, want %v (claimed %v)", got, want, ok)
			}
		}
		if err := errors.Join(theirs.Close(), c.Close()); err != nil {
			t.Error(err)
		}
	})
}

// Heads that nobody claims must not pile up.
func TestFollowQueueBound(t *testing.T) {
	c := &followed{maxHead: 64 << 10}
	flood := bytes.Repeat([]byte("G / HTTP/1.0\n\n"), 100)
	for range 1000 {
		c.follow(flood)
		if len(c.queue) > maxPending || c.queued > c.maxHead+readAhead {
			t.Fatalf("%d heads of %d bytes wait", len(c.queue), c.queued)
		}
	}
	if c.wire.phase != phaseOver {
		t.Error("it still follows")
	}
}

// endless gives out bytes without holding them.
type endless struct{ left int }

func (e *endless) Read(p []byte) (int, error) {
	if e.left == 0 {
		return 0, io.EOF
	}
	n := min(e.left, len(p))
	clear(p[:n])
	e.left -= n
	return n, nil
}

func TestFollowLargeBody(t *testing.T) {
	const size = 64 << 20
	send := io.MultiReader(
		strings.NewReader("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 67108864\r\n\r\n"), &endless{size},
		strings.NewReader("PUT / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n4000000\r\n"), &endless{size},
		strings.NewReader("\r\n0\r\n\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n"))
	var got []int64
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	run(t, newScript(send), maxHead, func(_ http.ResponseWriter, r *http.Request) {
		c := r.Context().Value(followedKey{}).(*followed)
		defer c.release()
		if _, _, ok := c.claim(r); !ok {
			t.Error("not claimed")
		}
		n, err := io.Copy(io.Discard, r.Body)
		if err != nil {
			t.Error(err)
		}
		got = append(got, n)
	})
	runtime.ReadMemStats(&after)
	if want := []int64{size, size, 0}; !slices.Equal(got, want) {
		t.Errorf("bodies: got %v, want %v", got, want)
	}
	if allocated := after.TotalAlloc - before.TotalAlloc; allocated > 2<<20 {
		t.Errorf("128 MiB of bodies took %d bytes of heap", allocated)
	}
}

func TestFollowIdleSize(t *testing.T) {
	if size := unsafe.Sizeof(followed{}); size > 256 {
		t.Errorf("an idle connection takes %d bytes", size)
	}
}

type halfCloser struct {
	*script
	err error
}

func (h halfCloser) CloseWrite() error { return h.err }

func TestCloseWrite(t *testing.T) {
	want := errors.New("half closed")
	if got := (&followed{Conn: halfCloser{nil, want}}).CloseWrite(); !errors.Is(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if got := (&followed{Conn: newScript(nil)}).CloseWrite(); !errors.Is(got, errors.ErrUnsupported) {
		t.Errorf("got %v, want %v", got, errors.ErrUnsupported)
	}
}
