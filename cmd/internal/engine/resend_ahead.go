package engine

import (
	"context"
	"sync"

	"hookglass/capture"
	"hookglass/store"
)

// How many callbacks are read at once, and how large the bodies may be of those:
// one by one they take three times as long.
const (
	aheadCallbacks = 32
	aheadBody      = 64 << 10
)

// readAhead reads the callbacks of a job a few ahead of their being sent. It is
// safe for concurrent use.
type readAhead struct {
	store *store.DB
	ids   []int64

	mu   sync.Mutex
	page map[int64]*capture.Exchange // of ids[:end], those not taken yet
	end  int
}

// take returns the callback ids[at], or nil where it has to be read by itself: it
// is large, gone, taken before or passed over.
func (a *readAhead) take(ctx context.Context, at int) (*capture.Exchange, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if at >= a.end {
		end := min(at+aheadCallbacks, len(a.ids))
		read, err := a.store.Exchanges(ctx, a.ids[at:end], aheadBody)
		if err != nil {
			return nil, err
		}
		a.page, a.end = make(map[int64]*capture.Exchange, len(read)), end
		for _, x := range read {
			a.page[x.ID] = x
		}
	}
	x := a.page[a.ids[at]]
	delete(a.page, a.ids[at])
	return x, nil
}
