package viewmodel

import (
	"context"
	"slices"
	"strings"
	"time"

	"hookglass/capture"
)

// CompareWith is a callback that another one can be compared with.
type CompareWith struct {
	Title, Hint string

	first, second int64
}

// Chosen compares the two callbacks that are selected; or the one that is, with
// what belongs to it: what it was resent from, the attempt before, its resends.
func (c *Comparison) Chosen() {
	chosen := c.app.List.Chosen()
	switch len(chosen) {
	case 0:
	case 1:
		c.partners(chosen[0])
	case 2:
		c.Open(chosen[0], chosen[1])
	default:
		c.app.Notices.Say(Warn, groupDigits(int64(len(chosen)))+" callbacks are selected. Select two to compare them.", "", nil)
	}
}

// Shown compares the callback that is shown with what belongs to it.
func (c *Comparison) Shown() {
	if page := c.app.Detail.Page; page != nil {
		c.choose(compareWith(page.material, c.app.style()))
	}
}

// WithOriginal compares a resend of the callback that is shown with that.
func (c *Comparison) WithOriginal(resend int64) {
	if page := c.app.Detail.Page; page != nil {
		c.Open(page.ID, resend)
	}
}

// partners finds those that a callback can be compared with.
func (c *Comparison) partners(id int64) {
	b, style := c.app.backend, c.app.style()
	if page := c.app.Detail.Page; page != nil && page.ID == id {
		c.choose(compareWith(page.material, style))
		return
	}
	c.app.run(func(ctx context.Context) func() {
		x, err := b.Store.Exchange(ctx, id)
		var m *material
		if err == nil {
			m, err = gather(ctx, b, x)
		}
		return func() {
			if err != nil {
				c.fail(err)
				if c.Problem != "" {
					c.app.Notices.Say(Warn, c.Problem, "", nil)
					c.Problem = ""
				}
				return
			}
			c.choose(compareWith(m, style))
		}
	})
}

// choose compares with the only one there is, or asks which.
func (c *Comparison) choose(with []CompareWith) {
	c.With = with
	switch len(with) {
	case 0:
		c.app.Notices.Say(Secondary, "There is nothing that belongs to this callback. Select a second one as well, with Ctrl and a click, and press d again.", "", nil)
	case 1:
		c.Pick(0)
	default:
		c.app.Open(DialogCompareWith)
	}
}

// Pick compares with one of With.
func (c *Comparison) Pick(i int) {
	if i >= 0 && i < len(c.With) {
		c.Open(c.With[i].first, c.With[i].second)
	}
}

// Find returns which of With have every word of a query.
func (c *Comparison) Find(query string) []int {
	var found []int
	words := strings.Fields(strings.ToLower(query))
	for i := range c.With {
		text := strings.ToLower(c.With[i].Title + " " + c.With[i].Hint)
		if !slices.ContainsFunc(words, func(word string) bool { return !strings.Contains(text, word) }) {
			found = append(found, i)
		}
	}
	return found
}

// compareWith are those that a callback can be compared with, the likeliest first.
func compareWith(m *material, s style) []CompareWith {
	x := m.exchange
	var with []CompareWith
	if x.Via == capture.ViaReplay && x.Origin != 0 {
		with = append(with, CompareWith{Title: "What was resent", Hint: "the original", first: x.Origin, second: x.ID})
	}
	if m.previous != 0 {
		with = append(with, CompareWith{Title: "The attempt before", Hint: "of the same delivery", first: m.previous, second: x.ID})
	}
	for i := len(m.resends) - 1; i >= 0; i-- {
		r := &m.resends[i]
		text := noAnswer(r.State, r.Error)
		if r.Response != nil {
			text = statusLine(r.Response.Status)
		}
		with = append(with, CompareWith{
			Title: "Its resend of " + r.Request.Received.In(s.zone).Format(time.TimeOnly),
			Hint:  text + ", to " + capture.Visible(capture.MaskTarget(resendTarget(&r.Request))),
			first: x.ID, second: r.ID,
		})
	}
	return with
}

// commands are what the window does with two callbacks.
func (c *Comparison) commands() []Command {
	return []Command{{
		ID: "callback.compare", Title: "Compare the callback, or the two selected", Place: "Callback", Icon: "diff", Keys: []Key{"d"},
		Ready: func() bool { return c.app.backend != nil && len(c.app.List.selected) > 0 }, Run: c.Chosen,
	}}
}
