package ngroktest_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	sdk "golang.ngrok.com/ngrok/v2"
	"golang.ngrok.com/ngrok/v2/rpc"

	"hookglass/capture/ngrok/ngroktest"
)

func TestCutIsBoundAgain(t *testing.T) {
	s := start(t, ngroktest.Options{})
	url := serve(t, newAgent(t, s), echo)
	for range 5 {
		s.Cut()
		settle(t, s, "back", func(c ngroktest.Counts) bool { return c.Sessions == 1 && len(s.URLs()) == 1 })
		alive(t, s, url)
	}
}

func TestDown(t *testing.T) {
	s := start(t, ngroktest.Options{})
	url, address := serve(t, newAgent(t, s), echo), s.Addr()
	for range 2 {
		if err := s.Down(true); err != nil {
			t.Fatal(err)
		}
		settle(t, s, "gone", func(c ngroktest.Counts) bool { return c.Sessions == 0 && len(s.URLs()) == 0 })
		got := post(t, s.Client(""), url, nil)
		if code := got.header.Get("ngrok-error-code"); got.status != http.StatusNotFound || code != "ERR_NGROK_3200" {
			t.Errorf("down, it answers %d %s", got.status, code)
		}
		if err := s.Down(false); err != nil {
			t.Fatal(err)
		}
		if s.Addr() != address {
			t.Errorf("up at %s, want %s", s.Addr(), address)
		}
		settle(t, s, "back", func(ngroktest.Counts) bool { return len(s.URLs()) == 1 })
		alive(t, s, url)
	}
}

// While it is silent nothing is answered, and nothing is lost either.
func TestSilence(t *testing.T) {
	s := start(t, ngroktest.Options{})
	url := serve(t, newAgent(t, s), echo)
	s.Silence(true)
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	if response, err := s.Client("").Do(request); err == nil {
		_ = response.Body.Close()
		t.Errorf("silent, it answers %d", response.StatusCode)
	}
	s.Silence(false)
	alive(t, s, url)
	if got := s.Counts().Dials; got != 1 {
		t.Errorf("the agent connected %d times, want once", got)
	}
}

func TestCutAfterAuth(t *testing.T) {
	s := start(t, ngroktest.Options{})
	url := serve(t, newAgent(t, s), echo)
	s.CutAfterAuth(true)
	settle(t, s, "cut ten times", func(c ngroktest.Counts) bool { return c.Dials > 10 })
	s.CutAfterAuth(false)
	settle(t, s, "back", func(c ngroktest.Counts) bool { return c.Sessions == 1 && len(s.URLs()) == 1 })
	alive(t, s, url)
}

func TestSlow(t *testing.T) {
	s := start(t, ngroktest.Options{})
	const delay = 50 * time.Millisecond
	s.Slow(delay)
	began := time.Now()
	serve(t, newAgent(t, s), echo)
	if took := time.Since(began); took < 2*delay { // Auth and Bind
		t.Errorf("connected after %v, want %v at least", took, 2*delay)
	}
	s.Slow(0)
}

func TestNextHost(t *testing.T) {
	s := start(t, ngroktest.Options{})
	agent := newAgent(t, s)
	s.NextHost("first.test")
	if got := serve(t, agent, echo); got != "https://first.test" {
		t.Errorf("served at %s", got)
	}
	s.NextHost("second.test")
	s.Cut()
	settle(t, s, "bound again", func(ngroktest.Counts) bool { return slices.Equal(s.URLs(), []string{"https://second.test"}) })
	alive(t, s, "https://second.test")
	s.Cut() // the host stays
	settle(t, s, "back", func(c ngroktest.Counts) bool { return c.Sessions == 1 && len(s.URLs()) == 1 })
	alive(t, s, "https://second.test")
}

func TestCommands(t *testing.T) {
	s := start(t, ngroktest.Options{})
	asked := make(chan string, 3)
	url := serve(t, newAgent(t, s, sdk.WithRPCHandler(func(_ context.Context, _ sdk.AgentSession, r rpc.Request) ([]byte, error) {
		asked <- r.Method()
		if r.Method() == rpc.StopAgentMethod {
			return nil, nil
		}
		return nil, errors.New("not here")
	})), echo)
	tests := []struct {
		command func(string) error
		method  string
		refused bool
	}{
		{s.RestartAgent, rpc.RestartAgentMethod, true},
		{s.UpdateAgent, rpc.UpdateAgentMethod, true},
		{s.StopAgent, rpc.StopAgentMethod, false},
	}
	for _, test := range tests {
		err := test.command(url)
		if got := <-asked; got != test.method {
			t.Errorf("the agent was asked for %s, want %s", got, test.method)
		}
		if test.refused && (err == nil || !strings.Contains(err.Error(), "not here")) || !test.refused && err != nil {
			t.Errorf("%s: %v", test.method, err)
		}
	}
	settle(t, s, "stopped", func(c ngroktest.Counts) bool { return c.Sessions == 0 })
	if err := s.StopAgent(url); err == nil {
		t.Error("an agent that is gone was told to stop")
	}
}

func TestStopTunnel(t *testing.T) {
	s := start(t, ngroktest.Options{})
	agent := newAgent(t, s)
	l, err := listen(t, agent)
	if err != nil {
		t.Fatal(err)
	}
	url := l.URL().String()
	if err := s.StopTunnel(url, "ERR_NGROK_725", "too much"); err != nil {
		t.Fatal(err)
	}
	_, err = l.Accept()
	if err == nil || !strings.Contains(err.Error(), "ERR_NGROK_725") && !strings.Contains(err.Error(), "too much") {
		t.Errorf("Accept says %v", err)
	}
	if got := post(t, s.Client(""), url, nil); got.status != http.StatusNotFound {
		t.Errorf("stopped, it answers %d", got.status)
	}
	if got := s.Counts().Sessions; got != 1 {
		t.Errorf("%d sessions, want 1: only the endpoint was stopped", got)
	}
	if err := s.StopTunnel(url, "ERR_NGROK_725", "again"); err == nil {
		t.Error("an endpoint that is gone was stopped")
	}
	if err := agent.Disconnect(); err != nil {
		t.Error(err)
	}
}
