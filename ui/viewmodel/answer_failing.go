package viewmodel

import (
	"context"
	"strings"
	"time"

	"hookglass/capture"
)

// answerBanner is the ID of the banner that names what fails on purpose.
const answerBanner = "answer"

// watch shows which endpoints fail on purpose, and looks again when a minute of
// what is left has passed.
func (a *Answer) watch() {
	app := a.detail.app
	a.stop()
	a.stop = func() bool { return true }
	a.pick()
	now := app.config.Now()
	a.failed = nil
	var words []string
	next := time.Duration(0)
	chosen := a.inForce()
	for i := range chosen {
		c := &chosen[i]
		if !c.Until.IsZero() {
			left := c.Until.Sub(now)
			if step := left - (left-1)/time.Minute*time.Minute; next == 0 || step < next {
				next = step
			}
		}
		if text, failing := a.failing(c, now); failing {
			a.failed = append(a.failed, *c)
			words = append(words, text)
		}
	}
	a.Failing = strings.Join(words, " · ")
	if a.Failing == "" {
		app.Notices.Remove(answerBanner)
	} else {
		app.Notices.Put(Banner{
			ID: answerBanner, Tone: Warn, Text: "Failing on purpose: " + a.Failing,
			Action: "End now", Run: a.End,
		})
	}
	if next > 0 {
		a.stop = a.detail.after(next, a.watch)
	}
	a.detail.Changed.Emit()
}

// failing describes a choice that the sender takes as a failure.
func (a *Answer) failing(c *capture.Choice, now time.Time) (text string, failing bool) {
	b := a.detail.app.backend
	name, provider := c.Path, ""
	if e := endpointAt(b.Endpoints(), c.Path); e != nil {
		name, provider = capture.Visible(orElse(e.Name, e.Path)), e.Provider
	}
	preset, ok := b.Set.Preset(provider, c.Preset)
	for _, p := range b.Set.All() {
		if ok {
			break
		}
		// An endpoint that is pinned to nobody answers with the presets of
		// whoever calls.
		preset, ok = b.Set.Preset(p.ID, c.Preset)
	}
	if !ok || !preset.Failing {
		return "", false
	}
	text = name + " " + orElse(preset.Short, preset.ID)
	if !c.Until.IsZero() {
		text += ", " + minutes(c.Until.Sub(now)) + " left"
	}
	return text, true
}

// End takes every failing answer back.
func (a *Answer) End() {
	app := a.detail.app
	b := app.backend
	if b == nil || b.Choose == nil || len(a.failed) == 0 {
		return
	}
	failed := a.failed
	app.run(func(ctx context.Context) func() {
		var failure error
		for _, c := range failed {
			if err := b.Choose(ctx, capture.Choice{Path: c.Path}); err != nil {
				failure = err
			}
		}
		return func() {
			if failure != nil {
				app.Notices.Say(Bad, "The answer could not be changed: "+sentence(failure), "", nil)
			} else {
				app.Notices.Say(Good, "Every endpoint answers as usual again.", "", nil)
			}
			a.watch()
		}
	})
}
