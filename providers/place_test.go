package providers

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/tidwall/gjson"
)

func TestSetPath(t *testing.T) {
	const body = "\xef\xbb\xbf{ \"id\" : 12,\n \"payment\":{\"status\":\"PAID\",\"ok\":true, \"amount\": 88.00},\"none\":null,\"list\":[ {\"a\":1}, {\"a\":2} ],\"a.b\":\"x\" }"
	for _, tt := range []struct {
		path, value string
		raw         bool
		from, to    string
	}{
		{"payment.status", "FAILED", false, `"PAID"`, `"FAILED"`},
		{"$.payment.status", "7", false, `"PAID"`, `"7"`},
		{"payment.status", "null", false, `"PAID"`, `"null"`},
		{"payment.status", "null", true, `"PAID"`, `null`},
		{"payment.status", `say "hi" <b>`, false, `"PAID"`, `"say \"hi\" <b>"`},
		{"payment.amount", "1.50", false, `88.00`, `1.50`},
		{"payment.amount", "much", false, `88.00`, `"much"`},
		{"payment.amount", "null", false, `88.00`, `null`},
		{"payment.ok", "false", false, `true`, `false`},
		{"payment.ok", "no", false, `true`, `"no"`},
		{"none", "5", false, `null`, `5`},
		{"none", "soon", false, `null`, `"soon"`},
		{"id", "12345678901234567890", false, `12`, `12345678901234567890`},
		{"list[1].a", "9", false, `{"a":2}`, `{"a":9}`},
		{"list.1.a", "9", false, `{"a":2}`, `{"a":9}`},
		{"list", "[]", false, `[ {"a":1}, {"a":2} ]`, `[]`},
		{"list[0]", `{"b":1}`, true, `{"a":1}`, `{"b":1}`},
		{"a.b", "y", false, `"x"`, `"y"`},
	} {
		got, err := setPath([]byte(body), tt.path, tt.value, tt.raw)
		if want := strings.Replace(body, tt.from, tt.to, 1); err != nil || string(got) != want {
			t.Errorf("%s=%s: %s, %v, want %s", tt.path, tt.value, got, err, want)
		}
	}
	if _, err := setPath([]byte(body), "id", "{", true); err == nil {
		t.Error("took what is no JSON")
	}
}

func TestSetPathThatIsNotThere(t *testing.T) {
	const body = `{"payment":{"status":"PAID","method":"CARD"},"items":[{"label":"x"}],"status":"PAID"}`
	for _, tt := range []struct {
		path string
		near []string
	}{
		{"payment.Status", []string{"payment.status", "status"}},
		{"payment.state", []string{"payment.status"}},
		{"order.status", []string{"status", "payment.status"}},
		{"items[0].lable", []string{"items[0].label"}},
		{"zzzzzzzzzzzzzzzzzzz", nil},
	} {
		_, err := setPath([]byte(body), tt.path, "x", false)
		var unknown *UnknownPathError
		if !errors.As(err, &unknown) {
			t.Fatalf("%s: %v, want *UnknownPathError", tt.path, err)
		}
		for i, near := range tt.near {
			if i >= len(unknown.Near) || !slices.Contains(unknown.Near, near) {
				t.Errorf("%s: near it %q, want %q", tt.path, unknown.Near, tt.near)
			}
		}
		if len(tt.near) == 0 && len(unknown.Near) > 0 || !strings.Contains(err.Error(), "this callback has no "+tt.path) {
			t.Errorf("%s: %v", tt.path, err)
		}
	}
}

func TestParseAssignment(t *testing.T) {
	for text, want := range map[string]Assignment{
		"a.b=c":      {"a.b", "c", false},
		"a=":         {"a", "", false},
		"a=b=c":      {"a", "b=c", false},
		"a:=[1]":     {"a", "[1]", true},
		"?action=x":  {"?action", "x", false},
		"a=x:=y":     {"a", "x:=y", false},
		" a = b":     {"a", " b", false},
		"a[0].b=1 2": {"a[0].b", "1 2", false},
	} {
		if got, err := ParseAssignment(text); err != nil || got != want {
			t.Errorf("%q: %+v, %v, want %+v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "a", "=b", ":=b"} {
		if _, err := ParseAssignment(text); err == nil {
			t.Errorf("%q was taken", text)
		}
	}
}

// FuzzPlaces holds the offsets against gjson, which finds the same values in its
// own way.
func FuzzPlaces(f *testing.F) {
	for _, seed := range []string{
		`{}`, `[]`, `1`, `"x"`, ` [ 1 , {"a":[true,null]} , "\"]" ] `, `{"a":{"b":[1,2.50,"c"]},"":1,"a.b":{}}`, `{"a":1,"a":2}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		if CheckJSON(text) != nil {
			return
		}
		var want []string
		Walk(gjson.ParseBytes(trimBOM(text)), func(_, _ string, v gjson.Result) bool {
			want = append(want, strings.TrimSpace(v.Raw))
			return true
		})
		all := places(text)
		got := make([]string, len(all))
		changes := []change{}
		for i := range all {
			got[i] = string(text[all[i].start:all[i].end])
			if all[i].leaf(text) {
				changes = append(changes, change{all[i], got[i]})
			}
		}
		if !slices.Equal(got, want) {
			t.Fatalf("places of %q: %q, want %q", text, got, want)
		}
		if same := replaced(text, changes); string(same) != string(text) {
			t.Fatalf("replacing every value of %q by itself gives %q", text, same)
		}
	})
}
