package main_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
)

// sentRow is what trigger --json prints of a callback.
type sentRow struct {
	Provider string `json:"provider"`
	Event    string `json:"event"`
	Sample   string `json:"sample"`
	Order    string `json:"order"`
	URL      string `json:"url"`
	Own      bool   `json:"own"`
	Proof    string `json:"proof"`
	SignedBy string `json:"signed_by"`
	Verdict  string `json:"verdict"`
	Status   int    `json:"status"`
	Accepted bool   `json:"accepted"`
	Words    string `json:"words"`
	Error    string `json:"error"`
}

func sentRows(t *testing.T, text string) []sentRow {
	t.Helper()
	var rows []sentRow
	for line := range strings.Lines(text) {
		var row sentRow
		if err := json.Unmarshal([]byte(line), &row); err != nil {
			t.Fatalf("%v in %s", err, line)
		}
		rows = append(rows, row)
	}
	return rows
}

func TestTriggerToOurOwn(t *testing.T) {
	p := serve(t, t.TempDir())
	for i, tt := range []struct {
		args    []string
		event   string
		verdict string
	}{
		{[]string{"klix", "purchase.paid", "--set", "payment.status=FAILED", "--order", "A-1"}, "purchase.paid", "valid"},
		{[]string{"klix", "purchase.settled"}, "purchase.settled", "valid"},
		{[]string{"klix", "purchase.paid", "--tampered"}, "purchase.paid", "invalid"},
		{[]string{"klix", "purchase.paid", "--stale-key"}, "purchase.paid", "invalid"},
		{[]string{"klix", "purchase.paid", "--unsigned"}, "purchase.paid", "unsigned"},
		{[]string{"kornitx", "order.dispatched"}, "order.dispatched", "valid"},
		{[]string{"kornitx", "order.dispatched", "--tampered"}, "order.dispatched", "invalid"},
		{[]string{"mintsoft", "order.split"}, "order.split", "valid"},
		{[]string{"probo", "order.queued"}, "order.queued", "valid"},
		{[]string{"komet", "order.cancellation", "--order", "77"}, "order.cancellation", "valid"},
	} {
		args := append([]string{"trigger", "--to", p.url, "--json"}, tt.args...)
		rows := sentRows(t, mustCtl(t, p.dir, nil, args...))
		if len(rows) != 1 || !rows[0].Own || !rows[0].Accepted || rows[0].Status != 200 || rows[0].Event != tt.event || rows[0].Verdict != tt.verdict {
			t.Errorf("%v: %+v", tt.args, rows)
		}
		kept := list(t, p.dir, "--limit", "1")
		if len(kept) != 1 || kept[0].ID != int64(i+1) || kept[0].Via != "sample" || kept[0].Attempt != 0 ||
			kept[0].Event != tt.event || kept[0].Verification.Status != tt.verdict {
			t.Errorf("%v: kept %+v", tt.args, kept)
		}
	}
	if text := mustCtl(t, p.dir, nil, "trigger", "--to", p.url, "mintsoft", "order.split", "--tampered"); !strings.Contains(text, "does not cover the body") {
		t.Errorf("of a token: %s", text)
	}
	text := mustCtl(t, p.dir, nil, "show", "1")
	for _, want := range []string{"This is a test", "Hookglass's test key", "FAILED", "A-1"} {
		if !strings.Contains(text, want) {
			t.Errorf("show does not say %q:\n%s", want, text)
		}
	}
}

// receiver keeps what it gets, and answers with a status.
type receiver struct {
	*httptest.Server
	mu  sync.Mutex
	got []string
	now chan struct{}
}

func newReceiver(t *testing.T, status int) *receiver {
	t.Helper()
	r := &receiver{now: make(chan struct{}, 100)}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		body, _ := io.ReadAll(q.Body)
		r.mu.Lock()
		r.got = append(r.got, q.Method+" "+q.RequestURI+" "+string(body))
		r.mu.Unlock()
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, `{"status":"1","message":"done"}`) // what Komet wants too
		r.now <- struct{}{}
	}))
	t.Cleanup(r.Close)
	return r
}

func TestTriggerElsewhere(t *testing.T) {
	dir := t.TempDir()
	good, bad := newReceiver(t, 200), newReceiver(t, 500)
	for _, tt := range []struct {
		to, args string
		want     string // of the request line
		code     int
	}{
		{good.URL, "komet order.confirmation --unsigned", "POST /komet/confirm ", 0},
		{good.URL + "/", "komet order.confirmation --unsigned", "POST /komet/confirm ", 0},
		{good.URL + "/hooks/", "komet order.confirmation --unsigned", "POST /hooks/komet/confirm ", 0},
		{good.URL + "/hook", "komet order.confirmation --unsigned", "POST /hook ", 0},
		{good.URL + "/hook?a=1#b", "klix woocommerce_paid --order 12", "POST /hook?a=1&wc-api=wc_gateway_klix&id=12&action=paid ", 0},
		{good.URL, "klix woocommerce_paid --order 12 --set ?action=cancel", "POST /klix/?wc-api=wc_gateway_klix&id=12&action=cancel ", 0},
		{good.URL + "/hook?id=mine", "klix woocommerce_paid", "POST /hook?id=mine&wc-api=wc_gateway_klix&action=paid ", 0},
		{bad.URL, "komet order.confirmation --unsigned", "POST /komet/confirm ", 1},
	} {
		on := good
		if strings.HasPrefix(tt.to, bad.URL) {
			on = bad
		}
		stdout, stderr, code := ctl(t, dir, nil, append([]string{"trigger", "--to", tt.to, "--json"}, strings.Fields(tt.args)...)...)
		on.mu.Lock()
		last := on.got[len(on.got)-1]
		on.mu.Unlock()
		rows := sentRows(t, stdout)
		if code != tt.code || !strings.HasPrefix(last, tt.want) || len(rows) != 1 || rows[0].Own || rows[0].Accepted != (code == 0) {
			t.Errorf("%s %s: exit %d, %q, %s%s", tt.to, tt.args, code, last, stdout, stderr)
		}
	}
}

func TestTriggerUsage(t *testing.T) {
	dir := t.TempDir()
	const to = "--to=http://127.0.0.1:1"
	for _, tt := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"nobody"}, 2, "klix"},
		{[]string{"klix", "purchase.paid"}, 2, "--to"},
		{[]string{"klix", "purchase.nothing", to}, 2, "lists them"},
		{[]string{"klix", "--scenario", "nothing", to}, 2, "lists them"},
		{[]string{"klix", "purchase.paid", "--scenario", "life", to}, 2, "not both"},
		{[]string{"klix", "purchase.paid", to, "--set", "x"}, 2, "PATH=VALUE"},
		{[]string{"klix", "purchase.paid", to, "--set", "payment.state=1"}, 2, "payment.status"},
		{[]string{"klix", "purchase.paid", to, "--unsigned", "--tampered"}, 2, "unsigned"},
		{[]string{"komet", "order.confirmation", to, "--order", "abc"}, 1, "number"},
		{[]string{"klix", "connection.test", to, "--tampered"}, 1, "nothing in its body"},
		{[]string{"klix", "connection.test", "--to", "http://192.0.2.1/x"}, 1, "--remote-too"},
		{[]string{"klix", "connection.test", "--to", "ftp://x"}, 2, "address"},
	} {
		stdout, stderr, code := ctl(t, dir, nil, append([]string{"trigger"}, tt.args...)...)
		if code != tt.code || !strings.Contains(stderr, tt.says) || stdout != "" {
			t.Errorf("%v: exit %d, %q, %q", tt.args, code, stdout, stderr)
		}
	}
	if text := mustCtl(t, dir, nil, "trigger"); !strings.Contains(text, "mintsoft") {
		t.Errorf("the providers: %s", text)
	}
	if text := mustCtl(t, dir, nil, "trigger", "probo"); !strings.Contains(text, "order.shipment_delivered") || !strings.Contains(text, "--scenario life") {
		t.Errorf("the events: %s", text)
	}
}

func TestScenario(t *testing.T) {
	p := serve(t, t.TempDir())
	rows := sentRows(t, mustCtl(t, p.dir, nil, "trigger", "kornitx", "--scenario", "life", "--speed", "0", "--to", p.url, "--json",
		"--set", "new_shipments[0].tracking_url=https://x.example/1"))
	var events []string
	for _, row := range rows {
		events = append(events, row.Event)
		if row.Order != rows[0].Order || !row.Own || row.Status != 200 {
			t.Errorf("sent %+v", row)
		}
	}
	want := strings.Fields("order.received order.sent_to_supplier order.received_by_supplier order.in_production order.dispatched order.dispatched order.dispatched_retailer_notified")
	if !slices.Equal(events, want) {
		t.Errorf("events %q, want %q", events, want)
	}
	for _, row := range settledSamples(t, p.dir, len(want)) {
		if row.Via != "sample" || row.Verification.Status != "valid" || row.Order != rows[0].Order {
			t.Errorf("kept %+v", row)
		}
	}
}

// settledSamples waits for n callbacks whatever they came by.
func settledSamples(t *testing.T, dir string, n int) []printed {
	t.Helper()
	rows := list(t, dir, "--limit", "0") // each was answered before trigger ended
	if len(rows) != n {
		t.Fatalf("%d callbacks are kept, want %d", len(rows), n)
	}
	return rows
}

func TestScenarioIsInterrupted(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("a process cannot be sent a signal on Windows")
	}
	r := newReceiver(t, 200)
	var out, errs bytes.Buffer
	cmd := exec.CommandContext(context.WithoutCancel(t.Context()), programPath(t, "hookglassctl"),
		"--data-dir", t.TempDir(), "trigger", "komet", "--scenario", "life", "--speed", "1", "--to", r.URL)
	cmd.Stdout, cmd.Stderr, cmd.Env = &out, &errs, environment()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	<-r.now
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	err := cmd.Wait()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != 1 || !strings.Contains(errs.String(), "of 2 callbacks were sent") {
		t.Errorf("%v: %s%s", err, &out, &errs)
	}
}

// What trigger prints as a dry run is the request, and its proof holds.
func TestTriggerDryRun(t *testing.T) {
	dir := t.TempDir()
	raw, stderr, code := ctl(t, dir, nil, "trigger", "klix", "purchase.hold", "--dry-run")
	if code != 0 || !strings.Contains(stderr, "a test identity was made for Klix") {
		t.Fatalf("exit %d: %s", code, stderr)
	}
	text := mustCtl(t, dir, []byte(raw), "verify", "-")
	if !strings.Contains(text, "This is a test") {
		t.Errorf("verify says %s", text)
	}
	if _, _, code := ctl(t, dir, []byte(raw+"x"), "verify", "-"); code != 0 {
		t.Error("what stands behind the body counts")
	}
	if _, _, code := ctl(t, dir, bytes.Replace([]byte(raw), []byte("EUR"), []byte("EUX"), 1), "verify", "-"); code != 1 {
		t.Errorf("changed: exit %d, want 1", code)
	}
}

func TestIdentity(t *testing.T) {
	dir := t.TempDir()
	text := mustCtl(t, dir, nil, "identity")
	for _, want := range []string{"BEGIN CERTIFICATE", "BEGIN PUBLIC KEY", "app's test configuration", "HOOKGLASS_KORNITX_API_KEY_TEST", "Made just now"} {
		if !strings.Contains(text, want) {
			t.Errorf("identity does not say %q", want)
		}
	}
	if strings.Contains(text, "PRIVATE KEY") {
		t.Error("identity shows the private key")
	}
	if again := mustCtl(t, dir, nil, "identity"); again != strings.ReplaceAll(text, "Made just now. ", "") {
		t.Errorf("another time it is another one: %s", again)
	}
	cert, both := filepath.Join(t.TempDir(), "cert.pem"), filepath.Join(t.TempDir(), "both.pem")
	mustCtl(t, dir, nil, "identity", "--provider", "klix", "--pem", cert)
	mustCtl(t, dir, nil, "identity", "--provider", "klix", "--pem", both, "--private")
	for path, private := range map[string]bool{cert: false, both: true} {
		pem, err := os.ReadFile(path)
		if err != nil || strings.Contains(string(pem), "PRIVATE KEY") != private || !strings.Contains(string(pem), "BEGIN CERTIFICATE") {
			t.Errorf("%s: %s, %v", path, pem, err)
		}
		if info, err := os.Stat(path); runtime.GOOS != "windows" && (err != nil || info.Mode().Perm() != 0o600) {
			t.Errorf("%s: %v, %v", path, info.Mode(), err)
		}
	}
	if bare := mustCtl(t, dir, nil, "identity", "--provider", "klix", "--pem", "-", "--bare"); !strings.HasPrefix(bare, "-----BEGIN PUBLIC KEY") {
		t.Errorf("bare: %s", bare)
	}
	for _, args := range [][]string{{"--pem", cert}, {"--provider", "klix", "--private"}, {"--provider", "probo", "--pem", "-"}, {"--provider", "nobody"}} {
		if _, _, code := ctl(t, dir, nil, append([]string{"identity"}, args...)...); code != 2 {
			t.Errorf("identity %v: exit %d, want 2", args, code)
		}
	}
	if _, stderr, code := ctl(t, dir, nil, "identity", "--provider", "klix", "--pem", cert); code != 1 {
		t.Errorf("over a file that is there: exit %d: %s", code, stderr)
	}
}
