package viewmodel

import (
	"context"
	"slices"
	"strings"

	"hookglass/capture"
)

// Rules shows what is answered instead of what the senders take as success: what
// each endpoint answers now, the rules in their order, and the one that is being
// written.
type Rules struct {
	Glance []EndpointGlance
	Rows   []RuleRow
	At     int64      // ID of the row that the keys work on; 0 for none
	Draft  *RuleDraft // what the editor shows; nil for nothing
	Strip  *Strip

	// Write and List count up whenever the keyboard is to go to the editor, or back
	// to the rules.
	Write, List int

	// Said is what was done last, while the rules are open: a toast would lie behind
	// them.
	Said RuleSaid

	Changed Signal

	app  *App
	list []capture.RuleState
	busy map[int64]bool // rules on which an act is on its way
	stop func() bool    // the timer of what is left

	meanings map[string]filterMeaning // of filters, by their text

	typed   int // of the draft; the last one is tried
	trying  context.CancelFunc
	pending bool // what was typed while a try ran waits
}

// RuleSaid says what was done, with a way back where there is one.
type RuleSaid struct {
	Tone Tone
	Text string // "" for nothing
	Undo func() // nil for none
}

func newRules(a *App) *Rules {
	r := &Rules{app: a, busy: map[int64]bool{}, stop: func() bool { return true }}
	r.Strip = newStrip(r)
	a.Detail.Changed.Listen(r.moved)
	a.List.Changed.Listen(r.moved)
	a.Changed.Listen(func() {
		if a.Dialog != DialogRules {
			r.Said = RuleSaid{}
		}
	})
	return r
}

func (r *Rules) attached() { r.look() }

// look takes over the rules as they are now.
func (r *Rules) look() {
	b := r.app.backend
	if b == nil || r.app.ctx.Err() != nil {
		return
	}
	if b.Rules != nil {
		r.list = slices.Clone(b.Rules())
	}
	if r.At != 0 && r.find(r.At) == nil {
		r.At = 0
	}
	if d := r.Draft; d != nil && d.ID != 0 && !d.Saving && r.find(d.ID) == nil {
		r.Draft = nil // somebody else removed it
		r.stopTrying()
	}
	r.follow()
	r.show()
}

// follow has the draft know of what others change of its rule, and leaves what is
// typed alone.
func (r *Rules) follow() {
	d := r.Draft
	if d == nil || d.ID == 0 || d.Saving {
		return
	}
	state := r.find(d.ID)
	switch {
	case state == nil || state.Rule.Kind != d.was.Kind: // what is typed takes its place
	case d.Dirty():
		d.was.Enabled, d.was.Order, d.was.Hits, d.was.End = state.Rule.Enabled, state.Rule.Order, state.Rule.Hits, state.Rule.End
	default:
		if now := draftOf(&state.Rule, r.app.config.Now()); now.RuleFields != d.RuleFields && r.app.Dialog == DialogRules {
			r.edit(now)
		} else if now.RuleFields == d.RuleFields {
			d.was = state.Rule
		}
	}
}

// show writes everything anew, and does so again when a minute of what is left
// has passed.
func (r *Rules) show() {
	r.stop()
	r.stop = func() bool { return true }
	now := r.app.config.Now()
	r.Rows = r.rows(now)
	r.Glance = r.glance(now)
	r.Strip.show()
	if next := r.next(now); next > 0 {
		r.stop = r.app.Detail.after(next, r.look)
	}
	r.Changed.Emit()
	r.app.Sidebar.Changed.Emit()
}

// moved is told that the detail shows something else.
func (r *Rules) moved() {
	if r.Strip.follow() {
		r.Changed.Emit()
	}
	if d := r.Draft; d != nil && r.app.Dialog == DialogRules && d.callback != r.app.Detail.ID {
		r.try()
	}
}

// find returns the state of a rule, or nil.
func (r *Rules) find(id int64) *capture.RuleState {
	for i := range r.list {
		if r.list[i].Rule.ID == id {
			return &r.list[i]
		}
	}
	return nil
}

// index is the place of the chosen row, or -1.
func (r *Rules) index() int {
	return slices.IndexFunc(r.Rows, func(row RuleRow) bool { return row.ID == r.At && r.At != 0 })
}

// Index is the place of the row that the keys work on, or -1.
func (r *Rules) Index() int { return r.index() }

// Open shows the rules.
func (r *Rules) Open() {
	r.app.Open(DialogRules)
	r.look()
}

// Ready reports whether there is an engine that keeps rules.
func (r *Rules) Ready() bool { return r.app.backend != nil && r.app.backend.Rules != nil }

// ShowRule opens the rules at one of them; 0 opens them as they were left.
func (r *Rules) ShowRule(id int64) {
	r.Open()
	if id != 0 && r.find(id) != nil {
		r.Choose(id)
	}
}

// ShowEndpoint opens the rule that an endpoint answers by now, or begins one.
func (r *Rules) ShowEndpoint(path string) {
	for i := range r.Glance {
		if g := &r.Glance[i]; g.Path == path {
			if g.Rule != 0 {
				r.ShowRule(g.Rule)
			} else {
				r.Open()
				r.begin(func() *RuleDraft {
					d := r.newDraft()
					d.Endpoint = path
					return d
				})
			}
			return
		}
	}
}

// Choose has the keys work on a rule, and the editor show it. What was changed
// and not saved in the editor is asked about first.
func (r *Rules) Choose(id int64) {
	state := r.find(id)
	if state == nil || id == r.At && r.Draft != nil && r.Draft.ID == id {
		return
	}
	r.leave(func() {
		if state := r.find(id); state != nil {
			r.At = id
			r.edit(draftOf(&state.Rule, r.app.config.Now()))
		}
	})
}

// Step has the keys work on the next rule, or with -1 on the one before.
func (r *Rules) Step(by int) {
	if len(r.Rows) == 0 {
		return
	}
	to := 0
	if at := r.index(); at >= 0 {
		to = min(max(at+by, 0), len(r.Rows)-1)
	}
	r.Choose(r.Rows[to].ID)
}

// Edit gives the keyboard to the editor, which shows the chosen rule.
func (r *Rules) Edit() {
	if r.Draft == nil && r.At != 0 {
		r.Choose(r.At)
	}
	if r.Draft != nil {
		r.Write++
		r.Changed.Emit()
	}
}

// New begins a rule: at the endpoint of the callback that is shown, where there is
// one.
func (r *Rules) New() {
	r.Open()
	r.begin(r.newDraft)
}

// Make begins a rule for callbacks such as the one that is shown: of its sender,
// with its event and its order, at its endpoint.
func (r *Rules) Make() {
	page := r.app.Detail.Page
	if page == nil || !r.Ready() {
		return
	}
	x := page.material.exchange
	r.Open()
	r.begin(func() *RuleDraft {
		d := r.newDraft()
		d.Filter = likeFilter(x)
		if page.material.endpoint != nil {
			d.Endpoint = page.material.endpoint.Path
		}
		return d
	})
}

// CanMake reports whether there is a callback to make a rule from.
func (r *Rules) CanMake() bool { return r.Ready() && r.app.Detail.Page != nil }

// likeFilter finds callbacks that say the same as one. Its words are quoted where
// the language would take them for something else.
func likeFilter(x *capture.Exchange) string {
	a := &x.Annotation
	var terms []string
	for _, t := range [...]struct{ name, value string }{{"provider", a.Provider}, {"event", a.Event}, {"order", a.Order}} {
		if t.value == "" {
			continue
		}
		for _, term := range [...]string{t.name + ":" + t.value, t.name + `:"` + t.value + `"`} {
			if filter, err := capture.ParseFilter(term); err == nil && len(filter.Terms()) == 1 && filter.Match(x, x.Request.Received) {
				terms = append(terms, term)
				break
			}
		}
	}
	return strings.Join(terms, " ")
}

// begin has the editor show a new rule, with the keyboard in it.
func (r *Rules) begin(draft func() *RuleDraft) {
	r.leave(func() {
		d := draft()
		r.At = d.ID
		r.Write++
		r.edit(d)
	})
}

// say tells what was done: over the rules where they are open, else as a toast.
func (r *Rules) say(tone Tone, text string, undo func()) {
	if r.app.Dialog == DialogRules {
		r.Said = RuleSaid{Tone: tone, Text: text, Undo: undo}
		r.Changed.Emit()
		return
	}
	action := ""
	if undo != nil {
		action = "Undo"
	}
	r.app.Notices.Say(tone, text, action, undo)
}

// Undo brings back what was removed last.
func (r *Rules) Undo() {
	if undo := r.Said.Undo; undo != nil {
		r.Said = RuleSaid{}
		undo()
	}
}

// leave does what takes the draft away, after asking where that would lose
// something.
func (r *Rules) leave(then func()) {
	if d := r.Draft; d == nil || !d.Dirty() {
		then()
		return
	}
	r.app.Confirm("Leave what you changed?", "The rule "+quoted(r.Draft.title())+" was changed and not saved.", "Leave it", false, then)
}
