package capture

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestRuleInline(t *testing.T) {
	dir := t.TempDir()
	write := func(name, body string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	r := &Rule{Name: "r", Kind: RuleSequence, Params: RuleParams{
		Answer:  RuleAnswer{Status: 200, BodyFile: write("a", "{{order}}")},
		Answers: []RuleAnswer{{Status: 200, BodyFile: write("b", "\x00\xff"), Plain: true}, {Preset: "200"}},
	}}
	got, err := r.Inline()
	if err != nil {
		t.Fatal(err)
	}
	p := &got.Params
	if a := p.Answer; a.Body != "{{order}}" || a.BodyFile != "" || a.BodyBase64 != "" {
		t.Errorf("text: %+v", a)
	}
	if a := p.Answers[0]; a.Body != "" || a.BodyFile != "" || a.BodyBase64 != "AP8=" || !a.Plain {
		t.Errorf("bytes: %+v", a)
	}
	if p.Answers[1].Preset != "200" || r.Params.Answer.BodyFile == "" || r.Params.Answers[0].BodyFile == "" {
		t.Errorf("the rule itself was changed: %+v", r.Params)
	}
	r.Params.Answer.BodyFile = write("c", strings.Repeat("x", MaxRuleBody+1))
	if _, err := r.Inline(); err == nil || !strings.Contains(err.Error(), "larger") {
		t.Errorf("too large: %v", err)
	}
}
