package engine

import (
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"hookglass/capture"
	"hookglass/store"
)

func forwardRule(url string) capture.Rule {
	return capture.Rule{
		Name: "app", Enabled: true, Kind: capture.RuleForward,
		Params: capture.RuleParams{Forward: capture.Forwarding{URL: url}},
	}
}

// Callbacks hold secrets: they go to another machine only after a second yes.
func TestForwardingElsewhereAsks(t *testing.T) {
	r := startRuled(t, t.TempDir())
	for _, url := range []string{"http://localhost:1/x", "http://127.0.0.2:1", "http://[::1]:1/", "https://app.localhost:1"} {
		if _, err := r.PutRule(t.Context(), forwardRule(url), capture.Consent{}); err != nil {
			t.Errorf("%s: %v", url, err)
		}
	}
	const elsewhere = "http://192.0.2.7:3000/x"
	var remote *capture.RemoteError
	if _, err := r.PutRule(t.Context(), forwardRule(elsewhere), capture.Consent{Live: true, Forever: true}); !errors.As(err, &remote) || remote.Host != "192.0.2.7:3000" {
		t.Errorf("%v, want *capture.RemoteError", err)
	}
	id, err := r.PutRule(t.Context(), forwardRule(elsewhere), capture.Consent{Remote: true})
	if err != nil {
		t.Fatal(err)
	}
	if err := r.EnableRule(t.Context(), id, false, capture.Consent{}); err != nil {
		t.Fatal(err)
	}
	if err := r.EnableRule(t.Context(), id, true, capture.Consent{}); !errors.As(err, &remote) {
		t.Errorf("EnableRule = %v, want *capture.RemoteError", err)
	}
	config := Config{Folder: r.config.Folder, Getenv: environment(nil)}
	enable := Change{Action: EnableRule, Rule: capture.Rule{ID: id}}
	if _, err := Apply(t.Context(), config, enable); !errors.As(err, &remote) || remote.Host != "192.0.2.7:3000" {
		t.Errorf("of another process: %v, want *capture.RemoteError", err)
	}
	enable.Consent.Remote = true
	if _, err := Apply(t.Context(), config, enable); err != nil {
		t.Error(err)
	}
}

func TestForwardingToOurselves(t *testing.T) {
	r := startRuled(t, t.TempDir())
	_, port, err := net.SplitHostPort(strings.TrimPrefix(r.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	for _, url := range []string{r.url, "http://localhost:" + port + "/klix", "http://0.0.0.0:" + port, "http://[::ffff:127.0.0.1]:" + port} {
		if _, err := r.PutRule(t.Context(), forwardRule(url), capture.Consent{Remote: true}); err == nil || !strings.Contains(err.Error(), "come back") {
			t.Errorf("%s: %v, want it refused", url, err)
		}
	}
	public := capture.Public{State: capture.PublicOnline, URL: "https://abc.ngrok.app"}
	r.public.now.Store(&public)
	for host, want := range map[string]bool{
		"127.0.0.1:" + port: true, "localhost.:" + port: true, "x.localhost:" + port: true,
		"127.0.0.1:1": false, "[::1]:" + port: false, "127.0.0.2:" + port: false, "localhost": false,
		"abc.ngrok.app": true, "ABC.ngrok.app:443": true, "abc.ngrok.app:8443": false, "other.ngrok.app": false,
	} {
		if got := r.ours(host); got != want {
			t.Errorf("ours(%q) = %v, want %v", host, got, want)
		}
	}
	for _, test := range []struct {
		name, own string
		want      bool
	}{
		{"127.0.0.1", "0.0.0.0", true},
		{"::1", "::", true},
		{"localhost", "::", true},
		{"localhost", "192.0.2.7", false},
		{"192.0.2.7", "192.0.2.7", true},
		{"192.0.2.8", "0.0.0.0", false},
		{"0.0.0.0", "127.0.0.1", true},
		{"example.com", "0.0.0.0", false},
	} {
		if got := reaches(test.name, test.own); got != test.want {
			t.Errorf("reaches(%q, %q) = %v, want %v", test.name, test.own, got, test.want)
		}
	}
}

// What was forwarded for the app's answer alone is kept as a resend, also where we
// close before the answer is there.
func TestObservedAnswersAreKept(t *testing.T) {
	r := startRuled(t, t.TempDir())
	asked, answer := make(chan struct{}), make(chan struct{})
	app := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		close(asked)
		<-answer
		w.WriteHeader(http.StatusTeapot)
	}))
	defer app.Close()
	rule := forwardRule(app.URL)
	rule.Endpoint, rule.Params.Forward.Observe = "/komet/confirm", true
	r.put(t, rule, false)
	r.want(t, "/komet/confirm", 200)
	select {
	case <-asked:
	case <-time.After(failAfter):
		t.Fatal("the app was not asked")
	}
	go close(answer)
	if err := r.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	db, err := store.OpenReader(t.Context(), r.Store.Path())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	rows, err := db.List(t.Context(), store.Query{Via: capture.ViaReplay})
	if err != nil || len(rows) != 1 {
		t.Fatalf("%d are kept, %v, want the one that was forwarded", len(rows), err)
	}
	x := rows[0]
	if x.Origin != 1 || x.State != capture.StateAnswered || x.Response == nil || x.Response.Status != http.StatusTeapot ||
		x.Response.By != capture.ByTarget || x.Annotation.Provider != "komet" {
		t.Errorf("kept is %+v %+v", x, x.Response)
	}
}

// Who waits for an app that does not answer hears of it before we are gone.
func TestQuittingAnswersWhatIsForwarded(t *testing.T) {
	reached, ends := make(chan struct{}), make(chan struct{})
	app := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		close(reached)
		<-ends
	}))
	defer app.Close()
	defer close(ends)
	r := startRuled(t, t.TempDir())
	rule := forwardRule(app.URL)
	rule.Params.Forward.Timeout = time.Minute
	r.put(t, rule, false)
	status := r.sendOff(t, "/klix/x")
	select {
	case <-reached:
	case <-time.After(failAfter):
		t.Fatal("the app was not reached")
	}
	if err := r.Close(t.Context()); err != nil {
		t.Error(err)
	}
	wantStatus(t, status, http.StatusBadGateway)
}
