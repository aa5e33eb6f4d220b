package viewmodel

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"
)

func never() bool { return false }

func TestReadJSON(t *testing.T) {
	tests := []struct{ name, in, want, wrong string }{
		{"order, numbers and repeats stay", `{"b":1.50e+3,"a":12345678901234567890,"b":[ ]}`, "{\n  \"b\": 1.50e+3,\n  \"a\": 12345678901234567890,\n  \"b\": []\n}", ""},
		{"nested", `[[1,2],{}, {"x" :[null,true]}]`, "[\n  [\n    1,\n    2\n  ],\n  {},\n  {\n    \"x\": [\n      null,\n      true\n    ]\n  }\n]", ""},
		{"a scalar", ` "a\u00e9\"b" `, `"a\u00e9\"b"`, ""},
		{"bytes of strings stay", "[\"\xff\"]", "[\n  \"\xff\"\n]", ""},
		{"nothing", "  \n", "", "line 2, column 1: there is nothing in it"},
		{"no comma", "{\n \"ä\" : 1 \"b\": 2}", "", "line 2, column 10: a comma or } is missing: here stands '\"'"},
		{"a comma too much", "[1,]", "", "line 1, column 4: a comma stands behind the last value"},
		{"cut", `{"a": [1, 2`, "", "line 1, column 12: a comma or ] is missing: the text ends"},
		{"cut behind a colon", `{"a":`, "", "line 1, column 6: a value is missing: the text ends"},
		{"a name without quotes", `{a: 1}`, "", "line 1, column 2: a name in quotes is missing: here stands 'a'"},
		{"no colon", `{"a" 1}`, "", "line 1, column 6: a colon is missing behind a name: here stands '1'"},
		{"a control character", "[\"a\tb\"]", "", "line 1, column 4: a control character stands in a string; it would have to be escaped"},
		{"an escape that is none", `["\x"]`, "", "line 1, column 3: a backslash escapes what it must not"},
		{"half an escape", `["\u12"]`, "", `line 1, column 3: \u takes four hexadecimal digits`},
		{"no end of a string", `["abc`, "", "line 1, column 2: a string does not end"},
		{"leading zero", `[01]`, "", "line 1, column 2: a number starts with 0"},
		{"a point alone", `[1.]`, "", "line 1, column 4: a number has no digits behind its point: here stands ']'"},
		{"an exponent alone", `[1e]`, "", "line 1, column 4: a number has no digits in its exponent: here stands ']'"},
		{"minus alone", `-`, "", "line 1, column 2: a number has no digits: the text ends"},
		{"another word", `[nul]`, "", "line 1, column 2: a value is missing: here stands 'n'"},
		{"more behind it", `{} {}`, "", "line 1, column 4: the text goes on behind its value: here stands '{'"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			pretty, _, err := readJSON([]byte(tt.in), never)
			var wrong *textError
			if errors.As(err, &wrong) {
				if got := place([]byte(tt.in), wrong.Offset) + ": " + wrong.Reason; got != tt.wrong {
					t.Errorf("error %q, want %q", got, tt.wrong)
				}
				return
			}
			if string(pretty) != tt.want || tt.wrong != "" {
				t.Errorf("got %s (%v), want %s%s", pretty, err, tt.want, tt.wrong)
			}
		})
	}
}

func TestReadJSONIsBounded(t *testing.T) {
	deep := []byte(strings.Repeat("[", maxJSONDepth+1))
	if _, _, err := readJSON(deep, never); err == nil || !strings.Contains(err.Error(), "deeper") {
		t.Errorf("deep: %v", err)
	}
	wide := []byte(strings.Repeat("[", 900) + strings.TrimSuffix(strings.Repeat("1,", 1<<20), ",") + strings.Repeat("]", 900))
	if _, _, err := readJSON(wide, never); err == nil || !strings.Contains(err.Error(), "too large") {
		t.Errorf("wide: %v", err)
	}
	if _, _, err := readJSON(bytes.Repeat([]byte("[1,"), 1<<20), func() bool { return true }); err == nil {
		t.Error("not stopped")
	}
}

// FuzzReadJSON holds the reader against the standard library's, and the paths
// and the tree against the reader.
func FuzzReadJSON(f *testing.F) {
	for _, seed := range []string{
		`{"a":[1,2,{"b":null}],"a":"x\"y"}`, `[]`, `{"":{}}`, ` [ 1 , -0.5e-7 ] `, `"x"`, `{"a":1,}`, `[[[[`, "[\"\xff\"]", `{"a":"\ud800"}`,
	} {
		f.Add([]byte(seed), 3)
	}
	f.Fuzz(func(t *testing.T, src []byte, caret int) {
		if len(src) > 4096 {
			return
		}
		pretty, spans, err := readJSON(src, never)
		if valid := json.Valid(src); valid != (err == nil) {
			t.Fatalf("valid is %v, but %v", valid, err)
		}
		if err != nil {
			var wrong *textError
			if !errors.As(err, &wrong) || wrong.Offset < 0 || wrong.Offset > len(src) {
				t.Fatalf("%v at no place of the text", err)
			}
			return
		}
		var want, got bytes.Buffer
		if json.Compact(&want, src) != nil || json.Compact(&got, pretty) != nil || !bytes.Equal(want.Bytes(), got.Bytes()) {
			t.Fatalf("indented %q says something else than %q", pretty, src)
		}
		tree := newBodyTree(src, spans)
		nodes := tree.Roots()
		for i := 0; i < len(nodes) && i < 200; i++ {
			nodes = append(nodes, tree.Children(nodes[i].ID)...)
			_, _ = tree.Value(nodes[i].ID), tree.Path(nodes[i].ID)
		}
		if caret >= 0 && caret <= len(src) {
			at, ok := jsonAt(src, caret)
			if !ok || at.start < 0 || at.end > len(src) || !json.Valid(src[at.start:at.end]) {
				t.Fatalf("at %d of %q: %+v %v", caret, src, at, ok)
			}
		}
	})
}

func TestJSONAt(t *testing.T) {
	const text = "{\n  \"id\": 46140204,\n  \"new_shipments\": [\n    {\n      \"tracking\": \"H\\u0030\",\n      \"odd key\": [1, [2, 3]],\n      \"empty\": {}\n    }\n  ]\n}"
	tests := []struct {
		at, path, value string
		behind          int // bytes behind the beginning of at
	}{
		{"46140204", "id", "46140204", 3},
		{`"id"`, "id", "46140204", 1},
		{`46140204,`, "id", "46140204", 9},
		{"  \"id\"", "id", "46140204", 0},
		{"H\\u", "new_shipments[0].tracking", "H0", 0},
		{"[1", `new_shipments[0]["odd key"]`, "[1, [2, 3]]", 0},
		{"3]", `new_shipments[0]["odd key"][1][1]`, "3", 0},
		{"2,", `new_shipments[0]["odd key"][1][0]`, "2", 1},
		{"{}", "new_shipments[0].empty", "{}", 1},
		{"    }", "new_shipments[0]", "", 4},
		{"  ]\n}", "new_shipments", "", 2},
		{"]\n}", "", text, 2},
		{"{\n  \"id", "", text, 0},
	}
	for _, tt := range tests {
		at, ok := jsonAt([]byte(text), strings.Index(text, tt.at)+tt.behind)
		if !ok || at.path != tt.path {
			t.Errorf("%q+%d: path %q (%v), want %q", tt.at, tt.behind, at.path, ok, tt.path)
		}
		if got := valueText([]byte(text[at.start:at.end])); tt.value != "" && got != tt.value {
			t.Errorf("%q+%d: value %q, want %q", tt.at, tt.behind, got, tt.value)
		}
	}
}

func TestBodyTree(t *testing.T) {
	var b strings.Builder
	b.WriteString(`{"list":[`)
	for i := range 2500 {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(`{"n": ` + groupDigits(int64(i%900)) + `}`)
	}
	b.WriteString(`],"text":"a\nb","none":null,"n":1.50,"empty":[],"big":"` + strings.Repeat("x", 2000) + `"}`)
	src := []byte(b.String())
	_, spans, err := readJSON(src, never)
	if err != nil {
		t.Fatal(err)
	}
	tree := newBodyTree(src, spans)
	root := tree.Roots()
	if len(root) != 1 || root[0].Value != "{6}" || !root[0].Branch {
		t.Fatalf("root %+v", root)
	}
	members := tree.Children(root[0].ID)
	want := []string{"list [2 500]", `text "a\nb"`, "none null", "n 1.50", "empty []", `big "` + strings.Repeat("x", 999) + "…"}
	if len(members) != len(want) {
		t.Fatalf("%d members, want %d", len(members), len(want))
	}
	for i, m := range members {
		if got := m.Key + " " + m.Value; got != want[i] {
			t.Errorf("member %d is %q, want %q", i, got, want[i])
		}
	}
	if got := tree.Value(members[1].ID); got != "a\nb" {
		t.Errorf("value %q", got)
	}
	pages := tree.Children(members[0].ID)
	if len(pages) != 3 || pages[2].Key != "2000 … 2499" {
		t.Fatalf("pages %+v", pages)
	}
	last := tree.Children(pages[2].ID)
	if len(last) != 500 || last[499].Key != "2499" || last[499].Value != "{1}" {
		t.Fatalf("%d elements, the last %+v", len(last), last[len(last)-1])
	}
	leaf := tree.Children(last[499].ID)
	if got, want := tree.Path(leaf[0].ID)+" "+leaf[0].Value, "list[2499].n 699"; got != want {
		t.Errorf("leaf %q, want %q", got, want)
	}
}
