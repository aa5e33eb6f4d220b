package main_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// listedRule is a rule as rule list --json prints it.
type listedRule struct {
	ID       int64  `json:"id"`
	Name     string `json:"name"`
	Enabled  bool   `json:"enabled"`
	Active   bool   `json:"active"`
	Endpoint string `json:"endpoint"`
	Filter   string `json:"filter"`
	Meaning  string `json:"filter_words"`
	Kind     string `json:"kind"`
	Words    string `json:"words"`
	Fails    bool   `json:"fails"`
	Hits     int64  `json:"hits"`
	Problem  string `json:"problem"`
	End      struct {
		Count int    `json:"count"`
		Left  int    `json:"left"`
		Until string `json:"until"`
		Quit  bool   `json:"quit"`
	} `json:"end"`
	Params   json.RawMessage `json:"params"`
	Progress []struct {
		Key  string `json:"key"`
		Done int    `json:"done"`
		Of   int    `json:"of"`
	} `json:"progress"`
}

// addRule runs rule add and returns the id that it prints.
func addRule(t testing.TB, dir string, args ...string) string {
	t.Helper()
	id := strings.TrimSpace(mustCtl(t, dir, nil, append([]string{"rule", "add"}, args...)...))
	if _, err := strconv.ParseInt(id, 10, 64); err != nil {
		t.Fatalf("rule add printed %q, want an id", id)
	}
	return id
}

func listRules(t testing.TB, dir string) (all []listedRule) {
	t.Helper()
	for line := range strings.Lines(mustCtl(t, dir, nil, "rule", "list", "--json")) {
		var r listedRule
		decoder := json.NewDecoder(strings.NewReader(line))
		decoder.DisallowUnknownFields()
		if err := decoder.Decode(&r); err != nil {
			t.Fatalf("%v in %s", err, line)
		}
		all = append(all, r)
	}
	return all
}

// post sends a callback with net/http's client.
func (p *program) post(t testing.TB, path, body string) answered {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, p.url+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: patience}
	response, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answered{response.StatusCode, response.Header, string(content)}
}

// answersAll sends callbacks and compares the statuses of the answers.
func (p *program) answersAll(t *testing.T, c callback, want ...int) {
	t.Helper()
	var got []int
	for range want {
		got = append(got, p.sendRaw(t, c.raw()).status)
	}
	if !slices.Equal(got, want) {
		t.Errorf("%s %s is answered %v, want %v", c.method, c.target, got, want)
	}
}

var plainCallback = callback{"POST", "/x", []string{asJSON}, []byte(`{"id":7}`)}

func TestFixedRule(t *testing.T) {
	p := serve(t, t.TempDir())
	id := addRule(t, p.dir, "--name", "teapot", "--endpoint", "/klix/*", "fixed", "--status", "418",
		"--header", "x-ODD: 1", "--header", "x-ODD: a, b", "--header", "Content-Type: application/json",
		"--body", `{"got":"{{body.id}}","by":"{{method}}"}`)
	const hostile = `{"id":"7\"}\r\nX-Injected: 1"}`
	answer := p.post(t, "/klix/x", hostile)
	want := `{"got":"7\"}\r\nX-Injected: 1","by":"POST"}`
	if answer.status != 418 || answer.body != want || answer.header.Get("Content-Type") != "application/json" {
		t.Errorf("answered %d %v %q, want 418 with %q", answer.status, answer.header, answer.body, want)
	}

	// On the wire, the fields keep their case and are there as often as given.
	conn := p.dial(t)
	c := callback{"POST", "/klix/x", []string{"Connection: close"}, []byte(`{"id":1}`)}
	if _, err := conn.Write(c.raw()); err != nil {
		t.Fatal(err)
	}
	raw, err := io.ReadAll(conn)
	if err != nil || !bytes.HasPrefix(raw, []byte("HTTP/1.1 418 ")) ||
		!bytes.Contains(raw, []byte("\r\nx-ODD: 1\r\nx-ODD: a, b\r\n")) || !bytes.HasSuffix(raw, []byte(`{"got":"1","by":"POST"}`)) {
		t.Errorf("on the wire: %q (%v)", raw, err)
	}
	if other := p.post(t, "/x", "{}"); other.status != 200 {
		t.Errorf("another path is answered %d, want 200", other.status)
	}
	rows := settled(t, p.dir, 3)
	if a := rows[0].Answer; a.By != "rule" || strconv.FormatInt(a.Rule, 10) != id || a.RuleName != "teapot" || a.Status != 418 {
		t.Errorf("kept %+v, want it by rule %s", a, id)
	}
	if rows[2].Answer.By == "rule" || rows[2].Answer.Rule != 0 {
		t.Errorf("kept %+v, want it by no rule", rows[2].Answer)
	}
	if text := mustCtl(t, p.dir, nil, "show", strconv.FormatInt(rows[0].ID, 10)); !strings.Contains(text, "418 by rule "+id+" teapot") {
		t.Errorf("show does not name the rule:\n%s", text)
	}
}

// What of an answer breaks the provider's contract is said when the rule is made
// and on the exchange, with why no other rule answered.
func TestWhyARuleAnswers(t *testing.T) {
	p := serve(t, t.TempDir())
	off := addRule(t, p.dir, "--name", "resting", "fixed", "--status", "201")
	mustCtl(t, p.dir, nil, "rule", "disable", off)
	addRule(t, p.dir, "--filter", "method:PUT", "fixed", "--status", "202")
	_, stderr, code := ctl(t, p.dir, nil, "rule", "add", "--endpoint", "/komet/confirm", "fixed", "--status", "200", "--body", "{}")
	if code != 0 || !strings.Contains(stderr, "Komet") {
		t.Errorf("exit %d and %q, want it said that Komet needs a status", code, stderr)
	}
	p.post(t, "/komet/confirm", `{"companyId":1}`)
	row := settled(t, p.dir, 1)[0]
	text := mustCtl(t, p.dir, nil, "show", strconv.FormatInt(row.ID, 10))
	for _, want := range []string{"rule " + off + ": it is off", "PUT", "contract"} {
		if !strings.Contains(text, want) {
			t.Errorf("show does not say %q:\n%s", want, text)
		}
	}
}

func TestBodyFromAFile(t *testing.T) {
	p := serve(t, t.TempDir())
	path := filepath.Join(t.TempDir(), "answer.json")
	if err := os.WriteFile(path, []byte(`{"order":{{body.id}}}`), 0o600); err != nil {
		t.Fatal(err)
	}
	addRule(t, p.dir, "fixed", "--status", "202", "--header", "Content-Type: application/json", "--body", "@"+path)
	if answer := p.sendRaw(t, plainCallback.raw()); answer.status != 202 || answer.body != `{"order":7}` {
		t.Errorf("answered %d %q", answer.status, answer.body)
	}
}

// captured waits until so many callbacks are there, answered or not.
func (p *program) captured(t testing.TB, n int) {
	t.Helper()
	for end := time.Now().Add(patience); len(list(t, p.dir)) < n; {
		if time.Now().After(end) {
			t.Fatalf("there are not %d callbacks", n)
		}
	}
}

func TestDelayedRule(t *testing.T) {
	p := serve(t, t.TempDir())
	addRule(t, p.dir, "--endpoint", "/klix/*", "delayed", "--by", "200ms")
	addRule(t, p.dir, "--endpoint", "/komet/confirm", "--name", "slow", "delayed", "--by", "9m")
	addRule(t, p.dir, "--endpoint", "/probo/*", "delayed", "--body-by", "9m", "--status", "201", "--body", "late")

	if answer := p.post(t, "/klix/x", "{}"); answer.status != 200 {
		t.Errorf("answered %d, want what the provider takes as success", answer.status)
	}
	if row := settled(t, p.dir, 1)[0]; row.Answer.Duration < 200 || row.Answer.By != "rule" {
		t.Errorf("answered %+v, want it 200 ms late", row.Answer)
	}

	// The head is there while the body waits.
	c := callback{"POST", "/probo/x", nil, []byte("{}")}
	conn := p.dial(t)
	if _, err := conn.Write(c.raw()); err != nil {
		t.Fatal(err)
	}
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil || response.StatusCode != 201 || response.ContentLength != 4 {
		t.Fatalf("the head is %+v, %v", response, err)
	}
	_ = conn.Close()
	_ = response.Body.Close() // would wait for the body

	// A sender that hangs up ends the wait, and that is said.
	waiting := p.dial(t)
	c.target = "/komet/confirm"
	if _, err := waiting.Write(c.raw()); err != nil {
		t.Fatal(err)
	}
	p.captured(t, 3)
	_ = waiting.Close()
	rows := settled(t, p.dir, 3)
	for _, row := range rows[1:] {
		if row.State != "client_gone" || !strings.Contains(row.Error, "hung up") {
			t.Errorf("%s: %s %q, want the sender gone", row.Target, row.State, row.Error)
		}
	}

	// Our end lets nobody wait.
	held := p.dial(t)
	if _, err := held.Write(c.raw()); err != nil {
		t.Fatal(err)
	}
	p.captured(t, 4)
	if err := p.stop(t); err != nil {
		t.Errorf("serve ended with %v", err)
	}
	if answer := readAnswer(t, bufio.NewReader(held)); answer.status != 200 {
		t.Errorf("at the end it is answered %d, want 200", answer.status)
	}
}

// Three deliveries of the same callback are counted together, and another order's
// apart.
func TestSequenceRule(t *testing.T) {
	p := serve(t, t.TempDir())
	body := fixture(t, "kornitx_dispatched.json")
	other := bytes.ReplaceAll(bytes.ReplaceAll(body, []byte("46140204"), []byte("46140205")), []byte("3165671600"), []byte("3165671601"))
	send := func(body []byte) callback { return callback{"PUT", "/kornitx/orders", []string{asJSON}, body} }
	for _, per := range []string{"delivery", "order"} {
		id := addRule(t, p.dir, "--endpoint", "/kornitx/*", "--filter", "provider:kornitx", "sequence", "--answers", "503,503,200", "--per", per)
		p.answersAll(t, send(body), 503)
		p.answersAll(t, send(other), 503)
		p.answersAll(t, send(body), 503)
		if rules := listRules(t, p.dir); len(rules) != 1 || len(rules[0].Progress) != 2 || rules[0].Progress[0].Done != 2 || rules[0].Progress[0].Of != 3 || rules[0].Progress[1].Done != 1 {
			t.Errorf("per %s: listed %+v, want 2 of 3 and 1 of 3", per, rules)
		}
		p.answersAll(t, send(body), 200, 200)
		p.answersAll(t, send(other), 503, 200)
		if text := mustCtl(t, p.dir, nil, "rule", "list"); !strings.Contains(text, "503, 503, 200") || !strings.Contains(text, "3 of 3") {
			t.Errorf("rule list shows %q", text)
		}
		mustCtl(t, p.dir, nil, "rule", "reset", id)
		p.answersAll(t, send(body), 503)
		mustCtl(t, p.dir, nil, "rule", "remove", id)
		p.answersAll(t, send(body), 200)
	}
	addRule(t, p.dir, "sequence", "--answers", "503, 404,accepted", "--per", "all")
	p.answersAll(t, send(body), 503)
	p.answersAll(t, send(other), 404, 200)
}

func TestPresetRule(t *testing.T) {
	p := serve(t, t.TempDir())
	var id string
	for line := range strings.Lines(mustCtl(t, p.dir, nil, "presets", "komet", "--json")) {
		var preset struct {
			ID           string
			Failing      bool
			TakesMessage bool `json:"takes_message"`
		}
		if err := json.Unmarshal([]byte(line), &preset); err != nil {
			t.Fatal(err)
		}
		if preset.Failing && preset.TakesMessage {
			id = preset.ID
		}
	}
	if text := mustCtl(t, p.dir, nil, "presets", "komet"); id == "" || !strings.Contains(text, id) {
		t.Fatalf("presets komet shows no failing one with a message:\n%s", text)
	}
	addRule(t, p.dir, "preset", id, "--message", "No stock")
	answer := p.post(t, "/komet/confirm", `{"companyId":1}`)
	if answer.status != 200 || !strings.Contains(answer.body, `"0"`) || !strings.Contains(answer.body, "No stock") {
		t.Errorf("answered %d %q, want status 0 with the message", answer.status, answer.body)
	}
	// Who knows no such preset is answered as ever.
	if answer := p.post(t, "/klix/x", "{}"); answer.status != 200 || strings.Contains(answer.body, "No stock") {
		t.Errorf("Klix is answered %d %q", answer.status, answer.body)
	}
}

// What fails on purpose ends: after 30 minutes where nothing else is said, after
// so many callbacks, or with the process.
func TestRuleEnds(t *testing.T) {
	dir := t.TempDir()
	p := serve(t, dir)
	counted := addRule(t, dir, "--count", "2", "--endpoint", "/klix/*", "fixed", "--status", "503")
	quit := addRule(t, dir, "--until", "quit", "--endpoint", "/probo/*", "fixed", "--status", "500")
	began := time.Now()
	guarded := addRule(t, dir, "--endpoint", "/komet/confirm", "fixed", "--status", "503")
	forever := addRule(t, dir, "--until", "forever", "--endpoint", "/mintsoft/split", "fixed", "--status", "503")
	hour := addRule(t, dir, "--until", "1h", "--filter", "path:/nowhere", "fixed", "--status", "503")
	c := func(path string) callback { return callback{"POST", path, nil, []byte("{}")} }
	p.answersAll(t, c("/klix/x"), 503, 503, 200)
	p.answersAll(t, c("/probo/x"), 500)
	p.answersAll(t, c("/komet/confirm"), 503)
	p.answersAll(t, c("/mintsoft/split"), 503)

	rules := map[string]listedRule{}
	for _, r := range listRules(t, dir) {
		rules[strconv.FormatInt(r.ID, 10)] = r
	}
	if r := rules[counted]; r.Active || r.End.Count != 2 || r.End.Left != 0 || r.Hits != 2 || !r.Fails || r.End.Until != "" {
		t.Errorf("counted: %+v", r)
	}
	if r := rules[quit]; !r.Active || !r.End.Quit || r.End.Until != "" {
		t.Errorf("until quit: %+v", r)
	}
	if r := rules[forever]; !r.Active || r.End.Until != "" {
		t.Errorf("forever: %+v", r)
	}
	if r := rules[hour]; r.Meaning == "" || r.Hits != 0 {
		t.Errorf("with a filter: %+v", r)
	}
	until, err := time.Parse(time.RFC3339, rules[guarded].End.Until)
	if err != nil || until.Before(began.Add(29*time.Minute)) || until.After(time.Now().Add(31*time.Minute)) {
		t.Errorf("without an end: %+v, want 30 minutes", rules[guarded])
	}
	if text := mustCtl(t, dir, nil, "rule", "list"); !strings.Contains(text, "until "+until.Local().Format("15:04")) || !strings.Contains(text, "ended") {
		t.Errorf("rule list shows no end:\n%s", text)
	}

	if err := p.stop(t); err != nil {
		t.Fatal(err)
	}
	p = serve(t, dir)
	p.answersAll(t, c("/klix/x"), 200)
	p.answersAll(t, c("/probo/x"), 200)
	p.answersAll(t, c("/mintsoft/split"), 503)
	mustCtl(t, dir, nil, "rule", "enable", counted)
	p.answersAll(t, c("/klix/x"), 503, 503, 200)
	mustCtl(t, dir, nil, "rule", "disable", forever)
	p.answersAll(t, c("/mintsoft/split"), 200)
}

// A killed process leaves nothing failing that was to end with it.
func TestUntilQuitEndsWithAKill(t *testing.T) {
	dir := t.TempDir()
	p := serve(t, dir)
	addRule(t, dir, "--until", "quit", "fixed", "--status", "503")
	p.answersAll(t, plainCallback, 503)
	p.kill()
	p = serve(t, dir)
	p.answersAll(t, plainCallback, 200)
}

func TestLiveEndpoint(t *testing.T) {
	p := serve(t, t.TempDir())
	mustCtl(t, p.dir, nil, "endpoint", "add", "/shop", "--live")
	if text := mustCtl(t, p.dir, nil, "endpoint", "list"); !strings.Contains(text, "(live)") {
		t.Errorf("endpoint list does not show which one is live:\n%s", text)
	}
	fail := []string{"--endpoint", "/shop", "fixed", "--status", "503"}
	if _, stderr, code := ctl(t, p.dir, nil, append([]string{"rule", "add"}, fail...)...); code != 1 || !strings.Contains(stderr, "--live-too") {
		t.Errorf("exit %d and %q, want a second yes asked for", code, stderr)
	}
	c := callback{"POST", "/shop", nil, []byte("{}")}
	p.answersAll(t, c, 200)
	id := addRule(t, p.dir, append([]string{"--live-too"}, fail...)...)
	p.answersAll(t, c, 503)
	mustCtl(t, p.dir, nil, "rule", "disable", id)
	if _, stderr, code := ctl(t, p.dir, nil, "rule", "enable", id); code != 1 || !strings.Contains(stderr, "--live-too") {
		t.Errorf("enable: exit %d and %q, want a second yes asked for", code, stderr)
	}
	mustCtl(t, p.dir, nil, "rule", "enable", id, "--live-too")
	p.answersAll(t, c, 503)
}

func TestRulesThatCannotBe(t *testing.T) {
	p := serve(t, t.TempDir())
	for _, tt := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"fixed", "--status", "0"}, 2, "200 to 599"},
		{[]string{"fixed", "--status", "1000"}, 2, "200 to 599"},
		{[]string{"fixed"}, 2, "--status"},
		{[]string{"fixed", "--status", "200", "--header", "nothing"}, 2, "nothing"},
		{[]string{"fixed", "--status", "200", "--header", "A b: 1"}, 2, "A b"},
		{[]string{"fixed", "--status", "200", "--header", "A: 1\r\nB: 2"}, 2, "line break"},
		{[]string{"fixed", "--status", "200", "--body", "{{order"}, 2, "body"},
		{[]string{"fixed", "--status", "200", "--body", "{{nonsense}}"}, 2, "nonsense"},
		{[]string{"fixed", "--status", "200", "--body", "@/absent/file"}, 1, "/absent/file"},
		{[]string{"delayed"}, 2, "--by"},
		{[]string{"delayed", "--by", "11m"}, 2, "10 minutes"},
		{[]string{"sequence", "--answers", "503,,200"}, 2, "empty"},
		{[]string{"sequence", "--answers", "503,1000"}, 2, "1000"},
		{[]string{"sequence", "--answers", "503", "--per", "moon"}, 2, "per"},
		{[]string{"preset", "nobody's"}, 1, "nobody's"},
		{[]string{"hold", "--for", "11m"}, 2, "10 minutes"},
		{[]string{"hold", "--fallback", "1000"}, 2, "--fallback"},
		{[]string{"hold", "--fallback", "nobody's"}, 1, "nobody's"},
		{[]string{"forward"}, 2, "--to"},
		{[]string{"forward", "--to", "localhost"}, 2, "http"},
		{[]string{"forward", "--to", "http://localhost:1", "--observe", "--down", "200"}, 2, "--answer"},
		{[]string{"forward", "--to", "http://localhost:1", "--answer", "200"}, 2, "--observe"},
		{[]string{"forward", "--to", "http://localhost:1", "--timeout", "11m"}, 2, "minutes"},
		{[]string{"drop"}, 2, "--how"},
		{[]string{"drop", "--how", "gently"}, 2, "gently"},
		{[]string{"--endpoint", "/absent", "fixed", "--status", "200"}, 1, "/absent"},
		{[]string{"--filter", "nonsense:1", "fixed", "--status", "200"}, 2, "^"},
		{[]string{"--filter", "status:5xx", "fixed", "--status", "200"}, 2, "status"},
		{[]string{"--until", "soon", "fixed", "--status", "200"}, 2, "soon"},
		{[]string{"--count=-1", "fixed", "--status", "200"}, 2, "--count"},
	} {
		stdout, stderr, code := ctl(t, p.dir, nil, append([]string{"rule", "add"}, tt.args...)...)
		if code != tt.code || !strings.Contains(stderr, tt.says) || stdout != "" {
			t.Errorf("%q: exit %d, %q and %q, want exit %d and %q in it", tt.args, code, stdout, stderr, tt.code, tt.says)
		}
	}
	for _, verb := range []string{"enable", "disable", "remove", "reset"} {
		if _, stderr, code := ctl(t, p.dir, nil, "rule", verb, "9"); code != 1 || !strings.Contains(stderr, "9") {
			t.Errorf("%s of an absent rule: exit %d and %q", verb, code, stderr)
		}
	}
	if rules := listRules(t, p.dir); len(rules) != 0 {
		t.Errorf("there are rules: %+v", rules)
	}
	if _, stderr, code := ctl(t, p.dir, nil, "presets", "nonsense"); code != 2 || !strings.Contains(stderr, "kornitx") {
		t.Errorf("presets nonsense: exit %d and %q", code, stderr)
	}
}
