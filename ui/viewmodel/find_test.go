package viewmodel

import (
	"strings"
	"testing"

	"hookglass/capture"
)

// labels are a menu as text; one that is off in parentheses.
func labels(entries []MenuEntry) string {
	var all []string
	for _, e := range entries {
		if e.Enabled || e.Label == "" {
			all = append(all, e.Label)
		} else {
			all = append(all, "("+e.Label+")")
		}
	}
	return strings.Join(all, "; ")
}

func run(t *testing.T, entries []MenuEntry, label string) {
	t.Helper()
	for _, e := range entries {
		if e.Label == label {
			e.Run()
			return
		}
	}
	t.Fatalf("no %q in %s", label, labels(entries))
}

func TestFilterByWhatARowHas(t *testing.T) {
	b := newListBench(t)
	b.come(t, provider("probo"))
	b.come(t, func(x *capture.Exchange) {
		x.Annotation = capture.Annotation{Provider: "klix", Event: "purchase.paid", Order: `a "b"`, Verification: capture.Verification{Status: capture.Valid}}
	})
	b.tick()
	b.rows()
	b.List.Tap(0, false, false)
	b.settle()
	var more []MenuEntry
	for _, e := range b.List.MenuEntries() {
		if strings.HasPrefix(e.Label, "Filter by") {
			more = e.More
		}
	}
	if got := labels(more); !strings.HasPrefix(got, `provider Klix; event purchase.paid; order a "b"; answer 200; verdict`) || !strings.Contains(got, "; Not event purchase.paid") {
		t.Errorf("the row offers %s", got)
	}
	run(t, more, `order a "b"`)
	b.tick()
	if b.List.Len() != 1 || b.List.FilterProblem != "" {
		t.Errorf("%d rows by %q: %s", b.List.Len(), b.List.FilterText, b.List.FilterProblem)
	}
	b.List.ClearFilter()
	b.tick()
	run(t, more, "Not provider Klix")
	b.tick()
	if b.List.Len() != 1 || b.List.applied != "-provider:klix" {
		t.Errorf("%d rows by %q", b.List.Len(), b.List.applied)
	}
	if got := len(b.List.FindFilters("event")); got != 2 && got != 0 {
		t.Errorf("%d lines with event", got)
	}
}

func TestFilterByValuesOfTheDetail(t *testing.T) {
	b := newListBench(t)
	id := b.record(t, capture.Request{
		Method: "POST", Target: "/hooks/x?token=s3cret&area=Hackney", Proto: "HTTP/1.1",
		Header: capture.Fields{{Name: "Content-Type", Value: "application/json"}, {Name: "Authorization", Value: "Bearer abc"}, {Name: "X-Area", Value: "North West"}},
		Body:   []byte(`{"carrier":"Hermes Parcel","n":1}`),
	}, nil)
	b.record(t, capture.Request{Method: "GET", Target: "/hooks/y", Proto: "HTTP/1.1"}, nil)
	b.tick()
	page := b.open(t, id)
	for _, test := range []struct{ name, want string }{
		{"Content-Type", "header:"},
		{"X-Area", `header:"X-Area: North West"`},
		{"area", `"Hackney"`},
		{"Authorization", "header:Authorization"},
		{"token", ""},
	} {
		found := false
		for i := range page.Headers.Groups {
			g := &page.Headers.Groups[i]
			for k := range g.Rows {
				if g.Rows[k].Name != test.name {
					continue
				}
				found = true
				menu := b.Detail.HeaderMenu(g, &g.Rows[k])
				if len(menu) < 2 {
					if test.want != "" {
						t.Errorf("%s cannot be filtered by", test.name)
					}
					continue
				}
				menu[1].Run()
				b.tick()
				if !strings.HasPrefix(b.List.applied, test.want) || test.want == "" || b.List.Len() != 1 {
					t.Errorf("%s: %d rows by %q, want %q", test.name, b.List.Len(), b.List.applied, test.want)
				}
				if strings.Contains(b.List.applied, "abc") {
					t.Errorf("a secret is in the filter %q", b.List.applied)
				}
				b.List.ClearFilter()
				b.tick()
			}
		}
		if !found {
			t.Errorf("there is no %s", test.name)
		}
	}
	run(t, b.Detail.FactMenu(&DetailFact{Value: "Hermes Parcel", Copy: "Hermes Parcel"}), "Not this value")
	b.tick()
	if b.List.Len() != 1 || b.List.applied != `-body:"Hermes Parcel"` {
		t.Errorf("%d rows by %q", b.List.Len(), b.List.applied)
	}
	if got := labels(b.Detail.FactMenu(&DetailFact{Value: dots, Copy: "s3cret"})); got != "Copy" {
		t.Errorf("a masked value offers %s", got)
	}
	if got := bodyTerm("…"); got != "" {
		t.Errorf("a value without words is %q", got)
	}
}

func TestWordsAreMarked(t *testing.T) {
	b := newListBench(t)
	id := b.record(t, capture.Request{
		Method: "POST", Target: "/hooks/hermes/x", Proto: "HTTP/1.1",
		Header: capture.Fields{{Name: "Content-Type", Value: "application/json"}},
		Body:   []byte(`{"a":1,"carrier":"Hermes","b":"hermes"}`),
	}, nil)
	b.tick()
	b.List.FilterNow("hermes")
	b.tick()
	b.rows()
	row := b.List.Row(0)
	if hit := row.PathHits[0]; row.Path[hit[0]:hit[1]] != "hermes" {
		t.Errorf("marked %v in %s", row.PathHits, row.Path)
	}
	b.Detail.Select(TabBody)
	b.List.Select(id)
	b.settle()
	body := b.Detail.Body
	if len(body.Find.Offsets) != 2 || body.Find.Count != "1 of 2" || body.Spot.Offset != int(body.Find.Offsets[0]) {
		t.Fatalf("found %v, %q, at %d", body.Find.Offsets, body.Find.Count, body.Spot.Offset)
	}
	at := body.Find.Offsets[0]
	if got := string(body.Text.Bytes[at : at+body.Find.Lengths[0]]); got != "Hermes" {
		t.Errorf("the first is %q", got)
	}
	body.Next()
	if body.Find.Count != "2 of 2" {
		t.Errorf("the next is %q", body.Find.Count)
	}
	body.SetQuery("carrier")
	b.settle()
	if len(body.Find.Offsets) != 1 || body.Find.Lengths != nil {
		t.Errorf("one's own search finds %v", body.Find.Offsets)
	}
	body.SetQuery("")
	b.settle()
	if len(body.Find.Offsets) != 2 {
		t.Error("after it, the filter's words are not marked")
	}
	b.Detail.Select(TabOverview)
	b.Enter()
	if b.Detail.Tab != TabBody {
		t.Errorf("opening it shows %s", b.Detail.Tab)
	}
	b.List.ClearFilter()
	b.tick()
	if len(body.Find.Offsets) != 0 || body.Find.Count != "" {
		t.Errorf("without a filter %v are marked, %q", body.Find.Offsets, body.Find.Count)
	}
}
