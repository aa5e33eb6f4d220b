package ui

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2/test"

	"hookglass/capture"
	"hookglass/ui/viewmodel"
)

// holding lets the gallery's engine hold callbacks.
func (g *gallery) holding(held *[]capture.Held) {
	g.backend.Held = func() []capture.Held { return *held }
	g.backend.AnswerHeld = func(context.Context, int64, capture.RuleAnswer) error { return nil }
	g.backend.ReleaseHeld = func(context.Context, int64) error { return nil }
}

// held are callbacks that wait: some of the list, with less and less time.
func (g *gallery) held(t *testing.T) []capture.Held {
	t.Helper()
	hold := func(x *capture.Exchange) { x.State, x.Response = capture.StateHeld, nil }
	var all []capture.Held
	wait := func(provider string, since, left time.Duration) {
		p := g.set.Find(provider)
		r := p.Samples[0].Request()
		id := g.keep(t, since, r, hold)
		endpoints := g.set.Endpoints()
		all = append(all, capture.Held{
			Exchange: id, Rule: 4, RuleName: "look first", Endpoint: endpoints.Find(r.Path()).Path, Provider: provider,
			Method: r.Method, Path: r.Path(), Since: g.now.Add(-since), Until: g.now.Add(left), Fallback: "200", Via: capture.ViaLocal,
		})
	}
	wait("komet", 3*time.Second, 27*time.Second)
	wait("kornitx", 22*time.Second, 8*time.Second)
	wait("klix", 70*time.Second, 3*time.Minute)
	for range 9 {
		wait("mintsoft", time.Second, 4*time.Minute)
	}
	all[0].Event, all[1].Event, all[2].Event = "order.confirmation", "order.dispatched", "purchase.paid"
	if err := g.db.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	return all
}

// TestGalleryOfHeld draws held callbacks over the list, and the Answer tab while
// one waits and after. The dark window of 1024 is drawn in every run, the others
// where pictures are asked for.
func TestGalleryOfHeld(t *testing.T) {
	sizes := []struct {
		name          string
		width, height float32
	}{{"1024", 1024, 700}, {"1440", 1440, 900}, {"720", 720, 700}}
	for _, appearance := range galleryLooks {
		for _, size := range sizes[:min(len(sizes), gallerySizes)] {
			if os.Getenv("HOOKGLASS_SHOTS") == "" && (appearance != "dark" || size.name != "1024") {
				continue
			}
			t.Run(appearance+"-"+size.name, func(t *testing.T) {
				g := newGallery(t, appearance, size.width, size.height)
				g.attach(t)
				g.samples(t)
				all := g.held(t)
				var held []capture.Held
				g.holding(&held)
				g.until(t, "all are listed", func() bool { return g.List.Len() > 30 })
				g.heldTour(t, "held-"+appearance+"-"+size.name+"-", all, &held)
			})
		}
	}
}

func (g *gallery) heldTour(t *testing.T, prefix string, all []capture.Held, held *[]capture.Held) {
	t.Helper()
	g.Commands.Do("list.last")
	g.drain()
	g.Commands.Do("list.pageup")
	g.drain()
	top := g.List.Top
	change := func(what, title string, now ...capture.Held) {
		t.Helper()
		*held = now
		g.HeldChanged()
		g.until(t, what, func() bool { return g.Held.Title == title })
	}
	change("one is held", "1 sender waits for your answer", all[0])
	g.shoot(t, prefix+"one")
	change("many are held", "12 senders wait for your answer", all...)
	if g.List.Top != top {
		t.Errorf("the list went from row %d to row %d", top, g.List.Top)
	}
	g.shoot(t, prefix+"many")
	form := &g.Held.Form
	g.Commands.Press("h")
	g.until(t, "the form", func() bool { return form.ID == all[1].Exchange && g.Detail.Page != nil })
	g.shoot(t, prefix+"answer")
	pane, ok := g.window.detail.pane(viewmodel.TabAnswer).(*answerPane)
	if !ok || g.window.Canvas().Focused() != pane.held.options[0] {
		t.Fatalf("the keyboard is on %T, not on the first answer", g.window.Canvas().Focused())
	}
	g.Commands.Press("h")
	g.until(t, "the next form", func() bool { return form.ID == all[0].Exchange })
	g.until(t, "its answers", func() bool { return g.window.Canvas().Focused() == pane.held.options[0] })
	form.Answer("komet-0")
	g.drain()
	if pane.held.field == nil || !pane.held.field.Focused() {
		t.Error("the keyboard is not on the message")
	}
	test.Type(g.window.Canvas().Focused(), "Out of stock")
	g.shoot(t, prefix+"message")
	form.Edit("komet-0")
	g.drain()
	if !pane.held.own.status.Focused() || pane.page.scroll.Offset() == 0 {
		t.Error("the answer to edit is not brought into view")
	}
	pane.held.own.body.SetText("<p>done</p>")
	pane.page.scroll.By(2000)
	g.shoot(t, prefix+"own")
	change("one is answered elsewhere", "11 senders wait for your answer", all[1:]...)
	if text := words(pane.object()); !strings.Contains(text, "Its sender hung up, or it was answered elsewhere.") || !strings.Contains(text, "Out of stock") {
		t.Errorf("what became of it is not said in place: %s", text)
	}
	pane.page.scroll.Top()
	g.shoot(t, prefix+"over")
	g.heldOutcomes(t, prefix)
}

// heldOutcomes draws what is left when nobody waits any more.
func (g *gallery) heldOutcomes(t *testing.T, prefix string) {
	t.Helper()
	r := g.set.Find("kornitx").Samples[0].Request()
	reset := g.keep(t, time.Second, r, func(x *capture.Exchange) {
		x.State, x.Response, x.Via = capture.StateDropped, nil, capture.ViaTunnel
		x.Error = `the rule "KornitX down" has reset the connection instead of answering; through ngrok the sender sees a 502 instead`
	})
	g.keep(t, time.Second, r, func(x *capture.Exchange) {
		x.Response = &capture.Response{Status: 201, By: capture.ByApp, Rule: 3, RuleName: "to localhost:3000"}
	})
	if err := g.db.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	g.Detail.Go(reset)
	g.until(t, "the reset one", func() bool { return g.Detail.Page != nil && g.Detail.Page.ID == reset })
	g.shoot(t, prefix+"reset")
}
