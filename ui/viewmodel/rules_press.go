package viewmodel

import (
	"context"
	"errors"
	"strings"

	"hookglass/capture"
)

// lastOrder is where the engine keeps choices: after all other rules.
const lastOrder = 1 << 40

// stripName names the rule that a press on the strip makes for an endpoint.
func stripName(path string) string { return "At " + path }

// stripRule is the rule that an earlier press made for an endpoint; nil for none.
func (r *Rules) stripRule(path string) *capture.Rule {
	for i := range r.list {
		if rule := &r.list[i].Rule; rule.Endpoint == path && rule.Name == stripName(path) && rule.Filter == "" {
			return rule
		}
	}
	return nil
}

// Press has the endpoints answer as a button says from the next callback on.
// Forward opens the editor: it wants to know where to.
func (s *Strip) Press(id string) {
	r := s.rules
	at := -1
	for i := range s.Buttons {
		if s.Buttons[i].ID == id {
			at = i
		}
	}
	if at < 0 || s.Busy || len(s.paths) == 0 {
		return
	}
	if id == StripForward {
		r.Forward(s.paths[0])
		return
	}
	label, name := s.Buttons[at].Label, s.Name
	steps := make([]func(ctx context.Context, yes capture.Consent) error, 0, len(s.paths))
	for _, path := range s.paths {
		steps = append(steps, r.stripStep(path, id))
	}
	s.Busy = true
	r.Changed.Emit()
	r.consented(capture.Consent{}, func(ctx context.Context, yes capture.Consent) error {
		for _, step := range steps {
			if err := step(ctx, yes); err != nil {
				return err
			}
		}
		return nil
	}, func(err error) {
		s.Busy = false
		switch {
		case errors.Is(err, errAsked):
		case err != nil:
			r.app.Notices.Say(Bad, "The answer could not be changed: "+ruleSentence(err), "", nil)
		default:
			r.app.Notices.Say(Good, pressedWords(name, id, label), "", nil)
		}
		r.look()
		r.app.Detail.Answer.watch()
	})
}

// pressedWords say what a press did.
func pressedWords(name, id, label string) string {
	switch {
	case id == StripUsual:
		return name + " answers as usual from the next callback on."
	case id == StripHold:
		return name + " is held from the next callback on: you answer."
	case strings.HasPrefix(id, stripDrop):
		return name + " from the next callback on: " + strings.ToLower(label[:1]) + label[1:] + "."
	}
	return name + " answers " + label + " from the next callback on."
}

// stripStep is what a press does at one endpoint. What an earlier press made goes.
func (r *Rules) stripStep(path, id string) func(ctx context.Context, yes capture.Consent) error {
	b := r.app.backend
	old := int64(0) // it is done again after a second yes: then it is gone
	if rule := r.stripRule(path); rule != nil {
		old = rule.ID
	}
	until := r.app.config.Now().Add(failingFor)
	preset, isPreset := strings.CutPrefix(id, stripPreset)
	if !isPreset {
		preset = "" // takes a choice back
	}
	if id == StripUsual || isPreset {
		choice := capture.Choice{Path: path, Preset: preset}
		if p := r.preset(path, preset); p != nil && p.Failing {
			choice.Until = until
		}
		return func(ctx context.Context, yes capture.Consent) error {
			if err := chooseAs(ctx, b, choice, yes); err != nil || old == 0 {
				return err
			}
			err := b.RemoveRule(ctx, old)
			if err == nil {
				old = 0
			}
			return err
		}
	}
	rule := capture.Rule{ID: old, Name: stripName(path), Enabled: true, Endpoint: path, Kind: capture.RuleHold, End: capture.RuleEnd{Until: until}}
	if how, isDrop := strings.CutPrefix(id, stripDrop); isDrop {
		rule.Kind, rule.Params.Drop = capture.RuleDrop, capture.Drop(how)
	}
	return func(ctx context.Context, yes capture.Consent) error {
		id, err := b.PutRule(ctx, rule, yes)
		if err != nil {
			return err
		}
		rule.ID = id
		return b.Choose(ctx, capture.Choice{Path: path})
	}
}

// chooseAs makes a choice; one that a person has said a second yes to is kept as
// the rule that it is.
func chooseAs(ctx context.Context, b *Backend, c capture.Choice, yes capture.Consent) error {
	err := b.Choose(ctx, c)
	var live *capture.LiveError
	if !yes.Live || !errors.As(err, &live) {
		return err
	}
	if err := b.Choose(ctx, capture.Choice{Path: c.Path}); err != nil {
		return err
	}
	_, err = b.PutRule(ctx, capture.Rule{
		Name: c.Path, Enabled: true, Order: lastOrder, Endpoint: c.Path, Kind: capture.RulePreset,
		Params: capture.RuleParams{Answer: capture.RuleAnswer{Preset: c.Preset, Message: c.Message, Failing: true}},
		End:    capture.RuleEnd{Until: c.Until},
	}, yes)
	return err
}

// Forward begins a rule that lets a person's own app answer an endpoint.
func (r *Rules) Forward(path string) {
	old := r.stripRule(path)
	r.Open()
	r.begin(func() *RuleDraft {
		rule := capture.Rule{Name: stripName(path), Enabled: true, Endpoint: path, Kind: capture.RuleForward}
		rule.Params.Forward.URL = r.app.lastTarget()
		if old != nil {
			rule.ID, rule.Order = old.ID, old.Order
			if old.Kind == capture.RuleForward {
				rule = *old
			}
		}
		d := draftOf(&rule, r.app.config.Now())
		if d.ID != 0 {
			d.first.Kind = "" // it is another rule already, so that it can be kept
		}
		return d
	})
}

// lastTarget is where something was sent last, without its path: a good guess of
// where the person's own app is.
func (a *App) lastTarget() string {
	for _, target := range a.Preferences.Targets {
		if capture.Loopback(target) {
			return target
		}
	}
	return "http://localhost:3000"
}
