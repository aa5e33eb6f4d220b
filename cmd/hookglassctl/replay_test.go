package main_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// app is a person's app: it answers with the statuses it is given, the last one for
// all others, and notes the requests.
type app struct {
	*httptest.Server
	mu       sync.Mutex
	statuses []int
	got      []string
}

func newApp(t *testing.T, statuses ...int) *app {
	t.Helper()
	a := &app{statuses: statuses}
	a.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		a.mu.Lock()
		defer a.mu.Unlock()
		a.got = append(a.got, fmt.Sprintf("%s %s %s|%s", r.Method, r.RequestURI, r.Header.Get("X-Mine"), body))
		w.WriteHeader(a.statuses[0])
		a.statuses = a.statuses[min(1, len(a.statuses)-1):]
	}))
	t.Cleanup(a.Close)
	return a
}

// take returns what came since the last time.
func (a *app) take() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	got := a.got
	a.got = nil
	return got
}

func TestReplay(t *testing.T) {
	p := serve(t, t.TempDir())
	p.send(t, callback{"PUT", "/kornitx/a?apikey=secret", []string{"X-Mine: 1"}, []byte("{}")})
	p.send(t, callback{"PUT", "/kornitx/b", nil, []byte("{}")})
	settled(t, p.dir, 2)
	fails, works := newApp(t, 503), newApp(t, 200)
	edit := filepath.Join(t.TempDir(), "edit")
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(edit, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, tt := range []struct {
		name string
		edit string
		args []string
		to   *app
		code int
		got  []string
		out  string // part of what is printed
		says string // part of standard error
	}{
		{"exact", "", []string{"1"}, works, 0, []string{"PUT /kornitx/a?apikey=secret 1|{}"}, "callback 1 resent as 3: 200", "drop-secrets"},
		{"not accepted", "", []string{"1"}, fails, 1, []string{"PUT /kornitx/a?apikey=secret 1|{}"}, "regressed: 503 in place of 200; KornitX would have tried again", ""},
		{"without secrets", "", []string{"1", "--drop-secrets"}, works, 0, []string{"PUT /kornitx/a 1|{}"}, "", "target: /kornitx/a, was /kornitx/a?apikey=*** (a secret, left out)"},
		{"many", "", []string{"1", "2", "--times", "2", "--concurrency", "2"}, works, 0, nil, "", "4 of 4 sent, 4 accepted"},
		{"by a filter, without resends", "", []string{"--provider", "kornitx"}, works, 0, nil, "", "2 of 2 sent, 2 accepted"},
		{"stopped", "", []string{"1", "2", "--stop-at-failure"}, fails, 1, []string{"PUT /kornitx/a?apikey=secret 1|{}"}, "", "1 of 2 sent, 0 accepted, 1 regressed; stopped"},
		{"on a schedule", "", []string{"2", "--schedule", "kornitx", "--speed", "0"}, fails, 1, slices.Repeat([]string{"PUT /kornitx/b |{}"}, 6), "try 6, after 10h", "not accepted in 6 tries over 10h"},
		{"an edit of one", "POST /new?x=1 HTTP/1.1\r\nHost: h\r\nX-Mine: 2\r\n\r\nchanged", []string{"1", "--edit", edit}, works, 0, []string{"POST /new?x=1 2|changed"}, "", "body: 7 bytes, was 2 bytes (edited)"},
		{"an edit of several", `{"set":[{"name":"X-Mine","value":"3"}],"query":""}`, []string{"1", "2", "--edit", edit}, works, 0, []string{"PUT /kornitx/a 3|{}", "PUT /kornitx/b 3|{}"}, "", "2 of 2 sent"},
		{"a raw edit of several", "GET / HTTP/1.1\r\nHost: h\r\n\r\n", []string{"1", "2", "--edit", edit}, works, 1, []string{}, "", "for several write JSON"},
		{"no signing", "", []string{"1", "--resign"}, works, 1, []string{}, "", "cannot be signed again"},
		{"nothing is sent", "", []string{"1", "--times", "3", "--dry-run"}, works, 0, []string{}, "PUT /kornitx/a?apikey=secret HTTP/1.1\r\n", "it would be 3 requests"},
		{"nobody", "", []string{"99"}, works, 1, []string{}, "", "no callback 99"},
		{"neither", "", nil, works, 2, []string{}, "", "--filter"},
		{"both", "", []string{"1", "--provider", "klix"}, works, 2, []string{}, "", "not both"},
		{"no such schedule", "", []string{"1", "--schedule", "mintsoft", "--dry-run"}, works, 2, []string{}, "", "Mintsoft has no schedule"},
		{"too many at once", "", []string{"1", "--concurrency", "65"}, works, 2, []string{}, "", "from 1 to 64"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			write(tt.edit)
			out, says, code := ctl(t, p.dir, nil, append([]string{"replay", "--to", tt.to.URL}, tt.args...)...)
			if code != tt.code || !strings.Contains(out, tt.out) || !strings.Contains(says, tt.says) {
				t.Errorf("exit %d, want %d; printed %q, want %q; said %q, want %q", code, tt.code, out, tt.out, says, tt.says)
			}
			if got := tt.to.take(); tt.got != nil && !slices.Equal(got, tt.got) {
				t.Errorf("received %q, want %q", got, tt.got)
			}
			if strings.Contains(says, "secret\n") || strings.Contains(strings.ReplaceAll(out, "PUT /kornitx/a?apikey=secret HTTP/1.1", ""), "apikey=secret") {
				t.Errorf("the secret is shown: %q %q", out, says)
			}
		})
	}
	if _, says, code := ctl(t, p.dir, nil, "replay", "1"); code != 0 || !strings.Contains(says, works.URL) && !strings.Contains(says, fails.URL) {
		t.Errorf("to the last address: %d, %q", code, says)
	}
	for to, flags := range map[string]string{"http://192.0.2.1/x": "--remote-too allows", "http://x.klix.app/": "--remote-too --provider-too allows"} {
		if _, says, code := ctl(t, p.dir, nil, "replay", "1", "--to", to); code != 1 || !strings.Contains(says, flags) {
			t.Errorf("to %s: %d, %q", to, code, says)
		}
	}
}

// Nobody captures: replay does it by itself, and keeps what it sends.
func TestReplayAlone(t *testing.T) {
	p := serve(t, t.TempDir())
	p.send(t, callback{"PUT", "/klix/a", nil, []byte("{}")})
	settled(t, p.dir, 1)
	if err := p.stop(t); err != nil {
		t.Fatal(err)
	}
	works := newApp(t, 200)
	out := mustCtl(t, p.dir, nil, "replay", "1", "--to", works.URL, "--json")
	var got struct {
		ID       int64              `json:"id"`
		Status   int                `json:"status"`
		Verdict  string             `json:"verdict"`
		Accepted bool               `json:"accepted"`
		Timings  map[string]float64 `json:"timings"`
	}
	if err := json.Unmarshal([]byte(out), &got); err != nil || got.ID != 2 || got.Status != 200 || got.Verdict != "same" || !got.Accepted ||
		got.Timings["total_ms"] <= 0 || len(got.Timings) != 5 {
		t.Errorf("got %+v, %v of %s", got, err, out)
	}
	if shown := mustCtl(t, p.dir, nil, "show", "2"); !strings.Contains(shown, "Resend of callback 1") || !strings.Contains(shown, works.URL) ||
		!strings.Contains(shown, "header Host: ") {
		t.Errorf("show: %s", shown)
	}
}
