package viewmodel

import (
	"context"
	"strconv"
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
	a.ending = a.failingRules()
	for i := range a.ending {
		r := &a.ending[i]
		words = append(words, a.failingRule(r, now))
		if !r.End.Until.IsZero() {
			left := r.End.Until.Sub(now)
			if step := left - (left-1)/time.Minute*time.Minute; next == 0 || step < next {
				next = step
			}
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

// RulesChanged tells that rules have changed or ended. It may be called from any
// goroutine and does not block.
func (a *App) RulesChanged() { a.config.Do(a.Detail.Answer.rulesChanged) }

func (a *Answer) rulesChanged() {
	if a.detail.app.backend != nil { // else attached looks
		a.watch()
		a.detail.app.Rules.look()
	}
}

func (a *Answer) failingRules() []capture.Rule {
	b := a.detail.app.backend
	if b == nil || b.Failing == nil {
		return nil
	}
	return b.Failing()
}

// failingRule describes a rule that fails on purpose: "KornitX down 503, 12
// callbacks or 18 min left".
func (a *Answer) failingRule(r *capture.Rule, now time.Time) string {
	name := capture.Visible(r.Name)
	if name == "" || name == stripName(r.Endpoint) {
		name = a.detail.app.Rules.where(r.Endpoint)
	}
	text := shorten(name, 40) + failingHow(r)
	var left []string
	if n, counted := r.End.Left(); counted {
		callbacks := " callbacks"
		if n == 1 {
			callbacks = " callback"
		}
		left = append(left, strconv.Itoa(n)+callbacks)
	}
	if !r.End.Until.IsZero() {
		left = append(left, minutes(r.End.Until.Sub(now)))
	}
	if len(left) > 0 {
		text += ", " + strings.Join(left, " or ") + " left"
	}
	return text
}

// failingHow says in a word how a rule fails its sender: " 503", " holds".
func failingHow(r *capture.Rule) string {
	switch r.Kind {
	case capture.RuleHold:
		return " holds"
	case capture.RuleDrop:
		return " cuts off"
	case capture.RulePreset, capture.RuleFixed, capture.RuleDelayed, capture.RuleSequence, capture.RuleForward:
	}
	for _, answer := range r.Answers() {
		if answer.Failing || answer.Status >= 400 {
			return " " + orElse(capture.Visible(answer.Preset), strconv.Itoa(answer.Status))
		}
	}
	return ""
}

// End takes every failing answer back, and switches every failing rule off.
func (a *Answer) End() {
	app := a.detail.app
	b := app.backend
	if b == nil || len(a.failed)+len(a.ending) == 0 {
		return
	}
	failed, ending := a.failed, a.ending
	app.run(func(ctx context.Context) func() {
		var failure error
		for _, c := range failed {
			if err := b.Choose(ctx, capture.Choice{Path: c.Path}); err != nil {
				failure = err
			}
		}
		for i := range ending {
			if err := b.EndRule(ctx, ending[i].ID); err != nil {
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
