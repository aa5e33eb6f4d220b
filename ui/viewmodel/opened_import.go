package viewmodel

import (
	"context"
	"errors"
	"slices"
	"strings"

	"hookglass/capture"
)

// rule describes a rule of the file: it is a stranger's.
func (o *Opened) rule(r *capture.Rule) OpenedRule {
	rules := o.app.Rules
	text := rules.where(r.Endpoint) + "  ·  " + rules.meaning(r.Filter).words
	if short := rules.short(r); short != "" {
		text = short + "  ·  " + text
	}
	return OpenedRule{Title: shorten(capture.Visible(ruleName(r)), 80), Text: shorten(text, maxFactText)}
}

// Review opens the dialog that imports: a name, the rules, what was not read.
func (o *Opened) Review() {
	if o.opening != nil {
		o.app.Open(DialogOpened)
		o.Changed.Emit()
	}
}

// SetName names the session that the file becomes.
func (o *Opened) SetName(name string) { o.Name = name }

// SetVerify says whether proofs are checked again.
func (o *Opened) SetVerify(on bool) { o.Verify = on }

// Want says whether a rule comes in.
func (o *Opened) Want(i int, on bool) {
	if i >= 0 && i < len(o.Rules) && o.Rules[i].Wanted != on {
		o.Rules[i].Wanted = on
		o.Changed.Emit()
	}
}

// Skipped are the parts of the file that were not read.
func (o *Opened) Skipped() []capture.SkippedPart {
	if o.opening == nil {
		return nil
	}
	list := slices.Clone(o.opening.Skipped)
	for i := range list {
		list[i].Where = shorten(capture.Visible(list[i].Where), maxRowText)
		list[i].Why = shorten(capture.Visible(list[i].Why), maxFactText)
	}
	return list
}

// Facts tell of the file: who, when, how redacted, how much.
func (o *Opened) Facts() []DetailFact {
	if o.opening == nil {
		return nil
	}
	style := o.app.style()
	var facts []DetailFact
	if origin := o.opening.Session.Origin; origin != nil {
		facts = originFacts(origin, style)
	}
	add := func(label, value, note string) {
		if value != "" {
			facts = append(facts, DetailFact{Label: label, Value: value, Copy: value, Note: note})
		}
	}
	stats := &o.opening.Stats
	add("Callbacks", groupDigits(stats.Exchanges), "")
	if n := o.opening.Duplicates; n > 0 {
		add("Here already", groupDigits(n), "They are not kept twice.")
	}
	if stats.Failed > 0 {
		add("Proof failed", groupDigits(stats.Failed), "")
	}
	add("Captured", timeSpan(stats.First, stats.Last, style), "")
	return facts
}

// Redacted reports whether something was taken out of the file before it was
// shared: then no proof can be checked again.
func (o *Opened) Redacted() bool {
	return o.opening != nil && o.opening.Session.Origin != nil && o.opening.Session.Origin.Redaction != ""
}

// Import makes the file a session of ours, with the rules that are wanted.
func (o *Opened) Import() {
	b := o.app.backend
	if b == nil || b.ImportOpened == nil || o.opening == nil || o.Busy != "" {
		return
	}
	how := capture.Importing{Session: o.opening.Session.ID, Name: strings.TrimSpace(o.Name), Verify: o.Verify}
	for i := range o.Rules {
		if o.Rules[i].Wanted {
			how.Rules = append(how.Rules, i)
		}
	}
	ctx, serial := o.begin("Importing “" + o.title() + "” …")
	progress := o.progress(serial)
	o.app.run(func(context.Context) func() {
		report, err := b.ImportOpened(ctx, how, progress)
		return func() {
			if serial != o.serial {
				if err == nil && o.Busy == "" && o.Session() == how.Session {
					o.imported(&report) // it was done before it was stopped
				}
				return
			}
			o.end()
			switch {
			case errors.Is(err, context.Canceled):
			case err != nil:
				o.Problem = "Not imported: " + capture.Visible(sentence(err))
				o.app.Notices.Say(Bad, o.Problem, "", nil)
			default:
				o.imported(&report)
			}
			o.Changed.Emit()
		}
	})
}

// imported shows the session that the file has become.
func (o *Opened) imported(report *capture.ImportReport) {
	if o.app.Dialog == DialogOpened {
		o.app.Open(NoDialog)
	}
	o.opening = nil
	text := "Imported " + groupDigits(report.Kept) + " " + plural("callback", report.Kept) + "."
	switch n := report.Duplicates; {
	case report.Kept == 0 && n > 0:
		text = "Nothing was imported: " + groupDigits(n) + " " + plural("callback", n) + hereAlready(n)
	case n > 0:
		text += " " + groupDigits(n) + hereAlready(n)
	}
	if report.Rules > 0 {
		text += " " + counted(report.Rules, "rule") + " came in, switched off."
	}
	o.app.Rules.look()
	sessions := o.app.Sessions
	shown := report.Session.ID
	sessions.look(func() {
		if report.Kept == 0 || sessions.find(shown) == nil {
			sessions.back()
		} else if sessions.Shown == shown {
			sessions.app.List.sessionChanged() // duplicates are gone
		} else {
			sessions.Show(shown)
		}
		o.app.Notices.Say(Good, text, "", nil)
		o.app.Detail.Refresh()
		o.next()
	})
}

func hereAlready(n int64) string {
	if n == 1 {
		return " was here already."
	}
	return " were here already."
}

// Close removes the file: nothing of it stays.
func (o *Opened) Close() {
	if o.opening == nil || o.Busy != "" {
		return
	}
	id := o.opening.Session.ID
	if o.app.Dialog == DialogOpened {
		o.app.Open(NoDialog)
	}
	o.opening, o.Rules = nil, nil
	if o.app.Sessions.Shown == id {
		o.app.Sessions.back()
	}
	o.remove(id)
	o.Changed.Emit()
}

// remove takes a staged session away, and opens what waits.
func (o *Opened) remove(id int64) {
	b := o.app.backend
	o.app.run(func(ctx context.Context) func() {
		var err error
		if b.CloseOpened != nil {
			err = b.CloseOpened(ctx, id)
		}
		return func() {
			if err != nil && !errors.Is(err, context.Canceled) {
				o.app.Notices.Say(Warn, "What was opened is removed at the next start: "+sentence(err), "", nil)
			}
			o.app.Sessions.look(nil)
			o.next()
		}
	})
}
