package engine

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"hookglass/capture"
	"hookglass/providers"
	"hookglass/providers/all"
	"hookglass/store/secret"
)

// outsider is what another process knows of a folder.
func outsider(t *testing.T, folder string) (Config, *providers.Set) {
	t.Helper()
	config := Config{Folder: folder, Getenv: environment(nil)}
	set := all.NewSet()
	made, err := Identities(t.Context(), config, set, "", false)
	if err != nil {
		t.Fatal(err)
	}
	for i := range made {
		if !made[i].Made || made[i].Where != secret.File {
			t.Errorf("%s: made %v, kept in the %s", made[i].Key.Name, made[i].Made, made[i].Where)
		}
	}
	return config, set
}

// Every sample verifies in our own capture, where it is kept as a sample, and
// fails where it was tampered with and its proof covers the body.
func TestEverySampleInOurOwnCapture(t *testing.T) {
	folder := t.TempDir()
	s := start(t, folder, nil)
	config, set := outsider(t, folder)
	n := 0
	for _, p := range set.All() {
		for _, sample := range p.AllSamples() {
			for _, proof := range []providers.Proof{providers.Signed, providers.Tampered} {
				fresh := &providers.Fresh{Now: time.Now()}
				r, err := fresh.Request(p, &sample, nil, nil)
				if err != nil {
					t.Fatal(err)
				}
				if proof == providers.Tampered && len(r.Body) == 0 {
					continue
				}
				signer, err := set.Prove(p, &r, proof, false)
				if err != nil {
					t.Fatalf("%s %s: %v", p.ID, sample.Name, err)
				}
				sent, err := SendMade(t.Context(), config, &Made{URL: s.url + r.Target, Method: r.Method, Header: r.Header, Body: r.Body})
				if err != nil || !sent.Own || sent.Answer == nil || !set.Accepts(p.ID, sent.Answer, &r).Accepted {
					t.Fatalf("%s %s: %+v, %v", p.ID, sample.Name, sent, err)
				}
				n++
				x := s.await(t, func(x *capture.Exchange) bool { return x.Annotation.Verification.Status != "" })
				a := &x.Annotation
				if x.Via != capture.ViaSample || a.Attempt != 0 || a.Provider != p.ID || a.Event == "" {
					t.Errorf("%s %s: kept as %s, %+v", p.ID, sample.Name, x.Via, a)
				}
				covered := p.ID == "klix" || p.ID == "kornitx"
				want := capture.Valid
				switch {
				case signer == providers.Nobody:
					want = capture.Unprovable
					if proof == providers.Signed && strings.Contains(sample.Path, "wc-api") {
						want = capture.Unsigned
					}
				case proof == providers.Tampered && covered:
					want = capture.Invalid
				}
				if a.Verification.Status != want {
					t.Errorf("%s %s, %s: %s (%s), want %s", p.ID, sample.Name, proof, a.Verification.Status, a.Verification.Reason, want)
				}
			}
		}
	}
	if n < 150 {
		t.Errorf("%d callbacks", n)
	}
}

func TestSendMadeKnowsItsOwn(t *testing.T) {
	folder := t.TempDir()
	s := start(t, folder, nil)
	config := Config{Folder: folder, Getenv: environment(nil)}
	elsewhere := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.WriteHeader(http.StatusTeapot)
	}))
	defer elsewhere.Close()
	port := s.url[strings.LastIndexByte(s.url, ':'):]
	for address, own := range map[string]bool{
		s.url + "/komet/confirm?x=1":                  true,
		"http://localhost" + port + "/komet/confirm":  true,
		"http://LOCALHOST." + port + "/komet/confirm": true,
		"http://x.localhost" + port:                   true,
		elsewhere.URL + "/komet/confirm":              false,
	} {
		sent, err := SendMade(t.Context(), config, &Made{URL: address, Method: "POST", Body: []byte(`{"companyId":1,"orderId":2}`)})
		if err != nil || sent.Own != own || sent.Answer == nil || (sent.Answer.Status == 200) != own {
			t.Errorf("%s: %+v, %v, want own %v", address, sent, err, own)
			continue
		}
		if !own {
			continue
		}
		x := s.await(t, func(x *capture.Exchange) bool { return x.State == capture.StateAnswered })
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		if want := u.RequestURI(); x.Via != capture.ViaSample || x.Request.Target != want || x.Request.Remote != providers.OwnRemote {
			t.Errorf("%s: kept %s via %s from %s", address, x.Request.Target, x.Via, x.Request.Remote)
		}
	}
	if err := AskMade(t.Context(), s.Set, config, "http://192.0.2.1"+port, Consent{}); err == nil {
		t.Error("a stranger's address needs no yes")
	}
	if _, err := SendMade(t.Context(), config, &Made{URL: "ftp://127.0.0.1" + port, Method: "POST"}); err == nil {
		t.Error("ftp was taken")
	}
}

// What comes in over TCP is never taken for what we sent to ourselves.
func TestStrangersAreNoSamples(t *testing.T) {
	folder := t.TempDir()
	s := start(t, folder, nil)
	_, set := outsider(t, folder)
	p := set.Find("klix")
	fresh := &providers.Fresh{Now: time.Now()}
	r, err := fresh.Request(p, p.Sample("purchase.paid"), nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := set.Prove(p, &r, providers.Tampered, false); err != nil {
		t.Fatal(err)
	}
	x := s.put(t, "/klix/x", string(r.Body), "X-Klix-Signature", r.Header.Value("X-Klix-Signature"),
		"Host", "sample.hookglass.localhost", "X-Forwarded-For", providers.OwnRemote)
	if x.Via != capture.ViaLocal || x.Annotation.Verification.Status != capture.KeyMissing {
		t.Errorf("kept via %s as %s (%s)", x.Via, x.Annotation.Verification.Status, x.Annotation.Verification.Reason)
	}
}

func TestSendMadeWithoutACapture(t *testing.T) {
	got := make(chan string, 1)
	elsewhere := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got <- r.Method + " " + r.RequestURI }))
	defer elsewhere.Close()
	config := Config{Folder: t.TempDir(), Getenv: environment(nil)}
	sent, err := SendMade(t.Context(), config, &Made{URL: elsewhere.URL + "/x?y=1", Method: "PUT"})
	if err != nil || sent.Own || sent.Answer.Status != 200 || <-got != "PUT /x?y=1" {
		t.Errorf("%+v, %v", sent, err)
	}
	// A process that was killed leaves its words behind.
	e, err := Open(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := writeOwner(config.Folder, Owner{PID: 1, URL: elsewhere.URL, Socket: config.Folder + "/nobody.sock"}); err != nil {
		t.Fatal(err)
	}
	if sent, err = SendMade(t.Context(), config, &Made{URL: elsewhere.URL, Method: "PUT"}); err != nil || sent.Own || <-got == "" {
		t.Errorf("after a killed process: %+v, %v", sent, err)
	}
}

// A sample that waits for its answer holds up neither other changes nor who asked
// and leaves.
func TestSendMadeHoldsNothingUp(t *testing.T) {
	folder := t.TempDir()
	s := start(t, folder, nil)
	config := Config{Folder: folder, Getenv: environment(nil)}
	ctx, cancel := context.WithCancel(t.Context())
	begun := make(chan struct{})
	silent, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = silent.Close() }()
	go func() {
		conn, err := silent.Accept()
		if err == nil {
			close(begun)
			_, _ = io.Copy(io.Discard, conn)
			_ = conn.Close()
		}
	}()
	ended := make(chan error, 1)
	go func() {
		sent, err := SendMade(ctx, config, &Made{URL: "http://" + silent.Addr().String(), Method: "POST"})
		if err == nil && sent.Answer == nil {
			err = errors.New(sent.Error)
		}
		ended <- err
	}()
	<-begun
	if _, err := Apply(t.Context(), config, Change{Action: Commit}); err != nil {
		t.Error(err)
	}
	cancel()
	select {
	case err := <-ended:
		if err == nil {
			t.Error("it was answered")
		}
	case <-time.After(failAfter):
		t.Error("it went on")
	}
	if sent, err := s.SendMade(t.Context(), &Made{URL: s.url + "/probo/x", Method: "POST", Body: []byte("{}")}); err != nil || !sent.Own {
		t.Errorf("of the engine itself: %+v, %v", sent, err)
	}
}

func TestIdentities(t *testing.T) {
	folder := t.TempDir()
	s := start(t, folder, nil)
	config := Config{Folder: folder, Getenv: environment(nil)}
	if got := s.Set.TestKeys(); len(got) != 0 {
		t.Errorf("before the first use: %d keys", len(got))
	}
	first, err := Identities(t.Context(), config, all.NewSet(), "probo", false)
	if err != nil || len(first) != 1 || !first[0].Made || first[0].Provider != "probo" {
		t.Fatalf("%+v, %v", first, err)
	}
	if got := s.Set.TestKeys()["probo.token"]; len(got) != 1 || got[0].Value.Reveal() != first[0].Value.Reveal() || got[0].Label != providers.TestLabel {
		t.Errorf("the process that captures knows %d keys", len(got))
	}
	if got := s.Mask("/probo/" + first[0].Value.Reveal()); strings.Contains(got, first[0].Value.Reveal()) {
		t.Errorf("shown: %s", got)
	}
	if len(s.Set.Keys()["probo.token"]) != 0 {
		t.Error("it counts as a key of the person's")
	}
	again, err := Identities(t.Context(), config, all.NewSet(), "probo", false)
	if err != nil || again[0].Made || again[0].Value.Reveal() != first[0].Value.Reveal() {
		t.Errorf("again: %+v, %v", again, err)
	}
	renewed, err := Identities(t.Context(), config, all.NewSet(), "probo", true)
	if err != nil || !renewed[0].Made || renewed[0].Value.Reveal() == first[0].Value.Reveal() {
		t.Errorf("renewed: %+v, %v", renewed, err)
	}
	reader, err := OpenReader(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = reader.Close() }()
	if got := reader.Set.TestKeys()["probo.token"]; len(got) != 1 || got[0].Value.Reveal() != renewed[0].Value.Reveal() {
		t.Errorf("a reader knows %d keys", len(got))
	}
	env := map[string]string{"HOOKGLASS_PROBO_TOKEN_TEST": "of the environment", "HOOKGLASS_KLIX_TEST": "no PEM at all"}
	config.Getenv = environment(env)
	if got, err := Identities(t.Context(), config, all.NewSet(), "probo", false); err != nil || got[0].Value.Reveal() != "of the environment" || got[0].Made {
		t.Errorf("of the environment: %+v, %v", got, err)
	}
	if _, err := Identities(t.Context(), config, all.NewSet(), "klix", false); err == nil || !strings.Contains(err.Error(), "klix.test: it holds no private key") {
		t.Errorf("of an environment that holds no key: %v", err)
	}
}

// The window asks and makes as the terminal does.
func TestTestIdentityOfTheWindow(t *testing.T) {
	s := start(t, t.TempDir(), nil)
	if err := s.TestIdentity(t.Context(), "nobody", false); !errors.Is(err, ErrNotFound) {
		t.Errorf("of no provider: %v, want ErrNotFound", err)
	}
	value := func(renew bool) string {
		t.Helper()
		if err := s.TestIdentity(t.Context(), "kornitx", renew); err != nil {
			t.Fatal(err)
		}
		keys := s.Set.TestKeys()["kornitx.api_key"]
		if len(keys) != 1 {
			t.Fatalf("%d test keys", len(keys))
		}
		return keys[0].Value.Reveal()
	}
	first := value(false)
	if again := value(false); again != first {
		t.Errorf("it was made anew: %q, %q", first, again)
	}
	if renewed := value(true); renewed == first {
		t.Error("it was not renewed")
	}
	if len(s.Set.TestKeys()["klix.certificate"]) != 0 {
		t.Error("that of another provider was made")
	}
	for _, tt := range []struct {
		to      string
		consent Consent
		asks    bool
	}{
		{s.url, Consent{}, false},
		{"http://localhost:1", Consent{}, false},
		{"http://192.0.2.1/x", Consent{}, true},
		{"http://192.0.2.1/x", Consent{Remote: true}, false},
	} {
		_, asks := errors.AsType[*AskError](s.AskMade(t.Context(), tt.to, tt.consent))
		if asks != tt.asks {
			t.Errorf("%s with %+v: asks %v", tt.to, tt.consent, asks)
		}
	}
}
