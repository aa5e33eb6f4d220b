package viewmodel

import (
	"context"
	"slices"

	"hookglass/capture"
)

// ListWork is what is done with many callbacks, which can take a while.
type ListWork struct {
	Title       string // "Clearing the list …"
	Done, Total int64

	list   *List
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
		return nil
	}
	w := &ListWork{Title: title, list: l}
	w.ctx, w.cancel = context.WithCancel(l.app.ctx)
	w.told = sparingly(l.after, func(done, total int64) {
		w.Done, w.Total = done, total
		w.show()
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

// end says that the work is over.
func (w *ListWork) end() {
	w.cancel()
	w.list.work = nil
	if w.list.Working != nil {
		w.list.Working = nil
		w.list.app.Sessions.Changed.Emit()
	}
}

// Stop ends the work early: what is done stays done, and can be taken back.
func (w *ListWork) Stop() { w.cancel() }

// each works on callbacks step by step, and returns on which of them, also where it
// failed or was stopped in between. It may run on any goroutine.
func (w *ListWork) each(ids []int64, act func(ctx context.Context, ids ...int64) error) (done []int64, err error) {
	for part := range slices.Chunk(ids, workStep) {
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
