package main_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// diffed is what diff --json prints, as far as the tests read it.
type diffed struct {
	A, B struct {
		ID int64
	}
	Equal             bool
	Request, Response *struct {
		Equal              bool
		Line, Header, Body struct {
			Equal     bool
			SameBytes bool `json:"same_bytes"`
			Form      string
			Notes     []string
			Keys      []struct{ Path, Key string }
			Lines     []struct {
				Kind, A, B, Path string
				N                int
			}
		}
	}
}

func diffJSON(t *testing.T, dir string, exit int, args ...string) (d diffed) {
	t.Helper()
	out, said, code := ctl(t, dir, nil, append([]string{"diff", "--json"}, args...)...)
	if code != exit {
		t.Fatalf("diff %v: exit %d, want %d; %s", args, code, exit, said)
	}
	if err := json.Unmarshal([]byte(out), &d); err != nil {
		t.Fatalf("%v in %s", err, out)
	}
	return d
}

// TestDiff compares callbacks that were captured.
func TestDiff(t *testing.T) {
	p := serve(t, t.TempDir())
	const before = `{"id": 7, "status": "queued", "items": [{"sku": "A", "n": 1}, {"sku": "B", "n": 2}], "price": 1.0}`
	const moved = `{"status":"queued","id":7,"price":1.0,"items":[{"sku":"A","n":1},{"sku":"B","n":2}]}`
	const after = `{"id": 7, "status": "done", "items": [{"sku": "B", "n": 2}, {"sku": "A", "n": 1}], "price": 1}`
	for _, c := range []callback{
		{"POST", "/x?a=1&token=one-secret", []string{asJSON, "Authorization: Bearer one-secret"}, []byte(before)},
		{"POST", "/x?a=1&token=one-secret", []string{"Authorization: Bearer one-secret", "Content-type: application/json"}, []byte(moved)},
		{"PUT", "/x?a=2&token=other-secret", []string{asJSON, "Authorization: Bearer other-secret"}, []byte(after)},
	} {
		p.send(t, c)
	}
	settled(t, p.dir, 3)

	equal := diffJSON(t, p.dir, 0, "1", "2")
	if !equal.Equal || equal.A.ID != 1 || equal.B.ID != 2 || equal.Request.Body.SameBytes || equal.Request.Body.Form != "json" {
		t.Errorf("moved keys: %+v", equal)
	}
	if notes := fmt.Sprint(equal.Request.Body.Notes, equal.Request.Header.Notes); !strings.Contains(notes, "another order") || !strings.Contains(notes, "byte for byte") {
		t.Errorf("moved keys: notes %s", notes)
	}

	d := diffJSON(t, p.dir, 1, "1", "3")
	paths := map[string]string{}
	for _, l := range d.Request.Body.Lines {
		if l.Kind == "changed" {
			paths[l.Path] = strings.TrimLeft(l.A, " ") + " to " + strings.TrimLeft(l.B, " ")
		}
	}
	if paths["$.price"] != `"price": 1.0 to "price": 1` || paths["$.status"] != `"status": "queued", to "status": "done",` || paths["$.items[0].sku"] == "" {
		t.Errorf("changed: %v", paths)
	}
	if keys := d.Request.Body.Keys; len(keys) != 1 || keys[0].Path != "$.items" || keys[0].Key != "sku" {
		t.Errorf("keys offered: %v", keys)
	}
	for _, args := range [][]string{{"--array-key", "sku"}, {"--array-key", "$.items=sku"}} {
		if d := diffJSON(t, p.dir, 1, append(args, "1", "3")...); strings.Contains(fmt.Sprint(d.Request.Body.Lines), "$.items[0]") {
			t.Errorf("%v: %v", args, d.Request.Body.Lines)
		}
	}
	if d := diffJSON(t, p.dir, 0, "--response", "1", "3"); d.Request != nil || !d.Equal {
		t.Errorf("--response: %+v", d)
	}
	if all := diffJSON(t, p.dir, 0, "--all", "1", "1"); len(all.Request.Body.Lines) != 15 {
		t.Errorf("--all has %d lines, want 15", len(all.Request.Body.Lines))
	}

	text, _, code := ctl(t, p.dir, nil, "diff", "1", "3")
	for _, want := range []string{
		"--- callback 1 ", "+++ callback 3 ", "  - POST /x HTTP/1.1\n  + PUT /x HTTP/1.1\n", "  - ?a=1\n  + ?a=2\n",
		"  @ $.status\n  -   \"status\": \"queued\",\n  +   \"status\": \"done\",\n", "the same number", "--array-key sku", "Authorization: ***",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("diff does not say %q:\n%s", want, text)
		}
	}
	if code != 1 || strings.Contains(text, "-secret") || strings.Contains(text, "\x1b") {
		t.Errorf("exit %d, want 1 and no secret or colour in it:\n%s", code, text)
	}
	if text, _, code := ctl(t, p.dir, nil, "diff", "1", "1"); code != 0 || !strings.Contains(text, "Request: the same") || strings.Contains(text, "queued") {
		t.Errorf("with itself: exit %d\n%s", code, text)
	}
	for _, tt := range []struct {
		exit int
		says string
		args []string
	}{
		{1, "there is no callback 99", []string{"1", "99"}},
		{2, "names an array and no key", []string{"1", "3", "--array-key", "$.items"}},
		{2, "expected", []string{"1"}},
	} {
		if _, said, code := ctl(t, p.dir, nil, append([]string{"diff"}, tt.args...)...); code != tt.exit || !strings.Contains(said, tt.says) {
			t.Errorf("%v: exit %d and %q, want %d and %q", tt.args, code, said, tt.exit, tt.says)
		}
	}
}
