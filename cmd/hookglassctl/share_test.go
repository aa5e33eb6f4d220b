package main_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// seededCallbacks is how many seeded makes, with a resend and its arrival.
const seededCallbacks = 8

// seeded starts serve and sends it callbacks of several kinds.
func seeded(t *testing.T) *program {
	t.Helper()
	p := serve(t, t.TempDir())
	configure(t, p.dir)
	for _, c := range []callback{
		{"PUT", "/klix/purchases", []string{asJSON, klixSignature(t)}, fixture(t, "klix_signed.json")},
		{"PUT", "/klix/purchases", []string{asJSON, klixSignature(t)}, fixture(t, "klix_signed.json")},
		{"POST", "/probo/x?token=abcdefgh", []string{asJSON}, fixture(t, "probo_queued.json")},
		{"POST", "/bytes", []string{"Content-Type: application/octet-stream", "X-A: 1", "x-a: 2"}, []byte("\x00\xff\xfe bytes \r\n")},
		{"DELETE", "//x/../%2e%2e/y", nil, nil},
		{"POST", "/large", nil, bytes.Repeat([]byte("0123456789abcdef"), 8<<10)},
	} {
		p.send(t, c)
	}
	settled(t, p.dir, 6)
	mustCtl(t, p.dir, nil, "replay", "3", "--to", p.url)
	settled(t, p.dir, seededCallbacks)
	mustCtl(t, p.dir, nil, "note", "4", "these are bytes")
	mustCtl(t, p.dir, nil, "mark", "green", "4")
	mustCtl(t, p.dir, nil, "pin", "4")
	return p
}

// parts reads a bundle: what it holds by the names of its parts, without what
// another moment and another program change.
func parts(t *testing.T, path string) map[string]string {
	t.Helper()
	files, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = files.Close() }()
	all := map[string]string{}
	for _, f := range files.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		all[f.Name] = regexp.MustCompile(`"(created|tool)":\s*"[^"]*"`).ReplaceAllString(string(content), `"$1":""`)
	}
	return all
}

func exportTo(t *testing.T, dir, name string, args ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	mustCtl(t, dir, nil, append([]string{"export", "-o", path}, args...)...)
	return path
}

func TestBundleRoundTrip(t *testing.T) {
	p := seeded(t)
	first := exportTo(t, p.dir, "a.hookglass", "--redact", "none", "--session", "1")
	if info, err := os.Stat(first); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v; want a file for its owner alone", info.Mode(), err)
	}
	for name, other := range map[string]string{"alone": t.TempDir(), "beside serve": serve(t, t.TempDir()).dir} {
		t.Run(name, func(t *testing.T) {
			said := mustCtl(t, other, nil, "import", first)
			imported := sessionNamed(t, other, listSessions(t, p.dir)[0].Name)
			for _, s := range listSessions(t, other) { // two may have the same name
				if s.Origin != nil {
					imported = s
				}
			}
			if imported.Origin == nil || imported.Active || imported.State != "open" || imported.Callbacks != int64(len(list(t, p.dir))) {
				t.Fatalf("import said %q; got %+v", said, imported)
			}
			id := jsonNumber(imported.ID)
			for _, x := range list(t, other, "--session", id) {
				if x.Via != "import" {
					t.Errorf("callback %d is via %s, and may be mistaken for a live one", x.ID, x.Via)
				}
			}
			second := exportTo(t, other, "b.hookglass", "--redact", "none", "--session", id)
			got, want := parts(t, second), parts(t, first)
			for name := range want {
				if got[name] != want[name] {
					t.Errorf("%s is not what it was:\n%.2000s\nwant\n%.2000s", name, got[name], want[name])
				}
			}
			if len(got) != len(want) {
				t.Errorf("%d parts, want %d", len(got), len(want))
			}
			before := len(list(t, other))
			if again := mustCtl(t, other, nil, "import", first); !strings.HasPrefix(again, "0 callbacks") || len(list(t, other)) != before {
				t.Errorf("a second import said %q, and %d callbacks are there, want %d", again, len(list(t, other)), before)
			}
		})
	}
	if again := mustCtl(t, p.dir, nil, "import", first); !strings.HasPrefix(again, "0 callbacks") {
		t.Errorf("the import of what was captured here said %q", again)
	}
}

func jsonNumber(n int64) string {
	text, _ := json.Marshal(n)
	return string(text)
}

func TestOpenOnly(t *testing.T) {
	p := seeded(t)
	addRule(t, p.dir, "forward", "--to", "http://localhost:3999/secret-target", "--name", "to my app")
	file := exportTo(t, p.dir, "a.hookglass", "--title", "Bug 12", "--note", "look at the third", "--sharer", "Ann", "--rules")
	other := t.TempDir()
	beside := serve(t, t.TempDir())
	said := mustCtl(t, beside.dir, nil, "import", "--open-only", file)
	if alone := mustCtl(t, other, nil, "import", "--open-only", file); alone != said {
		t.Errorf("without a program that captures it is told as\n%s, with one as\n%s", alone, said)
	}
	if got := listSessions(t, beside.dir); len(got) != 1 {
		t.Errorf("after it was only opened there is %+v", got)
	}
	for _, want := range []string{"Bug 12", "look at the third", "Ann", "secrets", "to my app", "a.hookglass", jsonNumber(seededCallbacks), "DELETE //x", "klix purchase.paid"} {
		if !strings.Contains(said, want) {
			t.Errorf("what is in the file is told without %q:\n%s", want, said)
		}
	}
	if got := listSessions(t, other); len(got) != 1 || got[0].Callbacks != 0 {
		t.Errorf("after it was only opened there is %+v", got)
	}
	if _, said, _ := ctl(t, t.TempDir(), nil, "import", file); !strings.Contains(said, "1 rule too; --rules") {
		t.Errorf("that there is a rule is told as %q", said)
	}
	mustCtl(t, other, nil, "import", "--rules", "--name", "Ann's", file)
	rules := listRules(t, other)
	if len(rules) != 1 || rules[0].Enabled || strings.Contains(string(rules[0].Params), "secret-target") {
		t.Errorf("got rules %+v, want one that is disabled and has no target", rules)
	}
	mustCtl(t, other, nil, "import", "--rules", file)
	if rules := listRules(t, other); len(rules) != 1 {
		t.Errorf("a second import makes rules of %+v", rules)
	}
	if got := sessionNamed(t, other, "Ann's"); got.Callbacks != seededCallbacks || got.Origin.Sharer != "Ann" || got.Origin.Redaction == "" {
		t.Errorf("got %+v", got)
	}
	// That something was taken out is told however it is shared again.
	again := exportTo(t, other, "again.hookglass", "--redact", "none", "--session", "Ann's")
	if said := mustCtl(t, t.TempDir(), nil, "import", "--open-only", again); !strings.Contains(said, "taken out before: secrets") {
		t.Errorf("what was redacted and shared again is told as\n%s", said)
	}
	// A verdict survives what was taken out.
	if got := list(t, other, "--filter", "provider:klix"); len(got) != 2 || got[0].Verification.Status != "weak_key" {
		t.Errorf("got %+v, want two with the verdict that they had", got)
	} else if said := mustCtl(t, other, nil, "show", jsonNumber(got[0].ID)); !strings.Contains(said, "The file says so") && !strings.Contains(said, "says the file") {
		t.Errorf("whose word the verdict is, show does not tell:\n%s", said)
	}
}

func TestImportOthers(t *testing.T) {
	p := serve(t, t.TempDir())
	configure(t, p.dir)
	body := fixture(t, "klix_signed.json")
	c := callback{"PUT", "/klix/purchases", []string{asJSON, klixSignature(t)}, body}
	for name, content := range map[string][]byte{
		"request.http": c.raw(),
		"command.sh":   []byte(`curl -X POST 'http://127.0.0.1:4480/orders?a=1' -H 'X-Test: yes' --data-raw '{"a":1}'`),
		"some.har": []byte(`{"log":{"version":"1.2","creator":{"name":"x","version":"1"},"entries":[{"startedDateTime":"2024-01-02T03:04:05Z","time":1,
			"request":{"method":"POST","url":"https://a.example/har","httpVersion":"HTTP/1.1","headers":[{"name":"X-H","value":"1"}],"queryString":[],"cookies":[],
			"headersSize":-1,"bodySize":2,"postData":{"mimeType":"text/plain","text":"hi"}},
			"response":{"status":201,"statusText":"Created","httpVersion":"HTTP/1.1","headers":[],"cookies":[],"content":{"size":0,"mimeType":""},"redirectURL":"","headersSize":-1,"bodySize":0},
			"cache":{},"timings":{"send":0,"wait":1,"receive":0}}]}}`),
	} {
		if said := mustCtl(t, p.dir, content, "import", "--open-only", "-"); !strings.Contains(said, "it does not say") {
			t.Errorf("%s: what was taken out of it is told as\n%s", name, said)
		}
		said := mustCtl(t, p.dir, content, "import", "--name", name, "-")
		if !strings.HasPrefix(said, "1 callback in session ") {
			t.Errorf("%s: import said %q", name, said)
		}
	}
	for name, want := range map[string]string{"request.http": "/klix/purchases", "command.sh": "/orders?a=1", "some.har": "/har"} {
		got := list(t, p.dir, "--session", name)
		if len(got) != 1 || !strings.HasSuffix(got[0].Target, want) {
			t.Errorf("%s: got %+v, want one at %s", name, got, want)
		}
	}
	if got := list(t, p.dir, "--session", "request.http")[0]; got.Provider != "klix" || got.Verification.Status != "weak_key" || got.State != "unknown" {
		t.Errorf("a raw request came in as %s %s %s (%s)", got.Provider, got.Verification.Status, got.State, got.Verification.Reason)
	}
	if got := list(t, p.dir, "--session", "some.har")[0]; got.Answer.Status != 201 {
		t.Errorf("the answer in a HAR came in as %+v", got.Answer)
	}
}

func TestBrokenFilesLeaveNothing(t *testing.T) {
	p := seeded(t)
	whole, err := os.ReadFile(exportTo(t, p.dir, "a.hookglass"))
	if err != nil {
		t.Fatal(err)
	}
	other := serve(t, t.TempDir())
	flipped := bytes.Clone(whole)
	flipped[len(flipped)/3] ^= 0x20
	for name, content := range map[string][]byte{
		"truncated": whole[:len(whole)/2], "flipped": flipped, "empty": nil, "other": []byte("\x7fELF not for us"),
	} {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		_, said, code := ctl(t, other.dir, nil, "import", path)
		if code != 1 || strings.Count(strings.TrimSpace(said), "\n") > 3 {
			t.Errorf("%s: exit %d and %q, want 1 and a sentence", name, code, said)
		}
	}
	if got := listSessions(t, other.dir); len(got) != 1 || len(list(t, other.dir)) != 0 {
		t.Errorf("after broken files there is %+v", got)
	}
}

func TestExportRefuses(t *testing.T) {
	p := seeded(t)
	there := filepath.Join(t.TempDir(), "there.hookglass")
	if err := os.WriteFile(there, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{}, 2, "-o"},
		{[]string{"-o", there}, 2, "--force"},
		{[]string{"-o", filepath.Dir(there)}, 2, "is a folder"},
		{[]string{"-o", filepath.Dir(there), "--force"}, 2, "is a folder"},
		{[]string{"-o", os.DevNull}, 2, "-o -"},
		{[]string{"-o", "x", "--session", "1", "3"}, 2, "either ids"},
		{[]string{"-o", "x", "--format", "pdf"}, 2, "html"},
		{[]string{"-o", "x", "--redact", "half"}, 2, "personal"},
		{[]string{"-o", "x", "--redact", "regex:("}, 2, "pattern"},
		{[]string{"-o", "x", "--filter", "status:"}, 2, "status"},
		{[]string{"-o", "x", "--session", "nowhere"}, 1, "nowhere"},
		{[]string{"-o", "/nowhere/at/all"}, 1, "nowhere"},
		{[]string{"-o", "x", "99"}, 1, "99"},
		{[]string{"-o", filepath.Join(filepath.Dir(there), "none"), "--filter", "provider:nobody"}, 1, "nothing was written"},
	} {
		_, stderr, code := ctl(t, p.dir, nil, append([]string{"export"}, tt.args...)...)
		if code != tt.code || !strings.Contains(stderr, tt.says) {
			t.Errorf("export %v: exit %d and %q, want exit %d and %q in it", tt.args, code, stderr, tt.code, tt.says)
		}
	}
	if content, err := os.ReadFile(there); err != nil || string(content) != "mine" {
		t.Errorf("what was there is %q (%v)", content, err)
	}
	mustCtl(t, p.dir, nil, "export", "-o", there, "--force")
	stdout, stderr, code := ctl(t, p.dir, nil, "export", "--preview", "--filter", "path:/probo/*")
	if code != 0 || !strings.Contains(stdout, "secret") || strings.Contains(stdout, "abcdefgh") || !strings.Contains(stderr, "replaced") {
		t.Errorf("the preview: exit %d, %q, %q", code, stdout, stderr)
	}
	out, said, code := ctl(t, p.dir, nil, "export", "-o", "-", "--format", "jsonl", "--rules", "3")
	if !strings.Contains(said, "a bundle or a HAR only") {
		t.Errorf("rules that do not go along: %q", said)
	}
	if code != 0 || strings.Count(out, "\n") != 1 || !strings.Contains(out, "/probo/x") {
		t.Errorf("to standard output: exit %d and %q", code, out)
	}
	if left, err := os.ReadDir(filepath.Dir(there)); err != nil || len(left) != 1 {
		t.Errorf("%v is left behind, want one file", left)
	}
}

func TestProve(t *testing.T) {
	p := seeded(t)
	whole := exportTo(t, p.dir, "w.hookglass", "--keyed", "--redact", "none")
	if said := mustCtl(t, p.dir, nil, "prove", whole); !strings.HasPrefix(said, "8 proven, 0 redacted") {
		t.Errorf("the sharer proves %q of what was not redacted", said)
	}
	file := exportTo(t, p.dir, "a.hookglass", "--keyed")
	var proven, redacted int
	said := mustCtl(t, p.dir, nil, "prove", file)
	if _, err := fmt.Sscanf(said, "%d proven, %d redacted", &proven, &redacted); err != nil || redacted == 0 || proven+redacted != 8 || !strings.Contains(said, ", 0 not what is here") {
		t.Errorf("the sharer proves %q (%v)", said, err)
	}
	other := t.TempDir()
	mustCtl(t, other, nil, "import", file)
	if said, _, code := ctl(t, other, nil, "prove", file); code != 1 || !strings.HasPrefix(said, "0 proven, 0 redacted") || !strings.Contains(said, ", 8 not what is here") {
		t.Errorf("somebody else proves: exit %d, %q", code, said)
	}
	if _, err := os.Stat(filepath.Join(other, "secrets.json")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("proving made a key (%v)", err)
	}
}
