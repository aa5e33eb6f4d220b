package load

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// Run is one load: so many requests over so many connections, each connection
// sending its next request when it has the answer to the one before.
type Run struct {
	Addr        string
	Connections int
	Requests    int
	Request     func(n int) []byte // the n-th request; called concurrently
}

// Result says how a run went.
type Result struct {
	Took      time.Duration   // from the first request to the last answer
	Latencies []time.Duration // of every request, shortest first
}

// Do runs the load. It fails at the first answer that is not 200.
func (r *Run) Do(ctx context.Context) (Result, error) {
	conns := make([]*Conn, r.Connections)
	for i := range conns {
		conn, err := Dial(ctx, r.Addr)
		if err != nil {
			return Result{}, err
		}
		defer func() { _ = conn.Close() }()
		conns[i] = conn
	}
	var next atomic.Int64
	var workers sync.WaitGroup
	latencies := make([]time.Duration, r.Requests)
	failures := make([]error, r.Connections)
	begin := time.Now()
	for i, conn := range conns {
		workers.Go(func() { failures[i] = r.work(ctx, conn, &next, latencies) })
	}
	workers.Wait()
	result := Result{Took: time.Since(begin), Latencies: latencies}
	slices.Sort(result.Latencies)
	return result, errors.Join(failures...)
}

func (r *Run) work(ctx context.Context, conn *Conn, next *atomic.Int64, latencies []time.Duration) error {
	for ctx.Err() == nil {
		n := int(next.Add(1)) - 1
		if n >= r.Requests {
			return nil
		}
		request := r.Request(n)
		begin := time.Now()
		status, err := conn.Do(request)
		if err != nil {
			return fmt.Errorf("request %d: %w", n, err)
		}
		if status != 200 {
			return fmt.Errorf("request %d was answered %d", n, status)
		}
		latencies[n] = time.Since(begin)
	}
	return ctx.Err()
}

// PerSecond is how many requests were answered in a second.
func (r *Result) PerSecond() float64 { return float64(len(r.Latencies)) / r.Took.Seconds() }

// Percentile returns the latency that p percent of the requests stayed within.
// It is 0 where there were none.
func (r *Result) Percentile(p float64) time.Duration {
	if len(r.Latencies) == 0 {
		return 0
	}
	i := int(float64(len(r.Latencies)) * p / 100)
	return r.Latencies[min(i, len(r.Latencies)-1)]
}
