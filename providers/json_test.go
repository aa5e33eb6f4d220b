package providers

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/tidwall/gjson"

	"hookglass/capture"
)

func TestCheckJSON(t *testing.T) {
	deep := strings.Repeat("[", maxDepth+1) + strings.Repeat("]", maxDepth+1)
	for _, tt := range []struct{ name, body, want string }{
		{"an object", `{"a":1}`, ""},
		{"with a byte order mark", "\ufeff{}", ""},
		{"blanks around", " \r\n[1]\n", ""},
		{"brackets in strings", `{"a":"` + strings.Repeat(`[{\"`, 200) + `"}`, ""},
		{"as deep as allowed", deep[1 : len(deep)-1], ""},
		{"too deep", deep, "not JSON at line 1, column 65 (byte 64): nested deeper than 64"},
		{"a comma too many", "{\n \"a\": 1,\n}", "not JSON at line 3, column 1 (byte 11): invalid character '}'"},
		{"a comment", `[{ "Order": {}, // all`, "not JSON at line 1, column 17 (byte 16): invalid character '/'"},
		{"cut off", `{"a":`, "unexpected end of JSON input"},
		{"two values", `{} {}`, "not JSON at line 1, column 4"},
		{"not JSON at all", "a=1&b=2", "not JSON at line 1, column 1"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			err := CheckJSON([]byte(tt.body))
			if tt.want == "" {
				if err != nil {
					t.Errorf("got %v, want no error", err)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
	for _, empty := range []string{"", " \n", "\ufeff"} {
		if err := CheckJSON([]byte(empty)); !errors.Is(err, ErrEmpty) {
			t.Errorf("%q: got %v, want ErrEmpty", empty, err)
		}
	}
}

func TestFacts(t *testing.T) {
	known := []Known{
		{Path: "total", Label: "Total", Kind: capture.KindMoney, Unit: "EUR"},
		{Path: "status", Label: "Status", Note: func(v gjson.Result) string { return "noted " + v.Raw }},
		{Path: "at.city", Label: "City"},
		{Path: "absent", Label: "Absent"},
		{Path: "nothing", Label: "Nothing"},
	}
	body := gjson.Parse(`{"total":88.00,"status":12345678901234567890,"at":{"city":"Rīga"},"nothing":null}`)
	got := Facts(body, "order", known)
	want := []capture.Fact{
		{Label: "Total", Path: "order.total", Value: "88.00", Kind: capture.KindMoney, Unit: "EUR"},
		{Label: "Status", Path: "order.status", Value: "12345678901234567890", Note: "noted 12345678901234567890"},
		{Label: "City", Path: "order.at.city", Value: "Rīga"},
		{Label: "Nothing", Path: "order.nothing", Value: "null"},
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestRows(t *testing.T) {
	known := []Known{{Path: "sku", Label: "SKU"}}
	rows := Rows(gjson.Parse(`[{"sku":"A"},{},{"sku":"C"}]`), "items", known)
	if len(rows) != 3 || len(rows[1]) != 0 || rows[2][0].Path != "items[2].sku" || rows[2][0].Value != "C" {
		t.Errorf("got %+v", rows)
	}
	long := gjson.Parse("[" + strings.Repeat("{},", maxRows+4) + "{}]")
	rows = Rows(long, "items", known)
	if len(rows) != maxRows+1 || rows[maxRows][0].Value != "5 more are not listed" {
		t.Errorf("%d rows, the last %+v", len(rows), rows[len(rows)-1])
	}
	if rows := Rows(gjson.Parse(`{"sku":"A"}`), "items", known); rows != nil {
		t.Errorf("an object gave rows: %+v", rows)
	}
}

func TestUnknown(t *testing.T) {
	known := map[string]bool{"id": true, "items[].sku": true, "person": true}
	body := gjson.Parse(`{"id":1,"items":[{"sku":"A","new":true},{"sku":"B","more":{"x":[null]}}],"person":{"name":"Ada"},"extra":"e","empty":{}}`)
	var got []string
	for _, f := range Unknown(body, func(p string) bool { return known[p] }) {
		got = append(got, f.Path+"="+f.Value)
	}
	want := []string{"items[0].new=true", "items[1].more.x[0]=null", "extra=e"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	many := gjson.Parse("[" + strings.Repeat("1,", 5000) + "1]")
	if n := len(Unknown(many, func(string) bool { return false })); n != maxUnknown {
		t.Errorf("%d unknown fields, want %d at the most", n, maxUnknown)
	}
}

func TestWalkVisitsParentsFirst(t *testing.T) {
	var got []string
	Walk(gjson.Parse(`{"a":[1,{"b":2}],"c":"s"}`), func(path, pattern string, _ gjson.Result) bool {
		got = append(got, path+"|"+pattern)
		return path != "a[1]"
	})
	want := []string{"|", "a|a", "a[0]|a[]", "a[1]|a[]", "c|c"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func FuzzCheckJSON(f *testing.F) {
	for _, seed := range []string{`{"a":[1,2.50,{"b":null}]}`, "\ufeff{}", `[{ "Order": {}, // all`, "", `{"a":`, `"\u00`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		err := CheckJSON(body)
		if err != nil {
			if err.Error() == "" {
				t.Error("an error without a text")
			}
			return
		}
		root := gjson.ParseBytes(trimBOM(body))
		leaves := Unknown(root, func(string) bool { return false })
		for _, leaf := range leaves {
			if leaf.Label != leaf.Path {
				t.Errorf("leaf %+v", leaf)
			}
		}
	})
}

func ExampleCheckJSON() {
	fmt.Println(CheckJSON([]byte("{\n  \"status\": 8,\n}")))
	// Output: not JSON at line 3, column 1 (byte 17): invalid character '}' looking for beginning of object key string
}
