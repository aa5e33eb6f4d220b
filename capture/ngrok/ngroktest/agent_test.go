package ngroktest_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"testing"
	"time"

	"go.uber.org/goleak"
	sdk "golang.ngrok.com/ngrok/v2"

	"hookglass/capture/ngrok/ngroktest"
)

// patience bounds every wait: a test that needs it has failed.
const patience = 30 * time.Second

const token = "2abcDEFghiJKLmnoPQRstuVWXyz_5AbCdEfGhIjKlMnOpQrS"

func TestMain(m *testing.M) {
	// What the SDK leaves behind for a while: its own pause after it was told to
	// end, and the heartbeats of sessions that were cut. The service has none.
	goleak.VerifyTestMain(m,
		goleak.IgnoreAnyFunction("golang.ngrok.com/muxado/v2.(*Heartbeat).requester"),
		goleak.IgnoreAnyFunction("golang.ngrok.com/muxado/v2.(*Heartbeat).check"),
		goleak.IgnoreAnyFunction("golang.ngrok.com/ngrok/v2/internal/tunnel/client.(*reconnectingSession).connect"))
}

func start(t testing.TB, o ngroktest.Options) *ngroktest.Service {
	t.Helper()
	s, err := ngroktest.Start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// newAgent makes an agent of the unmodified SDK.
func newAgent(t testing.TB, s *ngroktest.Service, options ...sdk.AgentOption) sdk.Agent {
	t.Helper()
	agent, err := sdk.NewAgent(append([]sdk.AgentOption{
		sdk.WithAuthtoken(token),
		sdk.WithAgentConnectURL(s.Addr()),
		sdk.WithAgentConnectCAs(s.CAs()),
		sdk.WithLogger(slog.New(slog.DiscardHandler)),
	}, options...)...)
	if err != nil {
		t.Fatal(err)
	}
	return agent
}

// listen opens an endpoint; the error is that of Listen.
func listen(t testing.TB, agent sdk.Agent, options ...sdk.EndpointOption) (sdk.EndpointListener, error) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background()) // the session's life
	late := time.AfterFunc(patience, cancel)
	l, err := agent.Listen(ctx, options...)
	late.Stop()
	t.Cleanup(cancel)
	return l, err
}

// serve opens an endpoint and serves it until the test ends; it returns its URL.
func serve(t testing.TB, agent sdk.Agent, handler http.Handler, options ...sdk.EndpointOption) string {
	t.Helper()
	l, err := listen(t, agent, options...)
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: time.Minute}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(unclosed{l}) }()
	t.Cleanup(func() {
		// Not through the server: it holds a lock while the listener waits for it.
		_ = l.Close() // the session may be over
		if err := <-ended; err == nil {
			t.Error("the server ended without a reason")
		}
		_ = agent.Disconnect() // likewise
		_ = server.Close()     // its connections are gone
	})
	return l.URL().String()
}

// unclosed leaves the closing of a listener to its owner.
type unclosed struct{ net.Listener }

func (unclosed) Close() error { return nil }

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// post sends a body; the answer is empty where none came, which fails the test.
func post(t testing.TB, client *http.Client, url string, body []byte, header ...string) answer {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(header); i += 2 {
		request.Header.Add(header[i], header[i+1])
	}
	response, err := client.Do(request)
	if err != nil {
		t.Error(err)
		return answer{}
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Error(err)
	}
	return answer{response.StatusCode, response.Header, text}
}

// settle waits until the service sees what holds.
func settle(t testing.TB, s *ngroktest.Service, what string, holds func(ngroktest.Counts) bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := s.Wait(ctx, holds); err != nil {
		t.Fatalf("never %s: %+v, serving %v", what, s.Counts(), s.URLs())
	}
}

// echo answers with the body.
var echo = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
	w.WriteHeader(http.StatusAccepted)
	_, _ = io.Copy(w, r.Body) // a caller that leaves sees it itself
})

// alive fails where a URL does not answer.
func alive(t testing.TB, s *ngroktest.Service, url string) {
	t.Helper()
	if got := post(t, s.Client(""), url, []byte("alive?")); got.status != http.StatusAccepted || string(got.body) != "alive?" {
		t.Errorf("%s answers %d %q, want 202", url, got.status, got.body)
	}
}
