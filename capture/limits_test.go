package capture

import (
	"fmt"
	"sync"
	"testing"
)

func TestGaugeNeverPassesItsMost(t *testing.T) {
	var g gauge
	var wg sync.WaitGroup
	var mu sync.Mutex
	taken := 0
	for range 100 {
		wg.Go(func() {
			if g.take(3, 100) {
				mu.Lock()
				taken += 3
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if taken > 100 || g.held.Load() != int64(taken) {
		t.Errorf("taken %d, held %d, want at most 100 and equal", taken, g.held.Load())
	}
	if g.take(101, 100) {
		t.Error("took more than the most at once")
	}
	if !g.take(1000, 0) {
		t.Error("a most of zero means none, but it said no")
	}
}

func TestSources(t *testing.T) {
	var s sources
	for i, c := range []struct {
		source string
		want   bool
	}{
		{"203.0.113.7", true},
		{"203.0.113.7", true},
		{"203.0.113.7", false},
		{"203.0.113.8", true},
		{"127.0.0.1", true},
		{"127.0.0.1", true},
		{"127.0.0.1", true},
		{"::1", true},
		{"::ffff:127.0.0.1", true},
		{"127.9.9.9", true},
	} {
		if got := s.enter(c.source, 2); got != c.want {
			t.Errorf("%d: enter(%s) = %v, want %v", i, c.source, got, c.want)
		}
	}
	s.leave("203.0.113.7", 2)
	if !s.enter("203.0.113.7", 2) {
		t.Error("a source that left may not come back")
	}
}

func TestSourcesForgetThoseWhoLeft(t *testing.T) {
	var s sources
	for i := range 1000 {
		source := fmt.Sprintf("2001:db8::%x", i)
		s.enter(source, 1)
		s.leave(source, 1)
	}
	if len(s.held) != 0 {
		t.Errorf("%d sources are remembered, want 0", len(s.held))
	}
}
