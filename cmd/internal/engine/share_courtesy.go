package engine

import (
	"context"
	"sync/atomic"
	"time"
)

// courtesy keeps long work on the database from holding up callbacks: while they come
// it takes small steps with pauses between them.
type courtesy struct {
	last atomic.Int64 // when the last callback came, in Unix nanoseconds
}

const (
	// busySpan is how long after a callback the next one is expected.
	busySpan = 500 * time.Millisecond

	// Of an import, the rows and bytes of a transaction: while callbacks come, and
	// while none do.
	busyRows, busyBytes   = 16, 64 << 10
	quietRows, quietBytes = 1000, 1 << 20

	// busyRest is how many times as long as a step the pause after it takes.
	busyRest = 3
)

// arrived notes that a callback came.
func (c *courtesy) arrived() { c.last.Store(time.Now().UnixNano()) }

// busy reports whether callbacks come.
func (c *courtesy) busy() bool { return time.Since(time.Unix(0, c.last.Load())) < busySpan }

// step is how many rows and bytes a transaction may have now.
func (c *courtesy) step() (rows int, bytes int64) {
	if c.busy() {
		return busyRows, busyBytes
	}
	return quietRows, quietBytes
}

// rest waits after a step that took so long, where callbacks come. It returns
// ctx.Err() where that ends.
func (c *courtesy) rest(ctx context.Context, took time.Duration) error {
	if !c.busy() {
		return ctx.Err()
	}
	return pause(ctx, busyRest*took)
}
