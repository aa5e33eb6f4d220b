package capture

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
)

const maxHead = 1 << 10 // of the tests of refusals

var refusalCases = []struct {
	name   string
	send   string
	claims int
	status int    // 0: nothing is refused
	head   string // what is kept of the refused head; more may follow a *
}{
	{"no Host", "GET /x HTTP/1.1\r\nA: b\r\n\r\n", 0, 400, "GET /x HTTP/1.1\r\nA: b\r\n\r\n"},
	{"unknown expectation", "POST / HTTP/1.1\r\nHost: h\r\nExpect: tea\r\nContent-Length: 1\r\n\r\na", 0, 417, "POST / HTTP/1.1\r\nHost: h\r\nExpect: tea\r\nContent-Length: 1\r\n\r\n"},
	{"unknown expectation in HTTP/1.0", "POST / HTTP/1.0\r\nExpect: tea\r\n\r\n", 0, 417, "POST / HTTP/1.0\r\nExpect: tea\r\n\r\n"},
	{"unknown transfer coding", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip\r\n\r\nabc", 0, 501, "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip\r\n\r\n"},
	{"lengths that differ", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", 0, 400, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n"},
	{"bad request line", "GET\r\nHost: h\r\n\r\n", 0, 400, "GET\r\n*"},
	{"bad target", "GET /%zz HTTP/1.1\r\nHost: h\r\n\r\n", 0, 400, "GET /%zz HTTP/1.1\r\n*"},
	{"bad version", "GET / HTTP/3.1\r\nHost: h\r\n\r\n", 0, 505, "GET / HTTP/3.1\r\nHost: h\r\n\r\n"},
	{"bad field name", "GET / HTTP/1.1\r\nHost: h\r\nA : b\r\n\r\n", 0, 400, "GET / HTTP/1.1\r\nHost: h\r\nA : b\r\n\r\n"},
	{"empty line before the first request", "\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n", 0, 400, "\r\n*"},
	{"empty line behind a GET", "POST / HTTP/1.1\r\nHost: h\r\n\r\n\nGET / HTTP/1.1\r\nHost: h\r\n\r\n\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n", 2, 400, "\r\n*"},
	{"too large", "GET / HTTP/1.1\r\nHost: h\r\nA: " + strings.Repeat("a", 8<<10) + "\r\n\r\n", 0, 431, "GET / HTTP/1.1\r\nHost: h\r\nA: " + strings.Repeat("a", maxHead-len("GET / HTTP/1.1\r\nHost: h\r\nA: "))},
	{"after a good one", "PUT /1 HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nokGET /2 HTTP/1.1\r\n\r\n", 1, 400, "GET /2 HTTP/1.1\r\n\r\n"},
	{"after chunks", "PUT /1 HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\nGET /2 HTTP/1.1\r\n\r\n", 1, 400, "GET /2 HTTP/1.1\r\n\r\n"},
	{"half a head", "GET / HTTP/1.1\r\nHost: h", 0, 0, ""},
	{"half a request line", "GE", 0, 0, ""},
	{"half a head after a good one", "GET / HTTP/1.1\r\nHost: h\r\n\r\nGET / HTTP/1.1\r\nHo", 1, 0, ""},
	{"half a body", "PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nabc", 1, 0, ""},
	{"bad chunks", "PUT / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 1, 0, ""},
	{"nothing", "", 0, 0, ""},
}

func TestRefusals(t *testing.T) {
	for _, tt := range refusalCases {
		for how, sizes := range pieces {
			t.Run(tt.name+" "+how, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					all, refused := run(t, newScript(strings.NewReader(tt.send), sizes...), maxHead, nil)
					if len(all) != tt.claims {
						t.Errorf("claimed %d requests, want %d", len(all), tt.claims)
					}
					if tt.status == 0 {
						if len(refused) > 0 {
							t.Errorf("refused %+v, want nothing", refused)
						}
						return
					}
					if len(refused) != 1 {
						t.Fatalf("refused %d heads, want 1", len(refused))
					}
					got := refused[0]
					if got.Status != tt.status || got.Via != ViaTunnel || got.Remote != "192.0.2.7:4711" || got.Received.IsZero() {
						t.Errorf("got %+v, want status %d", got, tt.status)
					}
					reason := fmt.Sprintf("net/http refused the request: %d %s", tt.status, http.StatusText(tt.status))
					if !strings.HasPrefix(got.Reason, reason) {
						t.Errorf("reason: got %q, want %q", got.Reason, reason)
					}
					want, open := strings.CutSuffix(tt.head, "*")
					kept := string(got.Head)
					if len(kept) > maxHead || kept != want && (!open || !strings.HasPrefix(kept, want)) {
						t.Errorf("head: got %q, want %q", got.Head, tt.head)
					}
				})
			})
		}
	}
}

func TestRefusalNotWritten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		conn := newScript(strings.NewReader("GET / HTTP/1.1\r\n\r\n"))
		conn.broken = net.ErrClosed
		if _, refused := run(t, conn, maxHead, nil); len(refused) > 0 {
			t.Errorf("refused %+v, though no answer reached anybody", refused)
		}
	})
}

// What a handler answers is no refusal, whenever it reaches the wire, while
// another head waits behind it.
func TestAnswersAreNotRefusals(t *testing.T) {
	answers := map[string]func(w http.ResponseWriter, flush func() error){
		"written after the handler": func(w http.ResponseWriter, _ func() error) { w.WriteHeader(503) },
		"flushed": func(w http.ResponseWriter, flush func() error) {
			w.WriteHeader(400)
			if err := flush(); err != nil {
				t.Error(err)
			}
		},
		"a body like an answer": func(w http.ResponseWriter, flush func() error) {
			w.Header().Set("Content-Length", "24")
			for range 2 {
				if err := flush(); err != nil {
					t.Error(err)
				}
				if _, err := io.WriteString(w, "HTTP/1.1 400"); err != nil {
					t.Error(err)
				}
			}
			if err := flush(); err != nil {
				t.Error(err)
			}
		},
		"early hints first": func(w http.ResponseWriter, _ func() error) {
			w.WriteHeader(http.StatusEarlyHints)
			w.WriteHeader(500)
		},
	}
	send := "GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\nGET /2 HTTP/1.1\r\n\r\n"
	for name, answer := range answers {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				_, refused := run(t, newScript(strings.NewReader(send)), maxHead, func(w http.ResponseWriter, r *http.Request) {
					c := r.Context().Value(followedKey{}).(*followed)
					defer c.release()
					if _, _, ok := c.claim(r); !ok || len(c.queue) != 1 {
						t.Errorf("claimed %v, %d wait", ok, len(c.queue))
					}
					answer(w, http.NewResponseController(w).Flush)
				})
				if len(refused) > 0 {
					t.Errorf("refused %+v", refused)
				}
			})
		})
	}
}

func TestRefusedOnce(t *testing.T) {
	calls := 0
	c := &followed{Conn: newScript(strings.NewReader("rubbish\r\n")), maxHead: maxHead, refused: func(refusal) { calls++ }}
	if _, err := c.Read(make([]byte, 99)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(c, "HTTP/1.1 400 Bad Request\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := c.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if calls != 1 {
		t.Errorf("refused was called %d times, want 1", calls)
	}
}
