package viewmodel

import (
	"context"

	"hookglass/capture"
)

// bodyJob makes a body ready in a goroutine of its own.
type bodyJob struct {
	first chan *bodyMade // the bytes as they came
	whole chan *bodyMade // all of it; nil where it was stopped
	stop  context.CancelFunc
}

// makeBody begins to make a body ready. It does not block and may be called
// from any goroutine that the app waits for.
func (a *App) makeBody(x *capture.Exchange) *bodyJob {
	ctx, cancel := context.WithCancel(a.ctx)
	j := &bodyJob{first: make(chan *bodyMade, 1), whole: make(chan *bodyMade, 1), stop: cancel}
	r := &x.Request
	a.jobs.Go(func() {
		first := lookAtBody(r)
		j.first <- first
		whole, err := first.finish(func() bool { return ctx.Err() != nil })
		if err != nil {
			whole = nil
		}
		j.whole <- whole
	})
	return j
}

// takesLong reports whether a body is made ready in a goroutine.
func takesLong(r *capture.Request) bool {
	return len(r.Body) > atOnce || len(r.Body) > 0 && r.Header.Value("Content-Encoding") != ""
}

// discard stops a job whose body nobody waits for.
func (j *bodyJob) discard() {
	if j != nil {
		j.stop()
	}
}
