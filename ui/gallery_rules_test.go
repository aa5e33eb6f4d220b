package ui

import (
	"context"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"hookglass/capture"
	"hookglass/providers"
	"hookglass/ui/viewmodel"
)

// galleryRules are rules of every kind, as a person may have them.
func galleryRules(now time.Time) []capture.Rule {
	rule := func(id int64, name, endpoint, filter string, kind capture.RuleKind, p capture.RuleParams) capture.Rule {
		return capture.Rule{ID: id, Order: id, Name: name, Enabled: true, Endpoint: endpoint, Filter: filter, Kind: kind, Params: p}
	}
	answer := func(status int) capture.RuleAnswer { return capture.RuleAnswer{Status: status} }
	list := []capture.Rule{
		rule(1, "KornitX down", "/kornitx/*", "event:order.dispatched", capture.RuleFixed, capture.RuleParams{Answer: answer(503)}),
		rule(2, "Twice, then fine", "/probo/*", "", capture.RuleSequence, capture.RuleParams{Answers: []capture.RuleAnswer{answer(503), answer(503), {}}}),
		rule(3, "", "", `provider:klix body:"Hermes" after:-2h`, capture.RuleHold, capture.RuleParams{For: 30 * time.Second}),
		rule(4, "My app", "/klix/*", "", capture.RuleForward, capture.RuleParams{Forward: capture.Forwarding{URL: "http://localhost:3000/klix"}}),
		rule(5, "A rule with quite a long name that somebody gave it", "/mintsoft/*", "event:order.despatched -verified:yes path:/mintsoft/x", capture.RuleDelayed, capture.RuleParams{Delay: 2 * time.Second}),
		rule(6, "Cut off", "/kornitx/*", "", capture.RuleDrop, capture.RuleParams{Drop: capture.DropHalf}),
		rule(7, "/komet/confirm", "/komet/confirm", "", capture.RulePreset, capture.RuleParams{Answer: capture.RuleAnswer{Preset: "komet-0", Failing: true}}),
	}
	list[0].End, list[0].Hits = capture.RuleEnd{Count: 5, Used: 2, Until: now.Add(18 * time.Minute)}, 2
	list[1].Hits = 1204
	list[5].Enabled = false
	list[6].End = capture.RuleEnd{Until: now.Add(26 * time.Minute)}
	return list
}

// attachRules gives the window an engine that keeps rules.
func (g *gallery) attachRules(t *testing.T) {
	t.Helper()
	g.attach(t)
	list := galleryRules(g.now)
	g.backend.Rules = func() []capture.RuleState {
		var all []capture.RuleState
		for _, r := range list {
			state := capture.RuleState{Rule: r, Active: r.Active(g.now)}
			if r.Kind == capture.RuleSequence {
				state.Places = []capture.Place{{Key: "A", Done: 2}}
			}
			all = append(all, state)
		}
		return all
	}
	g.backend.PutRule = func(_ context.Context, r capture.Rule, _ capture.Consent) (int64, error) {
		if r.ID == 0 {
			r.ID = 100 + int64(len(list))
			list = append(list, r)
		}
		return r.ID, nil
	}
	g.enabled = map[int64]int{}
	g.backend.EnableRule = func(_ context.Context, id int64, _ bool, _ capture.Consent) error {
		g.post(func() { g.enabled[id]++ })
		return nil
	}
	g.backend.RemoveRule = func(_ context.Context, id int64) error {
		list = slices.DeleteFunc(list, func(r capture.Rule) bool { return r.ID == id })
		return nil
	}
	g.backend.TryRule = func(context.Context, capture.Rule, int) (capture.RuleTrial, error) {
		return capture.RuleTrial{Matched: 14, Of: 200, IDs: []int64{1}}, nil
	}
	g.backend.PreviewRule = func(ctx context.Context, r capture.Rule, id int64) (capture.RulePreview, error) {
		x, err := g.db.Exchange(ctx, id)
		if err != nil {
			return capture.RulePreview{}, err
		}
		e := g.set.Endpoints()
		answers, err := r.Preview(x, e.Find(x.Request.Path()), g.now, capture.RuleSource{
			Accepted: g.set.Accepted,
			Preset: func(provider, id, message string) (capture.Preset, bool) {
				preset, ok := g.set.Preset(provider, id)
				preset.Response = providers.Fill(preset, message)
				return preset, ok
			},
		})
		if err != nil {
			return capture.RulePreview{}, err
		}
		p := capture.RulePreview{Matches: true, Answers: answers}
		for i := range answers {
			p.Broken = append(p.Broken, g.set.Contract(x.Annotation.Provider, &answers[i], &x.Request))
		}
		return p, nil
	}
	g.Attach(g.backend)
}

// TestGalleryOfRules draws the answers: the bar, the rules, and an editor for every
// kind.
func TestGalleryOfRules(t *testing.T) {
	sizes := []struct {
		name          string
		width, height float32
	}{{"1440", 1440, 900}, {"1024", 1024, 700}, {"720", 720, 700}}
	some := []string{"dark-1024", "light-720"} // where nobody asked for pictures
	for _, appearance := range galleryLooks {
		for _, size := range sizes[:min(len(sizes), gallerySizes)] {
			if os.Getenv("HOOKGLASS_SHOTS") == "" && !slices.Contains(some, appearance+"-"+size.name) {
				continue
			}
			t.Run(appearance+"-"+size.name, func(t *testing.T) {
				prefix := "rules-" + appearance + "-" + size.name
				g := newGallery(t, appearance, size.width, size.height)
				g.attachRules(t)
				g.until(t, "the list is known", func() bool { return !g.List.Loading })
				g.layRules(t, prefix+"-empty")
				g.samples(t)
				g.until(t, "all are listed", func() bool { return g.List.Len() > 20 })
				g.Commands.Do("list.first")
				g.until(t, "the newest is shown", func() bool { return g.Detail.Page != nil })
				g.layRules(t, prefix+"-strip")
				apart(t, "strip", g.window.strip.row)
				g.Rules.Open()
				g.layRules(t, prefix+"-none")
				for _, r := range galleryRules(g.now) {
					g.Rules.Choose(r.ID)
					g.until(t, "it was tried", func() bool { return g.Rules.Draft.Trial != "" && !g.Rules.Draft.Trying })
					g.layRules(t, prefix+"-"+string(r.Kind))
				}
				g.Rules.Remove(6)
				g.until(t, "it is removed", func() bool { return g.Rules.Said.Undo != nil })
				g.layRules(t, prefix+"-removed")
				g.Rules.Make()
				g.until(t, "it was tried", func() bool { return g.Rules.Draft.Trial != "" && !g.Rules.Draft.Trying })
				g.layRules(t, prefix+"-make")
				g.Rules.Change(func(f *viewmodel.RuleFields) { f.Filter, f.Status, f.Header = "provider:klix colour:red", "1000", "X" })
				g.layRules(t, prefix+"-wrong")
				text := words(g.window.Canvas().Overlays().Top())
				for _, want := range []string{"KornitX down", "2 of 3", "The status is a number from 200 to 599.", "Line 1 has no colon", "colour"} {
					if !strings.Contains(text, want) {
						t.Errorf("%q is not there: %s", want, text)
					}
				}
			})
		}
	}
}

// layRules is lay for the pictures of rules.
func (g *gallery) layRules(t *testing.T, name string) {
	t.Helper()
	if os.Getenv("HOOKGLASS_SHOTS") != "" || slices.Contains([]string{"rules-dark-1024-strip", "rules-dark-1024-fixed", "rules-light-720-wrong"}, name) {
		g.shoot(t, name)
		return
	}
	g.drain()
}
