package ngroktest_test

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"hookglass/capture/ngrok/ngroktest"
)

// All requests are inside the handler at the same time, or the service itself
// says that the agent turned some away.
func TestThousandAtOnce(t *testing.T) {
	const callers, sources = 1000, 50
	for name, o := range map[string]ngroktest.Options{"a stream each": {}, "shared streams": {SharedStreams: true}} {
		t.Run(name, func(t *testing.T) {
			s := start(t, o)
			url := serve(t, newAgent(t, s), echo)
			var all sync.WaitGroup
			var lost atomic.Int64
			begin := make(chan struct{})
			for i := range callers {
				client := s.Client(fmt.Sprintf("127.0.1.%d", i%sources+1))
				all.Go(func() {
					<-begin
					want := fmt.Sprintf("body %d", i)
					response, body := post(t, client, url, []byte(want))
					client.CloseIdleConnections()
					switch {
					case response.StatusCode == http.StatusBadGateway:
						lost.Add(1)
					case response.StatusCode != http.StatusAccepted || string(body) != want:
						t.Errorf("answered %d %q, want %q", response.StatusCode, body, want)
					}
				})
			}
			close(begin)
			all.Wait()
			if got, reset := int(lost.Load()), s.Counts().Resets; got > reset {
				t.Errorf("%d were lost, of which the service gave up %d", got, reset)
			}
		})
	}
}

// An agent that accepts nothing has its queue run over: what is turned away comes
// when it accepts again, whole and in order, whatever its size.
func TestTurnedAwayIsSentAgain(t *testing.T) {
	const callers = 300
	s := start(t, ngroktest.Options{})
	l, err := listen(t, newAgent(t, s))
	if err != nil {
		t.Fatal(err)
	}
	var sums sync.Map
	server := &http.Server{Handler: http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		sum := sha256.New()
		if _, err := io.Copy(sum, r.Body); err != nil {
			t.Error(err)
		}
		sums.Store(r.URL.Path, [32]byte(sum.Sum(nil)))
	})}
	body := make([]byte, 1<<20)
	if _, err := rand.Read(body); err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	var lost atomic.Int64
	for i := range callers {
		all.Go(func() {
			// Sizes known and unknown, within the window and beyond it.
			sent := body[:1+i*len(body)/callers]
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			defer cancel()
			request, err := http.NewRequestWithContext(ctx, http.MethodPost, fmt.Sprintf("%s/%d", l.URL(), i), struct{ io.Reader }{strings.NewReader(string(sent))})
			if err != nil {
				t.Error(err)
				return
			}
			if i%2 == 0 {
				request.ContentLength = int64(len(sent))
			}
			client := s.Client("")
			defer client.CloseIdleConnections()
			response, err := client.Do(request)
			if err != nil {
				t.Error(err)
				return
			}
			_ = response.Body.Close()
			if response.StatusCode == http.StatusBadGateway {
				lost.Add(1)
			} else if got, _ := sums.Load(fmt.Sprintf("/%d", i)); got != sha256.Sum256(sent) {
				t.Errorf("request %d arrived otherwise than it was sent", i)
			}
		})
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(unclosed{l}) }()
	all.Wait()
	if got, reset := int(lost.Load()), s.Counts().Resets; got > reset {
		t.Errorf("%d were lost, of which the service gave up %d", got, reset)
	}
	if err := l.Close(); err != nil {
		t.Error(err)
	}
	<-ended
	_ = server.Close() // its connections have ended
	s.Cut()
}

func TestLargeBodyThereAndBack(t *testing.T) {
	body := make([]byte, 10<<20)
	if _, err := rand.Read(body); err != nil {
		t.Fatal(err)
	}
	s := start(t, ngroktest.Options{})
	arrived := make(chan [32]byte, 1)
	url := serve(t, newAgent(t, s), http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		arrived <- sha256.Sum256(text)
		_, _ = w.Write(text)
	}))
	response, answer := post(t, s.Client(""), url, body)
	if got := <-arrived; got != sha256.Sum256(body) {
		t.Error("the body arrived otherwise than it was sent")
	}
	if sha256.Sum256(answer) != sha256.Sum256(body) {
		t.Errorf("%d bytes came back with status %d, otherwise than they were sent", len(answer), response.StatusCode)
	}
}

// Bytes go through as they are, and each half of a connection ends by itself.
func TestRaw(t *testing.T) {
	s := start(t, ngroktest.Options{})
	agent := newAgent(t, s)
	l, err := listen(t, agent)
	if err != nil {
		t.Fatal(err)
	}
	address, err := s.OpenRaw(l.URL().String())
	if err != nil {
		t.Fatal(err)
	}
	heard := make(chan error, 1)
	go func() {
		heard <- func() error {
			conn, err := l.Accept()
			if err != nil {
				return err
			}
			text, err := io.ReadAll(conn) // until the half that sends has ended
			_, wrote := conn.Write(append([]byte("heard "), text...))
			return errors.Join(err, wrote, conn.Close())
		}()
	}()
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(conn, "no HTTP at all"); err != nil {
		t.Fatal(err)
	}
	if err := conn.(*net.TCPConn).CloseWrite(); err != nil {
		t.Fatal(err)
	}
	answer, err := io.ReadAll(conn)
	if err != nil || string(answer) != "heard no HTTP at all" {
		t.Errorf("answered %q, %v", answer, err)
	}
	if err := <-heard; err != nil {
		t.Error(err)
	}
	_ = conn.Close() // both halves have ended
	if err := errors.Join(l.Close(), agent.Disconnect()); err != nil {
		t.Error(err)
	}
}
