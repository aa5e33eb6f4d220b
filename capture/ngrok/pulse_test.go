package ngrok

import (
	"testing"
	"time"
)

func TestWaking(t *testing.T) {
	const home, cafe = "192.168.1.7/24", "10.4.0.9/16"
	start := time.Date(2026, 11, 21, 2, 13, 0, 0, time.UTC)
	type look struct {
		after   time.Duration
		address string
		online  bool
		want    bool
	}
	tests := []struct {
		name  string
		looks []look
	}{
		{"nothing happens", []look{{2 * time.Second, home, true, false}, {2 * time.Second, home, true, false}}},
		{"a busy machine is late", []look{{9 * time.Second, home, true, false}}},
		{"sleep while online", []look{{2 * time.Second, home, true, false}, {8 * time.Hour, home, true, true}, {2 * time.Second, home, true, false}}},
		{"sleep while offline", []look{{time.Minute, home, false, true}}},
		{"another network while online is left to the heartbeat", []look{{2 * time.Second, home, true, false}, {2 * time.Second, cafe, true, false}}},
		{"the network comes back", []look{{2 * time.Second, "", false, false}, {2 * time.Second, "", false, false}, {2 * time.Second, cafe, false, true}, {2 * time.Second, cafe, false, false}}},
		{"the first look knows no other network", []look{{2 * time.Second, cafe, false, false}}},
		{"an online time in between is forgotten", []look{{2 * time.Second, home, false, false}, {2 * time.Second, cafe, true, false}, {2 * time.Second, cafe, false, false}}},
		{"the clock is set back", []look{{-time.Hour, home, true, false}, {2 * time.Second, home, true, false}}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			now := start
			w := waking{last: now}
			for i, l := range test.looks {
				now = now.Add(l.after)
				if got := w.up(now, func() string { return l.address }, l.online); got != l.want {
					t.Errorf("look %d: got %t, want %t", i, got, l.want)
				}
			}
		})
	}
}
