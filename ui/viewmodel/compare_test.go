package viewmodel

import (
	"fmt"
	"strings"
	"testing"

	"hookglass/capture"
)

// posted is a request with a body.
func posted(kind, body string, more ...capture.Field) capture.Request {
	return capture.Request{
		Method: "POST", Target: "/x/1", Proto: "HTTP/1.1", Body: []byte(body),
		Header: append(capture.Fields{{Name: "Content-Type", Value: kind}}, more...),
	}
}

// answered has a callback answered with a status and a body.
func answered(status int, body string) func(*capture.Exchange) {
	return func(x *capture.Exchange) {
		x.Response = &capture.Response{Status: status, By: capture.ByDefault, Body: []byte(body)}
	}
}

// compared opens a comparison of two requests.
func (b *bench) compared(t *testing.T, first, second capture.Request) {
	t.Helper()
	one, two := b.record(t, first, answered(200, "")), b.record(t, second, answered(200, ""))
	b.Compare.Open(one, two)
	b.settle()
	if !b.Compare.Ready() || b.Compare.Problem != "" {
		t.Fatalf("nothing is compared: %q", b.Compare.Problem)
	}
}

// rowsOf are the rows as text: a title with >, or v where it is open, a note with #,
// a key with ?, a fold with …, and lines as diff signs them.
func rowsOf(c *Comparison) []string {
	var rows []string
	for i := range c.Len() {
		r := c.Row(i)
		switch r.Kind {
		case CompareGap:
			rows = append(rows, "")
		case CompareTitle:
			sign := ">"
			if r.Open {
				sign = "v"
			}
			rows = append(rows, fmt.Sprintf("%s %s: %s", sign, r.Text, r.Hint))
		case CompareNote:
			rows = append(rows, "# "+r.Text)
		case CompareKey:
			rows = append(rows, "? "+r.Text+" ["+r.Action+"]")
		case CompareFold:
			rows = append(rows, "… "+r.Text)
		case CompareSame:
			rows = append(rows, "= "+r.A)
		case CompareChanged:
			rows = append(rows, "~ "+r.A+" | "+r.B)
		case CompareRemoved:
			rows = append(rows, "- "+r.A)
		case CompareAdded:
			rows = append(rows, "+ "+r.B)
		}
	}
	return rows
}

// part is what stands below a title, up to the next gap.
func part(rows []string, title string) string {
	for i, row := range rows {
		if len(row) > 2 && strings.HasPrefix(row[2:], title+":") {
			end := i + 1
			for end < len(rows) && rows[end] != "" && !strings.HasPrefix(rows[end], "> ") {
				end++
			}
			return strings.Join(rows[i:end], "\n")
		}
	}
	return "no " + title
}

func TestCompareForms(t *testing.T) {
	lines := func(text string, n int) string { return strings.Repeat(text+"\n", n) }
	tests := []struct {
		name          string
		first, second capture.Request
		title         string
		wide, narrow  string
	}{
		{
			"json", posted("application/json", `{"id":7,"status":"queued"}`), posted("application/json", `{"status":"paid","id":7}`), "Body",
			"v Body: 1 changed\n# The keys of one object stand in another order.\n= {\n=   \"id\": 7,\n~   \"status\": \"queued\" |   \"status\": \"paid\"\n= }",
			"v Body: 1 changed\n# The keys of one object stand in another order.\n= {\n=   \"id\": 7,\n-   \"status\": \"queued\"\n+   \"status\": \"paid\"\n= }",
		},
		{
			"the same in other bytes", posted("application/json", `{"id":7}`), posted("application/json", `{ "id": 7 }`), "Body",
			"v Body: says the same\n# What both say is the same, but not byte for byte: a signature over the body differs.\n… 3 equal lines", "",
		},
		{
			"text", posted("text/plain", lines("a", 8)+"b\n"), posted("text/plain", lines("a", 8)+"c\nd\n"), "Body",
			"v Body: 1 removed · 2 added\n… 5 equal lines\n= a\n= a\n= a\n- b\n+ c\n+ d", "",
		},
		{
			"binary", posted("application/octet-stream", "\x00ab"), posted("application/octet-stream", "\x00ac"), "Body",
			"v Body: 1 changed\n~ 00000000  00 61 62                                         |.ab| | 00000000  00 61 63                                         |.ac|",
			"v Body: 1 changed\n- 00000000  00 61 62                                         |.ab|\n+ 00000000  00 61 63                                         |.ac|",
		},
		{
			"a form", posted("application/x-www-form-urlencoded", "a=1&b=2"), posted("application/x-www-form-urlencoded", "b=2&a=3&c"), "Body",
			"v Body: 1 changed · 1 added\n# The fields stand in another order.\n~ a=1 | a=3\n+ c\n= b=2", "",
		},
		{
			"header", posted("text/plain", "", capture.Field{Name: "X-Old", Value: "1"}, capture.Field{Name: "Authorization", Value: "Bearer one"}),
			posted("text/plain", "", capture.Field{Name: "X-New", Value: "1"}, capture.Field{Name: "Authorization", Value: "Bearer two"}), "Header",
			"v Header: 1 changed · 1 removed · 1 added\n= Content-Type: text/plain\n- X-Old: 1\n+ X-New: 1\n~ Authorization: *** | Authorization: ***", "",
		},
		{
			"no body", posted("text/plain", "", capture.Field{Name: "X", Value: "1"}), posted("text/plain", ""), "Body",
			"> Body: none", "",
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			b := newBench(t)
			b.attach(t)
			b.compared(t, test.first, test.second)
			for _, wide := range []bool{true, false, true} {
				want := test.wide
				if !wide && test.narrow != "" {
					want = test.narrow
				} else if !wide && strings.Contains(want, "~") {
					continue
				}
				b.Compare.SetWide(wide)
				if got := part(rowsOf(b.Compare), test.title); got != want {
					t.Errorf("wide %v\n got %s\nwant %s", wide, got, want)
				}
			}
		})
	}
}

// TestCompareAnswers compares what two callbacks were answered, and what there is
// instead of an answer.
func TestCompareAnswers(t *testing.T) {
	b := newBench(t)
	b.attach(t)
	same := posted("application/json", `{"id":7}`)
	one := b.record(t, same, answered(503, "try later"))
	two := b.record(t, same, answered(200, "taken"))
	three := b.record(t, same, func(x *capture.Exchange) {
		x.Response, x.State, x.Error = nil, capture.StateFailed, "Nothing listens at localhost:3000."
	})
	b.Compare.Open(one, two)
	b.settle()
	rows := rowsOf(b.Compare)
	for title, want := range map[string]string{
		"Body":          "> Body: the same",
		"Answer":        "v Answer: 1 changed\n~ HTTP 503 | HTTP 200",
		"Answer's body": "v Answer's body: 1 removed · 1 added\n- try later\n+ taken",
	} {
		if got := part(rows, title); got != want {
			t.Errorf("%s\n got %s\nwant %s", title, got, want)
		}
	}
	if got, want := b.Compare.Summary, "The requests are the same, the answers differ"; got != want || b.Compare.Tone != Warn {
		t.Errorf("summary %q, want %q", got, want)
	}
	if s := b.Compare.Sides; s[0].ID != one || s[0].Pill != "503" || s[1].Pill != "200" || s[1].Path != "/x/1" {
		t.Errorf("sides %+v", s)
	}
	b.Compare.Open(two, three)
	b.settle()
	want := "v Answer: 1 changed · 1 added\n~ HTTP 200 | no answer: failed\n+ error: Nothing listens at localhost:3000."
	if got := part(rowsOf(b.Compare), "Answer"); got != want {
		t.Errorf("without an answer\n got %s\nwant %s", got, want)
	}
	b.Compare.Open(one, one)
	b.settle()
	if b.Compare.Sides[1].ID != three {
		t.Error("one with itself is compared")
	}
}

// TestCompareFolds opens and closes what is equal, and stays where it was.
func TestCompareFolds(t *testing.T) {
	b := newBench(t)
	b.attach(t)
	var first, second []string
	for i := range 60 {
		first = append(first, fmt.Sprintf("line %d", i))
		second = append(second, fmt.Sprintf("line %d", i))
	}
	second[20], second[40] = "line 20, changed", "line 40, changed"
	b.compared(t, posted("text/plain", strings.Join(first, "\n")), posted("text/plain", strings.Join(second, "\n")))
	c := b.Compare
	if c.Changes != 2 || c.Change != 1 || c.Row(c.At).A != "line 20" {
		t.Fatalf("change %d of %d at %+v", c.Change, c.Changes, c.Row(c.At))
	}
	if path, _ := c.Place(); path != "line 21" {
		t.Errorf("path %q", path)
	}
	c.NextChange(1)
	if c.Change != 2 || c.Row(c.At).A != "line 40" {
		t.Fatalf("change %d at %+v", c.Change, c.Row(c.At))
	}
	folded := c.Len()
	fold := -1
	for i := range c.Len() {
		if c.Row(i).Kind == CompareFold {
			fold = i
			break
		}
	}
	if got := c.Row(fold).Text; got != "17 equal lines" {
		t.Fatalf("fold %q", got)
	}
	c.Press(fold)
	if c.Len() != folded+16 || c.Row(fold).Kind != CompareSame || c.Row(fold).A != "line 0" || c.At != fold {
		t.Errorf("unfolded: %d rows of %d, at %d: %+v", c.Len(), folded, c.At, c.Row(fold))
	}
	c.NextChange(-1) // from before the first to the last
	if c.Row(c.At).A != "line 40" {
		t.Errorf("at %+v", c.Row(c.At))
	}
	c.SetWide(false)
	if r := c.Row(c.At); r.Kind != CompareRemoved || r.A != "line 40" || c.Row(c.At+1).B != "line 40, changed" {
		t.Errorf("narrow: at %+v", r)
	}
	c.SetWide(true)
	c.Unfold()
	if r := c.Row(c.At); r.A != "line 40" || !c.Unfolded() {
		t.Errorf("all: at %+v", r)
	}
	for i := range c.Len() {
		if r := c.Row(i); r.Kind == CompareFold || r.Kind == CompareTitle && !r.Open {
			t.Errorf("row %d is folded: %+v", i, r)
		}
	}
	c.Unfold()
	if c.Len() != folded {
		t.Errorf("%d rows, want %d", c.Len(), folded)
	}
	c.Move(0)
	c.Key("Return")
	if c.Row(0).Kind != CompareTitle || !c.Row(0).Open || c.At != 0 {
		t.Errorf("the first section: %+v", c.Row(0))
	}
	c.Move(-5)
	c.Move(c.Len() + 5)
	if c.At != c.Len()-1 {
		t.Errorf("at %d of %d", c.At, c.Len())
	}
}

// TestCompareByKey has the elements of an array told apart by a key, and back.
func TestCompareByKey(t *testing.T) {
	b := newBench(t)
	b.attach(t)
	b.compared(t, posted("application/json", `{"items":[{"sku":"A","n":1},{"sku":"B","n":2}]}`),
		posted("application/json", `{"items":[{"sku":"B","n":2},{"sku":"A","n":3}]}`))
	c := b.Compare
	find := func(kind CompareKind) int {
		for i := range c.Len() {
			if c.Row(i).Kind == kind {
				return i
			}
		}
		return -1
	}
	by := c.Changes
	offer := find(CompareKey)
	if offer < 0 || c.Row(offer).Action != "Compare them by sku" {
		t.Fatalf("no key is offered: %s", strings.Join(rowsOf(c), "\n"))
	}
	c.Press(offer)
	b.settle()
	if c.Changes != 1 || c.Row(c.At).A != `      "n": 1` {
		t.Errorf("by sku: %s", strings.Join(rowsOf(c), "\n"))
	}
	if path, _ := c.Place(); path != `$.items[sku="A"].n` {
		t.Errorf("path %q", path)
	}
	back := find(CompareKey)
	if back < 0 || c.Row(back).Action != "Compare them by position" {
		t.Fatalf("no way back: %s", strings.Join(rowsOf(c), "\n"))
	}
	c.Press(back)
	b.settle()
	if c.Changes != by {
		t.Errorf("%d changes by position, want %d", c.Changes, by)
	}
}

// TestCompareSecrets masks secrets unless the callback shows them.
func TestCompareSecrets(t *testing.T) {
	b := newBench(t)
	b.attach(t)
	key := func(value string) capture.Request {
		return posted("text/plain", "", capture.Field{Name: "Authorization", Value: "Bearer " + value})
	}
	one, two := b.record(t, key("first-secret"), nil), b.record(t, key("other-secret"), nil)
	b.open(t, two)
	for _, shown := range []bool{false, true} {
		b.Detail.Secrets = shown
		b.Compare.Open(one, two)
		b.settle()
		b.Compare.Copy()
		b.settle()
		text := strings.Join(rowsOf(b.Compare), "\n") + b.copied
		if got := strings.Contains(text, "first-secret"); got != shown {
			t.Errorf("shown %v: %s", shown, text)
		}
	}
	b.Detail.Secrets = true
	three := b.record(t, key("third-secret"), nil)
	b.Compare.Open(one, three)
	b.settle()
	if text := strings.Join(rowsOf(b.Compare), "\n"); strings.Contains(text, "-secret") {
		t.Errorf("secrets of others: %s", text)
	}
}

// TestCompareCopy copies what differs, and a line.
func TestCompareCopy(t *testing.T) {
	b := newBench(t)
	b.attach(t)
	b.compared(t, posted("application/json", `{"a":1,"name":"x"}`), posted("application/json", `{"a":1,"name":"\u202ey"}`))
	b.Compare.CopyRow()
	if want := "- \"name\": \"x\"\n+ \"name\": \"\\u202ey\""; b.copied != want {
		t.Errorf("line %q, want %q", b.copied, want)
	}
	b.Compare.Copy()
	b.settle()
	if want := "Copied the differences as text."; b.Compare.Said != want {
		t.Errorf("said %q, want %q", b.Compare.Said, want)
	}
	b.Compare.Move(0)
	if b.Compare.Said != "" {
		t.Errorf("it still says %q", b.Compare.Said)
	}
	for _, want := range []string{"--- callback 1  10:41:18.000  POST /x/1  200\n+++ callback 2  ", "\nHeader: the same\n", "\nBody: 1 changed\n    {\n", "  -   \"name\": \"x\"\n  +   \"name\": \"\\u202ey\"\n"} {
		if !strings.Contains(b.copied, want) {
			t.Errorf("%q is not in:\n%s", want, b.copied)
		}
	}
}
