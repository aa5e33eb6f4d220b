package engine

import (
	"context"
	"fmt"
	"sync"
	"time"

	"hookglass/capture"
)

// The memory of a job: bodies that are sent, and answers that are kept.
const (
	resendBodies  = 128 << 20
	resendAnswers = 128 << 20
	resendLoads   = 4   // bodies that are read from the store at once
	resendKeeping = 512 // answers that wait to be kept
	maxAnswer     = 32 << 20
	maxSchedules  = 1000
)

// ResendRun is a job under way. Its methods are safe for concurrent use.
type ResendRun struct {
	engine  *Engine
	job     ResendJob
	each    func(*Resent)
	total   int // guarded by mu, as schedules end early
	tries   int // of each callback, on a schedule
	pace    *pace
	room    *room // of bodies that are sent
	answers *room // of those that wait to be kept
	loads   chan struct{}
	ahead   *readAhead
	keeping chan struct{} // those that are sent and not kept yet
	kept    sync.WaitGroup
	begun   time.Time
	recent  *meter
	cancel  context.CancelFunc
	done    chan struct{}

	telling sync.Mutex // held while each is called

	mu         sync.Mutex
	next       int  // the next to be begun
	ended      bool // begin no more
	stopped    bool // because one failed
	finished   int
	report     ResendReport
	cached     *Preview // the last one prepared
	remembered bool
	lost       error // what was sent could not be kept
}

// StartResend begins a job, which goes on until it is done, ctx ends, Cancel or
// the end of the engine. each is told what became of every resend, one after the
// other and in the order in which they end; it may block, and holds up the job
// then. An error means that nothing was sent; it is an *AskError where a person
// has to say yes first.
func (e *Engine) StartResend(ctx context.Context, job ResendJob, each func(*Resent)) (*ResendRun, error) {
	if err := CheckJob(&job, e.Set); err != nil {
		return nil, err
	}
	if _, err := e.CheckTarget(ctx, job.To, job.Consent); err != nil {
		return nil, err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed {
		return nil, fmt.Errorf("%w: Hookglass is closing", capture.ErrReplay)
	}
	sending, cancel := context.WithCancel(ctx)
	stop := context.AfterFunc(e.ctx, cancel)
	run := &ResendRun{
		engine: e, job: job, each: each, total: len(job.IDs) * job.Times,
		pace: newPace(job.Rate), room: newRoom(resendBodies), answers: newRoom(resendAnswers), loads: make(chan struct{}, resendLoads),
		keeping: make(chan struct{}, resendKeeping),
		begun:   time.Now(), recent: &meter{}, cancel: cancel, done: make(chan struct{}),
	}
	run.ahead = &readAhead{store: e.Store, ids: job.IDs}
	if job.Schedule != "" {
		run.tries = run.mostTries()
		run.total = run.tries * len(job.IDs)
	}
	run.report.Total, run.report.Outcomes = run.total, map[capture.Outcome]int{}
	e.running.Go(func() {
		defer stop()
		defer cancel()
		run.all(sending)
	})
	return run, nil
}

// Pause holds up what is not begun yet; Resume goes on.
func (r *ResendRun) Pause() { r.pace.setPaused(true) }

// Resume goes on after Pause.
func (r *ResendRun) Resume() { r.pace.setPaused(false) }

// Cancel ends the job: what is under way is given up at once, and kept so.
func (r *ResendRun) Cancel() { r.cancel() }

// Done is closed when the job has ended.
func (r *ResendRun) Done() <-chan struct{} { return r.done }

// Wait waits for the end of the job, and says how it went. An error says that
// something was sent that could not be kept.
func (r *ResendRun) Wait() (ResendReport, error) {
	<-r.done
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.report, r.lost
}

// Progress says how far it has come.
func (r *ResendRun) Progress() ResendProgress {
	paused, _ := r.pace.rest()
	r.mu.Lock()
	p := ResendProgress{Done: r.finished, Total: r.total, Paused: paused}
	r.mu.Unlock()
	p.PerSecond = r.recent.perSecond(time.Now())
	if p.PerSecond > 0 && !paused && r.job.Schedule == "" {
		p.Left = time.Duration(float64(p.Total-p.Done) / p.PerSecond * float64(time.Second))
	}
	return p
}

// all runs the workers to their end.
func (r *ResendRun) all(ctx context.Context) {
	defer close(r.done)
	replayer := r.engine.replayer
	replayer.Timeout = r.job.Timeout
	replayer.Limit = min(maxAnswer, resendAnswers/int64(r.job.Concurrency))
	var workers sync.WaitGroup
	for range min(r.job.Concurrency, r.total) {
		workers.Go(func() {
			s := &capture.Sender{Replayer: &replayer}
			defer s.Close()
			r.work(ctx, s)
		})
	}
	workers.Wait()
	r.kept.Wait()
	r.mu.Lock()
	defer r.mu.Unlock()
	_, rested := r.pace.rest()
	r.report.Took = time.Since(r.begun) - rested
	r.report.Total = r.total
	r.report.Stopped = r.stopped && r.finished < r.total
	r.report.Cancelled = ctx.Err() != nil && r.finished < r.total && !r.report.Stopped
	r.cached = nil
}

// take returns the number of the next one, or -1 where there is none.
func (r *ResendRun) take() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.ended || r.next >= len(r.job.IDs)*r.job.Times {
		return -1
	}
	r.next++
	return r.next - 1
}

func (r *ResendRun) work(ctx context.Context, s *capture.Sender) {
	for ctx.Err() == nil {
		n := r.take()
		if n < 0 {
			return
		}
		at := n / r.job.Times
		if r.job.Schedule != "" {
			r.follow(ctx, s, at)
			continue
		}
		if r.pace.wait(ctx) != nil || r.over() {
			return
		}
		r.one(ctx, s, at, func(*Resent) {})
	}
}

// over reports whether no more is to be begun.
func (r *ResendRun) over() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.ended
}

// one resends a callback once and tells what became of it: where more go on at
// the same time, a little later. It returns nil where ctx ended before.
func (r *ResendRun) one(ctx context.Context, s *capture.Sender, at int, complete func(*Resent)) *Resent {
	v, give, err := r.prepared(ctx, at)
	if err != nil {
		if ctx.Err() != nil {
			return nil
		}
		resent := &Resent{Origin: r.job.IDs[at], State: capture.StateFailed, Error: err.Error()}
		complete(resent)
		r.stopAt(resent)
		r.tell(resent)
		return resent
	}
	if ctx.Err() != nil {
		give()
		return nil
	}
	resent, sent := r.engine.transmit(ctx, s, v, r.job.Follow)
	complete(resent)
	r.stopAt(resent)
	keep := func() {
		defer give()
		if err := r.engine.keep(ctx, v, resent, sent); err != nil {
			r.lose(err)
			return
		}
		r.remember(ctx, v)
		r.tell(resent)
	}
	if r.job.Concurrency == 1 {
		keep()
		return resent
	}
	size := int64(0)
	if sent.Response != nil {
		size = int64(len(sent.Response.Body))
	}
	// It was sent, so ctx does not end the waiting: what is kept gives room.
	done, _ := r.answers.take(context.WithoutCancel(ctx), size)
	r.keeping <- struct{}{}
	r.kept.Go(func() {
		defer func() { done(); <-r.keeping }()
		keep()
	})
	return resent
}

// remember keeps the address, once.
func (r *ResendRun) remember(ctx context.Context, v *Preview) {
	r.mu.Lock()
	first := !r.remembered
	r.remembered = true
	r.mu.Unlock()
	if first {
		r.engine.remember(context.WithoutCancel(ctx), v.origin, r.job.To)
	}
}

// stopAt begins no more where this one failed and that ends the job.
func (r *ResendRun) stopAt(resent *Resent) {
	if !r.job.StopAtFailure || r.job.Schedule != "" || resent.Acceptance.Accepted {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.ended, r.stopped = true, true
}

// lose ends the job: what is sent has to be kept.
func (r *ResendRun) lose(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.ended = true
	if r.lost == nil {
		r.lost = err
	}
}

// prepared prepares a callback, or takes what was prepared of it before, with room
// for its body.
func (r *ResendRun) prepared(ctx context.Context, at int) (v *Preview, give func(), err error) {
	if v = r.known(at); v == nil {
		if v, err = r.load(ctx, at); err != nil {
			return nil, nil, err
		}
	}
	give, err = r.room.take(ctx, v.Out.Request.Size)
	return v, give, err
}

// known is what was prepared last, where it is of the callback IDs[at] and with the
// keys of now; else nil.
func (r *ResendRun) known(at int) *Preview {
	keys := r.engine.flights.changes()
	r.mu.Lock()
	defer r.mu.Unlock()
	if v := r.cached; v != nil && v.origin.ID == r.job.IDs[at] && v.keys == keys {
		return v
	}
	return nil
}

// load reads a callback and prepares it, unless another has meanwhile.
func (r *ResendRun) load(ctx context.Context, at int) (*Preview, error) {
	select {
	case r.loads <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() { <-r.loads }()
	if v := r.known(at); v != nil {
		return v, nil
	}
	x, err := r.ahead.take(ctx, at)
	if x == nil && err == nil {
		x, err = r.engine.Store.Exchange(ctx, r.job.IDs[at])
	}
	if err != nil {
		return nil, err
	}
	v, err := r.engine.prepareFrom(x, &r.job.Resending, r.job.Keeps())
	if err != nil {
		return nil, err
	}
	x.Request.Body = nil // the outgoing one has it, where it was not edited
	if x.Response != nil {
		x.Response.Body = nil
	}
	r.mu.Lock()
	r.cached = v
	r.mu.Unlock()
	return v, nil
}

// tell counts a result and passes it on, one after the other.
func (r *ResendRun) tell(resent *Resent) {
	r.recent.add(time.Now())
	r.telling.Lock()
	defer r.telling.Unlock()
	r.count(resent)
	r.each(resent)
}

func (r *ResendRun) count(resent *Resent) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.finished++
	switch {
	case !resent.Sent():
		r.report.Unsent++
	default:
		r.report.Sent++
		r.report.Outcomes[resent.Verdict.Outcome]++
	}
	if resent.Acceptance.Accepted {
		r.report.Accepted++
	}
}
