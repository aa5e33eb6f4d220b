package engine

import (
	"context"
	"errors"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"hookglass/capture"
	"hookglass/store"
)

func TestMain(m *testing.M) {
	// What the SDK of the tunnel leaves behind for seconds; see capture/ngrok.
	goleak.VerifyTestMain(m,
		goleak.IgnoreAnyFunction("golang.ngrok.com/ngrok/v2/internal/tunnel/client.(*reconnectingSession).connect"),
		goleak.IgnoreAnyFunction("golang.ngrok.com/muxado/v2.(*Heartbeat).requester"),
		goleak.IgnoreAnyFunction("golang.ngrok.com/muxado/v2.(*Heartbeat).check"))
}

// environment is a Getenv without a keyring.
func environment(values map[string]string) func(string) string {
	return func(name string) string {
		if name == "HOOKGLASS_KEYRING" {
			return "off"
		}
		return values[name]
	}
}

// started is an engine that listens, and what it told of exchanges.
type started struct {
	*Engine
	url     string
	changed chan *capture.Exchange
}

func start(t *testing.T, folder string, values map[string]string) *started {
	t.Helper()
	s := &started{changed: make(chan *capture.Exchange, 1000)}
	e, err := Open(t.Context(), Config{
		Folder: folder, Limits: capture.DefaultLimits(), Getenv: environment(values), MoveAside: true,
		Changed: func(x *capture.Exchange, kept store.Kept) {
			if kept != store.Request {
				s.changed <- x
			}
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	s.Engine = e
	t.Cleanup(func() {
		if err := e.Close(context.WithoutCancel(t.Context())); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	if s.url, err = e.Listen(t.Context(), "127.0.0.1:0", false); err != nil {
		t.Fatal(err)
	}
	return s
}

// put sends a callback and waits until what became of it is kept.
func (s *started) put(t *testing.T, path, body string, header ...string) *capture.Exchange {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPut, s.url+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	transport := &http.Transport{DisableKeepAlives: true}
	response, err := transport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	if response.StatusCode != http.StatusOK {
		t.Fatalf("answer = %d", response.StatusCode)
	}
	return s.await(t, func(x *capture.Exchange) bool { return x.State == capture.StateAnswered })
}

// failAfter is when a test that waits for what never comes gives up.
const failAfter = 20 * time.Second

func (s *started) await(t *testing.T, is func(*capture.Exchange) bool) *capture.Exchange {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), failAfter)
	defer cancel()
	for {
		select {
		case x := <-s.changed:
			if is(x) {
				return x
			}
		case <-ctx.Done():
			t.Fatal("it did not come")
		}
	}
}

func TestApplyWithAndWithoutACapture(t *testing.T) {
	for _, c := range []struct {
		name      string
		capturing bool
	}{{"by itself", false}, {"through the socket", true}} {
		t.Run(c.name, func(t *testing.T) {
			folder := t.TempDir()
			if c.capturing {
				start(t, folder, nil)
			}
			config := Config{Folder: folder, Getenv: environment(nil)}
			put := Change{Action: PutEndpoint, Endpoint: capture.Endpoint{Path: "/mine", Provider: "komet"}}
			if _, err := Apply(t.Context(), config, put); err != nil {
				t.Fatal(err)
			}
			reader, err := OpenReader(t.Context(), config)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = reader.Close() }()
			if e := reader.Endpoints.Find("/mine"); e == nil || e.Provider != "komet" {
				t.Errorf("endpoint = %+v", e)
			}
			remove := Change{Action: RemoveEndpoint, Endpoint: capture.Endpoint{Path: "/absent"}}
			if _, err := Apply(t.Context(), config, remove); !errors.Is(err, ErrNotFound) {
				t.Errorf("removing what is not there: %v, want ErrNotFound", err)
			}
			bad := Change{Action: PutEndpoint, Endpoint: capture.Endpoint{Path: "mine"}}
			if _, err := Apply(t.Context(), config, bad); err == nil {
				t.Error("a path without / was taken")
			}
		})
	}
}

func TestAnEndpointTakesEffectAtOnce(t *testing.T) {
	folder := t.TempDir()
	s := start(t, folder, nil)
	put := Change{Action: PutEndpoint, Endpoint: capture.Endpoint{Path: "/mine/*", Provider: "komet", Event: "order.cancellation"}}
	if _, err := Apply(t.Context(), Config{Folder: folder, Getenv: environment(nil)}, put); err != nil {
		t.Fatal(err)
	}
	x := s.put(t, "/mine", `{"companyId":1,"orderId":2}`)
	if x.Endpoint != "/mine/*" || x.Annotation.Event != "order.cancellation" {
		t.Errorf("endpoint %q, event %q", x.Endpoint, x.Annotation.Event)
	}
}

func TestListenSaysWhoHasThePort(t *testing.T) {
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	e, err := Open(t.Context(), Config{Folder: t.TempDir(), Getenv: environment(nil)})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = e.Close(context.WithoutCancel(t.Context())) }()
	var taken *PortError
	if _, err := e.Listen(t.Context(), l.Addr().String(), false); !errors.As(err, &taken) {
		t.Fatalf("Listen = %v, want a PortError", err)
	}
	if url, err := e.Listen(t.Context(), l.Addr().String(), true); err != nil || url == "http://"+l.Addr().String() {
		t.Errorf("Listen with any port = %q, %v", url, err)
	}
}
