//go:build linux

package main_test

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"hookglass/cmd/internal/load"
)

const (
	perSecond   = 1000
	liveFor     = time.Minute
	connections = 16
)

// BenchmarkWindowLive has 1,000 callbacks a second come in for a minute, while
// the list follows them and somebody clicks now and then.
func BenchmarkWindowLive(b *testing.B) {
	for b.Loop() {
		p := newBench(b)
		p.open(throwaway(b))
		ctx, cancel := context.WithCancel(b.Context())
		sent := p.pour(ctx)
		pass(ctx, 2*time.Second) // both get going
		l := live{bench: p}
		l.watch(ctx)
		cancel()
		n := sent()
		p.leave()
		l.report(b, n)
	}
}

// throwaway is a folder with few callbacks that grows.
func throwaway(b testing.TB) string {
	b.Helper()
	folder := b.TempDir()
	fillFolder(b, folder, few)
	forget(b, folder)
	return folder
}

// pour sends callbacks at a steady pace until ctx ends; then the result says how
// many were answered.
func (p *bench) pour(ctx context.Context) func() int {
	p.Helper()
	body := []byte(`{"id":46140204,"ref":"8679131463FC8D18","external_ref":"3165671600-PSTEST4","status":8,"status_name":"Dispatched"}`)
	due := make(chan int, perSecond)
	var senders sync.WaitGroup
	counts := make([]int, connections)
	for i := range connections {
		conn, err := load.Dial(ctx, p.addr)
		if err != nil {
			p.Fatal(err)
		}
		senders.Go(func() {
			defer func() { _ = conn.Close() }()
			for n := range due {
				request := load.Request("PUT", "/kornitx/orders", bytes.Replace(body, []byte("46140204"), fmt.Append(nil, 10_000_000+n), 1), "Content-Type: application/json")
				if status, err := conn.Do(request); err != nil || status != http.StatusOK {
					p.Errorf("callback %d was answered %d: %v", n, status, err)
					return
				}
				counts[i]++
			}
		})
	}
	senders.Go(func() { pace(ctx, due) })
	return func() int {
		senders.Wait()
		total := 0
		for _, n := range counts {
			total += n
		}
		return total
	}
}

// pace says when a callback is due.
func pace(ctx context.Context, due chan<- int) {
	defer close(due)
	begin, n := time.Now(), 0
	for range time.Tick(10 * time.Millisecond) {
		for ; n < int(time.Since(begin).Seconds()*perSecond); n++ {
			select {
			case due <- n:
			case <-ctx.Done():
				return
			}
		}
		if ctx.Err() != nil {
			return
		}
	}
}

// live is what a minute of callbacks did to the window.
type live struct {
	*bench
	busy    []float64       // percent of a core of the goroutine that draws, in each second
	clicks  []time.Duration // until a row is seen to be selected
	details []time.Duration // until its callback is shown
	memory  []int           // KiB resident, in each second
	looks   []int           // how often what is shown has changed, in seconds without a click
	whole   float64         // percent of a core of all threads, those of a software renderer too
}

// timeShown is the time of the callback that is shown.
var timeShown = image.Rect(880, 130, 970, 150)

// watch lets the list follow, which costs most, and clicks on a row every third
// second.
func (l *live) watch(ctx context.Context) {
	l.Helper()
	begin := time.Now()
	ticker := time.NewTicker(time.Second)
	defer ticker.Stop()
	last, at, all := l.drawing(), begin, l.all()
	for second := 0; time.Since(begin) < liveFor; second++ {
		if second%3 == 2 {
			l.click(2 + second%7)
			l.follow(ctx)
		} else {
			l.looks = append(l.looks, l.count(900*time.Millisecond))
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		used, now := l.drawing(), time.Now()
		l.busy = append(l.busy, 100*float64(used-last)/float64(now.Sub(at)))
		l.memory = append(l.memory, l.resident())
		last, at = used, now
	}
	l.whole = 100 * float64(l.all()-all) / float64(time.Since(begin))
}

// countShown is the number of callbacks, over the list.
var countShown = image.Rect(280, 95, 360, 117)

// count is how often the number of callbacks changes on the screen.
func (l *live) count(t time.Duration) int {
	l.Helper()
	changes, last := 0, l.pixels(countShown)
	begin := time.Now()
	for range time.Tick(5 * time.Millisecond) {
		if time.Since(begin) > t {
			break
		}
		if next := l.pixels(countShown); !bytes.Equal(last, next) {
			last = next
			changes++
		}
	}
	return changes
}

// click selects the n-th row in view.
func (l *live) click(n int) {
	l.Helper()
	y := firstRow + n*rowPitch
	l.move(rowsX, y)
	edge := image.Rect(198, y-6, 206, y+6) // where a selected row is marked
	before := l.pixels(timeShown)
	begin := time.Now()
	l.clicks = append(l.clicks, l.changes(edge, func() { l.press(buttonLeft) }))
	l.await("the callback is shown", func() bool { return !bytes.Equal(before, l.pixels(timeShown)) })
	l.details = append(l.details, time.Since(begin))
}

// follow clicks on what says how many are new: the list follows again.
func (l *live) follow(ctx context.Context) {
	l.Helper()
	pass(ctx, 300*time.Millisecond)
	l.move(382, 114)
	l.press(buttonLeft)
	l.move(rowsX, deskHeight-60)
}

func (l *live) report(b *testing.B, sent int) {
	b.Helper()
	busy := 0.0
	for _, percent := range l.busy {
		busy += percent / float64(len(l.busy))
	}
	half := len(l.memory) / 2
	settled, end := l.memory[half:half+5], l.memory[len(l.memory)-5:]
	growth := ratio(median(end), median(settled))
	b.ReportMetric(busy, "ui-percent")
	b.ReportMetric(float64(slices.Max(l.clicks).Milliseconds()), "click-max-ms")
	b.ReportMetric(growth, "memory-growth")
	b.ReportMetric(0, "ns/op")
	printTable(fmt.Sprintf("%d callbacks a second for %v", perSecond, liveFor),
		line{"answered", fmt.Sprint(sent), ""},
		line{"UI goroutine busy", fmt.Sprintf("%.1f %% of a core", busy), "40 % at the most"},
		line{"its busiest second", fmt.Sprintf("%.1f %%", slices.Max(l.busy)), ""},
		line{"all threads, with software OpenGL", fmt.Sprintf("%.1f %%", l.whole), ""},
		line{"the number of callbacks changes, median", fmt.Sprintf("%d times a second", median(l.looks)), ""},
		line{"a click is answered, median and longest", inMillis(median(l.clicks)) + "  " + inMillis(slices.Max(l.clicks)), "100 ms at the most"},
		line{"its callback is shown, median and longest", inMillis(median(l.details)) + "  " + inMillis(slices.Max(l.details)), "100 ms at the most"},
		line{"memory (RSS) after 1 s, half, all", fmt.Sprintf("%d  %d  %d MiB", l.memory[0]>>10, median(settled)>>10, median(end)>>10), ""},
		line{"growth in the second half", fmt.Sprintf("%.3f", growth), "1.05 at the most"},
	)
}
