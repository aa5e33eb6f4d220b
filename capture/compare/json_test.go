package compare

import (
	"strings"
	"testing"
)

func TestJSON(t *testing.T) {
	for _, tt := range []struct {
		name, a, b, lines string
		note              string
	}{
		{"moved keys", `{"a":1,"b":{"c":2,"d":3}}`, `{"b":{"d":3,"c":2},"a":1}`, "  (7)\n", "the keys of 2 objects stand in another order"},
		{"spaces", `{"a":[1,2]}`, "{\n  \"a\": [ 1, 2 ]\n}\n", "  (6)\n", "not byte for byte"},
		{"a value", `{"a":1,"b":2}`, `{"a":1,"b":3}`, "  {\n    \"a\": 1,\n~   \"b\": 2 | \"b\": 3\n  }\n", ""},
		{"a key more", `{"a":1}`, `{"new":0,"a":1}`, "  {\n+   \"new\": 0,\n    \"a\": 1\n  }\n", ""},
		{"a key less", `{"a":1,"b":[]}`, `{"a":1}`, "  {\n    \"a\": 1,\n-   \"b\": []\n  }\n", ""},
		{"arrays by position", `[1,2,3]`, `[1,3]`, "  [\n    1,\n~   2, | 3\n-   3\n  ]\n", ""},
		{"another type", `{"a":{"b":1}}`, `{"a":[1]}`, "  {\n-   \"a\": {\n-     \"b\": 1\n-   }\n+   \"a\": [\n+     1\n+   ]\n  }\n", ""},
		{"from nothing", `{"a":[]}`, `{"a":[1]}`, "  {\n    \"a\": [\n+     1\n    ]\n  }\n", ""},
		{"escapes", `{"\u0061":"\u00e9/\n"}`, `{"a":"é\/\u000a"}`, "  {\n    \"\\u0061\": \"\\u00e9/\\n\"\n  }\n", "one text or key is written with other escapes"},
		{"a key twice", `{"a":1,"a":2}`, `{"a":1,"a":3}`, "  {\n    \"a\": 1,\n~   \"a\": 2 | \"a\": 3\n  }\n", "the key $.a stands twice in the first"},
		{"half a pair", `"\ud800"`, `"\ud801"`, "~ \"\\ud800\" | \"\\ud801\"\n", ""},
		{"a pair", `["\ud83d\ude00"]`, `["😀"]`, "  [\n    \"\\ud83d\\ude00\"\n  ]\n", "escapes"},
		{"byte order mark", "\ufeff[1]", "[1]", "  [\n    1\n  ]\n", "not byte for byte"},
	} {
		s := bodies(t, tt.a, tt.b, "application/json", Options{})
		if s.Form != FormJSON {
			t.Errorf("%s: compared as %s: %q", tt.name, s.Form, s.Notes)
		}
		got := strings.ReplaceAll(shown(s), "  (3)\n", "")
		if s.Equal && !strings.Contains(tt.lines, "(") {
			got = ""
			for _, l := range s.Rows(0, s.Len()) {
				got += "  " + l.A + "\n"
			}
		}
		want(t, tt.name, got, tt.lines)
		if !strings.Contains(strings.Join(s.Notes, "\n"), tt.note) {
			t.Errorf("%s: notes %q, want %q", tt.name, s.Notes, tt.note)
		}
	}
}

func TestNumbersAreComparedByText(t *testing.T) {
	for _, tt := range []struct{ a, b, note string }{
		{"1", "1.0", "the same number, written otherwise"},
		{"1e2", "100", "the same number, written otherwise"},
		{"0.0010", "1E-3", "the same number, written otherwise"},
		{"-0", "0", "the same number, written otherwise"},
		{"-1", "1", ""},
		{"9007199254740993", "9007199254740992", ""}, // one number as float64
		{"1e999999999999999999999", "1e999999999999999999998", ""},
		{`"1"`, "1", "a text became a number"},
		{"true", `"true"`, "a word became a text"},
		{"1", "2", ""},
	} {
		s := bodies(t, `{"n":`+tt.a+`}`, `{"n":`+tt.b+`}`, "application/json", Options{})
		if s.Equal || s.Changed != 1 || s.Lines[1].Note != tt.note {
			t.Errorf("%s and %s: %d changed, note %q; want 1 and %q", tt.a, tt.b, s.Changed, s.Lines[1].Note, tt.note)
		}
	}
}

func TestPaths(t *testing.T) {
	a := `{"new_shipments":[{"tracking":"1","odd key":[[1]]}]}`
	b := `{"new_shipments":[{"tracking":"2","odd key":[[2]]}]}`
	var paths []string
	for _, l := range bodies(t, a, b, "", Options{}).Lines {
		if l.Kind == Changed {
			paths = append(paths, l.Path)
		}
	}
	if got, want := strings.Join(paths, " "), `$.new_shipments[0].tracking $.new_shipments[0]["odd key"][0][0]`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// What follows a value is none of its differences.
func TestJSONMarks(t *testing.T) {
	s := bodies(t, `{"a":"one two"}`, `{"a":"one three","b":1}`, "", Options{})
	l := s.Lines[1]
	if got := marked(l.A, l.MarksA) + "|" + marked(l.B, l.MarksB); got != `  "a": "one [two]"|  "a": "one [three]",` {
		t.Errorf("got %s", got)
	}
}

func TestArraysByKey(t *testing.T) {
	a := `{"items":[{"id":1,"n":"one"},{"id":2,"n":"two"},{"n":"none"}],"other":[{"ref":"x"}]}`
	b := `{"items":[{"id":3,"n":"three"},{"id":2,"n":"zwei"},{"id":1,"n":"one"},{"n":"none"}],"other":[{"ref":"y"}]}`
	for _, tt := range []struct {
		name  string
		keys  map[string]string
		lines string
	}{
		{"of one array", map[string]string{"$.items[]": "", "$.items": "id"}, `~ $.items[id=2].n
+ $.items[id=3]
+ $.items[id=3].id
+ $.items[id=3].n
+ $.items[id=3]
~ $.other[0].ref
`},
		{"of all", map[string]string{"": "id"}, `~ $.items[id=2].n
+ $.items[id=3]
+ $.items[id=3].id
+ $.items[id=3].n
+ $.items[id=3]
~ $.other[0].ref
`},
	} {
		s := bodies(t, a, b, "", Options{ArrayKey: tt.keys})
		changed, added := "", ""
		for _, l := range s.Lines {
			switch l.Kind {
			case Changed:
				changed += "~ " + l.Path + "\n"
			case Added, Removed:
				added += "+ " + l.Path + "\n"
			case Same, Folded:
			}
		}
		first, rest, _ := strings.Cut(changed, "\n")
		want(t, tt.name, first+"\n"+added+rest, tt.lines)
		if !strings.Contains(strings.Join(s.Notes, "\n"), "the elements of one array stand in another order") {
			t.Errorf("%s: notes %q", tt.name, s.Notes)
		}
	}
}

func TestGuessedKeys(t *testing.T) {
	for _, tt := range []struct{ name, a, b, key string }{
		{"in another order", `{"items":[{"name":"x","id":1},{"name":"y","id":2}]}`, `{"items":[{"name":"y","id":2},{"name":"x","id":1}]}`, "$.items id"},
		{"one in front", `[{"sku":"b"}]`, `[{"sku":"a"},{"sku":"b"}]`, "$ sku"},
		{"nested", `{"o":[{"i":[{"line_id":1},{"line_id":2}]}]}`, `{"o":[{"i":[{"line_id":2}]}]}`, "$.o[].i line_id"},
		{"nothing gained", `[{"id":1,"a":1}]`, `[{"id":1,"a":2}]`, ""},
		{"not unique", `[{"id":1},{"id":1}]`, `[{"id":2},{"id":1}]`, ""},
		{"no objects", `[1,2]`, `[2,1]`, ""},
	} {
		s := bodies(t, tt.a, tt.b, "", Options{})
		got := ""
		for _, k := range s.Keys {
			got += k.Path + " " + k.Key
		}
		if got != tt.key {
			t.Errorf("%s: offered %q, want %q", tt.name, got, tt.key)
		}
	}
}

func TestJSONErrors(t *testing.T) {
	for _, tt := range []struct{ src, want string }{
		{``, "line 1, column 1: a value is missing"},
		{"{\n\"a\": 01}", "line 2, column 7: a comma or } is missing"},
		{`{"a":1,}`, "line 1, column 8: a name in quotes is missing"},
		{`[1] 2`, "line 1, column 5: something stands behind the value"},
		{`"\x"`, "line 1, column 2: there is no such escape"},
		{"\"\t\"", "line 1, column 2: a control character stands in a text"},
		{`"a`, "line 1, column 3: a text has no end"},
		{`1.`, "line 1, column 3: a digit is missing"},
		{strings.Repeat("[", maxDepth+1), "line 1, column 10001: nested deeper than 10000 levels"},
	} {
		if _, err := readJSON(t.Context(), []byte(tt.src)); err == nil || err.Error() != tt.want {
			t.Errorf("%.20q: got %v, want %s", tt.src, err, tt.want)
		}
	}
}

// Deep nesting and many values cost no more than their size.
func TestHostileJSON(t *testing.T) {
	deep := strings.Repeat(`{"a":[`, maxDepth/2) + strings.Repeat("]}", maxDepth/2)
	other := strings.Repeat(`{"a":[`, maxDepth/2-1) + `{"a":[1]}` + strings.Repeat("]}", maxDepth/2-1)
	if s := bodies(t, deep, other, "", Options{}); s.Form != FormJSON || s.Equal || len(s.Lines) == 0 || len(s.Lines[1].Path) > 4<<10 {
		t.Errorf("deep: %s, equal %t", s.Form, s.Equal)
	}
	many := "[" + strings.Repeat("1,", maxNodes) + "1]"
	s := bodies(t, many, many[:len(many)-2]+"2]", "", Options{})
	if s.Form != FormText || s.Equal || !strings.Contains(strings.Join(s.Notes, "\n"), errManyNodes.Error()) {
		t.Errorf("many: %s, equal %t, notes %q", s.Form, s.Equal, s.Notes)
	}
}
