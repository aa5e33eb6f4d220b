package capture

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"
)

// counting counts what is kept, and keeps nothing: the disk is another benchmark.
type counting struct {
	mu sync.Mutex
	n  int64
}

func (c *counting) Create(_ context.Context, x *Exchange) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n++
	x.ID = c.n
	return nil
}

func (c *counting) Update(context.Context, *Exchange) error { return nil }

// BenchmarkForward compares the forwarding of captured callbacks with net/http's
// proxy: the same app, the same senders.
func BenchmarkForward(b *testing.B) {
	answer := []byte(strings.Repeat("a", 200))
	app := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(answer)
	}))
	defer app.Close()
	to, err := url.Parse(app.URL)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("ReverseProxy", func(b *testing.B) {
		transport := &http.Transport{MaxIdleConns: 64, MaxIdleConnsPerHost: 64, DisableCompression: true}
		defer transport.CloseIdleConnections()
		proxy := httptest.NewServer(&httputil.ReverseProxy{
			Transport: transport, Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(to) },
		})
		defer proxy.Close()
		benchmarkPosts(b, proxy.URL)
	})
	b.Run("Hookglass", func(b *testing.B) {
		rs := NewRules([]Rule{appRule(Forwarding{URL: app.URL}, RuleAnswer{})}, RuleSource{Forwarder: newForwarder(b)})
		h := &Handler{
			Recorder: &counting{}, Limits: DefaultLimits(), Log: slog.New(slog.DiscardHandler),
			Endpoint: func(path string) *Endpoint { return Endpoints{{Path: "/in/*"}}.Find(path) },
			Annotate: func(*Request, *Endpoint) Annotation { return Annotation{} },
			Answer: func(ctx context.Context, x *Exchange, e *Endpoint) Response {
				response, _ := rs.Answer(ctx, x, e, time.Now())
				return response
			},
		}
		var config net.ListenConfig
		l, err := config.Listen(b.Context(), "tcp", "127.0.0.1:0")
		if err != nil {
			b.Fatal(err)
		}
		s := NewServer(h)
		served := make(chan error, 1)
		go func() { served <- s.Serve(l, ViaLocal) }()
		benchmarkPosts(b, "http://"+l.Addr().String())
		if err := s.Shutdown(b.Context()); err != nil {
			b.Error(err)
		}
		if err := <-served; err != nil {
			b.Error(err)
		}
	})
}

// benchmarkPosts sends callbacks of 1 KiB over 32 connections.
func benchmarkPosts(b *testing.B, to string) {
	b.Helper()
	const senders = 32
	c := client(b, senders)
	body := strings.Repeat("x", 1<<10)
	b.SetParallelism(senders / 2)
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if status, got, err := post(b.Context(), c, to+"/in/a?b=c", body); err != nil || status != 200 || len(got) != 200 {
				b.Errorf("%d, %d bytes, %v", status, len(got), err)
				return
			}
		}
	})
}
