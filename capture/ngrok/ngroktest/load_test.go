package ngroktest_test

import (
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
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
					got := post(t, client, url, []byte(want))
					client.CloseIdleConnections()
					switch {
					case got.status == http.StatusBadGateway:
						lost.Add(1)
					case got.status != http.StatusAccepted || string(got.body) != want:
						t.Errorf("answered %d %q, want %q", got.status, got.body, want)
					}
				})
			}
			close(begin)
			all.Wait()
			if lost, reset := int(lost.Load()), s.Counts().Resets; lost > reset {
				t.Errorf("%d were lost, of which the service gave up %d", lost, reset)
			}
		})
	}
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
	got := post(t, s.Client(""), url, body)
	if sum := <-arrived; sum != sha256.Sum256(body) {
		t.Error("the body arrived otherwise than it was sent")
	}
	if sha256.Sum256(got.body) != sha256.Sum256(body) {
		t.Errorf("%d bytes came back with status %d, otherwise than they were sent", len(got.body), got.status)
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
