package engine

import (
	"context"
	"iter"
	"maps"

	"hookglass/capture"
	"hookglass/capture/export"
)

// exchanges are made ready on a goroutine of their own, which has ended when the
// sequence has: a reader, a redactor and a writer are at work at a time.
func (r *shareRun) exchanges(ctx context.Context) iter.Seq2[*export.Shared, error] {
	return func(yield func(*export.Shared, error) bool) {
		r.report.Exchanges = 0
		ctx, stop := context.WithCancel(ctx)
		defer stop()
		ready := &readied{batches: make(chan []*export.Shared, 1)}
		var err error
		go func() {
			defer close(ready.batches)
			if err = r.walk(ctx, func(x *capture.Exchange) error {
				s, err := r.shared(ctx, x)
				if err != nil {
					return err
				}
				return ready.add(ctx, s)
			}); err == nil {
				err = ready.hand(ctx)
			}
		}()
		enough := false
		for batch := range ready.batches {
			for i := 0; i < len(batch) && !enough; i++ {
				r.report.Exchanges++
				if enough = !yield(batch[i], nil); enough {
					stop()
				}
			}
		}
		if r.redactor != nil { // the share's own map is the report's
			maps.Copy(r.report.Replaced, r.redactor.Replaced())
		}
		if err != nil && !enough {
			yield(nil, err)
		}
	}
}

// What is made ready ahead of the writer, at most three times.
const (
	readyRows  = 64
	readyBytes = 256 << 10
)

// readied hands exchanges on, some at a time.
type readied struct {
	batches chan []*export.Shared
	now     []*export.Shared
	bytes   int64
}

func (q *readied) add(ctx context.Context, s *export.Shared) error {
	q.now = append(q.now, s)
	q.bytes += sizeOf(s.Exchange)
	if len(q.now) < readyRows && q.bytes < readyBytes {
		return nil
	}
	return q.hand(ctx)
}

func (q *readied) hand(ctx context.Context) error {
	select {
	case q.batches <- q.now:
		q.now, q.bytes = make([]*export.Shared, 0, readyRows), 0
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
