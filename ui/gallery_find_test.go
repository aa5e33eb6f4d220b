package ui

import (
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"hookglass/capture"
	"hookglass/store"
	"hookglass/ui/viewmodel"
)

// busy stores callbacks over an hour, some of which failed.
func (g *gallery) busy(t *testing.T, n int) {
	t.Helper()
	for i := range n {
		sample := g.set.All()[i%5].Samples[0]
		r := sample.Request()
		ago := time.Duration(i*i%3600) * time.Second
		g.keep(t, ago, r, func(x *capture.Exchange) {
			if i%9 == 4 {
				x.Response.Status, x.Annotation.Verification.Status = 503, capture.Invalid
			}
		})
	}
	if err := g.db.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	g.until(t, "all are listed", func() bool { return g.List.Len() == n })
	g.until(t, "they are counted over time", func() bool { return len(g.Histogram.Bars) > 20 })
}

func TestGalleryOfFinding(t *testing.T) {
	sizes := []struct {
		name          string
		width, height float32
	}{{"1440", 1440, 900}, {"1024", 1024, 700}, {"720", 720, 700}}
	for _, appearance := range galleryLooks {
		for _, size := range sizes[:min(len(sizes), gallerySizes)] {
			t.Run(appearance+"-"+size.name, func(t *testing.T) {
				g := newGallery(t, appearance, size.width, size.height)
				g.attach(t)
				g.until(t, "the list is known", func() bool { return !g.List.Loading })
				g.busy(t, 160)
				g.find(t, "find-"+appearance+"-"+size.name+"-")
			})
		}
	}
}

// find goes through what finds callbacks.
func (g *gallery) find(t *testing.T, prefix string) {
	t.Helper()
	g.person(t)
	g.Commands.Do("list.first")
	g.until(t, "the newest is shown", func() bool { return g.Detail.Page != nil && g.Detail.Page.Head.Remark != "" })
	g.shoot(t, prefix+"list")

	g.Screen.Focus(viewmodel.PaneFilter)
	g.drain()
	g.shoot(t, prefix+"empty-field")
	test.Type(g.window.top.filter.field.Field(), "provider:")
	g.until(t, "values are offered", func() bool { return len(g.Filter.Items) > 4 && g.Filter.Items[0].Count != "" })
	g.window.top.filter.field.Field().TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	g.shoot(t, prefix+"values")
	g.window.top.filter.field.Field().TypedKey(&fyne.KeyEvent{Name: fyne.KeyTab})
	test.Type(g.window.top.filter.field.Field(), "-status:5xx order")
	g.until(t, "the filter is in force", func() bool { return g.List.HitsOf() == "provider:klix -status:5xx order" && g.List.Len() == 29 })
	g.shoot(t, prefix+"chips")
	test.Type(g.window.top.filter.field.Field(), " staus:4")
	g.until(t, "it is wrong", func() bool { return strings.Contains(g.List.FilterProblem, "staus") })
	g.shoot(t, prefix+"wrong")
	g.Screen.Focus(viewmodel.PaneList)

	g.List.FilterNow("order")
	g.until(t, "words are found", func() bool { return g.List.HitsOf() == "order" && g.List.Len() == 160 })
	g.Commands.Do("list.first")
	g.Commands.Do("tab.body")
	g.until(t, "they are marked", func() bool { return g.Detail.Body.Find.Count != "" })
	g.shoot(t, prefix+"hits")
	g.Commands.Do("tab.headers")
	g.shoot(t, prefix+"hits-headers")
	g.Commands.Do("tab.overview")
	g.List.ClearFilter()
	g.until(t, "all are back", func() bool { return g.List.Len() == 160 && len(g.Histogram.Bars) > 30 && g.Histogram.Current() })
	g.Histogram.Choose(20, 30)
	g.until(t, "a span is shown", func() bool { return g.List.Len() < 160 })
	g.shoot(t, prefix+"span")
	g.Commands.Do("filter.save")
	g.drain()
	g.shoot(t, prefix+"save")
	g.Open(viewmodel.NoDialog)
	g.Commands.Do("list.filterby")
	g.shoot(t, prefix+"filterby")
	g.Open(viewmodel.NoDialog)
	g.List.ClearFilter()
	g.Detail.Remark.Write()
	g.drain()
	g.shoot(t, prefix+"note")
}

// person marks, writes notes and saves filters.
func (g *gallery) person(t *testing.T) {
	t.Helper()
	ids, err := g.db.IDsOf(t.Context(), store.Query{Limit: 8})
	if err != nil {
		t.Fatal(err)
	}
	for i, id := range ids {
		if i < 4 {
			if err := g.db.SetMark(t.Context(), id, capture.Marks[i]); err != nil {
				t.Fatal(err)
			}
		}
		if i%3 == 0 {
			if err := g.db.SetNote(t.Context(), id, "Ask the warehouse why this parcel went out twice"); err != nil {
				t.Fatal(err)
			}
		}
	}
	for i, f := range []store.SavedFilter{{Name: "5xx last hour", Text: "status:5xx after:-1h"}, {Name: "Klix failures", Text: "provider:klix verified:failed"}} {
		f.Place = i
		if err := g.db.PutSavedFilter(t.Context(), &f); err != nil {
			t.Fatal(err)
		}
	}
	g.Saved.Refresh()
	g.List.Reformat()
	g.until(t, "the rows are there", func() bool { return g.List.Row(0).Note })
}
