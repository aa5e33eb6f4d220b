package viewmodel

import (
	"sync"
	"time"

	"hookglass/capture"
)

// sparingly is told of a long work at any pace and on any goroutine, and has it
// drawn ten times a second at most, on the screen's.
func sparingly(after func(time.Duration, func()), draw func(done, total int64)) capture.Progress {
	var mu sync.Mutex
	var armed bool
	var done, total int64
	return func(d, t int64) {
		mu.Lock()
		defer mu.Unlock()
		done, total = d, t
		if armed {
			return
		}
		armed = true
		after(previewEvery, func() {
			mu.Lock()
			armed = false
			d, t := done, total
			mu.Unlock()
			draw(d, t)
		})
	}
}
