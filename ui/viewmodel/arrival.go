package viewmodel

import (
	"slices"
	"sync"
	"time"

	"hookglass/capture"
	"hookglass/store"
)

// flushEvery is the shortest time between two looks at what has changed: ten
// frames a second cost a third of a core where no graphics card helps.
const flushEvery = 80 * time.Millisecond

// maxPending is how many changed callbacks are remembered one by one. Over it,
// the list is read anew.
const maxPending = 20_000

// arrivals collects what has changed until the screen looks.
type arrivals struct {
	mu      sync.Mutex
	ids     map[int64]struct{}
	flooded bool             // there were more than could be remembered
	counted map[int64]*delta // by session
	armed   bool             // a flush is planned or runs
	last    time.Time        // when the last one was done
	rate    rate
}

// rate counts what came in each of the last 60 seconds.
type rate struct {
	second int64 // the newest one that is counted
	counts [60]int
}

// to moves on to a second and forgets those that are a minute past.
func (r *rate) to(second int64) {
	for r.second = max(r.second, second-int64(len(r.counts))); r.second < second; {
		r.second++
		r.counts[r.second%int64(len(r.counts))] = 0
	}
}

func (r *rate) add(now time.Time) {
	r.to(now.Unix())
	r.counts[r.second%int64(len(r.counts))]++
}

func (r *rate) sum(now time.Time) int {
	r.to(now.Unix())
	total := 0
	for _, n := range r.counts {
		total += n
	}
	return total
}

// PerMinute is how many callbacks came in the last minute.
func (l *List) PerMinute() int {
	l.arrivals.mu.Lock()
	defer l.arrivals.mu.Unlock()
	return l.arrivals.rate.sum(l.app.config.Now())
}

// rateEvery is how often the callbacks of the last minute are counted while
// there are any and none comes.
const rateEvery = 5 * time.Second

// watchRate tells once in a while that callbacks have become fewer.
func (l *List) watchRate() {
	if l.watching {
		return
	}
	l.watching = true
	l.after(rateEvery, func() {
		l.watching = false
		if l.app.ctx.Err() != nil {
			return
		}
		if l.PerMinute() > 0 {
			l.watchRate()
		}
		l.app.Status.update()
	})
}

// delta is what arrivals add to the counts, until they are counted anew.
type delta struct {
	total, failed, resent int64
	providers             map[string]int64
	verdicts              map[capture.Status]int64
	answers               map[int]int64 // by hundreds of the status; 0 for none
}

// Arrived tells that something of an exchange was kept. It may be called from
// any goroutine and does not block: the screen asks the store for what changed,
// at most about ten times a second.
func (a *App) Arrived(x *capture.Exchange, kept store.Kept) {
	r := &a.List.arrivals
	r.mu.Lock()
	r.add(x.ID)
	r.count(x, kept)
	if kept == store.Request {
		r.rate.add(a.config.Now())
	}
	wait, arm := r.arm(a.config.Now())
	r.mu.Unlock()
	if arm {
		a.List.after(wait, a.List.flush)
	}
}

// add remembers a changed exchange.
func (r *arrivals) add(id int64) {
	if len(r.ids) >= maxPending {
		r.flooded = true
		return
	}
	if r.ids == nil {
		r.ids = map[int64]struct{}{}
	}
	r.ids[id] = struct{}{}
}

func (r *arrivals) count(x *capture.Exchange, kept store.Kept) {
	d := r.counted[x.Session]
	if d == nil {
		d = &delta{providers: map[string]int64{}, verdicts: map[capture.Status]int64{}, answers: map[int]int64{}}
		if r.counted == nil {
			r.counted = map[int64]*delta{}
		}
		r.counted[x.Session] = d
	}
	switch kept {
	case store.Request:
		d.total++
		if x.Via == capture.ViaReplay {
			d.resent++
		}
	case store.Outcome:
		if x.State == capture.StateHeld {
			return // once it is answered, it comes again
		}
		d.providers[x.Annotation.Provider]++
		status := x.Annotation.Verification.Status
		d.verdicts[status]++
		if status == capture.Invalid || status == capture.Malformed {
			d.failed++
		}
		answer := 0
		if x.Response != nil {
			answer = x.Response.Status / 100
		}
		d.answers[answer]++
	case store.Annotation: // counted anew soon
	}
}

// arm reports whether a flush is to be planned, and after which time.
func (r *arrivals) arm(now time.Time) (time.Duration, bool) {
	if r.armed {
		return 0, false
	}
	r.armed = true
	return max(flushEvery-max(now.Sub(r.last), 0), 0), true
}

// take returns what has changed since the last take, ascending, and what of a
// session is to be counted.
func (r *arrivals) take(session int64) (ids []int64, counted delta, flooded bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	ids = make([]int64, 0, len(r.ids))
	for id := range r.ids {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	if d := r.counted[session]; d != nil {
		counted = *d
	}
	flooded = r.flooded
	r.ids, r.counted, r.flooded = nil, nil, false
	return ids, counted, flooded
}

// put gives ids back that could not be looked at.
func (r *arrivals) put(ids []int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, id := range ids {
		r.add(id)
	}
}

// done ends a flush, and reports whether another is to be planned.
func (r *arrivals) done(now time.Time) (time.Duration, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.armed, r.last = false, now
	if len(r.ids) == 0 && !r.flooded {
		return 0, false
	}
	return r.arm(now)
}

// touch has the list look at callbacks again: a person has changed them.
func (l *List) touch(ids ...int64) {
	r := &l.arrivals
	r.put(ids)
	r.mu.Lock()
	wait, arm := r.arm(l.app.config.Now())
	r.mu.Unlock()
	if arm {
		l.after(wait, l.flush)
	}
}

// Trouble tells that callbacks can no longer be kept, and with nil that they can
// again; the error's text is a sentence for a person. It may be called from any goroutine and does not block.
func (a *App) Trouble(err error) {
	a.config.Do(func() {
		if err == nil {
			a.Notices.Remove("disk")
			return
		}
		a.Notices.Put(Banner{
			ID: "disk", Tone: Bad,
			Text: sentence(err),
		})
	})
}
