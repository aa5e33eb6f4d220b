package ngroktest_test

import (
	"context"
	"errors"
	"io"
	"maps"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"

	sdk "golang.ngrok.com/ngrok/v2"

	"hookglass/capture/ngrok/ngroktest"
)

func TestRequestArrivesAsItWasSent(t *testing.T) {
	s := start(t, ngroktest.Options{})
	type seen struct {
		request *http.Request
		body    []byte
	}
	got := make(chan seen, 1)
	url := serve(t, newAgent(t, s), http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		got <- seen{r, body}
		w.Header().Set("X-Answer", "yes")
		w.WriteHeader(http.StatusAccepted)
		_, _ = io.WriteString(w, "thanks")
	}))
	if url != "https://demo.ngrok.test" {
		t.Errorf("served at %s", url)
	}
	const body, target = `{"event": "purchase.paid"}`, "/a%2Fb/../c//?x=1;y&z=%zz"
	answered := post(t, s.Client("127.0.0.7"), url+target, []byte(body),
		"X-Hub-Signature-256", "sha256=00ff", "X-Twice", "1", "X-Twice", "2", "User-Agent", "klix", "Accept-Encoding", "br",
		"X-Forwarded-For", "203.0.113.9", "X-Forwarded-Proto", "http")
	if answered.status != http.StatusAccepted || answered.header.Get("X-Answer") != "yes" || string(answered.body) != "thanks" {
		t.Errorf("answered %+v", answered)
	}
	r := <-got
	if string(r.body) != body {
		t.Errorf("the body is %q", r.body)
	}
	if r.request.RequestURI != target || r.request.Host != "demo.ngrok.test" {
		t.Errorf("asked for %q of %q", r.request.RequestURI, r.request.Host)
	}
	want := http.Header{
		"X-Hub-Signature-256": {"sha256=00ff"}, "X-Twice": {"1", "2"}, "User-Agent": {"klix"}, "Accept-Encoding": {"br"},
		"Content-Length":   {"26"},
		"X-Forwarded-For":  {"203.0.113.9, 127.0.0.7"},
		"X-Forwarded-Host": {"demo.ngrok.test"}, "X-Forwarded-Proto": {"http, https"},
	}
	if !maps.EqualFunc(r.request.Header, want, slices.Equal) {
		t.Errorf("the headers are %v, want %v", r.request.Header, want)
	}
	if host, _, _ := net.SplitHostPort(r.request.RemoteAddr); host != "127.0.0.7" {
		t.Errorf("the caller is %s, want 127.0.0.7", r.request.RemoteAddr)
	}
}

func TestEdgeAnswersForThoseWhoDoNot(t *testing.T) {
	s := start(t, ngroktest.Options{})
	const policy = `{"on_http_request":[{"actions":[{"type":"restrict-ips","config":{"allow":["127.0.0.8/32"]}}]}]}`
	agent := newAgent(t, s)
	serve(t, agent, echo, sdk.WithURL("guarded.test"), sdk.WithTrafficPolicy(policy))
	serve(t, agent, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }), sdk.WithURL("https://dead.test"))
	tests := []struct {
		host, from string
		status     int
		code       string
	}{
		{"guarded.test", "127.0.0.8", 202, ""},
		{"guarded.test", "127.0.0.9", 403, "ERR_NGROK_3205"},
		{"nobody.test", "", 404, "ERR_NGROK_3200"},
		{"dead.test", "", 502, "ERR_NGROK_3004"},
	}
	for _, test := range tests {
		got := post(t, s.Client(test.from), "https://"+test.host+"/", []byte("x"))
		if code := got.header.Get("ngrok-error-code"); got.status != test.status || code != test.code {
			t.Errorf("%s from %q: %d %q, want %d %q", test.host, test.from, got.status, code, test.status, test.code)
		}
	}
	if got, want := s.URLs(), []string{"https://dead.test", "https://guarded.test"}; !slices.Equal(got, want) {
		t.Errorf("serving %v, want %v", got, want)
	}
	for _, to := range s.ForwardsTo() {
		if !strings.HasPrefix(to, "app://") {
			t.Errorf("forwards to %q", to)
		}
	}
}

// coded is what the SDK's events hold: their errors are not wrapped.
type coded interface{ ErrorCode() string }

// The SDK tries again for ever, so the first coded error must be heard.
func TestAuthIsRefused(t *testing.T) {
	for name, o := range map[string]ngroktest.Options{"unknown token": {Tokens: []string{"another"}}, "by command": {}} {
		t.Run(name, func(t *testing.T) {
			s := start(t, o)
			if o.Tokens == nil {
				s.Refuse(105, "Your token TOKEN is wrong.")
			}
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			heard := make(chan error, 100)
			agent := newAgent(t, s, sdk.WithEventHandler(func(e sdk.Event) {
				if lost, ok := e.(*sdk.EventAgentDisconnected); ok && lost.Error != nil {
					heard <- lost.Error
					cancel()
				}
			}))
			if _, err := agent.Listen(ctx); err == nil {
				t.Error("it connected")
			}
			err := <-heard
			var code coded
			if !errors.As(err, &code) || code.ErrorCode() != "ERR_NGROK_105" || !strings.Contains(err.Error(), token) {
				t.Errorf("told %v", err)
			}
			if s.Counts().Dials == 0 || s.Counts().Sessions != 0 {
				t.Errorf("counted %+v", s.Counts())
			}
			if o.Tokens != nil {
				return
			}
			s.Accept()
			alive(t, s, serve(t, newAgent(t, s), echo))
		})
	}
}

func TestBindIsRefused(t *testing.T) {
	s := start(t, ngroktest.Options{})
	alive(t, s, serve(t, newAgent(t, s), echo, sdk.WithURL("shop.test")))
	tests := []struct {
		name, url, policy string
		refuse            int
		code              string
	}{
		{"host of another", "shop.test", "", 0, "ERR_NGROK_334"},
		{"bad URL", "https://", "", 0, "ERR_NGROK_9037"},
		{"bad policy", "other.test", "on_http_request: 7", 0, "ERR_NGROK_2201"},
		{"by command", "other.test", "", 313, "ERR_NGROK_313"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if test.refuse != 0 {
				s.RefuseBind(test.refuse)
				defer s.Accept()
			}
			agent := newAgent(t, s)
			_, err := listen(t, agent, sdk.WithURL(test.url), sdk.WithTrafficPolicy(test.policy))
			var code sdk.Error
			if !errors.As(err, &code) || code.Code() != test.code {
				t.Errorf("told %v, want %s", err, test.code)
			}
			if err := agent.Disconnect(); err != nil {
				t.Error(err)
			}
		})
	}
	alive(t, s, "https://shop.test")
}

func TestUnbind(t *testing.T) {
	s := start(t, ngroktest.Options{Host: "mine.test"})
	agent := newAgent(t, s)
	l, err := listen(t, agent)
	if err != nil {
		t.Fatal(err)
	}
	if got := s.URLs(); !slices.Equal(got, []string{"https://mine.test"}) {
		t.Errorf("serving %v", got)
	}
	if err := l.Close(); err != nil {
		t.Error(err)
	}
	if got := s.URLs(); len(got) != 0 || s.Counts().Sessions != 1 {
		t.Errorf("serving %v in %d sessions", got, s.Counts().Sessions)
	}
	if err := agent.Disconnect(); err != nil {
		t.Error(err)
	}
	settle(t, s, "disconnected", func(c ngroktest.Counts) bool { return c.Sessions == 0 })
}

func TestDiagnose(t *testing.T) {
	s := start(t, ngroktest.Options{})
	diagnoser, ok := newAgent(t, s).(sdk.Diagnoser)
	if !ok {
		t.Fatal("the SDK's agent is no Diagnoser")
	}
	result, err := diagnoser.Diagnose(t.Context(), s.Addr())
	if err != nil || result.Region != "lo" {
		t.Errorf("diagnosed %+v, %v", result, err)
	}
}
