package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	"hookglass/capture"
	"hookglass/store"
)

// passes is how often each exchange is visited.
func (r *shareRun) passes() int64 {
	if r.redactor != nil {
		return 2
	}
	return 1
}

// walk visits the exchanges, the oldest first. Where callbacks come, it lets them
// past.
func (r *shareRun) walk(ctx context.Context, visit func(*capture.Exchange) error) error {
	r.worked = time.Now()
	step := func(x *capture.Exchange) error {
		if err := visit(x); err != nil {
			return err
		}
		r.done++
		if r.progress != nil {
			r.progress(r.done/r.passes(), max(r.total, 0)/r.passes()) // in callbacks, as people count
		}
		if took := time.Since(r.worked); took >= shareStep {
			if err := r.rest(ctx, took); err != nil {
				return err
			}
			r.worked = time.Now()
		}
		return ctx.Err()
	}
	if len(r.what.IDs) == 0 {
		return r.store.Each(ctx, r.query, 0, step)
	}
	for _, id := range r.what.IDs {
		x, err := r.store.Exchange(ctx, id)
		if errors.Is(err, store.ErrNotFound) {
			return fmt.Errorf("callback %d is not there any more", id)
		}
		if err == nil {
			err = step(x)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// shareStep is how long a share works before it lets callbacks past.
const shareStep = 2 * time.Millisecond

// lookPause is how often who shares apart looks whether callbacks come.
const lookPause = 50 * time.Millisecond

func (r *shareRun) rest(ctx context.Context, took time.Duration) error {
	if r.apart && time.Since(r.looked) >= lookPause {
		r.looked = time.Now()
		newest, err := r.store.List(ctx, store.Query{Limit: 1})
		if err != nil {
			return err
		}
		if len(newest) > 0 && newest[0].ID > r.newest {
			if r.newest > 0 {
				r.courtesy.arrived()
			}
			r.newest = newest[0].ID
		}
	}
	return r.courtesy.rest(ctx, took)
}
