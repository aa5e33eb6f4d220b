//go:build linux

package main_test

import (
	"fmt"
	"image"
	"testing"
	"time"
)

// startRounds is how often each program is started, in turns.
const startRounds = 9

// earlyRows is where the first rows are in a window of its usual size, which
// Fyne puts into the corner of a display without a window manager.
var earlyRows = image.Rect(210, 185, 540, 435)

// starts are the times of one program, from the start of its process.
type starts struct {
	frame []time.Duration // something is on the screen
	rows  []time.Duration // callbacks are
}

// BenchmarkWindowStart compares the first frame with that of the least that
// Fyne can show, and with itself where there are many callbacks.
func BenchmarkWindowStart(b *testing.B) {
	for b.Loop() {
		p := newBench(b)
		small, large := filledFolder(b, few), filledFolder(b, many())
		var hello, ours, full starts
		for round := range startRounds + 1 {
			h, o, f := p.begin(releasedHello(b), nil), p.begin(releasedHookglass(b), hookglass(small)), p.begin(releasedHookglass(b), hookglass(large))
			if round > 0 { // the first one fills the system's caches
				hello.add(&h)
				ours.add(&o)
				full.add(&f)
			}
		}
		ofHello := ratio(median(ours.frame), median(hello.frame))
		ofFew := ratio(median(full.frame), median(ours.frame))
		rowsOfFew := ratio(median(full.rows), median(ours.rows))
		b.ReportMetric(ofHello, "frame-of-hello")
		b.ReportMetric(ofFew, "frame-of-few")
		b.ReportMetric(rowsOfFew, "rows-of-few")
		b.ReportMetric(0, "ns/op")
		printTable(fmt.Sprintf("start, median of %d", startRounds),
			line{"first frame of hello world", inMillis(median(hello.frame)), ""},
			line{fmt.Sprintf("first frame with %d callbacks", few), inMillis(median(ours.frame)), ""},
			line{"of hello world", fmt.Sprintf("%.2f", ofHello), "2 at the most"},
			line{fmt.Sprintf("first frame with %d", many()), inMillis(median(full.frame)), ""},
			line{fmt.Sprintf("of that with %d", few), fmt.Sprintf("%.2f", ofFew), "1.2 at the most"},
			line{fmt.Sprintf("rows on the screen with %d", few), inMillis(median(ours.rows)), ""},
			line{fmt.Sprintf("rows on the screen with %d", many()), inMillis(median(full.rows)), ""},
			line{fmt.Sprintf("of that with %d", few), fmt.Sprintf("%.2f", rowsOfFew), ""},
		)
	}
}

func (s *starts) add(one *starts) {
	s.frame = append(s.frame, one.frame...)
	s.rows = append(s.rows, one.rows...)
}

// begin starts a program, measures and ends it. Rows are waited for where the
// program has arguments: hello world has neither.
func (p *bench) begin(name string, args []string) starts {
	p.Helper()
	var s starts
	begin := time.Now()
	p.launch(name, args...)
	p.await("something is shown", p.shown)
	s.frame = append(s.frame, time.Since(begin))
	if args != nil {
		p.await("rows are shown", func() bool { return varied(p.pixels(earlyRows)) })
		s.rows = append(s.rows, time.Since(begin))
	}
	p.leave()
	return s
}

// BenchmarkWindowIdle measures what a window that nobody touches costs, beside
// hello world at the same time.
func BenchmarkWindowIdle(b *testing.B) {
	const idle = 20 * time.Second
	for b.Loop() {
		hello, ours := newBench(b), newBench(b)
		hello.launch(releasedHello(b))
		hello.await("something is shown", hello.shown)
		ours.open(filledFolder(b, few))
		pass(b.Context(), 3*time.Second) // what is left to do after the start
		h, o := hello.all(), ours.all()
		pass(b.Context(), idle)
		share := func(used time.Duration) float64 { return 100 * used.Seconds() / idle.Seconds() }
		his, mine := share(hello.all()-h), share(ours.all()-o)
		b.ReportMetric(mine-his, "points-over-hello")
		b.ReportMetric(0, "ns/op")
		printTable(fmt.Sprintf("idle for %v", idle),
			line{"hello world", fmt.Sprintf("%.2f %% of a core", his), ""},
			line{"ours", fmt.Sprintf("%.2f %% of a core", mine), ""},
			line{"more than hello world", fmt.Sprintf("%+.2f points", mine-his), "1 at the most"},
		)
	}
}
