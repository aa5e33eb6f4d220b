package engine

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"
	"time"

	"hookglass/capture"
	"hookglass/capture/ngrok"
	"hookglass/store"
)

// front is a reverse proxy of one's own before an engine's listener.
func front(t *testing.T, e *Engine, rewrite func(*httputil.ProxyRequest)) string {
	t.Helper()
	target, err := url.Parse(e.URL())
	if err != nil {
		t.Fatal(err)
	}
	proxy := httptest.NewServer(&httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(target) // with the target's Host
			rewrite(r)
		},
		Transport: &http.Transport{DisableKeepAlives: true},
	})
	t.Cleanup(proxy.Close)
	return proxy.URL
}

// from is a client on another address of this machine.
func from(address string) *http.Client {
	dialer := &net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(address)}}
	return &http.Client{Transport: &http.Transport{DialContext: dialer.DialContext, DisableKeepAlives: true}}
}

func post(t *testing.T, client *http.Client, address string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address, strings.NewReader("x"))
	if err != nil {
		t.Fatal(err)
	}
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, response.Body)
	_ = response.Body.Close()
	if response.StatusCode != http.StatusOK {
		t.Errorf("%s answers %d", address, response.StatusCode)
	}
}

// kept lists what is stored, oldest first, as "via source target".
func (p *public) kept(t *testing.T) string {
	t.Helper()
	ids, err := p.Store.IDsOf(t.Context(), store.Query{})
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for i := len(ids) - 1; i >= 0; i-- {
		x, err := p.Store.Exchange(t.Context(), ids[i])
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, string(x.Via)+" "+x.Request.Source+" "+x.Request.Path())
	}
	return strings.Join(all, ", ")
}

func TestOwnPublicURLBehindAProxy(t *testing.T) {
	tests := []struct {
		name    string
		rewrite func(*httputil.ProxyRequest)
	}{
		{"the host passed on", func(r *httputil.ProxyRequest) {
			r.Out.Host = r.In.Host
			r.Out.Header["X-Forwarded-For"] = r.In.Header["X-Forwarded-For"]
			r.SetXForwarded()
			r.Out.Header.Del("X-Forwarded-Host")
		}},
		{"the host forwarded", func(r *httputil.ProxyRequest) { r.SetXForwarded() }},
		{"a path of its own", func(r *httputil.ProxyRequest) {
			r.SetXForwarded()
			r.Out.URL.Path = strings.TrimPrefix(r.Out.URL.Path, "/hooks")
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p := startPublic(t, nil)
			base := front(t, p.Engine, test.rewrite)
			if err := p.UsePublicURL(t.Context(), base+"/hooks/"); err != nil {
				t.Fatal(err)
			}
			now := p.waitFor(t, capture.PublicOnline)
			if now.URL != base+"/hooks" || now.Via != capture.ViaPublic || now.Reach.Outcome != capture.Reached || now.Reach.Took <= 0 {
				t.Errorf("got %+v", now)
			}
			post(t, from("127.0.0.9"), base+"/x")
			post(t, from("127.0.0.9"), p.URL()+"/y")
			if got, want := p.kept(t), "public 127.0.0.9 /x, local 127.0.0.9 /y"; got != want {
				t.Errorf("kept %s, want %s", got, want)
			}
		})
	}
}

// A proxy that tells its own name in place of the address's looks like any local
// caller, and the person is told what to change.
func TestOwnPublicURLWithoutItsHost(t *testing.T) {
	p := startPublic(t, nil)
	if err := p.UsePublicURL(t.Context(), front(t, p.Engine, func(*httputil.ProxyRequest) {})); err != nil {
		t.Fatal(err)
	}
	if now := p.waitFor(t, capture.PublicUnreachable); !strings.Contains(now.Reason, "X-Forwarded-Host") {
		t.Errorf("got %+v", now)
	}
}

func TestIsPublic(t *testing.T) {
	p := &publicAddress{}
	for _, test := range []struct {
		own, host string
		want      bool
	}{
		{"shop.example", "shop.example", true},
		{"shop.example", "SHOP.example:443", true},
		{"shop.example:443", "shop.example", true},
		{"shop.example:8443", "shop.example:8443", true},
		{"shop.example:8443", "shop.example", false},
		{"shop.example", "shop.example:8443", false},
		{"shop.example", "shop.example.evil", false},
		{"shop.example", "", false},
		{"", "", false},
	} {
		own := portless(test.own)
		p.host.Store(&own)
		if got := p.isPublic(test.host); got != test.want {
			t.Errorf("isPublic(%q) of %q = %v", test.host, test.own, got)
		}
	}
}

// After the end there is nothing to test, whatever is known of the address.
func TestNothingIsTestedAfterTheEnd(t *testing.T) {
	p := startPublic(t, nil)
	for name, open := range map[string]func() error{
		"tunnel": func() error { return p.OpenTunnel(t.Context(), ngrok.Settings{}) },
		"own":    func() error { return p.UsePublicURL(t.Context(), p.URL()) },
	} {
		if err := open(); err != nil {
			t.Fatal(err)
		}
		p.wait(t, "tested", func(now capture.Public) bool { return now.Reach.Outcome == capture.Reached })
		if err := p.ClosePublic(t.Context()); err != nil {
			t.Fatal(err)
		}
		err := p.public.do(t.Context(), func() error {
			p.public.check()
			if p.public.ending != nil {
				t.Errorf("%s: a self-test is on its way", name)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if now := p.Public(); now.State != capture.PublicOff || now.Checking {
			t.Errorf("%s: got %+v", name, now)
		}
	}
	if got := p.kept(t); got != "" {
		t.Errorf("kept %s", got)
	}
}

// What our own address leads to is tested after sleep, which no tunnel notices.
func TestOwnPublicURLAfterSleep(t *testing.T) {
	p := startPublic(t, nil)
	now := time.Date(2026, 11, 21, 2, 0, 0, 0, time.UTC)
	ticks, stopped := make(chan time.Time), make(chan struct{})
	err := p.public.do(t.Context(), func() error {
		p.public.clock.now = func() time.Time { return now } // on its goroutine
		p.public.clock.every = func(time.Duration) (<-chan time.Time, func()) {
			return ticks, func() { close(stopped) }
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := p.UsePublicURL(t.Context(), p.URL()); err != nil {
		t.Fatal(err)
	}
	p.paused(t, wellPause)
	first := p.Public().Reach.At
	pass := func(d time.Duration) {
		t.Helper()
		if err := p.public.do(t.Context(), func() error { now = now.Add(d); return nil }); err != nil {
			t.Fatal(err)
		}
		ticks <- time.Time{}
	}
	pass(lookEvery)
	if err := p.public.do(t.Context(), func() error { return nil }); err != nil { // after the look
		t.Fatal(err)
	}
	if got := p.Public(); got.Checking || !got.Reach.At.Equal(first) {
		t.Errorf("tested while awake: %+v", got)
	}
	pass(time.Hour)
	p.paused(t, wellPause)
	if p.Public().Reach.At.Equal(first) {
		t.Error("not tested after sleep")
	}
	if err := p.ClosePublic(t.Context()); err != nil {
		t.Fatal(err)
	}
	<-stopped
}

// The end of the program is an event too: until the next start nothing carries.
func TestEndIsKept(t *testing.T) {
	p := startPublic(t, nil)
	if err := p.OpenTunnel(t.Context(), ngrok.Settings{}); err != nil {
		t.Fatal(err)
	}
	p.waitFor(t, capture.PublicOnline)
	if err := p.Close(context.WithoutCancel(t.Context())); err != nil {
		t.Fatal(err)
	}
	if urls := p.service.URLs(); len(urls) != 0 {
		t.Errorf("the service still serves %v", urls)
	}
	again := start(t, p.config.Folder, nil)
	events, err := again.PublicEvents(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	if len(events) != 1 || events[0].State != capture.PublicOff || events[0].Reason != whyClosed || events[0].URL != "https://demo.ngrok.test" {
		t.Errorf("the last event is %+v", events)
	}
}

// The tunnel's words wait for a busy goroutine: each state of them, and of
// heartbeats the last.
func TestNoStateIsLost(t *testing.T) {
	p := newPublicAddress(nil)
	said := []ngrok.Status{
		{State: ngrok.Connecting},
		{State: ngrok.Connecting, Code: "ERR_NGROK_108"},
		{State: ngrok.Online},
		{State: ngrok.Online, Latency: 1},
		{State: ngrok.Online, Latency: 2},
		{State: ngrok.Reconnecting, Reason: "a"},
		{State: ngrok.Online},
		{State: ngrok.Online, Latency: 3},
	}
	for _, s := range said {
		p.changed(s) // nobody reads
	}
	want := []ngrok.Status{said[0], said[1], said[4], said[5], said[7]}
	got := p.takeTold()
	if len(got) != len(want) {
		t.Fatalf("got %+v", got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("%d: got %+v, want %+v", i, got[i], want[i])
		}
	}
}

// The token is masked like other secrets, wherever it is configured.
func TestTokenIsMasked(t *testing.T) {
	p := startPublic(t, nil) // with NGROK_AUTHTOKEN
	const kept = "2keptKEPTkeptKEPTkeptKEPTkeptKEPT"
	if err := p.SaveKey(t.Context(), TunnelCredential, "", kept); err != nil {
		t.Fatal(err)
	}
	reader, err := OpenReader(t.Context(), p.config)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := reader.Close(); err != nil {
			t.Error(err)
		}
	}()
	for name, mask := range map[string]func(string) string{"engine": p.Mask, "reader": reader.Mask} {
		if got, want := mask("/x/"+kept+"?y="+authtoken), "/x/***?y=***"; got != want {
			t.Errorf("%s: got %s, want %s", name, got, want)
		}
	}
}
