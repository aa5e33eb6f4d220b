package viewmodel

import (
	"context"
	"errors"
	"slices"

	"hookglass/capture"
)

// consented does an act that may want a second yes. Where it does, a person is
// asked, and it is done again with that yes; no is the end of it.
func (r *Rules) consented(yes capture.Consent, act func(ctx context.Context, yes capture.Consent) error, done func(err error)) {
	r.app.run(func(ctx context.Context) func() {
		err := act(ctx, yes)
		return func() {
			var live *capture.LiveError
			var remote *capture.RemoteError
			again := yes
			switch {
			case errors.As(err, &live) && !yes.Live:
				again.Live = true
			case errors.As(err, &remote) && !yes.Remote:
				again.Remote = true
			default:
				done(err)
				return
			}
			done(errAsked)
			r.app.Confirm(consentQuestion(live, remote), sentence(err), "Do it all the same", true, func() {
				r.consented(again, act, done)
			})
		}
	})
}

// errAsked says that a person was asked first: nothing is done yet, and nothing is
// wrong.
var errAsked = errors.New("a second yes is wanted")

func consentQuestion(live *capture.LiveError, remote *capture.RemoteError) string {
	if live != nil {
		return "Fail real callbacks at " + capture.Visible(live.Path) + "?"
	}
	return "Send callbacks to " + shorten(capture.Visible(remote.Host), 40) + "?"
}

// Save keeps the draft; it holds from the next callback on.
func (r *Rules) Save() {
	d, b := r.Draft, r.app.backend
	if !r.CanSave() || b == nil || b.PutRule == nil {
		return
	}
	rule, problems := r.made(d)
	if len(problems) > 0 {
		d.Problems = problems
		r.Changed.Emit()
		return
	}
	d.Saving = true
	r.Changed.Emit()
	id := int64(0)
	act := func(ctx context.Context, yes capture.Consent) error {
		var err error
		id, err = b.PutRule(ctx, rule, yes)
		return err
	}
	r.consented(capture.Consent{Forever: !rule.End.Named()}, act, func(err error) {
		d.Saving = false
		switch {
		case errors.Is(err, errAsked):
		case err != nil:
			d.Problems[FieldRule] = ruleSentence(err)
		default:
			r.saved(d, id)
			return
		}
		r.Changed.Emit()
	})
}

func (r *Rules) saved(d *RuleDraft, id int64) {
	r.look()
	if r.Draft == d {
		r.At = id
		r.List++
		if state := r.find(id); state != nil {
			r.edit(draftOf(&state.Rule, r.app.config.Now()))
		} else {
			r.edit(nil)
		}
	}
	words := "The rule is in force from the next callback on."
	if state := r.find(id); state != nil && !state.Active {
		words = "The rule is kept; it is off."
	}
	r.say(Good, words, nil)
}

// act changes a rule that there is, one act at a time.
func (r *Rules) act(id int64, yes capture.Consent, change func(ctx context.Context, yes capture.Consent) error, done func()) {
	if r.busy[id] {
		return
	}
	r.busy[id] = true
	r.consented(yes, change, func(err error) {
		delete(r.busy, id)
		switch {
		case errors.Is(err, errAsked):
		case err != nil:
			r.say(Bad, "The rule could not be changed: "+ruleSentence(err), nil)
			r.look()
		default:
			r.look()
			r.refreshed(id)
			if done != nil {
				done()
			}
		}
	})
}

// refreshed shows a rule as it is now in the editor, unless something would be
// lost.
func (r *Rules) refreshed(id int64) {
	if d, state := r.Draft, r.find(id); d != nil && state != nil && d.ID == id && !d.Dirty() && !d.Saving {
		r.edit(draftOf(&state.Rule, r.app.config.Now()))
	}
}

// Toggle switches a rule on or off.
func (r *Rules) Toggle(id int64) {
	state, b := r.find(id), r.app.backend
	if state == nil || b.EnableRule == nil {
		return
	}
	on := !state.Rule.Enabled || state.Rule.End.Over(r.app.config.Now())
	r.act(id, capture.Consent{Forever: !state.Rule.End.Named()}, func(ctx context.Context, yes capture.Consent) error {
		return b.EnableRule(ctx, id, on, yes)
	}, func() {
		words := "It is off."
		if on {
			words = "It is on from the next callback on."
		}
		r.say(Plain, words, nil)
	})
}

// CanMove reports whether a rule can be asked earlier or later: choices stay last.
func (r *Rules) CanMove(id int64, by int) bool {
	at := -1
	for i := range r.Rows {
		if r.Rows[i].ID == id {
			at = i
		}
	}
	to := at + by
	return at >= 0 && to >= 0 && to < len(r.Rows) && !r.Rows[at].Choice && !r.Rows[to].Choice
}

// Move moves a rule by places in the order in which rules are asked.
func (r *Rules) Move(id int64, by int) {
	b := r.app.backend
	if !r.CanMove(id, by) || b.MoveRule == nil {
		return
	}
	r.act(id, capture.Consent{}, func(ctx context.Context, _ capture.Consent) error { return b.MoveRule(ctx, id, by) }, nil)
}

// Reset lets a rule count from the start.
func (r *Rules) Reset(id int64) {
	b := r.app.backend
	if r.find(id) == nil || b.ResetRule == nil {
		return
	}
	r.act(id, capture.Consent{}, func(ctx context.Context, _ capture.Consent) error { return b.ResetRule(ctx, id) }, func() {
		r.say(Good, "It counts from the start again.", nil)
	})
}

// CanReset reports whether a rule counts something.
func (r *Rules) CanReset(id int64) bool {
	state := r.find(id)
	return state != nil && (state.Rule.Kind == capture.RuleSequence || state.Rule.End.Count > 0)
}

// Remove takes a rule away; the toast brings it back.
func (r *Rules) Remove(id int64) {
	state, b := r.find(id), r.app.backend
	if state == nil || b.RemoveRule == nil {
		return
	}
	kept := state.Rule
	at := slices.IndexFunc(r.Rows, func(row RuleRow) bool { return row.ID == id })
	r.act(id, capture.Consent{}, func(ctx context.Context, _ capture.Consent) error { return b.RemoveRule(ctx, id) }, func() {
		if n := len(r.Rows); r.Draft == nil && r.At == 0 && n > 0 {
			r.Choose(r.Rows[min(max(at, 0), n-1)].ID)
		}
		r.say(Plain, "Removed "+quoted(ruleName(&kept))+".", func() { r.bringBack(kept) })
	})
}

// bringBack puts a removed rule to its place again: whoever removed it had it in
// force, so that the yes it was given still counts.
func (r *Rules) bringBack(kept capture.Rule) {
	b := r.app.backend
	kept.ID = 0
	r.act(-1, capture.Consent{Forever: true}, func(ctx context.Context, yes capture.Consent) error {
		_, err := b.PutRule(ctx, kept, yes)
		return err
	}, nil)
}
