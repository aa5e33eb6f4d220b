package main_test

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// heldCallback is a callback as held --json prints it.
type heldCallback struct {
	ID       int64   `json:"id"`
	Rule     int64   `json:"rule"`
	RuleName string  `json:"rule_name"`
	Endpoint string  `json:"endpoint"`
	Provider string  `json:"provider"`
	Event    string  `json:"event"`
	Method   string  `json:"method"`
	Path     string  `json:"path"`
	Via      string  `json:"via"`
	Since    string  `json:"since"`
	Until    string  `json:"until"`
	Left     float64 `json:"left_ms"`
	Fallback string  `json:"fallback"`
}

// waitHeld waits until so many callbacks are held.
func (p *program) waitHeld(t *testing.T, n int) (held []heldCallback) {
	t.Helper()
	for end := time.Now().Add(patience); ; {
		held = nil
		for line := range strings.Lines(mustCtl(t, p.dir, nil, "held", "--json")) {
			var h heldCallback
			decoder := json.NewDecoder(strings.NewReader(line))
			decoder.DisallowUnknownFields()
			if err := decoder.Decode(&h); err != nil {
				t.Fatalf("%v in %s", err, line)
			}
			held = append(held, h)
		}
		if len(held) == n {
			return held
		}
		if time.Now().After(end) {
			t.Fatalf("%d callbacks are held, want %d", len(held), n)
		}
	}
}

// sendOff sends a callback apart, and returns where its answer comes.
func (p *program) sendOff(t *testing.T, c callback) <-chan answered {
	t.Helper()
	conn := p.dial(t)
	if _, err := conn.Write(c.raw()); err != nil {
		t.Fatal(err)
	}
	answers := make(chan answered, 1)
	go func() {
		answer, _ := parseAnswer(bufio.NewReader(conn)) // without one its status is 0
		answers <- answer
	}()
	return answers
}

func TestHeldCallbackIsAnswered(t *testing.T) {
	p := serve(t, t.TempDir())
	rule := addRule(t, p.dir, "--name", "look first", "--endpoint", "/komet/confirm", "hold", "--for", "9m", "--fallback", "504")
	if stdout, stderr, code := ctl(t, p.dir, nil, "held"); code != 0 || stdout != "" || !strings.Contains(stderr, "no sender waits") {
		t.Errorf("held: exit %d, %q and %q while nobody waits", code, stdout, stderr)
	}
	c := callback{"POST", "/komet/confirm?key=1", []string{asJSON}, []byte(`{"companyId":1,"orderId":2}`)}
	first := p.sendOff(t, c)
	h := p.waitHeld(t, 1)[0]
	if strconv.FormatInt(h.Rule, 10) != rule || h.RuleName != "look first" || h.Provider != "komet" || h.Path != "/komet/confirm" ||
		h.Via != "local" || !strings.Contains(h.Fallback, "504") || h.Left <= 8*60*1000 {
		t.Errorf("held is %+v", h)
	}
	id := strconv.FormatInt(h.ID, 10)
	if text := mustCtl(t, p.dir, nil, "held"); !strings.Contains(text, id) || !strings.Contains(text, "look first") || !strings.Contains(text, "has waited") {
		t.Errorf("held shows %q", text)
	}
	if row := list(t, p.dir, "--filter", "state:held"); len(row) != 1 || row[0].ID != h.ID || row[0].Answer.Status != 0 || row[0].Provider != "komet" {
		t.Errorf("list shows %+v, want it held", row)
	}
	for _, tt := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"99", "200"}, 1, "99"},
		{[]string{id}, 2, "--fallback"},
		{[]string{id, "42"}, 2, "200 to 599"},
		{[]string{id, "200", "--fallback"}, 2, "--fallback"},
		{[]string{id, "200", "--message", "x"}, 2, "--message"},
		{[]string{id, "komet-0", "--body", "x"}, 2, "--body"},
		{[]string{id, "nonsense"}, 1, "nonsense"},
		{[]string{id, "200", "--body", "{{nonsense}}"}, 1, "nonsense"},
	} {
		if _, stderr, code := ctl(t, p.dir, nil, append([]string{"answer"}, tt.args...)...); code != tt.code || !strings.Contains(stderr, tt.says) {
			t.Errorf("answer %q: exit %d and %q, want exit %d and %q in it", tt.args, code, stderr, tt.code, tt.says)
		}
	}
	mustCtl(t, p.dir, nil, "answer", id, "503")
	if got := <-first; got.status != 503 || got.body != "{}" {
		t.Errorf("answered %d %q, want 503", got.status, got.body)
	}
	if _, stderr, code := ctl(t, p.dir, nil, "answer", id, "200"); code != 1 || !strings.Contains(stderr, "not any more") {
		t.Errorf("answered again: exit %d and %q", code, stderr)
	}
	row := settled(t, p.dir, 1)[0]
	if row.Answer.By != "hand" || strconv.FormatInt(row.Answer.Rule, 10) != rule || row.Answer.RuleName != "look first" {
		t.Errorf("kept %+v, want it by hand", row.Answer)
	}
	if text := mustCtl(t, p.dir, nil, "show", id); !strings.Contains(text, "503 by hand, held by rule "+rule+" look first") {
		t.Errorf("show says %q", text)
	}

	// A preset with words, an answer of one's own, the fallback.
	for _, tt := range []struct {
		args   []string
		status int
		body   string
	}{
		{[]string{"komet-0", "--message", "No stock"}, 200, "No stock"},
		{[]string{"409", "--header", "Content-Type: application/json", "--body", `{"order":{{body.orderId}}}`}, 409, `{"order":2}`},
		{[]string{"accepted"}, 200, `"1"`},
		{[]string{"--fallback"}, 504, ""},
	} {
		answer := p.sendOff(t, c)
		id := strconv.FormatInt(p.waitHeld(t, 1)[0].ID, 10)
		mustCtl(t, p.dir, nil, append([]string{"answer", id}, tt.args...)...)
		if got := <-answer; got.status != tt.status || !strings.Contains(got.body, tt.body) {
			t.Errorf("%q: answered %d %q, want %d with %q", tt.args, got.status, got.body, tt.status, tt.body)
		}
	}
	if held := list(t, p.dir, "--filter", "state:held"); len(held) != 0 {
		t.Errorf("held is %+v after all were answered", held)
	}
}

// Nobody answers: the fallback does, in time or at the end of the process. A
// sender that hangs up is told of.
func TestHeldCallbackIsNotAnswered(t *testing.T) {
	p := serve(t, t.TempDir())
	addRule(t, p.dir, "--endpoint", "/klix/*", "hold", "--for", "100ms", "--fallback", "accepted")
	addRule(t, p.dir, "--endpoint", "/probo/*", "hold", "--for", "9m", "--fallback", "503")
	if answer := p.post(t, "/klix/x", "{}"); answer.status != 200 {
		t.Errorf("after its time it is answered %d, want 200", answer.status)
	}
	c := callback{"POST", "/probo/x", nil, []byte("{}")}
	hasty := p.dial(t)
	if _, err := hasty.Write(c.raw()); err != nil {
		t.Fatal(err)
	}
	p.waitHeld(t, 1)
	_ = hasty.Close()
	p.waitHeld(t, 0)
	if row := settled(t, p.dir, 2)[1]; row.State != "client_gone" || !strings.Contains(row.Error, "hung up") {
		t.Errorf("%s %q, want the sender gone", row.State, row.Error)
	}
	waiting := p.sendOff(t, c)
	p.waitHeld(t, 1)
	if err := p.stop(t); err != nil {
		t.Errorf("serve ended with %v", err)
	}
	if got := <-waiting; got.status != 503 {
		t.Errorf("at the end it is answered %d, want the fallback", got.status)
	}
	if held := list(t, p.dir, "--filter", "state:held"); len(held) != 0 {
		t.Errorf("held is %+v after the end", held)
	}
}

func TestDropRule(t *testing.T) {
	p := serve(t, t.TempDir())
	addRule(t, p.dir, "--endpoint", "/probo/*", "--name", "cut", "drop", "--how", "reset")
	addRule(t, p.dir, "--endpoint", "/klix/*", "drop", "--how", "close")
	addRule(t, p.dir, "--endpoint", "/komet/confirm", "drop", "--how", "half")
	stdout, stderr, code := ctl(t, p.dir, nil, "rule", "add", "--endpoint", "/kornitx/*", "drop", "--how", "never")
	if code != 0 || strings.TrimSpace(stdout) == "" || !strings.Contains(stderr, "502") {
		t.Errorf("exit %d, %q and %q, want it said what the sender sees through the tunnel", code, stdout, stderr)
	}
	for _, tt := range []struct {
		path string
		want func(err error) bool
	}{
		{"/probo/x", func(err error) bool { return errors.Is(err, syscall.ECONNRESET) }},
		{"/klix/x", func(err error) bool { return errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) }},
		{"/komet/confirm", func(err error) bool { return errors.Is(err, io.ErrUnexpectedEOF) }},
	} {
		conn := p.dial(t)
		c := callback{"POST", tt.path, nil, []byte("{}")}
		if _, err := conn.Write(c.raw()); err != nil {
			t.Fatal(err)
		}
		if answer, err := parseAnswer(bufio.NewReader(conn)); !tt.want(err) {
			t.Errorf("%s: %d and %v", tt.path, answer.status, err)
		}
	}
	// One that is never answered waits until its sender gives up.
	hasty := p.dial(t)
	if _, err := hasty.Write((&callback{"POST", "/kornitx/x", nil, []byte("{}")}).raw()); err != nil {
		t.Fatal(err)
	}
	p.captured(t, 4)
	if err := hasty.SetReadDeadline(time.Now().Add(20 * time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	var timeout net.Error
	if _, err := hasty.Read(make([]byte, 1)); !errors.As(err, &timeout) || !timeout.Timeout() {
		t.Errorf("read gave %v, want nothing to come", err)
	}
	_ = hasty.Close()
	rows := settled(t, p.dir, 4)
	for _, row := range rows[:3] {
		if row.State != "dropped" || row.Answer.By != "rule" || row.Answer.Rule == 0 || !strings.Contains(row.Error, "rule") {
			t.Errorf("%s is kept as %s %+v %q, want it dropped by its rule", row.Target, row.State, row.Answer, row.Error)
		}
	}
	if text := mustCtl(t, p.dir, nil, "show", strconv.FormatInt(rows[0].ID, 10)); !strings.Contains(text, "none, by rule 1 cut") {
		t.Errorf("show says %q", text)
	}
	if text := mustCtl(t, p.dir, nil, "list", "--filter", "state:dropped"); strings.Count(text, "\n") < 3 || !strings.Contains(text, "  dropped  ") {
		t.Errorf("list shows %q", text)
	}
}

func TestForwardRule(t *testing.T) {
	p := serve(t, t.TempDir())
	app := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.Header().Set("X-App", r.Method+" "+r.RequestURI)
		w.WriteHeader(http.StatusAccepted)
		_, _ = w.Write(append([]byte("app got "), body...))
	}))
	t.Cleanup(app.Close)
	id := addRule(t, p.dir, "--endpoint", "/klix/*", "--name", "app", "forward", "--to", app.URL+"/hooks")
	addRule(t, p.dir, "--endpoint", "/probo/*", "forward", "--to", app.URL, "--keep-path", "--observe", "--answer", "201")
	answer := p.post(t, "/klix/a/b?c=1", `{"id":7}`)
	if answer.status != 202 || answer.body != `app got {"id":7}` || answer.header.Get("X-App") != "POST /hooks/a/b?c=1" {
		t.Errorf("answered %d %v %q, want the app's answer", answer.status, answer.header, answer.body)
	}
	row := settled(t, p.dir, 1)[0]
	if row.Answer.By != "app" || strconv.FormatInt(row.Answer.Rule, 10) != id {
		t.Errorf("kept %+v, want it by the app", row.Answer)
	}
	if text := mustCtl(t, p.dir, nil, "show", strconv.FormatInt(row.ID, 10)); !strings.Contains(text, "202 by your app, through rule "+id+" app") {
		t.Errorf("show says %q", text)
	}
	if answer := p.post(t, "/probo/x", `{"id":8}`); answer.status != 201 {
		t.Errorf("observed, it is answered %d, want 201", answer.status)
	}
	var sent printed
	for _, r := range settled(t, p.dir, 3) {
		if r.Via == "replay" {
			sent = r
		}
	}
	if sent.Answer.Status != 202 || sent.Answer.By != "target" || sent.Target != "/probo/x" {
		t.Errorf("what the app answered is kept as %+v", sent)
	}
	app.Close()
	if answer := p.post(t, "/klix/x", "{}"); answer.status != 502 || answer.body == "" {
		t.Errorf("with the app down it is answered %d %q, want 502 with a sentence", answer.status, answer.body)
	}
	addRule(t, p.dir, "--endpoint", "/komet/confirm", "forward", "--to", app.URL, "--down", "accepted")
	if answer := p.post(t, "/komet/confirm", `{"companyId":1}`); answer.status != 200 || !strings.Contains(answer.body, `"1"`) {
		t.Errorf("with the app down it is answered %d %q, want what Komet takes", answer.status, answer.body)
	}
	if _, stderr, code := ctl(t, p.dir, nil, "rule", "add", "forward", "--to", "http://192.0.2.7:3000"); code != 1 || !strings.Contains(stderr, "--remote-too") {
		t.Errorf("exit %d and %q, want a second yes asked for", code, stderr)
	}
	addRule(t, p.dir, "--remote-too", "--filter", "path:/nowhere", "forward", "--to", "http://192.0.2.7:3000")
	if _, stderr, code := ctl(t, p.dir, nil, "rule", "add", "forward", "--to", p.url); code != 1 || !strings.Contains(stderr, "itself") {
		t.Errorf("to ourselves: exit %d and %q, want it refused", code, stderr)
	}
}
