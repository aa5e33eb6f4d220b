//go:build !race

// With the race detector, the SDK's own heartbeats are reported (its logger is
// set while they run), so these tests want to be run without it: make soak.
package ngrok

import (
	"os"
	"runtime"
	"strconv"
	"testing"
	"time"

	"hookglass/capture/ngrok/ngroktest"
)

// beating is how often heartbeats come in these tests.
const beating = 10 * time.Millisecond

func TestHeartbeatsAreTold(t *testing.T) {
	b := start(t, ngroktest.Options{})
	b.open(t, echo, func(c *Config) { c.Heartbeat = beating })
	b.wait(t, "told a latency", func(s Status) bool { return s.State == Online && s.Latency > 0 })
}

// A connection that says nothing more is noticed, though nobody closed it.
func TestSilenceIsNoticed(t *testing.T) {
	b := start(t, ngroktest.Options{})
	b.open(t, echo, func(c *Config) { c.Heartbeat = beating })
	url := b.waitFor(t, Online).URL
	b.Silence(true)
	b.waitFor(t, Reconnecting)
	b.Silence(false)
	b.waitFor(t, Online)
	b.wait(t, "serving", func(Status) bool { return len(b.URLs()) == 1 })
	if status, _ := post(t, b.Client(""), url, nil); status != 200 {
		t.Errorf("after a silence: %d", status)
	}
}

// used is what a process can leak.
type used struct {
	goroutines, files int
	heap              uint64
}

func use() used {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	files, _ := os.ReadDir("/proc/self/fd") // Linux only: elsewhere 0 and 0
	return used{runtime.NumGoroutine(), len(files), m.HeapAlloc}
}

// A day has 8,640 heartbeats. HOOKGLASS_SOAK takes that many of them with cuts
// and silences in between; without it a few hundred do.
func TestSoak(t *testing.T) {
	beats := 300
	if n, err := strconv.Atoi(os.Getenv("HOOKGLASS_SOAK")); err == nil {
		beats = n
	}
	b := start(t, ngroktest.Options{})
	b.open(t, echo, func(c *Config) { c.Heartbeat = beating })
	b.waitFor(t, Online)
	var before used
	cuts, silences := 0, 0
	for at := 0; at < beats; at = b.Counts().Heartbeats {
		if before.heap == 0 && at > beats/5 {
			before = use()
		}
		aim := at + 40
		b.settle(t, "beating", func(c ngroktest.Counts) bool { return c.Heartbeats >= aim })
		if cuts <= 2*silences {
			cuts++
			dials := b.Counts().Dials
			b.Cut()
			b.settle(t, "connected anew", func(c ngroktest.Counts) bool { return c.Dials > dials && c.Sessions == 1 })
		} else {
			silences++
			b.Silence(true)
			b.waitFor(t, Reconnecting)
			b.Silence(false)
		}
		b.tunnel.Retry() // or the pauses would grow
		b.waitFor(t, Online)
	}
	b.settle(t, "calm", func(c ngroktest.Counts) bool { return c.Sessions == 1 })
	after := use()
	for range 100 { // what was cut ends at its next heartbeat
		if after.goroutines <= before.goroutines+10 && after.files <= before.files+2 {
			break
		}
		aim := b.Counts().Heartbeats + 5
		b.settle(t, "beating", func(c ngroktest.Counts) bool { return c.Heartbeats >= aim })
		after = use()
	}
	t.Logf("%d heartbeats, %d cuts, %d silences: %+v, then %+v", b.Counts().Heartbeats, cuts, silences, before, after)
	if after.goroutines > before.goroutines+10 || after.files > before.files+2 || after.heap > before.heap+2<<20 {
		t.Errorf("used %+v after a fifth, %+v at the end", before, after)
	}
}
