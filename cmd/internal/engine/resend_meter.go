package engine

import (
	"sync"
	"time"
)

// meter counts how many came in the last seconds. It is safe for concurrent use.
type meter struct {
	mu      sync.Mutex
	begin   int64 // the second that slots[0] counts
	seconds [8]int
}

// slot is the count of a second, with those that are too old forgotten.
func (m *meter) slot(second int64) *int {
	n := int64(len(m.seconds))
	if m.begin == 0 {
		m.begin = second
	}
	for m.begin+n <= second {
		m.seconds[m.begin%n] = 0
		m.begin++
	}
	return &m.seconds[second%n]
}

func (m *meter) add(now time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	*m.slot(now.Unix())++
}

// perSecond is the rate over the seconds that are counted, the present one in
// part.
func (m *meter) perSecond(now time.Time) float64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.slot(now.Unix())
	sum := 0
	for _, n := range m.seconds {
		sum += n
	}
	span := now.Sub(time.Unix(m.begin, 0)).Seconds()
	return float64(sum) / max(span, 1)
}
