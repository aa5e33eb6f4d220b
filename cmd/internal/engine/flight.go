package engine

import (
	"context"
	"sync"

	"hookglass/capture"
	"hookglass/store"
)

// flights is the handler's recorder: the store, which it watches for the
// exchanges that are between their Create and their Update. Their verdicts are
// made meanwhile, with the keys that are in force when that begins. Where the
// keys change before such a verdict lands, it may be that of keys that are gone,
// and a pass over the store does not see it yet.
//
// Why every verdict of old keys is found: it was begun before the keys changed,
// so its Create had returned, and the exchange was in open. When keysChanged
// looks, which is after the change, it is there still, and Update notes it in
// late once its verdict is queued; or its verdict is queued already, and the
// Flush that begins the pass over the store waits for it.
type flights struct {
	store *store.DB

	mu     sync.Mutex
	open   map[int64]bool // true where the keys changed meanwhile; bounded by the limit of requests in flight
	late   []int64        // landed with a verdict that may be of old keys
	landed chan struct{}  // has room for one: late has something
	change int            // how often the keys have changed
}

func newFlights(db *store.DB) *flights {
	return &flights{store: db, open: map[int64]bool{}, landed: make(chan struct{}, 1)}
}

// Create implements capture.Recorder.
func (f *flights) Create(ctx context.Context, x *capture.Exchange) error {
	if err := f.store.Create(ctx, x); err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.open[x.ID] = false
	return nil
}

// Update implements capture.Recorder.
func (f *flights) Update(ctx context.Context, x *capture.Exchange) error {
	id := x.ID // x is the store's from here on
	err := f.store.Update(ctx, x)
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.open[id] && err == nil {
		f.verifyAgain(id)
	}
	delete(f.open, id)
	return err
}

// keysChanged marks what is on its way. The keys must have changed already.
func (f *flights) keysChanged() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.change++
	for id := range f.open {
		f.open[id] = true
	}
}

// Keep creates an exchange that has its answer and its verdict already. keys is
// what changes was when that was made.
func (f *flights) Keep(ctx context.Context, x *capture.Exchange, keys int) error {
	if err := f.store.Create(ctx, x); err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.change != keys {
		f.verifyAgain(x.ID)
	}
	return nil
}

// verifyAgain notes an exchange whose verdict may be of old keys, with mu held.
func (f *flights) verifyAgain(id int64) {
	f.late = append(f.late, id)
	select {
	case f.landed <- struct{}{}:
	default: // nobody has looked since the last one
	}
}

// changes counts how often the keys have changed.
func (f *flights) changes() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.change
}

// takeLate returns the exchanges to verify again, which are queued by now.
func (f *flights) takeLate() []int64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	late := f.late
	f.late = nil
	return late
}
