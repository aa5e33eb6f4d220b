package viewmodel

import (
	"slices"
	"strings"
	"testing"

	"hookglass/capture"
)

// bar is the filter bar as text: its chips, a stroke, the draft.
func (b *listBench) bar() string {
	var chips []string
	for _, chip := range b.Filter.Chips {
		chips = append(chips, "["+chip.Text+"]")
	}
	return strings.Join(chips, "") + "|" + b.Filter.Draft
}

// write writes a text at the end of the draft, letter by letter.
func (b *listBench) write(text string) {
	for _, r := range text {
		draft := b.Filter.Draft + string(r)
		b.Filter.Type(draft, len(draft))
	}
}

func TestFilterBarMakesChips(t *testing.T) {
	for _, test := range []struct{ write, want, filter string }{
		{"refund", "|refund", "refund"},
		{"refund hermes ", "|refund hermes ", "refund hermes"},
		{"provider:klix", "|provider:klix", "provider:klix"},
		{"provider:klix ", "[provider:klix]|", "provider:klix"},
		{"provider:klix refund", "[provider:klix]|refund", "provider:klix refund"},
		{"refund provider:klix ", "[refund][provider:klix]|", "refund provider:klix"},
		{"-status:5xx pinned ", "[-status:5xx][pinned]|", "-status:5xx pinned"},
		{`body:"a b" x`, `[body:"a b"]|x`, `body:"a b" x`},
		{`body:"a b`, `|body:"a b`, `body:"a b`},
		{"provider:klix or provider:probo ", "[provider:klix]|or provider:probo ", "provider:klix or provider:probo"},
		{"(provider:klix or pinned) ", "[(provider:klix or pinned)]|", "(provider:klix or pinned)"},
		{"nonsense:1 ", "|nonsense:1 ", "nonsense:1"},
	} {
		b := newListBench(t)
		b.Filter.Focus(true)
		b.write(test.write)
		b.tick()
		if got := b.bar(); got != test.want || strings.TrimSpace(b.List.FilterText) != test.filter {
			t.Errorf("%q: %s and filter %q, want %s and %q", test.write, got, b.List.FilterText, test.want, test.filter)
		}
	}
}

func TestFilterBarKeys(t *testing.T) {
	b := newListBench(t)
	b.Filter.Focus(true)
	b.write("provider:klix status:5xx refund")
	b.Filter.Move(0)
	if b.Filter.Key("Home") {
		t.Error("it takes a key that it has no use for")
	}
	if !b.Filter.Key("BackSpace") || b.bar() != "[provider:klix]|refund" {
		t.Errorf("after Backspace at the start: %s", b.bar())
	}
	b.Filter.Move(0)
	if !b.Filter.Key("Left") || b.bar() != "|provider:klix refund" || b.Filter.At != len("provider:klix") {
		t.Errorf("after Left at the start: %s at %d", b.bar(), b.Filter.At)
	}
	if b.Filter.Key("BackSpace") {
		t.Error("Backspace in the text is the field's")
	}
	b.Filter.hide()
	b.Filter.Submit()
	b.tick()
	if b.bar() != "[provider:klix]|refund" || b.List.applied != "provider:klix refund" {
		t.Errorf("after Return: %s, %q in force", b.bar(), b.List.applied)
	}
	if want := []string{"provider:klix refund"}; !slices.Equal(b.Preferences.RecentFilters, want) {
		t.Errorf("recent %q, want %q", b.Preferences.RecentFilters, want)
	}
	b.Filter.Remove(0)
	b.tick()
	if b.bar() != "|refund" || b.List.applied != "refund" {
		t.Errorf("after the chip is gone: %s, %q in force", b.bar(), b.List.applied)
	}
	b.List.ClearFilter()
	if b.bar() != "|" {
		t.Errorf("after all is cleared: %s", b.bar())
	}
	b.List.FilterNow("a or b")
	b.Filter.Submit()
	b.Filter.Type("c", 1)
	b.tick()
	if b.bar() != "[(a or b)]|c" || b.List.applied != "(a or b) c" {
		t.Errorf("an alternative, narrowed: %s, %q in force", b.bar(), b.List.applied)
	}
}

func TestFilterBarMarksWhatIsWrong(t *testing.T) {
	b := newListBench(t)
	b.write("provider:klix staus:5xx")
	b.tick()
	f := b.Filter
	if got := f.Draft[f.WrongFrom:f.WrongTo]; got != "staus" || b.bar() != "[provider:klix]|staus:5xx" {
		t.Errorf("%q is marked in %s, want staus", got, b.bar())
	}
	if b.List.applied != "" && b.List.applied != "provider:klix" {
		t.Errorf("%q is in force", b.List.applied)
	}
	b.Filter.Type("status:5xx", 10)
	b.tick()
	if f.WrongFrom != f.WrongTo {
		t.Error("it is still marked")
	}
}

// items are what is offered, as text.
func (f *FilterBar) titles() string {
	var all []string
	for _, item := range f.Items {
		title := item.Title
		if item.Count != "" {
			title += " " + item.Count
		}
		all = append(all, title)
	}
	return strings.Join(all, ", ")
}

func TestFilterBarCompletes(t *testing.T) {
	b := newListBench(t)
	for _, id := range []string{"klix", "klix", "kornitx", "probo"} {
		b.come(t, provider(id))
	}
	b.tick()
	b.Preferences.RecentFilters = []string{"status:5xx"}
	f := b.Filter
	f.Focus(true)
	if !f.Open || f.Items[0].Title != "status:5xx" || f.Items[1].Title != "provider:" {
		t.Errorf("an empty field offers %s", f.titles())
	}
	b.write("pro")
	if f.titles() != "provider:" || f.Items[0].Hint == "" {
		t.Errorf("pro: %s", f.titles())
	}
	if !f.Key("Tab") || f.Draft != "provider:" {
		t.Fatalf("Tab makes %q", f.Draft)
	}
	b.settle()
	if want := "klix 2, kornitx 1, probo 1"; f.titles() != want {
		t.Errorf("values %s, want %s", f.titles(), want)
	}
	b.write("ko")
	b.settle()
	if f.titles() != "kornitx 1" {
		t.Errorf("ko: %s", f.titles())
	}
	f.Key("Down")
	f.Submit()
	b.tick()
	if b.bar() != "[provider:kornitx]|" || b.List.Len() != 1 {
		t.Errorf("taken: %s, %d rows", b.bar(), b.List.Len())
	}
	b.write("size:")
	b.settle()
	if f.Items[0].Hint != "an example" {
		t.Errorf("size: %s", f.titles())
	}
	if !f.Key("Escape") || f.Open || f.Draft != "size:" {
		t.Error("Escape does not close the list alone")
	}
	if f.Key("Escape") {
		t.Error("a second Escape belongs to the window")
	}
	f.Focus(false)
	if f.Open {
		t.Error("it is open without the keyboard")
	}
}

// TestFilterBarOffersSafely has a stranger invent an order.
func TestFilterBarOffersSafely(t *testing.T) {
	b := newListBench(t)
	order := "a b\"*\u202ec"
	b.come(t, func(x *capture.Exchange) {
		x.Annotation.Order, x.Annotation.Verification.Status = order, capture.Unsigned
	})
	b.come(t, nil)
	b.tick()
	b.Filter.Focus(true)
	b.write("order:")
	b.settle()
	if len(b.Filter.Items) != 1 || strings.Contains(b.Filter.Items[0].Title, "\u202e") {
		t.Fatalf("offers %q", b.Filter.titles())
	}
	b.Filter.Take(0)
	b.tick()
	if b.List.Len() != 1 || b.List.FilterProblem != "" || len(b.Filter.Chips) != 1 || strings.Contains(b.Filter.Chips[0].Text, "\u202e") {
		t.Errorf("%d rows, %q, chips %q", b.List.Len(), b.List.FilterProblem, b.Filter.Chips)
	}
}

// While a value is still to be chosen, what was written before its operator holds: the
// letters of its name are no words.
func TestFilterBarWithBegunOperator(t *testing.T) {
	for _, test := range []struct{ write, applied string }{
		{"prov", "prov"},
		{"provider:", ""},
		{"x -provider:", "x"},
		{"path:/x/* status:", "path:/x/*"},
		{"provider:klix", "provider:klix"},
	} {
		b := newListBench(t)
		b.comes(t, 1)
		b.Filter.Focus(true)
		for _, r := range test.write {
			draft := b.Filter.Draft + string(r)
			b.Filter.Type(draft, len(draft))
			b.tick()
		}
		if b.List.applied != test.applied {
			t.Errorf("%q has the list show %q, want %q", test.write, b.List.applied, test.applied)
		}
	}
}
