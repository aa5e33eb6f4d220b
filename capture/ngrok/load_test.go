package ngrok

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"hookglass/capture/ngrok/ngroktest"
)

// A caller that stops reading its large answer holds up nobody else.
func TestCallerThatStopsReading(t *testing.T) {
	answering := make(chan struct{}, 1)
	ended := make(chan error, 1)
	b := start(t, ngroktest.Options{})
	b.open(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/large" {
			return
		}
		answering <- struct{}{}
		_, err := w.Write(make([]byte, 8<<20))
		ended <- err
	}))
	url := b.waitFor(t, Online).URL
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url+"/large", nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := b.Client("").Do(request)
	if err != nil {
		t.Fatal(err)
	}
	<-answering
	for range 20 {
		if status, _ := post(t, b.Client(""), url+"/small", nil); status != 200 {
			t.Errorf("beside it: %d", status)
		}
	}
	b.tunnel.Close() // is not held up either
	select {
	case err := <-ended:
		if err == nil {
			t.Error("the answer was written whole, though nobody read it")
		}
	case <-time.After(patience):
		t.Error("the handler hangs")
	}
	_ = response.Body.Close()
}

// Callers that arrive while the tunnel closes do not lock up the SDK, nor us.
func TestCloseUnderFlood(t *testing.T) {
	if err := leaks(); err != nil {
		t.Error("of the tests before:", err)
	}
	t.Cleanup(func() { lockedUp = goleak.IgnoreCurrent() })
	b := start(t, ngroktest.Options{})
	client := b.Client("")
	ctx, cancel := context.WithCancel(t.Context())
	var flood sync.WaitGroup
	for range 8 {
		flood.Go(func() {
			for ctx.Err() == nil {
				request, err := http.NewRequestWithContext(ctx, http.MethodPost, "https://demo.ngrok.test/", strings.NewReader("x"))
				if err != nil {
					t.Error(err)
					return
				}
				if response, err := client.Do(request); err == nil {
					_, _ = io.Copy(io.Discard, response.Body)
					_ = response.Body.Close()
				}
			}
		})
	}
	for range 10 {
		b.open(t, echo)
		b.waitFor(t, Online)
		b.tunnel.Close()
	}
	cancel()
	flood.Wait()
}

func TestCloseWhileNothingAnswers(t *testing.T) {
	b := start(t, ngroktest.Options{})
	b.Silence(true)
	b.open(t, echo)
	b.settle(t, "dialed", func(c ngroktest.Counts) bool { return c.Dials > 0 })
	b.tunnel.Close()
	b.Silence(false)
	b.settle(t, "gone", func(c ngroktest.Counts) bool { return c.Sessions == 0 })
}

// 1,000 callers at once: nobody is lost but whom the service itself gave up.
func TestThousandAtOnce(t *testing.T) {
	const callers, sources = 1000, 50
	b := start(t, ngroktest.Options{})
	var arrived sync.WaitGroup
	arrived.Add(1)
	b.open(t, echo)
	url := b.waitFor(t, Online).URL
	var clients []*http.Client
	for i := range sources {
		clients = append(clients, b.Client(fmt.Sprintf("127.0.1.%d", i+1)))
	}
	var all sync.WaitGroup
	var mu sync.Mutex
	lost := 0
	for i := range callers {
		all.Go(func() {
			arrived.Wait()
			source := fmt.Sprintf("127.0.1.%d", i%sources+1)
			want := fmt.Sprintf("%s %s body %d", source, source, i)
			status, text := post(t, clients[i%sources], url, fmt.Appendf(nil, "body %d", i))
			mu.Lock()
			defer mu.Unlock()
			switch {
			case status == http.StatusBadGateway:
				lost++
			case status != 200 || text != want:
				t.Errorf("answered %d %q, want %q", status, text, want)
			}
		})
	}
	arrived.Done()
	all.Wait()
	if reset := b.Counts().Resets; lost > reset {
		t.Errorf("%d were lost, of which the service gave up %d", lost, reset)
	}
}

func TestLargeBodyIsIntact(t *testing.T) {
	body := make([]byte, 10<<20)
	if _, err := rand.Read(body); err != nil {
		t.Fatal(err)
	}
	b := start(t, ngroktest.Options{})
	b.open(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		sum := sha256.New()
		_, err := io.Copy(sum, r.Body)
		_, _ = fmt.Fprintf(w, "%x %v", sum.Sum(nil), err)
	}))
	url := b.waitFor(t, Online).URL
	if status, text := post(t, b.Client(""), url, body); status != 200 || text != fmt.Sprintf("%x <nil>", sha256.Sum256(body)) {
		t.Errorf("answered %d %q", status, text)
	}
}

func TestPolicyIsPassedOn(t *testing.T) {
	b := start(t, ngroktest.Options{})
	b.open(t, echo, func(c *Config) {
		c.Policy = `{"on_http_request":[{"actions":[{"type":"restrict-ips","config":{"enforce":true,"allow":["127.0.0.8/32"]}}]}]}`
	})
	url := b.waitFor(t, Online).URL
	for from, want := range map[string]int{"127.0.0.8": 200, "127.0.0.9": 403} {
		if status, _ := post(t, b.Client(from), url, nil); status != want {
			t.Errorf("from %s: %d, want %d", from, status, want)
		}
	}
}

// An answer that is on its way when the tunnel closes arrives.
func TestCloseLetsAnAnswerArrive(t *testing.T) {
	inside, goOn := make(chan struct{}), make(chan struct{})
	b := start(t, ngroktest.Options{})
	b.open(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		close(inside)
		<-goOn
		_, _ = io.WriteString(w, "done")
	}))
	url := b.waitFor(t, Online).URL
	answered := make(chan error, 1)
	go func() {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, nil)
		if err != nil {
			answered <- err
			return
		}
		response, err := b.Client("").Do(request)
		if err == nil {
			var text []byte
			text, err = io.ReadAll(response.Body)
			_ = response.Body.Close()
			if string(text) != "done" {
				err = errors.Join(err, fmt.Errorf("answered %d %q", response.StatusCode, text))
			}
		}
		answered <- err
	}()
	<-inside
	closed := make(chan struct{})
	go func() {
		defer close(closed)
		b.tunnel.Close()
	}()
	b.settle(t, "unbound", func(ngroktest.Counts) bool { return len(b.URLs()) == 0 })
	close(goOn)
	if err := <-answered; err != nil {
		t.Error(err)
	}
	<-closed
}
