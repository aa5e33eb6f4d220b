package main_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"hookglass/capture/ngrok/ngroktest"
)

const tunnelToken = "2abcDEFghiJKLmnoPQRstuVWXyz_5AbCdEfGhIjKlMnOpQrS"

// edge is a loopback ngrok service, and how the program finds it.
type edge struct {
	*ngroktest.Service
	env []string
}

func startEdge(t testing.TB) *edge {
	t.Helper()
	s, err := ngroktest.Start(ngroktest.Options{Tokens: []string{tunnelToken}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	ca := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(ca, s.CAPEM(), 0o600); err != nil {
		t.Fatal(err)
	}
	home := t.TempDir() // without an ngrok.yml of the person who runs the tests
	return &edge{s, []string{
		"HOOKGLASS_NGROK_CONNECT=" + s.Addr(), "HOOKGLASS_NGROK_CA=" + ca, "HOOKGLASS_NGROK_EDGE=" + s.EdgeAddr(),
		"HOOKGLASS_NGROK_HEARTBEAT=10m", // the SDK's heartbeats set the race detector off
		"NGROK_AUTHTOKEN=" + tunnelToken, "HOME=" + home, "XDG_CONFIG_HOME=" + home,
	}}
}

// tunneled is a serve with a public address.
type tunneled struct {
	*program
	lines chan event
}

// event is a line that serve prints with --json.
type event struct {
	Event, State, URL, Code, Reason string
}

// serveTunneled starts serve and waits until it listens.
func serveTunneled(t testing.TB, env []string, dir string, args ...string) *tunneled {
	t.Helper()
	words := append([]string{"serve", "--listen", "127.0.0.1:0", "--json", "--data-dir", dir}, args...)
	cmd := exec.CommandContext(context.WithoutCancel(t.Context()), programPath(t, "hookglassctl"), words...)
	p := &tunneled{program: &program{cmd: cmd, dir: dir, stderr: &output{}, ended: make(chan error, 1)}, lines: make(chan event, 10_000)}
	cmd.Env, cmd.Stderr = environment(env...), p.stderr
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		lines := bufio.NewScanner(stdout)
		for lines.Scan() {
			var e event
			if json.Unmarshal(lines.Bytes(), &e) == nil && e.Event != "" {
				p.lines <- e
			}
		}
		_, _ = io.Copy(io.Discard, stdout) // Wait wants the pipe read to its end
		close(p.lines)
		p.ended <- cmd.Wait()
	}()
	t.Cleanup(p.kill)
	listening := p.event(t, func(e event) bool { return e.Event == "listening" })
	p.url, p.addr = listening.URL, strings.TrimPrefix(listening.URL, "http://")
	return p
}

// event waits for a line that holds.
func (p *tunneled) event(t testing.TB, holds func(event) bool) event {
	t.Helper()
	timeout := time.After(patience)
	var seen []event
	for {
		select {
		case e, more := <-p.lines:
			if !more {
				t.Fatalf("serve ended; it printed %+v and said: %s", seen, p.stderr)
			}
			if holds(e) {
				return e
			}
			seen = append(seen, e)
		case <-timeout:
			t.Fatalf("serve printed %+v and said: %s", seen, p.stderr)
		}
	}
}

func state(name string) func(event) bool {
	return func(e event) bool { return e.State == name }
}

// through sends a callback to a public address.
func through(t testing.TB, client *http.Client, base string, c callback) answered {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), c.method, base+c.target, bytes.NewReader(c.body))
	if err != nil {
		t.Fatal(err)
	}
	for _, field := range c.header {
		name, value, _ := strings.Cut(field, ": ")
		request.Header.Set(name, value)
	}
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answered{response.StatusCode, response.Header, string(body)}
}

// A signed callback comes through the edge, is marked so, and verifies (with the
// weak key of the documentation); after a
// cut the same address answers again; no self-test is ever stored.
func TestTunnel(t *testing.T) {
	s, dir := startEdge(t), t.TempDir()
	configure(t, dir)
	p := serveTunneled(t, s.env, dir, "--tunnel")
	online := p.event(t, state("online"))
	if online.Event != "tunnel" || online.URL != "https://demo.ngrok.test" || online.Code != "" {
		t.Errorf("online as %+v", online)
	}
	client := s.Client("127.0.0.7")
	signed := callback{"PUT", "/klix/purchases", []string{asJSON, klixSignature(t)}, fixture(t, "klix_signed.json")}
	if got := through(t, client, online.URL, signed); got.status != 200 {
		t.Errorf("answered %d %s", got.status, got.body)
	}
	row := show(t, dir, last(t, dir, 1).ID)
	if row.Via != "tunnel" || row.Verification.Status != "weak_key" || row.Host != "demo.ngrok.test" {
		t.Errorf("captured via %s, %s, for %s", row.Via, row.Verification.Status, row.Host)
	}
	if got := mustCtl(t, dir, nil, "list", "--filter", "from:127.0.0.7 via:tunnel verified:yes", "--json"); !strings.Contains(got, row.UID) {
		t.Errorf("the caller is not 127.0.0.7: %s", got)
	}

	cut := time.Now()
	s.Cut()
	lost := p.event(t, state("reconnecting"))
	if lost.Reason == "" || lost.URL != online.URL {
		t.Errorf("lost as %+v", lost)
	}
	if again := p.event(t, state("online")); again.URL != online.URL {
		t.Errorf("online again as %+v", again)
	}
	if got := through(t, client, online.URL, signed); got.status != 200 {
		t.Errorf("after a cut: %d %s", got.status, got.body)
	}
	t.Logf("answers again %v after the cut", time.Since(cut))
	if rows := settled(t, dir, 2); len(rows) != 2 {
		t.Errorf("%d callbacks are stored, want 2: self-tests are none", len(rows))
	}
	if err := p.stop(t); err != nil {
		t.Errorf("ended with %v; it said %s", err, p.stderr)
	}
	if urls := s.URLs(); len(urls) != 0 {
		t.Errorf("the service still serves %v", urls)
	}
	if end := p.last(t); end.State != "off" || end.Reason != "Hookglass was closed." {
		t.Errorf("the last line is %+v", end)
	}
	gaps := outages(t, dir)
	if len(gaps) != 2 || gaps[1].Reason != lost.Reason || !gaps[1].To.After(gaps[1].From) || gaps[1].URL != online.URL {
		t.Errorf("the gaps that are kept: %+v; want the cut and the end", gaps)
	}
}

func TestTunnelRefused(t *testing.T) {
	s := startEdge(t)
	other := append(s.env[:len(s.env):len(s.env)], "NGROK_AUTHTOKEN=2wrongWRONGwrongWRONGwrongWRONG")
	none := append(s.env[:len(s.env):len(s.env)], "NGROK_AUTHTOKEN=")
	holder := serveTunneled(t, s.env, t.TempDir(), "--tunnel", "--domain", "shop.test")
	holder.event(t, state("online"))
	for _, tt := range []struct {
		name  string
		env   []string
		args  []string
		code  int
		wants string
	}{
		{"wrong token", other, []string{"--tunnel"}, 1, "ERR_NGROK_105"},
		{"no token", none, []string{"--tunnel"}, 1, "secret set ngrok.authtoken"},
		{"the same domain", s.env, []string{"--tunnel", "--domain", "shop.test"}, 1, "another ngrok or Hookglass serves it"},
		{"no domain at all", s.env, []string{"--tunnel", "--domain", "tcp://x:1"}, 2, "domain"},
		{"a flag alone", s.env, []string{"--domain", "shop.test"}, 2, "--tunnel"},
		{"two addresses", s.env, []string{"--tunnel", "--public-url", "https://x.test"}, 2, "exclude"},
		{"a bad address", s.env, []string{"--public-url", "http://x.test"}, 2, "https://"},
		{"a missing policy", s.env, []string{"--tunnel", "--traffic-policy", "absent.yml"}, 1, "absent.yml"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			began := time.Now()
			stdout, stderr, code := ctlWith(t, environment(tt.env...), t.TempDir(), nil, append([]string{"serve", "--listen", "127.0.0.1:0"}, tt.args...)...)
			t.Logf("ended after %v: %s", time.Since(began), stderr)
			if strings.Contains(stdout, "tunnel") {
				t.Errorf("printed %q: the error says it", stdout)
			}
			if code != tt.code || !strings.Contains(stderr, tt.wants) {
				t.Errorf("exit %d and %q, want %d and %q", code, stderr, tt.code, tt.wants)
			}
			if strings.Contains(stderr, "2wrongWRONG") {
				t.Errorf("the token is told: %s", stderr)
			}
		})
	}
}

// The token that is kept wins over the environment's.
func TestTunnelTokenFromSecrets(t *testing.T) {
	s, dir := startEdge(t), t.TempDir()
	env := append(s.env[:len(s.env):len(s.env)], "NGROK_AUTHTOKEN=2wrongWRONGwrongWRONGwrongWRONG")
	if _, stderr, code := ctlWith(t, environment(env...), dir, []byte("short\n"), "secret", "set", "ngrok.authtoken"); code != 1 || !strings.Contains(stderr, "too short") {
		t.Errorf("a short token: exit %d, %s", code, stderr)
	}
	pasted := "ngrok config add-authtoken " + tunnelToken + "\n" // as the dashboard gives it
	if _, stderr, code := ctlWith(t, environment(env...), dir, []byte(pasted), "secret", "set", "ngrok.authtoken"); code != 0 {
		t.Fatal(stderr)
	}
	if list := mustCtl(t, dir, nil, "secret", "list"); !strings.Contains(list, "ngrok.authtoken") || strings.Contains(list, tunnelToken) {
		t.Errorf("listed as %s", list)
	}
	serveTunneled(t, env, dir, "--tunnel").event(t, state("online"))
}

// 1,000 callers at once from many addresses: each is answered and kept, but for
// those that the service itself gave up.
func TestTunnelUnderLoad(t *testing.T) {
	const callers, sources = 1000, 40
	s, dir := startEdge(t), t.TempDir()
	p := serveTunneled(t, s.env, dir, "--tunnel")
	base := p.event(t, state("online")).URL
	var all sync.WaitGroup
	var mu sync.Mutex
	statuses := map[int]int{}
	clients := make([]*http.Client, sources)
	for i := range clients {
		clients[i] = s.Client(fmt.Sprintf("127.0.2.%d", i+1))
	}
	for i := range callers {
		all.Go(func() {
			got := through(t, clients[i%sources], base, callback{"POST", fmt.Sprintf("/x/%d", i), nil, fmt.Appendf(nil, "body %d", i)})
			mu.Lock()
			defer mu.Unlock()
			statuses[got.status]++
		})
	}
	all.Wait()
	lost := callers - statuses[200]
	if given := s.Counts().Resets; lost > given {
		t.Errorf("answered %v: %d were lost, and the service gave up %d", statuses, lost, given)
	}
	rows := settled(t, dir, statuses[200])
	seen := map[string]bool{}
	for _, row := range rows {
		seen[row.Target] = true
	}
	if len(seen) != statuses[200] {
		t.Errorf("%d of %d callbacks are kept", len(seen), statuses[200])
	}
}

func TestTunnelLargeBody(t *testing.T) {
	s, dir := startEdge(t), t.TempDir()
	p := serveTunneled(t, s.env, dir, "--tunnel")
	base := p.event(t, state("online")).URL
	body := make([]byte, 10<<20)
	if _, err := rand.Read(body); err != nil {
		t.Fatal(err)
	}
	if got := through(t, s.Client(""), base, callback{"POST", "/x", nil, body}); got.status != 200 {
		t.Errorf("answered %d %s", got.status, got.body)
	}
	kept := mustCtl(t, dir, nil, "show", fmt.Sprint(last(t, dir, 1).ID), "--body")
	if sha256.Sum256([]byte(kept)) != sha256.Sum256(body) {
		t.Errorf("%d bytes are kept, of other content than the %d that were sent", len(kept), len(body))
	}
}

// A policy that lets nobody in but some callers turns the self-test away: that is
// no outage.
func TestTunnelPolicy(t *testing.T) {
	s, dir := startEdge(t), t.TempDir()
	policy := filepath.Join(t.TempDir(), "policy.yml")
	text := "on_http_request:\n  - actions:\n      - type: restrict-ips\n        config:\n          allow: [127.0.0.77/32]\n"
	if err := os.WriteFile(policy, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	p := serveTunneled(t, s.env, dir, "--tunnel", "--traffic-policy", policy)
	base := p.event(t, state("online")).URL
	if got := through(t, s.Client("127.0.0.77"), base, callback{"POST", "/x", nil, nil}); got.status != 200 {
		t.Errorf("who is let in is answered %d", got.status)
	}
	if got := through(t, s.Client("127.0.0.78"), base, callback{"POST", "/x", nil, nil}); got.status != 403 {
		t.Errorf("who is not is answered %d", got.status)
	}
	if rows := settled(t, dir, 1); len(rows) != 1 {
		t.Errorf("%d callbacks are kept, want 1", len(rows))
	}
}

// A reverse proxy of one's own in front of the local listener.
func TestOwnPublicURL(t *testing.T) {
	dir := t.TempDir()
	p := serveTunneled(t, nil, dir) // a port to point the proxy at
	target, err := url.Parse(p.url)
	if err != nil {
		t.Fatal(err)
	}
	var front *httptest.Server
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(target)
		r.Out.Host = r.In.Host
		r.SetXForwarded()
		r.Out.URL.Path = strings.TrimPrefix(r.Out.URL.Path, "/hooks")
	}}
	front = httptest.NewServer(proxy)
	defer front.Close()
	address := p.addr
	if err := p.stop(t); err != nil {
		t.Fatal(err)
	}
	own := serveTunneled(t, nil, dir, "--listen", address, "--public-url", front.URL+"/hooks")
	if online := own.event(t, state("online")); online.Event != "public" || online.URL != front.URL+"/hooks" {
		t.Errorf("online as %+v", online)
	}
	if got := through(t, front.Client(), front.URL+"/hooks", callback{"POST", "/x", nil, []byte("x")}); got.status != 200 {
		t.Errorf("answered %d", got.status)
	}
	if row := last(t, dir, 1); row.Via != "public" {
		t.Errorf("captured via %s, want public", row.Via)
	}
	if got := own.send(t, callback{"POST", "/x", nil, []byte("y")}); got.status != 200 {
		t.Errorf("answered %d", got.status)
	}
	if row := last(t, dir, 2); row.Via != "local" {
		t.Errorf("captured via %s, want local", row.Via)
	}
}

// An address that leads elsewhere is told, and not believed.
func TestOwnPublicURLThatLeadsElsewhere(t *testing.T) {
	portal := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "Welcome") }))
	defer portal.Close()
	p := serveTunneled(t, nil, t.TempDir(), "--public-url", portal.URL)
	if e := p.event(t, state("unreachable")); !strings.Contains(e.Reason, "Somebody else answers") {
		t.Errorf("told %+v", e)
	}
}
