package main_test

import (
	"encoding/json"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestJSONNames(t *testing.T) {
	p := serve(t, t.TempDir())
	p.send(t, callback{"POST", "/x", nil, []byte("hello")})
	settled(t, p.dir, 1)
	columns := strings.Fields(`id uid received_at via origin endpoint remote method target provider event summary order
		delivery attempt verification size truncated state error session answer`)
	more := strings.Fields("proto host headers trailers body_base64 decoded")
	for _, tt := range []struct {
		args                         []string
		names, verification, answers []string
	}{
		{
			[]string{"list", "--json"},
			columns,
			[]string{"status", "at_arrival", "scheme", "reason"},
			[]string{"status", "by", "duration_ms"},
		},
		{
			[]string{"show", "1", "--json"},
			append(columns, more...),
			[]string{"status", "at_arrival", "scheme", "reason", "tried"},
			[]string{"status", "by", "duration_ms", "headers", "body_base64"},
		},
	} {
		var object map[string]json.RawMessage
		text := mustCtl(t, p.dir, nil, tt.args...)
		if err := json.Unmarshal([]byte(text), &object); err != nil {
			t.Fatalf("%v: %v in %s", tt.args, err, text)
		}
		compareNames(t, tt.args[0], object, tt.names)
		for name, want := range map[string][]string{"verification": tt.verification, "answer": tt.answers} {
			var inner map[string]json.RawMessage
			if err := json.Unmarshal(object[name], &inner); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			compareNames(t, tt.args[0]+" "+name, inner, want)
		}
	}
}

func compareNames(t *testing.T, what string, object map[string]json.RawMessage, want []string) {
	t.Helper()
	for name := range object {
		if !slices.Contains(want, name) {
			t.Errorf("%s prints %q, which is no name of the contract", what, name)
		}
	}
	for _, name := range want {
		if _, ok := object[name]; !ok {
			t.Errorf("%s does not print %q", what, name)
		}
	}
}

func TestFilters(t *testing.T) {
	p := serve(t, t.TempDir())
	p.send(t, callback{"PUT", "/klix/purchases", []string{asJSON}, fixture(t, "klix_signed.json")})
	p.send(t, callback{"POST", "/probo/x", []string{asJSON}, fixture(t, "probo_queued.json")})
	p.send(t, callback{"POST", "/nobody", nil, []byte("x")})
	rows := settled(t, p.dir, 3)
	for _, tt := range []struct {
		args []string
		want []int64
	}{
		{nil, []int64{3, 2, 1}},
		{[]string{"--limit", "2"}, []int64{3, 2}},
		{[]string{"--provider", "probo"}, []int64{2}},
		{[]string{"--verdict", "unsigned"}, []int64{1}},
		{[]string{"--event", "order.queued"}, []int64{2}},
		{[]string{"--order", rows[1].Order}, []int64{2}},
		{[]string{"--since", rows[1].ReceivedAt}, []int64{3, 2}},
		{[]string{"--since", "2100-01-01T00:00:00Z"}, nil},
		{[]string{"--provider", "klix", "--verdict", "valid"}, nil},
	} {
		var got []int64
		for _, row := range list(t, p.dir, tt.args...) {
			got = append(got, row.ID)
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("list %v: got %v, want %v", tt.args, got, tt.want)
		}
	}
	if _, _, code := ctl(t, p.dir, nil, "wait", "--provider", "probo", "--since", "2000-01-01T00:00:00Z", "--timeout", "5s"); code != 0 {
		t.Errorf("wait for what has come: exit %d, want 0", code)
	}
	if _, _, code := ctl(t, p.dir, nil, "wait", "--provider", "komet", "--since", "2000-01-01T00:00:00Z", "--timeout", "10ms"); code != 1 {
		t.Errorf("wait for what has not come: exit %d, want 1", code)
	}
}

func TestDelete(t *testing.T) {
	p := serve(t, t.TempDir())
	for range 3 {
		p.send(t, callback{"POST", "/x", nil, []byte("x")})
	}
	rows := settled(t, p.dir, 3)
	if _, _, code := ctl(t, p.dir, nil, "delete", "1", "99"); code != 1 {
		t.Errorf("delete of one that is not there: exit %d, want 1", code)
	}
	mustCtl(t, p.dir, nil, "delete", "1", rows[2].UID)
	if left := list(t, p.dir); len(left) != 1 || left[0].ID != 2 {
		t.Errorf("got %v, want callback 2 alone", left)
	}
}

func TestEndpoints(t *testing.T) {
	p := serve(t, t.TempDir())
	mustCtl(t, p.dir, nil, "endpoint", "add", "/shop/cancel", "--provider", "komet", "--event", "order.cancellation")
	p.send(t, callback{"POST", "/shop/cancel", []string{asJSON}, []byte(`{"companyId":1,"orderId":2}`)})
	if got := last(t, p.dir, 1); got.Endpoint != "/shop/cancel" || got.Provider != "komet" || got.Event != "order.cancellation" {
		t.Errorf("got endpoint %q, %s %s; want the one that was added to take effect at once", got.Endpoint, got.Provider, got.Event)
	}
	listed := mustCtl(t, p.dir, nil, "endpoint", "list")
	for _, path := range []string{
		"/klix/*", "/kornitx/*", "/mintsoft/despatched", "/mintsoft/cancelled", "/mintsoft/delivered", "/mintsoft/split",
		"/probo/*", "/komet/confirm", "/komet/cancel", "/shop/cancel",
	} {
		if !strings.Contains(listed, path+" ") && !strings.Contains(listed, path+"\n") {
			t.Errorf("endpoint list does not show %s:\n%s", path, listed)
		}
	}
	mustCtl(t, p.dir, nil, "endpoint", "remove", "/shop/cancel")
	p.send(t, callback{"POST", "/shop/cancel", nil, []byte("x")})
	if got := last(t, p.dir, 2); got.Endpoint != "" {
		t.Errorf("after its removal: got endpoint %q, want none", got.Endpoint)
	}
}

func TestErrorsAreOneSentence(t *testing.T) {
	dir := t.TempDir()
	p := serve(t, dir)
	damaged := t.TempDir()
	if err := os.WriteFile(filepath.Join(damaged, "request.http"), []byte("not a request"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"show", "99"}, 1, "99"},
		{[]string{"show", "nobody"}, 1, "nobody"},
		{[]string{"delete", "99"}, 1, "99"},
		{[]string{"serve", "--listen", "127.0.0.1:0"}, 1, "captures"},
		{[]string{"secret", "set", "klix.nonsense"}, 2, "klix.nonsense"},
		{[]string{"secret", "remove", "kornitx.api_key"}, 1, "kornitx.api_key"},
		{[]string{"endpoint", "remove", "/nobody"}, 1, "/nobody"},
		{[]string{"endpoint", "add", "nobody"}, 2, "nobody"},
		{[]string{"verify", filepath.Join(damaged, "request.http")}, 1, "request"},
		{[]string{"verify", filepath.Join(damaged, "absent.http")}, 1, "absent.http"},
		{[]string{"list", "--nonsense"}, 2, "nonsense"},
		{[]string{"list", "--since", "nonsense"}, 2, "nonsense"},
		{[]string{"list", "--provider", "nonsense"}, 2, "kornitx"},
		{[]string{"wait", "--provider", "nonsense"}, 2, "kornitx"},
		{[]string{"endpoint", "add", "/a", "--event", "order.split"}, 2, "--provider"},
		{[]string{"serve", "--listen", ""}, 2, "--listen"},
		{[]string{"serve", "--listen", ":4480"}, 2, "host"},
		{[]string{"serve", "--keep=-1"}, 2, "--keep"},
		{[]string{"nonsense"}, 2, "nonsense"},
		{[]string{}, 2, ""},
	} {
		_, stderr, code := ctl(t, p.dir, []byte("value"), tt.args...)
		if code != tt.code || !strings.Contains(stderr, tt.says) {
			t.Errorf("%v: exit %d and %q, want exit %d and %q in it", tt.args, code, stderr, tt.code, tt.says)
		}
		if tt.code == 1 && strings.Count(strings.TrimSpace(stderr), "\n") != 0 {
			t.Errorf("%v: said more than one line: %q", tt.args, stderr)
		}
	}
}

func TestPortInUse(t *testing.T) {
	var config net.ListenConfig
	taken, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = taken.Close() }()
	addr := taken.Addr().String()
	_, stderr, code := ctl(t, t.TempDir(), nil, "serve", "--listen", addr)
	if code != 1 || !strings.Contains(stderr, addr) || !strings.Contains(stderr, "--any-port") {
		t.Errorf("exit %d and %q, want exit 1 and a sentence with %s and --any-port", code, stderr, addr)
	}
	p := serve(t, t.TempDir(), "--listen", addr, "--any-port")
	if p.addr == addr || p.send(t, callback{method: "POST", target: "/x"}).status != 200 {
		t.Errorf("serve --any-port listens on %s, want another port than %s", p.addr, addr)
	}
}
