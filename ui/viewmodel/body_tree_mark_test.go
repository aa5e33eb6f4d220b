package viewmodel

import (
	"fmt"
	"strings"
	"testing"

	"hookglass/capture"
)

// marked are the lines of a tree in which something was found, as "key>text" or
// "key=text" with what is marked in brackets; a branch with more below it as "key+".
func (b *Body) marked() string {
	var lines []string
	var walk func(nodes []BodyNode)
	walk = func(nodes []BodyNode) {
		for _, n := range nodes {
			for _, m := range b.Marks(n.ID) {
				current := ""
				if m.Current {
					current = "!"
				}
				switch {
				case m.Inside:
					lines = append(lines, n.Key+"+"+current)
				case m.Key:
					lines = append(lines, fmt.Sprintf("%s>%s%s", n.Key, n.Key[m.From:m.To], current))
				default:
					lines = append(lines, fmt.Sprintf("%s=%s%s", n.Key, n.Value[m.From:min(m.To, len(n.Value))], current))
				}
			}
			if n.Branch {
				walk(b.Tree.Children(n.ID))
			}
		}
	}
	walk(b.Tree.Roots())
	return strings.Join(lines, " ")
}

func TestTreeMarks(t *testing.T) {
	b := newBench(t)
	body := b.Detail.Body
	x := exchangeOf("application/json", []byte(`{"Hermes":1,"carrier":"by Hermes","in":[{"a":"hermes hermes"},7],"\u0048ermes":2,"long":"`+strings.Repeat("x ", 600)+`hermes"}`))
	x.ID = 7
	b.Detail.Page = &Page{Exchange: x}
	body.show(x)
	body.Select(ViewTree)
	body.Tree.Roots()
	body.SetQuery("hermes")
	b.settle()
	if got, want := body.marked(), `+! Hermes>Hermes! carrier=Hermes in+ 0+ a=hermes a=hermes long=`+"\xe2"; got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if body.Find.Count != "1 of 5" {
		t.Errorf("count %q", body.Find.Count)
	}
	for _, want := range []string{"carrier=Hermes!", "0+! a=hermes! a=hermes", "a=hermes a=hermes!", "long=\xe2!", "Hermes>Hermes!"} {
		body.Next()
		if got := body.marked(); !strings.Contains(got, want) {
			t.Errorf("got %q, want %q in it", got, want)
		}
	}
	// From a line that was chosen.
	body.Choose(0)
	in := body.Tree.Children(0)[2]
	body.Choose(in.ID)
	body.Next()
	if body.Find.Count != "3 of 5" {
		t.Errorf("from a line: %q", body.Find.Count)
	}
	body.SetQuery("")
	b.settle()
	if got := body.marked(); got != "" {
		t.Errorf("nothing is looked for, but %q", got)
	}
}

// TestTreeMarksWords marks the filter's words, in an array that comes in pages.
func TestTreeMarksWords(t *testing.T) {
	b := newBench(t)
	body := b.Detail.Body
	text := "[" + strings.Repeat(`"x",`, 2500) + `"split order"]`
	x := exchangeOf("application/json", []byte(text))
	x.ID = 7
	b.Detail.Page = &Page{Exchange: x}
	body.show(x)
	b.settle()
	body.Select(ViewTree)
	filter, err := capture.ParseFilter("split")
	if err != nil {
		t.Fatal(err)
	}
	body.mark(filter)
	b.settle()
	if got, want := body.marked(), "+ 2000 … 2500+ 2500=split"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	body.Next()
	pages := body.Tree.Children(body.Tree.Roots()[0].ID)
	for i, want := range []bool{false, false, true} {
		if got := body.Tree.Holds(pages[i].ID, body.Spot.Offset); got != want {
			t.Errorf("page %d holds it: %v", i, got)
		}
	}
}
