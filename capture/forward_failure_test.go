package capture

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func sameLines(got, want []string) bool {
	got, want = slices.Clone(got), slices.Clone(want)
	slices.Sort(got[1:])
	slices.Sort(want[1:])
	return slices.Equal(got, want)
}

// closedPort is an address at which nothing listens.
func closedPort(t *testing.T) string {
	t.Helper()
	var config net.ListenConfig
	l, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String()
}

func TestForwardFailures(t *testing.T) {
	answers := func(text string) func(t *testing.T) string {
		return func(t *testing.T) string {
			t.Helper()
			return listenRaw(t, func(conn net.Conn) {
				if _, err := http.ReadRequest(bufio.NewReader(conn)); err == nil {
					_, _ = io.WriteString(conn, text)
				}
			})
		}
	}
	secure := httptest.NewUnstartedServer(http.NotFoundHandler())
	secure.Config.ErrorLog = log.New(io.Discard, "", 0)
	secure.StartTLS()
	defer secure.Close()
	for _, tt := range []struct {
		name  string
		app   func(t *testing.T) string
		error string // of the exchange; HOST stands for the app's
		says  string // to the sender
	}{
		{"refused", func(t *testing.T) string { return "http://" + closedPort(t) }, "Nothing listens at HOST.", "could not be reached"},
		{"closed", answers(""), "HOST closed the connection without an answer.", "closed the connection"},
		{"half a head", answers("HTTP/1.1 200 OK\r\nX: y"), "broke off", "closed the connection"},
		{"half a body", answers("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"), "There is no good answer from HOST: the answer broke off after 3 bytes of its body", "closed the connection"},
		{"not HTTP", answers("SSH-2.0-x\r\n\r\n"), `not an HTTP answer: it begins with "SSH-2.0-`, "cannot be passed on"},
		{"a status too low", answers("HTTP/1.1 099 OK\r\n\r\n"), "not an HTTP answer", "cannot be passed on"},
		{"a head too large", answers("HTTP/1.1 200 OK\r\nX: " + strings.Repeat("a", answerHead) + "\r\n\r\n"), "its head is larger than", "cannot be passed on"},
		{"another protocol", answers("HTTP/1.1 101 Go\r\nUpgrade: x\r\n\r\n"), "switch to another protocol", "cannot be passed on"},
		{"too large", answers(fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", forwardLimit+1, strings.Repeat("a", forwardLimit+1))), "The answer of HOST is larger than 32 MiB, so it was not passed on.", "too large"},
		{"a certificate", func(*testing.T) string { return secure.URL }, "The certificate of 127.0.0.1 does not hold", "could not be reached"},
		{"no TLS", func(t *testing.T) string {
			t.Helper()
			return strings.Replace(answers("HTTP/1.1 400 No\r\n\r\n")(t), "http://", "https://", 1)
		}, "HOST closed the connection without an answer.", "could not be reached"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			url := tt.app(t)
			for _, fallback := range []RuleAnswer{{}, {Status: 299, Body: "down"}} {
				x := coming(comingGet)
				got := forwarded(t.Context(), newForwarder(t), appRule(Forwarding{URL: url + "/secret"}, fallback), x)
				_, host, _ := strings.Cut(url, "://")
				if want := strings.ReplaceAll(tt.error, "HOST", host); tt.name != "no TLS" && !strings.Contains(x.Error, want) || x.Error == "" {
					t.Errorf("error %q, want %q", x.Error, want)
				}
				if got.By != ByRule || got.Rule != 5 {
					t.Errorf("got %+v", got)
				}
				if fallback.Status != 0 {
					if got.Status != 299 || string(got.Body) != "down" {
						t.Errorf("got %d %q, want the rule's answer", got.Status, got.Body)
					}
					continue
				}
				if says := string(got.Body); got.Status != 502 || tt.name != "no TLS" && !strings.Contains(says, tt.says) || strings.Contains(says, host) || strings.Contains(says, "secret") {
					t.Errorf("got %d %q, want 502, %q", got.Status, says, tt.says)
				}
			}
		})
	}
}

// pipes has a forwarder dial net.Pipe, and hands the other ends to app.
func pipes(f *Forwarder, app func(conn net.Conn)) {
	f.dials = func(context.Context, string, string) (net.Conn, error) {
		here, there := net.Pipe()
		go func() {
			defer func() { _ = there.Close() }()
			app(there)
		}()
		return here, nil
	}
}

// silent is an app that takes a request and never answers.
func silent(conn net.Conn) { _, _ = io.Copy(io.Discard, conn) }

func TestForwardDoesNotWaitForEver(t *testing.T) {
	closing := func(ctx context.Context) (context.Context, context.CancelCauseFunc) {
		return context.WithCancelCause(ctx)
	}
	for _, tt := range []struct {
		name    string
		timeout time.Duration
		app     func(conn net.Conn)
		closes  bool // after a second
		after   time.Duration
		error   string
		says    string
	}{
		{"usual time", 0, silent, false, DefaultForward, "h:80 did not answer within 10s.", "in time"},
		{"own time", time.Minute, silent, false, time.Minute, "h:80 did not answer within 1m0s.", "in time"},
		{"an app that reads nothing", time.Second, func(net.Conn) { time.Sleep(time.Hour) }, false, time.Second, "did not answer within 1s.", "in time"},
		{"half an answer", time.Second, func(conn net.Conn) {
			go func() { _, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\na") }()
			silent(conn)
		}, false, time.Second, "did not answer within 1s.", "in time"},
		{"closing", time.Minute, silent, true, time.Second + closingGrace, "Hookglass quit before h:80 had answered.", "when Hookglass quit"},
		{"closing, but less time", 3 * time.Second, silent, true, 3 * time.Second, "did not answer within 3s.", "in time"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := closing(t.Context())
				defer cancel(nil)
				if tt.closes {
					time.AfterFunc(time.Second, func() { cancel(ErrClosing) })
				}
				f := newForwarder(t)
				pipes(f, tt.app)
				x := coming(comingGet)
				began := time.Now()
				got := forwarded(ctx, f, appRule(Forwarding{URL: "http://h", Timeout: tt.timeout}, RuleAnswer{}), x)
				if span := time.Since(began); span != tt.after || got.Status != 502 || !strings.Contains(x.Error, tt.error) || !strings.Contains(string(got.Body), tt.says) {
					t.Errorf("after %s got %d %q, %q, want %q, %q after %s", span, got.Status, got.Body, x.Error, tt.says, tt.error, tt.after)
				}
				time.Sleep(2 * time.Hour) // the app ends too
			})
		})
	}
}

// What is under way when we close is finished.
func TestForwardFinishesWhenClosing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(t.Context())
		f := newForwarder(t)
		pipes(f, func(conn net.Conn) {
			if _, err := http.ReadRequest(bufio.NewReader(conn)); err == nil {
				cancel(ErrClosing)
				time.Sleep(closingGrace - time.Millisecond)
				_, _ = io.WriteString(conn, plainAnswer)
			}
		})
		x := coming(comingGet)
		if got := forwarded(ctx, f, appRule(Forwarding{URL: "http://h"}, RuleAnswer{}), x); got.Status != 200 || got.By != ByApp || x.Error != "" || x.State == StateGone {
			t.Errorf("got %+v, %s %q", got, x.State, x.Error)
		}
	})
}

func TestForwardOverTLS(t *testing.T) {
	app := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.Copy(w, r.Body) }))
	defer app.Close()
	roots := x509.NewCertPool()
	roots.AddCert(app.Certificate())
	f := newForwarder(t)
	f.TLS = &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}
	for _, body := range []string{"one", strings.Repeat("two", 1<<20), "three"} {
		x := coming(fmt.Sprintf("POST /in HTTP/1.1\r\nHost: h\r\nContent-Length: %d\r\n\r\n%s", len(body), body))
		if got := forwarded(t.Context(), f, appRule(Forwarding{URL: app.URL}, RuleAnswer{}), x); string(got.Body) != body {
			t.Errorf("got %d and %d bytes, %q, want %d bytes", got.Status, len(got.Body), x.Error, len(body))
		}
	}
}
