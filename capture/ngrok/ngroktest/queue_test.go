package ngroktest_test

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"testing"

	"golang.ngrok.com/muxado/v2"

	"hookglass/capture/ngrok/ngroktest"
)

// narrow is an agent whose queue of new streams holds one.
type narrow struct{ muxado.TypedStreamSession }

func newNarrow(t *testing.T, s *ngroktest.Service) narrow {
	t.Helper()
	session := dial(t, s, &muxado.Config{AcceptBacklog: 1})
	ask(t, session, 0, `{"Version":["3","2"],"ClientId":"","Extra":{"Authtoken":"x"}}`)
	ask(t, session, 1, `{"Id":"","Proto":"https"}`)
	return narrow{session}
}

// Accept returns a caller's connection, without what precedes its bytes.
func (n narrow) Accept() (net.Conn, error) {
	stream, err := n.AcceptTypedStream()
	if err != nil {
		return nil, err
	}
	var size int64
	if err := binary.Read(stream, binary.LittleEndian, &size); err != nil {
		return nil, err
	}
	_, err = io.CopyN(io.Discard, stream, size)
	return stream, err
}

// Streams that a full queue turns away are opened again: what they carry arrives
// whole and once, whatever its size, known or not.
func TestTurnedAwayIsSentAgain(t *testing.T) {
	const callers = 20
	s := start(t, ngroktest.Options{})
	agent := newNarrow(t, s)
	body := make([]byte, 1<<20)
	if _, err := rand.Read(body); err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	arrived := map[string]int{}
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		sum := sha256.New()
		if _, err := io.Copy(sum, r.Body); err != nil {
			t.Error(err)
		}
		mu.Lock()
		arrived[r.URL.Path]++
		mu.Unlock()
		_, _ = fmt.Fprintf(w, "%x", sum.Sum(nil))
	})}
	var all sync.WaitGroup
	lost := 0
	for i := range callers {
		all.Go(func() {
			sent := body[:1+i*len(body)/callers]
			var reader io.Reader = bytes.NewReader(sent)
			if i%2 == 0 {
				reader = struct{ io.Reader }{reader} // its size is not told
			}
			request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, fmt.Sprintf("https://demo.ngrok.test/%d", i), reader)
			if err != nil {
				t.Error(err)
				return
			}
			response, err := s.Client("").Do(request)
			if err != nil {
				t.Error(err)
				return
			}
			defer func() { _ = response.Body.Close() }()
			answer, err := io.ReadAll(response.Body)
			if response.StatusCode == http.StatusBadGateway {
				mu.Lock()
				defer mu.Unlock()
				lost++
			} else if want := fmt.Sprintf("%x", sha256.Sum256(sent)); err != nil || string(answer) != want {
				t.Errorf("request %d: %d %q, %v; want %s", i, response.StatusCode, answer, err, want)
			}
		})
	}
	settle(t, s, "turned away", func(c ngroktest.Counts) bool { return c.Reopened > 2*callers })
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(agent) }()
	all.Wait()
	if reset := s.Counts().Resets; lost > reset {
		t.Errorf("%d were lost, of which the service gave up %d", lost, reset)
	}
	if len(arrived) != callers-lost {
		t.Errorf("%d arrived, want %d", len(arrived), callers-lost)
	}
	for path, times := range arrived {
		if times != 1 {
			t.Errorf("%s arrived %d times", path, times)
		}
	}
	_ = server.Close() // closes the session, which may be over
	if err := <-ended; err == nil {
		t.Error("the server ended without a reason")
	}
}

// What nobody ever accepts is given up, said, and answered as the edge does.
func TestTurnedAwayForGood(t *testing.T) {
	const callers = 4
	s := start(t, ngroktest.Options{})
	newNarrow(t, s)
	statuses := make(chan int, callers)
	for range callers {
		go func() {
			request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "https://demo.ngrok.test/", nil)
			if err != nil {
				t.Error(err)
				return
			}
			response, err := s.Client("").Do(request)
			if err != nil {
				statuses <- 0
				return
			}
			_ = response.Body.Close()
			statuses <- response.StatusCode
		}()
	}
	// One waits in the queue.
	settle(t, s, "given up", func(c ngroktest.Counts) bool { return c.Resets == callers-1 })
	for range callers - 1 {
		if got := <-statuses; got != http.StatusBadGateway {
			t.Errorf("answered %d, want 502", got)
		}
	}
	s.Cut()
	if got := <-statuses; got != http.StatusBadGateway {
		t.Errorf("cut, the one that waited is answered %d, want 502", got)
	}
}
