package viewmodel

import (
	"context"
	"errors"
	"maps"

	"hookglass/capture"
	"hookglass/capture/compare"
	"hookglass/store"
)

// Comparison shows how two callbacks differ: their requests and their answers. It
// holds both while its dialog is open, and nothing else.
type Comparison struct {
	Sides [2]CompareSide // the first and the second; zero until they are read

	// Summary says in a line how they differ, "" until that is known; Tone is Good
	// where they do not.
	Summary string
	Tone    Tone

	Busy    string // what is being done; "" while nothing is
	Problem string // why they cannot be compared; "" where they can

	At      int // the row that the keys work on
	Changes int // how many places differ
	Change  int // which of them At is in, from 1; 0 for none

	// With are those that the callback that is shown can be compared with.
	With []CompareWith

	// Said is what was copied last, until the keys move on: a toast would lie behind
	// the dialog.
	Said string

	// Changed tells of everything but At, and Moved of that.
	Changed, Moved Signal

	app      *App
	ids      [2]int64
	pair     [2]*material
	keys     map[string]string // of arrays, as compare.Options has them
	reveal   bool
	compared *compare.Comparison
	layout   compareLayout
	wide     bool

	serial  int
	running bool
	cancel  context.CancelFunc
}

// CompareSide is one of the two.
type CompareSide struct {
	ID             int64
	Method, Path   string
	Pill           string
	PillTone       Tone
	Provider       string
	Hue            int
	Event          string
	Time, TimeTip  string
	Note           string // "attempt 2", "resent to http://localhost:3000/x"; "" for nothing
	Size, SizeNote string
}

func newCompare(a *App) *Comparison {
	c := &Comparison{app: a, cancel: func() {}, wide: true}
	a.Changed.Listen(func() {
		if a.Dialog != DialogCompare && c.ids[0] != 0 {
			c.drop()
		}
	})
	return c
}

// drop forgets both callbacks, which may be large, and stops what runs.
func (c *Comparison) drop() {
	c.cancel()
	c.serial++
	c.running = false
	c.ids, c.pair, c.Sides = [2]int64{}, [2]*material{}, [2]CompareSide{}
	c.compared, c.layout, c.keys = nil, compareLayout{}, nil
	c.Summary, c.Said, c.Busy, c.Problem, c.At, c.Changes, c.Change = "", "", "", "", 0, 0, 0
	c.Changed.Emit()
}

// Open compares two callbacks, the first with the second. Secrets are shown where
// the callback that is shown, one of the two, shows them.
func (c *Comparison) Open(first, second int64) {
	if c.app.backend == nil || first == 0 || second == 0 || first == second {
		return
	}
	c.drop()
	d := c.app.Detail
	c.ids = [2]int64{first, second}
	c.reveal = d.Secrets && (d.ID == first || d.ID == second)
	c.app.Open(DialogCompare)
	c.load()
}

// Close takes the dialog away; what is being computed ends.
func (c *Comparison) Close() { c.app.Open(NoDialog) }

// work runs a job that ends early when the dialog closes. What it takes is told
// where it takes longer than a blink.
func (c *Comparison) work(what string, job func(ctx context.Context) func()) {
	c.cancel()
	c.serial++
	c.running = true
	serial := c.serial
	ctx, cancel := context.WithCancel(c.app.ctx)
	c.cancel = cancel
	stop := c.app.Detail.after(blink, func() {
		if c.serial == serial {
			c.Busy = what
			c.Changed.Emit()
		}
	})
	c.app.run(func(context.Context) func() {
		done := job(ctx)
		cancel()
		return func() {
			stop()
			if c.serial != serial {
				return
			}
			c.serial++ // the timer may be under way
			c.Busy, c.running = "", false
			if done != nil {
				done()
			}
			c.Changed.Emit()
		}
	})
}

// load reads both callbacks, and compares them.
func (c *Comparison) load() {
	b, ids, style := c.app.backend, c.ids, c.app.style()
	c.work("Reading the two callbacks …", func(ctx context.Context) func() {
		var pair [2]*material
		var sides [2]CompareSide
		for i, id := range ids {
			x, err := b.Store.Exchange(ctx, id)
			if err == nil {
				pair[i], err = gather(ctx, b, x)
			}
			if err != nil {
				return func() { c.fail(err) }
			}
			sides[i] = compareSide(pair[i], style)
		}
		return func() {
			c.pair, c.Sides = pair, sides
			c.compute()
		}
	})
}

// fail says why there is nothing to show.
func (c *Comparison) fail(err error) {
	switch {
	case errors.Is(err, context.Canceled):
	case errors.Is(err, store.ErrNotFound):
		c.Problem = "One of the two is gone: it was deleted, or retention has removed it."
	default:
		c.Problem = sentence(err)
	}
}

// compute compares the two that were read.
func (c *Comparison) compute() {
	a, b := c.pair[0], c.pair[1]
	options := compare.Options{ArrayKey: c.keys, Reveal: c.reveal, Mask: c.app.backend.Mask}
	for _, m := range c.pair {
		options.Secrets = append(options.Secrets, m.look.Decoding.Sensitive...)
	}
	what := "Comparing " + c.Sides[0].Size + " with " + c.Sides[1].Size + " …"
	wide := c.wide
	c.work(what, func(ctx context.Context) func() {
		compared, err := compare.Exchanges(ctx, a.exchange, b.exchange, options)
		if err != nil {
			return func() { c.fail(err) }
		}
		layout := compareLayout{sections: newCompareSections(compared, options.ArrayKey)}
		layout.lay(wide)
		return func() {
			c.compared = compared
			c.Summary, c.Tone = compareSummary(compared)
			c.layout, c.Changes, c.At = layout, len(layout.changes), 0
			if c.wide != wide { // the window has changed meanwhile
				c.lay()
			}
			if len(c.layout.changes) > 0 {
				c.At = c.layout.changes[0].from
			}
			c.place()
		}
	})
}

// TellApart has the elements of an array told apart by one of their keys, or with
// "" by their position, and compares anew.
func (c *Comparison) TellApart(path, key string) {
	if c.pair[0] == nil || c.running {
		return
	}
	keys := maps.Clone(c.keys)
	if keys == nil {
		keys = map[string]string{}
	}
	if key == "" {
		delete(keys, path)
	} else {
		keys[path] = key
	}
	c.keys = keys
	c.compute()
}

// changed is told which exchanges have changed: a resend may have got its answer.
func (c *Comparison) changed(ids []int64) {
	for _, id := range ids {
		if c.compared != nil && !c.running && (id == c.ids[0] || id == c.ids[1]) && c.stale(id) {
			c.load()
			return
		}
	}
}

// stale reports whether what is shown of a callback can still get an answer.
func (c *Comparison) stale(id int64) bool {
	for _, m := range c.pair {
		if m != nil && m.exchange.ID == id {
			return m.exchange.State == capture.StateReceived || m.exchange.State == capture.StateHeld
		}
	}
	return false
}

func compareSide(m *material, s style) CompareSide {
	h := newDetailHead(m, s)
	side := CompareSide{
		ID: m.exchange.ID, Method: h.Method, Path: h.Path, Pill: h.Pill, PillTone: h.PillTone,
		Provider: h.Provider, Hue: h.Hue, Event: h.Event, Time: h.Time, TimeTip: h.TimeTip,
		Note: orElse(h.Note, h.Attempt), Size: h.Size, SizeNote: h.SizeTip,
	}
	if h.Note == "" && h.Attempt == "" && len(m.resends) > 0 {
		side.Note = "as it was captured"
	}
	return side
}

// GoTo closes the comparison and shows one of the two.
func (c *Comparison) GoTo(side int) {
	if id := c.ids[side]; id != 0 {
		c.Close()
		c.app.Detail.Go(id)
	}
}
