package main_test

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"
)

// everyKind is a file with a rule of every kind, in both forms where there are two.
const everyKind = `# What the shop hears.
rules:
  - name: KornitX down
    endpoint: /kornitx/*
    filter: event:order.* -order:"3165 *"
    count: 5
    until: 2h
    sequence: {answers: [503, 404, accepted, {preset: "503"}, {status: 200, headers: ["X-Odd: a, b", "x-odd: {{order}}"], body: "x"}], per: order}
  - hold: {for: 1m30s, fallback: 503}
  - hold: {}
    until: quit
  - forward: {to: "http://localhost:3000/hooks", keep_path: true, proven: true, timeout: 3s, down: accepted}
  - forward: {to: "http://127.0.0.1:3000", observe: true, answer: {status: 201, plain: true, body: "{{"}}
  - drop: half
    enabled: false
  - preset: komet-0
  - preset: {id: komet-0, message: "No stock: #1"}
    endpoint: /komet/confirm
    until: forever
  - delayed: {by: 2s, body_by: 1s}
  - delayed: {by: 2s, answer: {status: 204}}
  - fixed:
      status: 418
      headers:
        - "Content-Type: application/json"
      body: |
        {
          "order": "{{order}}",
          "by": "{{body.items.0.id}}"
        }
  - fixed: {status: 200, body: "a\r\nb\u0085 \u2028c\ttab  \n\n"}
  - fixed: {status: 200, body_base64: AAEC}
`

func TestRulesFromAFile(t *testing.T) {
	p := serve(t, t.TempDir())
	path := filepath.Join(t.TempDir(), "rules.yaml")
	if err := os.WriteFile(path, []byte(everyKind), 0o600); err != nil {
		t.Fatal(err)
	}
	if out := mustCtl(t, p.dir, nil, "rule", "load", path); out != "13 rules\n" {
		t.Errorf("rule load printed %q", out)
	}
	first := listRules(t, p.dir)
	if len(first) != 13 {
		t.Fatalf("there are %d rules, want 13", len(first))
	}
	if r := first[0]; r.Name != "KornitX down" || r.End.Count != 5 || r.Endpoint != "/kornitx/*" || r.Kind != "sequence" || r.Filter != `event:order.* -order:"3165 *"` {
		t.Errorf("the first one is %+v", r)
	}
	for i, r := range first {
		until, err := time.Parse(time.RFC3339, r.End.Until)
		switch r.Kind {
		case "hold", "drop": // what fails and names no end gets the guard's
			if !r.End.Quit && (err != nil || until.After(time.Now().Add(31*time.Minute))) {
				t.Errorf("rule %d, %s, ends %q, want in 30 minutes", i+1, r.Kind, r.End.Until)
			}
		case "preset", "delayed":
			if r.Params != nil && r.Fails && i == 7 && r.End.Until != "" {
				t.Errorf("rule %d ends %q, want never", i+1, r.End.Until)
			}
		}
	}
	c := callback{"PUT", "/kornitx/orders", []string{asJSON}, fixture(t, "kornitx_dispatched.json")}
	p.answersAll(t, c, 503, 404, 200)

	// What rule list --yaml prints is the same again.
	printed := mustCtl(t, p.dir, nil, "rule", "list", "--yaml")
	if out := mustCtl(t, p.dir, []byte(printed), "rule", "load", "--replace", "-"); out != "13 rules\n" {
		t.Errorf("rule load printed %q", out)
	}
	second := listRules(t, p.dir)
	if len(second) != len(first) {
		t.Fatalf("there are %d rules after loading what was printed:\n%s", len(second), printed)
	}
	for i := range first {
		a, b := first[i], second[i]
		if a.ID == b.ID {
			t.Errorf("rule %d was not replaced", i+1)
		}
		a.ID, a.Hits, a.End.Left, a.Progress = b.ID, b.Hits, b.End.Left, b.Progress
		if !reflect.DeepEqual(a, b) {
			t.Errorf("rule %d came back as\n%+v %s, it was\n%+v %s", i+1, b, b.Params, a, a.Params)
		}
	}
	if again := mustCtl(t, p.dir, nil, "rule", "list", "--yaml"); again != printed {
		t.Errorf("printed again it is\n%s\nand was\n%s", again, printed)
	}
	mustCtl(t, p.dir, []byte("rules: []"), "rule", "load", "--replace", "-")
	if out := mustCtl(t, p.dir, nil, "rule", "list", "--yaml"); out != "rules: []\n" {
		t.Errorf("without rules it prints %q", out)
	}
}

// Paths in a file begin at its folder.
func TestRuleFileNamesFiles(t *testing.T) {
	p := serve(t, t.TempDir())
	folder := t.TempDir()
	for name, content := range map[string]string{
		"rules.yaml":  "rules: [{fixed: {status: 202, body_file: answer.txt}}]",
		"answer.txt":  "from the file",
		"absent.yaml": "rules:\n  - fixed: {status: 202, body_file: absent.txt}",
	} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	mustCtl(t, p.dir, nil, "rule", "load", filepath.Join(folder, "rules.yaml"))
	if answer := p.post(t, "/x", "{}"); answer.status != 202 || answer.body != "from the file" {
		t.Errorf("answered %d %q", answer.status, answer.body)
	}
	absent := filepath.Join(folder, "absent.yaml")
	if _, stderr, code := ctl(t, p.dir, nil, "rule", "load", absent); code != 1 || !strings.Contains(stderr, absent+":2:5: ") || !strings.Contains(stderr, "absent.txt") {
		t.Errorf("exit %d and %q, want line and column of the rule", code, stderr)
	}
}

func TestMistakesInARuleFile(t *testing.T) {
	p := serve(t, t.TempDir())
	mustCtl(t, p.dir, nil, "endpoint", "add", "/shop", "--live")
	for _, tt := range []struct{ text, says string }{
		{"", "1:1: there is nothing in it"},
		{"rules:\n  - a: [\n", "2:1: this is not YAML"},
		{"rules: {a: b}", "1:8: rules: is a list"},
		{"rulez: []", `1:1: a file of rules has no "rulez"`},
		{"rules: []\nrules: []", "2:1: rules: is there twice"},
		{"rules: []\n---\nrules: []", "second one"},
		{"rules:\n  - fixed: {status: 200}\n    filtre: x", `3:5: a rule has no "filtre"; there are count, `},
		{"rules:\n  - name: x\n", "2:5: what the rule does is missing"},
		{"rules:\n  - explode: {}\n", `2:5: a rule has no "explode"`},
		{"rules:\n  - drop: gently", "2:11: one of close"},
		{"rules:\n  - drop: close\n    hold: {}", "3:11: a rule is of one kind"},
		{"rules:\n  - filter: provider:klix nonsense:1\n    drop: close", "2:27: There is no"},
		{"rules:\n  - filter: 'provider:klix status:5xx'\n    drop: close", "2:28: status is not known"},
		{"rules:\n  - fixed: {status: 1000}", "2:21: a number from 200 to 599"},
		{"rules:\n  - sequence: {answers: [503, 1000]}", "2:31: the status must be 200 to 599"},
		{"rules:\n  - sequence: {answers: []}", "2:15: "},
		{"rules:\n  - fixed: {status: 200, body: 'ü {{nonsense}}'}", `2:35: There is no variable "nonsense"`},
		{"rules:\n  - fixed:\n      status: 200\n      body: |\n        {\n          {{order\n", "6:11: This variable does not end"},
		{"rules:\n  - fixed: {status: 200, headers: [\"A: 1\\r\\nB: 2\"]}", "2:35: the value of A holds a line break"},
		{"rules:\n  - until: soon\n    drop: close", `2:12: "soon" is no time`},
		{"rules:\n  - hold: {for: 20m}", "2:11: it may hold for 10 minutes"},
		{"rules:\n  - hold: {for: -1s}", "2:17: a time such as"},
		{"rules:\n  - count: 0\n    drop: close", "2:12: a number"},
		{"rules:\n  - enabled: maybe\n    drop: close", "2:14: true or false"},
		{"rules:\n  - forward: {to: 'http://localhost:1', answer: 200}", "2:49: answer belongs to observe"},
		{"rules:\n  - &a {drop: close}\n  - *a", "3:5: a rule is made of names"},
		{"rules:\n  - fixed: 200\n  - {endpoint: /absent, drop: close}", "3:5: there is no endpoint /absent"},
		{"rules:\n  - fixed: 200\n  - {preset: nobodys}", `3:5: "nobodys" is a preset of no provider`},
		{"rules:\n  - {endpoint: /shop, drop: close}", "--live-too"},
		{"rules:\n  - {forward: {to: 'http://192.0.2.7'}}", "--remote-too"},
		{"rules: \"\xff\"", "UTF-8"},
		{"rules:\n" + strings.Repeat("  - drop: close\n", 100_000), "there are 100000 rules, and 1000 is the most"},
		{"rules: [" + strings.Repeat("{drop: never},", 100_000) + "]", "there are 100000 rules"},
		{"rules:\n" + strings.Repeat("  - {name: a long one, drop: close}\n", 100_000), "larger than 2.0 MiB"},
		{strings.Repeat("[", 100_000), "not YAML"},
	} {
		_, stderr, code := ctl(t, p.dir, []byte(tt.text), "rule", "load", "-")
		if code != 1 || !strings.Contains(stderr, tt.says) || strings.Count(stderr, "\n") != 1 {
			t.Errorf("%.60q: exit %d and %q, want %q in one line", tt.text, code, stderr, tt.says)
		}
	}
	var many bytes.Buffer
	many.WriteString("rules:\n")
	for i := range 50 {
		many.WriteString("  - x" + strconv.Itoa(i) + ": 1\n")
	}
	if _, stderr, code := ctl(t, p.dir, many.Bytes(), "rule", "load", "-"); code != 1 || strings.Count(stderr, "\n") != 21 || !strings.Contains(stderr, "more mistakes") {
		t.Errorf("50 mistakes: exit %d and %q, want 20 of them", code, stderr)
	}
	if rules := listRules(t, p.dir); len(rules) != 0 {
		t.Errorf("there are rules: %+v", rules)
	}
	mustCtl(t, p.dir, []byte("rules:\n  - {endpoint: /shop, drop: close}\n  - {forward: {to: 'http://192.0.2.7'}}"), "rule", "load", "--live-too", "--remote-too", "-")
	if rules := listRules(t, p.dir); len(rules) != 2 {
		t.Errorf("there are %d rules, want 2", len(rules))
	}
}

// The file in the README is one.
func TestRuleFileOfTheReadme(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, block, _ := bytes.Cut(text, []byte("```yaml\n"))
	block, _, found := bytes.Cut(block, []byte("```"))
	if !found {
		t.Fatal("there is no YAML in the README")
	}
	folder := t.TempDir()
	if out := mustCtl(t, folder, block, "rule", "load", "-"); out != "8 rules\n" {
		t.Errorf("rule load printed %q", out)
	}
}
