package viewmodel

import (
	"context"
	"slices"
	"time"

	"hookglass/capture"
)

// ListWork is what is done with many callbacks, which can take a while.
type ListWork struct {
	Title       string // "Clearing the list …"
	Done, Total int64
	Over        bool // it is only still shown

	list   *List
	step   int
	ctx    context.Context
	cancel context.CancelFunc
	told   capture.Progress
}

// workStep is how many callbacks are worked on between two looks at whether it was
// stopped.
const workStep = 10_000

// begin begins a work, which the bar over the list tells of where it takes longer
// than a blink. There is one at a time: it returns nil while another goes on.
func (l *List) begin(title string) *ListWork {
	if l.work != nil {
		if l.Working == l.work {
			l.app.Notices.Say(Warn, "“"+l.work.Title+"” goes on. Wait for its end, or stop it first.", "", nil)
		}
		return nil
	}
	w := &ListWork{Title: title, list: l, step: l.workStep}
	w.ctx, w.cancel = context.WithCancel(l.app.ctx)
	w.told = sparingly(l.after, func(done, total int64) {
		if !w.Over {
			w.Done, w.Total = done, total
			w.show()
		}
	})
	l.work = w
	l.after(blink, w.show)
	return w
}

// show has the bar tell of the work, unless it is over.
func (w *ListWork) show() {
	if w.list.work == w {
		w.list.Working = w
		w.list.app.Sessions.Changed.Emit()
	}
}

// workStays is how long the bar still stands when a work is over: who is about to
// click Stop must not meet what comes into its place.
const workStays = time.Second

// end says that the work is over.
func (w *ListWork) end() {
	l := w.list
	if w.Over = true; w.ctx.Err() == nil {
		w.Done = w.Total
	}
	w.cancel()
	l.work = nil
	if l.Working != w {
		return
	}
	l.app.Sessions.Changed.Emit()
	l.after(workStays, func() {
		if l.Working == w {
			l.Working = nil
			l.app.Sessions.Changed.Emit()
		}
	})
}

// Stop ends the work early: what is done stays done, and can be taken back.
func (w *ListWork) Stop() { w.cancel() }

// each works on callbacks step by step, and returns on which of them, also where it
// failed or was stopped in between. It may run on any goroutine.
func (w *ListWork) each(ids []int64, act func(ctx context.Context, ids ...int64) error) (done []int64, err error) {
	for part := range slices.Chunk(ids, w.step) {
		if err := w.ctx.Err(); err != nil {
			return ids[:len(done)], err
		}
		err := act(w.ctx, part...)
		done = ids[:len(done)+len(part)] // some of them, where it failed
		if err != nil {
			return done, err
		}
		w.told(int64(len(done)), int64(len(ids)))
	}
	return done, nil
}
