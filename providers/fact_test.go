package providers

import (
	"slices"
	"strings"
	"testing"

	"github.com/tidwall/gjson"

	"hookglass/capture"
)

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
	sections := []capture.Section{
		{Facts: Facts(gjson.Parse(`{"id":1,"person":{"name":"Ada"}}`), "", []Known{{Path: "id"}, {Path: "person"}})},
		{Rows: [][]capture.Fact{{{Path: "items[0].sku"}}, {{Label: "…"}}}},
	}
	body := gjson.Parse(`{"id":1,"items":[{"sku":"A","new":true},{"sku":"B","more":{"x":[null]}}],"person":{"name":"Ada"},"extra":"e","empty":{},"none":[],"id":2,"items":[]}`)
	var got []string
	for _, f := range Unknown(body, sections) {
		got = append(got, f.Path+"="+f.Value)
		if twice := strings.Contains(f.Note, "twice"); twice != (f.Value == "2" || f.Path == "items") {
			t.Errorf("%s: note %q", f.Path, f.Note)
		}
	}
	want := []string{"items[0].new=true", "items[1].more.x[0]=null", "extra=e", "empty={}", "none=[]", "id=2", "items=[]"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	many := Unknown(gjson.Parse("["+strings.Repeat("1,", 5000)+"1]"), nil)
	if len(many) != maxUnknown+1 || many[maxUnknown].Value != "more are not listed" {
		t.Errorf("%d unknown fields, the last %+v; want %d and one that says so", len(many), many[len(many)-1], maxUnknown)
	}
}

// TestParts: a container shows by itself only where nothing is inside it.
func TestParts(t *testing.T) {
	known := []Known{{Path: "a", Label: "A", Parts: true}, {Path: "a.b", Label: "B"}}
	for body, want := range map[string]string{
		`{"a":{"b":1}}`: "a.b=1", `{"a":{"c":1}}`: "", `{"a":null}`: "a=null", `{"a":{}}`: "a={}", `{"a":[]}`: "a=[]", `{"a":"x"}`: "a=x", `{}`: "",
	} {
		var got string
		for _, f := range Facts(gjson.Parse(body), "", known) {
			got += f.Path + "=" + f.Value
		}
		if got != want {
			t.Errorf("%s: got %q, want %q", body, got, want)
		}
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
